"""Accounts through the admin API: decimal strings in and out, and credits that count once."""

import re
import time
from urllib.parse import quote

import httpx
import pytest

from tests.gateway import bearer, chat
from tests.served import Served


def name() -> str:
    return f"acme-{time.monotonic_ns()}"


def test_a_new_account_is_shown_with_its_balance(served: Served) -> None:
    response = served.admin.post("/accounts", json={"name": name(), "balance_usd": "25.10", "rate_multiplier": "1.5"})
    assert response.status_code == 201
    account = response.json()
    assert (float(account["balance_usd"]), float(account["available_usd"]), float(account["held_usd"])) == (
        25.1,
        25.1,
        0,
    )
    assert float(account["rate_multiplier"]) == 1.5 and account["status"] == "active"
    assert served.admin.get(f"/accounts/{account['id']}").json() == account
    assert served.admin.get(f"/accounts/{account['name']}").json() == account
    assert account in served.admin.get("/accounts").json()["accounts"]


def test_a_balance_is_optional_and_may_be_null(served: Served) -> None:
    account = served.admin.post("/accounts", json={"name": name(), "balance_usd": None, "rate_multiplier": None}).json()
    assert (float(account["balance_usd"]), float(account["rate_multiplier"])) == (0, 1)


@pytest.mark.parametrize(
    "body",
    [{"balance_usd": "-1"}, {"balance_usd": "1e3"}, {"balance_usd": 1}, {"rate_multiplier": "0.0000001"}, {"x": 1}],
)
def test_what_is_no_amount_is_refused(served: Served, body: dict[str, object]) -> None:
    response = served.admin.post("/accounts", json={"name": name(), **body})
    assert response.status_code == 400 and next(iter(body)) in response.json()["detail"]


def test_a_credit_counts_once_per_reference(served: Served) -> None:
    account = served.admin.post("/accounts", json={"name": name()}).json()["id"]
    for _ in range(2):
        response = served.admin.post(
            f"/accounts/{account}/credits", json={"amount_usd": "0.000000001", "reference": "r"}
        )
        assert response.status_code == 200 and float(response.json()["balance_usd"]) == 1e-9
    other = served.admin.post(f"/accounts/{account}/credits", json={"amount_usd": "2", "reference": "r"})
    assert other.status_code == 409
    nothing = served.admin.post(f"/accounts/{account}/credits", json={"amount_usd": "0", "reference": "s"})
    assert nothing.status_code == 400


def test_an_adjustment_goes_up_or_down_once_per_reference(served: Served) -> None:
    account = served.admin.post("/accounts", json={"name": name(), "balance_usd": "10"}).json()["id"]

    def adjust(amount: str, reference: str) -> httpx.Response:
        body = {"amount_usd": amount, "reference": reference, "reason": "a mistake"}
        return served.admin.post(f"/accounts/{account}/adjustments", json=body)

    for _ in range(2):
        assert adjust("-2.5", "down").json()["balance_usd"] == "7.5"
    assert adjust("0.000000001", "up").json()["available_usd"] == "7.500000001"
    assert adjust("-2", "down").status_code == 409
    credited = served.admin.post(f"/accounts/{account}/credits", json={"amount_usd": "1", "reference": "up"})
    assert credited.status_code == 409 and "another kind of entry" in credited.json()["detail"]
    too_much = adjust("-7.500000002", "all")
    assert too_much.status_code == 409 and "7.500000001 USD available" in too_much.json()["detail"]
    assert adjust("-7.500000001", "all").json()["balance_usd"] == "0"


@pytest.mark.parametrize("amount", ["0", "-0", "-", "--1", "+1", "1e3", "-0.0000000001", " 1", 1, None])
def test_what_adjusts_nothing_or_is_no_amount_is_refused(served: Served, amount: object) -> None:
    account = served.admin.post("/accounts", json={"name": name(), "balance_usd": "10"}).json()["id"]
    body = {"amount_usd": amount, "reference": "r", "reason": "x"}
    response = served.admin.post(f"/accounts/{account}/adjustments", json=body)
    assert response.status_code == 400 and re.search("amount_usd|An adjustment must", response.json()["detail"])
    assert served.admin.get(f"/accounts/{account}").json()["balance_usd"] == "10"


def test_an_account_that_is_not_there_or_not_one_is_refused(served: Served) -> None:
    assert served.admin.get("/accounts/nobody").status_code == 404
    twin = name()
    for _ in range(2):
        served.admin.post("/accounts", json={"name": twin})
    assert served.admin.get(f"/accounts/{twin}").status_code == 409


def test_a_name_of_any_script_is_found(served: Served) -> None:
    odd = f"Größe & Söhne {time.monotonic_ns()} ?#%"
    assert served.admin.post("/accounts", json={"name": odd}).status_code == 201
    assert served.admin.get(f"/accounts/{quote(odd, safe='')}").json()["name"] == odd


def test_budgets_are_set_shown_and_removed(served: Served) -> None:
    account = served.admin.post("/accounts", json={"name": name(), "daily_budget_usd": "2.50"}).json()
    assert (account["daily_budget_usd"], account["monthly_budget_usd"]) == ("2.5", None)
    assert (account["spent_today_usd"], account["spent_this_month_usd"]) == ("0", "0")
    where = f"/accounts/{account['id']}"
    changed = served.admin.patch(where, json={"monthly_budget_usd": "40"}).json()
    assert (changed["daily_budget_usd"], changed["monthly_budget_usd"]) == ("2.5", "40")
    changed = served.admin.patch(where, json={"daily_budget_usd": None, "monthly_budget_usd": "0"}).json()
    assert (changed["daily_budget_usd"], changed["monthly_budget_usd"]) == (None, None)
    assert served.admin.get(where).json() == changed


@pytest.mark.parametrize("body", [{}, {"daily_budget_usd": "-1"}, {"monthly_budget_usd": 5}, {"balance_usd": "5"}])
def test_a_change_of_nothing_or_of_what_cannot_be_changed_is_refused(served: Served, body: dict[str, object]) -> None:
    account = served.admin.post("/accounts", json={"name": name()}).json()["id"]
    assert served.admin.patch(f"/accounts/{account}", json=body).status_code == 400


def call(served: Served, key: str, **fields: object) -> httpx.Response:
    return served.client.post("/v1/chat/completions", json=chat(**fields), headers=bearer(key))


def test_a_suspended_accounts_keys_are_refused_at_once_with_the_reason(served: Served) -> None:
    account = served.admin.post("/accounts", json={"name": name(), "balance_usd": "10"}).json()["id"]
    key = served.admin.post(f"/accounts/{account}/keys", json={"name": "k"}).json()["key"]
    assert call(served, key).status_code == 200
    suspended = served.admin.patch(f"/accounts/{account}", json={"status": "suspended"})
    assert (suspended.status_code, suspended.json()["status"]) == (200, "suspended")
    refused = call(served, key)
    assert refused.status_code == 401 and "suspended" in refused.json()["error"]["message"]
    served.admin.patch(f"/accounts/{account}", json={"status": "active"})
    assert call(served, key).status_code == 200


def test_a_name_and_a_multiplier_are_changed_and_hold_from_the_next_call_on(served: Served) -> None:
    account = served.admin.post("/accounts", json={"name": name(), "balance_usd": "10"}).json()["id"]
    key = served.admin.post(f"/accounts/{account}/keys", json={"name": "k"}).json()["key"]
    call(served, key)
    other = name()
    changed = served.admin.patch(f"/accounts/{account}", json={"name": other, "rate_multiplier": "2.5"}).json()
    assert (changed["name"], changed["rate_multiplier"]) == (other, "2.5")
    call(served, key)
    rows = served.admin.get("/ledger", params={"account": other}).json()["rows"]
    assert [row["account_multiplier"] for row in rows] == ["2.5", "1"]
    assert float(rows[0]["cost_usd"]) == pytest.approx(2.5 * float(rows[1]["cost_usd"]), abs=2e-9)


@pytest.mark.parametrize(
    "body",
    [{"status": "closed"}, {"status": None}, {"name": ""}, {"name": "a/b"}, {"name": None}, {"rate_multiplier": "-1"},
     {"rate_multiplier": 1}, {"rate_multiplier": "0.0000001"}, {"rate_multiplier": None}],
)  # fmt: skip
def test_a_change_that_cannot_be_is_refused_and_changes_nothing(served: Served, body: dict[str, object]) -> None:
    account = served.admin.post("/accounts", json={"name": name()}).json()
    response = served.admin.patch(f"/accounts/{account['id']}", json={"daily_budget_usd": "1", **body})
    assert response.status_code == 400 and next(iter(body)) in response.json()["detail"]
    assert served.admin.get(f"/accounts/{account['id']}").json() == account

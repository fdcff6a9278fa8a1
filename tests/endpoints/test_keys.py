"""API keys through the admin API: shown once, limited as asked, and never able to break what reads them."""

import pytest

from tests.gateway import bearer, chat
from tests.served import Served


@pytest.fixture(scope="module")
def account(served: Served) -> str:
    return str(served.admin.post("/accounts", json={"name": "keys", "balance_usd": "10"}).json()["id"])


def test_a_key_is_shown_once_and_works(served: Served, account: str) -> None:
    made = served.admin.post(f"/accounts/{account}/keys", json={"name": "laptop"}).json()
    assert made["key"].startswith("op_") and made["is_active"] is True
    assert served.client.post("/v1/chat/completions", json=chat(), headers=bearer(made["key"])).status_code == 200
    listing = served.admin.get(f"/accounts/{account}/keys")
    assert made["key"] not in listing.text and made["key"][-20:] not in listing.text
    [listed] = [each for each in listing.json()["keys"] if each["id"] == made["id"]]
    assert listed["last_used_at"] is not None and "key" not in listed


def test_limits_are_kept_as_asked(served: Served, account: str) -> None:
    asked = {
        "models": ["gpt-test"], "requests_per_minute": 5, "tokens_per_minute": 100_000, "burst": 7, "concurrency": 2,
        "quota_usd": "1.5", "quota_tokens": 9, "expires_at": "2999-01-01T00:00:00+00:00", "prefix": "sk_rc_",
    }  # fmt: skip
    made = served.admin.post(f"/accounts/{account}/keys", json={"name": "limited", **asked}).json()
    assert made.pop("expires_at").startswith("2999-01-01T00:00:00")
    del asked["expires_at"]
    assert float(made.pop("quota_usd")) == float(str(asked.pop("quota_usd")))
    assert {field: made[field] for field in asked} == asked
    assert made["key"].startswith("sk_rc_")


def test_zero_is_no_limit(served: Served, account: str) -> None:
    zeros = {"tokens_per_minute": 0, "burst": 0, "concurrency": 0, "quota_usd": "0", "quota_tokens": 0}
    made = served.admin.post(f"/accounts/{account}/keys", json={"name": "free", **zeros}).json()
    assert [made[field] for field in zeros] == [None] * 5


@pytest.mark.parametrize("field", ["requests_per_minute", "tokens_per_minute", "burst", "concurrency", "quota_tokens"])
@pytest.mark.parametrize("value", [2**63, 2**64 - 1, 10**15 + 1])
def test_a_limit_that_the_store_cannot_hold_is_refused(served: Served, account: str, field: str, value: int) -> None:
    response = served.admin.post(f"/accounts/{account}/keys", json={"name": "big", field: value})
    assert response.status_code == 400 and field in response.json()["detail"]


@pytest.mark.parametrize("when", ["yesterday", "2000-01-01", "9999-12-31T23:59:59-12:00", "0m", "-5m", "٣d"])
def test_a_time_that_is_none_or_past_or_beyond_the_calendar_is_refused(served: Served, account: str, when: str) -> None:
    response = served.admin.post(f"/accounts/{account}/keys", json={"name": "late", "expires_at": when})
    assert response.status_code == 400 and "expires_at" in response.json()["detail"]
    assert served.admin.get(f"/accounts/{account}/keys").status_code == 200


def test_a_revoked_key_stops_at_once_and_for_good(served: Served, account: str) -> None:
    made = served.admin.post(f"/accounts/{account}/keys", json={"name": "gone"}).json()
    assert served.client.get("/v1/models", headers=bearer(made["key"])).status_code == 200
    for _ in range(2):
        revoked = served.admin.delete(f"/keys/{made['id']}")
        assert revoked.status_code == 200 and revoked.json()["is_active"] is False and revoked.json()["revoked_at"]
    assert served.client.get("/v1/models", headers=bearer(made["key"])).status_code == 401
    assert served.admin.delete("/keys/nope").status_code == 404


def test_the_anonymous_account_has_no_keys(served: Served) -> None:
    response = served.admin.post("/accounts/anonymous/keys", json={"name": "free for all"})
    assert response.status_code == 400 and "anonymous" in response.json()["detail"]


def test_an_account_has_so_many_active_keys_and_no_more(served: Served) -> None:
    account = served.admin.post("/accounts", json={"name": "many keys"}).json()["id"]
    path = f"/accounts/{account}/keys"
    made = [served.admin.post(path, json={"name": f"key {number}"}).json()["id"] for number in range(50)]
    refused = served.admin.post(path, json={"name": "one more"})
    assert refused.status_code == 409 and "50" in refused.json()["detail"]
    served.admin.delete(f"/keys/{made[0]}")
    assert served.admin.post(path, json={"name": "in its place"}).status_code == 201

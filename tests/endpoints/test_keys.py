"""API keys through the admin API: shown once, limited as asked, and never able to break what reads them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
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


def new(served: Served, account: str, **fields: object) -> dict[str, Any]:
    return dict(served.admin.post(f"/accounts/{account}/keys", json={"name": "k", **fields}).json())


def ask(served: Served, key: str, **fields: object) -> httpx.Response:
    return served.client.post("/v1/chat/completions", json=chat(**fields), headers=bearer(key))


def test_what_a_key_may_do_changes_with_its_next_request(served: Served, account: str) -> None:
    key = new(served, account)
    where = f"/keys/{key['id']}"
    assert ask(served, key["key"]).status_code == 200
    changed = served.admin.patch(where, json={"models": ["embed-test"], "name": "narrow"}).json()
    assert (changed["models"], changed["name"]) == (["embed-test"], "narrow")
    refused = ask(served, key["key"])
    assert refused.status_code == 403 and refused.json()["error"]["code"] == "model_not_allowed"
    served.admin.patch(where, json={"models": None, "tokens_per_minute": 1})
    assert ask(served, key["key"]).status_code == 200  # a call larger than the whole limit takes all of it
    assert ask(served, key["key"]).status_code == 429
    served.admin.patch(where, json={"tokens_per_minute": None, "quota_tokens": 1})
    assert ask(served, key["key"]).json()["error"]["limit"] == "quota_tokens"
    served.admin.patch(where, json={"quota_tokens": None, "requests_per_minute": 1, "burst": 1})
    assert [ask(served, key["key"]).status_code for _ in range(2)][1] == 429
    served.admin.patch(where, json={"requests_per_minute": 0})
    assert [ask(served, key["key"]).status_code for _ in range(2)] == [200, 200]


def test_null_removes_and_what_is_left_out_stays(served: Served, account: str) -> None:
    limits = {
        "models": ["gpt-test"], "requests_per_minute": 5, "tokens_per_minute": 6, "burst": 7, "concurrency": 2,
        "quota_usd": "1.5", "quota_tokens": 9, "expires_at": "2999-01-01T00:00:00.000000Z",
    }  # fmt: skip
    key = new(served, account, **limits)
    del key["key"]
    for field in limits:
        changed = served.admin.patch(f"/keys/{key['id']}", json={field: None}).json()
        key[field] = None
        assert changed == key
    assert served.admin.patch(f"/keys/{key['id']}", json=limits).json() == {**key, **limits}
    assert served.admin.get(f"/keys/{key['id']}").json() == {**key, **limits}


@pytest.mark.parametrize(
    "body",
    [{}, {"prefix": "sk_"}, {"name": None}, {"name": ""}, {"models": "gpt-test"}, {"burst": -1}, {"burst": 10**15 + 1},
     {"quota_usd": 5}, {"expires_at": "2000-01-01"}, {"expires_at": "soon"}, {"account": "other"}, {"revoked_at": None}],
)  # fmt: skip
def test_a_change_that_cannot_be_is_refused(served: Served, account: str, body: dict[str, object]) -> None:
    key = new(served, account)
    assert served.admin.patch(f"/keys/{key['id']}", json=body).status_code == 400
    assert served.admin.patch("/keys/nope", json={"name": "x"}).status_code == 404
    assert served.admin.get(f"/keys/{key['id']}").json()["name"] == "k"


def test_a_key_shows_what_it_has_used_of_its_quota(served: Served, account: str) -> None:
    key = new(served, account, quota_usd="1")
    ask(served, key["key"])
    shown = served.admin.get(f"/keys/{key['id']}").json()
    assert (shown["quota_usd"], shown["spent_usd"], shown["tokens_used"]) == ("1", "0.000025", 18)
    assert "key" not in shown and shown["quota_of"] is None
    assert served.admin.get("/keys/nope").status_code == 404


def test_rotating_renews_no_quota(served: Served, account: str) -> None:
    key = new(served, account, quota_usd="0.00026", models=["gpt-test"])
    assert ask(served, key["key"]).status_code == 200
    rotated = served.admin.post(f"/keys/{key['id']}/rotate", json={"overlap": "1h"})
    assert rotated.status_code == 201
    made = rotated.json()
    assert made["id"] != key["id"] and made["key"] != key["key"] and made["quota_of"] == key["id"]
    assert (made["quota_usd"], made["spent_usd"], made["models"]) == ("0.00026", "0.000025", ["gpt-test"])
    for text in (made["key"], key["key"], made["key"]):
        assert ask(served, text, max_tokens=20).status_code == 200
    for text in (made["key"], key["key"]):  # both together have used it up
        assert ask(served, text).json()["error"]["limit"] == "quota_usd"
        assert served.admin.get(f"/keys/{made['id']}").json()["spent_usd"] == "0.0001"


@pytest.mark.parametrize(("overlap", "old"), [({}, 200), ({"overlap": "1m"}, 200), ({"overlap": "0"}, 401)])
def test_the_old_key_works_as_long_as_the_overlap(
    served: Served, account: str, overlap: dict[str, str], old: int
) -> None:
    key = new(served, account)
    made = served.admin.post(f"/keys/{key['id']}/rotate", json=overlap).json()
    assert (ask(served, made["key"]).status_code, ask(served, key["key"]).status_code) == (200, old)
    again = served.admin.post(f"/keys/{key['id']}/rotate", json=overlap)
    assert again.status_code == 409
    assert served.admin.get(f"/keys/{key['id']}").json()["expires_at"] is not None


@pytest.mark.parametrize("overlap", ["", "-1h", "1", "1y", "99999d", "2030-01-01", 0, None])
def test_an_overlap_that_is_none_is_refused(served: Served, account: str, overlap: object) -> None:
    key = new(served, account)
    assert served.admin.post(f"/keys/{key['id']}/rotate", json={"overlap": overlap}).status_code == 400


def test_two_at_a_time_do_not_get_the_last_place_twice(served: Served) -> None:
    account = served.admin.post("/accounts", json={"name": "race"}).json()["id"]
    path = f"/accounts/{account}/keys"
    for number in range(49):
        assert served.admin.post(path, json={"name": f"{number}"}).status_code == 201
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: served.admin.post(path, json={"name": f"last {n}"}).status_code, range(4)))
    assert sorted(answers) == [201, 409, 409, 409]
    assert sum(key["is_active"] for key in served.admin.get(path).json()["keys"]) == 50

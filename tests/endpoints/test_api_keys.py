"""API keys in the hands of their account's holder."""

import asyncio
from pathlib import Path

import pytest

from tests.gateway import Gateway, bearer, chat
from tests.served import Served
from tests.upstream import ScriptedUpstream

SHOWN = {"id", "name", "created_at", "last_used", "is_active"}


@pytest.fixture(scope="module")
def session(served: Served) -> str:
    return served.session()


def test_a_key_is_shown_once_and_works(served: Served, session: str) -> None:
    made = served.client.post("/api/api-keys", json={"name": "My API Key"}, headers=bearer(session))
    key = made.json()
    assert made.status_code == 200 and set(key) == {*SHOWN, "key"}
    assert key["key"].startswith("sk_rc_") and (key["last_used"], key["is_active"]) == (None, True)
    assert served.client.post("/api/v1/chat/completions", json=chat(), headers=bearer(key["key"])).status_code == 200
    listing = served.client.get("/api/api-keys", headers=bearer(session))
    assert key["key"] not in listing.text and key["key"][-20:] not in listing.text
    [listed] = [each for each in listing.json()["apiKeys"] if each["id"] == key["id"]]
    assert set(listed) == SHOWN and listed["last_used"] is not None
    assert {name: listed[name] for name in ("name", "created_at")} == {
        name: key[name] for name in ("name", "created_at")
    }


def test_limits_are_kept_and_shown_where_there_are_some(served: Served, session: str) -> None:
    asked = {"models": ["gpt-test"], "requests_per_minute": 5, "quota_usd": "1.5", "concurrency": 0}
    made = served.client.post("/api/api-keys", json={"name": "limited", **asked}, headers=bearer(session)).json()
    assert set(made) == {*SHOWN, "key", "models", "requests_per_minute", "quota_usd"}
    assert (made["models"], made["requests_per_minute"], made["quota_usd"]) == (["gpt-test"], 5, "1.5")
    refused = served.client.post("/api/v1/completions", json={"model": "x", "prompt": "a"}, headers=bearer(made["key"]))
    assert refused.status_code == 403
    late = served.client.post("/api/api-keys", json={"name": "k", "expires_at": "2000-01-01"}, headers=bearer(session))
    assert late.status_code == 422 and "expires_at" in late.json()["detail"]
    for body in ({}, {"name": ""}, {"name": 5}, {"name": "k", "prefix": "op_"}):
        assert served.client.post("/api/api-keys", json=body, headers=bearer(session)).status_code == 422


@pytest.mark.parametrize("limit", ["requests_per_minute", "tokens_per_minute", "burst", "concurrency", "quota_tokens"])
def test_a_limit_that_no_column_holds_is_422(served: Served, session: str, limit: str) -> None:
    for number in (10**15 + 1, 2**63 - 1, 2**63, 2**64 - 1):
        refused = served.client.post("/api/api-keys", json={"name": "k", limit: number}, headers=bearer(session))
        assert refused.status_code == 422 and limit in refused.json()["detail"], refused.text
    made = served.client.post("/api/api-keys", json={"name": "k", limit: 10**15}, headers=bearer(session))
    assert made.status_code == 200 and made.json()[limit] == 10**15
    assert (
        served.client.post("/v1/chat/completions", json=chat(), headers=bearer(made.json()["key"])).status_code == 200
    )


def test_a_deactivated_key_stops_at_once_and_stays_listed(served: Served, session: str) -> None:
    made = served.client.post("/api/api-keys", json={"name": "gone"}, headers=bearer(session)).json()
    assert served.client.get("/api/v1/models", headers=bearer(made["key"])).status_code == 200
    for _ in range(2):
        deleted = served.client.delete(f"/api/api-keys/{made['id']}", headers=bearer(session))
        assert (deleted.status_code, deleted.json()) == (200, {"success": True})
    assert served.client.get("/api/v1/models", headers=bearer(made["key"])).status_code == 401
    listed = served.client.get("/api/api-keys", headers=bearer(session)).json()["apiKeys"]
    assert [each["is_active"] for each in listed if each["id"] == made["id"]] == [False]


def test_nobody_elses_key_is_there(served: Served, session: str) -> None:
    key = served.key()
    for key_id in (served.key_id, "nope"):
        refused = served.client.delete(f"/api/api-keys/{key_id}", headers=bearer(session))
        assert refused.status_code == 404 and set(refused.json()) == {"detail"}
    assert served.client.get("/v1/models", headers=bearer(key)).status_code == 200
    listed = served.client.get("/api/api-keys", headers=bearer(session)).json()["apiKeys"]
    assert served.key_id not in [each["id"] for each in listed]


async def test_no_race_makes_more_keys_than_an_account_may_have(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    async with Gateway(tmp_path, upstream.url, routes={"accounts": {"active_keys_max": 3}}) as gateway:
        account = (await gateway.account())["id"]
        headers = bearer(await gateway.session(account))

        async def make(number: int) -> int:
            if number % 2:
                return (await gateway.admin.post(f"/accounts/{account}/keys", json={"name": "k"})).status_code
            return (await gateway.client.post("/api/api-keys", json={"name": "k"}, headers=headers)).status_code

        statuses = await asyncio.gather(*map(make, range(12)))
        assert sum(status in (200, 201) for status in statuses) == 3 and set(statuses) <= {200, 201, 409}
        listed = (await gateway.client.get("/api/api-keys", headers=headers)).json()["apiKeys"]
        assert len(listed) == 3
        refused = await gateway.client.post("/api/api-keys", json={"name": "k"}, headers=headers)
        assert refused.status_code == 409 and "3 active" in refused.json()["detail"]
        await gateway.client.delete(f"/api/api-keys/{listed[0]['id']}", headers=headers)
        again = await gateway.client.post("/api/api-keys", json={"name": "k"}, headers=headers)
        assert again.status_code == 200

"""The log of administration: one row for each change, none for what was refused, and never a secret."""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.gateway import ADMIN_TOKEN
from tests.served import Served
from tollhouse.contract.documents import load_document, operations
from tollhouse.identity.authors import fingerprint

Call = tuple[str, str, Any]  # method, path, body
CHANGING = {
    operation["operationId"]: (method, path)
    for method, path, operation in operations(load_document("admin"))
    if method != "GET"
}


def new_account(served: Served) -> str:
    made = served.admin.post("/accounts", json={"name": f"log-{time.monotonic_ns()}", "balance_usd": "10"})
    return str(made.json()["id"])


def new_key(served: Served, account: str) -> dict[str, Any]:
    return dict(served.admin.post(f"/accounts/{account}/keys", json={"name": "k"}).json())


# What each changing operation is asked for, given an account and one of its keys.
BODIES: dict[str, Callable[[str], Any]] = {
    "create_account": lambda name: {"name": name, "balance_usd": "5", "daily_budget_usd": "1"},
    "update_account": lambda name: {"status": "suspended", "name": name, "rate_multiplier": "0.9"},
    "credit_account": lambda name: {"amount_usd": "5", "reference": name},
    "adjust_account": lambda name: {"amount_usd": "-5", "reference": name, "reason": "a mistake"},
    "create_key": lambda name: {"name": name, "models": ["gpt-test"], "quota_usd": "1", "expires_at": "30d"},
    "update_key": lambda name: {"name": name, "models": None, "requests_per_minute": 7},
    "rotate_key": lambda name: {"overlap": "24h"},
    "revoke_key": lambda name: None,
    "create_sign_in_link": lambda name: None,
    "add_upstream_key": lambda name: {"value": f"sk-secret-{name}", "weight": 2},
    "revoke_upstream_key": lambda name: None,
    "pause_provider": lambda name: {"reason": name},
    "resume_provider": lambda name: None,
}
# The same, refused.
REFUSED: dict[str, Any] = {
    "create_account": {"name": "x", "balance_usd": "-1"},
    "update_account": {"status": "closed"},
    "credit_account": {"amount_usd": "0", "reference": "nothing"},
    "adjust_account": {"amount_usd": "-1000", "reference": "all", "reason": "x"},
    "create_key": {"name": "x", "expires_at": "yesterday"},
    "update_key": {"quota_tokens": 10**15 + 1},
    "rotate_key": {"overlap": "soon"},
    "revoke_key": None,
    "create_sign_in_link": None,
    "add_upstream_key": {"value": "two words"},
    "revoke_upstream_key": None,
    "pause_provider": {"reason": "x" * 201},
    "resume_provider": None,
}
PROVIDER = "scripted-anthropic"


@pytest.fixture
def scene(served: Served) -> tuple[str, dict[str, Any]]:
    account = new_account(served)
    return account, new_key(served, account)


@pytest.fixture
def names(served: Served, scene: tuple[str, dict[str, Any]], name: str) -> Iterator[dict[str, str]]:
    """What the path of an operation needs: an account, one of its keys, a provider, and for its operations one of its keys."""
    account, key = scene
    stored = served.admin.post(f"/providers/{PROVIDER}/keys", json={"value": f"sk-{time.monotonic_ns()}"}).json()
    if name == "resume_provider":
        served.admin.post(f"/providers/{PROVIDER}/pause", json={"reason": "to be resumed"})
    key_id = stored["id"] if name == "revoke_upstream_key" else key["id"]
    yield {"account": account, "key_id": key_id, "provider": PROVIDER}
    served.admin.post(f"/providers/{PROVIDER}/resume")
    for each in served.admin.get(f"/providers/{PROVIDER}").json()["keys"]:
        if each["is_stored"]:
            served.admin.delete(f"/providers/{PROVIDER}/keys/{each['id']}")


def rows(served: Served, **query: Any) -> list[dict[str, Any]]:
    return list(served.admin.get("/log", params={"limit": 1000, **query}).json()["rows"])


@pytest.mark.parametrize("name", sorted(CHANGING))
def test_each_change_leaves_exactly_one_row(served: Served, names: dict[str, str], name: str) -> None:
    before = rows(served)
    method, path = CHANGING[name]
    assert name in BODIES, "a new operation that changes something needs its row in the log, and its example here"
    response = served.admin.request(method, path.format(**names), json=BODIES[name](f"log-{time.monotonic_ns()}"))
    assert response.status_code in (200, 201), response.text
    after = rows(served)
    assert len(after) == len(before) + 1
    row = after[0]
    assert row["action"] == name
    assert (row["actor"], row["client"]) == (fingerprint(ADMIN_TOKEN), "127.0.0.1")
    assert row["request_id"] == response.headers["x-request-id"]
    made = response.json()
    new = name in ("create_account", "create_key", "add_upstream_key")
    of_provider = name.endswith(("_upstream_key", "_provider"))
    about = made["id"] if new else names["key_id" if name.endswith("key") else "provider" if of_provider else "account"]
    account = "" if of_provider else about if name == "create_account" else names["account"]
    assert (row["object"], row["account"]) == (about, account)
    shown = [field for field in row["after"] if field in made and field not in ("amount_usd",)]
    if name == "rotate_key":
        assert row["after"]["rotated_to"] == made["id"]
    else:
        assert shown and {field: row["after"][field] for field in shown} == {field: made[field] for field in shown}
    assert set(row["before"]) <= set(row["after"])


@pytest.mark.parametrize("name", sorted(CHANGING))
def test_a_refused_change_leaves_none(
    served: Served, scene: tuple[str, dict[str, Any]], names: dict[str, str], name: str
) -> None:
    before = rows(served)
    method, path = CHANGING[name]
    good = path.format(**names)
    bad = path.format(account="nobody", key_id="nope", provider="noone")
    stranger = served.client.request(
        method, f"/admin/api{good}", json=BODIES[name]("x"), headers={"authorization": f"Bearer {scene[1]['key']}"}
    )
    assert stranger.status_code == 401
    if "{" in path:
        assert served.admin.request(method, bad, json=BODIES[name]("x")).status_code == 404
    if REFUSED[name] is not None:
        assert served.admin.request(method, good, json=REFUSED[name]).status_code in (400, 409)
    assert rows(served) == before


def test_what_is_repeated_is_logged_once(served: Served, scene: tuple[str, dict[str, Any]]) -> None:
    account, key = scene
    for _ in range(3):
        served.admin.post(f"/accounts/{account}/credits", json={"amount_usd": "1", "reference": "r"})
        served.admin.patch(f"/accounts/{account}", json={"status": "suspended"})
        served.admin.delete(f"/keys/{key['id']}")
    actions = [row["action"] for row in rows(served, account=account)]
    assert actions == ["revoke_key", "update_account", "credit_account", "create_key", "create_account"]


def test_no_key_and_no_secret_is_ever_in_the_log(served: Served, scene: tuple[str, dict[str, Any]]) -> None:
    _, key = scene
    rotated = served.admin.post(f"/keys/{key['id']}/rotate", json={"overlap": "0"}).json()
    text = served.admin.get("/log", params={"limit": 1000}).text
    for secret in (key["key"], rotated["key"], ADMIN_TOKEN):
        assert secret not in text and secret[-24:] not in text and secret[:20] not in text
    assert "$2b$" not in text and "secret" not in json.dumps([row["after"] for row in json.loads(text)["rows"]])
    stored = b"".join(path.read_bytes() for path in served.data_dir.glob("tollhouse.sqlite*"))
    assert key["key"].encode() not in stored and ADMIN_TOKEN.encode() not in stored
    assert re.fullmatch(r"token [0-9a-f]{8}", json.loads(text)["rows"][0]["actor"])


def test_the_log_is_filtered_and_paged(served: Served, scene: tuple[str, dict[str, Any]]) -> None:
    account, key = scene
    shown = served.admin.get(f"/accounts/{account}").json()
    assert [row["object"] for row in rows(served, account=shown["name"])] == [key["id"], account]
    assert [row["action"] for row in rows(served, object=key["id"])] == ["create_key"]
    assert {row["action"] for row in rows(served, action="create_account")} == {"create_account"}
    page = served.admin.get("/log", params={"account": account, "limit": 1}).json()
    second = served.admin.get("/log", params={"account": account, "limit": 1, "before": page["next_before"]}).json()
    assert [page["rows"][0]["object"], second["rows"][0]["object"]] == [key["id"], account]
    assert served.admin.get("/log", params={"before": "x"}).status_code == 400
    assert served.admin.get("/log", params={"account": "nobody"}).status_code == 404

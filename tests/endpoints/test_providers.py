"""Providers through the admin API: what is shown, what is refused, and what calls meet meanwhile."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.gateway import bearer, chat
from tests.served import Served

PROVIDER = "scripted"


def new_key() -> str:
    return f"sk-test-{time.monotonic_ns()}-0123456789"


@pytest.fixture
def admin(served: Served) -> Iterator[Served]:
    """The gateway, whose provider is active and without stored keys again afterwards."""
    yield served
    served.admin.post(f"/providers/{PROVIDER}/resume")
    for key in stored(served):
        served.admin.delete(f"/providers/{PROVIDER}/keys/{key['id']}")


def stored(served: Served, name: str = PROVIDER) -> list[dict[str, Any]]:
    """The stored keys of a provider that can be used."""
    keys = served.admin.get(f"/providers/{name}").json()["keys"]
    return [key for key in keys if key["is_stored"] and key["is_usable"]]


def test_providers_are_listed_with_their_keys_but_never_the_keys_themselves(admin: Served) -> None:
    value = new_key()
    added = admin.admin.post(f"/providers/{PROVIDER}/keys", json={"value": value, "weight": 3})
    assert added.status_code == 201
    key = added.json()
    assert (key["provider"], key["last_four"], key["weight"]) == (PROVIDER, value[-4:], 3)
    listed = admin.admin.get("/providers")
    assert [each["name"] for each in listed.json()["providers"]] == [PROVIDER, "scripted-anthropic"]
    shown = listed.json()["providers"][0]
    assert shown == admin.admin.get(f"/providers/{PROVIDER}").json()
    assert (shown["state"], shown["dialect"], shown["reason"], shown["paused_at"]) == ("active", "openai", None, None)
    assert shown["base_url"] == f"{admin.upstream.url}/v1"
    assert shown["keys"][0] == {
        "id": "env:TEST_UPSTREAM_KEY", "provider": PROVIDER, "is_stored": False, "is_usable": True, "problem": None,
        "last_four": "", "weight": 1, "created_at": None, "revoked_at": None,
    }  # fmt: skip
    assert key in shown["keys"]
    assert value not in added.text + listed.text and value[:-4] not in added.text + listed.text


def test_a_key_that_was_added_is_used_and_one_that_was_revoked_is_not(admin: Served) -> None:
    value, account = new_key(), admin.key()
    key = admin.admin.post(f"/providers/{PROVIDER}/keys", json={"value": value, "weight": 1_000_000}).json()
    admin.upstream.requests.clear()
    response = admin.client.post("/v1/chat/completions", json=chat(), headers=bearer(account))
    assert response.status_code == 200
    assert admin.upstream.requests[-1].headers["authorization"] == f"Bearer {value}"
    assert admin.rows()[0]["upstream_key_id"] == key["id"]
    revoked = admin.admin.delete(f"/providers/{PROVIDER}/keys/{key['id']}").json()
    assert (revoked["is_usable"], revoked["problem"]) == (False, None) and revoked["revoked_at"]
    assert admin.admin.delete(f"/providers/{PROVIDER}/keys/{key['id']}").json() == revoked
    for _ in range(5):
        assert admin.client.post("/v1/chat/completions", json=chat(), headers=bearer(account)).status_code == 200
        assert admin.upstream.requests[-1].headers["authorization"] != f"Bearer {value}"


@pytest.mark.parametrize("value", ["", " ", "sk two", "sk-é", "sk\nx", "sk-\t", "x" * 16385, "\x7f", 5, None, ["sk"]])
def test_what_cannot_be_a_key_is_refused_and_not_quoted(admin: Served, value: Any) -> None:
    response = admin.admin.post(f"/providers/{PROVIDER}/keys", json={"value": value})
    assert response.status_code == 400 and "value" in response.json()["detail"]
    assert not isinstance(value, str) or len(value) < 3 or value not in response.json()["detail"]
    assert stored(admin) == []


@pytest.mark.parametrize("weight", [0, -1, 1_000_001, "1", 1.5])
def test_a_weight_has_its_ends(admin: Served, weight: Any) -> None:
    response = admin.admin.post(f"/providers/{PROVIDER}/keys", json={"value": new_key(), "weight": weight})
    assert response.status_code == 400 and stored(admin) == []


def test_the_same_key_is_kept_once(admin: Served) -> None:
    value = new_key()
    first = admin.admin.post(f"/providers/{PROVIDER}/keys", json={"value": value}).json()
    again = admin.admin.post(f"/providers/{PROVIDER}/keys", json={"value": value})
    assert again.status_code == 409 and first["id"] in again.json()["detail"] and value not in again.text
    assert [key["id"] for key in stored(admin)] == [first["id"]]


def test_a_short_key_shows_nothing_of_itself(admin: Served) -> None:
    short = admin.admin.post(f"/providers/{PROVIDER}/keys", json={"value": "sk-123456789abc"}).json()
    assert short["last_four"] == ""


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/providers/scriptd", None),
        ("POST", "/providers/scriptd/keys", {"value": "sk-test"}),
        ("DELETE", "/providers/scriptd/keys/upk_1", None),
        ("POST", "/providers/scriptd/pause", {}),
        ("POST", "/providers/scriptd/resume", None),
    ],
)
def test_an_unknown_provider_is_not_found_and_the_nearest_is_named(
    admin: Served, method: str, path: str, body: Any
) -> None:
    response = admin.admin.request(method, path, json=body)
    assert response.status_code == 404
    assert response.json()["detail"] == 'There is no provider scriptd; did you mean "scripted"?'


def test_a_key_of_another_provider_or_of_the_configuration_cannot_be_revoked(admin: Served) -> None:
    key = admin.admin.post(f"/providers/{PROVIDER}/keys", json={"value": new_key()}).json()
    for path in (
        f"/providers/scripted-anthropic/keys/{key['id']}",
        f"/providers/{PROVIDER}/keys/env:TEST_UPSTREAM_KEY",
    ):
        assert admin.admin.delete(path).status_code == 404
    assert [each["id"] for each in stored(admin)] == [key["id"]]


def test_a_paused_provider_refuses_at_once_on_every_mount_until_it_is_resumed(admin: Served) -> None:
    account = admin.key()
    paused = admin.admin.post(f"/providers/{PROVIDER}/pause", json={"reason": "over budget"})
    assert (paused.json()["state"], paused.json()["reason"]) == ("paused", "over budget")
    seen = len(admin.upstream.requests)
    for client, path, body in [
        (admin.client, "/v1/chat/completions", chat()), (admin.client, "/api/v1/chat/completions", chat(stream=True)),
        (admin.openproxy, "/v1/chat/completions", chat()), (admin.client, "/v1/moderations", {"input": "x"}),
        (admin.client, "/v1/embeddings", {"model": "embed-test", "input": "Hello"}),
        (admin.client, "/api/v1/quote", chat()), (admin.client, "/v1/quote", chat()),
    ]:  # fmt: skip
        response = client.post(path, json=body, headers=bearer(account))
        assert response.status_code == 429, (path, response.text)
        assert "The provider scripted is paused (over budget); an administrator can resume it." in response.text
        assert response.headers["x-should-retry"] == "false" and "retry-after" not in response.headers
    refused = admin.client.post("/v1/chat/completions", json=chat(), headers=bearer(account)).json()["error"]
    assert (refused["type"], refused["code"]) == ("rate_limit_error", "provider_paused")
    assert len(admin.upstream.requests) == seen
    resumed = admin.admin.post(f"/providers/{PROVIDER}/resume").json()
    assert (resumed["state"], resumed["reason"], resumed["paused_by"]) == ("active", None, None)
    assert admin.client.post("/v1/chat/completions", json=chat(), headers=bearer(account)).status_code == 200


def test_pausing_again_changes_the_reason_and_not_the_beginning(admin: Served) -> None:
    first = admin.admin.post(f"/providers/{PROVIDER}/pause", json={}).json()
    assert first["reason"] == ""
    again = admin.admin.post(f"/providers/{PROVIDER}/pause", json={"reason": "Störung"}).json()
    assert (again["reason"], again["paused_at"]) == ("Störung", first["paused_at"])


@pytest.mark.parametrize("reason", ["x" * 201, "two\nlines", "\x1b[31mred", 5, None])
def test_a_reason_is_one_line(admin: Served, reason: Any) -> None:
    assert admin.admin.post(f"/providers/{PROVIDER}/pause", json={"reason": reason}).status_code == 400
    assert admin.admin.get(f"/providers/{PROVIDER}").json()["state"] == "active"

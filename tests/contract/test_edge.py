"""The outermost middleware: ids, ambiguous headers, preflights, and which mount speaks for a path."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.contract.asgi import Response, call, config, echo, edged
from tests.gateway import Gateway, chat
from tests.upstream import ScriptedUpstream
from tollhouse.config.snapshot import Listener, Mount
from tollhouse.contract.edge import Mounts, request_id

PREFLIGHT = {"origin": "https://app.example", "access-control-request-method": "POST", "content-type": None}


async def hello(scope: Any, receive: Any, send: Any) -> None:
    scope["extensions"] = {"connexion_routing": {"operation_id": "hello"}}
    await echo(scope, receive, send)


def preflight(path: str, cors: tuple[str, ...] = ("*",)) -> Response:
    return call(edged(hello, config(cors=cors)), "OPTIONS", path, headers=PREFLIGHT)


def test_request_ids_sort_by_time_and_do_not_repeat() -> None:
    ids = [request_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(re.fullmatch(r"req_[0-9a-f]{23}", each) for each in ids)
    assert [each[:15] for each in ids] == sorted(each[:15] for each in ids)


def test_the_longest_base_path_speaks_for_what_is_below_it() -> None:
    root, api, v1 = (
        Mount("system", "", "detail"),
        Mount("account", "/api", "detail"),
        Mount("openai", "/api/v1", "openai"),
    )
    mounts = Mounts(Listener("main", "127.0.0.1", 0, (root, api, v1)))
    for path, mount in {
        "/api/v1": v1, "/api/v1/x": v1, "/api/v1x": api, "/api": api, "/apix": root, "/": root, "/x/api/v1": root, "*": root,
    }.items():  # fmt: skip
        found = mounts.of(path)
        assert found is mount or (path == "*" and found is None), path


def test_without_a_root_mount_nobody_speaks_for_the_rest() -> None:
    assert Mounts(Listener("main", "127.0.0.1", 0, (Mount("openai", "/v1", "openai"),))).of("/v2") is None


@pytest.mark.parametrize(
    "extra",
    [
        [(b"host", b"other")],
        [(b"host", b"gateway")],
        [(b"content-type", b"text/plain")],
        [(b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")],
        [(b"x-api-key", b"a"), (b"x-api-key", b"b")],
    ],
)
def test_a_header_that_says_two_things_is_refused(extra: list[tuple[bytes, bytes]]) -> None:
    async def add(scope: Any, receive: Any, send: Any) -> None:
        scope["headers"] += extra
        await app(scope, receive, send)

    app = edged(hello, config())
    response = call(add, "POST", "/v1/chat/completions", b"{}")
    assert response.status == 400 and response.json()["error"]["type"] == "invalid_request_error"


def test_a_header_that_says_one_thing_twice_passes() -> None:
    async def add(scope: Any, receive: Any, send: Any) -> None:
        scope["headers"] += [(b"content-type", b"application/json"), (b"accept", b"a"), (b"accept", b"b")]
        await app(scope, receive, send)

    app = edged(hello, config())
    assert call(add, "POST", "/v1/chat/completions", b"{}").status == 200


def test_a_preflight_is_answered_with_what_clients_send() -> None:
    response = preflight("/v1/chat/completions")
    assert response.status == 204 and response.body == b""
    assert response.header("access-control-allow-origin") == "*"
    assert {"POST", "GET", "DELETE"} <= set((response.header("access-control-allow-methods") or "").split(", "))
    allowed = response.header("access-control-allow-headers") or ""
    assert {"*", "authorization", "content-type", "x-api-key"} <= set(allowed.split(", "))
    assert response.header("access-control-allow-credentials") is None
    assert response.header("x-request-id") == response.header("request-id")


def test_a_preflight_for_the_admin_api_allows_nothing() -> None:
    response = preflight("/admin/api/accounts")
    assert response.status == 204
    assert not [name for name, _ in response.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "cors,allowed", [((), None), (("https://other.example",), None), (("https://app.example",), "https://app.example")]
)
def test_only_the_configured_origins_are_allowed(cors: tuple[str, ...], allowed: str | None) -> None:
    response = preflight("/v1/models", cors)
    assert response.header("access-control-allow-origin") == allowed
    assert response.header("vary") == ("origin" if allowed else None)


def test_options_without_a_preflight_is_an_ordinary_method() -> None:
    assert call(edged(hello, config()), "OPTIONS", "/v1/models").status == 200


@pytest.mark.parametrize("trusted", [True, False])
async def test_behind_a_trusted_proxy_callers_have_rates_of_their_own(tmp_path: Path, trusted: bool) -> None:
    routes = {
        "trusted_proxies": ["127.0.0.0/8"] if trusted else [],
        "anonymous": {"models": ["gpt-test"], "requests_per_minute": 1},
    }
    async with ScriptedUpstream() as upstream, Gateway(tmp_path, upstream.url, routes=routes) as gateway:
        statuses = []
        for caller in ("203.0.113.7", "203.0.113.8", "203.0.113.7"):
            headers = {"x-forwarded-for": f"198.51.100.1, {caller}"}
            answer = await gateway.client.post("/v1/chat/completions", json=chat(), headers=headers)
            statuses.append(answer.status_code)
        assert statuses == ([200, 200, 429] if trusted else [200, 429, 429])

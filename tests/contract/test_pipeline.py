"""The whole onion on real sockets: errors of every origin in every dialect, and bad bodies, on both listeners."""

import re
from typing import Any, NamedTuple

import httpx
import orjson
import pytest

from tests.gateway import ADMIN_TOKEN, bearer, chat, message
from tests.served import Served, get, post
from tests.upstream import status


class Place(NamedTuple):
    """A mount as shipped: where it is, how its errors look, and a JSON operation of it."""

    listener: str
    at: str
    dialect: str
    operation: str
    body: Any


PLACES = [
    Place("main", "/v1", "openai", "/chat/completions", chat()),
    Place("main", "/v1", "anthropic", "/messages", message()),
    Place("main", "/api/v1", "detail", "/chat/completions", chat()),
    Place("main", "/proxy/v1", "openai", "/embeddings", {"model": "embed-test", "input": "a"}),
    Place("main", "/admin/api", "problem", "/accounts", {"name": "acme"}),
    Place("openproxy", "/v1", "openproxy", "/chat/completions", chat()),
    Place("openproxy", "/v1", "openproxy", "/messages", message()),
]
every_place = pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.listener}{place.at}{place.operation}")


@pytest.fixture(scope="module")
def key(served: Served) -> str:
    return served.key()


def call(served: Served, place: Place, path: str, method: str = "POST", **options: Any) -> httpx.Response:
    client = served.openproxy if place.listener == "openproxy" else served.client
    return client.request(method, f"{place.at}{path}", **options)


def key_for(place: Place, key: str) -> dict[str, str]:
    return bearer(ADMIN_TOKEN if place.dialect == "problem" else key)


SHAPES = {
    "openai": {"error": {"message": str, "type": str, "param": (str, type(None)), "code": (str, type(None))}},
    "anthropic": {"type": str, "error": {"type": str, "message": str}, "request_id": str},
    "detail": {"detail": str},
    "openproxy": {"error": {"message": str, "type": str, "code": int}},
    "problem": {"type": str, "title": str, "status": int, "detail": str, "instance": str},
}


def fits(shape: Any, value: Any) -> bool:
    if isinstance(shape, dict):
        return shape.keys() == value.keys() and all(fits(shape[name], value[name]) for name in shape)
    return isinstance(value, shape)


def check(response: httpx.Response, dialect: str, expected: int) -> dict[str, Any]:
    """The rules for every error; returns its body."""
    assert response.status_code == expected, response.text
    body: dict[str, Any] = response.json()
    assert fits(SHAPES[dialect], body), body
    assert response.headers["content-type"] == f"application/{'problem+' if dialect == 'problem' else ''}json"
    assert re.fullmatch(r"req_[0-9a-f]{23}", response.headers["x-request-id"])
    assert response.headers["request-id"] == response.headers["x-request-id"]
    assert "location" not in response.headers and "<" not in response.text[:1]
    if dialect == "openproxy":
        assert body["error"]["code"] == expected
    if dialect == "problem":
        assert (body["status"], body["instance"]) == (expected, response.headers["x-request-id"])
    if dialect == "anthropic":
        assert (body["type"], body["request_id"]) == ("error", response.headers["x-request-id"])
    if expected == 401:
        assert response.headers["www-authenticate"] == "Bearer"
    if expected in (400, 401, 402, 403, 404, 405, 413, 415, 422):
        assert response.headers["x-should-retry"] == "false"
    return body


@every_place
def test_unknown_paths(served: Served, place: Place, key: str) -> None:
    """With a key: below a mount of providers, strangers are not told which names are there."""
    dialect = (
        "openai" if place.dialect == "anthropic" else place.dialect
    )  # the first mount speaks for what is below both
    for method in ("GET", "POST", "DELETE", "OPTIONS"):
        for path in ("/nope", f"{place.operation}/", "/%2e%2e/x", "/%00", "/a/b/c", ""):
            check(call(served, place, path, method, headers=key_for(place, key)), dialect, 404)


@every_place
def test_another_method(served: Served, place: Place) -> None:
    response = call(served, place, place.operation, "PATCH")
    check(response, place.dialect, 405)
    assert "POST" in response.headers["allow"].split(", ")
    if place.operation != "/accounts" and place.dialect != "anthropic" and place.operation != "/messages":
        response = call(served, place, "/models/x/y", "DELETE")
        check(response, place.dialect, 405)
        assert response.headers["allow"] == "GET, HEAD"


@every_place
def test_keys_that_are_missing_or_wrong(served: Served, place: Place) -> None:
    optional = place.at == "/v1" and place.listener == "main" and place.dialect == "openai"
    for headers in (
        {},
        bearer("nope"),
        bearer("op_" + "a" * 44),
        {"x-api-key": "nope"},
        {"authorization": "Basic YTpi"},
    ):
        response = call(served, place, place.operation, json=place.body, headers=headers)
        if optional and not headers:
            assert response.status_code == 200
        else:
            body = check(response, place.dialect, 401)
            assert "op_aaaa" not in str(body) and ADMIN_TOKEN not in str(body)


@every_place
def test_another_media_type(served: Served, place: Place, key: str) -> None:
    headers = {**key_for(place, key), "content-type": "text/plain"}
    body = check(call(served, place, place.operation, content=b"{}", headers=headers), place.dialect, 415)
    assert "text/plain" in str(body)


BAD_JSON = {
    "empty": b"", "null": b"null", "an array": b"[]", "half": b'{"model":', "invalid UTF-8": b'{"a":"\xff"}',
    "duplicate keys": b'{"model":"a","model":"b"}', "NaN": b'{"a":NaN}', "Infinity": b'{"a":Infinity}', "1e999": b'{"a":1e999}',
    "a lone surrogate": b'{"a":"\\ud800"}', "2**64": b'{"a":18446744073709551616}', "depth 65": b"[" * 65 + b"]" * 65,
    "depth 100,000": b'{"a":' * 100_000, "a string": b'"a"',
}  # fmt: skip


@every_place
@pytest.mark.parametrize("raw", BAD_JSON.values(), ids=BAD_JSON)
def test_bad_json(served: Served, place: Place, key: str, raw: bytes) -> None:
    response = call(served, place, place.operation, content=raw, headers=key_for(place, key))
    check(response, place.dialect, 422 if place.dialect == "detail" else 400)


@every_place
def test_a_body_that_does_not_fit(served: Served, place: Place, key: str) -> None:
    field = "name" if place.dialect == "problem" else "model"
    response = call(served, place, place.operation, json={**place.body, field: 5}, headers=key_for(place, key))
    body = check(response, place.dialect, 422 if place.dialect == "detail" else 400)
    assert field in str(body)
    if place.dialect == "openai":
        assert body["error"]["param"] == field


@every_place
def test_a_body_that_is_too_large(served: Served, place: Place, key: str) -> None:
    response = call(served, place, place.operation, content=b" " * 11_000_000, headers=key_for(place, key))
    check(response, place.dialect, 413)


@every_place
def test_a_model_that_nobody_offers(served: Served, place: Place, key: str) -> None:
    if place.dialect == "problem":
        check(served.admin.get("/accounts/nobody"), "problem", 404)
        return
    body = {**place.body, "model": "catalogue-only"}
    check(call(served, place, place.operation, json=body, headers=bearer(key)), place.dialect, 404)


@every_place
def test_upstreams_that_fail(served: Served, place: Place, key: str) -> None:
    if place.dialect == "problem":
        return
    served.upstream.reply(status(500))
    check(call(served, place, place.operation, json=place.body, headers=bearer(key)), place.dialect, 502)


def test_every_upstream_rate_limits(served: Served, key: str) -> None:
    served.upstream.reply(status(429, retry_after=7))
    response = call(served, PLACES[0], "/chat/completions", json=chat(), headers=bearer(key))
    check(response, "openai", 429)
    assert (response.headers["retry-after"], response.headers["retry-after-ms"]) == ("7", "7000")
    assert "x-should-retry" not in response.headers


def test_an_absurd_retry_after_of_an_upstream_is_no_500(served: Served, key: str) -> None:
    for seconds in ("inf", "nan", "1e400", "-1"):
        served.upstream.reply(status(429, retry_after=float(seconds)))
        check(call(served, PLACES[0], "/chat/completions", json=chat(), headers=bearer(key)), "openai", 429)


def test_head_of_the_root_is_200(served: Served) -> None:
    for client in (served.client, served.openproxy):
        response = client.head("/")
        assert response.status_code == 200 and response.content == b"" and int(response.headers["content-length"]) > 0


def test_health_as_each_listener_documents_it(served: Served) -> None:
    assert served.client.get("/health").json() == {"status": "healthy", "service": "ocf-entry"}
    assert served.openproxy.get("/health").text == "OK"


def test_models_with_slashes_and_colons(served: Served, key: str) -> None:
    for path in ("/v1/models/org/m:free", "/v1/models/org%2Fm%3Afree", "/proxy/v1/models/org/m:free"):
        response = served.client.get(path, headers=bearer(key))
        assert response.status_code == 200 and response.json()["id"] == "org/m:free"
    assert served.client.head("/v1/models/org/m:free", headers=bearer(key)).status_code == 200


@pytest.mark.parametrize("path", ["/v1/models", "/v1/nope", "/v1/chat/completions", "/"])
def test_browsers_may_read_every_answer(served: Served, path: str) -> None:
    response = served.client.get(path, headers={"origin": "https://app.example"})
    assert response.headers["access-control-allow-origin"] == "*"
    assert "retry-after" in response.headers["access-control-expose-headers"]


def test_browsers_may_not_read_the_admin_api(served: Served) -> None:
    for path in ("/admin/api/accounts", "/admin/api/nope", "/admin/api/openapi.json"):
        response = served.client.get(path, headers={"origin": "https://app.example", **bearer(ADMIN_TOKEN)})
        assert not [name for name in response.headers if name.startswith("access-control")]


def test_preflights_are_answered_on_every_mount(served: Served) -> None:
    asked = {"origin": "https://app.example", "access-control-request-method": "POST"}
    for place in PLACES:
        response = call(served, place, place.operation, "OPTIONS", headers=asked)
        assert response.status_code == 204
        assert ("access-control-allow-origin" in response.headers) == (place.dialect != "problem")


def test_content_types_that_mean_json(served: Served, key: str) -> None:
    body = orjson.dumps(chat())
    for line in ((), ("Content-Type: application/json; charset=utf-8",), ("Content-Type: Application/JSON",)):
        with served.wire() as wire:
            wire.send(post(body, f"Authorization: Bearer {key}", *line))
            assert wire.response().status == 200


def test_secrets_are_in_no_answer_and_no_log(served: Served, key: str) -> None:
    answers = [
        served.client.get(f"/v1/models?key={key}", headers=bearer(f"{key}x")),
        served.client.post("/v1/chat/completions", json=chat(), headers=bearer(f"x{key}")),
        served.client.get("/admin/api/accounts", headers=bearer(key)),
        served.client.get("/v1/models", headers=bearer(ADMIN_TOKEN)),
    ]
    assert [each.status_code for each in answers] == [401] * 4
    said = "".join(each.text for each in answers) + served.log()
    for secret in (key, ADMIN_TOKEN, "sk-upstream-canary"):
        assert secret not in said


def test_a_client_that_misbehaves_writes_no_log(served: Served, key: str) -> None:
    before = len(served.log())
    for raw in (b"\x00garbage\r\n\r\n", get("/nope"), post(b"{", f"Authorization: Bearer {key}"), get("/v1/models")):
        for _ in range(5):
            with served.wire() as wire:
                wire.send(raw)
                assert wire.response().status < 500
    assert len(served.log()) == before

"""Paths below a provider on the wire: whatever is asked, upstream sees what the provider lists and nothing beside it."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.gateway import bearer, provider, write_config
from tests.served import Response, Served, post
from tests.upstream import answer_json
from tollhouse.contract.passing import read_payload

LISTED = ["chat/completions", "responses/*", "files"]
KNOWN = re.compile(r"/v1/(chat/completions|responses/[A-Za-z0-9._~:/-]+|files)(\?.*)?")
PIECES = [
    "chat",
    "completions",
    "responses",
    "files",
    "models",
    "v1",
    "openai",
    ".",
    "..",
    "...",
    "%2e",
    "%2E%2e",
    "%252e%252e",
    "%2f",
    "%2F",
    "%5c",
    "\\",
    "%00",
    "%0d%0a",
    "%3f",
    "?",
    "#",
    "%23",
    ";",
    "%3b",
    "@",
    "evil.example",
    "%40",
    ":",
    ":80",
    "//",
    "%2f%2f",
    "/",
    "resp_68af4030592c81938ec0a5fbab4a3e9f",
    "é",
    "%C3%A9",
    "%FF",
    "%u002e",
    "~",
    "~root",
    "*",
    "%25",
    "admin",
]


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("paths"), limits={"requests_per_minute": 0})
    models = {"gpt-test": {}}
    entries = {"openai": provider(served.upstream.url, models=models, endpoints=LISTED, free_endpoints=["files"])}
    write_config(
        served.config_dir, served.upstream.url, providers=entries, routes={"limits": {"requests_per_minute": 0}}
    )
    with served:
        served.upstream.script = answer_json({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}})
        yield served
    assert "Traceback" not in served.log(), served.log()


@pytest.fixture(scope="module")
def key(listed: Served) -> str:
    return listed.key()


def ask(served: Served, key: str, target: str) -> Response | None:
    """A POST to exactly this target; None where the connection is closed on it."""
    body = b'{"model": "gpt-test", "messages": [{"role": "user", "content": "x"}]}'
    line = f"POST {target} HTTP/1.1\r\n".encode()
    rest = post(body, f"Authorization: Bearer {key}").partition(b"\r\n")[2]
    with served.wire() as wire:
        wire.send(line + rest)
        try:
            return wire.response()
        except AssertionError:
            return None


targets = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6)
joined = st.tuples(targets, st.sampled_from(["/", "", "%2f"])).map(lambda drawn: drawn[1].join(drawn[0]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(joined)
@example("chat/completions")
@example("../../admin")
@example("%2e%2e/%2e%2e/admin")
@example("%252e%252e%252fadmin")
@example("/chat/completions")
@example("responses/@evil.example/x")
@example("chat/completions%3Fx=1")
@example("responses/..%2f..%2fadmin")
@example("responses/;/../x")
def test_no_target_makes_upstream_see_another_path(listed: Served, key: str, endpoint: str) -> None:
    seen = len(listed.upstream.requests)
    response = ask(listed, key, f"/v1/openai/{endpoint}")
    assert endpoint != "chat/completions" or len(listed.upstream.requests) > seen
    new = listed.upstream.requests[seen:]
    for request in new:
        assert KNOWN.fullmatch(request.path), (endpoint, request.path)
        assert not {".", "..", "..."} & set(request.path.partition("?")[0].split("/"))
        assert request.headers["host"] == listed.upstream.url.removeprefix("http://")
    assert response is None or new or response.status in (400, 403, 404), response.body


@pytest.mark.parametrize("target", ["/v1/openai", "/v1/openai/", "/v1//chat/completions", "/v1/openai%2fchat/completions",
                                    "/v1/%6fpenai/chat/completions", "http://evil.example/v1/openai/chat/completions"])  # fmt: skip
def test_odd_spellings_of_the_whole_path_are_harmless(listed: Served, key: str, target: str) -> None:
    seen = len(listed.upstream.requests)
    ask(listed, key, target)
    assert {request.path for request in listed.upstream.requests[seen:]} <= {"/v1/chat/completions"}


def test_errors_speak_the_dialect_of_the_provider_before_anybody_is_known(served: Served) -> None:
    assert served.client.post("/v1/scripted-anthropic/messages").json()["type"] == "error"
    assert "param" in served.client.post("/v1/scripted/chat/completions").json()["error"]


def test_which_providers_there_are_is_said_only_to_who_has_a_key(served: Served) -> None:
    unknown = served.client.post("/v1/nobody/chat/completions")
    assert unknown.status_code == 401 and "Missing API key" in unknown.json()["error"]["message"]
    nobody = served.client.post("/v1/nobody/chat/completions", headers=bearer(served.key()))
    assert nobody.status_code == 404 and "There is nothing at POST" in nobody.json()["error"]["message"]


def test_a_method_that_nothing_passes_is_405_below_a_provider_and_404_elsewhere(served: Served) -> None:
    assert served.client.request("TRACE", "/v1/nobody/files/x").status_code == 404
    refused = served.client.request("TRACE", "/v1/scripted/files/x")
    assert refused.status_code == 405 and refused.headers["allow"] == "DELETE, GET, HEAD, PATCH, POST, PUT"


def test_the_published_document_has_the_pass_through(served: Served) -> None:
    document = served.client.get("/v1/openapi.json").json()
    assert set(document["paths"]["/{provider}/{endpoint}"]) >= {"get", "post", "put", "patch", "delete"}
    assert "/{provider}/{endpoint}" not in served.openproxy.get("/v1/openapi.json").json()["paths"]


@pytest.mark.parametrize("content_type", [None, b"application/json", b"Application/JSON; charset=utf-8"])
def test_a_body_without_a_type_is_json(content_type: bytes | None) -> None:
    payload = read_payload(b'{"model": "public", "n": 1}', content_type, 64)
    assert payload.fields == {"model": "public", "n": 1} and payload.content_type == "application/json"
    assert payload.write("up") == b'{"model":"up","n":1}' and payload.write("") == b'{"model":"public","n":1}'


def test_json_that_is_no_object_and_bodies_that_are_empty_have_no_fields() -> None:
    assert read_payload(b"[1]", None, 64).fields == {} and read_payload(b"[1]", None, 64).write("m") == b"[1]"
    assert read_payload(b"", b"application/json", 64).write("m") == b""
    assert read_payload(b"model=x", b"application/x-www-form-urlencoded", 64).fields == {}

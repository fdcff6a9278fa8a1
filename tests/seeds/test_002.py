"""Seed 002: OpenAI-compatible endpoints with scoped keys, on the listener `openproxy`.

Everything that the document says is tried as it stands there; nothing of it turned out to be wrong. Beyond it, items of
/v1/models carry more fields than the four it shows, and errors about money say in further fields what would fit.
"""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway import bearer
from tests.seeds.snippets import names, run_javascript, run_python, run_shell, seed_text, snippet
from tests.served import Served
from tests.upstream import answer, fin, status

LOCAL = "http://localhost:5060"
KEY_OF_CURL, KEY_OF_CLIENTS = "<your-api-key>", "op_xxxxxxxxxxxxxxxxxxxxxxxxxxxx"
HELLO = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello!"}]}
MESSAGE = {**HELLO, "model": "claude-3-5-sonnet", "max_tokens": 1024}
EMBEDDING = {"model": "text-embedding-3-small", "input": "The food was delicious."}
ENDPOINTS: dict[str, tuple[str, dict[str, Any] | None]] = {
    "/v1/models": ("GET", None),
    "/v1/chat/completions": ("POST", HELLO),
    "/v1/messages": ("POST", MESSAGE),
    "/v1/embeddings": ("POST", EMBEDDING),
}


def base(served: Served) -> str:
    return served.urls["openproxy"]


def curl(served: Served, key: str, name: str) -> bytes:
    """What a curl line of the document prints."""
    return run_shell(snippet(name, {LOCAL: base(served), KEY_OF_CURL: key}))


def documented(name: str) -> bytes:
    return snippet(name).encode()


def call(served: Served, key: str | None, path: str, **fields: Any) -> httpx.Response:
    method, body = ENDPOINTS[path]
    headers = bearer(key) if key is not None else {}
    return served.openproxy.request(method, path, json=None if body is None else {**body, **fields}, headers=headers)


def error_of(response: httpx.Response, code: int, kind: str) -> str:
    """The message of an error of the documented form."""
    assert response.status_code == code and response.headers["content-type"] == "application/json"
    body = response.json()
    assert list(body) == ["error"] and type(body["error"]["code"]) is int
    assert (body["error"]["type"], body["error"]["code"]) == (kind, code)
    return str(body["error"]["message"])


def test_every_block_of_the_document_is_tried_here() -> None:
    source = Path(__file__).read_text()
    assert [name for name in names("002") if f'"{name}"' not in source] == []
    document = seed_text("002")
    assert document is None or document.count("curl http") == len([name for name in names("002") if ".sh" in name])


# GET /health


def test_health_is_plain_text_and_needs_no_key(seeded: Served) -> None:
    assert run_shell(snippet("002_health.sh", {LOCAL: base(seeded)})) == b"OK"
    response = seeded.openproxy.get("/health")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/plain; charset=utf-8")


# GET /v1/models


def test_the_models_are_those_of_the_key(seeded: Served, key: str) -> None:
    scoped = seeded.key(models=["gpt-4o", "claude-3-5-sonnet"])
    listed = json.loads(curl(seeded, scoped, "002_models.sh"))
    expected = json.loads(documented("002_models.json"))
    fields = expected["data"][0].keys()
    assert {name: listed[name] for name in expected if name != "data"} == {"object": "list"}
    assert [{name: item[name] for name in fields} for item in listed["data"]] == expected["data"]
    everything = [item["id"] for item in json.loads(curl(seeded, key, "002_models.sh"))["data"]]
    assert set(everything) == {
        "gpt-4o", "gpt-4o-mini", "text-embedding-3-small", "omni-moderation-latest", "claude-3-5-sonnet",
    }  # fmt: skip


# POST /v1/chat/completions, /v1/messages, /v1/embeddings


def test_a_chat_goes_up_as_it_came_and_comes_back_byte_for_byte(seeded: Served, key: str) -> None:
    body = documented("002_chat.json")
    seeded.upstream.reply(answer(body, content_type="application/json"))
    assert curl(seeded, key, "002_chat.sh") == body
    [sent] = seeded.upstream.requests
    assert sent.path == "/v1/chat/completions" and sent.json() == {
        "model": "gpt-4o",
        "messages": [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "Hello!"},
        ],
        "stream": False,
    }
    assert key not in str(sent.header_list)
    row = seeded.rows()[0]
    assert (row["input_tokens"], row["output_tokens"], row["cost_usd"]) == (19, 10, "0.0001475")


def test_a_chat_can_be_streamed(seeded: Served, key: str) -> None:
    code = snippet("002_chat.sh", {LOCAL: base(seeded), KEY_OF_CURL: key, '"stream": false': '"stream": true'})
    *frames, done, end = run_shell(code).decode().split("\n\n")
    assert (done, end) == ("data: [DONE]", "")
    chunks = [json.loads(frame.removeprefix("data: ")) for frame in frames]
    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks) == "Hello there"
    response = call(seeded, key, "/v1/chat/completions", stream=True)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"


def test_a_message(seeded: Served, key: str) -> None:
    answered = json.loads(curl(seeded, key, "002_messages.sh"))
    assert (answered["type"], answered["content"]) == ("message", [{"type": "text", "text": "Hello there"}])
    [sent] = seeded.upstream.requests
    assert (sent.path, sent.headers["anthropic-version"]) == ("/v1/messages", "2023-06-01")
    assert sent.json() == {
        "model": "claude-3-5-sonnet",
        "max_tokens": 1024,
        "messages": [{"role": "user", "content": "Summarize quantum entanglement in one paragraph."}],
    }


def test_an_embedding(seeded: Served, key: str) -> None:
    answered = json.loads(curl(seeded, key, "002_embeddings.sh"))
    assert answered["data"] == [{"object": "embedding", "index": 0, "embedding": [0.5, -0.25]}]
    assert seeded.upstream.requests[0].json() == EMBEDDING


# Client libraries


def test_the_python_client(seeded: Served, key: str) -> None:
    assert run_python(snippet("002_client.py", {LOCAL: base(seeded), KEY_OF_CLIENTS: key})) == "Hello there\n"
    assert seeded.upstream.requests[0].json() == HELLO


def test_the_typescript_client(seeded: Served, key: str, packages: Path) -> None:
    code = snippet("002_client.ts", {LOCAL: base(seeded), KEY_OF_CLIENTS: key})  # it is JavaScript as well
    assert run_javascript(code, packages) == "Hello there\n"
    assert seeded.upstream.requests[0].json() == HELLO


# Keys


@pytest.mark.parametrize("path", ENDPOINTS)
def test_every_other_endpoint_needs_a_key(seeded: Served, key: str, path: str) -> None:
    assert key.startswith("op_") and call(seeded, key, path).status_code == 200
    refused = call(seeded, None, path)
    assert "Missing API key" in error_of(refused, 401, "invalid_request_error")
    assert refused.headers["www-authenticate"] == "Bearer"
    for wrong in ("op_" + "x" * 44, "sk-of-somebody-else", key[:-1]):
        assert "Invalid API key" in error_of(call(seeded, wrong, path), 401, "invalid_request_error")
    headers = {"authorization": key}  # the document's "wrong format"
    response = seeded.openproxy.request(ENDPOINTS[path][0], path, json=ENDPOINTS[path][1], headers=headers)
    assert "Bearer <key>" in error_of(response, 401, "invalid_request_error")


def test_a_model_outside_the_keys_list_is_refused_in_the_documents_words(seeded: Served) -> None:
    scoped = seeded.key(models=["text-embedding-3-small"])
    refused = call(seeded, scoped, "/v1/chat/completions")
    assert (refused.status_code, refused.json()) == (403, json.loads(documented("002_error.json")))
    message = error_of(call(seeded, scoped, "/v1/messages"), 403, "permission_error")
    assert message == "You do not have access to model claude-3-5-sonnet"
    assert call(seeded, scoped, "/v1/embeddings").status_code == 200
    assert [request.path for request in seeded.upstream.requests] == ["/v1/embeddings"]


def test_a_key_has_a_rate_a_quota_and_an_end(seeded: Served) -> None:
    slow = seeded.key(requests_per_minute=1)
    assert call(seeded, slow, "/v1/embeddings").status_code == 200
    refused = call(seeded, slow, "/v1/embeddings")
    assert "Rate limit reached" in error_of(refused, 429, "rate_limit_error") and refused.headers["retry-after"]
    for path in ("/v1/chat/completions", "/v1/messages"):
        used_up = call(seeded, seeded.key(quota_usd="0.00001"), path)
        assert "quota" in error_of(used_up, 429, "insufficient_quota") and used_up.headers["x-should-retry"] == "false"
    revoked = seeded.key()
    seeded.admin.delete(f"/keys/{seeded.key_id}")
    assert "revoked" in error_of(call(seeded, revoked, "/v1/models"), 401, "invalid_request_error")


# Errors


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/v1/chat/completions", b'{"model": "gpt-4o", "messages": ['),
        ("/v1/chat/completions", b'{"model": "gpt-4o"}'),
        ("/v1/chat/completions", b'{"messages": [{"role": "user", "content": "Hello!"}]}'),
        ("/v1/chat/completions", b'{"model": "gpt-4o", "model": "gpt-4o", "messages": []}'),
        ("/v1/messages", b'{"model": "claude-3-5-sonnet", "messages": [{"role": "user", "content": "Hello!"}]}'),
        ("/v1/messages", b"[]"),
        ("/v1/embeddings", b'{"model": "text-embedding-3-small"}'),
        ("/v1/embeddings", b""),
    ],
)
def test_a_malformed_body_is_400(seeded: Served, key: str, path: str, wrong: bytes) -> None:
    headers = {**bearer(key), "content-type": "application/json"}
    assert error_of(seeded.openproxy.post(path, content=wrong, headers=headers), 400, "invalid_request_error")
    assert seeded.upstream.requests == []


@pytest.mark.parametrize("path", [path for path, (method, _) in ENDPOINTS.items() if method == "POST"])
@pytest.mark.parametrize(
    "failure",
    [status(500), status(401), status(402), status(429), fin, answer(b"<html>")],
    ids=["500", "401", "402", "429", "hangs up", "garbage"],
)
def test_all_providers_down_or_keys_refused_is_502(seeded: Served, key: str, path: str, failure: Any) -> None:
    seeded.upstream.script = failure
    assert error_of(call(seeded, key, path), 502, "server_error")


def test_a_model_whose_providers_have_no_key_left_is_502(seeded: Served, key: str) -> None:
    message = error_of(call(seeded, key, "/v1/chat/completions", model="gpt-4o-mini"), 502, "server_error")
    assert "No active API keys" in message


def test_an_upstreams_own_refusal_keeps_its_status(seeded: Served, key: str) -> None:
    seeded.upstream.script = status(422, "that is too much")
    refused = call(seeded, key, "/v1/chat/completions")
    assert refused.status_code == 422 and refused.json()["error"]["code"] == 422
    assert refused.json()["error"]["message"] == "that is too much"


def test_what_is_not_there_has_the_same_form(seeded: Served, key: str) -> None:
    assert error_of(seeded.openproxy.get("/v1/nothing", headers=bearer(key)), 404, "invalid_request_error")
    refused = seeded.openproxy.get("/v1/chat/completions", headers=bearer(key))
    assert error_of(refused, 405, "invalid_request_error") and refused.headers["allow"] == "POST"

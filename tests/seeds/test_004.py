"""Seed 004: the proxy under /proxy/v1, with stats, moderations and an open list of models.

Where the document is wrong, the gateway cannot follow it, and the tests say so:

- Python: `message["content"]` of the last line: the client's messages are objects, so it raises TypeError after the call;
  `message.content` is what works. The line is run as printed first.
- Stats: the totals of the example do not add up (7890 is not 1234 + 5678); the gateway's do.

The pages behind its links are tried elsewhere: /dashboard in tests/endpoints/test_dashboard.py, the documentation with its blanks
filled in in tests/endpoints/test_docs.py. There is no video.
"""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway import bearer
from tests.seeds.snippets import names, run_javascript, run_python, run_shell, seed_text, snippet
from tests.served import Served
from tests.upstream import answer, fin, status
from tollhouse.metering import IMAGE_TOKENS

BASE, KEY = "{{BASE_URL}}", "YOUR_API_KEY"
CHAT_MODEL, EMBEDDING_MODEL = "{{FIRST_LANGUAGE_MODEL}}", "{{FIRST_EMBEDDING_MODEL}}"
FILLED = {CHAT_MODEL: "gpt-4o", EMBEDDING_MODEL: "text-embedding-3-small"}
JOKE = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Tell me a joke."}]}
ENDPOINTS: dict[str, tuple[str, dict[str, Any] | None]] = {
    "chat/completions": ("POST", JOKE),
    "embeddings": ("POST", {"model": "text-embedding-3-small", "input": "The quick brown fox"}),
    "stats": ("GET", None),
    "moderations": ("POST", {"input": "I want to kill them."}),
}


def code(served: Served, key: str, name: str) -> str:
    """A snippet with everything filled in that it leaves to the reader."""
    blanks = {BASE: served.urls["main"], KEY: key, **FILLED}
    return snippet(name, {blank: value for blank, value in blanks.items() if blank in snippet(name)})


def curl(served: Served, key: str, name: str) -> bytes:
    return run_shell(code(served, key, name))


def documented(name: str) -> bytes:
    return snippet(name, {CHAT_MODEL: "gpt-4o"} if CHAT_MODEL in snippet(name) else {}).encode()


def call(served: Served, key: str | None, path: str, **fields: Any) -> httpx.Response:
    method, body = ENDPOINTS[path]
    headers = bearer(key) if key is not None else {}
    sent = None if body is None else {**body, **fields}
    return served.client.request(method, f"/proxy/v1/{path}", json=sent, headers=headers)


def error_of(response: httpx.Response, code: int, kind: str) -> dict[str, Any]:
    """An error as OpenAI's clients read it."""
    assert response.status_code == code and response.headers["content-type"] == "application/json"
    error = response.json()["error"]
    assert error.keys() >= {"message", "type", "param", "code"} and error["type"] == kind
    return dict(error)


def test_every_block_of_the_document_is_tried_here() -> None:
    source = Path(__file__).read_text()
    assert [name for name in names("004") if f'"{name}"' not in source] == []
    document = seed_text("004")
    assert document is None or len(re.findall(r"^```\w+$", document, re.MULTILINE)) == len(names("004"))
    assert document is None or re.findall(r"^`(?:GET|POST) (\S+)`$", document, re.MULTILINE) == [
        "/proxy/v1/chat/completions", "/proxy/v1/embeddings", "/proxy/v1/models", "/proxy/v1/stats", "/proxy/v1/moderations",
    ]  # fmt: skip


# Make your first request


def test_the_curl_line_of_the_quick_start(seeded: Served, key: str) -> None:
    body = documented("004_chat.json")
    seeded.upstream.reply(answer(body, content_type="application/json"))
    assert curl(seeded, key, "004_chat.sh") == body
    [sent] = seeded.upstream.requests
    assert (sent.path, sent.json()) == ("/v1/chat/completions", JOKE)
    row = seeded.rows()[0]
    assert (row["input_tokens"], row["output_tokens"], row["cost_usd"]) == (20, 15, "0.0002")


def test_the_javascript_client(seeded: Served, key: str, packages: Path) -> None:
    assert run_javascript(code(seeded, key, "004_client.js"), packages) == "Hello there\n"
    assert seeded.upstream.requests[0].json() == JOKE


def test_the_python_client_and_the_mistake_in_its_last_line(seeded: Served, key: str) -> None:
    printed = code(seeded, key, "004_client.py")
    with pytest.raises(TypeError, match="not subscriptable"):
        run_python(printed)
    assert run_python(printed.replace('message["content"]', "message.content")) == "Hello there\n"
    assert [request.json() for request in seeded.upstream.requests] == [JOKE, JOKE]


# Authentication


@pytest.mark.parametrize("path", ENDPOINTS)
def test_every_endpoint_but_the_models_needs_a_key(seeded: Served, key: str, path: str) -> None:
    assert call(seeded, key, path).status_code == 200
    for wrong in (None, "op_nobody"):
        refused = call(seeded, wrong, path)
        assert error_of(refused, 401, "invalid_request_error")["code"] == "invalid_api_key"
        assert refused.headers["www-authenticate"] == "Bearer"


def test_an_account_has_at_most_fifty_active_keys(seeded: Served) -> None:
    account = seeded.admin.post("/accounts", json={"name": "fifty"}).json()["id"]
    made = [seeded.admin.post(f"/accounts/{account}/keys", json={"name": str(number)}) for number in range(51)]
    assert [response.status_code for response in made] == [201] * 50 + [409]
    assert seeded.admin.delete(f"/keys/{made[0].json()['id']}").status_code == 200
    assert seeded.admin.post(f"/accounts/{account}/keys", json={"name": "again"}).status_code == 201


# POST /proxy/v1/chat/completions


@pytest.mark.parametrize("role", ["user", "assistant", "system"])
def test_every_field_of_the_documented_body_goes_up(seeded: Served, key: str, role: str) -> None:
    filled = {'"model": "string"': '"model": "gpt-4o"', "user|assistant|system": role}
    body = json.loads(re.sub(r"//.*", "", snippet("004_chat_request.json", filled)))
    response = seeded.client.post("/proxy/v1/chat/completions", json=body, headers=bearer(key))
    assert response.status_code == 200 and body["max_tokens"] is None
    assert seeded.upstream.requests[0].json() == body
    assert response.json().keys() == json.loads(documented("004_chat.json")).keys()


@pytest.mark.parametrize(
    "fields",
    [{"model": None}, {"messages": None}, {"temperature": 2.1}, {"messages": [{"role": "robot", "content": "x"}]}],
)
def test_a_body_that_is_none_is_400(seeded: Served, key: str, fields: dict[str, Any]) -> None:
    error = error_of(call(seeded, key, "chat/completions", **fields), 400, "invalid_request_error")
    assert error["param"].startswith(next(iter(fields))) and seeded.upstream.requests == []


def test_a_chat_can_be_streamed(seeded: Served, key: str) -> None:
    response = call(seeded, key, "chat/completions", stream=True)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    *frames, done, end = response.text.split("\n\n")
    assert (done, end) == ("data: [DONE]", "")
    chunks = [json.loads(frame.removeprefix("data: ")) for frame in frames]
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks) == "Hello there"


# POST /proxy/v1/embeddings


def test_an_embedding(seeded: Served, key: str) -> None:
    answered = json.loads(curl(seeded, key, "004_embeddings.sh"))
    assert answered["data"][0]["embedding"] == [0.5, -0.25]
    sent = {"model": "text-embedding-3-small", "input": "The quick brown fox jumps over the lazy dog"}
    assert seeded.upstream.requests[0].json() == sent


# GET /proxy/v1/models


def test_the_models_are_open_and_in_openais_shape(seeded: Served) -> None:
    listed = json.loads(curl(seeded, "", "004_models.sh"))
    assert listed["object"] == "list"
    for item in listed["data"]:
        assert item["object"] == "model" and type(item["created"]) is int and item["owned_by"] and item["id"]
    assert {"gpt-4o", "text-embedding-3-small", "claude-3-5-sonnet"} <= {item["id"] for item in listed["data"]}
    assert listed["data"][0]["price"] == "2.5" and listed["data"][0]["author"] == "OpenAI"


# GET /proxy/v1/stats


def test_the_stats_are_those_of_the_account(seeded: Served) -> None:
    key = seeded.key()
    before = json.loads(curl(seeded, key, "004_stats.sh"))
    assert list(before) == list(json.loads(documented("004_stats.json"))) and set(before.values()) == {0}
    seeded.upstream.reply(answer(documented("004_chat.json"), content_type="application/json"))
    curl(seeded, key, "004_chat.sh")
    curl(seeded, key, "004_embeddings.sh")
    assert json.loads(curl(seeded, key, "004_stats.sh")) == {
        "totalRequests": 2, "totalTokens": 20 + 15 + 3, "totalPromptTokens": 20 + 3, "totalCompletionTokens": 15,
    }  # fmt: skip


# POST /proxy/v1/moderations


def test_a_moderation_without_a_model(seeded: Served, key: str) -> None:
    body = documented("004_moderations.json")
    seeded.upstream.reply(answer(body, content_type="application/json"))
    assert curl(seeded, key, "004_moderations.sh") == body  # every digit of its scores
    [sent] = seeded.upstream.requests
    assert (sent.path, sent.json()) == (
        "/v1/moderations", {"input": "I want to kill them.", "model": "omni-moderation-latest"},
    )  # fmt: skip
    row = seeded.rows()[0]
    assert (row["operation"], row["cost_usd"], row["output_tokens"]) == ("create_moderation", "0", 0)


def test_an_image_can_be_moderated(seeded: Served, key: str) -> None:
    parts = [{"type": "text", "text": "x"}, {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}]
    assert call(seeded, key, "moderations", input=parts).json()["results"][0]["flagged"] is True
    assert seeded.upstream.requests[0].json()["input"] == parts
    assert seeded.rows()[0]["input_tokens"] > IMAGE_TOKENS


# Errors


def test_errors_are_openais(seeded: Served, key: str) -> None:
    assert error_of(call(seeded, key, "chat/completions", model="nobodys"), 400, "invalid_request_error")
    assert error_of(call(seeded, key, "moderations", model="gpt-4o"), 404, "invalid_request_error")
    forbidden = call(seeded, seeded.key(models=["gpt-4o"]), "moderations")
    assert error_of(forbidden, 403, "permission_error")["code"] == "model_not_allowed"
    slow = seeded.key(requests_per_minute=1)
    assert call(seeded, slow, "moderations").status_code == 200
    assert error_of(call(seeded, slow, "moderations"), 429, "rate_limit_error")["code"] == "rate_limit_exceeded"
    poor = seeded.admin.post("/accounts", json={"name": "poor"}).json()["id"]
    broke = seeded.admin.post(f"/accounts/{poor}/keys", json={"name": "k"}).json()["key"]
    assert (
        "Insufficient credit balance"
        in error_of(call(seeded, broke, "chat/completions"), 402, "insufficient_quota")["message"]
    )
    assert call(seeded, broke, "moderations").status_code == 200  # which costs nothing
    for failure in (fin, status(500)):
        seeded.upstream.script = failure
        for path in ("chat/completions", "embeddings", "moderations"):
            assert error_of(call(seeded, key, path), 502, "server_error")["code"] == "upstream_error"

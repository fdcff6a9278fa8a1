"""The way of a metered request through a whole gateway: what goes up and down, what is refused before anything is sent."""

import asyncio
import base64
import datetime as dt
import struct
import time
from typing import Any

import pytest

from tests.gateway import Gateway, bearer, chat, message
from tests.relaying import UPSTREAM_KEY, Relaying
from tests.upstream import (
    ScriptedUpstream,
    after,
    answer,
    openai_chat,
    openai_embeddings,
    openai_stream,
    usage,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_chat_is_forwarded_charged_and_shown_in_the_ledger(way: Relaying) -> None:
    response = await way.chat("solo")
    assert response.status_code == 200, response.text
    assert response.headers["x-request-id"] == response.headers["request-id"]
    row = await way.row_of(response)
    assert (row["state"], row["input_tokens"], row["output_tokens"], row["usage_source"]) == (
        "posted",
        11,
        7,
        "reported",
    )
    assert (row["cost_usd"], row["served_model"], row["requested_model"]) == ("0.000025", "cheap", "solo")
    assert (row["provider"], row["status"], row["stream"], row["attempts"]) == ("first", 200, False, [])


async def test_a_message_is_forwarded_and_charged(way: Relaying) -> None:
    response = await way.message("claude-solo")
    assert response.status_code == 200, response.text
    [request] = way.first.requests
    assert (request.path, request.headers["anthropic-version"]) == ("/v1/messages", "2023-06-01")
    assert request.headers["x-api-key"] == UPSTREAM_KEY and "authorization" not in request.headers
    row = await way.row_of(response)
    assert (row["state"], row["served_model"], row["operation"]) == ("posted", "cheap", "create_message")


async def test_a_stream_passes_unchanged_and_without_the_usage_frame(way: Relaying) -> None:
    response = await way.chat("solo", stream=True)
    assert response.text.endswith("data: [DONE]\n\n") and '"choices":[]' not in response.text
    assert way.first.requests[0].json()["stream_options"] == {"include_usage": True}
    row = await way.row_of(response)
    assert (row["state"], row["usage_source"], row["stream"]) == ("posted", "reported", True)


@pytest.mark.parametrize("streaming", [False, True])
async def test_parallel_calls_spend_a_balance_to_the_last_hold_and_no_further(way: Relaying, streaming: bool) -> None:
    gateway = way.gateway
    probe = await way.row_of(await way.chat("solo", stream=streaming))
    held = int(probe["held_usd"].replace(".", ""))  # all holds of this body are the same
    decimals = len(probe["held_usd"].partition(".")[2])
    balance = f"{held * 10:0{decimals + 1}}"
    account = await gateway.account(f"ten-{streaming}", f"{balance[:-decimals]}.{balance[-decimals:]}")
    key = await gateway.key(account["id"])
    way.forget()
    gate = after(0.3, openai_stream(usage=usage(0, 0)) if streaming else openai_chat(usage=usage(0, 0)))
    way.first.script = gate
    body = chat(model="solo", stream=streaming)
    calls = [gateway.client.post("/v1/chat/completions", json=body, headers=bearer(key)) for _ in range(50)]
    responses = await asyncio.gather(*calls)
    codes = [response.status_code for response in responses]
    assert (codes.count(200), codes.count(402)) == (10, 40)
    assert len(way.first.requests) == 10
    refused = next(response for response in responses if response.status_code == 402)
    error = refused.json()["error"]
    assert (error["type"], error["code"], error["needed_usd"]) == ("insufficient_quota",) * 2 + (probe["held_usd"],)
    assert error["message"].startswith("Insufficient credit balance") and error["max_tokens_that_fit"] >= 0
    assert refused.headers["x-should-retry"] == "false"
    assert len(await gateway.rows(account=account["id"])) == 10
    shown = (await gateway.admin.get(f"/accounts/{account['id']}")).json()
    assert (shown["held_usd"], shown["spent_usd"], shown["balance_usd"]) == ("0", "0", shown["available_usd"])
    assert (await gateway.audit()).drift == 0


async def test_402_says_how_many_tokens_would_fit_and_they_do(way: Relaying) -> None:
    account = await way.gateway.account("nearly-broke", "0.0001")
    key = await way.gateway.key(account["id"])

    async def call(**fields: Any) -> Any:
        body = chat(model="solo", **fields)
        return await way.gateway.client.post("/v1/chat/completions", json=body, headers=bearer(key))

    fits = (await call(max_tokens=1000)).json()["error"]["max_tokens_that_fit"]
    assert 0 < fits < 1000
    assert (await call(max_tokens=fits + 1)).status_code == 402
    assert way.first.requests == []
    assert (await call(max_tokens=fits)).status_code == 200
    detail = await way.gateway.client.post(
        "/api/v1/chat/completions", json=chat(model="solo", max_tokens=1000), headers=bearer(key)
    )
    assert detail.status_code == 402 and "max_tokens" in detail.json()["detail"]


async def test_a_model_that_nobody_offers_here_is_refused_before_anything_is_sent(way: Relaying) -> None:
    model = "catalogue-only"
    rows = len(await way.gateway.rows(limit=1000))
    for base in ("/v1", "/api/v1", "/proxy/v1", f"{way.gateway.urls['openproxy']}/v1"):
        response = await way.chat(model, base=base)
        assert response.status_code == 404 and model in response.text
    assert way.first.requests == [] and len(await way.gateway.rows(limit=1000)) == rows


@pytest.mark.parametrize("streaming", [False, True])
async def test_a_chat_client_is_served_by_a_provider_that_speaks_anthropics_format(
    way: Relaying, streaming: bool
) -> None:
    asked = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}]
    response = await way.chat("claude-solo", messages=asked, stream=streaming, seed=7)
    assert (response.status_code, response.headers["x-tollhouse-dropped"]) == (200, "seed")
    sent = way.first.requests[0]
    assert sent.path == "/v1/messages" and sent.json()["system"] == "Be kind."
    if streaming:
        assert '"object":"chat.completion.chunk"' in response.text and response.text.endswith("data: [DONE]\n\n")
    else:
        assert response.json()["object"] == "chat.completion"


@pytest.mark.parametrize("model", ["solo", "unpriced", "catalogue-only", "nobody-knows-it"])
async def test_a_model_outside_the_keys_list_is_403_whatever_else_is_wrong(way: Relaying, model: str) -> None:
    key = await way.gateway.key(models=["pooled"])
    response = await way.gateway.client.post("/v1/chat/completions", json=chat(model=model), headers=bearer(key))
    assert (response.status_code, response.json()["error"]["code"]) == (403, "model_not_allowed")
    assert response.headers["x-should-retry"] == "false" and way.first.requests == []


@pytest.mark.parametrize("encoding", [None, "float", "base64"])
@pytest.mark.parametrize("prompt", ["a", ["a", "b"], [1, 2], [[1], [2, 3]]])
async def test_embeddings_come_in_the_encoding_that_was_asked_for(
    way: Relaying, encoding: str | None, prompt: Any
) -> None:
    way.first.script = openai_embeddings([[0.5, -0.25], [1.0, 2.0]], prompt_tokens=6)
    body = {"model": "embed-test", "input": prompt, **({"encoding_format": encoding} if encoding else {})}
    response = await way.gateway.client.post("/v1/embeddings", json=body, headers=bearer(way.key))
    assert response.status_code == 200, response.text
    vector = response.json()["data"][0]["embedding"]
    if encoding == "base64":
        assert struct.unpack("<2f", base64.b64decode(vector)) == (0.5, -0.25)
    else:
        assert vector == [0.5, -0.25]
    row = await way.row_of(response)
    assert (row["input_tokens"], row["output_tokens"], row["cost_usd"]) == (6, 0, "0.00000012")


async def test_embeddings_that_come_as_base64_pass_as_they_are(way: Relaying) -> None:
    body = b'{"data": [{"embedding": "AAAAPwAAgL4="}], "usage": {"total_tokens": 4}}'
    way.first.script = answer(body, content_type="application/json")
    asked = {"model": "embed-test", "input": "a", "encoding_format": "base64"}
    response = await way.gateway.client.post("/v1/embeddings", json=asked, headers=bearer(way.key))
    assert response.content == body
    assert (await way.row_of(response))["input_tokens"] == 4


@pytest.mark.asyncio(loop_scope="function")
async def test_rate_headers_are_on_answers_and_streams(gateway: Gateway) -> None:
    key = await gateway.key(requests_per_minute=2)
    for streaming, left in ((False, "1"), (True, "0")):
        response = await gateway.client.post("/v1/chat/completions", json=chat(stream=streaming), headers=bearer(key))
        assert response.headers["x-ratelimit-limit-requests"] == "2"
        assert response.headers["x-ratelimit-remaining-requests"] == left
    refused = await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) >= 1
    assert (
        refused.headers["x-ratelimit-remaining-requests"] == "0" and "x-ratelimit-limit-tokens" not in refused.headers
    )


@pytest.mark.asyncio(loop_scope="function")
async def test_anthropic_routes_say_what_is_left_in_anthropics_words(gateway: Gateway) -> None:
    key = await gateway.key(requests_per_minute=2, tokens_per_minute=100_000)
    for streaming, left in ((False, "1"), (True, "0")):
        response = await gateway.client.post("/v1/messages", json=message(stream=streaming), headers=bearer(key))
        headers = response.headers
        assert response.status_code == 200 and headers["anthropic-ratelimit-requests-remaining"] == left
        assert 0 < int(headers["anthropic-ratelimit-tokens-remaining"]) < 100_000
        reset = dt.datetime.fromisoformat(headers["anthropic-ratelimit-requests-reset"])
        assert 0 < (reset - dt.datetime.now(dt.UTC)).total_seconds() <= 61
    refused = await gateway.client.post("/v1/messages", json=message(), headers=bearer(key))
    assert (refused.status_code, refused.headers["anthropic-ratelimit-requests-remaining"]) == (429, "0")
    assert not [name for name in refused.headers if name.startswith("x-ratelimit")]


@pytest.mark.asyncio(loop_scope="function")
async def test_an_upstreams_refusal_says_what_is_left_in_every_dialect(
    gateway: Gateway, upstream: ScriptedUpstream
) -> None:
    key = await gateway.key(requests_per_minute=60)
    for path in ("/v1/chat/completions", "/api/v1/chat/completions"):
        upstream.script = answer(b'{"error": {"message": "No."}}', status=422, content_type="application/json")
        response = await gateway.client.post(path, json=chat(), headers=bearer(key))
        assert response.status_code == 422 and response.headers["x-ratelimit-limit-requests"] == "60"


@pytest.mark.asyncio(loop_scope="function")
async def test_no_call_is_admitted_after_a_revocation_has_answered(gateway: Gateway) -> None:
    key = await gateway.key(requests_per_minute=0)
    key_id = key.removeprefix("op_")[:12]

    async def call() -> tuple[int, float]:
        response = await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
        return response.status_code, time.monotonic()

    async def revoke() -> float:
        await asyncio.sleep(0.1)
        assert (await gateway.admin.delete(f"/keys/{key_id}")).status_code == 200
        return time.monotonic()

    revoking = asyncio.ensure_future(revoke())
    before = [asyncio.ensure_future(call()) for _ in range(100)]
    await revoking
    after_it = await asyncio.gather(*(call() for _ in range(50)))
    assert {status for status, _ in after_it} == {401}
    statuses = [status for status, _ in await asyncio.gather(*before)]
    assert set(statuses) <= {200, 401}
    assert len(await gateway.rows(limit=500)) == statuses.count(200)


@pytest.mark.asyncio(loop_scope="function")
async def test_wrong_secrets_are_throttled_and_the_owner_is_not(gateway: Gateway) -> None:
    key, unused = await gateway.key(), await gateway.key()
    await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    wrong = [f"{unused[:-32]}{number:032}" for number in range(20)]
    asked = [gateway.client.get("/v1/models", headers=bearer(each)) for each in wrong]
    responses = await asyncio.gather(*asked)
    assert {response.status_code for response in responses} == {401, 429}
    refused = next(response for response in responses if response.status_code == 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 60 and refused.json()["error"]["code"] == "rate_limit_exceeded"
    open_mount = await gateway.client.get("/proxy/v1/models", headers=bearer(f"{unused[:-32]}{21:032}"))
    assert open_mount.status_code == 200, "where no key is needed a bad one is as good as none"
    mine = await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    assert mine.status_code == 200

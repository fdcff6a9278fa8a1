"""Responses: relayed to the providers that have them, streams charged once, failures in their own words."""

import json
from typing import Any

import httpx
import openai
import pytest
from openai import AsyncOpenAI

from tests.gateway import bearer, response
from tests.relaying import Relaying, charge_of
from tests.upstream import (
    Reply,
    answer_json,
    fin,
    finish,
    frame,
    hang,
    openai_response,
    reset,
    response_body,
    response_usage,
    responses_stream,
    stream,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

FAILED = {"code": "server_error", "message": "overloaded"}


def events(answer: httpx.Response) -> list[dict[str, Any]]:
    """The events of a stream, whose names are those in their data."""
    read = []
    for text in answer.text.removesuffix("\n\n").split("\n\n"):
        name, data = text.split("\n")
        read.append(json.loads(data.removeprefix("data: ")))
        assert name == f"event: {read[-1]['type']}"
    return read


async def test_a_response_goes_up_as_it_was_validated(way: Relaying) -> None:
    way.first.script = openai_response(usage=response_usage(11, 7, cached=4))
    body = response(
        "\u00e9", model="gpt-test", store=True, metadata={"a": "b"}, include=["x"], unknown={"x": [1.5, None]}
    )
    headers = {**bearer(way.key), "openai-beta": "x", "cookie": "a=b"}
    answer = await way.gateway.client.post("/v1/responses", json=body, headers=headers)
    assert answer.status_code == 200 and answer.json()["object"] == "response"
    sent = way.first.requests[-1]
    assert (sent.method, sent.path, sent.json()) == ("POST", "/v1/responses", body)
    assert sent.headers["openai-beta"] == "x" and "cookie" not in sent.headers
    assert sent.headers["authorization"].startswith("Bearer sk-upstream")
    row = await way.row_of(answer)
    assert (row["operation"], row["input_tokens"], row["cache_read_tokens"]) == ("create_response", 7, 4)
    assert charge_of(row) == ("posted", "0.000023", 7, 7, "reported")


async def test_a_stream_passes_unchanged_and_is_charged_once(way: Relaying) -> None:
    way.first.script = responses_stream(["Hel", "lo"], usage=response_usage(5, 2))
    answer = await way.response(stream=True)
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    read = events(answer)
    assert [each["sequence_number"] for each in read] == list(range(len(read)))
    assert "".join(each["delta"] for each in read if each["type"].endswith("text.delta")) == "Hello"
    assert read[-1]["type"] == "response.completed" and read[-1]["response"]["usage"]["output_tokens"] == 2
    assert "stream_options" not in way.first.requests[-1].json()
    assert charge_of(await way.row_of(answer)) == ("posted", "0.000009", 5, 2, "reported")


@pytest.mark.parametrize("streaming", [True, False])
async def test_usage_that_is_missing_is_estimated(way: Relaying, streaming: bool) -> None:
    way.first.script = (
        responses_stream(["Hello, world"], usage=None) if streaming else openai_response("Hello, world", None)
    )
    answer = await way.response(stream=streaming)
    assert charge_of(await way.row_of(answer)) == ("posted", "0.000008", 2, 3, "estimated")


async def test_a_response_that_reached_its_limit_is_complete(way: Relaying) -> None:
    way.first.script = responses_stream(
        last="response.incomplete", incomplete_details={"reason": "max_output_tokens"}, usage=response_usage(5, 2)
    )
    answer = await way.response(stream=True)
    assert events(answer)[-1]["type"] == "response.incomplete"
    assert charge_of(await way.row_of(answer))[1:] == ("0.000009", 5, 2, "reported")


@pytest.mark.parametrize("end", [finish, fin, reset, hang])
async def test_a_stream_that_breaks_off_ends_with_a_response_that_failed(way: Relaying, end: Reply) -> None:
    way.first.script = responses_stream(["Hello, world"], last=None, end=end)
    answer = await way.response(stream=True)
    last = events(answer)[-1]
    assert last["type"] == "response.failed" and last["response"]["status"] == "failed"
    assert last["response"]["error"]["code"] == "server_error" and "broke" in last["response"]["error"]["message"]
    assert charge_of(await way.row_of(answer)) == ("posted", "0.000008", 2, 3, "estimated")


@pytest.mark.parametrize("counted", [True, False])
async def test_nothing_follows_a_failure_of_the_provider(way: Relaying, counted: bool) -> None:
    used = response_usage(5, 2) if counted else None
    way.first.script = responses_stream(["Hello, world"], used, last="response.failed", error=FAILED)
    answer = await way.response("pooled", stream=True)
    last = events(answer)[-1]
    assert (last["type"], last["response"]["error"]) == ("response.failed", FAILED)
    assert way.second.requests == []
    row = charge_of(await way.row_of(answer))
    assert row[2:] == ((5, 2, "reported") if counted else (2, 3, "estimated"))


@pytest.mark.parametrize(
    "refusal",
    [
        stream([frame({"type": "error", "code": "x", "message": "overloaded", "param": None}, "error")]),
        stream([frame({"type": "response.failed", "response": response_body(error=FAILED)}, "response.failed")]),
        answer_json(response_body(error=FAILED, status="failed", output=[])),
    ],
)
async def test_a_failure_before_anything_is_delivered_is_the_next_providers_turn(way: Relaying, refusal: Reply) -> None:
    way.first.script = refusal
    answer = await way.response("pooled", stream=True)
    assert events(answer)[-1]["type"] == "response.completed"
    row = await way.row_of(answer)
    assert (row["provider"], row["cost_usd"], len(row["attempts"])) == ("second", "0.00025", 1)


async def test_a_response_in_the_background_is_refused_and_nothing_is_sent(way: Relaying) -> None:
    answer = await way.response(background=True)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "background")
    assert "knows what it costs" in answer.json()["error"]["message"]
    assert way.first.requests == []


async def test_a_model_whose_provider_has_no_responses_is_served_by_translation(way: Relaying) -> None:
    answer = await way.response("claude-solo")
    assert answer.status_code == 200 and answer.json()["object"] == "response"
    [asked] = way.first.requests
    assert asked.path == "/v1/messages" and asked.headers["anthropic-version"] == "2023-06-01"
    streamed = await way.response("claude-solo", stream=True)
    assert events(streamed)[-1]["type"] == "response.completed"
    assert (await way.row_of(streamed))["usage_source"] == "reported"


async def test_an_embedding_model_is_not_found_there(way: Relaying) -> None:
    answer = await way.response("embed-test")
    assert answer.status_code == 200, "an OpenAI provider may do with its models what it likes"
    message = {"model": "embed-test", "messages": [{"role": "user", "content": "x"}], "max_tokens": 5}
    refused = await way.gateway.client.post("/v1/messages", json=message, headers=bearer(way.key))
    assert refused.status_code == 404 and "another endpoint does" in refused.json()["error"]["message"]


async def test_the_quote_of_a_response_is_its_hold(way: Relaying) -> None:
    body = response(model="solo", instructions="Be brief.")
    quoted = await way.gateway.client.post("/v1/quote", json=body, headers=bearer(way.key))
    row = await way.row_of(await way.response(instructions="Be brief."))
    assert quoted.json()["operation"] == "create_response"
    assert quoted.json()["hold_usd"] == row["held_usd"]


# OpenAI's own client


@pytest.fixture
def client(way: Relaying) -> AsyncOpenAI:
    return AsyncOpenAI(api_key=way.key, base_url=f"{way.gateway.urls['main']}/v1", max_retries=0, timeout=10)


async def test_openais_client_reads_a_response(client: AsyncOpenAI) -> None:
    async with client:
        answer = await client.responses.create(model="solo", input="Hello!")
    assert (answer.output_text, answer.status) == ("Hello there", "completed")
    assert answer.usage is not None and answer.usage.total_tokens == 18
    assert answer._request_id is not None and answer._request_id.startswith("req_")


async def test_openais_client_reads_a_stream(client: AsyncOpenAI) -> None:
    async with client:
        read = [event async for event in await client.responses.create(model="solo", input="Hello!", stream=True)]
        assert "".join(event.delta for event in read if event.type == "response.output_text.delta") == "Hello there"
        assert read[-1].type == "response.completed"
        async with client.responses.stream(model="solo", input="Hello!") as running:
            assert (await running.get_final_response()).output_text == "Hello there"


async def test_openais_client_sees_a_failure_as_an_event(way: Relaying, client: AsyncOpenAI) -> None:
    way.first.script = responses_stream(["Hel"], last=None, end=reset)
    async with client:
        read = [event async for event in await client.responses.create(model="solo", input="Hello!", stream=True)]
    assert read[-1].type == "response.failed"
    assert read[-1].response.error is not None and "broke" in read[-1].response.error.message


async def test_openais_client_sees_why_a_request_is_refused(client: AsyncOpenAI) -> None:
    async with client:
        with pytest.raises(openai.BadRequestError) as refused:
            await client.responses.create(model="solo", input="Hello!", background=True)
    assert refused.value.param == "background"

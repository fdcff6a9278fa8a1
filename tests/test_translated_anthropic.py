"""Anthropic's own client where a provider of OpenAI's format serves the model."""

import json
from typing import Any

import anthropic
import pytest
from pydantic import BaseModel

from tests.translating import Translating, completion, function_call

pytestmark = pytest.mark.asyncio(loop_scope="module")
either = pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])

ASK: dict[str, Any] = {
    "model": "gpt-test",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Hello!"}],
}
WEATHER = {
    "name": "weather",
    "description": "The weather of now",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
TWO_CALLS = completion(
    "I look.",
    calls=[
        function_call("weather", "call_1", '{"city":"Bern"}'),
        function_call("weather", "call_2", '{"city":"Zürich"}'),
    ],
    reason="tool_calls",
)
ANSWER = completion("Rain in Bern, sun in Zürich.")


class City(BaseModel):
    name: str
    inhabitants: int


async def told_by(vendors: Translating, streaming: bool, **fields: Any) -> Any:
    """The message of an answer, put together by the client itself."""
    asked = {**ASK, **fields}
    if not streaming:
        return await vendors.anthropic.messages.create(**asked)
    async with vendors.anthropic.messages.stream(**asked) as events:
        return await events.get_final_message()


@either
async def test_a_message(vendors: Translating, streaming: bool) -> None:
    told = await told_by(vendors, streaming, system="One sentence.")
    assert [block.text for block in told.content] == ["Hello there"]
    assert (told.type, told.role, told.stop_reason) == ("message", "assistant", "end_turn")
    [asked] = vendors.gpt.asked
    assert asked["messages"][0] == {"role": "system", "content": "One sentence."}
    assert asked["max_completion_tokens"] == 100 and vendors.claude.asked == []
    await vendors.assert_charged("gpt-test", (11, 7, 0))


async def test_the_headers_say_who_served_it(vendors: Translating) -> None:
    raw = await vendors.anthropic.messages.with_raw_response.create(**ASK)
    assert raw.headers["x-tollhouse-provider"] == "gpt" and "x-tollhouse-dropped" not in raw.headers


async def test_text_comes_in_pieces_and_in_anthropics_order(vendors: Translating) -> None:
    kinds = [event.type async for event in await vendors.anthropic.messages.create(**ASK, stream=True)]
    assert kinds == [
        "message_start", "content_block_start", *["content_block_delta"] * 3, "content_block_stop", "message_delta",
        "message_stop",
    ]  # fmt: skip


@either
async def test_two_tools_are_called_and_their_results_sent_back(vendors: Translating, streaming: bool) -> None:
    vendors.gpt.tell(TWO_CALLS, ANSWER)
    told = await told_by(vendors, streaming, tools=[WEATHER])
    assert told.stop_reason == "tool_use"
    said, *calls = told.content
    assert said.text == "I look."
    assert [(call.id, call.name, call.input) for call in calls] == [
        ("call_1", "weather", {"city": "Bern"}),
        ("call_2", "weather", {"city": "Zürich"}),
    ]
    results = [
        {"type": "tool_result", "tool_use_id": call.id, "content": weather}
        for call, weather in zip(calls, ("12 °C, rain", "14 °C, sun"), strict=True)
    ]
    spoken = [block.model_dump(exclude_none=True, exclude={"parsed_output"}) for block in told.content]
    messages = [*ASK["messages"], {"role": "assistant", "content": spoken}, {"role": "user", "content": results}]
    last = await told_by(vendors, streaming, tools=[WEATHER], messages=messages)
    assert last.content[0].text == "Rain in Bern, sun in Zürich."
    second = vendors.gpt.asked[1]["messages"]
    assert [json.loads(call["function"]["arguments"])["city"] for call in second[1]["tool_calls"]] == ["Bern", "Zürich"]
    assert [(each["role"], each["tool_call_id"]) for each in second[2:]] == [("tool", "call_1"), ("tool", "call_2")]


async def test_arguments_come_in_pieces(vendors: Translating) -> None:
    vendors.gpt.tell(TWO_CALLS)
    pieces: dict[int, list[str]] = {}
    async for event in await vendors.anthropic.messages.create(**ASK, tools=[WEATHER], stream=True):
        if event.type == "content_block_delta" and event.delta.type == "input_json_delta":
            pieces.setdefault(event.index, []).append(event.delta.partial_json)
    assert list(pieces) == [1, 2] and all(len(found) > 2 for found in pieces.values())
    assert json.loads("".join(pieces[2])) == {"city": "Zürich"}


async def test_an_image_goes_up_as_openai_takes_it(vendors: Translating) -> None:
    source = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}
    content = [{"type": "text", "text": "What is it?"}, {"type": "image", "source": source}]
    await told_by(vendors, False, messages=[{"role": "user", "content": content}])
    [part] = [part for part in vendors.gpt.asked[0]["messages"][0]["content"] if part["type"] == "image_url"]
    assert part["image_url"]["url"] == "data:image/png;base64,iVBORw0KGgo="


async def test_an_answer_in_the_form_of_a_schema(vendors: Translating) -> None:
    vendors.gpt.tell(completion('{"name":"Bern","inhabitants":137000}'))
    answer = await vendors.anthropic.messages.parse(**ASK, output_format=City)
    assert answer.parsed_output == City(name="Bern", inhabitants=137_000)
    wanted = vendors.gpt.asked[0]["response_format"]["json_schema"]
    assert wanted["strict"] is True and set(wanted["schema"]["properties"]) == {"name", "inhabitants"}


@either
async def test_thoughts_reach_the_client(vendors: Translating, streaming: bool) -> None:
    vendors.gpt.tell(completion("Four.", reasoning_content="Two and two is four."))
    told = await told_by(vendors, streaming, thinking={"type": "enabled", "budget_tokens": 2048}, max_tokens=4096)
    thought, said = told.content
    assert (thought.type, thought.thinking, said.text) == ("thinking", "Two and two is four.", "Four.")
    assert vendors.gpt.asked[0]["reasoning_effort"] == "low"
    spoken = [block.model_dump(exclude_none=True, exclude={"parsed_output"}) for block in told.content]
    again = [*ASK["messages"], {"role": "assistant", "content": spoken}, {"role": "user", "content": "And three?"}]
    await told_by(vendors, streaming, messages=again)


@pytest.mark.parametrize(("reason", "stop_reason"), [("stop", "end_turn"), ("length", "max_tokens")])
@either
async def test_why_an_answer_stops(vendors: Translating, streaming: bool, reason: str, stop_reason: str) -> None:
    vendors.gpt.tell(completion("One, two", reason=reason))
    told = await told_by(vendors, streaming, stop_sequences=["three"])
    assert told.stop_reason == stop_reason and vendors.gpt.asked[0]["stop"] == ["three"]


@either
async def test_cached_tokens_are_told_and_charged_alike(vendors: Translating, streaming: bool) -> None:
    vendors.gpt.tell(completion("Hi", prompt=100, cached=70))
    usage = (await told_by(vendors, streaming)).usage
    assert (usage.input_tokens, usage.cache_read_input_tokens, usage.output_tokens) == (30, 70, 7)
    await vendors.assert_charged("gpt-test", (30, 7, 70))


async def test_fields_without_a_counterpart_are_named(vendors: Translating) -> None:
    system = [{"type": "text", "text": "One sentence.", "cache_control": {"type": "ephemeral"}}]
    raw = await vendors.anthropic.messages.with_raw_response.create(**ASK, system=system, extra_body={"top_k": 5})
    assert raw.headers["x-tollhouse-dropped"] == "system[text].cache_control, top_k"


async def test_a_field_that_cannot_be_said_is_refused_by_name_and_costs_nothing(vendors: Translating) -> None:
    with pytest.raises(anthropic.BadRequestError) as refused:
        await told_by(vendors, False, tools=[{"type": "web_search_20250305", "name": "web_search"}])
    assert refused.value.body["error"]["type"] == "invalid_request_error"
    assert "`tools[web_search_20250305]`" in refused.value.body["error"]["message"]
    row = await vendors.row()
    assert (row["state"], row["cost_usd"]) == ("voided", "0") and vendors.gpt.asked == []

"""OpenAI's own client asking for responses where providers serve chats or messages: one translation, and two in a row."""

import json
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from tests.translating import Translating, Vendor, completion, function_call, message, tool_use

pytestmark = pytest.mark.asyncio(loop_scope="module")
everywhere = pytest.mark.parametrize("model", ["gpt-test", "claude-test"])
either = pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])

WEATHER = {
    "type": "function",
    "name": "weather",
    "description": "The weather of now",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    "strict": False,
}
CALLS = {
    "gpt-test": completion(
        "I look.",
        calls=[
            function_call("weather", "call_1", '{"city":"Bern"}'),
            function_call("weather", "call_2", '{"city":"Zürich"}'),
        ],
        reason="tool_calls",
    ),
    "claude-test": message(
        {"type": "text", "text": "I look."},
        tool_use("weather", "call_1", city="Bern"),
        tool_use("weather", "call_2", city="Zürich"),
        stop_reason="tool_use",
    ),
}


class City(BaseModel):
    name: str
    inhabitants: int


def vendor_of(vendors: Translating, model: str) -> Vendor:
    return vendors.gpt if model == "gpt-test" else vendors.claude


def saying(model: str, text: str, **counts: int) -> dict[str, Any]:
    """An answer in the format of a model's provider."""
    return completion(text) if model == "gpt-test" else message({"type": "text", "text": text})


async def told_by(vendors: Translating, streaming: bool, **asked: Any) -> Any:
    """The response, put together by the client itself."""
    asked.setdefault("input", "Hello!")
    if not streaming:
        return await vendors.openai.responses.create(**asked)
    async with vendors.openai.responses.stream(**asked) as events:
        numbers = [event.sequence_number async for event in events]
        assert numbers == sorted(numbers)
        return await events.get_final_response()


def sent_back(told: Any) -> list[dict[str, Any]]:
    """The items of a response as a client sends them with its next question: without what it parsed itself."""
    ours = {"parsed_arguments": True, "content": {"__all__": {"parsed"}}}
    return [item.model_dump(exclude_none=True, exclude=ours) for item in told.output]


@everywhere
@either
async def test_a_response(vendors: Translating, model: str, streaming: bool) -> None:
    told = await told_by(vendors, streaming, model=model, instructions="One sentence.", max_output_tokens=100)
    assert (told.status, told.output_text) == ("completed", "Hello there")
    assert told.usage is not None and (told.usage.input_tokens, told.usage.output_tokens) == (11, 7)
    assert "One sentence." in json.dumps(vendor_of(vendors, model).asked)
    await vendors.assert_charged(model, (11, 7, 0))


@everywhere
@either
async def test_two_tools_are_called_and_their_results_sent_back(
    vendors: Translating, model: str, streaming: bool
) -> None:
    vendor = vendor_of(vendors, model)
    vendor.tell(CALLS[model], saying(model, "Rain in Bern, sun in Zürich."))
    told = await told_by(vendors, streaming, model=model, tools=[WEATHER])
    assert told.output_text == "I look."
    calls = [item for item in told.output if item.type == "function_call"]
    assert [(call.call_id, json.loads(call.arguments)["city"]) for call in calls] == [
        ("call_1", "Bern"),
        ("call_2", "Zürich"),
    ]
    items = sent_back(told)
    results = [
        {"type": "function_call_output", "call_id": call.call_id, "output": weather}
        for call, weather in zip(calls, ("12 °C, rain", "14 °C, sun"), strict=True)
    ]
    asked = [{"role": "user", "content": "What is the weather in Bern, and in Zürich?"}, *items, *results]
    last = await told_by(vendors, streaming, model=model, tools=[WEATHER], input=asked)
    assert last.output_text == "Rain in Bern, sun in Zürich."
    assert all(each in json.dumps(vendor.asked[1]["messages"][2:], ensure_ascii=False) for each in ("12 °C", "call_2"))


@everywhere
async def test_arguments_come_in_pieces(vendors: Translating, model: str) -> None:
    vendor_of(vendors, model).tell(CALLS[model])
    pieces: dict[int, list[str]] = {}
    async for event in await vendors.openai.responses.create(model=model, input="?", tools=[WEATHER], stream=True):
        if event.type == "response.function_call_arguments.delta":
            pieces.setdefault(event.output_index, []).append(event.delta)
    assert list(pieces) == [1, 2] and all(len(found) > 2 for found in pieces.values())
    assert json.loads("".join(pieces[2])) == {"city": "Zürich"}


@everywhere
async def test_an_answer_in_the_form_of_a_schema(vendors: Translating, model: str) -> None:
    vendor_of(vendors, model).tell(saying(model, '{"name":"Bern","inhabitants":137000}'))
    answer = await vendors.openai.responses.parse(model=model, input="Bern?", text_format=City)
    assert answer.output_parsed == City(name="Bern", inhabitants=137_000)


@everywhere
async def test_an_image_goes_up(vendors: Translating, model: str) -> None:
    parts = [
        {"type": "input_text", "text": "What is it?"},
        {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo=", "detail": "auto"},
    ]
    await told_by(vendors, False, model=model, input=[{"role": "user", "content": parts}])
    assert "iVBORw0KGgo=" in json.dumps(vendor_of(vendors, model).asked)


@either
async def test_thoughts_reach_the_client_and_go_back_as_they_were(vendors: Translating, streaming: bool) -> None:
    thought = {"type": "thinking", "thinking": "Hm, hello?", "signature": "c2ln"}
    vendors.claude.tell(message(thought, {"type": "text", "text": "Hello!"}))
    told = await told_by(vendors, streaming, model="claude-test", reasoning={"effort": "low"})
    assert [item.type for item in told.output] == ["reasoning", "message"]
    asked = [{"role": "user", "content": "Hello!"}, *sent_back(told), {"role": "user", "content": "And?"}]
    await told_by(vendors, streaming, model="claude-test", input=asked)
    first, second = vendors.claude.asked
    assert first["output_config"]["effort"] == "low"
    assert second["messages"][1]["content"][0] == thought


@everywhere
@either
async def test_an_answer_that_reached_its_limit_is_incomplete(
    vendors: Translating, model: str, streaming: bool
) -> None:
    cut = {"gpt-test": completion("One, two", reason="length")}
    cut["claude-test"] = message({"type": "text", "text": "One, two"}, stop_reason="max_tokens")
    vendor_of(vendors, model).tell(cut[model])
    asked: dict[str, Any] = {"model": model, "input": "Count.", "max_output_tokens": 5, "stream": streaming}
    told: Any = await vendors.openai.responses.create(**asked)
    if streaming:
        last = [event async for event in told][-1]
        assert last.type == "response.incomplete"
        told = last.response
    assert (told.status, told.incomplete_details.reason) == ("incomplete", "max_output_tokens")


@either
async def test_cached_tokens_are_told_and_charged_alike(vendors: Translating, streaming: bool) -> None:
    vendors.claude.tell(message({"type": "text", "text": "Hi"}, input_tokens=30, cache_read_input_tokens=70))
    usage = (await told_by(vendors, streaming, model="claude-test")).usage
    assert (usage.input_tokens, usage.input_tokens_details.cached_tokens, usage.output_tokens) == (100, 70, 7)
    await vendors.assert_charged("claude-test", (30, 7, 70))


@everywhere
async def test_fields_without_a_counterpart_are_named(vendors: Translating, model: str) -> None:
    raw = await vendors.openai.responses.with_raw_response.create(
        model=model, input="Hello!", truncation="auto", max_tool_calls=2
    )
    assert raw.headers["x-tollhouse-dropped"] == "max_tool_calls, truncation"


@everywhere
async def test_a_field_that_cannot_be_said_is_refused_by_name_and_costs_nothing(
    vendors: Translating, model: str
) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        await told_by(vendors, False, model=model, previous_response_id="resp_1")
    assert refused.value.param == "previous_response_id"
    row = await vendors.row()
    assert (row["state"], row["cost_usd"]) == ("voided", "0") and vendor_of(vendors, model).asked == []

"""OpenAI's own client, and LangChain on top of it, where a provider of Anthropic's format serves the model."""

import json
from typing import Any

import openai
import pytest
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

from tests.translating import Translating, message, tool_use

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASK: dict[str, Any] = {"model": "claude-test", "messages": [{"role": "user", "content": "Hello!"}]}
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of now",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
TWO_CALLS = message(
    {"type": "text", "text": "I look."},
    tool_use("weather", "toolu_1", city="Bern"),
    tool_use("weather", "toolu_2", city="Zürich"),
    stop_reason="tool_use",
)
ANSWER = message({"type": "text", "text": "Rain in Bern, sun in Zürich."})
PIXEL = "data:image/png;base64,iVBORw0KGgo="


class City(BaseModel):
    name: str
    inhabitants: int


async def test_a_chat(vendors: Translating) -> None:
    raw = await vendors.openai.chat.completions.with_raw_response.create(**ASK)
    answer = raw.parse()
    assert answer.choices[0].message.content == "Hello there" and answer.choices[0].finish_reason == "stop"
    assert (answer.object, raw.headers["x-tollhouse-provider"]) == ("chat.completion", "claude")
    assert "x-tollhouse-dropped" not in raw.headers
    assert vendors.claude.asked[0]["max_tokens"] == 1000, "Anthropic wants a limit: the model's own"
    await vendors.assert_charged("claude-test", (11, 7, 0))


async def test_a_streamed_chat_with_its_usage(vendors: Translating) -> None:
    chunks = [
        chunk
        async for chunk in await vendors.openai.chat.completions.create(
            **ASK, stream=True, stream_options={"include_usage": True}
        )
    ]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks[:-1]) == "Hello there"
    assert [chunk.usage for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert chunks[-1].choices == [] and chunks[-1].usage is not None and chunks[-1].usage.total_tokens == 18
    await vendors.assert_charged("claude-test", (11, 7, 0))


async def test_a_stream_has_no_usage_unless_it_was_asked_for_and_is_charged_all_the_same(vendors: Translating) -> None:
    chunks = [chunk async for chunk in await vendors.openai.chat.completions.create(**ASK, stream=True)]
    assert all(chunk.choices and chunk.usage is None for chunk in chunks)
    await vendors.assert_charged("claude-test", (11, 7, 0))


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
async def test_two_tools_are_called_and_their_results_sent_back(vendors: Translating, streaming: bool) -> None:
    vendors.claude.tell(TWO_CALLS, ANSWER)
    messages: list[Any] = [
        {"role": "system", "content": "One sentence."},
        {"role": "user", "content": "What is the weather in Bern, and in Zürich?"},
    ]
    told = await told_by(vendors, streaming, messages=messages, tools=[WEATHER], parallel_tool_calls=True)
    assert told["content"] == "I look."
    calls = told["tool_calls"]
    assert [json.loads(call["function"]["arguments"]) for call in calls] == [{"city": "Bern"}, {"city": "Zürich"}]
    assert [(call["id"], call["function"]["name"]) for call in calls] == [
        ("toolu_1", "weather"),
        ("toolu_2", "weather"),
    ]
    results = [
        {"role": "tool", "tool_call_id": call["id"], "content": weather}
        for call, weather in zip(calls, ("12 °C, rain", "14 °C, sun"), strict=True)
    ]
    told = await told_by(vendors, streaming, messages=[*messages, told, *results], tools=[WEATHER])
    assert told["content"] == "Rain in Bern, sun in Zürich."
    first, second = vendors.claude.asked
    assert first["system"] == "One sentence." and first["tools"][0]["name"] == "weather"
    assert [block["type"] for block in second["messages"][1]["content"]] == ["text", "tool_use", "tool_use"]
    assert [block["tool_use_id"] for block in second["messages"][2]["content"]] == ["toolu_1", "toolu_2"]


async def told_by(vendors: Translating, streaming: bool, **fields: Any) -> dict[str, Any]:
    """The message of an answer, as a client sends it back."""
    asked = {**ASK, **fields}
    if streaming:
        async with vendors.openai.chat.completions.stream(**asked) as events:
            answer = await events.get_final_completion()
    else:
        answer = await vendors.openai.chat.completions.create(**asked)
    choice = answer.choices[0]
    assert choice.finish_reason == ("tool_calls" if choice.message.tool_calls else "stop")
    kept = choice.message.model_dump(exclude_none=True, include={"role", "content", "tool_calls"})
    for call in kept.get("tool_calls", ()):
        call.pop("index", None)
        call["function"].pop("parsed_arguments", None)
    return kept


async def test_arguments_come_in_pieces(vendors: Translating) -> None:
    vendors.claude.tell(TWO_CALLS)
    pieces: dict[int, list[str]] = {0: [], 1: []}
    async for chunk in await vendors.openai.chat.completions.create(**ASK, tools=[WEATHER], stream=True):
        for call in chunk.choices[0].delta.tool_calls or ():
            assert call.function is not None
            pieces[call.index] += [call.function.arguments] if call.function.arguments else []
    assert all(len(found) > 2 for found in pieces.values())
    assert json.loads("".join(pieces[1])) == {"city": "Zürich"}


async def test_an_image_goes_up_as_anthropic_takes_it(vendors: Translating) -> None:
    content = [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": PIXEL}}]
    await vendors.openai.chat.completions.create(model="claude-test", messages=[{"role": "user", "content": content}])
    source = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}
    assert vendors.claude.asked[0]["messages"][0]["content"][1] == {"type": "image", "source": source}


async def test_an_answer_in_the_form_of_a_schema(vendors: Translating) -> None:
    vendors.claude.tell(message({"type": "text", "text": '{"name":"Bern","inhabitants":137000}'}))
    answer = await vendors.openai.chat.completions.parse(**ASK, response_format=City)
    assert answer.choices[0].message.parsed == City(name="Bern", inhabitants=137_000)
    wanted = vendors.claude.asked[0]["output_config"]["format"]
    assert wanted["type"] == "json_schema" and set(wanted["schema"]["properties"]) == {"name", "inhabitants"}


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
async def test_thoughts_reach_the_client_and_go_back_as_they_were(vendors: Translating, streaming: bool) -> None:
    vendors.claude.tell(
        message({"type": "thinking", "thinking": "Hm, hello?", "signature": "c2ln"}, *ANSWER["content"])
    )
    if streaming:
        async with vendors.openai.chat.completions.stream(**ASK, reasoning_effort="low") as events:
            answer: Any = await events.get_final_completion()
    else:
        answer = await vendors.openai.chat.completions.create(**ASK, reasoning_effort="low")
    told = answer.choices[0].message
    assert told.reasoning_content == "Hm, hello?" and told.content == "Rain in Bern, sun in Zürich."
    again = {"role": "assistant", "content": told.content, "reasoning_details": told.reasoning_details}
    await vendors.openai.chat.completions.create(
        **{**ASK, "messages": [*ASK["messages"], again, {"role": "user", "content": "And?"}]}
    )
    first, second = vendors.claude.asked
    assert (first["thinking"], first["output_config"]["effort"]) == ({"type": "adaptive"}, "low")
    assert second["messages"][1]["content"][0] == {"type": "thinking", "thinking": "Hm, hello?", "signature": "c2ln"}


@pytest.mark.parametrize(("stop_reason", "reason"), [("stop_sequence", "stop"), ("max_tokens", "length")])
@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
async def test_why_an_answer_stops(vendors: Translating, streaming: bool, stop_reason: str, reason: str) -> None:
    vendors.claude.tell(message({"type": "text", "text": "One, two"}, stop_reason=stop_reason))
    answer: Any = await vendors.openai.chat.completions.create(**ASK, stop=["three"], max_tokens=5, stream=streaming)
    last = [chunk async for chunk in answer][-1] if streaming else answer
    assert last.choices[0].finish_reason == reason
    assert (vendors.claude.asked[0]["stop_sequences"], vendors.claude.asked[0]["max_tokens"]) == (["three"], 5)


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
async def test_cached_tokens_are_told_and_charged_alike(vendors: Translating, streaming: bool) -> None:
    vendors.claude.tell(message({"type": "text", "text": "Hi"}, input_tokens=30, cache_read_input_tokens=70))
    fields: Any = {"stream": True, "stream_options": {"include_usage": True}} if streaming else {}
    answer: Any = await vendors.openai.chat.completions.create(**ASK, **fields)
    usage = ([chunk async for chunk in answer][-1] if streaming else answer).usage
    assert (usage.prompt_tokens, usage.prompt_tokens_details.cached_tokens, usage.completion_tokens) == (100, 70, 7)
    await vendors.assert_charged("claude-test", (30, 7, 70))


async def test_fields_without_a_counterpart_are_named(vendors: Translating) -> None:
    raw = await vendors.openai.chat.completions.with_raw_response.create(
        **ASK, seed=7, frequency_penalty=0.5, extra_body={"mirostat": 2}
    )
    assert raw.headers["x-tollhouse-dropped"] == "frequency_penalty, mirostat, seed"


async def test_a_field_that_cannot_be_said_is_refused_by_name_and_costs_nothing(vendors: Translating) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        await vendors.openai.chat.completions.create(**ASK, logprobs=True)
    assert refused.value.param == "logprobs" and "`logprobs`" in refused.value.message
    row = await vendors.row()
    assert (row["state"], row["cost_usd"]) == ("voided", "0") and vendors.claude.asked == []


async def test_langchain_calls_tools(vendors: Translating) -> None:
    @tool
    def weather(city: str) -> str:
        """The weather of now."""
        return {"Bern": "12 °C, rain", "Zürich": "14 °C, sun"}[city]

    vendors.claude.tell(TWO_CALLS, ANSWER)
    base = f"{vendors.gateway.urls['main']}/v1"
    client = ChatOpenAI(model="claude-test", api_key=vendors.key, base_url=base, max_retries=0, stream_usage=True)
    model = client.bind_tools([weather])
    asked: list[Any] = [HumanMessage("What is the weather in Bern, and in Zürich?")]
    chosen = await model.ainvoke(asked)
    assert [call["args"] for call in chosen.tool_calls] == [{"city": "Bern"}, {"city": "Zürich"}]
    results = [ToolMessage(weather.invoke(call["args"]), tool_call_id=call["id"]) for call in chosen.tool_calls]
    streamed = [part async for part in model.astream([*asked, chosen, *results])]
    assert "".join(str(part.text) for part in streamed) == "Rain in Bern, sun in Zürich."
    usage = next(part.usage_metadata for part in streamed if part.usage_metadata)
    assert (usage["input_tokens"], usage["output_tokens"]) == (11, 7)
    assert [block["type"] for block in vendors.claude.asked[1]["messages"][-1]["content"]] == ["tool_result"] * 2

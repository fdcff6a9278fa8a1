"""Two translations as one: a client of responses on an upstream of messages."""

import json
from typing import Any

import pytest
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from tollhouse.dialects.chat_on_messages import CHAT_ON_MESSAGES
from tollhouse.dialects.composed import compose
from tollhouse.dialects.responses_on_chat import RESPONSES_ON_CHAT
from tollhouse.dialects.translation import DROPPED, MAPPED, REFUSED
from tollhouse.errors import InvalidRequest

BOTH = compose(RESPONSES_ON_CHAT, CHAT_ON_MESSAGES)
EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
REQUEST = {"model": "m", "input": "Hi", "max_output_tokens": 9}
TOOL = {"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}}


def events(*frames: dict[str, Any]) -> list[dict[str, Any]]:
    stream = BOTH.frames(REQUEST, created_s=7)
    written = b"".join([*(stream.feed(json.dumps(frame).encode()) for frame in frames), stream.end()])
    found = [json.loads(text.split("\ndata: ")[1]) for text in written.decode().removesuffix("\n\n").split("\n\n")]
    assert all(EVENT.validate_python(event).type == event["type"] for event in found)
    return found


def block(index: int, begun: dict[str, Any], *deltas: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"type": "content_block_start", "index": index, "content_block": begun},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


MESSAGE = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "stop_reason": "tool_use",
           "usage": {"input_tokens": 11, "output_tokens": 7}}  # fmt: skip
THINKING = {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"}
USE = {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}}


def test_a_composition_is_between_its_ends() -> None:
    assert (BOTH.client, BOTH.upstream) == ("responses", "messages")


def test_a_request_goes_through_both() -> None:
    translated = BOTH.request({**REQUEST, "instructions": "Be brief.", "store": True, "service_tier": "auto"})
    assert translated.body["system"] == "Be brief." and translated.body["max_tokens"] == 9
    assert translated.body["messages"] == [{"role": "user", "content": "Hi"}]
    assert {"store"} <= set(translated.dropped)
    assert BOTH.request({"model": "m", "input": "Hi"}, max_output_tokens=77).body["max_tokens"] == 77


def test_what_the_second_refuses_has_the_clients_name() -> None:
    with pytest.raises(InvalidRequest) as refused:
        BOTH.request({**REQUEST, "tools": [{"type": "custom", "name": "sql"}]})
    assert refused.value.param == "tools[custom]" and "`tools[custom]`" in refused.value.message
    with pytest.raises(InvalidRequest) as refused:
        BOTH.request({**REQUEST, "top_logprobs": 2})
    assert refused.value.param in ("top_logprobs", "include")


def test_an_answer_and_a_stream_say_the_same() -> None:
    whole = BOTH.answer(
        {**MESSAGE, "content": [THINKING, {"type": "text", "text": "Hello"}, USE]}, REQUEST, created_s=7
    )
    streamed = events(
        {"type": "message_start", "message": {**MESSAGE, "content": []}},
        *block(0, {"type": "thinking", "thinking": ""}, {"type": "thinking_delta", "thinking": "Hm."},
               {"type": "signature_delta", "signature": "c2ln"}),
        *block(1, {"type": "text", "text": ""}, {"type": "text_delta", "text": "Hel"}, {"type": "text_delta", "text": "lo"}),
        *block(2, USE, {"type": "input_json_delta", "partial_json": "{}"}),
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 7}},
        {"type": "message_stop"},
    )  # fmt: skip
    assert [item["type"] for item in whole["output"]] == ["reasoning", "message", "function_call"]
    assert streamed[-1]["type"] == "response.completed"
    assert streamed[-1]["response"]["output"] == whole["output"]
    assert whole["usage"]["total_tokens"] == 18 and streamed[-1]["response"]["usage"] == whole["usage"]


def test_a_signed_thought_comes_back_to_the_provider_that_signed_it() -> None:
    output = BOTH.answer({**MESSAGE, "content": [THINKING, USE]}, REQUEST)["output"]
    done = {"type": "function_call_output", "call_id": output[1]["call_id"], "output": "sunny"}
    again = {**REQUEST, "input": [{"role": "user", "content": "Hi"}, *output, done], "tools": [TOOL]}
    [_, turn, _] = BOTH.request(again).body["messages"]
    assert turn["content"] == [THINKING, USE]


def test_a_failure_of_upstream_is_a_response_that_failed() -> None:
    found = events(
        {"type": "message_start", "message": {**MESSAGE, "content": []}},
        {"type": "error", "error": {"type": "overloaded_error", "message": "overloaded"}},
    )
    assert found[-1]["type"] == "response.failed" and found[-1]["response"]["error"]["message"] == "overloaded"


def test_the_table_says_what_becomes_of_a_field_in_the_end() -> None:
    rows = {field.path: field for field in BOTH.request_fields}
    assert (rows["max_output_tokens"].treatment, rows["max_output_tokens"].becomes) == (MAPPED, "max_tokens")
    assert rows["store"].treatment == DROPPED
    chat = {field.path: field for field in CHAT_ON_MESSAGES.request_fields}
    assert rows["service_tier"].treatment == chat["service_tier"].treatment
    answers = {field.path: field for field in BOTH.answer_fields}
    assert answers["usage.output_tokens"].becomes == "usage.output_tokens"
    assert rows["tool_choice.mode"].treatment == REFUSED  # as the choice that it is in
    assert rows["tools[custom]"].treatment == REFUSED and "tools[custom].name" not in rows

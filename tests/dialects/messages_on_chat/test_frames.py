"""Chunks as Anthropic's events: what a fold of well-formed streams does not show."""

import json
from typing import Any

import pytest

from tests.dialects.streams import events, folded_message, translated
from tollhouse.dialects.messages_on_chat.frames import frames


def chunk(reason: str | None = None, **delta: Any) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "model": "gpt", "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}


def called(index: int, arguments: str = "", **fields: Any) -> dict[str, Any]:
    return chunk(
        tool_calls=[{"index": index, "function": {"arguments": arguments, **fields.pop("function", {})}, **fields}]
    )


USAGE = {"id": "chatcmpl-1", "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}}


def kinds(stream: bytes) -> list[str]:
    return [event["type"] for _, event in events(stream)]


def test_a_stream_has_all_events_in_order_and_waits_for_the_usage() -> None:
    stream = translated(
        frames({}), [chunk(role="assistant", content=""), chunk(content="4"), chunk("stop"), USAGE, b"[DONE]"]
    )
    assert kinds(stream) == [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    usage = events(stream)[-2][1]["usage"]
    assert (usage["input_tokens"], usage["output_tokens"]) == (9, 5)


def test_the_start_tells_the_input_where_upstream_tells_it_early() -> None:
    early = {**chunk(role="assistant"), "usage": {"prompt_tokens": 9, "completion_tokens": 0}}
    start = events(frames({}).feed(json.dumps(early).encode()))[0][1]
    assert start["message"]["usage"]["input_tokens"] == 9


def test_thoughts_end_where_the_text_begins() -> None:
    stream = translated(
        frames({}), [chunk(reasoning_content="H"), chunk(reasoning="m."), chunk(content="4"), chunk("stop")]
    )
    assert [block["type"] for block in folded_message(stream)["content"]] == ["thinking", "text"]
    assert kinds(stream)[4:6] == ["content_block_stop", "content_block_start"]


def test_two_calls_may_alternate_and_both_stop_at_the_end() -> None:
    told = [
        called(0, id="a", function={"name": "f"}),
        called(1, id="b", function={"name": "g"}),
        *(called(index, piece) for piece in ('{"x":', "1}") for index in (0, 1)),
        chunk("tool_calls"),
    ]
    message = folded_message(translated(frames({}), told))
    assert [(block["id"], block["name"], block["input"]) for block in message["content"]] == [
        ("a", "f", {"x": 1}),
        ("b", "g", {"x": 1}),
    ]
    assert message["stop_reason"] == "tool_use"


@pytest.mark.parametrize("function", [{}, {"name": ""}, {"name": 7}])
def test_a_call_of_nothing_is_an_error(function: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        translated(frames({}), [called(0, id="a", function=function)])


def test_a_second_choice_is_not_told() -> None:
    other = {"choices": [{"index": 1, "delta": {"content": "no"}, "finish_reason": "stop"}]}
    assert kinds(translated(frames({"model": "m"}), [other])) == ["message_start", "message_delta", "message_stop"]


def test_an_error_is_in_the_clients_format_and_nothing_follows_it() -> None:
    error = {"error": {"message": "Slow down", "type": "rate_limit_error"}}
    assert events(translated(frames({}), [error, chunk(content="4")])) == [
        ("error", {"type": "error", "error": {"type": "rate_limit_error", "message": "Slow down"}, "request_id": None})
    ]


def test_an_absurd_count_is_an_error_at_once() -> None:
    with pytest.raises(ValueError):
        frames({}).feed(b'{"choices":[],"usage":{"prompt_tokens":-1,"completion_tokens":1}}')

"""Anthropic's events as chunks: what a fold of well-formed streams does not show."""

from typing import Any

import pytest

from tests.dialects.streams import events, folded_completion, translated
from tollhouse.dialects.chat_on_messages.frames import frames

START = {
    "type": "message_start",
    "message": {"id": "msg_1", "model": "claude", "usage": {"input_tokens": 3, "output_tokens": 1}},
}
USE = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {}}
END = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 5}}
USAGE = {"stream_options": {"include_usage": True}}


def begun(index: int, block: dict[str, Any]) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": block}


def delta(index: int, **fields: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": fields}


def stopped(index: int) -> dict[str, Any]:
    return {"type": "content_block_stop", "index": index}


def test_usage_comes_only_to_those_who_asked() -> None:
    asked = events(translated(frames(USAGE), [START, END]))
    assert asked[-2][1]["choices"] == [] and asked[-2][1]["usage"]["total_tokens"] == 8
    assert asked[-1][1] == "[DONE]"
    unasked = events(translated(frames({"stream_options": {"include_usage": False}}), [START, END]))
    assert len(unasked) == len(asked) - 1 and all("usage" not in chunk for _, chunk in unasked[:-1])


def test_a_later_input_count_replaces_the_first() -> None:
    end = {**END, "usage": {"input_tokens": 9, "cache_read_input_tokens": 4, "output_tokens": 5}}
    usage = events(translated(frames(USAGE), [START, end]))[-2][1]["usage"]
    assert usage["prompt_tokens"] == 13 and usage["prompt_tokens_details"] == {"cached_tokens": 4}


def test_a_first_chunk_says_who_speaks_and_every_frame_comes_at_once() -> None:
    stream = frames({}, created_s=7)
    assert b'"role":"assistant"' in stream.feed(b'{"type":"message_start","message":{"id":"a","model":"m"}}')
    assert stream.feed(b'{"type":"ping"}') == stream.feed(b'{"type":"a_future_event"}') == stream.feed(b"7") == b""
    chunk = stream.feed('{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"ü"}}'.encode())
    assert (
        chunk
        == (
            'data: {"id":"a","object":"chat.completion.chunk","created":7,"model":"m","choices":'
            '[{"index":0,"delta":{"content":"ü"},"finish_reason":null}]}\n\n'
        ).encode()
    )


def test_arguments_of_two_calls_that_come_alternately_stay_apart() -> None:
    second = {**USE, "id": "toolu_2"}
    piece = [delta(at, type="input_json_delta", partial_json=text) for text in ('{"a":', "1}") for at in (1, 2)]
    whole = folded_completion(
        translated(frames({}), [START, begun(1, USE), begun(2, second), *piece, stopped(1), stopped(2), END])
    )
    calls = whole["choices"][0]["message"]["tool_calls"]
    assert [(call["id"], call["function"]["arguments"]) for call in calls] == [
        ("toolu_1", '{"a":1}'),
        ("toolu_2", '{"a":1}'),
    ]


@pytest.mark.parametrize(("given", "arguments"), [({}, "{}"), ({"a": 1}, '{"a":1}')])
def test_a_call_without_pieces_has_the_arguments_of_its_start(given: dict[str, Any], arguments: str) -> None:
    empty = delta(0, type="input_json_delta", partial_json="")
    whole = folded_completion(
        translated(frames({}), [START, begun(0, {**USE, "input": given}), empty, stopped(0), END])
    )
    assert whole["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"] == arguments


def test_the_providers_own_tools_are_not_told() -> None:
    own = {"type": "server_tool_use", "id": "srv", "name": "web_search", "input": {}}
    seen = [START, begun(0, own), delta(0, type="input_json_delta", partial_json='{"q":1}'), stopped(0), END]
    assert translated(frames({}), seen) == translated(frames({}), [START, END])


def test_an_error_is_in_the_clients_format_and_nothing_follows_it() -> None:
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    told = events(translated(frames(USAGE), [START, error, END]))
    assert told[1:] == [
        (None, {"error": {"message": "Overloaded", "type": "server_error", "param": None, "code": "upstream_error"}})
    ]


def test_a_stream_that_never_began_still_ends_as_one() -> None:
    told = events(translated(frames({"model": "m"}), []))
    assert told[0][1]["choices"][0]["finish_reason"] == "stop" and told[0][1]["model"] == "m"
    assert told[1][1] == "[DONE]"

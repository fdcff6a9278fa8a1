"""The Anthropic format: usage with its caches, frames, sizes of requests."""

import json
from typing import Any

import pytest

from tests.dialects.test_base import ABSURD
from tollhouse.billing.pricing import Usage
from tollhouse.dialects.anthropic import body_counts, body_text_bytes, input_usage, measure, output_tokens, read_event
from tollhouse.dialects.base import Event


def usage(reported: dict[str, Any]) -> tuple[Usage | None, int | None]:
    counts = body_counts({"usage": reported})
    assert counts is not None
    return input_usage(counts), output_tokens(counts)


def frame(**body: Any) -> Event:
    return read_event(json.dumps(body).encode())


def test_input_and_output_are_taken_as_they_are() -> None:
    assert usage({"input_tokens": 11, "output_tokens": 7}) == (Usage(input=11), 7)


def test_cache_reads_are_not_inside_the_input() -> None:
    assert usage({"input_tokens": 1, "cache_read_input_tokens": 50})[0] == Usage(input=1, cache_read=50)


@pytest.mark.parametrize("split", [None, {}, {"ephemeral_5m_input_tokens": None, "ephemeral_1h_input_tokens": None}])
def test_cache_writes_without_a_split_live_five_minutes(split: object) -> None:
    reported = {"input_tokens": 1, "cache_creation_input_tokens": 100, "cache_creation": split}
    assert usage(reported)[0] == Usage(input=1, cache_write_5m=100)


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        ({"ephemeral_5m_input_tokens": 60, "ephemeral_1h_input_tokens": 40}, (60, 40)),
        ({"ephemeral_1h_input_tokens": 100}, (0, 100)),
        ({"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 0}, (100, 0)),
        ({"ephemeral_1h_input_tokens": 40}, (60, 40)),  # what the split leaves out is not free
        ({"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}, (100, 0)),
        ({"ephemeral_5m_input_tokens": 90, "ephemeral_1h_input_tokens": 40}, (90, 40)),
    ],
)
def test_cache_writes_are_split_as_reported(split: dict[str, int], expected: tuple[int, int]) -> None:
    reported = {"input_tokens": 1, "cache_creation_input_tokens": 100, "cache_creation": split}
    assert usage(reported)[0] == Usage(input=1, cache_write_5m=expected[0], cache_write_1h=expected[1])


def test_a_split_without_its_sum_counts() -> None:
    reported = {"input_tokens": 1, "cache_creation": {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 4}}
    assert usage(reported)[0] == Usage(input=1, cache_write_5m=3, cache_write_1h=4)


@pytest.mark.parametrize(
    "name", ["input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]
)
@pytest.mark.parametrize("value", ABSURD)
def test_absurd_counts_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError):
        usage({"input_tokens": 1, "output_tokens": 1, name: value})


@pytest.mark.parametrize("value", ABSURD)
def test_an_absurd_split_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        usage({"input_tokens": 1, "cache_creation": {"ephemeral_1h_input_tokens": value}})


@pytest.mark.parametrize("reported", [{"output_tokens": 3}, {"input_tokens": None, "output_tokens": 3}])
def test_a_missing_input_is_not_zero(reported: dict[str, Any]) -> None:
    assert usage(reported) == (None, 3)


def test_the_start_carries_the_input_and_not_its_guess_of_the_output() -> None:
    event = frame(type="message_start", message={"usage": {"input_tokens": 25, "output_tokens": 1}})
    assert event == Event(counts={"input_tokens": 25})
    assert frame(type="message_start", message={}) == Event()
    assert frame(type="message_start") == Event()


def test_the_delta_carries_the_cumulative_output() -> None:
    event = frame(type="message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 15})
    assert event == Event(counts={"output_tokens": 15}, finished=1)


def test_a_null_in_a_later_frame_replaces_nothing() -> None:
    assert frame(type="message_delta", usage={"input_tokens": None, "output_tokens": 4}).counts == {"output_tokens": 4}


def test_only_message_stop_ends_the_stream() -> None:
    assert frame(type="message_stop") == Event(terminal=True)
    assert frame(type="content_block_stop", index=0) == Event()
    assert frame(type="ping") == Event(ping=True)
    assert frame(type="a_future_event", text="abc") == Event()


@pytest.mark.parametrize(
    ("delta", "text_bytes"),
    [
        ({"type": "text_delta", "text": "héllo"}, 6),
        ({"type": "thinking_delta", "thinking": "hm"}, 2),
        ({"type": "input_json_delta", "partial_json": '{"a":'}, 5),
        ({"type": "signature_delta", "signature": "x" * 100}, 0),
        ({"type": "text_delta", "text": None}, 0),
        (None, 0),
    ],
)
def test_deltas_are_delivered_text(delta: object, text_bytes: int) -> None:
    assert frame(type="content_block_delta", index=0, delta=delta) == Event(text_bytes=text_bytes)


def test_a_block_that_begins_with_content_counts_too() -> None:
    assert frame(type="content_block_start", content_block={"type": "text", "text": ""}) == Event()
    assert frame(type="content_block_start", content_block={"type": "text", "text": "abc"}) == Event(text_bytes=3)
    assert frame(type="content_block_start", content_block={"type": "tool_use", "input": {"a": 1}}).text_bytes == 7


def test_an_error_in_the_stream_is_an_error_and_no_output() -> None:
    assert frame(type="error", error={"type": "overloaded_error", "message": "Overloaded"}) == Event(error="Overloaded")
    assert frame(type="error").error == "the upstream reported an error"
    assert frame(error={"message": "Overloaded"}) == Event(error="Overloaded")  # OpenAI's shape, from mixed servers


def test_the_text_of_a_whole_answer_is_that_of_its_blocks() -> None:
    blocks = [
        {"type": "thinking", "thinking": "ab"},
        {"type": "text", "text": "cde"},
        {"type": "tool_use", "input": {}},
        7,
    ]
    assert body_text_bytes({"content": blocks}) == 5
    assert body_text_bytes({"content": "text"}) == body_text_bytes({}) == 0


def test_tool_input_deeper_than_can_be_written_does_not_break_the_count() -> None:
    deep: Any = {}
    for _ in range(400):
        deep = {"a": deep}
    assert body_text_bytes({"content": [{"type": "tool_use", "input": deep}, {"type": "text", "text": "ab"}]}) == 2


def test_a_message_is_measured_with_its_system_and_tools() -> None:
    body = {"messages": [{"role": "user", "content": "hello"}], "max_tokens": 9}
    plain = measure(body, "message")
    assert (plain.text_bytes, plain.output_tokens, plain.answers) == (17, 9, 1)
    assert measure({**body, "system": "be kind"}, "message").text_bytes == 17 + 7
    tools = [{"name": "f", "input_schema": {"type": ["object", "null"]}}]
    assert measure({**body, "tools": tools}, "message").text_bytes > 17 + 20


def test_counting_tokens_asks_for_no_output() -> None:
    assert measure({"messages": [], "max_tokens": 9}, "count_tokens").output_tokens == 0

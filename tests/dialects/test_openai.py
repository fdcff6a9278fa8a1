"""The OpenAI format: usage, frames, sizes of requests, embeddings."""

import base64
import json
import struct
from typing import Any

import pytest

from tests.dialects.test_base import ABSURD
from tollhouse.billing.pricing import Usage
from tollhouse.dialects.base import Event
from tollhouse.dialects.openai import (
    body_counts,
    body_text_bytes,
    encode_embeddings,
    input_usage,
    measure,
    output_tokens,
    prepare,
    read_event,
    wants_usage_frame,
)  # fmt: skip


def usage(reported: dict[str, Any]) -> tuple[Usage | None, int | None]:
    counts = body_counts({"usage": reported})
    assert counts is not None
    return input_usage(counts), output_tokens(counts)


def frame(**body: Any) -> Event:
    return read_event(json.dumps(body).encode())


def test_prompt_and_completion_are_input_and_output() -> None:
    assert usage({"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}) == (Usage(input=11), 7)


def test_cached_tokens_are_taken_out_of_the_prompt() -> None:
    reported = {"prompt_tokens": 11, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 4}}
    assert usage(reported) == (Usage(input=7, cache_read=4), 7)


@pytest.mark.parametrize("details", [None, {}, {"cached_tokens": None}, {"cached_tokens": 0}, [], "x"])
def test_no_cached_tokens_is_none_of_them(details: object) -> None:
    assert usage({"prompt_tokens": 11, "completion_tokens": 7, "prompt_tokens_details": details})[0] == Usage(input=11)


def test_reasoning_is_inside_the_completion() -> None:
    reported = {"prompt_tokens": 1, "completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 8}}
    assert usage(reported) == (Usage(input=1), 9)


def test_more_cached_than_prompt_tokens_is_absurd() -> None:
    with pytest.raises(ValueError):
        usage({"prompt_tokens": 3, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 4}})


@pytest.mark.parametrize("name", ["prompt_tokens", "completion_tokens"])
@pytest.mark.parametrize("value", ABSURD)
def test_absurd_counts_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError):
        usage({"prompt_tokens": 1, "completion_tokens": 1, name: value})


@pytest.mark.parametrize("value", ABSURD)
def test_an_absurd_cached_count_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        usage({"prompt_tokens": 2**20, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": value}})


def test_a_total_alone_does_not_tell_what_was_input_and_what_output() -> None:
    assert usage({"total_tokens": 8}) == (None, None)
    assert usage({"prompt_tokens": None, "completion_tokens": None, "total_tokens": 8}) == (None, None)


def test_a_total_gives_the_part_that_is_missing() -> None:
    assert usage({"prompt_tokens": 8, "total_tokens": 20}) == (Usage(input=8), 12)
    assert usage({"completion_tokens": 12, "total_tokens": 20}) == (Usage(input=8), 12)


@pytest.mark.parametrize("part", ["prompt_tokens", "completion_tokens"])
def test_a_total_below_its_part_is_absurd(part: str) -> None:
    with pytest.raises(ValueError, match="more than total_tokens"):
        usage({part: 8, "total_tokens": 5})


def test_text_is_delivered_text() -> None:
    assert frame(choices=[{"delta": {"content": "héllo"}}]) == Event(text_bytes=6)
    assert frame(choices=[{"text": "abc", "finish_reason": None}]) == Event(text_bytes=3)


@pytest.mark.parametrize("name", ["content", "reasoning_content", "reasoning", "refusal"])
def test_every_kind_of_text_counts(name: str) -> None:
    assert frame(choices=[{"delta": {name: "abc"}}]).text_bytes == 3
    assert body_text_bytes({"choices": [{"message": {name: "abc"}}, {"message": {name: "de"}}]}) == 5


def test_tool_calls_are_delivered_text() -> None:
    calls = [
        {"index": 0, "id": "call_1", "function": {"name": "get", "arguments": '{"a"'}},
        {"function": {"arguments": "}"}},
    ]
    assert frame(choices=[{"delta": {"tool_calls": calls}}]).text_bytes == 8
    assert body_text_bytes({"choices": [{"message": {"content": None, "tool_calls": calls}}]}) == 8
    custom = [{"type": "custom", "custom": {"name": "run", "input": "ls"}}]
    assert frame(choices=[{"delta": {"tool_calls": custom}}]).text_bytes == 5
    assert frame(choices=[{"delta": {"function_call": {"name": "old", "arguments": "{}"}}}]).text_bytes == 5


def test_a_finish_reason_is_the_end_of_the_answer_but_not_of_the_stream() -> None:
    assert frame(choices=[{"delta": {}, "finish_reason": "stop"}]) == Event(finished=1)
    assert read_event(b"[DONE]") == Event(terminal=True)


def test_the_usage_frame_carries_usage_and_nothing_else() -> None:
    event = frame(choices=[], usage={"prompt_tokens": 1, "completion_tokens": 2})
    assert event == Event(counts={"prompt_tokens": 1, "completion_tokens": 2}, usage_only=True)
    assert frame(choices=[], prompt_filter_results=[{}]) == Event()
    assert not frame(choices=[{"delta": {"content": "a"}}], usage={"prompt_tokens": 1}).usage_only
    assert frame(choices=[{"delta": {"content": "a"}}], usage=None) == Event(text_bytes=1)


def test_an_error_in_the_stream_is_an_error_and_no_output() -> None:
    assert frame(error={"message": "overloaded", "code": 529}) == Event(error="overloaded")
    assert frame(error="overloaded") == Event(error="overloaded")
    assert frame(error={}).error == "the upstream reported an error"
    assert frame(error=None, choices=[]) == Event()


def test_usage_is_asked_for_on_streams_of_providers_that_have_it() -> None:
    streaming = {"model": "m", "stream": True, "stream_options": {"include_obfuscation": False}}
    assert prepare(streaming, "up", True)["stream_options"] == {"include_obfuscation": False, "include_usage": True}
    assert prepare({"stream": True, "stream_options": None}, "up", True)["stream_options"] == {"include_usage": True}
    assert "stream_options" not in prepare({"stream": True}, "up", False)
    assert "stream_options" not in prepare({"stream": False}, "up", True)


@pytest.mark.parametrize(
    ("options", "wanted"),
    [(None, False), ({}, False), ({"include_usage": False}, False), ({"include_usage": True}, True)],
)
def test_the_usage_frame_is_for_those_who_asked(options: object, wanted: bool) -> None:
    assert wants_usage_frame({"stream_options": options}) is wanted


def test_a_chat_is_measured_with_its_tools() -> None:
    messages = [{"role": "user", "content": "hello"}]
    plain = measure({"messages": messages, "max_tokens": 5}, "chat")
    assert (plain.text_bytes, plain.output_tokens, plain.answers) == (5 + 12, 5, 1)
    tools = [{"type": "function", "function": {"name": "f", "parameters": {"type": ["string", "null"]}}}]
    assert measure({"messages": messages, "tools": tools}, "chat").text_bytes > plain.text_bytes + 30
    assert measure({"messages": messages, "tools": None}, "chat").text_bytes == plain.text_bytes


@pytest.mark.parametrize(
    ("fields", "limit"),
    [
        ({}, None),
        ({"max_tokens": None}, None),
        ({"max_tokens": 7}, 7),
        ({"max_completion_tokens": 9, "max_tokens": 7}, 9),
    ],
)
def test_the_limit_of_a_chat_is_the_newer_field_first(fields: dict[str, Any], limit: int | None) -> None:
    assert measure({"messages": [], **fields}, "chat").output_tokens == limit


@pytest.mark.parametrize(
    ("fields", "answers"), [({}, 1), ({"n": None}, 1), ({"n": 3}, 3), ({"n": 2, "best_of": 5}, 5), ({"best_of": 0}, 1)]
)
def test_several_answers_multiply_the_hold(fields: dict[str, Any], answers: int) -> None:
    assert measure({"prompt": "a", **fields}, "completion").answers == answers


@pytest.mark.parametrize(
    ("prompt", "size"),
    [
        ("hello", (5, 0, 1)), ([], (0, 0, 1)), (["ab", "cde"], (5, 0, 2)), ([1, 2, 3], (0, 3, 1)),
        ([[1, 2], [3]], (0, 3, 2)), (None, (0, 0, 1)),
    ],
)  # fmt: skip
def test_each_prompt_of_a_completion_has_its_own_answers(prompt: object, size: tuple[int, int, int]) -> None:
    found = measure({"prompt": prompt, "max_tokens": 0}, "completion")
    assert (found.text_bytes, found.tokens, found.answers) == size
    assert found.output_tokens == 0
    assert measure({"prompt": prompt, "suffix": "!!"}, "completion").text_bytes == size[0] + 2


@pytest.mark.parametrize(
    ("given", "size"), [("hello", (5, 0)), (["ab", "c"], (3, 0)), ([1, 2], (0, 2)), ([[1], [2, 3]], (0, 3))]
)
def test_embeddings_have_an_input_and_no_output(given: object, size: tuple[int, int]) -> None:
    found = measure({"input": given, "n": 5}, "embedding")
    assert (found.text_bytes, found.tokens) == size
    assert (found.output_tokens, found.answers) == (0, 1)


@pytest.mark.parametrize(
    ("given", "text_bytes", "images"),
    [
        ("é" * 3, 6, 0),
        (["ab", "cd"], 4, 0),
        ([{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}], 13, 1),
    ],
)
def test_a_moderation_is_measured_without_any_output(given: Any, text_bytes: int, images: int) -> None:
    found = measure({"input": given, "max_tokens": 5, "n": 5}, "moderation")
    assert (found.text_bytes, found.images, found.output_tokens, found.answers) == (text_bytes, images, 0, 1)


def test_float_vectors_become_base64_of_little_endian_float32() -> None:
    body = {"data": [{"index": 0, "embedding": [1.0, -2, 0.5]}, {"index": 1, "embedding": []}], "model": "m"}
    encoded = encode_embeddings(body)
    assert encoded is not None
    first, second = json.loads(encoded)["data"]
    assert struct.unpack("<3f", base64.b64decode(first["embedding"])) == (1.0, -2.0, 0.5)
    assert (first["index"], second["embedding"]) == (0, "")


@pytest.mark.parametrize(
    "body",
    [
        {}, {"data": []}, {"data": None}, {"data": 5}, {"data": {"embedding": [1]}}, {"data": ["x"]},
        {"data": [{"embedding": "AACAPw=="}]}, {"data": [{"embedding": [1.0, None]}]}, {"data": [{"embedding": ["1"]}]},
        {"data": [{"embedding": [[1.0]]}]},
    ],
)  # fmt: skip
def test_what_holds_no_float_vectors_passes_as_it_is(body: dict[str, Any]) -> None:
    before = json.dumps(body)
    assert encode_embeddings(body) is None
    assert json.dumps(body) == before

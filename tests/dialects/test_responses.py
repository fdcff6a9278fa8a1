"""The format of responses: usage, events, sizes of requests, what is refused."""

import json
from typing import Any

import pytest

from tests.dialects.test_base import ABSURD
from tests.upstream import response_body, response_usage
from tollhouse.billing.pricing import Usage
from tollhouse.dialects.base import Event
from tollhouse.dialects.responses import RESPONSES, body_text_bytes, error_frame, measure, prepare, read_event
from tollhouse.errors import InvalidRequest
from tollhouse.metering import measured_body


def usage(reported: dict[str, Any]) -> tuple[Usage | None, int | None]:
    counts = RESPONSES.body_counts({"usage": reported})
    assert counts is not None
    return RESPONSES.input_usage(counts), RESPONSES.output_tokens(counts)


def event(kind: str, **fields: Any) -> Event:
    return read_event(json.dumps({"type": kind, "sequence_number": 3, **fields}).encode())


# Usage


def test_cached_tokens_are_taken_out_of_the_input_and_reasoning_is_inside_the_output() -> None:
    assert usage(response_usage(11, 7, cached=4)) == (Usage(input=7, cache_read=4), 7)
    assert usage({"input_tokens": 11, "output_tokens": 7}) == (Usage(input=11), 7)
    assert usage({"input_tokens": 11, "total_tokens": 18}) == (Usage(input=11), 7)


@pytest.mark.parametrize("details", [None, {}, {"cached_tokens": None}, {"cached_tokens": 0}, [], "x"])
def test_no_cached_tokens_is_none_of_them(details: object) -> None:
    assert usage({"input_tokens": 11, "output_tokens": 7, "input_tokens_details": details})[0] == Usage(input=11)


@pytest.mark.parametrize("name", ["input_tokens", "output_tokens"])
@pytest.mark.parametrize("value", ABSURD)
def test_absurd_counts_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError):
        usage({"input_tokens": 1, "output_tokens": 1, name: value})


def test_an_answer_that_nobody_counted_is_estimated_from_its_text() -> None:
    size = measure({"input": "x" * 400}, "response")
    assert measured_body(RESPONSES, response_body("y" * 40), size) == (Usage(input=100, output=10), "estimated")


# What an answer delivers


@pytest.mark.parametrize(
    ("item", "length"),
    [
        (
            {
                "type": "message",
                "content": [{"type": "output_text", "text": "h\u00e9"}, {"type": "refusal", "refusal": "no"}],
            },
            5,
        ),
        ({"type": "reasoning", "summary": [{"type": "summary_text", "text": "abc"}], "content": [{"text": "de"}]}, 5),
        ({"type": "function_call", "name": "get", "arguments": "{}", "call_id": "call_1"}, 5),
        ({"type": "custom_tool_call", "name": "run", "input": "ls"}, 5),
        ({"type": "message", "content": None, "summary": "x", "name": 5}, 0),
        ({"type": "web_search_call", "action": {"query": "x"}}, 0),
    ],
)
def test_every_kind_of_text_in_an_answer_counts(item: dict[str, Any], length: int) -> None:
    assert body_text_bytes({"output": [item, 5, None]}) == length


@pytest.mark.parametrize("output", [None, 5, {}, "x"])
def test_an_answer_without_items_delivers_nothing(output: object) -> None:
    assert body_text_bytes({"output": output}) == 0


DELTAS = (
    "output_text", "refusal", "reasoning_text", "reasoning_summary_text", "function_call_arguments", "custom_tool_call_input",
    "mcp_call_arguments", "code_interpreter_call_code",
)  # fmt: skip


@pytest.mark.parametrize("what", DELTAS)
def test_every_delta_is_delivered_text(what: str) -> None:
    assert event(f"response.{what}.delta", delta="h\u00e9llo") == Event(text_bytes=6)
    assert event(f"response.{what}.delta", delta=None) == Event()
    assert event(f"response.{what}.done", text="hello", arguments="hello") == Event()


def test_sound_is_no_text() -> None:
    assert event("response.audio.delta", delta="AAAA") == Event()


def test_the_name_of_a_called_tool_is_delivered_text() -> None:
    call = {"type": "function_call", "name": "get", "arguments": "", "call_id": "call_1"}
    assert event("response.output_item.added", item=call) == Event(text_bytes=3)
    assert event("response.output_item.done", item={**call, "arguments": "{}"}) == Event()


# How streams end


@pytest.mark.parametrize("kind", ["response.completed", "response.incomplete"])
def test_the_last_event_has_the_usage(kind: str) -> None:
    read = event(kind, response=response_body(usage=response_usage(5, 2)))
    assert read.counts == {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7, "cached_tokens": 0}
    assert (read.terminal, read.finished, read.error, read.usage_only) == (True, 1, None, False)
    assert event(kind, response=response_body()) == Event(finished=1, terminal=True)
    assert event(kind) == Event(finished=1, terminal=True)


def test_a_response_that_failed_is_an_error_which_may_have_been_counted() -> None:
    failed = response_body(usage=response_usage(5, 0), error={"code": "server_error", "message": "overloaded"})
    read = event("response.failed", response=failed)
    assert read.error == "overloaded" and read.counts is not None and read.counts["prompt_tokens"] == 5
    assert event("response.failed").error == "the upstream reported an error"


def test_an_error_event_has_its_message_beside_its_type() -> None:
    assert event("error", code="x", message="overloaded", param=None) == Event(error="overloaded")
    assert event("error", error={"message": "overloaded"}) == Event(error="overloaded")
    assert read_event(b'{"error": {"message": "overloaded"}}') == Event(error="overloaded")


@pytest.mark.parametrize(
    "kind", ["response.created", "response.in_progress", "response.content_part.added", "keepalive"]
)
def test_other_events_say_nothing(kind: str) -> None:
    assert event(kind, response=response_body(usage=response_usage())) == Event()


def test_an_error_of_ours_is_a_response_that_failed() -> None:
    for code, told in (("upstream_error", "server_error"), (None, "server_error"), ("rate_limit_exceeded",) * 2):
        name, data = error_frame("it broke", "server_error", code).decode().rstrip("\n").split("\n")
        assert name == "event: response.failed"
        body = json.loads(data.removeprefix("data: "))
        assert (body["type"], body["response"]["status"]) == ("response.failed", "failed")
        assert body["response"]["error"] == {"code": told, "message": "it broke"}


# Requests


def test_no_option_asks_for_usage() -> None:
    body = {"model": "m", "stream": True, "stream_options": {"include_obfuscation": False}}
    assert prepare(body, "up", True) == {**body, "model": "up"}
    assert RESPONSES.wants_usage_frame(body)


def test_a_response_in_the_background_is_refused_because_it_cannot_be_billed() -> None:
    for body in ({"input": "x", "background": True}, {"input": "x", "background": True, "stream": True}):
        with pytest.raises(InvalidRequest, match="knows what it costs") as refused:
            measure(body, "response")
        assert refused.value.param == "background"
    for value in (False, None):
        assert measure({"input": "x", "background": value}, "response").text_bytes == 1


def test_a_response_is_measured_with_its_instructions_tools_and_format() -> None:
    found = measure({"input": "hello", "max_output_tokens": 5, "n": "x"}, "response")
    assert (found.text_bytes, found.output_tokens, found.answers, found.references) == (5, 5, 1, 0)
    for name in ("instructions", "tools", "text"):
        assert measure({"input": "hello", name: ["abc"]}, "response").text_bytes == 5 + 3
    items = [
        {"role": "user", "content": "hello"},
        {"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;base64,AA=="}]},
        {"type": "function_call_output", "call_id": "c", "output": "sunny"},
    ]
    found = measure({"input": items}, "response")
    assert (found.images, found.references, found.output_tokens) == (1, 0, None)


@pytest.mark.parametrize(
    ("fields", "references"),
    [
        ({"previous_response_id": "resp_1"}, 1),
        ({"conversation": "conv_1", "prompt": {"id": "pmpt_1"}}, 2),
        ({"previous_response_id": None, "conversation": None, "prompt": None, "tools": None}, 0),
        ({"input": [{"type": "item_reference", "id": "msg_1"}, {"id": "msg_2"}, {"role": "user", "content": "a"}]}, 2),
        ({"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "file_1"}]}]}, 1),
        ({"tools": [{"type": "file_search", "vector_store_ids": ["vs_1"]}, {"type": "web_search"}]}, 1),
        ({"input": [5, None], "tools": 5}, 0),
    ],
)
def test_what_a_response_only_names_is_counted(fields: dict[str, Any], references: int) -> None:
    assert measure(fields, "response").references == references

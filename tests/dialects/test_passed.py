"""Formats that the contract does not know: usage is found wherever it stands, and nothing is added to what goes up."""

import json
from typing import Any

import pytest

from tests.dialects.test_base import ABSURD
from tollhouse.billing.pricing import Usage
from tollhouse.dialects import DIALECTS, PASSED
from tollhouse.dialects.base import Event, Size
from tollhouse.dialects.passed import PASSED_OPENAI, measure, prepare, read_openai_event
from tollhouse.metering import measured_body

SIZE = Size(400, 0, 0, None, 1)


def event(**body: Any) -> Event:
    return read_openai_event(json.dumps(body).encode())


def test_every_dialect_of_providers_can_be_passed() -> None:
    assert PASSED.keys() == {"openai", "anthropic"} <= DIALECTS.keys()
    assert all(dialect.ends_with_body and dialect.name == name for name, dialect in PASSED.items())


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 5, "completion_tokens": 7}, Usage(input=5, output=7)),
        ({"input_tokens": 5, "output_tokens": 7, "total_tokens": 12}, Usage(input=5, output=7)),
        ({"input_tokens": 5, "output_tokens": 7, "input_tokens_details": {"cached_tokens": 2}}, Usage(3, 2, output=7)),
        ({"prompt_tokens": 5, "total_tokens": 5}, Usage(input=5)),
        ({"input_tokens": 0, "output_tokens": 0}, Usage()),
    ],
)
def test_usage_has_the_names_of_chats_or_those_of_responses(usage: dict[str, Any], expected: Usage) -> None:
    assert measured_body(PASSED_OPENAI, {"usage": usage}, SIZE) == (expected, "reported")


@pytest.mark.parametrize("usage", [None, {}, [], {"type": "duration", "seconds": 9}, {"input_tokens": None}])
def test_anything_else_is_no_usage(usage: Any) -> None:
    assert measured_body(PASSED_OPENAI, {"usage": usage, "text": "x" * 400}, SIZE)[1] == "estimated"


@pytest.mark.parametrize("value", ABSURD)
def test_absurd_usage_is_not_believed(value: Any) -> None:
    assert measured_body(PASSED_OPENAI, {"usage": {"input_tokens": value, "output_tokens": 1}}, SIZE)[1] == "estimated"


def test_every_text_of_a_body_is_its_prompt_and_an_upload_may_fill_the_context() -> None:
    body = {"model": "m", "prompt": "x" * 100, "options": {"a": ["y" * 50]}}
    size = measure(body, "passed")
    assert size.text_bytes >= 150 and (size.output_tokens, size.answers, size.references) == (None, 1, 0)
    assert measure({}, "upload").references == 1


def test_nothing_but_the_model_is_changed() -> None:
    body = {"model": "m", "stream": True, "x": 1}
    assert prepare(body, "up", True) == {**body, "model": "up"}


def test_events_carry_text_usage_and_ends() -> None:
    assert event(type="response.output_text.delta", delta="héllo") == Event(text_bytes=6)
    done = event(type="response.completed", response={"usage": {"input_tokens": 5, "output_tokens": 7}})
    assert done == Event(counts={"prompt_tokens": 5, "completion_tokens": 7}, terminal=True)
    assert event(type="image_generation.completed", usage={"input_tokens": 1, "output_tokens": 2}).counts is not None
    assert read_openai_event(b"[DONE]").terminal and event(type="response.failed").terminal
    assert read_openai_event(b"[1]") == Event()


def test_a_chunk_of_a_chat_keeps_its_usage_frame() -> None:
    assert not event(choices=[], usage={"prompt_tokens": 5, "completion_tokens": 7}).usage_only


@pytest.mark.parametrize("failure", [{"type": "error", "message": "no"}, {"error": {"message": "no"}}])
def test_a_failure_in_the_stream_is_one(failure: dict[str, Any]) -> None:
    assert event(**failure).error == "no"


def test_what_is_not_json_is_a_value_error() -> None:
    with pytest.raises(ValueError):
        read_openai_event(b"hello")

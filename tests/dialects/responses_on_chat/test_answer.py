"""A chat completion as a response: items, ends, usage, what is repeated of the request."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.responses import Response

from tests.dialects.test_base import ABSURD, upstream_values
from tollhouse.dialects.responses_on_chat import RESPONSES_ON_CHAT

USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def completion(reason: str = "stop", usage: Any = USAGE, **message: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": reason}
    return {"id": "chatcmpl-1", "created": 5, "model": "m", "choices": [choice], "usage": usage}


def answer(request: dict[str, Any] | None = None, reason: str = "stop", usage: Any = USAGE, **message: Any) -> Any:
    return RESPONSES_ON_CHAT.answer(completion(reason, usage, **message), request or {}, created_s=9)


def test_thoughts_text_and_calls_are_items_in_that_order() -> None:
    found = answer(content="Hello", reasoning_content="Hm.", tool_calls=[CALL], refusal=None, reason="tool_calls")
    assert [(item["type"], item["id"]) for item in found["output"]] == [
        ("reasoning", "rs_1_0"),
        ("message", "msg_1_1"),
        ("function_call", "fc_1_2"),
    ]
    read = Response.model_validate(found)
    assert read.output_text == "Hello" and read.status == "completed" and read.created_at == 5


@pytest.mark.parametrize(("reason", "why"), [("length", "max_output_tokens"), ("content_filter", "content_filter")])
def test_an_answer_that_was_cut_off_is_incomplete(reason: str, why: str) -> None:
    found = answer(content="Hel", reasoning="Hm.", reason=reason)
    assert (found["status"], found["incomplete_details"]) == ("incomplete", {"reason": why})
    assert [item["status"] for item in found["output"]] == ["completed", "incomplete"]


def test_usage_keeps_its_details() -> None:
    details = {
        "prompt_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 2},
        "completion_tokens_details": {"reasoning_tokens": 3},
    }
    assert answer(usage={**USAGE, **details}, content="x")["usage"] == {
        "input_tokens": 11,
        "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 2},
        "output_tokens": 7,
        "output_tokens_details": {"reasoning_tokens": 3},
        "total_tokens": 18,
    }


@pytest.mark.parametrize(
    "usage", [None, {}, 5, {"prompt_tokens": 1}, *({**USAGE, "prompt_tokens": bad} for bad in ABSURD)]
)
def test_usage_that_is_missing_or_absurd_is_left_out(usage: Any) -> None:
    assert "usage" not in answer(usage=usage, content="x")


def test_the_answer_repeats_the_request_and_says_that_nothing_is_kept() -> None:
    request = {
        "model": "m",
        "input": "Hi",
        "store": True,
        "metadata": {"a": "b"},
        "instructions": "Be brief.",
        "user": "u",
    }
    found = answer({**request, "tools": [{"type": "function", "name": "f"}]}, content="x")
    assert (found["store"], found["metadata"], found["instructions"], found["user"]) == (
        False,
        {"a": "b"},
        "Be brief.",
        "u",
    )
    assert found["tools"] == [{"strict": False, "parameters": {}, "type": "function", "name": "f"}]
    assert found["previous_response_id"] is None


@pytest.mark.parametrize("body", [{}, {"choices": []}, {"choices": [{}]}, {"choices": [{"message": {"content": 5}}]}])
def test_what_is_no_chat_completion_is_a_value_error(body: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        RESPONSES_ON_CHAT.answer(body, {})


@given(upstream_values, upstream_values)
def test_whatever_upstream_answers_is_a_response_or_a_value_error(message: Any, choice: Any) -> None:
    whole = {**choice, "message": message} if type(choice) is dict else {"message": message}
    for body in ({"choices": [whole], "usage": message, "id": choice, "created": message}, {"choices": choice}):
        with contextlib.suppress(ValueError):
            assert RESPONSES_ON_CHAT.answer(body, {})["object"] == "response"


@given(
    st.dictionaries(
        st.sampled_from(["input", "tools", "text", "tool_choice", "include", "model", "reasoning"]), upstream_values
    )
)
def test_whatever_a_client_asks_can_be_repeated(request: dict[str, Any]) -> None:
    assert answer({**request, "tools": [request.get("tools")]}, content="x")["object"] == "response"

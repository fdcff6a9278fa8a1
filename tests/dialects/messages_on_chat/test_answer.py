"""A chat completion for a messages client."""

from typing import Any

import pytest

from tollhouse.billing.pricing import Usage
from tollhouse.dialects import anthropic, openai
from tollhouse.dialects.messages_on_chat.answer import answer


def call(arguments: Any) -> dict[str, Any]:
    return {"id": "call:1", "type": "function", "function": {"name": "weather", "arguments": arguments}}


def answered(reason: Any = "stop", usage: Any = None, **message: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": None, **message}, "finish_reason": reason}
    return answer({"id": "chatcmpl-1", "model": "gpt", "choices": [choice], "usage": usage}, {})


@pytest.mark.parametrize(
    ("finish_reason", "stop_reason"),
    [
        ("stop", "end_turn"),
        ("length", "max_tokens"),
        ("tool_calls", "tool_use"),
        ("content_filter", "refusal"),
        (None, "end_turn"),
        ("a_future_reason", "end_turn"),
        ([], "end_turn"),
    ],
)
def test_an_end_has_anthropics_word(finish_reason: object, stop_reason: str) -> None:
    assert answered(finish_reason)["stop_reason"] == stop_reason


def test_calls_are_an_end_of_their_own_where_a_server_says_stop() -> None:
    assert answered("stop", tool_calls=[call("{}")])["stop_reason"] == "tool_use"
    assert answered("stop", refusal="No.")["stop_reason"] == "refusal"


def test_a_text_has_a_list_of_citations_because_null_breaks_a_client() -> None:
    assert answered(content="4")["content"] == [{"type": "text", "text": "4", "citations": []}]
    assert answered(content="")["content"] == []


def test_a_call_has_an_id_that_anthropic_takes() -> None:
    assert answered(tool_calls=[call('{"a":1}')])["content"] == [
        {"type": "tool_use", "id": "call_1", "name": "weather", "input": {"a": 1}, "caller": {"type": "direct"}}
    ]


def test_arguments_that_the_limit_cut_off_are_none_and_others_are_an_error() -> None:
    assert answered("length", tool_calls=[call('{"a":')])["content"][0]["input"] == {}
    with pytest.raises(ValueError):
        answered("tool_calls", tool_calls=[call('{"a":')])


def test_text_in_parts_and_thoughts_by_another_name_are_read() -> None:
    told = answered(content=[{"type": "text", "text": "4"}], reasoning="Hm.")["content"]
    assert [block["type"] for block in told] == ["thinking", "text"]


@pytest.mark.parametrize("choices", [None, [], [7], [{"message": None}]])
def test_an_answer_without_a_message_is_an_error(choices: object) -> None:
    with pytest.raises(ValueError):
        answer({"id": "a", "model": "m", "choices": choices}, {})


def test_the_counts_are_those_that_are_charged() -> None:
    usage = {"prompt_tokens": 60, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 50}}
    told = answered(usage=usage)["usage"]
    counts = anthropic.body_counts({"usage": told})
    assert counts is not None
    assert anthropic.input_usage(counts) == openai.input_usage(openai.body_counts({"usage": usage}) or {})
    assert anthropic.input_usage(counts) == Usage(input=10, cache_read=50)
    assert anthropic.output_tokens(counts) == 5


@pytest.mark.parametrize("details", [{"cached_tokens": 61}, {"cached_tokens": 50, "cache_write_tokens": 11}])
def test_more_cached_than_there_is_is_an_error(details: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        answered(usage={"prompt_tokens": 60, "completion_tokens": 5, "prompt_tokens_details": details})

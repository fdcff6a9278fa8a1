"""An Anthropic message for a chat client."""

from typing import Any

import pytest

from tollhouse.dialects.chat_on_messages.answer import answer


def answered(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    message = {"id": "msg_1", "type": "message", "model": "claude", "content": list(blocks), "stop_reason": "end_turn"}
    return answer({**message, **fields}, {}, created_s=1_700_000_000)


def test_the_time_is_the_one_that_was_passed_in() -> None:
    assert answered()["created"] == 1_700_000_000


def test_texts_are_one_and_no_text_is_null() -> None:
    said = [{"type": "text", "text": text} for text in ("Hel", "lo")]
    assert answered(*said)["choices"][0]["message"] == {"role": "assistant", "content": "Hello", "refusal": None}
    assert answered()["choices"][0]["message"]["content"] is None


@pytest.mark.parametrize(
    ("stop_reason", "finish_reason"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("pause_turn", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("tool_use", "tool_calls"),
        ("refusal", "content_filter"),
        ("a_future_reason", "stop"),
        (None, "stop"),
        ({}, "stop"),
    ],
)
def test_an_end_has_openais_word(stop_reason: object, finish_reason: str) -> None:
    assert answered(stop_reason=stop_reason)["choices"][0]["finish_reason"] == finish_reason


def test_the_prompt_includes_what_the_cache_read_and_wrote() -> None:
    usage = {"input_tokens": 3, "cache_read_input_tokens": 50, "cache_creation_input_tokens": 7, "output_tokens": 5}
    assert answered(usage=usage)["usage"] == {
        "prompt_tokens": 60,
        "completion_tokens": 5,
        "total_tokens": 65,
        "prompt_tokens_details": {"cached_tokens": 50, "cache_write_tokens": 7},
    }


def test_nothing_is_added_that_upstream_did_not_say() -> None:
    nulls = {"input_tokens": 3, "output_tokens": 5, "cache_read_input_tokens": None}
    assert answered(usage=nulls)["usage"] == {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8}
    assert answered().keys() == {"id", "object", "created", "model", "choices"}


@pytest.mark.parametrize("count", [-1, 1.5, "3", True])
def test_absurd_counts_are_an_error(count: object) -> None:
    with pytest.raises(ValueError):
        answered(usage={"input_tokens": count, "output_tokens": 5})

"""What was used: reported where it can be believed, estimated from what was delivered where not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dialects.test_base import ABSURD
from tollhouse.billing.pricing import Usage
from tollhouse.dialects import DIALECTS
from tollhouse.dialects.anthropic import ANTHROPIC
from tollhouse.dialects.base import Dialect, Size
from tollhouse.dialects.openai import OPENAI
from tollhouse.metering import IMAGE_TOKENS, TEMPLATE_TOKENS, Meter, estimate, input_upper, measured, measured_body

SIZE = Size(text_bytes=401, tokens=3, images=1, output_tokens=50, answers=1)
PROMPT = 101 + 3 + IMAGE_TOKENS  # the estimate of it


def watched(dialect: Dialect, *events: dict[str, Any] | str, drop: bool = False) -> tuple[Meter, list[bool]]:
    meter = Meter(dialect, drop_usage_frame=drop)
    kept = []
    for event in events:
        text = event if isinstance(event, str) else json.dumps(event)
        kept.append(meter.watch(f"data: {text}\n\n".encode()))
    return meter, kept


def text(content: str) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content}}]}


@given(st.integers(min_value=0, max_value=10**7), st.integers(min_value=0, max_value=100))
def test_a_soft_hold_is_a_third_of_the_bytes_rounded_up_and_a_hard_one_all_of_them(length: int, tokens: int) -> None:
    size = Size(length, tokens, 2, None, 1)
    soft, hard = input_upper(size, "soft"), input_upper(size, "hard")
    assert 3 * (soft - tokens - 2 * IMAGE_TOKENS) in range(length, length + 3)
    assert hard == length + TEMPLATE_TOKENS + tokens + 2 * IMAGE_TOKENS
    assert estimate(size, 0).input <= soft <= hard


def test_an_estimate_is_a_quarter_of_the_bytes_rounded_up() -> None:
    assert estimate(SIZE, 9) == Usage(input=PROMPT, output=3)
    assert estimate(Size(0, 0, 0, None, 1), 0) == Usage()


def test_what_was_reported_stands() -> None:
    body = {"usage": {"prompt_tokens": 5, "completion_tokens": 6}, "choices": [{"message": {"content": "x" * 400}}]}
    assert measured_body(OPENAI, body, SIZE) == (Usage(input=5, output=6), "reported")


@pytest.mark.parametrize(
    "usage", [{}, {"usage": None}, {"usage": {}}, {"usage": {"prompt_tokens": None}}, {"usage": []}]
)
def test_missing_usage_is_estimated_from_prompt_and_delivered_text(usage: dict[str, Any]) -> None:
    body = {"choices": [{"message": {"content": "x" * 400}}], **usage}
    assert measured_body(OPENAI, body, SIZE) == (Usage(input=PROMPT, output=100), "estimated")


@pytest.mark.parametrize("value", ABSURD)
@pytest.mark.parametrize("field", ["prompt_tokens", "completion_tokens"])
def test_absurd_usage_is_estimated_whole(field: str, value: object) -> None:
    body = {
        "choices": [{"message": {"content": "x" * 400}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, field: value},
    }
    assert measured_body(OPENAI, body, SIZE) == (Usage(input=PROMPT, output=100), "estimated")


def test_more_cached_than_there_is_is_estimated() -> None:
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 2}}
    assert measured_body(OPENAI, {"usage": usage}, SIZE)[1] == "estimated"


def test_a_part_that_was_reported_stands_where_the_other_is_missing() -> None:
    assert measured(ANTHROPIC, {"input_tokens": 7}, SIZE, lambda: 8) == (Usage(input=7, output=2), "estimated")
    assert measured(ANTHROPIC, {"output_tokens": 9}, SIZE, lambda: 8) == (Usage(input=PROMPT, output=9), "estimated")


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": 8, "total_tokens": 8},
        {"total_tokens": 8},
        {"prompt_tokens": 8},
        {"prompt_tokens": None, "total_tokens": 8},
        {"prompt_tokens": 8, "total_tokens": 20},
    ],
)
def test_embeddings_are_charged_for_their_prompt(usage: dict[str, Any]) -> None:
    size = Size(text_bytes=40, tokens=0, images=0, output_tokens=0, answers=1)
    body = {"data": [{"embedding": [0.1]}], "usage": usage}
    assert measured_body(OPENAI, body, size) == (Usage(input=8), "reported")


@pytest.mark.parametrize("kind", ["moderation", "embedding"])
def test_nothing_in_a_verdict_or_a_vector_is_output(kind: str) -> None:
    size = Size(text_bytes=40, tokens=0, images=0, output_tokens=0, answers=1)
    body = {"results": [], "choices": [{"message": {"content": "x" * 400}}]}
    assert measured_body(OPENAI, body, size, kind) == (Usage(input=10), "estimated")
    assert measured_body(OPENAI, {**body, "usage": {"prompt_tokens": 8}}, size, kind) == (Usage(input=8), "reported")


def test_a_total_alone_is_no_usage_of_an_answer_with_text() -> None:
    body = {"choices": [{"message": {"content": "x" * 400}}], "usage": {"total_tokens": 8}}
    assert measured_body(OPENAI, body, SIZE) == (Usage(input=PROMPT, output=100), "estimated")


def test_output_that_was_reported_counts_even_where_none_was_asked_for() -> None:
    size = Size(text_bytes=40, tokens=0, images=0, output_tokens=0, answers=1)
    body = {"usage": {"prompt_tokens": 8, "completion_tokens": 3}}
    assert measured_body(OPENAI, body, size) == (Usage(input=8, output=3), "reported")


def test_no_usage_in_any_frame_is_estimated_from_the_text_delivered() -> None:
    meter, _ = watched(OPENAI, text("x" * 40), text("y" * 4), "[DONE]")
    assert meter.usage(SIZE) == (Usage(input=PROMPT, output=11), "estimated")
    assert meter.terminal


def test_tool_calls_count_as_delivered_text() -> None:
    call = {"choices": [{"delta": {"tool_calls": [{"function": {"name": "get", "arguments": "{}   "}}]}}]}
    meter, _ = watched(OPENAI, call)
    assert meter.usage(SIZE)[0].output == 2


def test_cumulative_usage_is_its_last_value_and_never_a_sum() -> None:
    frames = [{"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": n}} for n in (1, 5, 5, 9)]
    meter, _ = watched(OPENAI, *frames)
    assert meter.usage(SIZE) == (Usage(input=10, output=9), "reported")


def test_the_last_value_that_is_present_counts_field_by_field() -> None:
    meter, _ = watched(
        ANTHROPIC,
        {
            "type": "message_start",
            "message": {"usage": {"input_tokens": 10, "cache_read_input_tokens": 4, "output_tokens": 1}},
        },
        {"type": "message_delta", "usage": {"output_tokens": 3, "cache_read_input_tokens": None}},
        {"type": "message_delta", "usage": {"output_tokens": 8, "input_tokens": 12}},
        {"type": "message_stop"},
    )
    assert meter.usage(SIZE) == (Usage(input=12, cache_read=4, output=8), "reported")


def test_a_message_that_broke_after_its_start_is_charged_for_its_input_and_its_text() -> None:
    meter, _ = watched(
        ANTHROPIC,
        {"type": "message_start", "message": {"usage": {"input_tokens": 10, "output_tokens": 4000}}},
        {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "x" * 12}},
    )
    assert meter.usage(SIZE) == (Usage(input=10, output=3), "estimated")
    assert not meter.finished


def test_an_absurd_last_frame_makes_the_whole_an_estimate() -> None:
    meter, _ = watched(OPENAI, text("abcd"), {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": -5}})
    assert meter.usage(SIZE) == (Usage(input=PROMPT, output=1), "estimated")


def test_a_zero_at_the_end_is_a_value() -> None:
    meter, _ = watched(OPENAI, text("abcd"), {"choices": [], "usage": {"prompt_tokens": 0, "completion_tokens": 0}})
    assert meter.usage(SIZE) == (Usage(), "reported")


def test_the_usage_frame_is_dropped_only_where_it_is_ours() -> None:
    frames = [text("a"), {"choices": [], "usage": {"prompt_tokens": 1}}, {"choices": []}, "[DONE]"]
    assert watched(OPENAI, *frames, drop=True)[1] == [True, False, True, True]
    assert watched(OPENAI, *frames)[1] == [True] * 4


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS.keys())
def test_what_cannot_be_read_passes_and_counts_nothing(dialect: Dialect) -> None:
    meter = Meter(dialect, drop_usage_frame=True)
    for frame in (
        b": ping\n\n",
        b"\n\n",
        b"event: x\n\n",
        b"data: nonsense\n\n",
        b"data: \xff\n\n",
        b"data:\n\n",
        b"id: 7\n",
    ):
        assert meter.watch(frame)
    assert (meter.text_bytes, meter.counts, meter.error, meter.terminal) == (0, {}, None, False)


def test_an_error_frame_is_kept_apart_from_output() -> None:
    meter, _ = watched(OPENAI, text("abcd"), {"error": {"message": "the model fell over " * 50}})
    assert meter.error is not None and meter.text_bytes == 4


@given(st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=8))
def test_frames_in_any_number_never_add_up(values: list[int]) -> None:
    meter, _ = watched(
        OPENAI, *({"choices": [], "usage": {"prompt_tokens": v, "completion_tokens": v}} for v in values)
    )
    assert meter.usage(SIZE) == (Usage(input=values[-1], output=values[-1]), "reported")

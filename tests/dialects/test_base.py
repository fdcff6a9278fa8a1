"""What every dialect keeps to, and how counts are read."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.billing.pricing import Usage
from tollhouse.dialects import DIALECTS
from tollhouse.dialects.base import TOKENS_MAX, Dialect, Event, Size, count, error_message, utf8_length
from tollhouse.metering import measured_body

ABSURD = [-1, TOKENS_MAX + 1, 2**70, 7.0, 7.5, "7", True, False, [], {}, "NaN"]
SIZE = Size(text_bytes=400, tokens=0, images=0, output_tokens=None, answers=1)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=8,
)
NAMES = [
    "usage", "choices", "message", "delta", "content", "text", "type", "error", "tool_calls", "function", "arguments",
    "prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details", "cached_tokens", "input_tokens",
    "output_tokens", "cache_creation", "cache_creation_input_tokens", "cache_read_input_tokens", "content_block",
    "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens", "finish_reason", "input", "data", "embedding",
]  # fmt: skip
upstream_values = st.recursive(
    json_values | st.sampled_from(["message_start", "message_delta", "content_block_delta", "error", "message_stop"]),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.sampled_from(NAMES), children, max_size=6),
    max_leaves=25,
)
bodies = st.dictionaries(st.sampled_from(NAMES), upstream_values, max_size=8)


@pytest.fixture(params=sorted(DIALECTS))
def dialect(request: pytest.FixtureRequest) -> Dialect:
    return DIALECTS[request.param]


@pytest.mark.parametrize("value", [0, 1, TOKENS_MAX])
def test_a_count_is_taken_as_it_is(value: int) -> None:
    assert count({"tokens": value}, "tokens") == value


@pytest.mark.parametrize("counts", [{}, {"tokens": None}])
def test_missing_and_null_are_no_count(counts: dict[str, Any]) -> None:
    assert count(counts, "tokens") is None


@pytest.mark.parametrize("value", ABSURD)
def test_an_absurd_count_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="tokens is not a count"):
        count({"tokens": value}, "tokens")


@given(st.text())
def test_the_length_of_text_is_its_utf8_length(text: str) -> None:
    assert utf8_length(text) == len(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "too long"}}, "too long"),
        ({"error": "too long"}, "too long"),
        ({"message": "too long"}, "too long"),
        ({"detail": "too long"}, "too long"),
        ({"error": {"message": 7}, "detail": "too long"}, "too long"),
        ({"error": {}}, None),
        ({"error": None, "message": ""}, None),
        ({}, None),
    ],
)
def test_the_text_of_an_error_is_found_in_every_shape(body: Mapping[str, Any], message: str | None) -> None:
    assert error_message(body) == message


@given(st.sampled_from(sorted(DIALECTS)), bodies)
def test_whatever_an_upstream_answers_has_a_usage_that_is_never_negative(name: str, body: dict[str, Any]) -> None:
    usage, source = measured_body(DIALECTS[name], body, SIZE)
    assert all(type(tokens) is int and tokens >= 0 for tokens in usage)
    assert source in ("reported", "estimated")


@given(st.sampled_from(sorted(DIALECTS)), bodies)
def test_whatever_an_upstream_streams_can_be_read(name: str, body: dict[str, Any]) -> None:
    event = DIALECTS[name].read_event(json.dumps(body).encode())
    assert type(event) is Event and event.text_bytes >= 0


@pytest.mark.parametrize("data", [b"", b"{", b"[DONE", b"\xff", b"nonsense", b'{"a":1}{'])
def test_a_frame_that_is_not_json_is_a_value_error(dialect: Dialect, data: bytes) -> None:
    with pytest.raises(ValueError):
        dialect.read_event(data)


@pytest.mark.parametrize("data", [b"[]", b"7", b"null", b'"text"', b"{}"])
def test_a_frame_that_says_nothing_is_nothing(dialect: Dialect, data: bytes) -> None:
    assert dialect.read_event(data) == Event()


def test_the_key_goes_up_in_one_header_and_no_key_in_none(dialect: Dialect) -> None:
    [(name, value)] = dialect.credentials("sk-secret")
    assert name in ("authorization", "x-api-key") and value.endswith("sk-secret")
    assert dialect.credentials("") == ()


def test_an_error_of_ours_reads_as_an_error_in_its_own_format(dialect: Dialect) -> None:
    frame = dialect.error_frame("it broke", "api_error", "upstream_error")
    assert frame.endswith(b"\n\n")
    data = frame[frame.index(b"data: ") + 6 :].strip()
    assert dialect.read_event(data).error == "it broke"


def test_the_last_frame_is_terminal_and_the_heartbeat_says_nothing(dialect: Dialect) -> None:
    data = dialect.terminal_frame[dialect.terminal_frame.index(b"data: ") + 6 :].strip()
    assert dialect.read_event(data) == Event(terminal=True)
    beat = dialect.heartbeat
    assert beat.startswith(b":") or dialect.read_event(beat[beat.index(b"data: ") + 6 :].strip()) == Event(ping=True)


def test_preparing_changes_the_model_and_leaves_the_request_alone(dialect: Dialect) -> None:
    body = {"model": "public", "messages": [{"role": "user", "content": "hi"}], "new_field": {"kept": True}}
    before = json.dumps(body)
    prepared = dialect.prepare(body, "upstream-name", True)
    assert prepared == {**body, "model": "upstream-name"}
    assert json.dumps(body) == before


def test_no_counts_are_no_usage(dialect: Dialect) -> None:
    assert dialect.input_usage({}) is None and dialect.output_tokens({}) is None
    assert dialect.body_counts({}) is None and dialect.body_counts({"usage": None}) is None
    assert dialect.body_counts({"usage": 7}) is None


def test_an_explicit_zero_is_a_value(dialect: Dialect) -> None:
    zeros = {"prompt_tokens": 0, "completion_tokens": 0, "input_tokens": 0, "output_tokens": 0}
    assert measured_body(dialect, {"usage": zeros}, SIZE) == (Usage(), "reported")

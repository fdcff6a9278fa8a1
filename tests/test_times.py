"""Times keep their microseconds."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.times import format_us, now_us, parse_when

NOW = 1_790_000_000_000_000
LAST_US = 253_402_300_799_999_999  # of the year 9999


@given(st.integers(min_value=0, max_value=LAST_US))
def test_what_is_written_is_read_back_to_the_microsecond(at_us: int) -> None:
    assert parse_when(format_us(at_us), 0) == at_us


def test_times_are_written_in_utc() -> None:
    assert format_us(0) == "1970-01-01T00:00:00.000000Z"
    assert format_us(1_790_000_000_123_456) == "2026-09-21T14:13:20.123456Z"


@pytest.mark.parametrize(("span", "seconds"), [("15m", 900), ("12h", 43_200), ("30d", 2_592_000), ("0m", 0)])
def test_a_span_is_from_now(span: str, seconds: int) -> None:
    assert parse_when(span, NOW) == NOW + seconds * 1_000_000


@pytest.mark.parametrize(
    "text", ["2026-09-21T14:13:20Z", "2026-09-21T16:13:20+02:00", "2026-09-21T14:13:20", "2026-09-21 14:13:20"]
)
def test_a_moment_without_a_zone_is_utc(text: str) -> None:
    assert parse_when(text, 0) == 1_790_000_000_000_000


@pytest.mark.parametrize("text", ["", "soon", "15", "-5m", "1.5h", "5w", "٥m", "15m ", "2026-13-01", "1234567m"])
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="2027-01-31T12:00:00Z"):
        parse_when(text, NOW)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_ends_of_the_calendar_are_moments_too(text: str) -> None:
    assert isinstance(parse_when(text, NOW), int)


def test_now_is_now() -> None:
    assert abs(now_us() - dt.datetime.now(dt.UTC).timestamp() * 1e6) < 1_000_000

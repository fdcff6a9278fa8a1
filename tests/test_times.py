"""Times keep their microseconds."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.times import HOUR_US, format_day, format_hour, format_us, now_us, parse_period, parse_when

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


# Periods

DAY_US = 24 * HOUR_US
TODAY_US = NOW // DAY_US * DAY_US  # 2026-09-21


def test_days_are_both_included() -> None:
    period = parse_period("2026-09-20", "2026-09-21", NOW)
    assert period == (TODAY_US - DAY_US, TODAY_US + DAY_US, "2026-09-20", "2026-09-21")
    assert parse_period("2026-09-21", "2026-09-21", NOW)[:2] == (TODAY_US, TODAY_US + DAY_US)


def test_an_hour_at_the_end_is_not_included() -> None:
    period = parse_period("2026-09-21T13:00:00Z", "2026-09-21T16:00:00+02:00", NOW)
    assert period == (
        TODAY_US + 13 * HOUR_US, TODAY_US + 14 * HOUR_US, "2026-09-21T13:00:00Z", "2026-09-21T14:00:00Z",
    )  # fmt: skip
    mixed = parse_period("2026-09-20", "2026-09-21T01:00:00Z", NOW)
    assert mixed == (TODAY_US - DAY_US, TODAY_US + HOUR_US, "2026-09-20", "2026-09-21T01:00:00Z")


def test_a_period_that_nobody_named_is_the_last_30_days_with_today() -> None:
    period = parse_period(None, None, NOW)
    assert period == (TODAY_US - 29 * DAY_US, TODAY_US + DAY_US, "2026-08-23", "2026-09-21")
    assert parse_period("2026-09-01", None, NOW).end == "2026-09-21"
    assert parse_period(None, "2026-09-10", NOW).start == "2026-08-12"
    assert parse_period(None, "2026-09-10T00:00:00Z", NOW).start == "2026-08-11"


def test_a_leap_day_is_a_day_and_the_calendar_has_its_ends() -> None:
    assert parse_period("2028-02-29", "2028-02-29", NOW).end == "2028-02-29"
    assert parse_period("1970-01-01", "9999-12-31", NOW).end == "9999-12-31"


@pytest.mark.parametrize(
    "text",
    [
        "", "today", "30d", "2026-02-29", "2026-13-01", "20260921", "2026-W39-1", "2026-09-21T13:30:00Z",
        "2026-09-21T13:00:00+05:30", "1969-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-14:00", "x" * 500,
    ],
)  # fmt: skip
def test_what_is_no_day_and_no_hour_is_refused_with_the_name_of_its_end(text: str) -> None:
    for name, start, end in (("from", text, None), ("to", None, text)):
        with pytest.raises(ValueError, match=f"^{name}: .*2026-11-21T13:00:00Z") as refused:
            parse_period(start, end, NOW)
        assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-22", "2026-09-21"), ("2026-09-21T13:00:00Z", "2026-09-21T13:00:00Z"), ("2026-09-21", "2026-09-21T00:00:00Z"),
        ("2030-01-01", None),
    ],
)  # fmt: skip
def test_a_period_that_ends_before_it_begins_is_refused(start: str, end: str | None) -> None:
    with pytest.raises(ValueError, match=r"from: .* does not come before"):
        parse_period(start, end, NOW)


def test_days_and_hours_are_written_as_they_are_read() -> None:
    assert format_day(TODAY_US // DAY_US) == "2026-09-21"
    assert format_hour(NOW // HOUR_US) == "2026-09-21T14:00:00Z"
    assert parse_period(format_hour(7), "1970-01-02", NOW).start_us == 7 * HOUR_US

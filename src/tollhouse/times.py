"""Times: microseconds since 1970 (UTC) inside, ISO 8601 outside."""

import datetime as dt
import re
import time
from typing import NamedTuple

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
PERIOD_DAYS = 30  # of a period whose beginning nobody named
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SPAN = re.compile(r"(\d{1,6})([mhd])", re.ASCII)
_UNITS = {"m": 60, "h": 3600, "d": 86_400}


def now_us() -> int:
    return time.time_ns() // 1000


def format_us(at_us: int) -> str:
    """ISO 8601 in UTC, to the microsecond."""
    return (_EPOCH + dt.timedelta(microseconds=at_us)).isoformat(timespec="microseconds").replace("+00:00", "Z")


def parse_when(text: str, now: int) -> int:
    """A moment: ISO 8601 (UTC where it names no zone), or a span from now such as 15m, 12h, 30d. Raises ValueError."""
    span = _SPAN.fullmatch(text)
    if span is not None:
        return now + int(span.group(1)) * _UNITS[span.group(2)] * 1_000_000
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is neither ISO 8601 (2027-01-31T12:00:00Z) nor a span (15m, 12h, 30d)") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


class Period(NamedTuple):
    """A span of whole hours: microseconds since 1970, `end_us` not included, and its two ends as people write them."""

    start_us: int
    end_us: int
    start: str  # a day, or an hour
    end: str  # a day, which is included, or an hour, which is not


class _End(NamedTuple):
    """One end of a period: when it begins and when it is over, which is the same for an hour."""

    at_us: int
    over_us: int
    text: str


def parse_period(start: str | None, end: str | None, now: int) -> Period:
    """A span from one text to another: days, both included, or whole hours, the last not included; all in UTC.

    Without an end it goes up to today, without a beginning it has 30 days. Raises ValueError that names `from` or `to`.
    """
    last = _parse_end("to", end) if end is not None else _day(now // DAY_US)
    first = _parse_end("from", start) if start is not None else _day((last.over_us - 1) // DAY_US - PERIOD_DAYS + 1)
    if first.at_us >= last.over_us:
        raise ValueError(f"from: {first.text} does not come before the end of the period, to: {last.text}")
    return Period(first.at_us, last.over_us, first.text, last.text)


def format_hour(hour: int) -> str:
    """An hour since 1970 as ISO 8601 in UTC: 2026-11-21T13:00:00Z."""
    return format_us(hour * HOUR_US)[:19] + "Z"


def format_day(day: int) -> str:
    """A day since 1970 as ISO 8601."""
    return (_EPOCH.date() + dt.timedelta(days=day)).isoformat()


def _day(day: int) -> _End:
    return _End(day * DAY_US, (day + 1) * DAY_US, format_day(day))


def _parse_end(name: str, text: str) -> _End:
    """A day or a whole hour (UTC where it names no zone)."""
    try:
        if _DAY.fullmatch(text):
            found = _day((dt.date.fromisoformat(text) - _EPOCH.date()).days)
        else:
            at_us = parse_when(text, 0) if _DAY.match(text) else -1
            found = _End(at_us, at_us, format_us(at_us)[:19] + "Z")
    except (ValueError, OverflowError):
        found = _End(-1, -1, "")
    if found.at_us < 0 or found.at_us % HOUR_US:
        raise ValueError(
            f"{name}: {text[:40]!r} is neither a day since 1970 (2026-11-21) nor a whole hour in UTC (2026-11-21T13:00:00Z)"
        )
    return found

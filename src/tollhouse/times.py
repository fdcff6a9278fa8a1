"""Times: microseconds since 1970 (UTC) inside, ISO 8601 outside."""

import datetime as dt
import re
import time

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
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

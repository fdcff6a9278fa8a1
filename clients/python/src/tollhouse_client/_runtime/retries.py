"""Whether and when to try again: pure, so that time and chance come from outside.

An answer's `x-should-retry` decides, where it has one. Else a lost connection, a timeout, and the statuses 408, 429 and 5xx are worth another
attempt; 409 is not, because it says that the request does not fit the state of things. The wait is `retry-after-ms`, else `Retry-After`
(seconds or a date, RFC 9110 section 10.2.3), else 0.5 s doubled with each attempt up to 8 s, less a random quarter. A server that wants
more than 60 s is not waited for: the caller gets its error at once.
"""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

WAIT_MAX_S = 60.0
_FIRST_S = 0.5
_LAST_S = 8.0


def wait_before_retry_s(
    attempt: int, status: int | None, headers: Mapping[str, str], *, now: float, chance: float
) -> float | None:
    """Seconds to wait after attempt number `attempt`, from 0; None where another one is no use.

    `status` is None where no answer came. `now` is seconds since 1970, `chance` from 0 to 1. Names of `headers` are in lower case.
    """
    told = headers.get("x-should-retry", "").strip().lower()
    if told == "false" or (told != "true" and not _is_worth_it(status)):
        return None
    wait = retry_after_s(headers, now)
    if wait is not None:
        return wait if wait <= WAIT_MAX_S else None
    return float(min(_FIRST_S * 2.0 ** min(attempt, 10), _LAST_S)) * (1 - 0.25 * chance)


def retry_after_s(headers: Mapping[str, str], now: float) -> float | None:
    """What the server says to wait, in seconds from now; None where it says nothing that can be understood."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    if text is None:
        return None
    seconds = _number(text)
    if seconds is not None:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _is_worth_it(status: int | None) -> bool:
    return status is None or status in (408, 429) or status >= 500


def _number(text: str | None) -> float | None:
    """A number that is neither negative nor endless."""
    try:
        number = float(text) if text is not None else -1.0
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None

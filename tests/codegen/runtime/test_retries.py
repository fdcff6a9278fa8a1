"""When a client tries again, and how long it waits before."""

import pytest

from codegen.runtime.python.retries import retry_after_s, wait_before_retry_s

NOW = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT


def wait(status: int | None, attempt: int = 0, chance: float = 0.0, **headers: str) -> float | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return wait_before_retry_s(attempt, status, named, now=NOW, chance=chance)


@pytest.mark.parametrize("status", [None, 408, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_tried_again(status: int | None) -> None:
    assert wait(status) == 0.5


@pytest.mark.parametrize("status", [300, 400, 401, 402, 403, 404, 405, 409, 413, 415, 422])
def test_what_will_not_pass_is_not(status: int) -> None:
    assert wait(status) is None
    assert wait(status, retry_after="1") is None


def test_the_server_has_the_last_word() -> None:
    assert wait(429, x_should_retry="false", retry_after="1") is None
    assert wait(500, x_should_retry="False") is None
    assert wait(409, x_should_retry="true") == 0.5
    assert wait(429, x_should_retry="perhaps") == 0.5


def test_waits_double_up_to_eight_seconds() -> None:
    assert [wait(500, attempt) for attempt in range(6)] == [0.5, 1, 2, 4, 8, 8]
    assert wait(500, 5000) == 8


def test_chance_takes_up_to_a_quarter_away() -> None:
    assert wait(500, 1, chance=1.0) == 0.75
    assert wait(500, 1, chance=0.5) == 0.875


def test_milliseconds_come_before_seconds() -> None:
    assert wait(429, retry_after_ms="250", retry_after="3") == 0.25
    assert wait(429, retry_after_ms="soon", retry_after="3") == 3


def test_a_date_is_taken_from_now() -> None:
    assert wait(503, retry_after="Tue, 14 Nov 2023 22:13:25 GMT") == 5
    assert wait(503, retry_after="Tue, 14 Nov 2023 22:13:00 GMT") == 0


@pytest.mark.parametrize("nonsense", ["", "soon", "-1", "nan", "inf", "99 Nov"])
def test_what_is_not_understood_is_as_good_as_absent(nonsense: str) -> None:
    assert retry_after_s({"retry-after": nonsense}, NOW) is None
    assert wait(503, retry_after=nonsense) == 0.5


def test_more_than_a_minute_is_not_waited_for() -> None:
    assert wait(429, retry_after="60") == 60
    assert wait(429, retry_after="61") is None
    assert wait(429, retry_after_ms="60001") is None

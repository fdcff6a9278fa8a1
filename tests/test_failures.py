"""What failed attempts say: whose turn is next, what the client hears, and how long to wait."""

import email.utils
import json
import time

import pytest

from tests.test_health import Scene
from tollhouse.errors import (
    InvalidRequest,
    UpstreamFailed,
    UpstreamRateLimited,
    UpstreamTimeout,
)
from tollhouse.failures import (
    RETRY_AFTER_S_MAX,
    Failures,
    health_of,
    is_about_candidate,
    is_about_our_key,
    retry_after_s,
)
from tollhouse.health import FAILING, KEY_REFUSED, RATE_LIMITED

TARGET = Scene().first


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("7", 7),
        ("0.5", 0.5),
        ("-3", 0),
        ("1e9", RETRY_AFTER_S_MAX),
        ("inf", RETRY_AFTER_S_MAX),
        ("soon", None),
        ("", None),
    ],
)
def test_a_retry_after_is_a_number_of_seconds(given: str, seconds: float | None) -> None:
    assert retry_after_s({"retry-after": given} if given else {}) == seconds


def test_a_retry_after_can_be_a_date() -> None:
    date = email.utils.formatdate(time.time() + 60, usegmt=True)
    assert retry_after_s({"retry-after": date}) == pytest.approx(60, abs=2)
    assert retry_after_s({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}) == 0


def test_not_a_number_of_seconds_is_no_wait_that_never_ends() -> None:
    wait_s = retry_after_s({"retry-after": "nan"})
    assert wait_s is not None and 0 <= wait_s <= RETRY_AFTER_S_MAX


@pytest.mark.parametrize("status", [401, 402, 403, 408, 409, 429, 500, 502, 503, 504, 529])
def test_what_is_about_the_candidate_is_the_next_ones_turn(status: int) -> None:
    assert is_about_candidate(status)


@pytest.mark.parametrize("status", [400, 404, 413, 415, 422])
def test_what_is_about_the_request_is_the_clients(status: int) -> None:
    assert not is_about_candidate(status) and not is_about_our_key(status, {"error": {"message": "no"}})


def test_an_account_that_cannot_pay_is_about_our_key_and_a_prompt_that_says_so_is_not() -> None:
    assert is_about_our_key(400, {"error": {"message": "Your credit balance is too low to use the API."}})
    assert is_about_our_key(429, {"error": {"code": "insufficient_quota"}})
    quoted = f"In your prompt: {'x' * 60} your credit balance is too low"
    assert not is_about_our_key(400, {"error": {"message": quoted}})
    assert not is_about_our_key(400, None) and not is_about_our_key(400, {"error": "credit"})


def test_what_a_status_says_of_health() -> None:
    assert [health_of(status, False) for status in (409, 429, 408, 500)] == [None, RATE_LIMITED, FAILING, FAILING]
    assert health_of(429, True) == KEY_REFUSED


def test_the_client_hears_what_all_candidates_have_in_common() -> None:
    limited = Failures()
    for wait_s in (9.0, 4.0, None):
        limited.add(TARGET, "answered 429", told="answered 429", status=429)
        limited.add_rate_limit(wait_s)
    error = limited.error()
    assert isinstance(error, UpstreamRateLimited) and error.retry_after_s == 4.0
    late = Failures()
    late.add(TARGET, "silence", told="did not answer in time", timed_out=True)
    assert isinstance(late.error(), UpstreamTimeout)
    late.add(TARGET, "reset by 10.0.0.7", told="broke off")
    mixed = late.error()
    assert isinstance(mixed, UpstreamFailed) and "10.0.0.7" not in mixed.message and "a broke off" in mixed.message
    assert [each["reason"] for each in json.loads(late.as_json() or "")] == ["silence", "reset by 10.0.0.7"]


def test_a_request_that_no_target_can_be_told_is_the_clients_400() -> None:
    failures = Failures()
    first = InvalidRequest("logprobs have no counterpart", param="logprobs")
    failures.refuse(first)
    failures.refuse(InvalidRequest("another"))
    assert failures.error() is first
    failures.add(TARGET, "answered 500", told="answered 500", status=500)
    assert isinstance(failures.error(), UpstreamFailed), "somebody was asked after all"


def test_an_error_that_calls_itself_something_strange_is_read_all_the_same() -> None:
    assert not is_about_our_key(400, {"error": {"code": ["insufficient_quota"], "type": {}}})

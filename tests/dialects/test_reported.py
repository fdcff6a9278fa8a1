"""Errors in the providers' own words, as ours."""

import pytest

from tollhouse.dialects.reported import is_out_of_credit, reported_error
from tollhouse.errors import (
    InvalidRequest,
    RequestTooLarge,
    UpstreamFailed,
    UpstreamOverloaded,
    UpstreamRateLimited,
    UpstreamTimeout,
)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "overloaded_error"}, UpstreamOverloaded),
        ({"type": "server_error", "code": "server_is_overloaded"}, UpstreamOverloaded),
        ({"type": "rate_limit_error"}, UpstreamRateLimited),
        ({"type": "tokens", "code": "rate_limit_exceeded"}, UpstreamRateLimited),
        ({"code": 429}, UpstreamRateLimited),
        ({"type": "timeout_error"}, UpstreamTimeout),
        ({"type": "request_too_large"}, RequestTooLarge),
        ({"type": "invalid_request_error", "code": "context_length_exceeded"}, InvalidRequest),
        ({"type": "api_error"}, UpstreamFailed),
        ({"type": "made_up", "code": ["rate_limit_exceeded"]}, UpstreamFailed),
        ({}, UpstreamFailed),
    ],
)
def test_an_error_in_a_stream_is_of_the_kind_that_its_words_name(error: dict[str, object], kind: type) -> None:
    for event in ({"error": error}, {"type": "error", "error": error}):
        told = reported_error({**event, "error": {**error, "message": "raw"}}, "Told")
        assert type(told) is kind and told.message == "Told"
    assert type(reported_error({"error": "Overloaded"}, "Told")) is UpstreamFailed
    assert type(reported_error({"type": "error", "code": "rate_limit_exceeded"}, "Told")) is UpstreamRateLimited


@pytest.mark.parametrize(
    "error",
    [
        {"type": "authentication_error"},
        {"type": "permission_error"},
        {"type": "invalid_request_error", "code": "invalid_api_key"},
        {"type": "billing_error"},
        {"type": "insufficient_quota", "code": "insufficient_quota"},
        {"type": "invalid_request_error", "message": "Your credit balance is too low to access the API."},
        {"code": 402},
    ],
)
def test_an_error_about_our_account_in_a_stream_is_not_the_clients(error: dict[str, object]) -> None:
    told = reported_error({"error": error}, "Pay your bill of 7,000 USD")
    assert type(told) is UpstreamFailed and "bill" not in told.message


def test_a_prompt_that_is_quoted_says_nothing_of_credit() -> None:
    quoted = "messages.0: this is too long: 'tell me why my credit balance is too low, please, and what I can do'"
    assert not is_out_of_credit({"error": {"type": "invalid_request_error", "message": "x" * 40 + quoted}})
    assert not is_out_of_credit({"error": "insufficient_quota"}) and not is_out_of_credit(None)

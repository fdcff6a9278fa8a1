"""The tree of errors against the table of WIRE.md."""

import re

import pytest

from tollhouse import errors
from tollhouse.errors import ApiError, InvalidRequest, TollhouseError

ALL = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, TollhouseError)]
KINDS = [kind for kind in ALL if issubclass(kind, ApiError) and kind is not ApiError]
OF_STATUS = {  # status → Anthropic types, by Anthropic's table of errors
    400: {"invalid_request_error"}, 401: {"authentication_error"}, 402: {"billing_error"}, 403: {"permission_error"},
    404: {"not_found_error"}, 405: {"invalid_request_error"}, 408: {"timeout_error"}, 409: {"invalid_request_error"},
    413: {"request_too_large"}, 415: {"invalid_request_error"}, 429: {"rate_limit_error"},
    431: {"invalid_request_error"}, 500: {"api_error", "invalid_request_error"}, 502: {"api_error", "overloaded_error"},
    503: {"api_error"}, 504: {"timeout_error"},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_the_types_of_its_status(kind: type[ApiError]) -> None:
    assert kind.anthropic_type in OF_STATUS[kind.status]
    assert kind.openai_type in (
        "invalid_request_error", "insufficient_quota", "permission_error", "rate_limit_error", "server_error",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ALL)
def test_the_docstring_draws_every_kind_with_its_status(kind: type[TollhouseError]) -> None:
    status = str(kind.status) if issubclass(kind, ApiError) and kind not in (ApiError, errors.UpstreamRefused) else ""
    assert re.search(rf"\b{kind.__name__}\b +{status}", errors.__doc__ or "")


@pytest.mark.parametrize(
    ("kind", "helps"),
    [
        (errors.InsufficientCredit, False), (errors.QuotaExceeded, False), (errors.ProviderPaused, False),
        (errors.ForbiddenModel, False), (errors.InvalidRequest, False), (errors.UnknownPricing, False),
        (errors.InvalidKey, False), (errors.RateLimited, None), (errors.Unavailable, None),
        (errors.NoActiveKeys, None), (errors.UpstreamFailed, None), (errors.UpstreamTimeout, None),
    ],
)  # fmt: skip
def test_what_a_retry_cannot_mend_says_so(kind: type[ApiError], helps: bool | None) -> None:
    assert kind.retry_helps is helps


def test_an_error_carries_what_it_was_given() -> None:
    error = InvalidRequest(
        "n must be 1.", param="n", code="bad_n", details={"n": 2}, headers={"a": "b"}, retry_after_s=3
    )
    assert (str(error), error.message, error.param, error.error_code) == ("n must be 1.", "n must be 1.", "n", "bad_n")
    assert (error.details, error.headers, error.retry_after_s) == ({"n": 2}, {"a": "b"}, 3)
    assert errors.InvalidKey("Who?").error_code == "invalid_api_key"

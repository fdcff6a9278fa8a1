"""What a provider says of an error in its own words, as one of ours. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tollhouse.errors import (
    ApiError,
    InvalidRequest,
    RequestTooLarge,
    UpstreamFailed,
    UpstreamOverloaded,
    UpstreamRateLimited,
    UpstreamTimeout,
)

_OUT_OF_CREDIT_CODES = frozenset({"insufficient_quota", "billing_error", "billing_hard_limit_reached"})
_OUT_OF_CREDIT_WORDS = "credit balance is too low"  # how Anthropic's message begins, of type invalid_request_error

# Errors in a stream, by the words that both vendors' formats have for them (`type`, `code`); some servers give a status.
_ABOUT_OUR_KEY = frozenset(
    {"authentication_error", "permission_error", "invalid_api_key", 401, 402, 403} | _OUT_OF_CREDIT_CODES
)
_REPORTED: Mapping[str | int, type[ApiError]] = MappingProxyType(
    {
        **dict.fromkeys(("rate_limit_error", "rate_limit_exceeded", 429), UpstreamRateLimited),
        **dict.fromkeys(("overloaded_error", "server_is_overloaded", 529), UpstreamOverloaded),
        **dict.fromkeys(("timeout_error", 408, 504), UpstreamTimeout),
        **dict.fromkeys(("request_too_large", 413), RequestTooLarge),
        **dict.fromkeys(("invalid_request_error", 400), InvalidRequest),
    }
)


def reported_error(event: Mapping[str, Any], told: str) -> ApiError:
    """What an error that a provider reports in its stream is for a client of another format (WIRE.md 14).

    `told` is its message without what clients must not see. What is about our key or our account is not about the
    client's, so it says no more than that the provider failed.
    """
    reported = event.get("error")
    error = reported if type(reported) is dict else event
    words = _words(error)
    if is_out_of_credit({"error": error}) or any(word in _ABOUT_OUR_KEY for word in words):
        return UpstreamFailed("The provider is not available any more.")
    kind = next((_REPORTED[word] for word in words if word in _REPORTED), UpstreamFailed)
    return kind(told)


def is_out_of_credit(body: Mapping[str, Any] | None) -> bool:
    """Whether an error says that the account behind our key cannot pay; a prompt that it quotes says nothing."""
    error = body.get("error") if body else None
    if type(error) is not dict:
        return False
    if any(word in _OUT_OF_CREDIT_CODES for word in _words(error)):
        return True
    message = error.get("message")
    return type(message) is str and _OUT_OF_CREDIT_WORDS in message[:60].lower()


def _words(error: Mapping[str, Any]) -> list[str | int]:
    """What an error calls itself, the most exact word first."""
    return [word for word in (error.get("code"), error.get("type")) if type(word) is str or type(word) is int]

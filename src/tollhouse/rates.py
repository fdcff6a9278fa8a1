"""What a caller may do in a minute: requests of a key, of its account, of a network address; tokens of a key.

A refusal's `Retry-After` is the time until *all* of these limits would let the call through, so whoever waits exactly
that long, and is alone, is let through. Answers and refusals say what is left in the headers that the SDKs read.
"""

from collections.abc import Callable, Mapping

from tollhouse.config.snapshot import Config
from tollhouse.counters.base import Allowance, Counters
from tollhouse.errors import ApiError, RateLimited
from tollhouse.identity.principals import Principal
from tollhouse.quotes import Quote, too_many_tokens
from tollhouse.times import format_us

SECOND_US = 1_000_000

Headers = list[tuple[bytes, bytes]]  # lower-case names


class Rates:
    """The limits per minute of every caller. Taking is one step without awaiting."""

    def __init__(self, counters: Counters, clock_us: Callable[[], int]) -> None:
        self._counters = counters
        self._clock_us = clock_us

    def take_request(self, principal: Principal, config: Config) -> Allowance | None:
        """Take one request from the caller's limits, of which the scarcest is returned; None where there is none.

        Raises RateLimited, having taken nothing, where one of them is used up.
        """
        per_minute, burst = _request_limit(principal, config)
        per_account = config.routes.limits.account_requests_per_minute
        counters, taken = self._counters, None
        if per_minute:
            taken = counters.take(f"requests:{principal.name}", 1, per_minute, burst)
            if not taken.allowed:
                raise self._no_request(principal, config)
        if per_account and principal.key is not None:
            shared = counters.take(f"account-requests:{principal.account.id}", 1, per_account, per_account)
            if not shared.allowed:
                if per_minute:
                    counters.give_back(f"requests:{principal.name}", 1, per_minute, burst)
                raise self._no_request(principal, config)
            if taken is None or shared.remaining < taken.remaining:
                taken = shared
        return taken

    def request_refusal(self, principal: Principal, config: Config) -> RateLimited | None:
        """Why a request would be refused now; takes nothing."""
        if self.request_wait_s(principal, config):
            return self._no_request(principal, config)
        return None

    def request_wait_s(self, principal: Principal, config: Config) -> float:
        """Seconds until another request can be let through; 0 where it can be now."""
        return max([allowance.retry_after_s for _, allowance in self._requests_left(principal, config)], default=0.0)

    def take_tokens(self, principal: Principal, quote: Quote, config: Config) -> Allowance | None:
        """Reserve a call's tokens; a call larger than the whole limit takes all of it. None where there is no limit.

        Raises RateLimited. The refused request was counted, so the next one may have to wait for that instead.
        """
        limit = _token_limit(principal)
        if limit is None:
            return None
        tokens = quote.tokens
        if tokens > limit:
            tokens = limit
        allowance = self._counters.take(f"tokens:{principal.name}", tokens, limit, limit)
        if not allowance.allowed:
            wait_s = max(allowance.retry_after_s, self.request_wait_s(principal, config))
            raise too_many_tokens(quote, limit, allowance.remaining, wait_s)
        return allowance

    def token_refusal(self, principal: Principal, quote: Quote) -> RateLimited | None:
        """Why a call's tokens would be refused now; takes nothing."""
        limit = _token_limit(principal)
        if limit is None:
            return None
        allowance = self._counters.peek(f"tokens:{principal.name}", min(quote.tokens, limit), limit, limit)
        if allowance.allowed:
            return None
        return too_many_tokens(quote, limit, allowance.remaining, allowance.retry_after_s)

    def return_tokens(
        self, principal: Principal, taken: Allowance | None, reserved: int, *, used: int
    ) -> Allowance | None:
        """Correct a reservation of `take_tokens` to what was used in the end; what is left now."""
        if taken is None:
            return None
        limit = taken.limit  # whatever the key's is by now
        surplus = (reserved if reserved < limit else limit) - used
        return self._counters.give_back(
            f"tokens:{principal.name}", surplus, limit, limit, paid_off_at_s=taken.paid_off_at_s
        )

    def headers(self, dialect: str, requests: Allowance | None, tokens: Allowance | None) -> Headers:
        """What is left, as the SDKs of a dialect read it; bytes, because every answer has them."""
        if dialect == "anthropic":
            return anthropic_headers(requests, tokens, self._clock_us())
        return openai_headers(requests, tokens)

    def complete(
        self,
        error: ApiError,
        principal: Principal,
        config: Config,
        dialect: str,
        requests: Allowance | None,
        quote: Quote | None,
    ) -> None:
        """Add to a refusal what is left, and make its `Retry-After` true of all limits: the refused request was counted."""
        left = self._requests_left(principal, config)
        if error.retry_after_s is not None:
            waits_s = [error.retry_after_s, *(allowance.retry_after_s for _, allowance in left)]
            refused = self.token_refusal(principal, quote) if quote is not None else None
            waits_s += [refused.retry_after_s or 0.0] if refused is not None else []
            error.retry_after_s = max(waits_s)
        if requests is None and left:
            requests = max(left, key=lambda each: each[1].retry_after_s)[1]
        limit = _token_limit(principal)
        tokens = self._counters.peek(f"tokens:{principal.name}", 0, limit, limit) if limit is not None else None
        error.headers.update(as_texts(self.headers(dialect, requests, tokens)))

    def _requests_left(self, principal: Principal, config: Config) -> list[tuple[str, Allowance]]:
        """What each of the caller's limits of requests would say to one more, by its name in refusals."""
        per_minute, burst = _request_limit(principal, config)
        per_account = config.routes.limits.account_requests_per_minute
        peek = self._counters.peek
        found: list[tuple[str, Allowance]] = []
        if per_minute:
            found.append(("requests_per_minute", peek(f"requests:{principal.name}", 1, per_minute, burst)))
        if per_account and principal.key is not None:
            shared = peek(f"account-requests:{principal.account.id}", 1, per_account, per_account)
            found.append(("account_requests_per_minute", shared))
        return found

    def _no_request(self, principal: Principal, config: Config) -> RateLimited:
        """The 429 of the limit that takes longest to let another request through."""
        limit, allowance = max(self._requests_left(principal, config), key=lambda each: each[1].retry_after_s)
        of = " of this account together" if limit == "account_requests_per_minute" else ""
        return RateLimited(
            f"Rate limit reached: {allowance.limit} requests per minute{of}. "
            f"Try again in {allowance.retry_after_s:.1f} s.",
            retry_after_s=allowance.retry_after_s,
            details={"limit": limit},
        )


def as_texts(headers: Headers) -> dict[str, str]:
    """Headers as an error carries them."""
    return {name.decode(): value.decode() for name, value in headers}


def as_bytes(headers: Mapping[str, str]) -> Headers:
    return [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]


def openai_headers(requests: Allowance | None, tokens: Allowance | None) -> Headers:
    """As OpenAI writes them: `x-ratelimit-remaining-requests`; reset is `1s` or `6m0s`.

    Source: platform.openai.com/docs/guides/rate-limits, "Rate limits in headers".
    """
    headers: Headers = []
    if requests is not None:
        headers += (
            (b"x-ratelimit-limit-requests", b"%d" % requests.limit),
            (b"x-ratelimit-remaining-requests", b"%d" % requests.remaining),
            (b"x-ratelimit-reset-requests", _duration(requests.reset_s)),
        )
    if tokens is not None:
        headers += (
            (b"x-ratelimit-limit-tokens", b"%d" % tokens.limit),
            (b"x-ratelimit-remaining-tokens", b"%d" % tokens.remaining),
            (b"x-ratelimit-reset-tokens", _duration(tokens.reset_s)),
        )
    return headers


def anthropic_headers(requests: Allowance | None, tokens: Allowance | None, now_us: int) -> Headers:
    """As Anthropic writes them: `anthropic-ratelimit-requests-remaining`; reset is RFC 3339, to the next full second.

    Source: docs.anthropic.com/en/api/rate-limits, "Response headers".
    """
    headers: Headers = []
    if requests is not None:
        headers += (
            (b"anthropic-ratelimit-requests-limit", b"%d" % requests.limit),
            (b"anthropic-ratelimit-requests-remaining", b"%d" % requests.remaining),
            (b"anthropic-ratelimit-requests-reset", _moment(now_us, requests.reset_s)),
        )
    if tokens is not None:
        headers += (
            (b"anthropic-ratelimit-tokens-limit", b"%d" % tokens.limit),
            (b"anthropic-ratelimit-tokens-remaining", b"%d" % tokens.remaining),
            (b"anthropic-ratelimit-tokens-reset", _moment(now_us, tokens.reset_s)),
        )
    return headers


def _moment(now_us: int, reset_s: float) -> bytes:
    seconds = -int(-(now_us / SECOND_US + reset_s) // 1)
    return format_us(seconds * SECOND_US)[:19].encode() + b"Z"


def _duration(seconds: float) -> bytes:
    if seconds < 1:
        return b"%dms" % (seconds * 1000)
    minutes, rest = divmod(int(seconds + 0.999), 60)
    return b"%dm%ds" % (minutes, rest) if minutes else b"%ds" % rest


def _request_limit(principal: Principal, config: Config) -> tuple[int, int]:
    """Requests per minute and how many at once, of a key or of a network address; 0 where there is no limit."""
    key = principal.key
    if key is None:
        per_minute = config.routes.anonymous.requests_per_minute
        return per_minute, per_minute
    own = key.row.requests_per_minute
    per_minute = config.routes.limits.requests_per_minute if own is None else own
    return per_minute, key.row.burst or per_minute


def _token_limit(principal: Principal) -> int | None:
    """Tokens per minute; None where there is no limit."""
    key = principal.key
    return key.row.tokens_per_minute or None if key is not None else None

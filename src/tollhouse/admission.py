"""May this call run: rate, model, price, tokens, quota, budget, balance. Nothing is sent before the hold is taken.

Everything here is one step without awaiting, so parallel calls can never overrun a balance, a budget, a quota or a limit.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tollhouse.billing.journal import Journal, store_down
from tollhouse.billing.ledger import Ledger, Shortage
from tollhouse.billing.pricing import Usage
from tollhouse.config.snapshot import Config
from tollhouse.counters.base import Allowance, Counters
from tollhouse.dialects.base import Dialect
from tollhouse.errors import ApiError, ForbiddenModel, InvalidRequest, RateLimited
from tollhouse.generated.operations import Operation
from tollhouse.identity.principals import Principal
from tollhouse.quotes import Quote, priced, short_of_money, short_of_tokens, too_many_tokens
from tollhouse.router import Router
from tollhouse.times import DAY_US


@dataclass(slots=True)
class Admitted:
    """A call that may run: it has its hold and everything that was decided at its beginning."""

    request_id: str
    principal: Principal
    quote: Quote
    position: int  # of the hold in the journal
    allowance: Allowance | None
    token_limit: int | None  # per minute


class Admission:
    def __init__(self, ledger: Ledger, journal: Journal, counters: Counters, clock_us: Callable[[], int]) -> None:
        self._ledger = ledger
        self._journal = journal
        self._counters = counters
        self._clock_us = clock_us
        self._day = (-1, "")

    def quote(
        self,
        principal: Principal,
        operation: Operation,
        dialect: Dialect,
        body: Mapping[str, Any],
        model: str,
        config: Config,
        router: Router,
    ) -> Quote:
        """What a call would take now. Raises where its model is not for this caller, has no price or is served by nobody."""
        if principal.models is not None and model not in principal.models:
            raise ForbiddenModel(f"You do not have access to model {model}", param="model")
        targets = router.pool(dialect.name, model).targets
        if self._journal.failing is not None:
            raise store_down(self._journal.failing)
        at_us = self._clock_us()
        multiplier, date = principal.account.multiplier_ppm, self._date(at_us)
        rates = tuple([target.rate(date, multiplier) for target in targets])
        return priced(operation, dialect, body, model, config, targets, rates, at_us)

    def admit(
        self,
        request_id: str,
        principal: Principal,
        operation: Operation,
        dialect: Dialect,
        body: Mapping[str, Any],
        model: str,
        config: Config,
        router: Router,
    ) -> Admitted:
        """Check a call and take its hold. Raises the first refusal: rate, model, price, tokens, quota, budget, balance.

        A refused call counts against the rate as well, so that nobody can have requests refused without limit.
        """
        allowance = self._take_request(principal, config)
        quote = self.quote(principal, operation, dialect, body, model, config, router)
        token_limit = self._take_tokens(principal, quote)
        refusal = _refused_by_key(principal, quote)
        key = principal.key
        try:
            if refusal is not None:
                raise refusal
            entry = self._ledger.hold(
                request_id,
                principal.account,
                quote.hold_nano,
                key_id=key.row.id if key else None,
                operation=operation.operation_id,
                requested_model=model,
                price_version=quote.price_version,
                stream=quote.streaming,
                at_us=quote.at_us,
            )
        except (ApiError, Shortage) as error:
            self._give_back_tokens(principal, token_limit, quote.tokens, used=0)
            if isinstance(error, Shortage):
                raise short_of_money(quote, error) from None
            raise
        if key is not None:
            key.reserved_nano += quote.hold_nano
            key.reserved_tokens += quote.tokens
            key.running_streams += quote.streaming
        position = self._journal.append(entry)
        return Admitted(request_id, principal, quote, position, allowance, token_limit)

    def refusal(self, principal: Principal, quote: Quote, config: Config) -> ApiError | None:
        """What would refuse a call now, had it been sent instead of quoted; takes nothing."""
        requests = self._request_limit(principal, config)
        if requests is not None:
            allowance = self._counters.peek(f"requests:{principal.name}", 1, *requests)
            if not allowance.allowed:
                return _too_many_requests(allowance)
        tokens = _token_limit(principal)
        if tokens is not None:
            allowance = self._counters.peek(f"tokens:{principal.name}", min(quote.tokens, tokens), tokens, tokens)
            if not allowance.allowed:
                return too_many_tokens(quote, tokens, allowance.remaining, allowance.retry_after_s)
        refused = _refused_by_key(principal, quote)
        if refused is not None:
            return refused
        shortage = self._ledger.shortage(principal.account, quote.hold_nano, quote.at_us)
        return short_of_money(quote, shortage) if shortage is not None else None

    def release(self, admitted: Admitted, usage: Usage | None, cost_nano: int) -> None:
        """The call is over: give back what was reserved, keep what was used. `usage` None means nothing was charged."""
        key = admitted.principal.key
        if key is None:
            return
        quote = admitted.quote
        key.reserved_nano -= quote.hold_nano
        key.reserved_tokens -= quote.tokens
        key.running_streams -= quote.streaming
        used = usage.total if usage is not None else 0
        key.spent_nano += cost_nano
        key.tokens += used
        self._give_back_tokens(admitted.principal, admitted.token_limit, quote.tokens, used=used)

    def take_back(self, admitted: Admitted, usage: Usage, cost_nano: int) -> None:
        """A charge was refunded: it no longer counts against the key's quota."""
        key = admitted.principal.key
        if key is not None:
            key.spent_nano -= cost_nano
            key.tokens -= usage.total

    def _request_limit(self, principal: Principal, config: Config) -> tuple[int, int] | None:
        """Requests per minute and how many at once; None where there is no limit."""
        key = principal.key
        if key is None:
            per_minute = burst = config.routes.anonymous.requests_per_minute
        else:
            own = key.row.requests_per_minute
            per_minute = config.routes.limits.requests_per_minute if own is None else own
            burst = key.row.burst or per_minute
        return (per_minute, burst) if per_minute else None

    def _take_request(self, principal: Principal, config: Config) -> Allowance | None:
        limit = self._request_limit(principal, config)
        if limit is None:
            return None
        allowance = self._counters.take(f"requests:{principal.name}", 1, *limit)
        if not allowance.allowed:
            raise _too_many_requests(allowance)
        return allowance

    def _take_tokens(self, principal: Principal, quote: Quote) -> int | None:
        """Reserve a call's tokens; a call larger than the whole limit takes all of it."""
        limit = _token_limit(principal)
        if limit is None:
            return None
        allowance = self._counters.take(f"tokens:{principal.name}", min(quote.tokens, limit), limit, limit)
        if not allowance.allowed:
            raise too_many_tokens(quote, limit, allowance.remaining, allowance.retry_after_s)
        return limit

    def _give_back_tokens(self, principal: Principal, token_limit: int | None, taken: int, *, used: int) -> None:
        """Correct a reservation of `_take_tokens` to what was used in the end."""
        if token_limit is not None:
            surplus = min(taken, token_limit) - used
            self._counters.give_back(f"tokens:{principal.name}", surplus, token_limit, token_limit)

    def _date(self, now_us: int) -> str:
        """The UTC date of a moment as ISO text, worked out once a day."""
        day = now_us // DAY_US
        if day != self._day[0]:
            self._day = (day, (dt.date(1970, 1, 1) + dt.timedelta(days=day)).isoformat())
        return self._day[1]


def requested_model(body: Mapping[str, Any], operation: Operation) -> str:
    """The model a body names; raises InvalidRequest where it names none."""
    model = body.get("model")
    if type(model) is not str or not model:
        raise InvalidRequest(
            f"{operation.operation_id} needs a model: a string such as the ids of GET /models.", param="model"
        )
    return model


def rate_headers(allowance: Allowance) -> dict[str, str]:
    """The request-rate headers that OpenAI's SDKs read; reset is written as `1s` or `6m0s`."""
    return {
        "x-ratelimit-limit-requests": str(allowance.limit),
        "x-ratelimit-remaining-requests": str(allowance.remaining),
        "x-ratelimit-reset-requests": _duration(allowance.reset_s),
    }


def _duration(seconds: float) -> str:
    if seconds < 1:
        return f"{int(seconds * 1000)}ms"
    minutes, rest = divmod(int(seconds + 0.999), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"


def _too_many_requests(allowance: Allowance) -> RateLimited:
    return RateLimited(
        f"Rate limit reached: {allowance.limit} requests per minute. Try again in {allowance.retry_after_s:.1f} s.",
        retry_after_s=allowance.retry_after_s,
        headers=rate_headers(allowance),
        details={"limit": "requests_per_minute"},
    )


def _token_limit(principal: Principal) -> int | None:
    """Tokens per minute; None where there is no limit."""
    return (principal.key.row.tokens_per_minute or None) if principal.key else None


def _refused_by_key(principal: Principal, quote: Quote) -> ApiError | None:
    """What the key's own limits, beside its rates, have against a call: quota, then concurrent streams.

    A call that takes nothing fits into a quota that a charge beyond its hold has overdrawn.
    """
    key = principal.key
    if key is None:
        return None
    row = key.row
    if row.quota_nano is not None:
        left = row.quota_nano - key.spent_nano - key.reserved_nano
        if quote.hold_nano > max(left, 0):
            return short_of_money(quote, Shortage("quota_usd", left))
    if row.quota_tokens is not None:
        left = row.quota_tokens - key.tokens - key.reserved_tokens
        if quote.tokens > max(left, 0):
            return short_of_tokens(quote, left)
    if quote.streaming and row.concurrency and key.running_streams >= row.concurrency:
        return RateLimited(
            f"This API key has {row.concurrency} streams open, which is its limit; close one first.",
            retry_after_s=1,
            details={"limit": "concurrency"},
        )
    return None

"""May this call run, and for how much: rate, model, price, tokens, quota, balance. Nothing is sent before the hold is taken.

Everything here is one step without awaiting, so parallel calls can never overrun a balance, a quota or a limit.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tollhouse.billing.journal import Journal, store_down
from tollhouse.billing.ledger import Ledger, insufficient
from tollhouse.billing.money import format_usd
from tollhouse.billing.pricing import Rate, Usage, ceiling, output_that_fits
from tollhouse.config.snapshot import Config
from tollhouse.counters.base import Allowance, Counters
from tollhouse.dialects.base import Dialect, Size
from tollhouse.errors import ApiError, ForbiddenModel, InsufficientCredit, InvalidRequest, QuotaExceeded, RateLimited
from tollhouse.generated.operations import Operation
from tollhouse.identity.principals import ApiKey, Principal
from tollhouse.metering import input_upper
from tollhouse.router import Router, Target

OUTPUT_TOKENS_UNKNOWN = 4096  # held for an answer that neither the request nor the catalogue bounds


@dataclass(slots=True)
class Admitted:
    """A call that may run: it has its hold and everything that was decided at its beginning."""

    request_id: str
    principal: Principal
    size: Size
    targets: tuple[Target, ...]
    rates: tuple[Rate, ...]  # of the targets, in their order
    hold_nano: int
    hold_tokens: int
    position: int  # of the hold in the journal
    streaming: bool
    allowance: Allowance | None
    token_limit: int | None  # per minute


class Admission:
    def __init__(self, ledger: Ledger, journal: Journal, counters: Counters, clock_us: Callable[[], int]) -> None:
        self._ledger = ledger
        self._journal = journal
        self._counters = counters
        self._clock_us = clock_us
        self._day = (-1, "")

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
        """Check a call and take its hold. Raises the first refusal: rate, model, price, tokens, quota, balance.

        A refused call counts against the rate as well, so that nobody can have requests refused without limit.
        """
        allowance = self._take_request(principal, config)
        if principal.models is not None and model not in principal.models:
            raise ForbiddenModel(f"You do not have access to model {model}", param="model")
        pool = router.pool(dialect.name, model)
        if self._journal.failing is not None:
            raise store_down(self._journal.failing)
        kind = operation.kind or ""
        size = dialect.measure(body, kind)
        streaming = body.get("stream") is True and operation.streams
        now_us = self._clock_us()
        rates = self._rates(pool.targets, principal, now_us)
        prompt, output = _tokens(pool.targets, size, operation, config)
        hold_nano = max([ceiling(prompt, output, rate) for rate in rates])
        tokens = prompt + output
        token_limit = self._take_tokens(principal, tokens)
        key = principal.key
        try:
            if key is not None:
                _check_quota(key, hold_nano, tokens)
                _check_concurrency(key, streaming)
            entry = self._ledger.hold(
                request_id,
                principal.account,
                hold_nano,
                key_id=key.row.id if key else None,
                operation=operation.operation_id,
                requested_model=model,
                price_version=config.catalogue.version,
                stream=streaming,
                at_us=now_us,
            )
        except ApiError as error:
            self._give_back_tokens(principal, token_limit, tokens, used=0)
            if isinstance(error, InsufficientCredit):
                raise _insufficient(hold_nano, principal.account.available_nano, prompt, rates, size) from None
            raise
        if key is not None:
            key.reserved_nano += hold_nano
            key.reserved_tokens += tokens
            key.running_streams += streaming
        position = self._journal.append(entry)
        return Admitted(
            request_id,
            principal,
            size,
            pool.targets,
            rates,
            hold_nano,
            tokens,
            position,
            streaming,
            allowance,
            token_limit,
        )

    def release(self, admitted: Admitted, usage: Usage | None, cost_nano: int) -> None:
        """The call is over: give back what was reserved, keep what was used. `usage` None means nothing was charged."""
        key = admitted.principal.key
        if key is None:
            return
        key.reserved_nano -= admitted.hold_nano
        key.reserved_tokens -= admitted.hold_tokens
        key.running_streams -= admitted.streaming
        used = usage.total if usage is not None else 0
        key.spent_nano += cost_nano
        key.tokens += used
        self._give_back_tokens(admitted.principal, admitted.token_limit, admitted.hold_tokens, used=used)

    def take_back(self, admitted: Admitted, usage: Usage, cost_nano: int) -> None:
        """A charge was refunded: it no longer counts against the key's quota."""
        key = admitted.principal.key
        if key is not None:
            key.spent_nano -= cost_nano
            key.tokens -= usage.total

    def _rates(self, targets: tuple[Target, ...], principal: Principal, now_us: int) -> tuple[Rate, ...]:
        """What each target costs this caller today, in their order."""
        multiplier, date = principal.account.multiplier_ppm, self._date(now_us)
        return tuple([target.rate(date, multiplier) for target in targets])

    def _take_request(self, principal: Principal, config: Config) -> Allowance | None:
        key = principal.key
        if key is None:
            per_minute = burst = config.routes.anonymous.requests_per_minute
        else:
            own = key.row.requests_per_minute
            per_minute = config.routes.limits.requests_per_minute if own is None else own
            burst = key.row.burst or per_minute
        if not per_minute:
            return None
        allowance = self._counters.take(f"requests:{principal.name}", 1, per_minute, burst)
        if not allowance.allowed:
            raise RateLimited(
                f"Rate limit reached: {per_minute} requests per minute. Try again in {allowance.retry_after_s:.1f} s.",
                retry_after_s=allowance.retry_after_s,
                headers=rate_headers(allowance),
            )
        return allowance

    def _take_tokens(self, principal: Principal, tokens: int) -> int | None:
        """Reserve a call's tokens; a call larger than the whole limit takes all of it."""
        per_minute = principal.key.row.tokens_per_minute if principal.key else None
        if not per_minute:
            return None
        allowance = self._counters.take(f"tokens:{principal.name}", min(tokens, per_minute), per_minute, per_minute)
        if not allowance.allowed:
            raise RateLimited(
                f"Rate limit reached: {per_minute} tokens per minute and this request may use {tokens}. "
                f"Try again in {allowance.retry_after_s:.1f} s, or lower max_tokens.",
                retry_after_s=allowance.retry_after_s,
            )
        return per_minute

    def _give_back_tokens(self, principal: Principal, token_limit: int | None, taken: int, *, used: int) -> None:
        """Correct a reservation of `_take_tokens` to what was used in the end."""
        if token_limit is not None:
            surplus = min(taken, token_limit) - used
            self._counters.give_back(f"tokens:{principal.name}", surplus, token_limit, token_limit)

    def _date(self, now_us: int) -> str:
        """The UTC date of a moment as ISO text, worked out once a day."""
        day = now_us // 86_400_000_000
        if day != self._day[0]:
            self._day = (day, (dt.date(1970, 1, 1) + dt.timedelta(days=day)).isoformat())
        return self._day[1]


def _tokens(targets: tuple[Target, ...], size: Size, operation: Operation, config: Config) -> tuple[int, int]:
    """The tokens to hold for a call: of its prompt, and of all its answers."""
    if operation.billing != "metered":
        return 0, 0
    answer = _output_limit(targets) if size.output_tokens is None else size.output_tokens
    prompt = input_upper(size, config.routes.hold)
    if size.references:  # documents that the request only names may fill the model's whole context
        prompt = max(prompt, *(target.served.context_tokens or 0 for target in targets))
    return prompt, size.answers * answer


def _insufficient(needed: int, available: int, prompt: int, rates: tuple[Rate, ...], size: Size) -> InsufficientCredit:
    """The 402 error with the `max_tokens` that would fit, whichever target served it."""
    limits = [output_that_fits(available, prompt, rate) for rate in rates]
    fitting = min([limit for limit in limits if limit is not None], default=0)
    return insufficient(needed, available, max(fitting, 0) // size.answers)


def _output_limit(targets: tuple[Target, ...]) -> int:
    """The most output tokens that the catalogue allows for any of the targets."""
    return max(t.served.max_output_tokens or t.served.context_tokens or OUTPUT_TOKENS_UNKNOWN for t in targets)


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


def _check_quota(key: ApiKey, hold_nano: int, tokens: int) -> None:
    row = key.row
    if row.quota_nano is not None:
        left = row.quota_nano - key.spent_nano - key.reserved_nano
        if hold_nano > left:
            needed, available = format_usd(hold_nano), format_usd(max(left, 0))
            raise QuotaExceeded(
                f"The quota of this API key does not cover this request: it needs {needed} USD in reserve and {available} "
                "USD are left. Lower max_tokens, or use another key.",
                details={"needed_usd": needed, "available_usd": available},
            )
    if row.quota_tokens is not None:
        left = row.quota_tokens - key.tokens - key.reserved_tokens
        if tokens > left:
            raise QuotaExceeded(
                f"The token quota of this API key does not cover this request: it may use {tokens} tokens and "
                f"{max(left, 0)} are left. Lower max_tokens, or use another key.",
                details={"needed_tokens": tokens, "available_tokens": max(left, 0)},
            )


def _check_concurrency(key: ApiKey, streaming: bool) -> None:
    limit = key.row.concurrency
    if streaming and limit and key.running_streams >= limit:
        raise RateLimited(
            f"This API key has {limit} streams open, which is its limit; close one first.", retry_after_s=1
        )

"""May this call run, and for how much: model, price, rates, quota, balance. Nothing is sent before the hold is taken.

Everything here is one step without awaiting, so parallel calls can never overrun a balance, a quota or a limit.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tollhouse.billing.journal import Journal, store_down
from tollhouse.billing.ledger import Ledger
from tollhouse.billing.pricing import Rate, Usage, ceiling
from tollhouse.config.snapshot import Config
from tollhouse.counters.base import Allowance, Counters
from tollhouse.dialects.base import Dialect, Size
from tollhouse.errors import ForbiddenModel, InvalidRequest, QuotaExceeded, RateLimited
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
    token_limit: tuple[int, int] | None  # per minute, burst


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
        """Check a call and take its hold. Raises the first refusal, in the order of BILLING.md."""
        if principal.models is not None and model not in principal.models:
            raise ForbiddenModel(f"You do not have access to model {model}", param="model")
        pool = router.pool(dialect.name, model)
        if self._journal.failing is not None:
            raise store_down(self._journal.failing)
        kind = operation.kind or ""
        size = dialect.measure(body, kind)
        streaming = body.get("stream") is True and operation.streams
        rates, hold_nano, output_nano, tokens, output_tokens = self._price(
            pool.targets, principal, size, operation, config
        )
        allowance = self._take_request(principal, config)
        token_limit = self._take_tokens(principal, tokens)
        key = principal.key
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
            output_nano=output_nano,
            output_tokens_max=output_tokens,
        )
        if key is not None:
            key.reserved_nano += hold_nano
            key.reserved_tokens += tokens
            key.running_streams += streaming
        position = self._journal.append(entry)
        return Admitted(
            request_id, principal, size, pool.targets, rates, hold_nano, tokens, position, streaming, allowance, token_limit
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
        if admitted.token_limit is not None:
            per_minute, burst = admitted.token_limit
            self._counters.give_back(
                f"tokens:{admitted.principal.name}", min(admitted.hold_tokens, burst) - used, per_minute, burst
            )

    def _price(
        self,
        targets: tuple[Target, ...],
        principal: Principal,
        size: Size,
        operation: Operation,
        config: Config,
    ) -> tuple[tuple[Rate, ...], int, int, int, int]:
        """Rates of the targets; the hold and its output part in nano-dollars; held tokens, and output tokens of them."""
        multiplier = principal.account.multiplier_ppm
        date = self._today()
        rates = tuple(target.rate(date, multiplier) for target in targets)
        if operation.billing != "metered":
            return rates, 0, 0, 0, 0
        prompt = input_upper(size, config.routes.hold)
        output = size.answers * (_output_limit(targets) if size.output_tokens is None else size.output_tokens)
        dearest = max(rates, key=lambda rate: ceiling(prompt, output, rate)) if len(rates) > 1 else rates[0]
        total = ceiling(prompt, output, dearest)
        return rates, total, total - ceiling(prompt, 0, dearest), prompt + output, output

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

    def _take_tokens(self, principal: Principal, tokens: int) -> tuple[int, int] | None:
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
        return per_minute, per_minute

    def _today(self) -> str:
        """The UTC date as ISO text, worked out once a day."""
        day = self._clock_us() // 86_400_000_000
        if day != self._day[0]:
            self._day = (day, (dt.date(1970, 1, 1) + dt.timedelta(days=day)).isoformat())
        return self._day[1]


def _output_limit(targets: tuple[Target, ...]) -> int:
    """The most output tokens that the catalogue allows for any of the targets."""
    return max(t.served.max_output_tokens or t.served.context_tokens or OUTPUT_TOKENS_UNKNOWN for t in targets)


def requested_model(body: Mapping[str, Any], operation: Operation) -> str:
    """The model a body names; raises InvalidRequest where it names none."""
    model = body.get("model")
    if type(model) is not str or not model:
        raise InvalidRequest(f"{operation.operation_id} needs a model: a string such as the ids of GET /models.", param="model")
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
    if row.quota_nano is not None and key.spent_nano + key.reserved_nano + hold_nano > row.quota_nano:
        raise QuotaExceeded("The quota of this API key does not cover this request; raise it or use another key.")
    if row.quota_tokens is not None and key.tokens + key.reserved_tokens + tokens > row.quota_tokens:
        raise QuotaExceeded("The token quota of this API key does not cover this request; raise it or use another key.")


def _check_concurrency(key: ApiKey, streaming: bool) -> None:
    limit = key.row.concurrency
    if streaming and limit and key.running_streams >= limit:
        raise RateLimited(f"This API key has {limit} streams open, which is its limit; close one first.", retry_after_s=1)

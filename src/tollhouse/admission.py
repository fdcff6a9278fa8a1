"""May this call run: rate, model, price, tokens, quota, budget, balance. Nothing is sent before the hold is taken.

Everything here is one step without awaiting, so parallel calls can never overrun a balance, a budget, a quota or a limit.
"""

import contextlib
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tollhouse.billing.journal import Journal, store_down
from tollhouse.billing.ledger import Entry, Ledger, Shortage
from tollhouse.billing.pricing import FREE, Usage
from tollhouse.config.snapshot import Config
from tollhouse.counters.base import Allowance, Counters
from tollhouse.dialects.base import Dialect
from tollhouse.errors import ApiError, ForbiddenModel, InvalidKey, InvalidRequest, RateLimited
from tollhouse.generated.operations import Operation
from tollhouse.identity.principals import Principal, check_usable
from tollhouse.passage import PASSED, UPLOAD
from tollhouse.quotes import Quote, check_measurable, priced, short_of_money, short_of_tokens
from tollhouse.rates import Headers, Rates
from tollhouse.router import Router
from tollhouse.times import DAY_US


@dataclass(slots=True)
class Admitted:
    """A call that may run: it has its hold and everything that was decided at its beginning."""

    request_id: str
    principal: Principal
    quote: Quote
    position: int  # of the hold in the journal
    requests: Allowance | None  # what is left of the scarcest limit of requests; None where there is none
    tokens: Allowance | None  # of the key's tokens per minute: with this call's reserved, later with what it used


class Admission:
    def __init__(self, ledger: Ledger, journal: Journal, counters: Counters, clock_us: Callable[[], int]) -> None:
        self._ledger = ledger
        self._journal = journal
        self._rates = Rates(counters, clock_us)
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
        provider: str | None = None,
    ) -> Quote:
        """What a call would take now. Raises where its model is not for this caller, has no price or is served by nobody.

        With a `provider` it is served by that one or not at all; a free call to it need not have a model ("").

        A key that was revoked since the request arrived is refused here: its body may have taken a minute to come.
        """
        if model and principal.models is not None and model not in principal.models:
            raise ForbiddenModel(f"You do not have access to model {model}", param="model")
        if model or provider is None:
            targets = router.pool(dialect.name, model, operation.kind, provider).targets
        elif principal.key is None:
            raise InvalidKey("A call without a model needs an API key: send it as `Authorization: Bearer <key>`.")
        else:
            targets = router.keys_of(provider)
        if operation.kind in (PASSED, UPLOAD):
            targets = tuple([replace(target, dialect=dialect, elsewhere=True) for target in targets])
        if self._journal.failing is not None:
            raise store_down(self._journal.failing)
        at_us = self._clock_us()
        check_usable(principal, at_us)
        multiplier, date = principal.account.multiplier_ppm, self._date(at_us)
        rates = tuple([target.rate(date, multiplier) for target in targets])
        if operation.billing != "metered":
            rates = tuple([rate._replace(prices=FREE) for rate in rates])
        elif operation.kind in (PASSED, UPLOAD):
            check_measurable(model, body, targets, rates)
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
        provider: str | None = None,
    ) -> Admitted:
        """Check a call and take its hold. Raises the first refusal: rate, model, price, tokens, quota, budget, balance.

        A refused call counts against the rate as well, so that nobody can have requests refused without limit.
        """
        requests, quote, rates = None, None, self._rates
        try:
            requests = rates.take_request(principal, config)
            quote = self.quote(principal, operation, dialect, body, model, config, router, provider)
            tokens = rates.take_tokens(principal, quote, config)
            try:
                entry = self._hold(request_id, principal, quote)
            except ApiError:
                rates.return_tokens(principal, tokens, quote.tokens, used=0)
                raise
        except ApiError as error:
            if isinstance(error, RateLimited) and quote is None:  # too many requests; the tokens may take longer still
                with contextlib.suppress(ApiError):
                    quote = self.quote(principal, operation, dialect, body, model, config, router, provider)
            rates.complete(error, principal, config, dialect.name, requests, quote)
            raise
        position = self._journal.append(entry)
        return Admitted(request_id, principal, quote, position, requests, tokens)

    def _hold(self, request_id: str, principal: Principal, quote: Quote) -> Entry:
        """Hold the money and reserve what the key's own limits count; raises ApiError, having taken nothing."""
        key = principal.key
        refusal = _refused_by_key(principal, quote)
        if refusal is not None:
            raise refusal
        try:
            entry = self._ledger.hold(
                request_id,
                principal.account,
                quote.hold_nano,
                key_id=key.row.id if key else None,
                operation=quote.operation.operation_id,
                requested_model=quote.model,
                price_version=quote.price_version,
                stream=quote.streaming,
                at_us=quote.at_us,
            )
        except Shortage as shortage:
            raise short_of_money(quote, shortage) from None
        if key is not None:
            key.used.reserved_nano += quote.hold_nano
            key.used.reserved_tokens += quote.tokens
            key.running_streams += quote.streaming
        return entry

    def rate_headers(self, admitted: Admitted) -> Headers:
        """What is left of the caller's rates, for the answer of an admitted call."""
        operation = admitted.quote.operation
        return self._rates.headers(operation.dialect or "", admitted.requests, admitted.tokens)

    def refusal(self, principal: Principal, quote: Quote, config: Config) -> ApiError | None:
        """What would refuse a call now, had it been sent instead of quoted; takes nothing."""
        rates = self._rates
        limited = rates.request_refusal(principal, config) or rates.token_refusal(principal, quote)
        if limited is not None:
            return limited
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
        key.used.reserved_nano -= quote.hold_nano
        key.used.reserved_tokens -= quote.tokens
        key.running_streams -= quote.streaming
        used = usage.total if usage is not None else 0
        key.used.spent_nano += cost_nano
        key.used.tokens += used
        admitted.tokens = self._rates.return_tokens(admitted.principal, admitted.tokens, quote.tokens, used=used)

    def take_back(self, admitted: Admitted, usage: Usage, cost_nano: int) -> None:
        """A charge was refunded: it no longer counts against the key's quotas and rate."""
        key = admitted.principal.key
        if key is not None:
            key.used.spent_nano -= cost_nano
            key.used.tokens -= usage.total
            admitted.tokens = self._rates.return_tokens(admitted.principal, admitted.tokens, usage.total, used=0)

    def _date(self, now_us: int) -> str:
        """The UTC date of a moment as ISO text, worked out once a day."""
        day = now_us // DAY_US
        if day != self._day[0]:
            self._day = (day, (dt.date(1970, 1, 1) + dt.timedelta(days=day)).isoformat())
        return self._day[1]


def requested_model(body: Mapping[str, Any], operation: Operation, router: Router, provider: str | None = None) -> str:
    """The model a body names, or for moderations a provider's default; raises InvalidRequest where there is none.

    With a `provider` it is the default of that one.
    """
    model = body.get("model")
    if model is None and operation.kind == "moderation":
        return router.default_model(operation, provider)
    if type(model) is not str or not model:
        raise InvalidRequest(
            f"{operation.operation_id} needs a model: a string such as the ids of GET /v1/models.", param="model"
        )
    return model


def _refused_by_key(principal: Principal, quote: Quote) -> ApiError | None:
    """What the key's own limits, beside its rates, have against a call: quota, then concurrent streams.

    A call that takes nothing fits into a quota that a charge beyond its hold has overdrawn.
    """
    key = principal.key
    if key is None:
        return None
    row = key.row
    if row.quota_nano is not None:
        left = row.quota_nano - key.used.spent_nano - key.used.reserved_nano
        if quote.hold_nano > max(left, 0):
            return short_of_money(quote, Shortage("quota_usd", left))
    if row.quota_tokens is not None:
        left = row.quota_tokens - key.used.tokens - key.used.reserved_tokens
        if quote.tokens > max(left, 0):
            return short_of_tokens(quote, left)
    if quote.streaming and row.concurrency and key.running_streams >= row.concurrency:
        return RateLimited(
            f"This API key has {row.concurrency} streams open, which is its limit; close one first.",
            retry_after_s=1,
            details={"limit": "concurrency"},
        )
    return None

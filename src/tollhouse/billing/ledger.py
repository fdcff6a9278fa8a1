"""The ledger: a pure state machine. Commands change the state and return the entries to keep; nothing here does I/O.

The life of a charge (BILLING.md): HOLD → dispatch → POST (charged) or VOID (nothing delivered) or EXPIRE. A hold
resolves exactly once; a second resolution is ignored, so settling is idempotent on the request id. Entries are only
ever added: an account's balance is the sum of its credits minus the sum of its posts.

Amounts are nano-dollars, times are microseconds since 1970 (UTC) and come from the injected clock.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tollhouse.billing.money import format_multiplier, format_usd
from tollhouse.billing.pricing import Rate, Usage, cost
from tollhouse.errors import InsufficientCredit

REVENUE = "house:revenue"
FUNDING = "house:funding"


class Entry(NamedTuple):
    """One row of the journal. Money rows move `amount` from `debit` to `credit`, so all entries sum to zero.

    A hold fills the columns up to `stream`, its resolution (post, void, expire) those after it.
    """

    kind: str  # hold | post | void | expire | credit
    at_us: int
    account: str
    request_id: str | None = None
    key_id: str | None = None
    operation: str | None = None
    requested_model: str | None = None
    price_version: str | None = None
    account_multiplier: str | None = None
    held_nano: int | None = None
    stream: int | None = None
    debit: str | None = None
    credit: str | None = None
    amount_nano: int | None = None
    provider: str | None = None
    upstream_key_id: str | None = None
    served_model: str | None = None
    attempts: str | None = None
    input_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_5m_tokens: int | None = None
    cache_write_1h_tokens: int | None = None
    output_tokens: int | None = None
    model_multiplier: str | None = None
    usage_source: str | None = None
    status: int | None = None
    ttfb_ms: int | None = None
    duration_ms: int | None = None
    reference: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class Account:
    """An account and its money. `held_nano` is the sum of its open holds, `spent_nano` that of its posts."""

    id: str
    name: str
    multiplier_ppm: int
    created_at_us: int
    status: str = "active"  # active | suspended
    balance_nano: int = 0
    held_nano: int = 0
    spent_nano: int = 0
    multiplier: str = ""

    def __post_init__(self) -> None:
        self.multiplier = format_multiplier(self.multiplier_ppm)

    @property
    def available_nano(self) -> int:
        return self.balance_nano - self.held_nano


class Hold(NamedTuple):
    """An open hold: money promised to a running request."""

    account: Account
    amount_nano: int
    key_id: str | None


class Delivery(NamedTuple):
    """Who served a request, and what was measured."""

    provider: str
    upstream_key_id: str
    served_model: str
    model_multiplier: str
    usage: Usage
    usage_source: str  # reported | estimated | none
    attempts: str | None  # JSON list of the failed attempts before this one
    status: int
    ttfb_ms: int | None
    duration_ms: int


class Ledger:
    """All accounts and open holds of this process. Commands run without awaiting, so checks and takes are one step."""

    def __init__(self, clock_us: Callable[[], int], accounts: Iterable[Account] = ()) -> None:
        self._clock_us = clock_us
        self.accounts = {account.id: account for account in accounts}
        self.open_holds: dict[str, Hold] = {}
        self.overdraft_nano = 0

    def hold(
        self,
        request_id: str,
        account: Account,
        amount_nano: int,
        *,
        key_id: str | None,
        operation: str,
        requested_model: str,
        price_version: str,
        stream: bool,
        at_us: int,
    ) -> Entry:
        """Promise `amount_nano` to a request; raises InsufficientCredit where the account has less available.

        `at_us` is the moment whose prices the request is charged at: the audit finds them by this time.
        """
        assert request_id not in self.open_holds, "a request takes one hold"
        assert amount_nano >= 0, "a hold never makes money available"
        available = account.balance_nano - account.held_nano
        if amount_nano > available and amount_nano > 0:
            raise insufficient(amount_nano, available)
        account.held_nano += amount_nano
        self.open_holds[request_id] = Hold(account, amount_nano, key_id)
        return Entry(
            "hold",
            at_us,
            account.id,
            request_id,
            key_id,
            operation,
            requested_model,
            price_version,
            account.multiplier,
            amount_nano,
            int(stream),
        )

    def restore(self, request_id: str, account_id: str, key_id: str | None, amount_nano: int) -> None:
        """Take up a hold that the store still has open."""
        account = self.accounts[account_id]
        account.held_nano += amount_nano
        self.open_holds[request_id] = Hold(account, amount_nano, key_id)

    def post(self, request_id: str, rate: Rate, delivery: Delivery) -> Entry | None:
        """Charge what was delivered, whole, even beyond the hold; None where the hold is already resolved."""
        hold = self._resolve(request_id)
        if hold is None:
            return None
        account = hold.account
        amount_nano = cost(delivery.usage, rate)
        assert amount_nano >= 0, "a cost is never negative"
        account.balance_nano -= amount_nano
        account.spent_nano += amount_nano
        if amount_nano > hold.amount_nano:
            self.overdraft_nano += amount_nano - hold.amount_nano
        usage = delivery.usage
        return Entry(
            "post",
            self._clock_us(),
            account.id,
            request_id,
            debit=account.id,
            credit=REVENUE,
            amount_nano=amount_nano,
            provider=delivery.provider,
            upstream_key_id=delivery.upstream_key_id,
            served_model=delivery.served_model,
            attempts=delivery.attempts,
            input_tokens=usage.input,
            cache_read_tokens=usage.cache_read,
            cache_write_5m_tokens=usage.cache_write_5m,
            cache_write_1h_tokens=usage.cache_write_1h,
            output_tokens=usage.output,
            model_multiplier=delivery.model_multiplier,
            usage_source=delivery.usage_source,
            status=delivery.status,
            ttfb_ms=delivery.ttfb_ms,
            duration_ms=delivery.duration_ms,
        )

    def void(
        self,
        request_id: str,
        reason: str,
        *,
        status: int | None = None,
        attempts: str | None = None,
        duration_ms: int | None = None,
    ) -> Entry | None:
        """Give the hold back: nothing was delivered. None where the hold is already resolved."""
        hold = self._resolve(request_id)
        if hold is None:
            return None
        return Entry(
            "void",
            self._clock_us(),
            hold.account.id,
            request_id,
            usage_source="none",
            attempts=attempts,
            status=status,
            duration_ms=duration_ms,
            reason=reason,
        )

    def credit(self, account: Account, amount_nano: int, reference: str) -> Entry:
        """Add money from outside. The caller makes sure that a reference is credited once."""
        assert amount_nano > 0, "a credit adds money"
        account.balance_nano += amount_nano
        return Entry(
            "credit",
            self._clock_us(),
            account.id,
            debit=FUNDING,
            credit=account.id,
            amount_nano=amount_nano,
            reference=reference,
        )

    def _resolve(self, request_id: str) -> Hold | None:
        hold = self.open_holds.pop(request_id, None)
        if hold is not None:
            hold.account.held_nano -= hold.amount_nano
            assert hold.account.held_nano >= 0, "an account never holds less than nothing"
        return hold


def insufficient(needed: int, available: int, tokens_that_fit: int = 0) -> InsufficientCredit:
    """The 402 error with its figures: what is needed, what is there, and which max_tokens would fit (0: none)."""
    hint = f"lower max_tokens to {tokens_that_fit} or top up the account" if tokens_that_fit else "top up the account"
    return InsufficientCredit(
        f"Insufficient credit balance: this request needs {format_usd(needed)} USD in reserve and "
        f"{format_usd(max(available, 0))} USD are available; {hint}.",
        details={
            "needed_usd": format_usd(needed),
            "available_usd": format_usd(max(available, 0)),
            "max_tokens_that_fit": tokens_that_fit,
        },
    )

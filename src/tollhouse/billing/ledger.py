"""The ledger: a pure state machine. Commands change the state and return the entries to keep; nothing here does I/O.

The life of a charge (BILLING.md): HOLD → dispatch → SETTLE (charged), VOID (nothing delivered) or EXPIRE (its end never
came). A hold resolves exactly once; a second resolution is ignored, so settling is idempotent on the request id.
Money enters and leaves by CREDIT and ADJUST; a REFUND takes back a charge whose answer could not be delivered.

What always holds, asserted before anything changes, so that a command happens whole or not at all:

1. debits and credits are equal: every amount leaves one side and arrives at another;
2. a balance is the sum of its account's entries: credits and adjustments, less what it spent;
3. what is available, the balance less the open holds, is never below zero when a hold is taken;
4. a request has at most one terminal state;
5. entries never change: they are immutable here, and the store refuses to update or delete them;
6. a charge is the price of its own row, at the multiplier of its hold;
7. nothing is dispatched without an older hold (`is_held`, asked by the relay).

Amounts are nano-dollars, times are microseconds since 1970 (UTC) and come from the injected clock.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from tollhouse.billing.budgets import Budget, Window
from tollhouse.billing.money import format_multiplier
from tollhouse.billing.pricing import Rate, Usage, cost

REVENUE = "house:revenue"
FUNDING = "house:funding"
ADJUSTMENTS = "house:adjustments"


class Entry(NamedTuple):
    """One row of the journal. Money rows move `amount` from `debit` to `credit`, so all entries sum to zero.

    A hold fills the columns up to `stream`, its resolution (post, void, expire) those after it; a refund repeats its post.
    """

    kind: str  # hold | post | void | expire | refund | credit | adjust
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


_NO_HOLD = (None,) * 7  # the columns that a hold fills, in the entries that are none


@dataclass(slots=True)
class Account:
    """An account and its money: `held_nano` is the sum of its open holds, `spent_nano` that of its charges."""

    id: str
    name: str
    multiplier_ppm: int
    created_at_us: int
    status: str = "active"  # active | suspended
    balance_nano: int = 0
    held_nano: int = 0
    spent_nano: int = 0
    adjusted_nano: int = 0
    budget: Budget = field(default_factory=Budget)
    multiplier: str = ""
    funded_nano: int = 0  # its credits and adjustments

    def __post_init__(self) -> None:
        self.set_multiplier(self.multiplier_ppm)
        self.funded_nano = self.balance_nano + self.spent_nano

    def set_multiplier(self, ppm: int) -> None:
        """The factor on the prices of calls that begin from now on; those that run have that of their hold."""
        self.multiplier_ppm = ppm
        self.multiplier = format_multiplier(ppm)

    @property
    def available_nano(self) -> int:
        return self.balance_nano - self.held_nano


class Hold(NamedTuple):
    """An open hold: money promised to a running request, in the day and the month in which it began."""

    account: Account
    amount_nano: int
    key_id: str | None
    at_us: int
    multiplier_ppm: int
    windows: tuple[Window, Window]


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


class Shortage(Exception):
    """A hold does not fit: into which limit, and how much of it is left (nano-dollars, below zero after an overdraft).

    `resets_at_us` is when the limit is whole again, None where only an administrator can mend it.
    """

    def __init__(self, limit: str, available_nano: int, resets_at_us: int | None = None) -> None:
        super().__init__(limit)
        self.limit = limit  # balance | daily_budget | monthly_budget
        self.available_nano = available_nano
        self.resets_at_us = resets_at_us


class Ledger:
    """All accounts and open holds of this process. Commands run without awaiting, so checks and takes are one step."""

    def __init__(self, clock_us: Callable[[], int], accounts: Iterable[Account] = ()) -> None:
        self._clock_us = clock_us
        self.accounts: dict[str, Account] = {}
        self.open_holds: dict[str, Hold] = {}
        self.overdraft_nano = 0
        self.house_nano: Counter[str] = Counter()  # the other side of every amount
        self._balances_nano = 0  # of all accounts together
        for account in accounts:
            self.open_account(account)

    def open_account(self, account: Account) -> None:
        """Take up an account with the balance that its earlier entries made."""
        assert account.id not in self.accounts, "an account is opened once"
        self.accounts[account.id] = account
        self._balances_nano += account.balance_nano
        self.house_nano[REVENUE] += account.spent_nano
        self.house_nano[ADJUSTMENTS] -= account.adjusted_nano
        self.house_nano[FUNDING] -= account.funded_nano - account.adjusted_nano

    def is_held(self, request_id: str) -> bool:
        return request_id in self.open_holds

    def shortage(self, account: Account, amount_nano: int, at_us: int) -> Shortage | None:
        """Why an amount cannot be held now: the first limit that it does not fit into. Free calls always fit."""
        if not amount_nano:
            return None
        over = account.budget.shortage(amount_nano, at_us)
        if over is not None:
            return Shortage(over.limit, over.available_nano, over.resets_at_us)
        if amount_nano > account.balance_nano - account.held_nano:
            return Shortage("balance", account.balance_nano - account.held_nano)
        return None

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
        """Promise `amount_nano` to a request; raises Shortage where the account's balance or a budget has less left.

        `at_us` is the moment whose prices the request is charged at and whose budgets it counts in.
        """
        assert request_id not in self.open_holds, "a request takes one hold"
        assert amount_nano >= 0, "a hold never makes money available"
        short = self.shortage(account, amount_nano, at_us)
        if short is not None:
            raise short
        assert account.available_nano >= amount_nano or not amount_nano, "what is available is never below zero"
        self._take(request_id, account, amount_nano, key_id, at_us)
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

    def restore(self, request_id: str, account_id: str, key_id: str | None, amount_nano: int, at_us: int) -> None:
        """Take up a hold that the store still has open."""
        self._take(request_id, self.accounts[account_id], amount_nano, key_id, at_us)

    def settle(self, request_id: str, rate: Rate, delivery: Delivery) -> Entry | None:
        """Charge what was delivered, whole, even beyond the hold; None where the hold is already resolved."""
        hold = self.open_holds.get(request_id)
        if hold is None:
            return None
        assert rate.account_multiplier_ppm == hold.multiplier_ppm, "a charge has the multiplier of its hold"
        account, usage = hold.account, delivery.usage
        amount_nano = cost(usage, rate)
        assert amount_nano >= 0, "a cost is never negative"
        self._check_books(account)
        self._resolve(request_id)
        for window in hold.windows:
            window.spent_nano += amount_nano
        if amount_nano > hold.amount_nano:
            self.overdraft_nano += amount_nano - hold.amount_nano
        entry = Entry(  # in the order of its fields, because by their names it takes twice as long
            "post",
            self._clock_us(),
            account.id,
            request_id,
            *_NO_HOLD,
            account.id,
            REVENUE,
            amount_nano,
            delivery.provider,
            delivery.upstream_key_id,
            delivery.served_model,
            delivery.attempts,
            *usage,
            delivery.model_multiplier,
            delivery.usage_source,
            delivery.status,
            delivery.ttfb_ms,
            delivery.duration_ms,
        )
        account.spent_nano += amount_nano
        self._move(account, -amount_nano, REVENUE)
        return entry

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

    def expire(self, request_id: str, reason: str) -> Entry | None:
        """Give back a hold whose end never came; a settlement that comes later is ignored. None where it is resolved."""
        hold = self._resolve(request_id)
        if hold is None:
            return None
        return Entry("expire", self._clock_us(), hold.account.id, request_id, usage_source="none", reason=reason)

    def refund(self, posted: Entry, began_us: int, reason: str) -> Entry:
        """Take back a whole charge, because its answer could not be delivered. The caller does so once."""
        assert posted.kind == "post" and posted.amount_nano is not None, "only a charge can be refunded"
        account, amount_nano = self.accounts[posted.account], posted.amount_nano
        self._check_books(account)
        entry = posted._replace(kind="refund", at_us=self._clock_us(), debit=REVENUE, credit=account.id, reason=reason)
        for window in account.budget.windows(began_us):
            window.spent_nano -= amount_nano
        account.spent_nano -= amount_nano
        self._move(account, amount_nano, REVENUE)
        return entry

    def credit(self, account: Account, amount_nano: int, reference: str) -> Entry:
        """Add money from outside. The caller makes sure that a reference is booked once."""
        assert amount_nano > 0, "a credit adds money"
        self._check_books(account)
        account.funded_nano += amount_nano
        self._move(account, amount_nano, FUNDING)
        return self._booked("credit", account, amount_nano, FUNDING, reference)

    def adjust(self, account: Account, amount_nano: int, reference: str, reason: str) -> Entry:
        """Correct a balance by a positive or negative amount; raises Shortage where it takes more than is available.

        The caller makes sure that a reference is booked once.
        """
        assert amount_nano, "an adjustment changes something"
        if amount_nano < 0 and account.available_nano + amount_nano < 0:
            raise Shortage("balance", account.available_nano)
        self._check_books(account)
        account.funded_nano += amount_nano
        account.adjusted_nano += amount_nano
        self._move(account, amount_nano, ADJUSTMENTS)
        return self._booked("adjust", account, amount_nano, ADJUSTMENTS, reference, reason)

    def _take(self, request_id: str, account: Account, amount_nano: int, key_id: str | None, at_us: int) -> None:
        windows = account.budget.windows(at_us)
        for window in windows:
            window.held_nano += amount_nano
        account.held_nano += amount_nano
        self.open_holds[request_id] = Hold(account, amount_nano, key_id, at_us, account.multiplier_ppm, windows)

    def _resolve(self, request_id: str) -> Hold | None:
        hold = self.open_holds.get(request_id)
        if hold is not None:
            assert hold.account.held_nano >= hold.amount_nano, "an account never holds less than nothing"
            del self.open_holds[request_id]
            for window in hold.windows:
                window.held_nano -= hold.amount_nano
            hold.account.held_nano -= hold.amount_nano
        return hold

    def _check_books(self, account: Account) -> None:
        """Before money moves: the account's own figures and those of the house are what earlier commands made."""
        assert account.balance_nano == account.funded_nano - account.spent_nano, "a balance is the sum of its entries"
        house = self.house_nano
        assert self._balances_nano + house[REVENUE] + house[FUNDING] + house[ADJUSTMENTS] == 0, (
            "debits and credits are equal"
        )

    def _move(self, account: Account, amount_nano: int, other: str) -> None:
        """Money between an account and a side of the house: what one gains the other loses."""
        account.balance_nano += amount_nano
        self._balances_nano += amount_nano
        self.house_nano[other] -= amount_nano

    def _booked(
        self, kind: str, account: Account, amount_nano: int, other: str, reference: str, reason: str | None = None
    ) -> Entry:
        debit, credit = (other, account.id) if amount_nano > 0 else (account.id, other)
        return Entry(
            kind,
            self._clock_us(),
            account.id,
            debit=debit,
            credit=credit,
            amount_nano=abs(amount_nano),
            reference=reference,
            reason=reason,
        )

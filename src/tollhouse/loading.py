"""Accounts and keys as the store has them, made ready for a process that owns them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from tollhouse.billing.budgets import Budget, month_of
from tollhouse.billing.ledger import Account, Ledger
from tollhouse.counters.base import Counters
from tollhouse.identity.api_keys import KeyRing
from tollhouse.identity.principals import ApiKey, Used
from tollhouse.storage.base import AccountRow, KeyRow, KeyTotals, Store
from tollhouse.times import DAY_US


def load(store: Store, clock_us: Callable[[], int], counters: Counters | None = None) -> tuple[Ledger, KeyRing]:
    """Accounts with their balances and budgets, and keys with their totals, as the store has them."""
    accounts = [live_account(row) for row in store.accounts()]
    ledger = Ledger(clock_us, accounts)
    _restore_budgets(ledger, store, clock_us() // DAY_US)
    rows = store.keys()
    used = _used(rows, store.key_totals())
    keys = [live_key(row, ledger.accounts[row.account], used[row.quota_of or row.id]) for row in rows]
    return ledger, KeyRing(keys, clock_us, counters)


def _used(rows: Iterable[KeyRow], totals: Mapping[str, KeyTotals]) -> Mapping[str, Used]:
    """What counts towards each quota: everything that the keys which share it have used."""
    found: defaultdict[str, Used] = defaultdict(Used)
    for row in rows:
        used, total = found[row.quota_of or row.id], totals.get(row.id, KeyTotals())
        used.spent_nano += total.spent_nano
        used.tokens += total.tokens
    return found


def _restore_budgets(ledger: Ledger, store: Store, today: int) -> None:
    """What was spent yesterday and later, and in the months of these days: the clock may have been set back meanwhile."""
    yesterday = today - 1
    for account, day, spent_nano in store.spending(month_of(yesterday)[0]):
        if account in ledger.accounts:
            ledger.accounts[account].budget.restore(day, spent_nano, since_day=yesterday)


def live_account(row: AccountRow) -> Account:
    return Account(
        row.id,
        row.name,
        row.multiplier_ppm,
        row.created_at_us,
        row.status,
        balance_nano=row.balance_nano,
        spent_nano=row.spent_nano,
        adjusted_nano=row.adjusted_nano,
        budget=Budget(row.daily_budget_nano, row.monthly_budget_nano),
    )


def live_key(row: KeyRow, account: Account, used: Used) -> ApiKey:
    return ApiKey(row, account, frozenset(row.models) if row.models is not None else None, used)

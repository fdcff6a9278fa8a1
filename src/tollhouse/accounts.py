"""Accounts and their keys. An account or a key is on disk before it counts; revoking counts at once."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tollhouse.billing.budgets import Budget, month_of
from tollhouse.billing.journal import Journal
from tollhouse.billing.ledger import Account, Entry, Ledger, Shortage
from tollhouse.billing.money import format_usd
from tollhouse.config.snapshot import Config
from tollhouse.counters.base import Counters
from tollhouse.errors import Conflict, InvalidRequest, NotFound
from tollhouse.identity.api_keys import KeyRing, mint
from tollhouse.identity.networks import network_of
from tollhouse.identity.principals import ANONYMOUS, ApiKey, Principal
from tollhouse.storage.base import AccountRow, KeyRow, KeyTotals, Store
from tollhouse.times import DAY_US

BALANCE_MAX_NANO = 4 * 10**18  # four billion USD; sums of it stay well inside a signed 64-bit column


class Accounts:
    def __init__(
        self, store: Store, ledger: Ledger, journal: Journal, keys: KeyRing, clock_us: Callable[[], int]
    ) -> None:
        self.store = store
        self.ledger = ledger
        self.journal = journal
        self.keys = keys
        self._clock_us = clock_us
        self._booking = asyncio.Lock()

    def all(self) -> list[Account]:
        return sorted(self.ledger.accounts.values(), key=lambda account: account.created_at_us)

    def find(self, id_or_name: str) -> Account:
        """An account by its id, else by its name; raises NotFound, or Conflict where several have the name."""
        account = self.ledger.accounts.get(id_or_name)
        if account is not None:
            return account
        named = [account for account in self.ledger.accounts.values() if account.name == id_or_name]
        if not named:
            raise NotFound(f"There is no account {id_or_name}; `tollhouse accounts create --name …` makes one.")
        if len(named) > 1:
            ids = ", ".join(account.id for account in named)
            raise Conflict(f"Several accounts are called {id_or_name}; use one of the ids {ids}.")
        return named[0]

    def anonymous(self, config: Config, client: str) -> Principal:
        """The caller of a request without a key: the models of `routes.yaml`, a rate per network."""
        name = f"{ANONYMOUS}:{network_of(client)}"
        return Principal(self.ledger.accounts[ANONYMOUS], None, config.routes.anonymous.models, name)

    async def create(
        self,
        name: str,
        *,
        balance_nano: int = 0,
        multiplier_ppm: int = 1_000_000,
        budget: Budget | None = None,
        account_id: str | None = None,
    ) -> Account:
        _check_balance(balance_nano, "balance_usd")
        account = Account(
            account_id or f"acct_{secrets.token_hex(8)}",
            name,
            multiplier_ppm,
            self._clock_us(),
            budget=budget or Budget(),
        )
        row = AccountRow(
            account.id,
            name,
            multiplier_ppm,
            account.status,
            account.created_at_us,
            daily_budget_nano=account.budget.daily_nano,
            monthly_budget_nano=account.budget.monthly_nano,
        )
        await self.journal.run(lambda store: store.add_account(row))
        self.ledger.open_account(account)
        if balance_nano:
            await self.credit(account, balance_nano, "opening balance")
        return account

    async def credit(self, account: Account, amount_nano: int, reference: str) -> bool:
        """Add money once per reference; False where the same amount was credited under it before.

        Raises Conflict where the reference was used for something else.
        """
        if amount_nano <= 0:
            raise InvalidRequest("A credit must be more than 0 USD.", param="amount_usd")
        return await self._book("credit", account, amount_nano, reference)

    async def adjust(self, account: Account, amount_nano: int, reference: str, reason: str) -> bool:
        """Correct a balance once per reference, up or down; False where the same was booked under it before.

        Raises Conflict where the reference was used for something else, or less is available than is taken.
        """
        if not amount_nano:
            raise InvalidRequest("An adjustment must change the balance; 0 USD does not.", param="amount_usd")
        return await self._book("adjust", account, amount_nano, reference, reason)

    async def _book(
        self, kind: str, account: Account, amount_nano: int, reference: str, reason: str | None = None
    ) -> bool:
        async with self._booking:
            _check_balance(account.balance_nano + amount_nano, "amount_usd")
            await self.journal.flush()
            earlier = await self.journal.run(lambda store: store.booked(account.id, reference))
            if earlier is not None:
                if earlier != (kind, amount_nano):
                    used = "another amount" if earlier.kind == kind else f"another kind of entry ({earlier.kind})"
                    raise Conflict(f"The reference {reference} was already used for {used}; choose a new one.")
                return False
            if reason is None:
                entry = self.ledger.credit(account, amount_nano, reference)
            else:
                entry = self._adjusted(account, amount_nano, reference, reason)
            await self.journal.durable(self.journal.append(entry))
            return True

    def _adjusted(self, account: Account, amount_nano: int, reference: str, reason: str) -> Entry:
        if abs(account.adjusted_nano + amount_nano) > BALANCE_MAX_NANO:
            raise InvalidRequest(
                f"The adjustments of an account can add up to at most {format_usd(BALANCE_MAX_NANO)} USD, up or down; "
                f"they are at {format_usd(account.adjusted_nano)} USD.",
                param="amount_usd",
            )
        try:
            return self.ledger.adjust(account, amount_nano, reference, reason)
        except Shortage as short:
            raise Conflict(
                f"The account has {format_usd(max(short.available_nano, 0))} USD available; an adjustment can take no more."
            ) from short

    async def set_budgets(self, account: Account, *, daily_nano: int | None, monthly_nano: int | None) -> None:
        """Limit what an account may spend in a day and in a month (UTC); None is no limit. Running calls are not touched."""
        await self.journal.run(lambda store: store.set_budgets(account.id, daily_nano, monthly_nano))
        account.budget.daily_nano, account.budget.monthly_nano = daily_nano, monthly_nano

    async def create_key(self, account: Account, **facts: Any) -> tuple[ApiKey, str]:
        """A new key of an account and its text, which is shown this once. `facts` are columns of KeyRow."""
        prefix = facts.pop("prefix")
        key_id, text, secret_hash = await asyncio.to_thread(mint, prefix)
        row = KeyRow(
            id=key_id,
            account=account.id,
            prefix=prefix,
            secret_hash=secret_hash,
            created_at_us=self._clock_us(),
            **facts,
        )
        await self.journal.run(lambda store: store.add_key(row))
        key = live_key(row, account, KeyTotals())
        self.keys.add(key)
        return key, text

    async def revoke_key(self, key_id: str) -> ApiKey:
        """Refuse a key from now on, in this process at once; raises NotFound."""
        key = self.keys.keys.get(key_id)
        if key is None:
            raise NotFound(f"There is no API key with the id {key_id}; `tollhouse keys list --account …` shows them.")
        at_us = key.row.revoked_at_us
        if at_us is None:
            at_us = self._clock_us()
            key.row = replace(key.row, revoked_at_us=at_us)
        # Written again on each call: an earlier one may have met a store that failed, and the key must not come back.
        await self.journal.run(lambda store: store.revoke_key(key_id, at_us))
        return key

    def keys_of(self, account: Account) -> list[ApiKey]:
        mine = (key for key in self.keys.keys.values() if key.account is account)
        return sorted(mine, key=lambda key: key.row.created_at_us)


def _check_balance(balance_nano: int, param: str) -> None:
    if balance_nano > BALANCE_MAX_NANO:
        raise InvalidRequest(f"A balance can be at most {format_usd(BALANCE_MAX_NANO)} USD; add less.", param=param)


def load(store: Store, clock_us: Callable[[], int], counters: Counters | None = None) -> tuple[Ledger, KeyRing]:
    """Accounts with their balances and budgets, and keys with their totals, as the store has them."""
    accounts = [_live_account(row) for row in store.accounts()]
    ledger = Ledger(clock_us, accounts)
    _restore_budgets(ledger, store, clock_us() // DAY_US)
    totals = store.key_totals()
    rows = store.keys()
    keys = [live_key(row, ledger.accounts[row.account], totals.get(row.id, KeyTotals())) for row in rows]
    return ledger, KeyRing(keys, clock_us, counters)


def _restore_budgets(ledger: Ledger, store: Store, today: int) -> None:
    """What was spent yesterday and later, and in the months of these days: the clock may have been set back meanwhile."""
    yesterday = today - 1
    for account, day, spent_nano in store.spending(month_of(yesterday)[0]):
        if account in ledger.accounts:
            ledger.accounts[account].budget.restore(day, spent_nano, since_day=yesterday)


def _live_account(row: AccountRow) -> Account:
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


def live_key(row: KeyRow, account: Account, totals: KeyTotals) -> ApiKey:
    models = frozenset(row.models) if row.models is not None else None
    return ApiKey(row, account, models, spent_nano=totals.spent_nano, tokens=totals.tokens)

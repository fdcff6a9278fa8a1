"""Accounts and their keys. An account or a key is on disk before it counts; revoking counts at once.

What an administrator changes is written together with its row in the log of administration. Without an `Author` it is
the gateway's own doing and leaves no row. Changes come one after the other, so `before` is what was really there.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tollhouse.billing.budgets import Budget
from tollhouse.billing.journal import Journal, store_down
from tollhouse.billing.ledger import Account, Entry, Ledger, Shortage
from tollhouse.billing.money import format_usd
from tollhouse.config.snapshot import Config
from tollhouse.errors import Conflict, InvalidKey, InvalidRequest, NotFound
from tollhouse.identity.api_keys import KeyRing, mint
from tollhouse.identity.authors import Author
from tollhouse.identity.facts import changed, facts_of_account, facts_of_key
from tollhouse.identity.networks import network_of
from tollhouse.identity.principals import ANONYMOUS, ApiKey, Principal, Used
from tollhouse.loading import live_account, live_key
from tollhouse.storage.base import AccountRow, KeyRow, LogRow, Store

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
        self._changing = asyncio.Lock()
        self._minting = asyncio.Lock()

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
        """The caller of a request without a key: the models of `routes.yaml`, a rate per network.

        Raises InvalidKey while that account is suspended.
        """
        account = self.ledger.accounts[ANONYMOUS]
        if account.status != "active":
            raise InvalidKey("Calls without an API key are suspended here; send a key.")
        return Principal(account, None, config.routes.anonymous.models, f"{ANONYMOUS}:{network_of(client)}")

    async def create(
        self,
        name: str,
        *,
        balance_nano: int = 0,
        multiplier_ppm: int = 1_000_000,
        budget: Budget | None = None,
        account_id: str | None = None,
        by: Author | None = None,
    ) -> Account:
        """A new account; its opening balance is in the same transaction, so that there is never one without the other."""
        _check_balance(balance_nano, "balance_usd")
        row = self.new_row(name, multiplier_ppm=multiplier_ppm, budget=budget, account_id=account_id)
        account = live_account(row)
        facts = {**facts_of_account(row), "balance_usd": format_usd(balance_nano)}
        log = self._log(by, "create_account", account, account.id, {}, facts)
        if not balance_nano:
            await self.journal.run(lambda store: store.add_account(row, log))
            self.ledger.open_account(account)
            return account
        if self.journal.failing is not None:
            raise store_down(self.journal.failing)
        self.ledger.open_account(account)
        entry = self.ledger.credit(account, balance_nano, "opening balance")
        await self.journal.durable(self.journal.append(entry, (row, log) if log is not None else (row,)))
        return account

    def new_row(
        self,
        name: str,
        *,
        multiplier_ppm: int = 1_000_000,
        budget: Budget | None = None,
        account_id: str | None = None,
    ) -> AccountRow:
        """A new account, which has to be put into the store and then be adopted."""
        return AccountRow(
            account_id or f"acct_{secrets.token_hex(8)}",
            name,
            multiplier_ppm,
            "active",
            self._clock_us(),
            daily_budget_nano=budget.daily_nano if budget is not None else None,
            monthly_budget_nano=budget.monthly_nano if budget is not None else None,
        )

    def adopt(self, row: AccountRow) -> Account:
        """Take an account on that is in the store."""
        account = live_account(row)
        self.ledger.open_account(account)
        return account

    async def update(self, account: Account, columns: Mapping[str, Any], by: Author | None = None) -> None:
        """Change an account from now on; `columns` are those of AccountRow. Running calls end as they began."""
        async with self._changing:
            row = _row_of(account)
            new = replace(row, **columns)
            before, after = changed(facts_of_account(row), facts_of_account(new))
            if not after:
                return
            if account.id == ANONYMOUS and "rate_multiplier" in after:
                raise InvalidRequest(
                    "Calls without a key cost nothing; their multiplier is 0.", param="rate_multiplier"
                )
            log = self._log(by, "update_account", account, account.id, before, after)
            await self.journal.run(lambda store: store.update_account(account.id, columns, log))
            account.name, account.status = new.name, new.status
            account.set_multiplier(new.multiplier_ppm)
            account.budget.daily_nano, account.budget.monthly_nano = new.daily_budget_nano, new.monthly_budget_nano

    def _log(
        self,
        by: Author | None,
        action: str,
        account: Account,
        thing: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> LogRow | None:
        return by.wrote(self._clock_us(), action, account.id, thing, before, after) if by is not None else None

    async def credit(self, account: Account, amount_nano: int, reference: str, by: Author | None = None) -> bool:
        """Add money once per reference; False where the same amount was credited under it before.

        Raises Conflict where the reference was used for something else.
        """
        if amount_nano <= 0:
            raise InvalidRequest("A credit must be more than 0 USD.", param="amount_usd")
        return await self._book("credit", account, amount_nano, reference, None, by)

    async def adjust(
        self, account: Account, amount_nano: int, reference: str, reason: str, by: Author | None = None
    ) -> bool:
        """Correct a balance once per reference, up or down; False where the same was booked under it before.

        Raises Conflict where the reference was used for something else, or less is available than is taken.
        """
        if not amount_nano:
            raise InvalidRequest("An adjustment must change the balance; 0 USD does not.", param="amount_usd")
        return await self._book("adjust", account, amount_nano, reference, reason, by)

    async def _book(
        self, kind: str, account: Account, amount_nano: int, reference: str, reason: str | None, by: Author | None
    ) -> bool:
        async with self._changing:
            _check_balance(account.balance_nano + amount_nano, "amount_usd")
            await self.journal.flush()
            earlier = await self.journal.run(lambda store: store.booked(account.id, reference))
            if earlier is not None:
                if earlier != (kind, amount_nano):
                    used = "another amount" if earlier.kind == kind else f"another kind of entry ({earlier.kind})"
                    raise Conflict(f"The reference {reference} was already used for {used}; choose a new one.")
                return False
            before = {"balance_usd": format_usd(account.balance_nano)}
            if reason is None:
                entry = self.ledger.credit(account, amount_nano, reference)
            else:
                entry = self._adjusted(account, amount_nano, reference, reason)
            after = {"balance_usd": format_usd(account.balance_nano), "amount_usd": format_usd(amount_nano)}
            told = {"reference": reference} if reason is None else {"reference": reference, "reason": reason}
            log = self._log(by, f"{kind}_account", account, account.id, before, after | told)
            await self.journal.durable(self.journal.append(entry, (log,) if log is not None else ()))
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

    async def create_key(
        self, account: Account, *, active_max: int | None = None, by: Author | None = None, **facts: Any
    ) -> tuple[ApiKey, str]:
        """A new key of an account and its text, which is shown this once. `facts` are columns of KeyRow.

        Raises Conflict where the account has `active_max` keys that work.
        """
        self._check_room(account, active_max)  # first without bcrypt, which a refusal must not cost
        prefix = facts.pop("prefix")
        key_id, text, secret_hash = await self._mint(prefix)
        row = KeyRow(
            id=key_id,
            account=account.id,
            prefix=prefix,
            secret_hash=secret_hash,
            created_at_us=self._clock_us(),
            **facts,
        )
        async with self._changing:
            self._check_room(account, active_max)
            log = self._log(by, "create_key", account, key_id, {}, facts_of_key(row))
            await self.journal.run(lambda store: store.add_key(row, log))
            key = live_key(row, account, Used())
            self.keys.add(key)
        return key, text

    def find_key(self, key_id: str) -> ApiKey:
        """A key by its id; raises NotFound."""
        key = self.keys.keys.get(key_id)
        if key is None:
            raise NotFound(f"There is no API key with the id {key_id}; `tollhouse keys list --account …` shows them.")
        return key

    async def update_key(
        self, key: ApiKey, columns: Mapping[str, Any], *, active_max: int | None = None, by: Author | None = None
    ) -> None:
        """Change what a key may do from now on; `columns` are those of KeyRow. Running calls end as they began.

        Raises Conflict where the key was revoked, or would work again beside `active_max` others.
        """
        async with self._changing:
            if key.row.revoked_at_us is not None:
                raise Conflict("This API key was revoked for good; create a new one.")
            if not key.is_active(self._clock_us()) and "expires_at_us" in columns:
                self._check_room(key.account, active_max)
            before, after = changed(facts_of_key(key.row), facts_of_key(replace(key.row, **columns)))
            if not after:
                return
            log = self._log(by, "update_key", key.account, key.row.id, before, after)
            await self.journal.run(lambda store: store.update_key(key.row.id, columns, log))
            self.keys.change(key, replace(key.row, **columns))

    async def rotate_key(
        self, old: ApiKey, overlap_us: int, *, active_max: int | None = None, by: Author | None = None
    ) -> tuple[ApiKey, str]:
        """A new key in the place of one that works until the overlap is over; its text is shown this once.

        It may do what the old one may, as long as that was meant to live. What both use counts towards one quota, with
        all that the old one has used: rotating renews no quota, and two keys never have two. The old key does not count
        towards `active_max`. Raises Conflict where the old key works no longer, or was rotated before.
        """
        key_id, text, secret_hash = await self._mint(old.row.prefix)
        async with self._changing:
            now, row = self._clock_us(), old.row
            if not old.is_active(now):
                raise Conflict("This API key was revoked or has expired; create a new one instead.")
            self._check_room(old.account, active_max, leaving=old)
            self._check_not_rotated(old)
            ends_us = now + overlap_us if row.expires_at_us is None else min(now + overlap_us, row.expires_at_us)
            new = replace(
                row,
                id=key_id,
                secret_hash=secret_hash,
                created_at_us=now,
                last_used_at_us=None,
                quota_of=row.quota_of or row.id,
            )
            before, after = changed(facts_of_key(row), facts_of_key(replace(row, expires_at_us=ends_us)))
            log = self._log(by, "rotate_key", old.account, row.id, before, {**after, "rotated_to": key_id})
            await self.journal.run(lambda store: store.rotate_key(row.id, ends_us, new, log))
            self.keys.change(old, replace(old.row, expires_at_us=ends_us))
            key = live_key(new, old.account, old.used)
            self.keys.add(key)
        return key, text

    async def revoke_key(self, key_id: str, by: Author | None = None) -> ApiKey:
        """Refuse a key from now on, in this process at once; raises NotFound."""
        key = self.find_key(key_id)
        before = facts_of_key(key.row)
        at_us = key.row.revoked_at_us
        if at_us is None:
            at_us = self._clock_us()
            key.row = replace(key.row, revoked_at_us=at_us)
        was, is_ = changed({**before, "revoked_at": None}, facts_of_key(key.row))
        log = self._log(by, "revoke_key", key.account, key_id, was, is_)
        # Written again on each call: an earlier one may have met a store that failed, and the key must not come back.
        await self.journal.run(lambda store: store.revoke_key(key_id, at_us, log))
        return key

    async def _mint(self, prefix: str) -> tuple[str, str, bytes]:
        """A new key, as of `mint`; whoever makes many takes one core at most, and none from the event loop."""
        async with self._minting:
            return await asyncio.to_thread(mint, prefix)

    def _check_room(self, account: Account, active_max: int | None, leaving: ApiKey | None = None) -> None:
        now = self._clock_us()
        active = sum(key.is_active(now) for key in self.keys_of(account) if key is not leaving)
        if active_max is not None and active >= active_max:
            raise Conflict(f"The account has {active_max} active API keys, which is the limit; revoke one first.")

    def _check_not_rotated(self, key: ApiKey) -> None:
        """A second successor would live as long as the overlap only."""
        family = key.row.quota_of or key.row.id
        for other in self.keys_of(key.account):
            if other.row.quota_of == family and other is not key and other.row.created_at_us >= key.row.created_at_us:
                raise Conflict(f"This API key was rotated already, into {other.row.id}; rotate that one.")

    def keys_of(self, account: Account) -> list[ApiKey]:
        mine = (key for key in self.keys.keys.values() if key.account is account)
        return sorted(mine, key=lambda key: key.row.created_at_us)


def _check_balance(balance_nano: int, param: str) -> None:
    if balance_nano > BALANCE_MAX_NANO:
        raise InvalidRequest(f"A balance can be at most {format_usd(BALANCE_MAX_NANO)} USD; add less.", param=param)


def _row_of(account: Account) -> AccountRow:
    return AccountRow(
        account.id,
        account.name,
        account.multiplier_ppm,
        account.status,
        account.created_at_us,
        daily_budget_nano=account.budget.daily_nano,
        monthly_budget_nano=account.budget.monthly_nano,
    )

"""The part of the SQLite store that holds wallets, ended sessions and sign-in links."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from tollhouse.storage.base import AccountRow, LogRow, WalletRow

ADD_ACCOUNT = (
    "INSERT INTO accounts (id, name, multiplier_ppm, status, created_at_us, daily_budget_nano, monthly_budget_nano) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def account_values(account: AccountRow) -> tuple[Any, ...]:
    """The values of `ADD_ACCOUNT`."""
    return (
        account.id, account.name, account.multiplier_ppm, account.status, account.created_at_us,
        account.daily_budget_nano, account.monthly_budget_nano,
    )  # fmt: skip


class SqliteIdentity:
    """What SqliteStore inherits. A write that depends on what is there is one transaction, so of two one is second."""

    _write: sqlite3.Connection

    def _read(self, sql: str, parameters: Sequence[Any] = ()) -> list[sqlite3.Row]:
        raise NotImplementedError

    def _transaction(self) -> AbstractContextManager[None]:
        raise NotImplementedError

    def _log(self, row: LogRow) -> None:
        raise NotImplementedError

    def wallets(self) -> list[WalletRow]:
        rows = self._read("SELECT address, account, chain_id, sign_in_count, owed_nano FROM wallets")
        return [WalletRow(*row) for row in rows]

    def add_wallet(self, wallet: WalletRow, account: AccountRow) -> bool:
        with self._transaction():
            added = self._write.execute(
                "INSERT INTO wallets (address, account, chain_id, sign_in_count, owed_nano) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (address) DO NOTHING",
                (wallet.address, wallet.account, wallet.chain_id, wallet.sign_in_count, wallet.owed_nano),
            )
            if added.rowcount:
                self._write.execute(ADD_ACCOUNT, account_values(account))
        return bool(added.rowcount)

    def count_sign_in(self, address: str, chain_id: int, count: int) -> bool:
        with self._transaction():
            counted = self._write.execute(
                "UPDATE wallets SET sign_in_count = sign_in_count + 1, chain_id = ? WHERE address = ? AND sign_in_count = ?",
                (chain_id, address, count),
            )
        return bool(counted.rowcount)

    def settle_wallet(self, address: str) -> None:
        with self._transaction():
            self._write.execute("UPDATE wallets SET owed_nano = 0 WHERE address = ?", (address,))

    def session_epochs(self) -> Mapping[str, int]:
        return {account: epoch for account, epoch in self._read("SELECT account, epoch FROM session_epochs")}  # noqa: C416 - dict() knows no type for a Row

    def end_sessions(self, account: str) -> int:
        with self._transaction():
            [epoch] = self._write.execute(
                "INSERT INTO session_epochs VALUES (?, 1) ON CONFLICT (account) DO UPDATE SET epoch = epoch + 1 "
                "RETURNING epoch",
                (account,),
            ).fetchone()
        return int(epoch)

    def revoked_sessions(self) -> Mapping[str, int]:
        return {name: at_us for name, at_us in self._read("SELECT id, expires_at_us FROM revoked_sessions")}  # noqa: C416 - as above

    def revoke_session(self, session_id: str, expires_at_us: int, at_us: int) -> None:
        with self._transaction():
            self._write.execute("DELETE FROM revoked_sessions WHERE expires_at_us <= ?", (at_us,))
            self._write.execute("INSERT OR IGNORE INTO revoked_sessions VALUES (?, ?)", (session_id, expires_at_us))

    def add_sign_in_link(
        self, token_hash: bytes, account: str, expires_at_us: int, at_us: int, log: LogRow | None = None
    ) -> None:
        with self._transaction():
            self._write.execute("DELETE FROM sign_in_links WHERE expires_at_us <= ?", (at_us,))
            self._write.execute("INSERT INTO sign_in_links VALUES (?, ?, ?)", (token_hash, account, expires_at_us))
            if log is not None:
                self._log(log)

    def use_sign_in_link(self, token_hash: bytes, at_us: int) -> str | None:
        with self._transaction():
            used = self._write.execute(
                "DELETE FROM sign_in_links WHERE token_hash = ? RETURNING account, expires_at_us", (token_hash,)
            ).fetchone()
        return str(used[0]) if used is not None and used[1] > at_us else None

"""The part of the SQLite store that knows what providers have spent, and who has been told."""

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from tollhouse.storage.base import Mark, ProviderSpending


class SqliteSpending:
    """What SqliteStore inherits."""

    _write: sqlite3.Connection

    def _read(self, sql: str, parameters: Sequence[Any] = ()) -> list[sqlite3.Row]:
        raise NotImplementedError

    def _transaction(self) -> AbstractContextManager[None]:
        raise NotImplementedError

    def provider_spending(self, since_day: int) -> list[ProviderSpending]:
        rows = self._read(
            "SELECT provider, day, sum(cost_nano) FROM usage_days WHERE day >= ? GROUP BY day, provider", (since_day,)
        )
        return [ProviderSpending(*row) for row in rows]

    def marks(self, since_day: int) -> list[tuple[Mark, bool]]:
        rows = self._read(
            "SELECT provider, day, kind, amount_nano, told_at_us IS NOT NULL FROM spending_marks WHERE day >= ? "
            "ORDER BY at_us",
            (since_day,),
        )
        return [(Mark(*row[:4]), bool(row[4])) for row in map(tuple, rows)]

    def add_mark(self, mark: Mark, at_us: int) -> None:
        with self._transaction():
            self._write.execute(
                "INSERT INTO spending_marks (provider, day, kind, amount_nano, at_us) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                (*mark, at_us),
            )

    def tell_mark(self, mark: Mark, at_us: int) -> None:
        with self._transaction():
            self._write.execute(
                "INSERT INTO spending_marks (provider, day, kind, amount_nano, at_us, told_at_us) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET told_at_us = excluded.told_at_us",
                (*mark, at_us, at_us),
            )

"""The part of the SQLite store that holds upstream keys and which providers are paused."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from tollhouse.storage.base import LogRow, PauseRow, UpstreamKeyRow

_KEY_COLUMNS = ", ".join(UpstreamKeyRow.__slots__)
_PAUSE_COLUMNS = ", ".join(PauseRow.__slots__)


class SqliteProviders:
    """What SqliteStore inherits."""

    def _read(self, sql: str, parameters: Sequence[Any] = ()) -> list[sqlite3.Row]:
        raise NotImplementedError

    def _change(self, sql: str, *parameters: Sequence[Any], log: LogRow | None = None) -> None:
        raise NotImplementedError

    def upstream_keys(self) -> list[UpstreamKeyRow]:
        rows = self._read(f"SELECT {_KEY_COLUMNS} FROM upstream_keys ORDER BY created_at_us, rowid")  # noqa: S608 - names are ours
        return [UpstreamKeyRow(*row) for row in rows]

    def add_upstream_key(self, key: UpstreamKeyRow, log: LogRow | None = None) -> None:
        values = [getattr(key, column) for column in UpstreamKeyRow.__slots__]
        self._change(f"INSERT INTO upstream_keys ({_KEY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", values, log=log)  # noqa: S608 - names are ours

    def reseal_upstream_key(self, key_id: str, old: bytes, new: bytes) -> None:
        self._change("UPDATE upstream_keys SET sealed = ? WHERE id = ? AND sealed = ?", (new, key_id, old))

    def revoke_upstream_key(self, key_id: str, at_us: int, log: LogRow | None = None) -> None:
        sql = "UPDATE upstream_keys SET revoked_at_us = ?, sealed = NULL WHERE id = ? AND revoked_at_us IS NULL"
        self._change(sql, (at_us, key_id), log=log)

    def paused_providers(self) -> list[PauseRow]:
        return [PauseRow(*row) for row in self._read(f"SELECT {_PAUSE_COLUMNS} FROM provider_states ORDER BY provider")]  # noqa: S608 - names are ours

    def pause_provider(self, pause: PauseRow, log: LogRow | None = None) -> None:
        sql = (
            f"INSERT INTO provider_states ({_PAUSE_COLUMNS}) VALUES (?, ?, ?, ?) ON CONFLICT (provider) "  # noqa: S608 - names are ours
            "DO UPDATE SET reason = excluded.reason, paused_by = excluded.paused_by WHERE reason <> excluded.reason"
        )
        self._change(sql, (pause.provider, pause.paused_at_us, pause.reason, pause.paused_by), log=log)

    def resume_provider(self, provider: str, log: LogRow | None = None) -> None:
        self._change("DELETE FROM provider_states WHERE provider = ?", (provider,), log=log)

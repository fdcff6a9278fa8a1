"""The embedded store: one SQLite file (WAL, `synchronous=FULL`), its schema kept by sqlite-utils migrations.

`entries` only ever grows. Each row carries the hash of the row before it and its own, so a changed, removed or
inserted row shows. `balances` is derived from it in the same transaction; the audit compares the two.
"""

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from sqlite_utils import Database, Migrations

from tollhouse.storage.base import AccountRow, Books, KeyRow, KeyTotals, Row, StoreError

ENTRY_COLUMNS = (
    "kind", "at_us", "account", "request_id", "key_id", "operation", "requested_model", "price_version",
    "account_multiplier", "held_nano", "stream", "debit", "credit", "amount_nano", "provider", "upstream_key_id",
    "served_model", "attempts", "input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens",
    "output_tokens", "model_multiplier", "usage_source", "status", "ttfb_ms", "duration_ms", "reference", "reason",
)  # fmt: skip
_INTEGERS = {
    "at_us", "held_nano", "stream", "amount_nano", "input_tokens", "cache_read_tokens", "cache_write_5m_tokens",
    "cache_write_1h_tokens", "output_tokens", "status", "ttfb_ms", "duration_ms",
}  # fmt: skip
GENESIS = b"\0" * 32
# What SQLite and the hashing raise for rows that cannot be stored: also integers beyond 64 bits and half surrogate pairs.
_UNWRITABLE = (sqlite3.Error, TypeError, ValueError, OverflowError)

migrations = Migrations("tollhouse")


@migrations()
def m001_first_schema(db: Database) -> None:
    db.table("accounts").create(
        {"id": str, "name": str, "multiplier_ppm": int, "status": str, "created_at_us": int}, pk="id", strict=True
    )
    db.table("accounts").create_index(["name"])
    db.table("balances").create({"account": str, "balance_nano": int, "spent_nano": int}, pk="account", strict=True)
    db.table("api_keys").create(
        {
            "id": str, "account": str, "name": str, "prefix": str, "secret_hash": bytes, "created_at_us": int,
            "models": str, "requests_per_minute": int, "tokens_per_minute": int, "burst": int, "concurrency": int,
            "quota_nano": int, "quota_tokens": int, "expires_at_us": int, "revoked_at_us": int, "last_used_at_us": int,
        },
        pk="id", strict=True,
    )  # fmt: skip
    db.table("api_keys").create_index(["account"])
    db.table("entries").create(
        {
            "seq": int,
            **{column: int if column in _INTEGERS else str for column in ENTRY_COLUMNS},
            "previous_hash": bytes,
            "hash": bytes,
        },
        pk="seq",
        strict=True,
    )
    # The store itself refuses a second hold, a second resolution and a second credit of one reference.
    db.execute(
        "CREATE UNIQUE INDEX entries_one_hold_one_resolution ON entries(request_id, kind = 'hold') "
        "WHERE request_id IS NOT NULL"
    )
    db.execute("CREATE UNIQUE INDEX entries_one_credit ON entries(account, reference) WHERE kind = 'credit'")
    db.execute("CREATE INDEX entries_holds_of_account ON entries(account, seq) WHERE kind = 'hold'")
    db.table("price_versions").create({"version": str, "catalogue": str, "at_us": int}, pk="version", strict=True)


_ROW = f"({', '.join('?' * (len(ENTRY_COLUMNS) + 2))})"
# Several rows in one statement: SQLite gives Python's lock back, and has to get it again, once for each statement.
_INSERTS = {
    count: f"INSERT INTO entries ({', '.join(ENTRY_COLUMNS)}, previous_hash, hash) VALUES {', '.join([_ROW] * count)}"  # noqa: S608 - names are ours
    for count in (128, 32, 8, 2, 1)
}
_BALANCE = (
    "INSERT INTO balances (account, balance_nano, spent_nano) VALUES (?, ?, ?) ON CONFLICT(account) DO UPDATE SET "
    "balance_nano = balance_nano + excluded.balance_nano, spent_nano = spent_nano + excluded.spent_nano"
)
_LEDGER = """
    SELECT h.seq, h.request_id, h.account, h.key_id, h.operation, r.provider, r.upstream_key_id, h.requested_model,
        r.served_model, r.attempts, r.input_tokens, r.cache_read_tokens, r.cache_write_5m_tokens,
        r.cache_write_1h_tokens, r.output_tokens, h.price_version, h.account_multiplier, r.model_multiplier,
        r.amount_nano AS cost_nano, h.held_nano, r.usage_source,
        CASE r.kind WHEN 'post' THEN 'posted' WHEN 'void' THEN 'voided' WHEN 'expire' THEN 'expired' ELSE 'held' END
            AS state,
        r.status, h.stream, r.ttfb_ms, r.duration_ms, h.at_us AS created_at_us, r.at_us AS settled_at_us, r.reason
    FROM entries h
    LEFT JOIN entries r ON r.request_id = h.request_id AND r.kind IN ('post', 'void', 'expire')
    WHERE h.kind = 'hold'
"""


class SqliteStore:
    """One SQLite file. The journal's thread writes through one connection; every read opens its own snapshot."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._write = self._connect()
        self._head = GENESIS

    def _connect(self) -> sqlite3.Connection:
        connection = None
        try:
            connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=5)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            raise StoreError(f"{self.path}: cannot open the store: {error}") from error
        return connection

    def migrate(self) -> None:
        """Bring the schema up to date and find the head of the hash chain."""
        try:
            tables = {name for (name,) in self._write.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if tables and Migrations.migrations_table not in tables:
                raise StoreError(
                    f"{self.path}: is not a Tollhouse store, it holds {', '.join(sorted(tables))}; "
                    "choose another data directory."
                )
            migrations.apply(Database(self._write))
            last = self._write.execute("SELECT hash FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: cannot bring the store up to date: {error}") from error
        self._head = last[0] if last else GENESIS

    def close(self) -> None:
        self._write.close()

    # Reading

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own, which sees one moment once it has read something in a transaction."""
        connection = None
        try:
            uri = f"{self.path.absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5)
            connection.row_factory = sqlite3.Row
            yield connection
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: cannot read the store: {error}") from error
        finally:
            if connection is not None:
                connection.close()

    def _read(self, sql: str, parameters: Sequence[Any] = ()) -> list[sqlite3.Row]:
        with self._reading() as connection:
            return connection.execute(sql, parameters).fetchall()

    def accounts(self) -> list[AccountRow]:
        rows = self._read(
            "SELECT a.id, a.name, a.multiplier_ppm, a.status, a.created_at_us, coalesce(b.balance_nano, 0) AS balance_nano, "
            "coalesce(b.spent_nano, 0) AS spent_nano FROM accounts a LEFT JOIN balances b ON b.account = a.id"
        )
        return [AccountRow(*row) for row in rows]

    def keys(self) -> list[KeyRow]:
        names = [field for field in KeyRow.__slots__ if field != "models"]
        rows = self._read(f"SELECT {', '.join(names)}, models FROM api_keys")  # noqa: S608 - names are ours
        return [
            KeyRow(
                **{name: row[name] for name in names},
                models=tuple(orjson.loads(row["models"])) if row["models"] else None,
            )
            for row in rows
        ]

    def key_totals(self) -> Mapping[str, KeyTotals]:
        rows = self._read(
            "SELECT h.key_id, sum(r.amount_nano), sum(r.input_tokens + r.cache_read_tokens + r.cache_write_5m_tokens + "
            "r.cache_write_1h_tokens + r.output_tokens) FROM entries h JOIN api_keys k ON k.id = h.key_id "
            "JOIN entries r ON r.request_id = h.request_id AND r.kind IN ('post', 'void', 'expire') "
            "WHERE h.kind = 'hold' AND r.kind = 'post' AND (k.quota_nano IS NOT NULL OR k.quota_tokens IS NOT NULL) "
            "GROUP BY h.key_id"
        )
        return {key_id: KeyTotals(spent, tokens) for key_id, spent, tokens in rows}

    def open_holds(self) -> list[tuple[str, str, str | None, int]]:
        """Holds without a resolution: (request id, account, key id, held nano-dollars)."""
        rows = self._read(
            "SELECT h.request_id, h.account, h.key_id, h.held_nano FROM entries h WHERE h.kind = 'hold' AND NOT EXISTS "
            "(SELECT 1 FROM entries r WHERE r.request_id = h.request_id AND r.kind IN ('post', 'void', 'expire'))"
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def credit_of(self, account: str, reference: str) -> int | None:
        """The amount already credited under a reference, None where there is none."""
        rows = self._read(
            "SELECT amount_nano FROM entries WHERE kind = 'credit' AND account = ? AND reference = ?",
            (account, reference),
        )
        return int(rows[0][0]) if rows else None

    def ledger(
        self, *, account: str | None, request_id: str | None, limit: int, before: int | None
    ) -> list[dict[str, Any]]:
        """One row per request, newest first."""
        sql, parameters = _LEDGER, list[Any]()
        for condition, value in (("h.account = ?", account), ("h.request_id = ?", request_id), ("h.seq < ?", before)):
            if value is not None:
                sql += f" AND {condition}"
                parameters.append(value)
        return [dict(row) for row in self._read(f"{sql} ORDER BY h.seq DESC LIMIT ?", [*parameters, limit])]

    @contextlib.contextmanager
    def books(self) -> Iterator[Books]:
        """The whole journal, its balances and its prices, while the context is open."""
        with self._reading() as connection:
            connection.execute("BEGIN")
            balances = connection.execute("SELECT account, balance_nano, spent_nano FROM balances").fetchall()
            versions = connection.execute("SELECT version, catalogue FROM price_versions").fetchall()
            yield Books(
                {account: (balance, spent) for account, balance, spent in balances},
                dict(versions),
                (dict(row) for row in connection.execute("SELECT * FROM entries ORDER BY seq")),
            )

    # Writing, in the journal's thread

    def write(self, entries: Sequence[Row]) -> None:
        """Add entries in one durable transaction; raises StoreError and changes nothing where that fails."""
        with self._transaction():
            rows, head = chain(entries, self._head)
            self._insert(rows)
            self._write.executemany(_BALANCE, _deltas(entries))
        self._head = head

    def _insert(self, rows: Sequence[Row]) -> None:
        start = 0
        for count, statement in _INSERTS.items():
            while len(rows) - start >= count:
                self._write.execute(statement, [value for row in rows[start : start + count] for value in row])
                start += count

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of it on disk, or nothing and StoreError."""
        try:
            self._write.execute("BEGIN IMMEDIATE")
            yield
            self._write.execute("COMMIT")
        except _UNWRITABLE as error:
            self._rollback()
            raise StoreError(f"{self.path}: cannot write: {error}") from error

    def _rollback(self) -> None:
        """Leave the transaction; where even that fails, BEGIN fails next and this is tried again."""
        with contextlib.suppress(sqlite3.Error):
            if self._write.in_transaction:
                self._write.execute("ROLLBACK")

    def _change(self, sql: str, *parameters: Sequence[Any]) -> None:
        """One statement for each row of parameters, all of them or none."""
        with self._transaction():
            self._write.executemany(sql, parameters)

    def add_account(self, account: AccountRow) -> None:
        self._change(
            "INSERT INTO accounts (id, name, multiplier_ppm, status, created_at_us) VALUES (?, ?, ?, ?, ?)",
            (account.id, account.name, account.multiplier_ppm, account.status, account.created_at_us),
        )

    def add_key(self, key: KeyRow) -> None:
        values = {name: getattr(key, name) for name in KeyRow.__slots__}
        values["models"] = None if key.models is None else orjson.dumps(key.models).decode()
        self._change(
            f"INSERT INTO api_keys ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",  # noqa: S608 - names are ours
            list(values.values()),
        )

    def revoke_key(self, key_id: str, at_us: int) -> None:
        self._change("UPDATE api_keys SET revoked_at_us = ? WHERE id = ? AND revoked_at_us IS NULL", (at_us, key_id))

    def touch_keys(self, last_used_us: Mapping[str, int]) -> None:
        rows = ((at_us, key_id) for key_id, at_us in last_used_us.items())
        self._change("UPDATE api_keys SET last_used_at_us = ? WHERE id = ?", *rows)

    def add_price_version(self, version: str, catalogue: str, at_us: int) -> None:
        self._change(
            "INSERT OR IGNORE INTO price_versions (version, catalogue, at_us) VALUES (?, ?, ?)",
            (version, catalogue, at_us),
        )


def chain(entries: Sequence[Row], head: bytes) -> tuple[list[tuple[Any, ...]], bytes]:
    """The rows with their hashes: each is SHA-256 over the hash before it and the row as JSON."""
    rows = []
    for entry in entries:
        previous = head
        head = hashlib.sha256(previous + orjson.dumps(list(entry))).digest()
        rows.append((*entry, previous, head))
    return rows, head


def _deltas(entries: Sequence[Row]) -> list[tuple[str, int, int]]:
    """Per account: the change of its balance and of what it has spent, in nano-dollars."""
    balance: dict[str, int] = {}
    spent: dict[str, int] = {}
    for entry in entries:
        if entry[0] == "post":
            balance[entry[2]] = balance.get(entry[2], 0) - entry[13]
            spent[entry[2]] = spent.get(entry[2], 0) + entry[13]
        elif entry[0] == "credit":
            balance[entry[2]] = balance.get(entry[2], 0) + entry[13]
    return [(account, delta, spent.get(account, 0)) for account, delta in balance.items()]

"""The embedded store: one SQLite file (WAL, `synchronous=FULL`), its schema kept by sqlite-utils migrations.

`entries` only ever grows. Each row carries the hash of the row before it and its own, so a changed, removed or
inserted row shows. What is derived from it is written in the same transaction; the audit compares the two.
"""

import contextlib
import hashlib
import itertools
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from sqlite_utils import Database, Migrations

from tollhouse.storage.base import (
    TOKENS,
    USAGE_SUMS,
    AccountRow,
    Booked,
    Books,
    Charge,
    Charges,
    KeyRow,
    KeyTotals,
    LogRow,
    Moment,
    Row,
    Spending,
    StoreError,
    Summary,
    UsageQuery,
)
from tollhouse.storage.sqlite_holds import SqliteHolds, hold_marks, open_holds
from tollhouse.storage.sqlite_identity import ADD_ACCOUNT, SqliteIdentity, account_values
from tollhouse.storage.sqlite_providers import SqliteProviders
from tollhouse.storage.sqlite_schema import (
    ENTRY_COLUMNS,
    LOG_COLUMNS,
    ROLLUPS,
    UNCHARGED,
    UNPAID,
    migration_names,
    migrations,
)
from tollhouse.storage.sqlite_spending import SqliteSpending
from tollhouse.times import HOUR_US

GENESIS = b"\0" * 32
# What SQLite and the hashing raise for rows that cannot be stored: also integers beyond 64 bits and half surrogate pairs.
_UNWRITABLE = (sqlite3.Error, TypeError, ValueError, OverflowError)

# For values of other types than numbers and texts Python's sqlite3 looks for an adapter, and finding none takes 0.2 µs.
sqlite3.register_adapter(type(None), lambda value: value)
sqlite3.register_adapter(bytes, bytes)

_ROW = f"({', '.join('?' * (len(ENTRY_COLUMNS) + 2))})"
# Several rows in one statement: SQLite gives Python's lock back, and has to get it again, once for each statement.
_INSERTS = {
    count: f"INSERT INTO entries ({', '.join(ENTRY_COLUMNS)}, previous_hash, hash) VALUES {', '.join([_ROW] * count)}"  # noqa: S608 - names are ours
    for count in (128, 32, 8, 2, 1)
}
_BALANCE = (
    "INSERT INTO balances (account, balance_nano, spent_nano, adjusted_nano) VALUES (?, ?, ?, ?) ON CONFLICT(account) "
    "DO UPDATE SET balance_nano = balance_nano + excluded.balance_nano, spent_nano = spent_nano + excluded.spent_nano, "
    "adjusted_nano = adjusted_nano + excluded.adjusted_nano"
)
_ROLL_UPS = tuple(
    f"INSERT INTO {table} VALUES ({', '.join('?' * (5 + len(USAGE_SUMS)))}) ON CONFLICT DO UPDATE SET "  # noqa: S608 - names are ours
    + ", ".join(f"{column} = {column} + excluded.{column}" for column in USAGE_SUMS)
    for table in ROLLUPS
)
_KEY = f"INSERT INTO api_keys ({', '.join(KeyRow.__slots__)}) VALUES ({', '.join('?' * len(KeyRow.__slots__))})"  # noqa: S608 - names are ours
_LOG = (
    f"INSERT INTO admin_log ({', '.join(LOG_COLUMNS)}) VALUES ({', '.join('?' * len(LOG_COLUMNS))}) "  # noqa: S608 - names are ours
    "ON CONFLICT (id) DO NOTHING"
)
_LEDGER = """
    SELECT h.seq, h.request_id, h.account, h.key_id, h.operation, r.provider, r.upstream_key_id, h.requested_model,
        r.served_model, r.attempts, r.input_tokens, r.cache_read_tokens, r.cache_write_5m_tokens,
        r.cache_write_1h_tokens, r.output_tokens, h.price_version, h.account_multiplier, r.model_multiplier,
        coalesce(r.amount_nano, 0) - coalesce(f.amount_nano, 0) AS cost_nano, h.held_nano, r.usage_source,
        CASE coalesce(f.kind, r.kind) WHEN 'post' THEN 'posted' WHEN 'void' THEN 'voided' WHEN 'refund' THEN 'voided'
            WHEN 'expire' THEN 'expired' ELSE 'held' END AS state,
        coalesce(f.kind, r.kind) AS resolution, r.status, h.stream, r.ttfb_ms, r.duration_ms, h.at_us AS created_at_us, r.at_us AS settled_at_us,
        coalesce(f.reason, r.reason) AS reason
    FROM entries h
    LEFT JOIN entries r ON r.request_id = h.request_id AND r.kind IN ('post', 'void', 'expire')
    LEFT JOIN entries f ON f.request_id = h.request_id AND f.kind = 'refund'
    WHERE h.kind = 'hold'
"""
# From the indexes, which have each kind but posts, and the roll-ups, which have those.
_COUNTS = f"""
    SELECT 'hold', count(*) FROM entries WHERE kind = 'hold'
    UNION ALL SELECT kind, count(*) FROM entries WHERE {UNCHARGED} GROUP BY kind
    UNION ALL SELECT kind, count(*) FROM entries WHERE kind IN ('credit', 'adjust') GROUP BY kind
    UNION ALL SELECT 'post', (SELECT coalesce(sum(requests), 0) FROM usage_days)
        + (SELECT count(*) FROM entries WHERE {UNCHARGED} AND kind = 'refund')
"""  # noqa: S608 - a constant
_CHARGES = f"""
    SELECT h.at_us, h.price_version, h.account_multiplier, r.served_model, r.model_multiplier, r.input_tokens,
        r.cache_read_tokens, r.cache_write_5m_tokens, r.cache_write_1h_tokens, r.output_tokens, r.amount_nano,
        r.usage_source
    FROM entries h JOIN entries r ON r.request_id = h.request_id AND r.kind = 'post'
    WHERE h.kind = 'hold' AND h.at_us >= ? AND h.at_us < ? AND (? IS NULL OR h.account = ?)
        AND h.request_id NOT IN (SELECT request_id FROM entries WHERE {UNCHARGED} AND kind = 'refund')
"""  # noqa: S608 - a constant
# Read from the table itself: an index that somebody has dropped or changed proves nothing.
_REPEATED = (
    "SELECT request_id, CASE kind WHEN 'hold' THEN 'hold' WHEN 'refund' THEN 'refund' ELSE 'resolution' END AS what "
    "FROM entries NOT INDEXED WHERE request_id IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1"
)
# What is in one and not in the other: the hours against the entries, the days against the hours.
_GROUP = "account, key_id, model, provider"
_SUMS = ", ".join(USAGE_SUMS)
_SIGN = "CASE r.kind WHEN 'post' THEN 1 ELSE -1 END"
_USAGE_DRIFT = f"""
    WITH made AS (
        SELECT h.at_us / {HOUR_US} AS hour, h.account, coalesce(h.key_id, '') AS key_id,
            h.requested_model AS model, r.provider, sum({_SIGN}) AS requests,
            {", ".join(f"sum({_SIGN} * r.{column}) AS {column}" for column in TOKENS)},
            sum({_SIGN} * r.amount_nano) AS cost_nano
        FROM entries r CROSS JOIN entries h ON h.request_id = r.request_id AND h.kind = 'hold'
        WHERE r.kind IN ('post', 'refund') GROUP BY 1, 2, 3, 4, 5
    ), days AS (
        SELECT hour / 24 AS day, {_GROUP}, {", ".join(f"sum({column}) AS {column}" for column in USAGE_SUMS)}
        FROM usage_hours GROUP BY 1, 2, 3, 4, 5
    )
    SELECT DISTINCT 'hour', hour, {_GROUP} FROM (
        SELECT * FROM (SELECT * FROM made EXCEPT SELECT hour, {_GROUP}, {_SUMS} FROM usage_hours)
        UNION ALL SELECT * FROM (SELECT hour, {_GROUP}, {_SUMS} FROM usage_hours EXCEPT SELECT * FROM made))
    UNION ALL SELECT DISTINCT 'day', day, {_GROUP} FROM (
        SELECT * FROM (SELECT * FROM days EXCEPT SELECT day, {_GROUP}, {_SUMS} FROM usage_days)
        UNION ALL SELECT * FROM (SELECT day, {_GROUP}, {_SUMS} FROM usage_days EXCEPT SELECT * FROM days))
"""  # noqa: S608 - names are ours


class SqliteStore(SqliteHolds, SqliteIdentity, SqliteProviders, SqliteSpending):
    """One SQLite file. The journal's thread writes through one connection; every read opens its own snapshot."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._write = self._connect()
        self._head = GENESIS
        self._began: dict[str, tuple[int, str, str, str]] = {}  # of open holds: hour, account, key, model
        self._in_doubt = False  # whether the last write said that it failed; it may be on disk all the same

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
            database = Database(self._write)
            if {each.name for each in migrations.applied(database)} - migration_names():
                raise StoreError(
                    f"{self.path}: was written by a newer version of Tollhouse; start that one, or restore the copy of the "
                    "data directory from before it."
                )
            migrations.apply(database)
            self._head = self._last_hash()
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: cannot bring the store up to date: {error}") from error

    def close(self) -> None:
        self._write.close()

    # Reading

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own, which sees one moment once it has read something in a transaction."""
        connection = None
        try:
            uri = f"{self.path.absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=5)
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
        with self._reading() as connection:
            return _accounts(connection)

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
            f"SELECT key_id, sum(cost_nano), sum({' + '.join(TOKENS)}) FROM usage_days WHERE key_id <> '' GROUP BY key_id"  # noqa: S608 - names are ours
        )
        return {key_id: KeyTotals(spent, tokens) for key_id, spent, tokens in rows}

    def spending(self, since_day: int) -> list[Spending]:
        rows = self._read(
            "SELECT account, day, sum(cost_nano) FROM usage_days WHERE day >= ? GROUP BY day, account", (since_day,)
        )
        return [Spending(*row) for row in rows]

    def booked(self, account: str, reference: str) -> Booked | None:
        rows = self._read(
            "SELECT kind, CASE credit WHEN account THEN amount_nano ELSE -amount_nano END FROM entries "
            "WHERE kind IN ('credit', 'adjust') AND account = ? AND reference = ?",
            (account, reference),
        )
        return Booked(*rows[0]) if rows else None

    def ledger(
        self,
        *,
        account: str | None = None,
        request_id: str | None = None,
        unpaid: bool = False,
        limit: int,
        before: int | None = None,
    ) -> list[dict[str, Any]]:
        """One row per request, newest first; `unpaid` are those that a provider may have answered and nobody paid for."""
        sql = _LEDGER
        if unpaid:
            sql += f" AND h.request_id IN (SELECT request_id FROM entries WHERE {UNPAID})"  # noqa: S608 - a constant
        conditions, parameters = _where({"h.account =": account, "h.request_id =": request_id, "h.seq <": before})
        return [dict(row) for row in self._read(f"{sql}{conditions} ORDER BY h.seq DESC LIMIT ?", [*parameters, limit])]

    def admin_log(
        self,
        *,
        account: str | None = None,
        thing: str | None = None,
        action: str | None = None,
        limit: int,
        before: int | None = None,
    ) -> list[dict[str, Any]]:
        """What administrators changed, the newest first."""
        sql = f"SELECT seq, {', '.join(LOG_COLUMNS)} FROM admin_log WHERE 1"  # noqa: S608 - names are ours
        conditions, parameters = _where({"account =": account, "object =": thing, "action =": action, "seq <": before})
        return [dict(row) for row in self._read(f"{sql}{conditions} ORDER BY seq DESC LIMIT ?", [*parameters, limit])]

    def usage(self, query: UsageQuery) -> list[dict[str, Any]]:
        """The sums of each group, in the order of the groups; hours are read only where days do not do."""
        days = "hour" not in query.by and query.start_hour % 24 == query.end_hour % 24 == 0
        table, window, width = ("usage_days", "day", 24) if days else ("usage_hours", "hour", 1)
        groups = {"day": "day" if days else "hour / 24", "hour": "hour", "key": "key_id"}
        columns = [f"{groups.get(name, name)} AS {name}" for name in query.by]
        columns += [f"coalesce(sum({name}), 0) AS {name}" for name in USAGE_SUMS]
        sql = f"SELECT {', '.join(columns)} FROM {table} WHERE {window} >= ? AND {window} < ?"  # noqa: S608 - names are ours
        parameters: list[Any] = [query.start_hour // width, query.end_hour // width]
        conditions, values = _where({"account =": query.account, "key_id =": query.key_id})
        sql, parameters = sql + conditions, parameters + values
        if query.by:
            places = ", ".join(str(number + 1) for number in range(len(query.by)))
            sql += f" GROUP BY {places} HAVING sum(requests) <> 0 ORDER BY {places}"
        if query.rows_max is not None:
            sql += " LIMIT ?"
            parameters.append(query.rows_max)
        return [dict(row) for row in self._read(sql, parameters)]

    @contextlib.contextmanager
    def charges(self, start_us: int, end_us: int, account: str | None) -> Iterator[Charges]:
        """The charges of requests that began in a span of time, refunded ones left out, while the context is open."""
        with self._reading() as connection:
            connection.execute("BEGIN")
            connection.row_factory = None
            versions = dict(
                connection.execute("SELECT version, catalogue FROM price_versions ORDER BY at_us").fetchall()
            )
            rows = connection.execute(_CHARGES, (start_us, end_us, account, account))
            yield Charges(versions, map(Charge._make, rows))

    def unpaid(self) -> Mapping[str, int]:
        """How many there are of each kind of resolution of `ledger(unpaid=True)`: void, expire, refund."""
        rows = self._read(f"SELECT kind, count(*) FROM entries WHERE {UNPAID} GROUP BY kind")  # noqa: S608 - a constant
        return {kind: count for kind, count in rows}  # noqa: C416 - dict() knows no type for a Row

    def entries_of(self, request_id: str) -> list[dict[str, Any]]:
        """The entries of one request, in order."""
        rows = self._read("SELECT * FROM entries WHERE request_id = ? ORDER BY seq", (request_id,))
        return [dict(row) for row in rows]

    def price_version(self, version: str) -> str | None:
        """The models of a version of the catalogue as canonical JSON."""
        rows = self._read("SELECT catalogue FROM price_versions WHERE version = ?", (version,))
        return rows[0][0] if rows else None

    def summary(self) -> Summary:
        """The books in a few numbers."""
        with self.moment() as moment:
            return moment.summary()

    @contextlib.contextmanager
    def moment(self) -> Iterator[Moment]:
        """The store as it is on entering, to be read until the context is left."""
        with self._reading() as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT 1 FROM entries LIMIT 1").fetchone()  # from here on it sees no later write
            yield Moment(lambda: _summary(connection), lambda: _accounts(connection), lambda: open_holds(connection))

    @contextlib.contextmanager
    def books(self) -> Iterator[Books]:
        """The whole journal, its balances and its prices, while the context is open."""
        with self._reading() as connection:
            self._check_schema(connection)
            connection.execute("BEGIN")
            balances = connection.execute(
                "SELECT account, balance_nano, spent_nano, adjusted_nano FROM balances"
            ).fetchall()
            versions = connection.execute("SELECT version, catalogue FROM price_versions").fetchall()
            yield Books(
                {account: (balance, spent, adjusted) for account, balance, spent, adjusted in balances},
                dict(versions),
                {(row[0], row[1]) for row in connection.execute(_REPEATED)},
                {row[0] for row in connection.execute("SELECT request_id FROM entries WHERE kind = 'refund'")},
                lambda: (tuple(row) for row in connection.execute(_USAGE_DRIFT)),
                hold_marks(connection),
                _rows(connection),
            )

    def _check_schema(self, connection: sqlite3.Connection) -> None:
        """Raises StoreError for a file that is to be read as it is and has not the schema of this version."""
        database = Database(connection)
        if not migrations.applied(database):
            raise StoreError(f"{self.path}: is not a Tollhouse store.")
        if migrations.pending(database):
            raise StoreError(
                f"{self.path}: was written by an older version of Tollhouse; "
                "start the gateway with it once, which brings it up to date."
            )

    # Writing, in the journal's thread

    def write(self, entries: Sequence[Row], beside: Sequence[AccountRow | LogRow] = ()) -> None:
        """Add entries, and rows beside them, in one durable transaction; raises StoreError where that fails.

        A COMMIT that reports an error may have happened. So after an error the entries that are in already are left out.
        """
        with self._transaction():
            rows, head = chain(entries, self._head)
            done = self._count_kept(rows) if self._in_doubt else 0
            self._in_doubt = True
            self._insert(rows[done:])
            self._write.executemany(_BALANCE, _deltas(entries[done:]))
            self._roll_up(entries[done:])
            for row in beside:
                self._add_beside(row)
        self._head, self._in_doubt = head, False
        for entry in entries:
            if entry[0] in ("post", "void", "expire"):
                self._began.pop(entry[3], None)

    def _add_beside(self, row: AccountRow | LogRow) -> None:
        """What belongs to one of the entries; it is in already where a commit in doubt was one."""
        if isinstance(row, LogRow):
            self._log(row)
        else:
            self._write.execute(f"{ADD_ACCOUNT} ON CONFLICT (id) DO NOTHING", account_values(row))

    def _count_kept(self, rows: Sequence[Row]) -> int:
        """How many of the first rows are in the store: its last hash is the one before them all, or one of theirs."""
        hashes = [self._head, *(row[-1] for row in rows)]
        last = self._last_hash()
        if last not in hashes:
            raise StoreError(
                f"{self.path}: cannot write: somebody else has added entries; restart to go on after them."
            )
        return hashes.index(last)

    def _last_hash(self) -> bytes:
        last = self._write.execute("SELECT hash FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
        return last[0] if last else GENESIS

    def _roll_up(self, entries: Sequence[Row]) -> None:
        """Add what was posted, less what was refunded, to the hours and days in which those requests began."""
        hours: dict[tuple[Any, ...], list[int]] = {}
        for entry in entries:
            kind = entry[0]
            if kind == "hold":
                self._began[entry[3]] = (entry[1] // HOUR_US, entry[2], entry[4] or "", entry[6])
            elif kind in ("post", "refund"):
                began = self._began.get(entry[3]) or self._began_of(entry[3])
                if began is not None:  # an entry without a hold is for the audit to find
                    _add(hours, (*began, entry[14]), (1, *entry[18:23], entry[13]), 1 if kind == "post" else -1)
        if hours:
            days: dict[tuple[Any, ...], list[int]] = {}
            for (hour, *rest), sums in hours.items():
                _add(days, (hour // 24, *rest), sums, 1)
            for statement, groups in zip(_ROLL_UPS, (hours, days), strict=True):
                self._write.executemany(statement, [(*group, *sums) for group, sums in groups.items()])

    def _began_of(self, request_id: str) -> tuple[int, str, str, str] | None:
        """The hour, account, key and model of a hold that this process has not written, or has forgotten."""
        sql = "SELECT at_us, account, key_id, requested_model FROM entries WHERE request_id = ? AND kind = 'hold'"
        found = self._write.execute(sql, (request_id,)).fetchone()
        return (found[0] // HOUR_US, found[1], found[2] or "", found[3]) if found else None

    def _insert(self, rows: Sequence[Row]) -> None:
        start = 0
        for count, statement in _INSERTS.items():
            while len(rows) - start >= count:
                self._write.execute(statement, tuple(itertools.chain.from_iterable(rows[start : start + count])))
                start += count

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of it on disk, or StoreError and nothing, as far as the database knows."""
        try:
            self._write.execute("BEGIN IMMEDIATE")
            yield
            self._write.execute("COMMIT")
        except _UNWRITABLE as error:
            self._rollback()
            raise StoreError(f"{self.path}: cannot write: {error}") from error
        except StoreError:
            self._rollback()
            raise

    def _rollback(self) -> None:
        """Leave the transaction; where even that fails, BEGIN fails next and this is tried again."""
        with contextlib.suppress(sqlite3.Error):
            if self._write.in_transaction:
                self._write.execute("ROLLBACK")

    def _change(self, sql: str, *parameters: Sequence[Any], log: LogRow | None = None) -> None:
        """One statement for each row of parameters, and the log's row where that changed anything; all or nothing."""
        with self._transaction():
            changed = self._write.executemany(sql, parameters).rowcount
            if log is not None and changed > 0:
                self._log(log)

    def _log(self, row: LogRow) -> None:
        """Add a row to the log of administration, unless a commit in doubt has done so."""
        self._write.execute(_LOG, [getattr(row, column) for column in LOG_COLUMNS])

    def add_account(self, account: AccountRow, log: LogRow | None = None) -> None:
        self._change(ADD_ACCOUNT, account_values(account), log=log)

    def update_account(self, account: str, columns: Mapping[str, Any], log: LogRow | None = None) -> None:
        self._change(_update("accounts", columns), [*columns.values(), account], log=log)

    def add_key(self, key: KeyRow, log: LogRow | None = None) -> None:
        self._change(_KEY, _key_values(key), log=log)

    def update_key(self, key_id: str, columns: Mapping[str, Any], log: LogRow | None = None) -> None:
        values = {**columns, "models": _json(columns["models"])} if "models" in columns else columns
        self._change(_update("api_keys", values), [*values.values(), key_id], log=log)

    def rotate_key(self, key_id: str, expires_at_us: int, new: KeyRow, log: LogRow | None = None) -> None:
        """A new key in the place of one that ends at a given time."""
        with self._transaction():
            self._write.execute("UPDATE api_keys SET expires_at_us = ? WHERE id = ?", (expires_at_us, key_id))
            self._write.execute(_KEY, _key_values(new))
            if log is not None:
                self._log(log)

    def revoke_key(self, key_id: str, at_us: int, log: LogRow | None = None) -> None:
        sql = "UPDATE api_keys SET revoked_at_us = ? WHERE id = ? AND revoked_at_us IS NULL"
        self._change(sql, (at_us, key_id), log=log)

    def touch_keys(self, last_used_us: Mapping[str, int]) -> None:
        rows = ((at_us, key_id) for key_id, at_us in last_used_us.items())
        self._change("UPDATE api_keys SET last_used_at_us = ? WHERE id = ?", *rows)

    def add_price_version(self, version: str, catalogue: str, at_us: int) -> None:
        self._change(
            "INSERT OR IGNORE INTO price_versions (version, catalogue, at_us) VALUES (?, ?, ?)",
            (version, catalogue, at_us),
        )


def _update(table: str, columns: Mapping[str, Any]) -> str:
    changes = ", ".join(f"{column} = ?" for column in columns)
    return f"UPDATE {table} SET {changes} WHERE id = ?"  # noqa: S608 - names are ours


def _key_values(key: KeyRow) -> list[Any]:
    return [_json(key.models) if column == "models" else getattr(key, column) for column in KeyRow.__slots__]


def _json(models: tuple[str, ...] | None) -> str | None:
    return None if models is None else orjson.dumps(models).decode()


def _rows(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Every entry, in order. `dict(row)` of SQLite's own rows looks each name up among all of them, which takes twice as long."""
    names = ("seq", *ENTRY_COLUMNS, "previous_hash", "hash")
    for row in connection.execute(f"SELECT {', '.join(names)} FROM entries ORDER BY seq"):  # noqa: S608 - names are ours
        yield dict(zip(names, tuple(row), strict=True))


def _where(comparisons: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """SQL that adds the comparisons which have a value to a WHERE, and those values."""
    given = {comparison: value for comparison, value in comparisons.items() if value is not None}
    return "".join(f" AND {comparison} ?" for comparison in given), list(given.values())


def _add(groups: dict[tuple[Any, ...], list[int]], group: tuple[Any, ...], values: Sequence[int], sign: int) -> None:
    """Add values to the sums of a group, or take them off."""
    sums = groups.get(group)
    if sums is None:
        groups[group] = [sign * value for value in values]
    else:
        for number, value in enumerate(values):
            sums[number] += sign * value


def _accounts(connection: sqlite3.Connection) -> list[AccountRow]:
    rows = connection.execute(
        "SELECT a.id, a.name, a.multiplier_ppm, a.status, a.created_at_us, coalesce(b.balance_nano, 0), "
        "coalesce(b.spent_nano, 0), coalesce(b.adjusted_nano, 0), a.daily_budget_nano, a.monthly_budget_nano "
        "FROM accounts a LEFT JOIN balances b ON b.account = a.id"
    )
    return [AccountRow(*row) for row in rows]


def _summary(connection: sqlite3.Connection) -> Summary:
    last = connection.execute("SELECT hash FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
    counts = {kind: count for kind, count in connection.execute(_COUNTS) if count}
    # Added up here: the sum over all accounts may be beyond 64 bits.
    sums = [0, 0, 0]
    for row in connection.execute("SELECT balance_nano, spent_nano, adjusted_nano FROM balances"):
        sums = [total + value for total, value in zip(sums, row, strict=True)]
    credited = connection.execute(
        # In the words of the index entries_one_reference, which has all of them and nothing else.
        "SELECT amount_nano FROM entries WHERE kind IN ('credit', 'adjust') AND kind = 'credit'"
    )
    balance, spent, adjusted = sums
    return Summary(
        last[0] if last else GENESIS, counts, balance, spent, adjusted, sum(amount for (amount,) in credited)
    )


def chain(entries: Sequence[Row], head: bytes) -> tuple[list[tuple[Any, ...]], bytes]:
    """The rows with the hash before each and its own."""
    rows = []
    for entry in entries:
        previous, head = head, hash_of(entry, head)
        rows.append((*entry, previous, head))
    return rows, head


def hash_of(entry: Row, previous: bytes) -> bytes:
    """The hash of a row: SHA-256 over the hash before it and the row as JSON."""
    return hashlib.sha256(previous + orjson.dumps(list(entry))).digest()


def _deltas(entries: Sequence[Row]) -> list[tuple[str, int, int, int]]:
    """Per account: the change of its balance, of what it has spent and of its adjustments, in nano-dollars."""
    deltas: dict[str, list[int]] = {}
    for entry in entries:
        kind, account, amount = entry[0], entry[2], entry[13]
        if amount is None:
            continue
        delta = deltas.setdefault(account, [0, 0, 0])
        gained = amount if entry[12] == account else -amount
        delta[0] += gained
        if kind in ("post", "refund"):
            delta[1] -= gained
        elif kind == "adjust":
            delta[2] += gained
    return [(account, balance, spent, adjusted) for account, (balance, spent, adjusted) in deltas.items()]

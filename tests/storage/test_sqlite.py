"""What only the embedded store can meet: locks, full disks, files that are something else."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from tests.billing.scenario import START_US, opened, some_books
from tests.faults import CommitsAndFails
from tollhouse.billing.audit import audit
from tollhouse.billing.ledger import Entry
from tollhouse.storage.base import AccountRow, KeyRow, LogRow, StoreError
from tollhouse.storage.sqlite import GENESIS, SqliteStore, chain
from tollhouse.storage.sqlite_schema import ENTRY_COLUMNS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with opened(path) as store:
        store._write.execute("PRAGMA busy_timeout = 0")
        yield store


def test_the_columns_are_those_of_an_entry() -> None:
    assert Entry._fields == ENTRY_COLUMNS


def test_commits_are_flushed_to_the_disk(store: SqliteStore) -> None:
    assert store._write.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._write.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_each_hash_covers_the_row_and_the_hash_before_it() -> None:
    entries = some_books()
    rows, head = chain(entries, GENESIS)
    previous = GENESIS
    for entry, row in zip(entries, rows, strict=True):
        assert row[:-2] == tuple(entry) and row[-2] == previous
        previous = hashlib.sha256(previous + orjson.dumps(list(entry))).digest()
        assert row[-1] == previous
    assert head == previous


def test_a_locked_store_is_a_store_error_and_the_next_try_succeeds(store: SqliteStore, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"):
        store.write(some_books())
    with pytest.raises(StoreError, match="locked"):
        store.revoke_key("key1", START_US)
    with pytest.raises(StoreError, match="locked"):
        store.touch_keys({"key1": START_US})
    other.execute("ROLLBACK")
    other.close()
    store.write(some_books())
    assert audit(store).findings == []


def test_a_full_disk_is_a_store_error_and_the_next_try_succeeds(store: SqliteStore) -> None:
    [(pages,)] = store._write.execute("PRAGMA page_count")
    store._write.execute(f"PRAGMA max_page_count = {pages}")
    entries = some_books()
    big = [entries[0]._replace(reference=f"{number}{'x' * 3000}") for number in range(20)]
    for _ in range(3):
        with pytest.raises(StoreError, match="full"):
            store.write(big)
    store._write.execute("PRAGMA max_page_count = 1000000")
    store.write(entries)
    report = audit(store)
    assert (report.findings, report.entries) == ([], 7)


def test_a_commit_that_fails_leaves_the_chain_where_it_was(store: SqliteStore) -> None:
    entries = some_books()
    store.write(entries[:2])
    broken = FailsOn(store._write, "COMMIT")
    store._write = broken  # type: ignore[assignment]
    with pytest.raises(StoreError, match="disk I/O error"):
        store.write(entries[2:4])
    store._write = broken.connection
    store.write(entries[2:])
    report = audit(store)
    assert (report.findings, report.entries) == ([], 7)


def test_a_rollback_that_fails_too_is_made_up_for(store: SqliteStore) -> None:
    entries = some_books()
    broken = FailsOn(store._write, "COMMIT", "ROLLBACK")
    store._write = broken  # type: ignore[assignment]
    with pytest.raises(StoreError):
        store.write(entries)
    store._write = broken.connection
    with pytest.raises(StoreError, match="within a transaction"):
        store.write(entries)
    store.write(entries)
    assert audit(store).entries == 7


@pytest.mark.parametrize("first", [1, 3, 5])
def test_a_commit_that_was_done_and_reported_an_error_is_not_repeated(store: SqliteStore, first: int) -> None:
    entries = some_books()
    connection = store._write
    store._write = CommitsAndFails(connection)  # type: ignore[assignment]
    for count in (first, first, first + 1):  # tried again, with what has come since
        with pytest.raises(StoreError, match="disk I/O error"):
            store.write(entries[:count])
    store._write = connection
    store.write(entries)
    report = audit(store)
    assert (report.findings, report.entries) == ([], 7)
    with pytest.raises(StoreError, match="UNIQUE"):  # what is written without a doubt is not looked for
        store.write(entries)


def test_a_writer_in_doubt_does_not_go_on_from_what_somebody_else_wrote(store: SqliteStore, path: Path) -> None:
    entries = some_books()
    broken = FailsOn(store._write, "COMMIT")
    store._write = broken  # type: ignore[assignment]
    with pytest.raises(StoreError, match="disk I/O error"):
        store.write(entries)
    store._write = broken.connection
    with opened(path) as other:
        other.write(entries[:1])
        for _ in range(2):
            with pytest.raises(StoreError, match="somebody else has added entries"):
                store.write(entries[1:])
        other.write(entries[1:])  # the lock is free
        assert audit(other).findings == []


class FailsOn:
    """A connection whose named statements fail."""

    def __init__(self, connection: sqlite3.Connection, *statements: str) -> None:
        self.connection = connection
        self._statements = statements

    @property
    def in_transaction(self) -> bool:
        return self.connection.in_transaction

    def execute(self, sql: str, values: Sequence[object] = ()) -> object:
        if sql in self._statements:
            raise sqlite3.OperationalError("disk I/O error")
        return self.connection.execute(sql, values)

    def executemany(self, sql: str, rows: object) -> object:
        return self.connection.executemany(sql, rows)  # type: ignore[arg-type]


def test_some_keys_or_none_are_touched(store: SqliteStore) -> None:
    store.add_key(KeyRow("key1", "acme", "n", "", b"", START_US))
    with pytest.raises(StoreError):
        store.touch_keys({"key1": 5, "key2": 2**64})
    assert store.keys()[0].last_used_at_us is None


def test_a_commit_in_doubt_writes_what_is_beside_an_entry_once(store: SqliteStore) -> None:
    account = AccountRow("new", "new", 1_000_000, "active", START_US)
    row = LogRow("log_1", START_US, "token 0", "", "", "create_account", "new", "new", "{}", "{}")
    connection = store._write
    store._write = CommitsAndFails(connection)  # type: ignore[assignment]
    with pytest.raises(StoreError):
        store.write(some_books()[:1], (account, row))
    store._write = connection
    store.write(some_books(), (account, row))
    assert [each.id for each in store.accounts()].count("new") == 1
    assert [each["id"] for each in store.admin_log(limit=10)] == ["log_1"]


def test_every_read_of_a_broken_store_is_a_store_error(store: SqliteStore, path: Path) -> None:
    for table in (
        "entries",
        "accounts",
        "api_keys",
        "balances",
        "price_versions",
        "usage_days",
        "admin_log",
        "hold_marks",
    ):
        store._write.execute(f"ALTER TABLE {table} RENAME TO gone_{table}")
    reads = [
        store.accounts, store.keys, store.key_totals, store.open_holds, store.find_hold_marks, lambda: store.booked("a", "b"), lambda: store.admin_log(limit=1),
        lambda: store.ledger(account=None, request_id=None, limit=1, before=None), lambda: audit(store),
    ]  # fmt: skip
    for read in reads:
        with pytest.raises(StoreError, match="cannot read the store: no such table"):
            read()


def test_reading_a_file_that_is_gone_is_a_store_error(store: SqliteStore, path: Path) -> None:
    path.rename(path.with_name("moved"))
    with pytest.raises(StoreError, match="cannot read the store"):
        store.accounts()


def test_a_file_that_is_no_database_is_a_clear_error(path: Path) -> None:
    path.write_bytes(b"These are my notes.\n" * 100)
    with pytest.raises(StoreError, match=r"test\.sqlite: cannot open the store: file is not a database"):
        SqliteStore(path)


def test_a_damaged_store_is_a_clear_error(path: Path) -> None:
    with opened(path) as store:
        store.write(some_books())
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"test\.sqlite: .*malformed"), opened(path):
        pass


def test_a_directory_that_does_not_exist_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot open the store"):
        SqliteStore(tmp_path / "missing" / "test.sqlite")


def test_somebody_elses_database_is_left_alone(path: Path) -> None:
    foreign = sqlite3.connect(path)
    foreign.execute("CREATE TABLE albums (id INTEGER)")
    foreign.close()
    store = SqliteStore(path)
    with pytest.raises(StoreError, match="is not a Tollhouse store, it holds albums"):
        store.migrate()
    assert store._write.execute("SELECT name FROM sqlite_master").fetchall() == [("albums",)]
    store.close()


def test_a_store_of_a_newer_version_is_refused(store: SqliteStore, path: Path) -> None:
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('tollhouse', 'm999_later', 'now')"
        )
        newer.commit()
    with pytest.raises(StoreError, match="newer version of Tollhouse; start that one"):
        store.migrate()


def test_a_migration_on_a_locked_file_is_a_store_error_and_leaves_nothing_half_done(path: Path) -> None:
    store = SqliteStore(path)
    store._write.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="cannot bring the store up to date: database is locked"):
        store.migrate()
    other.execute("ROLLBACK")
    other.close()
    store.migrate()
    assert store.accounts() == []
    store.close()


def test_a_reader_cannot_write(store: SqliteStore) -> None:
    with store._reading() as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM entries")


@pytest.mark.parametrize("name", ["with space", "100%", "what?", "a#b", "ünï"])
def test_the_path_may_hold_any_character(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with opened(tmp_path / name / "test.sqlite") as store:
        assert len(store.accounts()) == 2

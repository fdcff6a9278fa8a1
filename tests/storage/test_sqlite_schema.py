"""The schema and its history: a file of the first version becomes one of this version, with all that it says."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from tests.billing.scenario import CATALOGUE, START_US, USD, Clock, account, delivery, hold, opened, rate, some_books
from tollhouse.billing.audit import audit
from tollhouse.billing.budgets import DAY_US
from tollhouse.billing.ledger import Entry, Ledger
from tollhouse.billing.pricing import Usage
from tollhouse.loading import load
from tollhouse.storage.base import USAGE_SUMS, AccountRow, KeyRow, KeyTotals, LogRow, Spending, StoreError, UsageQuery
from tollhouse.storage.sqlite import GENESIS, SqliteStore, chain
from tollhouse.storage.sqlite_schema import CRASH, ENTRY_COLUMNS, ROLLUPS, migrations

SECOND = "m002_rollups_budgets_and_rows_that_never_change"
TODAY = START_US // DAY_US


class FirstVersion:
    """A store as the first version wrote it: entries with their chain, and balances."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        migrations.apply(Database(self.connection), stop_before=SECOND)
        self.head = GENESIS
        self._insert("price_versions", CATALOGUE.version, CATALOGUE.canonical_json, START_US)
        for name, ppm in (("acme", 1_000_000), ("other", 1_100_000)):
            self._insert("accounts", name, name, ppm, "active", START_US)
        for key, account_id, quota in (("key1", "acme", 10**15), ("key2", "other", None)):
            self.connection.execute(
                "INSERT INTO api_keys (id, account, name, prefix, secret_hash, created_at_us, quota_nano) "
                "VALUES (?, ?, 'laptop', 'op_', x'00', ?, ?)",
                (key, account_id, START_US, quota),
            )

    def _insert(self, table: str, *values: object) -> None:
        self.connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)

    def write(self, entries: Sequence[Entry]) -> None:
        rows, self.head = chain(entries, self.head)
        columns = (*ENTRY_COLUMNS, "previous_hash", "hash")
        self.connection.executemany(
            f"INSERT INTO entries ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows
        )
        for entry in entries:
            if entry.amount_nano is not None:
                gained = entry.amount_nano if entry.credit == entry.account else -entry.amount_nano
                self.connection.execute(
                    "INSERT INTO balances VALUES (?, ?, ?) ON CONFLICT(account) DO UPDATE SET balance_nano = "
                    "balance_nano + excluded.balance_nano, spent_nano = spent_nano + excluded.spent_nano",
                    (entry.account, gained, entry.amount_nano if entry.kind == "post" else 0),
                )

    def close(self) -> None:
        self.connection.close()


def old_entries() -> list[Entry]:
    """Two days of two accounts: charges with and without a key, an overdraft, voids, a crash, and one that still runs."""
    acme, other = account(), account("other", multiplier_ppm=1_100_000)
    ledger = Ledger(Clock(), [acme, other])
    entries: list[Entry | None] = [ledger.credit(acme, 10 * USD, "first"), ledger.credit(other, 1_000, "first")]
    for number, (holder, key, day, output) in enumerate(
        [(acme, "key1", 0, 10), (acme, None, 0, 20), (acme, "key1", 1, 30), (other, "key2", 1, 40)]
    ):
        request = f"req_{number}"
        entries.append(hold(ledger, request, holder, 1_000, key_id=key, at_us=START_US + day * DAY_US))
        used = Usage(input=number, cache_read=2 * number, output=output)
        price = rate(account_ppm=holder.multiplier_ppm)
        entries.append(ledger.settle(request, price, delivery(used, provider="ab"[number % 2])))
    for request, reason in (("voided", "upstream answered 500"), ("crashed", CRASH)):
        entries += [hold(ledger, request, acme, 1_000), ledger.void(request, reason)]
    entries.append(hold(ledger, "running", acme, 1_000, key_id="key1"))
    return [entry for entry in entries if entry is not None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of the first version."""
    path = tmp_path / "old.sqlite"
    old = FirstVersion(path)
    entries = old_entries()
    old.write(entries[:5])
    old.write(entries[5:])
    old.close()
    return path


def migrated(path: Path) -> SqliteStore:
    store = SqliteStore(path)
    store.migrate()
    return store


def dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        lines = list(connection.iterdump())
    connection.close()
    return lines


def schema(path: Path) -> dict[str, Any]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return dict(rows)


def test_what_the_first_version_wrote_holds_after_the_migration(path: Path) -> None:
    store = migrated(path)
    report = audit(store)
    assert (report.drift, report.findings) == (0, [])
    assert (report.entries, report.requests, report.posted, report.voided, report.held) == (15, 7, 4, 2, 1)
    assert report.head == store._head.hex()
    with store.books() as books:
        assert [tuple(row[name] for name in ENTRY_COLUMNS) for row in books.entries] == [
            tuple(entry) for entry in old_entries()
        ]
    store.close()


def test_what_is_derived_is_made_from_the_entries_of_the_first_version(path: Path) -> None:
    store = migrated(path)
    posts = {entry.request_id: entry for entry in old_entries() if entry.kind == "post"}
    cost = [posts[f"req_{number}"].amount_nano or 0 for number in range(4)]
    summary = store.summary()
    assert summary.counts == {"credit": 2, "hold": 7, "post": 4, "void": 2}
    assert (summary.spent_nano, summary.adjusted_nano) == (sum(cost), 0)
    assert summary.balance_nano == 10 * USD + 1_000 - sum(cost)
    assert [(row.id, row.balance_nano, row.adjusted_nano) for row in store.accounts()] == [
        ("acme", 10 * USD - sum(cost[:3]), 0), ("other", 1_000 - cost[3], 0),
    ]  # fmt: skip
    assert sorted(store.spending(0)) == [
        Spending("acme", TODAY, cost[0] + cost[1]), Spending("acme", TODAY + 1, cost[2]),
        Spending("other", TODAY + 1, cost[3]),
    ]  # fmt: skip
    assert store.key_totals() == {
        "key1": KeyTotals(cost[0] + cost[2], 10 + 30 + 2 + 4), "key2": KeyTotals(cost[3], 3 + 6 + 40),
    }  # fmt: skip
    for by in ("hour", "day"):
        query = UsageQuery((by, "account", "key", "model", "provider"), 0, 24 * 10**6)
        width = {"hour": 3_600_000_000, "day": DAY_US}[by]
        first, second = START_US // width, (START_US + DAY_US) // width
        rows = [tuple(row.values()) for row in store.usage(query)]
        assert [len(row) for row in rows] == [5 + len(USAGE_SUMS)] * 4
        assert rows == [
            (first, "acme", "", "small", "b", 1, 1, 2, 0, 0, 20, cost[1]),
            (first, "acme", "key1", "small", "a", 1, 0, 0, 0, 0, 10, cost[0]),
            (second, "acme", "key1", "small", "a", 1, 2, 4, 0, 0, 30, cost[2]),
            (second, "other", "key2", "small", "b", 1, 3, 6, 0, 0, 40, cost[3]),
        ]
    store.close()


def test_the_ledger_of_the_first_version_reads_as_it_did(path: Path) -> None:
    store = migrated(path)
    states = {row["request_id"]: row["state"] for row in store.ledger(limit=100)}
    assert states == {f"req_{number}": "posted" for number in range(4)} | {
        "voided": "voided", "crashed": "voided", "running": "held",
    }  # fmt: skip
    assert [row["request_id"] for row in store.ledger(limit=100, unpaid=True)] == ["crashed"]
    assert [found.request_id for found in store.open_holds()] == ["running"]
    assert store.booked("acme", "first") == ("credit", 10 * USD)
    store.close()


def test_open_holds_of_the_first_version_are_found_before_and_after_they_are_marked(path: Path) -> None:
    store = migrated(path)
    for _ in range(2):
        assert [found.request_id for found in store.open_holds()] == ["running"]
        assert store.find_hold_marks() == [15, 16]
        store.keep_hold_marks([15, 16])
    assert audit(store).findings == []
    store.close()


def test_a_migrated_file_goes_on_as_a_new_one_does(path: Path) -> None:
    store = migrated(path)
    ledger, _ = load(store, Clock(START_US + DAY_US))
    acme = ledger.accounts["acme"]
    assert (acme.budget.daily_nano, acme.budget.windows(START_US)[0].spent_nano) == (None, 30 * 2_000 + 1_000 + 1_000)
    ledger.restore("running", "acme", "key1", 1_000, START_US)
    voided = ledger.void("running", CRASH)
    assert voided is not None
    entries = [voided, hold(ledger, "new", acme, 1_000, key_id="key1")]
    posted = ledger.settle("new", rate(), delivery(Usage(output=1), provider="a"))
    assert posted is not None
    entries += [posted, ledger.refund(posted, START_US, "the store failed")]
    entries += [ledger.adjust(acme, -5, "down", "a mistake")]
    store.write(entries)
    store.update_account("acme", {"daily_budget_nano": 5})
    report = audit(store)
    assert (report.findings, report.held, report.refunded) == ([], 0, 1)
    with pytest.raises(StoreError):  # the old reference is still taken
        store.write([ledger.credit(acme, 10 * USD, "first")])
    with pytest.raises(StoreError):  # and an old request is still resolved
        store.write([voided._replace(request_id="req_0")])
    store.close()


def test_a_migrated_file_has_the_schema_of_a_new_one(path: Path, tmp_path: Path) -> None:
    migrated(path).close()
    with opened(tmp_path / "new.sqlite"):
        pass
    made, new = schema(path), schema(tmp_path / "new.sqlite")
    assert made == new
    assert {*ROLLUPS, "entries_one_of_each", "entries_one_reference", "entries_uncharged"} <= set(made)
    assert {"entries_refuse_update", "entries_refuse_delete"} <= set(made)
    assert {"admin_log", "admin_log_refuse_update", "admin_log_refuse_delete", "hold_marks"} <= set(made)
    assert not {"entries_one_hold_one_resolution", "entries_one_credit"} & set(made)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entries SET amount_nano = 0 WHERE seq = 1",
        "UPDATE entries SET seq = 100 WHERE seq = 1",
        "DELETE FROM entries WHERE seq = 15",
        "DELETE FROM entries",
    ],
)
def test_old_rows_are_guarded_as_new_ones_are(path: Path, change: str) -> None:
    store = migrated(path)
    with pytest.raises(sqlite3.IntegrityError, match="entries are only ever added"):
        store._write.execute(change)
    assert audit(store).findings == []
    store.close()


@pytest.mark.parametrize("change", ["UPDATE admin_log SET actor = 'nobody'", "DELETE FROM admin_log WHERE seq = 1"])
def test_the_log_of_administration_is_only_ever_added_to(path: Path, change: str) -> None:
    store = migrated(path)
    row = LogRow("log_1", START_US, "token 0", "10.0.0.7", "req_1", "update_account", "acme", "acme", "{}", "{}")
    store.update_account("acme", {"name": "Acme"}, row)
    with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
        store._write.execute(change)
    assert [kept["actor"] for kept in store.admin_log(limit=10)] == ["token 0"]
    store.close()


def test_migrating_again_changes_nothing(path: Path) -> None:
    migrated(path).close()
    before = dump(path)
    store = migrated(path)
    store.migrate()
    store.close()
    assert dump(path) == before


def test_an_empty_file_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    FirstVersion(tmp_path / "old.sqlite").close()
    store = migrated(tmp_path / "old.sqlite")
    report = audit(store)
    assert (report.findings, report.entries, set(store.summary().counts.values())) == ([], 0, set())
    store.write(some_books())
    assert audit(store).findings == []
    store.close()


def test_a_changed_row_of_the_first_version_still_shows(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE entries SET amount_nano = amount_nano - 1 WHERE request_id = 'req_1' AND kind = 'post'")
    connection.commit()
    connection.close()
    store = migrated(path)
    findings = audit(store).findings
    assert "entry 6: its hash does not fit its contents; the row was changed" in findings
    assert any("account acme: its balance" in finding for finding in findings)
    store.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE usage_days (mine TEXT)")  # what the last step of the migration makes
    connection.commit()
    connection.close()
    before = dump(path)
    store = SqliteStore(path)
    with pytest.raises(StoreError, match="cannot bring the store up to date"):
        store.migrate()
    store.close()
    assert dump(path) == before


def test_an_audit_of_a_file_that_was_not_migrated_says_what_to_do(path: Path) -> None:
    before = dump(path)
    store = SqliteStore(path)
    with pytest.raises(StoreError, match=r"old\.sqlite: was written by an older version of Tollhouse; start"):
        audit(store)
    store.close()
    assert dump(path) == before


def test_an_audit_of_another_programs_file_says_so(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "albums.sqlite") as connection:
        connection.execute("CREATE TABLE albums (id INTEGER)")
    connection.close()
    store = SqliteStore(tmp_path / "albums.sqlite")
    with pytest.raises(StoreError, match=r"albums\.sqlite: is not a Tollhouse store"):
        audit(store)
    store.close()


def test_old_accounts_and_keys_come_back(path: Path) -> None:
    store = migrated(path)
    store.add_account(AccountRow("new", "new", 1, "active", START_US, daily_budget_nano=7))
    assert [(row.id, row.daily_budget_nano, row.monthly_budget_nano) for row in store.accounts()] == [
        ("acme", None, None), ("other", None, None), ("new", 7, None),
    ]  # fmt: skip
    assert store.keys()[1] == KeyRow("key2", "other", "laptop", "op_", b"\x00", START_US)
    store.close()

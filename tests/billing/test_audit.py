"""The audit names what somebody changed behind the ledger's back. Each test edits the SQLite file itself."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.billing.scenario import CATALOGUE, START_US, USD, Clock, account, delivery, hold, opened, rate, some_books
from tollhouse.billing.audit import FINDINGS_MAX, Proof, Report, audit
from tollhouse.billing.ledger import Ledger
from tollhouse.billing.pricing import Usage
from tollhouse.storage.sqlite import SqliteStore, chain
from tollhouse.storage.sqlite_schema import ENTRY_COLUMNS

Edit = Callable[[sqlite3.Connection], object]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with `some_books`: 1, 2 credits · 3, 4 holds · 5 post · 6 void · 7 hold."""
    path = tmp_path / "test.sqlite"
    with opened(path) as store:
        store.write(some_books())
    return path


def audited(path: Path) -> Report:
    store = SqliteStore(path)
    try:
        return audit(store)
    finally:
        store.close()


def edited(path: Path, *statements: str) -> Report:
    connection = unguarded(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return audited(path)


def unguarded(path: Path) -> sqlite3.Connection:
    """The file as somebody opens it who wants to change rows: without the triggers that refuse it."""
    connection = sqlite3.connect(path)
    for change in ("update", "delete"):
        connection.execute(f"DROP TRIGGER IF EXISTS entries_refuse_{change}")
    return connection


def test_untouched_books_hold(path: Path) -> None:
    report = audited(path)
    assert (report.drift, report.findings) == (0, [])
    assert (report.entries, report.requests, report.posted, report.voided, report.held) == (7, 3, 1, 1, 1)
    assert report.credited_nano == 11 * USD
    assert report.charged_nano == 1000 * 1000 + 100 * 500 + 500 * 2000
    with opened(path) as store, store.books() as books:
        assert report.head == list(books.entries)[-1]["hash"].hex()


def test_an_empty_store_holds(tmp_path: Path) -> None:
    with opened(tmp_path / "new.sqlite"):
        report = audited(tmp_path / "new.sqlite")
    assert (report.drift, report.entries, report.head) == (0, 0, "00" * 32)


def test_a_changed_amount_is_named(path: Path) -> None:
    report = edited(path, "UPDATE entries SET amount_nano = amount_nano - 1 WHERE seq = 5")
    assert report.findings == [
        "entry 5: its hash does not fit its contents; the row was changed",
        "entry 5: req_1 was charged 2049999 nano-dollars and its row makes 2050000",
        "account acme: its balance is 9997950000 nano-dollars and its entries make 9997950001",
        "account acme: its spending is 2050000 nano-dollars and its entries make 2049999",
        "usage of 2026-09-21T14:00:00Z, acme, small, scripted: differs from its entries",
    ]


def test_a_changed_token_count_is_named(path: Path) -> None:
    report = edited(path, "UPDATE entries SET output_tokens = 499 WHERE seq = 5")
    assert report.findings == [
        "entry 5: its hash does not fit its contents; the row was changed",
        "entry 5: req_1 was charged 2050000 nano-dollars and its row makes 2048000",
        "usage of 2026-09-21T14:00:00Z, acme, small, scripted: differs from its entries",
    ]


@pytest.mark.parametrize("column", ENTRY_COLUMNS)
def test_no_column_can_be_changed_unseen(path: Path, column: str) -> None:
    report = edited(path, f"UPDATE entries SET {column} = '77' WHERE seq = 5")
    assert "entry 5: its hash does not fit its contents; the row was changed" in report.findings


def test_a_removed_row_is_named(path: Path) -> None:
    report = edited(path, "DELETE FROM entries WHERE seq = 5")
    assert "entries 5 to 5: were removed" in report.findings
    assert "entry 6: does not follow the entry before it; a row was removed or inserted" in report.findings
    assert any(finding.startswith("account acme: its balance is") for finding in report.findings)


def test_removed_last_rows_show_in_the_balances(path: Path) -> None:
    report = edited(path, "DELETE FROM entries WHERE seq >= 5")
    assert [finding.split(" is ")[0] for finding in report.findings] == [
        "account acme: its balance", "account acme: its spending",
        "usage of 2026-09-21T14:00:00Z, acme, small, scripted: differs from its entries",
    ]  # fmt: skip


def test_marks_behind_which_a_hold_would_be_missed_are_named(path: Path) -> None:
    for marks in ("(1)", "(7)", "(7), (8)", "(2), (7), (8)"):
        assert edited(path, f"INSERT INTO hold_marks VALUES {marks}").findings == []
        assert edited(path, "DELETE FROM hold_marks").findings == []
    missed = "entry 7: the hold of req_3 is open and not among the marks of those"
    assert edited(path, "INSERT INTO hold_marks VALUES (8)").findings == [missed]
    too_far = "the marks of open holds go up to entry 9 and the last entry is 7"
    assert edited(path, "INSERT INTO hold_marks VALUES (7), (9)").findings == [too_far]


def test_an_inserted_row_is_named(path: Path) -> None:
    ledger = Ledger(Clock(), [account()])
    with opened(path) as store, store.books() as books:
        head = list(books.entries)[2]["hash"]
    [row], _ = chain([ledger.credit(ledger.accounts["acme"], USD, "a gift")], head)
    places = ", ".join("?" * (len(ENTRY_COLUMNS) + 3))
    connection = unguarded(path)
    connection.execute("UPDATE entries SET seq = -seq WHERE seq > 3")
    connection.execute("UPDATE entries SET seq = 1 - seq WHERE seq < 0")
    connection.execute(f"INSERT INTO entries VALUES ({places})", (4, *row))
    connection.commit()
    connection.close()
    assert audited(path).findings == [
        "entry 5: does not follow the entry before it; a row was removed or inserted",
        "account acme: its balance is 9997950000 nano-dollars and its entries make 10997950000",
    ]


def test_swapped_rows_are_named(path: Path) -> None:
    report = edited(
        path,
        "UPDATE entries SET seq = -3 WHERE seq = 3",
        "UPDATE entries SET seq = 3 WHERE seq = 4",
        "UPDATE entries SET seq = 4 WHERE seq = -3",
    )
    assert [finding.split(":")[0] for finding in report.findings] == ["entry 3", "entry 4", "entry 5"]
    assert all("does not follow" in finding for finding in report.findings)


def test_a_resolution_before_its_hold_is_named(path: Path) -> None:
    report = edited(
        path,
        "UPDATE entries SET seq = -3 WHERE seq = 3",
        "UPDATE entries SET seq = 3 WHERE seq = 5",
        "UPDATE entries SET seq = 5 WHERE seq = -3",
    )
    assert "entry 3: req_1 has no older hold" in report.findings


@pytest.mark.parametrize(
    ("column", "what"), [("balance_nano", "balance"), ("spent_nano", "spending"), ("adjusted_nano", "adjustments")]
)
def test_a_wrong_balance_is_named(path: Path, column: str, what: str) -> None:
    report = edited(path, f"UPDATE balances SET {column} = {column} + 5 WHERE account = 'acme'")
    [finding] = report.findings
    assert finding.startswith(f"account acme: its {what} is ")


def test_a_balance_without_entries_is_named(path: Path) -> None:
    report = edited(path, "INSERT INTO balances VALUES ('ghost', 5, 0, 0)")
    assert report.findings == ["account ghost: its balance is 5 nano-dollars and its entries make 0"]


def test_changed_prices_of_a_pinned_version_are_named(path: Path) -> None:
    cheaper = CATALOGUE.canonical_json.replace('"output_usd_per_mtok":"2"', '"output_usd_per_mtok":"1"')
    assert cheaper != CATALOGUE.canonical_json
    report = edited(path, f"UPDATE price_versions SET catalogue = '{cheaper}'")
    assert report.findings == [
        f"price version {CATALOGUE.version}: its prices were changed",
        "entry 5: req_1 was charged 2050000 nano-dollars and its row makes 1550000",
    ]


def test_missing_prices_are_named(path: Path) -> None:
    report = edited(path, "DELETE FROM price_versions")
    assert report.findings == [f"entry 5: no prices for small in version {CATALOGUE.version}"]


@pytest.mark.parametrize(
    "change",
    [
        "model_multiplier = 'much'", "model_multiplier = NULL", "input_tokens = NULL", "amount_nano = NULL",
        "previous_hash = NULL", "hash = NULL", "kind = 'gift'", "served_model = NULL", "request_id = NULL",
        "model_multiplier = '1/0'",
    ],
)  # fmt: skip
def test_nonsense_in_a_row_is_named_and_the_rest_is_still_checked(path: Path, change: str) -> None:
    report = edited(path, f"UPDATE entries SET {change} WHERE seq = 5")
    assert any(finding.startswith("entry 5: ") for finding in report.findings)
    assert report.entries == 7


@pytest.mark.parametrize("change", ["at_us = 9223372036854775807", "account_multiplier = 'x'", "price_version = NULL"])
def test_nonsense_in_a_hold_is_named(path: Path, change: str) -> None:
    report = edited(path, f"UPDATE entries SET {change} WHERE seq = 3")
    assert any(finding.startswith("entry 3: ") for finding in report.findings)
    assert report.entries == 7


def test_a_second_resolution_and_a_second_hold_are_named_where_the_indexes_were_dropped(path: Path) -> None:
    columns = ", ".join([*ENTRY_COLUMNS, "previous_hash", "hash"])
    report = edited(
        path,
        "DROP INDEX entries_one_of_each",
        f"INSERT INTO entries ({columns}) SELECT {columns} FROM entries WHERE seq IN (3, 5) ORDER BY seq",
    )
    assert "entry 8: req_1 is held a second time" in report.findings
    assert any(finding.startswith("entry 9: ") for finding in report.findings)


def test_a_charge_to_somebody_else_is_named(path: Path) -> None:
    report = edited(path, "UPDATE entries SET account = 'other', debit = 'other' WHERE seq = 5")
    assert "entry 5: req_1 was held by acme, not by other" in report.findings


def test_findings_are_counted_beyond_those_listed(path: Path) -> None:
    ledger = Ledger(Clock(), [account()])
    with opened(path) as store:
        store.write([ledger.credit(ledger.accounts["acme"], 1, f"ref {n}") for n in range(FINDINGS_MAX + 10)])
    report = edited(path, "UPDATE entries SET amount_nano = 2 WHERE seq > 7")
    assert len(report.findings) == FINDINGS_MAX
    assert report.drift == FINDINGS_MAX + 11


def test_a_charge_of_the_last_second_before_a_price_change_holds(tmp_path: Path) -> None:
    midnight_us = 1_893_456_000_000_000  # 2030-01-01, when `small` becomes dearer
    ledger = Ledger(Clock(midnight_us), [account()])
    acme = ledger.accounts["acme"]
    entries = [ledger.credit(acme, USD, "first")]
    for number, (at_us, date) in enumerate([(midnight_us - 1, "2029-12-31"), (midnight_us, "2030-01-01")]):
        entries.append(hold(ledger, f"req_{number}", acme, 10_000, at_us=at_us))
        posted = ledger.settle(f"req_{number}", rate(date=date), delivery(Usage(output=1)))
        assert posted is not None
        entries.append(posted)
    with opened(tmp_path / "test.sqlite") as store:
        store.write(entries)
        report = audit(store)
    assert (report.findings, report.charged_nano) == ([], 2000 + 4000)


def test_a_large_odd_multiplier_is_recomputed_exactly(tmp_path: Path) -> None:
    ppm3 = 123_456_789_123_456 * 999_999_999 * 1_234_567
    text = f"{ppm3 // 10**18}.{ppm3 % 10**18:018d}"
    ledger = Ledger(Clock(), [account()])
    acme = ledger.accounts["acme"]
    entries = [ledger.credit(acme, USD, "first"), hold(ledger, "req_1", acme, 1)]
    posted = ledger.settle("req_1", rate(model_ppm3=ppm3), delivery(Usage(input=3, output=7), model_multiplier=text))
    assert posted is not None
    with opened(tmp_path / "test.sqlite") as store:
        store.write([*entries, posted])
        assert audit(store).findings == []


def test_an_audit_sees_one_moment_while_the_gateway_writes(path: Path) -> None:
    ledger = Ledger(Clock(), [account()])
    with opened(path) as store, store.books() as books:
        store.write([ledger.credit(ledger.accounts["acme"], USD, "meanwhile")])
        assert len(list(books.entries)) == 7
        assert books.balances["acme"][0] == 10 * USD - 2_050_000
    assert audited(path).drift == 0


@pytest.mark.parametrize(
    "statement", ["UPDATE entries SET amount_nano = 1 WHERE seq = 5", "DELETE FROM entries WHERE seq = 7"]
)
def test_the_store_itself_refuses_to_change_or_remove_a_row(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="entries are only ever added"):
        connection.execute(statement)
    connection.close()
    assert audited(path).drift == 0


@pytest.mark.parametrize(
    ("table", "drifted"), [("usage_hours", ["2026-09-21T14:00:00Z", "2026-09-21"]), ("usage_days", ["2026-09-21"])]
)  # the hours are compared with the entries, the days with the hours
@pytest.mark.parametrize("change", ["UPDATE {} SET cost_nano = cost_nano + 1", "DELETE FROM {}"])
def test_a_wrong_or_missing_roll_up_is_named(path: Path, change: str, table: str, drifted: list[str]) -> None:
    report = edited_table(path, change.format(table))
    assert report.findings == [
        f"usage of {where}, acme, small, scripted: differs from its entries" for where in drifted
    ]


def edited_table(path: Path, statement: str) -> Report:
    """A change of what is derived, which no trigger guards."""
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
    return audited(path)


def refunded_books(path: Path) -> None:
    """One charge of 2 000 nano-dollars, taken back."""
    ledger = Ledger(Clock(), [account()])
    acme = ledger.accounts["acme"]
    entries = [ledger.credit(acme, USD, "first"), hold(ledger, "req_1", acme, 10_000)]
    posted = ledger.settle("req_1", rate(), delivery(Usage(output=1)))
    assert posted is not None
    with opened(path) as store:
        store.write([*entries, posted, ledger.refund(posted, START_US, "not delivered")])


def test_a_refund_takes_back_all_of_its_charge(tmp_path: Path) -> None:
    refunded_books(tmp_path / "test.sqlite")
    report = audited(tmp_path / "test.sqlite")
    assert (report.findings, report.refunded, report.charged_nano, report.refunded_nano) == ([], 1, 2000, 2000)


@pytest.mark.parametrize("change", ["amount_nano = 1999", "output_tokens = 2", "provider = 'other'", "kind = 'void'"])
def test_a_refund_that_is_not_its_charge_is_named(tmp_path: Path, change: str) -> None:
    path = tmp_path / "test.sqlite"
    refunded_books(path)
    report = edited(path, "DROP INDEX entries_one_of_each", f"UPDATE entries SET {change} WHERE seq = 4")
    assert sum(finding.startswith("entry 4: ") for finding in report.findings) == 2  # the hash, and what is wrong


def test_adjustments_move_money_both_ways_and_hold(tmp_path: Path) -> None:
    ledger = Ledger(Clock(), [account()])
    acme = ledger.accounts["acme"]
    with opened(tmp_path / "test.sqlite") as store:
        store.write([ledger.adjust(acme, 500, "up", "goodwill"), ledger.adjust(acme, -200, "down", "a mistake")])
        report = audit(store)
    assert (report.findings, report.adjusted_nano) == ([], 300)


def test_a_proof_kept_elsewhere_shows_rows_that_were_taken_off_the_end(path: Path) -> None:
    """Whoever removes the last rows and mends all that is derived from them leaves a ledger that holds by itself."""
    whole = audited(path)
    proof = Proof(whole.entries, whole.head)
    report = edited(path, "DELETE FROM entries WHERE seq = 7")
    assert report.findings == []
    store = SqliteStore(path)
    assert audit(store, proof).findings == ["the proof names 7 entries and there are 6: the last were removed"]
    store.close()


def test_a_ledger_that_has_grown_since_a_proof_fits_it_and_a_rewritten_one_does_not(path: Path) -> None:
    earlier = audited(path)
    ledger = Ledger(Clock(), [account()])
    with opened(path) as store:
        store.write([ledger.credit(ledger.accounts["acme"], USD, "later")])
        assert audit(store, Proof(earlier.entries, earlier.head)).findings == []
        assert audit(store, Proof(earlier.entries, "00" * 32)).findings == [
            "entry 7: is not the head that the proof names; the entries up to it were changed"
        ]

"""Commands that only read, on the data directory of a gateway that was killed: they leave the books as they are."""

import sqlite3
from pathlib import Path

import pytest

from tests.billing.scenario import CATALOGUE, account, delivery, hold, rate
from tests.commands import Commands
from tests.gateway import audit_data, provider, write_config
from tollhouse.app import STORE_FILE
from tollhouse.billing.ledger import Ledger
from tollhouse.billing.pricing import Usage
from tollhouse.storage.base import AccountRow, KeyRow, Mark
from tollhouse.storage.sqlite import SqliteStore
from tollhouse.storage.sqlite_schema import CRASH
from tollhouse.times import DAY_US, now_us

READING = [
    ("accounts", "list"), ("accounts", "show", "acme"), ("keys", "list", "--account", "acme"), ("keys", "show", "key1"),
    ("usage",), ("log",), ("providers", "list"), ("route", "gpt-test"), ("simulate", "--from", "2026-01-01", "--to", "2026-01-02"),
    ("ledger", "show"), ("ledger", "proof"), ("ledger", "audit"), ("ledger", "recompute"),
    ("ledger", "recompute", "--request", "req_1"),
]  # fmt: skip


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    """A provider that has reached both its thresholds, one of them untold, and two calls that were running at the end."""
    providers = {"scripted": provider("http://127.0.0.1:9", alert_usd_per_day="0.001", stop_usd_per_day="0.001")}
    config_dir = write_config(tmp_path / "config", "http://127.0.0.1:9", providers=providers)
    (tmp_path / "data").mkdir()
    began_us = now_us()
    store = SqliteStore(tmp_path / "data" / STORE_FILE)
    store.migrate()
    store.add_price_version(CATALOGUE.version, CATALOGUE.canonical_json, began_us)
    store.add_account(AccountRow("acme", "acme", 10**6, "active", began_us))
    store.add_key(KeyRow("key1", "acme", "laptop", "op_", b"", began_us))
    ledger = Ledger(now_us, [account()])
    acme = ledger.accounts["acme"]
    entries = [ledger.credit(acme, 10**9, "first")]
    entries += [hold(ledger, f"req_{number}", acme, 10**8, key_id="key1", at_us=began_us) for number in (1, 2, 3)]
    posted = ledger.settle("req_1", rate(), delivery(Usage(output=1000)))
    assert posted is not None
    store.write([*entries, posted])
    store.add_mark(Mark("scripted", began_us // DAY_US, "alert", 10**6), began_us)
    store.close()
    return Commands(config_dir, tmp_path / "data")


def kept(commands: Commands) -> list[str]:
    """Everything that the store says, its schema too."""
    connection = sqlite3.connect(commands.data_dir / STORE_FILE)
    lines = list(connection.iterdump())
    connection.close()
    return lines


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_reading_writes_nothing(commands: Commands, words: tuple[str, ...]) -> None:
    before = kept(commands)
    commands.run(*words)
    assert kept(commands) == before


def test_what_a_crash_left_open_is_shown_as_held(commands: Commands) -> None:
    assert [row["state"] for row in commands.json("ledger", "show")] == ["held", "held", "posted"]
    shown = commands.json("accounts", "show", "acme")
    assert (shown["balance_usd"], shown["held_usd"], shown["available_usd"]) == ("0.998", "0.2", "0.798")
    proof = commands.json("ledger", "proof")
    assert (proof["open_holds"], proof["sums"]["held_usd"], commands.json("ledger", "audit")["held"]) == (2, "0.2", 2)
    assert [row["name"] for row in commands.json("accounts", "list")] == ["acme", "anonymous"]


@pytest.mark.parametrize(
    "words",
    [("accounts", "adjust", "acme", "--amount", "-0.9", "--reference", "r", "--reason", "x"), ("ledger", "reconcile")],
    ids=["accounts adjust", "ledger reconcile"],
)
def test_what_needs_an_end_of_the_open_holds_voids_them_as_a_start_does(
    commands: Commands, words: tuple[str, ...]
) -> None:
    commands.run(*words)
    rows = commands.json("ledger", "show")
    assert [(row["state"], row["reason"]) for row in rows] == [("voided", CRASH), ("voided", CRASH), ("posted", None)]
    [scripted] = [row for row in commands.json("providers", "list") if row["name"] == "scripted"]
    assert scripted["state"] == "paused", "that day's limit is reached"
    report = audit_data(commands.data_dir)
    assert (report.findings, report.held) == ([], 0)

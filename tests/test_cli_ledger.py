"""The commands that prove the ledger, each while a server runs on the data directory and while none does."""

import re
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest

from tests.commands import Commands
from tests.gateway import GatewayProcess, bearer, chat, write_config
from tests.upstream import ScriptedUpstream, hang
from tollhouse.storage.sqlite_schema import CRASH


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    directory = tmp_path_factory.mktemp("server")
    with ScriptedUpstream.in_thread() as upstream, GatewayProcess(directory, upstream.url) as running:
        yield running


@pytest.fixture
def online(server: GatewayProcess) -> Commands:
    return Commands(server.config_dir, server.data_dir)


@pytest.fixture
def offline(tmp_path: Path) -> Commands:
    return Commands(write_config(tmp_path / "config", "http://127.0.0.1:9"), tmp_path / "data")


@pytest.fixture(params=["offline", "online"])
def commands(request: pytest.FixtureRequest) -> Commands:
    found: Commands = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def account(request: pytest.FixtureRequest, commands: Commands) -> str:
    """An account with a name of its own and 10 USD."""
    name = re.sub(r"\W", "-", request.node.name)
    commands.json("accounts", "create", "--name", name, "--balance", "10")
    return name


def called(server: GatewayProcess, commands: Commands, name: str, multiplier: str = "1") -> tuple[str, str]:
    """An account with one call, and the id of that request."""
    words = ("accounts", "create", "--name", name, "--balance", "10", "--rate-multiplier", multiplier)
    account = commands.json(*words)["id"]
    key = commands.json("keys", "create", "--account", account, "--name", "k")["key"]
    url = f"{server.urls['main']}/v1/chat/completions"
    answer = httpx.post(url, json=chat(), headers=bearer(key), trust_env=False)
    assert answer.status_code == 200
    return account, answer.headers["x-request-id"]


def tampered(commands: Commands, *statements: str) -> None:
    """The store file as somebody edits it who knows of the triggers."""
    with closing(sqlite3.connect(commands.data_dir / "tollhouse.sqlite", isolation_level=None)) as store:
        for change in ("update", "delete"):
            store.execute(f"DROP TRIGGER IF EXISTS entries_refuse_{change}")
        for statement in statements:
            store.execute(statement)


# Proof and audit


def test_the_proof_is_what_the_audit_says(commands: Commands, account: str) -> None:
    commands.run("accounts", "adjust", account, "--amount", "-1", "--reference", "r", "--reason", "x")
    proof, report = commands.json("ledger", "proof"), commands.json("ledger", "audit")
    assert (proof["head"], proof["entries"]) == (report["head"], report["entries"])
    named = {"hold": "requests", "post": "posted", "void": "voided", "expire": "expired", "refund": "refunded"}
    assert {kind: proof["counts"][kind] for kind in named} == {kind: report[name] for kind, name in named.items()}
    assert (proof["open_holds"], proof["sums"]["credited_usd"]) == (report["held"], report["credited_usd"])
    assert (proof["sums"]["adjusted_usd"], proof["sum_of_entries_usd"]) == (report["adjusted_usd"], "0")
    people = commands.run("ledger", "proof").stdout
    assert re.search(rf"^head +{proof['head']}$", people, re.MULTILINE)
    assert re.search(r"^entries of adjust +\d+$", people, re.MULTILINE)
    assert re.search(r"^sum_of_entries_usd +0$", people, re.MULTILINE)


def test_an_earlier_proof_is_checked_with_the_audit(commands: Commands, account: str, tmp_path: Path) -> None:
    earlier = tmp_path / "proof.json"
    earlier.write_text(commands.run("ledger", "proof", "--json").stdout)
    commands.run("accounts", "credit", account, "--amount", "1", "--reference", "later")
    assert commands.json("ledger", "audit", "--proof", str(earlier))["drift"] == 0
    earlier.write_text(earlier.read_text().replace('"entries": ', '"entries": 9'))
    assert "the last were removed" in commands.run("ledger", "audit", "--proof", str(earlier), code=1).stdout
    earlier.write_text("{}")
    assert "is no proof" in commands.refused("ledger", "audit", "--proof", str(earlier))


def test_looking_into_a_directory_without_a_ledger_makes_nothing(commands: Commands, tmp_path: Path) -> None:
    for words in (
        ("ledger", "audit"),
        ("ledger", "recompute"),
        ("simulate", "--from", "2026-01-01", "--to", "2026-01-02"),
    ):
        elsewhere = Commands(commands.config_dir, tmp_path / "typo")
        assert "There is no ledger" in elsewhere.refused(*words)
        assert not (tmp_path / "typo").exists()


# Adjustments


def test_an_adjustment_counts_once_per_reference(commands: Commands, account: str) -> None:
    words = ("accounts", "adjust", account, "--amount", "-2.5", "--reference", "t-1", "--reason", "credited twice")
    for _ in range(2):
        assert commands.json(*words)["balance_usd"] == "7.5"
    assert re.search(r"^balance_usd +7\.5$", commands.run(*words).stdout, re.MULTILINE)
    other = ("accounts", "adjust", account, "--amount=1", "--reference", "t-1", "--reason", "x")
    assert "already used" in commands.refused(*other)
    too_much = ("accounts", "adjust", account, "--amount=-8", "--reference", "t-2", "--reason", "x")
    assert "7.5 USD available" in commands.refused(*too_much)
    for amount in ("0", "ten", "--1", ""):
        commands.refused("accounts", "adjust", account, f"--amount={amount}", "--reference", "t", "--reason", "x")
    assert commands.json("ledger", "audit")["drift"] == 0


# Rows


def test_a_row_shows_its_reason_and_a_table_of_all_its_account(online: Commands, server: GatewayProcess) -> None:
    account, request_id = called(server, online, "rows")
    heading, first, *_ = online.run("ledger", "show").stdout.splitlines()
    assert heading.split()[:3] == ["created_at", "request_id", "account"] and account in first
    assert "account" not in online.run("ledger", "show", "--account", account).stdout.splitlines()[0]
    assert re.search(r"^reason +-$", online.run("ledger", "show", "--request", request_id).stdout, re.MULTILINE)


# Recomputing


def test_every_charge_is_recomputed_by_account(online: Commands, server: GatewayProcess) -> None:
    account, _ = called(server, online, "recomputed", "1.1")
    found = online.json("ledger", "recompute")
    [line] = [line for line in found["accounts"] if line["account"] == account]
    assert line == {
        "account": account, "requests": 1, "charged_usd": "0.0000275", "recomputed_usd": "0.0000275",
        "balance_usd": "9.9999725", "recomputed_balance_usd": "9.9999725", "difference_usd": "0",
    }  # fmt: skip
    assert (found["differing"], found["differences"], found["total"]["difference_usd"]) == (0, [], "0")
    assert online.json("ledger", "recompute", "--account", "recomputed")["accounts"] == [line]
    people = online.run("ledger", "recompute").stdout
    assert "Every charge is what its row makes." in people and re.search(r"^\(all\) ", people, re.MULTILINE)


def test_one_charge_is_shown_with_its_whole_working(online: Commands, server: GatewayProcess) -> None:
    account, request_id = called(server, online, "working", "1.1")
    people = online.run("ledger", "recompute", "--request", request_id).stdout
    for line in (
        f"Request {request_id} of account {account}, ", "Prices of 20", " in version sha256:",
        r"  input           11 ×   1 USD per million = 0.000011 USD",
        r"  output           7 ×   2 USD per million = 0.000014 USD", "  sum = 0.000025 USD",
        "  × 1.1 (account) × 1 (model) = 0.0000275 USD", "  rounded up to one nano-dollar = 0.0000275 USD",
        "Charged: 0.0000275 USD, the same.", "(at the price of input)",
    ):  # fmt: skip
        assert line in people, people
    shown = online.json("ledger", "recompute", "--request", request_id, "--account", "working")
    assert (shown["charged_usd"], shown["working"]["recomputed_usd"]) == ("0.0000275", "0.0000275")
    assert "no request" in online.refused("ledger", "recompute", "--request", "req_nobody")
    assert "no request" in online.refused("ledger", "recompute", "--request", request_id, "--account", "anonymous")


def test_a_changed_charge_is_named_and_exits_1(tmp_path: Path) -> None:
    with ScriptedUpstream.in_thread() as upstream, GatewayProcess(tmp_path, upstream.url) as server:
        commands = Commands(server.config_dir, server.data_dir)
        account, request_id = called(server, commands, "changed")
        _, other = called(server, commands, "other")
    tampered(commands, f"UPDATE entries SET amount_nano = 25001 WHERE request_id = '{request_id}' AND kind = 'post'")
    result = commands.run("ledger", "recompute", code=1)
    assert "differing requests: 1" in result.stdout and request_id in result.stdout and other not in result.stdout
    assert re.search(rf"^{account} +1 +0\.000025001 +0\.000025 ", result.stdout, re.MULTILINE)
    one = commands.run("ledger", "recompute", "--request", request_id, code=1).stdout
    assert "Charged: 0.000025001 USD, which differs by 0.000000001 USD." in one
    commands.run("ledger", "recompute", "--request", other)
    commands.run("ledger", "recompute", "--account", "other")
    tampered(commands, "UPDATE entries SET model_multiplier = 'much' WHERE kind = 'post'")
    assert "cannot be worked out" in commands.refused("ledger", "recompute", "--request", other)


def test_a_balance_that_is_not_its_entries_exits_1(offline: Commands) -> None:
    offline.run("accounts", "create", "--name", "a", "--balance", "1")
    offline.run("ledger", "recompute")
    tampered(offline, "UPDATE balances SET balance_nano = balance_nano + 1")
    assert re.search(r" 0\.000000001$", offline.run("ledger", "recompute", code=1).stdout, re.MULTILINE)


def test_an_unknown_or_ambiguous_account_is_refused(commands: Commands, account: str) -> None:
    assert "tollhouse accounts list" in commands.refused("ledger", "recompute", "--account", "nobody")
    twin = commands.json("accounts", "create", "--name", account)["id"]
    assert twin in commands.refused("ledger", "recompute", "--account", account)
    assert commands.json("ledger", "recompute", "--account", twin)["accounts"] == []


def test_there_is_nothing_to_recompute_before_the_first_start(tmp_path: Path) -> None:
    assert "There is no ledger" in Commands(tmp_path, tmp_path / "data").refused("ledger", "recompute")


# Reconciling


def test_books_without_a_crash_have_nothing_to_reconcile(commands: Commands, account: str) -> None:
    found = commands.json("ledger", "reconcile")
    assert (found["drift"], found["findings"], found["totals"]["crashed"]) == (0, [], 0)
    people = commands.run("ledger", "reconcile").stdout
    assert people.startswith("(none)\nIn all: 0 crashed, 0 expired, 0 refunded.\nMemory and store agree: ")


def test_what_a_crash_cut_off_is_listed_with_or_without_a_server(tmp_path: Path) -> None:
    with ScriptedUpstream.in_thread() as upstream, GatewayProcess(tmp_path, upstream.url) as server:
        commands = Commands(server.config_dir, server.data_dir)
        account, _ = called(server, commands, "cut-off")
        key = commands.json("keys", "create", "--account", account, "--name", "k")["key"]
        upstream.script = hang

        def call() -> None:
            with suppress(httpx.TransportError):
                httpx.post(
                    f"{server.urls['main']}/v1/chat/completions", json=chat(), headers=bearer(key), trust_env=False
                )

        calling = [threading.Thread(target=call) for _ in range(3)]
        for thread in calling:
            thread.start()
        while commands.json("ledger", "proof")["open_holds"] < 3:
            pass
        server.stop(signal.SIGKILL)
        for thread in calling:
            thread.join()
        found = commands.json("ledger", "reconcile", "--limit", "2")  # no server: the command itself voids the holds
        assert (found["totals"], found["drift"]) == ({"crashed": 3, "expired": 0, "refunded": 0}, 0)
        assert [(row["kind"], row["account"], row["requested_model"], row["reason"]) for row in found["rows"]] == [
            ("crashed", account, "gpt-test", CRASH)
        ] * 2
        assert all(row["held_usd"] != "0" and row["key_id"] and row["created_at"] for row in found["rows"])
        server.start()
        assert commands.json("ledger", "reconcile")["rows"][:2] == found["rows"]
        people = commands.run("ledger", "reconcile").stdout
        assert people.count(CRASH) == 3 and "In all: 3 crashed" in people
        shown = commands.run("ledger", "show", "--request", found["rows"][0]["request_id"]).stdout
        assert re.search(rf"^reason +{CRASH}$", shown, re.MULTILINE)
        one = commands.run("ledger", "recompute", "--request", found["rows"][0]["request_id"]).stdout
        assert f"is voided ({CRASH}); nothing was charged." in one


def test_drift_exits_1_and_is_named(tmp_path: Path) -> None:
    with ScriptedUpstream.in_thread() as upstream, GatewayProcess(tmp_path, upstream.url) as server:
        commands = Commands(server.config_dir, server.data_dir)
        account, _ = called(server, commands, "drifted")
        commands.run("ledger", "reconcile")
        tampered(commands, "UPDATE balances SET spent_nano = spent_nano + 1")
        result = commands.run("ledger", "reconcile", code=1)
        assert "differ; findings: 1\n" in result.stdout
        assert (
            f"account {account}: its spending is 0.000025 USD in memory and 0.000025001 USD in the store"
            in result.stdout
        )

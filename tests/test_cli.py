"""The commands, each while a server runs on the data directory and while none does."""

import csv
import datetime as dt
import io
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import httpx
import pytest

from tests.commands import Commands, tollhouse
from tests.gateway import GatewayProcess, bearer, chat, write_config
from tests.upstream import ScriptedUpstream
from tollhouse.cli import main
from tollhouse.commands.ledger import LEDGER_SHOWN
from tollhouse.storage.base import LEDGER_COLUMNS, USAGE_SHOWN


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    directory = tmp_path_factory.mktemp("server")
    with ScriptedUpstream.in_thread() as upstream, GatewayProcess(directory, upstream.url) as running:
        yield running


@pytest.fixture(params=["offline", "server"])
def commands(request: pytest.FixtureRequest, tmp_path: Path) -> Commands:
    if request.param == "server":
        running: GatewayProcess = request.getfixturevalue("server")
        return Commands(running.config_dir, running.data_dir)
    return Commands(write_config(tmp_path / "config", "http://127.0.0.1:9"), tmp_path / "data")


@pytest.fixture
def online(server: GatewayProcess) -> Commands:
    return Commands(server.config_dir, server.data_dir)


@pytest.fixture
def account(request: pytest.FixtureRequest, commands: Commands) -> str:
    """An account with a name of its own and 10 USD."""
    name = re.sub(r"\W", "-", request.node.name)
    commands.json("accounts", "create", "--name", name, "--balance", "10")
    return name


def every_command() -> Iterator[tuple[str, ...]]:
    def walk(group: click.Group, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield words
        for name, command in group.commands.items():
            yield from walk(command, (*words, name)) if isinstance(command, click.Group) else [(*words, name)]

    return walk(main, ())


# Help


@pytest.mark.parametrize("words", list(every_command()), ids=lambda words: " ".join(words) or "tollhouse")
def test_every_command_helps_with_an_example(words: tuple[str, ...]) -> None:
    help_text = tollhouse(*words, "--help").stdout
    assert re.search(r"^  Examples?:\n    tollhouse ", help_text, re.MULTILINE), help_text
    options = re.findall(r"^  (?:-\w, )?--[\w-]+(?: \S+| \[.*?\])?(.*)$", help_text, re.MULTILINE)
    assert all(options), "every option says what it is for"
    assert tollhouse(*words, "-h").stdout == help_text


def test_the_interface_is_complete() -> None:
    promised = {
        ("serve",), ("node",), ("check",), ("init",), ("up",), ("accounts", "create"), ("accounts", "credit"),
        ("accounts", "show"), ("keys", "create"), ("keys", "list"), ("keys", "revoke"), ("ledger", "show"), ("ledger", "audit"),
        ("usage",), ("simulate",),
        ("ledger", "proof"), ("ledger", "recompute"), ("ledger", "reconcile"), ("accounts", "adjust"),
        ("accounts", "update"), ("accounts", "suspend"), ("accounts", "resume"), ("keys", "show"), ("keys", "update"),
        ("keys", "rotate"), ("log",), ("providers", "list"), ("providers", "pause"), ("providers", "resume"),
        ("providers", "add-key"), ("providers", "revoke-key"),
    }  # fmt: skip
    assert promised <= set(every_command())
    assert re.fullmatch(r"tollhouse, version \d+\.\d+\.\d+\n", tollhouse("--version").stdout)


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",), ("accounts", "nonsense"), ("accounts", "create"), ("accounts", "show"), ("keys", "create", "--name", "x"),
        ("accounts", "create", "--name", "x", "--nonsense"), ("ledger", "show", "--limit", "0"), ("ledger", "show", "--limit", "x"),
        ("keys", "create", "--account", "a", "--name", "x", "--rpm", "-1"), ("serve", "--port", "65536"), ("init",),
        ("serve", "--workers", "0"), ("usage", "--json", "--csv"), ("usage", "--nonsense"),
        ("accounts", "update", "a"), ("keys", "update", "k"), ("keys", "update", "k", "--remove", "name"), ("log", "--limit", "0"),
        ("keys", "update", "k", "--rpm", "5", "--remove", "rpm"), ("accounts", "suspend"), ("keys", "rotate"),
        ("serve", "--workers", "0"), ("ledger", "reconcile", "--limit", "0"), ("accounts", "adjust", "a", "--amount", "1"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_exits_2(words: tuple[str, ...]) -> None:
    assert "Usage:" in tollhouse(*words, code=2).stderr


# Accounts


def test_an_account_is_created_shown_and_listed(commands: Commands) -> None:
    name = "an account, ünïcode & 'quotes'"
    created = commands.json("accounts", "create", "--name", name, "--balance", "2.5", "--rate-multiplier", "0.9")
    assert (created["name"], created["balance_usd"], created["rate_multiplier"]) == (name, "2.5", "0.9")
    assert created["id"].startswith("acct_") and {"held_usd", "spent_usd"} <= set(created)
    assert commands.json("accounts", "show", created["id"]) == commands.json("accounts", "show", name) == created
    assert created in commands.json("accounts", "list")
    people = commands.run("accounts", "show", name).stdout
    assert re.search(r"^balance_usd +2\.5$", people, re.MULTILINE)
    assert re.search(
        rf"^{created['id']} +{re.escape(name)} +2\.5 ", commands.run("accounts", "list").stdout, re.MULTILINE
    )


def test_a_second_account_of_a_name_is_made_with_a_word_of_warning(commands: Commands, account: str) -> None:
    name = commands.json("accounts", "show", account)["name"]
    again = commands.run("accounts", "create", "--name", name).stderr
    assert f"Several accounts are called {name} now" in again


def test_a_key_for_a_model_that_nobody_offers_comes_with_a_word_of_warning(commands: Commands, account: str) -> None:
    words = ("keys", "create", "--account", account, "--name", "k", "--models")
    assert 'No provider offers gpt-tset; did you mean "gpt-test"?' in commands.run(*words, "gpt-test,gpt-tset").stderr
    assert "offers" not in commands.run(*words, "gpt-test").stderr


def test_a_credit_counts_once_per_reference(commands: Commands, account: str) -> None:
    words = ("accounts", "credit", account, "--amount", "5", "--reference", "invoice-1")
    for number in range(3):
        credited = commands.json(*words)
        assert (credited["balance_usd"], credited["booked"]) == ("15", number == 0)
    assert "The reference invoice-1 was booked already" in commands.run(*words).stderr
    assert "already used for another amount" in commands.refused(
        "accounts", "credit", account, "--amount", "6", "--reference", "invoice-1"
    )
    assert (
        commands.json("accounts", "credit", account, "--amount", "0.000000001", "--reference", "2")["balance_usd"]
        == "15.000000001"
    )


@pytest.mark.parametrize("amount", ["0", "-1", "ten", "1e3", "", "0.0000000001", "NaN"])
def test_an_amount_that_is_none_is_refused(commands: Commands, account: str, amount: str) -> None:
    commands.refused("accounts", "credit", account, f"--amount={amount}", "--reference", "r")
    if amount != "0":
        commands.refused("accounts", "create", "--name", "x", f"--balance={amount}")
    assert commands.json("accounts", "show", account)["balance_usd"] == "10"


def test_an_ambiguous_name_is_refused_with_the_ids(commands: Commands, account: str) -> None:
    second = commands.json("accounts", "create", "--name", account)
    for words in (
        ("accounts", "show", account), ("keys", "list", "--account", account), ("ledger", "show", "--account", account),
        ("accounts", "credit", account, "--amount", "1", "--reference", "r"), ("keys", "create", "--account", account, "--name", "k"),
    ):  # fmt: skip
        assert second["id"] in commands.refused(*words)
    assert commands.json("accounts", "show", second["id"])["name"] == account


@pytest.mark.parametrize("name", ["nobody", "a/b", "..", ".", "", "../keys", "%2e%2e", "x?y=z"])
def test_an_unknown_account_is_refused(commands: Commands, name: str) -> None:
    reason = commands.refused("accounts", "show", name)
    assert "tollhouse accounts" in reason and "openapi" not in reason


# Keys


def test_a_key_is_shown_once_and_works_as_described(commands: Commands, account: str) -> None:
    key = commands.json(
        "keys", "create", "--account", account, "--name", "ci", "--models", "gpt-test, embed-test", "--rpm", "60", "--tpm",
        "1000", "--burst", "5", "--concurrency", "2", "--quota-usd", "5.50", "--quota-tokens", "100000", "--expires", "30d",
        "--prefix", "sk_test_",
    )  # fmt: skip
    assert key["key"].startswith("sk_test_")
    [listed] = commands.json("keys", "list", "--account", account)
    assert listed == {name: value for name, value in key.items() if name != "key"}
    limits = ("models", "requests_per_minute", "tokens_per_minute", "burst", "concurrency", "quota_usd", "quota_tokens")
    assert [listed[name] for name in limits] == [["gpt-test", "embed-test"], 60, 1000, 5, 2, "5.5", 100000]
    table = commands.run("keys", "list", "--account", account).stdout
    assert key["id"] in table and "gpt-test, embed-test" in table and max(map(len, table.splitlines())) < 140
    for path in commands.data_dir.glob("tollhouse.sqlite*"):
        assert key["key"].encode() not in path.read_bytes()


def test_a_key_for_people_is_printed_with_a_word_of_warning(commands: Commands, account: str) -> None:
    shown = commands.run("keys", "create", "--account", account, "--name", "laptop").stdout
    assert re.search(r"^key +op_\w{44}$", shown, re.MULTILINE) and "not shown again" in shown


@pytest.mark.parametrize(
    ("when", "seconds"), [("15m", 900), ("12h", 43200), ("30d", 2592000), ("2099-01-31T12:00:00Z", None)]
)
def test_a_key_expires_when_it_is_told_to(commands: Commands, account: str, when: str, seconds: int | None) -> None:
    key = commands.json("keys", "create", "--account", account, "--name", "k", "--expires", when)
    if seconds is None:
        assert key["expires_at"] == "2099-01-31T12:00:00.000000Z"
    else:
        lives = dt.datetime.fromisoformat(key["expires_at"]) - dt.datetime.fromisoformat(key["created_at"])
        assert abs(lives.total_seconds() - seconds) < 5


@pytest.mark.parametrize("when", ["15x", "yesterday", "2020-01-01", "", "-5m"])
def test_an_expiry_that_is_none_is_refused(commands: Commands, account: str, when: str) -> None:
    assert "expires_at" in commands.refused("keys", "create", "--account", account, "--name", "k", f"--expires={when}")


def test_zero_means_no_limit(online: Commands, server: GatewayProcess) -> None:
    account = online.json("accounts", "create", "--name", "unlimited", "--balance", "10")["id"]
    key = online.json(
        "keys", "create", "--account", account, "--name", "k", "--rpm", "0", "--tpm", "0", "--concurrency", "0",
        "--quota-usd", "0", "--quota-tokens", "0",
    )  # fmt: skip
    answer = httpx.post(
        f"{server.urls['main']}/v1/chat/completions", json=chat(), headers=bearer(key["key"]), trust_env=False
    )
    assert answer.status_code == 200 and "x-ratelimit-limit-requests" not in answer.headers


def test_a_revoked_key_stops_at_once(online: Commands, server: GatewayProcess) -> None:
    account = online.json("accounts", "create", "--name", "revoked", "--balance", "10")["id"]
    key = online.json("keys", "create", "--account", account, "--name", "k")
    url = f"{server.urls['main']}/v1/chat/completions"
    assert httpx.post(url, json=chat(), headers=bearer(key["key"]), trust_env=False).status_code == 200
    assert f"revoked {key['id']} (k)" in online.run("keys", "revoke", key["id"]).stdout
    assert httpx.post(url, json=chat(), headers=bearer(key["key"]), trust_env=False).status_code == 401
    first = online.json("keys", "revoke", key["id"])
    assert (first["is_active"], online.json("keys", "revoke", key["id"])) == (False, first)


def test_a_key_that_does_not_exist_cannot_be_revoked(commands: Commands) -> None:
    for key_id in ("nonsense", "a/b", "..", ""):
        commands.refused("keys", "revoke", key_id)


def test_an_account_is_suspended_resumed_renamed_and_repriced(commands: Commands, account: str) -> None:
    key = commands.json("keys", "create", "--account", account, "--name", "k")
    assert commands.json("accounts", "suspend", account)["status"] == "suspended"
    assert re.search(r"^status +suspended$", commands.run("accounts", "show", account).stdout, re.MULTILINE)
    assert commands.json("accounts", "resume", account)["status"] == "active"
    words = ("--name", f"{account}-2", "--rate-multiplier", "0.9", "--daily-budget", "5")
    changed = commands.json("accounts", "update", account, *words)
    assert (changed["name"], changed["rate_multiplier"], changed["daily_budget_usd"]) == (f"{account}-2", "0.9", "5")
    assert "no account" in commands.refused("accounts", "suspend", account)
    assert "rate_multiplier" in commands.refused("accounts", "update", changed["id"], "--rate-multiplier", "x")
    rows = commands.json("log", "--account", changed["id"])
    assert [row["action"] for row in rows] == ["update_account"] * 3 + ["create_key", "create_account"]
    assert [row["object"] for row in commands.json("log", "--object", key["id"])] == [key["id"]]
    assert len(commands.json("log", "--limit", "2")) == 2


def test_a_key_is_changed_shown_and_rotated(commands: Commands, account: str) -> None:
    key = commands.json("keys", "create", "--account", account, "--name", "ci", "--rpm", "60", "--expires", "30d")
    words = ("--models", "gpt-test, embed-test", "--quota-usd", "5", "--tpm", "1000", "--name", "cd")
    changed = commands.json("keys", "update", key["id"], *words, "--remove", "expires", "--remove", "rpm")
    names = ("models", "quota_usd", "tokens_per_minute", "name", "expires_at", "requests_per_minute")
    assert [changed[name] for name in names] == [["gpt-test", "embed-test"], "5", 1000, "cd", None, None]
    assert commands.json("keys", "show", key["id"]) == changed
    assert re.search(r"^spent_usd +0$", commands.run("keys", "show", key["id"]).stdout, re.MULTILINE)
    rotated = commands.json("keys", "rotate", key["id"], "--overlap", "1h")
    assert rotated["key"].startswith(f"op_{rotated['id']}") and rotated["quota_of"] == key["id"]
    assert [rotated[name] for name in names] == [changed[name] for name in names]
    assert "rotated already" in commands.refused("keys", "rotate", key["id"])
    shown = commands.run("keys", "rotate", rotated["id"], "--overlap", "0").stdout
    assert re.search(r"^key +op_\w{44}$", shown, re.MULTILINE) and "not shown again" in shown
    assert [each["is_active"] for each in commands.json("keys", "list", "--account", account)] == [True, False, True]
    for words in (("show",), ("rotate",), ("update", "--rpm", "1")):
        assert "no API key" in commands.refused("keys", *words, "nonsense")
    assert "overlap" in commands.refused("keys", "rotate", key["id"], "--overlap", "soon")


def test_the_log_says_who_changed_what_for_people(commands: Commands, account: str) -> None:
    commands.run("accounts", "suspend", account)
    heading, line, *_ = commands.run("log", "--account", account).stdout.splitlines()
    assert heading.split() == ["at", "actor", "client", "action", "object", "change"]
    assert "update_account" in line and line.endswith("status: active → suspended")
    row = commands.json("log", "--account", account)[0]
    by = (row["actor"], row["client"])
    assert by == ("command line", "command line") or (by[0].startswith("token ") and by[1] == "127.0.0.1")
    assert commands.run("log", "--object", "nobody").stdout == "(none)\n"


# The ledger


@pytest.fixture
def used(online: Commands, server: GatewayProcess, request: pytest.FixtureRequest) -> tuple[str, list[str]]:
    """An account with three calls, and their request ids, the newest first."""
    account = online.json("accounts", "create", "--name", request.node.name, "--balance", "10")["id"]
    key = online.json("keys", "create", "--account", account, "--name", "k")["key"]
    ids = []
    for streaming in (False, True, False):
        body = chat(stream=streaming)
        answer = httpx.post(
            f"{server.urls['main']}/v1/chat/completions", json=body, headers=bearer(key), trust_env=False
        )
        ids.insert(0, answer.headers["x-request-id"])
    return account, ids


def test_the_ledger_has_the_columns_of_the_billing_rules(online: Commands, used: tuple[str, list[str]]) -> None:
    account, ids = used
    rows = online.json("ledger", "show", "--account", account)
    assert [row["request_id"] for row in rows] == ids
    assert all(tuple(row) == LEDGER_COLUMNS for row in rows)
    assert {(row["state"], row["cost_usd"], row["account"]) for row in rows} == {("posted", "0.000025", account)}
    assert len(online.json("ledger", "show", "--account", account, "--limit", "2")) == 2
    [one] = online.json("ledger", "show", "--request", ids[1])
    assert (one["request_id"], one["stream"]) == (ids[1], True)
    assert online.json("ledger", "show", "--request", "req_nobody") == []
    assert online.json("accounts", "show", account)["spent_usd"] == "0.000075"


def test_the_ledgers_table_fits_a_terminal(online: Commands, used: tuple[str, list[str]]) -> None:
    account, ids = used
    heading, *lines = online.run("ledger", "show", "--account", account).stdout.splitlines()
    assert tuple(heading.split()) == LEDGER_SHOWN and len(lines) == 3
    assert all(request_id in line for request_id, line in zip(ids, lines, strict=True))
    assert max(map(len, lines)) <= 130
    one = online.run("ledger", "show", "--request", ids[0]).stdout
    assert [line.split()[0] for line in one.splitlines()] == list(LEDGER_COLUMNS)
    assert online.run("ledger", "show", "--request", "req_nobody").stdout == "(none)\n"


def test_an_untouched_ledger_passes_its_audit(online: Commands, used: tuple[str, list[str]]) -> None:
    report = online.json("ledger", "audit")
    assert report["drift"] == 0 and report["posted"] >= 3 and report["findings"] == []
    assert "The ledger holds." in online.run("ledger", "audit").stdout


def test_a_ledger_is_audited_while_calls_run(online: Commands, server: GatewayProcess) -> None:
    account = online.json("accounts", "create", "--name", "busy", "--balance", "10")["id"]
    key = online.json("keys", "create", "--account", account, "--name", "k", "--rpm", "0")["key"]
    stop = threading.Event()

    def call() -> None:
        with httpx.Client(base_url=server.urls["main"], trust_env=False, headers=bearer(key)) as client:
            while not stop.is_set():
                client.post("/v1/chat/completions", json=chat())

    threads = [threading.Thread(target=call) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(8):
            online.run("ledger", "audit")
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE entries SET amount_nano = 1 WHERE kind = 'credit'", "UPDATE balances SET balance_nano = balance_nano + 1",
        "DELETE FROM entries WHERE seq = 1",
    ],
)  # fmt: skip
def test_a_tampered_ledger_fails_its_audit(tmp_path: Path, tamper: str) -> None:
    commands = Commands(write_config(tmp_path / "config", "http://127.0.0.1:9"), tmp_path / "data")
    for name in ("a", "b"):
        commands.run("accounts", "create", "--name", name, "--balance", "1")
    commands.run("ledger", "audit")
    with closing(sqlite3.connect(commands.data_dir / "tollhouse.sqlite", isolation_level=None)) as store:
        for change in ("update", "delete"):
            store.execute(f"DROP TRIGGER entries_refuse_{change}")
        store.execute(tamper)
    result = commands.run("ledger", "audit", code=1)
    assert re.search(r"^drift +[1-9]", result.stdout, re.MULTILINE) and "finding" in result.stdout


def test_there_is_nothing_to_audit_before_the_first_start(tmp_path: Path) -> None:
    commands = Commands(tmp_path, tmp_path / "data")
    assert "There is no ledger" in commands.refused("ledger", "audit")


# Usage


def test_usage_is_what_the_ledger_says(online: Commands, used: tuple[str, list[str]]) -> None:
    account, _ = used
    report = online.json("usage", "--account", account)
    [row] = report["data"]
    assert (row["model"], row["requests"], row["input_tokens"], row["output_tokens"]) == ("gpt-test", 3, 33, 21)
    assert row["cost_usd"] == report["total"]["cost_usd"] == "0.000075" and report["account"] == account
    rows = online.json("ledger", "show", "--account", account)
    key = online.json("usage", "--by", "key,provider,account", "--key", rows[0]["key_id"])
    assert [(each["key"], each["provider"], each["requests"]) for each in key["data"]] == [
        (rows[0]["key_id"], "scripted", 3)
    ]


def test_usage_for_people_has_a_total(online: Commands, used: tuple[str, list[str]]) -> None:
    account, _ = used
    heading, line, total = online.run("usage", "--account", account).stdout.splitlines()
    assert heading.split() == ["day", "model", "requests", "input", "output", "cost_usd"]
    assert line.split()[1:] == ["gpt-test", "3", "33", "21", "0.000075"]
    assert total.split() == ["total", "3", "33", "21", "0.000075"]


def test_usage_for_spreadsheets_is_csv(online: Commands, used: tuple[str, list[str]]) -> None:
    account, _ = used
    text = online.run("usage", "--account", account, "--by", "model,hour", "--csv").stdout
    [row] = csv.DictReader(io.StringIO(text))
    assert list(row) == ["model", "hour", *USAGE_SHOWN]
    assert (row["model"], row["requests"], row["cost_usd"]) == ("gpt-test", "3", "0.000075")


def test_usage_works_with_and_without_a_server(commands: Commands, account: str) -> None:
    assert commands.run("usage", "--account", account).stdout == "(none)\n"
    report = commands.json("usage", "--account", account, "--from", "2026-01-01", "--to", "2026-01-31", "--by", "hour")
    assert (report["from"], report["to"], report["by"], report["data"]) == ("2026-01-01", "2026-01-31", ["hour"], [])
    for words, reason in [
        (("--from", "x"), "from: 'x'"), (("--to", "2026-02-30"), "2026-11-21T13:00:00Z"), (("--by", "modle"), '"model"'),
        (("--key", "nobodys"), "nobodys"), (("--account", "nobody"), "tollhouse accounts"),
        (("--from", "2026-02-02", "--to", "2026-02-01"), "before"),
    ]:  # fmt: skip
        assert reason in commands.refused("usage", *words)


# The configuration, and serving


def test_a_starting_set_is_written_checked_and_served(tmp_path: Path) -> None:
    demo = tmp_path / "demo"
    written = tollhouse("init", str(demo)).stdout
    assert f"tollhouse serve --config {demo}" in written
    assert {path.name for path in demo.iterdir()} == {"routes.yaml", "providers.yaml", "model_catalog.json"}
    assert "valid" in tollhouse("check", "--config", str(demo)).stdout
    assert "is in" in tollhouse("init", str(demo), code=1).stderr
    command = [
        sys.executable,
        "-m",
        "tollhouse",
        "serve",
        "--config",
        str(demo),
        "--data",
        str(tmp_path / "d"),
        "--port",
        "0",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as served:
        assert served.stderr is not None
        try:
            url = next(found[1] for line in served.stderr if (found := re.search(r'"url": "(http:[^"]+)"', line)))
            with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
                assert client.get(f"{url}/health").json()["status"] == "healthy"
            served.terminate()
            served.stderr.read()
            assert served.wait(30) == 0
        finally:
            served.kill()


def test_a_directory_that_cannot_be_written_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "file" in tollhouse("init", str(tmp_path / "file" / "demo"), code=1).stderr


def test_a_bad_configuration_names_file_line_and_fix(tmp_path: Path) -> None:
    config = write_config(tmp_path / "config", "http://127.0.0.1:9")
    text = (config / "routes.yaml").read_text()
    (config / "routes.yaml").write_text(text.replace("anonymous:", "anonimous:"))
    checked = tollhouse("check", "--config", str(config), code=1).stdout
    assert re.search(r"routes\.yaml:\d+: .*anonymous", checked), checked
    for words in (("serve",), ("accounts", "list"), ("up",)):
        refused = tollhouse(*words, "--config", str(config), "--data", str(tmp_path / "d"), code=1)
        assert "anonimous" in refused.stderr
    assert "routes.yaml" in tollhouse("check", "--config", str(tmp_path / "nowhere"), code=1).stdout


def test_check_refuses_settings_that_a_start_would_refuse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = write_config(tmp_path / "config", "http://127.0.0.1:9")
    words = ("check", "--config", str(config), "--data", str(tmp_path / "data"))
    tollhouse(*words)
    monkeypatch.setenv("TOLLHOUSE_MASTER_KEYS", "short")
    assert "environment: TOLLHOUSE_MASTER_KEYS: key 1 is not 32 bytes" in tollhouse(*words, code=1).stdout
    assert not (tmp_path / "data").exists()


def test_several_workers_are_refused_with_the_reason() -> None:
    assert "TOLLHOUSE_DATABASE_URL" in tollhouse("serve", "--workers", "2", code=1).stderr


def test_a_taken_port_and_a_taken_directory_are_said_plainly(
    online: Commands, server: GatewayProcess, tmp_path: Path
) -> None:
    taken = httpx.URL(server.urls["main"]).port
    words = ("serve", "--config", str(server.config_dir), "--data", str(tmp_path / "d"), "--port", str(taken))
    refused = tollhouse(*words, code=1).stderr
    assert f"127.0.0.1:{taken}" in refused and "--port" in refused
    assert f"pid {server.process.pid}" in online.refused("serve")


def test_a_node_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[api]\nport = 'x'\n")
    assert "config.toml" in tollhouse("node", "--config", str(tmp_path / "config.toml"), code=1).output
    assert "no such file" in tollhouse("node", "--config", str(tmp_path / "none.toml"), code=1).output


def test_the_admin_token_is_shown_once_by_whichever_command_made_it(tmp_path: Path) -> None:
    commands = Commands(write_config(tmp_path / "config", "http://127.0.0.1:9"), tmp_path / "data")
    no_token = {"TOLLHOUSE_ADMIN_TOKEN": None}
    first = commands.run("accounts", "list", environ=no_token).stderr
    assert (commands.data_dir / "admin_token").read_text().strip() in first
    assert "token" not in commands.run("accounts", "list", environ=no_token).stderr.lower()


def test_check_reads_the_nodes_file_too(tmp_path: Path) -> None:
    write_config(tmp_path, "http://127.0.0.1:9")
    (tmp_path / "config.toml").write_text('[api]\naddres = "127.0.0.1:8080"\n')
    wrong = tollhouse("check", "--config", str(tmp_path), code=1)
    assert "config.toml:2" in wrong.stdout and "address" in wrong.stdout
    (tmp_path / "config.toml").write_text('[api.models.mine]\npath = "/nowhere/mine.gguf"\ntype = "chat"\n')
    absent = tollhouse("check", "--config", str(tmp_path))
    assert "warning" in absent.stdout and "/nowhere/mine.gguf" in absent.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("accounts", "show", "\udcff"), ("accounts", "create", "--name", "\udcff"), ("usage", "--account", "\udcff"),
        ("ledger", "recompute", "--request", "\udcff"),
    ],
)  # fmt: skip
def test_an_argument_that_is_not_utf8_is_refused_in_words(commands: Commands, words: tuple[str, ...]) -> None:
    commands.run("accounts", "list")  # which makes the store, where there is none
    assert "is not UTF-8 text" in commands.refused(*words)

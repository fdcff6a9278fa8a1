"""`tollhouse simulate`: recorded calls of a real gateway at other prices, from its store alone."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Commands, tollhouse
from tests.gateway import MODELS, GatewayProcess, bearer, chat, message, nano, write_config
from tests.served import Served
from tollhouse.billing.money import format_usd
from tollhouse.commands import simulate
from tollhouse.commands.simulate import SHOWN

TODAY = dt.datetime.now(dt.UTC).date()
SPAN = ("--from", str(TODAY - dt.timedelta(days=1)), "--to", str(TODAY + dt.timedelta(days=1)))


@dataclass
class Recorded:
    """What a gateway has recorded, and the commands on its directories."""

    commands: Commands
    served: Served
    account: str  # with three calls of gpt-test and one of claude-test

    def simulate(self, *words: str) -> Any:
        return self.commands.json("simulate", *SPAN, *words)

    def by_model(self, *words: str) -> dict[str, tuple[str, str]]:
        return {row["model"]: (row["charged_usd"], row["simulated_usd"]) for row in self.simulate(*words)["data"]}

    def refused(self, *words: str) -> str:
        return self.commands.refused("simulate", *SPAN, *words)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    with Served(tmp_path_factory.mktemp("simulate")) as served:
        for key in (served.key(), served.key()):
            account = served.admin.get("/accounts").json()["accounts"][-1]["id"]
            for path, body in [
                ("chat/completions", chat()), ("chat/completions", chat(stream=True)), ("chat/completions", chat()),
                ("messages", message()),
            ]:  # fmt: skip
                assert served.client.post(f"/v1/{path}", json=body, headers=bearer(key)).status_code == 200
        served.client.post("/v1/chat/completions", json=chat())  # of nobody: it has usage and costs nothing
        yield Recorded(Commands(served.config_dir, served.data_dir), served, account)


def written(path: Path, **models: Any) -> str:
    path.write_text(json.dumps({"version": 1, "models": {**MODELS, **models}}, indent=1))
    return str(path)


def test_without_options_it_is_what_was_charged(recorded: Recorded) -> None:
    report = recorded.simulate()
    rows = [row for row in recorded.served.rows() if row["state"] == "posted"]
    assert report["total"]["requests"] == len(rows) == 9
    assert report["total"]["charged_usd"] == report["total"]["simulated_usd"]
    assert nano(report["total"]["charged_usd"]) == sum(nano(row["cost_usd"]) for row in rows)
    assert {row["difference_usd"] for row in [*report["data"], report["total"]]} == {"0"}
    for line in report["data"]:
        mine = [row for row in rows if row["served_model"] == line["model"]]
        assert (line["requests"], nano(line["charged_usd"])) == (len(mine), sum(nano(row["cost_usd"]) for row in mine))
        assert line["output_tokens"] == sum(row["output_tokens"] for row in mine)
    assert (report["object"], report["from"], report["to"], report["account"]) == ("simulation", SPAN[1], SPAN[3], None)


def test_one_account_alone(recorded: Recorded) -> None:
    report = recorded.simulate("--account", recorded.account)
    assert report["account"] == recorded.account and report["total"]["requests"] == 4
    spent = recorded.commands.json("accounts", "show", recorded.account)["spent_usd"]
    assert report["total"]["simulated_usd"] == spent
    assert "tollhouse accounts list" in recorded.refused("--account", "nobody")


def test_another_day_has_nothing_in_it(recorded: Recorded) -> None:
    report = recorded.commands.json("simulate", "--from", "2020-01-01", "--to", "2020-12-31")
    assert report["data"] == [] and report["total"]["requests"] == 0


def test_a_catalogue_has_its_prices(recorded: Recorded, tmp_path: Path) -> None:
    same = written(tmp_path / "same.json")
    assert recorded.simulate("--catalog", same) == recorded.simulate()
    dearer = written(tmp_path / "dearer", **{"gpt-test": {**MODELS["gpt-test"], "multiplier": "3"}})
    before, after = recorded.by_model(), recorded.by_model("--catalog", dearer)
    assert nano(after["gpt-test"][1]) == 3 * nano(before["gpt-test"][1])
    assert after["claude-test"] == before["claude-test"]


def test_a_multiplier_is_on_top(recorded: Recorded) -> None:
    total = recorded.simulate("--multiplier", "1.5", "--account", recorded.account)["total"]
    difference = nano(total["simulated_usd"]) - nano(total["charged_usd"])
    assert 0 <= difference - nano(total["charged_usd"]) // 2 <= 4  # each charge is rounded up
    assert total["difference_usd"] == format_usd(difference)
    assert recorded.simulate("--multiplier", "0")["total"]["simulated_usd"] == "0"
    assert recorded.simulate("--multiplier", "1.000000") == recorded.simulate()
    for wrong in ("x", "-1", "1e3", "1.0000001", ""):
        assert "--multiplier" in recorded.refused(f"--multiplier={wrong}")


def test_a_model_has_the_price_of_another(recorded: Recorded, tmp_path: Path) -> None:
    words = ("--account", recorded.account)
    one = MODELS["claude-test"]
    swapped = recorded.by_model(*words, "--map", "gpt-test=claude-test", "--map", "claude-test=claude-test")
    assert swapped["gpt-test"] == ("0.000075", "0.000414")  # three times 11 in at 3 and 7 out at 15 USD
    assert swapped["claude-test"][0] == swapped["claude-test"][1]
    halved = written(tmp_path / "new.json", cheaper={**one, "input_usd_per_mtok": "1.5", "output_usd_per_mtok": "7.5"})
    assert recorded.by_model(*words, "--catalog", halved, "--map", "gpt-test=cheaper")["gpt-test"][1] == "0.000207"


def test_models_that_nobody_knows_are_refused_with_those_there_are(recorded: Recorded, tmp_path: Path) -> None:
    for words in (("--map", "gpt-tset=claude-test"), ("--map", "claude-test=gpt-tset")):
        reason = recorded.refused(*words)
        assert "gpt-tset" in reason and 'did you mean "gpt-test"' in reason and "embed-test" in reason
    path = tmp_path / "few.json"
    path.write_text(json.dumps({"version": 1, "models": {"gpt-test": MODELS["gpt-test"]}}))
    assert 'did you mean "gpt-test"' in recorded.refused("--catalog", str(path), "--map", "gpt-test=gpt-tst")
    missing = recorded.refused("--catalog", str(path))
    assert "no prices for claude-test" in missing and "--map" in missing
    mapped = recorded.by_model("--catalog", str(path), "--map", "claude-test=gpt-test")
    assert set(mapped) == {"gpt-test", "claude-test"}


def test_a_bad_catalogue_is_refused_with_file_and_line(recorded: Recorded, tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    path.write_text('{"version": 1, "models": {\n"m": {"input_usd_per_mtok": 1.5,\n"output_usd_per_mtok": "2"}}}')
    reason = recorded.refused("--catalog", str(path))
    assert f"{path}:2" in reason and "input_usd_per_mtok" in reason
    path.write_text("version: 1")
    assert f"{path}:1" in recorded.refused("--catalog", str(path))


def test_the_table_has_a_total_and_fits_a_terminal(recorded: Recorded) -> None:
    heading, *lines = recorded.commands.run("simulate", *SPAN, "--multiplier", "0.5").stdout.splitlines()
    assert tuple(heading.split()) == SHOWN
    assert [line.split()[0] for line in lines] == ["claude-test", "gpt-test", "total"]
    assert lines[-1].split()[-1].startswith("-") and max(map(len, lines)) <= 120


@pytest.mark.parametrize(
    "words",
    [
        (), ("--from", "2026-01-01"), (*SPAN, "--map", "x"), (*SPAN, "--map", "=x"), (*SPAN, "--map", "x="),
        (*SPAN, "--map", "a=b", "--map", "a=c"), (*SPAN, "--catalog", "/nowhere/x.json"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_exits_2(words: tuple[str, ...]) -> None:
    assert "Usage:" in tollhouse("simulate", *words, code=2).stderr


def test_a_span_that_is_none_is_refused(tmp_path: Path) -> None:
    commands = Commands(write_config(tmp_path / "config", "http://127.0.0.1:9"), tmp_path / "data")
    assert "There is no ledger" in commands.refused("simulate", *SPAN)
    assert not (tmp_path / "data" / "tollhouse.sqlite").exists()
    for start, end, word in [("x", "2026-01-01", "--from: 'x'"), ("2026-01-01", "x", "--to: 'x'")]:
        assert word in commands.refused("simulate", "--from", start, "--to", end)
    assert "before" in commands.refused("simulate", "--from", "2026-01-02", "--to", "2026-01-01")


def test_it_works_while_no_server_runs_and_changes_nothing(tmp_path: Path, recorded: Recorded) -> None:
    with GatewayProcess(tmp_path, recorded.served.upstream.url) as gateway:
        key = gateway.key()
        recorded.served.client.post(f"{gateway.urls['main']}/v1/chat/completions", json=chat(), headers=bearer(key))
    commands = Commands(gateway.config_dir, gateway.data_dir)
    before = gateway.audit().head
    assert commands.json("simulate", *SPAN, "--map", "gpt-test=claude-test")["total"]["charged_usd"] == "0.000025"
    assert gateway.audit().head == before and gateway.audit().drift == 0


def test_a_person_who_waits_is_told_how_far_it_is(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(simulate, "QUIET_S", -1.0)
    monkeypatch.setattr(simulate, "TICK_ROWS", 2)
    rows: list[Any] = [object()] * 5
    assert list(simulate._with_progress(rows)) == rows and capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert list(simulate._with_progress(rows)) == rows
    assert capsys.readouterr().err == "\r0 requests …\r2 requests …\r4 requests …\r\033[K"


def test_a_name_that_several_accounts_have_is_refused(recorded: Recorded) -> None:
    ids = [recorded.commands.json("accounts", "create", "--name", "twin")["id"] for _ in range(2)]
    assert all(account in recorded.refused("--account", "twin") for account in ids)

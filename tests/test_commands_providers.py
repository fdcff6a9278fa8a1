"""`tollhouse providers`, while a server runs on the data directory and while none does."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Commands, tollhouse
from tests.gateway import ENVIRON, GatewayProcess, write_config
from tests.upstream import ScriptedUpstream

VALUE = "sk-command-0123456789wxyz"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    directory = tmp_path_factory.mktemp("server")
    with ScriptedUpstream.in_thread() as upstream, GatewayProcess(directory, upstream.url) as running:
        yield running


@pytest.fixture(params=["offline", "server"])
def commands(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Commands]:
    if request.param == "server":
        running: GatewayProcess = request.getfixturevalue("server")
        commands = Commands(running.config_dir, running.data_dir)
        yield commands
        commands.run("providers", "resume", "scripted")
        for key in stored(commands):
            commands.run("providers", "revoke-key", "scripted", key)
    else:
        yield Commands(write_config(tmp_path / "config", "http://127.0.0.1:9"), tmp_path / "data")


def stored(commands: Commands) -> list[str]:
    """The ids of the stored keys that can be used."""
    keys = commands.json("providers", "list")[0]["keys"]
    return [key["id"] for key in keys if key["is_stored"] and key["is_usable"]]


def test_a_key_from_a_variable_a_file_or_standard_input_is_kept_and_never_shown(
    commands: Commands, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text(f"{VALUE}2\n")
    shown = [
        commands.run(
            "providers", "add-key", "scripted", "--from-env", "A_KEY", environ={"A_KEY": f" {VALUE}1 "}
        ).output,
        commands.run("providers", "add-key", "scripted", "--from-file", str(tmp_path / "key"), "--weight", "7").output,
        commands.run("providers", "add-key", "scripted", given=f"{VALUE}3\r\n").output,
    ]
    for number, text in enumerate(shown, 1):
        assert re.search(rf"^last_four +xyz{number}$", text, re.MULTILINE), text
    text = commands.run("providers", "list").stdout
    assert re.search(r"^scripted +openai +http://\S+/v1 +active +- +-$", text, re.MULTILINE), text
    assert re.search(r"^scripted +upk_[0-9a-f]{16} +xyz2 +7 +[\d :-]{19} +usable$", text, re.MULTILINE), text
    assert re.search(r"^scripted +env:TEST_UPSTREAM_KEY +- +1 +- +usable$", text, re.MULTILINE), text
    listed = commands.run("providers", "list", "--json").stdout
    assert VALUE not in "".join([*shown, text, listed]) and len(stored(commands)) == 3


def test_a_provider_is_paused_and_resumed(commands: Commands) -> None:
    paused = commands.json("providers", "pause", "scripted", "--reason", "over budget")
    assert (paused["state"], paused["reason"]) == ("paused", "over budget")
    text = commands.run("providers", "list").stdout
    assert re.search(r"^scripted +openai +\S+ +paused +[\d :-]{19} +over budget$", text, re.MULTILINE), text
    assert "paused" in commands.run("providers", "pause", "scripted").stdout
    assert commands.json("providers", "list")[0]["reason"] == ""
    assert "active" in commands.run("providers", "resume", "scripted").stdout
    assert commands.json("providers", "list")[0]["state"] == "active"


def test_a_key_is_revoked_for_good(commands: Commands) -> None:
    key = commands.json("providers", "add-key", "scripted", given=VALUE)
    assert re.match(
        rf"revoked {key['id']} of scripted at ", commands.run("providers", "revoke-key", "scripted", key["id"]).stdout
    )
    assert stored(commands) == [] and "revoked" in commands.run("providers", "list").stdout


def test_changes_of_providers_are_in_the_log(commands: Commands) -> None:
    key = commands.json("providers", "add-key", "scripted", given=VALUE)
    commands.run("providers", "pause", "scripted", "--reason", "outage")
    [pause, added] = commands.json("log", "--limit", "2")
    assert (pause["action"], pause["object"], pause["account"]) == ("pause_provider", "scripted", "")
    assert (added["action"], added["object"], added["after"]["last_four"]) == ("add_upstream_key", key["id"], "wxyz")
    assert "state: active → paused, reason: - → outage" in commands.run("log", "--limit", "1").stdout


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("add-key", "scripted"), "Standard input is empty"),
        (("add-key", "scripted", "--from-env", "NOT_SET_ANYWHERE"), "The variable NOT_SET_ANYWHERE is empty"),
        (("add-key", "scripted", "--from-file", "/nowhere/key"), "/nowhere/key: No such file or directory"),
        (("add-key", "scriptd", "--from-env", "PATH"), 'did you mean "scripted"'),
        (("pause", "scriptd"), 'did you mean "scripted"'),
        (("pause", "scripted", "--reason", "two\nlines"), "A line of at most 200 characters"),
        (("resume", "a/b"), "tollhouse providers list"),
        (("revoke-key", "scripted", "upk_none"), "has no stored key upk_none"),
        (("revoke-key", "scripted", "env:TEST_UPSTREAM_KEY"), "taken out of providers.yaml"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_with_the_reason(
    commands: Commands, words: tuple[str, ...], reason: str
) -> None:
    assert reason in commands.refused("providers", *words)


@pytest.mark.parametrize("value", ["sk two words", "sk-é-0123456789", "x" * 20_000])
def test_what_cannot_be_a_key_is_refused_and_not_repeated(commands: Commands, value: str) -> None:
    result = commands.run("providers", "add-key", "scripted", given=value, code=1)
    assert "one line of visible ASCII" in result.stderr and value[:12] not in result.output


@pytest.mark.parametrize(
    "words",
    [
        ("add-key",), ("add-key", "scripted", VALUE), ("add-key", "scripted", "--from-env", "A", "--from-file", "b"),
        ("add-key", "scripted", "--weight", "0"), ("pause",), ("revoke-key", "scripted"), ("nonsense",),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_exits_2(words: tuple[str, ...]) -> None:
    assert "Usage:" in tollhouse("providers", *words, code=2).stderr


def test_at_a_terminal_the_key_is_asked_for_and_not_echoed(tmp_path: Path) -> None:
    commands = Commands(write_config(tmp_path / "config", "http://127.0.0.1:9"), tmp_path / "data")
    where = ["--config", str(commands.config_dir), "--data", str(commands.data_dir)]
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tollhouse", "providers", "add-key", "scripted", *where],
        env={**os.environ, **ENVIRON}, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
    )  # fmt: skip
    os.close(terminal)
    seen = b""
    while b"Key of scripted" not in seen:
        seen += os.read(controller, 4096)
    os.write(controller, f"{VALUE}\n".encode())
    try:
        while piece := os.read(controller, 4096):
            seen += piece
    except OSError:  # how the end of a terminal reads on Linux
        pass
    finally:
        os.close(controller)
    assert process.wait(timeout=60) == 0, seen
    assert VALUE.encode() not in seen and b"wxyz" in seen
    assert len(stored(commands)) == 1


def test_check_says_that_stored_keys_were_not_looked_at(tmp_path: Path) -> None:
    config = write_config(tmp_path, "http://127.0.0.1:9")
    told = "`tollhouse providers list` shows which can be used"
    assert told not in tollhouse("check", "--config", str(config)).stdout
    assert told in tollhouse("check", "--config", str(config), environ={"TEST_UPSTREAM_KEY": None}).stdout

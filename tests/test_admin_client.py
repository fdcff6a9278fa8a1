"""How commands find the process that owns a data directory, whatever state it is in."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.commands import Commands
from tests.gateway import ENVIRON, GatewayProcess, write_config
from tests.upstream import ScriptedUpstream
from tollhouse import admin_client
from tollhouse.data_directory import take_lock


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    return Commands(write_config(tmp_path / "config", "http://127.0.0.1:9"), tmp_path / "data")


def test_commands_at_the_same_time_wait_for_each_other(commands: Commands) -> None:
    def create(number: int) -> int:
        words = ["accounts", "create", "--name", f"account-{number}", "--balance", "1"]
        where = ["--config", str(commands.config_dir), "--data", str(commands.data_dir)]
        command = [sys.executable, "-m", "tollhouse", *words, *where]
        return subprocess.run(command, env={**os.environ, **ENVIRON}, capture_output=True).returncode

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(create, range(4))) == [0] * 4
    names = {account["name"] for account in commands.json("accounts", "list")}
    assert {f"account-{number}" for number in range(4)} <= names


def test_what_a_killed_server_left_behind_misleads_nobody(commands: Commands) -> None:
    commands.run("accounts", "list")
    left = {"pid": 999_999_999, "admin_url": "http://127.0.0.1:1/admin/api"}
    (commands.data_dir / "server.json").write_text(json.dumps(left))
    commands.run("accounts", "create", "--name", "after")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(admin_client, "STARTING_S", 0.3)
        owner = take_lock(commands.data_dir)
        try:
            assert f"pid {os.getpid()}" in commands.refused("accounts", "list")
        finally:
            owner.close()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"pid": 1}', "null"])
def test_a_broken_note_of_the_server_is_no_note(commands: Commands, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(admin_client, "STARTING_S", 0.0)
    commands.run("accounts", "list")
    (commands.data_dir / "server.json").write_text(text)
    with take_lock(commands.data_dir):
        assert "in use" in commands.refused("accounts", "list")


def test_a_server_with_another_token_is_said_plainly(tmp_path: Path) -> None:
    with ScriptedUpstream.in_thread() as upstream, GatewayProcess(tmp_path, upstream.url) as gateway:
        commands = Commands(gateway.config_dir, gateway.data_dir)
        result = commands.run("accounts", "list", code=1, environ={"TOLLHOUSE_ADMIN_TOKEN": "another-one"})
        assert "TOLLHOUSE_ADMIN_TOKEN" in result.stderr
        commands.run("accounts", "create", "--name", "kept", "--balance", "3")
        gateway.stop(signal.SIGKILL)
        assert (gateway.data_dir / "server.json").exists()
        assert commands.json("accounts", "show", "kept")["balance_usd"] == "3"
        gateway.start()
        assert commands.json("accounts", "show", "kept")["balance_usd"] == "3"
        gateway.process.send_signal(signal.SIGSTOP)  # it has the directory and does not answer
        try:
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(admin_client, "TIMEOUT_S", 0.3)
                assert "does not answer" in commands.refused("accounts", "list")
        finally:
            gateway.process.send_signal(signal.SIGCONT)


def test_a_server_without_an_admin_api_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin_client, "STARTING_S", 0.2)
    mounts = [{"document": "openai", "at": "/v1"}]
    listeners = {name: {"bind": "127.0.0.1:0", "mounts": [dict(mount) for mount in mounts]} for name in ("a", "b")}
    routes = {"listeners": listeners}
    with ScriptedUpstream.in_thread() as upstream, GatewayProcess(tmp_path, upstream.url, routes=routes) as gateway:
        assert "admin document" in Commands(gateway.config_dir, gateway.data_dir).refused("accounts", "list")


def test_a_key_can_be_revoked_while_a_file_is_broken(tmp_path: Path) -> None:
    with ScriptedUpstream.in_thread() as upstream, GatewayProcess(tmp_path, upstream.url) as running:
        running.key()
        account = running.json("accounts", "list")[-1]["id"]
        [key] = running.json("keys", "list", "--account", account)
        (running.config_dir / "providers.yaml").write_text("providers: [broken")
        assert running.json("keys", "revoke", key["id"])["is_active"] is False

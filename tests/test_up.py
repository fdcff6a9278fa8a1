"""`tollhouse up`, which `make run` starts: first and later starts, and that no node is ever left behind."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
import yaml

from tests.upstream import Connection, Request, ScriptedUpstream, answer_json, by_path
from tollhouse.config.init import write_starter

ROOT = Path(__file__).parents[1]
NODE_GONE_S = 12.0
needs_models = pytest.mark.skipif(
    not (ROOT / "models" / "smollm2-135m.gguf").is_file(),
    reason="the model files are not there; `make setup` fetches them",
)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


class Up:
    """A `tollhouse up` in a directory of its own, the node on a free port."""

    def __init__(
        self,
        directory: Path,
        *,
        node_port: int | None = None,
        gateway_port: int = 0,
        starts_node: bool = True,
        log: str = "",
    ) -> None:
        self.starts_node = starts_node
        self.node_port = node_port or free_port()
        self.directory = directory
        if not (directory / "routes.yaml").exists():
            write_starter(directory)
        routes = yaml.safe_load((directory / "routes.yaml").read_text())
        routes["listeners"]["main"]["bind"] = f"127.0.0.1:{gateway_port}"
        routes["listeners"]["openproxy"]["bind"] = "127.0.0.1:0"
        (directory / "routes.yaml").write_text(yaml.safe_dump(routes))
        providers = yaml.safe_load((directory / "providers.yaml").read_text())
        for entry in providers["providers"].values():
            entry["base_url"] = f"http://127.0.0.1:{self.node_port}/v1"
        (directory / "providers.yaml").write_text(yaml.safe_dump(providers))
        self.out_path, self.err_path = directory / f"out{log}", directory / f"err{log}"

    def __enter__(self) -> Self:
        command = [
            sys.executable,
            "-m",
            "tollhouse",
            "up",
            "--config",
            str(self.directory),
            "--data",
            f"{self.directory}/data",
        ]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("TOLLHOUSE_")}
        with self.out_path.open("wb") as out, self.err_path.open("wb") as err:
            self.process = subprocess.Popen(command, stdout=out, stderr=err, env=environ, start_new_session=True)
        return self

    def __exit__(self, *exception: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.starts_node:
            until(lambda: not listens(self.node_port))

    @property
    def out(self) -> str:
        return self.out_path.read_text()

    @property
    def err(self) -> str:
        return self.err_path.read_text()

    def greeting(self) -> str:
        """Wait until everything is up."""
        until(lambda: "Tollhouse is up:" in self.out or self.process.poll() is not None, 30)
        assert self.process.poll() is None, self.err
        return self.out

    def stop(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)

    def failed(self) -> str:
        """Wait for its end; the reason it gave."""
        assert self.process.wait(30) == 1, self.err
        assert "Traceback" not in self.err
        return self.err


def until(true: Callable[[], Any], timeout_s: float = NODE_GONE_S) -> None:
    deadline = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@needs_models
def test_a_first_start_gives_a_key_and_a_line_that_works_and_a_second_one_a_hint(tmp_path: Path) -> None:
    with Up(tmp_path) as first:
        greeting = first.greeting()
        curl = shlex.split(next(line for line in greeting.splitlines() if line.strip().startswith("curl ")))
        key = re.search(r"Your first API key, shown this once: (\S+)", greeting)
        assert key is not None and f"Authorization: Bearer {key[1]}" in curl
        assert re.search(r"Admin token \(kept in .*\): \S{20,}", greeting)
        headers = dict(curl[i + 1].split(": ", 1) for i, word in enumerate(curl) if word == "-H")
        answer = httpx.post(curl[1], content=curl[curl.index("-d") + 1], headers=headers, trust_env=False, timeout=30)
        assert answer.status_code == 200 and answer.json()["choices"][0]["message"]["content"]
        assert first.stop(signal.SIGTERM) == 0
        until(lambda: not listens(first.node_port))
    with Up(tmp_path) as second:
        greeting = second.greeting()
        assert key[1] not in greeting and "first API key" not in greeting and "Admin token" not in greeting
        hint = shlex.split(next(line for line in greeting.splitlines() if " keys create " in line))
        made = subprocess.run(hint, capture_output=True, text=True, timeout=30)
        assert made.returncode == 0 and "key" in made.stdout, made.stderr
        url = re.search(r"main +(\S+)", greeting)
        assert url is not None
        models = httpx.get(f"{url[1]}/v1/models", headers={"authorization": f"Bearer {key[1]}"}, trust_env=False)
        assert models.status_code == 200, "the first key still works"
        assert second.stop(signal.SIGINT) == 0


@needs_models
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_node_is_left_behind_however_it_ends(tmp_path: Path, number: int) -> None:
    with Up(tmp_path) as running:
        if number == signal.SIGKILL:
            running.greeting()
        else:  # while the node is still loading its models
            until(lambda: children(running.process.pid), 30)
            time.sleep(0.5)
        [node] = children(running.process.pid)
        assert running.stop(number) != 0
        until(lambda: not alive(node))


@needs_models
def test_a_taken_port_of_the_gateway_is_said_plainly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with Up(tmp_path, gateway_port=port) as refused:
            assert f"cannot bind 127.0.0.1:{port}" in refused.failed()
            assert not listens(refused.node_port)


def test_a_taken_port_of_the_node_is_said_plainly(tmp_path: Path) -> None:
    with ScriptedUpstream.in_thread() as other:  # it speaks HTTP and is no node
        port = httpx.URL(other.url).port
        with Up(tmp_path, node_port=port, starts_node=False) as refused:
            reason = refused.failed()
    assert f"cannot listen on 127.0.0.1:{port}" in reason and "providers.yaml" in reason


def test_a_node_that_runs_already_is_used(tmp_path: Path) -> None:
    async def node(request: Request, connection: Connection) -> None:
        listing = answer_json({"data": [{"id": "smollm2-135m"}]})
        await (listing if request.path == "/v1/models" else by_path)(request, connection)

    with ScriptedUpstream.in_thread() as running:
        running.script = node
        port = httpx.URL(running.url).port
        with Up(tmp_path, node_port=port, starts_node=False) as up:
            up.greeting()
            assert "Using the local node" in up.err and "Starting" not in up.err
            assert children(up.process.pid) == []
            with Up(tmp_path, node_port=port, starts_node=False, log="2") as second:
                assert f"pid {up.process.pid}" in second.failed()
            assert up.stop(signal.SIGTERM) == 0
        assert httpx.get(f"{running.url}/v1/models", trust_env=False).status_code == 200


def test_without_a_local_provider_there_is_nothing_to_start(tmp_path: Path) -> None:
    write_starter(tmp_path)
    text = (tmp_path / "providers.yaml").read_text()
    (tmp_path / "providers.yaml").write_text(text.replace("  local:", "  elsewhere:"))
    command = [sys.executable, "-m", "tollhouse", "up", "--config", str(tmp_path), "--data", str(tmp_path / "data")]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert refused.returncode == 1 and "tollhouse serve" in refused.stderr


def test_a_node_that_hangs_while_it_stops_is_ended_by_the_clock() -> None:
    script = (
        "import signal, time; from tollhouse.commands import serving; serving.STOP_S = 1; "
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); serving.stop_when_stdin_closes(); time.sleep(60)"
    )
    hanging = subprocess.run([sys.executable, "-c", script], stdin=subprocess.DEVNULL, timeout=30)
    assert hanging.returncode == -signal.SIGALRM

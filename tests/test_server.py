"""The server as a process: it starts or says why not, reloads without dropping anything, and stops without losing anything."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.gateway import ADMIN_TOKEN, ENVIRON, Gateway, bearer, chat, write_config
from tests.served import Served, eventually
from tests.upstream import ScriptedUpstream, stream
from tollhouse.config.load import load
from tollhouse.config.settings import Settings
from tollhouse.contract.documents import claimed_paths
from tollhouse.data_directory import SERVER_FILE
from tollhouse.server import AddressInUse, serve

FRAME = b'data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}\n\n'
LAST = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with Served(tmp_path) as running:
        yield running


def events(served: Served, name: str) -> list[dict[str, Any]]:
    lines = (json.loads(line) for line in served.log().splitlines() if line.startswith("{"))
    return [line for line in lines if line["event"] == name]


def rewrite(served: Served, file: str, change: Any) -> None:
    path = served.config_dir / file
    content = yaml.safe_load(path.read_text())
    change(content)
    path.write_text(json.dumps(content) if path.suffix == ".json" else yaml.safe_dump(content))


def add_model(content: Any) -> None:
    content["models"]["added"] = {"input_usd_per_mtok": "1", "output_usd_per_mtok": "1"}


def price_tenfold(content: Any) -> None:
    content["models"]["gpt-test"]["output_usd_per_mtok"] = "20"


class Streaming:
    """A stream that is read in another thread."""

    def __init__(self, served: Served, key: str) -> None:
        self.text = ""
        self.status = 0
        self._served, self._key = served, key
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        eventually(lambda: self.text)

    def _read(self) -> None:
        with self._served.client.stream(
            "POST", "/v1/chat/completions", json=chat(stream=True), headers=bearer(self._key), timeout=30
        ) as response:
            self.status = response.status_code
            for part in response.iter_text():
                self.text += part

    def wait(self) -> str:
        self._thread.join(30)
        return self.text


def test_a_saved_file_and_sighup_reload_and_running_requests_keep_what_they_began_with(served: Served) -> None:
    key = served.key()
    served.upstream.reply(stream([FRAME] * 30 + [LAST], delay_s=0.06))
    running = Streaming(served, key)
    rewrite(served, "model_catalog.json", price_tenfold)
    eventually(lambda: events(served, "reloaded"))
    assert running.wait().endswith("data: [DONE]\n\n") and running.status == 200
    before = served.rows()[0]
    served.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    after = served.rows()[0]
    assert before["price_version"] != after["price_version"]
    assert after["price_version"] == events(served, "reloaded")[-1]["price_version"]

    count = len(events(served, "reloaded"))
    served.process.send_signal(signal.SIGHUP)
    eventually(lambda: len(events(served, "reloaded")) > count)
    assert served.client.get("/health").status_code == 200


def test_a_bad_file_changes_nothing_and_says_where(served: Served) -> None:
    key = served.key()
    (served.config_dir / "providers.yaml").write_text("version: 1\nproviders:\n  scripted: {dialcet: openai}\n")
    eventually(lambda: events(served, "reload_refused"))
    reason = events(served, "reload_refused")[-1]["reason"]
    assert "providers.yaml:3" in reason and "dialect" in reason
    assert served.client.post("/v1/chat/completions", json=chat(), headers=bearer(key)).status_code == 200


def test_listeners_that_changed_are_refused_and_limits_that_changed_hold(served: Served) -> None:
    rewrite(served, "routes.yaml", lambda content: content["listeners"]["main"].update(bind="127.0.0.1:1"))
    eventually(lambda: events(served, "reload_refused"))
    assert "restart" in events(served, "reload_refused")[-1]["reason"]

    def limit(content: Any) -> None:
        content["listeners"]["main"]["bind"] = "127.0.0.1:0"
        content["limits"].update(header_count=20, body_bytes=1024)

    rewrite(served, "routes.yaml", limit)
    eventually(lambda: events(served, "reloaded"))
    headers = {f"x-{number}": "a" for number in range(30)}
    assert httpx.get(f"{served.urls['main']}/health", headers=headers, trust_env=False).status_code == 431
    assert served.client.post("/v1/chat/completions", content=b" " * 1025).status_code == 413


def test_sigterm_finishes_an_open_stream_and_exits_0(served: Served) -> None:
    key = served.key()
    served.upstream.reply(stream([FRAME] * 20 + [LAST], delay_s=0.05))
    running = Streaming(served, key)
    with served.wire() as idle:
        served.process.send_signal(signal.SIGTERM)
        assert idle.closed(), "idle connections are closed at once"
    with pytest.raises(OSError), served.wire():
        pass
    assert running.wait().endswith("data: [DONE]\n\n")
    assert served.process.wait(timeout=20) == 0
    assert "Traceback" not in served.log()
    assert served.audit().drift == 0 and not (served.data_dir / SERVER_FILE).exists()


def test_a_crash_leaves_a_hold_that_the_next_start_voids(served: Served) -> None:
    key = served.key()
    served.upstream.reply(stream([FRAME] * 1000, delay_s=0.05))
    with served.wire() as wire:
        body = json.dumps(chat(stream=True)).encode()
        wire.send(
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %b\r\nContent-Length: %d\r\n\r\n%b"
            % (key.encode(), len(body), body)
        )
        assert wire.response(head_only=True).status == 200
        served.stop(signal.SIGKILL)
    served.start()
    [voided] = events(served, "hold_of_earlier_run_voided")
    admin, headers = f"{served.urls['main']}/admin/api", bearer(ADMIN_TOKEN)
    [row] = httpx.get(f"{admin}/ledger", headers=headers, trust_env=False).json()["rows"]
    assert (row["request_id"], row["state"]) == (voided["request_id"], "voided")
    account = httpx.get(f"{admin}/accounts/{row['account']}", headers=headers, trust_env=False).json()
    assert float(account["held_usd"]) == 0 and float(account["available_usd"]) == 10


def test_every_listener_can_be_connected_to_when_the_log_names_it(served: Served) -> None:
    for _ in range(3):
        served.stop()
        served.start()  # returns as soon as both lines are there
        for url in served.urls.values():
            assert httpx.get(f"{url}/livez", trust_env=False).status_code == 200


def test_the_server_file_tells_where_the_admin_api_is(served: Served) -> None:
    facts = json.loads((served.data_dir / SERVER_FILE).read_text())
    assert facts == {"pid": served.process.pid, "admin_url": f"{served.urls['main']}/admin/api"}


def started(served: Served, *options: str, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    where = ["--config", str(served.config_dir), "--data", str(data or served.data_dir)]
    return subprocess.run(
        [sys.executable, "-m", "tollhouse", "serve", *where, *options],
        env={**os.environ, **ENVIRON}, capture_output=True, text=True, timeout=30,
    )  # fmt: skip


def test_what_is_in_use_is_refused_in_one_line(served: Served, tmp_path: Path) -> None:
    refused = started(served)
    assert refused.returncode == 1 and "in use by another tollhouse process" in refused.stderr
    assert str(served.process.pid) in refused.stderr and "Traceback" not in refused.stderr

    port = served.urls["main"].rpartition(":")[2]
    refused = started(served, "--port", port, data=tmp_path / "other")
    assert refused.returncode == 1 and f"cannot bind 127.0.0.1:{port}" in refused.stderr
    assert "Traceback" not in refused.stderr


async def test_an_address_in_use_gives_everything_back(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    config_dir = write_config(tmp_path / "config", upstream.url)
    config = load(config_dir, environ=ENVIRON, operations=claimed_paths()).config
    settings = Settings.from_environ(ENVIRON, config_dir, tmp_path / "data")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for _ in range(2):  # the second time shows that the data directory is free again
            with pytest.raises(AddressInUse, match="--port"):
                await serve(settings, config, port=taken.getsockname()[1], environ=ENVIRON)


async def test_each_listener_serves_its_own_mounts(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    async with Gateway(tmp_path, upstream.url) as gateway, httpx.AsyncClient(trust_env=False) as client:
        for name, status in {"main": 401, "openproxy": 404}.items():
            assert (await client.get(f"{gateway.urls[name]}/admin/api/accounts")).status_code == status


async def test_listeners_may_share_a_port_on_different_addresses(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    system, admin = {"document": "system", "at": ""}, {"document": "admin", "at": "/admin/api"}
    listeners = {
        "main": {"bind": f"127.0.0.1:{port}", "mounts": [system, admin]},
        "outside": {"bind": f"127.0.0.2:{port}", "mounts": [dict(system)]},  # YAML would alias a shared one
    }
    async with (
        Gateway(tmp_path, upstream.url, routes={"listeners": listeners}) as gateway,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        for name, status in {"main": 401, "outside": 404}.items():
            assert (await client.get(f"{gateway.urls[name]}/admin/api/accounts")).status_code == status

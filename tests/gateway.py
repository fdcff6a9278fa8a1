"""A whole gateway for tests: real sockets, a real SQLite file, scripted providers.

async with Gateway(tmp_path, upstream) as gateway:      # in this event loop; `gateway.app` shows its inside
    key = await gateway.key()
    response = await gateway.client.post("/v1/chat/completions", json=…, headers=bearer(key))

with GatewayProcess(tmp_path, upstream.url) as gateway:  # as `tollhouse serve`, for synchronous clients and kill -9
    key = gateway.key()
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import httpx
import yaml

from tollhouse.app import Application
from tollhouse.billing.audit import Report, audit
from tollhouse.billing.money import parse_usd
from tollhouse.config.load import load
from tollhouse.config.settings import Settings
from tollhouse.contract import compiled, documents
from tollhouse.contract.documents import claimed_paths
from tollhouse.server import serve
from tollhouse.storage.sqlite import SqliteStore

ADMIN_TOKEN = "test-admin-token-0123456789abcdef"
START_S = 20.0

MODELS: dict[str, dict[str, Any]] = {
    "gpt-test": {"input_usd_per_mtok": "1", "output_usd_per_mtok": "2", "cache_read_usd_per_mtok": "0.5",
                 "context_tokens": 8192, "max_output_tokens": 1000, "owned_by": "openai", "kind": "chat"},
    "claude-test": {"input_usd_per_mtok": "3", "output_usd_per_mtok": "15", "cache_read_usd_per_mtok": "0.3",
                    "cache_write_5m_usd_per_mtok": "3.75", "cache_write_1h_usd_per_mtok": "6",
                    "context_tokens": 8192, "max_output_tokens": 1000, "owned_by": "anthropic", "kind": "chat"},
    "embed-test": {"input_usd_per_mtok": "0.02", "output_usd_per_mtok": "0", "context_tokens": 8192,
                   "kind": "embedding"},
    "catalogue-only": {"input_usd_per_mtok": "1", "output_usd_per_mtok": "1", "kind": "chat"},
}  # fmt: skip


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def chat(text: str = "Hello!", **fields: Any) -> dict[str, Any]:
    """A small chat request."""
    return {"model": "gpt-test", "messages": [{"role": "user", "content": text}], "max_tokens": 100, **fields}


def message(text: str = "Hello!", **fields: Any) -> dict[str, Any]:
    """A small Anthropic message request."""
    return {"model": "claude-test", "messages": [{"role": "user", "content": text}], "max_tokens": 100, **fields}


def response(text: str = "Hello!", **fields: Any) -> dict[str, Any]:
    """A small request for a response."""
    return {"model": "gpt-test", "input": text, "max_output_tokens": 100, **fields}


def provider(url: str, dialect: str = "openai", **fields: Any) -> dict[str, Any]:
    """One provider entry of providers.yaml for a scripted upstream."""
    models = {"openai": ["gpt-test", "embed-test", "unpriced"], "anthropic": ["claude-test"]}[dialect]
    return {
        "dialect": dialect, "base_url": f"{url}/v1", "allow_private": True, "keys": [{"env": "TEST_UPSTREAM_KEY"}],
        "models": {model: {} for model in models},
        "timeouts": {"connect_s": 2, "first_byte_s": 5, "idle_s": 5}, "rest_after_failures": 0, **fields,
    }  # fmt: skip


ENVIRON = {"TEST_UPSTREAM_KEY": "sk-upstream-canary-0123456789", "TOLLHOUSE_ADMIN_TOKEN": ADMIN_TOKEN}


def write_config(
    directory: Path,
    url: str,
    *,
    providers: Mapping[str, Any] | None = None,
    models: Mapping[str, Any] | None = None,
    routes: Mapping[str, Any] | None = None,
) -> Path:
    """The three files for scripted providers; listeners and mounts as shipped, on free ports."""
    directory.mkdir(parents=True, exist_ok=True)
    root = Path(__file__).parents[1]
    shipped = yaml.safe_load((root / "routes.yaml").read_text())
    for listener in shipped["listeners"].values():
        listener["bind"] = "127.0.0.1:0"
    shipped["anonymous"] = {"models": ["gpt-test"], "requests_per_minute": 60}
    shipped.update(routes or {})
    (directory / "routes.yaml").write_text(yaml.safe_dump(shipped))
    entries = providers or {"scripted": provider(url), "scripted-anthropic": provider(url, "anthropic")}
    (directory / "providers.yaml").write_text(yaml.safe_dump({"version": 1, "providers": dict(entries)}))
    catalogue = {"version": 1, "models": {**MODELS, **(models or {})}}
    (directory / "model_catalog.json").write_text(json.dumps(catalogue))
    return directory


def forget_compiled() -> None:
    """As in a process that has compiled nothing yet: the next start or reload takes its time."""
    for kept in (documents._own, compiled._specification, compiled.checks_of):
        kept.cache_clear()


class Gateway:
    """A gateway in this event loop. Options are those of `write_config`; `environ` adds to the environment."""

    def __init__(self, directory: Path, url: str, *, environ: Mapping[str, str] | None = None, **options: Any) -> None:
        self.environ = {**ENVIRON, **(environ or {})}
        self.config_dir = write_config(directory / "config", url, **options)
        self.data_dir = directory / "data"
        self.app: Application
        self.urls: Mapping[str, str]
        self.client: httpx.AsyncClient
        self._stop = asyncio.Event()

    async def __aenter__(self) -> Self:
        ready = asyncio.Event()

        async def on_ready(app: Application, urls: Mapping[str, str]) -> None:
            self.app, self.urls = app, urls
            ready.set()

        loaded = load(self.config_dir, environ=self.environ, operations=claimed_paths())
        settings = Settings.from_environ(self.environ, self.config_dir, self.data_dir)
        self._serving = asyncio.ensure_future(
            serve(settings, loaded.config, environ=self.environ, on_ready=on_ready, stop=self._stop)
        )
        waiting = asyncio.ensure_future(ready.wait())
        await asyncio.wait({waiting, self._serving}, timeout=START_S, return_when=asyncio.FIRST_COMPLETED)
        if not ready.is_set():
            waiting.cancel()
            self._serving.result()
        self.client = httpx.AsyncClient(base_url=self.urls["main"], timeout=30, trust_env=False)
        self.admin = httpx.AsyncClient(
            base_url=f"{self.urls['main']}/admin/api", headers=bearer(ADMIN_TOKEN), timeout=30, trust_env=False
        )
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.client.aclose()
        await self.admin.aclose()
        self._stop.set()
        await self._serving

    async def account(self, name: str = "acme", balance_usd: str = "10", **fields: Any) -> dict[str, Any]:
        response = await self.admin.post("/accounts", json={"name": name, "balance_usd": balance_usd, **fields})
        assert response.status_code == 201, response.text
        return dict(response.json())

    async def key(self, account: str | None = None, **fields: Any) -> str:
        """A key of a fresh account with 10 USD, or of the one named."""
        if account is None:
            account = (await self.account(f"acme-{time.monotonic_ns()}"))["id"]
        response = await self.admin.post(f"/accounts/{account}/keys", json={"name": "test", **fields})
        assert response.status_code == 201, response.text
        return str(response.json()["key"])

    async def session(self, account: str) -> str:
        """The token of a session of an account, through a sign-in link."""
        link = await self.admin.post(f"/accounts/{account}/sign-in-links")
        assert link.status_code == 201, link.text
        signed_in = await self.client.post("/api/auth/link", json={"token": link.json()["token"]})
        assert signed_in.status_code == 200, signed_in.text
        return str(signed_in.json()["token"])

    async def rows(self, **query: Any) -> list[dict[str, Any]]:
        """Ledger rows, the newest first."""
        response = await self.admin.get("/ledger", params=query)
        assert response.status_code == 200, response.text
        return list(response.json()["rows"])

    async def balance(self, account: str) -> tuple[str, str]:
        """What an account has, and how much of it is held, in USD."""
        shown = (await self.admin.get(f"/accounts/{account}")).json()
        return shown["balance_usd"], shown["held_usd"]

    async def audit(self) -> Report:
        """Flush the journal and audit the store."""
        await self.app.services.relay.means.journal.flush()
        return await asyncio.to_thread(audit_data, self.data_dir)


class GatewayProcess:
    """A gateway as a process of its own: `python -m tollhouse serve`."""

    def __init__(self, directory: Path, url: str, **options: Any) -> None:
        self.config_dir = write_config(directory / "config", url, **options)
        self.data_dir = directory / "data"
        self.urls: dict[str, str] = {}
        self.log_path = directory / "gateway.log"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Launch it and wait until both listeners listen."""
        self.launch()
        deadline = time.monotonic() + START_S
        while len(self.urls) < 2:
            assert self.process.poll() is None, self._logged()
            assert time.monotonic() < deadline, self._logged()
            time.sleep(0.02)
            for line in self._logged().splitlines():
                event = json.loads(line) if line.startswith("{") else {}
                if event.get("event") == "listening":
                    self.urls[event["listener"]] = event["url"]

    def launch(self) -> None:
        """Start the process and do not wait for it."""
        self.urls = {}
        with self.log_path.open("ab") as log:
            self._log_start = log.tell()
            self.process = subprocess.Popen(
                [*self.command("serve"), "--port", "0"], env={**os.environ, **ENVIRON}, stderr=log, stdout=log
            )

    def _logged(self) -> str:
        """This process's log so far."""
        with self.log_path.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode()

    def stop(self, number: int = signal.SIGTERM, timeout_s: float = 40) -> int:
        """Send a signal and wait; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=timeout_s)

    def command(self, *words: str) -> list[str]:
        where = ["--config", str(self.config_dir), "--data", str(self.data_dir)]
        return [sys.executable, "-m", "tollhouse", *words, *where]

    def run(self, *words: str, check: bool = True, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a `tollhouse` command on this gateway's directories, with `given` on its standard input."""
        result = subprocess.run(
            self.command(*words), env={**os.environ, **ENVIRON}, capture_output=True, text=True, timeout=60, input=given
        )
        assert not check or result.returncode == 0, result.stderr
        return result

    def json(self, *words: str, given: str = "") -> Any:
        return json.loads(self.run(*words, "--json", given=given).stdout)

    def key(self, balance_usd: str = "10", **fields: Any) -> str:
        """A key of a fresh account, while it serves."""
        url, headers = f"{self.urls['main']}/admin/api", bearer(ADMIN_TOKEN)
        with httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False) as admin:
            name = f"acme-{time.monotonic_ns()}"
            account = admin.post("/accounts", json={"name": name, "balance_usd": balance_usd})
            assert account.status_code == 201, account.text
            key = admin.post(f"/accounts/{account.json()['id']}/keys", json={"name": "test", **fields})
            assert key.status_code == 201, key.text
        return str(key.json()["key"])

    def audit(self) -> Report:
        return audit_data(self.data_dir)


def audit_data(data_dir: Path) -> Report:
    store = SqliteStore(data_dir / "tollhouse.sqlite")
    try:
        return audit(store)
    finally:
        store.close()


def nano(usd: str) -> int:
    return parse_usd(usd)

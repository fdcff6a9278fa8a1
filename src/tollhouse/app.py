"""The composition root: builds everything once from settings and a configuration, and takes it apart again."""

import asyncio
import contextlib
import fcntl
import os
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from tollhouse.accounts import Accounts, load
from tollhouse.admission import Admission
from tollhouse.background import Background
from tollhouse.billing.journal import Journal
from tollhouse.config.load import Loaded
from tollhouse.config.settings import Settings
from tollhouse.config.snapshot import Config, Listener
from tollhouse.contract.pipeline import build
from tollhouse.counters.memory import MemoryCounters
from tollhouse.endpoints.context import Services
from tollhouse.errors import TollhouseError
from tollhouse.generated.bindings import check_endpoints
from tollhouse.identity.principals import ANONYMOUS
from tollhouse.relay import Relay
from tollhouse.router import Router
from tollhouse.storage.sqlite import SqliteStore
from tollhouse.telemetry import Telemetry
from tollhouse.times import now_us
from tollhouse.upstream import PyreqwestUpstream, Upstream

STORE_FILE = "tollhouse.sqlite"
KEY_USES_EVERY_S = 60.0  # how often the last use of keys is written
DRAIN_S = 30.0  # how long stopping waits for what runs

log = structlog.get_logger("tollhouse.app")


class DataDirectoryInUse(TollhouseError):
    """Another process owns the data directory."""


class ReloadRefused(TollhouseError):
    """A configuration that is valid but cannot replace the running one."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One configuration in force: the apps of its listeners, by listener name."""

    config: Config
    apps: Mapping[str, ASGIApp]


class Application:
    """One gateway process. Owns the data directory while it is open."""

    def __init__(self, settings: Settings, lock: IO[str], store: SqliteStore, services: Services) -> None:
        self.settings = settings
        self.services = services
        self.snapshot: Snapshot  # set by `use`, before anything is served
        self._lock = lock
        self._store = store
        self._housekeeping: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, settings: Settings, config: Config, *, upstream: Upstream | None = None) -> "Application":
        """Take the data directory, bring its store up to date, resolve what a crash left open, compile the contract."""
        check_endpoints()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        lock = take_lock(settings.data_dir)
        store = SqliteStore(settings.data_dir / STORE_FILE)
        store.migrate()
        ledger, keys = load(store, now_us)
        journal = Journal(store)
        telemetry = Telemetry(ledger)
        relay = Relay(
            admission=Admission(ledger, journal, MemoryCounters(), now_us),
            ledger=ledger,
            journal=journal,
            upstream=upstream or PyreqwestUpstream(),
            telemetry=telemetry,
            background=Background(),
            generator=random.Random(),  # noqa: S311 - spreads load, guards nothing
        )
        accounts = Accounts(store, ledger, journal, keys, now_us)
        app = cls(settings, lock, store, Services(relay, accounts, now_us() // 1_000_000))
        await app._resolve_open_holds()
        if ANONYMOUS not in ledger.accounts:
            await accounts.create(ANONYMOUS, multiplier_ppm=0, account_id=ANONYMOUS)
        await app.use(config)
        app._housekeeping = asyncio.ensure_future(app._write_key_uses())
        return app

    async def use(self, config: Config) -> None:
        """Put a configuration in force, whole: requests that run keep the one they began with."""
        catalogue, at_us = config.catalogue, now_us()
        await self.services.relay.journal.run(
            lambda store: store.add_price_version(catalogue.version, catalogue.canonical_json, at_us)
        )
        router = Router(config)
        apps = {listener.name: await self._build(listener, config, router) for listener in config.routes.listeners}
        self.snapshot = Snapshot(config, MappingProxyType(apps))

    async def reload(self, loaded: Loaded) -> None:
        """Swap to a freshly loaded configuration; raises ReloadRefused where that needs a restart."""
        current, new = self.snapshot.config.routes.listeners, loaded.config.routes.listeners
        if [(each.name, each.host, each.port) for each in current] != [(each.name, each.host, each.port) for each in new]:
            raise ReloadRefused("routes.yaml: listeners and their addresses change with a restart only.")
        await self.use(loaded.config)

    async def _build(self, listener: Listener, config: Config, router: Router) -> ASGIApp:
        return await build(listener, config, router, self.services, self.settings.admin_token)

    async def _resolve_open_holds(self) -> None:
        """Holds of an earlier run: their answers were cut off, so they are void and listed (BILLING.md 6)."""
        relay = self.services.relay
        for request_id, account, key_id, amount_nano in self._store.open_holds():
            relay.ledger.restore(request_id, account, key_id, amount_nano)
            entry = relay.ledger.void(request_id, "crash: the process ended before the answer did")
            assert entry is not None, "it was just restored"
            relay.journal.append(entry)
            log.warning("hold_of_earlier_run_voided", request_id=request_id, account=account)
        await relay.journal.flush()

    async def _write_key_uses(self) -> None:
        since_us = now_us()
        while True:
            await asyncio.sleep(KEY_USES_EVERY_S)
            used, since_us = self.services.accounts.keys.used_since(since_us), now_us()
            if used:
                with contextlib.suppress(TollhouseError):  # the store is down; the next round writes them
                    await self.services.relay.journal.run(lambda store, used=used: store.touch_keys(used))  # type: ignore[misc]

    async def close(self) -> None:
        """Let what runs finish, write everything, give the data directory back."""
        if self._housekeeping is not None:
            self._housekeeping.cancel()
        relay = self.services.relay
        await relay.background.close(DRAIN_S)
        await relay.upstream.close()
        await relay.journal.close()
        self._store.close()
        self._lock.close()


class Listening:
    """The ASGI app of a listener as the server sees it: whatever configuration is in force."""

    def __init__(self, application: Application, names_by_port: Mapping[int, str]) -> None:
        self._application = application
        self._names_by_port = names_by_port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = self._names_by_port[scope["server"][1]]
        await self._application.snapshot.apps[name](scope, receive, send)


def take_lock(data_dir: Path) -> IO[str]:
    """Own a data directory until the returned file is closed; raises DataDirectoryInUse."""
    lock = (data_dir / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        owner = lock.read().strip()
        lock.close()
        raise DataDirectoryInUse(
            f"{data_dir} is in use by another tollhouse process{f' (pid {owner})' if owner else ''}; "
            "stop it, or choose another directory with --data."
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock

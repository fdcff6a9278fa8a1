"""The composition root: builds everything once from settings and a configuration, and takes it apart again."""

import asyncio
import contextlib
import random
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import IO, TYPE_CHECKING

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from tollhouse.accounts import Accounts
from tollhouse.admission import Admission
from tollhouse.alerts import Alerts
from tollhouse.background import Background
from tollhouse.billing.journal import Journal
from tollhouse.charge import Means
from tollhouse.config.kept_secret import kept_secret
from tollhouse.config.load import Loaded
from tollhouse.config.settings import Settings
from tollhouse.config.snapshot import Config
from tollhouse.contract.bodies import body_check
from tollhouse.contract.pipeline import build
from tollhouse.counters.memory import MemoryCounters
from tollhouse.data_directory import STORE_FILE, take_lock
from tollhouse.endpoints.context import Services
from tollhouse.errors import TollhouseError
from tollhouse.generated.bindings import check_endpoints
from tollhouse.health import Health
from tollhouse.housekeeping import Housekeeping
from tollhouse.identity.principals import ANONYMOUS
from tollhouse.identity.wallet import Site
from tollhouse.loading import load
from tollhouse.providers import Providers
from tollhouse.relay import Relay
from tollhouse.router import Router
from tollhouse.sign_ins import SignIns
from tollhouse.spending import Spending
from tollhouse.storage.sqlite import SqliteStore
from tollhouse.storage.sqlite_schema import CRASH
from tollhouse.telemetry import Telemetry
from tollhouse.times import now_us
from tollhouse.upstream import Upstream
from tollhouse.upstream.engine import HttpUpstream
from tollhouse.vault import Vault
from tollhouse.web.pages import Pages

if TYPE_CHECKING:  # it loads the Redis client, which most gateways do without
    from tollhouse.counters.redis import RedisSpending

DRAIN_S = 30.0  # how long stopping waits for what runs

log = structlog.get_logger("tollhouse.app")


class InvariantsUnchecked(TollhouseError):
    """Python leaves out assertions, and with them the invariants of the ledger."""


class ReloadRefused(TollhouseError):
    """A configuration that is valid but cannot replace the running one."""


@dataclass(slots=True)
class Current:
    """The router of a snapshot: another one whenever the stored keys of providers change, while the apps stay."""

    router: Router = field(init=False)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One configuration in force: the apps of its listeners, by listener name."""

    config: Config
    apps: Mapping[str, ASGIApp]
    current: Current


class Application:
    """One gateway process. Owns the data directory while it is open."""

    def __init__(self, settings: Settings, lock: IO[str], store: SqliteStore, services: Services) -> None:
        self.settings = settings
        self.services = services
        self.snapshot: Snapshot  # set by `use`, before anything is served
        self._lock = lock
        self._store = store
        self._housekeeping = Housekeeping(store, services)

    @classmethod
    async def open(
        cls, settings: Settings, config: Config, *, upstream: Upstream | None = None, reading: bool = False
    ) -> "Application":
        """Take the data directory, bring its store up to date, resolve what a crash left open, compile the contract.

        `reading`: for operations that only read. Then nothing is resolved, told, paused or written.
        """
        if not __debug__:
            raise InvariantsUnchecked(
                "Python runs without assertions, which check the invariants of the ledger; "
                "run it without -O and PYTHONOPTIMIZE."
            )
        check_endpoints()
        with contextlib.ExitStack() as undo:
            lock = undo.enter_context(take_lock(settings.data_dir))
            store = SqliteStore(settings.data_dir / STORE_FILE)
            undo.callback(store.close)
            store.migrate()
            app = cls._composed(settings, lock, store, upstream)
            undo.pop_all()
        try:
            await (app._look(config) if reading else app._start(config))
        except BaseException:
            await app.close()
            raise
        return app

    @classmethod
    def _composed(
        cls, settings: Settings, lock: IO[str], store: SqliteStore, upstream: Upstream | None
    ) -> "Application":
        counters = MemoryCounters()
        ledger, keys = load(store, now_us, counters)
        journal = Journal(store)
        generator = random.Random()  # noqa: S311 - spreads load, guards nothing
        alerts = Alerts(settings.mail_server, settings.alert_email_to)
        shared = _shared_spending(settings)
        spending = Spending(store, journal, alerts, now_us, shared)
        means = Means(
            admission=Admission(ledger, journal, counters, now_us),
            ledger=ledger,
            journal=journal,
            upstream=upstream or HttpUpstream(),
            health=Health(time.monotonic, generator),
            telemetry=Telemetry(ledger, spending, alerts, *([shared] if shared else [])),
            background=Background(),
            spending=spending,
        )
        relay = Relay(means, generator)
        accounts = Accounts(store, ledger, journal, keys, now_us)
        sign_ins = SignIns(store, accounts, counters, settings.secret_keys, settings.session_minutes, now_us)
        providers = Providers(store, journal, Vault(settings.master_keys), now_us)
        spending.pause, spending.paused = providers.pause, providers.paused
        return cls(settings, lock, store, Services(relay, accounts, sign_ins, providers, body_check(), Pages()))

    async def _look(self, config: Config) -> None:
        """What is there, as it is: holds that a crash left open stay open until a gateway starts."""
        accounts = self.services.accounts
        for hold in self._store.open_holds():
            accounts.ledger.restore(*hold)
        if ANONYMOUS not in accounts.ledger.accounts:
            accounts.adopt(accounts.new_row(ANONYMOUS, multiplier_ppm=0, account_id=ANONYMOUS))
        await self._compile(config)
        self.is_at(config.routes.listeners[0].url)

    async def _start(self, config: Config) -> None:
        await self._housekeeping.mark_open_holds()  # first: what it finds is all that the next line looks at
        await self._resolve_open_holds()
        accounts = self.services.accounts
        if ANONYMOUS not in accounts.ledger.accounts:
            await accounts.create(ANONYMOUS, multiplier_ppm=0, account_id=ANONYMOUS)
        self.services.relay.means.spending.open()
        await self.use(config)
        self.services.providers.on_change = self._use_changed_keys
        self.is_at(config.routes.listeners[0].url)
        self.services.relay.means.background.run(self.services.providers.reseal())
        self._housekeeping.begin()

    async def use(self, config: Config) -> None:
        """Put a configuration in force, whole: requests that run keep the one they began with."""
        catalogue, at_us = config.catalogue, now_us()
        await self.services.relay.means.journal.run(
            lambda store: store.add_price_version(catalogue.version, catalogue.canonical_json, at_us)
        )
        await self._compile(config)
        self.services.relay.means.health.forget()  # whoever changed something has mended something, perhaps
        self.services.relay.means.spending.use(config.providers)

    async def _compile(self, config: Config) -> None:
        current = Current()
        apps = {
            listener.name: await asyncio.to_thread(
                build, listener, config, lambda: current.router, self.services, self.settings.admin_token
            )
            for listener in config.routes.listeners
        }
        # From here on in one step: keys may have changed while the apps were compiled.
        current.router = self._router(config)
        self.snapshot = Snapshot(config, MappingProxyType(apps), current)
        self.services.providers.configured = config.providers

    def _use_changed_keys(self) -> None:
        """Route what arrives from now on with the keys that are stored now; what runs keeps what it began with."""
        self.snapshot.current.router = self._router(self.snapshot.config)
        self.services.relay.means.health.forget()

    def _router(self, config: Config) -> Router:
        providers = self.services.providers
        return Router(providers.with_stored_keys(config), providers.paused, providers.revoked)

    def is_at(self, url: str) -> None:
        """Say where the first listener is; people see this address unless TOLLHOUSE_PUBLIC_URL names another."""
        self.services.sign_ins.site = Site(self.settings.public_url or url)

    async def reload(self, loaded: Loaded) -> None:
        """Swap to a freshly loaded configuration; raises ReloadRefused where that needs a restart."""
        current, new = self.snapshot.config.routes.listeners, loaded.config.routes.listeners
        if [(each.name, each.host, each.port) for each in current] != [
            (each.name, each.host, each.port) for each in new
        ]:
            raise ReloadRefused("routes.yaml: listeners and their addresses change with a restart only.")
        await self.use(loaded.config)

    async def _resolve_open_holds(self) -> None:
        """Holds of an earlier run: their answers were cut off, so they are void and listed (BILLING.md 6)."""
        relay = self.services.relay
        for hold in self._store.open_holds():
            relay.means.ledger.restore(*hold)
            entry = relay.means.ledger.void(hold.request_id, CRASH)
            assert entry is not None, "it was just restored"
            relay.means.journal.append(entry)
            log.warning("hold_of_earlier_run_voided", request_id=hold.request_id, account=hold.account)
        await relay.means.journal.flush()

    async def close(self) -> None:
        """Let what runs finish, write everything, give the data directory back. Raises UnwrittenEntries."""
        self._housekeeping.end()
        relay = self.services.relay
        await relay.means.background.close(DRAIN_S)
        await relay.means.spending.close()
        await self._housekeeping.write_key_uses()
        await relay.means.upstream.close()
        try:
            await relay.means.journal.close()
        finally:
            self._store.close()
            self._lock.close()


class Listening:
    """The ASGI app of a listener as the server sees it: whatever configuration is in force."""

    def __init__(self, application: Application, names: Mapping[tuple[str, int], str]) -> None:
        """`names` are those of the listeners, by address and port; a listener on every address has the port only."""
        self._application = application
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        server = scope["server"]
        name = self._names.get(server) or self._names["", server[1]]
        await self._application.snapshot.apps[name](scope, receive, send)


def _shared_spending(settings: Settings) -> "RedisSpending | None":
    """The counters in Redis, where there is one. A gateway keeps its name in them as long as its ledger."""
    if settings.redis_url is None:
        return None
    from tollhouse.counters.redis import RedisSpending

    member, _ = kept_secret(settings.data_dir / "gateway_id", lambda: secrets.token_hex(8))
    return RedisSpending(settings.redis_url, member)

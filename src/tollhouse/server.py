"""Listeners on the network: sockets, signals, reloading, and a stop that loses nothing. uvicorn does the HTTP."""

import asyncio
import contextlib
import gc
import json
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path

import structlog
import uvicorn

from tollhouse.app import DRAIN_S, Application, Listening
from tollhouse.config.load import load
from tollhouse.config.settings import Settings
from tollhouse.config.snapshot import Config, Listener
from tollhouse.config.watch import watch
from tollhouse.contract.documents import claimed_paths
from tollhouse.errors import TollhouseError
from tollhouse.http_protocol import bounded

SERVER_FILE = "server.json"  # in the data directory while a server runs: where its admin API is
BACKLOG = 2048
KEEP_ALIVE_S = 75  # longer than the idle time of common load balancers
GC_THRESHOLDS = (50_000, 20, 100)  # the collector was the tail of the design prototype: p99 39 ms with the defaults

log = structlog.get_logger("tollhouse.server")


class AddressInUse(TollhouseError):
    """A listener's address is taken."""


async def serve(
    settings: Settings,
    config: Config,
    *,
    host: str | None = None,
    port: int | None = None,
    environ: Mapping[str, str] = os.environ,
    on_ready: Callable[[Application, Mapping[str, str]], Awaitable[None]] | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Serve until a signal or `stop` asks to stop. `on_ready` gets the application and the URL of each listener."""
    application = await Application.open(settings, config)
    try:
        sockets = {each.name: _bind(each, host, port, first=index == 0) for index, each in enumerate(_listeners(config))}
    except AddressInUse:
        await application.close()
        raise
    ports = {each.getsockname()[1]: name for name, each in sockets.items()}
    urls = {name: _url(each) for name, each in sockets.items()}
    server = _Server(
        uvicorn.Config(
            Listening(application, ports),
            http=bounded(config.routes.limits),
            ws="none",
            loop="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # a client's own X-Forwarded-For must not choose its address
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=int(DRAIN_S),
            backlog=BACKLOG,
        )
    )
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    for name, url in urls.items():
        log.info("listening", listener=name, url=url)
    stop_watching = asyncio.Event()
    reloader = Reloader(application, settings, environ)
    watching = asyncio.ensure_future(watch(settings.config_dir, reloader.reload, stop_watching))
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, reloader.reload_soon)
    _announce(settings, config, urls)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    try:
        if on_ready is not None:
            await on_ready(application, urls)
        stopping = asyncio.ensure_future(server.stop_after(stop or asyncio.Event()))
        await server.serve(sockets=list(sockets.values()))
        stopping.cancel()
    finally:
        stop_watching.set()
        (settings.data_dir / SERVER_FILE).unlink(missing_ok=True)
        await asyncio.gather(watching, return_exceptions=True)
        await application.close()
        log.info("stopped")


class Reloader:
    """Puts changed files in force, one reload at a time; a bad file changes nothing and says why."""

    def __init__(self, application: Application, settings: Settings, environ: Mapping[str, str]) -> None:
        self._application = application
        self._settings = settings
        self._environ = environ
        self._lock = asyncio.Lock()

    def reload_soon(self) -> None:
        self._application.services.relay.background.run(self.reload())

    async def reload(self) -> None:
        async with self._lock:
            try:
                loaded = load(self._settings.config_dir, environ=self._environ, operations=claimed_paths())
                await self._application.reload(loaded)
            except TollhouseError as error:
                log.error("reload_refused", reason=str(error))
                return
        for warning in loaded.warnings:
            log.warning("configuration", problem=str(warning))
        log.info("reloaded", price_version=loaded.config.catalogue.version)


class _Server(uvicorn.Server):
    """uvicorn that stops on SIGINT and SIGTERM and then returns, instead of raising the signal once more."""

    async def stop_after(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)


def _listeners(config: Config) -> tuple[Listener, ...]:
    return config.routes.listeners


def _bind(listener: Listener, host: str | None, port: int | None, *, first: bool) -> socket.socket:
    """The listening socket of a listener; `host` and `port` move the first one, port 0 all of them."""
    address = host if first and host is not None else listener.host
    number = port if port is not None and (first or port == 0) else listener.port
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((address, number))
    except OSError as error:
        bound.close()
        raise AddressInUse(
            f"Listener {listener.name} cannot bind {address}:{number}: {error.strerror}. "
            "Stop what uses it, change `bind` in routes.yaml, or start with --port."
        ) from error
    bound.setblocking(False)
    return bound


def _url(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _announce(settings: Settings, config: Config, urls: Mapping[str, str]) -> None:
    """Tell the commands of this machine where the admin API is."""
    for listener in _listeners(config):
        for mount in listener.mounts:
            if mount.document == "admin":
                facts = {"pid": os.getpid(), "admin_url": f"{urls[listener.name]}{mount.at}"}
                _write(settings.data_dir / SERVER_FILE, json.dumps(facts))
                return


def _write(path: Path, text: str) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(text)
    temporary.replace(path)

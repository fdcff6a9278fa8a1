"""Listeners on the network: sockets, signals, reloading, and a stop that loses nothing. uvicorn does the HTTP."""

import asyncio
import contextlib
import dataclasses
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
from tollhouse.config.load import Loaded, load
from tollhouse.config.settings import Settings
from tollhouse.config.snapshot import Config, Listener
from tollhouse.config.watch import watch
from tollhouse.contract.documents import claimed_paths
from tollhouse.data_directory import SERVER_FILE
from tollhouse.errors import TollhouseError
from tollhouse.http_protocol import bounded

BACKLOG = 2048
CUT_OFF_S = 1.0  # how long a call that is cut off may take to tell its client
KEEP_ALIVE_S = 75  # longer than the idle time of common load balancers
GC_THRESHOLDS = (50_000, 20, 100)  # the collector was the tail of the design prototype: p99 39 ms with the defaults

OnReady = Callable[[Application, Mapping[str, str]], Awaitable[None]]

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
    on_ready: OnReady | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Serve until a signal or `stop` asks to stop. `on_ready` gets the application and the URL of each listener."""
    application = await Application.open(settings, config)
    try:
        with contextlib.ExitStack() as closing:
            sockets = {
                each.name: closing.enter_context(_bind(each, host, port, first=index == 0))
                for index, each in enumerate(config.routes.listeners)
            }
            await _serve(
                application, sockets, Reloader(application, settings, environ), on_ready, stop or asyncio.Event()
            )
    finally:
        await application.close()
    log.info("stopped")


async def _serve(
    application: Application,
    sockets: Mapping[str, socket.socket],
    reloader: "Reloader",
    on_ready: OnReady | None,
    stop: asyncio.Event,
) -> None:
    urls = {name: _url(each) for name, each in sockets.items()}
    server = _Server(_uvicorn_config(application, {_address(each): name for name, each in sockets.items()}))
    loop, server_file = asyncio.get_running_loop(), application.settings.data_dir / SERVER_FILE
    watching = asyncio.ensure_future(reloader.watch(stop_watching := asyncio.Event()))
    stopping = asyncio.ensure_future(server.stop_after(stop))
    loop.add_signal_handler(signal.SIGHUP, reloader.reload_soon)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    try:
        first = application.snapshot.config.routes.listeners[0]
        host, port = sockets[first.name].getsockname()[:2]
        application.is_at(dataclasses.replace(first, host=host, port=port).url)
        _announce(server_file, application.snapshot.config, urls)
        for name, url in urls.items():
            log.info("listening", listener=name, url=url)
        if on_ready is not None:
            await on_ready(application, urls)
        await server.serve(sockets=list(sockets.values()))
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
        stopping.cancel()
        stop_watching.set()
        server_file.unlink(missing_ok=True)
        await asyncio.gather(watching, stopping, return_exceptions=True)


def _uvicorn_config(application: Application, names: Mapping[tuple[str, int], str]) -> uvicorn.Config:
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    return uvicorn.Config(
        Listening(application, names),
        http=bounded(lambda: application.snapshot.config.routes.limits),
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


class Reloader:
    """Puts changed files in force, one reload at a time; a bad file changes nothing and says why."""

    def __init__(self, application: Application, settings: Settings, environ: Mapping[str, str]) -> None:
        self._application = application
        self._settings = settings
        self._environ = environ
        self._lock = asyncio.Lock()

    def reload_soon(self) -> None:
        self._application.services.relay.means.background.run(self.reload())

    async def watch(self, stop: asyncio.Event) -> None:
        """Reload after every change of a file, until `stop` is set."""
        try:
            await watch(self._settings.config_dir, self.reload, stop)
        except (OSError, RuntimeError) as error:
            log.error("watching_failed", reason=str(error), instead="SIGHUP reloads")

    async def reload(self) -> None:
        async with self._lock:
            try:
                loaded = await asyncio.to_thread(self._load)
                await self._application.reload(loaded)
            except TollhouseError as error:
                log.error("reload_refused", reason=str(error))
                return
            except Exception:
                log.exception("reload_failed")
                return
        for warning in loaded.warnings:
            log.warning("configuration", problem=str(warning))
        log.info("reloaded", price_version=loaded.config.catalogue.version)

    def _load(self) -> Loaded:
        return load(self._settings.config_dir, environ=self._environ, operations=claimed_paths())


class _Server(uvicorn.Server):
    """uvicorn that stops on SIGINT and SIGTERM and then returns, instead of raising the signal once more."""

    async def stop_after(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what runs; calls that are cut off settle now, while there is a journal to settle in."""
        await super().shutdown(sockets)
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        if tasks and (await asyncio.wait(tasks, timeout=CUT_OFF_S))[1]:
            for connection in list(self.server_state.connections):
                connection.transport.abort()  # its client does not read, so telling it would take for ever
            await asyncio.wait(tasks, timeout=CUT_OFF_S)

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


def _bind(listener: Listener, host: str | None, port: int | None, *, first: bool) -> socket.socket:
    """The listening socket of a listener; `host` and `port` move the first one, port 0 all of them."""
    address = host if first and host is not None else listener.host
    number = port if port is not None and (first or port == 0) else listener.port
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((address, number))
        bound.listen(BACKLOG)  # from now on clients can connect, and nobody else can bind
    except OSError as error:
        bound.close()
        raise AddressInUse(
            f"Listener {listener.name} cannot bind {address}:{number}: {error.strerror}. "
            f"Stop what uses it, or change `bind` in routes.yaml{'; `serve --port` moves this one, too' if first else ''}."
        ) from error
    bound.setblocking(False)
    return bound


def _url(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _address(bound: socket.socket) -> tuple[str, int]:
    """Where the connections of a listener arrive; every address is ""."""
    host, port = bound.getsockname()[:2]
    return ("" if host in ("0.0.0.0", "::") else host, port)  # noqa: S104 - recognised, not bound


def _announce(server_file: Path, config: Config, urls: Mapping[str, str]) -> None:
    """Tell the commands of this machine where the admin API is."""
    for listener in config.routes.listeners:
        for mount in listener.mounts:
            if mount.document == "admin":
                facts = {"pid": os.getpid(), "admin_url": f"{urls[listener.name]}{mount.at}"}
                _write(server_file, json.dumps(facts))
                return


def _write(path: Path, text: str) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(text)
    temporary.replace(path)

"""Runs the node: configuration, models, socket, server."""

import asyncio
import logging
import signal
import socket
import sys
import threading
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from tollhouse.node.config import NodeConfig, load_config
from tollhouse.node.engine import Engine, load_engine
from tollhouse.node.errors import NodeStartError
from tollhouse.node.server import create_app, end_answers

GRACE_S = 5  # how long running answers may take when the node is told to end

log = logging.getLogger("tollhouse.node")


def serve(config_path: Path | None, *, host: str | None = None, port: int | None = None) -> None:
    """Run until a signal ends it. Exits 1 with the reason where it cannot start."""
    if not log.hasHandlers():
        logging.basicConfig(level=logging.INFO, format="%(message)s")
    for chatty in ("httpx", "uvicorn.error"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        with suppress(KeyboardInterrupt), _sigterm_as_interrupt():
            _serve(load_config(config_path), host, port)
    except NodeStartError as error:
        for line in str(error).splitlines():
            print(f"node: {line}", file=sys.stderr)
        sys.exit(1)


def load_engines(config: NodeConfig, stack: ExitStack) -> Mapping[str, Engine]:
    """Load every model; the stack closes them. Raises NodeStartError."""
    engines = {}
    for model in config.models.values():
        engines[model.id] = load_engine(model)
        stack.callback(engines[model.id].close)
    return engines


def _serve(config: NodeConfig, host: str | None, port: int | None) -> None:
    if not config.enabled:
        raise NodeStartError(f"{config.source}: [api] enabled is false, so there is nothing to serve")
    with ExitStack() as stack:
        listening = stack.enter_context(_bind(host or config.host, config.port if port is None else port))
        engines = load_engines(config, stack)
        _Server(create_app(config, engines), listening, engines).run(sockets=[listening])


@contextmanager
def _sigterm_as_interrupt() -> Generator[None, None, None]:
    """uvicorn raises the signal that ended it once more; as an interrupt it lets the engines be closed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise NodeStartError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; stop what uses it, or choose another address "
            "with `address` in config.toml or --port"
        ) from error


class _Server(uvicorn.Server):
    """Says when it is ready, and gives running answers some time and then a proper end."""

    def __init__(self, app: Starlette, listening: socket.socket, engines: Mapping[str, Engine]) -> None:
        super().__init__(
            uvicorn.Config(
                app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=GRACE_S + 2
            )
        )
        host, port = listening.getsockname()[:2]
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._line = f"node: serving {', '.join(engines)} on http://{address}"
        self._app = app

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            log.info(self._line)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        ending = asyncio.create_task(self._end_answers())
        await super().shutdown(sockets)
        ending.cancel()

    async def _end_answers(self) -> None:
        await asyncio.sleep(GRACE_S)
        await end_answers(self._app)

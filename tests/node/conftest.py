"""Real models, loaded once, behind real servers on free ports."""

import asyncio
import dataclasses
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import uvicorn

from tollhouse.node.config import NodeConfig, default_models
from tollhouse.node.engine import Engine
from tollhouse.node.models import fetch_models
from tollhouse.node.serve import load_engines
from tollhouse.node.server import create_app

CHAT = "smollm2-135m"
EMBEDDING = "all-minilm-l6-v2"


@pytest.fixture(scope="session")
def node_config() -> NodeConfig:
    fetch_models(Path(__file__).parents[2] / "models")  # no work where `make setup` has run
    return NodeConfig(models=default_models())


@pytest.fixture(scope="session")
def engines(node_config: NodeConfig) -> Iterator[dict[str, Engine]]:
    with ExitStack() as stack:
        yield dict(load_engines(node_config, stack))


class RunningNode:
    """A node on a real socket, in a thread of its own."""

    def __init__(self, config: NodeConfig, engines: dict[str, Engine], clock: Callable[[], float] | None) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        app = create_app(config, engines, **({"clock": clock} if clock else {}))
        self._server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=2))
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._listening]))

    def __enter__(self) -> "RunningNode":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listening.close()


@pytest.fixture(scope="session")
def node_url(node_config: NodeConfig, engines: dict[str, Engine]) -> Iterator[str]:
    """The node as it is without a config.toml."""
    with RunningNode(node_config, engines, None) as node:
        yield node.url


@pytest.fixture
def start_node(node_config: NodeConfig, engines: dict[str, Engine]) -> Iterator[Callable[..., str]]:
    """Starts a node over the same models with other settings; gives its address."""
    with ExitStack() as stack:

        def start(*, clock: Callable[[], float] | None = None, **settings: object) -> str:
            config = dataclasses.replace(node_config, **settings)
            return stack.enter_context(RunningNode(config, engines, clock)).url

        yield start


@pytest.fixture
async def http(node_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=node_url, timeout=30, trust_env=False) as client:
        yield client


async def slots_free_within(engine: Engine, timeout_s: float) -> bool:
    """Whether the model gets idle in that time. On an idle machine it takes less than 0.4 s; the tests leave room."""
    async with httpx.AsyncClient(trust_env=False) as client:
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if await engine.door.busy_slots(client) == 0:
                return True
            await asyncio.sleep(0.02)
    return False

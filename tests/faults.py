"""A store that fails when it is told to, under a gateway that does not wait long for it.

with failing_stores(monkeypatch) as stores:             # of every gateway that is opened from now on in this process
    async with Gateway(tmp_path, upstream.url) as gateway:
        stores[-1].fail(Fault(first=3))                 # the third use from now on
        …
        stores[-1].recover()
"""

import asyncio
import functools
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.upstream import Connection, Reply, Request, frame, openai_chat, stream, usage
from tollhouse import app
from tollhouse.billing.journal import Journal
from tollhouse.storage.base import IdentityStore, ProviderStore, SpendingStore, Store, StoreError
from tollhouse.storage.sqlite import SqliteStore

RETRY_S = 0.002
PATIENCE_S = 0.05
BUSY_MS = 20  # how long SQLite waits for a lock
FOR_EVER = 10**9
# What can fail: all that a store does, its parts included. `books` is read by other programs, and closing is no promise.
PARTS = (Store, IdentityStore, ProviderStore, SpendingStore)
USES = frozenset(name for part in PARTS for name in vars(part) if not name.startswith("_")) - {"books", "close"}
assert all(part in PARTS for part in Store.__mro__ if part.__module__ == Store.__module__)


@dataclass(frozen=True, slots=True)
class Fault:
    """Which uses of a store fail, counted from 1, and whether they did what they say that they did not."""

    first: int = 1
    count: int = 1
    done: bool = False

    def hits(self, use: int) -> bool:
        return self.first <= use < self.first + self.count


class FailingStore:
    """A SQLite store of which every use is counted and any use can fail."""

    fault: Fault | None = None  # set on the class: what a store fails with from its first use on

    def __init__(self, path: Path) -> None:
        self.real = SqliteStore(path)
        self.connection = self.real._write
        self.connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        self.uses: list[str] = []
        self.hit = 0
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.real, name)
        return functools.partial(self._use, name, found) if name in USES else found

    def fail(self, fault: Fault) -> None:
        """From now on: the first use after this has the number 1."""
        self.uses, self.hit, self.fault = [], 0, fault

    def recover(self) -> None:
        self.fault = None

    def _use(self, name: str, method: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        with self._lock:
            self.uses.append(name)
            fault = self.fault
            if fault is None or not fault.hits(len(self.uses)):
                return method(*arguments, **named)
            self.hit += 1
            if fault.done:
                self._commit_in_doubt(method, *arguments, **named)
            raise StoreError(f"scripted: use {len(self.uses)}, {name}")

    def _commit_in_doubt(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> None:
        self.real._write = CommitsAndFails(self.connection)  # type: ignore[assignment]
        try:
            method(*arguments, **named)
        finally:
            self.real._write = self.connection


class CommitsAndFails:
    """A connection whose commits are done and reported as failed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        cursor = self._connection.execute(sql, values)
        if sql == "COMMIT":
            raise sqlite3.OperationalError("disk I/O error")
        return cursor


@contextmanager
def failing_stores(monkeypatch: pytest.MonkeyPatch, patience_s: float = PATIENCE_S) -> Iterator[list[FailingStore]]:
    """Gateways that are opened inside have a FailingStore; they come into the list in the order they are opened in."""
    stores: list[FailingStore] = []

    def opened(path: Path) -> FailingStore:
        stores.append(FailingStore(path))
        return stores[-1]

    with monkeypatch.context() as patched:
        patched.setattr(app, "SqliteStore", opened)
        patched.setattr(app, "Journal", functools.partial(Journal, retry_s=RETRY_S, patience_s=patience_s))
        yield stores


# Answers that end when they are let go

HEL = frame({"choices": [{"index": 0, "delta": {"content": "Hel"}}]})
LAST = [
    frame({"choices": [{"index": 0, "delta": {"content": "lo"}, "finish_reason": "stop"}]}),
    frame({"choices": [], "usage": usage()}),
    b"data: [DONE]\n\n",
]


def gated(gate: threading.Event) -> Reply:
    """Answers that end when the gate is opened; streams have begun before."""

    async def opened() -> None:
        while not gate.is_set():
            await asyncio.sleep(0.005)

    async def end(request: Request, connection: Connection) -> None:
        await opened()
        for piece in LAST:
            await connection.piece(piece)
        await connection.finish()

    async def reply(request: Request, connection: Connection) -> None:
        if request.json().get("stream"):
            await stream([HEL], end=end)(request, connection)
        else:
            await opened()
            await openai_chat()(request, connection)

    return reply

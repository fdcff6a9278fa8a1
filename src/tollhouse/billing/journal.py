"""The journal: group commit. Whatever waits becomes one durable transaction, written by one thread.

`append` never waits; `durable` does, until everything appended so far is on disk. Where the store fails, entries stay
queued and are tried again until they are in: nothing that happened is ever dropped. Meanwhile `failing` is set, and
admission answers 503 instead of taking on more work.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

import structlog

from tollhouse.billing.ledger import Entry
from tollhouse.errors import Unavailable
from tollhouse.storage.base import Store, StoreError

T = TypeVar("T")

RETRY_S = 0.2  # between two tries while the store fails
PATIENCE_S = 5.0  # how long a request waits for a failing store before it is answered 503
BATCH_MAX = 4096  # entries in one transaction

log = structlog.get_logger("tollhouse.journal")


class Journal:
    """Entries on their way to the store. Made and awaited in the event loop; a thread of its own does the writing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loop = asyncio.get_running_loop()
        self._queue: deque[Entry] = deque()
        self._tasks: deque[tuple[Callable[[Store], Any], asyncio.Future[Any]]] = deque()
        self._wake = threading.Event()
        self._stopping = False
        self._appended = 0
        self._committed = 0
        self._waiters: deque[tuple[int, asyncio.Future[None]]] = deque()
        self.failing: str | None = None
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def append(self, entry: Entry) -> int:
        """Queue an entry; returns the position to wait for."""
        self._queue.append(entry)
        self._appended += 1
        if not self._wake.is_set():
            self._wake.set()
        return self._appended

    async def durable(self, position: int) -> None:
        """Wait until everything up to `position` is on disk; raises Unavailable where the store keeps failing."""
        if position <= self._committed:
            return
        waiter: asyncio.Future[None] = self._loop.create_future()
        self._waiters.append((position, waiter))
        if self.failing is None:
            await waiter
            return
        try:
            await asyncio.wait_for(waiter, PATIENCE_S)
        except TimeoutError as error:
            raise store_down(self.failing) from error

    async def flush(self) -> None:
        """Wait for everything appended so far, so that a reader sees its own writes."""
        await self.durable(self._appended)

    async def run(self, task: Callable[[Store], T]) -> T:
        """Run a task with the store in the journal's thread, after everything that is queued now."""
        done: asyncio.Future[T] = self._loop.create_future()
        self._tasks.append((task, done))
        self._wake.set()
        try:
            return await done
        except StoreError as error:
            raise store_down(str(error)) from error

    async def close(self) -> None:
        """Write what is queued and stop the thread."""
        self._stopping = True
        self._wake.set()
        await asyncio.to_thread(self._thread.join)

    # In the thread

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._queue or self._tasks:
                if self._queue:
                    if not self._commit():
                        break
                else:
                    self._run_task(*self._tasks.popleft())
            if self._stopping and (self.failing or not (self._queue or self._tasks)):
                return

    def _commit(self) -> bool:
        batch = [self._queue[i] for i in range(min(len(self._queue), BATCH_MAX))]
        try:
            self._store.write(batch)
        except StoreError as error:
            if self.failing is None:
                log.error("journal_store_failing", error=str(error), queued=len(self._queue))
            self.failing = str(error)
            while self._tasks:  # administrative work is refused at once; charges are kept and tried again
                _, done = self._tasks.popleft()
                self._call(_fail, done, error)
            self._call(self._store_failing)
            if not self._stopping:
                threading.Timer(RETRY_S, self._wake.set).start()
            return False
        for _ in batch:
            self._queue.popleft()
        if self.failing is not None:
            log.warning("journal_store_recovered", queued=len(self._queue))
            self.failing = None
        self._call(self._batch_done, len(batch))
        return True

    def _run_task(self, task: Callable[[Store], Any], done: asyncio.Future[Any]) -> None:
        try:
            result = task(self._store)
        except Exception as error:  # noqa: BLE001 - handed to the one who waits
            self._call(_fail, done, error)
        else:
            self._call(_finish, done, result)

    def _call(self, function: Callable[..., None], *arguments: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *arguments)

    # Back in the event loop

    def _batch_done(self, count: int) -> None:
        self._committed += count
        waiters = self._waiters
        while waiters and waiters[0][0] <= self._committed:
            _finish(waiters.popleft()[1], None)

    def _store_failing(self) -> None:
        """Those who wait now have waited in good faith: they get `PATIENCE_S` from here."""
        waiting = [waiter for _, waiter in self._waiters if not waiter.done()]
        reason = self.failing

        def give_up() -> None:
            if self.failing is not None:
                for waiter in waiting:
                    _fail(waiter, store_down(reason))

        if waiting:
            self._loop.call_later(PATIENCE_S, give_up)


def store_down(reason: str | None) -> Unavailable:
    """The 503 for a store that fails; the reason is for the log, not for clients."""
    log.warning("ledger_unavailable", reason=reason)
    return Unavailable("The ledger is unavailable, so nothing was charged or sent; try again shortly.", retry_after_s=1)


def _finish(future: asyncio.Future[Any], result: Any) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)

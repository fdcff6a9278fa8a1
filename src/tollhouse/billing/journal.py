"""The journal: group commit. Whatever waits becomes one durable transaction, written by one thread.

`append` never waits; `durable` does, until everything appended so far is on disk. It is the waiting that makes the
thread commit, as soon as a round of the event loop adds nothing more: a hold that nobody waits for yet stays for
`LATE_S` at most, so a fast request has its hold and its charge in one commit, requests that come together share it,
and there are as few commits and wake-ups as those who wait need.

Where the store fails, entries stay queued and are tried again until they are in: nothing that happened is ever
dropped. Meanwhile `failing` is set, and admission answers 503 instead of taking on more work.
"""

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

import structlog

from tollhouse.billing.ledger import Entry
from tollhouse.errors import TollhouseError, Unavailable
from tollhouse.storage.base import AccountRow, LogRow, Store, StoreError

T = TypeVar("T")

LATE_S = 0.002  # how long an entry may stay before a commit takes it, whoever waits
RETRY_S = 0.2  # between two tries while the store fails
PATIENCE_S = 5.0  # how long a request waits for a failing store before it is answered 503
BATCH_MAX = 4096  # entries in one transaction

log = structlog.get_logger("tollhouse.journal")


class UnwrittenEntries(TollhouseError):
    """The process ends and its store has failed until now."""


class _Task(NamedTuple):
    position: int  # after which entry
    exact: bool
    work: Callable[[Store], Any]
    done: asyncio.Future[Any]


class Journal:
    """Entries on their way to the store. Made and awaited in the event loop; a thread of its own does the writing."""

    def __init__(self, store: Store, *, retry_s: float = RETRY_S, patience_s: float = PATIENCE_S) -> None:
        self._store = store
        self._retry_s = retry_s
        self._patience_s = patience_s
        self._loop = asyncio.get_running_loop()
        self._queue: deque[Entry] = deque()
        self._beside: deque[tuple[int, AccountRow | LogRow]] = deque()  # rows that go with an entry, by its position
        self._tasks: deque[_Task] = deque()
        self._exact: deque[int] = deque()  # after which entry those tasks come that no later one may precede
        self._wake: SimpleQueue[None] = SimpleQueue()
        self._stopping = False
        self._stop_trying_at_s = 0.0
        self._late: asyncio.TimerHandle | None = None
        self._gathering = False  # somebody waits, and a commit follows when the event loop has a quiet round
        self._appended = 0
        self._wanted = 0  # up to here somebody waits, or it is late
        self._written = 0  # as the thread knows it
        self._committed = 0  # as the event loop knows it
        self._waiters: deque[tuple[int, asyncio.Future[None]]] = deque()
        self.failing: str | None = None
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def append(self, entry: Entry, beside: Sequence[AccountRow | LogRow] = ()) -> int:
        """Queue an entry, and rows to be written in its transaction; returns the position to wait for."""
        for row in beside:  # first: the thread takes an entry as soon as it is queued
            self._beside.append((self._appended + 1, row))
        self._queue.append(entry)
        self._appended += 1
        if self._late is None:
            self._late = self._loop.call_later(LATE_S, self._commit_late)
        return self._appended

    async def durable(self, position: int) -> None:
        """Wait until everything up to `position` is on disk; raises Unavailable where the store keeps failing."""
        if position <= self._committed:
            return
        if position > self._wanted and not self._gathering:
            self._gathering = True
            self._loop.call_soon(self._commit_when_quiet, self._appended)
        waiter: asyncio.Future[None] = self._loop.create_future()
        self._waiters.append((position, waiter))
        if self.failing is not None:
            self._loop.call_later(self._patience_s, self._give_up, [waiter])
        await waiter

    async def flush(self) -> None:
        """Wait for everything appended so far, so that a reader sees its own writes."""
        await self.durable(self._appended)

    async def run(self, task: Callable[[Store], T], *, exact: bool = False) -> T:
        """Run a task with the store in the journal's thread, after everything that is queued now.

        An exact task also comes before everything that is queued later: it sees the store as this moment makes it,
        and everybody's entries wait for it, so it has to be short.

        Raises Unavailable at once where the store fails: administrative work is refused, only charges are kept.
        """
        if self.failing is not None:
            raise store_down(self.failing)
        done: asyncio.Future[T] = self._loop.create_future()
        if exact:
            self._exact.append(self._appended)
        self._tasks.append(_Task(self._appended, exact, task, done))
        self._commit_now()
        try:
            return await done
        except StoreError as error:
            raise store_down(str(error)) from error

    async def close(self) -> None:
        """Write what is queued and stop the thread; a store that fails is tried for `PATIENCE_S` more.

        Raises UnwrittenEntries where it failed until the end.
        """
        self._stop_trying_at_s = time.monotonic() + self._patience_s
        self._stopping = True
        self._commit_now()
        await asyncio.to_thread(self._thread.join)
        reason, self.failing = self.failing, self.failing or "the journal is closed"
        if self._queue:
            raise UnwrittenEntries(
                f"The last {len(self._queue)} entries of the ledger could not be written ({reason}): "
                "what they charge is lost, and their open holds are voided at the next start."
            )

    def _commit_now(self) -> None:
        """Have everything committed that was appended so far."""
        self._wanted = self._appended
        self._wake.put(None)

    def _commit_when_quiet(self, appended: int) -> None:
        """Have everything committed, unless something was added since somebody asked: then the next round may add, too.

        So calls that come together are written together. `_commit_late` sees to it that nobody waits for long.
        """
        if self._appended > appended:
            self._loop.call_soon(self._commit_when_quiet, self._appended)
            return
        self._gathering = False
        if self._wanted < self._appended:
            self._commit_now()

    def _commit_late(self) -> None:
        self._late = None
        if self._wanted < self._appended:
            self._commit_now()

    # In the thread

    def _run(self) -> None:
        while True:
            self._wake.get()
            while self._written < self._wanted or self._tasks:
                if self._round():
                    continue
                if self._stopping and time.monotonic() >= self._stop_trying_at_s:
                    _tell(
                        log.error, "journal_closed_with_unwritten_entries", entries=len(self._queue), error=self.failing
                    )
                    return
                time.sleep(self._retry_s)
            if self._stopping:
                return

    def _round(self) -> bool:
        """One commit, then one task if it is its turn, so that neither waits for the end of the other.

        False where the store failed. Whatever it raises, the thread goes on: without it everybody would wait for ever.
        """
        try:
            size = self._batch_size()
            if size:
                self._commit(size)
        except Exception as error:  # noqa: BLE001 - see above
            self._failed(error)
            return False
        if self._tasks and self._tasks[0].position <= self._written:
            self._run_task()
        return True

    def _batch_size(self) -> int:
        """How many entries the next commit takes: none that an exact task must not see."""
        size = min(len(self._queue), BATCH_MAX)  # first: what is queued after an exact task comes is queued after this
        return min(size, self._exact[0] - self._written) if self._exact else size

    def _commit(self, size: int) -> None:
        batch = [self._queue[i] for i in range(size)]
        beside = self._rows_beside(self._written + size)
        self._store.write(batch, beside)
        for _ in beside:
            self._beside.popleft()
        for _ in batch:
            self._queue.popleft()
        self._written += len(batch)
        recovered = self.failing is not None
        self.failing = None
        self._call(self._batch_done, len(batch))
        if recovered:
            _tell(log.warning, "journal_store_recovered", queued=len(self._queue))

    def _rows_beside(self, last: int) -> list[AccountRow | LogRow]:
        """The rows that go with the entries up to a position."""
        rows = []
        for i in range(len(self._beside)):
            position, row = self._beside[i]
            if position > last:
                break
            rows.append(row)
        return rows

    def _failed(self, error: Exception) -> None:
        """Refuse administrative work at once; charges stay queued and are tried again."""
        first = self.failing is None
        self.failing = str(error) or repr(error)
        while self._tasks:
            self._call(_fail, self._next_task().done, store_down(self.failing))
        if first:
            self._call(self._store_failing)
            _tell(log.error, "journal_store_failing", error=repr(error), queued=len(self._queue))

    def _run_task(self) -> None:
        task = self._next_task()
        try:
            result = task.work(self._store)
        except Exception as error:  # noqa: BLE001 - handed to the one who waits
            self._call(_fail, task.done, error)
        else:
            self._call(_finish, task.done, result)

    def _next_task(self) -> _Task:
        task = self._tasks.popleft()
        if task.exact:
            self._exact.popleft()
        return task

    def _call(self, function: Callable[..., None], *arguments: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed, so nobody waits any more
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
        self._loop.call_later(self._patience_s, self._give_up, waiting)

    def _give_up(self, waiting: Iterable[asyncio.Future[None]]) -> None:
        if self.failing is not None:
            for waiter in waiting:
                if not waiter.done():
                    waiter.set_exception(store_down(self.failing))


async def read(store: Store, work: Callable[[Store], T]) -> T:
    """What the store says, read beside the event loop; raises Unavailable where it cannot be read."""
    try:
        return await asyncio.to_thread(work, store)
    except StoreError as error:
        raise store_down(str(error)) from error


def store_down(reason: str | None) -> Unavailable:
    """The 503 for a store that fails; the reason is for the log, not for clients."""
    _tell(log.warning, "ledger_unavailable", reason=reason)
    return Unavailable("The ledger is unavailable, so this request was not served; try again shortly.", retry_after_s=1)


def _tell(write: Callable[..., Any], event: str, **facts: Any) -> None:
    """Log; a standard error that is closed or full must not stop the journal."""
    with contextlib.suppress(OSError, ValueError):
        write(event, **facts)


def _finish(future: asyncio.Future[Any], result: Any) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)

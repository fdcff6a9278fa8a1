"""The journal loses nothing and keeps order, whatever the store does. A real SQLite file that fails on demand."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.billing.scenario import START_US, Clock, account, delivery, hold, opened, rate
from tollhouse.billing import journal as journal_module
from tollhouse.billing.audit import audit
from tollhouse.billing.journal import Journal, UnwrittenEntries
from tollhouse.billing.ledger import Entry, Ledger
from tollhouse.billing.pricing import Usage
from tollhouse.errors import Unavailable
from tollhouse.storage.base import AccountRow, LogRow, Row, Store, StoreError
from tollhouse.storage.sqlite import SqliteStore

RETRY_S = 0.005
PATIENCE_S = 0.2


class TestingStore(SqliteStore):
    """Fails the next `failures` writes with `error`; `gate` stops the writer; remembers its transactions."""

    __test__ = False

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.failures = 0
        self.error: Exception = StoreError("the disk is full")
        self.batches: list[int] = []
        self.tries = 0
        self.gate = threading.Event()
        self.gate.set()

    def write(self, entries: Sequence[Row], beside: Sequence[AccountRow | LogRow] = ()) -> None:
        self.gate.wait()
        self.tries += 1
        if self.failures:
            self.failures -= 1
            raise self.error
        super().write(entries, beside)
        self.batches.append(len(entries))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TestingStore]:
    with opened(tmp_path / "test.sqlite", store=TestingStore) as kept:
        assert isinstance(kept, TestingStore)
        yield kept


@pytest.fixture
async def journal(store: TestingStore) -> AsyncIterator[Journal]:
    async with running(store) as journal:
        yield journal


@asynccontextmanager
async def running(store: SqliteStore, patience_s: float = PATIENCE_S) -> AsyncIterator[Journal]:
    journal = Journal(store, retry_s=RETRY_S, patience_s=patience_s)
    try:
        yield journal
    finally:
        await journal.close()


class Requests:
    """Holds of one rich account, in order."""

    def __init__(self) -> None:
        self.account = account(balance_nano=10**18)
        self.ledger = Ledger(Clock(), [self.account])
        self.count = 0

    def hold(self) -> Entry:
        self.count += 1
        return hold(self.ledger, f"req_{self.count}", self.account, 1)


def kept(store: SqliteStore) -> list[str]:
    with store.books() as books:
        return [row["request_id"] for row in books.entries]


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


async def test_durable_returns_when_the_entry_is_on_disk(journal: Journal, store: TestingStore) -> None:
    await journal.durable(journal.append(Requests().hold()))
    assert kept(store) == ["req_1"]


async def test_durable_waits_for_the_commit(journal: Journal, store: TestingStore) -> None:
    store.gate.clear()
    waiting = asyncio.ensure_future(journal.durable(journal.append(Requests().hold())))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    store.gate.set()
    await waiting


async def test_what_waits_becomes_one_transaction(journal: Journal, store: TestingStore) -> None:
    requests = Requests()
    store.gate.clear()
    journal.append(requests.hold())
    await asyncio.sleep(0.02)  # the writer has taken the first one and stands at the gate
    for _ in range(99):
        journal.append(requests.hold())
    store.gate.set()
    await journal.flush()
    assert store.batches == [1, 99]
    assert kept(store) == [f"req_{number}" for number in range(1, 101)]


async def test_requests_that_come_together_share_a_commit(
    journal: Journal, store: TestingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "LATE_S", 60.0)  # a slow machine may take longer than that for eight rounds
    requests = Requests()

    async def call() -> None:
        await journal.durable(journal.append(requests.hold()))

    async def later(rounds: int) -> None:
        for _ in range(rounds):
            await asyncio.sleep(0)
        await call()

    await asyncio.gather(*(later(number // 2) for number in range(8)))  # two in each of four rounds of the loop
    assert store.batches == [8]


async def test_nobody_waits_for_a_quiet_moment_that_never_comes(journal: Journal, store: TestingStore) -> None:
    requests = Requests()
    first = asyncio.ensure_future(journal.durable(journal.append(requests.hold())))
    async with asyncio.timeout(5):
        while not first.done():
            journal.append(requests.hold())
            await asyncio.sleep(0)
    assert store.batches


async def test_a_transaction_is_bounded(journal: Journal, store: TestingStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "BATCH_MAX", 10)
    requests = Requests()
    store.gate.clear()
    for _ in range(25):
        journal.append(requests.hold())
    store.gate.set()
    await journal.flush()
    assert max(store.batches) <= 10 and sum(store.batches) == 25


async def test_each_waiter_is_woken_once_its_own_entry_is_in(journal: Journal, store: TestingStore) -> None:
    requests = Requests()
    woken: list[int] = []

    async def wait(position: int) -> None:
        await journal.durable(position)
        assert len(kept(store)) >= position
        woken.append(position)

    await asyncio.gather(*(wait(journal.append(requests.hold())) for _ in range(200)))
    assert woken == sorted(woken) and len(woken) == 200


async def test_entries_from_a_busy_loop_are_never_left_lying(journal: Journal, store: TestingStore) -> None:
    # Appending races with the writer going to sleep; a lost wake-up would hang here.
    requests = Requests()
    for number in range(300):
        position = journal.append(requests.hold())
        if number % 3 == 0:
            async with asyncio.timeout(5):
                await journal.durable(position)
    await journal.flush()
    assert len(kept(store)) == 300


@pytest.mark.parametrize(
    "error",
    [StoreError("the disk is full"), sqlite3.OperationalError("locked"), MemoryError(), RuntimeError("a defect")],
)
async def test_a_store_that_fails_and_recovers_loses_nothing_and_keeps_order(
    journal: Journal, store: TestingStore, error: Exception
) -> None:
    requests = Requests()
    store.failures, store.error = 3, error
    for _ in range(5):
        journal.append(requests.hold())
        await asyncio.sleep(0.002)
    async with asyncio.timeout(5):
        await journal.flush()
    assert journal.failing is None
    assert kept(store) == [f"req_{number}" for number in range(1, 6)]


async def test_who_waits_is_answered_503_after_the_patience(journal: Journal, store: TestingStore) -> None:
    store.failures = 10**9
    began = time.monotonic()
    with pytest.raises(Unavailable) as refused:
        await journal.durable(journal.append(Requests().hold()))
    assert PATIENCE_S <= time.monotonic() - began < 2
    assert refused.value.retry_after_s == 1
    assert journal.failing == "the disk is full"
    with pytest.raises(Unavailable):  # and so is who comes later
        await journal.flush()
    store.failures = 0
    await until(lambda: journal.failing is None)
    await journal.flush()
    assert kept(store) == ["req_1"]


async def test_who_waits_through_a_short_failure_never_notices(journal: Journal, store: TestingStore) -> None:
    store.failures = 2
    await journal.durable(journal.append(Requests().hold()))
    assert kept(store) == ["req_1"]


async def test_a_failing_store_is_not_hammered(store: TestingStore) -> None:
    journal = Journal(store, retry_s=0.05, patience_s=PATIENCE_S)
    requests = Requests()
    store.failures = 10**9
    for _ in range(100):
        journal.append(requests.hold())
        await asyncio.sleep(0.001)
    assert store.tries <= 10
    store.failures = 0
    await journal.close()
    assert len(kept(store)) == 100


async def test_one_request_that_gave_up_does_not_disturb_the_others(journal: Journal, store: TestingStore) -> None:
    requests = Requests()
    store.gate.clear()
    first = asyncio.ensure_future(journal.durable(journal.append(requests.hold())))
    second = asyncio.ensure_future(journal.durable(journal.append(requests.hold())))
    await asyncio.sleep(0.01)
    first.cancel()
    store.gate.set()
    await second
    assert kept(store) == ["req_1", "req_2"]


async def test_a_task_sees_everything_that_was_appended_before_it(journal: Journal, store: TestingStore) -> None:
    requests = Requests()
    for _ in range(50):
        journal.append(requests.hold())
    assert await journal.run(lambda kept: len(kept.open_holds())) == 50


async def test_a_task_does_not_wait_for_a_queue_that_never_empties(journal: Journal, store: TestingStore) -> None:
    requests = Requests()
    stop = False

    async def load() -> None:
        while not stop:
            journal.append(requests.hold())
            await asyncio.sleep(0)

    loading = asyncio.ensure_future(load())
    original = store.write

    def slow(entries: Sequence[Row], beside: Sequence[AccountRow | LogRow] = ()) -> None:
        time.sleep(0.002)  # so that the next entry is always there when a commit ends
        original(entries, beside)

    store.write = slow  # type: ignore[method-assign]
    await asyncio.sleep(0.02)
    async with asyncio.timeout(2):
        await journal.run(lambda store: store.revoke_key("nobody", START_US))
    assert store.batches, "there was a load"
    stop = True
    await loading


async def test_entries_do_not_wait_for_a_pile_of_tasks(journal: Journal, store: TestingStore) -> None:
    done: list[int] = []

    def task(number: int) -> Callable[[Store], None]:
        def work(_: Store) -> None:
            time.sleep(0.005)
            done.append(number)

        return work

    requests = Requests()
    store.gate.clear()
    journal.append(requests.hold())
    await asyncio.sleep(0.01)
    tasks = [asyncio.ensure_future(journal.run(task(number))) for number in range(40)]
    await asyncio.sleep(0)
    position = journal.append(requests.hold())
    store.gate.set()
    await journal.durable(position)
    assert len(done) < 40
    await asyncio.gather(*tasks)
    assert done == list(range(40))


async def test_an_exact_task_sees_its_own_moment_and_nothing_later(journal: Journal, store: TestingStore) -> None:
    requests = Requests()
    store.gate.clear()
    journal.append(requests.hold())
    await asyncio.sleep(0.01)  # the writer stands at the gate, so all that follows is queued when it comes back
    seen = []
    for number in range(1, 20):
        journal.append(requests.hold())
        seen.append(asyncio.ensure_future(journal.run(lambda kept: len(kept.open_holds()), exact=number % 3 > 0)))
        await asyncio.sleep(0)
    last = journal.append(requests.hold())
    store.gate.set()
    counts = await asyncio.gather(*seen)
    assert [count for number, count in enumerate(counts, 1) if number % 3] == [n + 1 for n in range(1, 20) if n % 3]
    await journal.durable(last)
    assert kept(store) == [f"req_{number}" for number in range(1, 22)]


async def test_an_exact_task_that_met_a_failing_store_holds_up_nobody(journal: Journal, store: TestingStore) -> None:
    requests = Requests()
    store.gate.clear()
    store.failures = 2
    journal.append(requests.hold())
    await asyncio.sleep(0.01)
    early = asyncio.ensure_future(journal.run(lambda kept: kept.open_holds(), exact=True))
    await asyncio.sleep(0)
    last = journal.append(requests.hold())
    store.gate.set()
    with pytest.raises(Unavailable):
        await early
    async with asyncio.timeout(5):
        await journal.durable(last)
    assert kept(store) == ["req_1", "req_2"]


async def test_tasks_are_refused_while_the_store_fails(journal: Journal, store: TestingStore) -> None:
    store.gate.clear()
    store.failures = 10**9
    journal.append(Requests().hold())
    early = asyncio.ensure_future(journal.run(lambda kept: kept.open_holds()))
    await asyncio.sleep(0.01)
    store.gate.set()
    with pytest.raises(Unavailable):
        await early
    began = time.monotonic()
    with pytest.raises(Unavailable):
        await journal.run(lambda kept: kept.open_holds())
    assert time.monotonic() - began < PATIENCE_S
    store.failures = 0


async def test_a_task_that_meets_a_failing_store_is_unavailable_and_others_keep_their_error(journal: Journal) -> None:
    def locked(_: Any) -> None:
        raise StoreError("database is locked")

    def wrong(_: Any) -> None:
        raise KeyError("a defect")

    with pytest.raises(Unavailable):
        await journal.run(locked)
    with pytest.raises(KeyError):
        await journal.run(wrong)
    assert journal.failing is None
    assert await journal.run(lambda kept: kept.open_holds()) == []


async def test_a_task_whose_caller_left_still_runs(journal: Journal, store: TestingStore) -> None:
    ran = threading.Event()
    store.gate.clear()
    journal.append(Requests().hold())
    leaving = asyncio.ensure_future(journal.run(lambda _: ran.set()))
    await asyncio.sleep(0.01)
    leaving.cancel()
    store.gate.set()
    await until(ran.is_set)
    await journal.flush()


async def test_closing_writes_everything(store: TestingStore) -> None:
    requests = Requests()
    async with running(store) as journal:
        for _ in range(500):
            journal.append(requests.hold())
    assert len(kept(store)) == 500


async def test_closing_waits_for_a_store_that_recovers(store: TestingStore) -> None:
    requests = Requests()
    async with running(store, patience_s=5) as journal:
        store.failures = 5
        for _ in range(10):
            journal.append(requests.hold())
    assert len(kept(store)) == 10


async def test_closing_gives_up_on_a_store_that_stays_away(store: TestingStore) -> None:
    with pytest.raises(UnwrittenEntries, match="last 1 entries"):
        async with asyncio.timeout(5), running(store) as journal:
            store.failures = 10**9
            journal.append(Requests().hold())
    assert journal.failing == "the disk is full"


async def test_after_closing_nobody_waits_for_ever(store: TestingStore) -> None:
    async with running(store) as journal:
        pass
    with pytest.raises(Unavailable):
        await journal.run(lambda kept: kept.open_holds())
    with pytest.raises(Unavailable):
        await journal.durable(journal.append(Requests().hold()))


def test_the_loop_may_be_gone_before_the_writer_is(store: TestingStore) -> None:
    async def start() -> Journal:
        journal = Journal(store, retry_s=RETRY_S, patience_s=PATIENCE_S)
        store.gate.clear()
        journal.append(Requests().hold())
        return journal

    journal = asyncio.run(start())
    store.gate.set()
    asyncio.run(journal.close())
    assert kept(store) == ["req_1"]


async def test_a_closed_standard_error_does_not_stop_the_writer(
    journal: Journal, store: TestingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Closed:
        def __getattr__(self, level: str) -> Any:
            def write(*_: Any, **__: Any) -> None:
                raise BrokenPipeError

            return write

    monkeypatch.setattr(journal_module, "log", Closed())
    store.failures = 2
    await journal.durable(journal.append(Requests().hold()))
    assert kept(store) == ["req_1"] and journal.failing is None


async def test_the_books_of_a_stormy_day_hold(journal: Journal, store: TestingStore) -> None:
    ledger = Ledger(Clock(), [account()])
    acme = ledger.accounts["acme"]
    journal.append(ledger.credit(acme, 10**9, "first"))
    for number in range(200):
        store.failures = 2 if number % 50 == 0 else store.failures
        journal.append(hold(ledger, f"req_{number}", acme, 3000))
        resolved = (
            ledger.settle(f"req_{number}", rate(), delivery(Usage(input=number, output=1)))
            if number % 3
            else ledger.void(f"req_{number}", "refused")
        )
        assert resolved is not None
        journal.append(resolved)
        await asyncio.sleep(0)
    await journal.flush()
    report = audit(store)
    assert (report.drift, report.findings, report.requests, report.held) == (0, [], 200, 0)
    with store.books() as books:
        assert books.balances["acme"] == (acme.balance_nano, acme.spent_nano, 0)

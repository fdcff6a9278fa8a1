"""Open holds and their marks: none is ever missed, whatever the marks were and whenever the process ends."""

import random
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.billing.scenario import Clock, account, hold, opened
from tollhouse.billing.audit import audit
from tollhouse.billing.ledger import Entry, Ledger
from tollhouse.storage.sqlite import SqliteStore
from tollhouse.storage.sqlite_holds import find_hold_marks, hold_marks, open_holds


class Traffic:
    """Requests that come and end, as entries."""

    def __init__(self) -> None:
        self.ledger = Ledger(Clock(), [account()])
        self._count = 0

    def begin(self) -> Entry:
        self._count += 1
        return hold(self.ledger, f"req_{self._count}", self.ledger.accounts["acme"], 0)

    def end(self, request_id: str) -> Entry:
        entry = self.ledger.void(request_id, "upstream answered 500")
        assert entry is not None
        return entry

    def some(self, count: int) -> list[Entry]:
        """Requests that began and have ended."""
        entries = []
        for _ in range(count):
            began = self.begin()
            entries += [began, self.end(str(began.request_id))]
        return entries


def found(store: SqliteStore) -> list[str]:
    return sorted(hold.request_id for hold in store.open_holds())


def unresolved(path: Path) -> list[str]:
    """What is open in a file, read from every entry, without any marks."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT request_id FROM entries WHERE kind = 'hold' EXCEPT SELECT request_id FROM entries WHERE kind <> 'hold'"
    ).fetchall()
    connection.close()
    return sorted(request_id for (request_id,) in rows)


@pytest.mark.parametrize("seed", range(8))
def test_marks_however_old_never_pass_an_open_hold(tmp_path: Path, seed: int) -> None:
    generator = random.Random(seed)
    traffic = Traffic()
    earlier: list[list[int]] = []  # marks that were found at some time; any of them may be kept later
    with opened(tmp_path / "store") as store:
        for _ in range(150):
            running = list(traffic.ledger.open_holds)
            what = generator.choice(["begin", "begin", "end", "end", "find", "keep"])
            if what == "begin":
                store.write([traffic.begin() for _ in range(generator.randrange(1, 4))])
            elif what == "end" and running:
                ended = generator.sample(running, generator.randrange(1, len(running) + 1))
                store.write([traffic.end(request_id) for request_id in ended])
            elif what == "find":
                earlier.append(store.find_hold_marks())
            elif what == "keep" and earlier:
                store.keep_hold_marks(generator.choice(earlier))
            assert found(store) == sorted(traffic.ledger.open_holds) == unresolved(store.path)
        assert len(earlier) > 10 and audit(store).findings == []


def test_the_marks_are_the_open_holds_and_the_entry_that_comes_next(tmp_path: Path) -> None:
    traffic = Traffic()
    with opened(tmp_path / "store") as store:
        assert store.find_hold_marks() == [1]
        store.write([*traffic.some(1), traffic.begin(), *traffic.some(2), traffic.begin()])
        for _ in range(2):
            assert store.find_hold_marks() == [3, 8, 9]
            store.keep_hold_marks([3, 8, 9])
        store.write([traffic.end("req_2")])
        assert store.find_hold_marks() == [8, 10]
        store.keep_hold_marks([8, 10])
        assert hold_marks(store._write) == {8, 10}


def test_marks_that_stay_the_same_write_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "store") as store:
        store.write([Traffic().begin()])
        store.keep_hold_marks(store.find_hold_marks())
        wal = (tmp_path / "store-wal").stat().st_size
        before = (tmp_path / "store-wal").read_bytes()
        store.keep_hold_marks(store.find_hold_marks())
        assert wal > 0 and (tmp_path / "store-wal").read_bytes() == before


def steps(store: SqliteStore) -> int:
    """How many steps SQLite's machine takes to find the open holds and the marks."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1

    with store._reading() as connection:
        connection.set_progress_handler(step, 1)
        open_holds(connection)
        find_hold_marks(connection)
    return count


def test_finding_open_holds_takes_no_longer_with_a_longer_ledger(tmp_path: Path) -> None:
    traffic = Traffic()
    taken = []
    with opened(tmp_path / "store") as store:
        store.write([traffic.begin()])
        for length in (10, 1_000):
            store.write(traffic.some(length))
            unmarked = steps(store)
            store.keep_hold_marks(store.find_hold_marks())
            taken.append(steps(store))
            assert unmarked > taken[0] + 10 * length
    assert taken[0] == taken[1]


class Copies:
    """A connection that copies the files of its store before and after each statement: what a `kill -9` there leaves."""

    def __init__(self, store: SqliteStore, into: Path) -> None:
        self._path, self._connection, self._into = store.path, store._write, into
        self.copies: list[Path] = []
        store._write = self  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Any:
        return self._copied(self._connection.execute, sql, values)

    def executemany(self, sql: str, rows: Any) -> Any:
        return self._copied(self._connection.executemany, sql, rows)

    def _copied(self, run: Any, *arguments: Any) -> Any:
        self._copy()
        result = run(*arguments)
        self._copy()
        return result

    def _copy(self) -> None:
        copy = self._into / str(len(self.copies)) / "store"
        copy.parent.mkdir(parents=True)
        for suffix in ("", "-wal"):
            shutil.copy(f"{self._path}{suffix}", f"{copy}{suffix}")
        self.copies.append(copy)


def test_a_crash_at_any_statement_leaves_every_open_hold_to_be_found(tmp_path: Path) -> None:
    traffic = Traffic()
    with opened(tmp_path / "store") as store:
        store.write([traffic.begin(), *traffic.some(2), traffic.begin()])
        real, copies = store._write, Copies(store, tmp_path / "copies")
        store.keep_hold_marks(store.find_hold_marks())
        marks = store.find_hold_marks()
        store.write([traffic.end("req_1"), traffic.begin(), *traffic.some(1)])
        store.keep_hold_marks(marks)  # those of a moment ago
        store.write([traffic.begin()])
        store.keep_hold_marks(store.find_hold_marks())
        store._write = real
    seen = set()
    for copy in copies.copies:
        with opened(copy) as left:
            assert found(left) == unresolved(copy)
            seen.add((tuple(found(left)), tuple(sorted(hold_marks(left._write)))))
            report = audit(left)
            assert (report.findings, report.held) == ([], len(found(left)))
    assert len(copies.copies) > 40 and len(seen) == 5, (
        "the states between the five commits, two of which change nothing"
    )

"""The part of the SQLite store that finds open holds, without looking at every hold that there ever was.

`hold_marks` says where open holds can be: at the entries with these numbers, and from the last of the numbers on. A hold
that is resolved stays so and a new one comes after all the others, so marks that were true once are true for ever: they
are moved on now and then, from what the entries say, and never by those who write entries. Without any, all are looked at.
"""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager

from tollhouse.storage.base import OpenHold

# Which entries can be open holds, by the marks. Read by their numbers, because each index has every hold since the first.
_PLACES = """
    SELECT e.seq FROM entries e NOT INDEXED WHERE e.seq IN (SELECT seq FROM hold_marks)
    UNION ALL SELECT e.seq FROM entries e NOT INDEXED WHERE e.seq > (SELECT coalesce(max(seq), 0) FROM hold_marks)
"""
_OPEN = f"""
    FROM ({_PLACES}) AS place CROSS JOIN entries h NOT INDEXED ON h.seq = place.seq
    WHERE h.kind = 'hold' AND NOT EXISTS
        (SELECT 1 FROM entries r WHERE r.request_id = h.request_id AND r.kind IN ('post', 'void', 'expire'))
"""  # noqa: S608 - a constant
_OPEN_HOLDS = f"SELECT h.request_id, h.account, h.key_id, h.held_nano, h.at_us {_OPEN}"
# One statement, so that both parts are of one moment: a hold that is taken in between would be passed over for ever.
_MARKS = f"SELECT h.seq {_OPEN} UNION ALL SELECT coalesce(max(seq), 0) + 1 FROM entries"  # noqa: S608 - a constant


class SqliteHolds:
    """What SqliteStore inherits."""

    _write: sqlite3.Connection

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        raise NotImplementedError

    def _transaction(self) -> AbstractContextManager[None]:
        raise NotImplementedError

    def open_holds(self) -> list[OpenHold]:
        with self._reading() as connection:
            return open_holds(connection)

    def find_hold_marks(self) -> list[int]:
        with self._reading() as connection:
            return find_hold_marks(connection)

    def keep_hold_marks(self, marks: Collection[int]) -> None:
        with self._transaction():
            kept = hold_marks(self._write)
            self._write.executemany("DELETE FROM hold_marks WHERE seq = ?", _rows(kept.difference(marks)))
            self._write.executemany("INSERT INTO hold_marks (seq) VALUES (?)", _rows(set(marks) - kept))


def open_holds(connection: sqlite3.Connection) -> list[OpenHold]:
    return [OpenHold(*row) for row in connection.execute(_OPEN_HOLDS)]


def find_hold_marks(connection: sqlite3.Connection) -> list[int]:
    return [seq for (seq,) in connection.execute(_MARKS)]


def hold_marks(connection: sqlite3.Connection) -> set[int]:
    """The marks that are kept: entries at which open holds can be, the last of which is where all the others begin."""
    return {row[0] for row in connection.execute("SELECT seq FROM hold_marks")}


def _rows(numbers: Collection[int]) -> Iterator[tuple[int]]:
    return ((number,) for number in numbers)

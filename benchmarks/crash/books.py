"""What the ledger's file says, read without the gateway's code: SQLite, read-only, only the rows that are new."""

import contextlib
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

ENTRIES = (
    "SELECT seq, kind, account, request_id, amount_nano, reference, reason FROM entries WHERE seq > ? ORDER BY seq"
)


@dataclass
class Books:
    """The entries so far. Amounts are nano-dollars."""

    last: int = 0  # the highest sequence number read
    holds: set[str] = field(default_factory=set)
    posts: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))  # by request id
    voids: dict[str, str] = field(default_factory=dict)  # reasons by request id
    credits: defaultdict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    spent: Counter[str] = field(default_factory=Counter)  # by account

    def read_on(self, path: Path) -> None:
        """Take up what was written since."""
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            for row in connection.execute(ENTRIES, (self.last,)):
                self.take(*row)

    def take(
        self,
        seq: int,
        kind: str,
        account: str,
        request_id: str,
        amount_nano: int,
        reference: str | None,
        reason: str | None,
    ) -> None:
        self.last = seq
        if kind == "hold":
            self.holds.add(request_id)
        elif kind == "post":
            self.posts[request_id].append(amount_nano)
            self.spent[account] += amount_nano
        elif kind == "credit":
            self.credits[account, reference or ""].append(amount_nano)
        else:
            self.voids[request_id] = reason or ""

    def open_holds(self) -> set[str]:
        return self.holds - self.posts.keys() - self.voids.keys()

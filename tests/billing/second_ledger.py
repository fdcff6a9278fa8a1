"""A second set of books in plain SQLite, written from BILLING.md and sharing nothing with the first.

Each command is a few guarded statements: whoever finds `rowcount` 0 was refused. What has been booked is in `movements`
in the order of the journal; after a crash everything else is worked out from those that are left. Calendars are SQLite's,
prices are fractions.
"""

import sqlite3
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

SCHEMA = """
CREATE TABLE accounts (
    id TEXT PRIMARY KEY, multiplier TEXT, daily INTEGER, monthly INTEGER, balance INTEGER NOT NULL DEFAULT 0,
    held INTEGER NOT NULL DEFAULT 0, spent INTEGER NOT NULL DEFAULT 0, adjusted INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE prices (version TEXT, model TEXT, effective TEXT, input TEXT, cache_read TEXT, output TEXT);
CREATE TABLE holds (
    request TEXT PRIMARY KEY, account TEXT, key TEXT, model TEXT, version TEXT, began INTEGER, day TEXT, month TEXT,
    multiplier TEXT, model_multiplier TEXT, amount INTEGER CHECK (amount >= 0), state TEXT
);
CREATE TABLE windows (
    account TEXT, span TEXT, name TEXT, spent INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, span, name)
);
CREATE TABLE movements (
    number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, account TEXT, request TEXT, debit TEXT, credit TEXT,
    amount INTEGER, input INTEGER, cache_read INTEGER, output INTEGER, provider TEXT
);
CREATE UNIQUE INDEX movements_once ON movements(request, kind = 'hold', kind = 'refund') WHERE request IS NOT NULL;
"""
MILLION = 10**6
NANO = 10**9


class Refusal(NamedTuple):
    """The limit that an amount did not fit into, what was left of it, and when it is whole again (microseconds)."""

    limit: str
    available: int
    resets_at_us: int | None = None


class Ask(NamedTuple):
    """A request, before it has its hold."""

    request: str
    account: str
    key: str | None
    model: str
    version: str
    began_us: int
    model_multiplier: str
    prompt: int
    output: int


class SecondLedger:
    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.db.executescript(SCHEMA)
        self.began_at = 0  # the last movement of the process before this one

    # Commands

    def open_account(self, account: str, multiplier: str) -> None:
        self.db.execute("INSERT INTO accounts (id, multiplier) VALUES (?, ?)", (account, multiplier))

    def add_price(
        self, version: str, model: str, effective: str, prompt: str, cache_read: str | None, output: str
    ) -> None:
        row = (version, model, effective, prompt, cache_read, output)
        self.db.execute("INSERT INTO prices VALUES (?, ?, ?, ?, ?, ?)", row)

    def set_budgets(self, account: str, daily: int | None, monthly: int | None) -> None:
        self.db.execute("UPDATE accounts SET daily = ?, monthly = ? WHERE id = ?", (daily, monthly, account))

    def hold(self, ask: Ask) -> Refusal | None:
        day, month = self.calendar(ask.began_us)
        amount = self.price_of_hold(ask)
        self.db.execute("SAVEPOINT hold")
        for span, name, limit in (("day", day, "daily"), ("month", month, "monthly")):
            self.db.execute(
                "INSERT OR IGNORE INTO windows (account, span, name) VALUES (?, ?, ?)", (ask.account, span, name)
            )
            taken = self.db.execute(
                f"UPDATE windows SET held = held + :n WHERE account = :a AND span = :s AND name = :w AND (:n = 0 OR "
                f"coalesce((SELECT {limit} FROM accounts WHERE id = :a) >= spent + held + :n, true))",
                {"n": amount, "a": ask.account, "s": span, "w": name},
            )
            if not taken.rowcount:
                return self._refused(self._left_of_window(ask.account, span, name, limit))
        taken = self.db.execute(
            "UPDATE accounts SET held = held + :n WHERE id = :a AND (:n = 0 OR balance - held >= :n)",
            {"n": amount, "a": ask.account},
        )
        if not taken.rowcount:
            return self._refused(Refusal("balance", self._available(ask.account)))
        self.db.execute(
            "INSERT INTO holds SELECT ?, id, ?, ?, ?, ?, ?, ?, multiplier, ?, ?, 'hold' FROM accounts WHERE id = ?",
            (ask.request, ask.key, ask.model, ask.version, ask.began_us, day, month, ask.model_multiplier, amount, ask.account),
        )  # fmt: skip
        self._book("hold", ask.account, ask.request)
        self.db.execute("RELEASE hold")
        return None

    def settle(self, request: str, prompt: int, cache_read: int, output: int, provider: str) -> int | None:
        """What the request cost; None where it was resolved before."""
        if not self._resolve(request, "post"):
            return None
        hold = self._hold(request)
        axes = prompt, cache_read, output
        price = self._prices(hold["version"], hold["model"], hold["day"])
        listed = sum(tokens * each for tokens, each in zip(axes, price, strict=True))
        amount = ceil(listed * Fraction(hold["multiplier"]) * Fraction(hold["model_multiplier"]))
        self._spend(hold, amount)
        self._book("post", hold["account"], request, hold["account"], "house:revenue", amount, *axes, provider)
        return amount

    def void(self, request: str, kind: str = "void") -> bool:
        """False where the request was resolved before. `kind` is void or expire."""
        if not self._resolve(request, kind):
            return False
        self._book(kind, self._hold(request)["account"], request)
        return True

    def refund(self, request: str) -> None:
        changed = self.db.execute("UPDATE holds SET state = 'refund' WHERE request = ? AND state = 'post'", (request,))
        assert changed.rowcount == 1
        hold = self._hold(request)
        [post] = self.db.execute("SELECT * FROM movements WHERE request = ? AND kind = 'post'", (request,))
        _, _, account, _, debit, credit, amount, *rest = post
        self._spend(hold, -amount)
        self._book("refund", account, request, credit, debit, amount, *rest)

    def credit(self, account: str, amount: int) -> None:
        self.db.execute("UPDATE accounts SET balance = balance + ? WHERE id = ?", (amount, account))
        self._book("credit", account, None, "house:funding", account, amount)

    def adjust(self, account: str, amount: int) -> Refusal | None:
        changed = self.db.execute(
            "UPDATE accounts SET balance = balance + :n, adjusted = adjusted + :n "
            "WHERE id = :a AND (:n > 0 OR balance - held + :n >= 0)",
            {"n": amount, "a": account},
        )
        if not changed.rowcount:
            return Refusal("balance", self._available(account))
        house = "house:adjustments"
        debit, credit = (house, account) if amount > 0 else (account, house)
        self._book("adjust", account, None, debit, credit, abs(amount))
        return None

    def restart(self, kept: int) -> None:
        """A new process, after a crash that left the first `kept` movements: what was still running is void."""
        self.db.executescript(
            f"""
            DELETE FROM movements WHERE number > {kept};
            UPDATE sqlite_sequence SET seq = {kept};
            DELETE FROM holds WHERE request NOT IN (SELECT request FROM movements WHERE kind = 'hold');
            UPDATE holds SET state =
                (SELECT kind FROM movements m WHERE m.request = holds.request ORDER BY number DESC LIMIT 1);
            UPDATE accounts SET
                balance = (SELECT coalesce(sum(CASE credit WHEN id THEN amount ELSE -amount END), 0)
                           FROM movements WHERE account = id),
                spent = (SELECT coalesce(sum(CASE kind WHEN 'post' THEN amount WHEN 'refund' THEN -amount END), 0)
                         FROM movements WHERE account = id),
                adjusted = (SELECT coalesce(sum(CASE credit WHEN id THEN amount ELSE -amount END), 0)
                            FROM movements WHERE account = id AND kind = 'adjust'),
                held = (SELECT coalesce(sum(amount), 0) FROM holds WHERE account = id AND state = 'hold');
            UPDATE windows SET
                held = (SELECT coalesce(sum(amount), 0) FROM holds h WHERE h.account = windows.account
                        AND state = 'hold' AND name IN (day, month)),
                spent = (SELECT coalesce(sum(CASE m.kind WHEN 'post' THEN m.amount WHEN 'refund' THEN -m.amount END), 0)
                         FROM movements m JOIN holds h ON h.request = m.request
                         WHERE h.account = windows.account AND name IN (day, month));
            """
        )
        for request in self.requests("hold"):
            self.void(request)
        self.began_at = kept

    # What the first books are compared with

    def accounts(self) -> dict[str, tuple[int, int, int, int]]:
        """Balance, held, spent and adjusted."""
        rows = self.db.execute("SELECT id, balance, held, spent, adjusted FROM accounts")
        return {account: (balance, held, spent, adjusted) for account, balance, held, spent, adjusted in rows}

    def windows(self, at_us: int) -> dict[tuple[str, str], tuple[int, int]]:
        """By account and span: what was spent and is held in the day and the month of a moment."""
        rows = self.db.execute(
            "SELECT account, span, spent, held FROM windows WHERE name IN (?, ?)", self.calendar(at_us)
        )
        return {(account, span): (spent, held) for account, span, spent, held in rows}

    def sides(self) -> dict[str, int]:
        """Every account and every side of the house, as double entry makes them."""
        rows = self.db.execute(
            "SELECT side, sum(amount) FROM (SELECT credit AS side, amount FROM movements UNION ALL "
            "SELECT debit, -amount FROM movements) WHERE side IS NOT NULL GROUP BY side"
        )
        return dict(rows.fetchall())

    def requests(self, state: str) -> list[str]:
        return [row[0] for row in self.db.execute("SELECT request FROM holds WHERE state = ? ORDER BY rowid", (state,))]

    def began_before(self, moment_us: int) -> list[str]:
        rows = self.db.execute("SELECT request FROM holds WHERE state = 'hold' AND began < ?", (moment_us,))
        return [row[0] for row in rows]

    def states(self) -> dict[str, tuple[str, int]]:
        """How each request ended, and what it cost in the end."""
        rows = self.db.execute(
            "SELECT h.request, state, coalesce((SELECT m.amount FROM movements m WHERE m.request = h.request AND "
            "m.kind = 'post' AND state = 'post'), 0) FROM holds h"
        )
        return {request: (state, cost) for request, state, cost in rows}

    def counts(self) -> dict[str, int]:
        return dict(self.db.execute("SELECT kind, count(*) FROM movements GROUP BY kind").fetchall())

    def overdraft(self) -> int:
        """Of this process: what charges took beyond their holds."""
        [(total,)] = self.db.execute(
            "SELECT coalesce(sum(max(m.amount - h.amount, 0)), 0) FROM movements m JOIN holds h "
            "ON h.request = m.request WHERE m.kind = 'post' AND m.number > ?",
            (self.began_at,),
        )
        return int(total)

    def usage(self, window_us: int) -> list[tuple[Any, ...]]:
        """Window, account, key, model, provider; then requests, prompt, cache reads, output and cost, without refunds."""
        return self.db.execute(
            f"SELECT began / {window_us}, h.account, coalesce(key, ''), model, provider, sum(sign), sum(sign * input), "
            "sum(sign * cache_read), sum(sign * output), sum(sign * m.amount) FROM "
            "(SELECT *, iif(kind = 'post', 1, -1) AS sign FROM movements WHERE kind IN ('post', 'refund')) m "
            "JOIN holds h ON h.request = m.request GROUP BY 1, 2, 3, 4, 5 HAVING sum(sign) > 0 ORDER BY 1, 2, 3, 4, 5"
        ).fetchall()

    # Inside

    def calendar(self, at_us: int) -> tuple[str, str]:
        """The day and the month of a moment, such as 2028-02-29 and 2028-02."""
        [row] = self.db.execute(
            "SELECT date(:s, 'unixepoch'), strftime('%Y-%m', :s, 'unixepoch')", {"s": at_us // MILLION}
        )
        return row  # type: ignore[no-any-return]

    def price_of_hold(self, ask: Ask) -> int:
        prompt, cache_read, output = self._prices(ask.version, ask.model, self.calendar(ask.began_us)[0])
        [(multiplier,)] = self.db.execute("SELECT multiplier FROM accounts WHERE id = ?", (ask.account,))
        listed = ask.prompt * max(prompt, cache_read) + ask.output * output
        return ceil(listed * Fraction(multiplier) * Fraction(ask.model_multiplier))

    def _prices(self, version: str, model: str, day: str) -> tuple[Fraction, Fraction, Fraction]:
        """Nano-dollars per token."""
        [(prompt, cache_read, output)] = self.db.execute(
            "SELECT input, coalesce(cache_read, input), output FROM prices WHERE version = ? AND model = ? "
            "AND effective <= ? ORDER BY effective DESC LIMIT 1",
            (version, model, day),
        )
        return Fraction(prompt) * 1000, Fraction(cache_read) * 1000, Fraction(output) * 1000

    def _resolve(self, request: str, state: str) -> bool:
        changed = self.db.execute(
            "UPDATE holds SET state = ? WHERE request = ? AND state = 'hold'", (state, request)
        ).rowcount
        if changed:
            hold = self._hold(request)
            self.db.execute("UPDATE accounts SET held = held - ? WHERE id = ?", (hold["amount"], hold["account"]))
            self.db.execute(
                "UPDATE windows SET held = held - ? WHERE account = ? AND name IN (?, ?)",
                (hold["amount"], hold["account"], hold["day"], hold["month"]),
            )
        return bool(changed)

    def _spend(self, hold: sqlite3.Row, amount: int) -> None:
        self.db.execute(
            "UPDATE accounts SET balance = balance - :n, spent = spent + :n WHERE id = :a",
            {"n": amount, "a": hold["account"]},
        )
        self.db.execute(
            "UPDATE windows SET spent = spent + ? WHERE account = ? AND name IN (?, ?)",
            (amount, hold["account"], hold["day"], hold["month"]),
        )

    def _hold(self, request: str) -> sqlite3.Row:
        cursor = self.db.cursor()
        cursor.row_factory = sqlite3.Row
        row: sqlite3.Row = cursor.execute("SELECT * FROM holds WHERE request = ?", (request,)).fetchone()
        return row

    def _available(self, account: str) -> int:
        [(available,)] = self.db.execute("SELECT balance - held FROM accounts WHERE id = ?", (account,))
        return int(available)

    def _left_of_window(self, account: str, span: str, name: str, limit: str) -> Refusal:
        first = name if span == "day" else f"{name}-01"
        [(left, resets_at_s)] = self.db.execute(
            f"SELECT {limit} - w.spent - w.held, strftime('%s', :first, '+1 {span}') FROM windows w "
            "JOIN accounts ON id = account WHERE account = :a AND span = :s AND name = :w",
            {"first": first, "a": account, "s": span, "w": name},
        )
        return Refusal(f"{limit}_budget", left, int(resets_at_s) * MILLION)

    def _refused(self, refusal: Refusal) -> Refusal:
        self.db.execute("ROLLBACK TO hold")
        self.db.execute("RELEASE hold")
        return refusal

    def _book(self, *values: Any) -> None:
        row = (*values, *[None] * (10 - len(values)))
        self.db.execute(
            "INSERT INTO movements (kind, account, request, debit, credit, amount, input, cache_read, output, provider) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )

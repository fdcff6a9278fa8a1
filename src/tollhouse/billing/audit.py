"""The audit: recomputes every charge from its own row and follows the hash chain. Reads the store and nothing else.

What must hold (BILLING.md 7): each row's hash covers the row and the hash before it; each post costs exactly what its
usage and its pinned prices say; pinned prices are the ones their version names; each request has one hold and at most
one resolution, and the hold is older; a refund takes back exactly its post; the sum of all entries is zero; and what is
derived from the entries (balances, roll-ups of usage, where open holds are looked for) is what they make.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tollhouse.billing.ledger import ADJUSTMENTS, FUNDING, REVENUE
from tollhouse.billing.price_book import PriceBook
from tollhouse.storage.base import Books, Store
from tollhouse.storage.sqlite import GENESIS, hash_of
from tollhouse.storage.sqlite_schema import ENTRY_COLUMNS
from tollhouse.times import format_day, format_hour

FINDINGS_MAX = 100  # listed one by one; the rest is counted
HOUSE = {REVENUE, FUNDING, ADJUSTMENTS}
# What a refund has in common with the post that it takes back.
_SAME_AS_POST = (
    "account", "amount_nano", "provider", "upstream_key_id", "served_model", "input_tokens", "cache_read_tokens",
    "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens", "model_multiplier",
)  # fmt: skip

Row = dict[str, Any]


@dataclass(slots=True)
class Report:
    """What the audit found. Amounts in nano-dollars; `charged_nano` is what was posted, refunds not taken off."""

    entries: int = 0
    requests: int = 0
    posted: int = 0
    voided: int = 0
    expired: int = 0
    refunded: int = 0
    held: int = 0
    charged_nano: int = 0
    refunded_nano: int = 0
    credited_nano: int = 0
    adjusted_nano: int = 0
    head: str = GENESIS.hex()
    drift: int = 0
    findings: list[str] = field(default_factory=list)

    def find(self, text: str) -> None:
        self.drift += 1
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(text)


class Proof(NamedTuple):
    """What an earlier proof said: after so many entries, this was the head of the chain."""

    entries: int
    head: str


def audit(store: Store, proof: Proof | None = None) -> Report:
    """Check the whole journal as of one moment; `drift` of the report is 0 where everything holds.

    With an earlier proof it is also checked that the ledger has only grown since: nothing before it was changed, and
    nothing after it was taken off the end.
    """
    with store.books() as books:
        auditor = _Auditor(books, proof)
        for row in books.entries:
            auditor.check(row)
        auditor.check_derived()
    return auditor.report


class _Auditor:
    """Keeps open holds and totals; what it would need of millions of closed requests, it asks the store for."""

    def __init__(self, books: Books, proof: Proof | None) -> None:
        self._books = books
        self._proof = proof
        self._seq = 0
        self.report = Report()
        self._head = GENESIS
        self._prices = PriceBook(books.price_versions)
        self._open: dict[str, Row] = {}
        self._repeated = books.repeated
        self._seen_again: set[tuple[str, str]] = set()
        self._refunded: dict[str, Row | None] = dict.fromkeys(books.refunded)  # their posts
        self._sides: Counter[str] = Counter()
        self._spent: Counter[str] = Counter()
        self._adjusted: Counter[str] = Counter()
        for version in self._prices.changed():
            self.report.find(f"price version {version}: its prices were changed")

    def check(self, row: Row) -> None:
        self.report.entries += 1
        proof = self._proof
        if proof is not None and self.report.entries == proof.entries and (row["hash"] or b"").hex() != proof.head:
            self.report.find(
                f"entry {row['seq']}: is not the head that the proof names; the entries up to it were changed"
            )
        try:
            self._check_chain(row)
            self._check_contents(row)
        except (TypeError, ValueError, ArithmeticError) as error:  # somebody has put in what no entry holds
            self.report.find(f"entry {row['seq']}: makes no sense: {error}")

    def _check_contents(self, row: Row) -> None:
        kind = row["kind"]
        if kind == "hold":
            self._check_hold(row)
        elif kind in ("post", "void", "expire"):
            self._check_resolution(row)
        elif kind == "refund":
            self._check_refund(row)
        elif kind == "credit":
            self.report.credited_nano += row["amount_nano"]
            self._move(row, FUNDING, row["account"])
        elif kind == "adjust":
            self._check_adjustment(row)
        else:
            self.report.find(f"entry {row['seq']}: unknown kind {kind}")

    def _check_chain(self, row: Row) -> None:
        previous, self._head = self._head, row["hash"] or b""
        self.report.head = self._head.hex()
        before, self._seq = self._seq, row["seq"]
        if row["seq"] != before + 1:
            self.report.find(f"entries {before + 1} to {row['seq'] - 1}: were removed")
        if row["previous_hash"] != previous:
            self.report.find(f"entry {row['seq']}: does not follow the entry before it; a row was removed or inserted")
        if row["hash"] != hash_of([row[column] for column in ENTRY_COLUMNS], row["previous_hash"]):
            self.report.find(f"entry {row['seq']}: its hash does not fit its contents; the row was changed")

    def _check_hold(self, row: Row) -> None:
        request_id = row["request_id"]
        self.report.requests += 1
        if self._is_second(request_id, "hold"):
            self.report.find(f"entry {row['seq']}: {request_id} is held a second time")
        self._open[request_id] = row

    def _check_resolution(self, row: Row) -> None:
        request_id = row["request_id"]
        hold = self._open.pop(request_id, None)
        if self._is_second(request_id, "resolution"):
            self.report.find(f"entry {row['seq']}: {request_id} is resolved a second time")
        elif hold is None:
            self.report.find(f"entry {row['seq']}: {request_id} has no older hold")
        elif hold["account"] != row["account"]:
            self.report.find(f"entry {row['seq']}: {request_id} was held by {hold['account']}, not by {row['account']}")
        if row["kind"] == "post":
            self._check_post(row, hold)
        elif row["kind"] == "void":
            self.report.voided += 1
        else:
            self.report.expired += 1

    def _is_second(self, request_id: str, what: str) -> bool:
        """Whether a request had its hold or its resolution before."""
        if (request_id, what) not in self._repeated:
            return False
        second = (request_id, what) in self._seen_again
        self._seen_again.add((request_id, what))
        return second

    def _check_post(self, row: Row, hold: Row | None) -> None:
        self.report.posted += 1
        self.report.charged_nano += row["amount_nano"]
        self._spent[row["account"]] += row["amount_nano"]
        self._move(row, row["account"], REVENUE)
        if hold is None:
            return
        if row["request_id"] in self._refunded:
            self._refunded[row["request_id"]] = row
        amount_nano = self._prices.cost(hold, row)
        if amount_nano is None:
            self.report.find(
                f"entry {row['seq']}: no prices for {row['served_model']} in version {hold['price_version']}"
            )
        elif amount_nano != row["amount_nano"]:
            self.report.find(
                f"entry {row['seq']}: {row['request_id']} was charged {row['amount_nano']} nano-dollars "
                f"and its row makes {amount_nano}"
            )

    def _check_refund(self, row: Row) -> None:
        self.report.refunded += 1
        self.report.refunded_nano += row["amount_nano"]
        self._spent[row["account"]] -= row["amount_nano"]
        self._move(row, REVENUE, row["account"])
        charged = self._refunded.get(row["request_id"])
        if charged is None:
            self.report.find(f"entry {row['seq']}: {row['request_id']} was refunded without a charge")
            return
        if self._is_second(row["request_id"], "refund"):
            self.report.find(f"entry {row['seq']}: {row['request_id']} is refunded a second time")
        if any(row[column] != charged[column] for column in _SAME_AS_POST):
            self.report.find(f"entry {row['seq']}: the refund of {row['request_id']} is not what was charged")

    def _check_adjustment(self, row: Row) -> None:
        up = row["credit"] == row["account"]
        gained = row["amount_nano"] if up else -row["amount_nano"]
        self.report.adjusted_nano += gained
        self._adjusted[row["account"]] += gained
        self._move(row, *((ADJUSTMENTS, row["account"]) if up else (row["account"], ADJUSTMENTS)))

    def _move(self, row: Row, debit: str, credit: str) -> None:
        """Money moves between exactly two sides, so all entries together are zero."""
        if (row["debit"], row["credit"]) != (debit, credit):
            self.report.find(f"entry {row['seq']}: moves money from {row['debit']} to {row['credit']}")
        self._sides[row["debit"]] -= row["amount_nano"]
        self._sides[row["credit"]] += row["amount_nano"]

    def check_derived(self) -> None:
        """After the last entry: what is still held, and everything that is derived against what the entries make."""
        self.report.held = len(self._open)
        if sum(self._sides.values()) != 0:
            self.report.find("the entries do not sum to zero")
        kept = self._books.balances
        for account in sorted({*kept, *self._sides} - HOUSE):
            made = self._sides[account], self._spent[account], self._adjusted[account]
            for what, stored, computed in zip(
                ("balance", "spending", "adjustments"), kept.get(account, (0, 0, 0)), made, strict=True
            ):
                if stored != computed:
                    self.report.find(
                        f"account {account}: its {what} is {stored} nano-dollars and its entries make {computed}"
                    )
        for window, number, *group in self._books.usage_drift():
            named = ", ".join([_when(window, number), *(part for part in group if part)])
            self.report.find(f"usage of {named}: differs from its entries")
        self._check_hold_marks()
        if self._proof is not None and self.report.entries < self._proof.entries:
            self.report.find(
                f"the proof names {self._proof.entries} entries and there are {self.report.entries}: the last were removed"
            )

    def _check_hold_marks(self) -> None:
        """Every open hold is where the store looks for one, and so is every hold that comes."""
        marks = self._books.hold_marks
        last = max(marks, default=0)
        for request_id, hold in self._open.items():
            if hold["seq"] < last and hold["seq"] not in marks:
                self.report.find(
                    f"entry {hold['seq']}: the hold of {request_id} is open and not among the marks of those"
                )
        if last > self._seq + 1:
            self.report.find(f"the marks of open holds go up to entry {last} and the last entry is {self._seq}")


def _when(window: str, number: int) -> str:
    """An hour or a day in the words of the usage report; its number where somebody has put in one that no calendar has."""
    try:
        return format_hour(number) if window == "hour" else format_day(number)
    except OverflowError:
        return f"{window} {number}"

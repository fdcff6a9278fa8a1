"""The audit: recomputes every charge from its own row and follows the hash chain. Reads the store and nothing else.

What must hold (BILLING.md 7): each row's hash covers the row and the hash before it; each post costs exactly what its
usage and its pinned prices say; pinned prices are the ones their version names; each request has one hold and at most
one resolution, and the hold is older; the sum of all entries is zero; each balance is the sum of its account's entries.
"""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tollhouse.billing.ledger import FUNDING, REVENUE
from tollhouse.billing.money import parse_multiplier
from tollhouse.billing.pricing import PPM3, Rate, Usage, cost
from tollhouse.config.catalogue import build_catalogue
from tollhouse.config.json_reader import read_json
from tollhouse.config.snapshot import Catalogue
from tollhouse.storage.base import Books, Store
from tollhouse.storage.sqlite import ENTRY_COLUMNS, GENESIS, chain
from tollhouse.times import format_us

FINDINGS_MAX = 100  # listed one by one; the rest is counted


@dataclass(slots=True)
class Report:
    """What the audit found. Amounts in nano-dollars."""

    entries: int = 0
    requests: int = 0
    posted: int = 0
    voided: int = 0
    held: int = 0
    charged_nano: int = 0
    credited_nano: int = 0
    head: str = GENESIS.hex()
    drift: int = 0
    findings: list[str] = field(default_factory=list)

    def find(self, text: str) -> None:
        self.drift += 1
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(text)


def audit(store: Store) -> Report:
    """Check the whole journal as of one moment; `drift` of the report is 0 where everything holds."""
    with store.books() as books:
        auditor = _Auditor(books)
        for row in books.entries:
            auditor.check(row)
        auditor.check_balances()
    return auditor.report


class _Auditor:
    def __init__(self, books: Books) -> None:
        self._books = books
        self.report = Report()
        self._head = GENESIS
        self._open: dict[str, dict[str, Any]] = {}
        self._resolved: set[str] = set()
        self._balances: Counter[str] = Counter()
        self._spent: Counter[str] = Counter()
        self._catalogues: dict[str, Catalogue] = {}

    def check(self, row: dict[str, Any]) -> None:
        self.report.entries += 1
        try:
            self._check_chain(row)
            self._check_contents(row)
        except (TypeError, ValueError, ArithmeticError) as error:  # somebody has put in what no entry holds
            self.report.find(f"entry {row['seq']}: makes no sense: {error}")

    def _check_contents(self, row: dict[str, Any]) -> None:
        kind = row["kind"]
        if kind == "hold":
            self._check_hold(row)
        elif kind in ("post", "void", "expire"):
            self._check_resolution(row)
        elif kind == "credit":
            self.report.credited_nano += row["amount_nano"]
            self._move(row, FUNDING, row["account"])
        else:
            self.report.find(f"entry {row['seq']}: unknown kind {kind}")

    def _check_chain(self, row: dict[str, Any]) -> None:
        previous, self._head = self._head, row["hash"] or b""
        self.report.head = self._head.hex()
        if row["previous_hash"] != previous:
            self.report.find(f"entry {row['seq']}: does not follow the entry before it; a row was removed or inserted")
        _, computed = chain([[row[column] for column in ENTRY_COLUMNS]], row["previous_hash"])
        if row["hash"] != computed:
            self.report.find(f"entry {row['seq']}: its hash does not fit its contents; the row was changed")

    def _check_hold(self, row: dict[str, Any]) -> None:
        request_id = row["request_id"]
        self.report.requests += 1
        if request_id in self._open or request_id in self._resolved:
            self.report.find(f"entry {row['seq']}: {request_id} is held a second time")
        self._open[request_id] = row

    def _check_resolution(self, row: dict[str, Any]) -> None:
        request_id = row["request_id"]
        hold = self._open.pop(request_id, None)
        if hold is None:
            why = "is resolved a second time" if request_id in self._resolved else "has no older hold"
            self.report.find(f"entry {row['seq']}: {request_id} {why}")
        elif hold["account"] != row["account"]:
            self.report.find(f"entry {row['seq']}: {request_id} was held by {hold['account']}, not by {row['account']}")
        self._resolved.add(request_id)
        if row["kind"] != "post":
            self.report.voided += 1
            return
        self.report.posted += 1
        self.report.charged_nano += row["amount_nano"]
        self._spent[row["account"]] += row["amount_nano"]
        self._move(row, row["account"], REVENUE)
        if hold is not None:
            self._check_cost(row, hold)

    def _check_cost(self, row: dict[str, Any], hold: dict[str, Any]) -> None:
        rate = self._rate(row, hold)
        if rate is None:
            self.report.find(
                f"entry {row['seq']}: no prices for {row['served_model']} in version {hold['price_version']}"
            )
            return
        usage = Usage(
            row["input_tokens"],
            row["cache_read_tokens"],
            row["cache_write_5m_tokens"],
            row["cache_write_1h_tokens"],
            row["output_tokens"],
        )
        expected = cost(usage, rate)
        if expected != row["amount_nano"]:
            self.report.find(
                f"entry {row['seq']}: {row['request_id']} was charged {row['amount_nano']} nano-dollars "
                f"and its row makes {expected}"
            )

    def _rate(self, row: dict[str, Any], hold: dict[str, Any]) -> Rate | None:
        model = self._catalogue(hold["price_version"]).models.get(row["served_model"])
        if model is None:
            return None
        multiplier = int(Fraction(row["model_multiplier"]) * PPM3)
        prices = model.prices_on(format_us(hold["at_us"])[:10])
        return Rate(prices, parse_multiplier(hold["account_multiplier"]), multiplier)

    def _catalogue(self, version: str) -> Catalogue:
        """The prices of a version; one that the store does not have is empty."""
        if version not in self._catalogues:
            kept = self._books.price_versions.get(version, "{}")
            catalogue = build_catalogue(read_json("price version", f'{{"models": {kept}}}').root)
            if version in self._books.price_versions and catalogue.version != version:
                self.report.find(f"price version {version}: its prices were changed")
            self._catalogues[version] = catalogue
        return self._catalogues[version]

    def _move(self, row: dict[str, Any], debit: str, credit: str) -> None:
        """Money moves between exactly two sides, so all entries together are zero."""
        if (row["debit"], row["credit"]) != (debit, credit):
            self.report.find(f"entry {row['seq']}: moves money from {row['debit']} to {row['credit']}")
        self._balances[row["debit"]] -= row["amount_nano"]
        self._balances[row["credit"]] += row["amount_nano"]

    def check_balances(self) -> None:
        """After the last entry: what is still held, and every account's balance against its entries."""
        self.report.held = len(self._open)
        if sum(self._balances.values()) != 0:
            self.report.find("the entries do not sum to zero")
        kept = self._books.balances
        for account in sorted({*kept, *self._balances} - {REVENUE, FUNDING}):
            balance, spent = kept.get(account, (0, 0))
            if balance != self._balances[account]:
                self._find_difference(account, "balance", balance, self._balances[account])
            if spent != self._spent[account]:
                self._find_difference(account, "spending", spent, self._spent[account])

    def _find_difference(self, account: str, what: str, kept: int, made: int) -> None:
        self.report.find(f"account {account}: its {what} is {kept} nano-dollars and its entries make {made}")

"""The audit: recomputes every charge from its own row and follows the hash chain. Reads the store and nothing else.

What must hold (BILLING.md 7): each row's hash covers the row and the hash before it; each post costs exactly what its
usage and its pinned prices say; each request has one hold and at most one resolution, and the hold is older; the sum
of all entries is zero; each balance is the sum of its account's entries.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tollhouse.billing.ledger import FUNDING, REVENUE
from tollhouse.billing.money import parse_multiplier
from tollhouse.billing.pricing import PPM3, Rate, Usage, cost
from tollhouse.config.catalogue import build_catalogue
from tollhouse.config.json_reader import read_json
from tollhouse.config.snapshot import Catalogue
from tollhouse.storage.base import Store
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
    """Check the whole journal; `drift` of the report is 0 where everything holds."""
    auditor = _Auditor(store)
    for row in store.entries():
        auditor.check(row)
    auditor.check_balances()
    return auditor.report


class _Auditor:
    def __init__(self, store: Store) -> None:
        self._store = store
        self.report = Report()
        self._head = GENESIS
        self._open: dict[str, dict[str, Any]] = {}
        self._resolved: set[str] = set()
        self._balances: Counter[str] = Counter()
        self._catalogues: dict[str, Catalogue] = {}

    def check(self, row: dict[str, Any]) -> None:
        self.report.entries += 1
        self._check_chain(row)
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
        self.report.head = self._head.hex()

    def _check_chain(self, row: dict[str, Any]) -> None:
        if row["previous_hash"] != self._head:
            self.report.find(f"entry {row['seq']}: does not follow the entry before it; a row was removed or inserted")
        _, computed = chain([[row[column] for column in ENTRY_COLUMNS]], row["previous_hash"])
        if row["hash"] != computed:
            self.report.find(f"entry {row['seq']}: its hash does not fit its contents; the row was changed")
        self._head = row["hash"]

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
        self._resolved.add(request_id)
        if row["kind"] != "post":
            self.report.voided += 1
            return
        self.report.posted += 1
        self.report.charged_nano += row["amount_nano"]
        self._move(row, row["account"], REVENUE)
        if hold is not None:
            self._check_cost(row, hold)

    def _check_cost(self, row: dict[str, Any], hold: dict[str, Any]) -> None:
        rate = self._rate(row, hold)
        if rate is None:
            self.report.find(f"entry {row['seq']}: no prices for {row['served_model']} in version {hold['price_version']}")
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
        version = hold["price_version"]
        if version not in self._catalogues:
            self._catalogues[version] = _catalogue(self._store.price_versions().get(version, "{}"))
        model = self._catalogues[version].models.get(row["served_model"])
        if model is None:
            return None
        multiplier = int(Decimal(row["model_multiplier"]) * PPM3)
        prices = model.prices_on(format_us(hold["at_us"])[:10])
        return Rate(prices, parse_multiplier(hold["account_multiplier"]), multiplier)

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
        kept = {account: balance for account, balance, _ in self._store.balances()}
        for account in sorted({*kept, *self._balances} - {REVENUE, FUNDING}):
            if kept.get(account, 0) != self._balances[account]:
                self.report.find(
                    f"account {account}: its balance is {kept.get(account, 0)} nano-dollars "
                    f"and its entries make {self._balances[account]}"
                )


def _catalogue(canonical_json: str) -> Catalogue:
    return build_catalogue(read_json("price version", f'{{"models": {canonical_json}}}').root)

"""What must hold after a crash: the clients' answers beside the ledger's entries. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any

from benchmarks.crash.books import Books
from benchmarks.crash.clients import COMPLETE, CUT_OFF, FAILED, LEFT, UNEXPECTED, Answer
from benchmarks.crash.plan import CREDIT, EMBEDDING, Operation
from benchmarks.crash.script import MODELS as SERVED
from tests.gateway import MODELS as PRICES

CRASH = "crash"  # how the reason of a hold begins that a crash left open
NANO = Decimal("1e-9")

# What must not happen, not once.
UNCHARGED = "complete answers without a charge"
CHARGED_TWICE = "charged twice"
WRONG_COST = "complete answers at a wrong cost"
SHOWN_OTHERWISE = "complete answers that the API shows otherwise"
FAILED_CHARGED = "failed calls that were charged"
WITHOUT_ROW = "cut-off answers without a row"
UNLISTED = "cut-off answers voided, not listed as a crash"
UNEXPLAINED = "rows beyond the calls that were made"
CREDITS_LOST = "credits lost"
CREDITS_DOUBLED = "credits doubled"
BALANCES = "balances that are not credits less costs"
HELD = "holds left open"
DRIFT = "audit drift"
SURPRISES = "answers that nobody scripted"
FORBIDDEN = (
    UNCHARGED, CHARGED_TWICE, WRONG_COST, SHOWN_OTHERWISE, FAILED_CHARGED, WITHOUT_ROW, UNLISTED, UNEXPLAINED, CREDITS_LOST,
    CREDITS_DOUBLED, BALANCES, HELD, DRIFT, SURPRISES,
)  # fmt: skip


@dataclass(slots=True)
class Findings:
    """What was found of what must not happen: a line for each case, by its name in FORBIDDEN."""

    cases: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in FORBIDDEN})

    def add(self, name: str, case: object) -> None:
        if (line := str(case)) not in self.cases[name]:  # the last check of a run sees all rounds again
            self.cases[name].append(line)

    def __bool__(self) -> bool:
        return any(self.cases.values())


def check_ledger(findings: Findings, books: Books, calls: int) -> None:
    """What holds whatever the clients saw; `calls` is how many the clients made."""
    for request_id in books.open_holds():
        findings.add(HELD, request_id)
    for request_id, amounts in books.posts.items():
        if len(amounts) > 1:
            findings.add(CHARGED_TWICE, f"{request_id}: {amounts}")
    if len(books.holds) > calls:
        findings.add(UNEXPLAINED, f"{len(books.holds)} rows, {calls} calls")


def check_answers(findings: Findings, answers: Iterable[Answer], books: Books) -> None:
    """Each answer against a row of its own, each credit against its entry."""
    seen: set[str] = set()
    for answer in answers:
        if answer.request_id in seen:
            findings.add(UNCHARGED, f"{answer}: shares its request id with another answer")
        if answer.request_id is not None:
            seen.add(answer.request_id)
        if answer.end == UNEXPECTED:
            findings.add(SURPRISES, answer)
        elif answer.operation.kind == CREDIT:
            _check_credit(findings, answer, books)
        else:
            _check_charge(findings, answer, books)


def _check_charge(findings: Findings, answer: Answer, books: Books) -> None:
    request_id = answer.request_id or ""
    amounts = books.posts.get(request_id, [])
    if answer.end == COMPLETE:
        expected_usd = cost_usd(answer.operation)
        if not amounts:
            findings.add(UNCHARGED, answer)
        elif amounts[0] * NANO != expected_usd:
            findings.add(WRONG_COST, f"{answer}: {amounts[0] * NANO} USD instead of {expected_usd} USD")
    elif answer.end == FAILED and amounts:
        findings.add(FAILED_CHARGED, f"{answer}: {amounts}")
    elif answer.end in (LEFT, CUT_OFF) and not amounts:
        if request_id not in books.voids:
            findings.add(WITHOUT_ROW, answer)
        elif not books.voids[request_id].startswith(CRASH):
            findings.add(UNLISTED, f"{answer}: {books.voids[request_id]}")


def _check_credit(findings: Findings, answer: Answer, books: Books) -> None:
    """A credit that was answered is there once; one that was not may be there, once."""
    operation = answer.operation
    amounts = books.credits.get((answer.account, operation.name), [])
    if answer.end == COMPLETE and operation.amount_nano not in amounts:
        findings.add(CREDITS_LOST, f"{answer}: {amounts}")
    if len(amounts) > 1:
        findings.add(CREDITS_DOUBLED, f"{answer}: {amounts}")


def check_shown(findings: Findings, answers: Iterable[Answer], rows: Mapping[str, Mapping[str, Any]]) -> None:
    """The row of each complete answer as the admin API shows it, by request id: posted, the exact decimal string."""
    for answer in answers:
        if answer.end == COMPLETE and answer.operation.kind != CREDIT:
            row = rows.get(answer.request_id or "", {})
            expected = "posted", f"{cost_usd(answer.operation):f}".rstrip("0")
            shown = row.get("state"), row.get("cost_usd")
            if shown != expected:
                findings.add(SHOWN_OTHERWISE, f"{answer}: {shown} instead of {expected}")


def check_balances(
    findings: Findings, balances_usd: Mapping[str, str], credited_nano: Mapping[str, int], books: Books
) -> None:
    """The balances that the gateway shows: what the clients know was credited, less what the entries say was charged."""
    for account, credited in credited_nano.items():
        expected_usd = (credited - books.spent[account]) * NANO
        if Decimal(balances_usd[account]) != expected_usd:
            findings.add(BALANCES, f"{account}: {balances_usd[account]} USD instead of {expected_usd} USD")


def cost_usd(operation: Operation) -> Decimal:
    """What the scripted usage of a complete answer costs: to the nano-dollar, rounded up."""
    prices = PRICES[SERVED[operation.kind]]
    million_usd = operation.input_tokens * Decimal(prices["input_usd_per_mtok"])
    if operation.kind != EMBEDDING:
        million_usd += operation.cached_tokens * Decimal(prices["cache_read_usd_per_mtok"])
        million_usd += operation.output_tokens * Decimal(prices["output_usd_per_mtok"])
    return (million_usd * Decimal(operation.multiplier) / 10**6).quantize(NANO, ROUND_CEILING)

"""The run: load, SIGKILL, a start on the same data directory, the checks; round after round."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.crash.books import Books
from benchmarks.crash.checks import DRIFT, Findings, check_answers, check_balances, check_ledger, check_shown
from benchmarks.crash.clients import COMPLETE, UNEXPECTED, Answer, Clients, Key, credit_request
from benchmarks.crash.plan import CREDIT, KEYS_PER_ACCOUNT, MULTIPLIERS, first_start_kill, plan_round
from benchmarks.crash.script import obey
from tests.gateway import ADMIN_TOKEN, GatewayProcess, bearer
from tests.upstream import ScriptedUpstream

OPENING_NANO = 10**15  # a million USD for each account: nothing is refused for want of money
USUAL_START_S = 1.0  # until one has been measured
AUDIT_EVERY = 10  # rounds; an audit covers everything before it
STORE = "tollhouse.sqlite"


@dataclass
class Run:
    """What happened so far."""

    seed: int
    rounds: int = 0
    starts_killed: int = 0
    longest_start_s: float = 0.0
    answers: list[Answer] = field(default_factory=list)
    books: Books = field(default_factory=Books)
    findings: Findings = field(default_factory=Findings)


def run(
    directory: Path,
    *,
    rounds: int,
    seed: int,
    durability: str = "strict",
    tell: Callable[[Run], None] = lambda run: None,
) -> Run:
    """Kill the gateway so many times. `tell` hears of every round; it ends early where something is wrong."""
    routes = {"limits": {"requests_per_minute": 0}, "ledger": {"durability": durability}}
    with ScriptedUpstream.in_thread() as upstream:
        upstream.script = obey
        gateway = GatewayProcess(directory, upstream.url, routes=routes)
        crashing = Crashing(gateway, Run(seed))
        try:
            crashing.prepare()
            for number in range(1, rounds + 1):
                crashing.round(number)
                upstream.requests.clear()
                tell(crashing.run)
                if crashing.run.findings:
                    break
        finally:
            crashing.stop()
        crashing.check_everything()
    return crashing.run


class Crashing:
    """A gateway that is killed and started again, and what its clients and its ledger say of it."""

    def __init__(self, gateway: GatewayProcess, run: Run) -> None:
        self.run = run
        self._gateway = gateway
        self._start_s = USUAL_START_S
        self._keys: list[Key] = []
        self._credited_nano: dict[str, int] = {}

    def prepare(self) -> None:
        """Kill the first start, on an empty data directory; start again and make accounts and keys."""
        self._kill_start(first_start_kill(self.run.seed))
        self._start()
        with self._administrator() as admin:
            for multiplier in MULTIPLIERS:
                body = {"name": f"rate {multiplier}", "rate_multiplier": multiplier, "balance_usd": "1000000"}
                account = _created(admin, "/accounts", body)["id"]
                self._credited_nano[account] = OPENING_NANO
                for number in range(KEYS_PER_ACCOUNT):
                    key = _created(admin, f"/accounts/{account}/keys", {"name": f"key {number}"})["key"]
                    self._keys.append(Key(key, account))

    def round(self, number: int) -> None:
        """One round and its checks."""
        plan = plan_round(self.run.seed, number)
        answers = asyncio.run(Clients(self._gateway, self._keys).run(self.run.seed, plan))
        self._gateway.process.wait()
        if plan.start_kill is not None:
            self._kill_start(plan.start_kill)
        self._start()
        self.run.rounds = number
        self.run.answers += answers
        self._check(answers)
        if number % AUDIT_EVERY == 0:
            self._audit()

    def stop(self) -> None:
        """Stop in an orderly way, or not at all where it does not run."""
        self._gateway.stop()

    def check_everything(self) -> None:
        """After an orderly end: all entries and all answers once more, and the audit."""
        run, books = self.run, Books()
        books.read_on(self._gateway.data_dir / STORE)
        check_ledger(run.findings, books, self._calls())
        check_answers(run.findings, run.answers, books)
        run.books = books
        self._audit()

    def _kill_start(self, share: float) -> None:
        """Begin to start, and kill that after a share of the time that a start takes."""
        self._gateway.launch()
        time.sleep(share * self._start_s)
        self._gateway.process.kill()
        self._gateway.process.wait()
        self.run.starts_killed += 1

    def _start(self) -> None:
        started = time.monotonic()
        self._gateway.start()
        self._start_s = time.monotonic() - started
        self.run.longest_start_s = max(self.run.longest_start_s, self._start_s)

    def _check(self, answers: list[Answer]) -> None:
        run, path = self.run, self._gateway.data_dir / STORE
        run.books.read_on(path)
        check_ledger(run.findings, run.books, self._calls())
        check_answers(run.findings, answers, run.books)
        with self._administrator() as admin:
            self._credit(admin, [answer for answer in answers if answer.operation.kind == CREDIT])
            accounts = admin.get("/accounts").json()["accounts"]
            check_shown(run.findings, answers, _rows(admin, answers))
        run.books.read_on(path)
        balances_usd = {account["id"]: account["balance_usd"] for account in accounts}
        check_balances(run.findings, balances_usd, self._credited_nano, run.books)

    def _credit(self, admin: httpx.Client, answers: list[Answer]) -> None:
        """Ask again for the credits that were not answered, as their clients would. From then on all of them must count."""
        for answer in answers:
            if answer.end != COMPLETE:
                path, body = credit_request(answer)
                response = admin.post(path.removeprefix("/admin/api"), json=body)
                answer.status, answer.body = response.status_code, response.content
                answer.end = COMPLETE if response.status_code == 200 else UNEXPECTED
            self._credited_nano[answer.account] += answer.operation.amount_nano

    def _calls(self) -> int:
        return sum(answer.operation.kind != CREDIT for answer in self.run.answers)

    def _audit(self) -> None:
        for finding in self._gateway.audit().findings:
            self.run.findings.add(DRIFT, finding)

    def _administrator(self) -> httpx.Client:
        base_url = f"{self._gateway.urls['main']}/admin/api"
        return httpx.Client(base_url=base_url, headers=bearer(ADMIN_TOKEN), timeout=30, trust_env=False)


def _rows(admin: httpx.Client, answers: list[Answer]) -> dict[str, dict[str, Any]]:
    """The newest rows that the ledger shows, page by page until those of the complete answers are among them."""
    complete = {answer.request_id for answer in answers if answer.end == COMPLETE and answer.operation.kind != CREDIT}
    rows: dict[str, dict[str, Any]] = {}
    query: dict[str, str] = {"limit": "1000"}
    while not complete <= rows.keys():
        page = admin.get("/ledger", params=query).json()
        rows.update((row["request_id"], row) for row in page["rows"])
        if page["next_before"] is None:
            break
        query["before"] = page["next_before"]
    return rows


def _created(admin: httpx.Client, path: str, body: dict[str, str]) -> dict[str, str]:
    response = admin.post(path, json=body)
    assert response.status_code == 201, response.text
    return dict(response.json())

"""The store fails at its n-th use, for each n: no answer is free, none is charged twice, and nobody is told 401 or 402."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.faults import FOR_EVER, FailingStore, Fault, failing_stores
from tests.gateway import Gateway, bearer, chat, message, nano
from tests.upstream import ScriptedUpstream
from tollhouse.identity import api_keys

pytestmark = pytest.mark.asyncio(loop_scope="module")

TRIES = 3  # of a client that is told 503
OPENING, TOP_UP = "10", "5"  # USD
# What the scripted provider reports, at the prices of the test catalogue.
COSTS = {"chat/completions": nano("0.000025"), "messages": nano("0.000138"), "embeddings": nano("0.00000006")}
CALLS = [
    ("chat/completions", chat()),
    ("chat/completions", chat(stream=True)),
    ("embeddings", {"model": "embed-test", "input": "Hello!"}),
    ("messages", message()),
    ("messages", message(stream=True)),
]
# How a store fails: (uses in a row, whether they were done all the same).
WAYS = {
    "once": (1, False),
    "for a while": (40, False),
    "until somebody mends it": (FOR_EVER, False),
    "once, and it was done": (1, True),
    "for a while, and it was done": (40, True),
}


@dataclass
class Running:
    gateway: Gateway
    store: FailingStore


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    with pytest.MonkeyPatch.context() as monkeypatch, failing_stores(monkeypatch) as stores:
        monkeypatch.setattr(api_keys, "BCRYPT_ROUNDS", 4)  # every customer has a new key
        directory = tmp_path_factory.mktemp("gateway")
        async with ScriptedUpstream() as upstream, Gateway(directory, upstream.url) as gateway:
            yield Running(gateway, stores[0])


@dataclass
class Customer:
    """A new customer's first minute. Tries again where told 503, and keeps what every answer was worth."""

    gateway: Gateway
    account: str | None = None
    key: str = ""
    key_id: str | None = None
    complete: dict[str, int] = field(default_factory=dict)  # request id → nano-dollars
    cut_off: list[str] = field(default_factory=list)  # streams that ended with an error
    refused: list[str] = field(default_factory=list)
    topped_up: bool = False
    left: bool = False

    async def live(self) -> None:
        await self.open_account()
        for path, body in CALLS:
            await self.call(path, body)
        await self.top_up()
        await self.look()
        await self.leave()

    async def come_back(self) -> None:
        """The store is well again: what was not granted before is granted now."""
        if not self.key:
            await self.live()
        await self.top_up()
        await self.leave()
        assert self.topped_up and self.left

    async def open_account(self) -> None:
        admin = self.gateway.admin
        opened = await self._insist(lambda: admin.post("/accounts", json={"name": "acme", "balance_usd": OPENING}))
        if opened is None:
            return
        self.account = opened["id"]
        issued = await self._insist(lambda: admin.post(f"/accounts/{self.account}/keys", json={"name": "test"}))
        if issued is not None:
            self.key, self.key_id = issued["key"], issued["id"]

    async def call(self, path: str, body: dict[str, Any]) -> None:
        if not self.key:
            return
        for _ in range(TRIES):
            response = await self.gateway.client.post(f"/v1/{path}", json=body, headers=bearer(self.key))
            request_id = response.headers["x-request-id"]
            if refused(response):
                self.refused.append(request_id)
            elif '"code":"unavailable"' in response.text or '"type":"error"' in response.text:
                self.cut_off.append(request_id)
            else:
                self.complete[request_id] = COSTS[path]
                return

    async def top_up(self) -> None:
        body = {"amount_usd": TOP_UP, "reference": "top-up"}
        if self.account and not self.topped_up:
            credited = await self._insist(
                lambda: self.gateway.admin.post(f"/accounts/{self.account}/credits", json=body)
            )
            self.topped_up = credited is not None

    async def look(self) -> None:
        for path in ("/accounts", "/ledger"):
            await self._insist(lambda: self.gateway.admin.get(path))  # noqa: B023 - awaited before the next one

    async def leave(self) -> None:
        """Revoke the key, again where it is revoked already."""
        if self.key_id:
            self.left = await self._insist(lambda: self.gateway.admin.delete(f"/keys/{self.key_id}")) is not None

    async def _insist(self, ask: Callable[[], Awaitable[httpx.Response]]) -> Any:
        for _ in range(TRIES):
            response = await ask()
            if not refused(response):
                return response.json()
        return None

    def spent_nano(self, rows: dict[str, dict[str, Any]]) -> int:
        """What this customer owes: for whole answers their price, for streams that were cut off what the row says."""
        return sum(self.complete.values()) + sum(nano(rows[request_id]["cost_usd"]) for request_id in self.cut_off)


def refused(response: httpx.Response) -> bool:
    """Whether it says 503 and when to come back; anything else but success is a defect."""
    assert response.status_code in (200, 201, 503), f"{response.status_code} {response.text}"
    if response.status_code == 503:
        assert int(response.headers["retry-after"]) >= 1
    return response.status_code == 503


async def recovered(running: Running) -> None:
    running.store.recover()
    journal = running.gateway.app.services.relay.means.journal
    async with asyncio.timeout(5):
        while journal.failing is not None:
            await asyncio.sleep(0.002)
        await journal.flush()


async def check_books(running: Running, customer: Customer, told: str) -> None:
    report = await running.gateway.audit()
    assert (report.drift, report.held) == (0, 0), (told, report.findings)
    ledger = running.gateway.app.services.relay.means.ledger
    assert (ledger.open_holds, running.store.real.open_holds()) == ({}, []), told
    kept = {row.id: (row.balance_nano, row.spent_nano) for row in running.store.real.accounts()}
    live = {each.id: (each.balance_nano, each.spent_nano) for each in ledger.accounts.values()}
    assert {**kept, **live} == kept, f"{told}: the process and the store agree"
    keys = running.store.real.keys()
    assert all(row.revoked_at_us for row in keys if row.id == customer.key_id), told
    await check_charges(running, customer, told)


async def check_charges(running: Running, customer: Customer, told: str) -> None:
    listed = await running.gateway.rows(account=customer.account)
    rows = {row["request_id"]: row for row in listed}
    assert len(listed) == len(rows), told
    for request_id, cost_nano in customer.complete.items():
        row = rows[request_id]
        assert (row["state"], nano(row["cost_usd"]), row["usage_source"]) == ("posted", cost_nano, "reported"), told
    assert set(rows) <= {*customer.complete, *customer.cut_off, *customer.refused}, told
    shown = (await running.gateway.admin.get(f"/accounts/{customer.account}")).json()
    given = nano(OPENING) + (nano(TOP_UP) if customer.topped_up else 0)
    assert (shown["held_usd"], nano(shown["balance_usd"])) == ("0", given - customer.spent_nano(rows)), told


@pytest.mark.parametrize("way", WAYS)
async def test_a_store_that_fails_at_its_nth_use_costs_nobody_anything(running: Running, way: str) -> None:
    count, done = WAYS[way]
    for n in range(1, 100):
        running.store.fail(Fault(n, count, done))
        customer = Customer(running.gateway)
        await customer.live()
        failed, told = running.store.hit, f"{way}, from use {n}: {running.store.uses[n - 1 : n]}"
        await recovered(running)
        await customer.come_back()
        await check_books(running, customer, told)
        if not failed:
            break
    assert not failed and n > 10, "each use has failed once"
    assert len(customer.complete) == len(CALLS) and not customer.refused and not customer.cut_off


async def test_calls_side_by_side_survive_a_store_that_comes_and_goes(running: Running) -> None:
    customers = [Customer(running.gateway) for _ in range(6)]
    for customer in customers:
        await customer.open_account()
    for first in (1, 2, 3):
        running.store.fail(Fault(first, 40, done=first == 2))
        await asyncio.gather(*(customer.call(path, body) for customer in customers for path, body in CALLS))
        assert running.store.hit or first > 1  # one commit may do for all of them
        await recovered(running)
    for customer in customers:
        await customer.come_back()
        await check_books(running, customer, "side by side")

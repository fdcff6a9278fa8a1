"""A disk that is full and a database that is locked: 503 before anything is sent, and nothing that happened is lost."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.faults import FailingStore, failing_stores, gated
from tests.gateway import Gateway, bearer, chat
from tests.upstream import Reply, ScriptedUpstream, openai_chat
from tollhouse.billing.journal import Journal

pytestmark = pytest.mark.asyncio(loop_scope="module")

COST_USD = "0.000025"  # of the usage that the scripted provider reports
FOR_LONG_S = 10.0


@dataclass
class Shop:
    gateway: Gateway
    upstream: ScriptedUpstream
    store: FailingStore
    account: str
    key: str
    given: Decimal = Decimal(0)  # beyond the 10 USD of the beginning

    @property
    def journal(self) -> Journal:
        return self.gateway.app.services.relay.means.journal

    async def chat(self, **fields: Any) -> httpx.Response:
        return await self.gateway.client.post("/v1/chat/completions", json=chat(**fields), headers=bearer(self.key))

    async def running(self, count: int, reply: Reply, **fields: Any) -> list[asyncio.Task[httpx.Response]]:
        """Calls that the provider has begun to answer."""
        asked = len(self.upstream.requests)
        self.upstream.script = reply
        calls = [asyncio.ensure_future(self.chat(**fields)) for _ in range(count)]
        await until(lambda: len(self.upstream.requests) == asked + count)
        await until(lambda: self.journal._committed == self.journal._appended)
        self.upstream.script = openai_chat()
        return calls

    async def fails(self) -> httpx.Response:
        """Call until the store is known to fail: the refusal."""
        async with asyncio.timeout(5):
            while (response := await self.chat()).status_code == 200:
                pass
        return response

    async def balance(self) -> Decimal:
        shown = (await self.gateway.admin.get(f"/accounts/{self.account}")).json()
        assert shown["held_usd"] == "0"
        return Decimal(shown["balance_usd"])

    def refunds(self) -> Decimal:
        """What was given back for answers that nobody got, in USD."""
        with self.store.real.books() as books:
            mine = [row for row in books.entries if row["kind"] == "credit" and row["account"] == self.account]
        return Decimal(sum(row["amount_nano"] for row in mine if row["reference"].startswith("refund "))) / 10**9

    async def settled(self) -> dict[str, dict[str, Any]]:
        """Once the store is well: the rows of all requests so far, whose books hold."""
        await until(lambda: self.journal.failing is None)
        report = await self.gateway.audit()
        assert (report.drift, report.held) == (0, 0), report.findings
        rows = await self.gateway.rows(account=self.account, limit=1000)
        assert len(rows) == len({row["request_id"] for row in rows})
        spent = sum(Decimal(row["cost_usd"]) for row in rows)
        assert await self.balance() == 10 + self.given + self.refunds() - spent
        return {row["request_id"]: row for row in rows}


async def until(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.002)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    limits = {"limits": {"requests_per_minute": 0}}
    with pytest.MonkeyPatch.context() as monkeypatch, failing_stores(monkeypatch) as stores:
        directory = tmp_path_factory.mktemp("gateway")
        async with ScriptedUpstream() as upstream, Gateway(directory, upstream.url, routes=limits) as gateway:
            yield Shop(gateway, upstream, stores[0], "", "")


@pytest_asyncio.fixture(loop_scope="module")
async def shop(shared: Shop) -> Shop:
    """The shared gateway for a new customer, whose key has been verified once."""
    shared.upstream.script = openai_chat()
    account = (await shared.gateway.account())["id"]
    shop = replace(shared, account=account, key=await shared.gateway.key(account))
    assert (await shop.chat()).status_code == 200
    return shop


@contextmanager
def full_disk(shop: Shop) -> Iterator[None]:
    """The store has the pages it has and gets no more."""
    [(pages,)] = shop.store.connection.execute("PRAGMA page_count")
    shop.store.connection.execute(f"PRAGMA max_page_count = {pages}")
    yield
    shop.store.connection.execute("PRAGMA max_page_count = 1000000")


@contextmanager
def locked(shop: Shop) -> Iterator[None]:
    """Another program has the store for itself."""
    other = sqlite3.connect(shop.store.path, isolation_level=None, timeout=5)
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.execute("ROLLBACK")
    other.close()


FAULTS = pytest.mark.parametrize("fault", [full_disk, locked])
Fault = Callable[[Shop], Any]


@FAULTS
async def test_nothing_is_sent_while_the_store_is_known_to_fail(shop: Shop, fault: Fault) -> None:
    with fault(shop):
        responses = [await shop.fails()]
        asked = len(shop.upstream.requests)
        responses += await asyncio.gather(*(shop.chat(stream=number % 2 == 0) for number in range(10)))
        assert len(shop.upstream.requests) == asked
    for response in responses:
        assert response.status_code == 503 and int(response.headers["retry-after"]) >= 1
    rows = await shop.settled()
    assert {response.headers["x-request-id"] for response in responses[1:]} & set(rows) == set()
    assert (await shop.chat()).status_code == 200, "it goes on without a restart"


@FAULTS
@pytest.mark.parametrize("streaming", [False, True])
async def test_what_runs_when_the_store_fails_waits_for_it_and_is_charged_once(
    shop: Shop, fault: Fault, streaming: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    running = await shop.running(5, gated(gate), stream=streaming)
    with fault(shop):
        await shop.fails()
        monkeypatch.setattr(shop.journal, "_patience_s", FOR_LONG_S)
        if streaming:
            gate.set()
            await until(lambda: shop.journal._appended >= shop.journal._committed + 5)
        assert not any(call.done() for call in running)
    await until(lambda: shop.journal.failing is None)
    gate.set()
    responses = await asyncio.gather(*running)
    rows = await shop.settled()
    for response in responses:
        assert response.status_code == 200 and (not streaming or response.text.endswith("data: [DONE]\n\n"))
        row = rows[response.headers["x-request-id"]]
        assert (row["state"], row["cost_usd"], row["usage_source"]) == ("posted", COST_USD, "reported")


@FAULTS
async def test_a_stream_that_cannot_be_charged_in_time_has_no_end_and_is_charged_later(
    shop: Shop, fault: Fault
) -> None:
    gate = threading.Event()
    running = await shop.running(5, gated(gate), stream=True)
    with fault(shop):
        await shop.fails()
        gate.set()
        responses = await asyncio.gather(*running)
    rows = await shop.settled()
    for response in responses:
        assert response.status_code == 200 and "Hel" in response.text
        assert '"code":"unavailable"' in response.text and "[DONE]" not in response.text
        row = rows[response.headers["x-request-id"]]
        assert (row["state"], row["cost_usd"]) == ("posted", COST_USD)


@FAULTS
async def test_an_answer_that_cannot_be_charged_in_time_is_503_and_free(shop: Shop, fault: Fault) -> None:
    gate = threading.Event()
    running = await shop.running(5, gated(gate))
    with fault(shop):
        gate.set()
        answered = await asyncio.gather(*running)
        refused = [response for response in answered if response.status_code != 200] or [await shop.fails()]
    assert {response.status_code for response in refused} == {503}
    rows = await shop.settled()
    assert sum(Decimal(rows[response.headers["x-request-id"]]["cost_usd"]) for response in refused) == shop.refunds()


@FAULTS
async def test_a_client_that_leaves_while_the_store_fails_is_charged_what_was_delivered(
    shop: Shop, fault: Fault
) -> None:
    async def leave() -> str:
        async with shop.gateway.client.stream(
            "POST", "/v1/chat/completions", json=chat(stream=True), headers=bearer(shop.key)
        ) as response:
            await anext(response.aiter_bytes())
            began.set()
            await left.wait()
            return str(response.headers["x-request-id"])

    began, left = asyncio.Event(), asyncio.Event()
    shop.upstream.script = gated(threading.Event())
    leaving = asyncio.ensure_future(leave())
    await began.wait()
    shop.upstream.script = openai_chat()
    with fault(shop):
        await shop.fails()
        left.set()
        request_id = await leaving
        await until(lambda: request_id not in shop.gateway.app.services.relay.means.ledger.open_holds)
    row = (await shop.settled())[request_id]
    assert (row["state"], row["usage_source"], row["output_tokens"]) == ("posted", "estimated", 1)


async def test_administrators_can_look_while_the_store_is_locked_and_change_nothing(shop: Shop) -> None:
    admin = shop.gateway.admin
    with locked(shop):
        await shop.fails()
        for path in ("/accounts", f"/accounts/{shop.account}", f"/accounts/{shop.account}/keys"):
            assert (await admin.get(path)).status_code == 200
        changes = [
            await admin.post("/accounts", json={"name": "late", "balance_usd": "1"}),
            await admin.post(f"/accounts/{shop.account}/keys", json={"name": "late"}),
            await admin.post(f"/accounts/{shop.account}/credits", json={"amount_usd": "1", "reference": "late"}),
            await admin.get("/ledger"),
        ]
        ready, alive = [await shop.gateway.client.get(path) for path in ("/readyz", "/livez")]
        stranger = await shop.gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer("sk-nobody"))
    for response in changes:
        assert response.status_code == 503 and int(response.headers["retry-after"]) >= 1
    assert (ready.status_code, alive.status_code, stranger.status_code) == (503, 200, 401)
    await shop.settled()
    assert [each["name"] for each in (await admin.get("/accounts")).json()["accounts"]].count("late") == 0
    again = await admin.post(f"/accounts/{shop.account}/credits", json={"amount_usd": "1", "reference": "late"})
    assert again.status_code == 200 and (await shop.gateway.client.get("/readyz")).status_code == 200


async def test_a_key_that_is_revoked_while_the_store_is_locked_is_refused_at_once_and_stays_revoked(shop: Shop) -> None:
    [key] = (await shop.gateway.admin.get(f"/accounts/{shop.account}/keys")).json()["keys"]
    with locked(shop):
        assert (await shop.gateway.admin.delete(f"/keys/{key['id']}")).status_code == 503
        assert (await shop.chat()).status_code == 401
    assert (await shop.gateway.admin.delete(f"/keys/{key['id']}")).status_code == 200
    keys = shop.store.real.keys()
    assert all(row.revoked_at_us for row in keys if row.id == key["id"])


async def test_a_short_lock_is_noticed_by_nobody(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop.journal, "_patience_s", FOR_LONG_S)
    with locked(shop):
        running = [asyncio.ensure_future(shop.chat(stream=number % 2 == 0)) for number in range(6)]
        await until(lambda: shop.journal.failing is not None)
    responses = await asyncio.gather(*running)
    rows = await shop.settled()
    served = [response for response in responses if response.status_code == 200]
    assert served and all(rows[each.headers["x-request-id"]]["state"] == "posted" for each in served)
    assert {response.status_code for response in responses} <= {200, 503}


async def test_a_credit_that_waits_in_a_full_disk_is_given_once(shop: Shop) -> None:
    body = {"amount_usd": "3", "reference": "transfer 1"}
    with full_disk(shop):
        await shop.fails()
        tries = [await shop.gateway.admin.post(f"/accounts/{shop.account}/credits", json=body) for _ in range(3)]
    assert {response.status_code for response in tries} == {503}
    await until(lambda: shop.journal.failing is None)
    for _ in range(2):
        assert (await shop.gateway.admin.post(f"/accounts/{shop.account}/credits", json=body)).status_code == 200
    shop.given = Decimal(3)
    await shop.settled()

"""What a call costs, whatever becomes of it: failures, retries, streams that break, clients that leave, a store that is down.

Real calls through a whole gateway to a scripted provider, in both formats. `solo` models cost 1 USD per million tokens
in and 2 out; where a `pooled` call fails over, the second provider's model costs ten times as much. A healthy provider
counts 11 tokens in and 7 out. Usage in every shape is in `test_charged_usage.py`, prices are in `test_charged_prices.py`.
"""

import asyncio
import json
from pathlib import Path

import pytest

from tests.gateway import Gateway, bearer, provider
from tests.leaving import Leaver, until
from tests.relaying import BrokenDisk, Relaying, charge_of
from tests.upstream import (
    Connection,
    Reply,
    Request,
    after,
    fin,
    garbage,
    hang,
    refusing,
    reset,
    status,
    stream,
)
from tests.wires import CHAT, MESSAGES, WIRES, Wire
from tollhouse import streaming as streams

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name),
]
either = pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streaming"])
both_policies = pytest.mark.parametrize("policy", ["cancel", "drain"])

PROMPT = 5  # the estimate of the tests' prompt: a quarter of its 6 bytes and of 12 more for its role, rounded up
NOTHING = ("voided", "0", 0, 0, "none")
BROKEN = {CHAT: ("posted", "0.000011", PROMPT, 3, "estimated"), MESSAGES: ("posted", "0.000017", 11, 3, "estimated")}
FAILURES = {
    "hangs": hang,
    "resets the connection": reset,
    "closes the connection": fin,
    "does not speak HTTP": garbage,
    **{f"answers {code}": status(code) for code in (400, 401, 403, 404, 413, 429, 500, 503, 529)},
}


@pytest.fixture
def gateways(way: Relaying, draining: Relaying) -> dict[str, Relaying]:
    """By what their providers say of clients that hang up: `on_disconnect`."""
    return {"cancel": way, "drain": draining}


# Failures before the first byte.


@either
@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failure_before_the_first_byte_costs_nothing(
    way: Relaying, wire: Wire, streaming: bool, failure: str
) -> None:
    way.first.script = FAILURES[failure]
    response = await way.call(wire, streaming=streaming)
    assert response.status_code >= 400 and len(way.first.requests) == 1
    row = await way.row_of(response)
    assert charge_of(row) == NOTHING and row["status"] == response.status_code


async def test_a_stream_that_fails_before_its_first_event_costs_nothing(way: Relaying, wire: Wire) -> None:
    for begun in (stream([]), stream([], end=reset), stream([wire.error("overloaded")])):
        way.first.script = begun
        response = await way.call(wire, streaming=True)
        assert response.status_code == 502
        assert charge_of(await way.row_of(response)) == NOTHING


async def test_a_provider_that_cannot_be_reached_costs_nothing(tmp_path: Path, wire: Wire) -> None:
    with refusing() as nobody:
        entry = provider(nobody, wire.dialect)
        async with Gateway(tmp_path, nobody, providers={"gone": entry}) as gateway:
            account = await gateway.account(balance_usd="1")
            key = await gateway.key(account["id"])
            for streaming in (False, True):
                body = wire.ask(stream=streaming)
                response = await gateway.client.post(f"/v1/{wire.path}", json=body, headers=bearer(key))
                assert response.status_code == 502
                assert charge_of((await gateway.rows())[0]) == NOTHING
            assert await gateway.balance(account["id"]) == ("1", "0")


@either
async def test_when_every_provider_fails_nothing_is_charged_and_the_hold_comes_back(
    way: Relaying, wire: Wire, streaming: bool
) -> None:
    account = await way.gateway.account(f"unlucky-{wire.name}-{streaming}", "1")
    key = await way.gateway.key(account["id"])
    way.first.script, way.second.script = status(500), reset
    response = await way.call(wire, wire.pooled, streaming=streaming, key=key)
    assert response.status_code == 502
    row = await way.row_of(response)
    assert charge_of(row) == NOTHING
    assert [attempt["status"] for attempt in row["attempts"]] == [500, None]
    assert await way.gateway.balance(account["id"]) == ("1", "0")


# Retries and failover.


@either
@pytest.mark.parametrize("failure", ["resets the connection", "answers 429", "answers 500"])
async def test_a_retry_is_free_and_the_model_that_answered_is_the_one_charged(
    way: Relaying, wire: Wire, streaming: bool, failure: str
) -> None:
    way.first.script = FAILURES[failure]
    response = await way.call(wire, wire.pooled, streaming=streaming)
    assert response.status_code == 200
    row = await way.row_of(response)
    assert charge_of(row) == ("posted", "0.00025", 11, 7, "reported")  # 11 × 10 + 7 × 20 per million
    assert (row["requested_model"], row["served_model"]) == (wire.pooled, "dear")
    assert [attempt["provider"] for attempt in row["attempts"]] == [f"first{'' if wire is CHAT else '-anthropic'}"]
    assert row["provider"].startswith("second")


# Streams that break.


@pytest.mark.parametrize("end", [reset, fin, hang])
async def test_a_stream_that_breaks_is_charged_for_what_was_delivered(way: Relaying, wire: Wire, end: Reply) -> None:
    way.first.script = wire.begun("Hello, world", end)
    response = await way.call(wire, wire.pooled, streaming=True)
    assert "Hello, world" in response.text and "error" in response.text
    assert charge_of(await way.row_of(response)) == BROKEN[wire]
    assert way.second.requests == [], "nobody else is asked after the first byte"


@pytest.mark.parametrize("end", [reset, fin])
async def test_a_stream_that_breaks_is_charged_the_usage_it_had_reported(way: Relaying, wire: Wire, end: Reply) -> None:
    way.first.script = wire.counting("Hello, world", [wire.usage(4, 1)], end)
    response = await way.call(wire, wire.pooled, streaming=True)
    assert charge_of(await way.row_of(response)) == ("posted", "0.000006", 4, 1, "reported")
    assert way.second.requests == []


async def test_the_text_of_an_error_in_a_stream_is_never_charged(way: Relaying, wire: Wire) -> None:
    way.first.script = stream([*wire.text("Hello, world"), wire.error("it fell over " * 100)])
    response = await way.call(wire, wire.pooled, streaming=True)
    assert "it fell over" in response.text
    assert charge_of(await way.row_of(response)) == ("posted", "0.000011", PROMPT, 3, "estimated")
    assert way.second.requests == []


# Clients that leave.


async def test_leaving_a_stream_midway_stops_the_provider_and_charges_what_was_delivered(
    way: Relaying, wire: Wire
) -> None:
    way.first.script = wire.begun("Hello, world", hang)
    async with Leaver(way, wire, model=wire.pooled) as client:
        await client.receive(b"world")
        left = await client.leave()
        assert await way.first.requests[0].wait_closed() - left < 1
        row = await client.row()
    assert charge_of(row) == BROKEN[wire] and row["status"] == 200
    assert way.second.requests == []


async def test_leaving_a_stream_that_is_drained_charges_its_real_usage(draining: Relaying, wire: Wire) -> None:
    draining.first.script = wire.streamed(["Hello, world"] * 20, usage=wire.usage(5, 40), delay_s=0.01)
    async with Leaver(draining, wire) as client:
        await client.receive(b"world")
        await client.leave()
        row = await client.row()
    assert charge_of(row) == ("posted", "0.000085", 5, 40, "reported")
    assert draining.first.requests[0].closed_at is None, "it was read to its end"


@pytest.mark.parametrize("silent", [True, False])
async def test_draining_ends_after_a_minute(
    draining: Relaying, wire: Wire, monkeypatch: pytest.MonkeyPatch, silent: bool
) -> None:
    assert streams.DRAIN_S == 60
    monkeypatch.setattr(streams, "DRAIN_S", 0.3)
    endless = stream(wire.text("Hello, world") * 1000, delay_s=0.005)
    draining.first.script = wire.begun("Hello, world", hang) if silent else endless
    async with Leaver(draining, wire) as client:
        await client.receive(b"world")
        left = await client.leave()
        assert 0.15 < await draining.first.requests[0].wait_closed() - left < 0.9
        row = await client.row()
    assert row["usage_source"] == "estimated" and row["output_tokens"] >= 3


async def test_a_drained_stream_that_breaks_is_charged_for_what_came(draining: Relaying, wire: Wire) -> None:
    draining.first.script = stream(wire.text("Hello, wor") * 2, delay_s=0.05, end=reset)
    async with Leaver(draining, wire) as client:
        await client.receive(b"wor")
        await client.leave()
        row = await client.row()
    assert charge_of(row) == ("posted", "0.000015", PROMPT, 5, "estimated")


@both_policies
async def test_leaving_a_stream_before_its_first_byte_costs_nothing_and_stops_the_provider(
    gateways: dict[str, Relaying], wire: Wire, policy: str
) -> None:
    way = gateways[policy]
    way.first.script = hang
    async with Leaver(way, wire, model=wire.pooled) as client:
        await until(lambda: way.first.requests)
        left = await client.leave()
        assert await way.first.requests[0].wait_closed() - left < 1
        assert charge_of(await client.row("voided")) == NOTHING
    assert way.second.requests == []


async def test_leaving_before_the_first_byte_still_counts_against_the_rate_limit(way: Relaying, wire: Wire) -> None:
    key = await way.gateway.key(requests_per_minute=1)
    way.first.script = hang
    async with Leaver(way, wire, key=key) as client:
        await until(lambda: way.first.requests)
        await client.leave()
        await client.row("voided")
    assert (await way.call(wire, key=key)).status_code == 429


@pytest.mark.parametrize("begun", [stream([], end=hang), stream([b": wait\n\n"], end=hang)], ids=["headers", "comment"])
async def test_leaving_after_the_providers_first_byte_is_never_free(way: Relaying, wire: Wire, begun: Reply) -> None:
    way.first.script = begun
    async with Leaver(way, wire) as client:
        await until(lambda: way.first.requests)
        await asyncio.sleep(0.15)  # the headers are there
        left = await client.leave()
        assert await way.first.requests[0].wait_closed() - left < 1
        row = await client.row()
    assert charge_of(row) == ("posted", "0.000005", PROMPT, 0, "estimated")


@both_policies
@pytest.mark.parametrize("begun", [False, True], ids=["before the first byte", "after the first byte"])
async def test_hanging_up_on_a_plain_call_charges_its_real_usage(
    gateways: dict[str, Relaying], wire: Wire, policy: str, begun: bool
) -> None:
    way, gone = gateways[policy], asyncio.Event()
    answer = json.dumps({"choices": [], "content": [], "usage": wire.usage(5, 2)}).encode()

    async def waiting(request: Request, connection: Connection) -> None:
        if begun:
            await connection.start(200, {"content-type": "application/json"})
            await connection.piece(answer[:9])
        await gone.wait()
        if not begun:
            await connection.start(200, {"content-type": "application/json"})
        await connection.piece(answer[9 if begun else 0 :])
        await connection.finish()

    way.first.script = waiting
    async with Leaver(way, wire, stream=False) as client:
        await until(lambda: way.first.requests)
        await asyncio.sleep(0.05)
        await client.leave()
        await asyncio.sleep(0.1)  # the gateway has noticed
        gone.set()
        row = await client.row()
    assert charge_of(row) == ("posted", "0.000009", 5, 2, "reported")
    assert way.first.requests[0].closed_at is None, "the provider may finish"


async def test_hanging_up_on_a_plain_call_that_fails_costs_nothing(way: Relaying, wire: Wire) -> None:
    way.first.script = after(0.1, status(400))
    async with Leaver(way, wire, stream=False) as client:
        await until(lambda: way.first.requests)
        await client.leave()
        row = await client.row("voided")
    assert charge_of(row) == NOTHING and row["status"] == 400


# The ledger's store.


@either
async def test_while_the_ledger_cannot_be_written_calls_are_refused_and_cost_nothing(
    way: Relaying, wire: Wire, monkeypatch: pytest.MonkeyPatch, streaming: bool
) -> None:
    disk = BrokenDisk(way.gateway, monkeypatch)
    account = await way.gateway.account(f"careful-{wire.name}-{streaming}", "1")
    key = await way.gateway.key(account["id"])
    disk.broken = True
    first = await way.call(wire, streaming=streaming, key=key)  # nobody knows yet
    second = await way.call(wire, streaming=streaming, key=key)
    disk.broken = False
    for response in (first, second):
        assert response.status_code == 503 and int(response.headers["retry-after"]) >= 1
    await way.row_of(first)  # the books hold
    assert await way.gateway.balance(account["id"]) == ("1", "0")
    assert await way.gateway.rows(request=second.headers["x-request-id"]) == [] and len(way.first.requests) == 1

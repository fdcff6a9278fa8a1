"""Clients that hang up at odd moments, read slowly or stay to the end. What leaving costs is in `test_what_is_charged.py`."""

import asyncio

import pytest

from tests.gateway import audit_data, chat
from tests.leaving import Leaver, until
from tests.relaying import Relaying, relaying
from tests.upstream import (
    Connection,
    Request,
    hang,
    openai_stream,
)
from tollhouse.dialects.openai import OPENAI
from tollhouse.metering import estimate

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROMPT_TOKENS = estimate(OPENAI.measure(chat(), "chat"), 0).input


async def test_leaving_a_busy_stream_stops_it_too(way: Relaying) -> None:
    way.first.script = openai_stream(["x" * 100] * 10_000, delay_s=0.001)
    async with Leaver(way) as client:
        await client.receive(b"xxx")
        left = await client.leave()
        assert await way.first.requests[0].wait_closed() - left < 1
        row = await client.row()
    assert row["usage_source"] == "estimated" and 25 <= row["output_tokens"] < 100_000


async def test_leaving_a_stream_that_is_answered_with_json_is_not_free_either(way: Relaying) -> None:
    async def half(request: Request, connection: Connection) -> None:
        await connection.start(200, {"content-type": "application/json"})
        await connection.piece(b'{"choices": [')
        await hang(request, connection)

    way.first.script = half
    async with Leaver(way) as client:
        await until(lambda: way.first.requests)
        await asyncio.sleep(0.2)
        left = await client.leave()
        assert await way.first.requests[0].wait_closed() - left < 1
        row = await client.row()
    assert (row["usage_source"], row["input_tokens"], row["output_tokens"]) == ("estimated", PROMPT_TOKENS, 0)


async def test_clients_that_leave_at_any_moment_leave_nothing_behind(way: Relaying) -> None:
    """A sweep over the moments of a short stream: every hold resolves, every upstream call ends."""
    way.first.script = openai_stream(["Hello", " there"], delay_s=0.002)
    known = {row["request_id"] for row in await way.gateway.rows(limit=1000)}

    async def leave_after(delay_s: float) -> None:
        client = Leaver(way)
        await client.__aenter__()
        await asyncio.sleep(delay_s)
        await client.leave()

    for start in range(0, 40, 8):
        await asyncio.gather(*(leave_after((start + i) * 0.0008) for i in range(8)))
    services = way.gateway.app.services
    await until(lambda: not services.relay.means.ledger.open_holds)
    rows = [row for row in await way.gateway.rows(limit=1000) if row["request_id"] not in known]
    assert {row["state"] for row in rows} <= {"posted", "voided"} and len(rows) <= 40
    assert (await way.gateway.audit()).drift == 0
    assert all(key.running_streams == 0 and key.used.reserved_nano == 0 for key in services.accounts.keys.keys.values())
    assert services.relay.means.background._tasks == set()


async def test_a_client_that_reads_slowly_gets_everything(way: Relaying) -> None:
    way.first.script = openai_stream(["x" * 10_000] * 300)
    async with Leaver(way) as client:
        await asyncio.sleep(0.3)
        await client.receive(b"[DONE]")
    assert client.received.count(b"x" * 10_000) == 300


async def test_stopping_the_gateway_settles_running_streams(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with relaying(tmp_path_factory.mktemp("gateway")) as way:
        way.first.script = openai_stream(["Hello"] * 10, delay_s=0.05)
        running = asyncio.ensure_future(way.chat("solo", stream=True, base=f"{way.gateway.urls['main']}/v1"))
        await until(lambda: way.first.requests)
        way.gateway._stop.set()
        response = await running
        assert response.text.endswith("data: [DONE]\n\n")
        await way.gateway._serving
        report = audit_data(way.gateway.data_dir)
        assert (report.drift, report.held, report.posted) == (0, 0, 1), report.findings

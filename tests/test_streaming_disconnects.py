"""Clients that hang up: what becomes of the upstream call, and what is charged."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.gateway import audit_data, chat, message
from tests.relaying import Relaying, relaying
from tests.upstream import (
    Connection,
    Reply,
    Request,
    after,
    answer_json,
    anthropic_stream,
    frame,
    hang,
    openai_chat,
    openai_stream,
    reset,
    stream,
    usage,
)
from tollhouse import streaming
from tollhouse.dialects.openai import OPENAI
from tollhouse.metering import estimate

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEL = frame({"choices": [{"index": 0, "delta": {"content": "Hello, wor"}}]})  # ten bytes: three tokens
PROMPT_TOKENS = estimate(OPENAI.measure(chat(), "chat"), 0).input


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared_draining(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Relaying]:
    async with relaying(tmp_path_factory.mktemp("gateway"), on_disconnect="drain") as running:
        yield running


@pytest.fixture
def draining(shared_draining: Relaying) -> Relaying:
    shared_draining.forget()
    return shared_draining


class Leaver:
    """A client that leaves whenever it wants."""

    def __init__(self, way: Relaying, *, model: str = "solo", path: str = "chat/completions", **fields: Any) -> None:
        self._way = way
        body = (message if path == "messages" else chat)(**{"model": model, "stream": True, **fields})
        host, port = httpx.URL(way.gateway.urls["main"]).netloc.decode().split(":")
        self._address = (host, int(port))
        payload = json.dumps(body).encode()
        self._request = (
            f"POST /v1/{path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {way.key}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(payload)}\r\n\r\n"
        ).encode() + payload
        self.received = b""

    async def __aenter__(self) -> "Leaver":
        self._known = {row["request_id"] for row in await self._way.gateway.rows()}
        self._reader, self._writer = await asyncio.open_connection(*self._address)
        self._writer.write(self._request)
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.leave()

    async def receive(self, text: bytes) -> None:
        """Wait until these bytes have come."""
        async with asyncio.timeout(5):
            while text not in self.received:
                self.received += await self._reader.read(65536)

    async def leave(self) -> float:
        """Hang up; returns when."""
        self._writer.close()
        return time.monotonic()

    async def row(self, state: str = "posted") -> dict[str, Any]:
        """The new ledger row, once it is settled."""
        await until(lambda: not self._way.gateway.app.services.relay.means.ledger.open_holds)
        report = await self._way.gateway.audit()
        assert report.drift == 0 and report.held == 0, report.findings
        [row] = [row for row in await self._way.gateway.rows() if row["request_id"] not in self._known]
        assert row["state"] == state, row
        return row


async def until(true: Callable[[], Any], timeout_s: float = 5) -> None:
    async with asyncio.timeout(timeout_s):
        while not true():
            await asyncio.sleep(0.005)


async def test_leaving_a_stream_midway_stops_the_provider_and_charges_what_was_delivered(way: Relaying) -> None:
    way.first.script = stream([HEL], end=hang)
    async with Leaver(way) as client:
        await client.receive(b"wor")
        left = await client.leave()
        assert await way.first.requests[0].wait_closed() - left < 1
        row = await client.row()
    assert (row["usage_source"], row["input_tokens"], row["output_tokens"]) == ("estimated", PROMPT_TOKENS, 3)
    assert row["cost_usd"] == f"0.{PROMPT_TOKENS * 1 + 3 * 2:06}" and row["status"] == 200 and way.second.requests == []


async def test_leaving_a_busy_stream_stops_it_too(way: Relaying) -> None:
    way.first.script = openai_stream(["x" * 100] * 10_000, delay_s=0.001)
    async with Leaver(way) as client:
        await client.receive(b"xxx")
        left = await client.leave()
        assert await way.first.requests[0].wait_closed() - left < 1
        row = await client.row()
    assert row["usage_source"] == "estimated" and 25 <= row["output_tokens"] < 100_000


async def test_leaving_an_anthropic_stream_charges_the_reported_input(way: Relaying) -> None:
    way.first.script = anthropic_stream(["Hello, wor"], complete=False, end=hang)
    async with Leaver(way, model="claude-solo", path="messages") as client:
        await client.receive(b"wor")
        await client.leave()
        row = await client.row()
    assert (row["input_tokens"], row["output_tokens"]) == (11, 3)


@pytest.mark.parametrize("model", ["solo", "pooled"])
async def test_leaving_before_the_provider_said_anything_is_free(way: Relaying, model: str) -> None:
    way.first.script = hang
    async with Leaver(way, model=model) as client:
        await until(lambda: way.first.requests)
        left = await client.leave()
        assert await way.first.requests[0].wait_closed() - left < 1
        row = await client.row("voided")
    assert (row["cost_usd"], row["usage_source"]) == ("0", "none")
    assert way.second.requests == []


@pytest.mark.parametrize("reply", [stream([], end=hang), stream([b": wait\n\n"], end=hang)], ids=["headers", "comment"])
async def test_leaving_after_the_providers_first_byte_is_never_free(way: Relaying, reply: Reply) -> None:
    way.first.script = reply
    async with Leaver(way) as client:
        await until(lambda: way.first.requests)
        await asyncio.sleep(0.2)  # the headers are there
        left = await client.leave()
        assert await way.first.requests[0].wait_closed() - left < 1
        row = await client.row()
    assert (row["usage_source"], row["input_tokens"], row["output_tokens"]) == ("estimated", PROMPT_TOKENS, 0)


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


async def test_hanging_up_on_a_plain_call_charges_its_real_usage(way: Relaying) -> None:
    way.first.script = after(0.2, openai_chat(usage=usage(5, 2)))
    async with Leaver(way, stream=False) as client:
        await until(lambda: way.first.requests)
        await client.leave()
        row = await client.row()
    assert (row["usage_source"], row["input_tokens"], row["output_tokens"]) == ("reported", 5, 2)
    assert way.first.requests[0].closed_at is None


async def test_hanging_up_on_a_plain_call_that_fails_is_free(way: Relaying) -> None:
    way.first.script = after(0.2, answer_json({"error": {"message": "no"}}, 400))
    async with Leaver(way, stream=False) as client:
        await until(lambda: way.first.requests)
        await client.leave()
        assert (await client.row("voided"))["status"] == 400


async def test_a_drained_stream_is_charged_its_real_usage(draining: Relaying) -> None:
    draining.first.script = openai_stream(["Hello, wor"] * 20, usage=usage(5, 40), delay_s=0.02)
    async with Leaver(draining) as client:
        await client.receive(b"wor")
        await client.leave()
        row = await client.row()
    assert (row["usage_source"], row["input_tokens"], row["output_tokens"]) == ("reported", 5, 40)
    assert draining.first.requests[0].closed_at is None


async def test_a_drained_stream_is_left_alone_before_its_first_byte(draining: Relaying) -> None:
    draining.first.script = hang
    async with Leaver(draining) as client:
        await until(lambda: draining.first.requests)
        left = await client.leave()
        assert await draining.first.requests[0].wait_closed() - left < 1
        await client.row("voided")


@pytest.mark.parametrize("silent", [True, False])
async def test_draining_has_an_end(draining: Relaying, monkeypatch: pytest.MonkeyPatch, silent: bool) -> None:
    monkeypatch.setattr(streaming, "DRAIN_S", 0.3)
    draining.first.script = stream([HEL], end=hang) if silent else stream([HEL] * 1000, delay_s=0.01)
    async with Leaver(draining) as client:
        await client.receive(b"wor")
        left = await client.leave()
        assert 0.15 < await draining.first.requests[0].wait_closed() - left < 0.9
        row = await client.row()
    assert row["usage_source"] == "estimated" and row["output_tokens"] >= 3


async def test_a_drained_stream_that_breaks_is_charged_what_came(draining: Relaying) -> None:
    draining.first.script = stream([HEL, HEL], delay_s=0.1, end=reset)
    async with Leaver(draining) as client:
        await client.receive(b"wor")
        await client.leave()
        row = await client.row()
    assert (row["usage_source"], row["output_tokens"]) == ("estimated", 5)


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
    assert all(key.running_streams == 0 and key.reserved_nano == 0 for key in services.accounts.keys.keys.values())
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

"""Connections are used again, have an end, are never more than agreed, and leave nothing behind."""

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator, Iterator

import pytest

from tests import upstream as scripted
from tests.upstream import ScriptedUpstream
from tests.upstream_calls import call, cancelled_after, fail, read
from tollhouse.upstream.connection import Connection
from tollhouse.upstream.engine import HttpUpstream
from tollhouse.upstream.response import Response


@pytest.fixture
async def engine() -> AsyncIterator[HttpUpstream]:
    engine = HttpUpstream()
    yield engine
    await engine.close()


async def calls_at_once(engine: HttpUpstream, upstream: ScriptedUpstream, count: int) -> None:
    await asyncio.gather(*(read(engine, call(upstream.url)) for _ in range(count)))
    await asyncio.sleep(0.05)  # what is to be closed is closed


async def test_idle_connections_are_capped(
    engine: HttpUpstream, upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tollhouse.upstream.connection.IDLE_CONNECTIONS_PER_ORIGIN_MAX", 5)
    upstream.script = scripted.after(0.05, scripted.answer(b"{}"))
    await calls_at_once(engine, upstream, 20)
    assert upstream.connections_accepted == 20
    assert len(upstream.connections) == 5


async def test_idle_connections_die_of_age(
    engine: HttpUpstream, upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tollhouse.upstream.connection.IDLE_CONNECTION_LIFE_S", 0.1)
    await calls_at_once(engine, upstream, 5)
    await asyncio.gather(*(request.wait_closed() for request in upstream.requests))


async def test_the_connection_used_last_is_the_first_to_be_used_again(
    engine: HttpUpstream, upstream: ScriptedUpstream
) -> None:
    upstream.script = scripted.after(0.05, scripted.answer(b"{}"))
    await calls_at_once(engine, upstream, 5)
    for _ in range(5):
        await read(engine, call(upstream.url))
    assert len({request.connection for request in upstream.requests[5:]}) == 1


async def test_an_idle_connection_that_talks_is_closed(engine: HttpUpstream, upstream: ScriptedUpstream) -> None:
    await read(engine, call(upstream.url))
    await upstream.requests[0].connection.send(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
    await upstream.requests[0].wait_closed()


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def test_a_closed_connection_does_not_wait_for_the_garbage_collector(
    engine: HttpUpstream, upstream: ScriptedUpstream, no_collector: None
) -> None:
    upstream.reply(scripted.hang_mid_body())
    response = await engine.send(call(upstream.url))
    [connection] = map(weakref.ref, engine._connections)
    await response.close()
    del response
    await asyncio.sleep(0.05)
    assert connection() is None


async def test_thousands_of_calls_leave_nothing_behind(engine: HttpUpstream, upstream: ScriptedUpstream) -> None:
    for _ in range(20):
        await calls_at_once(engine, upstream, 100)
    upstream.script = scripted.fin_mid_body()
    for _ in range(20):
        await fail(engine, call(upstream.url))
    upstream.script = scripted.hang
    for _ in range(20):
        await cancelled_after(asyncio.create_task(read(engine, call(upstream.url))), 0.0)
    await asyncio.sleep(0.05)
    gc.collect()
    left = [each for each in gc.get_objects() if isinstance(each, Connection)]
    assert len(left) == len(engine._connections) <= 100
    assert not [each for each in gc.get_objects() if isinstance(each, Response)]

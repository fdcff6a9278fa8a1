"""Claims of events: one gateway tells, another one does where that one died, and Redis may do what it wants."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from tests.redis_server import RedisServer
from tollhouse.counters import claims as module
from tollhouse.counters.base import Holder
from tollhouse.counters.claims import Claims
from tollhouse.counters.redis import RedisSpending

WHAT = "one:2026-11-21:alert:50"
KEY = f"tollhouse:alert:{WHAT}"
CLAIM_S = 0.6


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CLAIM_S", CLAIM_S)


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with RedisServer() as running:
        yield running


@asynccontextmanager
async def members(url: str, *names: str) -> AsyncIterator[list[Claims]]:
    running = [RedisSpending(url, name) for name in names]
    try:
        yield [each.claims for each in running]
    finally:
        await asyncio.gather(*(each.close() for each in running))


async def test_one_gateway_tells_of_an_event(server: RedisServer) -> None:
    async with members(server.url, "a", "b") as both:
        holders = await asyncio.gather(*(each.claim(WHAT) for each in both))
        assert set(holders) == {Holder.OURS, Holder.THEIRS}
        winner, other = sorted(both, key=lambda each: holders[both.index(each)] is not Holder.OURS)
        assert await winner.claim(WHAT) is Holder.OURS, "again, after a try that seemed to fail"
        assert await other.claim("another") is Holder.OURS
        await winner.end(WHAT, told=True)
        assert [await each.claim(WHAT) for each in both] == [Holder.NOBODYS] * 2
        assert server.client.ttl(KEY) > module.KEPT_S - 60


async def test_a_claim_lasts_as_long_as_its_gateway(server: RedisServer) -> None:
    async with members(server.url, "a", "b") as (a, b):
        assert await a.claim(WHAT) is Holder.OURS
        for _ in range(6):
            await asyncio.sleep(CLAIM_S / 3)
            assert await b.claim(WHAT) is Holder.THEIRS
        await a.close()  # all that is left of a gateway that died: nobody renews
        assert await b.claim(WHAT) is Holder.THEIRS
        await asyncio.sleep(CLAIM_S)
        assert await b.claim(WHAT) is Holder.OURS
        assert await a.claim(WHAT) is Holder.THEIRS, "its next life has lost it"


async def test_a_gateway_that_comes_back_in_time_has_its_claim_still(server: RedisServer) -> None:
    async with members(server.url, "a", "a") as (before, after):
        await before.claim(WHAT)
        await before.close()
        assert await after.claim(WHAT) is Holder.OURS


async def test_what_a_gateway_gives_up_is_free_for_another(server: RedisServer) -> None:
    async with members(server.url, "a", "b") as (a, b):
        await a.claim(WHAT)
        await a.end(WHAT, told=False)
        await asyncio.sleep(CLAIM_S + 0.1)
        assert await b.claim(WHAT) is Holder.OURS


async def test_every_gateway_tells_where_redis_does_not_answer(server: RedisServer) -> None:
    async with members(server.url, "a") as (a,):
        server.freeze()
        began = time.monotonic()
        assert await a.claim(WHAT) is Holder.OURS
        await a.end(WHAT, told=True)
        assert time.monotonic() - began < 2 * module.TURN_S
        server.thaw()


async def test_a_redis_that_goes_away_leaves_a_claim_to_its_gateway_for_as_long_as_it_lasts(
    server: RedisServer,
) -> None:
    async with members(server.url, "a", "b") as (a, b):
        await a.claim(WHAT)
        assert await b.claim(WHAT) is Holder.THEIRS
        server.kill()
        assert await b.claim(WHAT) is Holder.THEIRS
        await asyncio.sleep(CLAIM_S)
        assert await b.claim(WHAT) is Holder.OURS


async def test_a_claim_that_was_made_without_redis_is_known_when_it_is_back(server: RedisServer) -> None:
    async with members(server.url, "a", "b") as (a, b):
        server.kill()
        assert await a.claim(WHAT) is Holder.OURS
        server.restart()
        await asyncio.sleep(CLAIM_S)
        assert await b.claim(WHAT) is Holder.THEIRS

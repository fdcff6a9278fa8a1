"""Counters that several gateways share: sums that are right again after whatever Redis goes through."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from tests.leaving import until
from tests.redis_server import RedisServer
from tollhouse.counters import redis as module
from tollhouse.counters.redis import RedisSpending

DAY = 20_778
KEY = "tollhouse:spend:one:2026-11-21"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits two seconds for what the others have spent."""
    monkeypatch.setattr(module, "REFRESH_S", 0.2)


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with RedisServer() as running:
        yield running


class Member:
    """One gateway's counters: what it has spent, and what it knows of the others."""

    def __init__(self, url: str, name: str) -> None:
        self.shared = RedisSpending(url, name)
        self.own: dict[tuple[str, int], int] = {("one", DAY): 0}
        self.others = 0

    def spend(self, nano: int, provider: str = "one") -> None:
        self.own[provider, DAY] = self.own.get((provider, DAY), 0) + nano
        self.shared.changed()

    def learn(self, provider: str, day: int, others_nano: int) -> None:
        assert day == DAY
        if provider == "one":
            self.others = others_nano

    @property
    def up(self) -> float:
        [metric] = self.shared.collect()
        return metric.samples[0].value


@asynccontextmanager
async def members(url: str, *names: str) -> AsyncIterator[list[Member]]:
    running = [Member(url, name) for name in names]
    for each in running:
        each.shared.start(lambda each=each: each.own, each.learn)  # type: ignore[misc]
    try:
        yield running
    finally:
        for each in running:
            await each.shared.close()


async def test_each_gateway_sees_what_the_others_have_spent(server: RedisServer) -> None:
    async with members(server.url, "a", "b", "c") as (a, b, c):
        a.spend(10**18)  # beyond what a floating point number can hold
        b.spend(20)
        b.spend(3)
        b.spend(7, provider="two")
        await until(lambda: (a.others, b.others, c.others) == (23, 10**18, 10**18 + 23))
        a.spend(-(10**18))  # a refund
        await until(lambda: (b.others, c.others) == (0, 23))
        assert server.client.hgetall(KEY) == {"a": "0", "b": "23", "c": "0"}, "exact"
        assert 0 < server.client.ttl(KEY) <= module.KEPT_S
        assert server.client.hgetall("tollhouse:spend:two:2026-11-21") == {"b": "7"}


async def test_what_was_spent_last_is_written_when_a_gateway_stops(server: RedisServer) -> None:
    async with members(server.url, "a") as (a,):
        await until(lambda: a.up)
        a.spend(5)
    assert server.client.hgetall(KEY) == {"a": "5"}


async def test_a_gateway_that_comes_back_counts_once(server: RedisServer) -> None:
    async with members(server.url, "a") as (a,):
        a.spend(5)
        await until(lambda: server.client.hgetall(KEY) == {"a": "5"})
    async with members(server.url, "a", "b") as (a, b):
        a.spend(5)  # its ledger says so
        a.spend(1)
        await until(lambda: b.others == 6)


async def test_a_server_that_has_forgotten_everything_knows_it_again(server: RedisServer) -> None:
    async with members(server.url, "a", "b") as (a, b):
        a.spend(10)
        b.spend(20)
        await until(lambda: (a.others, b.others) == (20, 10))
        server.client.flushall()
        await until(lambda: server.client.hgetall(KEY) == {"a": "10", "b": "20"})  # without another charge
        await until(lambda: (a.others, b.others) == (20, 10))


async def test_a_frozen_server_is_noticed_and_what_was_spent_meanwhile_counts_once(server: RedisServer) -> None:
    async with members(server.url, "a", "b") as (a, b):
        a.spend(10)
        await until(lambda: b.others == 10)
        with capture_logs() as logs:
            server.freeze()
            a.spend(1)
            await until(lambda: a.up == 0)
            for _ in range(100):
                a.spend(1)
                await asyncio.sleep(0.01)
            server.thaw()
            await until(lambda: b.others == 111)
            assert (a.up, b.up) == (1, 1)
            await asyncio.sleep(0.2)
            assert server.client.hgetall(KEY) == {"a": "111", "b": "0"}
    events = [entry["event"] for entry in logs]
    assert events.count("redis_lost") == events.count("redis_recovered") in (1, 2), "one line for each that noticed"


async def test_a_server_that_died_is_used_again_when_it_is_back(server: RedisServer) -> None:
    async with members(server.url, "a", "b") as (a, b):
        a.spend(10)
        await until(lambda: b.others == 10)
        server.kill()
        a.spend(5)
        await until(lambda: a.up == 0)
        server.restart()
        await until(lambda: b.others == 15)


async def test_a_gateway_that_starts_without_redis_finds_it_later(server: RedisServer) -> None:
    server.kill()
    async with members(server.url, "a") as (a,):
        a.spend(5)
        await asyncio.sleep(0.1)
        assert a.up == 0
        server.restart()
        await until(lambda: server.client.hgetall(KEY) == {"a": "5"})


async def test_other_peoples_values_are_trouble_and_nothing_worse(server: RedisServer) -> None:
    server.client.set(KEY, "mine")
    async with members(server.url, "a", "b") as (a, b):
        a.spend(1)
        await until(lambda: a.shared._up is False)
        server.client.delete(KEY)
        server.client.hset(KEY, "x", "a lot")
        await asyncio.sleep(0.3)
        assert a.up == 0
        server.client.delete(KEY)
        await until(lambda: b.others == 1)


async def test_no_password_is_logged() -> None:
    with RedisServer() as server, capture_logs() as logs:
        server.require("hunter2")
        async with (
            members(server.url, "right") as (right,),
            members(server.url.replace("ter2", "ter3"), "wrong") as (wrong,),
        ):
            await until(lambda: right.up and wrong.shared._up is False)
        server.kill()
        async with members(server.url, "right") as (right,):
            await until(lambda: right.shared._up is False)
    assert len(logs) == 2 and "hunter" not in repr(logs)

"""Gateways that share a Redis: one sum, one e-mail; and whatever happens to Redis, calls and money do not notice."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.gateway import Gateway, bearer, chat
from tests.leaving import until
from tests.mailbox import Mailbox
from tests.redis_server import RedisServer
from tests.test_spending import CALL_NANO, calls, gateway_of, pauses, settled
from tests.upstream import ScriptedUpstream
from tollhouse import alerts
from tollhouse.counters import claims
from tollhouse.counters import redis as module

CLAIM_S = 1.0
ADDED_S = 0.25  # what a call may wait for a Redis that is in trouble


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REFRESH_S", 0.2)
    monkeypatch.setattr(claims, "CLAIM_S", CLAIM_S)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with RedisServer() as running:
        yield running


@asynccontextmanager
async def two(
    directory: Path, upstream: ScriptedUpstream, mailbox: Mailbox, url: str
) -> AsyncIterator[tuple[Gateway, Gateway]]:
    """Two gateways with ledgers of their own."""
    async with (
        gateway_of(directory / "a", upstream, mailbox, redis_url=url) as a,
        gateway_of(directory / "b", upstream, mailbox, redis_url=url) as b,
    ):
        yield a, b


def today_nano(gateway: Gateway) -> int:
    return gateway.app.services.relay.means.spending.today_nano("one")


async def seconds_per_call(gateway: Gateway, key: str, count: int = 20) -> list[float]:
    """How long calls take, one after the other; each is answered 200."""
    taken = []
    for _ in range(count):
        began = time.monotonic()
        answer = await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
        assert answer.status_code == 200, answer.text
        taken.append(time.monotonic() - began)
    return taken


async def test_thresholds_look_at_the_sum_of_all_gateways_and_one_of_them_mails(
    tmp_path: Path, upstream: ScriptedUpstream, mailbox: Mailbox, server: RedisServer
) -> None:
    async with two(tmp_path, upstream, mailbox, server.url) as (a, b):
        paused = [pauses(gateway) for gateway in (a, b)]
        await calls(a, await a.key(), 100)
        await calls(b, await b.key(), 60)
        await until(lambda: paused == [["one"], ["one"]])
        await until(lambda: len(mailbox.messages) == 2)
        assert today_nano(a) == today_nano(b) == 160 * CALL_NANO
        assert [await settled(gateway) for gateway in (a, b)] == [100 * CALL_NANO, 60 * CALL_NANO]
        for gateway in (a, b):
            await until(lambda: all(told for _, told in gateway.app.services.accounts.store.marks(0)))  # noqa: B023
        assert "tollhouse_redis_up 1.0" in (await a.admin.get("/metrics")).text
    async with two(tmp_path, upstream, mailbox, server.url) as (a, b):
        await until(lambda: today_nano(a) == today_nano(b) == 160 * CALL_NANO)
    assert len(mailbox.messages) == 2


async def test_a_gateway_without_a_mail_server_leaves_the_e_mail_to_another(
    tmp_path: Path, upstream: ScriptedUpstream, mailbox: Mailbox, server: RedisServer
) -> None:
    silent = gateway_of(tmp_path / "a", upstream, mailbox, redis_url=server.url)
    silent.environ["SMTP_URL"] = ""
    with capture_logs() as logs:
        async with silent as a:
            await calls(a, await a.key(), 50)
            await until(lambda: any(entry["event"] == "alert" for entry in logs))
        async with gateway_of(tmp_path / "b", upstream, mailbox, redis_url=server.url):
            await until(lambda: mailbox.messages)
    assert mailbox.subjects == ["[Tollhouse] one has spent 0.00125 USD today"]


SPENT = "[Tollhouse] one has spent 0.001 USD today"


async def test_what_a_gateway_claimed_and_did_not_live_to_tell_is_told_by_another(
    tmp_path: Path, upstream: ScriptedUpstream, mailbox: Mailbox, server: RedisServer
) -> None:
    """Of the dead gateway there is left what it kept: its spending, and its claim with nobody to renew it."""
    with Mailbox() as unreachable:
        unreachable.refusal = "451 try later"
        async with gateway_of(tmp_path / "a", upstream, unreachable, redis_url=server.url) as a:
            await calls(a, await a.key(), 40)
            await until(lambda: server.client.keys("tollhouse:alert:*"))
        async with gateway_of(tmp_path / "b", upstream, mailbox, redis_url=server.url) as b:
            began = time.monotonic()
            await until(lambda: mailbox.messages)
            assert mailbox.subjects == [SPENT] and time.monotonic() - began < 2 * CLAIM_S
            await until(lambda: told(b) == [True])
        async with gateway_of(tmp_path / "a", upstream, mailbox, redis_url=server.url) as a:
            await until(lambda: told(a) == [True])
    assert len(mailbox.messages) == 1 and unreachable.messages == []


async def test_a_mail_server_that_is_away_for_long_gets_one_mail_in_the_end(
    tmp_path: Path, upstream: ScriptedUpstream, mailbox: Mailbox, server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gateway that claimed the mail renews its claim for as long as it tries."""
    monkeypatch.setattr(alerts, "RETRY_S_MAX", 0.3)
    mailbox.refusal = "451 try later"
    async with two(tmp_path, upstream, mailbox, server.url) as (a, b):
        await calls(a, await a.key(), 40)
        await until(lambda: server.client.keys("tollhouse:alert:*"))
        await asyncio.sleep(2.5 * CLAIM_S)
        [key] = server.client.keys("tollhouse:alert:*")
        assert server.client.get(key) != "told" and [told(a), told(b)] == [[False], [False]]
        mailbox.refusal = None
        await until(lambda: told(a) == told(b) == [True])
        assert server.client.get(key) == "told"
    assert mailbox.subjects == [SPENT]


async def test_a_gateway_whose_mail_is_refused_for_good_leaves_it_to_another(
    tmp_path: Path, upstream: ScriptedUpstream, mailbox: Mailbox, server: RedisServer
) -> None:
    with Mailbox() as refusing, capture_logs():
        refusing.refusal = "554 not from you"
        async with (
            gateway_of(tmp_path / "a", upstream, refusing, redis_url=server.url) as a,
            gateway_of(tmp_path / "b", upstream, mailbox, redis_url=server.url) as b,
        ):
            await calls(a, await a.key(), 40)
            await until(lambda: mailbox.messages)
            await until(lambda: told(b) == [True])
            assert told(a) == [False], "it tries again after its next start, and learns then that another one has"
    assert mailbox.subjects == [SPENT]


def told(gateway: Gateway) -> list[bool]:
    """Of each threshold that a gateway knows to be reached: whether people have been told."""
    return [told for _, told in gateway.app.services.accounts.store.marks(0)]


def freeze(server: RedisServer) -> None:
    server.freeze()


def kill(server: RedisServer) -> None:
    server.kill()


def flush(server: RedisServer) -> None:
    server.client.flushall()


@pytest.mark.parametrize("harm", [freeze, kill, flush])
async def test_a_redis_in_trouble_delays_no_call_costs_no_money_and_is_used_again(
    tmp_path: Path,
    upstream: ScriptedUpstream,
    mailbox: Mailbox,
    server: RedisServer,
    harm: Callable[[RedisServer], None],
) -> None:
    with capture_logs() as logs:
        async with two(tmp_path, upstream, mailbox, server.url) as (a, b):
            key = await a.key()
            usual_s = statistics.median(await seconds_per_call(a, key))
            await until(lambda: today_nano(b) == 20 * CALL_NANO)
            harm(server)
            *_, slow_s, _, _ = sorted(await seconds_per_call(a, key))  # the machine may hiccup twice
            assert slow_s < usual_s + ADDED_S
            await until(lambda: len(mailbox.messages) == 1)  # 40 calls: its own counter is enough
            assert await settled(a) == 40 * CALL_NANO
            if harm is freeze:
                server.thaw()
            elif harm is kill:
                server.restart()
            await until(lambda: today_nano(b) == 40 * CALL_NANO, timeout_s=10)
            await calls(a, key, 5)
            await until(lambda: today_nano(b) == 45 * CALL_NANO, timeout_s=10)
            assert await settled(a) == 45 * CALL_NANO
    events = [entry["event"] for entry in logs]
    assert events.count("redis_lost") == events.count("redis_recovered") <= 2
    assert (harm is flush) == ("redis_lost" not in events)


async def test_a_gateway_starts_and_stops_without_its_redis(
    tmp_path: Path, upstream: ScriptedUpstream, mailbox: Mailbox, server: RedisServer
) -> None:
    server.freeze()
    began = time.monotonic()
    async with gateway_of(tmp_path, upstream, mailbox, redis_url=server.url) as gateway:
        await calls(gateway, await gateway.key(), 41)
        await until(lambda: len(mailbox.messages) == 1)
        assert "tollhouse_redis_up 0.0" in (await gateway.admin.get("/metrics")).text
        assert await settled(gateway) == 41 * CALL_NANO
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 5 and time.monotonic() - began < 20
    server.thaw()
    async with gateway_of(tmp_path, upstream, mailbox, redis_url=server.url):
        await until(
            lambda: any(server.client.hvals(key) == [str(41 * CALL_NANO)] for key in server.client.keys("*spend*"))
        )
    assert len(mailbox.messages) == 1

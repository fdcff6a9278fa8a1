"""The engine's own promises: one more try on a kept connection that was closed, the address that was checked, its end."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace

import pytest
import uvloop

from tests import upstream as scripted
from tests.upstream import Reply, ScriptedUpstream
from tests.upstream_calls import TIMEOUTS, call, cancelled_after, fail, read
from tollhouse.upstream import ConnectionBroken, FirstByteTimeout, UpstreamFailure
from tollhouse.upstream.engine import KNOWN_HEAD_BYTES_MAX, HttpUpstream

OK = scripted.answer(b"{}")

Run = Callable[[Coroutine[object, object, None]], None]
Check = Callable[[HttpUpstream, ScriptedUpstream], Coroutine[object, object, None]]
on_both_loops = pytest.mark.parametrize("run", [asyncio.run, uvloop.run])


def serve(run: Run, check: Check) -> None:
    """Run a check with an engine and an upstream, on one of the two loops."""

    async def main() -> None:
        engine = HttpUpstream()
        async with ScriptedUpstream() as upstream:
            await check(engine, upstream)
            await engine.close()

    run(main())


@on_both_loops
@pytest.mark.parametrize("hang_up", ["close", "reset"])
def test_a_kept_connection_closed_at_this_very_moment_is_not_noticed(run: Run, hang_up: str) -> None:
    async def check(engine: HttpUpstream, upstream: ScriptedUpstream) -> None:
        upstream.script = scripted.after(0.05, OK)
        await asyncio.gather(*(read(engine, call(upstream.url)) for _ in range(5)))
        for connection in list(upstream.connections):
            getattr(connection, hang_up)()
        # No turn of the loop in between: to the engine, all five connections are still good.
        assert await read(engine, call(upstream.url)) == b"{}"
        assert upstream.connections_accepted == 6, (
            "the second attempt is on a new connection, not on the next stale one"
        )

    serve(run, check)


@on_both_loops
@pytest.mark.parametrize("silent_end", [scripted.fin, scripted.reset])
def test_a_kept_connection_closed_before_the_first_byte_is_replaced_once(run: Run, silent_end: Reply) -> None:
    async def check(engine: HttpUpstream, upstream: ScriptedUpstream) -> None:
        upstream.reply(OK, silent_end, OK)
        assert [await read(engine, call(upstream.url)) for _ in range(2)] == [b"{}"] * 2
        assert (len(upstream.requests), upstream.connections_accepted) == (3, 2)
        assert upstream.requests[2].body == upstream.requests[1].body
        assert upstream.requests[2].header_list == upstream.requests[1].header_list
        upstream.reply(silent_end, silent_end)
        assert type(await fail(engine, call(upstream.url))) is ConnectionBroken
        assert len(upstream.requests) == 5, "never twice"
        upstream.reply(silent_end)
        assert type(await fail(engine, call(upstream.url))) is ConnectionBroken
        assert len(upstream.requests) == 6, "never on a new connection"

    serve(run, check)


@on_both_loops
@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (scripted.raw(b"H"), ConnectionBroken),
        (scripted.raw(b"HTTP/1.1 100 Continue\r\n\r\n"), ConnectionBroken),
        (scripted.raw(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n"), ConnectionBroken),
        (scripted.fin_mid_body(), ConnectionBroken),
        (scripted.hang, FirstByteTimeout),
    ],
)
def test_nothing_is_sent_again_after_a_byte_of_the_answer_or_a_timeout(
    run: Run, reply: Reply, expected: type[UpstreamFailure]
) -> None:
    async def check(engine: HttpUpstream, upstream: ScriptedUpstream) -> None:
        upstream.reply(OK, reply)
        await read(engine, call(upstream.url))
        assert type(await fail(engine, call(upstream.url, TIMEOUTS))) is expected
        assert (len(upstream.requests), upstream.connections_accepted) == (2, 1)

    serve(run, check)


@on_both_loops
def test_a_cancelled_call_on_a_kept_connection_is_not_sent_again(run: Run) -> None:
    async def check(engine: HttpUpstream, upstream: ScriptedUpstream) -> None:
        upstream.reply(OK, scripted.hang)
        await read(engine, call(upstream.url))
        await cancelled_after(asyncio.create_task(read(engine, call(upstream.url))), 0.05)
        await upstream.requests[1].wait_closed()
        assert len(upstream.requests) == 2

    serve(run, check)


@on_both_loops
def test_a_closed_engine_takes_no_calls(run: Run) -> None:
    async def check(engine: HttpUpstream, upstream: ScriptedUpstream) -> None:
        await read(engine, call(upstream.url))
        connecting = asyncio.create_task(read(engine, call(upstream.url.replace("127.0.0.1", "localhost"))))
        await asyncio.sleep(0)
        await engine.close()
        with pytest.raises(ConnectionBroken):
            await connecting
        assert type(await fail(engine, call(upstream.url))) is ConnectionBroken
        assert len(upstream.requests) == 1

    serve(run, check)


async def test_a_connection_goes_to_the_address_that_was_checked(
    upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookups = []

    async def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        lookups.append(host)
        return [(0, 0, 0, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    engine, url = HttpUpstream(), upstream.url.replace("127.0.0.1", "provider.example")
    upstream.script = scripted.answer(b"{}", connection="close")
    for _ in range(3):
        assert await read(engine, call(url)) == b"{}"
    await engine.close()
    assert lookups == ["provider.example"], "looked up for the check, and by nobody else"
    assert upstream.requests[0].headers["host"] == url.removeprefix("http://")


async def test_the_next_address_is_tried_where_the_first_refuses(
    upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (address, port)) for address in ("127.0.0.2", "127.0.0.1")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    engine = HttpUpstream()
    assert await read(engine, call(upstream.url.replace("127.0.0.1", "provider.example")))
    await engine.close()


def test_heads_that_are_long_are_not_kept() -> None:
    """Below a provider a client makes up the query: a thousand long ones would stay in memory."""

    async def check(engine: HttpUpstream, upstream: ScriptedUpstream) -> None:
        upstream.script = OK
        short = call(upstream.url)
        await read(engine, replace(short, url=f"{short.url}&after={'x' * KNOWN_HEAD_BYTES_MAX}"))
        assert not engine._heads
        await read(engine, short)
        assert len(engine._heads) == 1

    serve(asyncio.run, check)

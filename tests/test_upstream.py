"""The transport's contract: every engine meets every fault with the same typed error, and leaves no connection behind."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
import uvloop

from tests import upstream as scripted
from tests.upstream import Reply, ScriptedUpstream
from tests.upstream_calls import BYTES_MAX, PATIENT, SECRET, TIMEOUTS, call, cancelled_after, fail, read
from tollhouse.config.snapshot import Timeouts
from tollhouse.upstream import (
    AddressRefused,
    BodyTooLarge,
    ConnectFailed,
    ConnectionBroken,
    ConnectTimeout,
    FirstByteTimeout,
    IdleTimeout,
    InvalidRequest,
    MalformedResponse,
    Upstream,
    UpstreamFailure,
)
from tollhouse.upstream.engine import HttpUpstream

ENGINES = [HttpUpstream]
SHORT_IDLE = Timeouts(connect_s=0.4, first_byte_s=5.0, idle_s=0.3)


@pytest.fixture(params=ENGINES)
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Upstream]:
    engine = request.param()
    yield engine
    await engine.close()


# What goes up and comes down


async def test_request_arrives_as_it_was_given(engine: Upstream, upstream: ScriptedUpstream) -> None:
    await read(engine, call(upstream.url))
    [request] = upstream.requests
    assert (request.method, request.body) == ("POST", b'{"model":"m"}')
    assert request.path == f"/v1/chat/completions?key={SECRET}"
    assert request.headers["authorization"] == f"Bearer {SECRET}"
    assert set(request.headers) == {"authorization", "content-type", "content-length", "host", "accept", "user-agent"}
    assert request.headers["user-agent"].startswith("tollhouse")


async def test_caller_may_set_the_user_agent(engine: Upstream, upstream: ScriptedUpstream) -> None:
    await read(engine, replace(call(upstream.url), headers=[("User-Agent", "mine/1"), ("Accept", "text/html")]))
    assert [value for name, value in upstream.requests[0].header_list if name == "user-agent"] == ["mine/1"]
    assert [value for name, value in upstream.requests[0].header_list if name == "accept"] == ["text/html"]


async def test_request_without_a_body(engine: Upstream, upstream: ScriptedUpstream) -> None:
    upstream.reply(scripted.answer_json({"data": []}))
    assert await read(engine, replace(call(upstream.url), method="GET", body=None)) == b'{"data": []}'
    assert upstream.requests[0].method == "GET"
    assert upstream.requests[0].body == b""


@pytest.mark.parametrize("code", [200, 201, 204, 400, 401, 402, 403, 404, 408, 409, 429, 500, 503, 529])
async def test_every_status_is_an_answer(engine: Upstream, upstream: ScriptedUpstream, code: int) -> None:
    upstream.reply(scripted.status(code, retry_after=3) if code != 204 else scripted.raw(scripted.head(204, {})))
    response = await engine.send(call(upstream.url))
    assert response.status == code
    assert (await response.read(BYTES_MAX) != b"") == (code != 204)
    assert response.headers.get("retry-after") == ("3" if code != 204 else None)


async def test_headers_have_lower_case_names_and_first_values(engine: Upstream, upstream: ScriptedUpstream) -> None:
    head = b"HTTP/1.1 200 OK\r\nX-Request-ID: a\r\nx-request-id: b\r\nSet-Cookie: c=1\r\nContent-Length: 0\r\n\r\n"
    upstream.reply(scripted.raw(head, end=scripted.hang))
    response = await engine.send(call(upstream.url))
    assert dict(response.headers) == {"x-request-id": "a", "set-cookie": "c=1", "content-length": "0"}


async def test_a_header_that_is_not_ascii_costs_only_itself(engine: Upstream, upstream: ScriptedUpstream) -> None:
    upstream.reply(scripted.raw(b"HTTP/1.1 200 OK\r\nx-name: caf\xe9\r\nx-other: b\r\ncontent-length: 2\r\n\r\nok"))
    response = await engine.send(call(upstream.url))
    assert response.headers["x-other"] == "b"
    assert await response.read(BYTES_MAX) == b"ok"


async def test_chunks_come_as_soon_as_they_are_sent(engine: Upstream, upstream: ScriptedUpstream) -> None:
    upstream.reply(scripted.stream([b"data: 1\n\n", b"data: 2\n\n"], end=scripted.hang))
    response = await engine.send(call(upstream.url))
    read = b""
    while read != b"data: 1\n\ndata: 2\n\n":  # how they are cut is not promised
        read += await response.read_chunk() or b"the end"
    await response.close()


async def test_headers_come_before_the_body(engine: Upstream, upstream: ScriptedUpstream) -> None:
    upstream.reply(scripted.stream([], end=scripted.hang))
    response = await engine.send(call(upstream.url))
    assert response.headers["content-type"].startswith("text/event-stream")
    await response.close()


async def test_end_of_the_body_is_none_and_stays_none(engine: Upstream, upstream: ScriptedUpstream) -> None:
    upstream.reply(scripted.answer(b"body"))
    response = await engine.send(call(upstream.url))
    assert [await response.read_chunk() for _ in range(3)] == [b"body", None, None]
    await response.close()
    await response.close()


async def test_slow_body_and_informational_responses(engine: Upstream, upstream: ScriptedUpstream) -> None:
    upstream.reply(scripted.informational_first(scripted.slowly(b"slowly but surely")))
    assert await read(engine, call(upstream.url)) == b"slowly but surely"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nx-trailer: 1\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello",
        b"HTTP/1.0 200 OK\r\n\r\nhello",
    ],
)
@pytest.mark.parametrize("step", [1, 3, 1000])
async def test_every_framing_in_pieces_of_every_size(
    engine: Upstream, upstream: ScriptedUpstream, answer: bytes, step: int
) -> None:
    async def reply(request: scripted.Request, connection: scripted.Connection) -> None:
        for start in range(0, len(answer), step):
            await connection.send(answer[start : start + step])
            await asyncio.sleep(0)
        if b"content-length" not in answer and b"chunked" not in answer:
            connection.close()

    upstream.reply(reply, reply)
    response = await engine.send(call(upstream.url))
    assert (response.status, await response.read(BYTES_MAX)) == (200, b"hello")
    assert "link" not in response.headers
    assert await read(engine, call(upstream.url)) == b"hello"


@pytest.mark.parametrize("header", [b"connection: close\r\n", b""])
async def test_a_connection_is_used_again_only_if_both_sides_keep_it(
    engine: Upstream, upstream: ScriptedUpstream, header: bytes
) -> None:
    answer = b"HTTP/1.1 200 OK\r\n" + header + b"content-length: 2\r\n\r\nok"

    async def reply(request: scripted.Request, connection: scripted.Connection) -> None:
        await connection.send(answer)

    upstream.reply(reply, reply)
    assert [await read(engine, call(upstream.url)) for _ in range(2)] == [b"ok", b"ok"]
    assert upstream.connections_accepted == (2 if header else 1)


async def test_bytes_behind_an_answer_are_not_the_next_answer(engine: Upstream, upstream: ScriptedUpstream) -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"

    async def reply(request: scripted.Request, connection: scripted.Connection) -> None:
        await connection.send(answer + b"ok" + answer + b"no")

    upstream.reply(reply, scripted.answer(b"yes"))
    assert await read(engine, call(upstream.url)) == b"ok"
    await asyncio.sleep(0.05)
    assert await read(engine, call(upstream.url)) == b"yes"


async def test_a_whole_answer_may_take_long_while_it_drips(engine: Upstream, upstream: ScriptedUpstream) -> None:
    """Some providers send spaces while a request waits in their queue."""
    upstream.reply(scripted.slowly(b"    {}", delay_s=0.15))
    assert await read(engine, call(upstream.url, timeouts=replace(TIMEOUTS, first_byte_s=0.5, idle_s=0.5))) == b"    {}"


async def test_many_calls_at_once_share_connections(engine: Upstream, upstream: ScriptedUpstream) -> None:
    request = call(upstream.url)
    for _ in range(3):
        bodies = await asyncio.gather(*(read(engine, request) for _ in range(100)))
        assert len({len(body) for body in bodies}) == 1
    assert len(upstream.requests) == 300
    assert upstream.connections_accepted < 250


async def test_finished_answers_leave_their_connection_open(engine: Upstream, upstream: ScriptedUpstream) -> None:
    for _ in range(5):
        await read(engine, call(upstream.url))
    assert upstream.connections_accepted == 1


# What it must not do


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_proxies_from_the_environment_are_not_used(
    upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    for engine_class in ENGINES:
        engine = engine_class()
        assert await read(engine, call(upstream.url))
        await engine.close()


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_redirects_are_answers(engine: Upstream, upstream: ScriptedUpstream, code: int) -> None:
    upstream.reply(scripted.redirect(f"{upstream.url}/elsewhere", code))
    response = await engine.send(call(upstream.url))
    assert (response.status, await response.read(BYTES_MAX)) == (code, b"")
    assert len(upstream.requests) == 1


async def test_bodies_are_not_decompressed(engine: Upstream, upstream: ScriptedUpstream) -> None:
    upstream.reply(scripted.gzip_body(b"x" * 1000))
    assert gzip.decompress(await read(engine, call(upstream.url))) == b"x" * 1000
    assert "accept-encoding" not in upstream.requests[0].headers


async def test_cookies_are_not_kept(engine: Upstream, upstream: ScriptedUpstream) -> None:
    upstream.reply(scripted.answer(b"", set_cookie="a=1; Path=/"))
    await read(engine, call(upstream.url))
    await read(engine, call(upstream.url))
    assert "cookie" not in upstream.requests[1].headers


@pytest.mark.parametrize("reply", [scripted.html, scripted.bad_json])
async def test_bodies_are_not_judged(engine: Upstream, upstream: ScriptedUpstream, reply: Reply) -> None:
    upstream.reply(reply)
    assert await read(engine, call(upstream.url))


@pytest.mark.parametrize(
    "header",
    [
        ("x-a", f"{SECRET}\r\nx-evil: 1"),
        ("x-a", f"{SECRET}\n"),
        ("x-a", f"{SECRET}\0"),
        ("x-a\r\nx-evil", SECRET),
        ("x a", SECRET),
        ("x-a:", SECRET),
        ("", SECRET),
        ("x-a", f"{SECRET}\ud800"),
    ],
)
async def test_illegal_headers_are_refused_before_anything_is_sent(
    engine: Upstream, upstream: ScriptedUpstream, header: tuple[str, str]
) -> None:
    error = await fail(engine, replace(call(upstream.url), headers=[header]))
    assert type(error) is InvalidRequest
    assert upstream.connections_accepted == 0


@pytest.mark.parametrize("method", ["GE T", "", "GET\r\nx-evil: 1"])
async def test_illegal_methods_are_refused(engine: Upstream, upstream: ScriptedUpstream, method: str) -> None:
    assert type(await fail(engine, replace(call(upstream.url), method=method))) is InvalidRequest


@pytest.mark.parametrize("url", ["", "nonsense", "/v1/", "http://", "http://a b/", "http://[::1/"])
async def test_urls_that_cannot_be_parsed_are_refused(engine: Upstream, url: str) -> None:
    assert type(await fail(engine, replace(call(""), url=url))) is InvalidRequest


@pytest.mark.parametrize("allow_private", [True, False])
@pytest.mark.parametrize("scheme", ["ftp", "file", "ws", "unix"])
async def test_only_http_and_https(engine: Upstream, scheme: str, allow_private: bool) -> None:
    error = await fail(engine, call(f"{scheme}://1.1.1.1", allow_private=allow_private))
    assert type(error) is AddressRefused


@pytest.mark.parametrize("allow_private", [True, False])
@pytest.mark.parametrize("user", [f"user:{SECRET}@", f"{SECRET}@", f":{SECRET}@"])
async def test_urls_with_a_user_name_are_refused(
    engine: Upstream, upstream: ScriptedUpstream, user: str, allow_private: bool
) -> None:
    url = upstream.url.replace("127.0.0.1", f"{user}127.0.0.1")
    assert type(await fail(engine, call(url, allow_private=allow_private))) is AddressRefused
    assert upstream.connections_accepted == 0


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "LOCALHOST", "ⓛocalhost", "10.1.1.1", "[fe80::1]", "169.254.169.254"],
)  # fmt: skip
async def test_private_hosts_are_refused_however_they_are_written(
    engine: Upstream, upstream: ScriptedUpstream, host: str
) -> None:
    for _ in range(2):
        request = call(upstream.url.replace("127.0.0.1", host), allow_private=False)
        assert type(await fail(engine, request)) is AddressRefused
    assert upstream.connections_accepted == 0


# The fault matrix

FAULTS: list[tuple[str, Reply, type[UpstreamFailure]]] = [
    ("reset before the headers", scripted.reset, ConnectionBroken),
    ("close before the headers", scripted.fin, ConnectionBroken),
    ("close in the headers", scripted.raw(b"HTTP/1.1 200 OK\r\ncontent-le"), ConnectionBroken),
    ("hang before the headers", scripted.hang, FirstByteTimeout),
    ("hang in the headers", scripted.raw(b"HTTP/1.1 200 OK\r\nx", end=scripted.hang), FirstByteTimeout),
    ("reset in the body", scripted.reset_mid_body(), ConnectionBroken),
    ("close in a chunked body", scripted.fin_mid_body(), ConnectionBroken),
    ("short body", scripted.short_body(), ConnectionBroken),
    ("hang in the body", scripted.hang_mid_body(), IdleTimeout),
    ("hang after the headers", scripted.stream([], end=scripted.hang), IdleTimeout),
    ("garbage", scripted.garbage, MalformedResponse),
    ("garbage for a status", scripted.raw(b"HTTP/1.1 abc OK\r\n\r\n"), MalformedResponse),
    ("huge header", scripted.huge_header(), MalformedResponse),
    (
        "bad chunk size",
        scripted.raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n"),
        ConnectionBroken,
    ),
]


@pytest.mark.parametrize(("reply", "expected"), [pytest.param(*case, id=name) for name, *case in FAULTS])
async def test_fault(
    engine: Upstream, upstream: ScriptedUpstream, reply: Reply, expected: type[UpstreamFailure]
) -> None:
    upstream.reply(reply)
    began = time.monotonic()
    error = await fail(engine, call(upstream.url, timeouts=TIMEOUTS))
    assert type(error) is expected
    assert error.timed_out == (expected in (FirstByteTimeout, IdleTimeout))
    assert time.monotonic() - began < 2.0
    assert await read(engine, call(upstream.url)), "the next call is not affected"
    assert len(upstream.requests) == 2, "nothing is sent twice"


@pytest.mark.parametrize(("reply", "expected"), [pytest.param(*case, id=name) for name, *case in FAULTS])
def test_fault_on_the_loop_that_serves(reply: Reply, expected: type[UpstreamFailure]) -> None:
    """uvloop's transports are not asyncio's: the same faults there, and a cancelled send."""

    async def run() -> None:
        engine = ENGINES[0]()
        async with ScriptedUpstream() as upstream:
            upstream.reply(reply, scripted.answer(b"x" * BYTES_MAX), scripted.hang)
            assert type(await fail(engine, call(upstream.url, timeouts=TIMEOUTS))) is expected
            assert len(await read(engine, call(upstream.url))) == BYTES_MAX
            await cancelled_after(asyncio.create_task(read(engine, call(upstream.url))), 0.05)
            await upstream.requests[2].wait_closed()
            await engine.close()

    uvloop.run(run())


@pytest.mark.parametrize("port", [scripted.refusing, scripted.unaccepting])
async def test_fault_while_connecting(engine: Upstream, port: Callable[[], AbstractContextManager[str]]) -> None:
    with port() as url:
        error = await fail(engine, call(url, timeouts=Timeouts(connect_s=0.4)))
    assert type(error) is (ConnectFailed if port is scripted.refusing else ConnectTimeout)
    assert error.__cause__ is not None


async def test_tls_to_a_plain_port_is_a_failed_connection(engine: Upstream) -> None:
    with scripted.plain_port() as url:
        assert type(await fail(engine, call(url.replace("http:", "https:")))) is ConnectFailed


async def test_a_handshake_that_hangs_is_a_connect_timeout(engine: Upstream, upstream: ScriptedUpstream) -> None:
    url = upstream.url.replace("http:", "https:")  # this side waits for a request head and never answers the handshake
    assert type(await fail(engine, call(url, timeouts=replace(PATIENT, connect_s=0.3)))) is ConnectTimeout


async def test_unknown_name_is_a_failed_connection(engine: Upstream) -> None:
    for allow_private in (True, False):
        error = await fail(engine, call("http://nowhere.invalid", allow_private=allow_private))
        assert type(error) in (ConnectFailed, ConnectTimeout)


async def test_timeouts_are_kept(engine: Upstream, upstream: ScriptedUpstream) -> None:
    upstream.reply(scripted.hang, scripted.hang_mid_body())
    for expected_s in (TIMEOUTS.first_byte_s, TIMEOUTS.idle_s):
        began = time.monotonic()
        await fail(engine, call(upstream.url, timeouts=TIMEOUTS))
        assert expected_s - 0.05 < time.monotonic() - began < expected_s + 0.5


async def test_idle_time_shorter_than_the_first_byte_is_kept(engine: Upstream, upstream: ScriptedUpstream) -> None:
    upstream.reply(
        scripted.after(0.5, scripted.answer(b"late")),
        scripted.stream([b"a", b"b", b"c"], delay_s=0.2, end=scripted.hang),
    )
    assert await read(engine, call(upstream.url, timeouts=SHORT_IDLE)) == b"late"
    began = time.monotonic()
    assert type(await fail(engine, call(upstream.url, timeouts=SHORT_IDLE))) is IdleTimeout
    assert 0.8 < time.monotonic() - began < 1.3


@pytest.mark.parametrize("size", [BYTES_MAX + 1, 50 * BYTES_MAX])
async def test_body_beyond_the_cap_is_refused_and_closed(
    engine: Upstream, upstream: ScriptedUpstream, size: int
) -> None:
    upstream.reply(scripted.stream([b"x" * 65536] * (size // 65536 + 1), end=scripted.hang))
    error = await fail(engine, call(upstream.url))
    assert type(error) is BodyTooLarge
    await upstream.requests[0].wait_closed()


async def test_body_of_exactly_the_cap_passes(engine: Upstream, upstream: ScriptedUpstream) -> None:
    upstream.reply(scripted.answer(b"x" * BYTES_MAX), scripted.answer(b"x" * 10), scripted.answer(b"x" * 11))
    assert len(await read(engine, call(upstream.url))) == BYTES_MAX
    assert len(await read(engine, call(upstream.url), 10)) == 10
    assert type(await fail(engine, call(upstream.url), 10)) is BodyTooLarge


async def test_a_client_that_does_not_read_stops_the_upstream(engine: Upstream, upstream: ScriptedUpstream) -> None:
    """What is not read stays in socket buffers, it is not gathered in memory."""
    sent = 0

    async def endless(request: scripted.Request, connection: scripted.Connection) -> None:
        nonlocal sent
        await connection.start()
        while True:
            await connection.piece(b"x" * 65536)
            sent += 65536

    upstream.reply(endless)
    response = await engine.send(call(upstream.url))
    await asyncio.sleep(0.5)
    assert sent < 32 << 20
    await response.close()
    await upstream.requests[0].wait_closed()


async def test_a_reader_may_be_slower_than_the_idle_time(engine: Upstream, upstream: ScriptedUpstream) -> None:
    upstream.reply(scripted.stream([b"x" * 65536] * 200))
    response = await engine.send(call(upstream.url, timeouts=replace(PATIENT, idle_s=0.2, first_byte_s=0.2)))
    await asyncio.sleep(0.8)
    assert len(await response.read(1 << 24)) == 65536 * 200


async def test_stale_kept_alive_connections_are_not_noticed(engine: Upstream, upstream: ScriptedUpstream) -> None:
    upstream.script = scripted.stale_keep_alive(after_s=0.01)
    for _ in range(20):
        assert await read(engine, call(upstream.url)) == b"{}"
        await asyncio.sleep(0.03)
    assert len(upstream.requests) == 20


# Cancelling and closing


async def check_cancelled(engine: Upstream, upstream: ScriptedUpstream, reply: Reply) -> None:
    upstream.reply(reply)
    cancelled_at = await cancelled_after(asyncio.create_task(read(engine, call(upstream.url))), 0.2)
    assert await upstream.requests[0].wait_closed() - cancelled_at < 1.0


@pytest.mark.parametrize("reply", [scripted.hang_mid_body(), scripted.stream([b"x"] * 900, 0.02)])
async def test_a_cancelled_read_closes_its_connection_within_a_second(
    engine: Upstream, upstream: ScriptedUpstream, reply: Reply
) -> None:
    await check_cancelled(engine, upstream, reply)


@pytest.mark.parametrize("reply", [scripted.hang, scripted.hang_mid_body(), scripted.raw(b"HTTP/1.1 2", scripted.hang)])
async def test_a_cancelled_send_closes_its_connection_within_a_second(
    engine: Upstream, upstream: ScriptedUpstream, reply: Reply
) -> None:
    await check_cancelled(engine, upstream, reply)


async def test_a_cancelled_connect_leaves_nothing_behind(engine: Upstream) -> None:
    with scripted.unaccepting() as url:
        await cancelled_after(asyncio.create_task(read(engine, call(url))), 0.1)


async def test_a_call_cancelled_at_any_moment_closes_its_connection(
    engine: Upstream, upstream: ScriptedUpstream
) -> None:
    upstream.script = scripted.after(0.01, scripted.hang_mid_body())
    tasks = [asyncio.create_task(read(engine, call(upstream.url))) for _ in range(60)]
    for number, task in enumerate(tasks):
        await cancelled_after(task, 0.0005 * (number % 3))
    for request in upstream.requests:
        await request.wait_closed()


async def test_a_closed_response_closes_its_connection_within_a_second(
    engine: Upstream, upstream: ScriptedUpstream
) -> None:
    upstream.reply(scripted.stream([b"x" * 70000], end=scripted.hang))
    response = await engine.send(call(upstream.url))
    await response.close()
    assert await upstream.requests[0].wait_closed() - time.monotonic() < 1.0


async def test_closing_while_another_task_reads_is_not_the_end_of_the_body(
    engine: Upstream, upstream: ScriptedUpstream
) -> None:
    upstream.reply(scripted.stream([], end=scripted.hang))
    response = await engine.send(call(upstream.url))
    reader = asyncio.create_task(response.read_chunk())
    await asyncio.sleep(0.1)
    async with asyncio.timeout(1.0):
        await response.close()
        with pytest.raises(ConnectionBroken):
            await reader
    await upstream.requests[0].wait_closed()


async def test_closing_the_engine_fails_what_is_under_way(engine: Upstream, upstream: ScriptedUpstream) -> None:
    upstream.script = scripted.hang
    task = asyncio.create_task(read(engine, call(upstream.url)))
    await asyncio.sleep(0.2)
    await engine.close()
    with pytest.raises(ConnectionBroken):
        await task
    await upstream.requests[0].wait_closed()


# The scriptable upstream itself, as far as other tests rely on it


async def test_scripted_stream_gives_usage_only_where_it_is_asked_for(
    engine: Upstream, upstream: ScriptedUpstream
) -> None:
    asked = b'{"model":"m","stream":true,"stream_options":{"include_usage":true}}'
    with_usage = await read(engine, replace(call(upstream.url), body=asked))
    without = await read(engine, replace(call(upstream.url), body=b'{"model":"m","stream":true}'))
    assert b'"choices":[],"usage":{"prompt_tokens":11' in with_usage
    assert b"usage" not in without
    assert without.endswith(b"data: [DONE]\n\n")


async def test_scripted_upstream_takes_chunked_bodies_and_expect_continue(upstream: ScriptedUpstream) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(upstream.url.rpartition(":")[2]))
    writer.write(b"POST /v1/messages HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ntransfer-encoding: chunked\r\n\r\n")
    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"3\r\n{}\n\r\n0\r\n\r\n")
    assert b" 200 " in await reader.readuntil(b"\r\n")
    assert upstream.requests[0].body == b"{}\n"
    writer.close()
    await writer.wait_closed()


def test_scripted_upstream_runs_in_a_thread() -> None:
    async def ask(url: str) -> bytes:
        engine = ENGINES[0]()
        try:
            return await read(engine, call(url))
        finally:
            await engine.close()

    with ScriptedUpstream.in_thread() as upstream:
        upstream.reply(scripted.openai_chat("from a thread"))
        assert b"from a thread" in asyncio.run(ask(upstream.url))
        assert upstream.requests[0].headers["content-length"] == "13"

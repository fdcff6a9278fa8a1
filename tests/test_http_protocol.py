"""Bad HTTP on real sockets: it is answered in JSON or cut off, and never keeps a connection, a task or memory."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from tests.gateway import chat
from tests.served import Served, eventually, get, post
from tests.upstream import finish, openai_chat, stream
from tollhouse.http_protocol import PIPELINE_MAX, Cycle

HEADERS_S, BODY_S, STALL_S = 0.4, 0.6, 0.8
BODY = orjson.dumps(chat())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    limits = {"header_timeout_s": HEADERS_S, "body_timeout_s": BODY_S, "write_stall_s": STALL_S}
    with Served(tmp_path_factory.mktemp("protocol"), limits=limits) as running:
        yield running
    log = running.log()
    assert "Traceback" not in log and "Exception in ASGI" not in log, log


@pytest.fixture(scope="module")
def key(served: Served) -> str:
    return f"Authorization: Bearer {served.key()}"


MALFORMED = {
    "garbage": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\r\n\r\n",
    "lower-case method": b"get / HTTP/1.1\r\nhost: x\r\n\r\n",
    "http/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "length and chunked": post(b"0\r\n\r\n", "Transfer-Encoding: chunked"),
    "two lengths": post(b"{}", "Content-Length: 3"),
    "negative length": post(b"", "Content-Length: -1", length=False),
    "huge length": post(b"", "Content-Length: 99999999999999999999999", length=False),
    "folded header": get("/health", "x-a: 1\r\n  2"),
    "bare line feed": b"GET /health HTTP/1.1\nHost: x\n\n",
    "null in a value": get("/health", "x-a: a\x00b"),
    "null in a name": get("/health", "x\x00: a"),
    "space before the colon": get("/health", "x-a : b"),
    "unknown coding": post(b"", "Transfer-Encoding: gzip", length=False),
    "no path": b"GET http://gateway HTTP/1.1\r\nHost: gateway\r\n\r\n",
    "non-ascii path": b"GET /\xff\xfe HTTP/1.1\r\nHost: gateway\r\n\r\n",
    "connect": b"CONNECT gateway:443 HTTP/1.1\r\nHost: gateway\r\n\r\n",
    "bad chunk size": post(b"zz\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: chunked", length=False),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_not_http_is_400_in_json_and_closed(served: Served, name: str) -> None:
    with served.wire() as wire:
        wire.send(MALFORMED[name])
        response = wire.response()
        assert response.status == 400, response
        assert response.json()["error"]["type"] == "invalid_request_error"
        assert response.headers["x-request-id"] == response.headers["request-id"]
        assert response.headers["connection"] == "close"
        assert wire.closed()


FRAMING = {
    "no version": b"GET /health\r\n\r\n",
    "no Host": b"GET /health HTTP/1.1\r\n\r\n",
    "two Hosts": get("/health", "host: other"),
    "the same Host twice": get("/health", "Host: gateway"),
    "chunked HTTP/1.0": b"POST /v1/embeddings HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two content types": post(BODY, "Content-Type: application/json", "Content-Type: text/plain"),
    "two keys": post(BODY, "Authorization: Bearer a", "Authorization: Bearer b"),
}


@pytest.mark.parametrize("name", FRAMING)
def test_ambiguous_headers_are_400_in_the_mounts_dialect(served: Served, name: str) -> None:
    with served.wire() as wire:
        wire.send(FRAMING[name])
        response = wire.response()
        assert response.status in (400, 422)
        assert ("detail" if b"/health" in FRAMING[name] else "error") in response.json()


def test_http_1_0_works_without_a_host(served: Served) -> None:
    with served.wire() as wire:
        wire.send(b"GET /health HTTP/1.0\r\n\r\n")
        assert wire.response().status == 200
        assert wire.closed()


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(get("/health", "x-a: " + "a" * 33_000), id="one header over 32 KiB"),
        pytest.param(get("/health", *(f"x-{n}: {'a' * 1000}" for n in range(40))), id="headers over 32 KiB"),
        pytest.param(get("/health", *(f"x-{n}: a" for n in range(101))), id="more than 100 headers"),
        pytest.param(get("/" + "a" * 9000), id="request line over 8 KiB"),
        pytest.param(get("/health", "x-a: " + "a" * 2_000_000), id="a header of 2 MB"),
        pytest.param(b"GET /health HTTP/1.1\r\nx-a: " + b"a" * 1_000_000, id="a header without an end"),
        pytest.param(b"GET /" + b"a" * 1_000_000, id="a path without an end"),
    ],
)
def test_headers_beyond_the_limits_are_431_and_the_client_sees_it(served: Served, head: bytes) -> None:
    with served.wire() as wire:
        wire.send(head)
        response = wire.response()
        assert response.status == 431 and response.json()["error"]["code"] == "headers_too_large"
        assert wire.closed()


def test_headers_within_the_limits_pass(served: Served) -> None:
    with served.wire() as wire:
        for head in (
            get("/health", "x-a: " + "a" * 32_000),
            get("/health", *(f"x-{n}: a" for n in range(99))),
            get("/" + "a" * 8000),
        ):
            wire.send(head)
            assert wire.response().status in (200, 404)


def test_trickled_headers_are_408_after_the_deadline(served: Served) -> None:
    with served.wire() as wire:
        began = time.monotonic()
        for byte in get("/health", "x-a: " + "a" * 100):
            try:
                wire.send(bytes([byte]))
            except OSError:
                break
            time.sleep(0.02)
            if time.monotonic() - began > HEADERS_S + 0.3:
                break
        response = wire.response()
        assert response.status == 408 and response.json()["error"]["code"] == "request_timeout"
        assert wire.closed()


def test_trickled_headers_of_a_second_request_are_408_too(served: Served) -> None:
    with served.wire() as wire:
        wire.send(get())
        assert wire.response().status == 200
        wire.send(b"GET /hea")
        assert wire.response().status == 408


def test_a_connection_without_a_request_is_closed_without_a_word(served: Served) -> None:
    with served.wire() as wire:
        assert wire.closed(HEADERS_S + 2)


def test_line_ends_after_a_request_do_not_keep_a_connection_for_ever(served: Served) -> None:
    with served.wire() as wire:
        wire.send(get())
        assert wire.response().status == 200
        wire.send(b"\r\n")
        assert wire.closed(BODY_S + 2)


def test_keep_alive_outlives_the_deadline_for_headers(served: Served) -> None:
    with served.wire() as wire:
        for _ in range(2):
            wire.send(get())
            assert wire.response().status == 200
            time.sleep(HEADERS_S + BODY_S + 0.2)


def test_a_chunked_body_without_a_length_works(served: Served, key: str) -> None:
    body = b"%x\r\n%b\r\n" % (20, BODY[:20]) + b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY) - 20, BODY[20:])
    with served.wire() as wire:
        wire.send(post(body, key, "Transfer-Encoding: chunked", "Content-Type: application/json", length=False))
        assert wire.response().status == 200
        wire.send(get())
        assert wire.response().status == 200


def test_a_body_in_pieces_works(served: Served, key: str) -> None:
    request = post(BODY, key)
    with served.wire() as wire:
        for part in (request[:-30], request[-30:-10], request[-10:]):
            wire.send(part)
            time.sleep(0.05)
        assert wire.response().status == 200


@pytest.mark.parametrize("first", [b"", b"{", BODY[:-1]], ids=["nothing", "one byte", "all but one byte"])
def test_a_body_that_does_not_come_is_408_in_the_mounts_dialect(served: Served, key: str, first: bytes) -> None:
    with served.wire("openproxy") as wire:
        head = post(b"", key, f"Content-Length: {len(BODY)}", length=False)
        began = time.monotonic()
        wire.send(head + first)
        response = wire.response()
        assert response.status == 408 and response.json()["error"]["code"] == 408
        assert BODY_S * 0.9 < time.monotonic() - began < BODY_S + 1
        assert wire.closed()


def test_a_trickled_body_is_408_once_for_all_of_it(served: Served, key: str) -> None:
    with served.wire() as wire:
        wire.send(post(b"", key, "Content-Length: 1000", length=False))
        began = time.monotonic()
        while time.monotonic() - began < BODY_S + 0.4:
            try:
                wire.send(b" ")
            except OSError:
                break
            time.sleep(0.05)
        assert wire.response().status == 408


def test_11_mb_with_a_length_is_413_and_the_connection_stays_usable(served: Served, key: str) -> None:
    with served.wire() as wire:
        wire.send(post(b" " * 11_000_000, key))
        response = wire.response()
        assert response.status == 413 and response.json()["error"]["code"] == "request_too_large"
        wire.send(get())
        assert wire.response().status == 200


def test_11_mb_in_chunks_is_413_and_the_connection_stays_usable(served: Served, key: str) -> None:
    body = b"100000\r\n%b\r\n" % (b" " * 0x100000) * 11 + b"0\r\n\r\n"
    with served.wire() as wire:
        wire.send(post(body, key, "Transfer-Encoding: chunked", length=False))
        assert wire.response().status == 413
        wire.send(get())
        assert wire.response().status == 200


def test_the_rest_of_an_answered_body_does_not_keep_a_connection_for_ever(served: Served) -> None:
    with served.wire() as wire:
        wire.send(post(b"", "Authorization: Bearer wrong", "Transfer-Encoding: chunked", length=False))
        assert wire.response().status == 401
        began = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() - began < BODY_S + 3:
                wire.send(b"1\r\n \r\n")
                time.sleep(0.05)


def test_expect_100_continue_is_asked_for_only_where_the_body_is_wanted(served: Served, key: str) -> None:
    with served.wire() as wire:
        wire.send(post(b"", key, "Expect: 100-continue", f"Content-Length: {len(BODY)}", length=False))
        assert wire.response().status == 100
        wire.send(BODY)
        assert wire.response().status == 200
        wire.send(post(b"", key, "Expect: 100-continue", "Content-Length: 11000000", length=False))
        response = wire.response()
        assert response.status == 413 and response.headers["connection"] == "close"
        assert wire.closed()


def test_pipelined_requests_are_answered_in_order(served: Served, key: str) -> None:
    with served.wire() as wire:
        wire.send(get("/health") + post(BODY, key) + get("/nope") + get("/livez"))
        assert [wire.response().status for _ in range(4)] == [200, 200, 404, 200]


def test_a_flood_of_pipelined_requests_is_cut_off_after_those_that_fit(served: Served) -> None:
    with served.wire() as wire:
        wire.send(get() * 2000)
        answers = wire.drained().count(b"HTTP/1.1 200")
        assert PIPELINE_MAX <= answers <= PIPELINE_MAX + 2


def test_a_large_body_before_a_pipelined_head_is_not_taken_for_headers(served: Served, key: str) -> None:
    body = orjson.dumps(chat("a" * 60_000))
    with served.wire() as wire:
        wire.send(post(body, key) + b"GET /health HTT")
        time.sleep(0.1)
        wire.send(b"P/1.1\r\nHost: gateway\r\n\r\n")
        assert [wire.response().status for _ in range(2)] == [200, 200]


def test_garbage_behind_a_request_lets_it_have_its_answer(served: Served, key: str) -> None:
    served.upstream.reply(stream([b'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'] * 5, delay_s=0.05))
    with served.wire() as wire:
        wire.send(post(orjson.dumps(chat(stream=True)), key) + b"\x00\x01garbage\r\n\r\n")
        response = wire.response()
        assert response.status == 200 and b"HTTP/1.1 400" not in response.body
        assert wire.closed()


def test_an_upgrade_that_nobody_offers_is_an_ordinary_request(served: Served, key: str) -> None:
    with served.wire() as wire:
        wire.send(post(BODY, key, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQ"))
        assert wire.response().status == 200
        wire.send(get("/health", "Connection: Upgrade, close", "Upgrade: websocket", "Sec-WebSocket-Version: 13"))
        assert wire.response().status == 200
        assert wire.closed()


def test_a_reader_that_stalls_is_cut_off(served: Served, key: str) -> None:
    served.upstream.reply(openai_chat("a" * 8_000_000))
    with served.wire(receive_buffer=4096) as wire:
        wire.send(post(BODY, key))
        time.sleep(STALL_S + 1.0)
        assert len(wire.drained()) < 8_000_000


def test_a_stream_whose_reader_stalls_is_ended_and_charged(served: Served, key: str) -> None:
    piece = b'data: {"choices":[{"index":0,"delta":{"content":"' + b"a" * 60_000 + b'"}}]}\n\n'
    served.upstream.reply(stream([piece] * 200))
    before = len(served.rows())
    with served.wire(receive_buffer=4096) as wire:
        wire.send(post(orjson.dumps(chat(stream=True)), key))
        eventually(lambda: len(served.rows()) > before and served.rows()[0]["state"] == "posted", STALL_S + 5)


@pytest.mark.parametrize("streaming", [False, True])
def test_a_client_that_hangs_up_is_settled_without_a_traceback(served: Served, key: str, streaming: bool) -> None:
    if streaming:
        frames = [b'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'] * 20
        served.upstream.reply(stream(frames, delay_s=0.05, end=finish))
    else:

        async def slowly(request, connection) -> None:  # type: ignore[no-untyped-def]
            time.sleep(0.3)
            await openai_chat()(request, connection)

        served.upstream.reply(slowly)
    before = len(served.rows())
    with served.wire() as wire:
        wire.send(post(orjson.dumps(chat(stream=streaming)), key))
        time.sleep(0.15)
        wire.reset()
    eventually(lambda: len(served.rows()) == before + 1 and served.rows()[0]["state"] == "posted")


def test_a_client_that_hangs_up_in_its_body_leaves_nothing(served: Served, key: str) -> None:
    before = len(served.rows())
    with served.wire() as wire:
        wire.send(post(b"", key, "Content-Length: 100", length=False) + b"{")
        time.sleep(0.1)
    time.sleep(0.1)
    assert len(served.rows()) == before


def test_clients_that_hang_up_behind_a_pipelined_request_end_the_stream(served: Served, key: str) -> None:
    frames = [b'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'] * 400
    served.upstream.reply(stream(frames, delay_s=0.02))
    before = len(served.rows())
    began = time.monotonic()
    with served.wire() as wire:
        wire.send(post(orjson.dumps(chat(stream=True)), key) + get())
        time.sleep(0.2)
        wire.reset()
    eventually(lambda: len(served.rows()) == before + 1 and served.rows()[0]["state"] == "posted")
    assert time.monotonic() - began < 5, "the stream went on for nobody"


def test_many_connections_at_once_do_not_disturb_each_other(served: Served) -> None:
    results: list[int] = []

    def call() -> None:
        with served.wire() as wire:
            for _ in range(5):
                wire.send(get())
                results.append(wire.response().status)

    threads = [threading.Thread(target=call) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 100


def test_a_half_open_client_is_noticed(served: Served) -> None:
    with served.wire() as wire:
        wire.send(b"GET /he")
        wire._socket.shutdown(socket.SHUT_WR)
        assert wire.closed(HEADERS_S + 2)


class Wire:
    """What a cycle needs of a transport."""

    def __init__(self) -> None:
        self.written = b""

    def write(self, data: bytes) -> None:
        self.written += data


def cycle(method: str = "GET", *, keep_alive: bool = True) -> tuple[Cycle, Wire]:
    wire, log = Wire(), logging.getLogger("test")
    made = Cycle(
        {"method": method}, wire, SimpleNamespace(write_paused=False), log, log, False, [(b"server", b"x")],  # type: ignore[arg-type,typeddict-item]
        None, False, keep_alive, lambda: None,  # type: ignore[arg-type]
    )  # fmt: skip
    return made, wire


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("keep_alive", [True, False])
@pytest.mark.parametrize("status", [200, 204, 429])
@pytest.mark.parametrize(
    "headers", [[], [(b"content-length", b"5")], [(b"a", b"b\tc\xff"), (b"connection", b"close")], [(b"a", b"")] * 3]
)
async def test_a_head_is_written_as_uvicorn_writes_it(
    method: str, keep_alive: bool, status: int, headers: list[tuple[bytes, bytes]]
) -> None:
    ours, wire = cycle(method, keep_alive=keep_alive)
    theirs, reference = cycle(method, keep_alive=keep_alive)
    start: Any = {"type": "http.response.start", "status": status, "headers": headers}
    await ours.send(start)
    await RequestResponseCycle.send(theirs, start)
    assert wire.written == reference.written
    assert (ours.keep_alive, ours.chunked_encoding, ours.expected_content_length) == (
        theirs.keep_alive, theirs.chunked_encoding, theirs.expected_content_length,
    )  # fmt: skip


@pytest.mark.parametrize("value", [b"a\r\nset-cookie: b", b"a\nb", b"a\rb", b"\x00", b"\x7f", b"\r\n"])
async def test_a_header_cannot_become_two(value: bytes) -> None:
    for header in ((b"x-name", value), (value, b"x")):
        ours, wire = cycle()
        with pytest.raises(RuntimeError):
            await ours.send({"type": "http.response.start", "status": 200, "headers": [header]})
        assert wire.written == b""

"""Answers on the wire: headers that every response has, and streams whose silence, failures and ends are told."""

import asyncio
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from tests.contract.asgi import config
from tollhouse.config.snapshot import Mount
from tollhouse.contract import responding
from tollhouse.contract.responding import Heartbeat, common_headers, respond, send_error
from tollhouse.endpoints.context import Answer, Request, Text, Value
from tollhouse.errors import ApiError, InvalidRequest, Unavailable
from tollhouse.router import Router
from tollhouse.streaming import MeteredStream

BEAT = b": keep-alive\n\n"
SILENCE_S = 0.05


class Sent(list[dict[str, Any]]):
    """A client that may be slow, and refuses what uvicorn would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.readable = asyncio.Event()
        self.readable.set()

    async def send(self, message: dict[str, Any]) -> None:
        await self.readable.wait()
        assert not self or self[-1].get("more_body", True), "the response is complete"
        assert (message["type"] == "http.response.start") == (not self), "one start, and first"
        self.append(message)

    @property
    def status(self) -> int:
        return int(self[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self[0]["headers"]}

    @property
    def bodies(self) -> list[bytes]:
        return [message["body"] for message in self[1:]]


class Stream:
    """What the relay hands out: chunks with pauses before them, or an error to raise."""

    heartbeat = BEAT

    def __init__(self, *chunks: bytes | float | Exception) -> None:
        self._chunks = iter(chunks)
        self.left = 0

    async def read(self) -> bytes | None:
        for each in self._chunks:
            if isinstance(each, Exception):
                raise each
            if isinstance(each, bytes):
                return each
            await asyncio.sleep(each)
        return None

    def leave(self) -> None:
        self.left += 1

    def failure(self, error: ApiError) -> bytes:
        return b"event: error\ndata: " + str(error).encode() + b"\n\n"


def request(mount: Mount | None = None, cors: tuple[str, ...] = ("*",), **headers: str) -> Request:
    settings = config(cors=cors)
    lines = {name.encode(): value.encode() for name, value in headers.items()}
    return Request("req_1", settings, Router(settings), lines, "", mount=mount or Mount("openai", "/v1", "openai"))


async def streamed(stream: Stream, sent: Sent | None = None) -> Sent:
    sent = sent if sent is not None else Sent()
    answer = Answer(200, [(b"content-type", b"text/event-stream"), (b"x-ratelimit-limit-requests", b"5")])
    answer.stream = cast(MeteredStream, stream)
    await respond(answer, sent.send, request())
    assert stream.left == 1, "every stream is left exactly once"
    return sent


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responding, "SILENCE_S", SILENCE_S)


async def test_a_stream_is_what_browsers_and_proxies_need() -> None:
    sent = await streamed(Stream(b"data: 1\n\n", b"data: [DONE]\n\n"))
    assert sent.bodies == [b"data: 1\n\n", b"data: [DONE]\n\n", b""]
    assert sent.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert sent.headers["cache-control"] == "no-cache" and sent.headers["x-accel-buffering"] == "no"
    assert sent.headers["x-request-id"] == sent.headers["request-id"] == "req_1"
    assert sent.headers["x-ratelimit-limit-requests"] == "5"
    assert "content-length" not in sent.headers and "content-encoding" not in sent.headers


async def test_silence_is_broken_and_frames_stay_whole() -> None:
    sent = await streamed(Stream(b"data: 1\n\n", SILENCE_S * 2.5, b"data: 2\n\n", b"data: 3\n\n"))
    assert sent.bodies == [b"data: 1\n\n", BEAT, BEAT, b"data: 2\n\n", b"data: 3\n\n", b""]


async def test_a_stream_that_keeps_talking_needs_no_heartbeat() -> None:
    chunks = [each for _ in range(10) for each in (SILENCE_S / 4, b"data: 1\n\n")]
    assert BEAT not in (await streamed(Stream(*chunks))).bodies


async def test_a_failure_after_the_first_byte_is_the_last_event() -> None:
    with capture_logs() as logs:
        sent = await streamed(Stream(b"data: 1\n\n", Unavailable("The ledger is away.")))
    assert sent.bodies == [b"data: 1\n\n", b"event: error\ndata: The ledger is away.\n\n", b""]
    assert logs[0]["event"] == "stream_failed" and logs[0]["request_id"] == "req_1"


async def test_a_defect_after_the_first_byte_tells_no_secrets() -> None:
    with capture_logs():
        sent = await streamed(Stream(b"data: 1\n\n", RuntimeError("sk-secret")))
    assert b"Proxy error" in sent.bodies[1] and b"sk-secret" not in b"".join(sent.bodies)


async def test_no_heartbeat_follows_the_end_or_a_failure() -> None:
    for stream in (Stream(b"data: 1\n\n"), Stream(b"data: 1\n\n", Unavailable("No."))):
        with capture_logs():
            sent = await streamed(stream)
        await asyncio.sleep(SILENCE_S * 2)
        assert BEAT not in sent.bodies


async def test_a_stop_of_the_server_is_an_event_too() -> None:
    sent, stream = Sent(), Stream(b"data: 1\n\n", 3600.0)
    task = asyncio.ensure_future(streamed(stream, sent))
    await asyncio.sleep(0.01)
    task.cancel()
    await task
    assert sent.bodies == [b"data: 1\n\n", b"event: error\ndata: The gateway is stopping; try again.\n\n", b""]


async def test_a_slow_client_gets_frames_and_beats_in_order_and_never_too_many_beats() -> None:
    sent, stream = Sent(), Stream(b"data: 1\n\n", SILENCE_S * 2, b"data: 2\n\n", b"data: 3\n\n")
    task = asyncio.ensure_future(streamed(stream, sent))
    await asyncio.sleep(0.01)
    sent.readable.clear()
    await asyncio.sleep(SILENCE_S * 6)
    sent.readable.set()
    await task
    assert [body for body in sent.bodies if body != BEAT] == [b"data: 1\n\n", b"data: 2\n\n", b"data: 3\n\n", b""]
    assert sent.bodies.count(BEAT) == 1


async def test_a_client_that_stalls_before_the_head_is_sent_breaks_nothing() -> None:
    sent = Sent()
    sent.readable.clear()
    task = asyncio.ensure_future(streamed(Stream(b"data: 1\n\n"), sent))
    await asyncio.sleep(SILENCE_S * 3)
    sent.readable.set()
    assert (await task).bodies == [b"data: 1\n\n", b""]


async def test_a_stream_that_is_cancelled_before_its_head_is_left() -> None:
    sent, stream = Sent(), Stream(b"data: 1\n\n")
    sent.readable.clear()
    task = asyncio.ensure_future(streamed(stream, sent))
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert stream.left == 1


async def test_a_beat_that_is_being_written_goes_first() -> None:
    sent = Sent()
    heartbeat = Heartbeat(sent.send, BEAT, SILENCE_S)
    await sent.send({"type": "http.response.start", "status": 200, "headers": []})
    heartbeat.start()
    sent.readable.clear()
    await asyncio.sleep(SILENCE_S * 1.5)
    asyncio.get_running_loop().call_later(0.01, sent.readable.set)
    await heartbeat.before_frames()
    assert sent.bodies == [BEAT]
    heartbeat.stop()


@pytest.mark.parametrize(
    "reply,status,content_type,body",
    [
        ({"a": 1}, 200, "application/json", b'{"a":1}'),
        ([], 200, "application/json", b"[]"),
        (Value({"a": 1}, 201), 201, "application/json", b'{"a":1}'),
        (Text("OK"), 200, "text/plain; charset=utf-8", b"OK"),
        (Text(b"# HELP", "text/plain; version=0.0.4"), 200, "text/plain; version=0.0.4", b"# HELP"),
        (Answer(200, [(b"content-type", b"application/json")], b'{"a": 1}'), 200, "application/json", b'{"a": 1}'),
    ],
)
async def test_every_kind_of_reply(reply: Any, status: int, content_type: str, body: bytes) -> None:
    sent = Sent()
    await respond(reply, sent.send, request())
    assert (sent.status, sent.headers["content-type"], sent.bodies) == (status, content_type, [body])
    assert sent.headers["content-length"] == str(len(body)) and sent.headers["x-request-id"] == "req_1"


@pytest.mark.parametrize(
    ("document", "kept"), [("account", False), ("admin", False), ("openai", True), ("system", True)]
)
async def test_keys_tokens_and_balances_are_in_no_cache(document: str, kept: bool) -> None:
    sent = Sent()
    await respond(Value({"token": "x"}), sent.send, request(Mount(document, "/x", "detail")))
    assert sent.headers.get("cache-control") == (None if kept else "no-store")


@pytest.mark.parametrize(
    "dialect,body",
    [
        ("openai", b'{"error": "theirs"}'),
        ("anthropic", b'{"error": "theirs"}'),
        ("detail", b'{"detail":"No."}'),
        ("openproxy", b'{"error":{"message":"No.","type":"invalid_request_error","code":422}}'),
    ],
)
async def test_an_upstreams_refusal_passes_or_is_rendered_anew(dialect: str, body: bytes) -> None:
    sent = Sent()
    refusal = Answer(422, [(b"content-type", b"application/json")], b'{"error": "theirs"}', upstream_error="No.")
    await respond(refusal, sent.send, request(Mount("openai", "/v1", dialect)))
    assert (sent.status, sent.bodies) == (422, [body])


def test_cors_is_for_browsers_and_not_for_the_admin_api() -> None:
    def headers(asked: Request) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in common_headers(asked)}

    assert set(headers(request())) == {"x-request-id", "request-id"}
    shown = headers(request(origin="https://a.example"))
    assert shown["access-control-allow-origin"] == "*"
    exposed = set(shown["access-control-expose-headers"].split(", "))
    assert {"x-request-id", "request-id", "retry-after", "retry-after-ms", "x-should-retry"} <= exposed
    assert {"x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens"} <= exposed
    assert "access-control-allow-credentials" not in shown
    admin = request(Mount("admin", "/admin/api", "problem"), origin="https://a.example")
    assert "access-control-allow-origin" not in headers(admin)
    listed = headers(request(cors=("https://a.example",), origin="https://a.example"))
    assert (listed["access-control-allow-origin"], listed["vary"]) == ("https://a.example", "origin")
    assert "access-control-allow-origin" not in headers(
        request(cors=("https://b.example",), origin="https://a.example")
    )


async def test_an_error_after_expect_closes_because_the_body_may_or_may_not_come() -> None:
    sent = Sent()
    await send_error(sent.send, request(expect="100-continue"), InvalidRequest("No."))
    assert sent.headers["connection"] == "close"
    other = Sent()
    await send_error(other.send, request(), InvalidRequest("No."))
    assert "connection" not in other.headers

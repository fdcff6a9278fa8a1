"""Answers on the wire: JSON values, texts, upstream bodies and streams, each with our headers. Nothing is compressed."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson
import structlog

from tollhouse.contract.rendering import as_api_error, render
from tollhouse.endpoints.context import Answer, Reply, Request, Text, Value
from tollhouse.errors import ApiError, Unavailable, UpstreamFailed, UpstreamRefused
from tollhouse.passed import PassedBody
from tollhouse.rates import Headers, as_bytes, as_texts
from tollhouse.streaming import MeteredStream

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

JSON: Headers = [(b"content-type", b"application/json")]
NOT_KEPT: Headers = [
    *JSON,
    (b"cache-control", b"no-store"),
]  # keys, tokens and balances are in no cache (RFC 9111, 5.2.2.5)
SILENCE_S = 15.0  # after which a stream gets a heartbeat (WIRE.md 13)
_SHOWN = ["x-request-id", "request-id", "retry-after", "retry-after-ms", "x-should-retry"]
_SHOWN += ["x-tollhouse-provider", "x-tollhouse-model", "x-tollhouse-dropped"]
_RATES = [(what, which) for what in ("requests", "tokens") for which in ("limit", "remaining", "reset")]
_SHOWN += [f"x-ratelimit-{which}-{what}" for what, which in _RATES]
_SHOWN += [f"anthropic-ratelimit-{what}-{which}" for what, which in _RATES]
EXPOSED = ", ".join(_SHOWN).encode()  # what web pages may read

_PRIVATE = frozenset({"account", "admin"})  # documents whose answers are for whoever asked, and for no cache
# On these mounts upstream's own error bodies pass byte for byte (WIRE.md 11).
_VERBATIM = frozenset({"openai", "anthropic"})

log = structlog.get_logger("tollhouse.contract")


def common_headers(request: Request) -> list[tuple[bytes, bytes]]:
    """What every response carries: our request id under both of its names, and CORS where a browser asks."""
    request_id = request.request_id.encode()
    headers = [(b"x-request-id", request_id), (b"request-id", request_id)]
    origin = request.headers.get(b"origin")
    if origin is not None and (request.mount is None or request.mount.document != "admin"):
        headers += cors_headers(request, origin)
    return headers


def cors_headers(request: Request, origin: bytes) -> list[tuple[bytes, bytes]]:
    """CORS without credentials, for the configured origins."""
    origins = request.config.routes.cors_origins
    if "*" in origins:
        allowed = b"*"
    elif origin.decode("latin-1") in origins:
        allowed = origin
    else:
        return []
    headers = [(b"access-control-allow-origin", allowed), (b"access-control-expose-headers", EXPOSED)]
    return headers if allowed == b"*" else [*headers, (b"vary", b"origin")]


async def send_error(send: Send, request: Request, error: ApiError) -> None:
    dialect = request.mount.errors if request.mount is not None else "detail"
    status, headers, body = render(error, dialect, request.request_id)
    if b"expect" in request.headers:  # whether the body still comes is the client's guess (RFC 9110, 10.1.1)
        headers["connection"] = "close"
    await send_whole(send, request, status, as_bytes(headers), body)


async def send_whole(send: Send, request: Request, status: int, headers: Headers, body: bytes) -> None:
    start = [*common_headers(request), *headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


async def send_passed(body: PassedBody, send: Send, request: Request, status: int, headers: Headers) -> None:
    """Send an answer as it comes. Where it breaks off, so does ours: the connection is closed in the middle of it."""
    try:
        start = [*common_headers(request), *headers]
        await send({"type": "http.response.start", "status": status, "headers": start})
        while (chunk := await body.read()) is not None:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    except UpstreamFailed as error:
        log.error("answer_broken", request_id=request.request_id, error=str(error))
        return
    finally:
        await body.close()
    await send({"type": "http.response.body", "body": b""})


async def respond(reply: Reply, send: Send, request: Request) -> None:
    """Send what an endpoint returned."""
    if isinstance(reply, Answer):
        await _send_answer(reply, send, request)
    elif isinstance(reply, Text):
        await _send_text(reply, send, request)
    else:
        value, status = (reply.value, reply.status) if isinstance(reply, Value) else (reply, 200)
        private = request.mount is not None and request.mount.document in _PRIVATE
        await send_whole(send, request, status, NOT_KEPT if private else JSON, orjson.dumps(value))


async def _send_text(reply: Text, send: Send, request: Request) -> None:
    etag = reply.headers.get("etag")
    if etag is not None and _has(request.headers.get(b"if-none-match", b"").decode("latin-1"), etag):
        start = [*common_headers(request), *as_bytes(reply.headers)]
        await send({"type": "http.response.start", "status": 304, "headers": start})
        await send({"type": "http.response.body", "body": b""})
        return
    body = reply.text if isinstance(reply.text, bytes) else reply.text.encode()
    headers = as_bytes({"content-type": reply.content_type, **reply.headers})
    await send_whole(send, request, 200, headers, body)


def _has(if_none_match: str, etag: str) -> bool:
    """Whether the caller has what it asks for already (RFC 9110, 13.1.2, which compares weakly)."""
    return any(each.strip().removeprefix("W/") in (etag, "*") for each in if_none_match.split(","))


async def _send_answer(answer: Answer, send: Send, request: Request) -> None:
    assert request.mount is not None, "only mounted operations relay"
    if answer.stream is not None:
        await send_stream(answer.stream, send, request, answer.headers)
    elif answer.passed is not None:
        await send_passed(answer.passed, send, request, answer.status, answer.headers)
    elif answer.upstream_error is not None and request.mount.errors not in _VERBATIM:
        refused = UpstreamRefused(answer.upstream_error, answer.status)
        refused.headers.update(as_texts(_but_content_type(answer.headers)))
        await send_error(send, request, refused)
    else:
        await send_whole(send, request, answer.status, answer.headers, answer.body)


def _but_content_type(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name != b"content-type"]


_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]


async def start_stream(send: Send, request: Request, headers: Headers) -> None:
    start = common_headers(request) + _STREAM_HEADERS + _but_content_type(headers)
    await send({"type": "http.response.start", "status": 200, "headers": start})


async def send_stream(stream: MeteredStream, send: Send, request: Request, headers: Headers | None) -> None:
    """Send a stream to its end; heartbeats break its silences. `headers` None: the head is sent already."""
    heartbeat = Heartbeat(send, stream.heartbeat, SILENCE_S)
    try:
        if headers is not None:
            await start_stream(send, request, headers)
        heartbeat.start()
        while (chunk := await stream.read()) is not None:
            await heartbeat.before_frames()
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    except asyncio.CancelledError:  # the client has gone and hears nothing of this, or the server waits no longer
        heartbeat.stop()
        stopping = stream.failure(Unavailable("The gateway is stopping; try again."))
        await send({"type": "http.response.body", "body": stopping, "more_body": True})
    except Exception as error:  # noqa: BLE001 - after the first byte an error is an event of the stream
        heartbeat.stop()
        log.error("stream_failed", request_id=request.request_id, error=repr(error))
        await send({"type": "http.response.body", "body": stream.failure(as_api_error(error)), "more_body": True})
    finally:
        heartbeat.stop()
        stream.leave()
    await send({"type": "http.response.body", "body": b""})


class Heartbeat:
    """Breaks the silence of a stream, on event boundaries only. One timer a stream, no work per frame."""

    __slots__ = ("_beating", "_frame", "_last_s", "_loop", "_send", "_silence_s", "_timer")

    def __init__(self, send: Send, frame: bytes, silence_s: float) -> None:
        self._send = send
        self._frame = frame
        self._silence_s = silence_s
        self._loop = asyncio.get_running_loop()
        self._last_s = 0.0
        self._beating: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._last_s = self._loop.time()
        self._timer = self._loop.call_later(self._silence_s, self._look)

    async def before_frames(self) -> None:
        """Frames are about to be sent: let a beat that is being written finish first."""
        self._last_s = self._loop.time()
        if self._beating is not None:
            await self._beating
            self._beating = None

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._beating is not None:
            self._beating.cancel()

    def _look(self) -> None:
        silent_s = self._loop.time() - self._last_s
        if silent_s < self._silence_s:
            self._timer = self._loop.call_later(self._silence_s - silent_s, self._look)
            return
        if self._beating is None or self._beating.done():
            self._beating = self._loop.create_task(self._beat())
        self._timer = self._loop.call_later(self._silence_s, self._look)

    async def _beat(self) -> None:
        await self._send({"type": "http.response.body", "body": self._frame, "more_body": True})

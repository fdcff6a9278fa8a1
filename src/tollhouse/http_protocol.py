"""uvicorn's HTTP parser with the limits it lacks: headers that are too many, too large or too slow, and stalled readers.

uvicorn 0.54 takes 1 MB of headers, headers trickled for ever, clients that never read their answer, and connections that
are kept open with the rest of a body nobody waits for.
"""

import asyncio
import sys
from collections.abc import Callable
from typing import Any, cast

import httptools
from uvicorn._types import ASGI3Application, ASGISendEvent
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from tollhouse.config.snapshot import Limits
from tollhouse.contract.edge import request_id
from tollhouse.contract.rendering import render
from tollhouse.errors import ApiError, HeadersTooLarge, InvalidRequest, RequestTimeout

LINGER_S = 2.0  # how long a refused client may go on sending before its connection is cut
PIPELINE_MAX = 32  # requests that may wait behind the one being answered
_CONTROLS = bytes([*range(9), *range(10, 32), 127])  # what no header may hold (RFC 9110, 5.5): all but the tab
_OF_UPGRADES = (b"connection", b"upgrade", b"http2-settings")


class Refused(Exception):
    """Stops the parser after the connection was answered and closed."""


def bounded(limits: Callable[[], Limits]) -> type[HttpToolsProtocol]:
    """The protocol class; every connection asks once for the limits in force."""
    return type("BoundedHttpProtocol", (_BoundedHttpProtocol,), {"limits_now": staticmethod(limits)})


class HeadWithBody:
    """The transport of one response: its head waits for the first piece of its body, so that both are one write.

    uvicorn 0.54 writes twice, which costs a system call and a packet for each answer.
    """

    __slots__ = ("_head", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head: bytes | None = None  # None: it is still to come; empty: it is written

    def write(self, data: bytes) -> None:
        if self._head:
            self._transport.write(self._head + data)
            self._head = b""
        elif self._head is None and not data.startswith(b"HTTP/1.1 100"):
            self._head = data
        else:
            self._transport.write(data)

    def flush(self) -> None:
        """Write a head whose response has no body."""
        if self._head:
            self._transport.write(self._head)
            self._head = b""

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()


class Cycle(RequestResponseCycle):
    """One request and its response. Writes the head with one check for all of its headers.

    uvicorn 0.54 asks two regular expressions about each header, which was 0.7 µs of the processor for every one.
    """

    async def send(self, message: ASGISendEvent) -> None:
        if (
            message["type"] != "http.response.start"
            or self.response_started
            or self.flow.write_paused
            or self.access_log
        ):
            await super().send(message)
        elif not self.disconnected:
            self._start(message["status"], [*self.default_headers, *message["headers"]])

    def _start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Write the status line and the headers, whose names are lower-case (ASGI, `http.response.start`)."""
        self.response_started = True
        self.waiting_for_100_continue = False
        content = [STATUS_LINE[status]]
        said_close = False
        for name, value in headers:
            content += (name, b": ", value, b"\r\n")
            if name == b"content-length":
                self.expected_content_length = int(value)
                self.chunked_encoding = False
            elif name == b"connection" and value.lower() == b"close":
                said_close = True
                self.keep_alive = False
        head = b"".join(content)
        if len(head.translate(None, _CONTROLS)) != len(head) - 2 * (len(headers) + 1):  # the line ends are ours
            raise RuntimeError("Invalid HTTP header.")
        if not self.keep_alive and not said_close:
            head += b"connection: close\r\n"
        if self.chunked_encoding is None and self.scope["method"] != "HEAD" and status not in (204, 304):
            self.chunked_encoding = True
            head += b"transfer-encoding: chunked\r\n"
        self.transport.write(head + b"\r\n")


class _BoundedHttpProtocol(HttpToolsProtocol):
    limits_now: Callable[[], Limits]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.limits = self.limits_now()
        self._head_open = True  # a request's head is awaited or incomplete
        self._head_began = False
        self._first_read_bytes = 0  # of the read in which the head began, maybe behind the end of another request
        self._head_bytes = 0  # of an incomplete head, in the reads after that one
        self._read = b""  # the current one
        self._read_bytes = 0
        self._idle_timer: asyncio.TimerHandle | None = None  # runs while nothing but the client can end the wait
        self._stall_timer: asyncio.TimerHandle | None = None
        self._running: RequestResponseCycle | None = None  # `cycle` is the newest request, which may wait behind it
        self._refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_at_most(self.limits.header_timeout_s)

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._idle_timer, self._stall_timer):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)
        if self._running is not None and not self._running.response_complete:  # uvicorn tells the newest one only
            self._running.disconnected = True
            self._running.message_event.set()

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._read = data
        self._read_bytes = len(data)
        super().data_received(data)
        if self._head_open:
            self._watch_head()
        elif self.cycle.response_complete:
            self._wait_at_most(self.limits.body_timeout_s)  # the rest of a body that was answered already, discarded
        elif self.cycle.more_body:
            # Nobody waits without a limit: the first `receive` returns at once, and the validation times the others.
            self.cycle.message_event.set()

    def on_message_begin(self) -> None:
        self._head_open = self._head_began = True
        self._first_read_bytes = self._read_bytes
        self._head_bytes = -self._read_bytes
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None
        limits = self.limits
        bytes_at_most = self._first_read_bytes + self._head_bytes + self._read_bytes
        if bytes_at_most > limits.header_bytes and self._headers_length() > limits.header_bytes:
            self._stop(self._headers_too_large())
        if len(self.headers) > limits.header_count:
            self._stop(HeadersTooLarge(f"The request has more than {limits.header_count} headers."))
        if len(self.url) > limits.request_line_bytes:
            self._stop(HeadersTooLarge(f"The request line is longer than {limits.request_line_bytes} bytes."))
        if len(self.pipeline) >= PIPELINE_MAX:
            self._stop(InvalidRequest(f"More than {PIPELINE_MAX} requests wait for their answers on this connection."))
        super().on_headers_complete()
        self._head_open = self._head_began = False

    def _should_upgrade(self) -> bool:
        return True  # asked only about requests that offer it

    def handle_websocket_upgrade(self) -> None:
        """Nothing is upgraded to: the request is read again without the offer, which a server may ignore (RFC 9110, 7.8).

        Java's HTTP client offers h2c with every request, and httptools 0.9 drops the body of one that does.
        """
        upgrade = sys.exc_info()[1]
        assert isinstance(upgrade, httptools.HttpParserUpgrade), "uvicorn calls this where it caught one"
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        if method == b"CONNECT":
            self._head_open = True
            self.send_400_response("")
            return
        closes = any(name == b"connection" and b"close" in value.lower() for name, value in self.headers)
        headers = [(name, value) for name, value in self.headers if name not in _OF_UPGRADES]
        headers += [(b"connection", b"close")] if closes else []
        lines = [b"%b: %b\r\n" % header for header in headers]
        self.parser = httptools.HttpRequestParser(self)
        head = [b"%b %b HTTP/%b\r\n" % (method, self.url, version), *lines, b"\r\n"]
        self.data_received(b"".join([*head, self._read[upgrade.args[0] :]]))

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        cycle.__class__ = Cycle  # uvicorn makes them of its own class
        cycle.transport = cast(asyncio.Transport, HeadWithBody(self.transport))
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        assert self._running is not None, "it has just been answered"
        cast(HeadWithBody, self._running.transport).flush()
        super().on_response_complete()
        if self.transport.is_closing():  # and does so when the client has read everything, which may be never
            self._abort_later()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._abort_later()

    def send_400_response(self, msg: str) -> None:
        if not self._refused:
            self._refuse(InvalidRequest("This is not a valid HTTP/1.1 request."))

    def pause_writing(self) -> None:
        super().pause_writing()
        self._abort_later()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stall_timer is not None and not self.transport.is_closing():
            self._stall_timer.cancel()
            self._stall_timer = None

    def _abort_later(self) -> None:
        """Cut the connection unless the client has read what waits for it by then."""
        if self._stall_timer is None:
            self._stall_timer = self.loop.call_later(self.limits.write_stall_s, self.transport.abort)

    def _watch_head(self) -> None:
        """A read left the next request's head incomplete."""
        self._head_bytes += self._read_bytes
        if self._head_bytes > self.limits.header_bytes and not self._refused:
            self._refuse(self._headers_too_large())
        self._wait_at_most(self.limits.header_timeout_s)

    def _wait_at_most(self, seconds: float) -> None:
        if self._idle_timer is None and not self._refused:
            self._idle_timer = self.loop.call_later(seconds, self._waited_too_long, seconds)

    def _waited_too_long(self, seconds: float) -> None:
        self._idle_timer = None
        if self.transport.is_closing():
            return
        if self.flow.read_paused:  # the client cannot go on before earlier requests have their answers
            self._wait_at_most(seconds)
        elif self._head_began:
            self._refuse(RequestTimeout(f"The request's headers were not complete after {seconds:g} s."))
        else:
            self.transport.close()

    def _headers_length(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _headers_too_large(self) -> HeadersTooLarge:
        return HeadersTooLarge(f"The request's headers are larger than {self.limits.header_bytes} bytes.")

    def _stop(self, error: ApiError) -> None:
        self._refuse(error)
        raise Refused

    def _refuse(self, error: ApiError) -> None:
        """Answer outside any mount, so in OpenAI's error shape, and close. Requests that came before get their answers first."""
        self._refused = True
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            if self.pipeline or not cycle.more_body:
                cycle.keep_alive = False
                return
            cycle.disconnected = True
            cycle.message_event.set()
        identifier = request_id()
        status, headers, body = render(error, "openai", identifier)
        lines = [f"{name}: {value}\r\n".encode("latin-1") for name, value in headers.items()]
        lines.append(f"x-request-id: {identifier}\r\nrequest-id: {identifier}\r\n".encode())
        lines.append(b"content-length: %d\r\nconnection: close\r\n\r\n" % len(body))
        self.transport.write(b"".join([STATUS_LINE[status], *lines, body]))
        # A client that is still sending would be reset, and might not see the answer, so it is heard out for a moment.
        self.transport.write_eof()
        self._idle_timer = self.loop.call_later(LINGER_S, self.transport.abort)

"""uvicorn's HTTP parser with the limits it lacks: headers that are too many, too large or too slow, and stalled readers.

uvicorn 0.54 takes 1 MB of headers, headers trickled for ever, and clients that never read their answer.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from tollhouse.config.snapshot import Limits
from tollhouse.contract.edge import request_id
from tollhouse.contract.rendering import render
from tollhouse.errors import ApiError, HeadersTooLarge, InvalidRequest, RequestTimeout


class Refused(Exception):
    """Stops the parser after the connection was answered and closed."""


def bounded(limits: Limits) -> type[HttpToolsProtocol]:
    """The protocol class for these limits."""
    return type("BoundedHttpProtocol", (_BoundedHttpProtocol,), {"limits": limits})


class _BoundedHttpProtocol(HttpToolsProtocol):
    limits: Limits

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head_open = True  # a request's head is awaited or incomplete
        self._head_bytes = 0  # of an incomplete head, in earlier reads
        self._read_bytes = 0  # of the current read
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None
        self._refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_timer = self.loop.call_later(self.limits.header_timeout_s, self._head_too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._head_timer, self._stall_timer):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._read_bytes = len(data)
        super().data_received(data)
        if self._head_open and not self._refused:
            self._head_bytes += len(data)
            if self._head_bytes > self.limits.header_bytes:
                self._refuse(self._headers_too_large())
            elif self._head_timer is None:
                self._head_timer = self.loop.call_later(self.limits.header_timeout_s, self._head_too_slow)

    def on_message_begin(self) -> None:
        self._head_open = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        limits = self.limits
        if self._head_bytes + self._read_bytes > limits.header_bytes and self._headers_length() > limits.header_bytes:
            self._stop(self._headers_too_large())
        if len(self.headers) > limits.header_count:
            self._stop(HeadersTooLarge(f"The request has more than {limits.header_count} headers."))
        if len(self.url) > limits.request_line_bytes:
            self._stop(HeadersTooLarge(f"The request line is longer than {limits.request_line_bytes} bytes."))
        self._head_open = False
        self._head_bytes = 0
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        if not self._refused:
            self._refuse(InvalidRequest("This is not a valid HTTP/1.1 request."))

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._stall_timer is None:
            self._stall_timer = self.loop.call_later(self.limits.write_stall_s, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None

    def _headers_length(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _headers_too_large(self) -> HeadersTooLarge:
        return HeadersTooLarge(f"The request's headers are larger than {self.limits.header_bytes} bytes.")

    def _head_too_slow(self) -> None:
        self._head_timer = None
        if not self.transport.is_closing():
            self._refuse(RequestTimeout(f"The request's headers were not complete after {self.limits.header_timeout_s:g} s."))

    def _stop(self, error: ApiError) -> None:
        self._refuse(error)
        raise Refused

    def _refuse(self, error: ApiError) -> None:
        """Answer outside any mount, so in OpenAI's error shape, and close."""
        self._refused = True
        identifier = request_id()
        status, headers, body = render(error, "openai", identifier)
        lines = [f"{name}: {value}\r\n".encode("latin-1") for name, value in headers.items()]
        lines.append(f"x-request-id: {identifier}\r\nrequest-id: {identifier}\r\n".encode())
        lines.append(b"content-length: %d\r\nconnection: close\r\n\r\n" % len(body))
        self.transport.write(b"".join([STATUS_LINE[status], *lines, body]))
        self.transport.close()

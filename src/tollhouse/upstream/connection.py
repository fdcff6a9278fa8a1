"""One HTTP/1.1 connection, and the pool of those to an origin that wait for the next call."""

import asyncio
from contextlib import suppress
from typing import cast

import httptools

from tollhouse.config.snapshot import Timeouts
from tollhouse.upstream import ConnectionBroken, FirstByteTimeout, IdleTimeout, MalformedResponse, UpstreamFailure
from tollhouse.upstream.addresses import Origin
from tollhouse.upstream.response import Response

IDLE_CONNECTIONS_PER_ORIGIN_MAX = 1024
IDLE_CONNECTION_LIFE_S = 60.0  # shorter than the 75 s after which common servers hang up themselves
HEAD_BYTES_MAX = 64 * 1024
NEVER = float("inf")


class HungUp(ConnectionBroken):
    """A kept connection that the other side closed before it answered with a single byte: most likely, it was never read."""


class Pool:
    """The idle connections to one origin; the one used last is the first to be used again, so the surplus dies of age."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self._idle: list[Connection] = []

    def take(self) -> "Connection | None":
        while self._idle:
            connection = self._idle.pop()
            if not connection.transport.is_closing():
                return connection
        return None

    def keep(self, connection: "Connection") -> bool:
        """Whether there is room for it."""
        if len(self._idle) >= IDLE_CONNECTIONS_PER_ORIGIN_MAX:
            return False
        self._idle.append(connection)
        return True

    def forget(self, connection: "Connection") -> None:
        with suppress(ValueError):
            self._idle.remove(connection)


class Connection(asyncio.Protocol):
    """Idle in its pool, or busy with one response. Its `deadline` is looked at by the engine's clock."""

    transport: asyncio.Transport
    lost: asyncio.Future[None]
    _timeouts: Timeouts  # of the call under way

    def __init__(self, pool: Pool, open_connections: "set[Connection]") -> None:
        self.deadline = NEVER
        self._pool = pool
        self._host = pool.origin.host
        self._open_connections = open_connections
        self._loop = asyncio.get_running_loop()
        self.lost = self._loop.create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._response: Response | None = None
        self._kept = False  # it has served a call before
        self._head_bytes = 0
        self._headers: dict[str, str] = {}
        self._in_body = False
        self._complete = False
        self._keep_alive = False

    def exchange(self, head: bytes, body: bytes | None, timeouts: Timeouts) -> Response:
        """Write a request; the response that is returned fills up by itself."""
        self._response = response = Response(self, self._host)
        self._timeouts = timeouts
        self._head_bytes = 0
        self._in_body = self._complete = False
        self.deadline = self._loop.time() + timeouts.first_byte_s
        self.transport.write(head + body if body else head)
        return response

    def fail(self, failure: UpstreamFailure) -> None:
        """Hang up, and tell the reader of the response why."""
        response, self._response = self._response, None
        self.transport.abort()
        if response:
            response.end(failure)

    def out_of_time(self) -> None:
        if self._response is None:
            self.transport.abort()  # idle for long enough
        elif self._in_body:
            self.fail(IdleTimeout(f"{self._host} sent nothing for {self._timeouts.idle_s:g} s"))
        else:
            self.fail(FirstByteTimeout(f"{self._host} sent no headers within {self._timeouts.first_byte_s:g} s"))

    def pause(self) -> None:
        self.transport.pause_reading()
        self.deadline = NEVER  # it is our reader that is slow

    def resume(self) -> None:
        if self._response:
            self.transport.resume_reading()
            self.deadline = self._loop.time() + self._timeouts.idle_s

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is not a subclass
        self.deadline = self._loop.time() + IDLE_CONNECTION_LIFE_S
        self._open_connections.add(self)

    def data_received(self, data: bytes) -> None:
        response = self._response
        if response is None:  # nobody asked
            self.transport.abort()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.fail(MalformedResponse(f"{self._host} switched to another protocol"))
        except httptools.HttpParserError as error:
            self._fail_parsing(error)
        else:
            self._head_bytes += len(data)
            if self._complete:
                self._finish(response)
            elif self._in_body:
                if not response.paused:
                    self.deadline = self._loop.time() + self._timeouts.idle_s
                response.wake()
            elif self._head_bytes > HEAD_BYTES_MAX:
                self.fail(MalformedResponse(f"{self._host} answered with a head of more than {HEAD_BYTES_MAX} bytes"))

    def connection_lost(self, error: Exception | None) -> None:
        self._open_connections.discard(self)
        self._pool.forget(self)
        self.lost.set_result(None)
        del self._parser  # it holds this connection in turn, and the two would wait for the garbage collector
        response, self._response = self._response, None
        if response is None:
            return
        if self._in_body and error is None and self._ends_with_the_connection():
            response.end(None)
            return
        kind = HungUp if self._kept and not self._head_bytes else ConnectionBroken
        failure = kind(f"the connection to {self._host} broke: {error or 'closed before the end'}")
        failure.__cause__ = error
        response.end(failure)

    # httptools

    def on_message_begin(self) -> None:
        if self._complete:
            raise ValueError("more than one answer")
        self._headers = {}

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status >= 200 and self._response:  # 1xx are only on the way
            self._in_body = True
            self._response.begin(status, self._headers)

    def on_body(self, body: bytes) -> None:
        if self._response:
            self._response.add(body)

    def on_message_complete(self) -> None:
        self._complete = self._in_body
        self._keep_alive = self._parser.should_keep_alive()

    # Helpers

    def _finish(self, response: Response) -> None:
        """The response is complete: keep the connection for the next call, or close it if that is what was agreed."""
        self._response = None
        if response.paused:
            response.paused = False
            self.transport.resume_reading()
        if self._keep_alive and self._pool.keep(self):
            self._kept = True
            self.deadline = self._loop.time() + IDLE_CONNECTION_LIFE_S
        else:
            self.transport.abort()
        response.end(None)

    def _fail_parsing(self, error: httptools.HttpParserError) -> None:
        if self._complete and self._response:  # the answer is whole; what follows it is not ours
            response, self._response = self._response, None
            self.transport.abort()
            response.end(None)
            return
        failure: UpstreamFailure
        if self._in_body:
            failure = ConnectionBroken(f"the body from {self._host} broke off: {error}")
        else:
            failure = MalformedResponse(f"{self._host} answered with something that is not HTTP")
        failure.__cause__ = error
        self.fail(failure)

    def _ends_with_the_connection(self) -> bool:
        """Whether the body is neither counted nor chunked (RFC 9112, 6.3)."""
        return "content-length" not in self._headers and "transfer-encoding" not in self._headers

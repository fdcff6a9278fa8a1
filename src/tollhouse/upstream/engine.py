"""The engine: HTTP/1.1 on the gateway's own event loop, with asyncio (uvloop) transports and the parser of httptools.

No second thread and no second runtime: a cancelled call hangs up at once. Clocks are attributes of the connections, which one timer
looks at four times a second. No proxies, redirects, cookies, decompression or HTTP/2.
"""

import asyncio
import re
import ssl
from importlib.metadata import PackageNotFoundError, version

from tollhouse.config.snapshot import Timeouts
from tollhouse.upstream import (
    ConnectFailed,
    ConnectionBroken,
    ConnectTimeout,
    InvalidRequest,
    UpstreamFailure,
    UpstreamRequest,
    UpstreamResponse,
)
from tollhouse.upstream.addresses import Origin
from tollhouse.upstream.connection import Connection, HungUp, Pool
from tollhouse.upstream.tls import client_context, tls_advice

CLOCK_PERIOD_S = 0.25
KNOWN_ORIGINS_MAX = 1024
KNOWN_HEADS_MAX = 1024
KNOWN_HEAD_BYTES_MAX = 4096  # longer ones have what a client made up, such as a query, and are not kept
KNOWN_HEADER_NAMES_MAX = 1024

_URL = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?#\\\s]+)([^#]*)(?:#.*)?", re.ASCII | re.IGNORECASE)
_TARGET = re.compile(r"(?:/[!-~]*)?(?:\?[!-~]*)?")
_METHOD = re.compile(r"(?!HEAD$|CONNECT$)[A-Z]+")  # an answer to those two has no body where the parser expects one
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "expect", "upgrade", "te", "trailer"})
_LEGAL_BYTES = bytes([9, 10, 13, *range(32, 127), *range(128, 256)])


class HttpUpstream:
    """An Upstream. Belongs to the event loop of its first call."""

    def __init__(self, agent: str | None = None, tls: ssl.SSLContext | None = None) -> None:
        self._agent = agent or user_agent()
        self._tls = tls
        self._pools: dict[tuple[str, str, bool], Pool] = {}  # by scheme, authority, allow_private
        self._heads: dict[tuple[object, ...], tuple[Pool, bytes]] = {}  # without the length of the body
        self._header_names: dict[str, str] = {}  # those found legal, and their lower-case form
        self._connections: set[Connection] = set()
        self._clock: asyncio.TimerHandle | None = None
        self._closed = False

    async def send(self, request: UpstreamRequest) -> UpstreamResponse:
        """Send on a connection that was kept, else on a new one.

        A kept one may be closed by the other side at the very moment it is used. Where no byte of an answer came, such a call is sent
        once more. RFC 9112 9.3.1 grants that to idempotent methods; a completion changes nothing at the provider but its price, and
        failover would send it to the next one anyway.
        """
        pool, head = self._prepared(request)
        if connection := pool.take():
            try:
                return await connection.exchange(head, request.body, request.timeouts).begun()
            except HungUp:
                pass
        connection = await self._connect(pool, request.timeouts)
        return await connection.exchange(head, request.body, request.timeouts).begun()

    async def close(self) -> None:
        self._closed = True
        if self._clock:
            self._clock.cancel()
            self._clock = None
        connections = list(self._connections)
        for connection in connections:
            connection.fail(ConnectionBroken("the engine was closed"))
        await asyncio.gather(*(connection.lost for connection in connections))

    def _prepared(self, request: UpstreamRequest) -> tuple[Pool, bytes]:
        """Where a call goes, and its head. Calls of a target differ in their bodies only, so the rest is checked once."""
        key = (request.method, request.url, request.allow_private, tuple(request.headers))
        known = self._heads.get(key)
        if known is None:
            pool, target = self._locate(request)
            known = pool, self._head(request, pool.origin, target)
            if len(known[1]) <= KNOWN_HEAD_BYTES_MAX:
                if len(self._heads) >= KNOWN_HEADS_MAX:
                    self._heads.clear()
                self._heads[key] = known
        pool, head = known
        return pool, head + (b"\r\n" if request.body is None else b"content-length: %d\r\n\r\n" % len(request.body))

    def _locate(self, request: UpstreamRequest) -> tuple[Pool, str]:
        match = _URL.fullmatch(request.url)
        if not match or not _TARGET.fullmatch(match[3]):
            raise InvalidRequest("the upstream URL cannot be parsed")
        target = match[3] if match[3].startswith("/") else f"/{match[3]}"
        key = (match[1], match[2], request.allow_private)
        pool = self._pools.get(key)
        if pool is None:
            origin = Origin(*key)
            if len(self._pools) >= KNOWN_ORIGINS_MAX:
                self._pools.clear()
            pool = self._pools[key] = Pool(origin)
        return pool, target

    def _head(self, request: UpstreamRequest, origin: Origin, target: str) -> bytes:
        """The request head. Raises InvalidRequest, without the value, where a header could be read as anything but itself."""
        if not _METHOD.fullmatch(request.method):
            raise InvalidRequest("the method is not legal HTTP")
        lines = [f"{request.method} {target} HTTP/1.1\r\nhost: {origin.authority}\r\n"]
        missing_agent = missing_accept = True
        for name, value in request.headers:
            lower_name = self._header_names.get(name) or self._check_name(name)
            if lower_name == "user-agent":
                missing_agent = False
            elif lower_name == "accept":
                missing_accept = False
            lines.append(f"{name}: {value}\r\n")
        if missing_agent:
            lines.append(f"user-agent: {self._agent}\r\n")
        if missing_accept:
            lines.append("accept: */*\r\n")
        text = "".join(lines)
        try:
            head = text.encode("latin-1")
        except UnicodeEncodeError:
            raise InvalidRequest("a header value is not legal HTTP") from None  # the cause quotes the value
        line_ends = len(lines) + 1  # the first line is two
        if text.count("\n") != line_ends or text.count("\r") != line_ends or head.translate(None, _LEGAL_BYTES):
            raise InvalidRequest("a header value is not legal HTTP")
        return head

    def _check_name(self, name: str) -> str:
        lower_name = name.lower()
        if not _TOKEN.fullmatch(name) or lower_name in _OURS:
            raise InvalidRequest("a header name is not legal, or is the engine's own")
        if len(self._header_names) < KNOWN_HEADER_NAMES_MAX:
            self._header_names[name] = lower_name
        return lower_name

    async def _connect(self, pool: Pool, timeouts: Timeouts) -> Connection:
        """A new connection to the first address that takes one; each gets its share of `connect_s`."""
        addresses = await pool.origin.addresses(timeouts.connect_s)
        failure: UpstreamFailure | None = None
        for address in addresses:
            try:
                async with asyncio.timeout(timeouts.connect_s / len(addresses)):
                    connection = await self._open(pool, address)
            except TimeoutError as error:
                failure = ConnectTimeout(f"{pool.origin.host} accepted no connection within {timeouts.connect_s:g} s")
                failure.__cause__ = error
            except ssl.SSLError as error:
                failure = ConnectFailed(tls_advice(pool.origin.host, error))
                failure.__cause__ = error
            except OSError as error:
                why = error.strerror or type(error).__name__
                failure = ConnectFailed(f"no connection to {pool.origin.host}: {why}")
                failure.__cause__ = error
            else:
                return connection
        assert failure is not None
        raise failure

    async def _open(self, pool: Pool, address: str) -> Connection:
        loop, origin = asyncio.get_running_loop(), pool.origin
        if origin.tls and self._tls is None:
            self._tls = client_context()
        _, connection = await loop.create_connection(
            lambda: Connection(pool, self._connections),
            address,
            origin.port,
            ssl=self._tls if origin.tls else None,
            server_hostname=origin.host if origin.tls else None,
        )
        if self._closed:
            connection.transport.abort()
            raise ConnectionBroken("the engine was closed")
        self._clock = self._clock or loop.call_later(CLOCK_PERIOD_S, self._look_at_the_clock)
        return connection

    def _look_at_the_clock(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in [each for each in self._connections if each.deadline < now]:
            connection.out_of_time()
        self._clock = loop.call_later(CLOCK_PERIOD_S, self._look_at_the_clock) if self._connections else None


def user_agent() -> str:
    try:
        return f"tollhouse/{version('tollhouse')}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "tollhouse"

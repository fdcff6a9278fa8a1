"""The one network call of the gateway: a request goes up, a status line with headers comes back, then the body in pieces.

    UpstreamFailure
    ├── InvalidRequest       a header, method or URL that must not be sent; nothing was
    ├── AddressRefused       the URL leads to an address this provider may not use; nothing was sent
    ├── ConnectFailed        refused, unreachable, unknown name, TLS; nothing was sent
    ├── ConnectTimeout       no connection within `connect_s`; nothing was sent
    ├── FirstByteTimeout     no status line and headers within `first_byte_s`
    ├── IdleTimeout          silence in the body
    ├── ConnectionBroken     reset, or closed before the answer was complete
    ├── MalformedResponse    not HTTP, or a head too large to be one
    └── BodyTooLarge         more than the caller wants to hold

Messages name the host at most: never headers, paths or queries, which can hold keys.
"""

import asyncio
import ipaddress
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from typing import ClassVar, Protocol

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import ConnectTimeoutError, DecodeError, RequestError, RequestTimeoutError
from pyreqwest.http import HeaderMap, Url
from pyreqwest.request import StreamRequest
from pyreqwest.response import Response

from tollhouse.config.snapshot import Timeouts

IDLE_CONNECTIONS_PER_HOST_MAX = 1024
IDLE_CONNECTION_LIFE_S = 60.0  # shorter than the 75 s after which common servers hang up themselves
GATHERED_BYTES = 64 * 1024
RESOLVED_NAME_LIFE_S = 60.0
KNOWN_HOSTS_MAX = 1024


class UpstreamFailure(Exception):  # noqa: N818 - its branches say what failed, and read well without the suffix
    """A call that brought no complete answer. `retryable`: another target may do better. `timed_out`: it was the clock."""

    retryable: ClassVar[bool] = True
    timed_out: ClassVar[bool] = False


class InvalidRequest(UpstreamFailure):
    retryable = False


class AddressRefused(UpstreamFailure):
    pass


class ConnectFailed(UpstreamFailure):
    pass


class ConnectTimeout(UpstreamFailure):
    timed_out = True


class FirstByteTimeout(UpstreamFailure):
    timed_out = True


class IdleTimeout(UpstreamFailure):
    timed_out = True


class ConnectionBroken(UpstreamFailure):
    pass


class MalformedResponse(UpstreamFailure):
    pass


class BodyTooLarge(UpstreamFailure):
    retryable = False


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """One call. The headers are sent as they are, next to Host, Content-Length, Accept and User-Agent where they are not among them.

    `streamed`: every piece of the body is handed out as it arrives. Where the caller reads the whole body anyway, False allows an
    engine to gather up to 64 KiB before `send` returns, which saves pyreqwest a fifth of its CPU time; silence is then bounded by
    `first_byte_s`. The asyncio engine makes no difference.
    """

    method: str
    url: str = field(repr=False)
    headers: Sequence[tuple[str, str]] = field(repr=False)
    body: bytes | None = field(repr=False)
    timeouts: Timeouts
    allow_private: bool
    streamed: bool = True


class UpstreamResponse(Protocol):
    """A status line and headers; names in lower case, the first value of each. The body is read once, by one reader."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    async def read_chunk(self) -> bytes | None:
        """The next piece of the body, None at its end. Raises IdleTimeout, ConnectionBroken or MalformedResponse."""

    async def read(self, bytes_max: int) -> bytes:
        """The rest of the body; BodyTooLarge beyond `bytes_max`, else as `read_chunk`. Any failure closes the connection."""

    async def close(self) -> None:
        """Close the connection if the body is not read to its end. A pending read raises ConnectionBroken. May be repeated."""


class Upstream(Protocol):
    """The seam. An engine passes tests/test_upstream.py and nothing else in the gateway knows which one it is."""

    async def send(self, request: UpstreamRequest) -> UpstreamResponse:
        """Send; return when status line and headers are there, whatever the status. Raises UpstreamFailure.

        A call cancelled here or in a read has its connection closed.
        """

    async def close(self) -> None:
        """Close every connection; calls under way fail."""


class PyreqwestUpstream:
    """reqwest and hyper, through pyreqwest 0.15.

    Its known defects, seen in 0.15.1: a send that is cancelled before the headers runs on until its timeout, and nothing can stop
    it; closing waits for a pending read; the read timeout runs while our reader is the slow one. Handled here: the read timeout
    also runs before the headers and then calls itself a connect timeout; a read buffer withholds small frames; a response that is
    dropped instead of closed keeps its connection; errors carry the URL with its query, and ValueErrors the header's value.
    """

    def __init__(self, agent: str | None = None) -> None:
        self._agent = agent or user_agent()
        self._clients: dict[tuple[Timeouts, bool], Client] = {}
        self._addresses = Addresses()

    async def send(self, request: UpstreamRequest) -> UpstreamResponse:
        timeouts, streamed = request.timeouts, request.streamed
        try:
            url = Url(request.url)
        except ValueError:
            raise InvalidRequest("the upstream URL cannot be parsed") from None  # the cause quotes the URL
        if not self._addresses.allowed(url, request.allow_private):
            await self._addresses.check(url, timeouts.connect_s)
        call = self._build(request, url)
        try:
            if streamed:
                async with asyncio.timeout(timeouts.first_byte_s):
                    response = await call.__aenter__()
            else:
                response = await call.__aenter__()
        except RequestError as error:
            raise _failed_send(error, url, timeouts) from _redacted(error)
        except TimeoutError as error:
            await _abandon(call)
            raise FirstByteTimeout(f"{url.host_str} sent no headers within {timeouts.first_byte_s:g} s") from error
        except asyncio.CancelledError:
            await _abandon(call)
            raise
        return _PyreqwestResponse(call, response, url, timeouts, streamed)

    async def close(self) -> None:
        clients = list(self._clients.values())
        self._clients.clear()
        for client in clients:
            await client.close()

    def _build(self, request: UpstreamRequest, url: Url) -> StreamRequest:
        client = self._clients.get((request.timeouts, request.streamed)) or self._build_client(
            request.timeouts, request.streamed
        )
        try:
            builder = client.request(request.method, url).headers(request.headers)
        except (TypeError, ValueError):
            raise InvalidRequest(
                "a header or the method is not legal HTTP"
            ) from None  # the cause quotes the header's value
        if request.body is not None:
            builder = builder.body_bytes(request.body)
        return builder.streamed_read_buffer_limit(0 if request.streamed else GATHERED_BYTES).build_streamed()

    def _build_client(self, timeouts: Timeouts, streamed: bool) -> Client:
        # Of a streamed call the engine keeps only the idle time, and only where its clock cannot cut the wait for the headers short.
        read_s = max(timeouts.first_byte_s, timeouts.idle_s) if streamed else timeouts.first_byte_s
        client = (
            ClientBuilder()
            .http1_only()
            .gzip(False)
            .brotli(False)
            .zstd(False)
            .deflate(False)
            .follow_redirects(False)
            .referer(False)
            .no_proxy()
            .tcp_nodelay(True)
            .user_agent(self._agent)
            .connect_timeout(timedelta(seconds=timeouts.connect_s))
            .read_timeout(timedelta(seconds=read_s))
            .pool_max_idle_per_host(IDLE_CONNECTIONS_PER_HOST_MAX)
            .pool_idle_timeout(timedelta(seconds=IDLE_CONNECTION_LIFE_S))
            .build()
        )
        self._clients[timeouts, streamed] = client
        return client


class _PyreqwestResponse:
    __slots__ = ("_call", "_host", "_idle_s", "_open", "_read_chunk", "_timeout_s", "headers", "status")

    def __init__(self, call: StreamRequest, response: Response, url: Url, timeouts: Timeouts, streamed: bool) -> None:
        self.status = response.status
        self.headers: Mapping[str, str] = _headers(response.headers)
        self._call = call
        self._host = url.host_str
        self._read_chunk = response.body_reader.read_chunk
        self._open = True
        self._timeout_s = timeouts.idle_s if streamed else timeouts.first_byte_s
        self._idle_s = timeouts.idle_s if streamed and timeouts.idle_s < timeouts.first_byte_s else None

    async def read_chunk(self) -> bytes | None:
        if not self._open:
            return None
        try:
            if self._idle_s is None:
                chunk = await self._read_chunk()
            else:  # the engine's own clock is set to the longer first_byte_s
                async with asyncio.timeout(self._idle_s):
                    chunk = await self._read_chunk()
        except TimeoutError as error:
            await self.close()
            raise IdleTimeout(f"{self._host} sent nothing for {self._timeout_s:g} s") from _redacted(error)
        except RequestError as error:
            await self.close()
            raise _failed_read(error, self._host) from _redacted(error)
        except asyncio.CancelledError:
            await self.close()
            raise
        if chunk is not None:
            return chunk.to_bytes()
        if not self._open:  # closed during this read, which looks like the end of the body
            raise ConnectionBroken("the response was closed while it was read")
        self._open = False
        return None

    async def read(self, bytes_max: int) -> bytes:
        body = BytesIO()  # not a list: a million one-byte chunks hold a million bytes here
        while (chunk := await self.read_chunk()) is not None:
            if body.tell() + len(chunk) > bytes_max:
                await self.close()
                raise BodyTooLarge(f"{self._host} answered with more than {bytes_max} bytes")
            body.write(chunk)
        return body.getvalue()

    async def close(self) -> None:
        if self._open:
            self._open = False
            await self._call.__aexit__(None, None, None)


class Addresses:
    """Which hosts may be called. Verdicts on names are kept for a minute, those on literal addresses for good.

    The engine resolves a name again when it connects, so this stops a provider that points inside, not a name server that gives
    two answers within that minute.
    """

    def __init__(self) -> None:
        self._allowed_until: dict[tuple[str, str, bool], float] = {}  # by scheme, authority, allow_private

    def allowed(self, url: Url, allow_private: bool) -> bool:
        """Whether this was checked lately, or needs no name server. Raises AddressRefused."""
        key = (url.scheme, url.authority, allow_private)
        if self._allowed_until.get(key, 0.0) > time.monotonic():
            return True
        if url.scheme not in ("http", "https"):
            raise AddressRefused("upstream URLs are http or https")
        if url.username or url.password is not None:
            raise AddressRefused("upstream URLs carry no user name or password")
        if not allow_private:
            if url.domain is not None:
                return False
            _refuse_private(url.host_str, [str(url.host_str).strip("[]")])
        self._keep(key, float("inf"))
        return True

    async def check(self, url: Url, timeout_s: float) -> None:
        """Resolve the name. Raises AddressRefused if any of its addresses is not public, ConnectFailed, ConnectTimeout."""
        name = url.host_str
        try:
            async with asyncio.timeout(timeout_s):
                infos = await asyncio.get_running_loop().getaddrinfo(name, url.port_or_known_default)
        except TimeoutError as error:
            raise ConnectTimeout(f"{name} could not be resolved within {timeout_s:g} s") from error
        except (OSError, UnicodeError) as error:
            raise ConnectFailed(f"{name} cannot be resolved") from error
        _refuse_private(name, [str(info[4][0]) for info in infos])
        self._keep((url.scheme, url.authority, False), time.monotonic() + RESOLVED_NAME_LIFE_S)

    def _keep(self, key: tuple[str, str, bool], until: float) -> None:
        if len(self._allowed_until) >= KNOWN_HOSTS_MAX:
            self._allowed_until.clear()
        self._allowed_until[key] = until


def _refuse_private(host: str | None, addresses: Sequence[str]) -> None:
    for address in addresses:
        if not is_public(address):
            raise AddressRefused(f"{host} is a private address, and this provider has no allow_private")


def is_public(address: str) -> bool:
    """Whether an IP address is a public unicast one, also where an IPv6 address only wraps an IPv4 one.

    Not public: loopback, private, link-local, carrier-grade NAT (RFC 6598), multicast, unspecified, reserved.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1]) or _nat64(ip)
        if wrapped:
            ip = wrapped
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or getattr(ip, "is_site_local", False))


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address in the well-known prefix 64:ff9b::/96 (RFC 6052)."""
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if int(ip) >> 32 == 0x0064FF9B << 64 else None


def user_agent() -> str:
    try:
        return f"tollhouse/{version('tollhouse')}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "tollhouse"


def _headers(headers: HeaderMap) -> dict[str, str]:
    try:
        return dict(headers)
    except ValueError:  # pyreqwest 0.15.1 gives no access to a value that is not ASCII; such headers are left out
        kept = {}
        for name in headers:
            with suppress(ValueError):
                kept[name] = headers[name]
        return kept


def _failed_send(error: RequestError, url: Url, timeouts: Timeouts) -> UpstreamFailure:
    connecting = any("(Connect)" in message for message in _causes(error))
    host, why = url.host_str, _reason(error)
    if isinstance(error, RequestTimeoutError):
        if connecting:
            return ConnectTimeout(f"{host} accepted no connection within {timeouts.connect_s:g} s")
        if isinstance(error, ConnectTimeoutError):  # what pyreqwest calls a read timeout before the headers
            return FirstByteTimeout(f"{host} sent no headers within {timeouts.first_byte_s:g} s")
        return IdleTimeout(f"{host} sent nothing for {timeouts.first_byte_s:g} s")
    if connecting:
        return ConnectFailed(f"no connection to {host}: {why}")
    return _failed_read(error, host)


def _failed_read(error: RequestError, host: str | None) -> UpstreamFailure:
    if isinstance(error, DecodeError) and any("(SendRequest)" in message for message in _causes(error)):
        return MalformedResponse(f"{host} answered with something that is not HTTP: {_reason(error)}")
    return ConnectionBroken(f"the connection to {host} broke: {_reason(error)}")


def _reason(error: RequestError) -> str:
    """The innermost cause, which is the operating system's or the parser's own words."""
    innermost = (_causes(error) or [error.message])[-1]
    return error.message if "://" in innermost else innermost


def _causes(error: RequestError) -> list[str]:
    return [cause["message"] for cause in error.details["causes"] or []]


def _redacted(error: BaseException) -> BaseException:
    """The same error without its details in what a traceback prints: they quote the URL with its query."""
    if isinstance(error, RequestError):
        error.args = (error.message,)
    return error


async def _abandon(call: StreamRequest) -> None:
    """Close a call that was cancelled; its answer may have come at the same moment, or not at all (a RuntimeError)."""
    with suppress(RuntimeError):
        await call.__aexit__(None, None, None)

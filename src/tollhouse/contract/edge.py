"""The outermost middleware: gives each request its id and its state, and answers what needs no operation."""

import random
import time
from collections.abc import Callable

from starlette.types import ASGIApp

from tollhouse.config.snapshot import Config, Listener, Mount
from tollhouse.contract.responding import Receive, Scope, Send, cors_headers, send_error
from tollhouse.endpoints.context import Request
from tollhouse.errors import InvalidRequest
from tollhouse.identity.networks import caller_behind
from tollhouse.router import Router

STATE = "tollhouse"  # where the request's state is in the ASGI scope

_SINGLE = (b"content-type", b"authorization", b"x-api-key", b"api-key")
_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"*, authorization, content-type, x-api-key, api-key, anthropic-version, anthropic-beta",
    ),
    (b"access-control-max-age", b"86400"),
]


def request_id() -> str:
    """A fresh id that sorts by time: milliseconds, then 48 random bits. Unique, and no secret."""
    return f"req_{time.time_ns() // 1_000_000 << 48 | random.getrandbits(48):023x}"


class Mounts:
    """The mounts of a listener, the longest base path first: its dialect speaks for unknown paths below it."""

    def __init__(self, listener: Listener) -> None:
        self._mounts = sorted(listener.mounts, key=lambda mount: -len(mount.at))

    def of(self, path: str) -> Mount | None:
        for mount in self._mounts:
            if path == mount.at or path.startswith(f"{mount.at}/"):
                return mount
        return None


class Edge:
    """Everything enters here. One per listener and configuration snapshot."""

    def __init__(self, next_app: ASGIApp, *, mounts: Mounts, config: Config, router: Callable[[], Router]) -> None:
        """`router` gives the one in force, which changes with the keys of providers while the rest stays."""
        self.next_app = next_app
        self._mounts = mounts
        self._config = config
        self._router = router
        self._trusted = config.routes.trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.next_app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        client = scope["client"]
        caller = client[0] if client else ""
        if self._trusted and b"x-forwarded-for" in headers:
            caller = caller_behind(caller, _joined(scope["headers"], b"x-forwarded-for"), self._trusted)
        request = Request(request_id(), self._config, self._router(), headers, caller)
        scope[STATE] = request
        problem = _problem(scope, headers)
        if problem is not None:
            request.mount = self._mounts.of(scope["path"])
            await send_error(send, request, InvalidRequest(problem))
        elif scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            await self._preflight(scope, send, request)
        else:
            await self.next_app(scope, receive, send)

    async def _preflight(self, scope: Scope, send: Send, request: Request) -> None:
        """Answer a browser that asks what it may do (Fetch standard, CORS-preflight)."""
        request.mount = self._mounts.of(scope["path"])
        headers = [(b"x-request-id", request.request_id.encode()), (b"request-id", request.request_id.encode())]
        if request.mount is not None and request.mount.document != "admin":
            allowed = cors_headers(request, request.headers.get(b"origin", b""))
            headers += [*allowed, *_PREFLIGHT] if allowed else []
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _joined(pairs: list[tuple[bytes, bytes]], name: bytes) -> str:
    """All values of a header as one list (RFC 9110, 5.3)."""
    return ",".join(value.decode("latin-1") for each, value in pairs if each == name)


def _problem(scope: Scope, headers: dict[bytes, bytes]) -> str | None:
    """What is wrong with the headers that the HTTP parser lets pass (RFC 9110, 5.3; RFC 9112, 3.2 and 6.1)."""
    if b"host" not in headers and scope["http_version"] != "1.0":
        return "The request has no Host header."
    if scope["http_version"] == "1.0" and b"transfer-encoding" in headers:
        return "HTTP/1.0 requests cannot be chunked."
    if len(headers) != len(scope["headers"]):
        return _repeated(scope["headers"])
    return None


def _repeated(pairs: list[tuple[bytes, bytes]]) -> str | None:
    """A header that says two things where others would read the one that we do not."""
    names = [name for name, _ in pairs]
    if names.count(b"host") > 1:
        return "The request has more than one Host header."
    for name in _SINGLE:
        if len({value for each, value in pairs if each == name}) > 1:
            return f"The request has several {name.decode()} headers that differ."
    return None

"""Calls of an ASGI app without a socket, and the middlewares around an endpoint that does nothing."""

import asyncio
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from connexion.middleware import ConnexionMiddleware
from connexion.middleware.exceptions import ExceptionMiddleware
from connexion.middleware.lifespan import LifespanMiddleware
from connexion.middleware.request_validation import RequestValidationMiddleware
from connexion.middleware.routing import RoutingMiddleware
from connexion.resolver import Resolver

from tollhouse.config.snapshot import Catalogue, Config, Limits, Listener, Mount, Routes
from tollhouse.contract.documents import load_document
from tollhouse.contract.edge import STATE, Edge, Mounts
from tollhouse.contract.failures import Failures
from tollhouse.contract.pipeline import _compile, _no_lifespan
from tollhouse.contract.routing import Routing
from tollhouse.contract.validation import Validation
from tollhouse.endpoints.context import Request
from tollhouse.router import Router

MOUNTS = (
    Mount("openai", "/v1", "openai"),
    Mount("anthropic", "/v1", "anthropic"),
    Mount("account", "/api", "openai"),  # whose errors have the statuses of stock Connexion
    Mount("admin", "/admin/api", "problem"),
)


@dataclass(slots=True)
class Response:
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def json(self) -> Any:
        return orjson.loads(self.body)

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)


def call(
    app: Any,
    method: str,
    path: str,
    body: bytes | Iterable[bytes] = b"",
    headers: Mapping[str, str] | None = None,
    query: str = "",
) -> Response:
    """One request; several pieces of body are a chunked one. A Content-Type is given unless `headers` says otherwise."""
    pieces = [body] if isinstance(body, bytes) else list(body)
    lines = {"host": "gateway", "content-type": "application/json", **(headers or {})}
    if isinstance(body, bytes) and body:
        lines.setdefault("content-length", str(len(body)))
    messages = [
        {"type": "http.request", "body": piece, "more_body": index < len(pieces) - 1}
        for index, piece in enumerate(pieces)
    ]
    return asyncio.run(exchange(app, scope(method, path, lines, query), messages))


def scope(method: str, path: str, headers: Mapping[str, str], query: str = "") -> dict[str, Any]:
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "server": ("127.0.0.1", 1),
        "client": ("127.0.0.1", 2), "state": {},
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items() if value is not None],
    }  # fmt: skip


async def exchange(app: Any, scope: dict[str, Any], messages: list[dict[str, Any]]) -> Response:
    response, waiting = Response(), iter(messages)

    async def receive() -> dict[str, Any]:
        message = next(waiting, None)
        if message is None:
            await asyncio.sleep(3600)  # the client stays, and says nothing
        assert message is not None
        return message

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            response.status = message["status"]
            response.headers = [(name.decode(), value.decode("latin-1")) for name, value in message["headers"]]
        else:
            response.body += message["body"]

    await app(scope, receive, send)
    return response


def config(*mounts: Mount, limits: Limits | None = None, cors: tuple[str, ...] = ("*",)) -> Config:
    routes = Routes((Listener("main", "127.0.0.1", 0, mounts or MOUNTS),), cors_origins=cors, limits=limits or Limits())
    return Config(routes, {}, Catalogue("sha256:0", {}))


def edged(inner: Any, config: Config) -> Any:
    """Edge and error rendering around an app."""
    mounts, router = Mounts(config.routes.listeners[0]), Router(config)
    return Edge(Failures(inner, mounts=mounts), mounts=mounts, config=config, router=lambda: router)


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answers with what was understood of the request."""
    request: Request | None = scope.get(STATE)
    seen = {} if request is None else {"arguments": dict(request.arguments), "body": request.body}
    route = scope["extensions"]["connexion_routing"]
    status = 200 if route.get("operation_id") else 404
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": orjson.dumps({**route, **seen})})


async def _never(*_: object) -> None:
    raise AssertionError("nobody calls the endpoints")


def ours(config: Config, **options: Any) -> Any:
    """Edge, errors, routing and validation as served, without security, around `echo`."""
    mounts, router = Mounts(config.routes.listeners[0]), Router(config)
    layers = [
        functools.partial(Edge, mounts=mounts, config=config, router=lambda: router),
        functools.partial(Failures, mounts=mounts),
        functools.partial(Routing, published={}),
        Validation,
        LifespanMiddleware,
    ]
    return _connexion(layers, config, **options)


def stock(config: Config) -> Any:
    """The same documents behind stock Connexion."""
    layers = [ExceptionMiddleware, RoutingMiddleware, RequestValidationMiddleware, LifespanMiddleware]
    return _connexion(layers, config)


def _connexion(layers: list[Any], config: Config, **options: Any) -> Any:
    app = ConnexionMiddleware(
        echo, middlewares=layers, lifespan=_no_lifespan, import_name=__name__, resolver=Resolver(lambda _: _never)
    )
    for mount in config.routes.listeners[0].mounts:
        app.add_api(load_document(mount.document), base_path=mount.at, mount=mount, **options)
    asyncio.run(_compile(app))
    return app

"""The node's ASGI application: its routes, its front door and how errors look."""

import functools
import hmac
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tollhouse.node import endpoints, messages
from tollhouse.node.config import NodeConfig
from tollhouse.node.endpoints import Node, json_response
from tollhouse.node.engine import Engine
from tollhouse.node.errors import NodeError
from tollhouse.node.limits import MinuteWindow
from tollhouse.node.loopback import new_client

ROUTES = (
    ("GET", "/", endpoints.get_health),
    ("GET", "/health", endpoints.get_health),
    ("GET", "/v1/models", endpoints.list_models),
    ("GET", "/v1/models/{id:path}", endpoints.get_model),
    ("POST", "/v1/chat/completions", endpoints.create_chat_completion),
    ("POST", "/v1/completions", endpoints.create_completion),
    ("POST", "/v1/embeddings", endpoints.create_embedding),
    ("POST", "/v1/messages", messages.create_message),
    ("POST", "/v1/messages/count_tokens", messages.count_message_tokens),
)
OPEN_PATHS = ("/", "/health")  # no key, no rate
EXPOSED_HEADERS = ("x-request-id", "request-id", "retry-after")


def create_app(
    config: NodeConfig, engines: Mapping[str, Engine], *, clock: Callable[[], float] = time.monotonic
) -> Starlette:
    """The application over loaded engines, which stay the caller's to close. `clock` drives the rate limits."""
    node = Node(
        config,
        engines,
        new_client(),
        MinuteWindow("requests", config.requests_per_minute_max, clock),
        MinuteWindow("tokens", config.tokens_per_minute_max, clock),
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None, None]:
        async with node.client:
            yield

    cross_origin = Middleware(
        CORSMiddleware,
        allow_origins=list(config.cors_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
        expose_headers=list(EXPOSED_HEADERS),
    )
    app = Starlette(
        routes=[Route(path, functools.partial(handler, node), methods=[method]) for method, path, handler in ROUTES],
        middleware=[*([cross_origin] if config.cors_origins else []), Middleware(FrontDoor, node=node)],
        exception_handlers={
            NodeError: _on_node_error,
            HTTPException: _on_http_exception,
            ClientDisconnect: _on_disconnect,
            Exception: _on_bug,
        },
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.node = node
    return app


async def end_answers(app: Starlette) -> None:
    """End every running answer with an error event, so that no stream of a node that stops ends without a word."""
    node: Node = app.state.node
    for engine in node.engines.values():
        engine.interrupt()
    await node.client.aclose()


class FrontDoor:
    """Gives every request an id, asks for the key and counts against the rate."""

    def __init__(self, app: ASGIApp, node: Node) -> None:
        self.app = app
        self.node = node

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = scope["request_id"] = f"req_{uuid.uuid4().hex}"

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = headers["request-id"] = request_id
            await send(message)

        try:
            self._admit(scope)
        except NodeError as error:
            await error_response(scope, error)(scope, receive, send_with_id)
        else:
            await self.app(scope, receive, send_with_id)

    def _admit(self, scope: Scope) -> None:
        if scope["path"] in OPEN_PATHS:
            return
        config = self.node.config
        if config.require_auth and not _is_key(_shown_key(Headers(scope=scope)), config.api_key or ""):
            raise NodeError("bad_key", "Missing or wrong API key.", headers={"WWW-Authenticate": "Bearer"})
        self.node.requests.check()
        self.node.requests.spend(1)


def _shown_key(headers: Headers) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return headers.get("x-api-key") or headers.get("api-key") or ""


def _is_key(shown: str, key: str) -> bool:
    """Compares in constant time."""
    return bool(key) and hmac.compare_digest(shown.encode(), key.encode())


def error_response(scope: Scope, error: NodeError) -> Response:
    """The error in the format of the API that was called."""
    anthropic = scope["path"].startswith("/v1/messages")
    body = error.anthropic_body(scope["request_id"]) if anthropic else error.openai_body()
    return json_response(body, error.kind.status, error.headers)


async def _on_node_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, NodeError)
    return error_response(request.scope, error)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    """The router's own errors: no such path, no such method."""
    assert isinstance(error, HTTPException)
    where = f"{request.method} {request.url.path}"
    if error.status_code == 405:
        return error_response(
            request.scope, NodeError("method", f"{where} is not allowed.", headers=dict(error.headers or {}))
        )
    return error_response(request.scope, NodeError("unknown_url", f"Unknown request URL: {where}."))


async def _on_disconnect(request: Request, error: Exception) -> Response:
    return Response(status_code=499)  # nobody reads it


async def _on_bug(request: Request, error: Exception) -> Response:
    return error_response(request.scope, NodeError("internal", "The node failed; its log says why."))

"""Routing: Connexion's router behind a table of exact paths, so that most requests are found in one look-up."""

from collections import defaultdict
from typing import Any, cast

from connexion.middleware.abstract import ROUTING_CONTEXT
from connexion.middleware.routing import RoutingMiddleware
from connexion.spec import Specification
from starlette.routing import Mount as StarletteMount
from starlette.routing import Router
from starlette.types import ASGIApp

from tollhouse.config.snapshot import Mount
from tollhouse.contract.edge import STATE
from tollhouse.contract.responding import Receive, Scope, Send
from tollhouse.errors import MethodNotAllowed

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Routing(RoutingMiddleware):  # type: ignore[misc]  # Connexion publishes no types
    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self.router.redirect_slashes = False  # no redirects, ever (WIRE.md 4)
        self._exact: defaultdict[str, dict[str, tuple[Mount, dict[str, str]]]] = defaultdict(dict)

    def add_api(
        self, specification: Specification, base_path: str | None = None, *, mount: Mount, **options: Any
    ) -> None:
        super().add_api(specification, base_path=base_path, **options)
        for route in self.router.routes:
            if isinstance(route, StarletteMount):
                cast(Router, route.app).redirect_slashes = False
        for path, methods in specification["paths"].items():
            if "{" not in path:
                for method in methods.keys() & _METHODS:
                    context = {"api_base_path": mount.at, "operation_id": methods[method]["operationId"]}
                    self._exact[f"{mount.at}{path}"][method.upper()] = (mount, context)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        methods = self._exact.get(scope["path"]) if scope["type"] == "http" else None
        if methods is None:
            await super().__call__(scope, receive, send)
            return
        method = "GET" if scope["method"] == "HEAD" and "HEAD" not in methods else scope["method"]
        found = methods.get(method)
        if found is None:
            scope[STATE].mount = next(iter(methods.values()))[0]
            raise method_not_allowed(scope["method"], list(methods))
        scope["extensions"] = {**scope.get("extensions", {}), ROUTING_CONTEXT: found[1]}
        await self.app(scope, receive, send)


def method_not_allowed(method: str, allowed: list[str]) -> MethodNotAllowed:
    names = sorted({*allowed, *(("HEAD",) if "GET" in allowed else ())})
    return MethodNotAllowed(
        f"This path does not take {method}; it takes {', '.join(names)}.", headers={"allow": ", ".join(names)}
    )

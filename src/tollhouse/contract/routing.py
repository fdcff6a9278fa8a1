"""Routing: Connexion's router behind a table of exact paths, so that most requests are found in one look-up."""

import re
from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise, zip_longest
from typing import Any, cast

from connexion.middleware.abstract import ROUTING_CONTEXT, RoutedMiddleware
from connexion.middleware.routing import RoutingMiddleware, RoutingOperation
from connexion.spec import Specification
from starlette.exceptions import HTTPException
from starlette.routing import Mount as StarletteMount
from starlette.routing import Router
from starlette.types import ASGIApp

from tollhouse.config.snapshot import Mount
from tollhouse.contract.documents import operations
from tollhouse.contract.edge import STATE
from tollhouse.contract.responding import Receive, Scope, Send
from tollhouse.errors import MethodNotAllowed, NotFound

ANY = ""  # where a template is nobody's pass-through
Extensions = dict[str, dict[str, str | None]]  # of the ASGI scope: where Connexion's middlewares look for the operation


class Routing(RoutingMiddleware):  # type: ignore[misc]  # Connexion publishes no types
    def __init__(self, app: ASGIApp, *, published: Mapping[str, Mount]) -> None:
        """`published` are the paths of OpenAPI documents, which are served by the dispatcher itself."""
        super().__init__(app)
        self.router.redirect_slashes = False  # no redirects, ever (WIRE.md 4)
        self._exact: defaultdict[str, dict[str, tuple[Mount, Extensions]]] = defaultdict(dict)
        self._templates: defaultdict[re.Pattern[str], set[str]] = defaultdict(set)  # the methods of each
        self._passing: set[int] = set()  # routers of the pass-through, by identity
        for path, mount in published.items():
            self._exact[path]["GET"] = mount, _extensions(mount, None)

    def add_api(
        self, specification: Specification, base_path: str | None = None, *, mount: Mount, **options: Any
    ) -> None:
        super().add_api(specification, base_path=base_path, **options)
        routers = self._routers_at(mount)
        for router in cast(list[Router], routers):
            router.redirect_slashes = False
        # Connexion 3.3 chains documents on one base path by the default of each one's router, and with a third document
        # it forgets the second.
        for router, following in pairwise(cast(list[Router], routers)):
            router.default = following
        cast(Router, routers[-1]).default = RoutingOperation(None, self.app)
        for method, path, operation in operations(specification):
            if "{" in path:
                parameters = [*specification["paths"][path].get("parameters", ()), *operation.get("parameters", ())]
                pattern = _pattern(f"{mount.at}{path}", parameters, mount.document == "provider")
                self._templates[pattern].add(method)
            else:
                self._exact[f"{mount.at}{path}"][method] = mount, _extensions(mount, operation["operationId"])

    def _routers_at(self, mount: Mount) -> list[Any]:
        """The routers of a base path in the order to try them; Connexion adds documents in an order of its own.

        That of the pass-through is the last: its one template takes what nothing else is written for.
        """
        routes = cast(list[StarletteMount], self.router.routes)
        if mount.document == "provider":
            self._passing.add(id(routes[-1].app))
        places = [index for index, route in enumerate(routes) if route.path == mount.at]
        found = sorted((routes[index] for index in places), key=lambda route: id(route.app) in self._passing)
        for index, route in zip(places, found, strict=True):
            routes[index] = route
        return [route.app for route in found]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        methods = self._exact.get(scope["path"]) if scope["type"] == "http" else None
        if methods is None:
            await self._by_template(scope, receive, send)
            return
        method = "GET" if scope["method"] == "HEAD" and "HEAD" not in methods else scope["method"]
        found = methods.get(method)
        if found is None:
            scope[STATE].mount = next(iter(methods.values()))[0]
            raise method_not_allowed(scope["method"], list(methods))
        scope["extensions"] = found[1]
        await self.app(scope, receive, send)

    async def _by_template(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except HTTPException as error:
            if error.status_code != 405:
                raise
            # Starlette's own list is that of the first route of this path, and each method is a route.
            path = scope["path"]
            providers = scope[STATE].config.providers
            allowed = [
                methods
                for pattern, methods in self._templates.items()
                if (found := pattern.fullmatch(path)) and found.groupdict().get("provider", ANY) in (ANY, *providers)
            ]
            if not allowed:
                raise nothing_at(scope, None) from error
            raise method_not_allowed(scope["method"], list(set[str]().union(*allowed))) from error


class Operations(RoutedMiddleware[Any]):  # type: ignore[misc]  # Connexion publishes no types
    """A middleware that is compiled for each operation. Connexion's own looks it up in five steps, this in one."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self._operations: dict[tuple[str, str], ASGIApp] = {}  # by base path and operationId

    def add_api(self, specification: Specification, **options: Any) -> Any:
        api = super().add_api(specification, **options)
        for operation_id, operation in api.operations.items():
            self._operations.setdefault((api.base_path, operation_id), operation)
        return api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on to the operation that was routed to; what has none, like a document, passes."""
        if scope["type"] == "http":
            found = scope["extensions"][ROUTING_CONTEXT]
            if found["operation_id"] is not None:
                await self._operations[found["api_base_path"], found["operation_id"]](scope, receive, send)
                return
        await self.app(scope, receive, send)


def _pattern(path: str, parameters: list[Mapping[str, Any]], passing: bool) -> re.Pattern[str]:
    """The paths of a template; a parameter of the format `path` takes slashes as well. Whose pass-through it is has a name."""
    whole = {each["name"] for each in parameters if each["schema"].get("format") == "path"}
    parts = re.split(r"\{(\w+)\}", path)  # texts and names in turns
    names = (
        ".+" if name in whole else "(?P<provider>[^/]+)" if passing and name == "provider" else "[^/]+"
        for name in parts[1::2]
    )
    return re.compile("".join(re.escape(text) + name for text, name in zip_longest(parts[::2], names, fillvalue="")))


def nothing_at(scope: Scope, mount: Mount | None) -> NotFound:
    """The error of a path that nothing is written for; the document of its mount says what there is."""
    guide = f"; {mount.at}/openapi.json says what there is" if mount is not None else ""
    return NotFound(f"There is nothing at {scope['method']} {scope['path'][:200]}{guide}.")


def method_not_allowed(method: str, allowed: list[str]) -> MethodNotAllowed:
    names = sorted({*allowed, *(("HEAD",) if "GET" in allowed else ())})
    return MethodNotAllowed(
        f"This path does not take {method}; it takes {', '.join(names)}.", headers={"allow": ", ".join(names)}
    )


def _extensions(mount: Mount, operation_id: str | None) -> Extensions:
    return {ROUTING_CONTEXT: {"api_base_path": mount.at, "operation_id": operation_id}}

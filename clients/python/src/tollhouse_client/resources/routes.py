"""Who would be asked. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.transport import Transport


class Routes:
    """Who would be asked."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> RoutesWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return RoutesWithRawResponse(self._transport)

    def explain_route(self, **given: Unpack[params.ExplainRouteParams]) -> types.Route:
        """Explain a route. Who would be asked for a model now, in which order, and why."""
        return self._transport.call(_operations.EXPLAIN_ROUTE, given)


class RoutesWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def explain_route(self, **given: Unpack[params.ExplainRouteParams]) -> RawResponse[types.Route]:
        """Explain a route. Who would be asked for a model now, in which order, and why."""
        return self._transport.call_raw(_operations.EXPLAIN_ROUTE, given)


class AsyncRoutes:
    """Who would be asked."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncRoutesWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncRoutesWithRawResponse(self._transport)

    async def explain_route(self, **given: Unpack[params.ExplainRouteParams]) -> types.Route:
        """Explain a route. Who would be asked for a model now, in which order, and why."""
        return await self._transport.call(_operations.EXPLAIN_ROUTE, given)


class AsyncRoutesWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def explain_route(self, **given: Unpack[params.ExplainRouteParams]) -> RawResponse[types.Route]:
        """Explain a route. Who would be asked for a model now, in which order, and why."""
        return await self._transport.call_raw(_operations.EXPLAIN_ROUTE, given)

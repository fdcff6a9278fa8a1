"""Ships. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.pages import AsyncPage, Page
from .._runtime.transport import Transport


class Ships:
    """Ships."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> ShipsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return ShipsWithRawResponse(self._transport)

    def list_ships(self, **given: Unpack[params.ListShipsParams]) -> Page[str, types.ListShipsResponse]:
        """list_ships."""
        return self._transport.page(_operations.LIST_SHIPS, given)


class ShipsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list_ships(self, **given: Unpack[params.ListShipsParams]) -> RawResponse[Page[str, types.ListShipsResponse]]:
        """list_ships."""
        return self._transport.page_raw(_operations.LIST_SHIPS, given)


class AsyncShips:
    """Ships."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncShipsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncShipsWithRawResponse(self._transport)

    async def list_ships(self, **given: Unpack[params.ListShipsParams]) -> AsyncPage[str, types.ListShipsResponse]:
        """list_ships."""
        return await self._transport.page(_operations.LIST_SHIPS, given)


class AsyncShipsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list_ships(
        self,
        **given: Unpack[params.ListShipsParams],
    ) -> RawResponse[AsyncPage[str, types.ListShipsResponse]]:
        """list_ships."""
        return await self._transport.page_raw(_operations.LIST_SHIPS, given)

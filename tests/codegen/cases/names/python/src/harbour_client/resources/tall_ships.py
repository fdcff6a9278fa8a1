"""Ships with three masts. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.transport import Transport


class TallShips:
    """Ships with three masts."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> TallShipsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return TallShipsWithRawResponse(self._transport)

    def move_ship(self, **given: Unpack[params.MoveShipParams]) -> types.ShipReport:
        """Deprecated. Move a ship."""
        return self._transport.call(_operations.MOVE_SHIP, given)


class TallShipsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def move_ship(self, **given: Unpack[params.MoveShipParams]) -> RawResponse[types.ShipReport]:
        """Deprecated. Move a ship."""
        return self._transport.call_raw(_operations.MOVE_SHIP, given)


class AsyncTallShips:
    """Ships with three masts."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncTallShipsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncTallShipsWithRawResponse(self._transport)

    async def move_ship(self, **given: Unpack[params.MoveShipParams]) -> types.ShipReport:
        """Deprecated. Move a ship."""
        return await self._transport.call(_operations.MOVE_SHIP, given)


class AsyncTallShipsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def move_ship(self, **given: Unpack[params.MoveShipParams]) -> RawResponse[types.ShipReport]:
        """Deprecated. Move a ship."""
        return await self._transport.call_raw(_operations.MOVE_SHIP, given)

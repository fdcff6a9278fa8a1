"""CargoResource. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.transport import Transport


class CargoResource:
    """CargoResource."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> CargoResourceWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return CargoResourceWithRawResponse(self._transport)

    def load_cargo(self, **given: Unpack[params.LoadCargoParams]) -> types.Crate | types.Barrel | types.Later | None:
        """load_cargo."""
        return self._transport.call(_operations.LOAD_CARGO, given)


class CargoResourceWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def load_cargo(
        self,
        **given: Unpack[params.LoadCargoParams],
    ) -> RawResponse[types.Crate | types.Barrel | types.Later | None]:
        """load_cargo."""
        return self._transport.call_raw(_operations.LOAD_CARGO, given)


class AsyncCargoResource:
    """CargoResource."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncCargoResourceWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncCargoResourceWithRawResponse(self._transport)

    async def load_cargo(
        self,
        **given: Unpack[params.LoadCargoParams],
    ) -> types.Crate | types.Barrel | types.Later | None:
        """load_cargo."""
        return await self._transport.call(_operations.LOAD_CARGO, given)


class AsyncCargoResourceWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def load_cargo(
        self,
        **given: Unpack[params.LoadCargoParams],
    ) -> RawResponse[types.Crate | types.Barrel | types.Later | None]:
        """load_cargo."""
        return await self._transport.call_raw(_operations.LOAD_CARGO, given)

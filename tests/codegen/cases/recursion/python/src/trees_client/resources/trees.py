"""TreesResource. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.transport import Transport


class TreesResource:
    """TreesResource."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> TreesResourceWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return TreesResourceWithRawResponse(self._transport)

    def plant_tree(self, **given: Unpack[params.PlantTreeParams]) -> types.Json | None:
        """plant_tree."""
        return self._transport.call(_operations.PLANT_TREE, given)


class TreesResourceWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def plant_tree(self, **given: Unpack[params.PlantTreeParams]) -> RawResponse[types.Json | None]:
        """plant_tree."""
        return self._transport.call_raw(_operations.PLANT_TREE, given)


class AsyncTreesResource:
    """TreesResource."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncTreesResourceWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncTreesResourceWithRawResponse(self._transport)

    async def plant_tree(self, **given: Unpack[params.PlantTreeParams]) -> types.Json | None:
        """plant_tree."""
        return await self._transport.call(_operations.PLANT_TREE, given)


class AsyncTreesResourceWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def plant_tree(self, **given: Unpack[params.PlantTreeParams]) -> RawResponse[types.Json | None]:
        """plant_tree."""
        return await self._transport.call_raw(_operations.PLANT_TREE, given)

"""The models on offer. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.operations import CallOptions
from .._runtime.transport import Transport


class Catalogue:
    """The models on offer."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> CatalogueWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return CatalogueWithRawResponse(self._transport)

    def list_catalogue(self, **given: Unpack[CallOptions]) -> types.CatalogueModelList:
        """List the models. The models that can be called here, with what the catalogue says of them."""
        return self._transport.call(_operations.LIST_CATALOGUE, given)

    def list_public_catalogue(self, **given: Unpack[CallOptions]) -> types.CatalogueModelList:
        """List the models for everybody. The same without a session."""
        return self._transport.call(_operations.LIST_PUBLIC_CATALOGUE, given)


class CatalogueWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list_catalogue(self, **given: Unpack[CallOptions]) -> RawResponse[types.CatalogueModelList]:
        """List the models. The models that can be called here, with what the catalogue says of them."""
        return self._transport.call_raw(_operations.LIST_CATALOGUE, given)

    def list_public_catalogue(self, **given: Unpack[CallOptions]) -> RawResponse[types.CatalogueModelList]:
        """List the models for everybody. The same without a session."""
        return self._transport.call_raw(_operations.LIST_PUBLIC_CATALOGUE, given)


class AsyncCatalogue:
    """The models on offer."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncCatalogueWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncCatalogueWithRawResponse(self._transport)

    async def list_catalogue(self, **given: Unpack[CallOptions]) -> types.CatalogueModelList:
        """List the models. The models that can be called here, with what the catalogue says of them."""
        return await self._transport.call(_operations.LIST_CATALOGUE, given)

    async def list_public_catalogue(self, **given: Unpack[CallOptions]) -> types.CatalogueModelList:
        """List the models for everybody. The same without a session."""
        return await self._transport.call(_operations.LIST_PUBLIC_CATALOGUE, given)


class AsyncCatalogueWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list_catalogue(self, **given: Unpack[CallOptions]) -> RawResponse[types.CatalogueModelList]:
        """List the models. The models that can be called here, with what the catalogue says of them."""
        return await self._transport.call_raw(_operations.LIST_CATALOGUE, given)

    async def list_public_catalogue(self, **given: Unpack[CallOptions]) -> RawResponse[types.CatalogueModelList]:
        """List the models for everybody. The same without a session."""
        return await self._transport.call_raw(_operations.LIST_PUBLIC_CATALOGUE, given)

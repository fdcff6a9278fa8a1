"""Entries. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.pages import AsyncPage, Page
from .._runtime.transport import Transport


class Entries:
    """Entries."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> EntriesWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return EntriesWithRawResponse(self._transport)

    def list_entries(self, **given: Unpack[params.ListEntriesParams]) -> Page[types.EntryPageRowsItem, types.EntryPage]:
        """list_entries."""
        return self._transport.page(_operations.LIST_ENTRIES, given)


class EntriesWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list_entries(
        self,
        **given: Unpack[params.ListEntriesParams],
    ) -> RawResponse[Page[types.EntryPageRowsItem, types.EntryPage]]:
        """list_entries."""
        return self._transport.page_raw(_operations.LIST_ENTRIES, given)


class AsyncEntries:
    """Entries."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncEntriesWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncEntriesWithRawResponse(self._transport)

    async def list_entries(
        self,
        **given: Unpack[params.ListEntriesParams],
    ) -> AsyncPage[types.EntryPageRowsItem, types.EntryPage]:
        """list_entries."""
        return await self._transport.page(_operations.LIST_ENTRIES, given)


class AsyncEntriesWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list_entries(
        self,
        **given: Unpack[params.ListEntriesParams],
    ) -> RawResponse[AsyncPage[types.EntryPageRowsItem, types.EntryPage]]:
        """list_entries."""
        return await self._transport.page_raw(_operations.LIST_ENTRIES, given)

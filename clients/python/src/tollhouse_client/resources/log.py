"""What administrators changed. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.pages import AsyncPage, Page
from .._runtime.transport import Transport


class Log:
    """What administrators changed."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> LogWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return LogWithRawResponse(self._transport)

    def list_log_rows(self, **given: Unpack[params.ListLogRowsParams]) -> Page[types.LogRow, types.LogPage]:
        """List the log of administration. Every change of an account, an API key or a provider that an administrator
        made, the newest first, written together with the change.
        """
        return self._transport.page(_operations.LIST_LOG_ROWS, given)


class LogWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list_log_rows(
        self,
        **given: Unpack[params.ListLogRowsParams],
    ) -> RawResponse[Page[types.LogRow, types.LogPage]]:
        """List the log of administration. Every change of an account, an API key or a provider that an administrator
        made, the newest first, written together with the change.
        """
        return self._transport.page_raw(_operations.LIST_LOG_ROWS, given)


class AsyncLog:
    """What administrators changed."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncLogWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncLogWithRawResponse(self._transport)

    async def list_log_rows(self, **given: Unpack[params.ListLogRowsParams]) -> AsyncPage[types.LogRow, types.LogPage]:
        """List the log of administration. Every change of an account, an API key or a provider that an administrator
        made, the newest first, written together with the change.
        """
        return await self._transport.page(_operations.LIST_LOG_ROWS, given)


class AsyncLogWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list_log_rows(
        self,
        **given: Unpack[params.ListLogRowsParams],
    ) -> RawResponse[AsyncPage[types.LogRow, types.LogPage]]:
        """List the log of administration. Every change of an account, an API key or a provider that an administrator
        made, the newest first, written together with the change.
        """
        return await self._transport.page_raw(_operations.LIST_LOG_ROWS, given)

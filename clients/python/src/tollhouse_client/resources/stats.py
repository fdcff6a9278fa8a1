"""What has been used so far. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.operations import CallOptions
from .._runtime.transport import Transport


class Stats:
    """What has been used so far."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> StatsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return StatsWithRawResponse(self._transport)

    def get_stats(self, **given: Unpack[CallOptions]) -> types.Stats:
        """Count the tokens used so far. What all API keys of the account have used since its beginning. Every call that
        was answered before this one is in it.
        """
        return self._transport.call(_operations.GET_STATS, given)


class StatsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_stats(self, **given: Unpack[CallOptions]) -> RawResponse[types.Stats]:
        """Count the tokens used so far. What all API keys of the account have used since its beginning. Every call that
        was answered before this one is in it.
        """
        return self._transport.call_raw(_operations.GET_STATS, given)


class AsyncStats:
    """What has been used so far."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncStatsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncStatsWithRawResponse(self._transport)

    async def get_stats(self, **given: Unpack[CallOptions]) -> types.Stats:
        """Count the tokens used so far. What all API keys of the account have used since its beginning. Every call that
        was answered before this one is in it.
        """
        return await self._transport.call(_operations.GET_STATS, given)


class AsyncStatsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_stats(self, **given: Unpack[CallOptions]) -> RawResponse[types.Stats]:
        """Count the tokens used so far. What all API keys of the account have used since its beginning. Every call that
        was answered before this one is in it.
        """
        return await self._transport.call_raw(_operations.GET_STATS, given)

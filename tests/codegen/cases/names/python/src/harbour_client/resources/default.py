"""Default. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.operations import CallOptions
from .._runtime.transport import Transport


class Default:
    """Default."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> DefaultWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return DefaultWithRawResponse(self._transport)

    def get_ping(self, **given: Unpack[CallOptions]) -> str:
        """No name and no tag."""
        return self._transport.call(_operations.GET_PING, given)


class DefaultWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_ping(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """No name and no tag."""
        return self._transport.call_raw(_operations.GET_PING, given)


class AsyncDefault:
    """Default."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncDefaultWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncDefaultWithRawResponse(self._transport)

    async def get_ping(self, **given: Unpack[CallOptions]) -> str:
        """No name and no tag."""
        return await self._transport.call(_operations.GET_PING, given)


class AsyncDefaultWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_ping(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """No name and no tag."""
        return await self._transport.call_raw(_operations.GET_PING, given)

"""LocksResource. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.operations import CallOptions
from .._runtime.transport import Transport


class LocksResource:
    """LocksResource."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> LocksResourceWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return LocksResourceWithRawResponse(self._transport)

    def by_basic(self, **given: Unpack[CallOptions]) -> str:
        """by_basic."""
        return self._transport.call(_operations.BY_BASIC, given)

    def by_bearer(self, **given: Unpack[CallOptions]) -> str:
        """by_bearer."""
        return self._transport.call(_operations.BY_BEARER, given)

    def by_cookie(self, **given: Unpack[CallOptions]) -> str:
        """by_cookie."""
        return self._transport.call(_operations.BY_COOKIE, given)

    def by_either(self, **given: Unpack[CallOptions]) -> str:
        """by_either."""
        return self._transport.call(_operations.BY_EITHER, given)

    def by_header(self, **given: Unpack[CallOptions]) -> str:
        """by_header."""
        return self._transport.call(_operations.BY_HEADER, given)

    def by_oauth(self, **given: Unpack[CallOptions]) -> str:
        """by_oauth."""
        return self._transport.call(_operations.BY_OAUTH, given)

    def by_query(self, **given: Unpack[CallOptions]) -> str:
        """by_query."""
        return self._transport.call(_operations.BY_QUERY, given)

    def open_to_all(self, **given: Unpack[CallOptions]) -> str:
        """open_to_all."""
        return self._transport.call(_operations.OPEN_TO_ALL, given)


class LocksResourceWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def by_basic(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """by_basic."""
        return self._transport.call_raw(_operations.BY_BASIC, given)

    def by_bearer(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """by_bearer."""
        return self._transport.call_raw(_operations.BY_BEARER, given)

    def by_cookie(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """by_cookie."""
        return self._transport.call_raw(_operations.BY_COOKIE, given)

    def by_either(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """by_either."""
        return self._transport.call_raw(_operations.BY_EITHER, given)

    def by_header(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """by_header."""
        return self._transport.call_raw(_operations.BY_HEADER, given)

    def by_oauth(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """by_oauth."""
        return self._transport.call_raw(_operations.BY_OAUTH, given)

    def by_query(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """by_query."""
        return self._transport.call_raw(_operations.BY_QUERY, given)

    def open_to_all(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """open_to_all."""
        return self._transport.call_raw(_operations.OPEN_TO_ALL, given)


class AsyncLocksResource:
    """LocksResource."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncLocksResourceWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncLocksResourceWithRawResponse(self._transport)

    async def by_basic(self, **given: Unpack[CallOptions]) -> str:
        """by_basic."""
        return await self._transport.call(_operations.BY_BASIC, given)

    async def by_bearer(self, **given: Unpack[CallOptions]) -> str:
        """by_bearer."""
        return await self._transport.call(_operations.BY_BEARER, given)

    async def by_cookie(self, **given: Unpack[CallOptions]) -> str:
        """by_cookie."""
        return await self._transport.call(_operations.BY_COOKIE, given)

    async def by_either(self, **given: Unpack[CallOptions]) -> str:
        """by_either."""
        return await self._transport.call(_operations.BY_EITHER, given)

    async def by_header(self, **given: Unpack[CallOptions]) -> str:
        """by_header."""
        return await self._transport.call(_operations.BY_HEADER, given)

    async def by_oauth(self, **given: Unpack[CallOptions]) -> str:
        """by_oauth."""
        return await self._transport.call(_operations.BY_OAUTH, given)

    async def by_query(self, **given: Unpack[CallOptions]) -> str:
        """by_query."""
        return await self._transport.call(_operations.BY_QUERY, given)

    async def open_to_all(self, **given: Unpack[CallOptions]) -> str:
        """open_to_all."""
        return await self._transport.call(_operations.OPEN_TO_ALL, given)


class AsyncLocksResourceWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def by_basic(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """by_basic."""
        return await self._transport.call_raw(_operations.BY_BASIC, given)

    async def by_bearer(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """by_bearer."""
        return await self._transport.call_raw(_operations.BY_BEARER, given)

    async def by_cookie(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """by_cookie."""
        return await self._transport.call_raw(_operations.BY_COOKIE, given)

    async def by_either(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """by_either."""
        return await self._transport.call_raw(_operations.BY_EITHER, given)

    async def by_header(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """by_header."""
        return await self._transport.call_raw(_operations.BY_HEADER, given)

    async def by_oauth(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """by_oauth."""
        return await self._transport.call_raw(_operations.BY_OAUTH, given)

    async def by_query(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """by_query."""
        return await self._transport.call_raw(_operations.BY_QUERY, given)

    async def open_to_all(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """open_to_all."""
        return await self._transport.call_raw(_operations.OPEN_TO_ALL, given)

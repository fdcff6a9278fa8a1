"""Who signed in. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.operations import CallOptions
from .._runtime.transport import Transport


class User:
    """Who signed in."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> UserWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return UserWithRawResponse(self._transport)

    def get_user_profile(self, **given: Unpack[CallOptions]) -> types.User:
        """Get who signed in. The account of the session and its wallet."""
        return self._transport.call(_operations.GET_USER_PROFILE, given)


class UserWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_user_profile(self, **given: Unpack[CallOptions]) -> RawResponse[types.User]:
        """Get who signed in. The account of the session and its wallet."""
        return self._transport.call_raw(_operations.GET_USER_PROFILE, given)


class AsyncUser:
    """Who signed in."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncUserWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncUserWithRawResponse(self._transport)

    async def get_user_profile(self, **given: Unpack[CallOptions]) -> types.User:
        """Get who signed in. The account of the session and its wallet."""
        return await self._transport.call(_operations.GET_USER_PROFILE, given)


class AsyncUserWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_user_profile(self, **given: Unpack[CallOptions]) -> RawResponse[types.User]:
        """Get who signed in. The account of the session and its wallet."""
        return await self._transport.call_raw(_operations.GET_USER_PROFILE, given)

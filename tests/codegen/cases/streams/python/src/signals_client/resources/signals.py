"""SignalsResource. Generated; do not edit."""

from __future__ import annotations

from typing import Any, Literal, Unpack, overload

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.streams import AsyncStream, Stream
from .._runtime.transport import Transport


class SignalsResource:
    """SignalsResource."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> SignalsResourceWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return SignalsResourceWithRawResponse(self._transport)

    @overload
    def talk(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.TalkParams],
    ) -> types.TalkResponse: ...

    @overload
    def talk(self, *, stream: Literal[True], **given: Unpack[params.TalkParams]) -> Stream[types.Word]: ...

    @overload
    def talk(self, *, stream: bool, **given: Unpack[params.TalkParams]) -> types.TalkResponse | Stream[types.Word]: ...

    def talk(self, **given: Any) -> Any:
        """Talk."""
        return self._transport.call_or_stream(_operations.TALK, given)

    def watch(self, **given: Unpack[params.WatchParams]) -> Stream[types.Word]:
        """Watch a mast."""
        return self._transport.stream(_operations.WATCH, given)


class SignalsResourceWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @overload
    def talk(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.TalkParams],
    ) -> RawResponse[types.TalkResponse]: ...

    @overload
    def talk(self, *, stream: Literal[True], **given: Unpack[params.TalkParams]) -> RawResponse[Stream[types.Word]]: ...

    @overload
    def talk(
        self,
        *,
        stream: bool,
        **given: Unpack[params.TalkParams],
    ) -> RawResponse[types.TalkResponse] | RawResponse[Stream[types.Word]]: ...

    def talk(self, **given: Any) -> Any:
        """Talk."""
        return self._transport.call_or_stream_raw(_operations.TALK, given)

    def watch(self, **given: Unpack[params.WatchParams]) -> RawResponse[Stream[types.Word]]:
        """Watch a mast."""
        return self._transport.stream_raw(_operations.WATCH, given)


class AsyncSignalsResource:
    """SignalsResource."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncSignalsResourceWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncSignalsResourceWithRawResponse(self._transport)

    @overload
    async def talk(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.TalkParams],
    ) -> types.TalkResponse: ...

    @overload
    async def talk(self, *, stream: Literal[True], **given: Unpack[params.TalkParams]) -> AsyncStream[types.Word]: ...

    @overload
    async def talk(
        self,
        *,
        stream: bool,
        **given: Unpack[params.TalkParams],
    ) -> types.TalkResponse | AsyncStream[types.Word]: ...

    async def talk(self, **given: Any) -> Any:
        """Talk."""
        return await self._transport.call_or_stream(_operations.TALK, given)

    async def watch(self, **given: Unpack[params.WatchParams]) -> AsyncStream[types.Word]:
        """Watch a mast."""
        return await self._transport.stream(_operations.WATCH, given)


class AsyncSignalsResourceWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @overload
    async def talk(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.TalkParams],
    ) -> RawResponse[types.TalkResponse]: ...

    @overload
    async def talk(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.TalkParams],
    ) -> RawResponse[AsyncStream[types.Word]]: ...

    @overload
    async def talk(
        self,
        *,
        stream: bool,
        **given: Unpack[params.TalkParams],
    ) -> RawResponse[types.TalkResponse] | RawResponse[AsyncStream[types.Word]]: ...

    async def talk(self, **given: Any) -> Any:
        """Talk."""
        return await self._transport.call_or_stream_raw(_operations.TALK, given)

    async def watch(self, **given: Unpack[params.WatchParams]) -> RawResponse[AsyncStream[types.Word]]:
        """Watch a mast."""
        return await self._transport.stream_raw(_operations.WATCH, given)

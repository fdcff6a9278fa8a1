"""Responses, which answer a conversation as chat completions do, in items. Generated; do not edit."""

from __future__ import annotations

from typing import Any, Literal, Unpack, overload

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.streams import AsyncStream, Stream
from .._runtime.transport import Transport


class Responses:
    """Responses, which answer a conversation as chat completions do, in items."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> ResponsesWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return ResponsesWithRawResponse(self._transport)

    @overload
    def create_response(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateResponseParams],
    ) -> types.ModelResponse: ...

    @overload
    def create_response(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateResponseParams],
    ) -> Stream[types.ResponseStreamEvent]: ...

    @overload
    def create_response(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateResponseParams],
    ) -> types.ModelResponse | Stream[types.ResponseStreamEvent]: ...

    def create_response(self, **given: Any) -> Any:
        """Create a response. Answers a conversation in items: messages, calls of tools, thoughts. With `stream: true`
        the answer comes as server-sent events with an `event:` line each, of which the last is `response.completed` or
        `response.incomplete`. A failure after the first event is the event `response.failed`, and the end of the
        stream.
        """
        return self._transport.call_or_stream(_operations.CREATE_RESPONSE, given)


class ResponsesWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @overload
    def create_response(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateResponseParams],
    ) -> RawResponse[types.ModelResponse]: ...

    @overload
    def create_response(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateResponseParams],
    ) -> RawResponse[Stream[types.ResponseStreamEvent]]: ...

    @overload
    def create_response(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateResponseParams],
    ) -> RawResponse[types.ModelResponse] | RawResponse[Stream[types.ResponseStreamEvent]]: ...

    def create_response(self, **given: Any) -> Any:
        """Create a response. Answers a conversation in items: messages, calls of tools, thoughts. With `stream: true`
        the answer comes as server-sent events with an `event:` line each, of which the last is `response.completed` or
        `response.incomplete`. A failure after the first event is the event `response.failed`, and the end of the
        stream.
        """
        return self._transport.call_or_stream_raw(_operations.CREATE_RESPONSE, given)


class AsyncResponses:
    """Responses, which answer a conversation as chat completions do, in items."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncResponsesWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncResponsesWithRawResponse(self._transport)

    @overload
    async def create_response(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateResponseParams],
    ) -> types.ModelResponse: ...

    @overload
    async def create_response(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateResponseParams],
    ) -> AsyncStream[types.ResponseStreamEvent]: ...

    @overload
    async def create_response(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateResponseParams],
    ) -> types.ModelResponse | AsyncStream[types.ResponseStreamEvent]: ...

    async def create_response(self, **given: Any) -> Any:
        """Create a response. Answers a conversation in items: messages, calls of tools, thoughts. With `stream: true`
        the answer comes as server-sent events with an `event:` line each, of which the last is `response.completed` or
        `response.incomplete`. A failure after the first event is the event `response.failed`, and the end of the
        stream.
        """
        return await self._transport.call_or_stream(_operations.CREATE_RESPONSE, given)


class AsyncResponsesWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @overload
    async def create_response(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateResponseParams],
    ) -> RawResponse[types.ModelResponse]: ...

    @overload
    async def create_response(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateResponseParams],
    ) -> RawResponse[AsyncStream[types.ResponseStreamEvent]]: ...

    @overload
    async def create_response(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateResponseParams],
    ) -> RawResponse[types.ModelResponse] | RawResponse[AsyncStream[types.ResponseStreamEvent]]: ...

    async def create_response(self, **given: Any) -> Any:
        """Create a response. Answers a conversation in items: messages, calls of tools, thoughts. With `stream: true`
        the answer comes as server-sent events with an `event:` line each, of which the last is `response.completed` or
        `response.incomplete`. A failure after the first event is the event `response.failed`, and the end of the
        stream.
        """
        return await self._transport.call_or_stream_raw(_operations.CREATE_RESPONSE, given)

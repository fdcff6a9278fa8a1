"""Messages. Generated; do not edit."""

from __future__ import annotations

from typing import Any, Literal, Unpack, overload

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.streams import AsyncStream, Stream
from .._runtime.transport import Transport


class Messages:
    """Messages."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> MessagesWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return MessagesWithRawResponse(self._transport)

    def count_message_tokens(self, **given: Unpack[params.CountMessageTokensParams]) -> types.MessageTokensCount:
        """Count the tokens of a message. The number of input tokens that a message would have. Free."""
        return self._transport.call(_operations.COUNT_MESSAGE_TOKENS, given)

    @overload
    def create_message(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateMessageParams],
    ) -> types.Message: ...

    @overload
    def create_message(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateMessageParams],
    ) -> Stream[types.MessageStreamEvent]: ...

    @overload
    def create_message(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateMessageParams],
    ) -> types.Message | Stream[types.MessageStreamEvent]: ...

    def create_message(self, **given: Any) -> Any:
        """Create a message. Answers a conversation. With `stream: true` the answer comes as server-sent events, each
        with an `event:` line that repeats the `type` of its data, from `message_start` to `message_stop`. A failure
        after the first event is an `error` event, after which the stream ends. `ping` events may come at any time.
        """
        return self._transport.call_or_stream(_operations.CREATE_MESSAGE, given)


class MessagesWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def count_message_tokens(
        self,
        **given: Unpack[params.CountMessageTokensParams],
    ) -> RawResponse[types.MessageTokensCount]:
        """Count the tokens of a message. The number of input tokens that a message would have. Free."""
        return self._transport.call_raw(_operations.COUNT_MESSAGE_TOKENS, given)

    @overload
    def create_message(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateMessageParams],
    ) -> RawResponse[types.Message]: ...

    @overload
    def create_message(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateMessageParams],
    ) -> RawResponse[Stream[types.MessageStreamEvent]]: ...

    @overload
    def create_message(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateMessageParams],
    ) -> RawResponse[types.Message] | RawResponse[Stream[types.MessageStreamEvent]]: ...

    def create_message(self, **given: Any) -> Any:
        """Create a message. Answers a conversation. With `stream: true` the answer comes as server-sent events, each
        with an `event:` line that repeats the `type` of its data, from `message_start` to `message_stop`. A failure
        after the first event is an `error` event, after which the stream ends. `ping` events may come at any time.
        """
        return self._transport.call_or_stream_raw(_operations.CREATE_MESSAGE, given)


class AsyncMessages:
    """Messages."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncMessagesWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncMessagesWithRawResponse(self._transport)

    async def count_message_tokens(self, **given: Unpack[params.CountMessageTokensParams]) -> types.MessageTokensCount:
        """Count the tokens of a message. The number of input tokens that a message would have. Free."""
        return await self._transport.call(_operations.COUNT_MESSAGE_TOKENS, given)

    @overload
    async def create_message(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateMessageParams],
    ) -> types.Message: ...

    @overload
    async def create_message(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateMessageParams],
    ) -> AsyncStream[types.MessageStreamEvent]: ...

    @overload
    async def create_message(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateMessageParams],
    ) -> types.Message | AsyncStream[types.MessageStreamEvent]: ...

    async def create_message(self, **given: Any) -> Any:
        """Create a message. Answers a conversation. With `stream: true` the answer comes as server-sent events, each
        with an `event:` line that repeats the `type` of its data, from `message_start` to `message_stop`. A failure
        after the first event is an `error` event, after which the stream ends. `ping` events may come at any time.
        """
        return await self._transport.call_or_stream(_operations.CREATE_MESSAGE, given)


class AsyncMessagesWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def count_message_tokens(
        self,
        **given: Unpack[params.CountMessageTokensParams],
    ) -> RawResponse[types.MessageTokensCount]:
        """Count the tokens of a message. The number of input tokens that a message would have. Free."""
        return await self._transport.call_raw(_operations.COUNT_MESSAGE_TOKENS, given)

    @overload
    async def create_message(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateMessageParams],
    ) -> RawResponse[types.Message]: ...

    @overload
    async def create_message(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateMessageParams],
    ) -> RawResponse[AsyncStream[types.MessageStreamEvent]]: ...

    @overload
    async def create_message(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateMessageParams],
    ) -> RawResponse[types.Message] | RawResponse[AsyncStream[types.MessageStreamEvent]]: ...

    async def create_message(self, **given: Any) -> Any:
        """Create a message. Answers a conversation. With `stream: true` the answer comes as server-sent events, each
        with an `event:` line that repeats the `type` of its data, from `message_start` to `message_stop`. A failure
        after the first event is an `error` event, after which the stream ends. `ping` events may come at any time.
        """
        return await self._transport.call_or_stream_raw(_operations.CREATE_MESSAGE, given)

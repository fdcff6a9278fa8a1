"""Chat completions. Generated; do not edit."""

from __future__ import annotations

from typing import Any, Literal, Unpack, overload

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.streams import AsyncStream, Stream
from .._runtime.transport import Transport


class Chat:
    """Chat completions."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> ChatWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return ChatWithRawResponse(self._transport)

    @overload
    def create_chat_completion(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateChatCompletionParams],
    ) -> types.ChatCompletion: ...

    @overload
    def create_chat_completion(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateChatCompletionParams],
    ) -> Stream[types.ChatCompletionChunk]: ...

    @overload
    def create_chat_completion(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateChatCompletionParams],
    ) -> types.ChatCompletion | Stream[types.ChatCompletionChunk]: ...

    def create_chat_completion(self, **given: Any) -> Any:
        """Create a chat completion. Answers a conversation. With `stream: true` the answer comes as server-sent events:
        one `data:` line with a chunk each, then `data: [DONE]`. A failure after the first event is the event `data:
        {"error": {...}}`, after which the stream ends without `[DONE]`.
        """
        return self._transport.call_or_stream(_operations.CREATE_CHAT_COMPLETION, given)


class ChatWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @overload
    def create_chat_completion(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateChatCompletionParams],
    ) -> RawResponse[types.ChatCompletion]: ...

    @overload
    def create_chat_completion(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateChatCompletionParams],
    ) -> RawResponse[Stream[types.ChatCompletionChunk]]: ...

    @overload
    def create_chat_completion(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateChatCompletionParams],
    ) -> RawResponse[types.ChatCompletion] | RawResponse[Stream[types.ChatCompletionChunk]]: ...

    def create_chat_completion(self, **given: Any) -> Any:
        """Create a chat completion. Answers a conversation. With `stream: true` the answer comes as server-sent events:
        one `data:` line with a chunk each, then `data: [DONE]`. A failure after the first event is the event `data:
        {"error": {...}}`, after which the stream ends without `[DONE]`.
        """
        return self._transport.call_or_stream_raw(_operations.CREATE_CHAT_COMPLETION, given)


class AsyncChat:
    """Chat completions."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncChatWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncChatWithRawResponse(self._transport)

    @overload
    async def create_chat_completion(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateChatCompletionParams],
    ) -> types.ChatCompletion: ...

    @overload
    async def create_chat_completion(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateChatCompletionParams],
    ) -> AsyncStream[types.ChatCompletionChunk]: ...

    @overload
    async def create_chat_completion(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateChatCompletionParams],
    ) -> types.ChatCompletion | AsyncStream[types.ChatCompletionChunk]: ...

    async def create_chat_completion(self, **given: Any) -> Any:
        """Create a chat completion. Answers a conversation. With `stream: true` the answer comes as server-sent events:
        one `data:` line with a chunk each, then `data: [DONE]`. A failure after the first event is the event `data:
        {"error": {...}}`, after which the stream ends without `[DONE]`.
        """
        return await self._transport.call_or_stream(_operations.CREATE_CHAT_COMPLETION, given)


class AsyncChatWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @overload
    async def create_chat_completion(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateChatCompletionParams],
    ) -> RawResponse[types.ChatCompletion]: ...

    @overload
    async def create_chat_completion(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateChatCompletionParams],
    ) -> RawResponse[AsyncStream[types.ChatCompletionChunk]]: ...

    @overload
    async def create_chat_completion(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateChatCompletionParams],
    ) -> RawResponse[types.ChatCompletion] | RawResponse[AsyncStream[types.ChatCompletionChunk]]: ...

    async def create_chat_completion(self, **given: Any) -> Any:
        """Create a chat completion. Answers a conversation. With `stream: true` the answer comes as server-sent events:
        one `data:` line with a chunk each, then `data: [DONE]`. A failure after the first event is the event `data:
        {"error": {...}}`, after which the stream ends without `[DONE]`.
        """
        return await self._transport.call_or_stream_raw(_operations.CREATE_CHAT_COMPLETION, given)

"""Text completions. Generated; do not edit."""

from __future__ import annotations

from typing import Any, Literal, Unpack, overload

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.streams import AsyncStream, Stream
from .._runtime.transport import Transport


class Completions:
    """Text completions."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> CompletionsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return CompletionsWithRawResponse(self._transport)

    @overload
    def create_completion(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateCompletionParams],
    ) -> types.Completion: ...

    @overload
    def create_completion(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateCompletionParams],
    ) -> Stream[types.Completion]: ...

    @overload
    def create_completion(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateCompletionParams],
    ) -> types.Completion | Stream[types.Completion]: ...

    def create_completion(self, **given: Any) -> Any:
        """Create a text completion. Continues a text. With `stream: true` the answer comes as server-sent events: one
        `data:` line with a part each, then `data: [DONE]`. A failure after the first event is the event `data:
        {"error": {...}}`, after which the stream ends without `[DONE]`.
        """
        return self._transport.call_or_stream(_operations.CREATE_COMPLETION, given)


class CompletionsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @overload
    def create_completion(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateCompletionParams],
    ) -> RawResponse[types.Completion]: ...

    @overload
    def create_completion(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateCompletionParams],
    ) -> RawResponse[Stream[types.Completion]]: ...

    @overload
    def create_completion(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateCompletionParams],
    ) -> RawResponse[types.Completion] | RawResponse[Stream[types.Completion]]: ...

    def create_completion(self, **given: Any) -> Any:
        """Create a text completion. Continues a text. With `stream: true` the answer comes as server-sent events: one
        `data:` line with a part each, then `data: [DONE]`. A failure after the first event is the event `data:
        {"error": {...}}`, after which the stream ends without `[DONE]`.
        """
        return self._transport.call_or_stream_raw(_operations.CREATE_COMPLETION, given)


class AsyncCompletions:
    """Text completions."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncCompletionsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncCompletionsWithRawResponse(self._transport)

    @overload
    async def create_completion(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateCompletionParams],
    ) -> types.Completion: ...

    @overload
    async def create_completion(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateCompletionParams],
    ) -> AsyncStream[types.Completion]: ...

    @overload
    async def create_completion(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateCompletionParams],
    ) -> types.Completion | AsyncStream[types.Completion]: ...

    async def create_completion(self, **given: Any) -> Any:
        """Create a text completion. Continues a text. With `stream: true` the answer comes as server-sent events: one
        `data:` line with a part each, then `data: [DONE]`. A failure after the first event is the event `data:
        {"error": {...}}`, after which the stream ends without `[DONE]`.
        """
        return await self._transport.call_or_stream(_operations.CREATE_COMPLETION, given)


class AsyncCompletionsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @overload
    async def create_completion(
        self,
        *,
        stream: Literal[False] | None = None,
        **given: Unpack[params.CreateCompletionParams],
    ) -> RawResponse[types.Completion]: ...

    @overload
    async def create_completion(
        self,
        *,
        stream: Literal[True],
        **given: Unpack[params.CreateCompletionParams],
    ) -> RawResponse[AsyncStream[types.Completion]]: ...

    @overload
    async def create_completion(
        self,
        *,
        stream: bool,
        **given: Unpack[params.CreateCompletionParams],
    ) -> RawResponse[types.Completion] | RawResponse[AsyncStream[types.Completion]]: ...

    async def create_completion(self, **given: Any) -> Any:
        """Create a text completion. Continues a text. With `stream: true` the answer comes as server-sent events: one
        `data:` line with a part each, then `data: [DONE]`. A failure after the first event is the event `data:
        {"error": {...}}`, after which the stream ends without `[DONE]`.
        """
        return await self._transport.call_or_stream_raw(_operations.CREATE_COMPLETION, given)

"""Answers that come bit by bit, and clients that leave before they end."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable
from contextlib import aclosing
from typing import Any, TypeVar

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from tollhouse.node.errors import NodeError

T = TypeVar("T")
Frame = dict[str, Any]
Frames = AsyncGenerator[Frame, None]

DONE = b"data: [DONE]\n\n"
HEADERS = {"cache-control": "no-cache", "x-accel-buffering": "no"}


def data_event(frame: Frame) -> bytes:
    """A server-sent event without a name, as OpenAI's streams have them."""
    return b"data: " + orjson.dumps(frame) + b"\n\n"


def named_event(frame: Frame) -> bytes:
    """A server-sent event named by the frame's type, as Anthropic's streams have them."""
    return f"event: {frame['type']}\n".encode() + data_event(frame)


class EventStream(StreamingResponse):
    """A stream that closes its source when it ends, is cancelled or loses its client: that stops the model."""

    def __init__(self, events: AsyncGenerator[bytes, None], source: Frames) -> None:
        super().__init__(events, media_type="text/event-stream", headers=HEADERS)
        self._source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._source.aclose()


async def event_stream(
    request: Request,
    frames: Frames,
    *,
    encode: Callable[[Frame], bytes],
    failure: Callable[[NodeError], bytes],
    ending: Callable[[], Iterable[bytes]] = tuple,
) -> EventStream:
    """Stream frames once the first one is there; what fails before it raises and keeps its status.

    A later failure becomes the event that `failure` makes, and then nothing follows; else `ending` follows.
    """
    first = await while_connected(request, _first(frames))

    async def events() -> AsyncGenerator[bytes, None]:
        try:
            if first is not None:
                yield encode(first)
            async for frame in frames:
                yield encode(frame)
        except NodeError as error:
            yield failure(error)
            return
        for event in ending():
            yield event

    return EventStream(events(), frames)


async def collected(frames: Frames) -> list[Frame]:
    """All frames of an answer that is not streamed."""
    async with aclosing(frames):
        return [frame async for frame in frames]


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is cancelled when the client leaves; then ClientDisconnect is raised."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(request.receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        leaving.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait({working})


async def _first(frames: Frames) -> Frame | None:
    return await anext(frames, None)


async def _left(receive: Callable[[], Awaitable[Any]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

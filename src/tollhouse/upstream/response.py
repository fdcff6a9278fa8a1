"""The answer to one call: filled by its connection, emptied by its reader."""

import asyncio
from collections import deque
from collections.abc import Mapping
from io import BytesIO
from typing import Protocol, Self

from tollhouse.upstream import BodyTooLarge, ConnectionBroken, UpstreamFailure

UNREAD_BYTES_MAX = 256 * 1024


class Source(Protocol):
    """What a response asks of its connection."""

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def fail(self, failure: UpstreamFailure) -> None: ...


class Response:
    """An UpstreamResponse. Beyond UNREAD_BYTES_MAX the connection pauses until somebody reads."""

    __slots__ = ("_chunks", "_ended", "_failure", "_host", "_source", "_unread_bytes", "_waiter", "headers", "paused", "status")  # fmt: skip

    def __init__(self, source: Source, host: str) -> None:
        self.status = 0
        self.headers: Mapping[str, str] = {}
        self.paused = False
        self._source = source
        self._host = host
        self._chunks: deque[bytes] = deque()
        self._unread_bytes = 0
        self._ended = False
        self._failure: UpstreamFailure | None = None
        self._waiter: asyncio.Future[None] | None = None

    async def begun(self) -> Self:
        """This response, once status line and headers are there."""
        while not self.status:
            if self._failure:
                raise self._failure
            await self._wait()
        return self

    async def read_chunk(self) -> bytes | None:
        while not self._chunks:
            if self._failure:
                raise self._failure
            if self._ended:
                return None
            await self._wait()
        chunks = self._chunks
        chunk = chunks.popleft() if len(chunks) == 1 else b"".join(chunks)
        chunks.clear()
        self._unread_bytes = 0
        if self.paused:
            self.paused = False
            self._source.resume()
        return chunk

    async def read(self, bytes_max: int) -> bytes:
        body = BytesIO()  # not a list: a million one-byte chunks hold a million bytes here
        while (chunk := await self.read_chunk()) is not None:
            if body.tell() + len(chunk) > bytes_max:
                await self.close()
                raise BodyTooLarge(f"{self._host} answered with more than {bytes_max} bytes")
            if self._ended and not self._failure and not body.tell():
                return chunk
            body.write(chunk)
        return body.getvalue()

    async def close(self) -> None:
        if not self._ended:
            self._source.fail(ConnectionBroken("the response was closed while it was read"))

    # What the connection calls.

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        self.status, self.headers = status, headers

    def add(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._unread_bytes += len(chunk)
        if self._unread_bytes > UNREAD_BYTES_MAX and not self.paused:
            self.paused = True
            self._source.pause()

    def end(self, failure: UpstreamFailure | None) -> None:
        self._ended, self._failure = True, failure
        self.wake()

    def wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    async def _wait(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        except asyncio.CancelledError:
            await self.close()
            raise
        finally:
            self._waiter = None

"""Streams of events: iterators that can be closed, which hangs up, so that the server stops working."""

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Generic, Self

import httpx

from .answers import parsed_json, request_id_of
from .errors import APIConnectionError, APITimeoutError, UnexpectedAnswerError, error_in_stream
from .operations import PartT
from .sse import Event, Parser


class Stream(Generic[PartT]):
    """The events of an answer as they come. Leaving its `with` block, or `close()`, hangs up.

    An error inside the stream is raised as the error that it would have been as an answer. Nothing is tried again after the first event.
    """

    def __init__(self, response: httpx.Response, end: str | None) -> None:
        self.http_response = response
        self._events = self._read(end)

    @property
    def request_id(self) -> str | None:
        """The server's id of this request, where it gave one."""
        return request_id_of(self.http_response)

    def __iter__(self) -> Iterator[PartT]:
        return self

    def __next__(self) -> PartT:
        return next(self._events)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up. Again changes nothing."""
        self._events.close()
        self.http_response.close()

    def _read(self, end: str | None) -> Generator[PartT, None, None]:
        parser = Parser()
        try:
            with broken_connections(self.request_id):
                for piece in self.http_response.iter_bytes():
                    for event in parser.feed(piece):
                        if event.data == end:
                            return
                        yield _value(event, self.request_id)
            _check_end(end, self.request_id)
        finally:
            self.http_response.close()


class AsyncStream(Generic[PartT]):
    """The events of an answer as they come. Leaving its `async with` block, or `aclose()`, hangs up.

    An error inside the stream is raised as the error that it would have been as an answer. Nothing is tried again after the first event.
    """

    def __init__(self, response: httpx.Response, end: str | None) -> None:
        self.http_response = response
        self._events = self._read(end)

    @property
    def request_id(self) -> str | None:
        """The server's id of this request, where it gave one."""
        return request_id_of(self.http_response)

    def __aiter__(self) -> AsyncIterator[PartT]:
        return self

    async def __anext__(self) -> PartT:
        return await anext(self._events)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Hang up. Again changes nothing."""
        await self._events.aclose()
        await self.http_response.aclose()

    async def _read(self, end: str | None) -> AsyncGenerator[PartT, None]:
        parser = Parser()
        try:
            with broken_connections(self.request_id):
                async for piece in self.http_response.aiter_bytes():
                    for event in parser.feed(piece):
                        if event.data == end:
                            return
                        yield _value(event, self.request_id)
            _check_end(end, self.request_id)
        finally:
            await self.http_response.aclose()


def check_is_stream(response: httpx.Response) -> None:
    """Raise UnexpectedAnswerError unless the answer is a stream of events; it has to be read where it is none."""
    if not is_stream(response):
        kind = response.headers.get("content-type", "nothing")
        raise UnexpectedAnswerError(
            f"a stream was asked for, and {kind} came", body=response.text[:500], request_id=request_id_of(response)
        )


def is_stream(response: httpx.Response) -> bool:
    """Whether an answer is a stream of events."""
    return str(response.headers.get("content-type", "")).lower().startswith("text/event-stream")


@contextmanager
def broken_connections(request_id: str | None = None) -> Iterator[None]:
    """What httpx raises when a connection fails, as errors of this library."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise APITimeoutError("the server did not answer in time", request_id=request_id) from error
    except (httpx.RequestError, httpx.StreamError) as error:
        raise APIConnectionError(f"the connection failed: {error!r}", request_id=request_id) from error


def _value(event: Event, request_id: str | None) -> Any:
    """The value in an event. Raises the error that an event of an error is."""
    value = parsed_json(event.data, request_id)
    if event.name == "error" or (isinstance(value, dict) and (value.get("error") or value.get("type") == "error")):
        raise error_in_stream(value, request_id)
    return value


def _check_end(end: str | None, request_id: str | None) -> None:
    if end is not None:
        raise APIConnectionError(f"the stream ended without {end}", request_id=request_id)

"""Calls over the network, one at a time: send, try again, read."""

import random
import time
from collections.abc import Mapping
from typing import Any

import httpx

from .answers import RawResponse, request_id_of, result_of
from .errors import APIConnectionError, APIError, error_of_answer
from .operations import Operation, PartT, ResultT, Settings
from .outgoing import Outgoing, outgoing
from .pages import Page
from .retries import wait_before_retry_s
from .streams import Stream, broken_connections, check_is_stream, is_stream

DEFAULT_TIMEOUT = httpx.Timeout(600.0, connect=5.0)


class Transport:
    """What the resources of a client call through. It closes the HTTP client only if it made it."""

    def __init__(self, settings: Settings, http_client: httpx.Client | None) -> None:
        self._settings = settings
        self._own = http_client is None
        self.http = http_client or httpx.Client(timeout=DEFAULT_TIMEOUT)

    def close(self) -> None:
        """Close the connections, unless the HTTP client was given."""
        if self._own:
            self.http.close()

    def call(self, operation: Operation[ResultT, Any], given: Mapping[str, Any]) -> ResultT:
        """The result of an operation. Raises APIError."""
        return self.call_raw(operation, given).parse()

    def call_raw(self, operation: Operation[ResultT, Any], given: Mapping[str, Any]) -> RawResponse[ResultT]:
        """The answer of an operation. Raises APIError."""
        return RawResponse(self._send(outgoing(operation, given, self._settings)), result_of)

    def stream(self, operation: Operation[Any, PartT], given: Mapping[str, Any]) -> Stream[PartT]:
        """The events of an operation. Raises APIError."""
        return self.stream_raw(operation, given).parse()

    def stream_raw(self, operation: Operation[Any, PartT], given: Mapping[str, Any]) -> RawResponse[Stream[PartT]]:
        """The answer of an operation whose body is a stream. Raises APIError."""
        response = self._send(outgoing(operation, given, self._settings, streams=True), streams=True)
        check_is_stream(response)
        return RawResponse(response, lambda response: Stream(response, operation.end))

    def page(self, operation: Operation[ResultT, PartT], given: Mapping[str, Any]) -> Page[PartT, ResultT]:
        """A page of a list. Raises APIError."""
        return self.page_raw(operation, given).parse()

    def page_raw(
        self, operation: Operation[ResultT, PartT], given: Mapping[str, Any]
    ) -> RawResponse[Page[PartT, ResultT]]:
        """The answer that is a page of a list. Raises APIError."""
        pages = operation.pages
        assert pages is not None, operation.name

        def follow(following: dict[str, Any]) -> Page[PartT, ResultT]:
            return self.page(operation, {**given, **following})

        response = self._send(outgoing(operation, given, self._settings))
        return RawResponse(response, lambda response: Page(response, pages, follow))

    def call_or_stream(self, operation: Operation[Any, Any], given: Mapping[str, Any]) -> Any:
        """The result, or the events where the operation's switch is on."""
        return (self.stream if given.get(operation.switch or "") else self.call)(operation, given)

    def call_or_stream_raw(self, operation: Operation[Any, Any], given: Mapping[str, Any]) -> Any:
        """The answer, whichever of the two it is."""
        return (self.stream_raw if given.get(operation.switch or "") else self.call_raw)(operation, given)

    def _send(self, request: Outgoing, *, streams: bool = False) -> httpx.Response:
        """The answer, without an error. Raises APIError when no further attempt is worth it."""
        attempt = 0
        while True:
            status: int | None = None
            headers: Mapping[str, str] = {}
            try:
                with broken_connections():
                    response = self._attempt(request, streams)
                if response.is_success:
                    return response
                status, headers = response.status_code, response.headers
                failure: APIError = error_of_answer(status, headers, response.content, request_id_of(response))
            except APIConnectionError as error:
                failure = error
            chance = random.random()  # noqa: S311 - spreads clients over time, and keeps no secret
            wait_s = wait_before_retry_s(attempt, status, headers, now=time.time(), chance=chance)
            if wait_s is None or attempt >= request.max_retries:
                raise failure
            time.sleep(wait_s)
            attempt += 1

    def _attempt(self, request: Outgoing, streams: bool) -> httpx.Response:
        """One answer, read whole unless it is a stream that was asked for."""
        response = self.http.send(request.build(self.http), stream=True, follow_redirects=False)
        if streams and response.is_success and is_stream(response):
            return response
        try:
            response.read()
        finally:
            response.close()
        return response

"""What the server answered: parsed, or raw with its status and headers."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Generic

import httpx

from .errors import UnexpectedAnswerError
from .operations import ResultT


class RawResponse(Generic[ResultT]):
    """An answer with everything around it; `parse()` gives what the method without `with_raw_response` would have given."""

    def __init__(self, response: httpx.Response, parsed: Callable[[httpx.Response], ResultT]) -> None:
        self.http_response = response
        self._parsed = parsed
        self._results: list[ResultT] = []

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.http_response.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers; their names in any case."""
        return self.http_response.headers

    @property
    def request_id(self) -> str | None:
        """The server's id of this request, where it gave one."""
        return request_id_of(self.http_response)

    @property
    def content(self) -> bytes:
        """The body as it came; a stream has none."""
        return self.http_response.content

    def parse(self) -> ResultT:
        """The result. A second call gives the same one."""
        if not self._results:
            self._results.append(self._parsed(self.http_response))
        return self._results[0]


def request_id_of(response: httpx.Response) -> str | None:
    """The server's id of a request: `x-request-id`, or `request-id`."""
    found: str | None = response.headers.get("x-request-id") or response.headers.get("request-id")
    return found


def result_of(response: httpx.Response) -> Any:
    """The body by its media type: JSON parsed, text as a string, nothing as None, the rest as bytes. Raises UnexpectedAnswerError."""
    if not response.content:
        return None
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "application/json" or media_type.endswith("+json"):
        return parsed_json(response.content, request_id_of(response))
    return response.text if media_type.startswith("text/") else response.content


def parsed_json(data: bytes | str, request_id: str | None) -> Any:
    """JSON as a value. Raises UnexpectedAnswerError."""
    try:
        return json.loads(data)
    except ValueError as error:
        text = data if isinstance(data, str) else data.decode("utf-8", errors="replace")
        raise UnexpectedAnswerError("the answer is not JSON", body=text[:500], request_id=request_id) from error

"""Bodies on their way in: read once, whole, within the limits of size and time."""

import asyncio

from tollhouse.config.snapshot import Limits
from tollhouse.contract.responding import Receive
from tollhouse.endpoints.context import Request
from tollhouse.errors import RequestTimeout, RequestTooLarge, UnsupportedMediaType

JSON = "application/json"


class ClientGone(Exception):
    """The client closed the connection before its body was complete; there is nobody to answer."""


def check_media_type(content_type: bytes | None) -> None:
    """JSON, whatever its parameters; a missing type on a JSON operation means JSON (WIRE.md 4)."""
    if content_type is None or content_type == b"application/json":
        return
    media_type = content_type.split(b";", 1)[0].strip().lower()
    if media_type != b"application/json":
        raise UnsupportedMediaType(
            f"Content-Type is {media_type.decode('latin-1')[:100] or 'empty'}; this operation takes application/json."
        )


async def read_body(receive: Receive, request: Request) -> bytes:
    """The whole body, within the limits of size and time; chunked bodies need no Content-Length.

    The first `receive` has what came with the headers and does not wait (`http_protocol`), so most requests need no timer.
    """
    limits = request.config.routes.limits
    length = request.headers.get(b"content-length")
    if length is not None and int(length) > limits.body_bytes:
        raise _too_large(limits.body_bytes)
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    body: bytes = message["body"]
    if message["more_body"]:
        body = await _rest(receive, body, limits)
    if len(body) > limits.body_bytes:
        raise _too_large(limits.body_bytes)
    return body


async def _rest(receive: Receive, first: bytes, limits: Limits) -> bytes:
    parts, total, more = [first], len(first), True
    try:
        async with asyncio.timeout(limits.body_timeout_s):
            while more and total <= limits.body_bytes:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                parts.append(message["body"])
                total += len(parts[-1])
                more = message["more_body"]
    except TimeoutError as error:
        raise RequestTimeout(
            f"The request body was not complete after {limits.body_timeout_s:g} s.", headers={"connection": "close"}
        ) from error
    return b"".join(parts)


def _too_large(bytes_max: int) -> RequestTooLarge:
    return RequestTooLarge(f"The request body is larger than {bytes_max} bytes.")

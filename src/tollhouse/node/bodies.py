"""Reads a request's JSON body, within limits."""

from typing import Any

import jiter
from starlette.requests import Request

from tollhouse.node.errors import NodeError

BODY_BYTES_MAX = 10 * 1024 * 1024
DEPTH_MAX = 64


async def read_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object. Raises NodeError: 400 for ambiguous or other JSON, 413 above 10 MiB, 415 for other types."""
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise NodeError("media_type", f"The body must be application/json, not {media_type}.")
    return parse_object(await _read(request))


def parse_object(data: bytes) -> dict[str, Any]:
    """JSON as RFC 8259 wants it to be exchanged: one meaning only. Raises NodeError."""
    try:
        value = jiter.from_json(data, allow_inf_nan=False, catch_duplicate_keys=True)
    except ValueError as error:
        raise NodeError("invalid_request", f"The body is not valid JSON: {error}.") from error
    if not isinstance(value, dict):
        raise NodeError("invalid_request", "The body must be a JSON object.")
    if _depth(value) > DEPTH_MAX:
        raise NodeError("invalid_request", f"The body is nested deeper than {DEPTH_MAX} levels.")
    return value


async def _read(request: Request) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > BODY_BYTES_MAX:
        raise _too_large()
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > BODY_BYTES_MAX:
            raise _too_large()
    return bytes(data)


def _too_large() -> NodeError:
    return NodeError("too_large", f"The body is larger than {BODY_BYTES_MAX // 2**20} MiB.")


def _depth(value: Any) -> int:
    """Levels of nesting, counted without recursion."""
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [child for parent in level for child in _children(parent)]
    return depth - 1


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []

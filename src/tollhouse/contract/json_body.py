"""JSON from outside, read so that nobody can disagree about what it says (WIRE.md 9).

Refused: duplicate keys, NaN and infinities (also as 1e999), lone surrogates, invalid UTF-8, integers beyond 64 bits
and nesting beyond the limit. jiter finds duplicate keys and keeps big integers; orjson alone would accept the former
and turn the latter into floats. What passes both is written out again by orjson exactly as it was understood.
"""

from typing import Any

import jiter
import orjson

from tollhouse.errors import InvalidRequest


def parse(raw: bytes, depth_max: int) -> Any:
    """The value of a JSON text; raises InvalidRequest that says where the text is wrong."""
    try:
        value = jiter.from_json(raw, allow_inf_nan=False, catch_duplicate_keys=True)
        orjson.loads(raw)
    except ValueError as error:
        raise InvalidRequest(
            f"The request body is not valid JSON: {_first_line(error)}.", code="invalid_json"
        ) from error
    # Text with few brackets cannot be deep, and text with few digits holds no big integer: most bodies end here.
    if raw.count(b"[") + raw.count(b"{") > depth_max and _depth(value) > depth_max:
        raise InvalidRequest(f"The request body is nested deeper than {depth_max} levels.", code="invalid_json")
    try:
        orjson.dumps(value)
    except TypeError as error:
        raise InvalidRequest("The request body has an integer beyond 64 bits.", code="invalid_json") from error
    return value


def _depth(value: Any) -> int:
    """How deep lists and objects are nested, level by level."""
    level, depth = [value], 0
    while level:
        depth += 1
        level = [
            item
            for container in level
            if isinstance(container, (dict, list))
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, (dict, list))
        ]
    return depth


def _first_line(error: ValueError) -> str:
    return str(error).splitlines()[0][:200].rstrip(".")

"""What a provider signs of its thoughts, on its way through a client that only keeps it. Pure.

A provider that thinks before it calls tools wants its thoughts back, signed. In a chat completion they are the extension
`reasoning_details`; in a response they are `encrypted_content`, which clients send back without reading it.
"""

import base64
import binascii
from typing import Any

import orjson

from tollhouse.dialects.shapes import dump

_MARK = "tollhouse:"  # what OpenAI itself encrypted has no meaning anywhere else


def sealed(details: list[dict[str, Any]]) -> str:
    """`encrypted_content` for the details of a thought. Raises WrongShape."""
    return _MARK + base64.b64encode(dump(details, "reasoning_details")).decode()


def opened(content: Any) -> list[dict[str, Any]]:
    """The details that were sealed here; none of what somebody else encrypted."""
    if type(content) is not str or not content.startswith(_MARK):
        return []
    try:
        details = orjson.loads(base64.b64decode(content.removeprefix(_MARK), validate=True))
    except (binascii.Error, ValueError):
        return []
    return details if type(details) is list and all(type(each) is dict for each in details) else []


def merged(details: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Details that came in pieces, whole: pieces of one `index` are one, and their texts go on."""
    whole: dict[Any, dict[str, Any]] = {}
    for piece in details:
        index = piece.get("index")
        begun = whole.setdefault(index if type(index) is int else ("alone", len(whole)), {})
        for name, value in piece.items():
            goes_on = name in ("text", "summary", "data") and type(value) is str and type(begun.get(name)) is str
            begun[name] = begun[name] + value if goes_on else value
    return list(whole.values())

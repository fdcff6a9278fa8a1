"""The Anthropic format: messages and token counting.

Usage fields and stream framing follow Anthropic's API reference (Messages, Streaming Messages, Prompt caching).
"""

import contextlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import orjson

from tollhouse.billing.pricing import Usage
from tollhouse.dialects.base import Counts, Dialect, Event, Size, count, error_message, utf8_length
from tollhouse.dialects.prompt import Measure

DEFAULT_VERSION = "2023-06-01"
MESSAGE_STOP = b'event: message_stop\ndata: {"type": "message_stop"}\n\n'
_FIELDS = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens")
_SPLIT = ("ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens")


def credentials(key: str) -> tuple[tuple[str, str], ...]:
    return (("x-api-key", key),) if key else ()


def measure(body: Mapping[str, Any], kind: str) -> Size:
    total = Measure()
    total.add_messages(body.get("messages"))
    for name in ("system", "tools", "thinking", "mcp_servers", "output_config", "output_format"):
        if name in body:
            total.add(body[name])
    limit = 0 if kind == "count_tokens" else body.get("max_tokens")
    return Size(total.text_bytes, total.tokens, total.images, limit, 1, total.references)


def prepare(body: Mapping[str, Any], upstream_model: str, stream_usage: bool) -> dict[str, Any]:
    return {**body, "model": upstream_model}


def wants_usage_frame(body: Mapping[str, Any]) -> bool:
    return True  # usage rides on frames that every client expects


def body_counts(body: Mapping[str, Any]) -> Counts | None:
    reported = body.get("usage")
    return _counts(reported) if type(reported) is dict else None


def _counts(reported: Mapping[str, Any]) -> Counts:
    counts: Counts = {name: reported[name] for name in _FIELDS if reported.get(name) is not None}
    split = reported.get("cache_creation")
    if type(split) is dict:
        counts.update({name: split[name] for name in _SPLIT if split.get(name) is not None})
    return counts


def input_usage(counts: Counts) -> Usage | None:
    """The prompt on disjoint axes; None where it was not reported. Raises ValueError on absurd counts."""
    plain = count(counts, "input_tokens")
    if plain is None:
        return None
    written = count(counts, "cache_creation_input_tokens") or 0
    written_1h = count(counts, "ephemeral_1h_input_tokens") or 0
    written_5m = count(counts, "ephemeral_5m_input_tokens") or 0
    return Usage(
        input=plain,
        cache_read=count(counts, "cache_read_input_tokens") or 0,
        cache_write_5m=max(written_5m, written - written_1h),  # what no split mentions lives five minutes, the default
        cache_write_1h=written_1h,
    )


def output_tokens(counts: Counts) -> int | None:
    return count(counts, "output_tokens")


def body_text_bytes(body: Mapping[str, Any]) -> int:
    blocks = body.get("content")
    if type(blocks) is not list:
        return 0
    return sum(_block_bytes(block) for block in blocks if type(block) is dict)


def _block_bytes(block: Mapping[str, Any]) -> int:
    """Text of a content block or of a delta: text, thinking, tool input whole or in pieces."""
    length = sum(
        utf8_length(block[name]) for name in ("text", "thinking", "partial_json") if type(block.get(name)) is str
    )
    if type(block.get("input")) is dict and block["input"]:
        with contextlib.suppress(TypeError):  # orjson reads deeper than it writes; so deep is no tool's input
            length += len(orjson.dumps(block["input"]))
    return length


_PLAIN = Event()
_STOP = Event(terminal=True)
_PING = Event(ping=True)


def read_event(data: bytes) -> Event:
    """Read the data of one frame; raises ValueError where it is not JSON.

    `message_start` carries the input; its `output_tokens` is a first guess that `message_delta` replaces, so it is
    left out: a stream that breaks in between is charged for the text it delivered.
    """
    event = orjson.loads(data)
    if type(event) is not dict:
        return _PLAIN
    kind = event.get("type")
    if kind == "content_block_delta":
        delta = event.get("delta")
        return Event(text_bytes=_block_bytes(delta)) if type(delta) is dict else _PLAIN
    if kind == "message_stop":
        return _STOP
    if kind == "message_delta":
        return Event(counts=body_counts(event), finished=1)
    if kind == "message_start":
        message = event.get("message")
        counts = body_counts(message) if type(message) is dict else None
        return Event(counts={k: v for k, v in counts.items() if k != "output_tokens"} if counts else None)
    if kind == "content_block_start":
        block = event.get("content_block")
        return Event(text_bytes=_block_bytes(block)) if type(block) is dict else _PLAIN
    if kind == "ping":
        return _PING
    if kind == "error" or (kind is None and event.get("error")):  # some servers send OpenAI's shape here
        return Event(error=error_message(event) or "the upstream reported an error")
    return _PLAIN


def error_frame(message: str, error_type: str, code: str | None) -> bytes:
    body = {"type": "error", "error": {"type": error_type, "message": message}, "request_id": None}
    return b"event: error\ndata: " + orjson.dumps(body) + b"\n\n"


ANTHROPIC = Dialect(
    name="anthropic",
    credentials=credentials,
    forwarded_headers=MappingProxyType({"anthropic-version": DEFAULT_VERSION, "anthropic-beta": None}),
    measure=measure,
    prepare=prepare,
    wants_usage_frame=wants_usage_frame,
    body_counts=body_counts,
    body_text_bytes=body_text_bytes,
    read_event=read_event,
    input_usage=input_usage,
    output_tokens=output_tokens,
    no_output=MappingProxyType({"output_tokens": 0}),
    error_frame=error_frame,
    terminal_frame=MESSAGE_STOP,
    heartbeat=b'event: ping\ndata: {"type": "ping"}\n\n',
)

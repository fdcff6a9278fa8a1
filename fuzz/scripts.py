"""A well-behaved provider's answers in every format, as plain values that can be broken afterwards."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Event = Any  # a dict; or bytes, which are sent as they are
STREAMS = ("chat", "completions", "responses", "messages")
NO_USAGE = object()
DONE_FRAME = b"data: [DONE]\n\n"

# Of each format: its counts, and the object in which the cached ones are.
_OPENAI = (("prompt_tokens", "completion_tokens", "total_tokens"), "prompt_tokens_details", ("cached_tokens",))
_ANTHROPIC = (
    ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"),
    "cache_creation",
    ("ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"),
)
_RESPONSES = (("input_tokens", "output_tokens", "total_tokens"), "input_tokens_details", ("cached_tokens",))
USAGE: Mapping[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    **dict.fromkeys(("chat", "completions", "embeddings", "moderations"), _OPENAI),
    **dict.fromkeys(("messages", "count_tokens"), _ANTHROPIC),
    "responses": _RESPONSES,
}
_CHAT = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": "m"}
_CHUNK = {**_CHAT, "object": "chat.completion.chunk"}
_TEXT = {"id": "cmpl-1", "object": "text_completion", "created": 1_700_000_000, "model": "m"}
_MESSAGE = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "stop_sequence": None}


def whole(format_: str, texts: Sequence[str]) -> dict[str, Any]:
    """A JSON answer without its usage."""
    text = "".join(texts)
    if format_ == "chat":
        message = {"role": "assistant", "content": text, "refusal": None}
        return {**_CHAT, "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}]}
    if format_ == "completions":
        return {**_TEXT, "choices": [{"index": 0, "text": text, "logprobs": None, "finish_reason": "stop"}]}
    if format_ == "messages":
        return {**_MESSAGE, "content": [{"type": "text", "text": text}], "stop_reason": "end_turn"}
    if format_ == "responses":
        return _response(text)
    if format_ == "embeddings":
        data = [{"object": "embedding", "index": 0, "embedding": [0.5, -0.25]}]
        return {"object": "list", "data": data, "model": "m"}
    if format_ == "moderations":
        verdict = {"flagged": False, "categories": {}, "category_scores": {}, "category_applied_input_types": {}}
        return {"id": "modr-1", "model": "m", "results": [verdict]}
    return {"input_tokens": 11}


def stream(format_: str, texts: Sequence[str], usage: Any) -> list[Event]:
    """The events of a stream, the one that ends it among them."""
    if format_ == "messages":
        return _messages(texts, usage)
    if format_ == "responses":
        return _responses(texts, usage)
    counted = {} if usage is NO_USAGE else {"usage": usage}
    if format_ == "completions":
        parts = [{**_TEXT, "choices": [{"index": 0, "text": text, "finish_reason": None}]} for text in texts]
        last = {**_TEXT, "choices": [{"index": 0, "text": "", "finish_reason": "stop"}], **counted}
        return [*parts, last, DONE_FRAME]
    deltas = [{"role": "assistant", "content": ""}, *({"content": text} for text in texts)]
    parts = [{**_CHUNK, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    last = {**_CHUNK, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    counts = [{**_CHUNK, "choices": [], **counted}] if counted else []
    return [*parts, last, *counts, DONE_FRAME]


def _messages(texts: Sequence[str], usage: Any) -> list[Event]:
    counted = {} if usage is NO_USAGE else {"usage": usage}
    deltas = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}} for text in texts
    ]
    return [
        {"type": "message_start", "message": {**_MESSAGE, "content": [], "stop_reason": None, **counted}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
        *deltas,
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, **counted},
        {"type": "message_stop"},
    ]


def _responses(texts: Sequence[str], usage: Any) -> list[Event]:
    whole_response = _response("".join(texts))
    begun = {**whole_response, "status": "in_progress", "output": [], "usage": None}
    item = whole_response["output"][0]
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
    counted = {} if usage is NO_USAGE else {"usage": usage}
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {"type": "response.output_item.added", "output_index": 0, "item": {**item, "content": []}},
        {"type": "response.content_part.added", **place, "part": part},
        *({"type": "response.output_text.delta", **place, "delta": text, "logprobs": []} for text in texts),
        {"type": "response.output_text.done", **place, "text": "".join(texts), "logprobs": []},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": {**whole_response, **counted}},
    ]
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def _response(text: str) -> dict[str, Any]:
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    item = {"id": "msg_1", "type": "message", "status": "completed", "role": "assistant", "content": [part]}
    return {
        "id": "resp_1", "object": "response", "created_at": 1_700_000_000, "status": "completed", "error": None,
        "incomplete_details": None, "instructions": None, "model": "m", "output": [item], "parallel_tool_calls": True,
        "metadata": {}, "tool_choice": "auto", "tools": [], "temperature": 1.0, "top_p": 1.0,
    }  # fmt: skip


def error(format_: str, message: str) -> Event:
    """A failure that is reported in the stream."""
    if format_ == "messages":
        return {"type": "error", "error": {"type": "overloaded_error", "message": message}}
    if format_ == "responses":
        return {"type": "error", "code": "server_error", "message": message, "param": None, "sequence_number": 9}
    return {"error": {"message": message, "type": "server_error", "param": None, "code": None}}


def usage_event(format_: str, usage: Any) -> Event:
    """One more event with counts."""
    if format_ == "messages":
        return {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": usage}
    if format_ == "responses":
        return {"type": "response.in_progress", "response": {**_response(""), "usage": usage}}
    return {**_CHUNK, "choices": [], "usage": usage}


def framed(event: Event, format_: str) -> bytes:
    """An event on the wire."""
    if isinstance(event, bytes):
        return event
    payload = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
    named = format_ in ("messages", "responses") and isinstance(event, dict) and isinstance(event.get("type"), str)
    name = b"event: " + event["type"].encode("utf-8", "replace").split(b"\n")[0] + b"\n" if named else b""
    return name + b"data: " + payload + b"\n\n"


def nested(depth: int) -> Any:
    value: Any = 7
    for _ in range(depth):
        value = [value]
    return value

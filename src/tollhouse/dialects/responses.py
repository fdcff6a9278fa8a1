"""The format of OpenAI's responses: items in, items out, and a stream whose every event has a name.

Fields and events follow the OpenAI API reference (responses/create, responses/object, responses-streaming).
"""

from collections.abc import Mapping
from typing import Any

import orjson

from tollhouse.dialects.base import Counts, Dialect, Event, Size, error_message, utf8_length
from tollhouse.dialects.openai import DONE, OPENAI
from tollhouse.dialects.prompt import Measure
from tollhouse.errors import InvalidRequest

COMPLETE = frozenset({"response.completed", "response.incomplete"})
SOUND = "response.audio.delta"  # base64, which is not text
_COUNTS = {"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens", "total_tokens": "total_tokens"}


def measure(body: Mapping[str, Any], kind: str) -> Size:
    """Items, and whatever the provider keeps that they continue from or look things up in.

    Raises InvalidRequest for a response in the background: its answer comes at once, without a usage, and what it used
    is known only to who asks the provider later. An estimate would be of no output at all.
    """
    if body.get("background"):
        raise InvalidRequest(
            "background: true is not served here, because the answer to such a call comes before anybody knows what it costs. "
            "Leave it out, or use `stream: true` for an answer that takes long.",
            param="background",
        )
    total = Measure()
    items, tools = body.get("input"), body.get("tools")
    total.add_messages(items)
    for name in ("instructions", "prompt", "tools", "text"):
        if name in body:
            total.add(body[name])
    stored = sum(body.get(name) is not None for name in ("previous_response_id", "conversation", "prompt"))
    stored += sum(_names_an_item(item) for item in items) if type(items) is list else 0
    stored += sum(type(tool) is dict and "vector_store_ids" in tool for tool in tools) if type(tools) is list else 0
    limit = body.get("max_output_tokens")
    return Size(total.text_bytes, total.tokens, total.images, limit, 1, total.references + stored)


def _names_an_item(item: Any) -> bool:
    """Whether an item only names one of an earlier response; its `type` may be left out."""
    return type(item) is dict and (
        item.get("type") == "item_reference" or ("id" in item and item.keys() <= {"id", "type"})
    )


def prepare(body: Mapping[str, Any], upstream_model: str, stream_usage: bool) -> dict[str, Any]:
    return {**body, "model": upstream_model}  # usage is in the last event, asked for or not


def wants_usage_frame(body: Mapping[str, Any]) -> bool:
    return True  # it is the last event, which every client expects


def body_counts(body: Mapping[str, Any]) -> Counts | None:
    """Counts under the names that a chat completion has for them: the arithmetic is the same."""
    reported = body.get("usage")
    if type(reported) is not dict:
        return None
    counts: Counts = {ours: reported[name] for name, ours in _COUNTS.items() if reported.get(name) is not None}
    details = reported.get("input_tokens_details")
    if type(details) is dict and details.get("cached_tokens") is not None:
        counts["cached_tokens"] = details["cached_tokens"]
    return counts


def body_text_bytes(body: Mapping[str, Any]) -> int:
    """UTF-8 length of what an answer delivers: text, refusals, thoughts, calls with their arguments."""
    items = body.get("output")
    if type(items) is not list:
        return 0
    return sum(_item_bytes(item) for item in items if type(item) is dict)


def _item_bytes(item: Mapping[str, Any]) -> int:
    length = _text_bytes(item, ("name", "arguments", "input", "code"))
    for parts in (item.get("content"), item.get("summary")):
        if type(parts) is list:
            length += sum(_text_bytes(part, ("text", "refusal")) for part in parts if type(part) is dict)
    return length


def _text_bytes(value: Mapping[str, Any], names: tuple[str, ...]) -> int:
    return sum(utf8_length(value[name]) for name in names if type(value.get(name)) is str)


_PLAIN = Event()
_DONE_EVENT = Event(terminal=True)


def read_event(data: bytes) -> Event:
    """Read the data of one frame; raises ValueError where it is not JSON."""
    if data == b"[DONE]":  # some servers end every stream with it
        return _DONE_EVENT
    event = orjson.loads(data)
    if type(event) is not dict:
        return _PLAIN
    kind = event.get("type")
    if type(kind) is not str:
        return Event(error=_failure(event)) if event.get("error") else _PLAIN
    if kind.endswith(".delta"):
        delta = event.get("delta")
        return Event(text_bytes=utf8_length(delta)) if type(delta) is str and kind != SOUND else _PLAIN
    if kind in COMPLETE:
        return Event(counts=_response_counts(event), finished=1, terminal=True)
    if kind == "response.failed":
        response = event.get("response")
        reason = response if type(response) is dict else event
        return Event(counts=_response_counts(event), error=_failure(reason))
    if kind == "error":
        return Event(error=_failure(event))
    if kind == "response.output_item.added":  # its parts follow as deltas; the name of a called tool does not
        item = event.get("item")
        return Event(text_bytes=_text_bytes(item, ("name",))) if type(item) is dict else _PLAIN
    return _PLAIN


def _response_counts(event: Mapping[str, Any]) -> Counts | None:
    response = event.get("response")
    return body_counts(response) if type(response) is dict else None


def _failure(body: Mapping[str, Any]) -> str:
    return error_message(body) or "the upstream reported an error"


def error_frame(message: str, error_type: str, code: str | None) -> bytes:
    """`response.failed` for a stream that is not ours to describe: the response in it says that it failed, and why.

    It has the fields that a response must have, and none of the values that the provider's own had; a usage may be missing and
    not null.
    """
    response = {
        "id": "resp_failed",
        "object": "response",
        "created_at": 0,
        "status": "failed",
        "error": {"code": failure_code(code), "message": message},
        "incomplete_details": None,
        "instructions": None,
        "model": "",
        "output": [],
        "parallel_tool_calls": True,
        "metadata": {},
        "tool_choice": "auto",
        "tools": [],
        "temperature": None,
        "top_p": None,
    }
    return frame("response.failed", {"type": "response.failed", "sequence_number": 0, "response": response})


def failure_code(code: str | None) -> str:
    """The vendor's word for a failure; its list has few, and clients know how to read those."""
    return "rate_limit_exceeded" if code == "rate_limit_exceeded" else "server_error"


def frame(name: str, event: Mapping[str, Any]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(event) + b"\n\n"


RESPONSES = Dialect(
    name="responses",
    credentials=OPENAI.credentials,
    forwarded_headers=OPENAI.forwarded_headers,
    measure=measure,
    prepare=prepare,
    wants_usage_frame=wants_usage_frame,
    body_counts=body_counts,
    body_text_bytes=body_text_bytes,
    read_event=read_event,
    input_usage=OPENAI.input_usage,
    output_tokens=OPENAI.output_tokens,
    no_output=OPENAI.no_output,
    error_frame=error_frame,
    terminal_frame=DONE,
    heartbeat=OPENAI.heartbeat,
)

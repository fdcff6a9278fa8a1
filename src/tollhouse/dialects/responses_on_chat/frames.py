"""A stream of a chat completion as the events of a response. Pure; one object holds one stream's state."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from tollhouse.dialects.base import error_message
from tollhouse.dialects.reported import reported_error
from tollhouse.dialects.responses import failure_code
from tollhouse.dialects.responses_on_chat.open_items import NamedEvent, OpenCall, OpenItem, OpenMessage, OpenReasoning
from tollhouse.dialects.responses_on_chat.response import (
    annotations_of,
    begun,
    ended,
    incomplete_by,
    kept_of,
    logprobs_of,
    name_of,
    optional_text,
    thought_of,
)
from tollhouse.dialects.shapes import dump, mapping, objects
from tollhouse.dialects.translation import Frames


class ResponseFrames:
    """OpenAI's chunks in, the events of a response out.

    Thoughts and texts are one item after the other. Calls stay open until the end, because servers may write several at once;
    so the last item of the output is always open.
    """

    __slots__ = (
        "_calls", "_created_s", "_events", "_items", "_kept", "_last_call", "_name", "_over", "_reason", "_request", "_response",
        "_sequence", "_text", "_usage",
    )  # fmt: skip

    def __init__(self, request: Mapping[str, Any], created_s: int) -> None:
        self._request = request
        self._created_s = created_s
        self._response: dict[str, Any] = {}  # as the first events have it, and without its output the last
        self._name = ""
        self._items: list[OpenItem] = []
        self._text: OpenMessage | OpenReasoning | None = None  # the one that is open
        self._calls: dict[Any, OpenCall] = {}  # by upstream's number, or where it gives none by its id
        self._last_call: Any = None
        self._events: list[bytes] = []  # of the frame that is being fed
        self._sequence = 0
        self._reason: Any = None
        self._usage: Any = None
        self._kept: dict[str, Any] = {}  # what upstream says of the answer as a whole, beside its usage
        self._over = False

    def feed(self, data: bytes) -> bytes:
        if self._over or data == b"[DONE]":
            return b""
        chunk = mapping(orjson.loads(data), "chunk")
        if not self._response:
            self._begin(chunk)
        error = chunk.get("error")
        if error is not None and "choices" not in chunk:
            self._fail(chunk)
            return self._written()
        for choice in objects(chunk.get("choices") or [], "choices"):
            if not choice.get("index"):  # only one answer was asked for
                self._choice(choice)
        if chunk.get("usage") is not None:
            self._usage = chunk["usage"]
        if "service_tier" in chunk or "moderation" in chunk:
            self._kept.update(kept_of(chunk))
        return self._written()

    def end(self) -> bytes:
        if self._over:
            return b""
        self._over = True
        if not self._response:
            self._begin({})
        last = "incomplete" if incomplete_by(self._reason) else "completed"
        for call in self._calls.values():
            self._close(call, last if call is self._items[-1] else "completed")
        self._close_text(last)
        output = [item.item for item in self._items]
        response = {**ended(self._response, output, self._reason, self._usage), **self._kept}
        self._emit(f"response.{response['status']}", {"response": response})
        return self._written()

    def _begin(self, chunk: Mapping[str, Any]) -> None:
        self._name = name_of(chunk)
        self._response = begun(self._request, chunk, self._created_s)
        self._emit("response.created", {"response": self._response})
        self._emit("response.in_progress", {"response": self._response})

    def _fail(self, chunk: Mapping[str, Any]) -> None:
        self._over = True  # nothing may follow it (WIRE.md 14)
        error = reported_error(chunk, error_message(chunk) or "the upstream reported an error")
        told = {"code": failure_code(error.error_code), "message": error.message}
        self._emit("response.failed", {"response": {**self._response, "status": "failed", "error": told}})

    def _choice(self, choice: Mapping[str, Any]) -> None:
        delta = mapping(choice.get("delta") or {}, "choices[].delta")
        if len(delta) > 1 or "content" not in delta:  # most have nothing else
            self._think(delta)
        content = optional_text(delta, "content")
        if content:
            logprobs = choice.get("logprobs")
            self._emit_all(self._message().say(content, logprobs_of(logprobs) if logprobs else []))
        if len(delta) > 1 or not content:
            self._add(delta)
        if choice.get("finish_reason") is not None:
            self._reason = choice["finish_reason"]

    def _think(self, delta: Mapping[str, Any]) -> None:
        thought = thought_of(delta)
        details = objects(delta.get("reasoning_details") or [], "reasoning_details")
        if not thought and not details:
            return
        reasoning = self._text
        if not isinstance(reasoning, OpenReasoning):
            self._text = reasoning = OpenReasoning(*self._next())
            self._begin_item(reasoning)
        reasoning.keep(details)
        if thought:
            self._emit_all(reasoning.think(thought))

    def _add(self, delta: Mapping[str, Any]) -> None:
        """What a delta may have beside thoughts and text."""
        annotations = annotations_of(delta.get("annotations"))
        if annotations:
            self._emit_all(self._message().cite(annotations))
        refusal = optional_text(delta, "refusal")
        if refusal:
            self._emit_all(self._message().refuse(refusal))
        for call in objects(delta.get("tool_calls") or [], "tool_calls"):
            self._call(call)

    def _message(self) -> OpenMessage:
        message = self._text
        if not isinstance(message, OpenMessage):
            self._text = message = OpenMessage(*self._next())
            self._begin_item(message)
        return message

    def _call(self, delta: Mapping[str, Any]) -> None:
        custom = delta.get("type") == "custom" or "custom" in delta
        tool = mapping(delta.get("custom" if custom else "function") or {}, "tool_calls[]")
        name = optional_text(tool, "name")
        number, call_id = delta.get("index"), optional_text(delta, "id")
        key = number if type(number) is int else call_id or self._last_call
        call = self._calls.get(key)
        if call is None:
            call = self._calls[key] = OpenCall(*self._next(), call_id, name, custom=custom)
            self._begin_item(call)
        self._last_call = key
        self._emit_all(call.write(name, optional_text(tool, "input" if custom else "arguments")))

    def _next(self) -> tuple[str, int]:
        """The name and the index of an item that begins now, before which an open text has ended."""
        self._close_text("completed")
        return f"{self._name}_{len(self._items)}", len(self._items)

    def _begin_item(self, item: OpenItem) -> None:
        self._items.append(item)
        self._emit("response.output_item.added", {"output_index": item.place["output_index"], "item": item.item})

    def _close_text(self, status: str) -> None:
        if self._text is not None:
            self._close(self._text, status)
            self._text = None

    def _close(self, item: OpenItem, status: str) -> None:
        self._emit_all(item.close(status))
        self._emit("response.output_item.done", {"output_index": item.place["output_index"], "item": item.item})

    def _emit_all(self, events: Iterable[NamedEvent]) -> None:
        for name, fields in events:
            self._emit(name, fields)

    def _emit(self, name: str, fields: Mapping[str, Any]) -> None:
        event = {"type": name, "sequence_number": self._sequence, **fields}
        self._sequence += 1
        self._events.append(b"event: " + name.encode() + b"\ndata: " + dump(event, "chunk") + b"\n\n")

    def _written(self) -> bytes:
        written = b"".join(self._events)
        self._events.clear()
        return written


def frames(request: Mapping[str, Any], /, *, created_s: int = 0) -> Frames:
    """Begin the stream that answers a client's own request; `created_s` stands in where upstream has no time."""
    return ResponseFrames(request, created_s)

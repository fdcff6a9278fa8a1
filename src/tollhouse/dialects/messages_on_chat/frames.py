"""A stream of chat completion chunks as events of an Anthropic message. Pure; one object holds one stream's state."""

from collections.abc import Mapping
from typing import Any

import orjson

from tollhouse.dialects import anthropic
from tollhouse.dialects.base import error_message, failure_frame
from tollhouse.dialects.chat_and_messages import message_usage, stop_reason, tool_id
from tollhouse.dialects.messages_on_chat.answer import CALLER, MESSAGE_UNSAID, USAGE_UNSAID, text_block, thought_block
from tollhouse.dialects.reported import reported_error
from tollhouse.dialects.shapes import WrongShape, mapping, objects, text, whole_number
from tollhouse.dialects.translation import Frames

_TEXT = b'"text_delta","text":'
_THINKING = b'"thinking_delta","thinking":'
_SIGNATURE = b'"signature_delta","signature":'
_ARGUMENTS = b'"input_json_delta","partial_json":'


def _event(kind: bytes, body: Mapping[str, Any]) -> bytes:
    return b"event: " + kind + b"\ndata: " + orjson.dumps({"type": kind.decode(), **body}) + b"\n\n"


def _delta(index: int, kind: bytes, value: str) -> bytes:
    head = b'event: content_block_delta\ndata: {"type":"content_block_delta","index":%d,"delta":{"type":' % index
    return head + kind + orjson.dumps(value) + b"}}\n\n"


class MessageFrames:
    """OpenAI's chunks in, Anthropic's events out.

    Text and thoughts end when something else begins. Tool calls stay open to the end of the choice: OpenAI may go on with
    any of them, and a block that has ended cannot go on.
    """

    __slots__ = (
        "_blocks",
        "_calls",
        "_failed",
        "_model",
        "_open",
        "_open_index",
        "_reason",
        "_refuses",
        "_started",
        "_usage",
    )

    def __init__(self, request: Mapping[str, Any]) -> None:
        self._model = request.get("model")
        self._started = False
        self._failed = False
        self._blocks = 0  # how many have begun
        self._open: tuple[str, int] | None = None  # the text or the thought that is being told, and which thought
        self._open_index = 0  # its block
        self._calls: dict[int, int] = {}  # OpenAI's index of a tool call: its block
        self._reason: Any = None
        self._refuses = False
        self._usage: Mapping[str, Any] = {}

    def feed(self, data: bytes) -> bytes:
        if data == b"[DONE]" or self._failed:
            return b""
        chunk = orjson.loads(data)
        if type(chunk) is not dict:
            return b""
        if chunk.get("error") is not None and "choices" not in chunk:
            return self._error(chunk)
        usage = chunk.get("usage")
        if type(usage) is dict:
            message_usage(usage)  # an absurd count is upstream's error now, not at the end
            self._usage = usage
        begun = b"" if self._started else self._start(chunk)
        choices = chunk.get("choices")
        if type(choices) is not list or not choices:
            return begun
        return begun + b"".join([self._choice(choice) for choice in objects(choices, "choices")])

    def end(self) -> bytes:
        if self._failed:
            return b""
        begun = b"" if self._started else self._start({})
        counts = message_usage(self._usage)
        reason = stop_reason(self._reason, bool(self._calls), self._refuses)
        delta = {"stop_reason": reason, **MESSAGE_UNSAID}
        last = _event(b"message_delta", {"delta": delta, "usage": {"server_tool_use": None, **counts}})
        return begun + self._stop_blocks() + last + anthropic.MESSAGE_STOP

    def _start(self, chunk: Mapping[str, Any]) -> bytes:
        """The begin of the message, with the input that is known so far: most servers tell it at the end."""
        model = chunk.get("model") or self._model or ""
        message: dict[str, Any] = {
            "id": text(chunk.get("id") or "msg_0", "id"),
            "type": "message",
            "role": "assistant",
            "model": text(model, "model"),
            "content": [],
            "stop_reason": None,
            **MESSAGE_UNSAID,
            "usage": {**USAGE_UNSAID, **message_usage(self._usage)},
        }
        self._started = True
        return _event(b"message_start", {"message": message})

    def _choice(self, choice: Mapping[str, Any]) -> bytes:
        if choice.get("index", 0) != 0:
            return b""  # only one answer was asked for
        delta = choice.get("delta")
        said = self._said(mapping(delta, "choices[].delta")) if delta else b""
        if choice.get("finish_reason") is None:
            return said
        self._reason = choice["finish_reason"]
        return said + self._stop_told()

    def _said(self, delta: Mapping[str, Any]) -> bytes:
        written = delta.get("content")
        if written and len(delta) == 1:  # as most chunks are
            return self._text(written)
        out = self._thoughts(delta)
        if written:
            out += self._text(written)
        if delta.get("refusal"):
            self._refuses = True
            out += self._text(delta["refusal"])
        calls = delta.get("tool_calls")
        if calls:
            out += b"".join([self._call(call) for call in objects(calls, "choices[].delta.tool_calls")])
        return out

    def _text(self, value: Any) -> bytes:
        written = text(value, "choices[].delta.content")
        begun = self._open_block(("text", 0), text_block(""))
        return begun + _delta(self._open_index, _TEXT, written)

    def _thoughts(self, delta: Mapping[str, Any]) -> bytes:
        """Thoughts: block by block where upstream has `reasoning_details`, else as they are told."""
        details = delta.get("reasoning_details")
        found = []
        for detail in objects(details, "choices[].delta.reasoning_details") if details else []:
            block = thought_block(detail)
            if block is not None:
                found.append(self._thought(block, whole_number(detail.get("index", 0), "reasoning_details[].index")))
        if found:
            return b"".join(found)
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        if not thought:
            return b""
        return self._thought({"type": "thinking", "thinking": text(thought, "reasoning_content"), "signature": ""}, 0)

    def _thought(self, block: Mapping[str, Any], number: int) -> bytes:
        if block["type"] == "redacted_thinking":
            return self._open_block(("redacted", number), block) + self._stop_told()
        out = self._open_block(("thinking", number), {"type": "thinking", "thinking": "", "signature": ""})
        if block["thinking"]:
            out += _delta(self._open_index, _THINKING, block["thinking"])
        return out + _delta(self._open_index, _SIGNATURE, block["signature"]) if block["signature"] else out

    def _call(self, call: Mapping[str, Any]) -> bytes:
        number = whole_number(call.get("index", len(self._calls)), "choices[].delta.tool_calls[].index")
        function = mapping(call.get("function") or {}, "choices[].delta.tool_calls[].function")
        begun = b""
        if number not in self._calls:
            name = text(function.get("name"), "choices[].delta.tool_calls[].function.name")
            if not name:
                raise WrongShape("choices[].delta.tool_calls[].function.name", "the name of a tool")
            given = text(call.get("id") or f"call_{number}", "choices[].delta.tool_calls[].id")
            block = {"type": "tool_use", "id": tool_id(given), "name": name, "input": {}, "caller": CALLER}
            self._calls[number] = self._blocks
            begun = self._stop_told() + self._begin_block(block)
        pieces = function.get("arguments")
        if not pieces:
            return begun
        return begun + _delta(
            self._calls[number], _ARGUMENTS, text(pieces, "choices[].delta.tool_calls[].function.arguments")
        )

    def _open_block(self, told: tuple[str, int], block: Mapping[str, Any]) -> bytes:
        """Begin a text or a thought, unless it is the one that is open."""
        if self._open == told:
            return b""
        stopped = self._stop_told()
        self._open, self._open_index = told, self._blocks
        return stopped + self._begin_block(block)

    def _begin_block(self, block: Mapping[str, Any]) -> bytes:
        self._blocks += 1
        return _event(b"content_block_start", {"index": self._blocks - 1, "content_block": block})

    def _stop_told(self) -> bytes:
        """The end of the text or the thought that is open."""
        if self._open is None:
            return b""
        self._open = None
        return _event(b"content_block_stop", {"index": self._open_index})

    def _stop_blocks(self) -> bytes:
        calls = [_event(b"content_block_stop", {"index": index}) for index in self._calls.values()]
        return self._stop_told() + b"".join(calls)

    def _error(self, chunk: Mapping[str, Any]) -> bytes:
        self._failed = True  # nothing may follow it (WIRE.md 14)
        told = error_message(chunk) or "the upstream reported an error"
        return failure_frame(anthropic.ANTHROPIC, reported_error(chunk, told))


def frames(request: Mapping[str, Any], /, *, created_s: int = 0) -> Frames:
    """Begin the stream that answers a client's own request; Anthropic's events have no time."""
    return MessageFrames(request)

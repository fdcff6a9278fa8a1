"""A stream of Anthropic messages as chunks of chat completions. Pure; one object holds one stream's state."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from tollhouse.dialects import openai
from tollhouse.dialects.base import error_message, failure_frame
from tollhouse.dialects.chat_and_messages import chat_usage, finish_reason, message_counts
from tollhouse.dialects.reported import reported_error
from tollhouse.dialects.shapes import dump, mapping, text, whole_number
from tollhouse.dialects.translation import Frames


class ChatFrames:
    """Anthropic's events in, OpenAI's chunks out. What a client sees of a block depends only on the block's index."""

    __slots__ = (
        "_arguments",
        "_calls",
        "_counts",
        "_created_s",
        "_details",
        "_ended",
        "_failed",
        "_head",
        "_model",
        "_wants_usage",
    )

    def __init__(self, request: Mapping[str, Any], created_s: int) -> None:
        self._wants_usage = openai.wants_usage_frame(request)
        self._model = request.get("model")
        self._created_s = created_s
        self._head = b""  # of every chunk, up to its choices; known once the message began
        self._calls: dict[int, int] = {}  # a block's index: which of the tool calls it is
        self._details: dict[int, int] = {}  # a block's index: which of the thoughts it is
        self._arguments: dict[int, Any] = {}  # a call's block index: its input, until arguments came in pieces
        self._counts: dict[str, Any] = {}
        self._ended = False
        self._failed = False

    def feed(self, data: bytes) -> bytes:
        event = orjson.loads(data)
        if type(event) is not dict or self._failed:
            return b""
        kind = event.get("type")
        if kind == "content_block_delta":
            return self._block_delta(event)
        if kind == "error" or (kind is None and event.get("error")):  # some servers send OpenAI's shape here
            return self._error(event)
        handle = _HANDLERS.get(kind) if type(kind) is str else None
        return handle(self, event) if handle is not None else b""

    def end(self) -> bytes:
        if self._failed:
            return b""
        last = b"" if self._ended else self._finish("tool_calls" if self._calls else "stop")
        if self._wants_usage and self._counts:
            usage = dump(chat_usage(self._counts), "usage")
            last += self._begun() + b'],"usage":' + usage + b"}\n\n"
        return last + openai.DONE

    def _begin(self, event: Mapping[str, Any]) -> bytes:
        message = mapping(event.get("message"), "message")
        if self._head:
            return b""
        self._counts.update(message_counts(message.get("usage")))
        return self._start(text(message.get("id"), "message.id"), text(message.get("model"), "message.model"))

    def _start(self, name: str, model: str) -> bytes:
        """The first chunk, which says who speaks; and what all chunks have in common, written once."""
        opening = {"id": name, "object": "chat.completion.chunk", "created": self._created_s, "model": model}
        self._head = b"data: " + dump(opening, "message")[:-1] + b',"choices":['
        return self._chunk(b'{"role":"assistant"}')

    def _begun(self) -> bytes:
        """The head of a chunk; where upstream never began its message, one made of the request."""
        if not self._head:
            self._start("chatcmpl-0", self._model if type(self._model) is str else "")
        return self._head

    def _chunk(self, delta: bytes) -> bytes:
        return self._begun() + b'{"index":0,"delta":' + delta + b',"finish_reason":null}]}\n\n'

    def _finish(self, reason: str) -> bytes:
        self._ended = True
        return self._begun() + b'{"index":0,"delta":{},"finish_reason":"' + reason.encode() + b'"}]}\n\n'

    def _block_start(self, event: Mapping[str, Any]) -> bytes:
        index = whole_number(event.get("index"), "index")
        block = mapping(event.get("content_block"), "content_block")
        kind = block.get("type")
        if kind == "text":
            return self._text(block.get("text", ""))
        if kind == "thinking":
            self._details[index] = len(self._details)
            return self._thought(index, block.get("thinking") or "") + self._signature(
                index, block.get("signature") or ""
            )
        if kind == "redacted_thinking":
            self._details[index] = len(self._details)
            return self._detail(index, b'"reasoning.encrypted","data":', block.get("data"))
        return self._call(index, block) if kind == "tool_use" else b""

    def _call(self, index: int, block: Mapping[str, Any]) -> bytes:
        number = self._calls[index] = len(self._calls)
        self._arguments[index] = mapping(block.get("input", {}), "content_block.input")
        call = {
            "index": number,
            "id": text(block.get("id"), "content_block.id"),
            "type": "function",
            "function": {"name": text(block.get("name"), "content_block.name"), "arguments": ""},
        }
        return self._chunk(b'{"tool_calls":[' + orjson.dumps(call) + b"]}")

    def _block_delta(self, event: Mapping[str, Any]) -> bytes:
        delta = mapping(event.get("delta"), "delta")
        kind = delta.get("type")
        if kind == "text_delta":
            return self._text(delta.get("text"))
        index = whole_number(event.get("index"), "index")
        if kind == "input_json_delta":
            return self._pieces(index, text(delta.get("partial_json"), "delta.partial_json"))
        if kind == "thinking_delta":
            return self._thought(index, delta.get("thinking"))
        return self._signature(index, delta.get("signature")) if kind == "signature_delta" else b""

    def _block_stop(self, event: Mapping[str, Any]) -> bytes:
        """A call whose arguments did not come in pieces has them from its start: `{}` where a tool takes none."""
        index = whole_number(event.get("index"), "index")
        if index not in self._arguments:
            return b""
        return self._pieces(index, dump(self._arguments[index], "content_block.input").decode())

    def _text(self, value: Any) -> bytes:
        written = text(value, "delta.text")
        return self._chunk(b'{"content":' + orjson.dumps(written) + b"}") if written else b""

    def _pieces(self, index: int, written: str) -> bytes:
        if index not in self._calls or not written:
            return b""  # of one of the provider's own tools, or a first piece without anything
        self._arguments.pop(index, None)
        head = b'{"tool_calls":[{"index":%d,"function":{"arguments":' % self._calls[index]
        return self._chunk(head + orjson.dumps(written) + b"}}]}")

    def _thought(self, index: int, value: Any) -> bytes:
        """Thoughts come twice: to read, and block by block with what Anthropic needs to take them back."""
        thought = text(value, "delta.thinking")
        if not thought or index not in self._details:
            return b""
        written = orjson.dumps(thought)
        head = b'{"reasoning_content":' + written + b',"reasoning_details":[{"index":%d,' % self._details[index]
        return self._chunk(head + b'"type":"reasoning.text","text":' + written + b"}]}")

    def _signature(self, index: int, value: Any) -> bytes:
        signature = text(value, "delta.signature")
        if not signature or index not in self._details:
            return b""
        return self._detail(index, b'"reasoning.text","signature":', signature)

    def _detail(self, index: int, head: bytes, value: Any) -> bytes:
        written = orjson.dumps(text(value, "delta"))
        head = b'{"reasoning_details":[{"index":%d,"type":' % self._details[index] + head
        return self._chunk(head + written + b"}]}")

    def _message_delta(self, event: Mapping[str, Any]) -> bytes:
        self._counts.update(message_counts(event.get("usage")))
        reason = mapping(event.get("delta", {}), "delta").get("stop_reason")
        return self._finish(finish_reason(reason)) if reason is not None and not self._ended else b""

    def _error(self, event: Mapping[str, Any]) -> bytes:
        self._failed = True  # nothing may follow it (WIRE.md 14)
        told = error_message(event) or "the upstream reported an error"
        return failure_frame(openai.OPENAI, reported_error(event, told))


_HANDLERS: Mapping[str, Callable[[ChatFrames, Mapping[str, Any]], bytes]] = {
    "message_start": ChatFrames._begin,
    "content_block_start": ChatFrames._block_start,
    "content_block_stop": ChatFrames._block_stop,
    "message_delta": ChatFrames._message_delta,
}


def frames(request: Mapping[str, Any], /, *, created_s: int = 0) -> Frames:
    """Begin the stream that answers a client's own request; `created_s` is its time (Unix, seconds)."""
    return ChatFrames(request, created_s)

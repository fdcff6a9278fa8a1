"""The two formats that text is asked for in, so that one test proves a rule for both of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.gateway import chat, message
from tests.upstream import (
    Reply,
    anthropic_message,
    anthropic_stream,
    finish,
    frame,
    openai_chat,
    openai_stream,
    stream,
)


@dataclass(frozen=True)
class Wire:
    """One format: its endpoint, what `tests.relaying` serves there, and how a provider answers and counts in it."""

    name: str
    dialect: str
    path: str
    ask: Callable[..., dict[str, Any]]
    solo: str
    pooled: str
    cached: str  # a model with prices for its cache
    input_field: str
    output_field: str
    whole: Callable[..., Reply]
    streamed: Callable[..., Reply]

    def usage(self, prompt: Any = 11, output: Any = 7, **fields: Any) -> dict[str, Any]:
        return {self.input_field: prompt, self.output_field: output, **fields}

    def answer(self, streaming: bool, text: str = "Hello there", **fields: Any) -> Reply:
        """A whole answer, in one piece or streamed; `usage=None` leaves the count out."""
        return self.streamed([text], **fields) if streaming else self.whole(text, **fields)

    def begun(self, text: str, end: Reply) -> Reply:
        """A stream that delivers this much and goes no further; Anthropic's has told its input by then."""
        if self is CHAT:
            return openai_stream([text], usage=None, done=False, finish_reason=None, end=end)
        return anthropic_stream([text], complete=False, end=end)

    def counting(self, text: str, counts: Iterable[Mapping[str, Any]], end: Reply = finish) -> Reply:
        """A stream that says after its text what has been used so far, again and again, and then ends without a last frame."""
        return stream([*self.text(text), *(self._count(count) for count in counts)], end=end)

    def text(self, text: str) -> list[bytes]:
        if self is CHAT:
            return [frame({"choices": [{"index": 0, "delta": {"content": text}}]})]
        start = {"type": "message_start", "message": {"type": "message", "content": []}}
        delta = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}
        return [frame(start, "message_start"), frame(delta, "content_block_delta")]

    def error(self, text: str) -> bytes:
        event = {"error": {"type": "overloaded_error", "message": text}}
        return frame(event) if self is CHAT else frame({"type": "error", **event}, "error")

    def _count(self, count: Mapping[str, Any]) -> bytes:
        if self is CHAT:
            return frame({"choices": [{"index": 0, "delta": {}}], "usage": count})
        return frame({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": count}, "message_delta")


CHAT = Wire(
    "chat", "openai", "chat/completions", chat, "solo", "pooled", "gpt-test", "prompt_tokens", "completion_tokens",
    openai_chat, openai_stream,
)  # fmt: skip
MESSAGES = Wire(
    "messages", "anthropic", "messages", message, "claude-solo", "claude-pooled", "claude-test", "input_tokens", "output_tokens",
    anthropic_message, anthropic_stream,
)  # fmt: skip
WIRES = (CHAT, MESSAGES)

"""The ways a call can take: an operation and what serves it, in its own format or through a translation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fuzz.gateway import ANTHROPIC, EMBEDDING, MODERATION, OPENAI


@dataclass(frozen=True, slots=True)
class Way:
    """`client` and `upstream` are the formats on both sides; `body` is what is asked."""

    client: str
    upstream: str
    path: str
    body: Mapping[str, Any]
    streams: bool
    charged: bool = True
    written: bool = True  # whether an answer is text, so that its length can be an estimate

    @property
    def name(self) -> str:
        return f"{self.client} on {self.upstream}" if self.client != self.upstream else self.client

    @property
    def model(self) -> str:
        return str(self.body["model"])


_TALK = [{"role": "user", "content": "Hello!"}]
_LIMIT = 1_000

WAYS = (
    Way("chat", "chat", "/v1/chat/completions", {"model": OPENAI, "messages": _TALK, "max_tokens": _LIMIT}, True),
    Way("chat", "messages", "/v1/chat/completions", {"model": ANTHROPIC, "messages": _TALK, "max_tokens": _LIMIT}, True),
    Way("completions", "completions", "/v1/completions", {"model": OPENAI, "prompt": "Hello!", "max_tokens": _LIMIT}, True),
    Way("responses", "responses", "/v1/responses", {"model": OPENAI, "input": "Hello!", "max_output_tokens": _LIMIT}, True),
    Way("responses", "chat", "/v1/responses", {"model": "llama-2-7b", "input": "Hello!", "max_output_tokens": _LIMIT}, True),
    Way("messages", "messages", "/v1/messages", {"model": ANTHROPIC, "messages": _TALK, "max_tokens": _LIMIT}, True),
    Way("messages", "chat", "/v1/messages", {"model": OPENAI, "messages": _TALK, "max_tokens": _LIMIT}, True),
    Way("count_tokens", "count_tokens", "/v1/messages/count_tokens", {"model": ANTHROPIC, "messages": _TALK}, False,
        charged=False, written=False),
    Way("embeddings", "embeddings", "/v1/embeddings", {"model": EMBEDDING, "input": "Hello!"}, False, written=False),
    Way("embeddings", "embeddings", "/v1/embeddings",
        {"model": EMBEDDING, "input": "Hello!", "encoding_format": "base64"}, False, written=False),
    Way("moderations", "moderations", "/v1/moderations", {"model": MODERATION, "input": "Hello!"}, False, written=False),
)  # fmt: skip

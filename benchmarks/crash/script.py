"""Both ends of an operation: the request that a client sends, and what the scripted upstream answers to it.

The prompt is the operation itself, as JSON, so the upstream needs to know nothing of the plan.
"""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from benchmarks.crash.plan import (
    CHAT,
    CHAT_STREAM,
    EMBEDDING,
    FAILING,
    MESSAGE,
    MESSAGE_STREAM,
    STREAMS,
    Operation,
)
from tests.gateway import chat, message
from tests.upstream import (
    Connection,
    Reply,
    Request,
    after,
    anthropic_message,
    anthropic_stream,
    openai_chat,
    openai_embeddings,
    openai_stream,
    status,
    usage,
)

MODELS = {
    CHAT: "gpt-test", CHAT_STREAM: "gpt-test", FAILING: "gpt-test", EMBEDDING: "embed-test",
    MESSAGE: "claude-test", MESSAGE_STREAM: "claude-test",
}  # fmt: skip
CHAT_END = b"data: [DONE]\n\n"
MESSAGE_END = b"event: message_stop\n"


def request_of(operation: Operation) -> tuple[str, dict[str, Any]]:
    """The path and the body that ask for an operation."""
    prompt = json.dumps(dataclasses.asdict(operation))
    if operation.kind == EMBEDDING:
        return "/v1/embeddings", {"model": MODELS[EMBEDDING], "input": prompt}
    if operation.kind in (MESSAGE, MESSAGE_STREAM):
        return "/v1/messages", message(prompt, stream=operation.kind == MESSAGE_STREAM)
    return "/v1/chat/completions", chat(prompt, stream=operation.kind == CHAT_STREAM)


def is_whole(operation: Operation, body: bytes) -> bool:
    """Whether a client that has these bytes has the complete answer, however the connection ended."""
    if operation.kind == CHAT_STREAM:
        return body.endswith(CHAT_END)
    if operation.kind == MESSAGE_STREAM:
        return body.endswith(b"\n\n") and body[:-2].rpartition(b"\n\n")[2].startswith(MESSAGE_END)
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


async def obey(request: Request, connection: Connection) -> None:
    """Answer as the operation in the prompt says; the script of the upstream."""
    await reply_to(_operation_in(request.json()))(request, connection)


def reply_to(operation: Operation) -> Reply:
    """What the upstream does for an operation."""
    if operation.kind in STREAMS:
        texts = [f"frame {number} " for number in range(operation.frames)]
        if operation.kind == CHAT_STREAM:
            return openai_stream(texts, openai_usage(operation), delay_s=operation.delay_s)
        return anthropic_stream(texts, anthropic_usage(operation), delay_s=operation.delay_s)
    whole = {
        CHAT: openai_chat(usage=openai_usage(operation)),
        MESSAGE: anthropic_message(usage=anthropic_usage(operation)),
        EMBEDDING: openai_embeddings(prompt_tokens=operation.input_tokens),
        FAILING: status(500),
    }[operation.kind]
    return after(operation.delay_s, whole)


def openai_usage(operation: Operation) -> dict[str, Any]:
    """OpenAI counts cached tokens among those of the prompt."""
    prompt = operation.input_tokens + operation.cached_tokens
    return usage(prompt, operation.output_tokens, operation.cached_tokens)


def anthropic_usage(operation: Operation) -> dict[str, Any]:
    return {
        "input_tokens": operation.input_tokens,
        "cache_read_input_tokens": operation.cached_tokens,
        "output_tokens": operation.output_tokens,
    }


def _operation_in(body: Mapping[str, Any]) -> Operation:
    prompt = body["input"] if "input" in body else body["messages"][-1]["content"]
    return Operation(**json.loads(prompt))

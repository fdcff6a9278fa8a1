"""An Anthropic message as a chat completion. Pure."""

from collections.abc import Mapping
from typing import Any

from tollhouse.dialects.chat_and_messages import chat_usage, finish_reason, message_counts
from tollhouse.dialects.shapes import mapping, objects, spelled, text


def answer(message: Mapping[str, Any], request: Mapping[str, Any], /, *, created_s: int = 0) -> dict[str, Any]:
    """OpenAI's answer for Anthropic's; the client's own request says nothing that changes it.

    Raises ValueError where the message is not what Anthropic's format allows.
    """
    blocks = objects(message.get("content"), "content")
    choice = {
        "index": 0,
        "message": _message(blocks),
        "logprobs": None,  # required by OpenAI's document
        "finish_reason": finish_reason(message.get("stop_reason")),
    }
    completion = {
        "id": text(message.get("id"), "id"),
        "object": "chat.completion",
        "created": created_s,
        "model": text(message.get("model"), "model"),
        "choices": [choice],
    }
    counts = message_counts(message.get("usage"))
    return {**completion, "usage": chat_usage(counts)} if counts else completion


def _message(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    texts = [text(block.get("text"), "content[text].text") for block in blocks if block.get("type") == "text"]
    message: dict[str, Any] = {"role": "assistant", "content": "".join(texts) or None, "refusal": None}
    details = _details(blocks)
    if details:
        thoughts = "".join(detail.get("text", "") for detail in details)
        message.update({"reasoning_content": thoughts} if thoughts else {}, reasoning_details=details)
    calls = [_call(block) for block in blocks if block.get("type") == "tool_use"]
    return {**message, "tool_calls": calls} if calls else message


def _details(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The thoughts, block by block, with what Anthropic needs to take them back."""
    details: list[dict[str, Any]] = []
    for block in blocks:
        if block.get("type") == "thinking":
            thought = text(block.get("thinking"), "content[thinking].thinking")
            signature = text(block.get("signature", ""), "content[thinking].signature")
            details.append({"index": len(details), "type": "reasoning.text"})
            details[-1].update({"text": thought} if thought else {}, **({"signature": signature} if signature else {}))
        elif block.get("type") == "redacted_thinking":
            data = text(block.get("data"), "content[redacted_thinking].data")
            details.append({"index": len(details), "type": "reasoning.encrypted", "data": data})
    return details


def _call(block: Mapping[str, Any]) -> dict[str, Any]:
    arguments = mapping(block.get("input"), "content[tool_use].input")
    return {
        "id": text(block.get("id"), "content[tool_use].id"),
        "type": "function",
        "function": {
            "name": text(block.get("name"), "content[tool_use].name"),
            "arguments": spelled(arguments, "content[tool_use].input"),
        },
    }

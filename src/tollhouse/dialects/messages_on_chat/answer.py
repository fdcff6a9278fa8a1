"""A chat completion as an Anthropic message. Pure."""

from collections.abc import Mapping
from typing import Any

from tollhouse.dialects.chat_and_messages import message_usage, stop_reason, tool_id
from tollhouse.dialects.shapes import WrongShape, mapping, objects, parsed_object, text

# Required by Anthropic's document, and nothing of OpenAI's says what they are.
USAGE_UNSAID: Mapping[str, None] = {
    "cache_creation": None,
    "inference_geo": None,
    "server_tool_use": None,
    "service_tier": None,
}
MESSAGE_UNSAID: Mapping[str, None] = {"stop_sequence": None, "stop_details": None, "container": None}
CALLER: Mapping[str, str] = {"type": "direct"}  # the model called the tool itself


def answer(completion: Mapping[str, Any], request: Mapping[str, Any], /, *, created_s: int = 0) -> dict[str, Any]:
    """Anthropic's answer for OpenAI's first choice; neither the client's own request nor the time changes it.

    Raises ValueError where the completion is not what OpenAI's format allows.
    """
    choices = objects(completion.get("choices"), "choices")
    if not choices:
        raise WrongShape("choices", "at least one")
    message = mapping(choices[0].get("message"), "choices[].message")
    reason = choices[0].get("finish_reason")
    calls = [_tool_use(call, reason == "length") for call in _functions(message)]
    said = [_spoken(message.get(name), f"choices[].message.{name}") for name in ("content", "refusal")]
    usage = completion.get("usage")
    return {
        "id": text(completion.get("id"), "id"),
        "type": "message",
        "role": "assistant",
        "model": text(completion.get("model"), "model"),
        "content": [*_thoughts(message), *(text_block(words) for words in said if words), *calls],
        "stop_reason": stop_reason(reason, bool(calls), bool(said[1])),
        **MESSAGE_UNSAID,
        "usage": {**USAGE_UNSAID, **message_usage(usage if type(usage) is dict else {})},
    }


def text_block(words: str) -> dict[str, Any]:
    """A block of text. Anthropic's document wants `citations`; null there breaks a client, a list breaks none."""
    return {"type": "text", "text": words, "citations": []}


def _spoken(value: Any, where: str) -> str:
    """What is said: a text, or as some servers have it, parts."""
    if value is None:
        return ""
    if type(value) is list:
        return "".join(text(part.get("text", ""), where) for part in objects(value, where))
    return text(value, where)


def _functions(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    calls = message.get("tool_calls")
    called = objects(calls, "choices[].message.tool_calls") if calls is not None else []
    return [call for call in called if call.get("type") != "custom"]  # no messages client has such tools


def _thoughts(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    details = message.get("reasoning_details")
    blocks = [
        block
        for detail in (objects(details, "choices[].message.reasoning_details") if details is not None else [])
        if (block := thought_block(detail)) is not None
    ]
    if blocks:
        return blocks
    for name in ("reasoning_content", "reasoning"):
        thought = message.get(name)
        if thought:
            return [{"type": "thinking", "thinking": text(thought, f"choices[].message.{name}"), "signature": ""}]
    return []


def thought_block(detail: Mapping[str, Any]) -> dict[str, Any] | None:
    """The block for one of the `reasoning_details`; None for those of another kind, such as summaries."""
    where = "choices[].message.reasoning_details[]"
    if detail.get("type") == "reasoning.encrypted":
        return {"type": "redacted_thinking", "data": text(detail.get("data"), f"{where}.data")}
    if detail.get("type") != "reasoning.text":
        return None
    thought = text(detail.get("text") or "", f"{where}.text")
    return {
        "type": "thinking",
        "thinking": thought,
        "signature": text(detail.get("signature") or "", f"{where}.signature"),
    }


def _tool_use(call: Mapping[str, Any], cut_off: bool) -> dict[str, Any]:
    """The block for a call. Arguments that the limit cut off are none, because half an object cannot be said."""
    where = "choices[].message.tool_calls[]"
    function = mapping(call.get("function"), f"{where}.function")
    try:
        arguments = parsed_object(function.get("arguments") or "", f"{where}.function.arguments")
    except WrongShape:
        if not cut_off:
            raise
        arguments = {}
    return {
        "type": "tool_use",
        "id": tool_id(text(call.get("id"), f"{where}.id")),
        "name": text(function.get("name"), f"{where}.function.name"),
        "input": arguments,
        "caller": {**CALLER},
    }

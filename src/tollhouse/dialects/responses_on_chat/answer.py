"""A chat completion as a response. Pure."""

from collections.abc import Mapping
from typing import Any

from tollhouse.dialects.responses_on_chat.response import (
    annotations_of,
    begun,
    call_item,
    ended,
    incomplete_by,
    kept_of,
    logprobs_of,
    message_item,
    name_of,
    optional_text,
    reasoning_item,
    text_part,
    thought_of,
)
from tollhouse.dialects.responses_on_chat.thoughts import merged, sealed
from tollhouse.dialects.shapes import WrongShape, mapping, objects


def answer(completion: Mapping[str, Any], request: Mapping[str, Any], /, *, created_s: int = 0) -> dict[str, Any]:
    """The response for a chat completion and the client's own request.

    Raises ValueError where the completion is not what chat allows.
    """
    choices = objects(completion.get("choices"), "choices")
    if not choices:
        raise WrongShape("choices", "a list with an answer")
    reason = choices[0].get("finish_reason")
    output = _output(choices[0], name_of(completion), "incomplete" if incomplete_by(reason) else "completed")
    response = ended(begun(request, completion, created_s), output, reason, completion.get("usage"))
    return {**response, **kept_of(completion)}


def _output(choice: Mapping[str, Any], name: str, last: str) -> list[dict[str, Any]]:
    """The items: thoughts, then what is said, then calls. The last of them has the status `last`."""
    message = mapping(choice.get("message"), "choices[].message")
    thought = thought_of(message)
    details = merged(objects(message.get("reasoning_details") or [], "reasoning_details"))
    content = _content(message, choice.get("logprobs"))
    output: list[dict[str, Any]] = []
    if thought or details:
        kept = sealed(details) if details else None
        output.append(reasoning_item(f"rs_{name}_0", thought, kept, "completed"))
    if content:
        output.append(message_item(f"msg_{name}_{len(output)}", content, "completed"))
    for call in objects(message.get("tool_calls") or [], "tool_calls"):
        output.append(_call(call, f"{name}_{len(output)}"))
    if output and "status" in output[-1]:
        output[-1]["status"] = last
    return output


def _content(message: Mapping[str, Any], logprobs: Any) -> list[dict[str, Any]]:
    written, refusal = optional_text(message, "content"), optional_text(message, "refusal")
    parts = []
    if written:
        parts.append(text_part(written, annotations_of(message.get("annotations")), logprobs_of(logprobs)))
    if refusal:
        parts.append({"type": "refusal", "refusal": refusal})
    return parts


def _call(call: Mapping[str, Any], name: str) -> dict[str, Any]:
    custom = call.get("type") == "custom"
    tool = mapping(call.get("custom" if custom else "function"), "tool_calls[]")
    return call_item(
        f"{'ctc' if custom else 'fc'}_{name}",
        optional_text(call, "id") or f"call_{name}",
        optional_text(tool, "name"),
        optional_text(tool, "input" if custom else "arguments"),
        "completed",
        custom=custom,
    )

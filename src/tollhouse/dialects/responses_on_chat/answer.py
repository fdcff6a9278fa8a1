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
    calls = objects(message.get("tool_calls") or [], "tool_calls")
    makers: list[Any] = []
    if thought or details:
        makers.append(
            lambda n, status: reasoning_item(f"rs_{n}", thought, sealed(details) if details else None, status)
        )
    if content:
        makers.append(lambda n, status: message_item(f"msg_{n}", content, status))
    makers += [lambda n, status, call=call: _call(call, n, status) for call in calls]
    statuses = ["completed"] * (len(makers) - 1) + [last]
    return [make(f"{name}_{index}", status) for index, (make, status) in enumerate(zip(makers, statuses, strict=True))]


def _content(message: Mapping[str, Any], logprobs: Any) -> list[dict[str, Any]]:
    written, refusal = optional_text(message, "content"), optional_text(message, "refusal")
    parts = []
    if written:
        parts.append(text_part(written, annotations_of(message.get("annotations")), logprobs_of(logprobs)))
    if refusal:
        parts.append({"type": "refusal", "refusal": refusal})
    return parts


def _call(call: Mapping[str, Any], name: str, status: str) -> dict[str, Any]:
    custom = call.get("type") == "custom"
    tool = mapping(call.get("custom" if custom else "function"), "tool_calls[]")
    return call_item(
        f"{'ctc' if custom else 'fc'}_{name}",
        optional_text(call, "id") or f"call_{name}",
        optional_text(tool, "name"),
        optional_text(tool, "input" if custom else "arguments"),
        status,
        custom=custom,
    )

"""What OpenAI chat completions and Anthropic messages say in different words: reasons, efforts, images, ids, usage. Pure."""

import base64
import binascii
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tollhouse.dialects import anthropic, openai
from tollhouse.dialects.base import count
from tollhouse.dialects.shapes import WrongShape

FINISH_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "end_turn": "stop",
        "stop_sequence": "stop",
        "pause_turn": "stop",  # only the provider's own tools pause, and those are never asked for
        "max_tokens": "length",
        "model_context_window_exceeded": "length",
        "tool_use": "tool_calls",
        "refusal": "content_filter",
    }
)
STOP_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "stop": "end_turn",
        "length": "max_tokens",
        "tool_calls": "tool_use",
        "function_call": "tool_use",
        "content_filter": "refusal",
    }
)
EFFORTS: Mapping[str, str] = MappingProxyType(
    {"minimal": "low", "low": "low", "medium": "medium", "high": "high", "xhigh": "xhigh", "max": "max"}
)
IMAGE_MEDIA_TYPES = ("image/gif", "image/jpeg", "image/png", "image/webp")  # what Anthropic takes as base64
PDF = "application/pdf"

_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)(?:;[\w-]+=[^;,]*)*;base64,(.*)", re.DOTALL)
_ID_REFUSED = re.compile(r"[^a-zA-Z0-9_-]")


def finish_reason(stop_reason: Any) -> str:
    """OpenAI's word for the end of an Anthropic answer; a reason that nobody knows yet is an ordinary end."""
    return FINISH_REASONS.get(stop_reason, "stop") if type(stop_reason) is str else "stop"


def stop_reason(finish_reason: Any, calls_tools: bool, refuses: bool) -> str:
    """Anthropic's word for the end of an OpenAI answer. Some servers end an answer that calls tools with `stop`."""
    known = STOP_REASONS.get(finish_reason, "end_turn") if type(finish_reason) is str else "end_turn"
    if known == "end_turn":
        return "tool_use" if calls_tools else "refusal" if refuses else known
    return known


def effort_of_budget(budget_tokens: int) -> str:
    """How much thinking a budget stands for."""
    return "low" if budget_tokens < 4_000 else "medium" if budget_tokens < 16_000 else "high"


def tool_id(value: str) -> str:
    """An id of a tool call as Anthropic takes it, the same for the call and for its result."""
    return _ID_REFUSED.sub("_", value) or "_"


def data_url(media_type: str, data: str) -> str:
    return f"data:{media_type};base64,{data}"


def split_data_url(url: str) -> tuple[str, str] | None:
    """The media type and the base64 of a `data:` URL; None where it is something else."""
    match = _DATA_URL.fullmatch(url)
    return (match[1].lower(), match[2]) if match else None


def image_source(url: str, where: str) -> dict[str, Any]:
    """Anthropic's source for OpenAI's image address. Raises WrongShape."""
    if url.startswith(("https://", "http://")):
        return {"type": "url", "url": url}
    found = split_data_url(url)
    if found is None:
        raise WrongShape(where, "an http(s) address or a base64 `data:` URL")
    if found[0] not in IMAGE_MEDIA_TYPES:
        raise WrongShape(where, f"an image of the type {', '.join(IMAGE_MEDIA_TYPES)}")
    return {"type": "base64", "media_type": found[0], "data": found[1]}


def document_source(file_data: str, where: str) -> dict[str, Any]:
    """Anthropic's source for the content of a file. Raises WrongShape."""
    media_type, data = split_data_url(file_data) or (PDF, file_data)
    if media_type == PDF:
        return {"type": "base64", "media_type": PDF, "data": data}
    if media_type != "text/plain":
        raise WrongShape(where, "a PDF or a plain text in base64")
    try:
        written = base64.b64decode(data, validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise WrongShape(where, "UTF-8 text in base64") from error
    return {"type": "text", "media_type": "text/plain", "data": written}


def chat_usage(counts: Mapping[str, Any]) -> dict[str, Any]:
    """OpenAI's usage for what Anthropic counted. The prompt includes what the cache read and wrote.

    Raises ValueError on absurd counts.
    """
    read = count(dict(counts), "cache_read_input_tokens")
    written = count(dict(counts), "cache_creation_input_tokens")
    prompt = (count(dict(counts), "input_tokens") or 0) + (read or 0) + (written or 0)
    completion = count(dict(counts), "output_tokens") or 0
    usage: dict[str, Any] = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
    details = {"cached_tokens": read, "cache_write_tokens": written}
    details = {name: value for name, value in details.items() if value is not None}
    return {**usage, "prompt_tokens_details": details} if details else usage


def message_usage(counts: Mapping[str, Any]) -> dict[str, int]:
    """Anthropic's four counts for OpenAI's usage; its input excludes what the cache read and wrote (BILLING.md).

    Raises ValueError on absurd counts.
    """
    read = openai.body_counts({"usage": counts}) or {}
    details = counts.get("prompt_tokens_details")
    written = count(details, "cache_write_tokens") or 0 if type(details) is dict else 0
    prompt = openai.input_usage(read)
    plain = prompt.input if prompt is not None else 0
    if written > plain:
        raise ValueError("more tokens were written to the cache than there are")
    return {
        "input_tokens": plain - written,
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": prompt.cache_read if prompt is not None else 0,
        "output_tokens": openai.output_tokens(read) or 0,
    }


def message_counts(usage: Any) -> dict[str, Any]:
    """The counts of an Anthropic usage that are not null; none where it is no usage."""
    return anthropic.body_counts({"usage": usage}) or {}

"""The OpenAI format: chat completions, completions, embeddings and moderations.

Usage fields and stream framing follow the OpenAI API reference (chat/object, chat/streaming, embeddings/object).
"""

import array
import base64
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import orjson

from tollhouse.billing.pricing import Usage
from tollhouse.dialects.base import Counts, Dialect, Event, Size, count, error_message, utf8_length
from tollhouse.dialects.prompt import Measure

DONE = b"data: [DONE]\n\n"


def credentials(key: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {key}"),) if key else ()


def measure(body: Mapping[str, Any], kind: str) -> Size:
    """How much a request asks for; several prompts in one call multiply the answers."""
    if kind == "chat":
        return _measure_chat(body)
    if kind == "moderation":
        return _measure_moderation(body)
    return _measure_prompts(body, kind)


def _measure_chat(body: Mapping[str, Any]) -> Size:
    total = Measure()
    total.add_messages(body.get("messages"))
    for name in ("tools", "functions", "response_format", "prediction"):
        if name in body:
            total.add(body[name])
    limits = [limit for limit in (body.get("max_completion_tokens"), body.get("max_tokens")) if limit is not None]
    limit = max(limits) if limits else None  # both go up, and which of them counts is the provider's affair
    return Size(total.text_bytes, total.tokens, total.images, limit, _answers(body), total.references)


def _measure_prompts(body: Mapping[str, Any], kind: str) -> Size:
    """Completions and embeddings: one prompt or a list of them, as text or as tokens."""
    total = Measure()
    prompts = body.get("input") if kind == "embedding" else body.get("prompt")
    several = type(prompts) is list and not total.add_tokens(prompts)
    if several:
        for prompt in prompts:  # type: ignore[union-attr]  # it is a list here
            if not total.add_tokens(prompt):
                total.add(prompt)
    elif type(prompts) is str:
        total.text_bytes += utf8_length(prompts)
    if kind == "embedding":
        return Size(total.text_bytes, total.tokens, 0, 0, 1)
    if type(body.get("suffix")) is str:
        total.text_bytes += utf8_length(body["suffix"])
    limit = body.get("max_tokens")
    return Size(total.text_bytes, total.tokens, 0, limit, _answers(body) * (len(prompts) if several and prompts else 1))


def _measure_moderation(body: Mapping[str, Any]) -> Size:
    """Moderations: a text, several, or parts of which some are images. A verdict has no tokens."""
    total = Measure()
    total.add_messages(body.get("input"))
    return Size(total.text_bytes, total.tokens, total.images, 0, 1, total.references)


def _answers(body: Mapping[str, Any]) -> int:
    """How many answers are made for one prompt, whether they are returned or not."""
    return max(body.get("n") or 1, body.get("best_of") or 1)


def prepare(body: Mapping[str, Any], upstream_model: str, stream_usage: bool) -> dict[str, Any]:
    """The body for an upstream: its name of the model, and usage asked for on streams where it is supported."""
    prepared = {**body, "model": upstream_model}
    if stream_usage and prepared.get("stream") is True:
        prepared["stream_options"] = {**(prepared.get("stream_options") or {}), "include_usage": True}
    return prepared


def wants_usage_frame(body: Mapping[str, Any]) -> bool:
    options = body.get("stream_options")
    return bool(type(options) is dict and options.get("include_usage"))


def body_counts(body: Mapping[str, Any]) -> Counts | None:
    reported = body.get("usage")
    return _counts(reported) if type(reported) is dict else None


def _counts(reported: Mapping[str, Any]) -> Counts:
    counts: Counts = {
        name: reported[name]
        for name in ("prompt_tokens", "completion_tokens", "total_tokens")
        if reported.get(name) is not None
    }
    details = reported.get("prompt_tokens_details")
    if type(details) is dict and details.get("cached_tokens") is not None:
        counts["cached_tokens"] = details["cached_tokens"]
    return counts


def input_usage(counts: Counts) -> Usage | None:
    """The prompt on disjoint axes; None where it was not reported. Raises ValueError on absurd counts."""
    prompt = count(counts, "prompt_tokens")
    if prompt is None:
        prompt = _rest_of_total(counts, "completion_tokens")
    if prompt is None:
        return None
    cached = count(counts, "cached_tokens") or 0
    if cached > prompt:
        raise ValueError("more tokens are cached than there are")
    return Usage(input=prompt - cached, cache_read=cached)


def output_tokens(counts: Counts) -> int | None:
    """Completion tokens, reasoning included; None where they were not reported. Raises ValueError on absurd counts."""
    completion = count(counts, "completion_tokens")
    return _rest_of_total(counts, "prompt_tokens") if completion is None else completion


def _rest_of_total(counts: Counts, part: str) -> int | None:
    """What a reported total leaves beside its one reported part; a total alone does not tell its parts."""
    total, known = count(counts, "total_tokens"), count(counts, part)
    if total is None or known is None:
        return None
    if known > total:
        raise ValueError(f"{part} is more than total_tokens")
    return total - known


def body_text_bytes(body: Mapping[str, Any]) -> int:
    """UTF-8 length of the text that an answer delivers."""
    choices = body.get("choices")
    if type(choices) is not list:
        return 0
    return sum(_choice_bytes(choice, "message") for choice in choices if type(choice) is dict)


def _choice_bytes(choice: Mapping[str, Any], part: str) -> int:
    length = utf8_length(choice["text"]) if type(choice.get("text")) is str else 0
    message = choice.get(part)
    if type(message) is not dict:
        return length
    for name in ("content", "reasoning_content", "reasoning", "refusal"):
        if type(message.get(name)) is str:
            length += utf8_length(message[name])
    calls = message.get("tool_calls")
    for call in calls if type(calls) is list else ():
        if type(call) is dict:
            length += _function_bytes(call.get("function")) + _function_bytes(call.get("custom"))
    return length + _function_bytes(message.get("function_call"))


def _function_bytes(function: Any) -> int:
    """The name and the arguments of a called function; custom tools call them `input`."""
    if type(function) is not dict:
        return 0
    return sum(
        utf8_length(function[name]) for name in ("name", "arguments", "input") if type(function.get(name)) is str
    )


_PLAIN = Event()
_DONE_EVENT = Event(terminal=True)


def read_event(data: bytes) -> Event:
    """Read the data of one frame; raises ValueError where it is not JSON."""
    if data == b"[DONE]":
        return _DONE_EVENT
    chunk = orjson.loads(data)
    if type(chunk) is not dict:
        return _PLAIN
    error = chunk.get("error")
    if error is not None and "choices" not in chunk:
        return Event(error=error_message(chunk) or "the upstream reported an error")
    counts = body_counts(chunk)
    choices = chunk.get("choices")
    if type(choices) is not list or not choices:
        return Event(counts=counts, usage_only=counts is not None)
    text_bytes = finished = 0
    for choice in choices:
        if type(choice) is dict:
            text_bytes += _choice_bytes(choice, "delta")
            finished += choice.get("finish_reason") is not None
    return Event(counts=counts, text_bytes=text_bytes, finished=finished)


def error_frame(message: str, error_type: str, code: str | None) -> bytes:
    body = {"error": {"message": message, "type": error_type, "param": None, "code": code}}
    return b"data: " + orjson.dumps(body) + b"\n\n"


def encode_embeddings(body: dict[str, Any]) -> bytes | None:
    """An embeddings answer with its float lists as base64 (float32, little-endian).

    None where it should pass as it is: there are no lists, they hold something else than numbers, or it cannot be written.
    """
    items = body.get("data")
    if type(items) is not list:
        return None
    encoded = []
    for item in items:
        vector = item.get("embedding") if type(item) is dict else None
        if type(vector) is not list:
            return None
        try:
            packed = array.array("f", vector)
        except (TypeError, OverflowError):
            return None
        if sys.byteorder == "big":
            packed.byteswap()
        encoded.append({**item, "embedding": base64.b64encode(packed.tobytes()).decode()})
    try:
        return orjson.dumps({**body, "data": encoded}) if encoded else None
    except TypeError:  # orjson reads deeper than it writes
        return None


OPENAI = Dialect(
    name="openai",
    credentials=credentials,
    forwarded_headers=MappingProxyType({"openai-beta": None}),
    measure=measure,
    prepare=prepare,
    wants_usage_frame=wants_usage_frame,
    body_counts=body_counts,
    body_text_bytes=body_text_bytes,
    read_event=read_event,
    input_usage=input_usage,
    output_tokens=output_tokens,
    no_output=MappingProxyType({"completion_tokens": 0}),
    error_frame=error_frame,
    terminal_frame=DONE,
    heartbeat=b": keep-alive\n\n",
)

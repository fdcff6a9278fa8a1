"""The dialects as far as they hold for endpoints that the contract does not know: whose usage is read wherever it stands.

Images, audio, rerank and responses report `input_tokens` and `output_tokens` where chats say `prompt_tokens` and
`completion_tokens`; streams of theirs end with an event of their own, or just end.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from tollhouse.dialects import anthropic, openai
from tollhouse.dialects.base import Counts, Dialect, Event, Size, error_message, utf8_length
from tollhouse.dialects.prompt import Measure

UPLOAD = "upload"  # the kind of a call with files in its body, whose length in tokens nobody knows
_LAST = frozenset({"response.completed", "response.failed", "response.incomplete"})


def measure(body: Mapping[str, Any], kind: str) -> Size:
    """Every text of a body as prompt, and the model's longest answer; what is uploaded may fill its context."""
    total = Measure()
    total.add_messages(body)
    return Size(total.text_bytes, total.tokens, total.images, None, 1, total.references + (kind == UPLOAD))


def prepare(body: Mapping[str, Any], upstream_model: str, stream_usage: bool) -> dict[str, Any]:
    """The body for an upstream, with its name of the model and nothing else that an unknown endpoint might refuse."""
    return {**body, "model": upstream_model}


def wants_usage_frame(body: Mapping[str, Any]) -> bool:
    return True  # none was added


def body_text_bytes(body: Mapping[str, Any]) -> int:
    """Every text of an answer."""
    total = Measure()
    total.add(body)
    return total.text_bytes


def openai_counts(body: Mapping[str, Any]) -> Counts | None:
    """Usage under the names of chats, whichever it has."""
    reported = body.get("usage")
    if type(reported) is not dict:
        return None
    names = {"prompt_tokens": "input_tokens", "completion_tokens": "output_tokens"}
    names["prompt_tokens_details"] = "input_tokens_details"
    renamed = {name: reported.get(name, reported.get(other)) for name, other in names.items()}
    return openai.body_counts({"usage": {**reported, **renamed}})


def read_openai_event(data: bytes) -> Event:
    """Read the data of one frame; raises ValueError where it is not JSON."""
    if data == b"[DONE]":
        return Event(terminal=True)
    event = orjson.loads(data)
    if type(event) is not dict:
        return Event()
    if "choices" in event:
        return replace(openai.read_event(data), usage_only=False)
    kind, inner, delta = event.get("type"), event.get("response"), event.get("delta")
    counts = openai_counts(inner if type(inner) is dict else event)
    if kind == "error" or (kind is None and event.get("error") is not None):
        return Event(error=error_message(event) or "the upstream reported an error")
    written = utf8_length(delta) if type(delta) is str else 0
    return Event(counts=counts, text_bytes=written, terminal=kind in _LAST)


def _passed(dialect: Dialect) -> Dialect:
    return replace(
        dialect,
        measure=measure,
        prepare=prepare,
        wants_usage_frame=wants_usage_frame,
        body_text_bytes=body_text_bytes,
        ends_with_body=True,
    )


PASSED_OPENAI = replace(_passed(openai.OPENAI), body_counts=openai_counts, read_event=read_openai_event)
PASSED_ANTHROPIC = _passed(anthropic.ANTHROPIC)

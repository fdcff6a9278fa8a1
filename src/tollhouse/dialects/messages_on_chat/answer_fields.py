"""The table for a messages client on a chat upstream: what becomes of each field of OpenAI's answers."""

from typing import Any

from tollhouse.dialects.translation import DROPPED, MAPPED, Field

_CALL = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Bern"}'}}
_DETAIL = {"type": "reasoning.text", "index": 0, "text": "Hm.", "signature": "c2ln"}
_UNASKED = "no messages client can ask for it"
_NOT_COUNTED = "Anthropic does not count it apart"


def _said(**message: Any) -> dict[str, Any]:
    return _choice(message={"role": "assistant", "content": "4", "refusal": None, **message})


def _choice(**fields: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": "4", "refusal": None}
    return _answer(choices=[{"index": 0, "message": said, "logprobs": None, "finish_reason": "stop", **fields}])


def _answer(**fields: Any) -> dict[str, Any]:
    answer = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "4"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14},
    }
    return {**answer, **fields}


def _counted(details: str, name: str) -> dict[str, Any]:
    return _answer(usage={"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14, details: {name: 4}})


def _not_counted(details: str, name: str) -> Field:
    return Field(f"usage.{details}.{name}", DROPPED, _counted(details, name), note=_NOT_COUNTED)


_COUNTED = _answer(usage={"prompt_tokens": 9, "completion_tokens": 5})
_MESSAGE = "choices[].message"
_CALLS = f"{_MESSAGE}.tool_calls[function]"

ANSWER_FIELDS: tuple[Field, ...] = (
    Field("id", MAPPED, _answer(), "id"),
    Field("object", MAPPED, _answer(), note="`type` says it there."),
    Field("created", DROPPED, _answer(), note="Anthropic's answers have no time"),
    Field("model", MAPPED, _answer(), "model"),
    Field("choices", MAPPED, _answer(), "content", "The first one: only one was asked for."),
    Field("choices[].index", MAPPED, _answer(), note="Is always 0."),
    Field("choices[].logprobs", DROPPED, _choice(logprobs={"content": [], "refusal": None}), note=_UNASKED),
    Field(
        "choices[].finish_reason",
        MAPPED,
        _choice(finish_reason="length"),
        "stop_reason",
        "`stop` becomes `end_turn`, or `tool_use` where tools are called; `length` `max_tokens`, `tool_calls` `tool_use`, "
        "`content_filter` `refusal`.",
    ),
    Field(_MESSAGE, MAPPED, _answer(), "content", "Thoughts, text and calls become blocks."),
    Field(f"{_MESSAGE}.role", MAPPED, _answer(), note="Is the same."),
    Field(f"{_MESSAGE}.content", MAPPED, _answer(), "content[text].text"),
    Field(
        f"{_MESSAGE}.refusal",
        MAPPED,
        _said(content=None, refusal="No."),
        "content[text].text",
        "With the `stop_reason` `refusal`.",
    ),
    Field(f"{_MESSAGE}.tool_calls", MAPPED, _said(tool_calls=[_CALL]), "content[tool_use]", "As blocks."),
    Field(
        f"{_CALLS}.id",
        MAPPED,
        _said(tool_calls=[_CALL]),
        "content[tool_use].id",
        "Other letters than Anthropic's become `_`.",
    ),
    Field(f"{_CALLS}.function", MAPPED, _said(tool_calls=[_CALL]), "content[tool_use]", "Its fields move up."),
    Field(f"{_CALLS}.function.name", MAPPED, _said(tool_calls=[_CALL]), "content[tool_use].name"),
    Field(
        f"{_CALLS}.function.arguments",
        MAPPED,
        _said(tool_calls=[_CALL]),
        "content[tool_use].input",
        "The object that the text spells. Cut off by the limit, an empty one; otherwise wrong, the answer has failed.",
    ),
    Field(
        f"{_MESSAGE}.tool_calls[custom]",
        DROPPED,
        _said(tool_calls=[_CALL, {"id": "c", "type": "custom", "custom": {"name": "a", "input": "b"}}]),
        note=_UNASKED,
    ),
    Field(_CALLS, MAPPED, _said(tool_calls=[_CALL]), "content[tool_use]", "As a block."),
    Field(f"{_MESSAGE}.function_call", DROPPED, _said(function_call={"name": "a", "arguments": "{}"}), note=_UNASKED),
    Field(
        f"{_MESSAGE}.annotations",
        DROPPED,
        _said(annotations=[{"type": "url_citation", "url_citation": {"url": "https://example.com"}}]),
        note=_UNASKED,
    ),
    Field(f"{_MESSAGE}.audio", DROPPED, _said(audio={"id": "a", "data": "AAAA"}), note=_UNASKED),
    Field(
        f"{_MESSAGE}.reasoning_content",
        MAPPED,
        _said(reasoning_content="Hm."),
        "content[thinking].thinking",
        "Extension; `reasoning` is another name of it. Without a signature.",
    ),
    Field(
        f"{_MESSAGE}.reasoning_details",
        MAPPED,
        _said(reasoning_details=[_DETAIL]),
        "content[thinking]",
        "Extension; goes before `reasoning_content`, and brings signatures.",
    ),
    Field("usage", MAPPED, _answer(), "usage", "As Anthropic counts."),
    Field("usage.prompt_tokens", MAPPED, _COUNTED, "usage.input_tokens", "Without what the cache read and wrote."),
    Field("usage.completion_tokens", MAPPED, _COUNTED, "usage.output_tokens"),
    Field("usage.total_tokens", MAPPED, _answer(), note="Is the sum."),
    Field(
        "usage.prompt_tokens_details",
        MAPPED,
        _counted("prompt_tokens_details", "cached_tokens"),
        "usage.cache_read_input_tokens",
        "As its fields.",
    ),
    Field(
        "usage.prompt_tokens_details.cached_tokens",
        MAPPED,
        _counted("prompt_tokens_details", "cached_tokens"),
        "usage.cache_read_input_tokens",
    ),
    Field(
        "usage.prompt_tokens_details.cache_write_tokens",
        MAPPED,
        _counted("prompt_tokens_details", "cache_write_tokens"),
        "usage.cache_creation_input_tokens",
    ),
    *(_not_counted("prompt_tokens_details", f"{kind}_tokens") for kind in ("audio", "image", "text")),
    *(
        _not_counted("completion_tokens_details", f"{kind}_tokens")
        for kind in ("accepted_prediction", "audio", "reasoning", "rejected_prediction", "text")
    ),
    Field(
        "usage.completion_tokens_details",
        MAPPED,
        _counted("completion_tokens_details", "text_tokens"),
        note="See its fields.",
    ),
    Field("service_tier", DROPPED, _answer(service_tier="default"), note="tiers are each provider's own"),
    Field("system_fingerprint", DROPPED, _answer(system_fingerprint="fp_1"), note="Anthropic has none"),
    Field("metadata", DROPPED, _answer(metadata={"a": "b"}), note=_UNASKED),
    Field("moderation", DROPPED, _answer(moderation={"input": None, "output": None}), note=_UNASKED),
)

"""The table for a chat client on a messages upstream: what becomes of each field of Anthropic's answers."""

from typing import Any

from tollhouse.dialects.translation import DROPPED, MAPPED, Field

_TEXT = {"type": "text", "text": "4"}
_USE = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Bern"}}
_THOUGHT = {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"}
_OWN_BLOCKS = (
    "server_tool_use",
    "web_search_tool_result",
    "web_fetch_tool_result",
    "code_execution_tool_result",
    "bash_code_execution_tool_result",
    "text_editor_code_execution_tool_result",
    "tool_search_tool_result",
    "container_upload",
)


def _answer(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude",
        "content": [_TEXT, *blocks],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 3, "output_tokens": 5},
        **fields,
    }


def _used(**counts: Any) -> dict[str, Any]:
    return _answer(usage={"input_tokens": 3, "output_tokens": 5, **counts})


_MESSAGE = "choices[].message"
_CALLS = f"{_MESSAGE}.tool_calls[]"
ANSWER_FIELDS: tuple[Field, ...] = (
    Field("id", MAPPED, _answer(), "id"),
    Field("type", MAPPED, _answer(), note="`object` says it there."),
    Field("role", MAPPED, _answer(), note="Is the same."),
    Field("model", MAPPED, _answer(), "model"),
    Field("content", MAPPED, _answer(), "choices[].message.content", "Texts become one; there is one choice."),
    Field("content[text]", MAPPED, _answer(), f"{_MESSAGE}.content", "Texts become one."),
    Field("content[text].text", MAPPED, _answer(), f"{_MESSAGE}.content"),
    Field(
        "content[text].citations",
        DROPPED,
        _answer({**_TEXT, "citations": [{"type": "char_location", "cited_text": "4"}]}),
        note="OpenAI's annotations are addresses of the web; these are places in documents",
    ),
    Field("content[thinking]", MAPPED, _answer(_THOUGHT), f"{_MESSAGE}.reasoning_details", "Extension."),
    Field(
        "content[thinking].thinking",
        MAPPED,
        _answer(_THOUGHT),
        f"{_MESSAGE}.reasoning_content",
        "Extension; in `reasoning_details` too, block by block.",
    ),
    Field(
        "content[thinking].signature",
        MAPPED,
        _answer(_THOUGHT),
        f"{_MESSAGE}.reasoning_details[].signature",
        "Extension; send the message back as it is and Anthropic takes the thoughts.",
    ),
    Field(
        "content[redacted_thinking]",
        MAPPED,
        _answer({"type": "redacted_thinking", "data": "eA=="}),
        f"{_MESSAGE}.reasoning_details",
        "Extension.",
    ),
    Field(
        "content[redacted_thinking].data",
        MAPPED,
        _answer({"type": "redacted_thinking", "data": "eA=="}),
        f"{_MESSAGE}.reasoning_details[].data",
    ),
    Field("content[tool_use]", MAPPED, _answer(_USE), f"{_MESSAGE}.tool_calls", "A call of a function."),
    Field("content[tool_use].id", MAPPED, _answer(_USE), f"{_CALLS}.id"),
    Field("content[tool_use].name", MAPPED, _answer(_USE), f"{_CALLS}.function.name"),
    Field("content[tool_use].input", MAPPED, _answer(_USE), f"{_CALLS}.function.arguments", "As JSON text."),
    Field(
        "content[tool_use].caller",
        DROPPED,
        _answer({**_USE, "caller": {"type": "direct"}}),
        note="it is always the model",
    ),
    *(
        Field(
            f"content[{kind}]",
            DROPPED,
            _answer({"type": kind}),
            note="of Anthropic's own tools, which no chat client can ask for",
        )
        for kind in _OWN_BLOCKS
    ),
    Field(
        "stop_reason",
        MAPPED,
        _answer(stop_reason="max_tokens"),
        "choices[].finish_reason",
        "`end_turn`, `stop_sequence` and `pause_turn` become `stop`, `max_tokens` `length`, `tool_use` `tool_calls`, "
        "`refusal` `content_filter`.",
    ),
    Field("stop_sequence", DROPPED, _answer(stop_sequence="END"), note="OpenAI does not say which text it was"),
    Field(
        "stop_details",
        DROPPED,
        _answer(stop_reason="refusal", stop_details={"type": "refusal", "category": "cyber"}),
        note="OpenAI gives no reasons",
    ),
    Field("container", DROPPED, _answer(container={"id": "c"}), note="no chat client can ask for one"),
    Field("usage", MAPPED, _answer(), "usage", "As OpenAI counts."),
    Field("usage.input_tokens", MAPPED, _answer(), "usage.prompt_tokens", "With what the cache read and wrote."),
    Field("usage.output_tokens", MAPPED, _answer(), "usage.completion_tokens"),
    Field(
        "usage.cache_read_input_tokens",
        MAPPED,
        _used(cache_read_input_tokens=8),
        "usage.prompt_tokens_details.cached_tokens",
    ),
    Field(
        "usage.cache_creation_input_tokens",
        MAPPED,
        _used(cache_creation_input_tokens=8),
        "usage.prompt_tokens_details.cache_write_tokens",
    ),
    Field(
        "usage.cache_creation",
        DROPPED,
        _used(cache_creation_input_tokens=8, cache_creation={"ephemeral_5m_input_tokens": 8}),
        note="OpenAI does not say how long",
    ),
    Field(
        "usage.server_tool_use",
        DROPPED,
        _used(server_tool_use={"web_search_requests": 1}),
        note="no chat client can ask for it",
    ),
    Field("usage.service_tier", DROPPED, _used(service_tier="standard"), note="tiers are each provider's own"),
    Field("usage.inference_geo", DROPPED, _used(inference_geo="us"), note="OpenAI does not say where"),
)

"""The table for a responses client on a chat upstream: what becomes of each field of the answers.

The fields are those of OpenAI's OpenAPI document 2.3.0 and the extensions that carry thoughts.
"""

from typing import Any

from tollhouse.dialects.translation import DROPPED, MAPPED, Field

_CALL = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
_CUSTOM = {"id": "call_1", "type": "custom", "custom": {"name": "sql", "input": "SELECT 1"}}
_CITED = {
    "type": "url_citation",
    "url_citation": {"url": "https://example.com", "title": "E", "start_index": 0, "end_index": 2},
}
_LIKELY = {"token": "Hi", "logprob": -0.1, "bytes": None, "top_logprobs": []}
_UNJUDGED = {"type": "error", "code": "server_error", "message": "The judge is out."}
_COUNTED = {"prompt_tokens": 3, "completion_tokens": 5}
_DETAIL = {"type": "reasoning.text", "index": 0, "text": "Hm.", "signature": "c2ln"}


def _answer(
    choice: dict[str, Any] | None = None, message: dict[str, Any] | None = None, **fields: Any
) -> dict[str, Any]:
    whole = {"role": "assistant", "content": "Hi", "refusal": None, **(message or {})}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "m",
        "choices": [{"index": 0, "message": whole, "logprobs": None, "finish_reason": "stop", **(choice or {})}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8},
        **fields,
    }


def _message(**fields: Any) -> dict[str, Any]:
    return _answer(message=fields)


def _used(group: str, **counts: int) -> dict[str, Any]:
    return _answer(usage={"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8, group: counts})


_IN = "choices[].message"
_TEXT = "output[message].content[output_text]"
_USAGE = (
    Field("usage", MAPPED, _answer(), "usage", "Left out where a part is missing or absurd."),
    Field("usage.prompt_tokens", MAPPED, _answer(usage=_COUNTED), "usage.input_tokens"),
    Field("usage.completion_tokens", MAPPED, _answer(usage=_COUNTED), "usage.output_tokens"),
    Field("usage.total_tokens", MAPPED, _answer(), note="Is the sum of the two."),
    Field(
        "usage.prompt_tokens_details", MAPPED, _used("prompt_tokens_details", cached_tokens=2), "usage.input_tokens_details"
    ),
    Field(
        "usage.completion_tokens_details", MAPPED, _used("completion_tokens_details", reasoning_tokens=2),
        "usage.output_tokens_details",
    ),
    *(
        Field(f"usage.{group}.{name}", MAPPED, _used(group, **{name: 2}), f"usage.{to}.{name}")
        for group, name, to in (
            ("prompt_tokens_details", "cached_tokens", "input_tokens_details"),
            ("prompt_tokens_details", "cache_write_tokens", "input_tokens_details"),
            ("completion_tokens_details", "reasoning_tokens", "output_tokens_details"),
        )
    ),
    *(
        Field(f"usage.{group}.{name}", DROPPED, _used(group, **{name: 2}), note="a response does not count it apart")
        for group, names in (
            ("prompt_tokens_details", ("audio_tokens", "text_tokens", "image_tokens")),
            (
                "completion_tokens_details",
                ("accepted_prediction_tokens", "rejected_prediction_tokens", "audio_tokens", "text_tokens"),
            ),
        )
        for name in names
    ),
)  # fmt: skip

_TOOLS = (
    Field(f"{_IN}.tool_calls", MAPPED, _message(tool_calls=[_CALL]), "output[function_call]", "An item each."),
    Field(f"{_IN}.tool_calls[function]", MAPPED, _message(tool_calls=[_CALL]), "output[function_call]"),
    Field(f"{_IN}.tool_calls[function].id", MAPPED, _message(tool_calls=[_CALL]), "output[function_call].call_id"),
    Field(f"{_IN}.tool_calls[function].function", MAPPED, _message(tool_calls=[_CALL]), "output[function_call]"),
    Field(
        f"{_IN}.tool_calls[function].function.name", MAPPED, _message(tool_calls=[_CALL]), "output[function_call].name"
    ),
    Field(
        f"{_IN}.tool_calls[function].function.arguments", MAPPED, _message(tool_calls=[_CALL]),
        "output[function_call].arguments",
    ),
    Field(f"{_IN}.tool_calls[custom]", MAPPED, _message(tool_calls=[_CUSTOM]), "output[custom_tool_call]"),
    Field(f"{_IN}.tool_calls[custom].id", MAPPED, _message(tool_calls=[_CUSTOM]), "output[custom_tool_call].call_id"),
    Field(f"{_IN}.tool_calls[custom].custom", MAPPED, _message(tool_calls=[_CUSTOM]), "output[custom_tool_call]"),
    Field(f"{_IN}.tool_calls[custom].custom.name", MAPPED, _message(tool_calls=[_CUSTOM]), "output[custom_tool_call].name"),
    Field(f"{_IN}.tool_calls[custom].custom.input", MAPPED, _message(tool_calls=[_CUSTOM]), "output[custom_tool_call].input"),
)  # fmt: skip

ANSWER_FIELDS: tuple[Field, ...] = (
    Field("id", MAPPED, _answer(), "id", "`resp_` in front instead of `chatcmpl-`."),
    Field("object", MAPPED, _answer(), note="It is `response` there."),
    Field("created", MAPPED, _answer(), "created_at"),
    Field("model", MAPPED, _answer(), "model"),
    Field("choices", MAPPED, _answer(), "output", "The first one: only one is asked for."),
    Field("choices[].index", MAPPED, _answer(), note="There is one answer."),
    Field("choices[].message", MAPPED, _answer(), "output[message]"),
    Field(f"{_IN}.role", MAPPED, _answer(), note="Is the same."),
    Field(f"{_IN}.content", MAPPED, _answer(), f"{_TEXT}.text"),
    Field(f"{_IN}.refusal", MAPPED, _message(content=None, refusal="No."), "output[message].content[refusal].refusal"),
    Field(f"{_IN}.annotations", MAPPED, _message(annotations=[_CITED]), f"{_TEXT}.annotations", whole=True),
    *_TOOLS,
    Field(
        f"{_IN}.function_call", DROPPED, _message(function_call={"name": "f", "arguments": "{}"}),
        note="the deprecated form, which is never asked for",
    ),
    Field(f"{_IN}.audio", DROPPED, _message(audio={"id": "a"}), note="sound is never asked for"),
    Field(f"{_IN}.reasoning_content", MAPPED, _message(reasoning_content="Hm."), "output[reasoning].summary", "Extension."),
    Field(f"{_IN}.reasoning", MAPPED, _message(reasoning="Hm."), "output[reasoning].summary", "Extension."),
    Field(
        f"{_IN}.reasoning_details", MAPPED, _message(reasoning_details=[_DETAIL]), "output[reasoning].encrypted_content",
        "Extension: what a provider signed of its thoughts and wants back.",
    ),
    Field("choices[].logprobs", MAPPED, _answer({"logprobs": {"content": [_LIKELY]}}), f"{_TEXT}.logprobs"),
    Field("choices[].logprobs.content", MAPPED, _answer({"logprobs": {"content": [_LIKELY]}}), f"{_TEXT}.logprobs", whole=True),
    Field(
        "choices[].logprobs.refusal", DROPPED, _answer({"logprobs": {"refusal": [_LIKELY]}}),
        note="a refusal of a response has none",
    ),
    Field(
        "choices[].finish_reason", MAPPED, _answer({"finish_reason": "length"}), "incomplete_details.reason",
        "`length` becomes `max_output_tokens`, `content_filter` stays; with any other the status is `completed`.",
    ),
    *_USAGE,
    Field("service_tier", MAPPED, _answer(service_tier="default"), "service_tier"),
    Field("moderation", MAPPED, _answer(moderation={"input": _UNJUDGED, "output": _UNJUDGED}), "moderation", whole=True),
    Field("metadata", DROPPED, _answer(metadata={"a": "b"}), note="the answer has that of the request"),
    Field("system_fingerprint", DROPPED, _answer(system_fingerprint="fp"), note="a response has none"),
)  # fmt: skip

"""The table for a responses client on a chat upstream: what becomes of each field of the requests.

The fields are those of OpenAI's OpenAPI document 2.3.0.
"""

from typing import Any

from tollhouse.dialects.responses_on_chat.item_fields import ITEM_FIELDS
from tollhouse.dialects.translation import DROPPED, MAPPED, REFUSED, Field

_SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "additionalProperties": False}
_NOT_KEPT = "no response is kept for this model: send the whole conversation as `input`."
_OWN_TOOL = (
    "it is one of OpenAI's own tools, which this model's provider does not have; send tools of the type `function`."
)
_NOT_ASKED = "there is no way to ask a chat completion for it"
_OWN_TOOLS = (
    "web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11", "file_search", "computer",
    "computer_use_preview", "mcp", "code_interpreter", "programmatic_tool_calling", "image_generation", "local_shell", "shell",
    "namespace", "tool_search", "apply_patch",
)  # fmt: skip


def _body(**fields: Any) -> dict[str, Any]:
    return {"model": "m", "input": "Hi", **fields}


def _function(**fields: Any) -> dict[str, Any]:
    return _body(tools=[{"type": "function", "name": "weather", "parameters": _SCHEMA, "strict": True, **fields}])


def _custom(**fields: Any) -> dict[str, Any]:
    return _body(tools=[{"type": "custom", "name": "sql", **fields}])


def _format(**fields: Any) -> dict[str, Any]:
    return _body(text={"format": {"type": "json_schema", "name": "place", "schema": _SCHEMA, **fields}})


def _chosen(**choice: Any) -> dict[str, Any]:
    return {**_function(), "tool_choice": choice}


def _same(name: str, value: Any, whole: bool = False) -> Field:
    return Field(name, MAPPED, _body(**{name: value}), name, whole=whole)


_ALLOWED = {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "weather"}]}

_CHOICE = (
    Field(
        "tool_choice", MAPPED, {**_function(), "tool_choice": "required"}, "tool_choice",
        "Left out where there are no tools. One of the provider's own tools is refused.",
    ),
    Field("tool_choice.type", MAPPED, _chosen(type="function", name="weather"), "tool_choice.type"),
    Field("tool_choice.name", MAPPED, _chosen(type="function", name="weather"), "tool_choice.function.name"),
    Field("tool_choice.mode", MAPPED, _chosen(**_ALLOWED), "tool_choice.allowed_tools.mode"),
    Field("tool_choice.tools", MAPPED, _chosen(**_ALLOWED), "tool_choice.allowed_tools.tools"),
    Field("tool_choice.server_label", REFUSED, _chosen(type="mcp", server_label="s"), note=_OWN_TOOL),
)  # fmt: skip

_TOOLS = (
    Field("tools", MAPPED, _function(), "tools"),
    Field("tools[function]", MAPPED, _function(), "tools[function]"),
    Field("tools[function].name", MAPPED, _function(), "tools[function].function.name"),
    Field("tools[function].description", MAPPED, _function(description="d"), "tools[function].function.description"),
    Field("tools[function].parameters", MAPPED, _function(), "tools[function].function.parameters", whole=True),
    Field("tools[function].strict", MAPPED, _function(), "tools[function].function.strict"),
    Field("tools[function].output_schema", DROPPED, _function(output_schema=_SCHEMA), note=_NOT_ASKED),
    Field("tools[custom]", MAPPED, _custom(), "tools[custom]"),
    Field("tools[custom].name", MAPPED, _custom(), "tools[custom].custom.name"),
    Field("tools[custom].description", MAPPED, _custom(description="d"), "tools[custom].custom.description"),
    Field(
        "tools[custom].format", MAPPED, _custom(format={"type": "grammar", "syntax": "lark", "definition": "start: WORD"}),
        "tools[custom].custom.format", "The grammar goes one level deeper.", whole=True,
    ),
    *(
        field
        for kind, body in (("function", _function), ("custom", _custom))
        for field in (
            Field(f"tools[{kind}].defer_loading", DROPPED, body(defer_loading=True), note=_NOT_ASKED, neutral=(False,)),
            Field(f"tools[{kind}].allowed_callers", DROPPED, body(allowed_callers=["direct"]), note=_NOT_ASKED),
        )
    ),
    *(Field(f"tools[{kind}]", REFUSED, _body(tools=[{"type": kind}]), note=_OWN_TOOL) for kind in _OWN_TOOLS),
)  # fmt: skip

_TEXT = (
    Field("text", MAPPED, _format(), "response_format"),
    Field("text.format", MAPPED, _format(), "response_format"),
    Field("text.format.type", MAPPED, _format(), "response_format.type"),
    Field("text.format.name", MAPPED, _format(), "response_format.json_schema.name"),
    Field("text.format.schema", MAPPED, _format(), "response_format.json_schema.schema", whole=True),
    Field("text.format.strict", MAPPED, _format(strict=True), "response_format.json_schema.strict"),
    Field("text.format.description", MAPPED, _format(description="d"), "response_format.json_schema.description"),
    Field("text.verbosity", MAPPED, _body(text={"verbosity": "low"}), "verbosity"),
)  # fmt: skip

_REASONING = (
    Field("reasoning", MAPPED, _body(reasoning={"effort": "low"}), "reasoning_effort", "The effort alone."),
    Field("reasoning.effort", MAPPED, _body(reasoning={"effort": "low"}), "reasoning_effort"),
    *(
        Field(
            f"reasoning.{name}", DROPPED, _body(reasoning={name: "detailed"}),
            note=_NOT_ASKED + ("; what the provider tells of its thoughts comes as a summary" if "summary" in name else ""),
        )
        for name in ("summary", "generate_summary", "mode", "context")
    ),
)  # fmt: skip

REQUEST_FIELDS: tuple[Field, ...] = (
    _same("model", "m"),
    Field("input", MAPPED, _body(), "messages", "A text is a message of the user; items of the assistant become one message."),
    *ITEM_FIELDS,
    Field("instructions", MAPPED, _body(instructions="Be brief."), "messages", "The first message, of the role `system`."),
    Field(
        "max_output_tokens", MAPPED, _body(max_output_tokens=9), "max_completion_tokens",
    ),
    _same("stream", True),
    Field(
        "stream_options", DROPPED, _body(stream=True, stream_options={"include_obfuscation": True}),
        note="the events are written anew", neutral=({}, {"include_obfuscation": False}),
    ),
    _same("temperature", 0.5),
    _same("top_p", 0.5),
    *_TOOLS,
    *_CHOICE,
    Field(
        "parallel_tool_calls", MAPPED, {**_function(), "parallel_tool_calls": False}, "parallel_tool_calls",
        "Left out where there are no tools.",
    ),
    *_TEXT,
    *_REASONING,
    Field("top_logprobs", MAPPED, _body(top_logprobs=2), "top_logprobs", "`logprobs` is set with it."),
    Field(
        "include", MAPPED, _body(include=["message.output_text.logprobs"]), "logprobs",
        "`reasoning.encrypted_content` comes by itself where the provider signs its thoughts. Nothing else can be included; what is "
        "asked for all the same is left out.",
    ),
    Field("metadata", MAPPED, _body(metadata={"a": "b"}), note="Comes back with the answer."),
    _same("service_tier", "auto"),
    _same("prompt_cache_key", "k"),
    _same("prompt_cache_options", {"mode": "explicit"}, whole=True),
    _same("prompt_cache_retention", "24h"),
    _same("safety_identifier", "s"),
    _same("user", "u"),
    _same("moderation", {"model": "omni-moderation-latest"}, whole=True),
    Field(
        "store", DROPPED, _body(store=True), note="no response is kept for this model; the answer says `store: false`",
        neutral=(False,),
    ),
    Field(
        "truncation", DROPPED, _body(truncation="auto"), note="a conversation that is too long is an error",
        neutral=("disabled",),
    ),
    Field("max_tool_calls", DROPPED, _body(max_tool_calls=3), note="it limits OpenAI's own tools, which are not there"),
    Field(
        "context_management", DROPPED, _body(context_management=[{"type": "compaction"}]),
        note="a conversation that is too long is an error",
    ),
    Field(
        "background", REFUSED, _body(background=True), note="the answer would come before it is known what it costs.",
        neutral=(False,),
    ),
    Field("previous_response_id", REFUSED, _body(previous_response_id="resp_1"), note=_NOT_KEPT),
    Field("conversation", REFUSED, _body(conversation="conv_1"), note=_NOT_KEPT),
    Field(
        "prompt", REFUSED, _body(prompt={"id": "pmpt_1"}),
        note="this model's provider keeps no prompts; send its text as `instructions` and `input`.",
    ),
)  # fmt: skip

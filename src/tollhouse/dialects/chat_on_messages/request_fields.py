"""The table for a chat client on a messages upstream: what becomes of each field of OpenAI's requests.

The fields are those of OpenAI's OpenAPI document 2.3.0 and a few extensions that clients of other servers send.
"""

from typing import Any

from tollhouse.dialects.translation import DROPPED, MAPPED, REFUSED, Field

_HI = {"role": "user", "content": "Hi"}
_SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "additionalProperties": False}
_PIXEL = "data:image/png;base64,iVBORw0KGgo="
_PDF = "data:application/pdf;base64,JVBERi0xLjQ="
_CALL = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Bern"}'}}
_TOOL = {"type": "function", "function": {"name": "weather", "parameters": _SCHEMA}}
_CUSTOM = {"type": "custom", "custom": {"name": "sql"}}
_DETAIL = {"type": "reasoning.text", "index": 0, "text": "Hm.", "signature": "c2ln"}

_NO_TOKENS = "Anthropic reports no probabilities and cannot weigh single tokens; leave it out."
_ONLY_TEXT = "Anthropic takes and gives no sound; send text."
_OLD_TOOLS = "it is the deprecated form; use `tools` and `tool_choice`."
_NO_FREE_TOOLS = "Anthropic's tools take an object; use a tool of the type `function`."
_TUNING = "Anthropic has no such setting"
_CACHE = "Anthropic's cache is steered by breakpoints alone"


def _body(**fields: Any) -> dict[str, Any]:
    return {"model": "m", "messages": [_HI], **fields}


def _said(*messages: dict[str, Any]) -> dict[str, Any]:
    return {"model": "m", "messages": [*messages]}


def _part(**part: Any) -> dict[str, Any]:
    return _said({"role": "user", "content": [{"type": "text", "text": "See"}, part]})


def _assistant(**fields: Any) -> dict[str, Any]:
    return _said(_HI, {"role": "assistant", **fields})


def _tools(tool: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return _body(tools=[tool], **fields)


def _function(**fields: Any) -> dict[str, Any]:
    return _tools({"type": "function", "function": {"name": "weather", "parameters": _SCHEMA, **fields}})


def _json_schema(**fields: Any) -> dict[str, Any]:
    return _body(response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": _SCHEMA, **fields}})


_MESSAGES = (
    Field(
        "messages", MAPPED, _body(), "messages", "Consecutive messages of one side become one; empty ones are left out."
    ),
    Field(
        "messages[].role",
        MAPPED,
        _said({"role": "system", "content": "Be kind."}, _HI),
        "system",
        "`system` and `developer` go to `system`, wherever they stand; `tool` becomes a `tool_result` of the user; "
        "`function` is refused.",
    ),
    Field("messages[].content", MAPPED, _body(), "messages[].content"),
    Field(
        "messages[].name", DROPPED, _said({**_HI, "name": "ann"}), note="Anthropic's messages have no speaker's name"
    ),
    Field("messages[].refusal", MAPPED, _assistant(refusal="No."), "messages[].content", "Becomes text."),
    Field("messages[].audio", REFUSED, _assistant(audio={"id": "a"}), note=_ONLY_TEXT),
    Field(
        "messages[].function_call", REFUSED, _assistant(function_call={"name": "f", "arguments": "{}"}), note=_OLD_TOOLS
    ),
    Field(
        "messages[].tool_call_id",
        MAPPED,
        _said(
            _HI,
            {"role": "assistant", "tool_calls": [_CALL]},
            {"role": "tool", "tool_call_id": "call_1", "content": "4"},
        ),
        "messages[].content[tool_result].tool_use_id",
        "Letters, digits, `_` and `-` stay; whatever else an id has becomes `_`, in the call and in its result.",
    ),
    Field(
        "messages[].tool_calls", MAPPED, _assistant(tool_calls=[_CALL]), "messages[].content[tool_use]", "As blocks."
    ),
    Field(
        "messages[].tool_calls[function]",
        MAPPED,
        _assistant(tool_calls=[_CALL]),
        "messages[].content[tool_use]",
        "As a block.",
    ),
    Field(
        "messages[].tool_calls[function].id",
        MAPPED,
        _assistant(tool_calls=[_CALL]),
        "messages[].content[tool_use].id",
        "As `tool_call_id`.",
    ),
    Field(
        "messages[].tool_calls[function].function",
        MAPPED,
        _assistant(tool_calls=[_CALL]),
        "messages[].content[tool_use]",
        "Its fields move up.",
    ),
    Field(
        "messages[].tool_calls[function].function.name",
        MAPPED,
        _assistant(tool_calls=[_CALL]),
        "messages[].content[tool_use].name",
    ),
    Field(
        "messages[].tool_calls[function].function.arguments",
        MAPPED,
        _assistant(tool_calls=[_CALL]),
        "messages[].content[tool_use].input",
        "The object that the text spells; a text that spells none is refused.",
    ),
    Field(
        "messages[].tool_calls[custom]",
        REFUSED,
        _assistant(tool_calls=[{"id": "c", "type": "custom", "custom": {"name": "sql", "input": "x"}}]),
        note=_NO_FREE_TOOLS,
    ),
    Field(
        "messages[].reasoning_details",
        MAPPED,
        _assistant(content="4", reasoning_details=[_DETAIL]),
        "messages[].content[thinking]",
        "Extension. Thoughts with Anthropic's signature go back to it; without one they are left out and announced.",
    ),
    Field(
        "messages[].reasoning_content",
        MAPPED,
        _assistant(content="4", reasoning_content="Hm.", reasoning_details=[_DETAIL]),
        note="Extension. Repeats `reasoning_details`; alone it is left out and announced: Anthropic takes only signed thoughts.",
    ),
)

_PARTS = (
    Field("messages[].content[text]", MAPPED, _part(type="text", text="that"), "messages[].content[text]"),
    Field("messages[].content[text].text", MAPPED, _part(type="text", text="that"), "messages[].content[text].text"),
    Field(
        "messages[].content[image_url]",
        MAPPED,
        _part(type="image_url", image_url={"url": _PIXEL}),
        "messages[].content[image]",
        "As Anthropic spells it.",
    ),
    Field(
        "messages[].content[image_url].image_url",
        MAPPED,
        _part(type="image_url", image_url={"url": _PIXEL}),
        "messages[].content[image].source",
        "As Anthropic spells it.",
    ),
    Field(
        "messages[].content[image_url].image_url.url",
        MAPPED,
        _part(type="image_url", image_url={"url": _PIXEL}),
        "messages[].content[image].source.data",
        "A `data:` URL becomes a base64 source (GIF, JPEG, PNG, WebP), an address a source of the type `url`.",
    ),
    Field(
        "messages[].content[image_url].image_url.detail",
        DROPPED,
        _part(type="image_url", image_url={"url": _PIXEL, "detail": "low"}),
        note="Anthropic looks at every image in the same way",
        neutral=("auto",),
    ),
    Field(
        "messages[].content[file]",
        MAPPED,
        _part(type="file", file={"file_data": _PDF}),
        "messages[].content[document]",
        "As Anthropic spells it.",
    ),
    Field(
        "messages[].content[file].file",
        MAPPED,
        _part(type="file", file={"file_data": _PDF}),
        "messages[].content[document].source",
        "As Anthropic spells it.",
    ),
    Field(
        "messages[].content[file].file.file_data",
        MAPPED,
        _part(type="file", file={"file_data": _PDF}),
        "messages[].content[document].source.data",
        "PDF or plain text as a `data:` URL; base64 alone is taken for a PDF.",
    ),
    Field(
        "messages[].content[file].file.filename",
        MAPPED,
        _part(type="file", file={"file_data": _PDF, "filename": "a.pdf"}),
        "messages[].content[document].title",
    ),
    Field(
        "messages[].content[file].file.file_id",
        REFUSED,
        _part(type="file", file={"file_id": "file-1"}),
        note="the file is stored with OpenAI; send its content as `file_data`.",
    ),
    Field(
        "messages[].content[refusal]",
        MAPPED,
        _assistant(content=[{"type": "refusal", "refusal": "No."}]),
        "messages[].content",
        "Becomes text.",
    ),
    Field(
        "messages[].content[refusal].refusal",
        MAPPED,
        _assistant(content=[{"type": "refusal", "refusal": "No."}]),
        "messages[].content",
        "Becomes text.",
    ),
    Field(
        "messages[].content[input_audio]",
        REFUSED,
        _part(type="input_audio", input_audio={"data": "AAAA", "format": "wav"}),
        note=_ONLY_TEXT,
    ),
    Field(
        "messages[].content[].prompt_cache_breakpoint",
        MAPPED,
        _part(type="text", text="that", prompt_cache_breakpoint={"mode": "explicit"}),
        "messages[].content[].cache_control",
        "Becomes `ephemeral`.",
    ),
    Field(
        "messages[].content[].prompt_cache_breakpoint.mode",
        MAPPED,
        _part(type="text", text="that", prompt_cache_breakpoint={"mode": "explicit"}),
        note="Has one value only.",
    ),
)

_TOOLS = (
    Field("tools", MAPPED, _tools(_TOOL), "tools", "Only functions."),
    Field("tools[function]", MAPPED, _tools(_TOOL), "tools", "Its fields move up."),
    Field("tools[function].function", MAPPED, _tools(_TOOL), "tools", "Its fields move up."),
    Field("tools[function].function.name", MAPPED, _tools(_TOOL), "tools[].name"),
    Field("tools[function].function.description", MAPPED, _function(description="Now"), "tools[].description"),
    Field(
        "tools[function].function.parameters",
        MAPPED,
        _tools(_TOOL),
        "tools[].input_schema",
        "Without parameters, the schema of an empty object.",
    ),
    Field("tools[function].function.strict", MAPPED, _function(strict=True), "tools[].strict"),
    Field("tools[custom]", REFUSED, _tools(_CUSTOM), note=_NO_FREE_TOOLS),
    Field(
        "tool_choice",
        MAPPED,
        _tools(_TOOL, tool_choice="required"),
        "tool_choice.type",
        "`required` is Anthropic's `any`. Without tools it is left out and announced.",
    ),
    Field(
        "tool_choice.type",
        MAPPED,
        _tools(_TOOL, tool_choice={"type": "function", "function": {"name": "weather"}}),
        note="A named function becomes `tool`.",
    ),
    Field(
        "tool_choice.function",
        MAPPED,
        _tools(_TOOL, tool_choice={"type": "function", "function": {"name": "weather"}}),
        "tool_choice.name",
        "Its field moves up.",
    ),
    Field(
        "tool_choice.function.name",
        MAPPED,
        _tools(_TOOL, tool_choice={"type": "function", "function": {"name": "weather"}}),
        "tool_choice.name",
    ),
    Field(
        "tool_choice.custom",
        REFUSED,
        _tools(_TOOL, tool_choice={"type": "custom", "custom": {"name": "sql"}}),
        note=_NO_FREE_TOOLS,
    ),
    Field(
        "tool_choice.allowed_tools",
        REFUSED,
        _tools(_TOOL, tool_choice={"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}}),
        note="Anthropic has no such choice; send only the allowed `tools`, with `auto` or `required`.",
    ),
    Field(
        "parallel_tool_calls",
        MAPPED,
        _tools(_TOOL, parallel_tool_calls=False),
        "tool_choice.disable_parallel_tool_use",
        "Says the opposite there. Without tools, or with the choice `none`, it is left out and announced.",
    ),
    Field("functions", REFUSED, _body(functions=[{"name": "f"}]), note=_OLD_TOOLS),
    Field("function_call", REFUSED, _body(function_call="auto"), note=_OLD_TOOLS, neutral=("none",)),
)

_SETTINGS = (
    Field("model", MAPPED, _body(), "model"),
    Field("max_tokens", MAPPED, _body(max_tokens=7), "max_tokens"),
    Field(
        "max_completion_tokens",
        MAPPED,
        _body(max_completion_tokens=7),
        "max_tokens",
        "Goes before `max_tokens`. With neither, the model's longest answer, or 4096 where the catalogue has none.",
    ),
    Field(
        "temperature",
        MAPPED,
        _body(temperature=0.5),
        "temperature",
        "Above 1 it is 1, where Anthropic ends. With `reasoning_effort` it is left out and announced.",
    ),
    Field("top_p", MAPPED, _body(top_p=0.9), "top_p"),
    Field("top_k", MAPPED, _body(top_k=40), "top_k", "Extension of several servers."),
    Field("stop", MAPPED, _body(stop=["END"]), "stop_sequences", "One text becomes a list."),
    Field("stream", MAPPED, _body(stream=True), "stream"),
    Field(
        "stream_options",
        MAPPED,
        _body(stream=True, stream_options={"include_usage": True}),
        note="Anthropic always reports the usage; the client gets it when it asked.",
    ),
    Field(
        "stream_options.include_usage",
        MAPPED,
        _body(stream=True, stream_options={"include_usage": True}),
        note="Anthropic always reports the usage; the client gets it when it asked.",
    ),
    Field(
        "stream_options.include_obfuscation",
        DROPPED,
        _body(stream=True, stream_options={"include_obfuscation": True}),
        note="Anthropic does not hide the lengths of frames",
        neutral=(False,),
    ),
    Field("user", MAPPED, _body(user="u1"), "metadata.user_id", "`safety_identifier` goes before it."),
    Field("safety_identifier", MAPPED, _body(safety_identifier="u1"), "metadata.user_id"),
    Field(
        "reasoning_effort",
        MAPPED,
        _body(reasoning_effort="high"),
        "output_config.effort",
        "With adaptive `thinking`, except where a tool is forced. `minimal` becomes `low`, `none` turns thinking off.",
    ),
    Field(
        "response_format",
        MAPPED,
        _json_schema(),
        "output_config.format",
        "`text` needs no counterpart; `json_object` is refused: Anthropic wants a schema.",
    ),
    Field("response_format.type", MAPPED, _json_schema(), "output_config.format.type"),
    Field("response_format.json_schema", MAPPED, _json_schema(), "output_config.format.schema", "Its schema moves up."),
    Field("response_format.json_schema.schema", MAPPED, _json_schema(), "output_config.format.schema"),
    Field("response_format.json_schema.name", DROPPED, _json_schema(), note="Anthropic's schemas have no name"),
    Field(
        "response_format.json_schema.description",
        DROPPED,
        _json_schema(description="d"),
        note="Anthropic's formats have no description; put it into the schema",
    ),
    Field(
        "response_format.json_schema.strict",
        DROPPED,
        _json_schema(strict=False),
        note="Anthropic is always strict",
        neutral=(True,),
    ),
    Field("n", REFUSED, _body(n=2), note="Anthropic gives one answer; ask several times.", neutral=(1,)),
    Field("logprobs", REFUSED, _body(logprobs=True), note=_NO_TOKENS, neutral=(False,)),
    Field("top_logprobs", REFUSED, _body(top_logprobs=3), note=_NO_TOKENS, neutral=(0,)),
    Field("logit_bias", REFUSED, _body(logit_bias={"1": -100}), note=_NO_TOKENS, neutral=({},)),
    Field("audio", REFUSED, _body(audio={"voice": "alloy", "format": "mp3"}), note=_ONLY_TEXT),
    Field("modalities", REFUSED, _body(modalities=["text", "audio"]), note=_ONLY_TEXT, neutral=(["text"],)),
    Field(
        "web_search_options",
        REFUSED,
        _body(web_search_options={"search_context_size": "low"}),
        note="searching is another tool at Anthropic, with other answers; use its own API for it.",
    ),
    Field(
        "moderation",
        REFUSED,
        _body(moderation={"model": "omni-moderation-latest"}),
        note="Anthropic does not moderate on request; call `moderations` for it.",
    ),
    Field("frequency_penalty", DROPPED, _body(frequency_penalty=0.5), note=_TUNING, neutral=(0,)),
    Field("presence_penalty", DROPPED, _body(presence_penalty=0.5), note=_TUNING, neutral=(0,)),
    Field("seed", DROPPED, _body(seed=7), note=_TUNING),
    Field("verbosity", DROPPED, _body(verbosity="low"), note=_TUNING),
    Field(
        "prediction",
        DROPPED,
        _body(prediction={"type": "content", "content": "Hi"}),
        note="it makes the answer faster, not another one",
    ),
    Field(
        "metadata", DROPPED, _body(metadata={"a": "b"}), note="it is kept with stored answers, and nothing is stored"
    ),
    Field("store", DROPPED, _body(store=True), note="Anthropic stores no answers for later", neutral=(False,)),
    Field("service_tier", DROPPED, _body(service_tier="flex"), note="tiers are each provider's own", neutral=("auto",)),
    Field("prompt_cache_key", DROPPED, _body(prompt_cache_key="k"), note=_CACHE),
    Field("prompt_cache_retention", DROPPED, _body(prompt_cache_retention="24h"), note=_CACHE),
    Field("prompt_cache_options", DROPPED, _body(prompt_cache_options={"mode": "explicit"}), note=_CACHE),
)

REQUEST_FIELDS: tuple[Field, ...] = (*_SETTINGS, *_MESSAGES, *_PARTS, *_TOOLS)

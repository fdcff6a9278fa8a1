"""The table for a messages client on a chat upstream: what becomes of each field of Anthropic's requests.

The fields are those of Anthropic's OpenAPI document, and two of its beta that change what a request means.
"""

from collections.abc import Callable, Iterator
from typing import Any

from tollhouse.dialects.translation import DROPPED, MAPPED, REFUSED, Field

_HI = {"role": "user", "content": "Hi"}
_SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "additionalProperties": False}
_TOOL = {"name": "weather", "input_schema": _SCHEMA}
_USE = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Bern"}}
_THOUGHT = {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"}
_REDACTED = {"type": "redacted_thinking", "data": "eA=="}
_CACHE = {"type": "ephemeral"}
_PIXEL = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}
_PDF = {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0xLjQ="}
_ADDRESS = {"type": "url", "url": "https://example.com/a.png"}

_OWN_TOOLS = (
    "bash_20250124",
    "code_execution_20250522",
    "code_execution_20250825",
    "code_execution_20260120",
    "memory_20250818",
    "text_editor_20250124",
    "text_editor_20250429",
    "text_editor_20250728",
    "tool_search_tool_bm25",
    "tool_search_tool_bm25_20251119",
    "tool_search_tool_regex",
    "tool_search_tool_regex_20251119",
    "web_fetch_20250910",
    "web_fetch_20260209",
    "web_fetch_20260309",
    "web_search_20250305",
    "web_search_20260209",
)
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
_ONLY_ANTHROPIC = "it works with Anthropic's own tools only; give the model a tool of the type `custom`."
_CACHING = "OpenAI's servers cache on their own"
_SIGNED = "Extension, for servers that think aloud."


def _body(**fields: Any) -> dict[str, Any]:
    return {"model": "m", "max_tokens": 9, "messages": [_HI], **fields}


def _said(*messages: dict[str, Any]) -> dict[str, Any]:
    return {"model": "m", "max_tokens": 9, "messages": [*messages]}


def _user(block: dict[str, Any]) -> dict[str, Any]:
    return _said({"role": "user", "content": [{"type": "text", "text": "See"}, block]})


def _assistant(*blocks: dict[str, Any]) -> dict[str, Any]:
    return _said(_HI, {"role": "assistant", "content": [{"type": "text", "text": "4"}, *blocks]})


def _result(**fields: Any) -> dict[str, Any]:
    called = {"role": "assistant", "content": [_USE]}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "4", **fields}
    return _said(_HI, called, {"role": "user", "content": [result]})


def _in_result(block: dict[str, Any]) -> dict[str, Any]:
    return _result(content=[{"type": "text", "text": "See"}, block])


def _tool(**fields: Any) -> dict[str, Any]:
    return _body(tools=[{**_TOOL, **fields}])


def _choice(**fields: Any) -> dict[str, Any]:
    return _body(tools=[_TOOL], tool_choice={"type": "tool", "name": "weather", **fields})


def _format() -> dict[str, Any]:
    return _body(output_config={"format": {"type": "json_schema", "schema": _SCHEMA}})


def _shown(content: str, example: Callable[[dict[str, Any]], dict[str, Any]], note: str) -> Iterator[Field]:
    """The rows for text, images and documents, which stand in messages and in the results of tools."""
    told = {"type": "text", "text": "that"}
    image, pdf = {"type": "image", "source": _PIXEL}, {"type": "document", "source": _PDF}
    linked = {"type": "image", "source": _ADDRESS}
    url, file = "messages[].content[image_url].image_url.url", "messages[].content[file].file"
    yield Field(f"{content}[text]", MAPPED, example(told), "messages[].content[text]")
    yield Field(f"{content}[text].text", MAPPED, example(told), "messages[].content[text].text")
    yield Field(
        f"{content}[text].citations",
        DROPPED,
        example({**told, "citations": [{"type": "char_location", "cited_text": "4"}]}),
        note="OpenAI's annotations are addresses of the web; these are places in documents",
    )
    yield Field(
        f"{content}[image]", MAPPED, example(image), "messages[].content[image_url]", f"As OpenAI spells it{note}."
    )
    yield Field(f"{content}[image].source", MAPPED, example(image), url, "One `data:` URL or one address.")
    yield Field(f"{content}[image].source.type", MAPPED, example(image), note="`base64` or `url`, which the URL shows.")
    yield Field(f"{content}[image].source.media_type", MAPPED, example(image), url, "Part of the `data:` URL.")
    yield Field(f"{content}[image].source.data", MAPPED, example(image), url, "Part of the `data:` URL.")
    yield Field(f"{content}[image].source.url", MAPPED, example(linked), url)
    yield Field(
        f"{content}[document]",
        MAPPED,
        example(pdf),
        "messages[].content[file]",
        f"A PDF is a file, a plain text a text under its title{note}.",
    )
    yield Field(f"{content}[document].source", MAPPED, example(pdf), file, "As OpenAI spells it.")
    yield Field(f"{content}[document].source.type", MAPPED, example(pdf), note="`base64` or `text`.")
    yield Field(
        f"{content}[document].source.media_type", MAPPED, example(pdf), f"{file}.file_data", "Part of the `data:` URL."
    )
    yield Field(
        f"{content}[document].source.data", MAPPED, example(pdf), f"{file}.file_data", "Part of the `data:` URL."
    )
    yield Field(
        f"{content}[document].source.url",
        REFUSED,
        example({"type": "document", "source": {"type": "url", "url": "https://example.com/a.pdf"}}),
        note="OpenAI fetches no documents; send the content in base64.",
    )
    yield Field(
        f"{content}[document].source.content",
        REFUSED,
        example({"type": "document", "source": {"type": "content", "content": "4"}}),
        note="OpenAI has no documents made of blocks; send them as blocks of the message.",
    )
    yield Field(
        f"{content}[document].title",
        MAPPED,
        example({**pdf, "title": "a.pdf"}),
        f"{file}.filename",
        "Without one, `document.pdf`, because OpenAI wants a name.",
    )
    yield Field(
        f"{content}[document].context",
        DROPPED,
        example({**pdf, "context": "old"}),
        note="OpenAI's files have none; write it as text",
    )
    yield Field(
        f"{content}[document].citations",
        DROPPED,
        example({**pdf, "citations": {"enabled": True}}),
        note="OpenAI does not cite documents",
        neutral=({"enabled": False},),
    )
    yield Field(
        f"{content}[search_result]",
        REFUSED,
        example({"type": "search_result", "title": "t", "source": "s", "content": [told]}),
        note="OpenAI has no search results; send them as text.",
    )
    yield Field(f"{content}[].cache_control", DROPPED, example({**told, "cache_control": _CACHE}), note=_CACHING)


_MESSAGES = (
    Field("messages", MAPPED, _body(), "messages", "A message that says nothing is left out."),
    Field("messages[].role", MAPPED, _body(), "messages[].role"),
    Field("messages[].content", MAPPED, _body(), "messages[].content"),
    *_shown("messages[].content", _user, ""),
    Field(
        "messages[].content[thinking]",
        MAPPED,
        _assistant(_THOUGHT),
        "messages[].reasoning_details",
        f"{_SIGNED} Without a signature only `reasoning_content`.",
    ),
    Field("messages[].content[thinking].thinking", MAPPED, _assistant(_THOUGHT), "messages[].reasoning_content"),
    Field(
        "messages[].content[thinking].signature",
        MAPPED,
        _assistant(_THOUGHT),
        "messages[].reasoning_details[].signature",
    ),
    Field(
        "messages[].content[redacted_thinking]", MAPPED, _assistant(_REDACTED), "messages[].reasoning_details", _SIGNED
    ),
    Field(
        "messages[].content[redacted_thinking].data",
        MAPPED,
        _assistant(_REDACTED),
        "messages[].reasoning_details[].data",
    ),
    Field("messages[].content[tool_use]", MAPPED, _assistant(_USE), "messages[].tool_calls", "A call of a function."),
    Field("messages[].content[tool_use].id", MAPPED, _assistant(_USE), "messages[].tool_calls[].id"),
    Field("messages[].content[tool_use].name", MAPPED, _assistant(_USE), "messages[].tool_calls[].function.name"),
    Field(
        "messages[].content[tool_use].input",
        MAPPED,
        _assistant(_USE),
        "messages[].tool_calls[].function.arguments",
        "As JSON text.",
    ),
    Field(
        "messages[].content[tool_use].caller",
        DROPPED,
        _assistant({**_USE, "caller": {"type": "code_execution_20250825", "tool_id": "srvtoolu_1"}}),
        note="with OpenAI only the model calls",
        neutral=({"type": "direct"},),
    ),
    Field(
        "messages[].content[tool_result]",
        MAPPED,
        _result(),
        "messages",
        "A message of the role `tool`, before whatever else the user says.",
    ),
    Field("messages[].content[tool_result].tool_use_id", MAPPED, _result(), "messages[].tool_call_id"),
    Field("messages[].content[tool_result].content", MAPPED, _result(), "messages[].content", "One text is a string."),
    Field(
        "messages[].content[tool_result].is_error",
        DROPPED,
        _result(is_error=True),
        note="OpenAI has no such mark; the text of the result says it",
        neutral=(False,),
    ),
    *_shown("messages[].content[tool_result].content", _in_result, ", in a message of the user that follows"),
    Field(
        "messages[].content[tool_result].content[tool_reference]",
        REFUSED,
        _in_result({"type": "tool_reference", "tool_name": "weather"}),
        note=_ONLY_ANTHROPIC,
    ),
    *(
        Field(f"messages[].content[{kind}]", REFUSED, _assistant({"type": kind}), note=_ONLY_ANTHROPIC)
        for kind in _OWN_BLOCKS
    ),
    Field("system", MAPPED, _body(system="Be kind."), "messages", "A message of the role `system`, before all others."),
    Field(
        "system[text]",
        MAPPED,
        _body(system=[{"type": "text", "text": "Be kind."}]),
        "messages",
        "A part of that message.",
    ),
    Field(
        "system[text].text",
        MAPPED,
        _body(system=[{"type": "text", "text": "Be kind."}]),
        "messages[].content",
        "Several texts stay apart.",
    ),
    Field(
        "system[text].cache_control",
        DROPPED,
        _body(system=[{"type": "text", "text": "Be kind.", "cache_control": _CACHE}]),
        note=_CACHING,
    ),
    Field(
        "system[text].citations",
        DROPPED,
        _body(system=[{"type": "text", "text": "Be kind.", "citations": [{"type": "char_location"}]}]),
        note="OpenAI's instructions cite nothing",
    ),
)

_TOOLS = (
    Field("tools", MAPPED, _tool(), "tools", "Only your own."),
    Field("tools[custom]", MAPPED, _tool(), "tools[function]", "A function. A tool without a `type` is `custom`."),
    Field("tools[custom].name", MAPPED, _tool(), "tools[].function.name"),
    Field("tools[custom].description", MAPPED, _tool(description="Now"), "tools[].function.description"),
    Field("tools[custom].input_schema", MAPPED, _tool(), "tools[].function.parameters", whole=True),
    Field("tools[custom].strict", MAPPED, _tool(strict=True), "tools[].function.strict"),
    Field("tools[custom].cache_control", DROPPED, _tool(cache_control=_CACHE), note=_CACHING),
    Field(
        "tools[custom].eager_input_streaming",
        DROPPED,
        _tool(eager_input_streaming=True),
        note="OpenAI's servers stream arguments as they come",
        neutral=(False,),
    ),
    Field(
        "tools[custom].allowed_callers",
        DROPPED,
        _tool(allowed_callers=["direct", "code_execution_20250825"]),
        note="with OpenAI only the model calls",
        neutral=(["direct"],),
    ),
    Field(
        "tools[custom].defer_loading",
        DROPPED,
        _tool(defer_loading=True),
        note="OpenAI loads every tool",
        neutral=(False,),
    ),
    Field(
        "tools[custom].input_examples",
        DROPPED,
        _tool(input_examples=[{"city": "Bern"}]),
        note="OpenAI's functions have none; write them into the description",
    ),
    *(
        Field(f"tools[{kind}]", REFUSED, _body(tools=[{"type": kind, "name": "own"}]), note=_ONLY_ANTHROPIC)
        for kind in _OWN_TOOLS
    ),
    Field(
        "tool_choice",
        MAPPED,
        _choice(),
        "tool_choice",
        "A word, or the function's name. Without tools it is left out and announced.",
    ),
    Field(
        "tool_choice.type", MAPPED, _choice(), "tool_choice", "`any` is OpenAI's `required`, `tool` a function's name."
    ),
    Field("tool_choice.name", MAPPED, _choice(), "tool_choice.function.name"),
    Field(
        "tool_choice.disable_parallel_tool_use",
        MAPPED,
        _choice(disable_parallel_tool_use=True),
        "parallel_tool_calls",
        "Says the opposite there.",
    ),
)

_SETTINGS = (
    Field("model", MAPPED, _body(), "model"),
    Field("max_tokens", MAPPED, _body(), "max_completion_tokens", "0, which only fills the cache, is refused."),
    Field("temperature", MAPPED, _body(temperature=0.5), "temperature"),
    Field("top_p", MAPPED, _body(top_p=0.9), "top_p"),
    Field("top_k", DROPPED, _body(top_k=40), note="OpenAI has no such setting, and refuses what it does not know"),
    Field("stop_sequences", MAPPED, _body(stop_sequences=["END"]), "stop"),
    Field("stream", MAPPED, _body(stream=True), "stream"),
    Field("metadata", MAPPED, _body(metadata={"user_id": "u1"}), "user", "Its field moves up."),
    Field("metadata.user_id", MAPPED, _body(metadata={"user_id": "u1"}), "user"),
    Field(
        "thinking",
        MAPPED,
        _body(thinking={"type": "enabled", "budget_tokens": 9000}),
        "reasoning_effort",
        "As `budget_tokens`.",
    ),
    Field(
        "thinking.type",
        MAPPED,
        _body(thinking={"type": "enabled", "budget_tokens": 9000}),
        "reasoning_effort",
        "`enabled` as the budget says; `adaptive` leaves it to the model; `disabled` is left out and announced, because "
        "models that cannot think refuse any effort.",
    ),
    Field(
        "thinking.budget_tokens",
        MAPPED,
        _body(thinking={"type": "enabled", "budget_tokens": 9000}),
        "reasoning_effort",
        "Below 4000 `low`, below 16000 `medium`, else `high`; `output_config.effort` goes before it.",
    ),
    Field(
        "thinking.display",
        DROPPED,
        _body(thinking={"type": "adaptive", "display": "omitted"}),
        note="what OpenAI's servers show is theirs to decide",
        neutral=("summarized",),
    ),
    Field("output_config", MAPPED, _body(output_config={"effort": "high"}), "reasoning_effort", "Its fields move up."),
    Field("output_config.effort", MAPPED, _body(output_config={"effort": "high"}), "reasoning_effort"),
    Field("output_config.format", MAPPED, _format(), "response_format", "As OpenAI spells it."),
    Field("output_config.format.type", MAPPED, _format(), "response_format.type"),
    Field(
        "output_config.format.schema",
        MAPPED,
        _format(),
        "response_format.json_schema.schema",
        "With the name `answer`, because OpenAI wants one, and `strict`, because Anthropic is.",
    ),
    Field(
        "output_format",
        REFUSED,
        _body(output_format={"type": "json_schema", "schema": _SCHEMA}),
        note="it is the name of an older beta; use `output_config.format`.",
    ),
    Field(
        "mcp_servers",
        REFUSED,
        _body(mcp_servers=[{"type": "url", "url": "https://example.com", "name": "a"}]),
        note=_ONLY_ANTHROPIC,
        neutral=([],),
    ),
    Field(
        "context_management", DROPPED, _body(context_management={"edits": []}), note="OpenAI shortens no conversations"
    ),
    Field(
        "container", REFUSED, _body(container="c"), note="OpenAI's chat completions have no containers; leave it out."
    ),
    Field(
        "inference_geo",
        REFUSED,
        _body(inference_geo="us"),
        note="nobody else promises where it answers; leave it out if that does not matter.",
    ),
    Field(
        "service_tier",
        DROPPED,
        _body(service_tier="standard_only"),
        note="tiers are each provider's own",
        neutral=("auto",),
    ),
    Field("cache_control", DROPPED, _body(cache_control=_CACHE), note=_CACHING),
)

REQUEST_FIELDS: tuple[Field, ...] = (*_SETTINGS, *_MESSAGES, *_TOOLS)

"""A request for a response as a chat completions request. Pure; the table `request_fields` says what becomes of what."""

from collections.abc import Mapping
from typing import Any

from tollhouse.dialects.responses_on_chat.items import messages_of
from tollhouse.dialects.responses_on_chat.request_fields import REQUEST_FIELDS
from tollhouse.dialects.shapes import WrongShape, chosen, mapping, objects, text, texts
from tollhouse.dialects.sieve import Sieve
from tollhouse.dialects.translation import Translated
from tollhouse.errors import InvalidRequest

LOGPROBS = "message.output_text.logprobs"
# What the two formats say in the same words.
_SAME = (
    "stream", "temperature", "top_p", "service_tier", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention",
    "safety_identifier", "user", "moderation",
)  # fmt: skip
_SIEVE = Sieve(REQUEST_FIELDS)
_WORDS = {"none": "none", "auto": "auto", "required": "required"}


def request(body: Mapping[str, Any], /, *, max_output_tokens: int | None = None) -> Translated:
    """The chat request for a client's. Raises InvalidRequest, which names the field that cannot be sent.

    A chat completion needs no limit, so `max_output_tokens`, the model's own, is not used.
    """
    asked, dropped = _SIEVE.sift(_with_references(body))
    try:
        translated = _translate(asked, dropped)
    except WrongShape as error:
        raise InvalidRequest(str(error), param=error.param) from error
    return Translated(translated, tuple(sorted(dropped)))


def _with_references(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Items that only name one of an earlier response may leave out their type, as messages may; here they have it."""
    items = body.get("input")
    if type(items) is not list or not any(_is_reference(item) for item in items):
        return body
    return {
        **body,
        "input": [{**item, "type": "item_reference"} if _is_reference(item) else item for item in items],
    }


def _is_reference(item: Any) -> bool:
    return type(item) is dict and "id" in item and item.keys() <= {"id", "type"} and item.get("type") is None


def _translate(asked: Mapping[str, Any], dropped: set[str]) -> dict[str, Any]:
    translated: dict[str, Any] = {"model": text(asked.get("model"), "model"), "messages": _messages(asked, dropped)}
    if "max_output_tokens" in asked:
        translated["max_completion_tokens"] = asked["max_output_tokens"]
    translated.update({name: asked[name] for name in _SAME if name in asked})
    _add_tools(translated, asked, dropped)
    if "text" in asked:
        _add_text(translated, mapping(asked["text"], "text"))
    effort = mapping(asked.get("reasoning", {}), "reasoning").get("effort")
    if effort is not None:
        translated["reasoning_effort"] = text(effort, "reasoning.effort")
    _add_logprobs(translated, asked)
    return translated


def _messages(asked: Mapping[str, Any], dropped: set[str]) -> list[dict[str, Any]]:
    given = asked.get("input", [])
    items = [{"role": "user", "content": given}] if type(given) is str else objects(given, "input")
    messages = messages_of(items, dropped)
    if not messages:
        raise WrongShape("input", "a text or a list of items that says something")
    if "instructions" not in asked:
        return messages
    return [{"role": "system", "content": text(asked["instructions"], "instructions")}, *messages]


def _add_tools(translated: dict[str, Any], asked: Mapping[str, Any], dropped: set[str]) -> None:
    """Tools and what is said about them; servers refuse a choice among no tools."""
    tools = objects(asked.get("tools", []), "tools")
    if not tools:
        dropped.update({"tool_choice", "parallel_tool_calls"} & asked.keys())
        return
    translated["tools"] = [_tool(tool) for tool in tools]
    if "parallel_tool_calls" in asked:
        translated["parallel_tool_calls"] = asked["parallel_tool_calls"]
    choice = asked.get("tool_choice")
    if type(choice) is dict:
        translated["tool_choice"] = _tool_choice(choice)
    elif choice is not None:
        translated["tool_choice"] = chosen(choice, _WORDS, "tool_choice")


def _tool(tool: Mapping[str, Any]) -> dict[str, Any]:
    kind = tool.get("type", "function")
    inner = {name: value for name, value in tool.items() if name != "type"}
    inner["name"] = text(tool.get("name"), f"tools[{kind}].name")
    if "format" in inner:
        inner["format"] = _free_format(mapping(inner["format"], "tools[custom].format"))
    return {"type": kind, kind: inner}


def _free_format(given: dict[str, Any]) -> dict[str, Any]:
    """How the text of a custom tool has to look: a grammar is one level deeper in chat."""
    if given.get("type") != "grammar":
        return given
    return {"type": "grammar", "grammar": {name: value for name, value in given.items() if name != "type"}}


def _tool_choice(choice: Mapping[str, Any]) -> dict[str, Any]:
    kind = choice.get("type")
    if kind in ("function", "custom"):
        return {"type": kind, kind: {"name": text(choice.get("name"), "tool_choice.name")}}
    if kind != "allowed_tools":
        raise WrongShape(
            "tool_choice.type", "one of function, custom, allowed_tools: the provider has no tools of its own"
        )
    tools = objects(choice.get("tools"), "tool_choice.tools")
    allowed = {"mode": choice.get("mode", "auto"), "tools": [_tool_choice(tool) for tool in tools]}
    return {"type": kind, kind: allowed}


def _add_text(translated: dict[str, Any], wanted: Mapping[str, Any]) -> None:
    if "verbosity" in wanted:
        translated["verbosity"] = wanted["verbosity"]
    form = mapping(wanted.get("format", {}), "text.format")
    kind = form.get("type", "text")
    if kind == "json_schema":
        schema = {name: value for name, value in form.items() if name != "type"}
        translated["response_format"] = {"type": kind, "json_schema": schema}
    elif kind != "text":
        translated["response_format"] = {"type": text(kind, "text.format.type")}


def _add_logprobs(translated: dict[str, Any], asked: Mapping[str, Any]) -> None:
    wanted = LOGPROBS in texts(asked.get("include", []), "include")
    if asked.get("top_logprobs"):
        translated["top_logprobs"] = asked["top_logprobs"]
    if wanted or asked.get("top_logprobs"):
        translated["logprobs"] = True

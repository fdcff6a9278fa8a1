"""A messages request as a chat completions request. Pure; `request_fields` says what becomes of each field."""

from collections.abc import Mapping
from typing import Any

from tollhouse.dialects.chat_and_messages import EFFORTS, effort_of_budget
from tollhouse.dialects.messages_on_chat.parts import chat_messages, system_message
from tollhouse.dialects.messages_on_chat.request_fields import REQUEST_FIELDS
from tollhouse.dialects.shapes import WrongShape, chosen, mapping, objects, text, texts, whole_number
from tollhouse.dialects.sieve import Sieve
from tollhouse.dialects.translation import Translated
from tollhouse.errors import InvalidRequest

FORMAT_NAME = "answer"  # OpenAI wants a name for a schema

_SIEVE = Sieve(REQUEST_FIELDS)
_TOOL_CHOICES = {"auto": "auto", "none": "none", "any": "required"}


def request(body: Mapping[str, Any], /, *, max_output_tokens: int | None = None) -> Translated:
    """OpenAI's request for Anthropic's, which always has a limit of its own. Raises InvalidRequest, which names the field."""
    asked, dropped = _SIEVE.sift(body)
    try:
        translated = _translate(asked, dropped)
    except WrongShape as error:
        raise InvalidRequest(str(error), param=error.param) from error
    return Translated(translated, tuple(sorted(dropped)))


def _translate(asked: Mapping[str, Any], dropped: set[str]) -> dict[str, Any]:
    messages = system_message(asked.get("system"))
    for message in objects(asked.get("messages"), "messages"):
        messages += chat_messages(message)
    if not messages:
        raise WrongShape("messages", "a conversation with at least one message that says something")
    translated: dict[str, Any] = {"model": text(asked.get("model"), "model"), "messages": messages}
    if "max_tokens" in asked:
        limit = whole_number(asked["max_tokens"], "max_tokens")
        if limit < 1:
            raise WrongShape("max_tokens", "at least 1 for this model, which cannot fill its cache without an answer")
        translated["max_completion_tokens"] = limit
    translated.update({name: asked[name] for name in ("stream", "temperature", "top_p") if name in asked})
    if asked.get("stop_sequences"):
        translated["stop"] = texts(asked["stop_sequences"], "stop_sequences")
    user = mapping(asked.get("metadata", {}), "metadata").get("user_id")
    if user is not None:
        translated["user"] = text(user, "metadata.user_id")
    _add_tools(translated, asked, dropped)
    _add_output(translated, asked, dropped)
    return translated


def _add_tools(translated: dict[str, Any], asked: Mapping[str, Any], dropped: set[str]) -> None:
    """The tools and how to choose; OpenAI takes no choice without tools."""
    tools = objects(asked.get("tools", []), "tools")
    if not tools:
        dropped.update({"tool_choice"} & asked.keys())
        return
    translated["tools"] = [_tool(tool) for tool in tools]
    if "tool_choice" not in asked:
        return
    choice = mapping(asked["tool_choice"], "tool_choice")
    if choice.get("type") == "tool":
        named = {"name": text(choice.get("name"), "tool_choice.name")}
        translated["tool_choice"] = {"type": "function", "function": named}
    else:
        translated["tool_choice"] = chosen(choice.get("type"), _TOOL_CHOICES, "tool_choice.type")
    if "disable_parallel_tool_use" in choice:
        translated["parallel_tool_calls"] = choice["disable_parallel_tool_use"] is not True


def _tool(tool: Mapping[str, Any]) -> dict[str, Any]:
    function = {
        "name": text(tool.get("name"), "tools[custom].name"),
        "parameters": mapping(tool.get("input_schema"), "tools[custom].input_schema"),
    }
    optional = {name: tool[name] for name in ("description", "strict") if name in tool}
    return {"type": "function", "function": {**function, **optional}}


def _add_output(translated: dict[str, Any], asked: Mapping[str, Any], dropped: set[str]) -> None:
    """Effort and form of the answer. An effort that is named goes before the one that a budget stands for."""
    config = mapping(asked.get("output_config", {}), "output_config")
    thinking = mapping(asked.get("thinking", {}), "thinking")
    if thinking.get("type") == "disabled":
        dropped.add("thinking.type")  # models that cannot think refuse every effort, `none` too
    if "effort" in config:
        translated["reasoning_effort"] = chosen(config["effort"], EFFORTS, "output_config.effort")
    elif thinking.get("type") == "enabled":
        budget = whole_number(thinking.get("budget_tokens"), "thinking.budget_tokens")
        translated["reasoning_effort"] = effort_of_budget(budget)
    wanted = config.get("format")
    if wanted is not None:
        wanted = mapping(wanted, "output_config.format")
        schema = mapping(wanted.get("schema"), "output_config.format.schema")
        translated["response_format"] = {
            "type": chosen(wanted.get("type"), {"json_schema": "json_schema"}, "output_config.format.type"),
            "json_schema": {"name": FORMAT_NAME, "schema": schema, "strict": True},
        }

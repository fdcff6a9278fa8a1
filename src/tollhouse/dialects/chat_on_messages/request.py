"""A chat completions request as a messages request. Pure; `request_fields` says what becomes of each field."""

from collections.abc import Mapping
from typing import Any

from tollhouse.dialects.chat_and_messages import EFFORTS
from tollhouse.dialects.chat_on_messages.parts import assistant_blocks, tool_result, user_blocks
from tollhouse.dialects.chat_on_messages.request_fields import REQUEST_FIELDS
from tollhouse.dialects.shapes import WrongShape, chosen, mapping, number, objects, text, texts, whole_number
from tollhouse.dialects.sieve import Sieve
from tollhouse.dialects.translation import Translated
from tollhouse.errors import InvalidRequest

DEFAULT_MAX_TOKENS = 4096
TEMPERATURE_MAX = 1.0

_SIEVE = Sieve(REQUEST_FIELDS)
_ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant", "tool": "user"}
_TOOL_CHOICES = {"auto": "auto", "none": "none", "required": "any"}
_EMPTY_SCHEMA = {"type": "object", "properties": {}}


def request(body: Mapping[str, Any], /, *, max_output_tokens: int | None = None) -> Translated:
    """Anthropic's request for OpenAI's. Raises InvalidRequest, which names the field that cannot be sent.

    A request without a limit gets `max_output_tokens`, the model's own, or DEFAULT_MAX_TOKENS: Anthropic wants one.
    """
    asked, dropped = _SIEVE.sift(body)
    try:
        translated = _translate(asked, dropped, max_output_tokens or DEFAULT_MAX_TOKENS)
    except WrongShape as error:
        raise InvalidRequest(str(error), param=error.param) from error
    return Translated(translated, tuple(sorted(dropped)))


def _translate(asked: Mapping[str, Any], dropped: set[str], max_tokens: int) -> dict[str, Any]:
    system, messages = _conversation(objects(asked.get("messages"), "messages"), dropped)
    translated = {
        "model": text(asked.get("model"), "model"),
        "messages": messages,
        "max_tokens": _limit(asked, dropped, max_tokens),
    }
    if system:
        translated["system"] = _one_text(system)
    tools = objects(asked.get("tools", []), "tools")
    if tools:
        translated["tools"] = [_tool(mapping(tool.get("function"), "tools[].function")) for tool in tools]
    choice = _tool_choice(asked, bool(tools), dropped)
    if choice:
        translated["tool_choice"] = choice
    translated.update({name: asked[name] for name in ("stream", "top_p", "top_k") if name in asked})
    if "stop" in asked:
        stop = asked["stop"]
        translated["stop_sequences"] = [stop] if type(stop) is str else texts(stop, "stop")
    _add_user(translated, asked, dropped)
    _add_output(translated, asked)
    if "temperature" in asked:
        _add_temperature(translated, number(asked["temperature"], "temperature"), dropped)
    return translated


def _limit(asked: Mapping[str, Any], dropped: set[str], default: int) -> int:
    if "max_completion_tokens" not in asked:
        return whole_number(asked.get("max_tokens", default), "max_tokens")
    if "max_tokens" in asked:
        dropped.add("max_tokens")
    return whole_number(asked["max_completion_tokens"], "max_completion_tokens")


def _conversation(
    messages: list[dict[str, Any]], dropped: set[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The blocks of the system prompt, and messages in which roles alternate.

    A message that says nothing is left out, because Anthropic takes no empty text.
    """
    system: list[dict[str, Any]] = []
    turns: list[dict[str, Any]] = []
    for message in messages:
        role = chosen(message.get("role"), _ROLES, "messages[].role")
        if message["role"] == "tool":
            blocks = [tool_result(message)]
        elif role == "assistant":
            blocks = assistant_blocks(message, dropped)
        else:
            blocks = user_blocks(message.get("content"))
        if role == "system":
            if any(block["type"] != "text" for block in blocks):
                raise WrongShape("messages[].content", "text in a system message")
            system += blocks
        elif turns and turns[-1]["role"] == role:
            turns[-1]["content"] += blocks
        elif blocks:
            turns.append({"role": role, "content": blocks})
    if not turns:
        raise WrongShape(
            "messages", "a conversation with at least one message of a user or an assistant that says something"
        )
    return system, [{**turn, "content": _one_text(turn["content"])} for turn in turns]


def _one_text(blocks: list[dict[str, Any]]) -> str | list[dict[str, Any]]:
    """Blocks in their shortest form: one plain text is a string."""
    if len(blocks) == 1 and blocks[0].keys() == {"type", "text"}:
        return str(blocks[0]["text"])
    return blocks


def _tool(function: Mapping[str, Any]) -> dict[str, Any]:
    schema = mapping(function.get("parameters", _EMPTY_SCHEMA), "tools[].function.parameters")
    tool = {
        "name": text(function.get("name"), "tools[].function.name"),
        "input_schema": schema if "type" in schema else {"type": "object", **schema},
    }
    return {**tool, **{name: function[name] for name in ("description", "strict") if name in function}}


def _tool_choice(asked: Mapping[str, Any], has_tools: bool, dropped: set[str]) -> dict[str, Any]:
    """Anthropic has the question of parallel calls inside the choice, and takes no choice without tools."""
    if not has_tools:
        dropped.update({"tool_choice", "parallel_tool_calls"} & asked.keys())
        return {}
    choice: dict[str, Any] = {}
    wanted = asked.get("tool_choice")
    if type(wanted) is dict:
        function = mapping(wanted.get("function"), "tool_choice.function")
        choice = {"type": "tool", "name": text(function.get("name"), "tool_choice.function.name")}
    elif wanted is not None:
        choice = {"type": chosen(wanted, _TOOL_CHOICES, "tool_choice")}
    if "parallel_tool_calls" not in asked:
        return choice
    if choice.get("type") == "none":
        dropped.add("parallel_tool_calls")
    else:
        choice = {**(choice or {"type": "auto"}), "disable_parallel_tool_use": asked["parallel_tool_calls"] is False}
    return choice


def _add_user(translated: dict[str, Any], asked: Mapping[str, Any], dropped: set[str]) -> None:
    names = [name for name in ("safety_identifier", "user") if name in asked]
    if names:
        translated["metadata"] = {"user_id": text(asked[names[0]], names[0])}
        dropped.update(names[1:])


def _add_output(translated: dict[str, Any], asked: Mapping[str, Any]) -> None:
    """Effort and form of the answer. Where a tool is forced there is no thinking: Anthropic refuses both together."""
    config: dict[str, Any] = {}
    effort = asked.get("reasoning_effort")
    if effort == "none":
        translated["thinking"] = {"type": "disabled"}
    elif effort is not None:
        config["effort"] = chosen(effort, EFFORTS, "reasoning_effort")
        if translated.get("tool_choice", {}).get("type") not in ("any", "tool"):
            translated["thinking"] = {"type": "adaptive"}
    wanted = asked.get("response_format")
    if wanted is not None:
        config.update(_format(mapping(wanted, "response_format")))
    if config:
        translated["output_config"] = config


def _format(wanted: Mapping[str, Any]) -> dict[str, Any]:
    kind = wanted.get("type")
    if kind == "text":
        return {}
    if kind != "json_schema":
        raise WrongShape(
            "response_format.type", "`text` or `json_schema` for this model: send the schema of the JSON you want"
        )
    schema = mapping(wanted.get("json_schema"), "response_format.json_schema").get("schema")
    return {"format": {"type": "json_schema", "schema": mapping(schema, "response_format.json_schema.schema")}}


def _add_temperature(translated: dict[str, Any], wanted: float, dropped: set[str]) -> None:
    """Anthropic ends at 1, and takes nothing else while it thinks."""
    if translated.get("thinking", {}).get("type") == "adaptive":
        dropped.add("temperature")
    else:
        translated["temperature"] = min(wanted, TEMPERATURE_MAX)

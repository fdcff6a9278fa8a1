"""Request bodies, checked, and written again as what the engine takes. Pure.

Only fields named here reach the engine: llama.cpp takes many more, some of which reach into other requests' slots.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tollhouse.node.errors import NodeError

CHOICES_MAX = 16
PROMPTS_MAX = 64
INPUTS_MAX = 2048  # OpenAI's limit on one embeddings call

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """What an optional field accepts, in words and as a test. `null` counts as absent."""

    words: str
    accepts: Callable[[Any], bool]


def _number(least: float, most: float) -> Field:
    def accepts(value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most

    return Field(f"a number from {least:g} to {most:g}", accepts)


def _whole(least: int, most: int | None = None) -> Field:
    def accepts(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= (most or value)

    return Field(f"a whole number from {least}" + (f" to {most}" if most else ""), accepts)


def _texts(most: int) -> Field:
    def accepts(value: Any) -> bool:
        return isinstance(value, list) and len(value) <= most and all(isinstance(item, str) for item in value)

    return Field(f"a list of at most {most} texts", accepts)


BOOLEAN = Field("true or false", lambda value: isinstance(value, bool))
OBJECT = Field("an object", lambda value: isinstance(value, dict))
LIST = Field("a list", lambda value: isinstance(value, list))
STOP = Field("a text or a list of at most 16 texts", lambda value: isinstance(value, str) or _texts(16).accepts(value))
SEED = Field("a whole number of 64 bits", lambda value: type(value) is int and -(2**63) <= value < 2**63)

SAMPLING = {
    "temperature": _number(0, 2),
    "top_p": _number(0, 1),
    "top_k": _whole(0),
    "min_p": _number(0, 1),
    "presence_penalty": _number(-2, 2),
    "frequency_penalty": _number(-2, 2),
    "seed": SEED,
    "stop": STOP,
    "logit_bias": OBJECT,
}
CHAT = {
    **SAMPLING,
    "max_tokens": _whole(1),
    "max_completion_tokens": _whole(1),
    "logprobs": BOOLEAN,
    "top_logprobs": _whole(0, 20),
    "response_format": OBJECT,
    "tools": LIST,
    "tool_choice": Field("a text or an object", lambda value: isinstance(value, str | dict)),
    "parallel_tool_calls": BOOLEAN,
}
COMPLETION = {**SAMPLING, "max_tokens": _whole(1), "logprobs": _whole(0, 5)}
MESSAGES = {
    "temperature": _number(0, 1),
    "top_p": _number(0, 1),
    "top_k": _whole(0),
    "stop_sequences": _texts(16),
    "system": Field("a text or a list of text blocks", lambda value: isinstance(value, str | list)),
    "tools": LIST,
    "tool_choice": OBJECT,
}
STREAMING = {"stream": BOOLEAN, "stream_options": OBJECT}
CHOICES = {"n": _whole(1, CHOICES_MAX)}
CHAT_ROLES = ("system", "developer", "user", "assistant", "tool", "function")
TEXT_PARTS = ("text", "refusal", "output_text", "input_text")
MESSAGE_BLOCKS = ("text", "thinking", "redacted_thinking", "tool_use", "tool_result")


def chat_bodies(body: Body, *, default_temperature: float | None, calls_tools: bool) -> list[Body]:
    """One engine body for each of the `n` choices of a chat completion. Raises NodeError."""
    _check_fields(body, {**CHAT, **STREAMING, **CHOICES})
    messages = _messages(body, CHAT_ROLES)
    for number, message in enumerate(messages):
        _check_text_only(message.get("content"), TEXT_PARTS, f"messages[{number}].content")
    taken = _taken(body, CHAT)
    if "max_completion_tokens" in taken:
        taken["max_tokens"] = taken.pop("max_completion_tokens")
    forced = taken.get("tool_choice") == "required" or isinstance(taken.get("tool_choice"), dict)
    _drop_tools(taken, calls_tools=calls_tools, forced=forced)
    return _choices(body, {**taken, "messages": messages}, default_temperature)


def completion_bodies(body: Body, *, default_temperature: float | None) -> list[Body]:
    """One engine body for each prompt and choice of a text completion, prompt by prompt. Raises NodeError."""
    _check_fields(body, {**COMPLETION, **STREAMING, **CHOICES})
    for unsupported in ("suffix", "echo"):
        if body.get(unsupported):
            raise NodeError("invalid_request", f"'{unsupported}' is not supported by this node.", param=unsupported)
    if (body.get("best_of") or 1) > (body.get("n") or 1):
        raise NodeError("invalid_request", "'best_of' above 'n' is not supported by this node.", param="best_of")
    prompts = _texts_or_tokens(body, "prompt", PROMPTS_MAX)
    taken = _taken(body, COMPLETION)
    if "logprobs" in taken:
        taken["logprobs"] = max(1, taken["logprobs"])  # 0 asks for the chosen token alone; to the engine it means off
    return [one for prompt in prompts for one in _choices(body, {**taken, "prompt": prompt}, default_temperature)]


def embedding_inputs(body: Body, dimensions: int) -> tuple[list[Any], str]:
    """The inputs as a list of texts or token lists, and the encoding: float or base64. Raises NodeError."""
    encoding = body.get("encoding_format") or "float"
    if encoding not in ("float", "base64"):
        raise NodeError("invalid_request", "'encoding_format' must be float or base64.", param="encoding_format")
    if body.get("dimensions") not in (None, dimensions):
        raise NodeError("invalid_request", f"This model's vectors have {dimensions} dimensions.", param="dimensions")
    return _texts_or_tokens(body, "input", INPUTS_MAX), encoding


def message_body(body: Body, *, calls_tools: bool, default_temperature: float | None) -> Body:
    """An Anthropic Messages body for the engine. Raises NodeError."""
    if body.get("max_tokens") is None:
        raise NodeError("invalid_request", "max_tokens: Field required", param="max_tokens")
    _check_fields(body, {"max_tokens": _whole(1), **STREAMING})
    taken = {**count_body(body, calls_tools=calls_tools), "max_tokens": body["max_tokens"]}
    return _with_temperature(taken, default_temperature)


def count_body(body: Body, *, calls_tools: bool) -> Body:
    """The part of an Anthropic body that makes up the prompt (and the sampling). Raises NodeError."""
    _check_fields(body, MESSAGES)
    messages = _messages(body, ("user", "assistant", "system"))
    for number, message in enumerate(messages):
        if message.get("content") is None:
            raise NodeError("invalid_request", f"messages.{number}.content: Field required")
        _check_text_only(message["content"], MESSAGE_BLOCKS, f"messages.{number}.content")
    _check_text_only(body.get("system"), ("text",), "system")
    taken = _taken(body, MESSAGES)
    choice = taken.get("tool_choice", {}).get("type")
    _drop_tools(taken, calls_tools=calls_tools, forced=choice in ("any", "tool"))
    return {**taken, "messages": messages}


def _check_fields(body: Body, fields: dict[str, Field]) -> None:
    for name, field in fields.items():
        if body.get(name) is not None and not field.accepts(body[name]):
            raise NodeError("invalid_request", f"'{name}' must be {field.words}.", param=name)


def _taken(body: Body, fields: dict[str, Field]) -> Body:
    return {name: body[name] for name in fields if body.get(name) is not None}


def _messages(body: Body, roles: tuple[str, ...]) -> list[Body]:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise NodeError("invalid_request", "'messages' must be a list with at least one message.", param="messages")
    for number, message in enumerate(messages):
        if not isinstance(message, dict):
            raise NodeError("invalid_request", f"messages[{number}] must be an object.", param=f"messages[{number}]")
        if message.get("role") not in roles:
            wanted = f"messages[{number}].role must be one of {', '.join(roles)}."
            raise NodeError("invalid_request", wanted, param=f"messages[{number}].role")
    return messages


def _check_text_only(content: Any, kinds: tuple[str, ...], where: str) -> None:
    if content is None or isinstance(content, str):
        return
    if not isinstance(content, list):
        raise NodeError("invalid_request", f"{where} must be a text or a list of parts.", param=where)
    for number, part in enumerate(content):
        kind = part.get("type") if isinstance(part, dict) else None
        if kind not in kinds:
            raise NodeError(
                "invalid_request", f"This model reads text only: {where}[{number}] is of type {kind!r}.", param=where
            )


def _drop_tools(taken: Body, *, calls_tools: bool, forced: bool) -> None:
    """A model whose chat template knows no tools never sees them; a caller who insists on a call must hear of it."""
    if calls_tools:
        return
    if forced:
        raise NodeError("invalid_request", "This model cannot call tools.", param="tool_choice")
    for name in ("tools", "tool_choice", "parallel_tool_calls"):
        taken.pop(name, None)


def _choices(body: Body, taken: Body, default_temperature: float | None) -> list[Body]:
    """`n` bodies. The engine has an `n` of its own, but its usage then counts one choice only (seen in 2026.10)."""
    one = _with_temperature(taken, default_temperature)
    one |= {"stream": True, "stream_options": {"include_usage": True}, "return_progress": True}
    if "seed" not in one:
        return [one] * (body.get("n") or 1)
    return [{**one, "seed": one["seed"] + number} for number in range(body.get("n") or 1)]


def _with_temperature(taken: Body, default_temperature: float | None) -> Body:
    return taken if default_temperature is None else {"temperature": default_temperature, **taken}


def _texts_or_tokens(body: Body, name: str, most: int) -> list[Any]:
    """A text, a list of texts, a list of tokens or a list of lists of tokens, as a list of the one or the other."""
    value = body.get(name)
    given = value if isinstance(value, list) and not _are_tokens(value) else [value]
    if not given or not all((isinstance(item, str) and item) or _are_tokens(item) for item in given):
        words = f"'{name}' must be a text, a list of texts, a list of tokens or a list of lists of tokens, none of them empty."
        raise NodeError("invalid_request", words, param=name)
    if len(given) > most:
        raise NodeError("invalid_request", f"'{name}' takes at most {most} entries.", param=name)
    return given


def _are_tokens(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(type(token) is int and 0 <= token < 2**31 for token in value)

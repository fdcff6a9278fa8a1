"""The items of a response's input as messages of a chat completion. Pure; raises WrongShape."""

from collections.abc import Mapping
from typing import Any

from tollhouse.dialects.responses_on_chat.thoughts import opened
from tollhouse.dialects.shapes import WrongShape, chosen, objects, text

_ROLES = {"user": "user", "assistant": "assistant", "system": "system", "developer": "system"}
_DETAILS = {"auto": "auto", "low": "low", "high": "high", "original": "high"}
SHOWN_LATER = "The output follows in the next message."
_OUTPUTS = ("function_call_output", "custom_tool_call_output")


def messages_of(items: list[dict[str, Any]], dropped: set[str]) -> list[dict[str, Any]]:
    """Messages for items. What the assistant thought, said and called in a row is one message, as chat has it."""
    conversation = _Conversation(dropped)
    for item in items:
        kind = item.get("type", "message")
        if kind in _OUTPUTS:
            conversation.answer_call(item, f"input[{kind}]")
        elif kind == "message" and chosen(item.get("role"), _ROLES, "input[message].role") != "assistant":
            conversation.hear(_ROLES[item["role"]], content_of(item.get("content"), "input[message].content"))
        else:
            conversation.act(item, kind)
    return conversation.messages()


class _Conversation:
    """Messages as they grow: `_turn` is the one of the assistant that items still add to."""

    def __init__(self, dropped: set[str]) -> None:
        self._messages: list[dict[str, Any]] = []
        self._turn: dict[str, Any] | None = None
        self._shown: list[dict[str, Any]] = []  # by tools, beside text: it follows once all of them have answered
        self._dropped = dropped

    def messages(self) -> list[dict[str, Any]]:
        self._show()
        return [_finished(message) for message in self._messages if len(message) > 1]

    def hear(self, role: str, content: str | list[dict[str, Any]]) -> None:
        self._show()
        self._messages.append({"role": role, "content": content})
        self._turn = None

    def answer_call(self, item: Mapping[str, Any], where: str) -> None:
        content = content_of(item.get("output"), f"{where}.output")
        parts = content if type(content) is list else []
        shown = [part for part in parts if part["type"] != "text"]
        if shown:
            texts = [part for part in parts if part["type"] == "text"]
            content = texts or SHOWN_LATER
        message = {"role": "tool", "tool_call_id": text(item.get("call_id"), f"{where}.call_id"), "content": content}
        self._messages.append(message)
        self._shown += shown
        self._turn = None

    def act(self, item: Mapping[str, Any], kind: str) -> None:
        """Add what the assistant did: a second message of text begins a new turn, unless tools were called before it."""
        self._show()
        turn = self._turn
        if turn is None or (kind == "message" and "content" in turn and "tool_calls" not in turn):
            turn = self._turn = {"role": "assistant"}
            self._messages.append(turn)
        if kind == "message":
            _say(turn, item)
        elif kind == "reasoning":
            _think(turn, item, self._dropped)
        else:
            turn.setdefault("tool_calls", []).append(_call(item, kind))

    def _show(self) -> None:
        if self._shown:
            self._messages.append({"role": "user", "content": self._shown})
            self._shown = []


def _finished(message: dict[str, Any]) -> dict[str, Any]:
    """A message with its content: nothing beside calls and refusals, an empty text beside mere thoughts."""
    if "content" in message:
        return message
    return {**message, "content": None if message.keys() & {"tool_calls", "refusal"} else ""}


def content_of(content: Any, where: str) -> str | list[dict[str, Any]]:
    """A text, or parts; a single plain text is a string, which every server reads."""
    if type(content) is str:
        return content
    parts = [_part(part, where) for part in objects(content, where)]
    if len(parts) == 1 and parts[0].keys() == {"type", "text"}:
        return str(parts[0]["text"])
    return parts


def _part(part: Mapping[str, Any], where: str) -> dict[str, Any]:
    kind = part.get("type", "input_text")
    place = f"{where}[{kind}]"
    if kind in ("input_text", "output_text", "text"):
        found: dict[str, Any] = {"type": "text", "text": text(part.get("text"), f"{place}.text")}
    elif kind == "refusal":
        found = {"type": "text", "text": text(part.get("refusal"), f"{place}.refusal")}
    elif kind == "input_image":
        image = {"url": text(part.get("image_url"), f"{place}.image_url")}
        if part.get("detail") is not None:
            image["detail"] = chosen(part["detail"], _DETAILS, f"{place}.detail")
        found = {"type": "image_url", "image_url": image}
    elif kind == "input_file":
        names = ("file_data", "filename", "file_id")
        found = {"type": "file", "file": {name: part[name] for name in names if part.get(name) is not None}}
        if not found["file"].keys() & {"file_data", "file_id"}:
            raise WrongShape(f"{place}.file_data", "the file in base64, as a `data:` URL")
    else:
        raise WrongShape(f"{where}[].type", "one of input_text, input_image, input_file")
    return {**found, **{name: part[name] for name in ("prompt_cache_breakpoint",) if part.get(name) is not None}}


def _say(turn: dict[str, Any], item: Mapping[str, Any]) -> None:
    """Add what the assistant said: texts as one string, the only form that every server takes from an assistant."""
    content = item.get("content")
    parts = [{"text": content}] if type(content) is str else objects(content, "input[message].content")
    texts = [text(part.get("text"), "input[message].content[].text") for part in parts if part.get("type") != "refusal"]
    refusals = [
        text(part.get("refusal"), "input[message].content[refusal].refusal")
        for part in parts
        if part.get("type") == "refusal"
    ]
    if texts:
        turn["content"] = "\n\n".join([turn["content"], "".join(texts)] if "content" in turn else ["".join(texts)])
    if refusals:
        turn["refusal"] = turn.get("refusal", "") + "".join(refusals)


def _think(turn: dict[str, Any], item: Mapping[str, Any], dropped: set[str]) -> None:
    thought = _joined(item, "content") or _joined(item, "summary")
    if thought:
        turn["reasoning_content"] = turn.get("reasoning_content", "") + thought
    details = opened(item.get("encrypted_content"))
    if details:
        turn.setdefault("reasoning_details", []).extend(details)
    elif "encrypted_content" in item:
        dropped.add("input[reasoning].encrypted_content")


def _joined(item: Mapping[str, Any], name: str) -> str:
    where = f"input[reasoning].{name}"
    return "".join(text(part.get("text"), f"{where}[].text") for part in objects(item.get(name) or [], where))


def _call(item: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """A called tool; `custom_tool_call` is one that takes free text."""
    place = f"input[{kind}]"
    named = {"id": text(item.get("call_id"), f"{place}.call_id")}
    name = text(item.get("name"), f"{place}.name")
    if kind == "custom_tool_call":
        return {**named, "type": "custom", "custom": {"name": name, "input": text(item.get("input"), f"{place}.input")}}
    arguments = text(item.get("arguments"), f"{place}.arguments")
    return {**named, "type": "function", "function": {"name": name, "arguments": arguments}}

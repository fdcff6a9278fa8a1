"""The blocks of Anthropic messages as messages of a chat request. Pure; raises WrongShape."""

from collections.abc import Mapping
from typing import Any

from tollhouse.dialects.chat_and_messages import data_url
from tollhouse.dialects.shapes import WrongShape, chosen, mapping, objects, spelled, text

FILE_NAME = "document.pdf"  # OpenAI wants a name for a file
FOLLOWS = "The result follows in the next message."  # a tool's message takes text only

_ASSISTANT = ("text", "thinking", "redacted_thinking", "tool_use")
_ROLES = {"user": "user", "assistant": "assistant", "system": "system"}


def system_message(system: Any) -> list[dict[str, Any]]:
    """The message for a system prompt; none where there is nothing in it."""
    content = _shortest(_parts(system, "system"))
    return [{"role": "system", "content": content}] if content else []


def chat_messages(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The messages for one of Anthropic's: each tool result becomes one of its own, before whatever else is said."""
    role = chosen(message.get("role"), _ROLES, "messages[].role")
    content = message.get("content")
    if role == "assistant" and type(content) is list:
        return _assistant(objects(content, "messages[].content"))
    if type(content) is not list:
        return [{"role": role, "content": content}] if text(content, "messages[].content") else []
    blocks = objects(content, "messages[].content")
    results = [_tool_message(block) for block in blocks if block.get("type") == "tool_result"]
    said = [part for _, shown in results for part in shown]
    said += _parts([block for block in blocks if block.get("type") != "tool_result"], "messages[].content")
    messages = [result for result, _ in results]
    return [*messages, {"role": role, "content": _shortest(said)}] if said else messages


def _shortest(parts: list[dict[str, Any]]) -> str | list[dict[str, Any]]:
    """Parts in their shortest form: one text is a string, which every server takes."""
    if not parts:
        return ""
    return str(parts[0]["text"]) if len(parts) == 1 and parts[0]["type"] == "text" else parts


def _parts(content: Any, where: str) -> list[dict[str, Any]]:
    """Parts for a text or blocks. Empty texts say nothing and are left out."""
    if content is None:
        return []
    if type(content) is str:
        return [{"type": "text", "text": content}] if content else []
    parts = [_part(block, where) for block in objects(content, where)]
    return [part for part in parts if part.get("text") != ""]


def _part(block: Mapping[str, Any], where: str) -> dict[str, Any]:
    kind = block.get("type", "text")
    if kind == "text":
        return {"type": "text", "text": text(block.get("text"), f"{where}[text].text")}
    if kind not in ("image", "document"):
        raise WrongShape(where, "text, images and documents, but for the results of tools in a message of the user")
    source = mapping(block.get("source"), f"{where}[{kind}].source")
    if kind == "image":
        return {"type": "image_url", "image_url": {"url": _image_url(source, f"{where}[image].source")}}
    return _document(source, block.get("title"), f"{where}[document].source")


def _image_url(source: Mapping[str, Any], where: str) -> str:
    if source.get("type") == "url":
        return text(source.get("url"), f"{where}.url")
    if source.get("type") != "base64":
        raise WrongShape(f"{where}.type", "`base64` or `url` for this model")
    media_type = text(source.get("media_type"), f"{where}.media_type")
    return data_url(media_type, text(source.get("data"), f"{where}.data"))


def _document(source: Mapping[str, Any], title: Any, where: str) -> dict[str, Any]:
    """A PDF is a file; a text is a text under its title, because most servers take no other files."""
    if title is not None:
        title = text(title, f"{where.removesuffix('.source')}.title")
    if source.get("type") == "text":
        written = text(source.get("data"), f"{where}.data")
        return {"type": "text", "text": f"{title}\n\n{written}" if title else written}
    if source.get("type") != "base64":
        raise WrongShape(f"{where}.type", "`base64` or `text` for this model, which fetches no documents")
    content = data_url(text(source.get("media_type"), f"{where}.media_type"), text(source.get("data"), f"{where}.data"))
    return {"type": "file", "file": {"file_data": content, "filename": title or FILE_NAME}}


def _tool_message(block: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The message of the role `tool` for a result, and what it shows that such a message cannot hold."""
    parts = _parts(block.get("content"), "messages[].content[tool_result].content")
    written = [part for part in parts if part["type"] == "text"]
    shown = [part for part in parts if part["type"] != "text"]
    name = text(block.get("tool_use_id"), "messages[].content[tool_result].tool_use_id")
    content = FOLLOWS if shown and not written else _shortest(written)
    return {"role": "tool", "tool_call_id": name, "content": content}, shown


def _assistant(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One message for all that the assistant thought, said and called; none where that is nothing."""
    if any(block.get("type") not in _ASSISTANT for block in blocks):
        raise WrongShape("messages[].content", "text, thoughts and calls of tools in a message of the assistant")
    said = [block for block in blocks if block.get("type") == "text"]
    content = "".join(text(block.get("text"), "messages[].content[text].text") for block in said)
    calls = [_call(block) for block in blocks if block.get("type") == "tool_use"]
    message: dict[str, Any] = {"role": "assistant"}
    if content:
        message["content"] = content
    thoughts = [block for block in blocks if block.get("type") in ("thinking", "redacted_thinking")]
    if thoughts:
        message.update(_thoughts(thoughts))
    if calls:
        message["tool_calls"] = calls
    return [message] if content or calls else []


def _thoughts(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    """The extensions that carry thoughts; those which Anthropic signed, with what it needs to take them back."""
    texts = [text(block.get("thinking", ""), "messages[].content[thinking].thinking") for block in blocks]
    thoughts: dict[str, Any] = {"reasoning_content": "".join(texts)} if any(texts) else {}
    details: list[dict[str, Any]] = []
    for block, thought in zip(blocks, texts, strict=True):
        if block["type"] == "redacted_thinking":
            data = text(block.get("data"), "messages[].content[redacted_thinking].data")
            details.append({"index": len(details), "type": "reasoning.encrypted", "data": data})
        elif block.get("signature"):
            signature = text(block["signature"], "messages[].content[thinking].signature")
            detail = {"index": len(details), "type": "reasoning.text", "text": thought, "signature": signature}
            details.append(detail)
    return {**thoughts, "reasoning_details": details} if details else thoughts


def _call(block: Mapping[str, Any]) -> dict[str, Any]:
    where = "messages[].content[tool_use]"
    arguments = spelled(mapping(block.get("input", {}), f"{where}.input"), f"{where}.input")
    return {
        "id": text(block.get("id"), f"{where}.id"),
        "type": "function",
        "function": {"name": text(block.get("name"), f"{where}.name"), "arguments": arguments},
    }

"""The messages of a chat request as blocks of Anthropic messages. Pure; raises WrongShape."""

from collections.abc import Mapping
from typing import Any

from tollhouse.dialects.chat_and_messages import document_source, image_source, tool_id
from tollhouse.dialects.shapes import mapping, objects, parsed_object, text


def user_blocks(content: Any, where: str = "messages[].content") -> list[dict[str, Any]]:
    """Blocks for the content of a message: a text or parts. Empty texts are left out: Anthropic takes none."""
    if content is None:
        return []
    if type(content) is str:
        return [{"type": "text", "text": content}] if content else []
    blocks = [_block(part) for part in objects(content, where)]
    return [block for block in blocks if block.get("text") != ""]


def _block(part: Mapping[str, Any]) -> dict[str, Any]:
    block: dict[str, Any]
    kind = part.get("type", "text")
    if kind == "text":
        block = {"type": "text", "text": text(part.get("text"), "messages[].content[text].text")}
    elif kind == "refusal":
        block = {"type": "text", "text": text(part.get("refusal"), "messages[].content[refusal].refusal")}
    elif kind == "image_url":
        where = "messages[].content[image_url].image_url"
        url = mapping(part.get("image_url"), where).get("url")
        block = {"type": "image", "source": image_source(text(url, f"{where}.url"), f"{where}.url")}
    else:
        block = _document(mapping(part.get("file"), "messages[].content[file].file"))
    if "prompt_cache_breakpoint" in part:
        block["cache_control"] = {"type": "ephemeral"}
    return block


def _document(file: Mapping[str, Any]) -> dict[str, Any]:
    where = "messages[].content[file].file.file_data"
    block = {"type": "document", "source": document_source(text(file.get("file_data"), where), where)}
    return (
        {**block, "title": text(file["filename"], "messages[].content[file].file.filename")}
        if "filename" in file
        else block
    )


def tool_result(message: Mapping[str, Any]) -> dict[str, Any]:
    """The block for a message of the role `tool`."""
    blocks = user_blocks(message.get("content"))
    result: dict[str, Any] = {
        "type": "tool_result",
        "tool_use_id": tool_id(text(message.get("tool_call_id"), "messages[].tool_call_id")),
    }
    if len(blocks) == 1 and blocks[0].keys() == {"type", "text"}:
        result["content"] = blocks[0]["text"]
    elif blocks:
        result["content"] = blocks
    return result


def assistant_blocks(message: Mapping[str, Any], dropped: set[str]) -> list[dict[str, Any]]:
    """Thoughts, then text, then calls: the order in which Anthropic gives them."""
    details = objects(message.get("reasoning_details", []), "messages[].reasoning_details")
    blocks = [block for detail in details if (block := _thought(detail)) is not None]
    if not blocks:
        unsigned = [name for name in ("reasoning_content", "reasoning_details") if message.get(name)]
        dropped.update(f"messages[].{name}" for name in unsigned)
    blocks += user_blocks(message.get("content"))
    refusal = message.get("refusal")
    if refusal:
        blocks.append({"type": "text", "text": text(refusal, "messages[].refusal")})
    calls = objects(message.get("tool_calls", []), "messages[].tool_calls")
    return blocks + [_tool_use(call) for call in calls]


def _thought(detail: Mapping[str, Any]) -> dict[str, Any] | None:
    """The block for a thought; None where Anthropic did not sign it, because then Anthropic does not take it."""
    if detail.get("type") == "reasoning.encrypted":
        return {"type": "redacted_thinking", "data": text(detail.get("data"), "messages[].reasoning_details[].data")}
    signature = detail.get("signature")
    if detail.get("type") != "reasoning.text" or not signature:
        return None
    thinking = text(detail.get("text", ""), "messages[].reasoning_details[].text")
    return {
        "type": "thinking",
        "thinking": thinking,
        "signature": text(signature, "messages[].reasoning_details[].signature"),
    }


def _tool_use(call: Mapping[str, Any]) -> dict[str, Any]:
    function = mapping(call.get("function"), "messages[].tool_calls[function].function")
    where = "messages[].tool_calls[function].function"
    return {
        "type": "tool_use",
        "id": tool_id(text(call.get("id"), "messages[].tool_calls[function].id")),
        "name": text(function.get("name"), f"{where}.name"),
        "input": parsed_object(function.get("arguments", ""), f"{where}.arguments"),
    }

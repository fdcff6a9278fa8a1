"""Whole answers cut into the frames of a stream, and frames folded into a whole answer, for both formats."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from openai.lib.streaming._deltas import accumulate_delta

from tollhouse import sse
from tollhouse.dialects.translation import Frames


def pieces(text: str, size: int) -> Iterator[str]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


def translated(frames: Frames, events: Iterable[Any]) -> bytes:
    """All that a client gets for upstream's events."""
    return (
        b"".join([frames.feed(event if isinstance(event, bytes) else json.dumps(event).encode()) for event in events])
        + frames.end()
    )


def events(stream: bytes) -> list[tuple[str | None, Any]]:
    """A client's frames as (event, data); `[DONE]` as it is."""
    splitter = sse.Splitter()
    cut = splitter.feed(stream)
    assert splitter.rest() == b"", "every frame has its blank line"
    read = []
    for frame in cut:
        data, name = sse.data(frame), sse.event_name(frame)
        assert data is not None
        read.append((name.decode() if name else None, "[DONE]" if data == b"[DONE]" else json.loads(data)))
    return read


def message_events(message: dict[str, Any], size: int = 3) -> Iterator[dict[str, Any]]:
    """Anthropic's stream of a message, its texts in pieces of some characters."""
    usage = {**message["usage"], "output_tokens": 1}
    begun = {**message, "content": [], "stop_reason": None, "usage": usage}
    yield {"type": "message_start", "message": begun}
    yield {"type": "ping"}
    for index, block in enumerate(message["content"]):
        yield {"type": "content_block_start", "index": index, "content_block": _begun(block)}
        for delta in _deltas(block, size):
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    delta = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": message["usage"]["output_tokens"]}}
    yield {"type": "message_stop"}


def _begun(block: dict[str, Any]) -> dict[str, Any]:
    empty = {"text": {"text": ""}, "thinking": {"thinking": "", "signature": ""}, "tool_use": {"input": {}}}
    return {**block, **empty.get(block["type"], {})}


def _deltas(block: dict[str, Any], size: int) -> Iterator[dict[str, Any]]:
    if block["type"] == "text":
        yield from ({"type": "text_delta", "text": piece} for piece in pieces(block["text"], size))
    if block["type"] == "thinking":
        yield from ({"type": "thinking_delta", "thinking": piece} for piece in pieces(block["thinking"], size))
        yield {"type": "signature_delta", "signature": block["signature"]}
    if block["type"] == "tool_use":
        yield {"type": "input_json_delta", "partial_json": ""}
        if block["input"]:
            spelled = json.dumps(block["input"], separators=(",", ":"), ensure_ascii=False)
            yield from ({"type": "input_json_delta", "partial_json": piece} for piece in pieces(spelled, size))


def folded_message(stream: bytes) -> dict[str, Any]:
    """The message that Anthropic's events tell, put together as its SDKs do."""
    message: dict[str, Any] = {}
    arguments: dict[int, str] = {}
    read = events(stream)
    assert [name for name, _ in read] == [event["type"] for _, event in read]
    assert read[-1][1] == {"type": "message_stop"}
    for _, event in read:
        if event["type"] == "message_start":
            message = event["message"]
        elif event["type"] == "content_block_start":
            assert event["index"] == len(message["content"]), "blocks begin in order"
            message["content"].append(event["content_block"])
        elif event["type"] == "content_block_delta":
            block, delta = message["content"][event["index"]], event["delta"]
            if delta["type"] == "input_json_delta":
                arguments[event["index"]] = arguments.get(event["index"], "") + delta["partial_json"]
            else:
                name = delta["type"].removesuffix("_delta")
                block[name] += delta[name]
        elif event["type"] == "message_delta":
            message.update(event["delta"])
            message["usage"].update(event["usage"])
    for index, spelled in arguments.items():
        message["content"][index]["input"] = json.loads(spelled)
    return message


def completion_chunks(completion: dict[str, Any], size: int = 3) -> Iterator[dict[str, Any] | bytes]:
    """OpenAI's stream of a completion, its texts in pieces, its tool calls told alternately."""
    message = completion["choices"][0]["message"]
    head = {"id": completion["id"], "object": "chat.completion.chunk", "created": 1, "model": completion["model"]}

    def chunk(delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
        return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}

    yield chunk({"role": "assistant", "content": "", "refusal": None})
    for detail in message.get("reasoning_details", ()):
        yield from (chunk({"reasoning_details": [part]}) for part in _detail_parts(detail, size))
    for name in ("reasoning_content", "content", "refusal"):
        if not (name == "reasoning_content" and message.get("reasoning_details")):
            yield from (chunk({name: piece}) for piece in pieces(message.get(name) or "", size))
    calls = message.get("tool_calls", ())
    for index, call in enumerate(calls):
        yield chunk({"tool_calls": [{**call, "index": index, "function": {**call["function"], "arguments": ""}}]})
    waiting = [list(pieces(call["function"]["arguments"], size)) for call in calls]
    while any(waiting):
        for index, left in enumerate(waiting):
            if left:
                yield chunk({"tool_calls": [{"index": index, "function": {"arguments": left.pop(0)}}]})
    yield chunk({}, completion["choices"][0]["finish_reason"])
    yield {**head, "choices": [], "usage": completion["usage"]}
    yield b"[DONE]"


def _detail_parts(detail: dict[str, Any], size: int) -> Iterator[dict[str, Any]]:
    kept = {"index": detail["index"], "type": detail["type"]}
    if "data" in detail:
        yield detail
    yield from ({**kept, "text": piece} for piece in pieces(detail.get("text", ""), size))
    if "signature" in detail:
        yield {**kept, "signature": detail["signature"]}


def folded_completion(stream: bytes) -> dict[str, Any]:
    """The completion that OpenAI's chunks tell, put together by its SDK."""
    *read, (_, done) = events(stream)
    assert done == "[DONE]"
    chunks = [chunk for name, chunk in read if name is None]
    assert len(chunks) == len(read), "chat frames have no `event` line"
    message: dict[Any, Any] = {"content": None, "refusal": None}
    reasons = []
    for chunk in chunks:
        for choice in chunk["choices"]:
            message = accumulate_delta(message, choice["delta"])
            reasons += [choice["finish_reason"]] if choice["finish_reason"] else []
    assert len(reasons) == 1, "one end"
    for call in message.get("tool_calls", ()):
        del call["index"]
    whole = {name: chunks[0][name] for name in ("id", "created", "model")}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reasons[0]}
    usage = {"usage": chunks[-1]["usage"]} if "usage" in chunks[-1] else {}
    return {**whole, "object": "chat.completion", "choices": [choice], **usage}

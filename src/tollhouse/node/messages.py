"""The node's Anthropic operations. llama.cpp speaks the format itself, over its loopback listener; its slips are mended here."""

import json
import uuid
from collections.abc import Awaitable, Callable
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import Response

from tollhouse.node import requests
from tollhouse.node.bodies import read_object
from tollhouse.node.endpoints import Node, json_response
from tollhouse.node.engine import Engine
from tollhouse.node.errors import NodeError
from tollhouse.node.streams import Frame, Frames, collected, event_stream, named_event, while_connected


async def create_message(node: Node, request: Request) -> Response:
    """POST /v1/messages"""
    body = await read_object(request)
    engine = node.engine(body, "messages", "chat")
    wanted = requests.message_body(
        body, calls_tools=engine.calls_tools, default_temperature=engine.model.default_temperature
    )
    frames = _frames(node, engine, wanted, f"msg_{uuid.uuid4().hex}")
    if not body.get("stream"):
        return json_response(whole_message(await while_connected(request, collected(frames))))
    request_id = request.scope["request_id"]
    return await event_stream(
        request, frames, encode=named_event, failure=lambda error: named_event(error.anthropic_body(request_id))
    )


async def count_message_tokens(node: Node, request: Request) -> Response:
    """POST /v1/messages/count_tokens"""
    body = await read_object(request)
    engine = node.engine(body, "messages", "chat")
    wanted = requests.count_body(body, calls_tools=engine.calls_tools)
    counted = await while_connected(request, engine.door.post(node.client, "/v1/messages/count_tokens", wanted))
    return json_response({"input_tokens": counted["input_tokens"]})


async def _frames(node: Node, engine: Engine, wanted: Frame, message_id: str) -> Frames:
    """The events of a message; its tokens count against the limit even when the client leaves.

    Plain answers are collected from them as well: llama.cpp (2026.10) does not notice that the client of a plain call
    has left, and would write on to the end.
    """
    input_tokens = output_tokens = 0
    complete = False

    async def count() -> int:
        prompt = {name: value for name, value in wanted.items() if name != "max_tokens"}
        return int((await engine.door.post(node.client, "/v1/messages/count_tokens", prompt))["input_tokens"])

    try:
        async with aclosing(engine.door.events(node.client, "/v1/messages", {**wanted, "stream": True})) as events:
            async for event in opened(events, count):
                if event["type"] == "message_start":
                    event["message"] = mended_message(event["message"], message_id, engine.model.id)
                    input_tokens = event["message"]["usage"]["input_tokens"]
                elif event["type"] == "content_block_delta":
                    output_tokens += 1
                elif event["type"] == "message_delta":
                    output_tokens = event["usage"]["output_tokens"]
                    event = _mended_delta(event, input_tokens)
                complete = event["type"] == "message_stop"
                yield event
        if not complete:
            raise NodeError("internal", "The engine broke off.")
    finally:
        node.tokens.spend(input_tokens + output_tokens)


async def opened(events: Frames, count: Callable[[], Awaitable[int]]) -> Frames:
    """The events with the `message_start` that llama.cpp (2026.10) leaves out where no complete character was written,
    as when `max_tokens` falls within an emoji. `count` gives the prompt's tokens, which no other event tells."""
    started = False
    async for event in events:
        if not started and event["type"] != "message_start":
            usage = {"input_tokens": await count(), "output_tokens": 0}
            message = {"type": "message", "role": "assistant", "content": []}
            yield {
                "type": "message_start",
                "message": {**message, "stop_reason": None, "stop_sequence": None, "usage": usage},
            }
        started = True
        yield event


def mended_message(message: Frame, message_id: str, model: str) -> Frame:
    """llama.cpp's message with our id and model name, and the two slips of 2026.10 mended.

    It takes the prompt tokens it still had in its slot out of `input_tokens`. At Anthropic only a caller who set
    `cache_control` sees cached tokens, and this node has no such cache, so they count as input.
    """
    usage = message["usage"]
    counts = {
        "input_tokens": usage["input_tokens"] + usage.get("cache_read_input_tokens", 0),
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": usage["output_tokens"],
    }
    return {**_mended_stop(message), "id": message_id, "model": model, "usage": counts}


def whole_message(events: list[Frame]) -> Frame:
    """The plain message that a complete list of stream events adds up to."""
    message: Frame = {}
    for event in events:
        match event["type"]:
            case "message_start":
                message = {**event["message"], "content": []}
            case "content_block_start":
                message["content"].append(dict(event["content_block"]))
            case "content_block_delta":
                _add_delta(message["content"][event["index"]], event["delta"])
            case "message_delta":
                message |= event["delta"]
                message["usage"] |= event["usage"]
    for block in message["content"]:
        if "partial_json" in block:
            block["input"] = json.loads(block.pop("partial_json") or "{}")
    return message


def _add_delta(block: Frame, delta: Frame) -> None:
    """Text, thinking, signatures and tool arguments all come in pieces of text."""
    for name, piece in delta.items():
        if name != "type":
            block[name] = block.get(name, "") + piece


def _mended_delta(event: Frame, input_tokens: int) -> Frame:
    usage = {"input_tokens": input_tokens, "output_tokens": event["usage"]["output_tokens"]}
    return {**event, "delta": _mended_stop(event["delta"]), "usage": usage}


def _mended_stop(holder: Frame) -> Frame:
    """It says `end_turn` where one of the caller's stop sequences ended the message."""
    stopped = holder.get("stop_sequence") is not None
    return {**holder, "stop_reason": "stop_sequence"} if stopped else holder

"""The node's OpenAI operations, its models and its health."""

import time
import uuid
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
from starlette.requests import Request
from starlette.responses import Response

from tollhouse.node import requests
from tollhouse.node.answers import Answer, Tally
from tollhouse.node.bodies import read_object
from tollhouse.node.config import NodeConfig, NodeModel
from tollhouse.node.engine import Engine
from tollhouse.node.errors import NodeError
from tollhouse.node.limits import MinuteWindow
from tollhouse.node.streams import DONE, Frames, collected, data_event, event_stream, while_connected


@dataclass(frozen=True, slots=True)
class Node:
    """Everything the endpoints work with."""

    config: NodeConfig
    engines: Mapping[str, Engine]
    client: httpx.AsyncClient
    requests: MinuteWindow
    tokens: MinuteWindow

    def engine(self, body: dict[str, Any], operation: str, *types: str) -> Engine:
        """The engine a body asks for, if it is of one of the types. Raises NodeError, also when tokens are used up."""
        name = body.get("model")
        if not isinstance(name, str) or not name:
            raise NodeError("invalid_request", "You must provide a model parameter.", param="model")
        engine = self.engines.get(name)
        if engine is None:
            raise _unknown_model(name)
        if engine.model.type not in types:
            text = (
                f"'{name}' is a model of type {engine.model.type}; {operation} needs one of type {' or '.join(types)}."
            )
            raise NodeError("wrong_model_type", text, param="model")
        self.tokens.check()
        return engine


def json_response(body: dict[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(body), status, dict(headers or {}), media_type="application/json")


async def create_chat_completion(node: Node, request: Request) -> Response:
    """POST /v1/chat/completions"""
    body = await read_object(request)
    engine = node.engine(body, "chat", "chat")
    bodies = requests.chat_bodies(
        body, default_temperature=engine.model.default_temperature, calls_tools=engine.calls_tools
    )
    answer = Answer(f"chatcmpl-{uuid.uuid4().hex}", int(time.time()), engine.model.id, True, Tally(body.get("n") or 1))
    return await _generated(request, body, answer, _frames(node, engine, "chat", bodies, answer))


async def create_completion(node: Node, request: Request) -> Response:
    """POST /v1/completions"""
    body = await read_object(request)
    engine = node.engine(body, "text completion", "completion", "chat")
    bodies = requests.completion_bodies(body, default_temperature=engine.model.default_temperature)
    answer = Answer(
        f"cmpl-{uuid.uuid4().hex}",
        int(time.time()),
        engine.model.id,
        False,
        Tally(body.get("n") or 1),
        top_logprobs=body.get("logprobs") or 0,
    )
    return await _generated(request, body, answer, _frames(node, engine, "completion", bodies, answer))


async def create_embedding(node: Node, request: Request) -> Response:
    """POST /v1/embeddings"""
    body = await read_object(request)
    engine = node.engine(body, "embedding", "embedding")
    inputs, encoding = requests.embedding_inputs(body, engine.dimensions)
    made = await while_connected(request, engine.embed(inputs, encoding))
    node.tokens.spend(made.prompt_tokens)
    data = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(made.vectors)]
    usage = {"prompt_tokens": made.prompt_tokens, "total_tokens": made.prompt_tokens}
    return json_response({"object": "list", "data": data, "model": engine.model.id, "usage": usage})


async def list_models(node: Node, request: Request) -> Response:
    """GET /v1/models"""
    items = [_model_item(engine.model) for engine in node.engines.values()]
    ends = {"first_id": items[0]["id"], "last_id": items[-1]["id"]} if items else {"first_id": None, "last_id": None}
    return json_response({"object": "list", "data": items, "has_more": False, **ends})


async def get_model(node: Node, request: Request) -> Response:
    """GET /v1/models/{id}"""
    name = request.path_params["id"]
    if name not in node.engines:
        raise _unknown_model(name)
    return json_response(_model_item(node.engines[name].model))


async def get_health(node: Node, request: Request) -> Response:
    """GET /health"""
    return json_response({"status": "ok"})


async def _generated(request: Request, body: dict[str, Any], answer: Answer, frames: Frames) -> Response:
    if not body.get("stream"):
        return json_response(answer.whole(await while_connected(request, collected(frames))))
    wants_usage = (body.get("stream_options") or {}).get("include_usage")

    def ending() -> list[bytes]:
        return [*([data_event(answer.usage_frame())] if wants_usage else []), DONE]

    return await event_stream(
        request, frames, encode=data_event, failure=lambda error: data_event(error.openai_body()), ending=ending
    )


async def _frames(node: Node, engine: Engine, operation: str, bodies: list[Any], answer: Answer) -> Frames:
    """The answer's frames as the engine makes them; its tokens count against the limit even when the client leaves."""
    try:
        async with aclosing(engine.generate(operation, bodies)) as arrivals:
            async for index, chunk in arrivals:
                for frame in answer.frames(index, chunk):
                    yield frame
    finally:
        node.tokens.spend(answer.tally.tokens_so_far())


def _unknown_model(name: str) -> NodeError:
    return NodeError("model_not_found", f"The model '{name}' does not exist on this node.", param="model")


def _model_item(model: NodeModel) -> dict[str, Any]:
    """A model in OpenAI's and Anthropic's shape at once."""
    created = int(model.file().stat().st_mtime)
    return {
        "id": model.id,
        "object": "model",
        "created": created,
        "owned_by": "local",
        "type": "model",
        "display_name": model.id,
        "created_at": datetime.fromtimestamp(created, UTC).isoformat().replace("+00:00", "Z"),
        "lifecycle": "active",
        "max_input_tokens": model.context_tokens,
    }

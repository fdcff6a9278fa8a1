"""Loading models, and llama.cpp's own listener."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest

from tests.node.conftest import CHAT, EMBEDDING, slots_free_within
from tollhouse.node.config import NodeConfig, NodeModel
from tollhouse.node.engine import WAITING_MAX, Engine, load_engine
from tollhouse.node.errors import NodeError, NodeStartError

BODY = {"messages": [{"role": "user", "content": "Tell a long story."}], "stream": True, "max_tokens": 2000}


def test_llama_cpps_own_listener_refuses_whoever_has_no_key(engines: dict[str, Engine]):
    for engine in engines.values():
        assert engine.door.address.startswith("http://127.0.0.1:")
        for path in ("/v1/models", "/props", "/slots", "/metrics"):
            assert httpx.get(engine.door.address + path).status_code == 401
        for path in ("/v1/chat/completions", "/v1/messages", "/v1/embeddings", "/tokenize", "/completion"):
            answer = httpx.post(engine.door.address + path, json=BODY, headers={"Authorization": "Bearer guess"})
            assert answer.status_code == 401


def test_llama_cpps_own_listener_admits_no_origin(engines: dict[str, Engine]):
    answer = httpx.options(
        engines[CHAT].door.address + "/v1/chat/completions", headers={"Origin": "http://evil.example"}
    )
    assert answer.headers.get("access-control-allow-origin", "") == ""


def test_the_listeners_key_is_not_shown(engines: dict[str, Engine]):
    assert engines[CHAT].door.key not in repr(engines[CHAT].door)


async def test_closing_a_generation_stops_the_model(engines: dict[str, Engine]):
    async with aclosing(engines[CHAT].generate("chat", [BODY])) as arrivals:
        await anext(arrivals)
    assert await slots_free_within(engines[CHAT], 3)


async def test_an_interrupted_generation_ends_with_an_error(engines: dict[str, Engine]):
    async with aclosing(engines[CHAT].generate("chat", [BODY])) as arrivals:
        await anext(arrivals)
        engines[CHAT].interrupt()
        with pytest.raises(NodeError, match="shutting down"):
            async for _ in arrivals:
                pass
    assert await slots_free_within(engines[CHAT], 3)


async def test_more_waiting_requests_than_allowed_are_refused(engines: dict[str, Engine]):
    with pytest.raises(NodeError) as caught:
        await anext(engines[CHAT].generate("chat", [BODY] * (WAITING_MAX + 1)))
    assert caught.value.kind.status == 503


async def test_more_requests_than_slots_are_all_answered(engines: dict[str, Engine]):
    async def answer() -> int:
        body = {**BODY, "max_tokens": 4, "temperature": 0, "stream_options": {"include_usage": True}}
        chunks = [chunk async for _, chunk in engines[CHAT].generate("chat", [body])]
        return chunks[-1]["usage"]["completion_tokens"]

    assert await asyncio.gather(*[answer() for _ in range(9)]) == [4] * 9


def test_a_missing_model_file_says_what_to_do(tmp_path: Path):
    with pytest.raises(NodeStartError, match="make setup"):
        load_engine(NodeModel("m", tmp_path / "nope.gguf", "chat", 512))


def test_a_folder_with_one_gguf_is_a_model_path(tmp_path: Path):
    (tmp_path / "a.gguf").touch()
    assert NodeModel("m", tmp_path, "chat", 512).file() == tmp_path / "a.gguf"
    (tmp_path / "b.gguf").touch()
    with pytest.raises(NodeStartError, match=r"a\.gguf, b\.gguf"):
        NodeModel("m", tmp_path, "chat", 512).file()


def test_a_file_that_is_no_model_is_named(tmp_path: Path):
    (tmp_path / "bad.gguf").write_bytes(b"GGUF, or not")
    with pytest.raises(NodeStartError, match=r"cannot load .*bad\.gguf"):
        load_engine(NodeModel("m", tmp_path / "bad.gguf", "chat", 512))


@pytest.mark.parametrize(("setting", "value"), [("context_tokens", 1024), ("dimensions", 768)])
def test_settings_that_contradict_the_file_are_refused(node_config: NodeConfig, setting: str, value: int):
    path = node_config.models[EMBEDDING].path
    settings = {"context_tokens": 512, "dimensions": 384, setting: value}
    with pytest.raises(NodeStartError, match=str(value)):
        load_engine(NodeModel("m", path, "embedding", **settings))

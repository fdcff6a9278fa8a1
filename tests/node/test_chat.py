"""POST /v1/chat/completions"""

import asyncio
import json
import time

import httpx
import openai
import pytest

from tests.node.conftest import CHAT, slots_free_within
from tollhouse.node.engine import Engine

HELLO = [{"role": "user", "content": "Say hello."}]


def events(text: str) -> list[str]:
    assert text.endswith("\n\n")
    return [event.removeprefix("data: ") for event in text.removesuffix("\n\n").split("\n\n")]


async def test_a_plain_answer_has_text_and_exact_usage(node_url: str):
    async with openai.AsyncOpenAI(base_url=f"{node_url}/v1", api_key="unused") as client:
        answer = await client.chat.completions.create(model=CHAT, messages=HELLO, max_tokens=8, temperature=0)
    assert answer.id.startswith("chatcmpl-")
    assert answer.object == "chat.completion"
    assert abs(answer.created - time.time()) < 30
    assert answer.model == CHAT
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 8
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + 8


async def test_a_stream_says_the_same_as_a_plain_answer(node_url: str):
    asked = {"model": CHAT, "messages": HELLO, "max_tokens": 12, "temperature": 0}
    async with openai.AsyncOpenAI(base_url=f"{node_url}/v1", api_key="unused") as client:
        plain = await client.chat.completions.create(**asked)
        chunks = [chunk async for chunk in await client.chat.completions.create(**asked, stream=True)]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == plain.choices[0].message.content
    assert chunks[-1].choices[0].finish_reason == "length"
    assert len({(chunk.id, chunk.created, chunk.model) for chunk in chunks}) == 1
    assert all(chunk.usage is None for chunk in chunks)


async def test_a_stream_ends_with_done_and_with_usage_only_when_asked(http: httpx.AsyncClient):
    asked = {"model": CHAT, "messages": HELLO, "max_tokens": 4, "temperature": 0, "stream": True}
    without = await http.post("/v1/chat/completions", json=asked)
    asked["stream_options"] = {"include_usage": True}
    having = await http.post("/v1/chat/completions", json=asked)
    assert having.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert having.headers["cache-control"] == "no-cache"
    assert "usage" not in without.text
    *_, last, done = events(having.text)
    assert done == "[DONE]"
    assert json.loads(last)["choices"] == []
    assert json.loads(last)["usage"]["completion_tokens"] == 4


async def test_every_choice_counts_in_usage_and_the_prompt_counts_once(http: httpx.AsyncClient):
    asked = {"model": CHAT, "messages": HELLO, "max_tokens": 4, "temperature": 2, "seed": 1}
    one = (await http.post("/v1/chat/completions", json=asked)).json()
    three = (await http.post("/v1/chat/completions", json={**asked, "n": 3})).json()
    assert [choice["index"] for choice in three["choices"]] == [0, 1, 2]
    assert three["usage"]["prompt_tokens"] == one["usage"]["prompt_tokens"]
    assert 4 < three["usage"]["completion_tokens"] <= 12
    assert len({choice["message"]["content"] for choice in three["choices"]}) > 1


async def test_stop_ends_the_text_before_the_stop_word(http: httpx.AsyncClient):
    messages = [{"role": "user", "content": "Count from 1 to 9."}]
    asked = {"model": CHAT, "messages": messages, "temperature": 0, "max_tokens": 60}
    whole = (await http.post("/v1/chat/completions", json=asked)).json()["choices"][0]["message"]["content"]
    word = whole.split()[3]
    stopped = (await http.post("/v1/chat/completions", json={**asked, "stop": word})).json()["choices"][0]
    assert stopped["message"]["content"] == whole.partition(word)[0]
    assert stopped["finish_reason"] == "stop"


async def test_a_schema_is_kept(http: httpx.AsyncClient):
    schema = {"type": "object", "properties": {"name": {"enum": ["Ann", "Bob"]}}, "required": ["name"]}
    format_ = {"type": "json_schema", "json_schema": {"name": "person", "schema": schema}}
    asked = {"model": CHAT, "messages": HELLO, "max_tokens": 40, "response_format": format_}
    answer = (await http.post("/v1/chat/completions", json=asked)).json()
    assert json.loads(answer["choices"][0]["message"]["content"])["name"] in ("Ann", "Bob")


async def test_logprobs_come_with_every_token(http: httpx.AsyncClient):
    asked = {"model": CHAT, "messages": HELLO, "max_tokens": 3, "temperature": 0, "logprobs": True, "top_logprobs": 2}
    tokens = (await http.post("/v1/chat/completions", json=asked)).json()["choices"][0]["logprobs"]["content"]
    assert len(tokens) == 3
    assert all(len(token["top_logprobs"]) == 2 and token["logprob"] <= 0 for token in tokens)


@pytest.mark.parametrize("stream", [False, True])
async def test_a_client_that_leaves_frees_the_slot(http: httpx.AsyncClient, engines: dict[str, Engine], stream: bool):
    story = [{"role": "user", "content": "Tell a story of three thousand words."}]
    asked = {"model": CHAT, "messages": story, "max_tokens": 3500, "stream": stream, "logit_bias": {"2": -100}}
    if stream:
        async with http.stream("POST", "/v1/chat/completions", json=asked) as answer:
            lines = answer.aiter_lines()
            for _ in range(20):
                await anext(lines)
            await lines.aclose()
    else:
        with pytest.raises(httpx.ReadTimeout):
            await http.post("/v1/chat/completions", json=asked, timeout=0.5)
    assert await slots_free_within(engines[CHAT], 3)


async def test_a_client_that_leaves_during_its_prompt_frees_the_slot(
    http: httpx.AsyncClient, engines: dict[str, Engine]
):
    asked = {"model": CHAT, "messages": [{"role": "user", "content": "go on and on " * 800}], "max_tokens": 5}
    with pytest.raises(httpx.ReadTimeout):
        await http.post("/v1/chat/completions", json=asked, timeout=0.3)
    assert await slots_free_within(engines[CHAT], 4)


async def test_the_event_loop_stays_free_while_the_model_works(http: httpx.AsyncClient):
    asked = {"model": CHAT, "messages": HELLO, "max_tokens": 48}
    working = [asyncio.create_task(http.post("/v1/chat/completions", json=asked)) for _ in range(6)]
    waits = []
    while not all(task.done() for task in working):
        started = time.perf_counter()
        assert (await http.get("/health")).status_code == 200
        waits.append(time.perf_counter() - started)
        await asyncio.sleep(0.02)
    assert all(task.result().status_code == 200 for task in working)
    assert sorted(waits)[len(waits) // 2] < 0.3


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": None}, "messages"),
        ({"messages": [{"role": "alien", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages[0].content"),
        ({"temperature": 3}, "temperature"),
        ({"temperature": "hot"}, "temperature"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": True}, "max_tokens"),
        ({"stream": "yes"}, "stream"),
        ({"n": 99}, "n"),
        ({"seed": 2**63}, "seed"),
        ({"tool_choice": "required", "tools": []}, "tool_choice"),
        ({"model": ""}, "model"),
        ({"model": None}, "model"),
    ],
)
async def test_a_wrong_field_is_named(http: httpx.AsyncClient, change: dict[str, object], param: str):
    answer = await http.post("/v1/chat/completions", json={"model": CHAT, "messages": HELLO, **change})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "change",
    [
        {"response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "nonsense"}}}},
        {"messages": [{"role": "user"}]},
    ],
)
async def test_what_only_the_engine_can_judge_is_refused_too(http: httpx.AsyncClient, change: dict[str, object]):
    answer = await http.post("/v1/chat/completions", json={"model": CHAT, "messages": HELLO, **change})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


async def test_null_counts_as_absent(http: httpx.AsyncClient):
    asked = {"model": CHAT, "messages": HELLO, "max_tokens": 2, "temperature": None, "stop": None, "tools": None}
    assert (await http.post("/v1/chat/completions", json=asked)).status_code == 200


@pytest.mark.parametrize("stream", [False, True])
async def test_a_prompt_beyond_the_context_is_refused_before_any_stream(http: httpx.AsyncClient, stream: bool):
    asked = {"model": CHAT, "messages": [{"role": "user", "content": "word " * 5000}], "stream": stream}
    answer = await http.post("/v1/chat/completions", json=asked)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "context_length_exceeded"
    assert "4096" in answer.json()["error"]["message"]

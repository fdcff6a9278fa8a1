"""POST /v1/messages and /v1/messages/count_tokens"""

import json

import anthropic
import httpx
import pytest

from tests.node.conftest import CHAT, EMBEDDING, slots_free_within
from tollhouse.node.engine import Engine
from tollhouse.node.messages import mended_message, opened, whole_message

HELLO = [{"role": "user", "content": "Say hello."}]


async def test_a_plain_message_has_text_and_usage(node_url: str):
    async with anthropic.AsyncAnthropic(base_url=node_url, api_key="unused") as client:
        for _ in range(2):  # the second time the engine still has the prompt, and the usage stays the same
            message = await client.messages.create(
                model=CHAT, messages=HELLO, max_tokens=6, system="Be long.", extra_body={"temperature": 0}
            )
            counted = await client.messages.count_tokens(model=CHAT, messages=HELLO, system="Be long.")
            assert message.id.startswith("msg_")
            assert message.model == CHAT
            assert message.stop_reason == "max_tokens"
            assert message.content[0].type == "text"
            assert message.content[0].text
            assert message.usage.output_tokens == 6
            assert message.usage.input_tokens == counted.input_tokens > 10


async def test_a_streamed_message_adds_up(node_url: str):
    async with (
        anthropic.AsyncAnthropic(base_url=node_url, api_key="unused") as client,
        client.messages.stream(model=CHAT, messages=HELLO, max_tokens=6, extra_body={"temperature": 0}) as stream,
    ):
        text = "".join([part async for part in stream.text_stream])
        message = await stream.get_final_message()
    assert message.content[0].type == "text"
    assert text == message.content[0].text != ""
    assert message.stop_reason == "max_tokens"
    assert (message.usage.input_tokens > 10, message.usage.output_tokens) == (True, 6)


async def test_every_event_is_named_by_its_type(http: httpx.AsyncClient):
    asked = {"model": CHAT, "messages": HELLO, "max_tokens": 3, "stream": True}
    answer = await http.post("/v1/messages", json=asked)
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    names = []
    for event in answer.text.removesuffix("\n\n").split("\n\n"):
        name, data = event.split("\n")
        names.append(name.removeprefix("event: "))
        assert json.loads(data.removeprefix("data: "))["type"] == names[-1]
    assert names[:2] == ["message_start", "content_block_start"]
    assert names[-3:] == ["content_block_stop", "message_delta", "message_stop"]


async def test_a_stop_sequence_is_the_reason_to_stop(http: httpx.AsyncClient):
    asked = {"model": CHAT, "messages": HELLO, "max_tokens": 200, "stop_sequences": ["e", "a", "o"]}
    answer = (await http.post("/v1/messages", json=asked)).json()
    assert answer["stop_reason"] == "stop_sequence"
    assert answer["stop_sequence"] in ("e", "a", "o")


def test_prompt_tokens_the_engine_still_had_count_as_input():
    usage = {"input_tokens": 1, "cache_read_input_tokens": 32, "output_tokens": 3}
    mended = mended_message({"id": "x", "model": "y", "stop_reason": "end_turn", "usage": usage}, "msg_1", "m")
    assert (mended["id"], mended["model"], mended["stop_reason"]) == ("msg_1", "m", "end_turn")
    assert mended["usage"]["input_tokens"] == 33
    assert mended["usage"]["cache_read_input_tokens"] == 0


async def test_a_message_without_a_complete_character_is_opened_too():
    """What llama.cpp sent for an emoji cut off by `max_tokens`, recorded from 2026.10."""

    async def recorded():
        delta = {"stop_reason": "max_tokens", "stop_sequence": None}
        yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 2}}
        yield {"type": "message_stop"}

    async def count() -> int:
        return 33

    events = [event async for event in opened(recorded(), count)]
    assert [event["type"] for event in events] == ["message_start", "message_delta", "message_stop"]
    message = whole_message(events)
    assert (message["content"], message["stop_reason"]) == ([], "max_tokens")
    assert message["usage"] == {"input_tokens": 33, "output_tokens": 2}


async def test_hundreds_of_messages_are_all_complete(http: httpx.AsyncClient):
    """llama.cpp's listener drops a connection after 100 requests, and now and then leaves out `message_start`."""
    asked = {"model": CHAT, "messages": HELLO, "max_tokens": 2, "temperature": 1}
    for _ in range(120):
        answer = await http.post("/v1/messages", json=asked)
        assert answer.status_code == 200
        assert answer.json()["usage"]["input_tokens"] == 33


def test_a_tool_call_is_put_together_from_its_pieces():
    usage = {"input_tokens": 9, "output_tokens": 0}
    call = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {}}
    pieces = ['{"city": ', '"Paris"}']
    message = whole_message(
        [
            {"type": "message_start", "message": {"id": "msg_1", "content": [], "stop_reason": None, "usage": usage}},
            {"type": "content_block_start", "index": 0, "content_block": call},
            *(
                {
                    "type": "content_block_delta",
                    "index": 0,
                    "delta": {"type": "input_json_delta", "partial_json": piece},
                }
                for piece in pieces
            ),
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 7}},
            {"type": "message_stop"},
        ]
    )
    assert message["content"] == [{**call, "input": {"city": "Paris"}}]
    assert (message["stop_reason"], message["usage"]) == ("tool_use", {"input_tokens": 9, "output_tokens": 7})


@pytest.mark.parametrize("stream", [False, True])
async def test_a_client_that_leaves_frees_the_slot(http: httpx.AsyncClient, engines: dict[str, Engine], stream: bool):
    story = [{"role": "user", "content": "Tell a story of three thousand words."}]
    asked = {"model": CHAT, "messages": story, "max_tokens": 3500, "stream": stream}
    if stream:
        async with http.stream("POST", "/v1/messages", json=asked) as answer:
            lines = answer.aiter_lines()
            for _ in range(20):
                await anext(lines)
            await lines.aclose()
    else:
        with pytest.raises(httpx.ReadTimeout):
            await http.post("/v1/messages", json=asked, timeout=0.5)
    assert await slots_free_within(engines[CHAT], 3)


@pytest.mark.parametrize(
    ("change", "status", "type_"),
    [
        ({"max_tokens": None}, 400, "invalid_request_error"),
        ({"max_tokens": "x"}, 400, "invalid_request_error"),
        ({"messages": []}, 400, "invalid_request_error"),
        ({"messages": [{"role": "user"}]}, 400, "invalid_request_error"),
        ({"messages": [{"role": "user", "content": [{"type": "image"}]}]}, 400, "invalid_request_error"),
        ({"messages": [{"role": "user", "content": "word " * 5000}]}, 400, "invalid_request_error"),
        ({"messages": [{"role": "user", "content": "word " * 5000}], "stream": True}, 400, "invalid_request_error"),
        ({"tool_choice": {"type": "any"}, "tools": []}, 400, "invalid_request_error"),
        ({"model": EMBEDDING}, 400, "invalid_request_error"),
        ({"model": "nope"}, 404, "not_found_error"),
    ],
)
async def test_errors_have_anthropics_format(
    http: httpx.AsyncClient, change: dict[str, object], status: int, type_: str
):
    answer = await http.post("/v1/messages", json={"model": CHAT, "messages": HELLO, "max_tokens": 3, **change})
    assert answer.status_code == status
    assert answer.json()["type"] == "error"
    assert answer.json()["error"]["type"] == type_
    assert answer.json()["error"]["message"]
    assert answer.json()["request_id"] == answer.headers["request-id"]

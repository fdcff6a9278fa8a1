"""Event streams through the gateway: bytes, ends, usage, and when they come."""

import asyncio
import json
import time
from collections.abc import Iterable
from typing import Any

import pytest

from tests.gateway import bearer, chat, message
from tests.relaying import Relaying
from tests.upstream import (
    Connection,
    Reply,
    Request,
    anthropic_stream,
    fin,
    finish,
    frame,
    hang,
    openai_chat,
    openai_stream,
    reset,
    stream,
    usage,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

DONE = b"data: [DONE]\n\n"


def delta(text: str | None = None, reason: str | None = None, **fields: Any) -> bytes:
    content = {} if text is None else {"content": text}
    return frame({"choices": [{"index": 0, "delta": content, "finish_reason": reason}], **fields})


def usage_frame(**fields: int) -> bytes:
    return frame({"choices": [], "usage": usage(**fields)})


def pieces(body: bytes, size: int) -> Iterable[bytes]:
    return [body[i : i + size] for i in range(0, len(body), size)]


ORDINARY = (
    b": a comment\n\n" + delta("Hel") + b"event: x\nid: 7\nretry: 3\n" + delta("lo\u2028\x85 é") + delta(None, "stop")
)
BODIES = {
    "LF": ORDINARY,
    "CRLF": ORDINARY.replace(b"\n", b"\r\n"),
    "CR": ORDINARY.replace(b"\n", b"\r"),
    "raw U+2028": "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\u2028b\x85c\"}}]}\n\n".encode() + delta(None, "stop"),
    "not JSON": b"data: hello\n\n" + delta("x", "stop"),
    "byte order mark": b"\xef\xbb\xbf" + delta("x", "stop"),
}  # fmt: skip
ENDS = {"LF": DONE, "CRLF": DONE.replace(b"\n", b"\r\n"), "CR": DONE.replace(b"\n", b"\r")}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10_000])
@pytest.mark.parametrize("name", BODIES)
async def test_a_stream_passes_unchanged_however_it_is_cut(way: Relaying, name: str, size: int) -> None:
    end = ENDS.get(name, DONE)
    way.first.script = stream(pieces(BODIES[name] + end, size))
    response = await way.chat("solo", stream=True)
    assert response.content == BODIES[name] + end
    row = await way.row_of(response)
    assert (row["state"], row["usage_source"], row["stream"]) == ("posted", "estimated", True)


@pytest.mark.parametrize("size", [1, 5, 10_000])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
async def test_the_usage_frame_is_ours_unless_the_client_asked(way: Relaying, newline: bytes, size: int) -> None:
    def wire(*frames: bytes) -> bytes:
        return b"".join(frames).replace(b"\n", newline)

    kept, counted = [delta("Hi"), delta(None, "stop")], usage_frame(prompt=5, completion=2)
    way.first.script = stream(pieces(wire(*kept, counted, DONE), size))
    without = await way.chat("solo", stream=True)
    assert without.content == wire(*kept, DONE)
    with_usage = await way.chat("solo", stream=True, stream_options={"include_usage": True})
    assert with_usage.content == wire(*kept, counted, DONE)
    declined = await way.chat("solo", stream=True, stream_options={"include_usage": False})
    assert declined.content == without.content
    for response in (without, with_usage, declined):
        row = await way.row_of(response)
        assert (row["usage_source"], row["input_tokens"], row["output_tokens"]) == ("reported", 5, 2)
        assert row["cost_usd"] == "0.000009"


@pytest.mark.parametrize("end", [finish, fin, reset])
@pytest.mark.parametrize("count", [True, False])
async def test_a_stream_without_done_is_complete_once_it_gave_its_reason(
    way: Relaying, end: Reply, count: bool
) -> None:
    way.first.script = openai_stream(["Hi"], done=False, usage=usage(5, 2) if count else None, end=end)
    response = await way.chat("solo", stream=True)
    assert response.content.endswith(DONE) and b"error" not in response.content
    row = await way.row_of(response)
    assert (row["state"], row["usage_source"]) == ("posted", "reported" if count else "estimated")


@pytest.mark.parametrize("end", [finish, fin, reset, hang])
async def test_a_stream_that_breaks_off_ends_with_an_error_of_its_format(way: Relaying, end: Reply) -> None:
    way.first.script = openai_stream(["Hello, world"], done=False, finish_reason=None, usage=None, end=end)
    response = await way.chat("solo", stream=True)
    assert response.status_code == 200 and b"[DONE]" not in response.content
    last = json.loads(response.text.rstrip("\n").rpartition("data: ")[2])
    assert set(last["error"]) == {"message", "type", "param", "code"} and last["error"]["code"] == "upstream_error"
    row = await way.row_of(response)
    assert (row["state"], row["usage_source"], row["output_tokens"]) == ("posted", "estimated", 3)

    way.first.script = anthropic_stream(["Hello, world"], complete=False, end=end)
    response = await way.message("claude-solo", stream=True)
    *_, event, data = response.text.rstrip("\n").split("\n")
    assert event == "event: error"
    assert json.loads(data[6:])["error"]["type"] == "api_error" and "message_stop" not in response.text
    row = await way.row_of(response)
    assert (row["input_tokens"], row["output_tokens"], row["usage_source"]) == (11, 3, "estimated")


async def test_an_event_that_was_cut_off_is_no_event(way: Relaying) -> None:
    way.first.script = stream([delta("Hi", "stop"), b'data: {"choices": [], "usa'])
    response = await way.chat("solo", stream=True)
    assert response.content == delta("Hi", "stop") + DONE


@pytest.mark.parametrize(
    ("line_end", "passed"), [(b"", b"\n\n"), (b"\n", b"\n\n"), (b"\r\n", b"\r\n\n"), (b"\r", b"\r\n\n")]
)
async def test_a_last_event_may_miss_its_blank_line(way: Relaying, line_end: bytes, passed: bytes) -> None:
    way.first.script = stream([delta("Hi", "stop"), b"data: [DONE]" + line_end])
    response = await way.chat("solo", stream=True)
    assert response.content == delta("Hi", "stop") + b"data: [DONE]" + passed


@pytest.mark.parametrize("together", [True, False])
async def test_nothing_follows_an_error_of_the_provider(way: Relaying, together: bool) -> None:
    error = frame({"error": {"message": "overloaded", "type": "server_error"}})
    frames = [delta("Hel"), error, DONE]
    way.first.script = stream([b"".join(frames)] if together else frames)
    response = await way.chat("pooled", stream=True)
    assert response.content == delta("Hel") + error
    assert way.second.requests == []
    row = await way.row_of(response)
    assert (row["state"], row["output_tokens"], row["usage_source"]) == ("posted", 1, "estimated")


async def test_nothing_follows_the_last_frame(way: Relaying) -> None:
    way.first.script = stream([delta("Hi", "stop") + DONE + delta("again") + DONE])
    response = await way.chat("solo", stream=True)
    assert response.content == delta("Hi", "stop") + DONE


async def test_an_endless_event_is_stopped(way: Relaying) -> None:
    async def endless(request: Request, connection: Connection) -> None:
        await connection.start(200, {"content-type": "text/event-stream"})
        await connection.piece(delta("Hel"))
        while True:
            await connection.piece(b"data: " + b"x" * 65536)
            await asyncio.sleep(0)  # so that it is noticed when the gateway hangs up

    way.first.script = endless
    response = await way.chat("solo", stream=True)
    assert "larger than" in response.text and "[DONE]" not in response.text
    assert (await way.row_of(response))["state"] == "posted"


@pytest.mark.parametrize("kind", ["chat", "message"])
async def test_the_first_frame_arrives_while_the_provider_is_silent(way: Relaying, kind: str) -> None:
    sent: list[float] = []
    go_on = asyncio.Event()

    async def pausing(request: Request, connection: Connection) -> None:
        await connection.start(200, {"content-type": "text/event-stream"})
        sent.append(time.monotonic())
        await connection.piece(delta("Hel") if kind == "chat" else frame({"type": "message_start"}, "message_start"))
        await go_on.wait()
        await connection.piece(DONE if kind == "chat" else frame({"type": "message_stop"}, "message_stop"))
        await connection.finish()

    way.first.script = pausing
    path, body = ("chat/completions", chat(model="solo", stream=True))
    if kind == "message":
        path, body = "messages", message(model="claude-solo", stream=True)
    async with way.gateway.client.stream("POST", f"/v1/{path}", json=body, headers=bearer(way.key)) as response:
        received = response.aiter_bytes()
        first = await anext(received)
        assert time.monotonic() - sent[0] < 0.25
        assert first.endswith(b"\n\n") and response.headers["x-accel-buffering"] == "no"
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert response.headers["cache-control"] == "no-cache"
        go_on.set()
        assert b"".join([chunk async for chunk in received])


async def test_the_last_frame_waits_for_the_charge(way: Relaying) -> None:
    """Whoever has [DONE] finds the posted row in the store."""
    relay = way.gateway.app.services.relay
    body = chat(model="solo", stream=True)
    for _ in range(20):
        async with way.gateway.client.stream(
            "POST", "/v1/chat/completions", json=body, headers=bearer(way.key)
        ) as response:
            async for chunk in response.aiter_bytes():
                if DONE in chunk:
                    store = way.gateway.app.services.accounts.store
                    [row] = store.ledger(
                        account=None, request_id=response.headers["x-request-id"], limit=1, before=None
                    )
                    assert row["state"] == "posted"
    assert relay.means.ledger.open_holds == {}


async def test_a_stream_that_is_answered_with_json_passes_as_json(way: Relaying) -> None:
    way.first.script = openai_chat("whole", usage=usage(3, 1))
    response = await way.chat("solo", stream=True)
    assert response.headers["content-type"] == "application/json"
    assert response.json()["choices"][0]["message"]["content"] == "whole"
    row = await way.row_of(response)
    assert (row["state"], row["input_tokens"], row["stream"]) == ("posted", 3, True)


@pytest.mark.parametrize("split", [True, False])
async def test_an_anthropic_stream_passes_unchanged(way: Relaying, split: bool) -> None:
    seen: list[bytes] = []

    async def recording(request: Request, connection: Connection) -> None:
        send = connection.piece

        async def piece(data: bytes) -> None:
            seen.append(data)
            for part in pieces(data, 1 if split else len(data)):
                await send(part)

        connection.piece = piece  # type: ignore[method-assign]
        await anthropic_stream(["Hello", " there"])(request, connection)
        connection.piece = send  # type: ignore[method-assign]

    way.first.script = recording
    response = await way.message("claude-solo", stream=True)
    assert response.content == b"".join(seen)
    row = await way.row_of(response)
    assert (row["input_tokens"], row["output_tokens"], row["usage_source"]) == (11, 7, "reported")


async def test_a_stream_keeps_its_upstream_connection_for_the_next_call(way: Relaying) -> None:
    before = way.first.connections_accepted
    for _ in range(5):
        assert (await way.chat("solo", stream=True)).content.endswith(DONE)
    assert way.first.connections_accepted - before <= 2


async def test_many_streams_at_once_are_all_whole_and_all_charged(way: Relaying) -> None:
    way.first.script = openai_stream([f"{i} " for i in range(50)], delay_s=0.001)
    responses = await asyncio.gather(*(way.chat("solo", stream=True) for _ in range(40)))
    assert len({response.content for response in responses}) == 1
    rows = await way.gateway.rows(limit=40)
    assert {row["request_id"] for row in rows} == {response.headers["x-request-id"] for response in responses}
    assert {(row["state"], row["cost_usd"]) for row in rows} == {("posted", "0.000025")}
    assert (await way.gateway.audit()).drift == 0


@pytest.mark.parametrize("ended", [1, 2])
async def test_a_stream_of_several_answers_is_complete_when_all_of_them_are(way: Relaying, ended: int) -> None:
    """The provider leaves without a last frame: after both finish reasons that is an end, after one it is a break."""
    frames = [frame({"choices": [{"index": n, "delta": {"content": "Hi"}, "finish_reason": None}]}) for n in range(2)]
    frames += [frame({"choices": [{"index": n, "delta": {}, "finish_reason": "stop"}]}) for n in range(ended)]
    way.first.script = stream(frames)
    response = await way.chat(stream=True, n=2)
    assert ("[DONE]" in response.text) == (ended == 2) != ('"error"' in response.text)

"""Heartbeats before the first frame, on a mount that opts in, through a whole gateway."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from tests.gateway import Gateway, bearer, chat, message
from tests.upstream import ScriptedUpstream, after, anthropic_stream, hang, openai_chat, openai_stream, status

ROUTES = Path(__file__).parents[2] / "routes.yaml"
BEAT = ": keep-alive\n\n"


@pytest.fixture
async def eager(tmp_path: Path, upstream: ScriptedUpstream) -> AsyncIterator[Gateway]:
    """A gateway whose mounts send a heartbeat every 50 ms while a stream's first frame is awaited."""
    listeners = yaml.safe_load(ROUTES.read_text())["listeners"]
    for listener in listeners.values():
        listener["bind"] = "127.0.0.1:0"
        for mount in listener["mounts"]:
            mount["heartbeat_before_first_frame_s"] = 0.05
    async with Gateway(tmp_path, upstream.url, routes={"listeners": listeners}) as running:
        yield running


async def test_heartbeats_come_before_a_late_first_frame(eager: Gateway, upstream: ScriptedUpstream) -> None:
    upstream.script = after(0.2, openai_stream())
    key = await eager.key()
    response = await eager.client.post("/v1/chat/completions", json=chat(stream=True), headers=bearer(key))
    assert response.status_code == 200 and response.headers["content-type"].startswith("text/event-stream")
    assert response.text.startswith(BEAT * 2) and response.text.endswith("data: [DONE]\n\n")
    [row] = await eager.rows()
    assert (row["state"], row["usage_source"]) == ("posted", "reported")
    assert (await eager.audit()).drift == 0


async def test_each_dialect_has_its_own_heartbeat(eager: Gateway, upstream: ScriptedUpstream) -> None:
    upstream.script = after(0.2, anthropic_stream())
    key = await eager.key()
    response = await eager.client.post("/v1/messages", json=message(stream=True), headers=bearer(key))
    assert response.text.startswith('event: ping\ndata: {"type": "ping"}\n\n')


async def test_a_failure_after_a_heartbeat_is_an_event(eager: Gateway, upstream: ScriptedUpstream) -> None:
    upstream.script = after(0.2, status(500))
    key = await eager.key()
    response = await eager.client.post("/v1/chat/completions", json=chat(stream=True), headers=bearer(key))
    assert response.status_code == 200 and '"code":"upstream_error"' in response.text
    assert "[DONE]" not in response.text
    [row] = await eager.rows()
    assert (row["state"], row["cost_usd"]) == ("voided", "0")


async def test_an_error_of_the_request_is_an_event_too(eager: Gateway, upstream: ScriptedUpstream) -> None:
    upstream.script = after(0.2, status(404, "no such thing"))
    key = await eager.key()
    response = await eager.client.post("/v1/chat/completions", json=chat(stream=True), headers=bearer(key))
    assert response.status_code == 200 and "no such thing" in response.text


async def test_a_json_answer_after_a_heartbeat_is_one_event(eager: Gateway, upstream: ScriptedUpstream) -> None:
    upstream.script = after(0.2, openai_chat("whole"))
    key = await eager.key()
    response = await eager.client.post("/v1/chat/completions", json=chat(stream=True), headers=bearer(key))
    assert '"content":"whole"' in response.text and response.text.endswith("data: [DONE]\n\n")


async def test_what_is_known_before_the_first_heartbeat_keeps_its_status(
    eager: Gateway, upstream: ScriptedUpstream
) -> None:
    upstream.script = status(500)
    key = await eager.key()
    response = await eager.client.post("/v1/chat/completions", json=chat(stream=True), headers=bearer(key))
    assert response.status_code == 502


async def test_a_client_that_leaves_while_it_hears_heartbeats_pays_nothing(
    eager: Gateway, upstream: ScriptedUpstream
) -> None:
    upstream.script = hang
    key = await eager.key()
    call = eager.client.build_request("POST", "/v1/chat/completions", json=chat(stream=True), headers=bearer(key))
    response = await eager.client.send(call, stream=True)
    assert response.status_code == 200
    await response.aclose()
    await upstream.requests[0].wait_closed()
    for _ in range(50):
        [row] = await eager.rows()
        if row["state"] != "held":
            break
        await asyncio.sleep(0.02)
    assert (row["state"], row["cost_usd"]) == ("voided", "0")

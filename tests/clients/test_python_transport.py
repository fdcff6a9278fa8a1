"""How the Python client sends: retries, timeouts, streams, options and environment variables, against a scripted server."""

import asyncio
import time
from collections.abc import Iterator

import httpx
import pytest

import tollhouse_client as th
from tests.upstream import (
    ScriptedUpstream,
    answer_json,
    fin,
    frame,
    hang,
    informational_first,
    openai_stream,
    reset,
    reset_mid_body,
    stream,
)
from tollhouse_client import AsyncTollhouse, Tollhouse, types

MESSAGES: list[types.ChatMessage] = [{"role": "user", "content": "Hello!"}]
CHUNK = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": []}
ALIVE = answer_json({"status": "alive"})


@pytest.fixture
def server() -> Iterator[ScriptedUpstream]:
    with ScriptedUpstream.in_thread() as running:
        yield running


def test_a_lost_connection_is_tried_again(server: ScriptedUpstream) -> None:
    server.reply(reset, fin, ALIVE)
    with Tollhouse(base_url=server.url) as client:
        assert client.system.get_livez() == {"status": "alive"}
    assert len(server.requests) == 3


def test_an_answer_that_breaks_off_is_tried_again(server: ScriptedUpstream) -> None:
    server.reply(reset_mid_body(), ALIVE)
    with Tollhouse(base_url=server.url) as client:
        assert client.system.get_livez() == {"status": "alive"}


def test_retries_end(server: ScriptedUpstream) -> None:
    server.reply(*[answer_json({}, 503, retry_after_ms="1")] * 9)
    with Tollhouse(base_url=server.url, max_retries=3) as client:
        with pytest.raises(th.UnavailableError):
            client.system.get_livez()
        assert len(server.requests) == 4
        with pytest.raises(th.UnavailableError):
            client.system.get_livez(max_retries=0)
        assert len(server.requests) == 5


def test_a_timeout_is_an_error_of_its_own(server: ScriptedUpstream) -> None:
    server.script = hang
    with Tollhouse(base_url=server.url, max_retries=0) as client:
        began = time.monotonic()
        with pytest.raises(th.APITimeoutError):
            client.system.get_livez(timeout=0.2)
        assert time.monotonic() - began < 2


def test_a_stream_is_never_tried_again_after_its_first_event(server: ScriptedUpstream) -> None:
    server.reply(stream([frame(CHUNK)], end=reset), openai_stream())
    with Tollhouse(base_url=server.url, max_retries=5) as client:
        events = client.chat.create_chat_completion(model="m", messages=MESSAGES, stream=True)
        assert next(events)["id"] == "c"
        with pytest.raises(th.APIConnectionError):
            next(events)
    assert len(server.requests) == 1


def test_a_stream_is_tried_again_before_it_begins(server: ScriptedUpstream) -> None:
    server.reply(answer_json({}, 502, retry_after_ms="1"), openai_stream())
    with Tollhouse(base_url=server.url) as client:
        assert len(list(client.chat.create_chat_completion(model="m", messages=MESSAGES, stream=True))) > 1
    assert len(server.requests) == 2


def test_a_redirect_is_not_followed(server: ScriptedUpstream) -> None:
    server.reply(answer_json({}, 307, location="/elsewhere"))
    with Tollhouse(base_url=server.url) as client, pytest.raises(th.APIStatusError) as raised:
        client.system.get_livez()
    assert raised.value.status == 307 and len(server.requests) == 1


def test_an_interim_answer_is_no_answer(server: ScriptedUpstream) -> None:
    server.reply(informational_first(ALIVE))
    with Tollhouse(base_url=server.url) as client:
        assert client.system.get_livez() == {"status": "alive"}


def test_options_come_from_the_environment(server: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch) -> None:
    server.reply(ALIVE, ALIVE)
    monkeypatch.setenv("TOLLHOUSE_BASE_URL", f"{server.url}/")
    monkeypatch.setenv("TOLLHOUSE_API_KEY", "k1")
    monkeypatch.setenv("TOLLHOUSE_ADMIN_TOKEN", "")
    with Tollhouse() as client:
        client.models.list_models()
        client.accounts.list_accounts()
    assert [(each.path, each.headers.get("authorization")) for each in server.requests] == [
        ("/v1/models", "Bearer k1"),
        ("/admin/api/accounts", None),
    ]


def test_an_option_wins_over_the_environment(server: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch) -> None:
    server.reply(ALIVE)
    monkeypatch.setenv("TOLLHOUSE_API_KEY", "k1")
    with Tollhouse(base_url=server.url, api_key="k2", default_headers={"X-Team": "a"}) as client:
        client.models.list_models()
    (request,) = server.requests
    assert request.headers["authorization"] == "Bearer k2" and request.headers["x-team"] == "a"
    assert request.headers["user-agent"] == f"tollhouse-client/{th.__version__} python"


def test_an_http_client_that_was_given_stays_open() -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"status": "alive"})

    with httpx.Client(transport=httpx.MockTransport(handle), timeout=7) as http_client:
        with Tollhouse(base_url="http://gateway", http_client=http_client) as client:
            client.system.get_livez()
        assert not http_client.is_closed
    assert seen[0].extensions["timeout"]["read"] == 7


async def test_a_cancelled_call_hangs_up(server: ScriptedUpstream) -> None:
    server.script = hang
    async with AsyncTollhouse(base_url=server.url) as client:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await client.system.get_livez()
    deadline = time.monotonic() + 2
    while server.requests[0].closed_at is None:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_the_async_client_tries_again_too(server: ScriptedUpstream) -> None:
    server.reply(reset, answer_json({}, 429, retry_after="0"), ALIVE)
    async with AsyncTollhouse(base_url=server.url) as client:
        assert await client.system.get_livez() == {"status": "alive"}
        server.reply(stream([frame(CHUNK)], end=reset))
        events = await client.chat.create_chat_completion(model="m", messages=MESSAGES, stream=True)
        assert (await anext(events))["id"] == "c"
        with pytest.raises(th.APIConnectionError):
            await anext(events)
    assert len(server.requests) == 4


def test_a_raw_stream_has_its_headers_first(server: ScriptedUpstream) -> None:
    server.reply(openai_stream())
    with Tollhouse(base_url=server.url) as client:
        raw = client.chat.with_raw_response.create_chat_completion(model="m", messages=MESSAGES, stream=True)
        assert raw.headers["content-type"].startswith("text/event-stream")
        with raw.parse() as events:
            assert len(list(events)) > 1
        assert raw.parse() is events


def test_a_raw_page_is_a_page(server: ScriptedUpstream) -> None:
    server.reply(answer_json({"rows": [1], "next_before": "a"}), answer_json({"rows": [2], "next_before": None}))
    with Tollhouse(base_url=server.url) as client:
        raw = client.log.with_raw_response.list_log_rows(limit=1)
        assert raw.status == 200 and list(raw.parse()) == [1, 2]

"""The innermost app: bindings are called, streams end with their clients, and a stop is told apart from a hang-up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast

import pytest

from tests.contract.asgi import config, scope
from tollhouse.contract.dispatch import Dispatch
from tollhouse.contract.edge import STATE, Mounts
from tollhouse.contract.publisher import Publisher
from tollhouse.endpoints.context import Reply, Request, Services, Value
from tollhouse.errors import ApiError, NotFound, UpstreamFailed
from tollhouse.generated.operations import OPERATIONS
from tollhouse.router import Router

CONFIG = config()
MOUNTS = Mounts(CONFIG.routes.listeners[0])
Endpoint = Callable[[Services, Request], Any]


def publisher(documents: dict[str, bytes]) -> Publisher:
    return Publisher(documents, cast(Services, None), "an admin token that nobody sends")


class Client:
    """The other end of a request: what was sent to it, and when it hangs up."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.gone = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)
        if not message.get("more_body", message["type"].endswith("start")):
            self.gone.set()  # uvicorn wakes whoever waits in `receive` when the response is complete


def request(operation_id: str | None, body: Any = None) -> Request:
    operation = OPERATIONS[operation_id] if operation_id else None
    mount = MOUNTS.of("/v1")
    return Request("req_1", CONFIG, Router(CONFIG), {}, "", mount=mount, operation=operation, body=body)


@asynccontextmanager
async def running(endpoint: Endpoint, body: Any) -> AsyncIterator[tuple[asyncio.Task[None], Client]]:
    bindings = {"create_chat_completion": endpoint}
    dispatch = Dispatch(cast(Services, None), MOUNTS, publisher({}), cast(Any, bindings))
    client = Client()
    asked = {**scope("POST", "/v1/chat/completions", {}), STATE: request("create_chat_completion", body)}
    task = asyncio.ensure_future(dispatch(asked, client.receive, client.send))
    yield task, client
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def answer(services: Services, request: Request) -> Reply:
    return Value({"ok": True}, 201)


async def fail(services: Services, request: Request) -> Reply:
    raise UpstreamFailed("No.")


async def wait(services: Services, request: Request) -> Reply:
    await asyncio.sleep(3600)
    raise AssertionError


STREAM, PLAIN = {"stream": True}, {"stream": False}


@pytest.mark.parametrize("body", [STREAM, PLAIN, None, [], {"stream": 1}])
async def test_what_the_binding_returns_is_sent(body: Any) -> None:
    async with running(answer, body) as (task, client):
        await task
        assert [client.sent[0]["status"], client.sent[1]["body"]] == [201, b'{"ok":true}']
        assert not task.cancelling()


@pytest.mark.parametrize("body", [STREAM, PLAIN])
async def test_what_the_binding_raises_goes_outwards(body: Any) -> None:
    async with running(fail, body) as (task, client):
        with pytest.raises(UpstreamFailed):
            await task
        assert not client.sent and not task.cancelling()


async def test_a_stream_is_cancelled_when_its_client_hangs_up() -> None:
    cancelled = asyncio.Event()

    async def endpoint(services: Services, request: Request) -> Reply:
        try:
            return await wait(services, request)
        finally:
            cancelled.set()

    async with running(endpoint, STREAM) as (task, client):
        await asyncio.sleep(0)
        client.gone.set()
        await task  # ends in peace: nobody is left to be told
        assert cancelled.is_set() and not client.sent and not task.cancelling()


async def test_a_client_that_hung_up_before_is_noticed_at_once() -> None:
    async with running(wait, STREAM) as (task, client):
        client.gone.set()
        await asyncio.wait_for(task, 1)


async def test_a_plain_call_runs_to_its_end_whatever_the_client_does() -> None:
    async def endpoint(services: Services, request: Request) -> Reply:
        await asyncio.sleep(0.02)
        return {"settled": True}

    async with running(endpoint, PLAIN) as (task, client):
        client.gone.set()
        await task
        assert len(client.sent) == 2


async def test_the_end_of_an_answer_is_not_taken_for_a_hang_up() -> None:
    for _ in range(50):
        async with running(answer, STREAM) as (task, client):
            await task
            await asyncio.sleep(0)
            assert client.gone.is_set() and not task.cancelling() and not task.cancelled()


async def test_an_error_and_a_hang_up_at_the_same_moment_are_an_error_to_nobody() -> None:
    entered = asyncio.Event()

    async def endpoint(services: Services, request: Request) -> Reply:
        entered.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            raise UpstreamFailed("It failed while it was cancelled.") from None
        raise AssertionError

    async with running(endpoint, STREAM) as (task, client):
        await entered.wait()
        client.gone.set()
        with pytest.raises(ApiError):
            await task


@pytest.mark.parametrize("body", [STREAM, PLAIN])
async def test_a_server_that_stops_cancels_and_that_goes_outwards(body: Any) -> None:
    async with running(wait, body) as (task, _):
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_stop_wins_over_a_hang_up_of_the_same_moment() -> None:
    async with running(wait, STREAM) as (task, client):
        await asyncio.sleep(0)
        client.gone.set()
        while not task.cancelling():
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_nobody_waits_for_the_client_after_the_answer() -> None:
    before = asyncio.all_tasks()
    async with running(answer, STREAM) as (task, _):
        await task
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_unknown_paths_are_told_where_the_documents_are() -> None:
    dispatch = Dispatch(cast(Services, None), MOUNTS, publisher({"/v1/openapi.json": b"{}"}))
    client = Client()
    asked = replace(request(None), mount=None)
    with pytest.raises(NotFound, match=r"/v1/openapi\.json says"):
        await dispatch({**scope("GET", "/v1/nope", {}), STATE: asked}, client.receive, client.send)
    await dispatch({**scope("GET", "/v1/openapi.json", {}), STATE: asked}, client.receive, client.send)
    assert [client.sent[0]["status"], client.sent[1]["body"]] == [200, b"{}"]

"""Who would be asked for a model, in which order, and why."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.commands import Commands
from tests.gateway import bearer, chat
from tests.relaying import Relaying, relaying
from tests.upstream import status

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Relaying]:
    async with relaying(tmp_path_factory.mktemp("gateway"), rest_after_failures=1) as running:
        yield running


async def explained(way: Relaying, model: str, **query: str) -> dict[str, Any]:
    response = await way.gateway.admin.get("/routes", params={"model": model, **query})
    assert response.status_code == 200, response.text
    return dict(response.json())


async def test_candidates_come_as_they_are_most_likely_tried(way: Relaying) -> None:
    route = await explained(way, "pooled")
    assert (route["operation"], route["attempts_max"], route["without_keys"]) == ("create_chat_completion", 5, [])
    first, second = route["candidates"]
    assert (first["provider"], first["key"], first["weight"], first["share"]) == (
        "first",
        "env:TEST_UPSTREAM_KEY",
        100,
        0.9901,
    )
    assert (second["provider"], second["served_model"], second["input_usd_per_mtok"]) == ("second", "dear", "10")
    assert {each["state"] for each in route["candidates"]} == {"ready"}
    assert [each["position"] for each in route["candidates"]] == [1, 2]


async def test_one_that_rests_is_last_with_its_reason_and_so_it_is_in_quotes(way: Relaying) -> None:
    way.first.script = status(429, retry_after=40)
    assert (await way.chat("pooled")).status_code == 200
    last = (await explained(way, "pooled"))["candidates"][-1]
    assert (last["provider"], last["state"], last["share"], last["reason"]) == ("first", "cooling", 0.0, "rate limited")
    assert 38 < last["wait_s"] <= 40
    quote = await way.gateway.client.post("/v1/quote", json=chat(model="pooled"), headers=bearer(way.key))
    shown = [(each["provider"], each["state"], each["share"]) for each in quote.json()["candidates"]]
    assert shown == [("second", "ready", 1.0), ("first", "cooling", 0.0)]


async def test_a_paused_provider_is_shown_with_who_said_so(way: Relaying) -> None:
    await way.gateway.admin.post("/providers/first/pause", json={"reason": "over budget"})
    try:
        last = (await explained(way, "pooled"))["candidates"][-1]
        assert (last["provider"], last["state"], last["reason"]) == ("first", "paused", "paused: over budget")
    finally:
        await way.gateway.admin.post("/providers/first/resume")


async def test_an_operation_can_be_named(way: Relaying) -> None:
    assert (await explained(way, "claude-pooled"))["operation"] == "create_message"
    assert (await explained(way, "solo", operation="create_completion"))["candidates"]
    wrong = await way.gateway.admin.get("/routes", params={"model": "solo", "operation": "list_models"})
    assert wrong.status_code == 400 and "create_message" in wrong.json()["detail"]
    assert (await way.gateway.admin.get("/routes", params={"model": "nobody"})).status_code == 400
    assert (await way.gateway.admin.get("/routes")).status_code == 400


async def test_the_command_shows_it_as_a_table_and_as_json(way: Relaying) -> None:
    commands = Commands(way.gateway.config_dir, way.gateway.data_dir)
    shown = (await asyncio.to_thread(commands.run, "route", "pooled")).stdout
    assert shown.startswith("pooled for create_chat_completion, at most 5 attempts\n") and "99%" in shown
    route = await asyncio.to_thread(commands.json, "route", "pooled", "--operation", "create_completion")
    assert [each["provider"] for each in route["candidates"]] == ["first", "second"]

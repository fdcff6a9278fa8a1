"""Budgets of an account on real calls: enforced in the ledger, so that calls that run side by side cannot overrun them."""

import asyncio
from pathlib import Path

import pytest

from tests.gateway import Gateway, bearer, chat
from tests.upstream import Connection, Request, ScriptedUpstream, openai_chat
from tollhouse.times import DAY_US

HELD = 100 * 2_000 + 5 * 1_000  # nano-dollars of a chat of `gpt-test` with max_tokens 100: its answer and "Hello!"
COST_USD = "0.000025"  # of what the scripted upstream reports


async def post(gateway: Gateway, key: str) -> int:
    response = await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    return response.status_code


async def test_parallel_calls_cannot_overrun_a_daily_budget(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    async with Gateway(tmp_path, upstream.url) as gateway:
        account = (await gateway.account())["id"]
        key = await gateway.key(account)
        probe = await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
        held_usd = (await gateway.rows(request=probe.headers["x-request-id"]))[0]["held_usd"]
        held = round(float(held_usd) * 10**9)
        limit = f"{(25_000 + 5 * held) / 10**9:.9f}"
        await gateway.admin.patch(f"/accounts/{account}", json={"daily_budget_usd": limit})
        decided = asyncio.Event()

        async def answer_once_all_are_decided(request: Request, connection: Connection) -> None:
            await decided.wait()
            await openai_chat()(request, connection)

        upstream.script = answer_once_all_are_decided
        calls = [asyncio.ensure_future(post(gateway, key)) for _ in range(20)]
        async with asyncio.timeout(20):
            while sum(call.done() for call in calls) < 15:
                await asyncio.sleep(0.01)
        decided.set()
        statuses = await asyncio.gather(*calls)
        assert (statuses.count(200), statuses.count(429)) == (5, 15)
        shown = (await gateway.admin.get(f"/accounts/{account}")).json()
        assert shown["spent_today_usd"] == shown["spent_this_month_usd"] == "0.00015"
        assert (await gateway.audit()).drift == 0


@pytest.mark.parametrize("window", ["daily", "monthly"])
async def test_a_spent_budget_is_a_429_that_says_when_it_ends(
    tmp_path: Path, upstream: ScriptedUpstream, window: str
) -> None:
    async with Gateway(tmp_path, upstream.url) as gateway:
        account = (await gateway.account(**{f"{window}_budget_usd": "0.0001"}))["id"]
        key = await gateway.key(account)
        refused = await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
        assert refused.status_code == 429 and refused.headers["x-should-retry"] == "false"
        error = refused.json()["error"]
        assert (error["code"], error["limit"]) == ("insufficient_quota", f"{window}_budget")
        assert error["available_usd"] == "0.0001" and float(error["needed_usd"]) > 0.0001
        assert error["resets_at"].endswith("T00:00:00.000000Z")
        assert 0 < int(refused.headers["retry-after"]) <= 31 * 86_400
        fitting = chat(max_tokens=error["max_tokens_that_fit"])
        served = await gateway.client.post("/v1/chat/completions", json=fitting, headers=bearer(key))
        assert served.status_code == 200
        assert not [row for row in await gateway.rows() if row["state"] == "held"]


async def test_what_was_spent_today_is_remembered_across_a_restart_and_forgotten_tomorrow(
    tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    async with Gateway(tmp_path, upstream.url) as gateway:
        account = (await gateway.account(daily_budget_usd="0.00025"))["id"]
        key = await gateway.key(account)
        assert await post(gateway, key) == 200
    async with Gateway(tmp_path, upstream.url) as gateway:
        shown = (await gateway.admin.get(f"/accounts/{account}")).json()
        assert (shown["spent_today_usd"], shown["daily_budget_usd"]) == (COST_USD, "0.00025")
        assert await post(gateway, key) == 200
        assert await post(gateway, key) == 429 or await post(gateway, key) == 429
        admission = gateway.app.services.relay.means.admission
        clock_us = admission._clock_us
        admission._clock_us = lambda: clock_us() + DAY_US  # type: ignore[method-assign]
        assert await post(gateway, key) == 200

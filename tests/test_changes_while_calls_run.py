"""What an administrator changes while calls run: the calls end as they began, and the next ones see the change."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults import gated
from tests.gateway import Gateway, bearer, chat
from tests.upstream import ScriptedUpstream


class Running:
    """An account, its key, and a call of it that waits for the provider's answer."""

    def __init__(self, gateway: Gateway, upstream: ScriptedUpstream) -> None:
        self.gateway = gateway
        self.upstream = upstream
        self.gate = threading.Event()
        upstream.script = gated(self.gate)
        self.account: dict[str, Any]
        self.key: dict[str, Any]

    async def begin(self, streaming: bool, **facts: Any) -> None:
        self.account = await self.gateway.account("acme", "10", rate_multiplier="2")
        path = f"/accounts/{self.account['id']}/keys"
        self.key = (await self.gateway.admin.post(path, json={"name": "k", **facts})).json()
        before = len(self.upstream.requests)
        self._call = asyncio.ensure_future(self.call(streaming))
        async with asyncio.timeout(5):
            while len(self.upstream.requests) == before:
                await asyncio.sleep(0.005)

    async def call(self, streaming: bool = False) -> httpx.Response:
        body = chat(stream=streaming)
        return await self.gateway.client.post("/v1/chat/completions", json=body, headers=bearer(self.key["key"]))

    async def change(self, what: str, body: dict[str, Any]) -> None:
        where = {"account": f"/accounts/{self.account['id']}", "key": f"/keys/{self.key['id']}"}[what]
        response = await self.gateway.admin.patch(where, json=body)
        assert response.status_code == 200, response.text

    async def end(self) -> httpx.Response:
        self.gate.set()
        return await self._call


@pytest.mark.parametrize("streaming", [False, True])
async def test_a_call_of_an_account_that_is_suspended_finishes_and_is_charged(
    tmp_path: Path, upstream: ScriptedUpstream, streaming: bool
) -> None:
    async with Gateway(tmp_path, upstream.url) as gateway:
        running = Running(gateway, upstream)
        await running.begin(streaming)
        await running.change("account", {"status": "suspended"})
        refused = await running.call()
        assert refused.status_code == 401 and "suspended" in refused.json()["error"]["message"]
        assert (await running.end()).status_code == 200
        [row] = await gateway.rows()
        assert (row["state"], row["account_multiplier"]) == ("posted", "2") and float(row["cost_usd"]) > 0
    async with Gateway(tmp_path, upstream.url) as gateway:
        running.gateway = gateway
        assert (await running.call()).status_code == 401
        await running.change("account", {"status": "active"})
        assert (await running.call()).status_code == 200


@pytest.mark.parametrize("streaming", [False, True])
async def test_a_multiplier_that_changes_does_not_change_a_call_that_runs(
    tmp_path: Path, upstream: ScriptedUpstream, streaming: bool
) -> None:
    async with Gateway(tmp_path, upstream.url) as gateway:
        running = Running(gateway, upstream)
        await running.begin(streaming)
        await running.change("account", {"rate_multiplier": "6"})
        assert (await running.end()).status_code == 200
        assert (await running.call(streaming)).status_code == 200
        later, first = await gateway.rows()
        assert (first["account_multiplier"], later["account_multiplier"]) == ("2", "6")
        assert float(later["cost_usd"]) == pytest.approx(3 * float(first["cost_usd"]))
        assert (await gateway.audit()).findings == []
    async with Gateway(tmp_path, upstream.url) as gateway:
        shown = (await gateway.admin.get(f"/accounts/{running.account['id']}")).json()
        assert (shown["rate_multiplier"], shown["held_usd"]) == ("6", "0")
        running.gateway = gateway
        await running.call()
        assert [row["account_multiplier"] for row in await gateway.rows(limit=1)] == ["6"]
        assert (await gateway.audit()).findings == []


async def test_a_key_that_is_narrowed_or_rotated_lets_its_running_call_end(
    tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    async with Gateway(tmp_path, upstream.url) as gateway:
        running = Running(gateway, upstream)
        await running.begin(True, quota_usd="1", concurrency=1, tokens_per_minute=10_000)
        narrow = {"models": ["embed-test"], "concurrency": None, "tokens_per_minute": None, "quota_usd": "0.5"}
        await running.change("key", narrow)
        assert (await running.call()).status_code == 403
        rotated = await gateway.admin.post(f"/keys/{running.key['id']}/rotate", json={"overlap": "0"})
        assert rotated.status_code == 201
        assert (await running.call()).status_code == 401
        assert (await running.end()).status_code == 200
        [row] = await gateway.rows()
        new = (await gateway.admin.get(f"/keys/{rotated.json()['id']}")).json()
        assert (row["state"], row["key_id"]) == ("posted", running.key["id"])
        assert float(new["spent_usd"]) == float(row["cost_usd"]) > 0
        live = gateway.app.services.accounts.find_key(new["id"])
        assert (live.used.reserved_nano, live.used.reserved_tokens) == (0, 0)
        assert (await gateway.audit()).findings == []

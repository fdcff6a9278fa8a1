"""The charge of a call: refunded where the store fails under an undelivered answer, waited for as configured."""

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.gateway import Gateway, bearer, chat
from tests.relaying import BrokenDisk, Relaying
from tests.test_quotes import quoted
from tests.upstream import (
    ScriptedUpstream,
    frame,
    stream,
)
from tollhouse.billing.pricing import PPM3, Rate, Usage
from tollhouse.charge import Charge, unmeasured
from tollhouse.config.snapshot import Prices
from tollhouse.errors import Unavailable

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_answer_that_the_store_failed_under_is_not_charged(
    way: Relaying, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store breaks between hold and charge: 503, and whoever tries again pays once."""
    disk = BrokenDisk(way.gateway, monkeypatch)
    post = Charge.post

    def break_and_post(self: Charge, *arguments: Any) -> int:
        disk.broken = True
        return post(self, *arguments)

    account = await way.gateway.account("unlucky", "1")
    key = await way.gateway.key(account["id"])
    with monkeypatch.context() as patched:
        patched.setattr(Charge, "post", break_and_post)
        body = chat(model="solo")
        response = await way.gateway.client.post("/v1/chat/completions", json=body, headers=bearer(key))
    assert response.status_code == 503
    disk.broken = False
    assert (await way.gateway.audit()).drift == 0
    shown = (await way.gateway.admin.get(f"/accounts/{account['id']}")).json()
    assert (shown["balance_usd"], shown["held_usd"]) == ("1", "0")


async def test_an_answer_that_a_stop_cut_off_while_the_store_failed_is_not_charged(
    way: Relaying, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, journal = BrokenDisk(way.gateway, monkeypatch), way.gateway.app.services.relay.means.journal
    running: list[asyncio.Task[Any]] = []
    post = Charge.post

    def break_and_post(self: Charge, *arguments: Any) -> int:
        disk.broken = True
        running.extend(task for task in [asyncio.current_task()] if task is not None)
        return post(self, *arguments)

    account = await way.gateway.account("stopped", "1")
    key = await way.gateway.key(account["id"])
    with monkeypatch.context() as patched:
        patched.setattr(Charge, "post", break_and_post)
        body = chat(model="solo")
        call = asyncio.ensure_future(way.gateway.client.post("/v1/chat/completions", json=body, headers=bearer(key)))
        while journal.failing is None:
            await asyncio.sleep(0.01)
        running[0].cancel()
        assert (await call).status_code == 503
    disk.broken = False
    assert (await way.gateway.audit()).drift == 0
    shown = (await way.gateway.admin.get(f"/accounts/{account['id']}")).json()
    assert (shown["balance_usd"], shown["held_usd"]) == ("1", "0")


@pytest.mark.parametrize("delivered", [True, False])
async def test_a_stream_that_the_store_failed_under_is_charged_where_some_of_it_was_delivered(
    way: Relaying, monkeypatch: pytest.MonkeyPatch, delivered: bool
) -> None:
    disk = BrokenDisk(way.gateway, monkeypatch)
    post = Charge.post

    def break_and_post(self: Charge, *arguments: Any) -> int:
        disk.broken = True
        return post(self, *arguments)

    account = await way.gateway.account(f"unlucky-{delivered}", "1")
    key = await way.gateway.key(account["id"])
    whole = (
        frame({"choices": [{"index": 0, "delta": {"content": "Hello"}, "finish_reason": "stop"}]}) + b"data: [DONE]\n\n"
    )
    way.first.script = stream([whole if delivered else b"data: [DONE]\n\n"])
    with monkeypatch.context() as patched:
        patched.setattr(Charge, "post", break_and_post)
        body = chat(model="solo", stream=True)
        response = await way.gateway.client.post("/v1/chat/completions", json=body, headers=bearer(key))
    assert response.status_code == 200 and ("Hello" in response.text) == delivered
    assert '"code":"unavailable"' in response.text and "[DONE]" not in response.text
    disk.broken = False
    assert (await way.row_of(response))["state"] == ("posted" if delivered else "voided")
    shown = (await way.gateway.admin.get(f"/accounts/{account['id']}")).json()
    assert (Decimal(shown["balance_usd"]) < 1) == delivered


@pytest.mark.asyncio(loop_scope="function")
async def test_relaxed_durability_does_not_wait_for_the_charge(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    routes = {"ledger": {"hold": "soft", "durability": "relaxed"}}
    async with Gateway(tmp_path, upstream.url, routes=routes) as gateway:
        key = await gateway.key()
        waited: list[int] = []
        journal = gateway.app.services.relay.means.journal
        durable = journal.durable

        async def recording(position: int) -> None:
            waited.append(position)
            if position > holds[-1]:
                raise Unavailable("nobody may wait for this")
            await durable(position)

        holds = [journal._appended + 1]
        journal.durable = recording  # type: ignore[method-assign]
        for streaming in (False, True):
            holds.append(journal._appended + 1)
            response = await gateway.client.post(
                "/v1/chat/completions", json=chat(stream=streaming), headers=bearer(key)
            )
            assert response.status_code == 200 and "error" not in response.text
        journal.durable = durable  # type: ignore[method-assign]
        assert set(waited) == set(holds[1:]) and (await gateway.audit()).drift == 0


@pytest.mark.parametrize(
    ("request_nano", "expected"), [(None, (Usage(3, output=50), "estimated")), (0, (Usage(), "estimated"))]
)
async def test_an_unmeasured_answer_has_its_own_price_or_no_more_output_than_was_held(
    request_nano: int | None, expected: tuple[Usage, str]
) -> None:
    quote = quoted({"messages": [], "max_tokens": 50})
    rate = Rate(Prices(1, 1, request=request_nano), 10**6, PPM3)
    assert unmeasured(Usage(3, output=10**9), quote, rate) == expected

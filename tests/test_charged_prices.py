"""At which price tokens are charged: multipliers, rounding, prices that change, what is free, what has no price at all.

Real calls through a whole gateway to a scripted provider that counts 11 tokens in and 7 out.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.gateway import MODELS, Gateway, bearer, chat, message, provider
from tests.leaving import until
from tests.relaying import Relaying, charge_of
from tests.upstream import Connection, Request, ScriptedUpstream, answer_json, by_path, openai_chat, usage
from tests.wires import CHAT, MESSAGES, WIRES, Wire

pytestmark = pytest.mark.asyncio(loop_scope="module")
both = pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
either = pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streaming"])

PRICES = {"input_usd_per_mtok": "1", "output_usd_per_mtok": "2", "kind": "chat"}
CATALOGUE = {
    "plain": PRICES,
    "dearer": {**PRICES, "multiplier": "1.3"},
    "tiny": {**PRICES, "input_usd_per_mtok": "0.000000001", "output_usd_per_mtok": "0.000000001"},
}


@pytest.fixture
async def gateway(tmp_path: Path, upstream: ScriptedUpstream) -> AsyncIterator[Gateway]:
    """A provider in each format; both multiply by 1.1, and their entries for `dearer` by 1.2."""
    models = {"plain": {}, "tiny": {}, "dearer": {"multiplier": "1.2"}}
    entries = {
        "openai": provider(upstream.url, "openai", models={**models, "gpt-test": {}}, multiplier="1.1"),
        "anthropic": provider(upstream.url, "anthropic", models=dict(models), multiplier="1.1"),
    }
    entries = json.loads(json.dumps(entries))  # no value twice: YAML would write it as an alias
    async with Gateway(tmp_path, upstream.url, providers=entries, models=CATALOGUE) as running:
        yield running


async def row_of(gateway: Gateway, wire: Wire, model: str, key: str, streaming: bool = False) -> dict[str, Any]:
    """The ledger row of one call."""
    body = wire.ask(model=model, stream=streaming)
    response = await gateway.client.post(f"/v1/{wire.path}", json=body, headers=bearer(key))
    assert response.status_code == 200, response.text
    assert (await gateway.audit()).drift == 0
    [row] = await gateway.rows(request=response.headers["x-request-id"])
    return row


@pytest.mark.asyncio(loop_scope="function")
async def test_a_price_is_multiplied_by_the_account_the_provider_its_model_and_the_catalogue(gateway: Gateway) -> None:
    discounted = await gateway.account("discounted", "1", rate_multiplier="0.9")
    usual, cheaper = await gateway.key(), await gateway.key(discounted["id"])
    for wire in WIRES:
        for streaming in (False, True):
            plain = await row_of(gateway, wire, "plain", usual, streaming)
            assert (plain["cost_usd"], plain["model_multiplier"]) == ("0.0000275", "1.1")  # 25 × 1.1 millionths
            row = await row_of(gateway, wire, "dearer", cheaper, streaming)
            assert (row["account_multiplier"], row["model_multiplier"]) == ("0.9", "1.716")  # 1.1 × 1.2 × 1.3
            assert row["cost_usd"] == "0.00003861"  # 25 × 1.716 × 0.9
    assert (await gateway.balance(discounted["id"]))[0] == "0.99984556"


@pytest.mark.asyncio(loop_scope="function")
async def test_a_charge_is_rounded_up_once_to_a_billionth_of_a_dollar(gateway: Gateway) -> None:
    """18 tokens at a billionth per million: both sides and both multipliers are far below the smallest amount."""
    account = await gateway.account("frugal", "1")
    key = await gateway.key(account["id"])
    for wire in WIRES:
        assert (await row_of(gateway, wire, "tiny", key))["cost_usd"] == "0.000000001"
    assert (await gateway.balance(account["id"]))[0] == "0.999999998"


@pytest.mark.asyncio(loop_scope="function")
async def test_a_price_that_changes_while_a_call_runs_does_not_change_that_call(
    gateway: Gateway, upstream: ScriptedUpstream
) -> None:
    key, go_on = await gateway.key(), asyncio.Event()

    async def waiting(request: Request, connection: Connection) -> None:
        await go_on.wait()
        await by_path(request, connection)

    upstream.script = waiting
    calls = [(wire, streaming) for wire in WIRES for streaming in (False, True)]
    running = [asyncio.ensure_future(row_of(gateway, wire, "plain", key, streaming)) for wire, streaming in calls]
    await until(lambda: len(upstream.requests) == len(calls))
    before = gateway.app.snapshot.config.catalogue.version
    path = gateway.config_dir / "model_catalog.json"
    path.write_text(path.read_text().replace('"output_usd_per_mtok": "2"', '"output_usd_per_mtok": "20"'))
    await until(lambda: gateway.app.snapshot.config.catalogue.version != before)
    go_on.set()
    old = [(row["cost_usd"], row["price_version"]) for row in await asyncio.gather(*running)]
    assert old == [("0.0000275", before)] * len(calls)
    new = await row_of(gateway, CHAT, "plain", key)
    assert new["cost_usd"] == "0.0001661" and new["price_version"] != before  # (11 + 7 × 20) × 1.1


@pytest.mark.asyncio(loop_scope="function")
async def test_a_call_without_a_key_is_free_and_has_a_row(gateway: Gateway, upstream: ScriptedUpstream) -> None:
    for streaming in (False, True):
        response = await gateway.client.post("/v1/chat/completions", json=chat(stream=streaming))
        assert response.status_code == 200
        [row] = await gateway.rows(request=response.headers["x-request-id"])
        assert (row["account"], row["key_id"], row["held_usd"]) == ("anonymous", None, "0")
        assert charge_of(row) == ("posted", "0", 11, 7, "reported")
    refused = await gateway.client.post("/v1/chat/completions", json=chat(model="plain"))
    assert refused.status_code == 403
    assert (await gateway.client.post("/v1/messages", json=message())).status_code == 401
    assert (await gateway.client.post("/proxy/v1/chat/completions", json=chat())).status_code == 401
    assert len(upstream.requests) == 2 and (await gateway.audit()).drift == 0


async def test_counting_tokens_is_free_and_has_a_row(way: Relaying) -> None:
    way.first.script = answer_json({"input_tokens": 14})
    body = {"model": "claude-solo", "messages": [{"role": "user", "content": "Hello"}]}
    response = await way.gateway.client.post("/v1/messages/count_tokens", json=body, headers={"x-api-key": way.key})
    assert (response.status_code, response.json()) == (200, {"input_tokens": 14})
    row = await way.row_of(response)
    assert charge_of(row) == ("posted", "0", 0, 0, "none") and row["held_usd"] == "0"
    assert way.first.requests[0].path == "/v1/messages/count_tokens"


@either
@pytest.mark.parametrize("model", ["unpriced", "nobody-knows-it"])
async def test_a_model_without_a_price_is_refused_on_every_mount_before_anything_is_sent(
    way: Relaying, model: str, streaming: bool
) -> None:
    rows = len(await way.gateway.rows(limit=1000))
    bases = ("/v1", "/api/v1", "/proxy/v1", f"{way.gateway.urls['openproxy']}/v1")
    responses = [await way.chat(model, base=base, stream=streaming) for base in bases]
    responses.append(await way.call(MESSAGES, model, streaming=streaming))
    for response in responses:
        assert response.status_code == 400 and "Unknown model pricing" in response.text
    assert way.first.requests == [] and len(await way.gateway.rows(limit=1000)) == rows


@both
@either
async def test_a_charge_beyond_its_hold_takes_the_balance_below_zero_by_just_that(
    way: Relaying, wire: Wire, streaming: bool
) -> None:
    account = await way.gateway.account(f"overdrawn-{wire.name}-{streaming}", "0.001")
    key = await way.gateway.key(account["id"])
    way.first.script = wire.answer(streaming, usage=wire.usage(10, 5_000))
    row = await way.row_of(await way.call(wire, streaming=streaming, key=key))
    assert (row["cost_usd"], row["held_usd"]) == ("0.01001", "0.000206")
    assert await way.gateway.balance(account["id"]) == ("-0.00901", "0")
    again = await way.call(wire, streaming=streaming, key=key)
    assert again.status_code == 402 and len(way.first.requests) == 1


@pytest.mark.asyncio(loop_scope="function")
@pytest.mark.parametrize(("usd_per_mtok", "tokens"), [("1000000", 10**9), ("100000000", 10**6)])
async def test_a_usage_whose_price_nobody_can_owe_is_estimated_and_the_gateway_goes_on(
    tmp_path: Path, usd_per_mtok: str, tokens: int
) -> None:
    """Tokens and prices that make more than 64 bits of nano-dollars with the account's multiplier."""
    models = {"dear": {**MODELS["gpt-test"], "input_usd_per_mtok": usd_per_mtok, "output_usd_per_mtok": usd_per_mtok}}
    async with ScriptedUpstream() as upstream:
        providers = {"scripted": provider(upstream.url, models={"dear": {}, "gpt-test": {}})}
        async with Gateway(tmp_path, upstream.url, providers=providers, models=models) as gateway:
            account = await gateway.account("rich", "900000000", rate_multiplier="1000")
            key = await gateway.key(account["id"])
            upstream.reply(openai_chat("x" * 44, usage=usage(tokens, tokens)))
            body = chat(model="dear", max_tokens=10)
            response = await gateway.client.post("/v1/chat/completions", json=body, headers=bearer(key))
            [row] = await gateway.rows(request=response.headers["x-request-id"])
            assert (row["usage_source"], row["output_tokens"], row["state"]) == ("estimated", 10, "posted")
            again = await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(await gateway.key()))
            assert again.status_code == 200 and (await gateway.audit()).drift == 0

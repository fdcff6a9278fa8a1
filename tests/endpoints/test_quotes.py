"""Quotes: the very figures with which a call is then admitted or refused, without anything being taken."""

import asyncio
import random
import time
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.bodies import ACCEPTED, REFUSED
from tests.gateway import Gateway, bearer, chat, message, provider
from tests.relaying import UPSTREAM_KEY, Relaying
from tests.served import Served
from tests.test_admission import Scene
from tests.test_router import SMALL, key
from tests.test_router import provider as offering
from tests.upstream import ScriptedUpstream, hang, openai_chat
from tollhouse.config.snapshot import ProviderModel
from tollhouse.dialects import DIALECTS
from tollhouse.endpoints.quotes import candidates, operation_of
from tollhouse.generated.operations import OPERATIONS
from tollhouse.health import Health, standings
from tollhouse.quotes import Quote
from tollhouse.router import Router

module_loop = pytest.mark.asyncio(loop_scope="module")
PATHS = {name: f"/v1{OPERATIONS[name].path}" for name in OPERATIONS if OPERATIONS[name].billing == "metered"}
IMAGE = [{"type": "text", "text": "é"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]


async def ask(way: Relaying, body: dict[str, Any], key: str | None = None, base: str = "/v1") -> dict[str, Any]:
    response = await way.gateway.client.post(f"{base}/quote", json=body, headers=bearer(key or way.key))
    assert response.status_code == 200, response.text
    return dict(response.json())


# Which operation

OPENAI, ANTHROPIC = frozenset({"openai"}), frozenset({"anthropic"})
BOTH = OPENAI | ANTHROPIC


@pytest.mark.parametrize(
    ("body", "kind", "dialects", "operation"),
    [
        ({"messages": []}, "chat", OPENAI, "create_chat_completion"),
        ({}, "chat", ANTHROPIC, "create_message"),
        ({"messages": [], "max_tokens": 1}, "chat", ANTHROPIC, "create_message"),
        ({"messages": [], "system": "a"}, "chat", ANTHROPIC, "create_message"),
        ({"messages": []}, "chat", ANTHROPIC, "create_chat_completion"),
        ({"messages": [], "max_tokens": None}, "chat", ANTHROPIC, "create_chat_completion"),
        ({"input": "a", "model": "m"}, "chat", ANTHROPIC, "create_response"),
        ({"prompt": "a"}, "chat", ANTHROPIC, "create_completion"),
        ({"messages": []}, "chat", BOTH, "create_chat_completion"),
        ({"messages": [], "system": None}, "chat", BOTH, "create_chat_completion"),
        ({"messages": [], "system": "a"}, "chat", BOTH, "create_message"),
        ({"messages": [], "stop_sequences": ["a"]}, "chat", BOTH, "create_message"),
        ({"messages": [], "system": "a"}, "chat", OPENAI, "create_chat_completion"),
        ({"input": "a"}, "embedding", OPENAI, "create_embedding"),
        ({}, "completion", OPENAI, "create_completion"),
        ({"prompt": "a"}, "chat", OPENAI, "create_completion"),
        ({"prompt": None, "messages": []}, "chat", OPENAI, "create_chat_completion"),
        ({"input": "a", "model": "m"}, "chat", OPENAI, "create_response"),
        ({"prompt": {"id": "pmpt_1"}}, "chat", OPENAI, "create_response"),
        ({"input": "a", "model": "m"}, "moderation", OPENAI, "create_moderation"),
        ({"input": "a"}, None, frozenset(), "create_moderation"),
        ({"input": "a", "model": None}, None, frozenset(), "create_moderation"),
        ({"input": "a", "model": "m"}, None, frozenset(), "create_response"),
        ({}, None, frozenset(), "create_chat_completion"),
    ],
)
def test_the_model_and_the_body_say_which_operation_is_meant(
    body: dict[str, Any], kind: str | None, dialects: frozenset[str], operation: str
) -> None:
    assert operation_of(body, kind, dialects) == operation


# Candidates


def quoted(*providers: Any, model: str = "small") -> Quote:
    scene = Scene()
    config = replace(scene.config, providers=MappingProxyType({each.name: each for each in providers}))
    operation = OPERATIONS["create_chat_completion"]
    body = {"model": model, "messages": [{"role": "user", "content": "x" * 30}], "max_tokens": 1000}
    return scene.admission.quote(scene.caller, operation, DIALECTS["openai"], body, model, config, Router(config))


def test_the_keys_of_a_provider_are_one_candidate_with_its_weight() -> None:
    dear = ProviderModel("small", "small-dear", multiplier_ppm=2_000_000, weight=4)
    quote = quoted(offering("a", SMALL, keys=(key(1), key(2))), offering("b", dear), offering("c", SMALL))
    health = Health(time.monotonic, random.Random())
    found = candidates(quote, "1", standings(quote.targets, Router(Scene().config), health))
    assert [(each["provider"], each["weight"], each["share"]) for each in found] == [
        ("b", 4, 0.6667), ("c", 1, 0.1667), ("a", 1, 0.1667),
    ]  # fmt: skip
    assert [each["upstream_model"] for each in found] == ["small-dear", "small-2026", "small-2026"]
    assert [each["model_multiplier"] for each in found] == ["2", "1", "1"]
    assert [each["hold_usd"] for each in found] == ["0.004028", "0.002014", "0.002014"]
    assert quote.hold_nano == 4_028_000  # the dearest one's


# The same figures as the call

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("create_chat_completion", chat(model="pooled")),
    ("create_chat_completion", chat(model="pooled", n=3, stream=True, max_tokens=None)),
    ("create_chat_completion", chat(model="solo", messages=[{"role": "user", "content": IMAGE}])),
    ("create_chat_completion", chat(model="solo", tools=[{"type": "function", "function": {"name": "f"}}])),
    ("create_completion", {"model": "solo", "prompt": ["a", "bc"], "best_of": 3, "max_tokens": 7}),
    ("create_embedding", {"model": "embed-test", "input": ["a" * 1000, "b"]}),
    ("create_message", message(model="claude-pooled", system="Be brief.", stream=True)),
    ("create_message", message(model="claude-solo", max_tokens=0)),
]


@module_loop
@pytest.mark.parametrize(("operation", "body"), CALLS)
async def test_a_call_holds_what_was_quoted(way: Relaying, operation: str, body: dict[str, Any]) -> None:
    account = await way.gateway.account("marked-up", rate_multiplier="1.25")
    key = await way.gateway.key(account["id"])
    quote = await ask(way, body, key)
    assert way.first.requests == way.second.requests == []
    if operation == "create_completion":
        way.first.script = openai_chat()  # its usage is all that counts here
    response = await way.gateway.client.post(PATHS[operation], json=body, headers=bearer(key))
    assert response.status_code == 200, response.text
    row = await way.row_of(response)
    assert quote["hold_usd"] == row["held_usd"] != "0"
    for name in ("operation", "account", "price_version", "stream"):
        assert quote[name] == row[name], name
    assert (quote["object"], quote["allowed"], quote["refusal"]) == ("quote", True, None)
    assert max(each["hold_usd"] for each in quote["candidates"]) == quote["hold_usd"]
    assert float(quote["upper_bound_usd"]) >= float(quote["hold_usd"])
    [served] = [each for each in quote["candidates"] if each["provider"] == row["provider"]]
    for name in ("served_model", "model_multiplier", "account_multiplier"):
        assert served[name] == row[name], name
    assert await ask(way, {**body, "operation": operation}, key) == quote


@module_loop
async def test_a_quote_takes_nothing(way: Relaying) -> None:
    account = await way.gateway.account("untouched", "0.01")
    key = await way.gateway.key(account["id"], requests_per_minute=1, tokens_per_minute=200, quota_usd="0.01")
    body = chat(model="solo", stream=True)
    quotes = [await ask(way, body, key) for _ in range(5)]
    assert all(quote == quotes[0] and quote["allowed"] for quote in quotes)
    assert await way.gateway.rows(account=account["id"]) == [] == way.first.requests
    assert (await way.gateway.admin.get(f"/accounts/{account['id']}")).json()["available_usd"] == "0.01"
    response = await way.gateway.client.post("/v1/chat/completions", json=body, headers=bearer(key))
    assert response.status_code == 200


@module_loop
async def test_every_mount_quotes_and_none_tells_a_secret(way: Relaying) -> None:
    body = chat(model="pooled")
    expected = await ask(way, body)
    for base in ("/api/v1", "/proxy/v1", f"{way.gateway.urls['openproxy']}/v1"):
        assert await ask(way, body, base=base) == expected
    response = await way.gateway.client.post("/v1/quote", json=body, headers=bearer(way.key))
    for secret in (UPSTREAM_KEY, "TEST_UPSTREAM_KEY", way.key, way.first.url):
        assert secret not in response.text
    assert [(each["provider"], each["share"]) for each in expected["candidates"]] == [
        ("first", 0.9901), ("second", 0.0099),
    ]  # fmt: skip
    assert expected["candidates"][1]["cache_read_usd_per_mtok"] == "10"


# The same refusals as the call


async def refused_as_quoted(way: Relaying, body: dict[str, Any], key: str) -> dict[str, Any]:
    """What a call is refused with, once a quote of it has said just that."""
    quote = await ask(way, body, key)
    assert quote["allowed"] is False
    refusal = dict(quote["refusal"])
    path = PATHS[quote["operation"]]
    response = await way.gateway.client.post(path, json=body, headers=bearer(key))
    error = response.json()["error"]
    if path == "/v1/messages":
        refusal = {name: value for name, value in refusal.items() if name not in ("type", "code")}
        del error["type"]
    else:
        assert error.pop("param") is None
    assert {"status": response.status_code, **error} == refusal
    return dict(quote["refusal"])


LIMITS: list[tuple[str, int, dict[str, Any]]] = [
    ("quota_usd", 429, {"quota_usd": "0.0001"}),
    ("quota_tokens", 429, {"quota_tokens": 50}),
    ("tokens_per_minute", 429, {"tokens_per_minute": 110}),
    ("requests_per_minute", 429, {"requests_per_minute": 1}),
]


@module_loop
@pytest.mark.parametrize("body", [chat(model="pooled"), message(model="claude-pooled")], ids=["chat", "message"])
@pytest.mark.parametrize(("limit", "status", "facts"), LIMITS)
async def test_a_limit_of_the_key_refuses_the_call_as_the_quote_said(
    way: Relaying, limit: str, status: int, facts: dict[str, Any], body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    counters = way.gateway.app.services.relay.means.admission._rates._counters
    monkeypatch.setattr(counters, "_clock_s", lambda: 1e6)  # or a token comes back between the quote and the call
    key = await way.gateway.key(**facts)
    if limit.endswith("_minute"):
        allowed = await ask(way, body, key)
        assert allowed["allowed"]
        path = PATHS[allowed["operation"]]
        assert (await way.gateway.client.post(path, json=body, headers=bearer(key))).status_code == 200
    refusal = await refused_as_quoted(way, body, key)
    assert (refusal["status"], refusal["limit"]) == (status, limit)


@module_loop
@pytest.mark.parametrize("facts", [{"quota_tokens": 1000}, {"quota_usd": "1"}, {}])
async def test_the_longest_answers_that_can_be_written_are_refused_as_quoted(
    way: Relaying, facts: dict[str, Any]
) -> None:
    body = chat(model="solo", n=128, max_tokens=2**64 - 1)
    refusal = await refused_as_quoted(way, body, await way.gateway.key(**facts))
    assert refusal["status"] == (429 if facts else 402)


@module_loop
@pytest.mark.parametrize("limit", ["balance", "daily_budget", "monthly_budget"])
async def test_money_refuses_the_call_as_the_quote_said_and_what_fits_fits(way: Relaying, limit: str) -> None:
    accounts = way.gateway.app.services.accounts
    account = await way.gateway.account(f"short-{limit}", "0.001" if limit == "balance" else "10")
    daily, monthly = (1_000_000 if limit == name else None for name in ("daily_budget", "monthly_budget"))
    await accounts.update(accounts.find(account["id"]), {"daily_budget_nano": daily, "monthly_budget_nano": monthly})
    key = await way.gateway.key(account["id"])
    body = chat(model="solo", max_tokens=1000)
    refusal = await refused_as_quoted(way, body, key)
    assert (refusal["status"], refusal["limit"]) == (402 if limit == "balance" else 429, limit)
    assert refusal["available_usd"] == "0.001" and ("resets_at" in refusal) == limit.endswith("budget")
    body["max_tokens"] = refusal["max_tokens_that_fit"]
    assert (await ask(way, body, key))["allowed"]
    response = await way.gateway.client.post("/v1/chat/completions", json=body, headers=bearer(key))
    assert response.status_code == 200


@module_loop
async def test_a_stream_too_many_is_refused_as_the_quote_said(way: Relaying) -> None:
    key = await way.gateway.key(concurrency=1)
    body = chat(model="solo", stream=True)
    way.first.script = hang
    running = asyncio.ensure_future(way.gateway.client.post("/v1/chat/completions", json=body, headers=bearer(key)))
    while not way.first.requests:
        await asyncio.sleep(0.01)
    refusal = await refused_as_quoted(way, body, key)
    assert (refusal["status"], refusal["limit"]) == (429, "concurrency")
    assert (await ask(way, {**body, "stream": False}, key))["allowed"]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@module_loop
async def test_what_no_candidate_can_be_told_is_refused_as_the_quote_said(way: Relaying) -> None:
    body = chat(model="claude-solo", n=3)
    quote = await ask(way, {**body, "operation": "create_chat_completion"})
    assert (quote["allowed"], quote["candidates"]) == (False, [])
    assert quote["refusal"]["status"] == 400 and "`n`" in quote["refusal"]["message"]
    response = await way.gateway.client.post("/v1/chat/completions", json=body, headers=bearer(way.key))
    assert (response.status_code, response.json()["error"]["message"]) == (400, quote["refusal"]["message"])
    told = await ask(way, chat(model="claude-solo", max_tokens=None))
    assert (told["operation"], told["allowed"]) == ("create_chat_completion", True)
    assert [each["translated"] for each in told["candidates"]] == [True]


@module_loop
async def test_details_stand_in_the_sentence_on_detail_mounts(way: Relaying) -> None:
    key = await way.gateway.key(quota_usd="0.0001")
    refusal = (await ask(way, chat(model="solo"), key))["refusal"]
    response = await way.gateway.client.post("/api/v1/chat/completions", json=chat(model="solo"), headers=bearer(key))
    assert (response.status_code, response.json()) == (429, {"detail": refusal["message"]})
    for name in ("needed_usd", "available_usd", "max_tokens_that_fit"):
        assert str(refusal[name]) in refusal["message"], name


# The same errors as the call


async def same_error(client: httpx.AsyncClient, path: str, body: dict[str, Any], headers: dict[str, str]) -> int:
    real = await client.post(path, json=body, headers=headers)
    asked = await client.post("/v1/quote", json=body, headers=headers)
    assert (asked.status_code, asked.json()) == (real.status_code, real.json())
    assert asked.headers.get("retry-after") == real.headers.get("retry-after")
    return real.status_code


@module_loop
@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (400, {"model": "unpriced"}), (400, {"model": "nobody-knows-it"}), (404, {"model": "catalogue-only"}),
        (400, {"model": None}), (400, {"n": 0}), (400, {"max_tokens": "x"}), (400, {"messages": []}),
        (400, {"stream": "yes"}), (400, {"best_of": "2"}),
    ],
)  # fmt: skip
async def test_an_error_of_the_call_is_the_quotes(way: Relaying, status: int, fields: dict[str, Any]) -> None:
    body = chat(**{"model": "solo", **fields})
    assert await same_error(way.gateway.client, "/v1/chat/completions", body, bearer(way.key)) == status


@module_loop
async def test_a_model_is_refused_to_a_key_that_may_not_use_it(way: Relaying) -> None:
    key = await way.gateway.key(models=["pooled"])
    body = chat(model="solo")
    assert await same_error(way.gateway.client, "/v1/chat/completions", body, bearer(key)) == 403


@module_loop
async def test_an_operation_can_be_named_where_it_serves_the_model(way: Relaying) -> None:
    body = {"operation": "create_message", **message(model="solo")}
    response = await way.gateway.client.post("/v1/quote", json=body, headers=bearer(way.key))
    assert [each["translated"] for each in response.json()["candidates"]] == [True]
    body = {"operation": "create_message", **message(model="embed-test")}
    response = await way.gateway.client.post("/v1/quote", json=body, headers=bearer(way.key))
    assert response.status_code == 404 and "another endpoint does" in response.json()["error"]["message"]
    body = {"operation": "list_models", **chat(model="solo")}
    response = await way.gateway.client.post("/v1/quote", json=body, headers=bearer(way.key))
    assert (response.status_code, response.json()["error"]["param"]) == (400, "operation")


async def test_without_a_key_for_the_provider_there_is_no_quote(tmp_path: Any, upstream: ScriptedUpstream) -> None:
    keyless = provider(upstream.url, keys=[{"env": "NOT_SET"}])
    mounts = [
        {"document": "openai", "at": "/v1", "errors": "openai", "auth": "optional"},
        {"document": "openai", "at": "/open/v1", "errors": "openai", "public": ["create_quote"]},
        {"document": "admin", "at": "/admin/api", "errors": "problem"},
    ]
    routes = {"listeners": {"main": {"bind": "127.0.0.1:0", "mounts": mounts}}}
    scripted = provider(upstream.url, models={"embed-test": {}, "gpt-test": {}})
    entries = {"keyless": {**keyless, "models": {"gpt-other": {"upstream": "gpt-test"}}}, "scripted": scripted}
    async with Gateway(tmp_path, upstream.url, providers=entries, routes=routes) as gateway:
        headers = bearer(await gateway.key())
        assert await same_error(gateway.client, "/v1/chat/completions", chat(model="gpt-other"), headers) == 503
        free = (await gateway.client.post("/v1/quote", json=chat())).json()
        assert (free["account"], free["hold_usd"], free["allowed"]) == ("anonymous", "0", True)
        assert await same_error(gateway.client, "/v1/chat/completions", chat(model="gpt-other"), {}) == 403
        assert (await gateway.client.post("/open/v1/quote", json=chat())).status_code == 401
        assert (await gateway.client.post("/open/v1/quote", json=chat(), headers=headers)).status_code == 200


# Responses


@pytest.mark.parametrize(
    ("fields", "prompt", "output"),
    [
        ({"input": "x" * 30}, 10, 1000),
        ({"input": "x" * 30, "max_output_tokens": 7, "instructions": "y" * 30}, 20, 7),
        ({"input": [{"role": "user", "content": "x" * 18}], "max_output_tokens": 0}, 10, 0),
        ({"input": "x", "previous_response_id": "resp_1"}, 8192, 1000),
        ({"input": "x", "previous_response_id": None}, 1, 1000),
        ({"prompt": {"id": "pmpt_1"}}, 8192, 1000),
    ],
)
def test_a_response_is_quoted_for_its_input_and_what_it_only_names(
    served: Served, key: str, fields: dict[str, Any], prompt: int, output: int
) -> None:
    response = served.client.post("/v1/quote", json={"model": "gpt-test", **fields}, headers=bearer(key))
    quote = response.json()
    assert response.status_code == 200 and quote["operation"] == "create_response"
    assert (quote["prompt_tokens_upper"], quote["output_tokens_upper"]) == (prompt, output)


@pytest.mark.parametrize("wrong", [{"max_output_tokens": "x"}, {"max_output_tokens": -1}, {"stream": 1}, {"input": 5}])
def test_a_response_that_is_none_is_refused(served: Served, key: str, wrong: dict[str, Any]) -> None:
    body = {"model": "gpt-test", "input": "x", **wrong}
    response = served.client.post("/v1/quote", json=body, headers=bearer(key))
    assert (response.status_code, response.json()["error"]["param"]) == (400, next(iter(wrong)))


def test_a_response_in_the_background_has_no_quote(served: Served, key: str) -> None:
    body = {"model": "gpt-test", "input": "x", "background": True}
    response = served.client.post("/v1/quote", json=body, headers=bearer(key))
    assert (response.status_code, response.json()["error"]["param"]) == (400, "background")


# Whatever is sent

WORDS = (
    "operation", "messages", "input", "prompt", "n", "best_of", "max_tokens", "max_completion_tokens", "max_output_tokens",
    "stream", "stream_options", "system", "tools", "suffix", "previous_response_id", "instructions", "role", "content",
    "type", "text", "image_url", "file_id", "source", "id", "vector_store_ids", "functions", "stop_sequences",
)  # fmt: skip
VALUES = (
    None, True, False, 0, 1, -1, 2, 1.5, 1e300, 2**63 - 1, 2**64 - 1, -(2**63), "", "a", "user", "x", "\u2028é",
    *OPERATIONS,
)  # fmt: skip
anything = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)
models = st.sampled_from(
    ["gpt-test", "claude-test", "embed-test", "mod-test", "org/m:free", "unpriced", "catalogue-only", "", None]
)
fuzz = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@fuzz
@given(st.dictionaries(st.sampled_from(WORDS), anything, max_size=6), models)
def test_no_body_makes_a_quote_fail(served: Served, key: str, body: dict[str, Any], model: Any) -> None:
    response = served.client.post("/v1/quote", json={**body, "model": model}, headers=bearer(key))
    assert response.status_code in (200, 400, 404), response.text


SERVED = {"create_message": "claude-test", "create_embedding": "embed-test", "create_moderation": "mod-test"}
WIRE = [(operation, body) for operation, body in [*ACCEPTED, *REFUSED] if operation in PATHS]


@fuzz
@given(st.sampled_from(WIRE), st.dictionaries(st.sampled_from(WORDS[1:]), anything, max_size=1))
def test_a_quote_is_refused_where_the_call_is_and_for_the_same_reason(
    served: Served, key: str, case: tuple[str, dict[str, Any]], change: dict[str, Any]
) -> None:
    operation, body = case[0], {**case[1], **change}
    if body.get("model"):
        body["model"] = SERVED.get(operation, "gpt-test")
    asked = served.client.post("/v1/quote", json={"operation": operation, **body}, headers=bearer(key))
    before = len(served.upstream.requests)
    sent = served.client.post(PATHS[operation], json=body, headers=bearer(key))
    if asked.status_code == 200 and asked.json()["allowed"]:
        assert len(served.upstream.requests) > before, sent.text
        return
    expected = asked.json()["error"] if asked.status_code != 200 else asked.json()["refusal"]
    assert len(served.upstream.requests) == before
    assert sent.status_code == expected.get("status", asked.status_code)
    assert sent.json()["error"]["message"] == expected["message"]

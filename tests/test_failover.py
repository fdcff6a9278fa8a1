"""Three providers with one model: whatever is wrong with some of them, the client has one clean answer or one clean error."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.gateway import Gateway, bearer, chat, provider
from tests.provider_faults import FAULTS, STREAM_FAULTS
from tests.upstream import Reply, ScriptedUpstream, after, answer_json, by_path, frame, hang, status, stream
from tollhouse.config.snapshot import Timeouts

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRICES = {"first": "1", "second": "10", "third": "100"}  # of a million tokens in, USD: a row shows who served it


@dataclass
class Three:
    gateway: Gateway
    upstreams: dict[str, ScriptedUpstream]
    key: str

    def break_(self, **replies: Reply) -> None:
        for name, reply in replies.items():
            self.upstreams[name].script = reply

    async def ask(self, streaming: bool = False, model: str = "pooled") -> httpx.Response:
        body = chat(model=model, stream=streaming, max_tokens=50)
        return await self.gateway.client.post("/v1/chat/completions", json=body, headers=bearer(self.key))

    async def row_of(self, response: httpx.Response) -> dict[str, Any]:
        report = await self.gateway.audit()
        assert report.drift == 0, report.findings
        [row] = await self.gateway.rows(request=response.headers["x-request-id"])
        return row

    def asked(self) -> list[int]:
        """How often each provider was asked."""
        return [len(upstream.requests) for upstream in self.upstreams.values()]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Three]:
    async with AsyncExitStack() as stack:
        upstreams = {name: await stack.enter_async_context(ScriptedUpstream()) for name in PRICES}
        # The same upstream id everywhere, so that the same bytes go up; priced by a multiplier of the provider.
        entries = {
            name: provider(
                upstreams[name].url,
                models={"pooled": {"upstream": "gpt-test", "weight": 10 ** (4 - 2 * rank)}, f"only-{name}": {}},
                multiplier=price,
                rest_after_failures=3,
                timeouts={"connect_s": 0.5, "first_byte_s": 0.3, "idle_s": 0.3},
            )
            for rank, (name, price) in enumerate(PRICES.items())
        }
        model = {"input_usd_per_mtok": "1", "output_usd_per_mtok": "1", "max_output_tokens": 1000, "kind": "chat"}
        models = {"pooled": model, **{f"only-{name}": model for name in PRICES}}
        routes = {"limits": {"requests_per_minute": 0, "attempts": 3, "attempts_s": 5}}
        options = {"providers": json.loads(json.dumps(entries)), "models": models, "routes": routes}
        gateway = Gateway(tmp_path_factory.mktemp("gateway"), upstreams["first"].url, **options)
        await stack.enter_async_context(gateway)
        gateway.app.services.relay._generator.random = lambda: 0.5  # type: ignore[method-assign]  # by weight
        yield Three(gateway, upstreams, await gateway.key())


@pytest.fixture
def three(shared: Three) -> Iterator[Three]:
    for upstream in shared.upstreams.values():
        upstream.requests.clear()
        upstream.script = by_path
    shared.gateway.app.services.relay.means.health.forget()
    yield shared
    assert shared.gateway.app.services.relay.means.ledger.open_holds == {}


CASES = [
    *((name, reply, code, streaming) for name, (reply, code) in FAULTS.items() for streaming in (False, True)),
    *((name, reply, code, True) for name, (reply, code) in STREAM_FAULTS.items()),
]
CASES = [case for case in CASES if case[0] != "answers with a huge body"]  # too long is too long, whoever answers
IDS = [f"{name}{', streaming' if streaming else ''}" for name, _, _, streaming in CASES]


@pytest.mark.parametrize(("name", "fault", "code", "streaming"), CASES, ids=IDS)
@pytest.mark.parametrize("broken", [1, 2, 3])
async def test_one_clean_answer_or_one_clean_error(
    three: Three, name: str, fault: Reply, code: int, streaming: bool, broken: int
) -> None:
    three.break_(**dict.fromkeys(list(PRICES)[:broken], fault))
    response = await three.ask(streaming)
    row = await three.row_of(response)
    bodies = {upstream.requests[0].body for upstream in three.upstreams.values() if upstream.requests}
    assert len(bodies) == 1, "every candidate is asked the same, byte for byte"
    if broken == 3:
        assert three.asked() == [1, 1, 1]
        assert (response.status_code, response.headers["content-type"]) == (code, "application/json"), response.text
        assert response.json()["error"]["message"]
        assert (row["state"], row["cost_usd"], row["status"]) == ("voided", "0", code)
        assert [each["provider"] for each in row["attempts"]] == list(PRICES)
        return
    server = list(PRICES)[broken]
    assert response.status_code == 200 and response.headers["x-tollhouse-provider"] == server
    if streaming:
        assert response.text.count("[DONE]") == 1 and "error" not in response.text
        assert response.text.startswith("data: ") and response.text.endswith("data: [DONE]\n\n")
    else:
        assert response.json()["choices"][0]["message"]["content"] == "Hello there"
    tokens = row["input_tokens"] + row["cache_read_tokens"] + row["output_tokens"]
    assert (row["state"], row["provider"], row["model_multiplier"]) == ("posted", server, PRICES[server])
    assert float(row["cost_usd"]) == pytest.approx(tokens * int(PRICES[server]) / 1e6), "only what was delivered"
    assert [each["provider"] for each in row["attempts"]] == list(PRICES)[:broken]


@pytest.mark.parametrize("streaming", [False, True])
async def test_a_4xx_about_the_request_is_the_clients_and_asks_nobody_else(three: Three, streaming: bool) -> None:
    theirs = {"error": {"message": "max_tokens is too large", "type": "invalid_request_error"}}
    three.break_(first=answer_json(theirs, 422))
    response = await three.ask(streaming)
    assert (response.status_code, response.json(), three.asked()) == (422, theirs, [1, 0, 0])
    assert three.gateway.app.services.relay.means.health.cooling == {}


async def test_nothing_fails_over_after_the_first_byte(three: Three) -> None:
    chunk = frame({"choices": [{"index": 0, "delta": {"content": "Hel"}}]})
    three.break_(first=stream([chunk], end=hang))
    response = await three.ask(streaming=True)
    assert response.status_code == 200 and "Hel" in response.text and '"error"' in response.text
    assert "[DONE]" not in response.text and three.asked() == [1, 0, 0]
    assert (await three.row_of(response))["state"] == "posted"


async def test_a_provider_that_keeps_failing_is_left_alone_until_a_probe_finds_it_well(three: Three) -> None:
    three.break_(first=status(500))
    for _ in range(5):
        assert (await three.ask()).headers["x-tollhouse-provider"] == "second"
    assert three.asked() == [3, 5, 0], "after three failures in a row nothing is sent there"
    three.break_(first=by_path)
    deadline = time.monotonic() + 5
    while (await three.ask()).headers["x-tollhouse-provider"] != "first":
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
    assert (await three.ask()).headers["x-tollhouse-provider"] == "first"


async def test_one_of_many_probes(three: Three) -> None:
    three.break_(first=status(500))
    for _ in range(3):
        await three.ask()
    await asyncio.sleep(1.05)
    three.upstreams["first"].requests.clear()
    three.break_(first=after(0.2, by_path))
    answers = await asyncio.gather(*(three.ask() for _ in range(20)))
    served = [answer.headers["x-tollhouse-provider"] for answer in answers]
    assert (served.count("first"), served.count("second")) == (1, 19)


async def test_a_rate_limit_is_respected_for_as_long_as_the_provider_asks(three: Three) -> None:
    three.break_(first=status(429, retry_after=30))
    for _ in range(3):
        assert (await three.ask()).headers["x-tollhouse-provider"] == "second"
    assert three.asked() == [1, 3, 0]
    [wait_s] = three.gateway.app.services.relay.means.health.cooling.values()
    assert 28 < wait_s <= 30


async def test_a_refused_key_rests_for_all_models_of_its_provider(three: Three) -> None:
    three.break_(first=status(401))
    assert (await three.ask()).headers["x-tollhouse-provider"] == "second"
    refused = await three.ask(model="only-first")
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "upstream_unavailable")
    assert 10 <= int(refused.headers["retry-after"]) <= 30 and "key refused" in refused.json()["error"]["message"]
    row = await three.row_of(refused)
    assert (row["state"], row["status"], row["attempts"]) == ("voided", 503, [])
    assert three.asked() == [1, 1, 0]


async def test_where_all_are_resting_the_soonest_is_told(three: Three) -> None:
    three.break_(
        first=status(429, retry_after=50), second=status(429, retry_after=20), third=status(429, retry_after=40)
    )
    limited = await three.ask()
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "20")
    resting = await three.ask()
    assert resting.status_code == 503 and 19 <= int(resting.headers["retry-after"]) <= 20
    assert three.asked() == [1, 1, 1]


async def test_a_saved_file_forgets_what_went_wrong(three: Three) -> None:
    three.break_(first=status(401))
    await three.ask()
    assert three.gateway.app.services.relay.means.health.cooling
    await three.gateway.app.use(three.gateway.app.snapshot.config)
    assert three.gateway.app.services.relay.means.health.cooling == {}


async def test_a_client_that_leaves_during_a_probe_makes_room_for_another(three: Three) -> None:
    three.break_(first=status(500))
    for _ in range(3):
        await three.ask()
    await asyncio.sleep(1.05)
    three.break_(first=hang)
    with pytest.raises(httpx.ReadTimeout):
        body = chat(model="pooled", stream=True)
        await three.gateway.client.post("/v1/chat/completions", json=body, headers=bearer(three.key), timeout=0.1)
    three.break_(first=by_path)
    deadline = time.monotonic() + 5
    while (await three.ask()).headers["x-tollhouse-provider"] != "first":
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def test_all_attempts_together_have_a_number_and_a_time(three: Three) -> None:
    app = three.gateway.app
    whole = app.snapshot.config
    try:
        await app.use(replace(whole, routes=replace(whole.routes, limits=replace(whole.routes.limits, attempts=2))))
        three.break_(first=status(500), second=status(500))
        assert (await three.ask()).status_code == 502 and three.asked() == [1, 1, 0]
        patient = Timeouts(connect_s=2, first_byte_s=1, idle_s=2)
        providers = {name: replace(each, timeouts=patient) for name, each in whole.providers.items()}
        limits = replace(whole.routes.limits, attempts_s=1.6)
        await app.use(replace(whole, routes=replace(whole.routes, limits=limits), providers=providers))
        three.break_(first=hang, second=hang, third=hang)
        began_s = time.monotonic()
        assert (await three.ask()).status_code == 504
        assert time.monotonic() - began_s < 1.95 and three.asked() == [2, 2, 0], "the second had what was left"
    finally:
        await app.use(whole)


async def test_a_stream_that_never_begins_is_not_waited_for_longer_than_all_attempts_may_take(three: Three) -> None:
    app = three.gateway.app
    whole = app.snapshot.config
    limits = replace(whole.routes.limits, attempts_s=0.5)
    try:
        await app.use(replace(whole, routes=replace(whole.routes, limits=limits)))
        three.break_(first=stream([b": wait\n\n"] * 1000, delay_s=0.05))
        began_s = time.monotonic()
        answer = await three.ask(streaming=True)
        assert answer.status_code == 502 and time.monotonic() - began_s < 3
        assert (await three.row_of(answer))["attempts"][0]["reason"] == "sent no event in time"
    finally:
        await app.use(whole)

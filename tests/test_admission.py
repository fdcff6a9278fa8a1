"""May a call run, and for how much: the order of refusals, their figures, and that nothing reserved stays behind."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.billing.scenario import CATALOGUE, START_US, USD, Clock, account, delivery, opened
from tests.counters.test_base import Clock as Seconds
from tests.test_router import SMALL, key, provider
from tollhouse.admission import Admission, Admitted, requested_model
from tollhouse.billing.journal import Journal
from tollhouse.billing.ledger import Account, Entry, Ledger
from tollhouse.billing.pricing import Usage, ceiling
from tollhouse.config.snapshot import Anonymous, Config, Limits, Prices, ProviderModel, Routes
from tollhouse.counters.memory import MemoryCounters
from tollhouse.dialects import DIALECTS, PASSED
from tollhouse.errors import (
    ApiError,
    ForbiddenModel,
    InsufficientCredit,
    InvalidKey,
    InvalidRequest,
    ModelNotFound,
    NoActiveKeys,
    QuotaExceeded,
    RateLimited,
    Unavailable,
    UnknownPricing,
)
from tollhouse.generated.operations import OPERATIONS
from tollhouse.identity.principals import ANONYMOUS, ApiKey, Principal
from tollhouse.router import Router
from tollhouse.storage.base import KeyRow


class Queue:
    """What admission needs of a journal."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.failing: str | None = None

    def append(self, entry: Entry) -> int:
        self.entries.append(entry)
        return len(self.entries)


class Scene:
    """One account with one key, before a gateway that offers `small` twice and `free` once."""

    def __init__(self, *, balance_nano: int = USD, journal: Any = None, **key_facts: Any) -> None:
        self.clock, self.seconds = Clock(), Seconds(1000.0)
        self.account = account(balance_nano=balance_nano)
        self.anonymous = account(ANONYMOUS, multiplier_ppm=0)
        self.ledger = Ledger(self.clock, [self.account, self.anonymous])
        self.journal = Queue() if journal is None else journal
        self.admission = Admission(self.ledger, self.journal, MemoryCounters(self.seconds), self.clock)
        self.key = ApiKey(KeyRow("key1", "acme", "laptop", "op_", b"", START_US, **key_facts), self.account, None)
        self.caller = Principal(self.account, self.key, None, "key1")
        dear = ProviderModel("small", "small", multiplier_ppm=2_000_000)
        entries = {
            "a": provider("a", SMALL, ProviderModel("free", "free"), ProviderModel("unpriced", "unpriced")),
            "b": provider("b", dear),
            "c": provider("c", ProviderModel("keyless", "small"), keys=(key(value=None),)),
        }
        models = {**CATALOGUE.models, "unoffered": CATALOGUE.models["small"]}
        routes = Routes((), Anonymous(frozenset({"small"}), 2), limits=Limits(requests_per_minute=0))
        self.config = Config(routes, MappingProxyType(entries), replace(CATALOGUE, models=models))
        self.requests = 0

    def limit(self, **limits: Any) -> None:
        self.config = replace(self.config, routes=replace(self.config.routes, limits=Limits(**limits)))

    def admit(
        self,
        model: str = "small",
        *,
        caller: Principal | None = None,
        operation: str = "create_chat_completion",
        **body: Any,
    ) -> Admitted:
        self.requests += 1
        asked: dict[str, Any] = {"messages": [{"role": "user", "content": "x" * 30}], "max_tokens": 1000, **body}
        called = OPERATIONS[operation]
        return self.admission.admit(
            f"req_{self.requests}", caller or self.caller, called, DIALECTS[called.dialect or ""],
            {"model": model, **asked}, model, self.config, Router(self.config),
        )  # fmt: skip

    def post(self, admitted: Admitted, usage: Usage) -> None:
        entry = self.ledger.settle(admitted.request_id, admitted.quote.rates[0], delivery(usage))
        assert entry is not None
        self.admission.release(admitted, usage, entry.amount_nano or 0)

    def void(self, admitted: Admitted) -> None:
        assert self.ledger.void(admitted.request_id, "refused") is not None
        self.admission.release(admitted, None, 0)


PROMPT = 14  # a third of 30 + 12 bytes
HELD = (PROMPT * 1000 + 1000 * 2000) * 2  # nano-dollars, at the dearer of the two


def test_the_hold_is_the_dearest_candidates_and_is_queued() -> None:
    scene = Scene()
    admitted = scene.admit()
    assert (admitted.quote.hold_nano, scene.account.held_nano, admitted.quote.tokens) == (HELD, HELD, PROMPT + 1000)
    [entry] = scene.journal.entries
    assert admitted.position == 1
    assert (entry.kind, entry.request_id, entry.held_nano, entry.key_id) == ("hold", "req_1", HELD, "key1")
    assert (entry.price_version, entry.requested_model, entry.stream) == (CATALOGUE.version, "small", 0)


def test_counting_tokens_holds_nothing_but_has_its_hold() -> None:
    scene = Scene(balance_nano=0)
    claude = {"d": provider("d", SMALL, dialect="anthropic")}
    scene.config = replace(scene.config, providers=MappingProxyType(claude))
    admitted = scene.admit(operation="count_message_tokens")
    assert (admitted.quote.hold_nano, admitted.quote.tokens) == (0, 0)
    assert admitted.request_id in scene.ledger.open_holds


def test_a_call_without_a_key_runs_for_nothing_and_within_its_rate() -> None:
    scene = Scene()
    nobody = Principal(scene.anonymous, None, frozenset({"small"}), "anonymous:127.0.0.1")
    admitted = scene.admit(caller=nobody)
    assert (admitted.quote.hold_nano, scene.anonymous.balance_nano) == (0, 0)
    scene.post(admitted, Usage(input=1000, output=1000))
    assert (scene.anonymous.balance_nano, scene.anonymous.held_nano, scene.anonymous.spent_nano) == (0, 0, 0)
    scene.admit(caller=nobody)
    with pytest.raises(RateLimited):
        scene.admit(caller=nobody)
    scene.admit(caller=nobody._replace(name="anonymous:127.0.0.2"))


# The order of refusals. Each case is wrong in every way at and after its own.

OBSTACLES: list[tuple[type[ApiError], dict[str, Any]]] = [
    (RateLimited, {"requests_per_minute": 1}),
    (ForbiddenModel, {"models": frozenset({"other"})}),
    (UnknownPricing, {"model": "unpriced"}),
    (ModelNotFound, {"model": "unoffered"}),
    (NoActiveKeys, {"model": "keyless"}),
    (Unavailable, {"failing": "the disk is full"}),
    (RateLimited, {"tokens_per_minute": 1100}),
    (QuotaExceeded, {"quota_nano": HELD}),
    (QuotaExceeded, {"quota_tokens": PROMPT + 1000}),
    (RateLimited, {"concurrency": 1}),
    (InsufficientCredit, {"balance_nano": HELD}),
]


@pytest.mark.parametrize("first", range(len(OBSTACLES)))
def test_the_first_refusal_in_order_is_given(first: int) -> None:
    facts: dict[str, Any] = {}
    for _, obstacle in reversed(OBSTACLES[first:]):
        facts.update(obstacle)
    models, model = facts.pop("models", None), facts.pop("model", "small")
    failing = facts.pop("failing", None)
    scene = Scene(**facts)
    scene.admit(stream=True)  # takes what there is
    scene.journal.failing = failing
    held, entries = scene.account.held_nano, len(scene.journal.entries)
    with pytest.raises(OBSTACLES[first][0]) as refused:
        scene.admit(model, caller=scene.caller._replace(models=models), stream=True)
    assert type(refused.value) is OBSTACLES[first][0]
    assert (scene.account.held_nano, len(scene.journal.entries), len(scene.ledger.open_holds)) == (held, entries, 1)


@pytest.mark.parametrize(
    ("change", "message"), [({"revoked_at_us": START_US}, "revoked"), ({"expires_at_us": START_US + 1}, "expired")]
)
def test_a_key_that_ended_while_the_body_was_on_its_way_is_refused(change: dict[str, int], message: str) -> None:
    scene = Scene()
    scene.key.row = replace(scene.key.row, **change)  # type: ignore[arg-type]
    with pytest.raises(InvalidKey, match=message):
        scene.admit()
    assert not scene.ledger.open_holds and not scene.journal.entries


def test_an_account_that_was_suspended_meanwhile_is_refused() -> None:
    scene = Scene()
    scene.account.status = "suspended"
    with pytest.raises(InvalidKey, match="suspended"):
        scene.admit()


def test_a_model_in_the_allow_list_passes() -> None:
    scene = Scene()
    scene.admit(caller=scene.caller._replace(models=frozenset({"small"})))


@pytest.mark.parametrize("body", [{}, {"model": None}, {"model": ""}, {"model": 7}])
def test_a_call_names_its_model(body: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest, match="needs a model") as refused:
        requested_model(body, OPERATIONS["create_chat_completion"], Router(Scene().config))
    assert refused.value.param == "model"


def test_only_a_moderation_may_leave_its_model_to_the_providers_default() -> None:
    scene = Scene()
    judging = replace(CATALOGUE.models["small"], id="judge", kind="moderation")
    entry = provider("d", ProviderModel("judge", "judge"), default_models={"moderations": "judge"})
    scene.config = replace(
        scene.config,
        providers=MappingProxyType({**scene.config.providers, "d": entry}),
        catalogue=replace(scene.config.catalogue, models={**scene.config.catalogue.models, "judge": judging}),
    )
    router, operation = Router(scene.config), OPERATIONS["create_moderation"]
    for body in ({}, {"model": None}):
        assert requested_model(body, operation, router) == "judge"
    assert requested_model({"model": "other"}, operation, router) == "other"
    with pytest.raises(InvalidRequest, match="needs a model"):
        requested_model({"model": ""}, operation, router)
    held = scene.admit("judge", operation="create_moderation", input="x" * 30).quote
    assert (held.prompt_tokens, held.output_tokens, held.hold_nano) == (10, 0, 10_000)
    with pytest.raises(ModelNotFound, match="small does not do moderations"):
        scene.admit("small", operation="create_moderation", input="x")


def test_the_default_rate_is_for_keys_without_one_and_zero_is_none() -> None:
    scene = Scene()
    scene.limit(requests_per_minute=1)
    scene.admit()
    with pytest.raises(RateLimited) as refused:
        scene.admit()
    assert refused.value.retry_after_s == pytest.approx(60)
    scene.seconds.now_s += refused.value.retry_after_s or 0
    assert scene.admit().requests is not None
    unlimited = Scene(requests_per_minute=0)
    unlimited.limit(requests_per_minute=1)
    assert [unlimited.admit(max_tokens=1).requests for _ in range(3)] == [None] * 3


def test_a_burst_is_a_full_minutes_worth_unless_the_key_says_otherwise() -> None:
    scene = Scene(requests_per_minute=60, burst=2)
    scene.admit(max_tokens=1)
    scene.admit(max_tokens=1)
    with pytest.raises(RateLimited) as refused:
        scene.admit(max_tokens=1)
    assert refused.value.headers["x-ratelimit-limit-requests"] == "60"


def test_a_call_larger_than_the_token_limit_takes_all_of_it() -> None:
    scene = Scene(tokens_per_minute=100)
    admitted = scene.admit()
    with pytest.raises(RateLimited, match="100 tokens per minute"):
        scene.admit(max_tokens=1)
    scene.post(admitted, Usage(input=10, output=10))
    scene.admit(max_tokens=50)  # 80 are left again


def test_more_tokens_than_were_held_are_owed() -> None:
    scene = Scene(tokens_per_minute=2000)
    scene.post(scene.admit(), Usage(input=10, output=3990))
    with pytest.raises(RateLimited) as refused:
        scene.admit(max_tokens=1)
    assert refused.value.retry_after_s == pytest.approx((2000 + PROMPT + 1) * 60 / 2000)


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"quota_nano": HELD - 1}, QuotaExceeded),
        ({"quota_tokens": 5}, QuotaExceeded),
        ({"balance_nano": 1}, InsufficientCredit),
    ],
)
def test_a_refused_call_leaves_the_token_limit_as_it_was(facts: dict[str, Any], error: type[ApiError]) -> None:
    scene = Scene(tokens_per_minute=PROMPT + 1000, **facts)
    for _ in range(5):
        with pytest.raises(error):
            scene.admit()
    scene.account.balance_nano = USD
    scene.key.row = replace(scene.key.row, quota_nano=None, quota_tokens=None)
    scene.admit()


def test_streams_beyond_the_limit_wait_for_one_to_end() -> None:
    scene = Scene(concurrency=1)
    first = scene.admit(stream=True)
    scene.admit()  # other calls are not counted
    with pytest.raises(RateLimited, match="1 streams open"):
        scene.admit(stream=True)
    scene.void(first)
    scene.admit(stream=True)


def test_a_quota_counts_what_runs_as_well_as_what_was_spent() -> None:
    scene = Scene(quota_nano=3 * HELD)
    first = scene.admit()
    scene.admit()
    scene.admit()
    with pytest.raises(QuotaExceeded):
        scene.admit()
    scene.post(first, Usage(input=1, output=1))
    assert (scene.key.used.spent_nano, scene.key.used.tokens) == (3000, 2)
    with pytest.raises(QuotaExceeded):
        scene.admit()
    scene.admit(max_tokens=900)


@pytest.mark.parametrize("quota", [{"quota_nano": HELD}, {"quota_tokens": PROMPT + 1000}])
def test_a_call_that_takes_nothing_fits_into_a_quota_that_is_overdrawn(quota: dict[str, int]) -> None:
    scene = Scene(**quota)
    scene.post(scene.admit(), Usage(input=5000, output=5000))
    with pytest.raises(QuotaExceeded):
        scene.admit(max_tokens=1)
    scene.admit(operation="create_embedding", input="")


@given(st.lists(st.tuples(st.booleans(), st.integers(min_value=0, max_value=2000), st.booleans()), max_size=20))
def test_nothing_that_was_reserved_stays_behind(calls: list[tuple[bool, int, bool]]) -> None:
    scene = Scene(tokens_per_minute=10**6, quota_nano=10**12, quota_tokens=10**9, concurrency=100)
    admitted = [scene.admit(stream=streaming) for _, _, streaming in calls]
    for call, (charged, output, _) in zip(admitted, calls, strict=True):
        if charged:
            scene.post(call, Usage(output=output))
        else:
            scene.void(call)
    key = scene.key
    assert (key.used.reserved_nano, key.used.reserved_tokens, key.running_streams, scene.account.held_nano) == (
        0,
        0,
        0,
        0,
    )
    assert key.used.spent_nano == scene.account.spent_nano == USD - scene.account.balance_nano
    assert key.used.tokens == sum(output for charged, output, _ in calls if charged)
    assert not scene.ledger.open_holds


prices = st.integers(min_value=0, max_value=50 * USD)


@given(
    available=st.integers(min_value=0, max_value=10**7),
    first=st.tuples(prices, prices),
    second=st.tuples(prices, prices),
    account_ppm=st.integers(min_value=0, max_value=3_000_000),
    answers=st.integers(min_value=1, max_value=5),
    words=st.integers(min_value=0, max_value=200),
)
def test_the_max_tokens_of_the_402_fit_and_one_more_does_not(
    available: int, first: tuple[int, int], second: tuple[int, int], account_ppm: int, answers: int, words: int
) -> None:
    scene = Scene(balance_nano=available)
    scene.account.multiplier_ppm = account_ppm
    models = {
        name: replace(CATALOGUE.models["small"], prices=(("", Prices(*listed)),))
        for name, listed in (("small", first), ("other", second))
    }
    providers = {"a": provider("a", SMALL), "b": provider("b", ProviderModel("pooled", "other"), SMALL)}
    providers["a"] = provider("a", ProviderModel("pooled", "small"))
    scene.config = replace(
        scene.config, catalogue=replace(CATALOGUE, models=models), providers=MappingProxyType(providers)
    )
    content = [{"role": "user", "content": "x" * words}]
    try:
        scene.void(scene.admit("pooled", messages=content, n=answers, max_tokens=2_000))
        return
    except InsufficientCredit as refused:
        fitting = refused.details["max_tokens_that_fit"]
        assert isinstance(fitting, int) and 0 <= fitting < 2_000
        needed = max(ceiling(-(-(words + 12) // 3), 2_000 * answers, r) for r in rates_of(scene))
        assert refused.details["needed_usd"] == f"{needed / USD:.9f}".rstrip("0").rstrip(".")
    if fitting:
        scene.void(scene.admit("pooled", messages=content, n=answers, max_tokens=fitting))
    with pytest.raises(InsufficientCredit):
        scene.admit("pooled", messages=content, n=answers, max_tokens=fitting + 1)


def rates_of(scene: Scene) -> list[Any]:
    pool = Router(scene.config).pool("openai", "pooled")
    return [target.rate("2026-09-21", scene.account.multiplier_ppm) for target in pool.targets]


def test_the_prices_are_those_of_the_moment_the_hold_is_dated() -> None:
    midnight_us = 1_893_456_000_000_000  # 2030-01-01, when `small` becomes dearer
    scene = Scene()
    for now_us, dear in ((midnight_us - 2, False), (midnight_us - 1, True)):
        scene.clock.now_us = now_us  # the next look is one later
        admitted = scene.admit()
        assert scene.journal.entries[-1].at_us == now_us + 1
        assert admitted.quote.rates[0].prices.output == (4 if dear else 2) * USD


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    with opened(tmp_path / "test.sqlite") as store:
        journal = Journal(store)
        yield journal
        await journal.close()


async def test_fifty_parallel_calls_on_a_balance_for_ten_let_ten_through(journal: Journal) -> None:
    scene = Scene(balance_nano=10 * HELD, journal=journal)

    async def call() -> bool:
        await asyncio.sleep(0)
        try:
            admitted = scene.admit()
        except InsufficientCredit:
            return False
        await journal.durable(admitted.position)
        return True

    assert sum(await asyncio.gather(*(call() for _ in range(50)))) == 10
    assert len(await journal.run(lambda store: store.open_holds())) == 10


def test_an_account_is_charged_by_its_own_multiplier() -> None:
    scene = Scene()
    half = Account("half", "half", 500_000, START_US, balance_nano=USD)
    assert scene.admit(caller=scene.caller._replace(account=half)).quote.hold_nano == HELD // 2


def test_a_free_call_of_one_provider_holds_nothing_and_needs_no_model_but_a_key() -> None:
    scene = Scene(balance_nano=0, models=("small",))
    read = replace(OPERATIONS["get_provider_endpoint"], dialect="openai")
    ask = (read, PASSED["openai"], {}, "", scene.config, Router(scene.config), "b")
    quote = scene.admission.quote(scene.caller, *ask)
    assert (quote.hold_nano, quote.tokens, [target.provider.name for target in quote.targets]) == (0, 0, ["b"])
    nobody = Principal(scene.anonymous, None, frozenset({"small"}), "anonymous:127.0.0.1")
    with pytest.raises(InvalidKey):
        scene.admission.quote(nobody, *ask)

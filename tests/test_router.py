"""Who can serve a model, in which order, and what is said where nobody can."""

import random
from collections import Counter
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from tests.billing.scenario import CATALOGUE
from tollhouse.billing.pricing import PPM3
from tollhouse.config.snapshot import Config, Provider, ProviderModel, Routes, UpstreamKey
from tollhouse.errors import InvalidRequest, ModelNotFound, NoActiveKeys, ProviderPaused, UnknownPricing
from tollhouse.generated.operations import OPERATIONS
from tollhouse.health import Health, standings
from tollhouse.router import Router, order
from tollhouse.storage.base import PauseRow


def key(number: int = 1, *, weight: int = 1, value: str | None = "sk-secret") -> UpstreamKey:
    return UpstreamKey(f"env:KEY_{number}", weight, value)


def provider(name: str, *models: ProviderModel, **fields: Any) -> Provider:
    facts: dict[str, Any] = {"dialect": "openai", "base_url": "https://example.com/v1", "keys": (key(),), **fields}
    return Provider(name=name, models={model.public_id: model for model in models}, **facts)


def config(*providers: Provider) -> Config:
    return Config(Routes(()), MappingProxyType({each.name: each for each in providers}), CATALOGUE)


SMALL = ProviderModel("small", "small-2026")


def test_a_pool_holds_every_usable_key_of_every_provider() -> None:
    keys = (key(1), key(2, value=None), key(3))
    pool = Router(config(provider("a", SMALL, keys=keys), provider("b", SMALL))).pool("openai", "small")
    assert [(target.provider.name, target.key_id) for target in pool.targets] == [
        ("a", "env:KEY_1"), ("a", "env:KEY_3"), ("b", "env:KEY_1"),
    ]  # fmt: skip
    assert pool.targets[0].upstream_model == "small-2026"


def test_a_provider_that_needs_no_key_is_asked_without_one() -> None:
    [target] = Router(config(provider("local", SMALL, keys=(key(value=""),)))).pool("openai", "small").targets
    assert target.headers == ()


def test_a_model_without_a_price_is_unknown_pricing_even_where_it_is_offered() -> None:
    router = Router(config(provider("a", ProviderModel("unpriced", "unpriced"))))
    for model in ("unpriced", "nobody-has-it"):
        with pytest.raises(UnknownPricing, match="Unknown model pricing"):
            router.pool("openai", model)
    assert not router.offers("unpriced")


def test_a_model_with_a_price_that_nobody_offers_is_not_found() -> None:
    router = Router(config(provider("a", SMALL)))
    with pytest.raises(ModelNotFound, match="No provider offers the model free"):
        router.pool("openai", "free")
    assert not router.offers("free")


def test_a_model_that_only_the_other_endpoint_serves_is_not_found_there() -> None:
    alias = ProviderModel("fast", "small")  # priced by its upstream id
    router = Router(config(provider("a", SMALL, alias)))
    for model in ("small", "fast"):
        with pytest.raises(ModelNotFound, match="another endpoint does"):
            router.pool("anthropic", model)


@pytest.mark.parametrize(
    ("fields", "served"),
    [
        ({"endpoints": ("chat/completions", "responses")}, True),
        ({"endpoints": ("*",)}, True),
        ({"endpoints": ("chat/completions", "responses/*")}, False),
        ({}, False),
        ({"dialect": "anthropic", "endpoints": ("responses",)}, False),
    ],
)
def test_responses_are_served_by_openai_providers_that_list_them(fields: dict[str, Any], served: bool) -> None:
    router = Router(config(provider("a", SMALL, **fields)))
    assert ("responses" in router.dialects("small")) is served
    if served:
        [target] = router.pool("responses", "small").targets
        assert target.headers == (("authorization", "Bearer sk-secret"),)


def test_a_model_without_any_key_says_whose_is_missing() -> None:
    router = Router(config(provider("a", SMALL, keys=()), provider("b", SMALL, keys=(key(value=None),))))
    with pytest.raises(NoActiveKeys, match="No active API keys for a, b") as refused:
        router.pool("openai", "small")
    assert refused.value.retry_after_s is not None
    assert router.offers("small")


def test_a_provider_without_keys_does_not_keep_the_others_from_serving() -> None:
    pool = Router(config(provider("a", SMALL, keys=()), provider("b", SMALL))).pool("openai", "small")
    assert [target.provider.name for target in pool.targets] == ["b"] and pool.keyless == ("a",)


def test_a_model_is_priced_by_its_public_id_first_and_then_by_its_upstream_id() -> None:
    models = (ProviderModel("small", "free"), ProviderModel("fast", "small"))
    router = Router(config(provider("a", *models)))
    assert router.pool("openai", "small").targets[0].served.id == "small"
    assert router.pool("openai", "fast").targets[0].served.id == "small"
    assert router.models == ["small", "fast"]


# One provider alone


def test_the_part_of_one_provider_is_its_own_targets() -> None:
    router = Router(config(provider("a", SMALL), provider("b", SMALL, keys=(key(1), key(2)))))
    assert [target.key_id for target in router.pool("openai", "small", provider="b").targets] == [
        "env:KEY_1",
        "env:KEY_2",
    ]
    with pytest.raises(ModelNotFound, match="c does not offer the model small"):
        router.pool("openai", "small", provider="c")


def test_a_provider_without_keys_is_not_helped_out_by_another() -> None:
    router = Router(config(provider("a", SMALL), provider("b", SMALL, keys=())))
    with pytest.raises(NoActiveKeys, match="No active API keys for b;"):
        router.pool("openai", "small", provider="b")


def test_a_call_without_a_model_has_the_keys_of_its_provider() -> None:
    router = Router(config(provider("a", SMALL, keys=(key(1), key(2, value=None))), provider("b", keys=())))
    [target] = router.keys_of("a")
    assert (target.key_id, target.served.id, target.upstream_model) == ("env:KEY_1", "", "(none)")
    with pytest.raises(NoActiveKeys, match="No active API keys for b;"):
        router.keys_of("b")


# Moderations

JUDGE = ProviderModel("judge", "judge-2026")
DEFAULT = {"moderations": "judge"}
MODERATE = OPERATIONS["create_moderation"]


def judging(*providers: Provider) -> Config:
    models = {**CATALOGUE.models, "judge": replace(CATALOGUE.models["free"], id="judge", kind="moderation")}
    return replace(config(*providers), catalogue=replace(CATALOGUE, models=models))


def test_the_default_is_that_of_the_first_provider_whose_model_is_for_moderations() -> None:
    other = ProviderModel("other", "judge")
    providers = (
        provider("none", SMALL, JUDGE),
        provider("chat", SMALL, default_models={"moderations": "small"}),
        provider("unpriced", SMALL, default_models={"moderations": "nobody-has-it"}),
        provider("foreign", JUDGE, dialect="anthropic", default_models=DEFAULT),
        provider("elsewhere", JUDGE, default_models={"embeddings": "judge"}),
        provider("right", other, default_models={"moderations": "other"}),
        provider("late", JUDGE, default_models=DEFAULT),
    )
    assert Router(judging(*providers)).default_model(MODERATE) == "other"
    assert Router(judging(*providers)).default_model(MODERATE, "late") == "judge"
    assert Router(judging(*providers[:5])).default_model(MODERATE) == "small"  # and its pool says what is wrong
    router = Router(judging(providers[2]))
    with pytest.raises(UnknownPricing, match="nobody-has-it"):
        router.pool("openai", router.default_model(MODERATE), "moderation")


def test_a_default_of_another_kind_is_not_offered_by_the_way() -> None:
    router = Router(judging(provider("a", JUDGE, default_models={"moderations": "free"})))
    assert router.models == ["judge"]
    with pytest.raises(ModelNotFound, match="free does not do moderations"):
        router.pool("openai", router.default_model(MODERATE), "moderation")


def test_a_default_need_not_be_among_the_providers_models() -> None:
    router = Router(judging(provider("a", SMALL, default_models=DEFAULT)))
    assert router.default_model(MODERATE) == "judge" and router.models == ["small", "judge"]
    [target] = router.pool("openai", "judge", "moderation").targets
    assert (target.upstream_model, target.served.id) == ("judge", "judge")


def test_without_a_default_it_is_said_how_to_set_one() -> None:
    with pytest.raises(InvalidRequest, match=r"default_models: \{moderations: <model>\}") as refused:
        Router(judging(provider("a", JUDGE))).default_model(MODERATE)
    assert refused.value.param == "model"


def test_a_model_of_another_kind_takes_no_moderations() -> None:
    router = Router(judging(provider("a", SMALL, JUDGE, keys=())))
    for model in ("small", "free"):
        with pytest.raises(ModelNotFound, match=f"{model} does not do moderations: its kind .* is `chat`"):
            router.pool("openai", model, "moderation")
    with pytest.raises(NoActiveKeys):
        router.pool("openai", "judge", "moderation")
    with pytest.raises(UnknownPricing):
        router.pool("openai", "nobody-has-it", "moderation")


def test_facts_are_those_of_the_public_id_and_then_of_what_prices_it() -> None:
    router = Router(config(provider("a", SMALL, ProviderModel("fast", "small"))))
    found = [router.facts(model) for model in ("small", "fast", "free", "nobody-has-it")]
    assert [facts.id if facts is not None else None for facts in found] == ["small", "small", "free", None]


def test_the_multiplier_is_the_product_of_all_three() -> None:
    entry = ProviderModel("small", "small", multiplier_ppm=1_200_000)
    catalogue = replace(CATALOGUE, models={"small": replace(CATALOGUE.models["small"], multiplier_ppm=333_333)})
    files = replace(config(provider("a", entry, multiplier_ppm=1_100_000)), catalogue=catalogue)
    [target] = Router(files).pool("openai", "small").targets
    assert target.model_multiplier == "0.43999956"
    assert target.model_multiplier_ppm3 == 1_100_000 * 1_200_000 * 333_333
    rate = target.rate("2026-09-21", 900_000)
    assert (rate.account_multiplier_ppm, rate.model_multiplier_ppm3) == (900_000, target.model_multiplier_ppm3)


def test_without_multipliers_the_product_is_one() -> None:
    [target] = Router(config(provider("a", SMALL))).pool("openai", "small").targets
    assert (target.model_multiplier, target.model_multiplier_ppm3) == ("1", PPM3)


def test_the_price_is_the_one_of_the_day() -> None:
    [target] = Router(config(provider("a", SMALL))).pool("openai", "small").targets
    assert target.rate("2029-12-31", 1).prices.output == 2 * 10**9
    assert target.rate("2030-01-01", 1).prices.output == 4 * 10**9


def test_secrets_are_not_shown() -> None:
    [target] = Router(config(provider("a", SMALL))).pool("openai", "small").targets
    assert "sk-secret" not in repr(target)


def test_the_order_is_by_weight_and_holds_everybody_once() -> None:
    heavy, light = ProviderModel("small", "s", weight=9), ProviderModel("small", "s", weight=1)
    targets = Router(config(provider("a", heavy), provider("b", light))).pool("openai", "small").targets
    generator = random.Random(1)
    first = Counter[str]()
    for _ in range(2000):
        ordered = order(targets, generator)
        assert sorted(target.provider.name for target in ordered) == ["a", "b"]
        first[ordered[0].provider.name] += 1
    assert 1720 < first["a"] < 1880


def test_keys_share_the_weight_of_their_provider_by_their_own() -> None:
    entry, keys = ProviderModel("small", "s", weight=2), (key(1, weight=3), key(2), key(3, weight=9, value=None))
    targets = Router(config(provider("a", entry, keys=keys))).pool("openai", "small").targets
    assert [(target.weight, target.odds) for target in targets] == [(2, 1.5), (2, 0.5)]


def test_another_key_draws_no_traffic_from_another_provider() -> None:
    heavy, light = ProviderModel("small", "s", weight=3), ProviderModel("small", "s")
    two = provider("b", light, keys=(key(1, weight=1_000_000), key(2)))
    router = Router(config(provider("a", heavy), two))
    targets, generator = router.pool("openai", "small").targets, random.Random(1)
    found = standings(targets, router, Health(lambda: 0.0, generator))
    assert [(each.target.provider.name, round(each.share, 4)) for each in found] == [
        ("a", 0.75),
        ("b", 0.25),
        ("b", 0.0),
    ]
    first = Counter(order(targets, generator)[0].provider.name for _ in range(2000))
    assert 1440 < first["a"] < 1560


def test_a_single_target_needs_no_dice() -> None:
    targets = Router(config(provider("a", SMALL))).pool("openai", "small").targets
    generator = random.Random(1)
    before = generator.getstate()
    assert order(targets, generator) is targets
    assert generator.getstate() == before


def test_the_kind_and_the_dialects_of_a_model_are_known_whoever_serves_it() -> None:
    alias = ProviderModel("fast", "small")  # known by its upstream id
    claude = provider("b", SMALL, dialect="anthropic", keys=())
    router = Router(config(provider("a", SMALL, alias), claude))
    assert router.dialects("small") == {"openai", "anthropic"}
    assert router.dialects("fast") == {"openai"} and router.dialects("free") == frozenset()
    assert router.kind("small") == router.kind("fast") == router.kind("free") == "chat"
    assert router.kind("nobody-has-it") is None


def names(router: Router) -> list[tuple[str, str]]:
    return [(target.provider.name, target.key_id) for target in router.pool("openai", "small").targets]


def test_a_provider_is_skipped_while_it_is_paused_and_another_is_there() -> None:
    paused: dict[str, PauseRow] = {}
    router = Router(config(provider("a", SMALL), provider("b", SMALL)), paused)
    before = router.pool("openai", "small").targets
    paused["a"] = PauseRow("a", 1, "over budget")
    assert names(router) == [("b", "env:KEY_1")]
    assert [router.takes(target) for target in before] == [False, True]
    del paused["a"]
    assert router.pool("openai", "small").targets == before


@pytest.mark.parametrize(
    ("pauses", "message"),
    [
        ({"a": "over budget"}, "The provider a is paused (over budget); an administrator can resume it."),
        ({"a": ""}, "The provider a is paused; an administrator can resume it."),
        (
            {"a": "", "b": "outage"},
            "The provider a is paused and the provider b is paused (outage); an administrator can resume them.",
        ),
    ],
)
def test_where_every_provider_is_paused_the_reasons_are_told(pauses: dict[str, str], message: str) -> None:
    paused = {name: PauseRow(name, 1, reason) for name, reason in pauses.items()}
    router = Router(config(*(provider(name, SMALL) for name in pauses)), paused)
    with pytest.raises(ProviderPaused) as refused:
        router.pool("openai", "small")
    assert refused.value.message == message and refused.value.retry_helps is False


def test_a_paused_provider_without_keys_is_paused_first_and_one_beside_it_lacks_keys() -> None:
    paused = {"a": PauseRow("a", 1, "")}
    with pytest.raises(ProviderPaused):
        Router(config(provider("a", SMALL, keys=())), paused).pool("openai", "small")
    with pytest.raises(ProviderPaused):
        Router(config(provider("a", SMALL), provider("b", SMALL, keys=())), paused).pool("openai", "small")
    with pytest.raises(NoActiveKeys, match="for a, b"):
        Router(config(provider("a", SMALL, keys=()), provider("b", SMALL, keys=())), paused).pool("openai", "small")


def test_a_pause_changes_nothing_of_what_is_wrong_with_a_model() -> None:
    router = Router(config(provider("a", SMALL)), {"a": PauseRow("a", 1, "")})
    with pytest.raises(UnknownPricing):
        router.pool("openai", "nobody-has-it")
    with pytest.raises(ModelNotFound):
        router.pool("openai", "free")


def test_a_key_revoked_later_is_in_no_pool_of_a_router_that_somebody_still_has() -> None:
    revoked: set[str] = set()
    router = Router(config(provider("a", SMALL, keys=(key(1), key(2)))), revoked=revoked)
    revoked.add("env:KEY_1")
    assert names(router) == [("a", "env:KEY_2")]
    revoked.add("env:KEY_2")
    with pytest.raises(NoActiveKeys, match="for a;"):
        router.pool("openai", "small")

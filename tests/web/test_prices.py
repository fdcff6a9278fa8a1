"""The price list: exact, whole, and without anybody's account."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.billing.pricing import Rate, Usage, cost
from tollhouse.config.snapshot import (
    PPM,
    Anonymous,
    Catalogue,
    CatalogueModel,
    Config,
    Listener,
    Mount,
    Prices,
    Provider,
    ProviderModel,
    Routes,
    UpstreamKey,
)  # fmt: skip
from tollhouse.router import Router
from tollhouse.storage.base import PauseRow
from tollhouse.web.prices import price_list

TODAY = "2026-11-21"
KEY = UpstreamKey("env:KEY", 1, "sk")
PRICES = Prices(2_500_000_000, 10_000_000_000, cache_read=1_250_000_000)


def model(name: str = "m", prices: Any = (("", PRICES),), **fields: Any) -> CatalogueModel:
    return CatalogueModel(name, "chat", tuple(prices), **fields)


def provider(name: str, *models: ProviderModel, keys: tuple[UpstreamKey, ...] = (KEY,), **fields: Any) -> Provider:
    entries = {each.public_id: each for each in models or (ProviderModel("m", "m"),)}
    return Provider(name, "openai", "http://x/v1", keys, entries, **fields)


def config(*providers: Provider, models: tuple[CatalogueModel, ...] = (model(),), auth: str = "required") -> Config:
    mounts = (Mount("openai", "/v1", "openai", auth=auth),)
    routes = Routes((Listener("main", "127.0.0.1", 0, mounts),), anonymous=Anonymous(frozenset({"m"})))
    catalogue = Catalogue("sha256:1", {each.id: each for each in models})
    return Config(routes, {each.name: each for each in providers}, catalogue)


def listed(config: Config, *paused: str) -> dict[str, Any]:
    pauses = {name: PauseRow(name, 0, "secret reason", "admin") for name in paused}
    return price_list(config, Router(config, pauses), TODAY)


def offers(found: dict[str, Any], name: str = "m") -> list[dict[str, Any]]:
    return next(each["offers"] for each in found["models"] if each["id"] == name)


def test_a_price_is_that_of_the_catalogue_times_all_three_multipliers() -> None:
    entry = ProviderModel("m", "m", multiplier_ppm=1_100_000)
    one = provider("one", entry, multiplier_ppm=1_200_000)
    [offer] = offers(listed(config(one, models=(model(multiplier_ppm=1_300_000),))))
    assert (offer["model_multiplier"], offer["input_usd_per_mtok"], offer["output_usd_per_mtok"]) == (
        "1.716",
        "4.29",
        "17.16",
    )
    assert offer["cache_read_usd_per_mtok"] == "2.145", "a price of its own"
    assert offer["cache_write_5m_usd_per_mtok"] == offer["cache_write_1h_usd_per_mtok"] == "4.29", "that of plain input"
    assert "request_usd" not in offer


@given(*[st.integers(0, 10**18)] * 2, *[st.integers(0, 10**9)] * 3, st.integers(1, 10**9))
def test_a_million_tokens_cost_what_the_list_says_rounded_up(
    price: int, request: int, first: int, second: int, third: int, tokens: int
) -> None:
    entry = ProviderModel("m", "m", multiplier_ppm=second)
    prices = Prices(price, price, request=request)
    one = config(
        provider("one", entry, multiplier_ppm=first), models=(model(prices=[("", prices)], multiplier_ppm=third),)
    )
    [offer] = offers(listed(one))
    shown = Fraction(offer["input_usd_per_mtok"]) * tokens / 10**6 + Fraction(offer["request_usd"])
    assert shown == Fraction(price * tokens + request * 10**6, 10**6 * 10**9) * Fraction(first * second * third, PPM**3)
    charged = cost(Usage(input=tokens), Rate(prices, PPM, first * second * third))
    assert charged == -(-shown * 10**9 // 1)


def test_what_was_announced_is_listed_and_what_has_begun_holds() -> None:
    prices = [("", PRICES), ("2026-01-01", Prices(2 * 10**9, 10**10)), ("2027-01-01", Prices(10**9, 10**10))]
    [offer] = offers(listed(config(provider("one", multiplier_ppm=2 * PPM), models=(model(prices=prices),))))
    assert (offer["effective"], offer["input_usd_per_mtok"]) == ("2026-01-01", "4")
    [coming] = offer["announced"]
    assert (coming["effective"], coming["input_usd_per_mtok"], coming["output_usd_per_mtok"]) == (
        "2027-01-01",
        "2",
        "20",
    )


def test_providers_that_take_no_calls_are_marked_and_nobody_hears_why() -> None:
    unset = UpstreamKey("env:UNSET", 1, None)
    names = [provider("one"), provider("two", keys=()), provider("three"), provider("four", keys=(unset,))]
    found = listed(config(*names), "three")
    assert [(each["provider"], each["state"]) for each in offers(found)] == [
        ("one", "ready"), ("two", "no_key"), ("three", "paused"), ("four", "no_key"),
    ]  # fmt: skip
    assert "secret reason" not in str(found)


def test_a_key_that_was_revoked_is_none() -> None:
    one = config(provider("one"))
    found = price_list(one, Router(one, revoked={"env:KEY"}), TODAY)
    assert offers(found)[0]["state"] == "no_key"


def test_a_model_without_an_entry_of_its_own_has_the_price_of_its_upstream_model() -> None:
    found = listed(config(provider("one", ProviderModel("fast", "m", multiplier_ppm=2 * PPM))))
    assert [each["id"] for each in found["models"]] == ["fast"]
    assert offers(found, "fast")[0]["input_usd_per_mtok"] == "5"


@pytest.mark.parametrize("auth,free", [("optional", True), ("required", False)])
def test_what_is_free_without_a_key_is_said_where_calls_without_one_are_taken(auth: str, free: bool) -> None:
    [found] = listed(config(provider("one"), auth=auth))["models"]
    assert found["free_without_key"] is free


def test_a_default_for_moderations_is_on_the_list() -> None:
    moderating = CatalogueModel("mod", "moderation", (("", Prices(0, 0)),))
    found = listed(
        config(
            provider("one", default_models={"moderations": "mod"}, multiplier_ppm=3 * PPM), models=(model(), moderating)
        )
    )
    [offer] = offers(found, "mod")
    assert (offer["input_usd_per_mtok"], offer["model_multiplier"], offer["state"]) == ("0", "3", "ready")

"""What usage would have cost: exactly what was charged where nothing is different, and exact where something is."""

from dataclasses import astuple
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.billing.money import format_decimal, format_multiplier
from tollhouse.billing.pricing import Rate, Usage, cost
from tollhouse.billing.simulation import Simulation, WhatIf
from tollhouse.config.catalogue import build_catalogue
from tollhouse.config.json_reader import read_json
from tollhouse.config.snapshot import PPM, Catalogue
from tollhouse.storage.base import Charge
from tollhouse.times import DAY_US, format_us


def catalogue(text: str) -> Catalogue:
    return build_catalogue(read_json("model_catalog.json", f'{{"models": {text}}}').root)


OLD = catalogue(
    """{"small": {"input_usd_per_mtok": "1", "output_usd_per_mtok": "2", "cache_read_usd_per_mtok": "0.5", "multiplier": "1.2",
                  "prices_from": [{"effective": "2030-01-01", "output_usd_per_mtok": "4"}]},
        "large": {"input_usd_per_mtok": "7", "output_usd_per_mtok": "0.000000001", "multiplier": "0.9"},
        "given": {"input_usd_per_mtok": "3", "output_usd_per_mtok": "3", "multiplier": "0"}}"""
)
NEW = catalogue(
    """{"small": {"input_usd_per_mtok": "0.5", "output_usd_per_mtok": "2.5", "multiplier": "1.3",
                  "prices_from": [{"effective": "2030-01-01", "input_usd_per_mtok": "10"}]},
        "added": {"input_usd_per_mtok": "11", "output_usd_per_mtok": "13", "multiplier": "0.7"}}"""
)
VERSIONS = {OLD.version: OLD.canonical_json, NEW.version: NEW.canonical_json}
BEFORE_US, AFTER_US = 20_000 * DAY_US, 25_000 * DAY_US  # before and after the first day of 2030

counts = st.integers(min_value=0, max_value=10**6)
usages = st.builds(Usage, counts, counts, counts, counts, counts)
ppm = st.integers(min_value=0, max_value=3 * PPM)
PROVIDER_PPM2 = 1_100_000 * 950_000  # the provider's multiplier times its entry's


def charge(
    usage: Usage,
    served: str = "small",
    *,
    at_us: int = BEFORE_US,
    version: Catalogue = OLD,
    account_ppm: int = PPM,
    provider_ppm2: int = PROVIDER_PPM2,
) -> Charge:
    """A charge as the gateway makes it."""
    model = version.models[served]
    product_ppm3 = provider_ppm2 * model.multiplier_ppm
    amount_nano = cost(usage, Rate(model.prices_on(format_us(at_us)[:10]), account_ppm, product_ppm3))
    product = format_decimal(product_ppm3, places=18)
    return Charge(at_us, version.version, format_multiplier(account_ppm), served, product, *usage, amount_nano)


def simulated(what_if: WhatIf, *charges: Charge) -> Simulation:
    simulation = Simulation(VERSIONS, what_if)
    for each in charges:
        simulation.add(each)
    return simulation


def exact(usage: Usage, version: Catalogue, served: str, at_us: int) -> Fraction:
    """Nano-dollars before any multiplier."""
    prices = version.models[served].prices_on(format_us(at_us)[:10])
    plain = prices.input
    *tokens, request = astuple(prices)
    listed = [plain if price is None else price for price in tokens]
    listed = [listed[0], *listed[2:], listed[1]]
    return Fraction(sum(used * price for used, price in zip(usage, listed, strict=True)), 10**6) + (request or 0)


charges = st.builds(
    charge, usages, st.sampled_from(["small", "large", "given"]), at_us=st.sampled_from([BEFORE_US, AFTER_US]),
    account_ppm=ppm, provider_ppm2=st.integers(min_value=0, max_value=10**13),
)  # fmt: skip


@given(st.lists(charges, max_size=10))
def test_where_nothing_is_different_it_is_what_was_charged(made: list[Charge]) -> None:
    simulation = simulated(WhatIf(), *made)
    assert simulation.total.simulated_nano == simulation.total.charged_nano == sum(each.amount_nano for each in made)
    assert all(sums.simulated_nano == sums.charged_nano for sums in simulation.models.values())
    assert set(simulation.models) == {each.served_model for each in made} and not simulation.unpriced
    assert simulation.total.requests == len(made)


@given(charges)
def test_the_same_prices_and_the_same_model_change_nothing(made: Charge) -> None:
    for what_if in (WhatIf(OLD), WhatIf(models={made.served_model: made.served_model}), WhatIf(OLD, Fraction(1))):
        assert simulated(what_if, made).total.simulated_nano == made.amount_nano


@given(usages, ppm, st.fractions(min_value=0, max_value=100), st.sampled_from([BEFORE_US, AFTER_US]))
def test_another_catalogue_has_its_prices_of_that_day_and_its_multiplier(
    usage: Usage, account_ppm: int, factor: Fraction, at_us: int
) -> None:
    made = charge(usage, at_us=at_us, account_ppm=account_ppm)
    wanted = exact(usage, NEW, "small", at_us) * Fraction(account_ppm, PPM) * Fraction(PROVIDER_PPM2, PPM**2)
    wanted *= Fraction(13, 10) * factor
    assert simulated(WhatIf(NEW, factor), made).total.simulated_nano == ceil(wanted)


@given(usages, st.fractions(min_value=0, max_value=100))
def test_a_factor_is_on_top_and_there_is_one_rounding(usage: Usage, factor: Fraction) -> None:
    made = charge(usage)
    wanted = exact(usage, OLD, "small", BEFORE_US) * Fraction(PROVIDER_PPM2, PPM**2) * Fraction(12, 10) * factor
    assert simulated(WhatIf(factor=factor), made).total.simulated_nano == ceil(wanted)


@given(usages)
def test_a_mapped_model_has_the_other_ones_price_and_keeps_what_the_provider_adds(usage: Usage) -> None:
    provider = Fraction(PROVIDER_PPM2, PPM**2)
    within = simulated(WhatIf(models={"small": "large"}), charge(usage), charge(usage, "large"))
    assert set(within.models) == {"small", "large"}
    assert within.models["small"].simulated_nano == ceil(
        exact(usage, OLD, "large", BEFORE_US) * provider * Fraction(9, 10)
    )
    assert within.models["large"].simulated_nano == within.models["large"].charged_nano
    elsewhere = simulated(WhatIf(NEW, models={"small": "added"}), charge(usage))
    wanted = ceil(exact(usage, NEW, "added", BEFORE_US) * provider * Fraction(7, 10))
    assert elsewhere.total.simulated_nano == wanted
    newest = simulated(WhatIf(models={"small": "added"}), charge(usage))  # the version of the charge does not have it
    assert newest.total.simulated_nano == wanted


def test_a_mapping_is_followed_once() -> None:
    made = charge(Usage(10**6))
    swapped = simulated(WhatIf(models={"small": "large", "large": "small"}), made)
    assert swapped.total == simulated(WhatIf(models={"small": "large"}), made).total


def test_a_multiplier_that_was_zero_hides_the_providers_which_counts_as_one() -> None:
    simulation = simulated(WhatIf(models={"given": "large"}), charge(Usage(10**6), "given"))
    assert (simulation.total.charged_nano, simulation.total.simulated_nano) == (0, 6_300_000_000)


def test_what_costs_an_account_nothing_still_costs_nothing() -> None:
    made = charge(Usage(10**6), account_ppm=0)
    assert simulated(WhatIf(NEW, Fraction(5), {"small": "added"}), made).total.simulated_nano == 0


@pytest.mark.parametrize(
    ("what_if", "unpriced"),
    [
        (WhatIf(NEW), {"large"}), (WhatIf(NEW, models={"large": "nothing"}), {"nothing"}),
        (WhatIf(NEW, models={"large": "small"}), set()), (WhatIf(models={"large": "nothing"}), {"nothing"}),
    ],
)  # fmt: skip
def test_models_without_prices_are_named_and_in_no_sum(what_if: WhatIf, unpriced: set[str]) -> None:
    simulation = simulated(what_if, charge(Usage(5), "large"), charge(Usage(5), "small"))
    assert simulation.unpriced == unpriced
    assert simulation.total.requests == 2 - len(unpriced)


def test_a_version_without_the_model_is_named_too() -> None:
    broken = charge(Usage(5), "large")._replace(price_version="sha256:gone")
    assert simulated(WhatIf(), broken).unpriced == {"large"}


def test_every_model_of_every_version_is_known() -> None:
    assert Simulation(VERSIONS, WhatIf()).known_models() == {"small", "large", "given", "added"}
    assert Simulation({}, WhatIf()).known_models() == set()


def test_usage_is_added_up_on_every_axis() -> None:
    simulation = simulated(WhatIf(), charge(Usage(1, 2, 4, 8, 16)), charge(Usage(32, 64, 128, 256, 512)))
    assert astuple(simulation.total)[:6] == (2, 33, 66, 132, 264, 528)

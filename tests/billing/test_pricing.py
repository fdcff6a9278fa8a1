"""A cost is exact and rounded up once: fractions are the oracle."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.billing.pricing import PPM3, Rate, Usage, ceiling, cost, cost_times, output_that_fits
from tollhouse.config.snapshot import Prices
from tollhouse.dialects.base import TOKENS_MAX

counts = st.integers(min_value=0, max_value=TOKENS_MAX)
amounts = st.integers(min_value=0, max_value=10**12)
caches = st.none() | amounts
usages = st.builds(Usage, counts, counts, counts, counts, counts)
prices = st.builds(Prices, amounts, amounts, caches, caches, caches, caches)
rates = st.builds(Rate, prices, st.integers(min_value=0, max_value=10**8), st.integers(min_value=0, max_value=10**21))


def exact(usage: Usage, rate: Rate) -> Fraction:
    """Nano-dollars as BILLING.md writes the formula."""
    listed = rate.prices
    axes = [
        (usage.input, listed.input),
        (usage.cache_read, listed.input if listed.cache_read is None else listed.cache_read),
        (usage.cache_write_5m, listed.input if listed.cache_write_5m is None else listed.cache_write_5m),
        (usage.cache_write_1h, listed.input if listed.cache_write_1h is None else listed.cache_write_1h),
        (usage.output, listed.output),
    ]
    total = sum((Fraction(tokens * price, 10**6) for tokens, price in axes), Fraction(listed.request or 0))
    return total * Fraction(rate.account_multiplier_ppm, 10**6) * Fraction(rate.model_multiplier_ppm3, 10**18)


@given(usages, rates)
def test_a_cost_is_the_exact_amount_rounded_up_once(usage: Usage, rate: Rate) -> None:
    amount = cost(usage, rate)
    assert type(amount) is int
    assert amount == ceil(exact(usage, rate))


@given(usages, rates, st.fractions(min_value=0, max_value=10**6))
def test_a_cost_times_a_factor_is_rounded_up_once_too(usage: Usage, rate: Rate, factor: Fraction) -> None:
    assert cost_times(usage, rate, factor) == ceil(exact(usage, rate) * factor)
    assert cost_times(usage, rate, Fraction(1)) == cost(usage, rate)


@given(usages, rates)
def test_a_hold_for_the_same_tokens_covers_the_cost(usage: Usage, rate: Rate) -> None:
    assert ceiling(usage.total - usage.output, usage.output, rate) >= cost(usage, rate)


def test_an_answer_with_a_price_of_its_own_costs_it_once_whatever_its_tokens() -> None:
    rate = Rate(Prices(input=2_000_000, output=0, request=40), 500_000, 3 * PPM3)
    assert cost(Usage(), rate) == 60
    assert cost(Usage(input=7), rate) == 60 + 21


@given(st.integers(min_value=1, max_value=TOKENS_MAX), amounts.filter(bool))
def test_a_used_token_with_a_price_is_never_free(tokens: int, price: int) -> None:
    smallest = Rate(Prices(input=price, output=0), 1, 1)
    assert cost(Usage(input=tokens), smallest) >= 1


def test_a_missing_cache_price_is_the_input_price_and_zero_is_a_price() -> None:
    usage = Usage(cache_read=10**6)
    assert cost(usage, Rate(Prices(input=7, output=0), 10**6, PPM3)) == 7
    assert cost(usage, Rate(Prices(input=7, output=0, cache_read=0), 10**6, PPM3)) == 0


def test_the_formula_of_the_seed_gives_the_same_amount() -> None:
    # (tokens_in × in_price + tokens_out × out_price) / 1e6 × user.rate_multiplier × model multiplier, in USD
    rate = Rate(Prices(input=2_500_000_000, output=10_000_000_000), 900_000, 1_200_000 * 10**12)
    assert cost(Usage(input=1200, output=340), rate) == round((1200 * 2.5 + 340 * 10) / 1e6 * 0.9 * 1.2 * 1e9)


@given(st.integers(min_value=-(10**12), max_value=10**18), counts, rates)
def test_the_output_that_fits_does_and_one_more_does_not(available: int, prompt: int, rate: Rate) -> None:
    fitting = output_that_fits(available, prompt, rate)
    if fitting is None:
        assert ceiling(prompt, 0, rate) == ceiling(prompt, 10**9, rate)
    elif fitting >= 0:
        assert ceiling(prompt, fitting, rate) <= available
        assert ceiling(prompt, fitting + 1, rate) > available
    else:
        assert ceiling(prompt, 0, rate) > available


@pytest.mark.parametrize("axis", Usage._fields)
def test_every_axis_is_in_the_total(axis: str) -> None:
    assert Usage(**{axis: 5}).total == 5

"""Prices that charges have pinned are found again: by version, by the day of the hold, by the multipliers of the row."""

from typing import Any

import pytest
from hypothesis import given

from tests.billing.scenario import CATALOGUE, START_US, USD
from tests.billing.test_pricing import rates, usages
from tollhouse.billing import price_book
from tollhouse.billing.money import format_decimal, format_multiplier
from tollhouse.billing.price_book import PriceBook, usage_of
from tollhouse.billing.pricing import PPM3, Rate, Usage, cost
from tollhouse.config.catalogue import build_catalogue
from tollhouse.config.json_reader import read_json
from tollhouse.storage.base import TOKENS
from tollhouse.times import parse_when

DEARER = build_catalogue(
    read_json(
        "model_catalog.json", '{"models": {"small": {"input_usd_per_mtok": "3", "output_usd_per_mtok": "5"}}}'
    ).root
)
BOOK = {each.version: each.canonical_json for each in (CATALOGUE, DEARER)}


def held(**fields: Any) -> dict[str, Any]:
    return {"price_version": CATALOGUE.version, "at_us": START_US, "account_multiplier": "1", **fields}


def post(**fields: Any) -> dict[str, Any]:
    return {"served_model": "small", "model_multiplier": "1", "usage_source": "reported", **fields}


def found(hold: dict[str, Any], row: dict[str, Any]) -> Rate:
    rate = PriceBook(BOOK).rate(hold, row)
    assert rate is not None
    return rate


def test_a_charge_keeps_the_prices_of_its_version_whatever_came_later() -> None:
    assert found(held(), post()).prices.output == 2 * USD
    assert found(held(price_version=DEARER.version), post()).prices.output == 5 * USD


@pytest.mark.parametrize(
    ("moment", "output"), [("2029-12-31T23:59:59.999999", 2), ("2030-01-01T00:00:00.000000", 4), ("2031-06-01", 4)]
)
def test_prices_are_those_of_the_day_of_the_hold_in_utc(moment: str, output: int) -> None:
    assert found(held(at_us=parse_when(moment, 0)), post()).prices.output == output * USD


def test_a_rate_is_worked_out_for_each_day_and_multiplier_and_then_remembered() -> None:
    book = PriceBook(BOOK)
    holds = [held(), held(at_us=parse_when("2030-01-01", 0)), held(account_multiplier="0.5")]
    rows = [post(), post(model_multiplier="2")]
    made = [book.rate(hold, row) for hold in holds for row in rows]
    assert len(set(made)) == 6
    assert all(book.rate(hold, row) is made[number] for number, (hold, row) in enumerate((h, r) for h in holds for r in rows))  # fmt: skip


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_book, "RATES_MAX", 3)
    book = PriceBook(BOOK)
    for day in range(20):
        assert book.rate(held(at_us=START_US + day * 86_400_000_000), post()) is not None
        assert len(book._rates) <= 3


@pytest.mark.parametrize("missing", [held(price_version="sha256:gone"), held(price_version=DEARER.version)])
def test_a_model_without_prices_in_its_version_has_no_rate(missing: dict[str, Any]) -> None:
    assert PriceBook(BOOK).rate(missing, post(served_model="free")) is None


def test_a_version_that_the_store_does_not_have_is_empty() -> None:
    assert PriceBook(BOOK).catalogue("sha256:gone").models == {}


def test_a_version_whose_prices_were_changed_is_named() -> None:
    assert PriceBook(BOOK).changed() == []
    cheaper = CATALOGUE.canonical_json.replace('"output_usd_per_mtok":"2"', '"output_usd_per_mtok":"1"')
    assert cheaper != CATALOGUE.canonical_json
    assert PriceBook({**BOOK, CATALOGUE.version: cheaper}).changed() == [CATALOGUE.version]


@pytest.mark.parametrize("hold", [held(account_multiplier="a lot"), held(account_multiplier="-1")])
def test_a_multiplier_that_is_none_is_a_value_error(hold: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        PriceBook(BOOK).rate(hold, post())


def test_a_model_multiplier_that_is_none_is_a_value_error() -> None:
    with pytest.raises(ValueError):
        PriceBook(BOOK).rate(held(), post(model_multiplier="a lot"))


@given(usages, rates)
def test_a_row_costs_the_same_by_what_is_written_in_it(usage: Usage, rate: Rate) -> None:
    """Multipliers go through the decimal strings of a row and come back as they were."""
    hold = held(account_multiplier=format_multiplier(rate.account_multiplier_ppm))
    row = post(model_multiplier=format_decimal(rate.model_multiplier_ppm3, places=18))
    again = found(hold, row)
    assert (again.account_multiplier_ppm, again.model_multiplier_ppm3) == (
        rate.account_multiplier_ppm, rate.model_multiplier_ppm3,
    )  # fmt: skip
    listed = Rate(
        CATALOGUE.models["small"].prices_on("2026-09-21"), rate.account_multiplier_ppm, rate.model_multiplier_ppm3
    )
    assert cost(usage, again) == cost(usage, listed)


def test_the_tokens_of_a_row_are_its_usage() -> None:
    row = {
        "input_tokens": 1, "cache_read_tokens": 2, "cache_write_5m_tokens": 3, "cache_write_1h_tokens": 4,
        "output_tokens": 5,
    }  # fmt: skip
    assert usage_of(row) == Usage(1, 2, 3, 4, 5)
    assert cost(usage_of(row), Rate(CATALOGUE.models["small"].prices[0][1], 10**6, PPM3)) > 0


def test_what_was_not_metered_costs_nothing_and_needs_no_model() -> None:
    row = post(served_model="", usage_source="none", **dict.fromkeys(TOKENS, 0))
    assert PriceBook(BOOK).cost(held(), row) == 0
    assert PriceBook(BOOK).cost(held(), {**row, "usage_source": "reported"}) is None


def test_an_answer_with_its_own_price_costs_that_again_from_its_row() -> None:
    text = '{"models": {"drawing": {"input_usd_per_mtok": "0", "output_usd_per_mtok": "0", "request_usd": "0.04"}}}'
    version = build_catalogue(read_json("model_catalog.json", text).root)
    row = post(served_model="drawing", usage_source="estimated", model_multiplier="1.5", **dict.fromkeys(TOKENS, 0))
    book = PriceBook({version.version: version.canonical_json})
    assert book.cost(held(price_version=version.version), row) == 60_000_000
    assert book.cost(held(price_version=version.version), {**row, "usage_source": "none"}) == 0

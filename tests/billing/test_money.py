"""Money in and out is exact."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.billing.money import format_decimal, format_multiplier, format_usd, parse_multiplier, parse_usd


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_what_is_written_is_read_back(nano: int) -> None:
    assert parse_usd(format_usd(nano)) == nano


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_a_multiplier_is_read_back(ppm: int) -> None:
    assert parse_multiplier(format_multiplier(ppm)) == ppm


@given(st.integers(), st.integers(min_value=1, max_value=18))
def test_a_decimal_is_the_number_it_says_and_no_longer_than_needed(value: int, places: int) -> None:
    text = format_decimal(value, places=places)
    sign, digits, exponent = Decimal(text).as_tuple()
    assert isinstance(exponent, int)
    number = int("".join(map(str, digits))) * 10 ** (places + exponent)
    assert (-number if sign else number) == value
    assert not ("." in text and text.endswith("0")) and not text.endswith(".") and "E" not in text


@pytest.mark.parametrize(
    ("nano", "text"),
    [(0, "0"), (1, "0.000000001"), (-1, "-0.000000001"), (1_500_000_000, "1.5"), (-12_000_000_000, "-12")],
)
def test_amounts_look_as_people_write_them(nano: int, text: str) -> None:
    assert format_usd(nano) == text


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1e3", "1.", ".5", "1,5", "0x1", "٣", "1.0000000001", "1000000000", " 1"]
)
def test_anything_but_a_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_usd(text)

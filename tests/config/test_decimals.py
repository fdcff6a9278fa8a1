from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.config.decimals import NANO, parse_multiplier, parse_usd

digits = st.integers(0, 999_999_999).map(str)
nine_places = st.text("0123456789", min_size=1, max_size=9)
six_places = st.text("0123456789", min_size=1, max_size=6)


@given(digits, st.none() | nine_places)
def test_usd_agree_with_decimal(whole: str, fraction: str | None) -> None:
    text = whole if fraction is None else f"{whole}.{fraction}"
    assert parse_usd(text) == Decimal(text) * NANO


@given(digits, st.none() | six_places)
def test_multipliers_agree_with_decimal(whole: str, fraction: str | None) -> None:
    text = whole if fraction is None else f"{whole}.{fraction}"
    assert parse_multiplier(text) == Decimal(text) * 1_000_000


@given(st.text(max_size=12))
def test_what_is_accepted_is_what_decimal_reads(text: str) -> None:
    try:
        nano = parse_usd(text)
    except ValueError:
        return
    assert nano == Decimal(text) * NANO
    assert nano < 2**63


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", ".5", "1.", "1e3", "1_0", " 1", "1\n", "0x1", "NaN", "Infinity", "1,5", "١", "1234567890"]
)
def test_anything_but_a_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a plain decimal"):
        parse_usd(text)


def test_digits_that_would_be_lost_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 9 fractional digits"):
        parse_usd("0.0000000001")
    with pytest.raises(ValueError, match="more than 6 fractional digits"):
        parse_multiplier("1.0000001")


def test_a_price_becomes_nano_dollars() -> None:
    assert parse_usd("2.50") == 2_500_000_000
    assert parse_multiplier("1.1") == 1_100_000

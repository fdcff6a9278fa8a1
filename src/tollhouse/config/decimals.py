"""Decimal strings as exact integers: USD as nano-dollars, multipliers as parts per million. Floats never touch them."""

import re

NANO = 1_000_000_000  # nano-dollars in one USD

# Nine digits before the point keep every amount, in nano-dollars, inside a signed 64-bit column.
_DECIMAL = re.compile(r"([0-9]{1,9})(?:\.([0-9]+))?")


def parse_usd(text: str) -> int:
    """USD (or USD per million tokens) as nano-dollars: "2.50" is 2_500_000_000.

    Raises ValueError for anything but a plain decimal ≥ 0 with at most nine fractional digits.
    """
    return _parse(text, digits=9)


def parse_multiplier(text: str) -> int:
    """A multiplier as parts per million: "1.1" is 1_100_000.

    Raises ValueError for anything but a plain decimal ≥ 0 with at most six fractional digits.
    """
    return _parse(text, digits=6)


def _parse(text: str, digits: int) -> int:
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a plain decimal number ≥ 0 and below 10⁹")
    whole, fraction = match.group(1), match.group(2) or ""
    if len(fraction) > digits:
        raise ValueError(f"{text!r} has more than {digits} fractional digits")
    return int(whole + fraction.ljust(digits, "0"))

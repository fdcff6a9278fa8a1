"""Money as integers: nano-dollars (10⁻⁹ USD) and multipliers in parts per million. Floats never touch it."""

import re

NANO = 1_000_000_000
PPM = 1_000_000

_DECIMAL = re.compile(r"(-?)(\d{1,12})(?:\.(\d+))?\Z", re.ASCII)


def parse_decimal(text: str, *, places: int) -> int:
    """Read a plain decimal string as an integer scaled by 10**places; raises ValueError where digits would be lost."""
    match = _DECIMAL.match(text)
    if match is None:
        raise ValueError(f'"{text}" is not a decimal number such as "2.50"')
    sign, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    if len(fraction.rstrip("0")) > places:
        raise ValueError(f'"{text}" has more than {places} digits after the point')
    value = int(whole) * 10**places + int(fraction[:places].ljust(places, "0") or "0")
    return -value if sign else value


def format_decimal(value: int, *, places: int) -> str:
    """Write a scaled integer as the shortest decimal string: 1_500_000_000 nano-dollars are "1.5"."""
    whole, fraction = divmod(abs(value), 10**places)
    digits = f"{fraction:0{places}d}".rstrip("0")
    return f"{'-' if value < 0 else ''}{whole}{'.' + digits if digits else ''}"


def parse_usd(text: str) -> int:
    """A decimal string in USD as nano-dollars."""
    return parse_decimal(text, places=9)


def format_usd(nano_usd: int) -> str:
    """Nano-dollars as a decimal string in USD."""
    return format_decimal(nano_usd, places=9)


def parse_multiplier(text: str) -> int:
    """A decimal multiplier as parts per million."""
    return parse_decimal(text, places=6)


def format_multiplier(ppm: int) -> str:
    """Parts per million as a decimal multiplier."""
    return format_decimal(ppm, places=6)

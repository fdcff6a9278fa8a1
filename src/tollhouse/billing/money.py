"""Money as integers, in and out: nano-dollars (10⁻⁹ USD) and multipliers in parts per million. Floats never touch it."""

from tollhouse.config.decimals import NANO, parse_multiplier, parse_usd
from tollhouse.config.snapshot import PPM

__all__ = ["NANO", "PPM", "format_decimal", "format_multiplier", "format_usd", "parse_multiplier", "parse_usd"]


def format_decimal(value: int, *, places: int) -> str:
    """Write an integer scaled by 10**places as the shortest decimal string."""
    digits = str(abs(value)).rjust(places + 1, "0")
    whole, fraction = digits[:-places], digits[-places:].rstrip("0")
    return f"{'-' if value < 0 else ''}{whole}{'.' + fraction if fraction else ''}"


def format_usd(nano_usd: int) -> str:
    """Nano-dollars as a decimal string in USD: 1_500_000_000 is "1.5"."""
    return format_decimal(nano_usd, places=9)


def format_multiplier(ppm: int) -> str:
    """Parts per million as a decimal multiplier: 1_100_000 is "1.1"."""
    return format_decimal(ppm, places=6)

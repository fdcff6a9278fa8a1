"""What usage costs: pure integer arithmetic, one division, rounded up once (BILLING.md, "Money")."""

from fractions import Fraction
from typing import NamedTuple

from tollhouse.billing.money import PPM
from tollhouse.config.snapshot import Prices


class Usage(NamedTuple):
    """Tokens on disjoint axes: no token is counted on two of them."""

    input: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    output: int = 0

    @property
    def total(self) -> int:
        return self.input + self.cache_read + self.cache_write_5m + self.cache_write_1h + self.output


class Rate(NamedTuple):
    """Everything a cost depends on except the usage: prices in nano-dollars per million tokens, multipliers in ppm.

    The model multiplier is the product of the provider's, the provider's entry for the model and the catalogue's,
    so its unit is ppm³ (10¹⁸ is 1).
    """

    prices: Prices
    account_multiplier_ppm: int
    model_multiplier_ppm3: int


PPM3 = PPM**3
FREE = Prices(input=0, output=0)  # of an operation that is not metered, whatever its model costs elsewhere
_DIVISOR = 1_000_000 * PPM * PPM3


def cost(usage: Usage, rate: Rate) -> int:
    """Nano-dollars for one answer, rounded up: ceil((Σ tokensᵢ·priceᵢ / 10⁶ + its own price) · account · model)."""
    return -(-_amount(usage, rate.prices) * rate.account_multiplier_ppm * rate.model_multiplier_ppm3 // _DIVISOR)


def cost_times(usage: Usage, rate: Rate, factor: Fraction) -> int:
    """Nano-dollars for one answer at a rate times an exact factor, rounded up once: a factor of 1 makes it `cost`."""
    amount = _amount(usage, rate.prices) * rate.account_multiplier_ppm * rate.model_multiplier_ppm3
    return -(-amount * factor.numerator // (_DIVISOR * factor.denominator))


def _amount(usage: Usage, prices: Prices) -> int:
    """Σ tokensᵢ·priceᵢ, and 10⁶ times the price of the answer; a cache price that is missing is the plain input price."""
    plain = prices.input
    return (
        _of_the_answer(prices)
        + usage.input * plain
        + usage.cache_read * (plain if prices.cache_read is None else prices.cache_read)
        + usage.cache_write_5m * (plain if prices.cache_write_5m is None else prices.cache_write_5m)
        + usage.cache_write_1h * (plain if prices.cache_write_1h is None else prices.cache_write_1h)
        + usage.output * prices.output
    )


def ceiling(input_upper: int, output_upper: int, rate: Rate) -> int:
    """Nano-dollars that a request can cost at most, were all of its input of the dearest kind."""
    amount = input_upper * _dearest_input(rate.prices) + output_upper * rate.prices.output + _of_the_answer(rate.prices)
    return -(-amount * rate.account_multiplier_ppm * rate.model_multiplier_ppm3 // _DIVISOR)


def output_that_fits(amount_nano: int, input_upper: int, rate: Rate) -> int | None:
    """The most output tokens whose `ceiling` is within an amount: below 0 where the input alone is dearer.

    None where output costs nothing, so that any number of tokens fits or none.
    """
    multiplier = rate.account_multiplier_ppm * rate.model_multiplier_ppm3
    if not multiplier or not rate.prices.output:
        return None
    affordable = amount_nano * _DIVISOR // multiplier
    spent = input_upper * _dearest_input(rate.prices) + _of_the_answer(rate.prices)
    return (affordable - spent) // rate.prices.output


def _dearest_input(prices: Prices) -> int:
    return max(prices.input, prices.cache_read or 0, prices.cache_write_5m or 0, prices.cache_write_1h or 0)


def _of_the_answer(prices: Prices) -> int:
    """What an answer costs whatever its tokens, in the unit of the sum: nano-dollars by millionths."""
    return (prices.request or 0) * 1_000_000

"""Prices that charges have pinned: every version of the catalogue that was ever in force, and the rate of a row by it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tollhouse.billing.money import parse_multiplier
from tollhouse.billing.pricing import FREE, PPM3, Rate, Usage, cost
from tollhouse.config.catalogue import build_catalogue
from tollhouse.config.json_reader import read_json
from tollhouse.config.snapshot import Catalogue
from tollhouse.times import DAY_US, format_us

RATES_MAX = 100_000  # remembered at a time


class PriceBook:
    """Reads versions as the store keeps them. Raises ValueError for a multiplier that is none."""

    def __init__(self, versions: Mapping[str, str]) -> None:
        """`versions` are canonical JSON of the catalogue's models, by version."""
        self._versions = versions
        self._catalogues: dict[str, Catalogue] = {}
        self._rates: dict[tuple[Any, ...], Rate | None] = {}

    def catalogue(self, version: str) -> Catalogue:
        """The catalogue of a version; one that the store does not have is empty."""
        if version not in self._catalogues:
            kept = self._versions.get(version, "{}")
            self._catalogues[version] = build_catalogue(read_json("price version", f'{{"models": {kept}}}').root)
        return self._catalogues[version]

    def changed(self) -> list[str]:
        """Versions whose prices are not those that they are named after."""
        return [version for version in self._versions if self.catalogue(version).version != version]

    def rate(self, hold: Mapping[str, Any], post: Mapping[str, Any]) -> Rate | None:
        """The rate that a request was charged at; None where its version has no prices for the model that served it."""
        key = (
            hold["price_version"],
            post["served_model"],
            hold["at_us"] // DAY_US,
            hold["account_multiplier"],
            post["model_multiplier"],
            post["usage_source"] == "none",
        )
        if key not in self._rates:
            if len(self._rates) >= RATES_MAX:
                self._rates.clear()
            self._rates[key] = self._rate(hold, post)
        return self._rates[key]

    def cost(self, hold: Mapping[str, Any], post: Mapping[str, Any]) -> int | None:
        """What a charge has to be, in nano-dollars, by its own row; None where there are no prices for it."""
        rate = self.rate(hold, post)
        return None if rate is None else cost(usage_of(post), rate)

    def _rate(self, hold: Mapping[str, Any], post: Mapping[str, Any]) -> Rate | None:
        prices = FREE
        if post["usage_source"] != "none":  # else it was not metered, and need not have had a model
            model = self.catalogue(hold["price_version"]).models.get(post["served_model"])
            if model is None:
                return None
            prices = model.prices_on(format_us(hold["at_us"])[:10])
        multiplier = int(Fraction(post["model_multiplier"]) * PPM3)
        return Rate(prices, parse_multiplier(hold["account_multiplier"]), multiplier)


def usage_of(post: Mapping[str, Any]) -> Usage:
    """The tokens of a row."""
    return Usage(
        post["input_tokens"],
        post["cache_read_tokens"],
        post["cache_write_5m_tokens"],
        post["cache_write_1h_tokens"],
        post["output_tokens"],
    )

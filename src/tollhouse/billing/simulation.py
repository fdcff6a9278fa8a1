"""What usage would have cost: charges of the past, rated anew with the rounding of the product. Pure.

Every charge keeps its usage, its account multiplier and its day. What may be different:

- its prices: those of another catalogue, or of another model;
- its model multiplier: a row keeps one product, of the provider's multiplier, the provider's entry for the model and the
  catalogue's. With other prices the catalogue's part is divided out, exactly, and that of the other model is put in; what
  the provider adds stays. Where the old part is 0 the provider's cannot be known, and counts as 1;
- a factor on top of it all, before the one rounding.

Where nothing is different, the result is what was charged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from tollhouse.billing.money import PPM
from tollhouse.billing.price_book import RATES_MAX, PriceBook
from tollhouse.billing.pricing import PPM3, Rate, Usage, cost_times
from tollhouse.config.snapshot import Catalogue, CatalogueModel
from tollhouse.storage.base import Charge
from tollhouse.times import DAY_US, format_us

_Terms = tuple[Rate, Fraction]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What is different. Without a catalogue each charge keeps the prices of its own version."""

    catalogue: Catalogue | None = None
    factor: Fraction = Fraction(1)
    models: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # served model → whose price it has


@dataclass(slots=True)
class Sums:
    """What some requests used, what was charged for them and what would have been."""

    requests: int = 0
    input_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_5m_tokens: int = 0
    cache_write_1h_tokens: int = 0
    output_tokens: int = 0
    charged_nano: int = 0
    simulated_nano: int = 0

    def add(self, usage: Usage, charged_nano: int, simulated_nano: int) -> None:
        self.requests += 1
        self.input_tokens += usage.input
        self.cache_read_tokens += usage.cache_read
        self.cache_write_5m_tokens += usage.cache_write_5m
        self.cache_write_1h_tokens += usage.cache_write_1h
        self.output_tokens += usage.output
        self.charged_nano += charged_nano
        self.simulated_nano += simulated_nano


class Simulation:
    """Adds up charges, one after the other; keeps the sums and nothing of a charge."""

    def __init__(self, price_versions: Mapping[str, str], what_if: WhatIf) -> None:
        """`price_versions` are those of the store, the oldest first."""
        self._versions = tuple(price_versions)
        self._book = PriceBook(price_versions)
        self._what_if = what_if
        self._terms: dict[tuple[object, ...], _Terms | None] = {}
        self.models: dict[str, Sums] = {}  # by served model
        self.total = Sums()
        self.unpriced: set[str] = (
            set()
        )  # models without the prices that were asked for; their charges are not in the sums

    def known_models(self) -> set[str]:
        """Every model that a version of the store has."""
        return {model for version in self._versions for model in self._book.catalogue(version).models}

    def add(self, charge: Charge) -> None:
        terms = self._terms_of(charge)
        if terms is None:
            self.unpriced.add(self._what_if.models.get(charge.served_model, charge.served_model))
            return
        usage = Usage(*charge[5:10])
        simulated_nano = cost_times(usage, *terms)
        sums = self.models.get(charge.served_model)
        if sums is None:
            sums = self.models[charge.served_model] = Sums()
        sums.add(usage, charge.amount_nano, simulated_nano)
        self.total.add(usage, charge.amount_nano, simulated_nano)

    def _terms_of(self, charge: Charge) -> _Terms | None:
        """The rate of a charge and the factor on top of it; None where a model has no prices."""
        key = (charge.at_us // DAY_US, *charge[1:5], charge.usage_source)
        if key not in self._terms:
            if len(self._terms) >= RATES_MAX:
                self._terms.clear()
            self._terms[key] = self._new_terms(charge)
        return self._terms[key]

    def _new_terms(self, charge: Charge) -> _Terms | None:
        facts, what_if = charge._asdict(), self._what_if
        rate = self._book.rate(facts, facts)
        if rate is None:
            return None
        if charge.usage_source == "none" or (what_if.catalogue is None and charge.served_model not in what_if.models):
            return rate, what_if.factor
        other = self._other_model(charge)
        if other is None:
            return None
        before_ppm = self._book.catalogue(charge.price_version).models[charge.served_model].multiplier_ppm
        product_ppm3 = rate.model_multiplier_ppm3 if before_ppm else PPM3
        prices = other.prices_on(format_us(charge.at_us)[:10])
        factor = what_if.factor * Fraction(other.multiplier_ppm, before_ppm or PPM)
        return Rate(prices, rate.account_multiplier_ppm, product_ppm3), factor

    def _other_model(self, charge: Charge) -> CatalogueModel | None:
        """Whose price a charge has instead: in the catalogue of the simulation, else in its own version or the newest."""
        name = self._what_if.models.get(charge.served_model, charge.served_model)
        if self._what_if.catalogue is not None:
            return self._what_if.catalogue.models.get(name)
        own = self._book.catalogue(charge.price_version).models.get(name)
        return own or self._book.catalogue(self._versions[-1]).models.get(name)

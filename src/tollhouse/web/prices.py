"""The price list: what each model costs at each provider, for everybody, as exact decimals. Pure.

Prices are those of the catalogue times the model multiplier (provider × its entry for the model × catalogue). What an
account's own multiplier makes of them is nobody else's business.
"""

from collections.abc import Iterator
from typing import Any

from tollhouse.billing.money import format_decimal
from tollhouse.billing.pricing import PPM3
from tollhouse.config.snapshot import PPM, CatalogueModel, Config, Prices, Provider
from tollhouse.router import Router, Target

FORMULA = (  # seed 001, "Usage & Billing"
    "Cost = (tokens_in × in_price + tokens_out × out_price)/1e6 × user.rate_multiplier × per-model multiplier"
)
NOTE = (
    "Prices are in USD per million tokens and include the per-model multiplier. Cached input has prices of its own; "
    "without one it costs what other input does. A cost is rounded up once, to a billionth of a dollar."
)
READY, PAUSED, NO_KEY = "ready", "paused", "no_key"


def price_list(config: Config, router: Router, date: str) -> dict[str, Any]:
    """The prices on an ISO date (UTC) of every model that somebody offers, in the order of the catalogue."""
    anonymous = any(mount.auth == "optional" for listener in config.routes.listeners for mount in listener.mounts)
    free = config.routes.anonymous.models if anonymous else frozenset[str]()
    return {
        "object": "price_list",
        "currency": "USD",
        "date": date,
        "catalogue_version": config.catalogue.version,
        "formula": FORMULA,
        "note": NOTE,
        "models": [_model(model, model in free, config, router, date) for model in router.models],
    }


def _model(model: str, free: bool, config: Config, router: Router, date: str) -> dict[str, Any]:
    facts = router.facts(model)
    assert facts is not None, "what is offered has a price"
    return {
        "id": model,
        "display_name": (facts.display_name if facts.id == model else None) or model,
        "kind": facts.kind,
        "owned_by": facts.owned_by,
        "description": facts.description,
        "context_tokens": facts.context_tokens,
        "max_output_tokens": facts.max_output_tokens,
        "free_without_key": free,
        "offers": list(_offers(model, config, router, date)),
    }


def _offers(model: str, config: Config, router: Router, date: str) -> Iterator[dict[str, Any]]:
    """The model at each of its providers, in the order of providers.yaml."""
    targets: dict[str, list[Target]] = {}
    for dialect in sorted(router.dialects(model)):
        pool = router.everyone(dialect, model)
        for name in pool.keyless:
            targets.setdefault(name, [])
        for target in pool.targets:
            targets.setdefault(target.provider.name, []).append(target)
    for name, provider in config.providers.items():
        if name in targets:
            yield _offer(model, provider, targets[name], config, router, date)


def _offer(
    model: str, provider: Provider, targets: list[Target], config: Config, router: Router, date: str
) -> dict[str, Any]:
    served, multiplier = _served(model, provider, config)
    begun = [effective for effective, _ in served.prices if effective <= date]
    usable = any(router.takes(target) for target in targets)
    return {
        "provider": provider.name,
        "state": PAUSED if router.is_paused(provider.name) else READY if usable else NO_KEY,
        "model_multiplier": format_decimal(multiplier, places=18),
        "effective": begun[-1] or None,
        **_prices(served.prices_on(date), multiplier),
        "announced": [
            {"effective": effective, **_prices(prices, multiplier)}
            for effective, prices in served.prices
            if effective > date
        ],
    }


def _served(model: str, provider: Provider, config: Config) -> tuple[CatalogueModel, int]:
    """What prices a model at a provider, and its multiplier there in ppm³."""
    entry, models = provider.models.get(model), config.catalogue.models
    served = models.get(model) or models[entry.upstream_id if entry is not None else model]
    entry_ppm = entry.multiplier_ppm if entry is not None else PPM  # a default that is not among the models has none
    return served, provider.multiplier_ppm * entry_ppm * served.multiplier_ppm


def _prices(prices: Prices, multiplier_ppm3: int) -> dict[str, str]:
    """USD per million tokens of each kind; a cache without a price of its own has that of plain input."""
    plain = prices.input
    nano = {
        "input_usd_per_mtok": plain,
        "output_usd_per_mtok": prices.output,
        "cache_read_usd_per_mtok": plain if prices.cache_read is None else prices.cache_read,
        "cache_write_5m_usd_per_mtok": plain if prices.cache_write_5m is None else prices.cache_write_5m,
        "cache_write_1h_usd_per_mtok": plain if prices.cache_write_1h is None else prices.cache_write_1h,
    }
    if prices.request is not None:  # of each answer, beside its tokens
        nano["request_usd"] = prices.request
    return {name: _exact(price, multiplier_ppm3) for name, price in nano.items()}


def _exact(price_nano: int, multiplier_ppm3: int) -> str:
    """A price times a multiplier, in USD, to the last digit: nano-dollars times ppm³ have 27 places."""
    assert PPM3 == 10**18, "the places below count on it"
    return format_decimal(price_nano * multiplier_ppm3, places=27)

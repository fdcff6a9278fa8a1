"""The models on offer, with what the catalogue says of them (seed 000)."""

from typing import Any

from tollhouse.billing.money import format_usd
from tollhouse.config.snapshot import CatalogueModel, Config
from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.router import served_model
from tollhouse.times import DAY_US, format_day, now_us


async def list_catalogue(services: Services, request: Request) -> Reply:
    return _items(request)


async def list_public_catalogue(services: Services, request: Request) -> Reply:
    return _items(request)


def _items(request: Request) -> list[Any]:
    today = format_day(now_us() // DAY_US)
    return [_item(model, _facts(request.config, model), today) for model in request.router.models]


def _facts(config: Config, model: str) -> CatalogueModel:
    """What the catalogue says of a model that is offered: what its price comes from, too."""
    entries = (provider.models[model] for provider in config.providers.values() if model in provider.models)
    return next(served for entry in entries if (served := served_model(config, entry)) is not None)


def _item(model: str, facts: CatalogueModel, today: str) -> dict[str, Any]:
    return {
        "id": model,
        "name": facts.display_name or model,
        "description": facts.description or "",
        "author": facts.author or facts.owned_by,
        "blockchain": facts.blockchain,
        "price": format_usd(facts.prices_on(today).input),
        "tags": list(facts.tags),
        "huggingFaceId": facts.hugging_face_id,
    }

"""The models a caller can use, in the shape that OpenAI's and Anthropic's clients both read."""

from typing import Any

from tollhouse.billing.money import format_usd
from tollhouse.config.snapshot import CatalogueModel
from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.errors import ModelNotFound
from tollhouse.times import DAY_US, format_day, now_us

PUBLISHED = "1970-01-01T00:00:00Z"  # the catalogue does not know when a model was published


async def list_models(services: Services, request: Request) -> Reply:
    items = [_item(request, model) for model in request.router.models if _may_see(request, model)]
    return {
        "object": "list",
        "data": items,
        "has_more": False,
        "first_id": items[0]["id"] if items else None,
        "last_id": items[-1]["id"] if items else None,
    }


async def get_model(services: Services, request: Request, *, model: str) -> Reply:
    if not request.router.offers(model) or not _may_see(request, model):
        raise ModelNotFound(f"The model {model} does not exist or you do not have access to it.", param="model")
    return _item(request, model)


def _may_see(request: Request, model: str) -> bool:
    """Everybody sees what they may call; on a mount where listing is public, a call without a key sees all."""
    models = request.principal.models if request.principal is not None else None
    return models is None or model in models


def _item(request: Request, model: str) -> dict[str, Any]:
    facts = request.router.facts(model)
    item: dict[str, Any] = {
        "id": model,
        "object": "model",
        "created": 0,
        "owned_by": facts.owned_by if facts else "tollhouse",
        "type": "model",
        "display_name": (facts.display_name if facts and facts.id == model else None) or model,
        "created_at": PUBLISHED,
        "lifecycle": "active",
        "max_input_tokens": None,
        "max_tokens": None,
        "capabilities": None,
    }
    return item | _described(facts) if facts is not None else item


def _described(facts: CatalogueModel) -> dict[str, Any]:
    """What the catalogue knows besides; what it does not know is left out, but for what Anthropic's clients require."""
    today = format_day(now_us() // DAY_US)
    described = {
        "max_input_tokens": facts.context_tokens,
        "max_tokens": facts.max_output_tokens,
        "description": facts.description,
        "author": facts.author,
        "blockchain": facts.blockchain,
        "price": format_usd(facts.prices_on(today).input),
        "tags": list(facts.tags),
        "huggingFaceId": facts.hugging_face_id,
    }
    return {name: value for name, value in described.items() if value}

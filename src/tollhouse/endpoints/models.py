"""The models a caller can use, in the shape that OpenAI's and Anthropic's clients both read."""

from typing import Any

from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.errors import ModelNotFound

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
    facts = request.config.catalogue.models.get(model)
    item = {
        "id": model,
        "object": "model",
        "created": 0,
        "owned_by": facts.owned_by if facts else "tollhouse",
        "type": "model",
        "display_name": (facts.display_name if facts else None) or model,
        "created_at": PUBLISHED,
        "lifecycle": "active",
    }
    if facts is not None and facts.context_tokens is not None:
        item["max_input_tokens"] = facts.context_tokens
    if facts is not None and facts.max_output_tokens is not None:
        item["max_tokens"] = facts.max_output_tokens
    return item

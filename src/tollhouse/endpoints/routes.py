"""Routes: who would be asked for a model, in which order, and why."""

from collections.abc import Sequence
from typing import Any

from tollhouse.billing.money import format_usd
from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.endpoints.quotes import operation_of
from tollhouse.errors import InvalidRequest
from tollhouse.generated.operations import OPERATIONS
from tollhouse.health import Standing, standings
from tollhouse.times import format_us, now_us


async def explain_route(services: Services, request: Request, *, model: str, operation: str | None = None) -> Reply:
    router = request.router
    operation_id = operation or operation_of({"model": model}, router.kind(model), router.dialects(model))
    asked = OPERATIONS.get(operation_id)
    if asked is None or asked.dialect is None or asked.kind is None:
        named = sorted(name for name, each in OPERATIONS.items() if each.kind is not None)
        raise InvalidRequest(f"No operation {operation_id} takes a model; those that do: {', '.join(named)}.")
    pool = router.everyone(asked.dialect, model, asked.kind)
    return {
        "object": "route",
        "model": model,
        "operation": operation_id,
        "attempts_max": request.config.routes.limits.attempts,
        "candidates": _described(standings(pool.targets, router, services.relay.means.health)),
        "without_keys": list(pool.keyless),
    }


def _described(found: Sequence[Standing]) -> list[dict[str, Any]]:
    date = format_us(now_us())[:10]
    return [
        {
            "position": position,
            "provider": target.provider.name,
            "key": target.key_id,
            "served_model": target.served.id,
            "upstream_model": target.upstream_model,
            "dialect": target.dialect.name,
            "translated": target.translation is not None,
            "weight": target.weight,
            "share": round(share, 4),
            "state": condition.state,
            "wait_s": round(condition.wait_s, 1),
            "reason": condition.reason,
            "input_usd_per_mtok": format_usd(target.served.prices_on(date).input),
            "output_usd_per_mtok": format_usd(target.served.prices_on(date).output),
            "model_multiplier": target.model_multiplier,
        }
        for position, (target, condition, share) in enumerate(found, 1)
    ]

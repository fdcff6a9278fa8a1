"""Providers, for administrators: their keys, which are never shown, and whether they are paused."""

from typing import Any

from tollhouse.config.snapshot import UpstreamKey
from tollhouse.endpoints.context import Reply, Request, Services, Value
from tollhouse.generated.models import AddUpstreamKeyRequest, PauseProviderRequest
from tollhouse.providers import ListedProvider, StoredKey
from tollhouse.times import format_us

NOT_FOUND = "its variable or file is missing or empty"  # when the configuration was read


async def list_providers(services: Services, request: Request) -> Reply:
    return {"providers": [described(each) for each in services.providers.all()]}


async def get_provider(services: Services, request: Request, *, provider: str) -> Reply:
    return described(services.providers.find(provider))


async def add_upstream_key(
    services: Services, request: Request, *, provider: str, body: AddUpstreamKeyRequest
) -> Reply:
    key = await services.providers.add_key(provider, body["value"], body.get("weight", 1), request.author)
    return Value(described_key(key), 201)


async def revoke_upstream_key(services: Services, request: Request, *, provider: str, key_id: str) -> Reply:
    return described_key(await services.providers.revoke_key(provider, key_id, request.author))


async def pause_provider(services: Services, request: Request, *, provider: str, body: PauseProviderRequest) -> Reply:
    return described(await services.providers.pause(provider, body.get("reason", ""), request.author))


async def resume_provider(services: Services, request: Request, *, provider: str) -> Reply:
    services.providers.find(provider)
    # First: a store that fails in between must leave the provider paused, not running without its daily stop.
    await services.relay.means.spending.resumed(provider)
    services.relay.means.health.forget()
    return described(await services.providers.resume(provider, request.author))


def described(provider: ListedProvider) -> dict[str, Any]:
    configured, pause = provider.configured, provider.pause
    of_files = [_configured_key(provider.name, key) for key in configured.keys] if configured is not None else []
    return {
        "name": provider.name,
        "dialect": configured.dialect if configured is not None else None,
        "base_url": configured.base_url if configured is not None else None,
        "state": "active" if pause is None else "paused",
        "reason": None if pause is None else pause.reason,
        "paused_at": None if pause is None else format_us(pause.paused_at_us),
        "paused_by": None if pause is None else pause.paused_by,
        "keys": [*of_files, *(described_key(key) for key in provider.stored)],
    }


def _configured_key(provider: str, key: UpstreamKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "provider": provider,
        "is_stored": False,
        "is_usable": key.value is not None,
        "problem": NOT_FOUND if key.value is None else None,
        "last_four": "",
        "weight": key.weight,
        "created_at": None,
        "revoked_at": None,
    }


def described_key(key: StoredKey) -> dict[str, Any]:
    row = key.row
    return {
        "id": row.id,
        "provider": row.provider,
        "is_stored": True,
        "is_usable": key.value is not None,
        "problem": key.problem,
        "last_four": row.last_four,
        "weight": row.weight,
        "created_at": format_us(row.created_at_us),
        "revoked_at": format_us(row.revoked_at_us) if row.revoked_at_us is not None else None,
    }

"""API keys, for the account's own holder (seed 000)."""

from typing import Any

from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.endpoints.keys import limits_of, shown_limits
from tollhouse.endpoints.user import signed_in
from tollhouse.errors import NotFound
from tollhouse.generated.models import CreateApiKeyRequest
from tollhouse.identity.principals import ApiKey
from tollhouse.times import format_us, now_us


async def create_api_key(services: Services, request: Request, *, body: CreateApiKeyRequest) -> Reply:
    account, _ = signed_in(request)
    routes = request.config.routes
    key, text = await services.accounts.create_key(
        account, active_max=routes.active_keys_max, prefix=routes.key_prefixes["account"], **limits_of(body)
    )
    return {**described(key), "key": text}


async def list_api_keys(services: Services, request: Request) -> Reply:
    account, _ = signed_in(request)
    return {"apiKeys": [described(key) for key in services.accounts.keys_of(account)]}


async def delete_api_key(services: Services, request: Request, *, key_id: str) -> Reply:
    account, _ = signed_in(request)
    key = services.accounts.keys.keys.get(key_id)
    if key is None or key.account is not account:  # to others it does not exist
        raise NotFound(f"This account has no API key with the id {key_id[:40]}.")
    await services.accounts.revoke_key(key_id)
    return {"success": True}


def described(key: ApiKey) -> dict[str, Any]:
    """A key as the seed shows it, and the limits that it has."""
    row = key.row
    last_used_us = key.last_used_us or row.last_used_at_us
    return {
        "id": row.id,
        "name": row.name,
        "created_at": format_us(row.created_at_us),
        "last_used": format_us(last_used_us) if last_used_us is not None else None,
        "is_active": key.is_active(now_us()),
        **{name: limit for name, limit in shown_limits(row).items() if limit is not None},
    }

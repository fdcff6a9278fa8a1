"""API keys, for administrators."""

from collections.abc import Mapping
from typing import Any

from tollhouse.billing.money import format_usd
from tollhouse.endpoints.accounts import nano_usd
from tollhouse.endpoints.context import Reply, Request, Services, Value
from tollhouse.errors import InvalidRequest
from tollhouse.generated.models import CreateKeyRequest, RotateKeyRequest, UpdateKeyRequest
from tollhouse.identity.principals import ANONYMOUS, ApiKey
from tollhouse.storage.base import KeyRow
from tollhouse.times import format_us, now_us, parse_when

YEAR_10000_US = 253_402_300_800_000_000
_ZERO_IS_NONE = ("tokens_per_minute", "burst", "concurrency", "quota_tokens")
OVERLAP = "24h"  # how long a rotated key still works where nobody says


async def create_key(services: Services, request: Request, *, account: str, body: CreateKeyRequest) -> Reply:
    found = services.accounts.find(account)
    if found.id == ANONYMOUS:
        raise InvalidRequest("The anonymous account pays nothing and has no keys; create an account of its own first.")
    key, text = await services.accounts.create_key(
        found,
        prefix=body.get("prefix") or request.config.routes.key_prefixes["admin"],
        active_max=request.config.routes.active_keys_max,
        by=request.author,
        **limits_of(body),
    )
    return Value({**described(key), "key": text}, 201)


async def list_keys(services: Services, request: Request, *, account: str) -> Reply:
    found = services.accounts.find(account)
    return {"keys": [described(key) for key in services.accounts.keys_of(found)]}


async def get_key(services: Services, request: Request, *, key_id: str) -> Reply:
    return described(services.accounts.find_key(key_id))


async def update_key(services: Services, request: Request, *, key_id: str, body: UpdateKeyRequest) -> Reply:
    key = services.accounts.find_key(key_id)
    active_max = request.config.routes.active_keys_max
    await services.accounts.update_key(key, limits_of(body), active_max=active_max, by=request.author)
    return described(key)


async def rotate_key(services: Services, request: Request, *, key_id: str, body: RotateKeyRequest) -> Reply:
    overlap_us = 0
    if (overlap := body.get("overlap", OVERLAP)) != "0":
        overlap_us = parse_when(overlap, 0)
    active_max = request.config.routes.active_keys_max
    old = services.accounts.find_key(key_id)
    key, text = await services.accounts.rotate_key(old, overlap_us, active_max=active_max, by=request.author)
    return Value({**described(key), "key": text}, 201)


async def revoke_key(services: Services, request: Request, *, key_id: str) -> Reply:
    return described(await services.accounts.revoke_key(key_id, request.author))


def limits_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of KeyRow that a body names; null is no limit of its own, and so is zero except for the rate."""
    columns = {name: body[name] for name in ("name", "requests_per_minute") if name in body}
    columns |= {name: body[name] or None for name in _ZERO_IS_NONE if name in body}
    if "models" in body:
        columns["models"] = tuple(body["models"]) if body["models"] is not None else None
    if "quota_usd" in body:
        quota = body["quota_usd"]
        columns["quota_nano"] = nano_usd(quota, "quota_usd") or None if quota is not None else None
    if "expires_at" in body:
        columns["expires_at_us"] = _expiry(body["expires_at"])
    return columns


def _expiry(when: str | None) -> int | None:
    if when is None:
        return None
    try:
        at_us = parse_when(when, now_us())
    except ValueError as error:
        raise InvalidRequest(f"expires_at: {error}.", param="expires_at") from error
    if at_us <= now_us():
        raise InvalidRequest("expires_at is in the past.", param="expires_at")
    if at_us >= YEAR_10000_US:
        raise InvalidRequest("expires_at is beyond the year 9999.", param="expires_at")
    return at_us


def shown_limits(row: KeyRow) -> dict[str, Any]:
    """The scopes and limits of a key, null where it has none of its own."""
    return {
        "models": list(row.models) if row.models is not None else None,
        "requests_per_minute": row.requests_per_minute,
        "tokens_per_minute": row.tokens_per_minute,
        "burst": row.burst,
        "concurrency": row.concurrency,
        "quota_usd": format_usd(row.quota_nano) if row.quota_nano is not None else None,
        "quota_tokens": row.quota_tokens,
        "expires_at": format_us(row.expires_at_us) if row.expires_at_us is not None else None,
    }


def described(key: ApiKey) -> dict[str, Any]:
    row = key.row
    last_used_us = key.last_used_us or row.last_used_at_us
    return {
        "id": row.id,
        "account": row.account,
        "name": row.name,
        "prefix": row.prefix,
        **shown_limits(row),
        "created_at": format_us(row.created_at_us),
        "revoked_at": format_us(row.revoked_at_us) if row.revoked_at_us is not None else None,
        "last_used_at": format_us(last_used_us) if last_used_us is not None else None,
        "is_active": key.is_active(now_us()),
        "spent_usd": format_usd(key.used.spent_nano),
        "tokens_used": key.used.tokens,
        "quota_of": row.quota_of,
    }

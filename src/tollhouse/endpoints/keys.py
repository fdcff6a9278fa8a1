"""API keys, for administrators."""

from typing import Any

from tollhouse.billing.money import format_usd
from tollhouse.endpoints.accounts import nano_usd
from tollhouse.endpoints.context import Reply, Request, Services, Value
from tollhouse.errors import Conflict, InvalidRequest
from tollhouse.generated.models import CreateKeyRequest
from tollhouse.identity.principals import ANONYMOUS, ApiKey
from tollhouse.times import format_us, now_us, parse_when

LIMIT_MAX = 10**15  # of requests and tokens; the store has 64 bits for them
YEAR_10000_US = 253_402_300_800_000_000


async def create_key(services: Services, request: Request, *, account: str, body: CreateKeyRequest) -> Reply:
    found = services.accounts.find(account)
    if found.id == ANONYMOUS:
        raise InvalidRequest("The anonymous account pays nothing and has no keys; create an account of its own first.")
    active_max = request.config.routes.active_keys_max
    if sum(_is_active(key) for key in services.accounts.keys_of(found)) >= active_max:
        raise Conflict(f"The account has {active_max} active API keys, which is the limit; revoke one first.")
    models = body.get("models")
    quota = body.get("quota_usd")
    key, text = await services.accounts.create_key(
        found,
        name=body["name"],
        prefix=body.get("prefix") or request.config.routes.key_prefixes["admin"],
        models=tuple(models) if models is not None else None,
        requests_per_minute=_limit("requests_per_minute", body.get("requests_per_minute")),
        tokens_per_minute=_limit("tokens_per_minute", body.get("tokens_per_minute")) or None,
        burst=_limit("burst", body.get("burst")) or None,
        concurrency=_limit("concurrency", body.get("concurrency")) or None,
        quota_nano=nano_usd(quota, "quota_usd") or None if quota is not None else None,
        quota_tokens=_limit("quota_tokens", body.get("quota_tokens")) or None,
        expires_at_us=_expiry(body.get("expires_at")),
    )
    return Value({**described(key), "key": text}, 201)


async def list_keys(services: Services, request: Request, *, account: str) -> Reply:
    found = services.accounts.find(account)
    return {"keys": [described(key) for key in services.accounts.keys_of(found)]}


async def revoke_key(services: Services, request: Request, *, key_id: str) -> Reply:
    return described(await services.accounts.revoke_key(key_id))


def _limit(field: str, value: int | None) -> int | None:
    if value is not None and value > LIMIT_MAX:
        raise InvalidRequest(f"{field} can be at most {LIMIT_MAX}; 0 is no limit.", param=field)
    return value


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


def described(key: ApiKey) -> dict[str, Any]:
    row = key.row
    last_used_us = key.last_used_us or row.last_used_at_us
    return {
        "id": row.id,
        "account": row.account,
        "name": row.name,
        "prefix": row.prefix,
        "models": list(row.models) if row.models is not None else None,
        "requests_per_minute": row.requests_per_minute,
        "tokens_per_minute": row.tokens_per_minute,
        "burst": row.burst,
        "concurrency": row.concurrency,
        "quota_usd": format_usd(row.quota_nano) if row.quota_nano is not None else None,
        "quota_tokens": row.quota_tokens,
        "expires_at": format_us(row.expires_at_us) if row.expires_at_us is not None else None,
        "created_at": format_us(row.created_at_us),
        "revoked_at": format_us(row.revoked_at_us) if row.revoked_at_us is not None else None,
        "last_used_at": format_us(last_used_us) if last_used_us is not None else None,
        "is_active": _is_active(key),
    }


def _is_active(key: ApiKey) -> bool:
    row = key.row
    return row.revoked_at_us is None and (row.expires_at_us is None or row.expires_at_us > now_us())

"""What the log of administration tells of an account, a key or a provider: the fields of the admin API, without any secret."""

from collections.abc import Mapping
from typing import Any

from tollhouse.billing.money import format_multiplier, format_usd
from tollhouse.storage.base import AccountRow, KeyRow, PauseRow, UpstreamKeyRow
from tollhouse.times import format_us

Facts = dict[str, Any]


def facts_of_account(row: AccountRow) -> Facts:
    return {
        "name": row.name,
        "status": row.status,
        "rate_multiplier": format_multiplier(row.multiplier_ppm),
        "daily_budget_usd": _usd(row.daily_budget_nano),
        "monthly_budget_usd": _usd(row.monthly_budget_nano),
    }


def facts_of_key(row: KeyRow) -> Facts:
    return {
        "name": row.name,
        "prefix": row.prefix,
        "models": list(row.models) if row.models is not None else None,
        "requests_per_minute": row.requests_per_minute,
        "tokens_per_minute": row.tokens_per_minute,
        "burst": row.burst,
        "concurrency": row.concurrency,
        "quota_usd": _usd(row.quota_nano),
        "quota_tokens": row.quota_tokens,
        "expires_at": _time(row.expires_at_us),
        "revoked_at": _time(row.revoked_at_us),
        "quota_of": row.quota_of,
    }


def facts_of_upstream_key(row: UpstreamKeyRow) -> Facts:
    return {
        "provider": row.provider,
        "last_four": row.last_four,
        "weight": row.weight,
        "revoked_at": _time(row.revoked_at_us),
    }


def facts_of_pause(row: PauseRow | None) -> Facts:
    """The state of a provider, which is paused while there is a row."""
    if row is None:
        return {"state": "active", "reason": None}
    return {"state": "paused", "reason": row.reason}


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Facts, Facts]:
    """The facts that are no longer what they were, as they were and as they are."""
    names = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def _usd(nano: int | None) -> str | None:
    return format_usd(nano) if nano is not None else None


def _time(at_us: int | None) -> str | None:
    return format_us(at_us) if at_us is not None else None

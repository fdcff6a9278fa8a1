"""The ledger, for administrators: one row per request."""

import asyncio
import re
from typing import Any

import orjson

from tollhouse.billing.journal import store_down
from tollhouse.billing.money import format_usd
from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.errors import InvalidRequest
from tollhouse.storage.base import LEDGER_COLUMNS, StoreError
from tollhouse.times import format_us


async def list_ledger_rows(
    services: Services,
    request: Request,
    *,
    account: str | None,
    request_id: str | None,
    limit: int,
    before: str | None,
) -> Reply:
    if before is not None and re.fullmatch("[0-9]{1,18}", before) is None:
        raise InvalidRequest("before is not a next_before of an earlier page.", param="before")
    account_id = services.accounts.find(account).id if account is not None else None
    await services.relay.means.journal.flush()
    try:
        rows = await asyncio.to_thread(
            services.accounts.store.ledger,
            account=account_id,
            request_id=request_id,
            limit=limit,
            before=int(before) if before is not None else None,
        )
    except StoreError as error:
        raise store_down(str(error)) from error
    return {
        "rows": [described(row) for row in rows],
        "next_before": str(rows[-1]["seq"]) if len(rows) == limit else None,
    }


def described(row: dict[str, Any]) -> dict[str, Any]:
    """A stored row under the names of BILLING.md: money and multipliers as decimal strings, times as ISO 8601."""
    settled = row["settled_at_us"]
    shown = {
        **row,
        "attempts": orjson.loads(row["attempts"]) if row["attempts"] else [],
        "cost_usd": format_usd(row["cost_nano"] or 0),
        "held_usd": format_usd(row["held_nano"]),
        "model_multiplier": row["model_multiplier"] or "1",
        "usage_source": row["usage_source"] or "none",
        "stream": bool(row["stream"]),
        "created_at": format_us(row["created_at_us"]),
        "settled_at": format_us(settled) if settled is not None else None,
    }
    for column in LEDGER_COLUMNS:
        if column.endswith("_tokens"):
            shown[column] = row[column] or 0
    return {column: shown[column] for column in LEDGER_COLUMNS}

"""The log of administration: who changed what, and when."""

from typing import Any

import orjson

from tollhouse.billing.journal import read
from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.endpoints.ledger import cursor, next_before
from tollhouse.times import format_us


async def list_log_rows(
    services: Services,
    request: Request,
    *,
    account: str | None,
    thing: str | None,
    action: str | None,
    limit: int,
    before: str | None,
) -> Reply:
    older_than = cursor(before)
    account_id = services.accounts.find(account).id if account is not None else None
    rows = await read(
        services.accounts.store,
        lambda store: store.admin_log(account=account_id, thing=thing, action=action, limit=limit, before=older_than),
    )
    return {"rows": [described(row) for row in rows], "next_before": next_before(rows, limit)}


def described(row: dict[str, Any]) -> dict[str, Any]:
    """A stored row: times as ISO 8601, facts as they were before and after."""
    return {
        "id": row["id"],
        "at": format_us(row["at_us"]),
        "actor": row["actor"],
        "client": row["client"],
        "request_id": row["request_id"],
        "action": row["action"],
        "account": row["account"],
        "object": row["object"],
        "before": orjson.loads(row["before"]),
        "after": orjson.loads(row["after"]),
    }

"""The ledger, for administrators: one row per request, the books in a few numbers, and memory against the store."""

import asyncio
import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

import orjson

from tollhouse.billing.journal import read, store_down
from tollhouse.billing.money import format_usd
from tollhouse.billing.reconciliation import Remembered, differences, remembered
from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.errors import InvalidRequest
from tollhouse.storage.base import LEDGER_COLUMNS, Moment, StoreError
from tollhouse.times import format_us, now_us

T = TypeVar("T")

KINDS = ("hold", "post", "void", "expire", "refund", "credit", "adjust")
FINDINGS_MAX = 100  # listed one by one; the rest is counted
# Requests that a provider may have answered and nobody paid for: how each was resolved, and what that is called here.
_UNPAID = {"void": "crashed", "expire": "expired", "refund": "refunded"}


async def list_ledger_rows(
    services: Services,
    request: Request,
    *,
    account: str | None,
    request_id: str | None,
    limit: int,
    before: str | None,
) -> Reply:
    older_than = cursor(before)
    account_id = services.accounts.find(account).id if account is not None else None
    await services.relay.means.journal.flush()
    rows = await read(
        services.accounts.store,
        lambda store: store.ledger(account=account_id, request_id=request_id, limit=limit, before=older_than),
    )
    return {"rows": [described(row) for row in rows], "next_before": next_before(rows, limit)}


async def get_ledger_proof(services: Services, request: Request) -> Reply:
    memory, books = await _at_one_moment(services, lambda moment: moment.summary())
    return {
        "head": books.head.hex(),
        "entries": sum(books.counts.values()),
        "counts": {kind: books.counts.get(kind, 0) for kind in KINDS},
        "open_holds": len(memory.open_holds),
        "sums": {
            "balance_usd": format_usd(books.balance_nano),
            "charged_usd": format_usd(books.spent_nano),
            "credited_usd": format_usd(books.credited_nano),
            "adjusted_usd": format_usd(books.adjusted_nano),
            "held_usd": format_usd(memory.held_nano),
        },
        "sum_of_entries_usd": format_usd(
            books.balance_nano + books.spent_nano - books.credited_nano - books.adjusted_nano
        ),
        "at": format_us(now_us()),
    }


async def get_ledger_reconciliation(services: Services, request: Request, *, limit: int, before: str | None) -> Reply:
    older_than = cursor(before)
    memory, (accounts, holds) = await _at_one_moment(services, lambda moment: (moment.accounts(), moment.open_holds()))
    found = differences(memory, accounts, holds)
    store = services.accounts.store
    totals = await read(store, lambda store: store.unpaid())
    rows = await read(store, lambda store: store.ledger(unpaid=True, limit=limit, before=older_than))
    return {
        "at": format_us(now_us()),
        "accounts": len(accounts),
        "open_holds": len(holds),
        "drift": len(found),
        "findings": found[:FINDINGS_MAX],
        "totals": {name: totals.get(kind, 0) for kind, name in _UNPAID.items()},
        "rows": [_unpaid(row) for row in rows],
        "next_before": next_before(rows, limit),
    }


async def _at_one_moment(services: Services, look: Callable[[Moment], T]) -> tuple[Remembered, T]:
    """What memory and the store say at the same moment: exact also while calls run, which do not wait for the reading."""
    means = services.relay.means
    try:
        with ExitStack() as stack:
            memory = remembered(means.ledger)
            moment = await means.journal.run(lambda store: stack.enter_context(store.moment()), exact=True)
            return memory, await asyncio.to_thread(look, moment)
    except StoreError as error:
        raise store_down(str(error)) from error


def cursor(before: str | None) -> int | None:
    """Where a page begins; raises InvalidRequest where no page ended there."""
    if before is None:
        return None
    if re.fullmatch("[0-9]{1,18}", before) is None:
        raise InvalidRequest("before is not a next_before of an earlier page.", param="before")
    return int(before)


def next_before(rows: list[dict[str, Any]], limit: int) -> str | None:
    """Where the next page begins; None after the last."""
    return str(rows[-1]["seq"]) if len(rows) == limit else None


def _unpaid(row: dict[str, Any]) -> dict[str, Any]:
    shown = described(row)
    names = ("created_at", "request_id", "account", "key_id", "requested_model", "provider", "held_usd", "reason")
    return {"kind": _UNPAID[row["resolution"]], **{name: shown[name] for name in names}}


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

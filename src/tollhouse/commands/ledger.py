"""`tollhouse ledger`."""

import os
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from tollhouse.app import STORE_FILE
from tollhouse.billing.audit import audit as audit_store
from tollhouse.billing.money import format_usd
from tollhouse.commands.common import Commands, administer, as_json, directories, input_tokens, short_time, show
from tollhouse.config.settings import Settings
from tollhouse.errors import TollhouseError
from tollhouse.storage.base import LEDGER_COLUMNS
from tollhouse.storage.sqlite import SqliteStore
from tollhouse.tables import record, table

# What a table of the ledger shows, to fit a terminal; --json and a single request show every column.
LEDGER_SHOWN = (
    "created_at", "request_id", "requested_model", "provider", "input", "output", "cost_usd", "state", "status",
)  # fmt: skip


@click.group(cls=Commands)
def ledger() -> None:
    """Look at and check the ledger: one row per request.

    \b
    Examples:
      tollhouse ledger show --account acme
      tollhouse ledger audit
    """


@ledger.command("show")
@directories
@click.option("--account", help="Only this account's requests: an id or a name.")
@click.option("--request", help="Only this request, by its x-request-id.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="The newest rows.")
@as_json
def show_ledger(
    config: Path, data: Path | None, account: str | None, request: str | None, limit: int, as_json: bool
) -> None:
    """Show what each request used and cost, the newest first.

    \b
    Examples:
      tollhouse ledger show --account acme
      tollhouse ledger show --request req_0199… --json
    """
    query = {"account": account, "request": request, "limit": limit}
    rows = administer(config, data, "GET", "/ledger", query=query)["rows"]
    people = record(rows[0]) if request and rows else table([_ledger_line(row) for row in rows], LEDGER_SHOWN)
    show([{column: row[column] for column in LEDGER_COLUMNS} for row in rows], as_json, people)


@ledger.command("audit")
@directories
@as_json
def audit(config: Path, data: Path | None, as_json: bool) -> None:
    """Recompute every charge from its own row and follow the hash chain; exit 1 on any drift.

    \b
    Example:
      tollhouse ledger audit
    """
    settings = Settings.from_environ(os.environ, config, data)
    path = settings.data_dir / STORE_FILE
    if not path.is_file():
        raise TollhouseError(f"There is no ledger in {settings.data_dir}; `tollhouse serve` makes one.")
    with closing(SqliteStore(path)) as store:
        report = audit_store(store)
    facts = {
        "entries": report.entries,
        "requests": report.requests,
        "posted": report.posted,
        "voided": report.voided,
        "held": report.held,
        "charged_usd": format_usd(report.charged_nano),
        "credited_usd": format_usd(report.credited_nano),
        "head": report.head,
        "drift": report.drift,
    }
    findings = "".join(f"\n{finding}" for finding in report.findings)
    verdict = (
        "The ledger holds." if not report.drift else f"The ledger does not hold; findings: {report.drift}{findings}"
    )
    show({**facts, "findings": report.findings}, as_json, f"{record(facts)}\n{verdict}")
    if report.drift:
        sys.exit(1)


def _ledger_line(row: Mapping[str, Any]) -> dict[str, Any]:
    """A ledger row for a table: all kinds of input tokens together, times to the second."""
    return {
        **row, "created_at": short_time(row["created_at"]), "input": input_tokens(row), "output": row["output_tokens"],
    }  # fmt: skip

"""`tollhouse ledger`."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tollhouse.billing.audit import Proof
from tollhouse.billing.audit import audit as audit_store
from tollhouse.billing.money import format_usd
from tollhouse.commands.common import (
    Commands,
    administer,
    as_json,
    directories,
    input_tokens,
    kept_store,
    short_time,
    show,
)
from tollhouse.commands.recompute import recompute
from tollhouse.errors import TollhouseError
from tollhouse.storage.base import LEDGER_COLUMNS
from tollhouse.tables import record, table

# What a table of the ledger shows, to fit a terminal; --json and a single request show every column.
LEDGER_SHOWN = (
    "created_at", "request_id", "requested_model", "provider", "input", "output", "cost_usd", "state", "status",
)  # fmt: skip
UNPAID_SHOWN = ("created_at", "kind", "request_id", "account", "requested_model", "held_usd", "reason")


@click.group(cls=Commands)
def ledger() -> None:
    """Look at and check the ledger: one row per request.

    \b
    Examples:
      tollhouse ledger show --account acme
      tollhouse ledger audit
      tollhouse ledger reconcile
    """


ledger.add_command(recompute)


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
    columns = LEDGER_SHOWN if account else (*LEDGER_SHOWN[:2], "account", *LEDGER_SHOWN[2:])
    people = record(rows[0]) if request and rows else table([_ledger_line(row) for row in rows], columns)
    show([{column: row[column] for column in LEDGER_COLUMNS} for row in rows], as_json, people)


@ledger.command("audit")
@directories
@click.option(
    "--proof",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An earlier `tollhouse ledger proof --json`: the ledger may only have grown since.",
)
@as_json
def audit(config: Path, data: Path | None, proof: Path | None, as_json: bool) -> None:
    """Recompute every charge from its own row and follow the hash chain; exit 1 on any drift.

    \b
    Examples:
      tollhouse ledger audit
      tollhouse ledger proof --json > proof.json      # keep it somewhere else
      tollhouse ledger audit --proof proof.json       # also shows rows that were taken off the end
    """
    earlier = _read_proof(proof) if proof is not None else None
    with kept_store(data) as store:
        report = audit_store(store, earlier)
    facts = {
        "entries": report.entries,
        "requests": report.requests,
        "posted": report.posted,
        "voided": report.voided,
        "expired": report.expired,
        "refunded": report.refunded,
        "held": report.held,
        "charged_usd": format_usd(report.charged_nano),
        "refunded_usd": format_usd(report.refunded_nano),
        "credited_usd": format_usd(report.credited_nano),
        "adjusted_usd": format_usd(report.adjusted_nano),
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


@ledger.command("proof")
@directories
@as_json
def proof(config: Path, data: Path | None, as_json: bool) -> None:
    """Show the books in a few numbers: the head of the hash chain, the entries of each kind, and their sums.

    \b
    Examples:
      tollhouse ledger proof
      tollhouse ledger proof --json
    """
    found = administer(config, data, "GET", "/ledger/proof")
    counts = {f"entries of {kind}": count for kind, count in found["counts"].items()}
    facts = {name: found[name] for name in ("at", "head", "entries")}
    people = {**facts, **counts, "open_holds": found["open_holds"], **found["sums"]}
    show(found, as_json, record({**people, "sum_of_entries_usd": found["sum_of_entries_usd"]}))


@ledger.command("reconcile")
@directories
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="The newest requests.")
@as_json
def reconcile(config: Path, data: Path | None, limit: int, as_json: bool) -> None:
    """List what to compare with the providers' bills; exit 1 where memory and store differ.

    Listed are requests that a provider may have answered and nobody paid for: cut off by the end of an earlier process,
    expired, or refunded because the answer could not be delivered. Where no gateway runs, what a killed one left open is
    voided first, as its next start does.

    \b
    Example:
      tollhouse ledger reconcile
    """
    # What a crash has cut off is only known as such once its holds are void; without them the list would be wrong.
    found = administer(config, data, "GET", "/ledger/reconciliation", query={"limit": limit}, resolve=True)
    rows = [{**row, "created_at": short_time(row["created_at"])} for row in found["rows"]]
    totals = ", ".join(f"{count} {kind}" for kind, count in found["totals"].items())
    agree = f"Memory and store agree: {found['accounts']} accounts, {found['open_holds']} open holds."
    findings = "".join(f"\n{finding}" for finding in found["findings"])
    verdict = f"Memory and store differ; findings: {found['drift']}{findings}" if found["drift"] else agree
    show(found, as_json, f"{table(rows, UNPAID_SHOWN)}\nIn all: {totals}.\n{verdict}")
    if found["drift"]:
        sys.exit(1)


def _read_proof(path: Path) -> Proof:
    try:
        found = json.loads(path.read_text())
        return Proof(int(found["entries"]), str(found["head"]))
    except (ValueError, KeyError, TypeError) as error:
        raise TollhouseError(f"{path}: is no proof; `tollhouse ledger proof --json` writes one.") from error


def _ledger_line(row: Mapping[str, Any]) -> dict[str, Any]:
    """A ledger row for a table: all kinds of input tokens together, times to the second."""
    return {
        **row, "created_at": short_time(row["created_at"]), "input": input_tokens(row), "output": row["output_tokens"],
    }  # fmt: skip

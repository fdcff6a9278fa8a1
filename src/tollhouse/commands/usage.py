"""`tollhouse usage`."""

from pathlib import Path
from typing import Any

import click

from tollhouse.commands.common import administer, as_json, directories, input_tokens, show
from tollhouse.storage.base import USAGE_SHOWN
from tollhouse.tables import comma_separated, table


@click.command()
@directories
@click.option("--account", help="Only this account: an id or a name.")
@click.option("--from", "start", metavar="D", help="The first day, or hour, in UTC. Default: 30 days up to --to.")
@click.option("--to", "end", metavar="D", help="The last day, included, or the hour where it ends. Default: today.")
@click.option(
    "--by",
    default="day,model",
    show_default=True,
    metavar="GROUPS",
    help="What to group by: some of day, hour, model, key, provider, account.",
)
@click.option("--key", metavar="ID", help="Only calls with this API key, by its id.")
@as_json
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV for spreadsheets.")
def usage(
    config: Path,
    data: Path | None,
    account: str | None,
    start: str | None,
    end: str | None,
    by: str,
    key: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show what was used and charged. Refunded requests are left out.

    A request counts in the hour in which it began, under the model that it named.

    \b
    Examples:
      tollhouse usage --account acme --from 2026-11-01 --to 2026-11-30
      tollhouse usage --by account,provider --csv > usage.csv
      tollhouse usage --by hour --from 2026-11-21T08:00:00Z --to 2026-11-21T18:00:00Z
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv cannot be asked for together.")
    query = {"account": account, "from": start, "to": end, "by": by, "key": key}
    report = administer(config, data, "GET", "/usage", query=query)
    if as_csv:
        click.echo(comma_separated(report["data"], (*report["by"], *USAGE_SHOWN)), nl=False)
    else:
        show(report, as_json, usage_table(report))


def usage_table(report: dict[str, Any]) -> str:
    """The rows and their total, all kinds of input tokens together."""
    if not report["data"]:
        return table([], ())
    total = {**report["total"], report["by"][0]: "total", **dict.fromkeys(report["by"][1:], "")}
    return table(
        [_line(row) for row in (*report["data"], total)], (*report["by"], "requests", "input", "output", "cost_usd")
    )


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "input": input_tokens(row), "output": row["output_tokens"]}

"""`tollhouse log`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tollhouse.commands.common import administer, as_json, directories, short_time, show
from tollhouse.tables import table

LOG_SHOWN = ("at", "actor", "client", "action", "object", "change")


@click.command("log")
@directories
@click.option("--account", help="Only changes of this account and its keys: an id or a name.")
@click.option(
    "--object", "thing", metavar="ID", help="Only changes of this account or key, by its id, or of this provider."
)
@click.option("--action", help="Only this operation, such as create_key.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="The newest rows.")
@as_json
def log(
    config: Path,
    data: Path | None,
    account: str | None,
    thing: str | None,
    action: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Show what administrators changed, the newest first.

    \b
    Examples:
      tollhouse log --account acme
      tollhouse log --action revoke_key --json
    """
    query = {"account": account, "object": thing, "action": action, "limit": limit}
    rows = administer(config, data, "GET", "/log", query=query)["rows"]
    show(rows, as_json, table([_line(row) for row in rows], LOG_SHOWN))


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    before, after = row["before"], row["after"]
    changes = [
        f"{name}: {_short(before[name])} → {_short(value)}" if name in before else f"{name}: {_short(value)}"
        for name, value in after.items()
        if name in before or value is not None
    ]
    return {**row, "at": short_time(row["at"]), "change": ", ".join(changes)}


def _short(value: Any) -> str:
    """A fact for a table; control characters must not reach a terminal."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else "-" if value is None else str(value)
    return "".join(character if character.isprintable() else "?" for character in text)

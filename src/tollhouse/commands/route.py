"""`tollhouse route`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tollhouse.commands.common import administer, as_json, directories, show
from tollhouse.tables import table

SHOWN = ("position", "provider", "key", "upstream_model", "weight", "share", "state", "why")


@click.command("route")
@directories
@click.argument("model")
@click.option(
    "--operation", help="For this operation, such as create_message; left out, the one the model is made for."
)
@as_json
def route(config: Path, data: Path | None, model: str, operation: str | None, as_json: bool) -> None:
    """Show who would be asked for MODEL now, in which order, and why.

    Candidates that speak the client's format come first, by weight; those that are paused or rest after failures come
    last. What rests is known to a running server only.

    \b
    Examples:
      tollhouse route gpt-4o
      tollhouse route claude-sonnet-4-5 --operation create_chat_completion --json
    """
    found = administer(config, data, "GET", "/routes", query={"model": model, "operation": operation})
    lines = [f"{found['model']} for {found['operation']}, at most {found['attempts_max']} attempts", ""]
    lines.append(table([_line(each) for each in found["candidates"]], SHOWN))
    if found["without_keys"]:
        lines += ["", f"No key: {', '.join(found['without_keys'])}; `tollhouse providers add-key` adds one."]
    show(found, as_json, "\n".join(lines))


def _line(candidate: Mapping[str, Any]) -> dict[str, Any]:
    why = [f"{candidate['dialect']} format, translated"] if candidate["translated"] else []
    why += [candidate["reason"]] if candidate["reason"] else []
    why += [f"for another {candidate['wait_s']} s"] if candidate["wait_s"] else []
    return {**candidate, "share": f"{candidate['share']:.0%}", "why": ", ".join(why)}

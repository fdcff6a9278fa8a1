"""What the commands of the contract kit share: their options, exit codes and the printing of findings."""

import datetime as dt
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from tollhouse.spec.exceptions import apply, read_exceptions
from tollhouse.spec.findings import FORMATS, Finding, render
from tollhouse.spec.reading import SpecError

FAILS = {"breaking": ("error", "breaking"), "risky": ("error", "warning", "breaking", "risky")}


class SpecCommands(click.Group):
    """A group whose commands end with 2 where a document cannot be read: 1 means that there are findings."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SpecError as error:
            click.echo(str(error), err=True)
            ctx.exit(2)


def formats(command: Callable[..., Any]) -> Callable[..., Any]:
    """How findings are printed."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="The same as --format json."),
        click.option(
            "--format",
            "form",
            type=click.Choice(FORMATS),
            default="text",
            metavar="FORM",
            help=f"One of {', '.join(FORMATS)}. Default: text.",
        ),
    ):
        command = option(command)
    return command


excused = click.option(
    "--exceptions", metavar="FILE", help="Findings that are known until a day: [{id, until, reason}]."
)
document = click.option(
    "--spec", "name", required=True, metavar="FILE", help="The document: YAML or JSON, git:REV:path or a URL."
)
chosen = click.option("--operations", metavar="A,B", default="", help="Only these operationIds.")


def finish(findings: Sequence[Finding], form: str, as_json: bool, failing: Sequence[str] = FAILS["breaking"]) -> None:
    """Print findings; end with 1 where one of them fails."""
    text = render(findings, "json" if as_json else form, failing)
    if text:
        click.echo(text)
    if any(finding.severity in failing for finding in findings):
        sys.exit(1)


def comma_separated(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def bearer(key: str | None) -> dict[str, str]:
    """The header of an API key."""
    return {"authorization": f"Bearer {key}"} if key else {}


def excuse(findings: list[Finding], exceptions: str | None, *, of_lint: bool = False) -> list[Finding]:
    """Without what the file of exceptions excuses today. One file may serve both linting and comparing."""
    if exceptions is None:
        return findings
    exemptions = [each for each in read_exceptions(exceptions) if each.id.startswith("TH") == of_lint]
    kept, notes = apply(findings, exemptions, dt.datetime.now(dt.UTC).date())
    for note in notes:
        click.echo(note, err=True)
    return kept


def write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8", newline="\n")
        click.echo(f"wrote {output}", err=True)

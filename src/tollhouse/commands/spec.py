"""`tollhouse spec`: what a document promises, what is wrong with it, and what a change of it breaks."""

import datetime as dt
import json
import sys
from dataclasses import replace
from pathlib import Path

import click

from tollhouse.commands.findings import (
    FAILS,
    SpecCommands,
    bearer,
    chosen,
    comma_separated,
    document,
    excuse,
    excused,
    finish,
    formats,
    write,
)
from tollhouse.spec.baseline import examine, keep
from tollhouse.spec.bundling import bundle as read_spec
from tollhouse.spec.classes import CLASSES
from tollhouse.spec.coverage import Coverage, cover, missing
from tollhouse.spec.diff import diff as differences
from tollhouse.spec.exceptions import read_exceptions
from tollhouse.spec.findings import Finding
from tollhouse.spec.lint import RULES
from tollhouse.spec.lint import lint as lint_spec
from tollhouse.spec.lock import lock as make_lock
from tollhouse.spec.lock import read_lock, write_lock
from tollhouse.spec.runner import cases, run
from tollhouse.spec.traffic import read_traffic
from tollhouse.tables import table


@click.group(cls=SpecCommands)
def spec() -> None:
    """Lint, compare, bundle and lock OpenAPI 3.0 and 3.1 documents, anyone's.

    Exit codes: 0 all is well, 1 there are findings, 2 wrong usage or a file that cannot be read.

    \b
    Examples:
      tollhouse spec lint openapi/openai.yaml
      tollhouse spec diff git:main:openapi/openai.yaml openapi/openai.yaml
      tollhouse spec lock --spec provider.yaml --recorded traffic.har -o contract.lock
    """


@spec.command()
@click.argument("names", nargs=-1, metavar="FILE...")
@click.option("--rules", is_flag=True, help="Print the rules and end.")
@excused
@formats
def lint(names: tuple[str, ...], rules: bool, exceptions: str | None, form: str, as_json: bool) -> None:
    """Check documents by the rules. Warnings are printed and fail nothing.

    \b
    Examples:
      tollhouse spec lint my.yaml
      tollhouse spec lint --rules
      tollhouse spec lint --format github openapi/*.yaml
    """
    if rules:
        rows = [rule._asdict() for rule in RULES]
        click.echo(table(rows, ("code", "severity", "title", "why", "fix")))
        return
    if not names:
        raise click.UsageError("Name at least one document, or ask for --rules.")
    found = [finding for name in names for finding in lint_spec(read_spec(name))]
    finish(excuse(list(dict.fromkeys(found)), exceptions, of_lint=True), form, as_json)


@spec.command()
@click.argument("names", nargs=-1, metavar="OLD NEW")
@click.option("--classes", is_flag=True, help="Print the classes of change and end.")
@click.option(
    "--lock",
    "locks",
    multiple=True,
    metavar="FILE",
    help="Count only what the consumer of this contract.lock uses; may be repeated.",
)
@click.option(
    "--fail-on",
    type=click.Choice(list(FAILS)),
    default="breaking",
    metavar="SEVERITY",
    help="breaking, or risky for both. Default: breaking.",
)
@click.option("--all", "everything", is_flag=True, help="Print compatible changes too.")
@excused
@formats
def diff(
    names: tuple[str, ...],
    classes: bool,
    locks: tuple[str, ...],
    fail_on: str,
    everything: bool,
    exceptions: str | None,
    form: str,
    as_json: bool,
) -> None:
    """Say what changed from OLD to NEW, and what of it breaks callers.

    \b
    Examples:
      tollhouse spec diff old.yaml new.yaml
      tollhouse spec diff git:v1.2:openapi/openai.yaml openapi/openai.yaml --format junit
      tollhouse spec diff old.yaml new.yaml --lock consumers/web.lock --exceptions known.yaml
    """
    if classes:
        click.echo(table([each._asdict() for each in CLASSES], ("name", "request", "response", "title")))
        return
    if len(names) != 2:
        raise click.UsageError("Name two documents, OLD and NEW, or ask for --classes.")
    old, new = map(read_spec, names)
    found = differences(old, new)
    if locks:
        found = _reaching(found, [finding for name in locks for finding in differences(read_lock(name), new)])
    found = excuse(found, exceptions)
    finish([each for each in found if everything or each.severity != "compatible"], form, as_json, FAILS[fail_on])


def _reaching(found: list[Finding], locked: list[Finding]) -> list[Finding]:
    """The findings that reach consumers, with the operations that these have in their locks; others are not their business."""
    used: dict[str, dict[str, None]] = {}
    for finding in locked:
        used.setdefault(finding.id, {}).update(dict.fromkeys(finding.operations))
    return [replace(finding, operations=tuple(used[finding.id])) for finding in found if finding.id in used]


@spec.command()
@click.argument("name", metavar="FILE")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write. Default: standard output."
)
def bundle(name: str, output: Path | None) -> None:
    """Print a document as one JSON file, with all references to other files pulled in. The same files give the same bytes.

    \b
    Example:
      tollhouse spec bundle openapi/openai.yaml -o openai.json
    """
    write(json.dumps(read_spec(name).value, indent=2, ensure_ascii=False) + "\n", output)


@spec.command()
@document
@click.option(
    "--recorded", metavar="FILE", help="Traffic: HAR, or JSON lines of {method, url, status, request, response}."
)
@click.option("--against", metavar="URL", help="Run the document's examples against this server and count those.")
@click.option("--key", envvar="TOLLHOUSE_API_KEY", help="An API key for --against. Default: $TOLLHOUSE_API_KEY.")
@click.option("--vendor", metavar="FILE", help="List the fields that only this document of the vendor names.")
@click.option(
    "--min", "least", type=float, default=0, metavar="PERCENT", help="Fail below this share of statuses and fields."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs, with every field that was not seen.")
def coverage(
    name: str,
    recorded: str | None,
    against: str | None,
    key: str | None,
    vendor: str | None,
    least: float,
    as_json: bool,
) -> None:
    """Say what of a document traffic exercises, or what a vendor's document has that this one does not name.

    \b
    Examples:
      tollhouse spec coverage --spec my.yaml --recorded traffic.har --min 80
      tollhouse spec coverage --spec my.yaml --against http://localhost:8080/v1
      tollhouse spec coverage --spec openapi/openai.yaml --vendor openai.json
    """
    if sum(map(bool, (recorded, against, vendor))) != 1:
        raise click.UsageError("Ask for one of --recorded, --against and --vendor.")
    ours = read_spec(name)
    if vendor:
        lacking = missing(ours, read_spec(vendor))
        rows = [
            {"operation": operation, "missing": len(fields), "fields": ", ".join(fields[:6])}
            for operation, fields in lacking.items()
        ]
        click.echo(json.dumps(lacking, indent=2) if as_json else table(rows, ("operation", "missing", "fields")))
        return
    if against:
        outcomes = run(ours, against, list(cases(ours, bearer(key))))
        exchanges = [outcome.exchange for outcome in outcomes if outcome.exchange]
    else:
        exchanges = read_traffic(str(recorded))
    report = cover(ours, exchanges)
    click.echo(_coverage(report, as_json))
    if report.percent < least:
        click.echo(f"{report.percent:.1f}% is below {least:g}%.", err=True)
        sys.exit(1)


@spec.command()
@document
@chosen
@click.option("--recorded", metavar="FILE", help="Keep only the fields that this traffic has: HAR or JSON lines.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write. Default: standard output."
)
def lock(name: str, operations: str, recorded: str | None, output: Path | None) -> None:
    """Write a contract.lock: the operations and fields that a consumer uses, to be checked where the provider changes.

    \b
    Examples:
      tollhouse spec lock --spec provider.yaml --operations create_user,get_user -o contract.lock
      tollhouse spec lock --spec provider.yaml --recorded traffic.har -o contract.lock
    """
    exchanges = read_traffic(recorded) if recorded else None
    write(write_lock(make_lock(read_spec(name), comma_separated(operations), exchanges)), output)


@spec.command("check-lock")
@click.argument("locks", nargs=-1, required=True, metavar="LOCK...")
@document
@excused
@formats
def check_lock(locks: tuple[str, ...], name: str, exceptions: str | None, form: str, as_json: bool) -> None:
    """Check in the provider's CI that a document keeps what its consumers have locked.

    \b
    Example:
      tollhouse spec check-lock consumers/*.lock --spec openapi/openai.yaml
    """
    new = read_spec(name)
    found = [each for one in locks for each in differences(read_lock(one), new) if each.severity == "breaking"]
    unique = list({finding.id: finding for finding in found}.values())
    finish(excuse(unique, exceptions), form, as_json)


@spec.command()
@click.argument("names", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--dir", "directory", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where the locks are."
)
@click.option("--check", is_flag=True, help="Write nothing; fail also where a lock lags behind.")
@excused
@formats
def baseline(
    names: tuple[str, ...], directory: Path, check: bool, exceptions: str | None, form: str, as_json: bool
) -> None:
    """Keep a golden lock of whole documents: additions are written, breaking changes are refused.

    \b
    Examples:
      tollhouse spec baseline openapi/*.yaml --dir docs/contract
      tollhouse spec baseline openapi/*.yaml --dir docs/contract --check --exceptions docs/contract/exceptions.yaml
    """
    verdict = examine(
        names, directory, read_exceptions(exceptions) if exceptions else [], dt.datetime.now(dt.UTC).date()
    )
    for note in verdict.notes:
        click.echo(note, err=True)
    if not verdict.findings and check and verdict.stale:
        click.echo(
            f"{', '.join(map(str, sorted(verdict.stale)))}: the documents have more than this; run `make generate`.",
            err=True,
        )
        sys.exit(1)
    for path in [] if check else keep(verdict):
        click.echo(f"wrote {path}", err=True)
    finish(verdict.findings, form, as_json)


def _coverage(report: Coverage, as_json: bool) -> str:
    rows = [entry.as_dict() for entry in report.operations]
    if as_json:
        return json.dumps(
            {"operations": rows, "unmatched": report.unmatched, "percent": round(report.percent, 1)}, indent=2
        )
    lines = [table(rows, ("operation", "calls", "statuses", "fields", "undescribed"))]
    lines += [f"no operation takes {request}" for request in report.unmatched]
    return "\n".join([*lines, f"{report.percent:.1f}% of statuses and fields were seen"])

"""`tollhouse test contract`: whether a server keeps its document."""

import sys

import click
import httpx

from tollhouse.commands.findings import SpecCommands, bearer, chosen, comma_separated, document, finish, formats
from tollhouse.spec.bundling import Spec
from tollhouse.spec.bundling import bundle as read_spec
from tollhouse.spec.findings import Finding
from tollhouse.spec.generated import generated_cases
from tollhouse.spec.reading import SpecError
from tollhouse.spec.runner import Outcome, cases, run
from tollhouse.tables import table


@click.group(cls=SpecCommands)
def test() -> None:
    """Test servers.

    \b
    Example:
      tollhouse test contract --spec http://localhost:8000/v1/openapi.json --against http://localhost:8000/v1 --key sk_rc_...
    """


@test.command()
@document
@click.option(
    "--against", required=True, metavar="URL", help="The server with its base path, such as http://localhost:8080/v1."
)
@click.option(
    "--key", envvar="TOLLHOUSE_API_KEY", help="An API key, sent as a bearer token. Default: $TOLLHOUSE_API_KEY."
)
@chosen
@click.option(
    "--cases",
    "count",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="N generated requests for each operation too; needs tollhouse[contract].",
)
@formats
def contract(name: str, against: str, key: str | None, operations: str, count: int, form: str, as_json: bool) -> None:
    """Send a document's examples, and requests that must be refused, and hold the answers against it.

    The requests are real: what is metered costs what it costs, and what they create, change or delete stays so. Use the key of a
    scratch account, and a server whose state you can lose.

    A document that the server itself gives says what holds there; of a gateway, who may call without a key.

    \b
    Examples:
      tollhouse test contract --spec my.yaml --against http://localhost:8080/v1
      tollhouse test contract --spec http://localhost:8000/v1/openapi.json --against http://localhost:8000/v1
      tollhouse test contract --spec my.yaml --against https://api.example --operations create_user --cases 50 --format junit
    """
    spec, only = read_spec(name), comma_separated(operations)
    chosen_cases = [*cases(spec, bearer(key), only)]
    if count:
        chosen_cases += generated_cases(spec, bearer(key), count, only)
    if not chosen_cases:
        raise SpecError(f"{name}: there is nothing to send; no such operation, or none with an example.")
    try:
        outcomes = list(run(spec, against, chosen_cases))
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise SpecError(f"{against}: cannot be reached: {error}.") from error
    if form == "text" and not as_json:
        click.echo(_table(outcomes))
        sys.exit(1 if any(outcome.problem for outcome in outcomes) else 0)
    finish([_finding(spec, outcome) for outcome in outcomes], form, as_json)


def _table(outcomes: list[Outcome]) -> str:
    rows = [
        {"operation": each.operation, "check": each.check, "case": each.label, "result": each.problem or "ok"}
        for each in outcomes
    ]
    failed = sum(outcome.problem is not None for outcome in outcomes)
    return f"{table(rows, ('operation', 'check', 'case', 'result'))}\n{len(outcomes) - failed} ok, {failed} failed"


def _finding(spec: Spec, outcome: Outcome) -> Finding:
    return Finding(
        code=outcome.check,
        severity="error" if outcome.problem else "ok",
        operations=(outcome.operation,),
        pointer="",
        place=spec.place(()),
        message=f"{outcome.label}: {outcome.problem or 'ok'}",
        id=f"{outcome.check} {outcome.operation} {outcome.label}",
    )

"""`tollhouse simulate`."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from tollhouse.billing.money import PPM, format_usd, parse_multiplier
from tollhouse.billing.simulation import Simulation, Sums, WhatIf
from tollhouse.commands.common import account_id_in, as_json, directories, input_tokens, kept_store, show
from tollhouse.config.load import load_catalogue
from tollhouse.config.problems import accepted_fix
from tollhouse.errors import TollhouseError
from tollhouse.storage.base import Charge, Store
from tollhouse.tables import table
from tollhouse.times import Period, now_us, parse_period

SHOWN = ("model", "requests", "input", "output", "charged_usd", "simulated_usd", "difference_usd")
QUIET_S = 2.0  # how long a simulation may take before it says how far it is
TICK_ROWS = 4096  # between two looks at the clock


class CannotSimulate(TollhouseError):
    """What was asked for cannot be worked out; the message says what can."""


@click.command()
@directories
@click.option("--from", "start", required=True, metavar="D", help="The first day, or hour, in UTC.")
@click.option("--to", "end", required=True, metavar="D", help="The last day, included, or the hour where it ends.")
@click.option(
    "--catalog",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Prices of this model_catalog.json. Default: those that were charged.",
)
@click.option("--multiplier", default="1", metavar="M", show_default=True, help="A factor on top of every charge.")
@click.option(
    "--map", "pairs", multiple=True, metavar="MODEL=OTHER", help="Price what MODEL served as OTHER; may be repeated."
)
@click.option("--account", help="Only this account: an id or a name.")
@as_json
def simulate(
    config: Path,
    data: Path | None,
    start: str,
    end: str,
    catalog: Path | None,
    multiplier: str,
    pairs: tuple[str, ...],
    account: str | None,
    as_json: bool,
) -> None:
    """Work out what recorded usage would have cost at other prices. Nothing changes; without options it is what was charged.

    Requests count by when they began; refunded ones are left out. With other prices the catalogue's part of a model's
    multiplier is replaced, and what its provider adds stays. The account's own multiplier always stays.

    \b
    Examples:
      tollhouse simulate --from 2026-11-01 --to 2026-11-30 --catalog new_prices.json
      tollhouse simulate --from 2026-11-01 --to 2026-11-30 --map gpt-4o=gpt-4o-mini --account acme
      tollhouse simulate --from 2026-11-01 --to 2026-11-30 --multiplier 1.15
    """
    period = _period(start, end)
    what_if = WhatIf(
        load_catalogue(catalog) if catalog else None, _factor(multiplier), MappingProxyType(_models(pairs))
    )
    with kept_store(data) as store:
        account_id = account_id_in(store, account) if account is not None else None
        simulation = simulated(store, period, account_id, what_if)
    report = {
        "object": "simulation",
        "account": account_id,
        "from": period.start,
        "to": period.end,
        "data": [_described(sums, model) for model, sums in sorted(simulation.models.items())],
        "total": _described(simulation.total),
    }
    show(report, as_json, _table(report))


def simulated(store: Store, period: Period, account_id: str | None, what_if: WhatIf) -> Simulation:
    """Rate the charges of a period anew; raises CannotSimulate where a model has no prices."""
    with store.charges(period.start_us, period.end_us, account_id) as charges:
        simulation = Simulation(charges.price_versions, what_if)
        _check_models(simulation, what_if)
        for charge in _with_progress(charges.rows):
            simulation.add(charge)
    if simulation.unpriced:
        names = ", ".join(sorted(simulation.unpriced))
        raise CannotSimulate(
            f"There are no prices for {names}, which charges of this period need; add them to the catalogue, "
            "or name another model for each with --map MODEL=OTHER."
        )
    return simulation


def _check_models(simulation: Simulation, what_if: WhatIf) -> None:
    if not what_if.models:
        return
    recorded = simulation.known_models()
    priced = recorded if what_if.catalogue is None else set(what_if.catalogue.models)
    for names, known in ((what_if.models.keys(), recorded), (what_if.models.values(), priced)):
        for name in names:
            if name not in known:
                raise CannotSimulate(f"--map: there is no model {name}; {accepted_fix(name, sorted(known))}")


def _with_progress(rows: Iterable[Charge]) -> Iterator[Charge]:
    """The rows; a person who waits for long is told how many there were so far."""
    began_s, told = time.monotonic(), False
    for number, row in enumerate(rows):
        if number % TICK_ROWS == 0 and sys.stderr.isatty() and time.monotonic() - began_s > QUIET_S:
            click.echo(f"\r{number:,} requests …", nl=False, err=True)
            told = True
        yield row
    if told:
        click.echo("\r\033[K", nl=False, err=True)


def _period(start: str, end: str) -> Period:
    try:
        return parse_period(start, end, now_us())
    except ValueError as error:
        raise CannotSimulate(f"--{error}.") from error


def _factor(multiplier: str) -> Fraction:
    try:
        return Fraction(parse_multiplier(multiplier), PPM)
    except ValueError as error:
        raise CannotSimulate(f"--multiplier: {error}.") from error


def _models(pairs: Sequence[str]) -> dict[str, str]:
    models: dict[str, str] = {}
    for pair in pairs:
        model, equals, other = pair.partition("=")
        if not (model and equals and other):
            raise click.UsageError(f"--map takes MODEL=OTHER, such as gpt-4o=gpt-4o-mini, not {pair!r}.")
        if models.setdefault(model, other) != other:
            raise click.UsageError(f"--map names {model} twice, as {models[model]} and as {other}.")
    return models


def _described(sums: Sums, model: str | None = None) -> dict[str, Any]:
    counts = asdict(sums)
    charged_nano, simulated_nano = counts.pop("charged_nano"), counts.pop("simulated_nano")
    return {
        **({} if model is None else {"model": model}),
        **counts,
        "charged_usd": format_usd(charged_nano),
        "simulated_usd": format_usd(simulated_nano),
        "difference_usd": format_usd(simulated_nano - charged_nano),
    }


def _table(report: dict[str, Any]) -> str:
    rows = [*report["data"], {"model": "total", **report["total"]}]
    return table([{**row, "input": input_tokens(row), "output": row["output_tokens"]} for row in rows], SHOWN)

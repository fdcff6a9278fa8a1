"""`make fuzz`: generated requests on every mount, generated answers behind the gateway, and docs/contract.md."""

import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import click

from fuzz.contract import Effort, fuzz_mount
from fuzz.gateway import FuzzedGateway
from fuzz.mounts import Mount, mounts
from fuzz.report import Run, render
from fuzz.shapes import ORACLES
from fuzz.tally import Tally
from fuzz.upstream import Calls, fuzz_upstream
from tollhouse.contract.documents import load_document, operations

REPORT = Path(__file__).parents[1] / "docs" / "contract.md"
EXAMPLES = 100  # of an operation, in each phase that draws; phases take turns until their time is over
SECONDS_MIN = 10
PARTS = ("requests", "answers")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--minutes", type=click.FloatRange(0.1), default=10, show_default=True, help="For all mounts together.")
@click.option("--answers", type=click.IntRange(1), default=10_000, show_default=True, help="Upstream answers.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same data.")
@click.option("--mount", "wanted", metavar="WORD", default="", help="Only mounts whose name has this word.")
@click.option("--only", type=click.Choice(PARTS), help="Only one of the two parts.")
@click.option("--oracles", type=click.Path(path_type=Path), default=ORACLES, help="The vendors' own documents.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Default: docs/contract.md of a whole run."
)
def main(
    minutes: float, answers: int, seed: int, wanted: str, only: str | None, oracles: Path, report: Path | None
) -> None:
    """Fuzz the gateway both ways and write what came of it. Exit code 1 where anything failed."""
    contract = [] if only == "answers" else _requests(minutes, seed, wanted)
    calls = None if only == "requests" else _answers(answers, seed, oracles)
    versions = {name: version(name) for name in ("schemathesis", "hypothesis")}
    run = Run(seed, minutes, versions, contract, calls, answers)
    whole = only is None and not wanted
    if report or whole:
        (report or REPORT).write_text(render(run))
    else:
        print(render(run))
    sys.exit(1 if run.failures else 0)


def _requests(minutes: float, seed: int, wanted: str) -> list[tuple[Mount, Tally]]:
    """Every mount on a gateway of its own; each gets time by the number of its operations."""
    chosen = [mount for mount in mounts() if wanted in mount.name]
    sizes = [len(operations(load_document(mount.document))) for mount in chosen]
    found = []
    for mount, size in zip(chosen, sizes, strict=True):
        seconds = max(SECONDS_MIN, round(minutes * 60 * size / sum(sizes)))
        with (
            tempfile.TemporaryDirectory(prefix="tollhouse-fuzz-") as directory,
            FuzzedGateway(Path(directory)) as gateway,
        ):
            tally = fuzz_mount(gateway, mount, seed, Effort(EXAMPLES, seconds))
        found.append((mount, tally))
        _say(f"{mount.name}: {sum(tally.cases.values())} cases in {seconds} s, {len(tally.failures)} failures")
        for (operation, check, title), text in tally.failures.items():
            _say(f"\n{operation}: {check}: {title}\n{text}")
    return found


def _answers(count: int, seed: int, oracles: Path) -> Calls:
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tollhouse-fuzz-") as directory, FuzzedGateway(Path(directory)) as gateway:
        calls = fuzz_upstream(gateway, seed, count, oracles)
    _say(f"{sum(calls.calls.values())} upstream answers in {time.monotonic() - began_s:.0f} s, no promise broken")
    return calls


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

"""`make crash`: kill the gateway at random moments under mixed load, and compare the clients' answers with the ledger."""

import json
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import click

from benchmarks.crash.report import cases, figures, render
from benchmarks.crash.rounds import Run, run
from benchmarks.processes import progress

DISK = Path("/var/tmp")  # unlike /tmp it is never in memory, where a commit costs nothing
TELL_EVERY = 10  # rounds


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rounds", type=click.IntRange(1), default=100, show_default=True, help="How often it is killed.")
@click.option(
    "--seed", type=click.IntRange(0), help="The plan of an earlier run. Default: a new one, which is printed."
)
@click.option(
    "--durability",
    type=click.Choice(["strict", "relaxed"]),
    default="strict",
    show_default=True,
    help="Of the ledger. Relaxed loses charges, and within some rounds the run fails: so a missing charge is seen.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures and the cases as JSON.")
def main(rounds: int, seed: int | None, durability: str, as_json: bool) -> None:
    """Kill the gateway under load, start it again on the same ledger, and check every answer against its charge.

    \b
    The same seed makes the same plan: each client's sequence of calls, their sizes and delays, the moments of the
    kills. How far the clients get in it differs from run to run, because the timing of processes is not planned.

    \b
    `kill -9` ends the process and not the machine: what was handed to the operating system survives it, synced or
    not. A loss of power is not tried here.

    \b
    Exit code: 0 where the bill is right, 1 where it is not; the ledger and the log are kept then.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the children are stopped
    seed = random.SystemRandom().randrange(10**9) if seed is None else seed
    progress(f"seed {seed}, {rounds} rounds ...")
    directory = Path(tempfile.mkdtemp(prefix="tollhouse-crash-", dir=DISK if DISK.is_dir() else None))
    kept = True
    try:
        result = run(directory, rounds=rounds, seed=seed, durability=durability, tell=_tell)
        kept = bool(result.findings)
    except (KeyboardInterrupt, SystemExit):
        kept = False
        sys.exit(f"Stopped; the seed was {seed}.")
    finally:
        if kept:
            progress(f"The seed was {seed}; the ledger and the log are kept in {directory}")
        else:
            shutil.rmtree(directory)
    _report(result, as_json)


def _tell(run: Run) -> None:
    if run.rounds % TELL_EVERY == 0:
        shown = figures(run)
        progress(
            f"round {run.rounds}: {shown['requests']:,} requests, {shown['complete answers']:,} complete answers, "
            f"{shown['answers cut off']:,} cut off, {sum(map(len, run.findings.cases.values()))} findings"
        )


def _report(result: Run, as_json: bool) -> None:
    shown = figures(result)
    print(json.dumps({**shown, "cases": result.findings.cases}, indent=1) if as_json else render(shown))
    if result.findings:
        sys.exit(f"The bill is not right. To try again: --seed {result.seed}\n{cases(result)}")


if __name__ == "__main__":
    main()

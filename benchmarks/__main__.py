"""`make bench`: measure the gateway beside nginx and a direct call, and write docs/performance.md."""

import dataclasses
import datetime
import json
import signal
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import click

from benchmarks import formats, ledger, limits, nginx, streams, throughput
from benchmarks.machine import checkout, look, missing_tools, raise_open_files, two_cores
from benchmarks.processes import BenchmarkError, progress
from benchmarks.report import Results, render, targets, with_notes

REPORT = Path(__file__).parents[1] / "docs" / "performance.md"
STREAMS = "streams"
FORMATS = "formats"
LEDGER = "ledger"
LIMITS = "limits"
PARTS = (*throughput.PEERS, LIMITS, STREAMS, FORMATS, LEDGER)
DISK = Path("/var/tmp")  # unlike /tmp it is never in memory, where a sync costs nothing


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True, help="Turns of every peer.")
@click.option("--seconds", type=click.IntRange(1), default=2, show_default=True, help="Length of one turn.")
@click.option(
    "--streams", "stream_count", type=click.IntRange(1), default=5000, show_default=True, help="Idle streams."
)
@click.option(
    "--requests", type=click.IntRange(1), default=1_000_000, show_default=True, help="Rows of the large ledger."
)
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Measure this part only; may be repeated.")
@click.option("--quick", is_flag=True, help="Two short rounds, 500 streams, 20,000 rows.")
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Where the ledgers go.")
@click.option("--against", metavar="REF", help="A commit whose gateway is measured beside this one, turn by turn.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write every sample here too."
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="The report. Default: docs/performance.md."
)
def main(
    rounds: int,
    seconds: int,
    stream_count: int,
    requests: int,
    only: Sequence[str],
    quick: bool,
    data: Path | None,
    against: str | None,
    json_file: Path | None,
    output: Path | None,
) -> None:
    """Measure the gateway beside nginx `proxy_pass` and a direct call, in turns, and write the ratios.

    Only a whole run writes docs/performance.md; one with --quick or --only prints its report.
    """
    if (advice := missing_tools()) is not None:
        sys.exit(advice)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the children are stopped
    if quick:
        rounds, seconds, stream_count, requests = 2, 1, min(stream_count, 500), min(requests, 20_000)
    wanted = {*only, *([throughput.EARLIER] if against else [])} if only else {*PARTS}
    parts = [part for part in PARTS if part in wanted and (against or part != throughput.EARLIER)]
    try:
        results = _measure(
            parts, rounds, seconds, stream_count, requests, data or (DISK if DISK.is_dir() else None), against
        )
    except BenchmarkError as failure:
        sys.exit(f"The benchmark failed. {failure}")
    except KeyboardInterrupt:
        sys.exit("Stopped; nothing is written.")
    if json_file is not None:
        json_file.write_text(json.dumps(dataclasses.asdict(results), indent=1))
    _write(render(results), output or (None if quick or only else REPORT))
    for target in targets(results):
        progress(f"{'met   ' if target.met else 'MISSED'}  {target.text}: {target.measured} ({target.limit})")


def _measure(
    parts: Sequence[str],
    rounds: int,
    seconds: int,
    stream_count: int,
    ledger_requests: int,
    disk: Path | None,
    against: str | None,
) -> Results:
    cores = two_cores()
    open_files = raise_open_files()
    peers = [part for part in parts if part in throughput.PEERS]
    samples: list[throughput.Sample] = []
    metered: list[throughput.Metered] = []
    with tempfile.TemporaryDirectory(prefix="tollhouse-bench-", dir=disk) as temporary:
        directory = Path(temporary)
        machine = look(directory, open_files)
        earlier = checkout(directory / "earlier-source", against) if against else None
        if peers:
            with nginx.upstream(directory, cores.load) as upstream:
                samples, metered = throughput.measure(
                    directory, cores, upstream, peers, rounds=rounds, seconds=seconds, earlier=earlier
                )
        keys = limits.measure(directory / LIMITS, cores, rounds=rounds) if LIMITS in parts else None
        idle = streams.measure(directory / STREAMS, cores, stream_count, open_files) if STREAMS in parts else None
        cost = formats.measure(directory / FORMATS, cores, rounds=rounds) if FORMATS in parts else None
        books = ledger.measure(directory / LEDGER, ledger_requests) if LEDGER in parts else None
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return Results(
        today, version("tollhouse"), machine, cores, rounds, seconds, samples, metered, idle, books, against, cost, keys
    )


def _write(report: str, path: Path | None) -> None:
    if path is None:
        print(report)
        return
    path.write_text(with_notes(report, path.read_text() if path.is_file() else ""))
    progress(f"wrote {path}")


if __name__ == "__main__":
    main()

"""Streams: the memory of idle ones, how fast they are gone when their clients leave, and what a first frame costs."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from benchmarks import first_frame
from benchmarks.gateway import Gateway, audit, gateway
from benchmarks.machine import Cores
from benchmarks.processes import BenchmarkError, memory_kib, pinned, progress, running, wait_for_line

DESCRIPTORS_PER_STREAM = 2  # in the gateway: the client's connection and the upstream's
DESCRIPTORS_SPARE = 200
SILENCE_S = 20  # before the memory is read: longer than the time to a stream's first heartbeat
GONE_S = 60.0
SETTLE_S = 2.0


@dataclass(frozen=True, slots=True)
class Streams:
    """What was measured on `streams` open streams; `wanted` were asked for."""

    wanted: int
    streams: int
    open_s: float
    rss_before_kib: int
    rss_kib: int
    pss_before_kib: int
    pss_kib: int
    rss_closed_kib: int
    gone_s: float
    posted: int
    first_frame_us: float
    first_frame_direct_us: float

    @property
    def rss_per_stream_kib(self) -> float:
        return (self.rss_kib - self.rss_before_kib) / self.streams

    @property
    def pss_per_stream_kib(self) -> float:
        return (self.pss_kib - self.pss_before_kib) / self.streams


def possible(wanted: int, open_files: int) -> int:
    """How many streams the limit of open files allows."""
    return min(wanted, (open_files - DESCRIPTORS_SPARE) // DESCRIPTORS_PER_STREAM)


def measure(directory: Path, cores: Cores, wanted: int, open_files: int) -> Streams:
    """Open the streams through a gateway of their own, look at its memory, close them, audit."""
    streams = possible(wanted, open_files)
    directory.mkdir()
    home, log = directory / "gateway", directory / "upstream.log"
    command = [sys.executable, "-m", "benchmarks.silent_upstream"]
    with running(command, core=cores.load, log=log) as process:
        port = int(wait_for_line(process, log, "port ").split()[1])
        with gateway(home, cores.peer, f"http://127.0.0.1:{port}", durability="strict") as served:
            ours = urlsplit(served.url).port or 0
            with pinned(cores.load):
                direct_us, through_us = first_frame.medians_us([port, ours], served.key)
            _wait_until_gone(port)
            facts = _idle(directory, cores, served, ours, port, streams)
    report = audit(home)
    calls = streams + first_frame.TRIES + first_frame.WARM_UP
    if report.drift or report.requests != calls:
        raise BenchmarkError(f"The ledger does not match {calls} streams: {report}")
    return Streams(
        wanted, streams, *facts, posted=report.posted, first_frame_us=through_us, first_frame_direct_us=direct_us
    )


def _idle(
    directory: Path, cores: Cores, served: Gateway, ours: int, upstream: int, streams: int
) -> tuple[float, int, int, int, int, int, float]:
    """Seconds to open; memory before, while and after (see Streams); seconds until upstream has no stream left."""
    progress(f"opening {streams} streams ...")
    log = directory / "client.log"
    time.sleep(SETTLE_S)
    rss_before, pss_before = memory_kib(served.pid)
    started = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.silent_client", str(ours), served.key, str(streams)]
    with running(command, core=cores.load, log=log) as client:
        wait_for_line(client, log, "opened")
        open_s = time.monotonic() - started
        progress(f"all have their first frame after {open_s:.1f} s; now {SILENCE_S} s of silence ...")
        time.sleep(SILENCE_S)
        if (still_open := _open_streams(upstream)) != streams:
            raise BenchmarkError(f"Of {streams} streams, {still_open} are open after {SILENCE_S} s of silence.")
        rss, pss = memory_kib(served.pid)
        _close(client)
        gone_s = _wait_until_gone(upstream)
    time.sleep(SETTLE_S)
    return open_s, rss_before, rss, pss_before, pss, memory_kib(served.pid)[0], gone_s


def _close(client: subprocess.Popen[str]) -> None:
    assert client.stdin is not None, "processes are started with a pipe"
    client.stdin.write("close\n")
    client.stdin.flush()


def _wait_until_gone(upstream: int) -> float:
    """Seconds until the upstream has no open stream."""
    started = time.monotonic()
    while _open_streams(upstream):
        if time.monotonic() - started > GONE_S:
            raise BenchmarkError(f"The upstream still has open streams {GONE_S:g} s after their clients left.")
        time.sleep(0.01)
    return time.monotonic() - started


def _open_streams(upstream: int) -> int:
    return int(httpx.get(f"http://127.0.0.1:{upstream}/", trust_env=False).text)

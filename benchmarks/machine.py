"""The machine under the benchmark: its cores and versions, its disk, its limits, and the tools it lacks."""

import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import BenchmarkError

TOOLS = ("wrk", "nginx")
SYNC_TRIES = 400
SYNC_BYTES = 4096  # one page of SQLite's log


@dataclass(frozen=True, slots=True)
class Machine:
    """What the report says about where it was measured."""

    cpu: str
    cores: int
    kernel: str
    python: str
    tools: str
    filesystem: str
    sync_median_us: float
    sync_p99_us: float
    open_files: int


@dataclass(frozen=True, slots=True)
class Cores:
    """One core for the peer under test, the other for the load and the upstream; None where cores cannot be pinned."""

    peer: int | None
    load: int | None

    @property
    def shared(self) -> bool:
        return self.peer == self.load


def missing_tools() -> str | None:
    """How to get the tools that are not there; None where all are."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if not missing:
        return None
    return (
        f"The benchmark needs {' and '.join(missing)}, and this machine has none in its PATH.\n"
        "  Debian, Ubuntu:  apt-get install nginx-light wrk\n"
        "  Fedora:          dnf install nginx wrk\n"
        "  macOS:           brew install nginx wrk"
    )


def two_cores() -> Cores:
    """The first two cores this process may use. macOS cannot pin a process."""
    if not hasattr(os, "sched_getaffinity"):
        return Cores(None, None)
    usable = sorted(os.sched_getaffinity(0))
    return Cores(usable[0], usable[min(1, len(usable) - 1)])


def raise_open_files() -> int:
    """Raise the soft limit of open files to the hard one, for this process and its children; returns it."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = 1_048_576 if hard == resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def look(directory: Path, open_files: int) -> Machine:
    """Gather the facts; `directory` is where the gateway keeps its data."""
    median_us, p99_us = sync_latency_us(directory)
    return Machine(
        cpu=_cpu_model(),
        cores=os.cpu_count() or 1,
        kernel=f"{platform.system()} {platform.release()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        tools=f"{_version('nginx', '-v')}, {_version('wrk', '--version')}",
        filesystem=_filesystem(directory),
        sync_median_us=median_us,
        sync_p99_us=p99_us,
        open_files=open_files,
    )


def sync_latency_us(directory: Path) -> tuple[float, float]:
    """Median and 99th percentile of writing one page of an existing file and syncing it: the least a commit can take.

    SQLite does the same with its log, which it writes over and over.
    """
    sync = getattr(os, "fdatasync", os.fsync)  # macOS has fsync only
    path = directory / "sync-probe"
    page = bytes(SYNC_BYTES)
    times: list[float] = []
    with path.open("wb", buffering=0) as file:
        for number in range(2 * SYNC_TRIES):
            if number == SYNC_TRIES:
                file.seek(0)  # the first half was only to give the file its size
            started = time.perf_counter()
            file.write(page)
            sync(file.fileno())
            times.append((time.perf_counter() - started) * 1e6)
    path.unlink()
    return statistics.median(times[SYNC_TRIES:]), statistics.quantiles(times[SYNC_TRIES:], n=100)[98]


def _cpu_model() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _version(tool: str, option: str) -> str:
    """The tool's own first line, such as `nginx version: nginx/1.22.1`, without what follows the version."""
    result = subprocess.run([tool, option], capture_output=True, text=True)
    line = (result.stdout + result.stderr).splitlines()[0]
    return line.removeprefix("nginx version: ").partition(" [")[0]


def _filesystem(directory: Path) -> str:
    """Type and device of the file system that holds a directory."""
    mounts = Path("/proc/mounts")
    if not mounts.is_file():
        return sys.platform
    found = ("/", "unknown", "")
    for line in mounts.read_text().splitlines():
        device, point, kind = line.split()[:3]
        if directory.resolve().is_relative_to(point) and len(point) >= len(found[0]):
            found = (point, kind, device)
    return f"{found[1]} ({found[2]} on {found[0]})"


def checkout(directory: Path, ref: str) -> Path:
    """The files of a commit of this repository, in a directory of their own."""
    root = Path(__file__).parents[1]
    archive = subprocess.run(["git", "-C", str(root), "archive", ref], capture_output=True)
    if archive.returncode != 0:
        raise BenchmarkError(f"{ref} is no commit of this repository: {archive.stderr.decode().strip()}")
    directory.mkdir()
    subprocess.run(["tar", "-x", "-C", str(directory)], input=archive.stdout, check=True)
    return directory

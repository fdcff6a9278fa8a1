"""The Python client as a package: formatted, typed, complete, and it can be installed."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import tollhouse_client
from tests.codegen import golden

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "clients" / "python"
RUNTIME = ROOT / "codegen" / "runtime" / "python"
SAMPLE = Path(__file__).parent / "usage_sample.py"


def run(*words: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *map(str, words)], env={**os.environ, **environ}, capture_output=True, text=True
    )


def strictly_typed(cache: Path, *files: Path, **environ: str) -> None:
    """mypy finds nothing, with none of this checkout's own settings."""
    options = ["--strict", "--warn-unused-ignores", "--python-version", "3.11", "--config-file=", "--cache-dir", cache]
    done = run("mypy", *options, "--explicit-package-bases", *files, **environ)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_client_and_programs_that_use_it_are_strictly_typed(tmp_path: Path) -> None:
    package = PACKAGE / "src" / "tollhouse_client"
    strictly_typed(tmp_path, package, SAMPLE, MYPYPATH=str(PACKAGE / "src"))


@pytest.mark.slow
def test_the_clients_of_all_cases_are_strictly_typed(tmp_path: Path) -> None:
    for case in golden.CASES:
        golden.write(golden.library(case, "python"), tmp_path / case)
    sources = sorted(tmp_path.glob("*/src"))
    packages = [package for source in sources for package in sorted(source.iterdir())]
    assert len(packages) == len(golden.CASES) > 0
    strictly_typed(tmp_path / "cache", *packages, MYPYPATH=os.pathsep.join(map(str, sources)))


def test_the_clients_of_all_cases_are_formatted_and_lint_free(tmp_path: Path) -> None:
    for case in golden.CASES:
        golden.write(golden.library(case, "python"), tmp_path / case)
    for words in (["format", "--diff"], ["check"]):
        done = run("ruff", *words, "--no-cache", "--config", ROOT / "pyproject.toml", PACKAGE, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_runtime_is_copied_unchanged() -> None:
    copied = PACKAGE / "src" / "tollhouse_client" / "_runtime"
    for file in RUNTIME.glob("*.py"):
        assert (copied / file.name).read_bytes() == file.read_bytes()
    assert {path.name for path in copied.glob("*.py")} == {path.name for path in RUNTIME.glob("*.py")}


def test_the_version_is_that_of_the_documents() -> None:
    versions = {yaml.safe_load(path.read_text())["info"]["version"] for path in (ROOT / "openapi").glob("*.yaml")}
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["project"]
    assert project["version"] == tollhouse_client.__version__ == max(versions)
    assert project["dependencies"] == ["httpx>=0.27,<1"]


def test_everything_that_is_exported_is_there() -> None:
    for name in tollhouse_client.__all__:
        assert hasattr(tollhouse_client, name), name
    assert tollhouse_client.APIStatusError in tollhouse_client.NotFoundError.__mro__


@pytest.mark.slow
def test_it_installs_and_runs_from_its_wheel(tmp_path: Path) -> None:
    done = run("pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet", "-w", tmp_path / "dist", PACKAGE)
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "dist").iterdir()
    installed = tmp_path / "installed"
    done = run("pip", "install", "--no-deps", "--no-index", "--quiet", "--target", installed, wheel)
    assert done.returncode == 0, done.stderr
    names = zipfile.ZipFile(wheel).namelist()
    assert "tollhouse_client/py.typed" in names and any(name.endswith("/licenses/LICENSE") for name in names)
    script = "import tollhouse_client as t; c = t.Tollhouse(); print(t.__file__, len(vars(c))); c.close()"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith(str(installed)), done.stderr

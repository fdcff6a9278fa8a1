"""The pytest plugin, in a pytest of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.spec.things import KEY, document, serving

TEST = "def test_contract(contract_outcome):\n    assert contract_outcome.problem is None\n"


def run(directory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    (directory / "test_it.py").write_text(TEST)
    (directory / "things.json").write_text(json.dumps(document()))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tollhouse.spec.pytest_plugin",
        "-p",
        "no:cacheprovider",
        "-rA",
        *options,
    ]
    source = str(Path(__file__).parents[2] / "src")
    return subprocess.run(
        command, cwd=directory, env={**os.environ, "PYTHONPATH": source}, capture_output=True, text=True, timeout=60
    )


def test_each_case_of_the_document_is_a_test(tmp_path: Path) -> None:
    with serving() as url:
        result = run(tmp_path, "--contract-spec", "things.json", "--contract-url", url, "--contract-key", KEY)
    assert result.returncode == 0, result.stdout
    assert "5 passed" in result.stdout
    assert "test_contract[create_thing-no-auth-without-credentials]" in result.stdout


def test_a_server_that_breaks_its_document_fails(tmp_path: Path) -> None:
    with serving(get=(200, {"name": "a"})) as url:
        result = run(
            tmp_path, "--contract-spec", "things.json", "--contract-url", url, "--contract-operations", "get_thing"
        )
    assert result.returncode == 1
    assert "required property" in result.stdout


def test_without_the_option_nothing_happens(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.returncode == 0 and "1 skipped" in result.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [(("--contract-spec", "none.json"), "no such file"), (("--contract-spec", "things.json"), "needs --contract-url")],
)
def test_wrong_options_are_explained(tmp_path: Path, options: tuple[str, ...], message: str) -> None:
    result = run(tmp_path, *options)
    assert result.returncode != 0 and message in result.stdout + result.stderr


def test_the_plugin_brings_nothing_into_a_run_that_does_not_use_it() -> None:
    code = "import sys, tollhouse.spec.pytest_plugin; sys.exit('httpx' in sys.modules or 'yaml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=30).returncode == 0

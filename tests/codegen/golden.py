"""The mini-documents under cases/: what each gives in each language, and what programs see that use it.

A case is a folder:

    spec.yaml       the document
    calls.yaml      calls in order; of each the arguments, the request that must arrive, the server's reply, and what the caller gets
    client.yaml     options of the client and environment variables, where a case needs them
    python/ …       what is generated for each language, without the runtime, which is the same everywhere
    typescript/ …

`python -m tests.codegen.golden` writes the expected files anew; look at the difference before you commit it.

A language takes part with a driver, `drivers/{language}`: a program that is run in the folder of a generated library, takes a `Job` as JSON
on its standard input, makes the calls, and prints what came of each as a JSON list. Bytes are `{"$bytes": base64}` in both directions. Cases
use the names of the plan; a driver gets those of its language.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from codegen.__main__ import LANGUAGES, client
from codegen.package import of_document
from codegen.read import read_file
from codegen.sdk import Sdk, plan
from tests import nodes
from tests.codegen import spelling

HERE = Path(__file__).parent
CASES = {folder.name: folder for folder in sorted((HERE / "cases").iterdir()) if (folder / "spec.yaml").is_file()}
AVAILABLE = sorted(LANGUAGES)


@dataclass(frozen=True, slots=True)
class Driver:
    """How a driver is started in the folder of the library, how often it makes each call, and the words of its language."""

    command: Callable[[], Sequence[str]]
    times: int
    call: Callable[[Sdk, Mapping[str, Any]], dict[str, Any]]
    options: Callable[[Mapping[str, Any]], dict[str, Any]]


DRIVERS: Mapping[str, Driver] = {
    # Each call with the sync and with the async client.
    "python": Driver(
        lambda: (sys.executable, "-W", "error", str(HERE / "drivers" / "python.py")),
        2,
        spelling.in_python,
        spelling.python_options,
    ),
    "typescript": Driver(
        lambda: nodes.running_typescript(HERE / "drivers" / "typescript.mts"),
        1,
        spelling.in_typescript,
        spelling.typescript_options,
    ),
}


def library(case: str, language: str) -> dict[str, str]:
    """Every file of a case's library."""
    return dict(client(CASES[case] / "spec.yaml", language).files)


def compared(files: Mapping[str, str]) -> dict[str, str]:
    """The files that are kept as expected ones: all but the runtime."""
    return {path: text for path, text in files.items() if not {"_runtime", "runtime"} & set(path.split("/"))}


def expected(case: str, language: str) -> dict[str, str]:
    """The files that are kept for a case."""
    folder = CASES[case] / language
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


def calls(case: str) -> list[dict[str, Any]]:
    """The calls of a case."""
    return list(yaml.safe_load((CASES[case] / "calls.yaml").read_text()))


def drive(case: str, language: str, folder: Path, base_url: str) -> list[dict[str, Any]]:
    """Make the calls of a case with its library in `folder`; what came of each."""
    options = CASES[case] / "client.yaml"
    given = yaml.safe_load(options.read_text()) if options.is_file() else {}
    contract, driver = read_file(CASES[case] / "spec.yaml"), DRIVERS[language]
    sdk = plan(contract, of_document(contract))
    job = {
        "options": driver.options({"base_url": base_url, **given.get("options", {})}),
        "calls": [driver.call(sdk, call) for call in calls(case)],
    }
    done = subprocess.run(
        driver.command(),
        cwd=folder,
        env={**os.environ, **given.get("environment", {})},
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def write(files: Mapping[str, str], folder: Path) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    for case, folder in CASES.items():
        for language in AVAILABLE:
            fresh = compared(library(case, language))
            for path in set(expected(case, language)) - set(fresh):
                (folder / language / path).unlink()
            write(fresh, folder / language)


if __name__ == "__main__":
    main()

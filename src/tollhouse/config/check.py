"""What `tollhouse check` reports: every problem of the three files, warnings included."""

from collections.abc import Mapping
from pathlib import Path

from tollhouse.config.load import examine
from tollhouse.config.operations import Operations
from tollhouse.config.problems import Problem


def check(directory: Path, environ: Mapping[str, str], operations: Operations | None = None) -> list[Problem]:
    """Validate a directory offline; [] where all is well. `errors_in` tells whether it could be served."""
    _, problems = examine(directory, environ=environ, operations=operations)
    return list(problems)

"""The `tollhouse` command for tests, run in this process."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
from click.testing import CliRunner, Result

from tests.gateway import ENVIRON
from tollhouse.cli import main


def tollhouse(
    *words: str, code: int = 0, environ: Mapping[str, str | None] | None = None, given: str | None = None
) -> Result:
    """Run a command, with `given` on its standard input; its exit code must be `code`."""
    env = {**ENVIRON, **(environ or {})}
    try:
        result = CliRunner().invoke(main, list(words), prog_name="tollhouse", env=env, input=given)
    finally:
        structlog.reset_defaults()  # the command's log went to the runner's standard error, which is closed now
    assert result.exit_code == code, f"{words}: {result.exit_code}\n{result.output}\n{result.exception!r}"
    assert "Traceback" not in result.output
    return result


class Commands:
    """Commands on one configuration and one data directory."""

    def __init__(self, config_dir: Path, data_dir: Path) -> None:
        self.config_dir = config_dir
        self.data_dir = data_dir

    def run(self, *words: str, **options: Any) -> Result:
        where = ("--config", os.fspath(self.config_dir), "--data", os.fspath(self.data_dir))
        return tollhouse(*words, *where, **options)

    def json(self, *words: str, **options: Any) -> Any:
        return json.loads(self.run(*words, "--json", **options).stdout)

    def refused(self, *words: str) -> str:
        """The reason for which a command exits with 1."""
        result = self.run(*words, code=1)
        assert result.stdout == "" and result.stderr.strip(), result.output
        return result.stderr

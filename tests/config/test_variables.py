"""Every environment variable that the code reads is in the table that people read."""

import ast
import re
from pathlib import Path

import tollhouse
from tollhouse.config.variables import VARIABLES

PACKAGE = Path(tollhouse.__file__).parent
NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
EXAMPLES = {"YOUR_API_KEY"}  # in what people paste


def names(source: str) -> set[str]:
    """The texts of a module that look like the name of a variable and are nothing else."""
    found = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    return {text for text in found if isinstance(text, str) and NAME.fullmatch(text)}


def test_the_table_has_every_variable_that_is_read_and_no_other() -> None:
    read: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if path != PACKAGE / "config" / "variables.py":
            read |= names(path.read_text("utf-8"))
    assert read - EXAMPLES == set(VARIABLES)


def test_a_variable_that_nobody_has_described_is_seen() -> None:
    assert names('import os\nos.environ.get("TOLLHOUSE_NEW_THING", "a text")') == {"TOLLHOUSE_NEW_THING"}

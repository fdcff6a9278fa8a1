"""Where in a file a key is: what a complaint about it names."""

from collections.abc import Sequence
from pathlib import Path

import yaml


def place_of(file: Path, keys: Sequence[str]) -> str:
    """The file and the line of a key, or of the last one on the way to it that is there; the file alone where none is."""
    line = line_of(file, keys)
    return f"{file.name}, line {line}" if line else file.name


def place_of_component(file: Path, section: str, name: str) -> str:
    """The same for a component: the file alone where it has come from another one."""
    keys = ("components", section, name)
    return place_of(file, keys if len(_lines(file, keys)) == len(keys) else ())


def line_of(file: Path, keys: Sequence[str]) -> int | None:
    """The line, from 1, of the key that these keys lead to; of the last one that is there, where they lead nowhere."""
    lines = _lines(file, keys)
    return lines[-1] if lines else None


def _lines(file: Path, keys: Sequence[str]) -> list[int]:
    """The lines of keys as far as they are there."""
    node = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    lines: list[int] = []
    for key in keys:
        entries = node.value if isinstance(node, yaml.MappingNode) else ()
        found = [(name, value) for name, value in entries if str(name.value) == key]
        if not found:
            break
        lines.append(found[0][0].start_mark.line + 1)
        node = found[0][1]
    return lines

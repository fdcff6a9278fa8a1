"""Where in a file a key is: the line that a complaint about it names."""

from collections.abc import Sequence
from pathlib import Path

import yaml


def line_of(file: Path, keys: Sequence[str]) -> int:
    """The line, from 1, of the key that these keys lead to; of the last one that is there, where they lead nowhere."""
    node, line = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader), 1
    for key in keys:
        entries = node.value if isinstance(node, yaml.MappingNode) else ()
        found = [(name, value) for name, value in entries if str(name.value) == key]
        if not found:
            break
        line, node = found[0][0].start_mark.line + 1, found[0][1]
    return line

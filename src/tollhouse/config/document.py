"""One configuration file as read: its value, the line each part stands on, and what is wrong with it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from tollhouse.config.problems import Problem

Path = tuple[str | int, ...]  # keys and indices from the top: ("providers", "openai", "keys", 0)
T = TypeVar("T")
D = TypeVar("D")

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_$-]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where one part of a file stands: the line of its key (from 1), and its text as written if it is a scalar."""

    line: int
    text: str = ""


@dataclass(slots=True)
class Document:
    """A file under examination; readers and checks add to `problems`, nothing else changes."""

    name: str
    value: object = None
    readable: bool = True  # False: not there or broken syntax, so there is nothing to check
    marks: dict[Path, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def root(self) -> "Node":
        return Node(self, (), self.value)

    def line(self, path: Path) -> int:
        """The line of a part, or of the nearest part around it that has one."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks[path].line if path in self.marks else 1

    def error(self, path: Path, message: str, fix: str = "") -> None:
        self.problems.append(Problem(self.name, self.line(path), key_text(path), message, fix))

    def warn(self, path: Path, message: str, fix: str = "") -> None:
        self.problems.append(Problem(self.name, self.line(path), key_text(path), message, fix, level="warning"))

    def fail(self, line: int | None, message: str, fix: str = "") -> None:
        """The file cannot be read at all."""
        self.readable = False
        self.problems.append(Problem(self.name, line, "", message, fix))


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a document. Its getters answer the default where a value is absent or of the wrong type.

    The JSON Schema has reported wrong types by then, so the checks that follow can go on and find the rest.
    """

    document: Document
    path: Path
    value: object

    def child(self, key: str) -> "Node":
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Node(self.document, (*self.path, key), value)

    def children(self) -> Iterator[tuple[str, "Node"]]:
        """The entries of a mapping."""
        if isinstance(self.value, dict):
            for key in self.value:
                yield key, self.child(key)

    def items(self) -> Iterator["Node"]:
        """The entries of a list."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Node(self.document, (*self.path, index), value)

    def has(self, key: str) -> bool:
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def get(self, key: str, kind: type[T], default: D) -> T | D:
        value = self.child(key).value
        return value if isinstance(value, kind) and type(value) is kind else default

    def number(self, key: str, default: float) -> float:
        value = self.child(key).value
        return float(value) if type(value) in (int, float) and isinstance(value, int | float) else default

    def integer(self, key: str, default: D) -> int | D:
        """An integer; JSON Schema counts 4096.0 as one, so do we."""
        value = self.child(key).value
        if type(value) is float and value.is_integer():
            return int(value)
        return value if type(value) is int else default

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(item.value for item in self.child(key).items() if isinstance(item.value, str))

    def parsed(self, key: str, parse: Callable[[str], T], default: D) -> T | D:
        """A decimal string through its parser; the schema has reported what the parser refuses."""
        try:
            return parse(self.get(key, str, ""))
        except ValueError:
            return default

    def error(self, message: str, fix: str = "") -> None:
        self.document.error(self.path, message, fix)

    def warn(self, message: str, fix: str = "") -> None:
        self.document.warn(self.path, message, fix)


def key_text(path: Path) -> str:
    """A path as people write it: `providers.openai.keys[0].env`, with quotes around keys that hold dots."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN_KEY.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f'["{part}"]'
    return text

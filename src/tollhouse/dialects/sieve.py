"""What a table of fields does to a request: mapped fields pass, dropped ones are named, refused ones are an error. Pure.

Built once from the table, so that the code cannot treat a field otherwise than the page says. A field without a row is
dropped and named like the others; a part of a list whose `type` has no row is refused, because it is content.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tollhouse.dialects.translation import DROPPED, MAPPED, REFUSED, Field
from tollhouse.errors import InvalidRequest

NAME_LENGTH_MAX = 64  # of a dropped field that no table names

_UNPRINTABLE = re.compile(r"[^A-Za-z0-9_.-]")
_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]*)\]")


def steps(path: str) -> Iterator[tuple[str, str]]:
    """A path, step by step: ("name", "content") for a field, ("kind", "text") for the parts of a list, "" for all."""
    for match in _STEP.finditer(path):
        yield ("name", match[1]) if match[1] is not None else ("kind", match[2])


class _Node:
    """A place of the tree that the paths of a table form."""

    __slots__ = ("kinds", "names", "neutral", "note", "path", "treatment")

    def __init__(self, path: str) -> None:
        self.path = path
        self.treatment = MAPPED  # a place on the way to a row is mapped
        self.note = ""
        self.neutral: tuple[Any, ...] = ()
        self.names: dict[str, _Node] = {}
        self.kinds: dict[str, _Node] = {}  # parts of a list by their type; "" is all of them

    def says_something(self, value: Any) -> bool:
        return value is not None and value not in self.neutral


class Sieve:
    """A table, ready for use."""

    __slots__ = ("_root",)

    def __init__(self, fields: tuple[Field, ...]) -> None:
        self._root = _Node("")
        for field in fields:
            node = _reach(self._root, field.path)
            node.treatment, node.note, node.neutral = field.treatment, field.note, field.neutral
        _spread(self._root)

    def sift(self, body: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
        """What passes of a body, without nulls, and the paths of what was dropped. Raises InvalidRequest."""
        dropped: set[str] = set()
        return _sift_object(body, self._root, dropped), dropped


def _reach(node: _Node, path: str) -> _Node:
    """The place of a path, made where there is none yet."""
    for what, name in steps(path):
        if what == "name":
            node = node.names.setdefault(name, _Node(f"{node.path}.{name}" if node.path else name))
        else:
            node = node.kinds.setdefault(name, _Node(f"{node.path}[{name}]"))
    return node


def _spread(node: _Node) -> None:
    """Rows for all parts of a list hold for every type that has no row of its own for that field."""
    shared = node.kinds.get("")
    for name, kind in node.kinds.items():
        if name:
            kind.names.setdefault("type", _Node(f"{kind.path}.type"))  # the row itself says it
    for kind in node.kinds.values():
        if shared is not None and kind is not shared:
            kind.names = {**shared.names, **kind.names}
    for child in (*node.names.values(), *node.kinds.values()):
        _spread(child)


def _sift_object(value: Mapping[str, Any], node: _Node, dropped: set[str]) -> dict[str, Any]:
    kept = {}
    for name, item in value.items():
        child = node.names.get(name)
        if child is None:
            if item is not None:
                dropped.add(f"{node.path}.{_printable(name)}" if node.path else _printable(name))
        elif child.treatment == MAPPED:
            if item is not None:
                kept[name] = _sift_value(item, child, dropped)
        elif child.says_something(item):
            _leave_out(child, dropped)
    return kept


def _printable(name: str) -> str:
    """A name that the client made up, as it can stand in a header."""
    return _UNPRINTABLE.sub("_", name[:NAME_LENGTH_MAX])


def _sift_value(value: Any, node: _Node, dropped: set[str]) -> Any:
    if type(value) is dict and node.names:
        return _sift_object(value, node, dropped)
    if type(value) is list and node.kinds:
        return _sift_list(value, node, dropped)
    return value


def _sift_list(values: list[Any], node: _Node, dropped: set[str]) -> list[Any]:
    kept = []
    for item in values:
        if type(item) is not dict:
            kept.append(item)
            continue
        kind = _kind_of(item, node)
        if kind.treatment == MAPPED:
            kept.append(_sift_object(item, kind, dropped))
        else:
            _leave_out(kind, dropped)
    return kept


def _kind_of(item: Mapping[str, Any], node: _Node) -> _Node:
    """The rows for a part of a list. The type that comes first in the table is that of a part which names none."""
    kinds = [name for name in node.kinds if name]
    if not kinds:
        return node.kinds[""]
    name = item.get("type")
    found = node.kinds.get(kinds[0] if name is None else name) if name is None or type(name) is str else None
    if found is None or found.path == f"{node.path}[]":
        raise InvalidRequest(
            f"`{node.path}[]` of the type {str(name)[:60]!r} cannot be sent to the provider of this model; "
            f"send one of {', '.join(kind for kind in kinds if node.kinds[kind].treatment == MAPPED)}.",
            param=f"{node.path}[]",
        )
    return found


def _leave_out(node: _Node, dropped: set[str]) -> None:
    if node.treatment == REFUSED:
        raise InvalidRequest(
            f"`{node.path}` cannot be sent to the provider of this model: {node.note}", param=node.path
        )
    assert node.treatment == DROPPED, f"{node.path} is {node.treatment}"
    dropped.add(node.path)

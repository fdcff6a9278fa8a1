"""The paths of the tables, followed in a body."""

import copy
from typing import Any

from tollhouse.dialects.sieve import steps


def values_at(body: Any, path: str) -> list[Any]:
    """Whatever is not null at a path, in the order of the body."""
    found = [body]
    for what, name in steps(path):
        found = [inner for value in found for inner in _step(value, what, name)]
    return [value for value in found if value is not None]


def _step(value: Any, what: str, name: str) -> list[Any]:
    if what == "name":
        return [value[name]] if isinstance(value, dict) and name in value else []
    return [item for item in value if _is_kind(item, name)] if isinstance(value, list) else []


def _is_kind(item: Any, kind: str) -> bool:
    return not kind or (isinstance(item, dict) and item.get("type", kind) == kind)


def without(body: Any, path: str) -> Any:
    """The body without what is at a path: a field, or the parts of a list that are of a type."""
    changed = copy.deepcopy(body)
    *way, (what, name) = list(steps(path))
    parents = [changed]
    for step in way:
        parents = [inner for value in parents for inner in _step(value, *step)]
    for parent in parents:
        if what == "name" and isinstance(parent, dict):
            parent.pop(name, None)
        elif what == "kind" and isinstance(parent, list):
            parent[:] = [item for item in parent if not _is_kind(item, name)]
    return changed

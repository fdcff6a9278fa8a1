"""What a schema says of a value itself, compared: listed values, bounds, and constraints that are taken as they are written."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tollhouse.spec.reading import Path
from tollhouse.spec.shapes import LOWER, OPAQUE, UPPER, Bound, Shape, kind_of

Places = tuple[Path, Path]  # of the schema in the old and in the new document


class Change(NamedTuple):
    """One difference. `where` is the place in the value, such as `choices[].message`; the paths are those in the documents."""

    name: str
    where: str
    message: str
    old: Path
    new: Path
    detail: str = ""  # tells changes of one class at one place apart: a value, a keyword


def facets(kind: str, old: Shape, new: Shape, where: str, places: Places) -> Iterator[Change]:
    """The changes of two shapes for values of one type, but for what is inside objects and lists."""
    yield from _enums(kind, old, new, where, places)
    for sign, about, before, after in ((1, LOWER, old.lower, new.lower), (-1, UPPER, old.upper, new.upper)):
        for keyword, of in about.items():
            if kind == of or (of == "number" and kind == "integer"):
                yield from _bounds(keyword, sign, before.get(keyword), after.get(keyword), where, places)
    for keyword, kinds in OPAQUE.items():
        if kind in kinds:
            yield from _opaque(keyword, old, new, where, places)


def _enums(kind: str, old: Shape, new: Shape, where: str, places: Places) -> Iterator[Change]:
    before, after = _values(kind, old), _values(kind, new)
    if before is None and after is not None:
        yield Change("enum-added", where, f"only {', '.join(sorted(after))} are allowed now", *places)
    elif before is not None and after is None:
        yield Change("enum-dropped", where, "any value is allowed now", *places)
    elif before is not None and after is not None:
        for value in sorted(before - after):
            yield Change("enum-value-removed", where, f"the value {value} is not allowed any more", *places, value)
        for value in sorted(after - before):
            yield Change("enum-value-added", where, f"the value {value} is new", *places, value)


def _values(kind: str, shape: Shape) -> frozenset[str] | None:
    """The listed values of one type; null needs no list."""
    if kind == "null" or shape.enum is None:
        return None
    return frozenset(text for text in shape.enum if kind_of(json.loads(text)) == kind)


def _bounds(
    keyword: str, sign: int, old: Bound | None, new: Bound | None, where: str, places: Places
) -> Iterator[Change]:
    if old == new:
        return
    tight_old, tight_new = _tightness(old, sign), _tightness(new, sign)
    name = "bound-narrowed" if tight_new > tight_old else "bound-widened"
    yield Change(name, where, f"{keyword} was {_limit(old)}, now {_limit(new)}", *places, keyword)


def _tightness(bound: Bound | None, sign: int) -> tuple[float, bool]:
    return (float("-inf"), False) if bound is None else (sign * bound[0], bound[1])


def _limit(bound: Bound | None) -> str:
    return "absent" if bound is None else f"{bound[0]}{' (excluded)' if bound[1] else ''}"


def _opaque(keyword: str, old: Shape, new: Shape, where: str, places: Places) -> Iterator[Change]:
    before, after = old.opaque.get(keyword, frozenset()), new.opaque.get(keyword, frozenset())
    if before == after:
        return
    if before < after:
        yield Change("constraint-added", where, f"{keyword} is {_short(after - before)} now", *places, keyword)
    elif after < before:
        yield Change("constraint-removed", where, f"{keyword} was {_short(before - after)}", *places, keyword)
    else:
        yield Change(
            "constraint-changed", where, f"{keyword} was {_short(before)}, now {_short(after)}", *places, keyword
        )


def _short(texts: Iterable[str]) -> str:
    text = ", ".join(sorted(texts))
    return text if len(text) <= 80 else f"{text[:77]}..."

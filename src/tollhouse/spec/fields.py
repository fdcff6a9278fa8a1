"""The fields of a schema by name, `choices[].message.content`: all that it describes, and those that a value has."""

from collections.abc import Iterator
from typing import Any

from tollhouse.spec.bundling import Spec
from tollhouse.spec.shapes import Schema, Shape, Undecided, json_text, kind_of, shapes

DEPTH_MAX = 24


def described(spec: Spec, schema: Schema, where: str = "", _around: tuple[Schema, ...] = ()) -> dict[str, Schema]:
    """Every field that a schema describes, with its schema; fields of a schema inside itself are named once."""
    if not schema or schema in _around or len(_around) > DEPTH_MAX:
        return {}
    around = (*_around, schema)
    found: dict[str, Schema] = {}
    for shape in _shapes(spec, schema):
        for name, inner in shape.properties.items():
            here = f"{where}.{name}" if where else name
            found[here] = found.get(here, frozenset()) | inner
            found |= described(spec, inner, here, around)
        found |= described(spec, shape.items, f"{where}[]", around)
    return found


def used(spec: Spec, schema: Schema, value: Any, where: str = "") -> Iterator[tuple[str, Schema | None]]:
    """The fields that a value has, with the schemas that describe them; None for one that is not described."""
    fitting = [shape for shape in _shapes(spec, schema) if _fits(spec, shape, value)]
    if isinstance(value, list):
        items: Schema = frozenset().union(*(shape.items for shape in fitting))
        for item in value:
            yield from used(spec, items, item, f"{where}[]")
    elif isinstance(value, dict):
        for name, part in value.items():
            here = f"{where}.{name}" if where else name
            known: Schema = frozenset().union(*(shape.properties.get(name, frozenset()) for shape in fitting))
            yield here, known or None
            if known:
                yield from used(spec, known, part, here)


def _fits(spec: Spec, shape: Shape, value: Any) -> bool:
    """Whether a value can be meant by a shape: by its type and by the constants among its properties."""
    kind = kind_of(value)
    if kind not in shape.types:
        return False
    if kind != "object":
        return True
    for name in shape.required & set(value):
        options = _shapes(spec, shape.properties.get(name, frozenset()))
        if options and all(each.enum is not None and json_text(value[name]) not in each.enum for each in options):
            return False
    return True


def _shapes(spec: Spec, schema: Schema) -> list[Shape]:
    try:
        return shapes(spec, schema)
    except Undecided:
        return []

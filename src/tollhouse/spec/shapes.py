"""Schemas in a form that can be compared: what a schema takes is the union of what its shapes take.

A schema here is a set of places in a document that must all be met (`Schema`); the empty one takes everything. `shapes` follows
references, merges `allOf` and multiplies out `anyOf` and `oneOf`, so a shape is one conjunction without alternatives. Properties
and items stay schemas, so documents that refer to themselves end: there are finitely many places.
"""

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tollhouse.spec.bundling import Spec, pointer
from tollhouse.spec.reading import Path

Schema = frozenset[Path]
Bound = tuple[float, bool]  # the limit, and whether it is excluded itself

ANYTHING: Schema = frozenset()
SHAPES_MAX = 64

# What JSON has; "number" is one that is not an integer, so the OpenAPI type `number` is both.
TYPES = ("null", "boolean", "object", "array", "string", "integer", "number")
LOWER = {"minimum": "number", "minLength": "string", "minItems": "array", "minProperties": "object"}
UPPER = {"maximum": "number", "maxLength": "string", "maxItems": "array", "maxProperties": "object"}
# Constraints that are compared as they are written, with the types that they speak about.
OPAQUE: Mapping[str, tuple[str, ...]] = {
    "pattern": ("string",), "format": ("string", "integer", "number"), "multipleOf": ("integer", "number"),
    "uniqueItems": ("array",), "prefixItems": ("array",), "contains": ("array",), "minContains": ("array",),
    "maxContains": ("array",), "unevaluatedItems": ("array",), "patternProperties": ("object",),
    "propertyNames": ("object",), "dependentRequired": ("object",), "dependentSchemas": ("object",),
    "unevaluatedProperties": ("object",), "not": TYPES, "if": TYPES, "then": TYPES, "else": TYPES,
}  # fmt: skip


class Undecided(Exception):
    """This schema cannot be compared; the text says why."""


@dataclass(slots=True)
class Shape:
    """One conjunction of constraints."""

    schema: Schema  # the places it was read from
    types: frozenset[str] = frozenset(TYPES)
    enum: frozenset[str] | None = None  # as JSON texts
    lower: dict[str, Bound] = field(default_factory=dict)
    upper: dict[str, Bound] = field(default_factory=dict)
    opaque: dict[str, frozenset[str]] = field(default_factory=dict)  # the different texts of each keyword
    items: Schema = ANYTHING
    properties: dict[str, Schema] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    extra: Schema = ANYTHING  # what properties without a description must fit
    says_extra: bool = False  # whether the document says so, and does not just leave it open
    closed: bool = False  # whether only the described properties may be there


def shapes(spec: Spec, schema: Schema) -> list[Shape]:
    """The alternatives of a schema; those that nothing fits are left out. Raises Undecided when there are too many."""
    found: dict[Schema, Shape] = {}
    for count, places in enumerate(_expand(spec, tuple(sorted(schema, key=pointer)), ())):
        if count >= SHAPES_MAX:
            raise Undecided(f"it has more than {SHAPES_MAX} combinations of alternatives")
        shape = _merged(spec, places)
        if shape.types:
            found.setdefault(shape.schema, shape)
    return list(found.values())


def has_overlapping_one_of(spec: Spec, schema: Schema) -> bool:
    """Whether the schema uses `oneOf` with alternatives that one value may fit together, which excludes that value."""
    for path in _reachable(spec, schema):
        branches = spec.at(path).get("oneOf") or ()
        options = [shapes(spec, frozenset({(*path, "oneOf", index)})) for index in range(len(branches))]
        for ones, others in itertools.combinations(options, 2):
            if any(not disjoint(spec, one, other) for one in ones for other in others):
                return True
    return False


def disjoint(spec: Spec, one: Shape, other: Shape) -> bool:
    """Whether surely no value fits both: by type, or because both require a property with different values."""
    common = one.types & other.types
    if not common:
        return True
    if one.enum is not None and other.enum is not None:
        return not one.enum & other.enum
    if common != {"object"}:
        return False
    return any(
        not constants(spec, one, name) & constants(spec, other, name)
        for name in one.required & other.required
        if constants(spec, one, name) and constants(spec, other, name)
    )


def constants(spec: Spec, shape: Shape, name: str) -> frozenset[str]:
    """The values that a property may have, where the schema lists them; else nothing."""
    values: frozenset[str] = frozenset()
    for each in shapes(spec, shape.properties.get(name, ANYTHING)):
        if each.enum is None:
            return frozenset()
        values |= each.enum
    return values


def json_text(value: Any) -> str:
    """One spelling for equal values: 1 and 1.0 are the same in JSON."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def kind_of(value: Any) -> str:
    """The JSON type of a value."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    return {float: "number", str: "string", list: "array"}.get(type(value), "object")


def written_out(spec: Spec, value: Any, seen: tuple[str, ...] = ()) -> Any:
    """A value with the references in it written out, as far as they do not repeat, and without prose."""
    if isinstance(value, list):
        return [written_out(spec, item, seen) for item in value]
    if not isinstance(value, dict):
        return value
    reference = value.get("$ref")
    if isinstance(reference, str) and reference not in seen:
        return written_out(spec, spec.at(spec.target(reference)), (*seen, reference))
    return {key: written_out(spec, item, seen) for key, item in value.items() if key not in ("description", "title")}


def _expand(spec: Spec, todo: tuple[Path, ...], done: tuple[Path, ...]) -> Iterator[tuple[Path, ...]]:
    """All choices of alternatives: each the places whose own keywords hold together."""
    if not todo:
        yield done
        return
    here, *rest = todo
    if here in done:
        yield from _expand(spec, tuple(rest), done)
        return
    value = spec.at(here)
    if not isinstance(value, dict):
        yield from _expand(spec, tuple(rest), (*done, here))
        return
    if isinstance(value.get("$ref"), str):
        rest.append(spec.resolve(here))
        if not spec.is_31:  # what stands beside a reference does not count in OpenAPI 3.0
            yield from _expand(spec, tuple(rest), (*done, here))
            return
    rest += [(*here, "allOf", index) for index in range(len(value.get("allOf") or ()))]
    choices = [
        [(*here, keyword, index) for index in range(len(value[keyword]))]
        for keyword in ("anyOf", "oneOf")
        if value.get(keyword)
    ]
    for chosen in itertools.product(*choices):
        yield from _expand(spec, (*rest, *chosen), (*done, here))


def _reachable(spec: Spec, schema: Schema) -> Iterator[Path]:
    """The places with keywords of a schema itself, in every alternative."""
    seen: set[Path] = set()
    for places in _expand(spec, tuple(sorted(schema, key=pointer)), ()):
        seen.update(path for path in places if isinstance(spec.at(path), dict))
    yield from sorted(seen, key=pointer)


def _merged(spec: Spec, places: Iterable[Path]) -> Shape:
    parts = [_own(spec, path) for path in places if not _is_reference(spec, path)]
    shape = Shape(frozenset(path for part in parts for path in part.schema))
    for part in parts:
        shape.types &= part.types
        if part.enum is not None:
            shape.enum = part.enum if shape.enum is None else shape.enum & part.enum
        for keyword, bound in part.lower.items():
            shape.lower[keyword] = max(bound, shape.lower.get(keyword, bound))
        for keyword, (limit, excluded) in part.upper.items():
            known, known_excluded = shape.upper.get(keyword, (limit, excluded))
            tightest = min((limit, not excluded), (known, not known_excluded))
            shape.upper[keyword] = tightest[0], not tightest[1]
        for keyword, texts in part.opaque.items():
            shape.opaque[keyword] = shape.opaque.get(keyword, frozenset()) | texts
        names = {*shape.properties, *part.properties}
        shape.properties = {
            name: shape.properties.get(name, shape.extra) | part.properties.get(name, part.extra)
            for name in sorted(names)
        }
        shape.items |= part.items
        shape.required |= part.required
        shape.extra |= part.extra
        shape.says_extra |= part.says_extra
        shape.closed |= part.closed
    if shape.enum is not None:
        shape.types &= {kind_of(json.loads(text)) for text in shape.enum}
        shape.enum = frozenset(text for text in shape.enum if kind_of(json.loads(text)) in shape.types)
    return shape


def _is_reference(spec: Spec, path: Path) -> bool:
    value = spec.at(path)
    return isinstance(value, dict) and isinstance(value.get("$ref"), str) and not spec.is_31


def _own(spec: Spec, path: Path) -> Shape:
    """What the keywords at one place say, without those that combine schemas."""
    value = spec.at(path)
    shape = Shape(frozenset({path}))
    if value is False:
        shape.types = frozenset()
    if not isinstance(value, dict):
        return shape
    shape.types = _types(value, spec.is_31)
    shape.enum = _enum(value, spec.is_31)
    for keyword in LOWER:
        if (bound := _bound(value, keyword, max)) is not None:
            shape.lower[keyword] = bound
    for keyword in UPPER:
        if (bound := _bound(value, keyword, min)) is not None:
            shape.upper[keyword] = bound
    shape.opaque = {
        keyword: frozenset({json_text(written_out(spec, value[keyword]))})
        for keyword in OPAQUE
        if keyword in value and value[keyword] is not False
    }
    shape.properties = {name: frozenset({(*path, "properties", name)}) for name in value.get("properties") or {}}
    shape.required = frozenset(value.get("required") or ())
    if "items" in value:
        shape.items = frozenset({(*path, "items")})
    if "additionalProperties" in value:
        shape.says_extra = True
        shape.closed = value["additionalProperties"] is False
        if value["additionalProperties"] is not True:
            shape.extra = frozenset({(*path, "additionalProperties")})
    return shape


def _types(value: Mapping[str, Any], is_31: bool) -> frozenset[str]:
    named = value.get("type", [])
    types = set(named if isinstance(named, list) else [named])
    if not types:
        return frozenset(TYPES)
    if not is_31 and value.get("nullable") is True:
        types.add("null")
    return frozenset(types | {"integer"} if "number" in types else types) & frozenset(TYPES)


def _enum(value: Mapping[str, Any], is_31: bool) -> frozenset[str] | None:
    values = [value["const"]] if "const" in value else value.get("enum")
    if values is None:
        return None
    nullable = not is_31 and value.get("nullable") is True and "type" in value
    return frozenset(map(json_text, [*values, None] if nullable else values))


def _bound(value: Mapping[str, Any], keyword: str, tightest: Any) -> Bound | None:
    """A limit with its exclusive variant: a flag in OpenAPI 3.0, a number of its own in 3.1."""
    exclusive = value.get("exclusive" + keyword[0].upper() + keyword[1:])
    limits: list[Bound] = [(value[keyword], exclusive is True)] if keyword in value else []
    if isinstance(exclusive, int | float) and not isinstance(exclusive, bool):
        limits.append((exclusive, True))
    if not limits:
        return None
    number = tightest(limit for limit, _ in limits)
    return number, any(excluded for limit, excluded in limits if limit == number)

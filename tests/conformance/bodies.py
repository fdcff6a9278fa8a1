"""Bodies that a JSON Schema 2020-12 allows: all its branches one by one, and at random.

`Bodies.each()` changes one thing at a time: every property, alternative, listed value and limit comes in a body that is
otherwise as small as can be. `Bodies.any()` is a Hypothesis strategy that combines them. Recursion ends at the second time that a
schema is inside itself, or at a depth.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from tests.oracles import resolved

Schema = Mapping[str, Any]

DEPTH_MAX = 7  # of random bodies, in schemas inside each other; deeper ones are as small as can be
LONG = 300  # characters stand for a text without a limit
WORDS = ("a", "fc_1", "toolu_01", "srvtoolu_01", "tunnel_" + "a" * 32)  # something for each pattern
FORMATS = {"uri": "https://example.com/a", "date": "2024-01-01", "date-time": "2024-01-01T00:00:00Z"}
WHOLE_NUMBERS = {"minimum": -(2**63), "maximum": 2**63 - 1}  # 64 bits, as JSON is read here
CONSTRAINING = {"type", "properties", "required", "items", "additionalProperties", "pattern", "minimum", "maximum"}
EVERY_KIND: tuple[Any, ...] = ("a", 1, True, None, {}, [])
PLAIN = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4)
ANYTHING = PLAIN | st.lists(PLAIN, max_size=2) | st.dictionaries(st.text(max_size=4), PLAIN, max_size=2)


class Bodies:
    """The bodies of one schema of a document; with `extras`, also with fields that it leaves open."""

    def __init__(self, document: Any, schema: Schema, *, extras: bool = True) -> None:
        self._document = document
        self._schema = schema
        self._extras = extras

    def each(self) -> Iterator[Any]:
        """Every branch once, the smallest body first."""
        return self._each(self._schema, ())

    def any(self) -> st.SearchStrategy[Any]:
        """Bodies at random."""

        @st.composite
        def body(draw: st.DrawFn) -> Any:
            return self._drawn(draw, self._schema, 0)

        return body()

    def smallest(self, schema: Schema) -> Any:
        return next(self._each(schema, ()))

    def _each(self, schema: Schema, around: tuple[str, ...]) -> Iterator[Any]:
        for part, inside in self._parts(schema, around):
            if "const" in part:
                yield part["const"]
            elif "enum" in part:
                yield from part["enum"]
            elif not set(part) & CONSTRAINING:
                yield from EVERY_KIND
            else:
                for kind in _types(part):
                    yield from self._each_of(kind, part, inside)

    def _each_of(self, kind: str, schema: Schema, around: tuple[str, ...]) -> Iterator[Any]:
        if kind == "object":
            yield from self._each_object(schema, around)
        elif kind == "array":
            fewest = schema.get("minItems", 0)
            if fewest == 0:
                yield []
            for item in self._each(schema.get("items", {}), around):
                yield [item] * max(fewest, 1)
        else:
            yield from _each_plain(kind, schema)

    def _each_object(self, schema: Schema, around: tuple[str, ...]) -> Iterator[Any]:
        properties, required = schema.get("properties", {}), schema.get("required", ())
        least = {name: next(self._each(properties.get(name, {}), around), None) for name in required}
        yield dict(least)
        for name, part in properties.items():
            values = self._each(part, around)
            for value in itertools.islice(values, 1 if name in required else 0, None):
                yield {**least, name: value}
        others = schema.get("additionalProperties", True)
        if others is not False and (self._extras or not properties):
            for value in self._each(others, around) if isinstance(others, Mapping) else ("a",):
                yield {**least, "x_other": value}

    def _drawn(self, draw: st.DrawFn, schema: Schema, depth: int) -> Any:
        parts = [part for part, _ in self._parts(schema, ())]
        part = draw(st.sampled_from(parts))
        if "const" in part or "enum" in part:
            return draw(st.sampled_from([part["const"]] if "const" in part else part["enum"]))
        if not set(part) & CONSTRAINING:
            return draw(ANYTHING)
        if depth > DEPTH_MAX:
            return self.smallest(part)
        kind = draw(st.sampled_from(_types(part)))
        if kind == "object":
            return self._drawn_object(draw, part, depth + 1)
        if kind == "array":
            fewest = part.get("minItems", 0)
            count = draw(st.integers(fewest, min(part.get("maxItems", fewest + 2), fewest + 2)))
            return [self._drawn(draw, part.get("items", {}), depth + 1) for _ in range(count)]
        return draw(_plain(kind, part))

    def _drawn_object(self, draw: st.DrawFn, schema: Schema, depth: int) -> Any:
        properties, required = schema.get("properties", {}), schema.get("required", ())
        optional = sorted(set(properties) - set(required))
        chosen = draw(st.lists(st.sampled_from(optional), max_size=4, unique=True)) if optional else []
        value = {name: self._drawn(draw, properties.get(name, {}), depth) for name in (*required, *chosen)}
        others = schema.get("additionalProperties", True)
        if others is not False and (not properties or draw(st.booleans())):
            name = draw(st.from_regex(r"\Ax_[a-z]{1,9}\Z"))
            value[name] = self._drawn(draw, others if isinstance(others, Mapping) else {}, depth)
        return value

    def _parts(self, schema: Schema, around: tuple[str, ...]) -> Iterator[tuple[Schema, tuple[str, ...]]]:
        """The alternatives of a schema, each one schema without references, `allOf`, `anyOf` and `oneOf`."""
        if schema is True:
            schema = {}
        reference = schema.get("$ref")
        if reference is not None:
            if reference in around:
                return
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            for part, inside in self._parts(resolved(self._document, reference), (*around, reference)):
                yield _merged(beside, part), inside
            return
        own = {key: value for key, value in schema.items() if key not in ("allOf", "anyOf", "oneOf")}
        groups = [[each] for each in schema.get("allOf", ())]
        groups += [schema[key] for key in ("anyOf", "oneOf") if schema.get(key)]
        found = [(own, around)]
        for group in groups:
            alternatives = [part for each in group for part in self._parts(each, around)]
            found = [
                (_merged(left, right), tuple(dict.fromkeys((*outer, *inner))))
                for left, outer in found
                for right, inner in alternatives
            ]
        yield from found


def _merged(left: Schema, right: Schema) -> Schema:
    """Both schemas at once."""
    merged = {**right, **left}
    if "properties" in left and "properties" in right:
        merged["properties"] = {**right["properties"], **left["properties"]}
    if "required" in left and "required" in right:
        merged["required"] = list(dict.fromkeys([*left["required"], *right["required"]]))
    return merged


def _types(schema: Schema) -> list[str]:
    kinds = schema.get("type")
    if isinstance(kinds, str):
        return [kinds]
    if kinds:
        return list(kinds)
    if "properties" in schema or "required" in schema or "additionalProperties" in schema:
        return ["object"]
    return ["array" if "items" in schema else "string" if "pattern" in schema else "integer"]


def _each_plain(kind: str, schema: Schema) -> Iterator[Any]:
    if kind == "null":
        yield None
    elif kind == "boolean":
        yield from (True, False)
    elif kind == "string":
        yield from _texts(schema)
    else:
        least, most = _range(kind, schema)
        yield from dict.fromkeys(
            (least, most) if least == most or kind == "integer" else (least, (least + most) / 2, most)
        )


def _texts(schema: Schema) -> Iterator[str]:
    """Texts of a schema: an ordinary one, the shortest and the longest."""
    if "pattern" in schema:
        fitting = [word for word in WORDS if re.search(schema["pattern"], word) and _fits_length(schema, word)]
        assert fitting, f"a word is missing for {schema['pattern']}"
        yield fitting[0]
        return
    if schema.get("format") in FORMATS:
        yield FORMATS[schema["format"]]
        return
    fewest, most = schema.get("minLength", 0), schema.get("maxLength", LONG)
    ordinary = "a" * max(fewest, 1)
    yield from dict.fromkeys((ordinary, "a" * fewest, "ü" * min(most, LONG)))


def _fits_length(schema: Schema, word: str) -> bool:
    return bool(schema.get("minLength", 0) <= len(word) <= schema.get("maxLength", LONG))


def _range(kind: str, schema: Schema) -> tuple[Any, Any]:
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    step = 1 if kind == "integer" else 0.001
    least = above + step if above is not None else schema.get("minimum", WHOLE_NUMBERS["minimum"])
    most = below - step if below is not None else schema.get("maximum", WHOLE_NUMBERS["maximum"])
    if kind == "integer":
        return max(int(least), WHOLE_NUMBERS["minimum"]), min(int(most), WHOLE_NUMBERS["maximum"])
    return least, most


def _plain(kind: str, schema: Schema) -> st.SearchStrategy[Any]:
    if kind == "integer":
        return st.integers(*_range(kind, schema))
    if kind == "number":
        return st.floats(*map(float, _range(kind, schema)), allow_nan=False)
    if kind == "string" and "pattern" not in schema and "format" not in schema:
        fewest = schema.get("minLength", 0)
        return st.text(min_size=fewest, max_size=min(schema.get("maxLength", fewest + 8), fewest + 8))
    return st.sampled_from(list(_each_plain(kind, schema)))

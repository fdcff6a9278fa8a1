"""The checks of `lint` that look at every schema and every example."""

from collections.abc import Iterator
from typing import Any

from tollhouse.spec.bundling import Spec
from tollhouse.spec.operations import operations
from tollhouse.spec.reading import Path
from tollhouse.spec.shapes import Undecided, shapes
from tollhouse.spec.validation import Checker

Hit = tuple[Path, str]

_MAPS = ("properties", "patternProperties", "$defs", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_ONES = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")


def schemas(spec: Spec) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every schema of a document where it is written, with those inside it."""
    roots: list[Path] = [
        ("components", "schemas", name) for name in (spec.value.get("components") or {}).get("schemas") or {}
    ]
    roots += [path for path, key in _holders(spec, ("schema",), spec.value, ()) if key == "schema"]
    for root in roots:
        yield from _inside(spec.at(root), root)


def example_does_not_fit(spec: Spec) -> Iterator[Hit]:
    checker = Checker(spec)
    for schema, path, value in _examples(spec):
        try:
            reason = checker.misfit(schema, value)
        except ValueError:  # TH067 says so
            continue
        if reason:
            yield path, f"the example does not fit: {reason}"


def default_does_not_fit(spec: Spec) -> Iterator[Hit]:
    checker = Checker(spec)
    for path, schema in schemas(spec):
        if "default" in schema:
            try:
                reason = checker.misfit(path, schema["default"])
            except ValueError:
                continue
            if reason:
                yield (*path, "default"), f"the default does not fit: {reason}"


def not_a_schema(spec: Spec) -> Iterator[Hit]:
    checker = Checker(spec)
    for operation in operations(spec):
        holders = [parameter.path for parameter in operation.parameters]
        holders += [*operation.media.values()]
        holders += [path for answer in operation.answers.values() for path in answer.media.values()]
        for holder in holders:
            if "schema" in spec.at(holder):
                try:
                    checker.misfit((*holder, "schema"), None)
                except ValueError as error:
                    yield (*holder, "schema"), str(error).partition(": ")[2]


def required_not_described(spec: Spec) -> Iterator[Hit]:
    for path, schema in schemas(spec):
        if not isinstance(schema.get("required"), list) or "properties" not in schema:
            continue  # a part of allOf may require what another part describes
        try:
            known = {name for shape in shapes(spec, frozenset({path})) for name in shape.properties}
        except Undecided:
            continue
        inherited = _is_part_of_all_of(path)
        for name in schema["required"]:
            if name not in known and not inherited:
                yield (*path, "required"), f"{name} is required and not described"


def array_without_items(spec: Spec) -> Iterator[Hit]:
    for path, schema in schemas(spec):
        if schema.get("type") == "array" and "items" not in schema and "prefixItems" not in schema:
            yield path, "an array needs items"


def reference_siblings(spec: Spec) -> Iterator[Hit]:
    if not spec.is_31:
        for path, schema in schemas(spec):
            others = sorted(set(schema) - {"$ref"})
            if isinstance(schema.get("$ref"), str) and others:
                yield path, f"{', '.join(others)} beside $ref: OpenAPI 3.0 ignores it"


def nullable_without_type(spec: Spec) -> Iterator[Hit]:
    if not spec.is_31:
        for path, schema in schemas(spec):
            if schema.get("nullable") is True and "type" not in schema:
                yield (*path, "nullable"), "nullable has no effect without a type beside it"


def nullable_misplaced(spec: Spec) -> Iterator[Hit]:
    if spec.is_31:
        for path, schema in schemas(spec):
            if "nullable" in schema:
                yield (*path, "nullable"), "OpenAPI 3.1 has no nullable"


def type_list_in_30(spec: Spec) -> Iterator[Hit]:
    if not spec.is_31:
        for path, schema in schemas(spec):
            if isinstance(schema.get("type"), list):
                yield (*path, "type"), f"type is the list {schema['type']}"


def _examples(spec: Spec) -> Iterator[tuple[Path, Path, Any]]:
    """All examples: the path of the schema, that of the example, and the value."""
    for path, schema in schemas(spec):
        if "example" in schema and "$ref" not in schema:
            yield path, (*path, "example"), schema["example"]
        for index, value in enumerate(schema["examples"] if isinstance(schema.get("examples"), list) else ()):
            yield path, (*path, "examples", index), value
    for holder, key in _holders(spec, ("example", "examples"), spec.value, ()):
        around = holder[:-1]
        if "schema" not in spec.at(around):
            continue
        if key == "example":
            yield (*around, "schema"), holder, spec.at(holder)
        elif isinstance(spec.at(holder), dict):
            for name in spec.at(holder):
                example = spec.resolve((*holder, name))
                if "value" in spec.at(example):
                    yield (*around, "schema"), (*example, "value"), spec.at(example)["value"]


def _holders(spec: Spec, keys: tuple[str, ...], value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Where media types, parameters and headers have one of these keys. Schemas and examples are not looked into."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _holders(spec, keys, item, (*path, index))
    elif isinstance(value, dict):
        names_are_free = path[-1:] in (("headers",), ("responses",), ("parameters",), ("content",), ("paths",))
        for key, part in value.items():
            if key in keys and not names_are_free:
                yield (*path, key), key
            elif names_are_free or (
                key not in ("schema", "example", "examples") and (*path, key) != ("components", "schemas")
            ):
                yield from _holders(spec, keys, part, (*path, key))


def _inside(value: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    if not isinstance(value, dict):
        return
    yield path, value
    for key in _MAPS:
        for name, part in value[key].items() if isinstance(value.get(key), dict) else ():
            yield from _inside(part, (*path, key, name))
    for key in _LISTS:
        for index, part in enumerate(value[key] if isinstance(value.get(key), list) else ()):
            yield from _inside(part, (*path, key, index))
    for key in _ONES:
        yield from _inside(value.get(key), (*path, key))


def _is_part_of_all_of(path: Path) -> bool:
    return any(step in ("allOf", "anyOf", "oneOf", "not", "if", "then", "else") for step in path)

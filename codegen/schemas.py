"""Schemas of all documents, read into records, aliases and types."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from codegen.ir import (
    Alias,
    AnyOf,
    Choice,
    Field,
    ListOf,
    MapOf,
    Named,
    Record,
    Scalar,
    ScalarName,
    Schema,
    Type,
    names_of,
)
from codegen.names import is_legal_type, legal_type, pascal_case

Report = Callable[[str], None]

_NULL = Scalar("null")
_ANYTHING = Scalar("anything")
_BINARY = Scalar("binary")
_SCALARS: Mapping[str, ScalarName] = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
}


class SchemaReader:
    """Collects the schemas of one document after another; components that several documents share are read once.

    The gateway's documents (`house`) keep to what Connexion can serve; others may also refer in circles and use `allOf`, and names that
    are not legal are made so.
    """

    def __init__(self, house: bool) -> None:
        self._house = house
        self._schemas: dict[str, Schema] = {}
        self._sources: dict[str, Mapping[str, Any]] = {}
        self._components: dict[str, str] = {}

    def read_components(self, components: Mapping[str, Mapping[str, Any]], report: Callable[[str, str], None]) -> None:
        """Take over the component schemas of a document. Raises nothing: what is wrong is reported, with the component's name."""
        for name, schema in components.items():
            if self._sources.setdefault(name, schema) != schema:
                report(
                    name, f"schema {name} differs from the one of the same name in another document; rename one of them"
                )
        for name, schema in components.items():
            named = self._named(name)
            if self._components.setdefault(named, name) != name:
                report(name, f"schemas {self._components[named]} and {name} both become {named}; rename one of them")
            elif named not in self._schemas:
                self._define(named, schema, partial(report, name))

    def read_type(self, schema: Mapping[str, Any], name: str, report: Report) -> Type:
        """The type that a schema describes. An object written in place becomes a record called `name`."""
        schema = self._merged(schema)
        if "$ref" in schema:
            return self._referred(schema["$ref"].rsplit("/", 1)[1])
        return _nullable(self._bare_type(schema, name, report), schema)

    def record(self, type_: Type) -> Record | None:
        """The record that a type names, by itself or through aliases; None where it is something else or may be null."""
        while isinstance(type_, Named):
            schema = self._schemas.get(type_.name)
            if isinstance(schema, Record):
                return schema
            if schema is None:
                return None
            type_ = schema.type
        return None

    def ordered(self, report: Report) -> tuple[Schema, ...]:
        """All schemas by name, but each after those it uses. A circle is reported: Connexion 3.3 follows it for ever."""
        done: dict[str, Schema] = {}

        def visit(name: str, way: tuple[str, ...]) -> None:
            if name in way and not self._house:
                return
            if name in way:
                circle = " → ".join((*way[way.index(name) :], name))
                report(f"schema {name} refers to itself: {circle}; leave one of them open")
            elif name not in done and name in self._schemas:
                for used in sorted(names_of(self._schemas[name])):
                    visit(used, (*way, name))
                done[name] = self._schemas[name]

        for name in sorted(self._schemas):
            visit(name, ())
        return tuple(done.values())

    def _named(self, component: str) -> str:
        return component if self._house else legal_type(component)

    def _define(self, name: str, schema: Mapping[str, Any], report: Report) -> None:
        schema = self._merged(schema)
        if not is_legal_type(name):
            report(f"schema {name}: the name must be in PascalCase and not one that generated code uses itself")
        elif name in self._schemas:
            report(f"schema {name}: another schema gets the same name; rename one of them")
        elif "properties" in schema:
            self._schemas[name] = self._record(name, schema, report)
        else:
            self._schemas[name] = Alias(name, _description(schema), self.read_type(schema, name, report))

    def _record(self, name: str, schema: Mapping[str, Any], report: Report) -> Record:
        required = schema.get("required", ())
        for missing in sorted(set(required) - set(schema["properties"])):
            report(f"schema {name}: {missing} is required but not among the properties")
        fields = tuple(
            Field(
                name=key,
                type=self.read_type(value, f"{name}{pascal_case(key)}", report),
                required=key in required,
                description=_description(value),
                deprecated=value.get("deprecated", False),
            )
            for key, value in schema["properties"].items()
        )
        return Record(name, _description(schema), fields, open=schema.get("additionalProperties", True) is not False)

    def _bare_type(self, schema: Mapping[str, Any], name: str, report: Report) -> Type:
        """The type without regard to `nullable`."""
        if isinstance(schema.get("type"), list):
            return _union(self.read_type({**schema, "type": each}, name, report) for each in schema["type"])
        if "allOf" in schema or "not" in schema:
            report(f"schema {name}: allOf and not are not supported; write the properties out, or use anyOf")
            return _ANYTHING
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                return _union(
                    self.read_type(option, f"{name}Option{n}", report) for n, option in enumerate(schema[keyword], 1)
                )
        if "const" in schema:
            return Choice((schema["const"],))
        if "enum" in schema:
            return self._choice(schema["enum"])
        match schema.get("type"):
            case None:
                return _ANYTHING
            case "array":
                return ListOf(self.read_type(schema.get("items", {}), f"{name}Item", report))
            case "object" if "properties" in schema:
                self._define(name, schema, report)
                return Named(name)
            case "object":
                values = schema.get("additionalProperties")
                return MapOf(self.read_type(values if isinstance(values, Mapping) else {}, f"{name}Value", report))
            case "string" if schema.get("format") == "binary":
                return _BINARY
            case "null":
                return _NULL
            case scalar if scalar in _SCALARS:
                return Scalar(_SCALARS[scalar])
            case unknown:
                report(f"schema {name}: there is no type {unknown!r}")
                return _ANYTHING

    def _choice(self, values: Sequence[Any]) -> Type:
        """One of some values; anything, where one of them can be no literal."""
        listed = tuple(value for value in values if value is not None)
        if not listed or not all(isinstance(value, str | int) for value in listed):
            return _ANYTHING
        choice = Choice(listed)
        return choice if self._house or None not in values else _union((choice, _NULL))

    def _referred(self, name: str) -> Type:
        """A component by its name. Null belongs to an alias's own type, but has to be said at every use of a record."""
        source, named = self._merged(self._sources.get(name, {})), Named(self._named(name))
        return _nullable(named, source) if "properties" in source else named

    def _merged(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """A schema whose `allOf` is written out: the one schema in it, or one object with the properties of all of them."""
        if self._house or "allOf" not in schema:
            return schema
        parts = [part for part in (*schema["allOf"], {k: v for k, v in schema.items() if k != "allOf"}) if _says(part)]
        if len(parts) == 1:
            return {**parts[0], **({"nullable": True} if schema.get("nullable") else {})}
        wholes = [self._merged(self._source_of(part)) for part in parts]
        properties = {key: value for whole in wholes for key, value in whole.get("properties", {}).items()}
        required = {key for whole in wholes for key in whole.get("required", ()) if key in properties}
        kept = {key: schema[key] for key in ("description", "nullable") if key in schema}
        return {**kept, "type": "object", "required": sorted(required), "properties": properties}

    def _source_of(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._sources.get(schema["$ref"].rsplit("/", 1)[1], {}) if "$ref" in schema else schema


def _says(schema: Mapping[str, Any]) -> bool:
    """Whether a part of `allOf` says anything about the type."""
    return bool(set(schema) - {"description", "nullable", "title", "example", "deprecated", "readOnly", "writeOnly"})


def _union(options: Iterable[Type]) -> Type:
    """The union of some types: nested ones flattened, each once, null last."""
    flat: list[Type] = []
    for option in options:
        flat.extend(option.options if isinstance(option, AnyOf) else (option,))
    unique = tuple(dict.fromkeys(sorted(flat, key=lambda option: option == _NULL)))
    return unique[0] if len(unique) == 1 else AnyOf(unique)


def _nullable(type_: Type, schema: Mapping[str, Any]) -> Type:
    if not schema.get("nullable", False) or type_ == _ANYTHING:
        return type_
    return _union((type_, _NULL))


def _description(schema: Mapping[str, Any]) -> str:
    return str(schema.get("description", "")).strip()

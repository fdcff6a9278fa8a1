"""OpenAPI 3.0 schemas, compiled once: JSON Schema draft 4 with `nullable`, checked by jsonschema-rs."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import jsonschema_rs

from tollhouse.errors import InvalidRequest

Check = Callable[[Any], None]
Schema = dict[str, Any]
Part = tuple[list[str | int], Any]

MESSAGE_MAX = 300  # characters; messages quote the value
HIDDEN = "(not shown)"  # stands for the value in messages about a body that can hold a secret

# Keywords of OpenAPI 3.0 that describe and do not constrain.
_ANNOTATIONS = frozenset(
    {"discriminator", "xml", "externalDocs", "example", "deprecated", "readOnly", "writeOnly", "nullable"}
)


def to_draft4(schema: Any) -> Any:
    """An OpenAPI 3.0 schema (without `$ref`) as JSON Schema draft 4: `nullable` becomes a type and an enum value.

    `nullable` does what stock Connexion makes of it: null passes this schema's own `type` and `enum`, nothing else.
    """
    if isinstance(schema, list):
        return [to_draft4(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    converted: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _ANNOTATIONS or key.startswith("x-"):
            continue
        if key in ("properties", "patternProperties"):
            converted[key] = {name: to_draft4(part) for name, part in value.items()}
        elif key in ("enum", "default", "required"):
            converted[key] = value
        else:
            converted[key] = to_draft4(value)
    if schema.get("nullable") is True:
        if isinstance(converted.get("type"), str):
            converted["type"] = [converted["type"], "null"]
        if "enum" in converted and None not in converted["enum"]:
            converted["enum"] = [*converted["enum"], None]
    return converted


def compile_check(schema: Any, what: str) -> Check:
    """A function that raises InvalidRequest, naming the field, where a value does not fit the schema."""
    draft4 = to_draft4(schema)
    is_valid = _validator(draft4).is_valid
    explain = Explainer(draft4).explain

    def check(value: Any) -> None:
        if not is_valid(value):
            raise explain(value, what)

    return check


class Explainer:
    """Finds out why a value does not fit a schema.

    Asked for its errors, jsonschema-rs 0.60 collects all of them, or all inside one `anyOf`: 100 s and 5 GB for 10 MB of
    wrong items. So only yes-or-no questions are asked on the way down, and for one error at the end of it.
    """

    def __init__(self, draft4: Schema) -> None:
        self._root = draft4
        self._mask = HIDDEN if _holds_secret(draft4) else None
        self._validators: dict[tuple[int, bool], jsonschema_rs.Draft4Validator] = {}  # by id, whole or without parts

    def explain(self, value: Any, what: str) -> InvalidRequest:
        """The first misfit as a sentence."""
        steps, message, missing = self._misfit(self._root, value)
        path = ".".join(str(step) for step in steps)
        if len(message) > MESSAGE_MAX:  # it begins with the value and ends with what is wrong with it
            message = f"{message[: MESSAGE_MAX // 2]}…{message[-MESSAGE_MAX // 2 :]}"
        return InvalidRequest(f"Invalid {what}{f' at {path}' if path else ''}: {message}.", param=path or missing)

    def _misfit(self, schema: Schema, value: Any) -> tuple[list[str | int], str, str | None]:
        """Where the value does not fit, why, and the property whose absence is the reason, if one is."""
        try:
            self._itself(schema).validate(value)
        except jsonschema_rs.ValidationError as error:
            return [], self._in_words(schema, value, error), getattr(error.kind, "property", None)
        for part_schema, parts in self._parts(schema, value):
            is_valid = self._whole(part_schema).is_valid
            for steps, part in parts:
                if not is_valid(part):
                    below, message, missing = self._misfit(part_schema, part)
                    return [*steps, *below], message, missing
        return [], f"it is not one of the documented alternatives{_types(schema)}", None

    def _parts(self, schema: Schema, value: Any) -> Iterator[tuple[Schema, Iterable[Part]]]:
        """The schemas inside a schema, each with the parts of the value that have to fit it and the steps that lead there."""
        if isinstance(value, dict):
            properties = schema.get("properties", {})
            for name in properties:
                if name in value:
                    yield properties[name], [([name], value[name])]
            if isinstance(others := schema.get("additionalProperties"), dict):
                yield others, (([name], part) for name, part in value.items() if name not in properties)
        elif isinstance(value, list) and "items" in schema:
            yield schema["items"], (([index], part) for index, part in enumerate(value))
        for each in schema.get("allOf", ()):
            yield each, [([], value)]
        meant = [each for each in _alternatives(schema) if _validator(_type_only(each)).is_valid(value)]
        if len(meant) == 1:
            yield meant[0], [([], value)]

    def _whole(self, schema: Schema) -> jsonschema_rs.Draft4Validator:
        key = id(schema), True
        if key not in self._validators:
            self._validators[key] = _validator(schema, self._mask)
        return self._validators[key]

    def _itself(self, schema: Schema) -> jsonschema_rs.Draft4Validator:
        key = id(schema), False
        if key not in self._validators:
            self._validators[key] = _validator(_without_parts(schema), self._mask)
        return self._validators[key]

    def _in_words(self, schema: Schema, value: Any, error: jsonschema_rs.ValidationError) -> str:
        """What is wrong with a value itself; instead of a pattern, what the schema says in words."""
        if self._mask is not None and error.kind.name == "additionalProperties":  # a secret may be in their names
            return f"it has other fields than {', '.join(schema['properties'])}"
        if "description" in schema and error.kind.name == "pattern":
            shown = self._mask or json.dumps(value, ensure_ascii=False)
            return f"{shown} does not fit: {schema['description'].rstrip('.')}"
        return str(error.message)


def _validator(schema: Schema, mask: str | None = None) -> jsonschema_rs.Draft4Validator:
    return jsonschema_rs.Draft4Validator(schema, validate_formats=False, mask=mask)


def _holds_secret(schema: Any) -> bool:
    """Whether a schema describes a secret anywhere: `format: password`, OpenAPI 3.0's word for it."""
    if isinstance(schema, list):
        return any(_holds_secret(each) for each in schema)
    if not isinstance(schema, dict):
        return False
    return schema.get("format") == "password" or any(_holds_secret(each) for each in schema.values())


def _without_parts(schema: Schema) -> Schema:
    """What a schema asks of a value itself, whatever its parts are."""
    own = {key: each for key, each in schema.items() if key not in ("items", "allOf", "anyOf", "oneOf")}
    if "properties" in own:
        own["properties"] = {name: {} for name in own["properties"]}
    if isinstance(own.get("additionalProperties"), dict):
        del own["additionalProperties"]
    return own


def _alternatives(schema: Schema) -> list[Schema]:
    return [*schema.get("anyOf", ()), *schema.get("oneOf", ())]


def _type_only(schema: Schema) -> Schema:
    return {"type": schema["type"]} if "type" in schema else {}


def _types(schema: Schema) -> str:
    names: set[str] = set()
    for each in _alternatives(schema):
        kind = each.get("type", ())
        names.update([kind] if isinstance(kind, str) else kind)
    return f" ({', '.join(sorted(names))})" if names else ""

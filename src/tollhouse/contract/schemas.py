"""OpenAPI 3.0 schemas, compiled once: JSON Schema draft 4 with `nullable`, checked by jsonschema-rs."""

from collections.abc import Callable
from typing import Any

import jsonschema_rs

from tollhouse.errors import InvalidRequest

Check = Callable[[Any], None]

# Keywords of OpenAPI 3.0 that describe and do not constrain.
_ANNOTATIONS = frozenset({"discriminator", "xml", "externalDocs", "example", "deprecated", "readOnly", "writeOnly", "nullable"})


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
    validator = jsonschema_rs.Draft4Validator(to_draft4(schema), validate_formats=False)
    is_valid = validator.is_valid

    def check(value: Any) -> None:
        if not is_valid(value):
            raise _explain(validator, value, what)

    return check


def _explain(validator: jsonschema_rs.Draft4Validator, value: Any, what: str) -> InvalidRequest:
    """The first error as a sentence; the deepest one where several alternatives failed."""
    error = min(validator.iter_errors(value), key=lambda found: (len(found.instance_path), str(found.message)))
    path = ".".join(str(part) for part in error.instance_path)
    message = error.message if len(error.message) <= 300 else f"{error.message[:300]}…"
    return InvalidRequest(f"Invalid {what}{f' at {path}' if path else ''}: {message}.", param=path or _missing(error))


def _missing(error: jsonschema_rs.ValidationError) -> str | None:
    """The name of a required property that is not there."""
    return getattr(error.kind, "property", None) if type(error.kind).__name__.endswith("Required") else None

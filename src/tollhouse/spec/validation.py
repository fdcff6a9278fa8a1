"""Checks values against the schemas of a document, whichever OpenAPI version it has (jsonschema-rs)."""

from typing import Any

import jsonschema_rs

from tollhouse.spec.bundling import Spec
from tollhouse.spec.reading import Path

_BASE = "urn:tollhouse:spec"  # where the components are, for references
MESSAGE_MAX = 200  # characters; messages quote the value

_NAMES = ("properties", "patternProperties", "schemas", "$defs")
_LITERAL = ("enum", "const", "default", "required", "example", "examples")


class Checker:
    """The validators of one document, compiled when they are first asked for."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._kind = jsonschema_rs.Draft202012Validator if spec.is_31 else jsonschema_rs.Draft4Validator
        draft = jsonschema_rs.Draft202012 if spec.is_31 else jsonschema_rs.Draft4
        document = {"components": self._converted(spec.value.get("components") or {})}
        self._registry = jsonschema_rs.Registry([(_BASE, document)], draft=draft)
        self._validators: dict[Path, Any] = {}

    def misfit(self, path: Path, value: Any) -> str | None:
        """Why a value does not fit the schema at a path; None when it does. Raises ValueError for what is no schema."""
        if path not in self._validators:
            self._validators[path] = self._compiled(path)
        try:
            self._validators[path].validate(value)
        except jsonschema_rs.ValidationError as error:
            where = ".".join(str(step) for step in error.instance_path)
            message = error.message if len(error.message) <= MESSAGE_MAX else f"{error.message[:MESSAGE_MAX]}…"
            return f"{where}: {message}" if where else message
        return None

    def _compiled(self, path: Path) -> Any:
        try:
            return self._kind(self._converted(self._spec.at(path)), registry=self._registry)
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
            raise ValueError(f"{self._spec.place(path)}: not a schema: {error}") from error

    def _converted(self, value: Any) -> Any:
        return _with_base(value if self._spec.is_31 else to_json_schema(value))


def to_json_schema(value: Any) -> Any:
    """An OpenAPI 3.0 schema as JSON Schema draft 4: `nullable` becomes a type and an enum value."""
    if isinstance(value, list):
        return [to_json_schema(item) for item in value]
    if not isinstance(value, dict):
        return value
    converted: dict[str, Any] = {}
    for key, part in value.items():
        if key in _NAMES and isinstance(part, dict):
            converted[key] = {name: to_json_schema(inner) for name, inner in part.items()}
        elif key not in ("nullable", "discriminator", "example", "xml"):
            converted[key] = part if key in _LITERAL else to_json_schema(part)
    if value.get("nullable") is True and isinstance(value.get("type"), str):
        converted["type"] = [value["type"], "null"]
        if isinstance(value.get("enum"), list) and None not in value["enum"]:
            converted["enum"] = [*value["enum"], None]
    return converted


def _with_base(value: Any) -> Any:
    """The same with references that lead into the document from anywhere."""
    if isinstance(value, list):
        return [_with_base(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _BASE + part if key == "$ref" and isinstance(part, str) else _with_base(part)
        for key, part in value.items()
    }

"""The shape of the three files, by their JSON Schemas (`schemas/`), with findings that teach.

The sentence after a finding is the `description` that the schema gives the value, so the schema says everything once.
"""

import functools
import json
from pathlib import Path as FilePath
from typing import Any

import jsonschema_rs

from tollhouse.config.document import Document, Path
from tollhouse.config.problems import accepted_fix

SCHEMAS = FilePath(__file__).parent / "schemas"
SHOWN_CHARACTERS_MAX = 100  # of a value, in a finding

_TYPES = {"string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false"}
_TYPES |= {"object": "a mapping", "array": "a list", "null": "null"}


def check_shape(document: Document, schema_name: str) -> None:
    """Add every violation of `schemas/<schema_name>.schema.json` to the document's problems."""
    schema, validator = _compiled(schema_name)
    for error in validator.iter_errors(document.value):
        path = tuple(error.instance_path)
        parent: Any = schema
        for step in error.schema_path[:-1]:
            parent = parent[step]
        _report(document, path, error, schema, parent)


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each file, by the file's name: its title."""
    found = [_compiled(path.name.removesuffix(".schema.json"))[0] for path in sorted(SCHEMAS.glob("*.schema.json"))]
    return {schema["title"]: schema for schema in found}


@functools.cache
def _compiled(name: str) -> tuple[dict[str, Any], jsonschema_rs.Draft202012Validator]:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    return schema, jsonschema_rs.Draft202012Validator(schema)


def _report(
    document: Document, path: Path, error: jsonschema_rs.ValidationError, schema: dict[str, Any], parent: Any
) -> None:
    """`parent` is the part of the schema that holds the keyword which failed."""
    about = parent.get("description", "")
    facts = error.kind.as_dict()
    # Somebody will write a secret where its variable's name belongs; it must not end up in a log.
    written = "this value" if parent.get("writeOnly") else _short(json.dumps(error.instance, ensure_ascii=False))
    match error.kind.name:
        case "additionalProperties":
            for key in facts["unexpected"]:
                document.error((*path, key), "unknown key", accepted_fix(key, parent.get("properties", {})))
        case "propertyNames":
            name = facts["error"].instance
            document.error((*path, name), f'"{name}" cannot stand here', about)
        case "required":
            key = facts["property"]
            document.error((*path, key), "is missing", _description(schema, parent["properties"][key]))
        case "type":
            accepted = [facts["type"]] if "type" in facts else facts["types"]
            found = "" if parent.get("writeOnly") else f", not {_found(error.instance)}"
            fix = _type_fix(document, path, error.instance, accepted) or about
            document.error(path, f"must be {_expected(accepted)}{found}", fix)
        case "enum":
            document.error(path, f"{written} is not known here", accepted_fix(str(error.instance), facts["options"]))
        case "const":
            document.error(path, f"{written} is not supported", f"accepted: {json.dumps(facts['expected_value'])}")
        case "pattern":
            document.error(path, f"{written} cannot be used", about)
        case "minimum" | "exclusiveMinimum" | "maximum":
            document.error(path, f"{written} is out of range", _range(parent))
        case "minItems" | "minProperties" | "minLength":
            least = facts["limit"]
            document.error(path, "must not be empty" if least == 1 else f"needs at least {least} entries", about)
        case _:  # a keyword that the schemas do not use yet: the validator's own words
            document.error(path, error.message, about)


def _description(schema: dict[str, Any], part: dict[str, Any]) -> str:
    """What a value looks like: the shared definition says it better than the place that refers to it."""
    shared = schema.get("$defs", {}).get(part.get("$ref", "").removeprefix("#/$defs/"), {})
    return str(shared.get("description", part.get("description", "")))


def _range(parent: dict[str, Any]) -> str:
    lowest = f"from {parent['minimum']}" if "minimum" in parent else f"above {parent['exclusiveMinimum']}"
    return f"accepted: {lowest}, up to {parent['maximum']}"


def _expected(types: list[str]) -> str:
    return " or ".join(_TYPES[name] for name in sorted(types, key=list(_TYPES).index))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS_MAX else f"{text[:SHOWN_CHARACTERS_MAX]}…"


def _found(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return f'the text "{_short(value)}"'
    if value is None:
        return "empty"
    return f"the number {value}" if not isinstance(value, bool) else str(value).lower()


def _type_fix(document: Document, path: Path, value: object, accepted: list[str]) -> str:
    mark = document.marks.get(path)
    written = mark.text if mark else ""
    if "string" in accepted and isinstance(value, int | float):  # bool is an int
        return f'write it as a string: "{written}"'
    if isinstance(value, str) and "boolean" in accepted:
        truth = value.lower() in ("yes", "on", "y", "true", "1")
        return f"write {'true' if truth else 'false'}, without quotes"
    if isinstance(value, str) and ("integer" in accepted or "number" in accepted):
        return "write it without quotes, in plain digits"
    if value is None and "object" in accepted:
        return "write {} where every default is right"
    return ""

"""A document that is as small as a complete one can be, and ways to break it."""

import copy
from pathlib import Path
from typing import Any

import yaml

OPERATION: dict[str, Any] = {
    "operationId": "create_boat",
    "tags": ["boats"],
    "summary": "Create a boat",
    "security": [{"bearer": []}],
    "x-billing": "metered",
    "x-kind": "chat",
    "x-stream": True,
    "parameters": [
        {"name": "harbour", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 10}},
        {"name": "request", "in": "query", "x-argument": "request_id", "schema": {"type": "string"}},
        {"name": "tide-at", "in": "query", "required": True, "schema": {"type": "string"}},
    ],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "components/parts.yaml#/schemas/Boat"}}},
    },
    "responses": {
        "200": {
            "description": "The boat.",
            "content": {
                "application/json": {"schema": {"$ref": "components/parts.yaml#/schemas/Boat"}},
                "text/event-stream": {
                    "schema": {"type": "object", "required": ["knots"], "properties": {"knots": {"type": "number"}}}
                },
            },
        },
        "404": {"description": "No such harbour."},
    },
}

PARTS: dict[str, Any] = {
    "schemas": {
        "Boat": {
            "description": "A boat.",
            "type": "object",
            "required": ["name", "rig"],
            "properties": {
                "name": {"type": "string"},
                "rig": {"type": "string", "enum": ["sloop", "ketch"]},
                "length": {"$ref": "#/schemas/Length"},
                "crew": {"type": "array", "nullable": True, "items": {"$ref": "#/schemas/Sailor"}},
                "captain": {"$ref": "#/schemas/Sailor"},
                "colour": {"type": "string", "nullable": True, "enum": ["red", None]},
                "notes": {},
                "flags": {"type": "object", "additionalProperties": {"type": "boolean"}},
            },
        },
        "Length": {
            "description": "Metres, or a size in words.",
            "anyOf": [{"type": "number", "nullable": True}, {"type": "string"}],
        },
        "Sailor": {
            "description": "Who sails.",
            "type": "object",
            "nullable": True,
            "properties": {"first-name": {"type": "string"}},
        },
    }
}


def operation(**changes: Any) -> dict[str, Any]:
    """The operation with other values; None takes a key away."""
    changed = copy.deepcopy(OPERATION)
    for key, value in changes.items():
        name = key.replace("__", "-")
        if value is None:
            del changed[name]
        else:
            changed[name] = value
    return changed


def write(
    root: Path,
    *operations: dict[str, Any],
    schemas: dict[str, Any] | None = None,
    dialect: str = "openai",
    name: str = "fleet",
) -> Path:
    """Write a document with these operations, each on a path of its own, and the parts it refers to; the folder."""
    folder = root / "openapi"
    (folder / "components").mkdir(parents=True, exist_ok=True)
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Fleet", "version": "1"},
        "x-dialect": dialect,
        "paths": {
            f"/harbours{n or ''}/{{harbour}}/boats": {"post": each}
            for n, each in enumerate(operations or (operation(),))
        },
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}, "schemas": schemas or {}},
    }
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    (folder / "components" / "parts.yaml").write_text(yaml.safe_dump(PARTS, sort_keys=False))
    return folder

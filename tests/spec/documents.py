"""Small documents for the tests of the contract kit."""

import copy
from typing import Any

from tollhouse.spec.bundling import Spec, from_value

Schema = dict[str, Any]


def api(operation: dict[str, Any] | None = None, *, version: str = "3.0.3", **components: Any) -> dict[str, Any]:
    """A document with one good operation, `POST /things`; what `operation` says replaces its parts."""
    good: dict[str, Any] = {
        "operationId": "create_thing",
        "summary": "Create a thing",
        "security": [{"bearer": []}],
        "requestBody": {"content": {"application/json": {"schema": {"type": "object"}, "example": {}}}},
        "responses": {
            "200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}},
            "401": {"description": "who?", "content": {"application/json": {"schema": {"type": "object"}}}},
        },
    }
    merged = {key: value for key, value in {**good, **(operation or {})}.items() if value is not None}
    schemes = {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}}
    return {
        "openapi": version,
        "info": {"title": "Things", "version": "1"},
        "paths": {"/things": {"post": merged}},
        "components": {**schemes, **components},
    }


def spec(operation: dict[str, Any] | None = None, **more: Any) -> Spec:
    return from_value(copy.deepcopy(api(operation, **more)))


def with_request(schema: Any, **more: Any) -> Spec:
    """A document whose request body has this schema."""
    return spec({"requestBody": {"content": {"application/json": {"schema": schema}}}}, **more)


def with_response(schema: Any, media_type: str = "application/json", **more: Any) -> Spec:
    """A document whose 200 has this schema."""
    return spec({"responses": {"200": {"description": "ok", "content": {media_type: {"schema": schema}}}}}, **more)


REQUEST = ("paths", "/things", "post", "requestBody", "content", "application/json", "schema")
RESPONSE = ("paths", "/things", "post", "responses", "200", "content", "application/json", "schema")

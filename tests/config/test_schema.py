import json

import jsonschema_rs
import pytest

from tollhouse.config.load import FILES
from tollhouse.config.schema import SCHEMAS
from tollhouse.config.snapshot import Limits


def schema(file: str) -> dict[str, object]:
    value: dict[str, object] = json.loads((SCHEMAS / f"{file.partition('.')[0]}.schema.json").read_text("utf-8"))
    return value


def objects(part: object) -> list[dict[str, object]]:
    if isinstance(part, list):
        return [found for item in part for found in objects(item)]
    if not isinstance(part, dict):
        return []
    return [part] * (part.get("type") == "object") + [found for item in part.values() for found in objects(item)]


@pytest.mark.parametrize("file", FILES)
def test_the_schema_is_valid(file: str) -> None:
    assert jsonschema_rs.meta.is_valid(schema(file))


@pytest.mark.parametrize("file", FILES)
def test_every_object_is_closed_and_described(file: str) -> None:
    for part in objects(schema(file)):
        assert "additionalProperties" in part
        assert part["description"]


@pytest.mark.parametrize("file", FILES)
def test_every_property_is_described(file: str) -> None:
    text = json.dumps(schema(file))
    for part in objects(schema(file)):
        properties = part.get("properties", {})
        assert isinstance(properties, dict)
        for name, value in properties.items():
            assert "description" in value or "$ref" in value, f"{name} in {text[:40]}"


def test_the_limits_of_the_schema_are_those_of_the_snapshot() -> None:
    properties = schema("routes.yaml")["properties"]
    assert isinstance(properties, dict)
    limits = properties["limits"]["properties"]
    assert {name: value["default"] for name, value in limits.items()} == {
        name: getattr(Limits(), name) for name in Limits.__slots__
    }

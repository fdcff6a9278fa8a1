"""Fields by name, of schemas and of values."""

from tests.spec.documents import RESPONSE, Schema, with_response
from tollhouse.spec.bundling import Spec
from tollhouse.spec.fields import described, used
from tollhouse.spec.shapes import Schema as Places

BLOCKS: Schema = {"anyOf": [
    {"type": "object", "required": ["t"], "properties": {"t": {"enum": ["text"]}, "text": {"type": "string"}}},
    {"type": "object", "required": ["t"], "properties": {"t": {"enum": ["image"]}, "url": {"type": "string"}}},
]}  # fmt: skip
TREE: Schema = {"type": "object", "properties": {"left": {"$ref": "#/components/schemas/Tree"}, "value": {}}}


def of(schema: Schema, **components: Schema) -> tuple[Spec, Places]:
    return with_response(schema, schemas=components), frozenset({RESPONSE})


def test_fields_of_all_alternatives_are_described() -> None:
    found = described(*of({"type": "object", "properties": {"blocks": {"type": "array", "items": BLOCKS}}}))
    assert list(found) == ["blocks", "blocks[].t", "blocks[].text", "blocks[].url"]


def test_fields_of_a_schema_inside_itself_are_described_once() -> None:
    assert set(described(*of({"$ref": "#/components/schemas/Tree"}, Tree=TREE))) >= {"left", "value"}
    assert len(described(*of({"$ref": "#/components/schemas/Tree"}, Tree=TREE))) <= 4


def test_a_value_uses_the_alternative_that_its_constants_name() -> None:
    spec, schema = of(BLOCKS)
    found = dict(used(spec, schema, {"t": "image", "url": "u", "text": "no", "more": {"deep": 1}}))
    assert found["url"] and found["t"]
    assert found["text"] is None and found["more"] is None
    assert set(found) == {"t", "url", "text", "more"}


def test_values_of_another_type_have_no_fields() -> None:
    spec, schema = of(BLOCKS)
    assert list(used(spec, schema, "text")) == list(used(spec, schema, None)) == []

"""Schemas as shapes: what is merged, multiplied out and told apart."""

import pytest

from tests.spec.documents import REQUEST, Schema, with_request
from tollhouse.spec.shapes import Shape, Undecided, disjoint, json_text, kind_of, shapes


def of(schema: Schema, version: str = "3.0.3", **components: Schema) -> list[Shape]:
    return shapes(with_request(schema, version=version, schemas=components), frozenset({REQUEST}))


def test_all_of_is_one_shape_with_the_tightest_of_each_constraint() -> None:
    (shape,) = of({"allOf": [{"type": "string", "maxLength": 5, "minLength": 1}, {"maxLength": 3}, {"minLength": 2}]})
    assert shape.types == {"string"}
    assert (shape.lower["minLength"], shape.upper["maxLength"]) == ((2, False), (3, False))


def test_a_property_must_fit_what_every_part_of_all_of_says_of_it() -> None:
    parts: list[Schema] = [
        {"properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "string"}},
        {"properties": {"b": {"type": "integer"}}, "required": ["b"]},
    ]
    (shape,) = of({"allOf": parts})
    start = (*REQUEST, "allOf")
    assert shape.properties["b"] == {(*start, 0, "additionalProperties"), (*start, 1, "properties", "b")}
    assert shape.required == {"b"}


def test_alternatives_multiply_and_impossible_ones_fall_away() -> None:
    found = of(
        {"anyOf": [{"type": "string"}, {"type": "integer"}], "oneOf": [{"type": "integer"}, {"type": "boolean"}]}
    )
    assert [shape.types for shape in found] == [frozenset({"integer"})]


def test_number_is_integers_and_the_others() -> None:
    (shape,) = of({"type": "number"})
    assert shape.types == {"integer", "number"}
    assert [kind_of(value) for value in (1, 1.0, 1.5, True, None)] == [
        "integer",
        "integer",
        "number",
        "boolean",
        "null",
    ]
    assert json_text(1.0) == json_text(1)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_null_is_a_type_in_both_versions(version: str) -> None:
    schema: Schema = {"type": "string", "nullable": True} if version == "3.0.3" else {"type": ["string", "null"]}
    (shape,) = of(schema, version)
    assert shape.types == {"string", "null"}


def test_a_reference_hides_its_neighbours_in_30_and_joins_them_in_31() -> None:
    schema: Schema = {"$ref": "#/components/schemas/A", "maxLength": 2}
    (old,) = of(schema, A={"type": "string"})
    (new,) = of(schema, "3.1.0", A={"type": "string"})
    assert old.upper == {} and new.upper == {"maxLength": (2, False)}
    assert old.types == new.types == {"string"}


def test_a_schema_that_is_its_own_alternative_ends() -> None:
    found = of(
        {"$ref": "#/components/schemas/A"}, A={"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/A"}]}
    )
    assert {kind for shape in found for kind in shape.types} >= {"string"}


def test_too_many_combinations_are_refused() -> None:
    with pytest.raises(Undecided, match="64"):
        of({"allOf": [{"anyOf": [{"maxLength": i} for i in range(9)]} for _ in range(2)]})


def test_objects_with_different_constants_are_disjoint() -> None:
    spec = with_request({"oneOf": [
        {"type": "object", "required": ["t"], "properties": {"t": {"enum": ["a"]}}},
        {"type": "object", "required": ["t"], "properties": {"t": {"enum": ["b"]}}},
        {"type": "object"},
    ]})  # fmt: skip
    one, other, any_object = shapes(spec, frozenset({REQUEST}))
    assert disjoint(spec, one, other)
    assert not disjoint(spec, one, any_object)

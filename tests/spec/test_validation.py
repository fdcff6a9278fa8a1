"""Values against the schemas of a document, in both versions of OpenAPI."""

import pytest

from tests.spec.documents import RESPONSE, with_response
from tollhouse.spec.validation import MESSAGE_MAX, Checker


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_references_lead_to_components_and_their_references(version: str) -> None:
    things = {"List": {"type": "array", "items": {"$ref": "#/components/schemas/One"}}, "One": {"type": "integer"}}
    checker = Checker(with_response({"$ref": "#/components/schemas/List"}, version=version, schemas=things))
    assert checker.misfit(RESPONSE, [1, 2]) is None
    assert checker.misfit(RESPONSE, [1, "x"]) == '1: "x" is not of type "integer"'


def test_nullable_is_null_beside_a_type_and_an_enum() -> None:
    checker = Checker(with_response({"type": "string", "nullable": True, "enum": ["a"]}))
    assert checker.misfit(RESPONSE, None) is None
    assert checker.misfit(RESPONSE, "b") is not None
    words = with_response(
        {"type": "object", "properties": {"nullable": {"type": "integer"}, "example": {"type": "integer"}}}
    )
    assert Checker(words).misfit(RESPONSE, {"nullable": "x"}) is not None  # a name, not a keyword
    assert Checker(words).misfit(RESPONSE, {"example": "x"}) is not None


def test_long_values_do_not_make_long_messages() -> None:
    reason = Checker(with_response({"type": "integer"})).misfit(RESPONSE, "x" * 10_000)
    assert reason is not None and len(reason) <= MESSAGE_MAX + 1


def test_what_is_no_schema_is_told_with_its_place() -> None:
    with pytest.raises(ValueError, match="spec:1: not a schema"):
        Checker(with_response({"type": "objekt"})).misfit(RESPONSE, 1)

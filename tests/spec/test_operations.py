"""Operations as values."""

import pytest

from tests.spec.documents import api
from tests.spec.things import spec as things
from tollhouse.spec.bundling import from_value
from tollhouse.spec.operations import matching, operations, security_of


def test_parameters_of_the_path_are_replaced_by_those_of_the_operation() -> None:
    own = {"name": "X-A", "in": "header", "required": True, "schema": {}}
    value = api({"parameters": [own]})
    value["paths"]["/things"]["parameters"] = [
        {"name": "x-a", "in": "header"},
        {"name": "b", "in": "query", "content": {"application/json": {"schema": {}}}},
    ]
    (operation,) = operations(from_value(value))
    assert [(each.name, each.required, each.schema is not None) for each in operation.parameters] == [
        ("X-A", True, True),
        ("b", False, True),
    ]


def test_an_operation_without_a_name_has_its_method_and_path() -> None:
    (operation,) = operations(from_value(api({"operationId": None})))
    assert operation.id == "POST /things"


def test_security_is_the_operations_or_else_the_documents() -> None:
    value = {**api({"security": None}), "security": [{"bearer": []}]}
    spec = from_value(value)
    assert security_of(spec, operations(spec)[0]) == [{"bearer": []}]


@pytest.mark.parametrize(
    ("method", "url", "name"),
    [("POST", "/things", "create_thing"), ("post", "/v1/things", "create_thing"), ("GET", "/things/a%20b", "get_thing"),
     ("GET", "/things", None), ("GET", "/things/a/b", None), ("DELETE", "/things", None)],
)  # fmt: skip
def test_a_request_finds_its_operation_below_any_base_path(method: str, url: str, name: str | None) -> None:
    found = matching(things(), method, url)
    assert (found.id if found else None) == name

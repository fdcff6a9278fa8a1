"""Reading understands what the documents use, and explains everything that it refuses, all at once."""

from pathlib import Path
from typing import Any

import pytest

from codegen.ir import Alias, AnyOf, Choice, ListOf, MapOf, Named, Record, Scalar
from codegen.read import ContractError, read
from tests.codegen import mini

_HERE = "fleet: POST /harbours/{harbour}/boats: "


def refusal(folder: Path) -> str:
    with pytest.raises(ContractError) as raised:
        read(folder)
    return str(raised.value)


def test_an_operation_is_read_completely(tmp_path: Path) -> None:
    (operation,) = read(mini.write(tmp_path)).operations
    assert (operation.operation_id, operation.document, operation.tag) == ("create_boat", "fleet", "boats")
    assert (operation.method, operation.path) == ("POST", "/harbours/{harbour}/boats")
    assert (operation.billing, operation.kind, operation.dialect) == ("metered", "chat", "openai")
    assert operation.security == ("bearer",)
    assert operation.body is not None and operation.body.type == Named("Boat")
    assert operation.event == Named("CreateBoatResponse") and operation.streams
    assert [(each.status, [media for media, _ in each.content]) for each in operation.responses] == [
        (200, ["application/json", "text/event-stream"]),
        (404, []),
    ]


def test_parameters_know_their_argument_and_place(tmp_path: Path) -> None:
    (operation,) = read(mini.write(tmp_path)).operations
    assert [
        (each.name, each.argument, each.location, each.required, each.default) for each in operation.parameters
    ] == [
        ("harbour", "harbour", "path", True, None),
        ("limit", "limit", "query", False, 10),
        ("request", "request_id", "query", False, None),
        ("tide-at", "tide_at", "query", True, None),
    ]


def test_schemas_become_records_and_aliases_in_the_order_of_their_use(tmp_path: Path) -> None:
    schemas = read(mini.write(tmp_path)).schemas
    assert [schema.name for schema in schemas] == ["Length", "Sailor", "Boat", "CreateBoatResponse"]
    length, _, boat, _ = schemas
    null, number, string = Scalar("null"), Scalar("number"), Scalar("string")
    assert isinstance(length, Alias) and length.type == AnyOf((number, string, null))
    assert isinstance(boat, Record) and boat.open
    assert {field.name: field.type for field in boat.fields} == {
        "name": string,
        "rig": Choice(("sloop", "ketch")),
        "length": Named("Length"),
        "crew": AnyOf((ListOf(AnyOf((Named("Sailor"), null))), null)),
        "captain": AnyOf((Named("Sailor"), null)),
        "colour": AnyOf((Choice(("red",)), null)),
        "notes": Scalar("anything"),
        "flags": MapOf(Scalar("boolean")),
    }
    assert [field.name for field in boat.fields if field.required] == ["name", "rig"]


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"operationId": None}, "operationId is missing"),
    ({"operationId": "createBoat"}, "operationId 'createBoat' must be in snake_case"),
    ({"operationId": "class"}, "operationId 'class' must be in snake_case and no Python keyword"),
    ({"operationId": "boats"}, "operationId boats is also a tag"),
    ({"tags": None}, "needs exactly one tag, the file of its endpoint; it has 0"),
    ({"tags": ["boats", "ships"]}, "needs exactly one tag, the file of its endpoint; it has 2"),
    ({"tags": ["tall ships"]}, "tag 'tall ships' must be in snake_case"),
    ({"security": None}, "security is missing; name the schemes, or write [] for a public operation"),
    ({"security": [{"cookie": []}]}, "security scheme 'cookie' is not among the components"),
    ({"security": [{"bearer": [], "cookie": []}]}, "security must be alternatives of one scheme each"),
    ({"x__billing": None}, "x-billing is missing; every operation says what it costs: one of metered, free, none"),
    ({"x__billing": "cheap"}, "x-billing cannot be 'cheap'"),
    ({"x__kind": None}, "x-kind is missing; what is metered or free says what it is: one of chat, "),
    ({"x__kind": "poem"}, "x-kind cannot be 'poem'"),
    ({"x__stream": None}, "x-stream: true and a 200 response with text/event-stream belong together"),
    ({"responses": {"200": {"description": "OK"}}, "x__stream": False}, "has no error responses"),
    ({"responses": {"default": {"description": "Any"}}, "x__stream": False}, "response 'default' must be one status"),
    (
        {"parameters": [{"name": "x-weather", "in": "header"}]},
        "parameter 'x-weather' is in the header; describe headers in",
    ),
    ({"parameters": [{"name": "request", "in": "query"}]}, "parameter 'request' cannot be the argument 'request'"),
    (
        {"parameters": [{"name": "a", "in": "query"}, {"name": "A", "in": "query"}]},
        "several parameters become the argument a;",
    ),
    ({"requestBody": {"content": {"application/json": {"schema": {}}}}}, "requestBody must be required: true"),
    (
        {"requestBody": {"required": True, "content": {"text/csv": {}}}},
        "requestBody must be application/json and nothing else",
    ),
]


@pytest.mark.parametrize(("changes", "complaint"), BROKEN)
def test_a_broken_operation_is_refused_with_its_place(tmp_path: Path, changes: dict[str, Any], complaint: str) -> None:
    assert f"{_HERE}{complaint}" in refusal(mini.write(tmp_path, mini.operation(**changes)))


def test_an_operation_may_have_a_dialect_of_its_own(tmp_path: Path) -> None:
    own = mini.operation(operationId="create_ship", x__dialect="responses")
    folder = mini.write(tmp_path, mini.operation(), own)
    assert {each.operation_id: each.dialect for each in read(folder).operations} == {
        "create_boat": "openai",
        "create_ship": "responses",
    }
    complaint = (
        "x-dialect cannot be 'latin'; the wire format of this one operation: one of openai, anthropic, responses"
    )
    assert f"{_HERE}{complaint}" in refusal(mini.write(tmp_path, mini.operation(x__dialect="latin")))


def test_an_operation_id_is_unique_across_documents(tmp_path: Path) -> None:
    mini.write(tmp_path)
    folder = mini.write(tmp_path, name="navy")
    complaints = refusal(folder).splitlines()
    for document in ("fleet", "navy"):
        assert (
            f"{document}: POST /harbours/{{harbour}}/boats: operationId create_boat is used 2 times ({document}.yaml, line 8)"
            in complaints
        )


def test_a_free_operation_needs_a_kind_and_one_without_costs_does_not(tmp_path: Path) -> None:
    assert "x-kind is missing" in refusal(mini.write(tmp_path, mini.operation(x__billing="free", x__kind=None)))
    (operation,) = read(mini.write(tmp_path, mini.operation(x__billing="none", x__kind=None))).operations
    assert operation.kind is None


@pytest.mark.parametrize(
    ("schemas", "complaint"),
    [
        ({"boat_list": {"type": "object"}}, "schema boat_list: the name must be in PascalCase"),
        (
            {"TypedDict": {"type": "object"}},
            "schema TypedDict: the name must be in PascalCase and not one that generated code",
        ),
        ({"Fleet": {"allOf": [{"type": "object"}]}}, "schema Fleet: allOf and not are not supported"),
        ({"Fleet": {"type": "navy"}}, "schema Fleet: there is no type 'navy'"),
        (
            {"Fleet": {"type": "object", "required": ["flag"], "properties": {}}},
            "schema Fleet: flag is required but not",
        ),
        (
            {
                "Fleet": {"type": "array", "items": {"$ref": "#/components/schemas/Ship"}},
                "Ship": {"type": "object", "properties": {"escort": {"$ref": "#/components/schemas/Fleet"}}},
            },
            "schema Fleet refers to itself: Fleet → Ship → Fleet",
        ),
    ],
)
def test_a_broken_schema_is_refused_by_name(tmp_path: Path, schemas: dict[str, Any], complaint: str) -> None:
    assert complaint in refusal(mini.write(tmp_path, schemas=schemas))


def test_schemas_of_one_name_must_be_one_schema(tmp_path: Path) -> None:
    mini.write(tmp_path, schemas={"Fleet": {"type": "string"}})
    folder = mini.write(
        tmp_path, mini.operation(operationId="create_ship"), schemas={"Fleet": {"type": "integer"}}, name="navy"
    )
    assert "navy: schema Fleet differs from the one of the same name in another document" in refusal(folder)


def test_every_complaint_comes_at_once(tmp_path: Path) -> None:
    first = mini.operation(x__billing=None, x__kind="poem", security=None)
    folder = mini.write(tmp_path, first, mini.operation(operationId="create_ship", tags=None), dialect="latin")
    complaints = refusal(folder).splitlines()
    assert len(complaints) == 5
    assert complaints[0] == "fleet: x-dialect must be one of openai, anthropic, responses (fleet.yaml, line 5)"
    assert complaints[-1].startswith("fleet: POST /harbours1/{harbour}/boats: needs exactly one tag")

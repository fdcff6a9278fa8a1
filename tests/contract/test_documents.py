"""The documents say everything that the generator, the runtime and a reader need, and nothing that shuts a vendor's client out."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import connexion
import httpx
import openapi_spec_validator
import pytest
import yaml
from connexion.json_schema import Draft4RequestValidator
from connexion.resolver import Resolver
from connexion.spec import Specification
from openapi_schema_validator import OAS30Validator

from tests.contract import bodies
from tests.oracles import ANTHROPIC, OPENAI, document, needs_oracles
from tollhouse.contract.documents import (
    DocumentedOperation,
    DocumentError,
    claimed_paths,
    document_names,
    documents_dir,
    load_document,
    operations,
)

WIRE = ("anthropic", "openai")
SIGNED_OUT = {"get_sign_in_challenge", "connect_wallet", "use_sign_in_link", "list_public_catalogue"}
BODILESS = {"log_out", "log_out_everywhere", "create_sign_in_link", "resume_provider"}

DOCUMENTS = {name: load_document(name) for name in document_names()}
# As Connexion resolves them: the same documents without references.
RESOLVED = {name: Specification.load(load_document(name)).spec for name in DOCUMENTS}
OPERATIONS = {
    entry.operation["operationId"]: (name, entry)
    for name, resolved in RESOLVED.items()
    for entry in operations(resolved)
}

every_document = pytest.mark.parametrize("name", sorted(DOCUMENTS))
every_operation = pytest.mark.parametrize("operation_id", sorted(OPERATIONS))


def accepts(schema: dict[str, Any], value: Any) -> bool:
    """Whether a value fits. Two judges have to agree: stock Connexion's and openapi-core's."""
    connexion = Draft4RequestValidator(schema).is_valid(value)
    assert OAS30Validator(schema).is_valid(value) == connexion, "the judges disagree"
    return connexion


def body_schema(operation_id: str) -> dict[str, Any]:
    return OPERATIONS[operation_id][1].operation["requestBody"]["content"]["application/json"]["schema"]


def statuses(entry: DocumentedOperation) -> set[int]:
    return {int(status) for status in entry.operation["responses"]}


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object schema in a resolved schema, however deep."""
    if isinstance(schema, list):
        for item in schema:
            yield from objects(item)
    elif isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for key, value in schema.items():
            yield from objects(list(value.values()) if key == "properties" else value)


@every_document
def test_document_passes_the_openapi_validator(name: str) -> None:
    assert DOCUMENTS[name]["openapi"] == "3.0.3"
    openapi_spec_validator.validate(DOCUMENTS[name])


@every_document
def test_document_needs_no_other_file(name: str) -> None:
    references = re.findall(r'"\$ref": "([^"]*)"', json.dumps(DOCUMENTS[name]))
    assert all(reference.startswith("#/components/") for reference in references)
    assert "$ref" not in json.dumps(RESOLVED[name])


async def test_stock_connexion_routes_every_document() -> None:
    async def answer(**arguments: Any) -> dict[str, Any]:
        return arguments

    app = connexion.AsyncApp(__name__)
    for name in DOCUMENTS:
        app.add_api(load_document(name), base_path=f"/{name}", name=name, resolver=Resolver(lambda _: answer))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/system/livez")).status_code == 200
        for path in ("/openai/models/org/model:free", "/admin/accounts/acme", "/openai/models"):
            assert (await client.get(path)).status_code == 401, path
        assert (await client.post("/anthropic/messages/count_tokens")).status_code == 401
        assert (await client.get("/openai/nothing")).status_code == 404


def test_loading_gives_equal_but_separate_values() -> None:
    first, second = load_document("openai"), load_document("openai")
    assert json.dumps(first) == json.dumps(second)
    first["paths"].clear()
    assert second["paths"]


@every_document
def test_what_is_kept_of_a_document_is_all_of_it(name: str) -> None:
    assert load_document(name) == load_document(name, documents_dir())


def test_loading_an_unknown_document_names_the_known_ones() -> None:
    with pytest.raises(DocumentError, match=r"no document 'opnai'.*admin, anthropic, openai, provider, system"):
        load_document("opnai")


@pytest.mark.parametrize(
    ("reference", "complaint"),
    [
        ("parts.yaml#/schemas/Missing", "leads nowhere"),
        ("missing.yaml#/schemas/Model", "does not exist"),
        ("parts.yaml#/schemas", "must end in a section and a name"),
        ("other.yaml#/schemas/Model", "is defined twice"),
    ],
)
def test_a_wrong_reference_names_its_file(tmp_path: Path, reference: str, complaint: str) -> None:
    (tmp_path / "parts.yaml").write_text("schemas: {Model: {type: string}}")
    (tmp_path / "other.yaml").write_text("schemas: {Model: {type: integer}}")
    first = {"$ref": "parts.yaml#/schemas/Model"}
    (tmp_path / "mini.yaml").write_text(yaml.safe_dump({"paths": {}, "x-a": first, "x-b": {"$ref": reference}}))
    with pytest.raises(DocumentError, match=complaint) as raised:
        load_document("mini", tmp_path)
    assert "mini.yaml" in str(raised.value) or "parts.yaml" in str(raised.value)


def test_claimed_paths_are_what_the_documents_hold() -> None:
    claims = claimed_paths()
    assert set(claims) == {path.stem for path in documents_dir().glob("*.yaml")}
    assert ("GET", "/models/{model}") in claims["openai"]
    assert claims["anthropic"] == {("POST", "/messages"), ("POST", "/messages/count_tokens")}


@every_operation
def test_operation_is_complete(operation_id: str) -> None:
    name, entry = OPERATIONS[operation_id]
    operation = entry.operation
    assert len(operation["tags"]) == 1
    assert operation["tags"][0] in {tag["name"] for tag in RESOLVED[name]["tags"]}
    assert operation["summary"] and operation["description"]
    assert not operation["summary"].endswith(".")
    assert operation["x-billing"] in {"metered", "free", "none"}
    assert ("x-kind" in operation) == (operation["x-billing"] != "none")
    assert {scheme for each in operation["security"] for scheme in each} == {
        "system": set(),
        "web": set(),
        "admin": {"adminToken"},
        "account": set() if operation_id in SIGNED_OUT else {"session"},
    }.get(name, {"bearer", "xApiKey", "apiKey"})
    assert (
        "text/event-stream" in operation["responses"]["200" if "200" in operation["responses"] else "201"]["content"]
    ) == (operation.get("x-stream", False))
    assert RESOLVED[name].get("x-dialect") == (name if name in WIRE else None)


@every_operation
def test_operation_lists_its_errors(operation_id: str) -> None:
    name, entry = OPERATIONS[operation_id]
    wanted = {405, 500}
    if name not in ("system", "web"):
        wanted |= {503} if operation_id == "list_public_catalogue" else {401, 503}
    if "requestBody" in entry.operation:
        wanted |= {400, 408, 413, 415}
    if entry.operation["x-billing"] != "none":
        wanted |= {400, 403, 404, 429, 502, 504} | ({422} if name == "openai" else set())
    if entry.operation["x-billing"] == "metered":
        wanted |= {402}
    assert wanted <= statuses(entry)
    media_type = "application/problem+json" if name == "admin" else "application/json"
    for status, response in entry.operation["responses"].items():
        if int(status) >= 400:
            assert list(response["content"]) == [media_type], status


@every_operation
def test_examples_fit_their_schemas(operation_id: str) -> None:
    operation = OPERATIONS[operation_id][1].operation
    media = dict(operation.get("requestBody", {}).get("content", {}))
    entries = [*media.values(), *(each for r in operation["responses"].values() for each in r["content"].values())]
    for entry in [*entries, *operation.get("parameters", ())]:
        examples = (
            [entry["example"]] if "example" in entry else [each["value"] for each in entry.get("examples", {}).values()]
        )
        assert examples or "in" in entry, "an example is missing"
        for example in examples:
            assert accepts(entry["schema"], example), example


@every_operation
def test_bodies_are_required_json(operation_id: str) -> None:
    name, entry = OPERATIONS[operation_id]
    takes_body = entry.method in ("POST", "PUT", "PATCH") and operation_id not in BODILESS
    assert ("requestBody" in entry.operation) == takes_body
    if name == "provider" and takes_body:  # what an endpoint takes, and whether anything, is the provider's affair
        assert list(entry.operation["requestBody"]["content"]) == ["application/json", "multipart/form-data", "*/*"]
    elif takes_body:
        assert entry.operation["requestBody"]["required"] is True
        assert list(entry.operation["requestBody"]["content"]) == ["application/json"]


@pytest.mark.parametrize("operation_id", sorted(each for each, (name, _) in OPERATIONS.items() if name in WIRE))
def test_wire_objects_are_open_and_take_null_for_what_is_optional(operation_id: str) -> None:
    operation = OPERATIONS[operation_id][1].operation
    for found in objects([operation.get("requestBody", {}), operation["responses"]]):
        assert found.get("additionalProperties") is not False
    for found in objects(
        operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    ):
        for name, schema in found.get("properties", {}).items():
            assert name in found.get("required", ()) or accepts(schema, None), name


def test_our_own_objects_are_closed() -> None:
    for name, entry in OPERATIONS.values():
        successes = {status: each for status, each in entry.operation["responses"].items() if int(status) < 400}
        if name in ("admin", "account"):
            for found in objects([entry.operation.get("requestBody", {}), successes]):
                assert found.get("additionalProperties") is False or "properties" not in found


@pytest.mark.parametrize(("operation_id", "body"), bodies.ACCEPTED)
def test_what_vendors_document_is_accepted(operation_id: str, body: dict[str, Any]) -> None:
    assert accepts(body_schema(operation_id), body)


@pytest.mark.parametrize(("operation_id", "body"), bodies.REFUSED)
def test_what_no_vendor_takes_is_refused(operation_id: str, body: dict[str, Any]) -> None:
    assert not accepts(body_schema(operation_id), body)


@needs_oracles
@pytest.mark.parametrize(
    ("operation_id", "path"),
    [
        ("create_chat_completion", "/chat/completions"),
        ("create_completion", "/completions"),
        ("create_response", "/responses"),
        ("create_embedding", "/embeddings"),
    ],
)
def test_the_examples_in_openais_document_are_accepted(operation_id: str, path: str) -> None:
    oracle = document(OPENAI)
    examples = oracle["paths"][path]["post"]["x-oaiMeta"]["examples"]
    for example in examples if isinstance(examples, list) else [examples]:
        body = re.search(r"-d '(\{.*\})'", example["request"]["curl"], re.DOTALL)
        assert body is not None
        assert accepts(body_schema(operation_id), json.loads(body[1]))


@needs_oracles
@pytest.mark.parametrize(
    ("operation_id", "name"),
    [("create_message", "CreateMessageParams"), ("count_message_tokens", "CountMessageTokensParams")],
)
def test_the_examples_in_anthropics_document_are_accepted(operation_id: str, name: str) -> None:
    oracle = document(ANTHROPIC)["components"]["schemas"][name]
    whole = oracle["example"] if "example" in oracle else oracle["examples"][0]
    assert accepts(body_schema(operation_id), whole)
    for field, schema in oracle["properties"].items():
        for example in schema.get("examples", ()):
            value = [example] if schema.get("type") == "array" and not isinstance(example, list) else example
            assert accepts(body_schema(operation_id), {**whole, field: value}), field


ADMIN_OPERATIONS = sorted(name for name, (document, _) in OPERATIONS.items() if document == "admin")


def schemas_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every schema with a type in a resolved document, however deep."""
    if isinstance(value, list):
        for item in value:
            yield from schemas_in(item)
    elif isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield value
        for key, item in value.items():
            if key != "example":
                yield from schemas_in(list(item.values()) if key == "properties" else item)


@pytest.mark.parametrize("operation_id", ADMIN_OPERATIONS)
def test_every_object_of_the_admin_document_is_closed(operation_id: str) -> None:
    found = list(objects(OPERATIONS[operation_id][1].operation))
    assert found and all(schema.get("additionalProperties") is False for schema in found), found


@pytest.mark.parametrize("operation_id", ADMIN_OPERATIONS)
def test_every_number_that_the_admin_api_takes_has_its_ends(operation_id: str) -> None:
    operation = OPERATIONS[operation_id][1].operation
    taken = [*schemas_in(operation.get("parameters", [])), *schemas_in(operation.get("requestBody", {}))]
    for schema in taken:
        if schema["type"] in ("integer", "number"):
            assert schema["minimum"] >= 0 and schema["maximum"] <= 10**15, schema

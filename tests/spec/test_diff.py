"""Documents compared: operations, credentials, parameters, bodies and answers; each class both ways."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.spec.documents import api, spec, with_response
from tollhouse.contract.documents import document_names, documents_dir
from tollhouse.spec.bundling import Spec, bundle, from_value
from tollhouse.spec.classes import BY_NAME, CLASSES
from tollhouse.spec.diff import diff
from tollhouse.spec.findings import Finding

OK = {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}}


def severities(old: Spec, new: Spec) -> dict[str, str]:
    return {finding.code: finding.severity for finding in diff(old, new)}


def parameter(**more: Any) -> Spec:
    return spec({"parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}, **more}]})


def schemes(requirements: Any, **more: Any) -> Spec:
    kinds = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "key": {"type": "apiKey", "in": "header", "name": "x-key"},
        **more,
    }
    return spec({"security": requirements}, securitySchemes=kinds)


def headers(**each: Any) -> Spec:
    return spec({"responses": {"200": {**OK, "headers": each}}})


def at(path: str, method: str = "post") -> Spec:
    value = api()
    value["paths"] = {path: {method: value["paths"]["/things"]["post"]}}
    return from_value(value)


NOTHING = from_value({**api(), "paths": {}})
BODY = {"content": {"application/json": {"schema": {"type": "object"}}}}
XML = {"content": {**BODY["content"], "application/xml": {}}}

# Old, new, what the change is, and what the change back is.
PAIRS: tuple[tuple[Spec, Spec, str, str], ...] = (
    (spec(), NOTHING, "operation-removed", "operation-added"),
    (spec(), at("/stuff"), "operation-moved", "operation-moved"),
    (spec(), at("/things", "put"), "operation-moved", "operation-moved"),
    (spec(), spec({"operationId": "make_thing"}), "operation-renamed", "operation-renamed"),
    (parameter(), spec(), "parameter-removed", "parameter-added"),
    (parameter(), parameter(required=True), "parameter-newly-required", "parameter-no-longer-required"),
    (parameter(), parameter(schema={"type": "string", "maxLength": 9}), "bound-narrowed", "bound-widened"),
    (spec({"requestBody": BODY}), spec({"requestBody": {**BODY, "required": True}}), "body-newly-required", "body-added"),
    (spec({"requestBody": BODY}), spec({"requestBody": None}), "body-removed", "body-added"),
    (spec({"requestBody": XML}), spec({"requestBody": BODY}), "media-type-removed", "media-type-added"),
    (spec({"responses": {"200": OK, "201": OK}}), spec({"responses": {"200": OK}}), "status-removed", "status-added"),
    (spec({"responses": {"200": OK, "404": OK}}), spec({"responses": {"200": OK}}), "error-status-removed", "error-status-added"),
    (headers(a={"schema": {}}), headers(), "header-removed", "header-added"),
    (schemes([{}]), schemes([{"key": []}]), "auth-added", "auth-widened"),
    (schemes([{"key": []}, {"bearer": []}]), schemes([{"bearer": []}]), "auth-removed", "auth-widened"),
    (schemes([{"key": []}]), schemes([{"key": ["admin"]}]), "scope-added", ""),
    (schemes([{"key": []}]), schemes([{"key": []}], key={"type": "apiKey", "in": "header", "name": "x"}), "auth-changed", "auth-changed"),
    (spec({"x-stream": True}), spec(), "stream-removed", "stream-added"),
    (spec({"x-billing": "free"}), spec({"x-billing": "metered"}), "billing-added", "billing-dropped"),
    (spec(), spec({"deprecated": True}), "operation-deprecated", ""),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "there", "back"), PAIRS, ids=[pair[2] for pair in PAIRS])
def test_each_change_and_the_change_back_have_their_class(old: Spec, new: Spec, there: str, back: str) -> None:
    assert severities(old, new) == {there: BY_NAME[there].request}
    assert severities(new, old) == ({back: BY_NAME[back].request} if back else {})


def test_required_headers_and_servers_are_promises_too() -> None:
    old, new = headers(a={"required": True, "schema": {}}), headers(a={"schema": {}})
    assert severities(old, new) == {"header-no-longer-required": "breaking"}
    moved = from_value({**api(), "servers": [{"url": "/v2"}]})
    assert severities(from_value({**api(), "servers": [{"url": "/v1"}]}), moved) == {"server-removed": "risky"}


def test_a_placeholder_may_be_renamed_but_is_told() -> None:
    def with_id(name: str) -> Spec:
        value = api({"parameters": [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}}]})
        value["paths"] = {f"/things/{{{name}}}": value["paths"]["/things"]}
        return from_value(value)

    assert severities(with_id("id"), with_id("key")) == {"parameter-renamed": "risky"}


def test_a_new_error_status_is_covered_by_default() -> None:
    old = spec({"responses": {"200": OK, "default": OK}})
    assert severities(old, spec({"responses": {"200": OK, "default": OK, "404": OK}})) == {}


def test_every_class_is_found_by_some_test() -> None:
    """A class without a case here or in test_compat.py would be a promise that nobody keeps."""
    from tests.spec import test_compat

    found = {name for pair in PAIRS for name in pair[2:]} | {name for pair in test_compat.PAIRS for name in pair[:2]}
    elsewhere = {
        "property-removed", "property-ignored", "property-added", "property-newly-described", "property-added-to-closed",
        "event-removed", "event-added", "undecided", "parameter-renamed", "header-no-longer-required", "server-removed",
    }  # fmt: skip
    assert {each.name for each in CLASSES} == (found | elsewhere) - {""}
    assert len(BY_NAME) == len(CLASSES)


def shared(schema: Any) -> Spec:
    """Two operations that answer with one component."""
    value = api({"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}},
                schemas={"Thing": schema})  # fmt: skip
    second = copy.deepcopy(value["paths"]["/things"]["post"])
    value["paths"]["/others"] = {"get": {**second, "operationId": "get_other"}}
    return from_value(value)


def test_a_change_of_a_component_is_one_finding_with_all_its_operations() -> None:
    (finding,) = diff(shared({"properties": {"a": {}, "b": {}}}), shared({"properties": {"a": {}}}))
    assert finding.operations == ("create_thing", "get_other")
    assert finding.subject == "create_thing and 1 more"
    assert finding.id == "property-removed response /components/schemas/Thing/properties/b"
    assert finding.message == "200.b: it is gone"


def test_ids_tell_values_of_one_enum_apart() -> None:
    def of(*values: str) -> Spec:
        return with_response({"type": "string", "enum": list(values)})

    assert len({finding.id for finding in diff(of("a"), of("a", "b", "c"))}) == 2


OPENAI = str(documents_dir() / "openai.yaml")


def our(change: Callable[[dict[str, Any]], None]) -> list[Finding]:
    """What `diff` finds when our own OpenAI document is changed."""
    old = bundle(OPENAI)
    value = copy.deepcopy(old.value)
    change(value)
    return [finding for finding in diff(old, Spec(OPENAI, value, old.places)) if finding.severity == "breaking"]


def test_a_field_a_type_and_an_operation_that_go_are_found_in_our_own_documents() -> None:
    def remove_field(value: dict[str, Any]) -> None:
        del value["components"]["schemas"]["ChatCompletion"]["properties"]["usage"]

    def narrow_type(value: dict[str, Any]) -> None:
        value["components"]["schemas"]["CreateEmbeddingRequest"]["properties"]["input"] = {"type": "string"}

    def delete_operation(value: dict[str, Any]) -> None:
        del value["paths"]["/embeddings"]

    (field,) = our(remove_field)
    assert (field.code, field.message) == ("property-removed", "200.usage: it is gone")
    assert field.place.file.endswith("components/chat_response.yaml") and field.place.line > 1
    assert {finding.code for finding in our(narrow_type)} == {"type-narrowed"}
    (gone,) = our(delete_operation)
    assert gone.message == "POST /embeddings (create_embedding) is gone"
    assert gone.place == bundle(OPENAI).place(("paths", "/embeddings", "post"))


def test_a_document_does_not_differ_from_itself() -> None:
    for name in document_names():
        document = bundle(str(documents_dir() / f"{name}.yaml"))
        assert diff(document, document) == []

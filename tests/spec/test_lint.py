"""Each rule on a document that breaks it; the same document without the fault is clean."""

import copy
from typing import Any

import pytest

from tests.spec.documents import api, spec
from tollhouse.contract.documents import document_names, documents_dir
from tollhouse.spec.bundling import Spec, bundle, from_value
from tollhouse.spec.lint import RULES, lint

JSON = "application/json"
GOOD = api()
ERROR = GOOD["paths"]["/things"]["post"]["responses"]["401"]
SUCCESS = GOOD["paths"]["/things"]["post"]["responses"]["200"]


def body(schema: Any, **more: Any) -> dict[str, Any]:
    return {"requestBody": {"content": {JSON: {"schema": schema, "example": {}, **more}}}}


def answer(schema: Any, media_type: str = JSON) -> dict[str, Any]:
    return {"responses": {"200": {"description": "ok", "content": {media_type: schema}}, "401": ERROR}}


def two(second: dict[str, Any], path: str = "/others") -> Spec:
    value = api()
    value["paths"][path] = {"post": {**copy.deepcopy(value["paths"]["/things"]["post"]), **second}}
    return from_value(value)


def same_path(second: str) -> Spec:
    """`/things/{id}` and another path with one parameter."""
    value = api()
    good = value["paths"].pop("/things")["post"]
    for url, name in (("/things/{id}", "id"), (second, "key")):
        parameter = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        value["paths"][url] = {"post": {**copy.deepcopy(good), "operationId": f"by_{name}", "parameters": [parameter]}}
    return from_value(value)


STREAMING = body({"type": "object", "properties": {"stream": {"type": "boolean"}}})
ID = [{"name": "id", "in": "query", "schema": {"type": "string"}}]
THING = {"Thing": {"type": "string"}}

# A document that breaks the rule, and its mirror that does not.
CASES: dict[str, tuple[Spec, Spec]] = {
    "TH001": (spec({"operationId": None}), spec()),
    "TH002": (two({}), two({"operationId": "other"})),
    "TH003": (spec({"operationId": "create-thing"}), spec({"operationId": "create_thing"})),
    "TH004": (spec({"summary": None}), spec({"summary": None, "description": "Creates."})),
    "TH005": (same_path("/things/{key}"), same_path("/others/{key}")),
    "TH010": (spec({"responses": {"401": ERROR}}), spec({"responses": {"201": SUCCESS, "401": ERROR}})),
    "TH011": (spec({"security": [], "responses": {"200": SUCCESS}}), spec({"responses": {"200": SUCCESS, "default": ERROR}})),
    "TH012": (spec({"responses": {"200": SUCCESS, "401": {"description": "?"}}}), spec()),
    "TH020": (spec({"security": None}), spec({"security": []})),
    "TH021": (spec({"security": [{"nobody": []}]}), spec()),
    "TH022": (spec({"responses": {"200": SUCCESS, "404": ERROR}}), spec({"responses": {"200": SUCCESS, "4XX": ERROR}})),
    "TH030": (spec(answer({}, "text/event-stream")), spec(answer({"schema": {"type": "object"}}, "text/event-stream"))),
    "TH031": (spec(STREAMING), spec({**STREAMING, **answer({"schema": {"type": "object"}}, "text/event-stream")})),
    "TH040": (spec(body({"type": "object"}, example=1)), spec(body({"type": "object"}, example={"a": 1}))),
    "TH041": (spec({"requestBody": {"content": {JSON: {"schema": {"type": "object"}}}}}), spec()),
    "TH042": (spec(body({"type": "object", "default": 1})), spec(body({"type": "object", "default": {}}))),
    "TH050": (
        spec({"parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]}), spec({"parameters": ID}),
    ),
    "TH051": (spec({"parameters": [{"name": "id", "in": "query"}]}), spec({"parameters": ID})),
    "TH060": (spec(schemas=THING), spec(body({"properties": {"a": {"$ref": "#/components/schemas/Thing"}}}), schemas=THING)),
    "TH061": (
        spec(body({"properties": {"a": {}}, "required": ["b"]}, example={"b": 1})),
        spec(body({"properties": {"b": {}}, "required": ["b"]}, example={"b": 1})),
    ),
    "TH062": (spec(body({"properties": {"a": {"type": "array"}}})), spec(body({"properties": {"a": {"type": "array", "items": {}}}}))),
    "TH063": (
        spec(body({"properties": {"a": {"$ref": "#/components/schemas/Thing", "maxLength": 1}}}), schemas=THING),
        spec(body({"properties": {"a": {"$ref": "#/components/schemas/Thing", "maxLength": 1}}}), schemas=THING, version="3.1.0"),
    ),
    "TH064": (spec(body({"nullable": True})), spec(body({"nullable": True, "type": "object"}))),
    "TH065": (spec(body({"nullable": True}), version="3.1.0"), spec(body({"type": ["object", "null"]}), version="3.1.0")),
    "TH066": (spec(body({"type": ["object", "string"]})), spec(body({"type": ["object", "string"]}), version="3.1.0")),
    "TH067": (spec(body({"type": "objekt"})), spec(body({"type": "object"}))),
    "TH070": (spec({"x-billing": "dear"}), spec({"x-billing": "free"})),
}  # fmt: skip


def test_every_rule_has_a_case() -> None:
    assert sorted(CASES) == [rule.code for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_sees_its_fault_and_nothing_else(rule: Any) -> None:
    faulty, clean = CASES[rule.code]
    assert [(finding.code, finding.severity) for finding in lint(faulty)] == [(rule.code, rule.severity)] * len(
        lint(faulty)
    )
    assert lint(faulty) != []
    assert lint(clean) == []


def test_a_finding_names_file_line_operation_and_what_to_do() -> None:
    text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      operationId: get_a\n      summary: A\n" \
           "      security: []\n      responses:\n        '200': {description: ok}\n"  # fmt: skip
    (finding,) = lint(bundle("a.yaml", lambda _: text))
    assert (str(finding.place), finding.code, finding.operations) == ("a.yaml:9", "TH011", ("get_a",))
    assert finding.fix == "describe at least one 4XX, or default"
    assert finding.id == "TH011 /paths/~1a/get/responses"


def test_a_parameter_missing_in_the_path_and_an_optional_one_are_both_th050() -> None:
    value = api({"parameters": [{"name": "id", "in": "path", "schema": {"type": "string"}}]})
    value["paths"] = {"/things/{id}/{part}": value["paths"]["/things"]}
    assert [(finding.code, finding.message) for finding in lint(from_value(value))] == [
        ("TH050", "{part} in /things/{id}/{part} is not described as a parameter"),
        ("TH050", "the path parameter id needs required: true"),
    ]


def test_who_says_that_a_stream_is_not_asked_for_need_not_describe_one() -> None:
    assert {finding.code for finding in lint(spec(STREAMING))} == {"TH031"}
    assert not list(lint(spec({**STREAMING, "x-stream": False})))


def test_examples_inside_schemas_and_named_ones_are_checked() -> None:
    named = body(
        {"type": "object", "properties": {"a": {"type": "string", "example": 1}}}, examples={"one": {"value": []}}
    )
    del named["requestBody"]["content"][JSON]["example"]
    assert [finding.pointer.rpartition("/")[2] for finding in lint(spec(named))] == ["example", "value"]


@pytest.mark.parametrize("name", document_names())
def test_our_own_documents_are_clean(name: str) -> None:
    found = lint(bundle(str(documents_dir() / f"{name}.yaml")))
    planned = "TH060 /components/schemas/CreateResponseRequest"  # docs/contract/exceptions.yaml
    assert [finding for finding in found if finding.id != planned] == []

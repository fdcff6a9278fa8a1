"""OpenAPI 3.0 schemas as JSON Schema draft 4, and refusals that help without costing more than the check."""

import time
from typing import Any

import pytest
from connexion.spec import Specification

from tollhouse.contract.documents import load_document
from tollhouse.contract.schemas import MESSAGE_MAX, compile_check, to_draft4
from tollhouse.errors import InvalidRequest

PATHS = Specification.load(load_document("openai")).spec["paths"]
CHAT = PATHS["/chat/completions"]["post"]["requestBody"]["content"]["application/json"]["schema"]
HELLO = [{"role": "user", "content": "Hello!"}]


def refusal(schema: dict[str, Any], value: Any) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        compile_check(schema, "request body")(value)
    return caught.value


def test_nullable_is_a_type_and_an_enum_value() -> None:
    assert to_draft4({"type": "string", "nullable": True, "enum": ["a"]}) == {
        "type": ["string", "null"],
        "enum": ["a", None],
    }
    check = compile_check({"type": "string", "nullable": True, "enum": ["a"]}, "x")
    check(None)
    check("a")


def test_nullable_does_not_reach_into_alternatives() -> None:
    schema = {"nullable": True, "anyOf": [{"type": "string"}]}
    assert refusal(schema, None)


def test_words_that_only_describe_are_left_out_but_properties_of_that_name_stay() -> None:
    schema = {"example": 1, "x-a": 1, "deprecated": True, "properties": {"example": {"type": "string", "xml": {}}}}
    assert to_draft4(schema) == {"properties": {"example": {"type": "string"}}}


def test_exclusive_bounds_are_booleans_as_in_draft_4() -> None:
    schema = {"type": "number", "minimum": 0, "exclusiveMinimum": True}
    compile_check(schema, "x")(0.1)
    assert "0" in str(refusal(schema, 0))


MESSAGES = [
    ({}, "model", '"model" is a required property'),
    ({"model": "m"}, "messages", '"messages" is a required property'),
    ({"model": 1, "messages": HELLO}, "model", '1 is not of type "string"'),
    ({"model": "m", "messages": []}, "messages", "less than 1 item"),
    ({"model": "m", "messages": HELLO, "temperature": 3}, "temperature", "greater than the maximum of 2"),
    ({"model": "m", "messages": [*HELLO, {"role": "bot"}]}, "messages.1.role", "is not one of"),
    ({"model": "m", "messages": [{"role": "user", "content": 5}]}, "messages.0.content", "(array, null, string)"),
    (
        {"model": "m", "messages": [{"role": "user", "content": [{"type": "text"}, {}]}]},
        "messages.0.content.1",
        '"type" is a required property',
    ),
    ({"model": "m", "messages": HELLO, "stop": ["a", 1]}, "stop.1", '1 is not of type "string"'),
    ({"model": "m", "messages": HELLO, "logit_bias": {"5": "a"}}, "logit_bias.5", 'not of type "number"'),
    ([], None, 'not of type "object"'),
    (None, None, 'not of type "object"'),
]


@pytest.mark.parametrize("body,param,reason", MESSAGES)
def test_a_refusal_names_the_deepest_field_and_the_reason(body: Any, param: str | None, reason: str) -> None:
    error = refusal(CHAT, body)
    assert error.param == param and reason in str(error)


def test_a_closed_object_names_what_it_does_not_know() -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "additionalProperties": False}
    assert "'nmae' was unexpected" in str(refusal(schema, {"nmae": "a"}))


def test_all_of_and_one_of_are_explained() -> None:
    schema = {
        "allOf": [
            {"type": "object"},
            {"properties": {"a": {"oneOf": [{"type": "string"}, {"type": "integer", "minimum": 5}]}}},
        ]
    }
    compile_check(schema, "x")({"a": "b"})
    assert "1 is less than the minimum of 5" in str(refusal(schema, {"a": 1}))
    both = {"oneOf": [{"type": "string"}, {"maxLength": 5}]}
    assert "not one of the documented alternatives (string)" in str(refusal(both, "abc"))


def test_a_long_value_is_cut_and_the_reason_stays() -> None:
    message = str(refusal(CHAT, [1] * 10_000))
    assert 'not of type "object"' in message and len(message) < MESSAGE_MAX + 100


HOSTILE = {
    "wrong items": {"model": "m", "messages": [1] * 500_000},
    "wrong objects": {"model": "m", "messages": [{}] * 500_000},
    "wrong items in an alternative": {"model": "m", "messages": [{"role": "user", "content": [1] * 500_000}]},
    "one wrong item at the end": {"model": "m", "messages": [*([{"role": "user"}] * 200_000), 1]},
    "many wrong keys": {"model": "m", "messages": HELLO, "logit_bias": {str(n): "a" for n in range(200_000)}},
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_explaining_a_large_body_takes_no_longer_than_reading_it(body: Any) -> None:
    check = compile_check(CHAT, "request body")
    began = time.process_time()
    with pytest.raises(InvalidRequest):
        check(body)
    assert time.process_time() - began < 2, "jsonschema-rs alone takes minutes"


def test_a_pattern_that_is_described_is_explained_in_words() -> None:
    schema = {"type": "string", "pattern": "^[0-9]+$", "description": "An amount of US dollars."}
    with pytest.raises(InvalidRequest, match="does not fit: An amount of US dollars"):
        compile_check(schema, "amount")("-5")


@pytest.mark.parametrize(
    "body",
    ["sk-canary", {"value": ["sk-canary"]}, {"value": {"sk-canary": 1}}, {"value": "a", "sk-canary": 1}, ["sk-canary"],
     {"key": "sk-canary"}, {"value": "a", "note": "sk-canary\n"}],
)  # fmt: skip
def test_a_message_about_a_body_with_a_secret_quotes_nothing_of_it(body: Any) -> None:
    schema = {
        "type": "object", "additionalProperties": False, "required": ["value"],
        "properties": {
            "value": {"type": "string", "format": "password"},
            "note": {"type": "string", "pattern": "^[a-z-]*$", "description": "Small letters."},
        },
    }  # fmt: skip
    with pytest.raises(InvalidRequest) as refused:
        compile_check(schema, "request body")(body)
    assert "sk-canary" not in str(refused.value) and len(str(refused.value)) > len("Invalid request body: .")

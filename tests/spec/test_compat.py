"""Schemas compared: each class both ways, and the claim that nothing breaks where the comparison says so."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.documents import REQUEST, RESPONSE, Schema, with_request, with_response
from tollhouse.spec.bundling import Spec
from tollhouse.spec.classes import BY_NAME, Direction
from tollhouse.spec.diff import diff
from tollhouse.spec.validation import Checker

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}


def thing(properties: Schema, required: tuple[str, ...] = (), **more: Any) -> Schema:
    needs = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, **needs, **more}


CLOSED = {"additionalProperties": False}
TAGGED_A = thing({"type": {"type": "string", "enum": ["a"]}}, ("type",))
TAGGED_B = thing({"type": {"type": "string", "enum": ["b"]}}, ("type",))

# The class of a change, and that of the change back.
PAIRS: tuple[tuple[str, str, Schema, Schema], ...] = (
    ("property-newly-required", "property-no-longer-required", thing({"a": TEXT}), thing({"a": TEXT}, ("a",))),
    ("type-narrowed", "type-widened", {"type": "number"}, NUMBER),
    ("null-removed", "null-added", {**TEXT, "nullable": True}, TEXT),
    ("enum-value-removed", "enum-value-added", {**TEXT, "enum": ["a", "b"]}, {**TEXT, "enum": ["a"]}),
    ("enum-added", "enum-dropped", TEXT, {**TEXT, "enum": ["a"]}),
    ("bound-narrowed", "bound-widened", {**TEXT, "maxLength": 5}, {**TEXT, "maxLength": 4}),
    ("bound-narrowed", "bound-widened", {**NUMBER, "minimum": 0}, {**NUMBER, "minimum": 0, "exclusiveMinimum": True}),
    ("bound-narrowed", "bound-widened", {"allOf": [{**NUMBER, "maximum": 9}, {"maximum": 9}]},
     {"allOf": [{**NUMBER, "maximum": 9}, {"maximum": 9, "exclusiveMaximum": True}]}),
    ("bound-narrowed", "bound-widened", {"type": "array", "items": {}}, {"type": "array", "items": {}, "minItems": 1}),
    ("constraint-added", "constraint-removed", TEXT, {**TEXT, "pattern": "^x"}),
    ("constraint-added", "constraint-removed", TEXT, {**TEXT, "format": "uuid"}),
    ("constraint-changed", "constraint-changed", {**TEXT, "pattern": "^x"}, {**TEXT, "pattern": "^y"}),
    ("alternative-removed", "alternative-added", {"oneOf": [TAGGED_A, TAGGED_B]}, {"oneOf": [TAGGED_A]}),
    ("extra-properties-refused", "extra-properties-taken", thing({}), thing({}, **CLOSED)),
    ("type-narrowed", "type-widened", {"type": "array", "items": {"anyOf": [TEXT, NUMBER]}}, {"type": "array", "items": TEXT}),
    ("enum-value-removed", "enum-value-added", {"allOf": [TEXT, {"enum": ["a", "b"]}]}, {"allOf": [TEXT, {"enum": ["a"]}]}),
)  # fmt: skip


def classes(old: Schema, new: Schema, direction: Direction) -> dict[str, str]:
    """Class and severity of each finding."""
    make = with_request if direction == "request" else with_response
    return {finding.code: finding.severity for finding in diff(make(old), make(new))}


@pytest.mark.parametrize(("narrower", "wider", "old", "new"), PAIRS)
def test_taking_less_breaks_requests_and_sending_more_breaks_responses(
    narrower: str, wider: str, old: Schema, new: Schema
) -> None:
    assert classes(old, new, "request") == {narrower: BY_NAME[narrower].request}
    assert classes(new, old, "request") == {wider: BY_NAME[wider].request}
    assert classes(old, new, "response") == {narrower: BY_NAME[narrower].response}
    assert classes(new, old, "response") == {wider: BY_NAME[wider].response}
    if narrower != wider:
        assert BY_NAME[narrower].request == "breaking" and BY_NAME[narrower].response == "compatible"
        assert BY_NAME[wider].request == "compatible" and BY_NAME[wider].response in ("breaking", "risky")


def test_a_field_that_goes_breaks_a_response_and_a_closed_request() -> None:
    one, none = thing({"a": TEXT}), thing({})
    assert classes(one, none, "response") == {"property-removed": "breaking"}
    assert classes(one, none, "request") == {"property-ignored": "risky"}
    assert classes({**one, **CLOSED}, {**none, **CLOSED}, "request") == {"property-removed": "breaking"}


def test_a_new_optional_field_breaks_nobody() -> None:
    one, none = thing({"a": TEXT}), thing({})
    assert classes(none, one, "request") == classes(none, one, "response") == {"property-added": "compatible"}
    assert classes({**none, **CLOSED}, {**one, **CLOSED}, "response") == {"property-added-to-closed": "risky"}
    assert classes({**none, "additionalProperties": True}, one, "request") == {"property-newly-described": "risky"}


def test_a_new_required_field_breaks_requests_only() -> None:
    new = thing({"a": TEXT}, ("a",))
    assert classes(thing({}), new, "request")["property-newly-required"] == "breaking"
    assert set(classes(thing({}), new, "response").values()) == {"compatible"}


def test_null_as_an_alternative_is_null_however_it_is_written() -> None:
    union: Schema = {"anyOf": [TEXT, {"type": "string", "enum": [None], "nullable": True}]}
    assert classes({**TEXT, "nullable": True}, union, "response") == {}
    assert classes(union, TEXT, "request") == {"null-removed": "breaking"}


def test_events_are_alternatives_of_a_stream() -> None:
    two = with_response({"anyOf": [TAGGED_A, TAGGED_B]}, "text/event-stream")
    one = with_response({"anyOf": [TAGGED_A]}, "text/event-stream")
    gone, come = diff(two, one), diff(one, two)
    assert [(each.code, each.severity) for each in gone] == [("event-removed", "breaking")]
    assert 'type: "b"' in gone[0].message
    assert [(each.code, each.severity) for each in come] == [("event-added", "risky")]


def test_overlapping_alternatives_of_one_of_are_not_decided() -> None:
    found = classes({"anyOf": [TEXT, NUMBER]}, {"oneOf": [{"type": "number"}, NUMBER, TEXT]}, "request")
    assert found.pop("undecided") == "risky"
    assert set(found.values()) <= {"compatible"}


def test_too_many_alternatives_are_not_decided() -> None:
    old: Schema = {"allOf": [{"anyOf": [thing({f"{i}{j}": TEXT}) for j in range(3)]} for i in range(5)]}
    assert classes(old, {**old, "minProperties": 1}, "request") == {"undecided": "risky"}
    assert classes(old, old, "request") == {}


def test_a_schema_inside_itself_is_compared_once() -> None:
    def tree(leaf: Schema) -> Spec:
        node = thing({"leaf": leaf, "left": {"$ref": "#/components/schemas/Node"}})
        return with_response({"$ref": "#/components/schemas/Node"}, schemas={"Node": node})

    found = diff(tree(TEXT), tree(NUMBER))
    assert [(each.code, each.severity) for each in found] == [
        ("type-widened", "breaking"),
        ("type-narrowed", "compatible"),
    ]
    assert found[0].message == "200.leaf: the type was string, now integer"
    assert diff(tree(TEXT), tree(TEXT)) == []


def test_openapi_31_says_the_same_in_its_own_words() -> None:
    old = with_request({"type": ["string", "null"]}, version="3.1.0")
    new = with_request({"const": "a"}, version="3.1.0")
    assert {each.code for each in diff(old, new)} == {"null-removed", "enum-added"}
    assert diff(old, with_request({"anyOf": [TEXT, {"type": "null"}]}, version="3.1.0")) == []
    exclusive = with_request({"type": "integer", "exclusiveMinimum": 0}, version="3.1.0")
    inclusive = with_request({"type": "integer", "minimum": 0}, version="3.1.0")
    assert [each.code for each in diff(inclusive, exclusive)] == ["bound-narrowed"]


# Everything below samples the claim of `compat`: where nothing worse than `compatible` is found, nothing breaks.

NAMES = ("a", "b")
SCALARS: tuple[Any, ...] = (None, True, "", "x", "xyz", 0, 1, 3, -2, 0.5, 2.5)
LISTS: tuple[Any, ...] = ([], ["x"], [1], [None], ["x", 1], [1, 1], [0.5, 3, 1])
OBJECTS: tuple[Any, ...] = tuple(
    {name: value for name, value in zip(NAMES, values, strict=True) if value != "absent"}
    for values in itertools.product(("absent", *SCALARS[:9], ["x"], {"a": 1}, {"b": "x"}), repeat=2)
)
VALUES = (*SCALARS, *LISTS, *OBJECTS, {"c": 1}, {"a": "x", "c": None})


def scalars() -> st.SearchStrategy[Schema]:
    bound = st.integers(-2, 3)
    nullable = st.sampled_from([{}, {"nullable": True}])
    texts = st.fixed_dictionaries(
        {"type": st.just("string")},
        optional={
            "minLength": st.integers(0, 3), "maxLength": st.integers(0, 3), "pattern": st.sampled_from(["^x", "z$"]),
            "enum": st.lists(st.sampled_from(["", "x", "xyz"]), min_size=1, unique=True),
        },
    )  # fmt: skip
    numbers = st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "number"])},
        optional={
            "minimum": bound,
            "maximum": bound,
            "exclusiveMinimum": st.booleans(),
            "multipleOf": st.sampled_from([1, 2]),
        },
    ).map(lambda each: {key: value for key, value in each.items() if key != "exclusiveMinimum" or "minimum" in each})
    plain = st.sampled_from([{}, {"type": "boolean"}, {"enum": [1, "x", None]}, {"not": {"type": "string"}}])
    typed = st.one_of(texts, numbers).flatmap(lambda each: nullable.map(lambda more: {**each, **more}))
    return st.one_of(typed, plain)


def larger(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    # Without `additionalProperties`, other fields are left open, and nobody is expected to send them: see the docs.
    objects = st.fixed_dictionaries(
        {"type": st.just("object"), "additionalProperties": st.one_of(st.booleans(), inner)},
        optional={
            "properties": st.dictionaries(st.sampled_from(NAMES), inner),
            "required": st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
            "maxProperties": st.integers(0, 2),
        },
    )
    lists = st.fixed_dictionaries(
        {"type": st.just("array"), "items": inner},
        optional={"minItems": st.integers(0, 2), "uniqueItems": st.just(True)},
    )
    several = st.lists(inner, min_size=1, max_size=3)
    unions = st.sampled_from(["anyOf", "oneOf", "allOf"]).flatmap(lambda key: several.map(lambda each: {key: each}))
    return st.one_of(objects, lists, unions)


SCHEMAS = st.recursive(scalars(), larger, max_leaves=5)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Schema, Schema]:
    """Two schemas that often have something to do with each other."""
    old = draw(SCHEMAS)
    other = draw(SCHEMAS)
    tweak = draw(st.sampled_from([{"maxLength": 1}, {"maximum": 1}, {"minimum": 1, "exclusiveMinimum": True}, {"minLength": 2},
                                  {"maximum": 3, "exclusiveMaximum": True}, {"required": ["a"]}, {"additionalProperties": False}]))  # fmt: skip
    near = st.sampled_from(
        [{"anyOf": [old, other]}, {"allOf": [old, other]}, {"oneOf": [old, other]}, {**other, **old}, {**old, **tweak},
         {"allOf": [old, tweak]}]
    )  # fmt: skip
    new = draw(st.one_of(st.just(other), near))
    return (old, new) if draw(st.booleans()) else (new, old)


@settings(max_examples=800)
@given(pairs())
def test_what_is_called_compatible_is_so_for_every_value(pair: tuple[Schema, Schema]) -> None:
    old, new = pair
    for make, path in ((with_request, REQUEST), (with_response, RESPONSE)):
        before, after = make(old), make(new)
        if any(finding.severity != "compatible" for finding in diff(before, after)):
            continue
        sent, taken = (before, after) if make is with_request else (after, before)
        sender, receiver = Checker(sent), Checker(taken)
        for value in VALUES:
            if sender.misfit(path, value) is None:
                assert receiver.misfit(path, value) is None, value

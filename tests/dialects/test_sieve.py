"""A table of fields, applied to a body."""

import pytest
from hypothesis import given

from tests.dialects.test_base import json_values
from tollhouse.dialects.sieve import NAME_LENGTH_MAX, Sieve, steps
from tollhouse.dialects.translation import DROPPED, MAPPED, REFUSED, Field
from tollhouse.errors import InvalidRequest

SIEVE = Sieve(
    (
        Field("model", MAPPED, {}),
        Field("seed", DROPPED, {}, neutral=(0,)),
        Field("n", REFUSED, {}, note="ask several times.", neutral=(1,)),
        Field("parts[text].text", MAPPED, {}),
        Field("parts[image].url", MAPPED, {}),
        Field("parts[image].detail", REFUSED, {}, note="leave it out."),
        Field("parts[audio]", REFUSED, {}, note="send text."),
        Field("parts[hint]", DROPPED, {}),
        Field("parts[].cache", DROPPED, {}),
        Field("rows[].a", MAPPED, {}),
        Field("schema", MAPPED, {}, whole=True),
    )
)


def test_a_path_is_read_step_by_step() -> None:
    assert list(steps("a.b[].c[x_1].d")) == [
        ("name", "a"), ("name", "b"), ("kind", ""), ("name", "c"), ("kind", "x_1"), ("name", "d"),
    ]  # fmt: skip


def test_mapped_fields_pass_and_others_are_named() -> None:
    body = {"model": "m", "seed": 7, "new": 1, "rows": [{"a": 1, "b": 2}], "schema": {"x": None}}
    assert SIEVE.sift(body) == (
        {"model": "m", "rows": [{"a": 1}], "schema": {"x": None}},
        {"seed", "new", "rows[].b"},
    )


def test_null_and_neutral_say_nothing() -> None:
    assert SIEVE.sift({"model": None, "seed": 0, "n": 1, "new": None}) == ({}, set())


def test_parts_are_told_by_their_type_and_the_first_is_the_default() -> None:
    body = {"parts": [{"text": "a"}, {"type": "image", "url": "u", "cache": 1}, {"type": "hint"}, "plain"]}
    kept, dropped = SIEVE.sift(body)
    assert kept == {"parts": [{"text": "a"}, {"type": "image", "url": "u"}, "plain"]}
    assert dropped == {"parts[].cache", "parts[hint]"}


@pytest.mark.parametrize(
    ("body", "param", "message"),
    [
        ({"n": 2}, "n", "ask several times."),
        ({"parts": [{"type": "image", "detail": "low"}]}, "parts[image].detail", "leave it out."),
        ({"parts": [{"type": "audio"}]}, "parts[audio]", "send text."),
        ({"parts": [{"type": "smell"}]}, "parts[]", "send one of text, image."),
        ({"parts": [{"type": ["text"]}]}, "parts[]", "send one of text, image."),
        ({"parts": [{"type": ""}]}, "parts[]", "send one of text, image."),
    ],
)
def test_a_refusal_names_the_field_and_what_to_do(body: dict[str, object], param: str, message: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        SIEVE.sift(body)
    assert refused.value.param == param
    assert f"`{param}`" in refused.value.message and refused.value.message.endswith(message)


def test_a_name_that_nobody_knows_can_stand_in_a_header() -> None:
    assert SIEVE.sift({"a\r\nb: ü": 1, "x" * 999: 1})[1] == {"a__b___", "x" * NAME_LENGTH_MAX}


@given(json_values)
def test_values_of_any_shape_are_sifted_or_refused(value: object) -> None:
    for name in ("model", "parts", "rows", "n"):
        try:
            SIEVE.sift({name: value})
        except InvalidRequest as refused:
            assert refused.param is not None and refused.param.startswith(name)

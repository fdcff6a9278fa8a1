"""The tables do what they say, row by row."""

from typing import Any

import pytest

from tollhouse.dialects.responses_on_chat import RESPONSES_ON_CHAT
from tollhouse.dialects.translation import DROPPED, MAPPED, REFUSED, Field
from tollhouse.errors import InvalidRequest


def rows(fields: tuple[Field, ...], treatment: str) -> Any:
    return [pytest.param(field, id=field.path) for field in fields if field.treatment == treatment]


REQUESTS, ANSWERS = RESPONSES_ON_CHAT.request_fields, RESPONSES_ON_CHAT.answer_fields


@pytest.mark.parametrize("field", rows(REQUESTS, MAPPED))
def test_a_mapped_field_is_translated_and_not_announced(field: Field) -> None:
    assert field.path not in RESPONSES_ON_CHAT.request(field.example).dropped


@pytest.mark.parametrize("field", rows(REQUESTS, DROPPED))
def test_a_dropped_field_is_announced_and_says_why(field: Field) -> None:
    assert field.path in RESPONSES_ON_CHAT.request(field.example).dropped and field.note


@pytest.mark.parametrize("field", rows(REQUESTS, REFUSED))
def test_a_refused_field_is_named_with_the_reason(field: Field) -> None:
    with pytest.raises(InvalidRequest) as refused:
        RESPONSES_ON_CHAT.request(field.example)
    assert refused.value.param == field.path and field.note in refused.value.message


@pytest.mark.parametrize("field", rows(ANSWERS, MAPPED) + rows(ANSWERS, DROPPED))
def test_every_example_of_an_answer_is_translated(field: Field) -> None:
    assert RESPONSES_ON_CHAT.answer(field.example, {})["status"] in ("completed", "incomplete")


def test_a_field_has_one_row() -> None:
    for fields in (REQUESTS, ANSWERS):
        assert len({field.path for field in fields}) == len(fields)

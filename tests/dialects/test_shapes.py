"""Values of a body, taken as what they should be."""

from collections.abc import Callable
from typing import Any

import pytest

from tollhouse.dialects import shapes
from tollhouse.dialects.shapes import WrongShape


@pytest.mark.parametrize(
    ("take", "good", "wrong"),
    [
        (shapes.text, "a", [None, 1, b"a", []]),
        (shapes.mapping, {"a": 1}, [None, [], "a"]),
        (shapes.objects, [{}, {"a": 1}], [None, {}, [1], [{}, None]]),
        (shapes.texts, ["a"], [None, "a", [1]]),
        (shapes.whole_number, 7, [None, 7.0, True, "7"]),
        (shapes.number, 0.5, [None, True, "0.5"]),
    ],
)
def test_a_value_passes_unchanged_or_is_an_error_with_its_place(
    take: Callable[[Any, str], Any], good: Any, wrong: list[Any]
) -> None:
    assert take(good, "a.b") is good
    for value in wrong:
        with pytest.raises(WrongShape, match=r"`a\.b`") as error:
            take(value, "a.b")
        assert error.value.param == "a.b"


def test_a_word_is_one_of_those_that_are_known() -> None:
    assert shapes.chosen("a", {"a": "x"}, "p") == "x"
    for value in ("b", None, [], {}):
        with pytest.raises(WrongShape, match="one of a, c"):
            shapes.chosen(value, {"a": "x", "c": "y"}, "p")


def test_an_object_is_parsed_and_spelled() -> None:
    assert shapes.parsed_object('{"a":[1]}', "p") == {"a": [1]}
    assert shapes.parsed_object(" ", "p") == {}
    assert shapes.spelled({"a": "ü"}, "p") == '{"a":"ü"}'
    for value in ("{", "[]", "null", 7):
        with pytest.raises(WrongShape):
            shapes.parsed_object(value, "p")


@pytest.mark.parametrize("value", [2**64, object(), {1: 2}])
def test_what_cannot_be_written_is_an_error(value: object) -> None:
    with pytest.raises(WrongShape):
        shapes.dump(value, "p")

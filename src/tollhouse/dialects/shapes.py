"""Values of a body that somebody else wrote, taken as what they should be. Pure."""

from collections.abc import Mapping
from typing import Any

import orjson


class WrongShape(ValueError):
    """A value is not what its format allows; `param` is where it is."""

    def __init__(self, param: str, expected: str) -> None:
        super().__init__(f"`{param}` has to be {expected}.")
        self.param = param


def text(value: Any, where: str) -> str:
    if type(value) is not str:
        raise WrongShape(where, "a string")
    return value


def mapping(value: Any, where: str) -> dict[str, Any]:
    if type(value) is not dict:
        raise WrongShape(where, "an object")
    return value


def objects(value: Any, where: str) -> list[dict[str, Any]]:
    """A list of objects."""
    if type(value) is not list or not all(type(item) is dict for item in value):
        raise WrongShape(where, "a list of objects")
    return value


def texts(value: Any, where: str) -> list[str]:
    """A list of strings."""
    if type(value) is not list or not all(type(item) is str for item in value):
        raise WrongShape(where, "a list of strings")
    return value


def whole_number(value: Any, where: str) -> int:
    if type(value) is not int:
        raise WrongShape(where, "a whole number")
    return value


def number(value: Any, where: str) -> float:
    if type(value) not in (int, float):
        raise WrongShape(where, "a number")
    return value  # type: ignore[no-any-return]  # one of the two


def chosen(value: Any, choices: Mapping[str, str], where: str) -> str:
    """What stands for one of several words."""
    if type(value) is not str or value not in choices:
        raise WrongShape(where, f"one of {', '.join(choices)}")
    return choices[value]


def parsed_object(value: Any, where: str) -> dict[str, Any]:
    """The object that a JSON text spells; an empty text is an empty object."""
    spelled = text(value, where)
    if not spelled.strip():
        return {}
    try:
        parsed = orjson.loads(spelled)
    except ValueError as error:
        raise WrongShape(where, "a JSON object") from error
    return mapping(parsed, where)


def spelled(value: Any, where: str) -> str:
    """A value as JSON text."""
    return dump(value, where).decode()


def dump(value: Any, where: str) -> bytes:
    """A value as JSON. orjson 3 reads 1024 levels deep and writes 254; deeper is an error of the value."""
    try:
        return orjson.dumps(value)
    except TypeError as error:
        raise WrongShape(where, "plain JSON, not nested deeper than 250") from error

"""What goes over the wire: plain dicts, typed. Generated; do not edit."""

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict


class Thing(TypedDict):
    kind: str
    kilos: NotRequired[float | None]


Barrel: TypeAlias = Thing


class Crate(TypedDict):
    """A box."""

    kind: str
    kilos: NotRequired[float | None]
    sides: list[int]


Grade: TypeAlias = Literal[1, 2]


Later: TypeAlias = Literal["tomorrow", 'it\'s "later"'] | None


class LoadInnerDeep(TypedDict):
    deeper: NotRequired[bool]


class LoadInner(TypedDict):
    deep: NotRequired[LoadInnerDeep]


class LoadSilence(TypedDict):
    pass


class Nothing(TypedDict):
    """An object of which nothing is known."""


class Load(TypedDict):
    what: Crate | str | list[str | Barrel] | None
    grade: Grade
    later: NotRequired[Later]
    labels: NotRequired[dict[str, str | None]]
    free: NotRequired[Any]
    sizes: NotRequired[Any]
    maybe: NotRequired[Literal["yes it is"] | None]
    nothing: NotRequired[Nothing]
    silence: NotRequired[LoadSilence]
    inner: NotRequired[LoadInner | None]
    a_property_with_a_long_name: NotRequired[
        list[Literal["one_rather_long_value", "another_rather_long_value", "a_third_rather_long_value", "the_last_one"]]
    ]
    another_property_with_a_long_name: NotRequired[list[dict[str, Crate]] | dict[str, list[Barrel]] | Grade]

"""What goes over the wire: plain dicts, typed. Generated; do not edit."""

from typing import NotRequired, TypeAlias, TypedDict

Json: TypeAlias = "str | float | list[Json] | dict[str, Json]"
"""Anything that JSON can say."""


Odd = TypedDict(
    "Odd",
    {
        "odd-one": NotRequired["Odd | None"],
        "node": NotRequired["Node"],
    },
)


class Node(TypedDict):
    name: str
    children: NotRequired["list[Node]"]
    odd: NotRequired[Odd | None]
    value: NotRequired["Json | bool | None"]

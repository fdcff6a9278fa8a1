"""The operations, as the transport knows them. Generated; do not edit."""

from __future__ import annotations

from typing import Never

from . import types
from ._runtime.operations import Argument, Operation

LOAD_CARGO: Operation[types.Crate | types.Barrel | types.Later | None, Never] = Operation(
    name="load_cargo",
    method="POST",
    path="/cargo",
    arguments=(
        Argument("what", "body", "what", required=True),
        Argument("grade", "body", "grade", required=True),
        Argument("later", "body", "later"),
        Argument("labels", "body", "labels"),
        Argument("free", "body", "free"),
        Argument("sizes", "body", "sizes"),
        Argument("maybe", "body", "maybe"),
        Argument("nothing", "body", "nothing"),
        Argument("silence", "body", "silence"),
        Argument("inner", "body", "inner"),
        Argument("a_property_with_a_long_name", "body", "a_property_with_a_long_name"),
        Argument("another_property_with_a_long_name", "body", "another_property_with_a_long_name"),
    ),
    body="application/json",
    body_required=True,
)

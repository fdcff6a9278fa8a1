"""The operations, as the transport knows them. Generated; do not edit."""

from __future__ import annotations

from typing import Never

from . import types
from ._runtime.operations import Argument, Operation

PLANT_TREE: Operation[types.Json | None, Never] = Operation(
    name="plant_tree",
    method="POST",
    path="/trees",
    arguments=(
        Argument("name", "body", "name", required=True),
        Argument("children", "body", "children"),
        Argument("odd", "body", "odd"),
        Argument("value", "body", "value"),
    ),
    body="application/json",
    body_required=True,
)

"""The operations, as the transport knows them. Generated; do not edit."""

from __future__ import annotations

from typing import Never

from . import types
from ._runtime.operations import Argument, Operation

GET_PING: Operation[str, Never] = Operation(
    name="get_ping",
    method="GET",
    path="/ping",
)

MOVE_SHIP: Operation[types.ShipReport, Never] = Operation(
    name="move_ship",
    method="POST",
    path="/ships/{ship-id}/{class}",
    arguments=(
        Argument("ship_id", "path", "ship-id", required=True),
        Argument("class_", "path", "class", required=True),
        Argument("from_", "query", "from", required=True),
        Argument("sail_plan", "query", "sailPlan"),
        Argument("ids", "query", "ids", joined=True),
        Argument("timeout_", "query", "timeout"),
        Argument("x_tide_at", "header", "X-Tide-At"),
        Argument("n2nd", "query", "2nd"),
        Argument("body_class", "body", "class", required=True),
        Argument("body_from", "body", "from"),
        Argument("max_speed", "body", "maxSpeed"),
        Argument("self_", "body", "self"),
    ),
    body="application/json",
    body_required=True,
)

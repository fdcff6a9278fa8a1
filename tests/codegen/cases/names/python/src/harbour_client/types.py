"""What goes over the wire: plain dicts, typed. Generated; do not edit."""

from typing import NotRequired, TypedDict

MoveShipRequest = TypedDict(
    "MoveShipRequest",
    {
        "class": str,
        "from": NotRequired[str],
        "maxSpeed": NotRequired[float],
        "self": NotRequired[str],
    },
)


ShipReport = TypedDict(
    "ShipReport",
    {
        "ship-id": NotRequired[str],
        "class": NotRequired[str],
        "None": NotRequired[int],
    },
)

"""What each method takes by name; whatever is left out is not sent. Generated; do not edit."""

from typing import NotRequired

from . import types
from ._runtime.operations import CallOptions


class PlantTreeParams(CallOptions):
    """What `plant_tree` takes."""

    name: str
    children: NotRequired[list[types.Node]]
    odd: NotRequired[types.Odd | None]
    value: NotRequired["types.Json | bool | None"]

"""What each method takes by name; whatever is left out is not sent. Generated; do not edit."""

from typing import NotRequired

from ._runtime.operations import CallOptions


class MoveShipParams(CallOptions):
    """What `move_ship` takes."""

    ship_id: str
    """The ship."""
    class_: str
    from_: str
    sail_plan: NotRequired[list[str]]
    ids: NotRequired[list[int]]
    timeout_: NotRequired[int]
    """An option has this name too."""
    x_tide_at: NotRequired[str]
    n2nd: NotRequired[bool]
    body_class: str
    """Says "frigate" or \\ something else."""
    body_from: NotRequired[str]
    """The parameter has this name too."""
    max_speed: NotRequired[float]
    self_: NotRequired[str]

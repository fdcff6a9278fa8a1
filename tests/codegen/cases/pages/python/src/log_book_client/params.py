"""What each method takes by name; whatever is left out is not sent. Generated; do not edit."""

from typing import NotRequired

from ._runtime.operations import CallOptions


class ListEntriesParams(CallOptions):
    """What `list_entries` takes."""

    cursor: NotRequired[str]
    limit: NotRequired[int]


class ListShipsParams(CallOptions):
    """What `list_ships` takes."""

    after_id: NotRequired[str]

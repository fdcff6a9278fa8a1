"""What goes over the wire: plain dicts, typed. Generated; do not edit."""

from typing import TypedDict


class EntryPageRowsItem(TypedDict):
    n: int


class EntryPage(TypedDict):
    rows: list[EntryPageRowsItem]
    next_cursor: str | None


class ListShipsResponse(TypedDict):
    data: list[str]
    has_more: bool
    last_id: str | None

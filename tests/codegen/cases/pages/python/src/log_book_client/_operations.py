"""The operations, as the transport knows them. Generated; do not edit."""

from __future__ import annotations

from . import types
from ._runtime.operations import Argument, Operation, Pages

LIST_ENTRIES: Operation[types.EntryPage, types.EntryPageRowsItem] = Operation(
    name="list_entries",
    method="GET",
    path="/entries",
    arguments=(
        Argument("cursor", "query", "cursor"),
        Argument("limit", "query", "limit"),
    ),
    pages=Pages(items="rows", next="next_cursor", argument="cursor"),
)

LIST_SHIPS: Operation[types.ListShipsResponse, str] = Operation(
    name="list_ships",
    method="GET",
    path="/ships",
    arguments=(Argument("after_id", "query", "after-id"),),
    pages=Pages(items="data", next="last_id", argument="after_id", more="has_more"),
)

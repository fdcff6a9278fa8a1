/** The operations, as the transport knows them. Generated; do not edit. */

import type { Operation } from "./runtime/operations.ts";

export const LIST_ENTRIES: Operation = {
  name: "listEntries",
  method: "GET",
  path: "/entries",
  arguments: [
    { name: "cursor", place: "query", wire: "cursor" },
    { name: "limit", place: "query", wire: "limit" },
  ],
  pages: { items: "rows", next: "next_cursor", argument: "cursor" },
};

export const LIST_SHIPS: Operation = {
  name: "listShips",
  method: "GET",
  path: "/ships",
  arguments: [{ name: "after-id", place: "query", wire: "after-id" }],
  pages: { items: "data", next: "last_id", argument: "after-id", more: "has_more" },
};

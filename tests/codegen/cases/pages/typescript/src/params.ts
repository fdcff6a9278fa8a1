/** What each method takes; whatever is left out is not sent. Generated; do not edit. */

/** What `listEntries` takes. */
export interface ListEntriesParams {
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** What `listShips` takes. */
export interface ListShipsParams {
  "after-id"?: string | undefined;
}

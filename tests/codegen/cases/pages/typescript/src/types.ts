/** What goes over the wire: plain objects, typed. Generated; do not edit. */

export interface EntryPageRowsItem {
  n: number;
  [key: string]: unknown;
}

export interface EntryPage {
  rows: EntryPageRowsItem[];
  next_cursor: string | null;
  [key: string]: unknown;
}

export interface ListShipsResponse {
  data: string[];
  has_more: boolean;
  last_id: string | null;
  [key: string]: unknown;
}

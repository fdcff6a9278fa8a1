/** Entries. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Page } from "../runtime/pages.ts";
import type { Transport } from "../runtime/transport.ts";

/** Entries. */
export class Entries {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): EntriesWithRawResponse {
    return new EntriesWithRawResponse(this.#transport);
  }

  /**
   * list_entries.
   *
   * `list_entries`: `GET /entries`
   */
  listEntries(
    given: params.ListEntriesParams = {},
    options: CallOptions = {},
  ): Promise<Page<types.EntryPageRowsItem, types.EntryPage>> {
    return this.#transport.page<types.EntryPageRowsItem, types.EntryPage>(operations.LIST_ENTRIES, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class EntriesWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * list_entries.
   *
   * `list_entries`: `GET /entries`
   */
  listEntries(
    given: params.ListEntriesParams = {},
    options: CallOptions = {},
  ): Promise<RawResponse<Page<types.EntryPageRowsItem, types.EntryPage>>> {
    return this.#transport.pageRaw<types.EntryPageRowsItem, types.EntryPage>(operations.LIST_ENTRIES, given, options);
  }
}

/** What administrators changed. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Page } from "../runtime/pages.ts";
import type { Transport } from "../runtime/transport.ts";

/** What administrators changed. */
export class Log {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): LogWithRawResponse {
    return new LogWithRawResponse(this.#transport);
  }

  /**
   * List the log of administration. Every change of an account, an API key or a provider that an administrator made,
   * the newest first, written together with the change.
   *
   * `list_log_rows`: `GET /admin/api/log`
   */
  listLogRows(
    given: params.ListLogRowsParams = {},
    options: CallOptions = {},
  ): Promise<Page<types.LogRow, types.LogPage>> {
    return this.#transport.page<types.LogRow, types.LogPage>(operations.LIST_LOG_ROWS, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class LogWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List the log of administration. Every change of an account, an API key or a provider that an administrator made,
   * the newest first, written together with the change.
   *
   * `list_log_rows`: `GET /admin/api/log`
   */
  listLogRows(
    given: params.ListLogRowsParams = {},
    options: CallOptions = {},
  ): Promise<RawResponse<Page<types.LogRow, types.LogPage>>> {
    return this.#transport.pageRaw<types.LogRow, types.LogPage>(operations.LIST_LOG_ROWS, given, options);
  }
}

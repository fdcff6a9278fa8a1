/** What was used, and what it cost. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** What was used, and what it cost. */
export class Usage {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): UsageWithRawResponse {
    return new UsageWithRawResponse(this.#transport);
  }

  /**
   * Get the usage of every account. What was used and charged, of all accounts or of one: the sums of the ledger's
   * rows. A request counts in the hour in which it began, under the model that it named; refunded requests are left
   * out.
   *
   * `get_all_usage`: `GET /admin/api/usage`
   */
  getAllUsage(given: params.GetAllUsageParams = {}, options: CallOptions = {}): Promise<types.UsageReport | string> {
    return this.#transport.call<types.UsageReport | string>(operations.GET_ALL_USAGE, given, options);
  }

  /**
   * Get the account's usage. What the account used and was charged: the sums of its ledger rows, your own last call
   * included. A request counts in the hour in which it began, under the model that it named; refunded requests are left
   * out.
   *
   * `get_usage`: `GET /api/usage`
   */
  getUsage(given: params.GetUsageParams = {}, options: CallOptions = {}): Promise<types.UsageReport | string> {
    return this.#transport.call<types.UsageReport | string>(operations.GET_USAGE, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class UsageWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Get the usage of every account. What was used and charged, of all accounts or of one: the sums of the ledger's
   * rows. A request counts in the hour in which it began, under the model that it named; refunded requests are left
   * out.
   *
   * `get_all_usage`: `GET /admin/api/usage`
   */
  getAllUsage(
    given: params.GetAllUsageParams = {},
    options: CallOptions = {},
  ): Promise<RawResponse<types.UsageReport | string>> {
    return this.#transport.callRaw<types.UsageReport | string>(operations.GET_ALL_USAGE, given, options);
  }

  /**
   * Get the account's usage. What the account used and was charged: the sums of its ledger rows, your own last call
   * included. A request counts in the hour in which it began, under the model that it named; refunded requests are left
   * out.
   *
   * `get_usage`: `GET /api/usage`
   */
  getUsage(
    given: params.GetUsageParams = {},
    options: CallOptions = {},
  ): Promise<RawResponse<types.UsageReport | string>> {
    return this.#transport.callRaw<types.UsageReport | string>(operations.GET_USAGE, given, options);
  }
}

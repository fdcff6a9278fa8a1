/** What has been used so far. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** What has been used so far. */
export class Stats {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): StatsWithRawResponse {
    return new StatsWithRawResponse(this.#transport);
  }

  /**
   * Count the tokens used so far. What all API keys of the account have used since its beginning. Every call that was
   * answered before this one is in it.
   *
   * `get_stats`: `GET /v1/stats`
   */
  getStats(options: CallOptions = {}): Promise<types.Stats> {
    return this.#transport.call<types.Stats>(operations.GET_STATS, {}, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class StatsWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Count the tokens used so far. What all API keys of the account have used since its beginning. Every call that was
   * answered before this one is in it.
   *
   * `get_stats`: `GET /v1/stats`
   */
  getStats(options: CallOptions = {}): Promise<RawResponse<types.Stats>> {
    return this.#transport.callRaw<types.Stats>(operations.GET_STATS, {}, options);
  }
}

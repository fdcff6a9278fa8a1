/** Default. Generated; do not edit. */

import * as operations from "../operations.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** Default. */
export class Default {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): DefaultWithRawResponse {
    return new DefaultWithRawResponse(this.#transport);
  }

  /**
   * No name and no tag.
   *
   * `get_ping`: `GET /api/v2/ping`
   */
  getPing(options: CallOptions = {}): Promise<string> {
    return this.#transport.call<string>(operations.GET_PING, {}, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class DefaultWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * No name and no tag.
   *
   * `get_ping`: `GET /api/v2/ping`
   */
  getPing(options: CallOptions = {}): Promise<RawResponse<string>> {
    return this.#transport.callRaw<string>(operations.GET_PING, {}, options);
  }
}

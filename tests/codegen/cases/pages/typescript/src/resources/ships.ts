/** Ships. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Page } from "../runtime/pages.ts";
import type { Transport } from "../runtime/transport.ts";

/** Ships. */
export class Ships {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): ShipsWithRawResponse {
    return new ShipsWithRawResponse(this.#transport);
  }

  /**
   * list_ships.
   *
   * `list_ships`: `GET /ships`
   */
  listShips(
    given: params.ListShipsParams = {},
    options: CallOptions = {},
  ): Promise<Page<string, types.ListShipsResponse>> {
    return this.#transport.page<string, types.ListShipsResponse>(operations.LIST_SHIPS, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class ShipsWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * list_ships.
   *
   * `list_ships`: `GET /ships`
   */
  listShips(
    given: params.ListShipsParams = {},
    options: CallOptions = {},
  ): Promise<RawResponse<Page<string, types.ListShipsResponse>>> {
    return this.#transport.pageRaw<string, types.ListShipsResponse>(operations.LIST_SHIPS, given, options);
  }
}

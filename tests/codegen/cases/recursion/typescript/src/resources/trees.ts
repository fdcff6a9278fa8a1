/** TreesResource. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** TreesResource. */
export class TreesResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): TreesResourceWithRawResponse {
    return new TreesResourceWithRawResponse(this.#transport);
  }

  /**
   * plant_tree.
   *
   * `plant_tree`: `POST /trees`
   */
  plantTree(given: params.PlantTreeParams, options: CallOptions = {}): Promise<types.Json | null> {
    return this.#transport.call<types.Json | null>(operations.PLANT_TREE, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class TreesResourceWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * plant_tree.
   *
   * `plant_tree`: `POST /trees`
   */
  plantTree(given: params.PlantTreeParams, options: CallOptions = {}): Promise<RawResponse<types.Json | null>> {
    return this.#transport.callRaw<types.Json | null>(operations.PLANT_TREE, given, options);
  }
}

/** CargoResource. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** CargoResource. */
export class CargoResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): CargoResourceWithRawResponse {
    return new CargoResourceWithRawResponse(this.#transport);
  }

  /**
   * load_cargo.
   *
   * `load_cargo`: `POST /cargo`
   */
  loadCargo(
    given: params.LoadCargoParams,
    options: CallOptions = {},
  ): Promise<types.Crate | types.Barrel | types.Later | null> {
    return this.#transport.call<types.Crate | types.Barrel | types.Later | null>(operations.LOAD_CARGO, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class CargoResourceWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * load_cargo.
   *
   * `load_cargo`: `POST /cargo`
   */
  loadCargo(
    given: params.LoadCargoParams,
    options: CallOptions = {},
  ): Promise<RawResponse<types.Crate | types.Barrel | types.Later | null>> {
    return this.#transport.callRaw<types.Crate | types.Barrel | types.Later | null>(
      operations.LOAD_CARGO,
      given,
      options,
    );
  }
}

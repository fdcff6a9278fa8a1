/** Ships with three masts. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** Ships with three masts. */
export class TallShips {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): TallShipsWithRawResponse {
    return new TallShipsWithRawResponse(this.#transport);
  }

  /**
   * Move a ship.
   *
   * `move_ship`: `POST /api/v2/ships/{ship-id}/{class}`
   *
   * @deprecated
   */
  moveShip(given: params.MoveShipParams, options: CallOptions = {}): Promise<types.ShipReport> {
    return this.#transport.call<types.ShipReport>(operations.MOVE_SHIP, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class TallShipsWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Move a ship.
   *
   * `move_ship`: `POST /api/v2/ships/{ship-id}/{class}`
   *
   * @deprecated
   */
  moveShip(given: params.MoveShipParams, options: CallOptions = {}): Promise<RawResponse<types.ShipReport>> {
    return this.#transport.callRaw<types.ShipReport>(operations.MOVE_SHIP, given, options);
  }
}

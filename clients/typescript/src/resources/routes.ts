/** Who would be asked. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** Who would be asked. */
export class Routes {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): RoutesWithRawResponse {
    return new RoutesWithRawResponse(this.#transport);
  }

  /**
   * Explain a route. Who would be asked for a model now, in which order, and why.
   *
   * `explain_route`: `GET /admin/api/routes`
   */
  explainRoute(given: params.ExplainRouteParams, options: CallOptions = {}): Promise<types.Route> {
    return this.#transport.call<types.Route>(operations.EXPLAIN_ROUTE, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class RoutesWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Explain a route. Who would be asked for a model now, in which order, and why.
   *
   * `explain_route`: `GET /admin/api/routes`
   */
  explainRoute(given: params.ExplainRouteParams, options: CallOptions = {}): Promise<RawResponse<types.Route>> {
    return this.#transport.callRaw<types.Route>(operations.EXPLAIN_ROUTE, given, options);
  }
}

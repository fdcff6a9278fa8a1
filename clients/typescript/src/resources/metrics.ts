/** What monitoring reads. Generated; do not edit. */

import * as operations from "../operations.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** What monitoring reads. */
export class Metrics {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): MetricsWithRawResponse {
    return new MetricsWithRawResponse(this.#transport);
  }

  /**
   * Read the metrics. The gateway's counters and histograms in Prometheus' text format.
   *
   * `get_metrics`: `GET /admin/api/metrics`
   */
  getMetrics(options: CallOptions = {}): Promise<string> {
    return this.#transport.call<string>(operations.GET_METRICS, {}, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class MetricsWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Read the metrics. The gateway's counters and histograms in Prometheus' text format.
   *
   * `get_metrics`: `GET /admin/api/metrics`
   */
  getMetrics(options: CallOptions = {}): Promise<RawResponse<string>> {
    return this.#transport.callRaw<string>(operations.GET_METRICS, {}, options);
  }
}

/** WeatherResource. Generated; do not edit. */

import * as operations from "../operations.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** WeatherResource. */
export class WeatherResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): WeatherResourceWithRawResponse {
    return new WeatherResourceWithRawResponse(this.#transport);
  }

  /**
   * get_weather.
   *
   * `get_weather`: `GET /weather`
   */
  getWeather(options: CallOptions = {}): Promise<string> {
    return this.#transport.call<string>(operations.GET_WEATHER, {}, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class WeatherResourceWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * get_weather.
   *
   * `get_weather`: `GET /weather`
   */
  getWeather(options: CallOptions = {}): Promise<RawResponse<string>> {
    return this.#transport.callRaw<string>(operations.GET_WEATHER, {}, options);
  }
}

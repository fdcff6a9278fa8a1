/** The client. Generated; do not edit. */

import { WeatherResource } from "./resources/weather.ts";
import { configured, type ClientOptions, type Library } from "./runtime/configuration.ts";
import { Transport } from "./runtime/transport.ts";

const LIBRARY: Library = {
  userAgent: "weather-client/1.0.0 typescript",
  baseUrl: "http://127.0.0.1:8000",
  variables: {
    baseUrl: "WEATHER_BASE_URL",
  },
  schemes: {},
};

/** What a client is made with. In Node, an option that is left out is its environment variable. */
export interface WeatherOptions extends ClientOptions {
  /** Where the server is; WEATHER_BASE_URL, or http://127.0.0.1:8000. */
  baseUrl?: string | undefined;
}

/** The client of Weather. */
export class Weather {
  readonly weather: WeatherResource;

  constructor(options: WeatherOptions = {}) {
    const transport = new Transport(configured(LIBRARY, options));
    this.weather = new WeatherResource(transport);
  }
}

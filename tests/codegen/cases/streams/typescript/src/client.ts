/** The client. Generated; do not edit. */

import { SignalsResource } from "./resources/signals.ts";
import { configured, type ClientOptions, type Library } from "./runtime/configuration.ts";
import { Transport } from "./runtime/transport.ts";

const LIBRARY: Library = {
  userAgent: "signals-client/0.1.0 typescript",
  baseUrl: "http://127.0.0.1:8000",
  variables: {
    baseUrl: "SIGNALS_BASE_URL",
  },
  schemes: {},
};

/** What a client is made with. In Node, an option that is left out is its environment variable. */
export interface SignalsOptions extends ClientOptions {
  /** Where the server is; SIGNALS_BASE_URL, or http://127.0.0.1:8000. */
  baseUrl?: string | undefined;
}

/** The client of Signals. */
export class Signals {
  readonly signals: SignalsResource;

  constructor(options: SignalsOptions = {}) {
    const transport = new Transport(configured(LIBRARY, options));
    this.signals = new SignalsResource(transport);
  }
}

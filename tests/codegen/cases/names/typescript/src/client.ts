/** The client. Generated; do not edit. */

import { Default } from "./resources/default.ts";
import { TallShips } from "./resources/tall_ships.ts";
import { configured, type ClientOptions, type Library } from "./runtime/configuration.ts";
import { Transport } from "./runtime/transport.ts";

const LIBRARY: Library = {
  userAgent: "harbour-client/2.1.0 typescript",
  baseUrl: "https://harbour.example",
  variables: {
    baseUrl: "HARBOUR_BASE_URL",
  },
  schemes: {},
};

/** What a client is made with. In Node, an option that is left out is its environment variable. */
export interface HarbourOptions extends ClientOptions {
  /** Where the server is; HARBOUR_BASE_URL, or https://harbour.example. */
  baseUrl?: string | undefined;
}

/** The client of Harbour API. */
export class Harbour {
  readonly default: Default;
  /** Ships with three masts. */
  readonly tallShips: TallShips;

  constructor(options: HarbourOptions = {}) {
    const transport = new Transport(configured(LIBRARY, options));
    this.default = new Default(transport);
    this.tallShips = new TallShips(transport);
  }
}

/** The client. Generated; do not edit. */

import { CargoResource } from "./resources/cargo.ts";
import { configured, type ClientOptions, type Library } from "./runtime/configuration.ts";
import { Transport } from "./runtime/transport.ts";

const LIBRARY: Library = {
  userAgent: "cargo-client/1.0.0 typescript",
  baseUrl: "http://127.0.0.1:8000",
  variables: {
    baseUrl: "CARGO_BASE_URL",
  },
  schemes: {},
};

/** What a client is made with. In Node, an option that is left out is its environment variable. */
export interface CargoOptions extends ClientOptions {
  /** Where the server is; CARGO_BASE_URL, or http://127.0.0.1:8000. */
  baseUrl?: string | undefined;
}

/** The client of Cargo. */
export class Cargo {
  readonly cargo: CargoResource;

  constructor(options: CargoOptions = {}) {
    const transport = new Transport(configured(LIBRARY, options));
    this.cargo = new CargoResource(transport);
  }
}

/** The client. Generated; do not edit. */

import { ParcelsResource } from "./resources/parcels.ts";
import { configured, type ClientOptions, type Library } from "./runtime/configuration.ts";
import { Transport } from "./runtime/transport.ts";

const LIBRARY: Library = {
  userAgent: "parcels-client/1.0 typescript",
  baseUrl: "http://127.0.0.1:8000",
  variables: {
    baseUrl: "PARCELS_BASE_URL",
  },
  schemes: {},
};

/** What a client is made with. In Node, an option that is left out is its environment variable. */
export interface ParcelsOptions extends ClientOptions {
  /** Where the server is; PARCELS_BASE_URL, or http://127.0.0.1:8000. */
  baseUrl?: string | undefined;
}

/** The client of Parcels. */
export class Parcels {
  readonly parcels: ParcelsResource;

  constructor(options: ParcelsOptions = {}) {
    const transport = new Transport(configured(LIBRARY, options));
    this.parcels = new ParcelsResource(transport);
  }
}

/** The client. Generated; do not edit. */

import { Entries } from "./resources/entries.ts";
import { Ships } from "./resources/ships.ts";
import { configured, type ClientOptions, type Library } from "./runtime/configuration.ts";
import { Transport } from "./runtime/transport.ts";

const LIBRARY: Library = {
  userAgent: "log-book-client/1.2.3 typescript",
  baseUrl: "http://127.0.0.1:8000",
  variables: {
    baseUrl: "LOG_BOOK_BASE_URL",
  },
  schemes: {},
};

/** What a client is made with. In Node, an option that is left out is its environment variable. */
export interface LogBookOptions extends ClientOptions {
  /** Where the server is; LOG_BOOK_BASE_URL, or http://127.0.0.1:8000. */
  baseUrl?: string | undefined;
}

/** The client of Log book. */
export class LogBook {
  readonly entries: Entries;
  readonly ships: Ships;

  constructor(options: LogBookOptions = {}) {
    const transport = new Transport(configured(LIBRARY, options));
    this.entries = new Entries(transport);
    this.ships = new Ships(transport);
  }
}

/** The client. Generated; do not edit. */

import { TreesResource } from "./resources/trees.ts";
import { configured, type ClientOptions, type Library } from "./runtime/configuration.ts";
import { Transport } from "./runtime/transport.ts";

const LIBRARY: Library = {
  userAgent: "trees-client/1.0.0 typescript",
  baseUrl: "http://127.0.0.1:8000",
  variables: {
    baseUrl: "TREES_BASE_URL",
  },
  schemes: {},
};

/** What a client is made with. In Node, an option that is left out is its environment variable. */
export interface TreesOptions extends ClientOptions {
  /** Where the server is; TREES_BASE_URL, or http://127.0.0.1:8000. */
  baseUrl?: string | undefined;
}

/** The client of Trees. */
export class Trees {
  readonly trees: TreesResource;

  constructor(options: TreesOptions = {}) {
    const transport = new Transport(configured(LIBRARY, options));
    this.trees = new TreesResource(transport);
  }
}

/** The client. Generated; do not edit. */

import { LocksResource } from "./resources/locks.ts";
import { configured, type ClientOptions, type Library } from "./runtime/configuration.ts";
import { Transport } from "./runtime/transport.ts";

const LIBRARY: Library = {
  userAgent: "locks-client/1.0.0 typescript",
  baseUrl: "http://127.0.0.1:8000",
  variables: {
    baseUrl: "LOCKS_BASE_URL",
    basic: "LOCKS_BASIC",
    inCookie: "LOCKS_IN_COOKIE",
    inHeader: "LOCKS_IN_HEADER",
    inQuery: "LOCKS_IN_QUERY",
    token: "LOCKS_TOKEN",
    unused: "LOCKS_UNUSED",
  },
  schemes: {
    basic: { kind: "basic", parameter: "Authorization", option: "basic" },
    bearer: { kind: "bearer", parameter: "Authorization", option: "token" },
    inCookie: { kind: "cookie", parameter: "lock", option: "inCookie" },
    inHeader: { kind: "header", parameter: "X-Lock", option: "inHeader" },
    inQuery: { kind: "query", parameter: "lock", option: "inQuery" },
    oauth: { kind: "bearer", parameter: "Authorization", option: "token" },
    unused: { kind: "header", parameter: "X-Unused", option: "unused" },
  },
};

/** What a client is made with. In Node, an option that is left out is its environment variable. */
export interface LocksOptions extends ClientOptions {
  /** Where the server is; LOCKS_BASE_URL, or http://127.0.0.1:8000. */
  baseUrl?: string | undefined;
  /** LOCKS_BASIC. User and password, with a colon between them. */
  basic?: string | undefined;
  /** LOCKS_IN_COOKIE. */
  inCookie?: string | undefined;
  /** LOCKS_IN_HEADER. */
  inHeader?: string | undefined;
  /** LOCKS_IN_QUERY. */
  inQuery?: string | undefined;
  /** LOCKS_TOKEN. */
  token?: string | undefined;
  /** LOCKS_UNUSED. */
  unused?: string | undefined;
}

/** The client of Locks. */
export class Locks {
  readonly locks: LocksResource;

  constructor(options: LocksOptions = {}) {
    const transport = new Transport(configured(LIBRARY, options));
    this.locks = new LocksResource(transport);
  }
}

/** What a client is made with: its options, else environment variables, else defaults. */

import type { Fetch, Scheme, Settings } from "./operations.ts";

/** What every client can be made with, besides its credentials. */
export interface ClientOptions {
  /** Where the server is. */
  baseUrl?: string | undefined;
  /** Milliseconds without a byte after which a call is given up; 600 000. Null waits for ever. */
  timeoutMs?: number | null | undefined;
  /** How often a call is tried again; 2. */
  maxRetries?: number | undefined;
  /** Headers of every request. */
  defaultHeaders?: Readonly<Record<string, string>> | undefined;
  /** A `fetch` of yours, for proxies, certificates and tests. */
  fetch?: Fetch | undefined;
}

/** What a library knows about itself. `variables` are the environment variables of its options. */
export interface Library {
  readonly userAgent: string;
  readonly baseUrl: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly schemes: Readonly<Record<string, Scheme>>;
}

interface Process {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly versions?: { readonly node?: string };
}

const TIMEOUT_MS = 600_000;
const MAX_RETRIES = 2;

/** The settings of a client. An option that is left out is its variable; an empty variable is none, and browsers have none. */
export function configured(library: Library, options: ClientOptions): Settings {
  const process = (globalThis as { process?: Process }).process;
  const given = options as Readonly<Record<string, unknown>>;
  const found: Record<string, string> = {};
  for (const [option, variable] of Object.entries(library.variables)) {
    const value = given[option] ?? process?.env?.[variable];
    if (typeof value === "string" && value !== "") found[option] = value;
  }
  const { baseUrl = library.baseUrl, ...credentials } = found;
  // In a browser the header would make every request ask for permission first (CORS), and the browser says what it is anyway.
  const userAgent: Record<string, string> = process?.versions?.node ? { "user-agent": library.userAgent } : {};
  return {
    baseUrl: baseUrl.replace(/\/+$/, ""),
    credentials,
    schemes: library.schemes,
    headers: { ...userAgent, ...lowered(options.defaultHeaders ?? {}) },
    timeoutMs: options.timeoutMs === undefined ? TIMEOUT_MS : options.timeoutMs,
    maxRetries: options.maxRetries ?? MAX_RETRIES,
    // A function of its own, because browsers refuse a `fetch` that is called as the method of anything but the window.
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
  };
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

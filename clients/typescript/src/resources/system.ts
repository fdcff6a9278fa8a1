/** Health, liveness, readiness and service information. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** Health, liveness, readiness and service information. */
export class System {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): SystemWithRawResponse {
    return new SystemWithRawResponse(this.#transport);
  }

  /**
   * Check the health of the service. JSON on most listeners, the text `OK` on a mount with `health: text`. It says that
   * the process answers; whether it takes traffic is `/readyz`.
   *
   * `get_health`: `GET /health`
   */
  getHealth(options: CallOptions = {}): Promise<types.Health | string> {
    return this.#transport.call<types.Health | string>(operations.GET_HEALTH, {}, options);
  }

  /**
   * Check that the process is alive. For a supervisor. A failure means that the process should be restarted; no
   * dependency is asked.
   *
   * `get_livez`: `GET /livez`
   */
  getLivez(options: CallOptions = {}): Promise<types.Liveness> {
    return this.#transport.call<types.Liveness>(operations.GET_LIVEZ, {}, options);
  }

  /**
   * Check that the service takes traffic. For a load balancer. A 503 means that requests should go elsewhere for now:
   * the store cannot be reached, or the process is shutting down and only finishes what it has begun.
   *
   * `get_readyz`: `GET /readyz`
   */
  getReadyz(options: CallOptions = {}): Promise<types.Readiness> {
    return this.#transport.call<types.Readiness>(operations.GET_READYZ, {}, options);
  }

  /**
   * Describe the service. The service's name, its version, and the main endpoints of this listener as `METHOD /path`.
   * Each base path has all of its own in `openapi.json`; sent with an API key, that has what the key may call and
   * nothing else, and the models it may use by name.
   *
   * `get_root`: `GET /`
   */
  getRoot(options: CallOptions = {}): Promise<types.ServiceInformation> {
    return this.#transport.call<types.ServiceInformation>(operations.GET_ROOT, {}, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class SystemWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Check the health of the service. JSON on most listeners, the text `OK` on a mount with `health: text`. It says that
   * the process answers; whether it takes traffic is `/readyz`.
   *
   * `get_health`: `GET /health`
   */
  getHealth(options: CallOptions = {}): Promise<RawResponse<types.Health | string>> {
    return this.#transport.callRaw<types.Health | string>(operations.GET_HEALTH, {}, options);
  }

  /**
   * Check that the process is alive. For a supervisor. A failure means that the process should be restarted; no
   * dependency is asked.
   *
   * `get_livez`: `GET /livez`
   */
  getLivez(options: CallOptions = {}): Promise<RawResponse<types.Liveness>> {
    return this.#transport.callRaw<types.Liveness>(operations.GET_LIVEZ, {}, options);
  }

  /**
   * Check that the service takes traffic. For a load balancer. A 503 means that requests should go elsewhere for now:
   * the store cannot be reached, or the process is shutting down and only finishes what it has begun.
   *
   * `get_readyz`: `GET /readyz`
   */
  getReadyz(options: CallOptions = {}): Promise<RawResponse<types.Readiness>> {
    return this.#transport.callRaw<types.Readiness>(operations.GET_READYZ, {}, options);
  }

  /**
   * Describe the service. The service's name, its version, and the main endpoints of this listener as `METHOD /path`.
   * Each base path has all of its own in `openapi.json`; sent with an API key, that has what the key may call and
   * nothing else, and the models it may use by name.
   *
   * `get_root`: `GET /`
   */
  getRoot(options: CallOptions = {}): Promise<RawResponse<types.ServiceInformation>> {
    return this.#transport.callRaw<types.ServiceInformation>(operations.GET_ROOT, {}, options);
  }
}

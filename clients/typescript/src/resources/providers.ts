/** Who answers, with which keys, and who is paused. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** Who answers, with which keys, and who is paused. */
export class Providers {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): ProvidersWithRawResponse {
    return new ProvidersWithRawResponse(this.#transport);
  }

  /**
   * Add a key of a provider. Keeps a key encrypted in the store and uses it from now on, beside those that
   * providers.yaml names. Nothing ever shows it again.
   *
   * `add_upstream_key`: `POST /admin/api/providers/{provider}/keys`
   */
  addUpstreamKey(given: params.AddUpstreamKeyParams, options: CallOptions = {}): Promise<types.UpstreamKey> {
    return this.#transport.call<types.UpstreamKey>(operations.ADD_UPSTREAM_KEY, given, options);
  }

  /**
   * Get a provider. One provider with its keys, which are not shown themselves.
   *
   * `get_provider`: `GET /admin/api/providers/{provider}`
   */
  getProvider(given: params.GetProviderParams, options: CallOptions = {}): Promise<types.Provider> {
    return this.#transport.call<types.Provider>(operations.GET_PROVIDER, given, options);
  }

  /**
   * List the providers. Every provider of the configuration with its keys and whether it is paused. The keys themselves
   * are not shown.
   *
   * `list_providers`: `GET /admin/api/providers`
   */
  listProviders(options: CallOptions = {}): Promise<types.ProviderList> {
    return this.#transport.call<types.ProviderList>(operations.LIST_PROVIDERS, {}, options);
  }

  /**
   * Pause a provider. Sends no call to the provider from now on, also after a restart, until somebody resumes it; calls
   * that run finish. What no other provider serves is refused with 429. Pausing again changes the reason.
   *
   * `pause_provider`: `POST /admin/api/providers/{provider}/pause`
   */
  pauseProvider(given: params.PauseProviderParams, options: CallOptions = {}): Promise<types.Provider> {
    return this.#transport.call<types.Provider>(operations.PAUSE_PROVIDER, given, options);
  }

  /**
   * Resume a provider. Sends calls to a paused provider again. Resuming one that is not paused changes nothing.
   *
   * `resume_provider`: `POST /admin/api/providers/{provider}/resume`
   */
  resumeProvider(given: params.ResumeProviderParams, options: CallOptions = {}): Promise<types.Provider> {
    return this.#transport.call<types.Provider>(operations.RESUME_PROVIDER, given, options);
  }

  /**
   * Revoke a key of a provider. Uses the stored key for no call any more and forgets it. Calls that have been sent with
   * it already finish. Revoking again changes nothing.
   *
   * `revoke_upstream_key`: `DELETE /admin/api/providers/{provider}/keys/{key_id}`
   */
  revokeUpstreamKey(given: params.RevokeUpstreamKeyParams, options: CallOptions = {}): Promise<types.UpstreamKey> {
    return this.#transport.call<types.UpstreamKey>(operations.REVOKE_UPSTREAM_KEY, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class ProvidersWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Add a key of a provider. Keeps a key encrypted in the store and uses it from now on, beside those that
   * providers.yaml names. Nothing ever shows it again.
   *
   * `add_upstream_key`: `POST /admin/api/providers/{provider}/keys`
   */
  addUpstreamKey(
    given: params.AddUpstreamKeyParams,
    options: CallOptions = {},
  ): Promise<RawResponse<types.UpstreamKey>> {
    return this.#transport.callRaw<types.UpstreamKey>(operations.ADD_UPSTREAM_KEY, given, options);
  }

  /**
   * Get a provider. One provider with its keys, which are not shown themselves.
   *
   * `get_provider`: `GET /admin/api/providers/{provider}`
   */
  getProvider(given: params.GetProviderParams, options: CallOptions = {}): Promise<RawResponse<types.Provider>> {
    return this.#transport.callRaw<types.Provider>(operations.GET_PROVIDER, given, options);
  }

  /**
   * List the providers. Every provider of the configuration with its keys and whether it is paused. The keys themselves
   * are not shown.
   *
   * `list_providers`: `GET /admin/api/providers`
   */
  listProviders(options: CallOptions = {}): Promise<RawResponse<types.ProviderList>> {
    return this.#transport.callRaw<types.ProviderList>(operations.LIST_PROVIDERS, {}, options);
  }

  /**
   * Pause a provider. Sends no call to the provider from now on, also after a restart, until somebody resumes it; calls
   * that run finish. What no other provider serves is refused with 429. Pausing again changes the reason.
   *
   * `pause_provider`: `POST /admin/api/providers/{provider}/pause`
   */
  pauseProvider(given: params.PauseProviderParams, options: CallOptions = {}): Promise<RawResponse<types.Provider>> {
    return this.#transport.callRaw<types.Provider>(operations.PAUSE_PROVIDER, given, options);
  }

  /**
   * Resume a provider. Sends calls to a paused provider again. Resuming one that is not paused changes nothing.
   *
   * `resume_provider`: `POST /admin/api/providers/{provider}/resume`
   */
  resumeProvider(given: params.ResumeProviderParams, options: CallOptions = {}): Promise<RawResponse<types.Provider>> {
    return this.#transport.callRaw<types.Provider>(operations.RESUME_PROVIDER, given, options);
  }

  /**
   * Revoke a key of a provider. Uses the stored key for no call any more and forgets it. Calls that have been sent with
   * it already finish. Revoking again changes nothing.
   *
   * `revoke_upstream_key`: `DELETE /admin/api/providers/{provider}/keys/{key_id}`
   */
  revokeUpstreamKey(
    given: params.RevokeUpstreamKeyParams,
    options: CallOptions = {},
  ): Promise<RawResponse<types.UpstreamKey>> {
    return this.#transport.callRaw<types.UpstreamKey>(operations.REVOKE_UPSTREAM_KEY, given, options);
  }
}

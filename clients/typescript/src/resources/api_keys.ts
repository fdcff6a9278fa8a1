/** How the account's programs identify themselves. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** How the account's programs identify themselves. */
export class ApiKeys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): ApiKeysWithRawResponse {
    return new ApiKeysWithRawResponse(this.#transport);
  }

  /**
   * Create an API key. A new API key of the account, shown this once. Limits are optional.
   *
   * `create_api_key`: `POST /api/api-keys`
   */
  createApiKey(given: params.CreateApiKeyParams, options: CallOptions = {}): Promise<types.CreatedAccountApiKey> {
    return this.#transport.call<types.CreatedAccountApiKey>(operations.CREATE_API_KEY, given, options);
  }

  /**
   * Deactivate an API key. The key is refused from now on. Again changes nothing.
   *
   * `delete_api_key`: `DELETE /api/api-keys/{key_id}`
   */
  deleteApiKey(given: params.DeleteApiKeyParams, options: CallOptions = {}): Promise<types.Success> {
    return this.#transport.call<types.Success>(operations.DELETE_API_KEY, given, options);
  }

  /**
   * List the API keys. Every API key of the account, without the keys themselves.
   *
   * `list_api_keys`: `GET /api/api-keys`
   */
  listApiKeys(options: CallOptions = {}): Promise<types.AccountApiKeyList> {
    return this.#transport.call<types.AccountApiKeyList>(operations.LIST_API_KEYS, {}, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class ApiKeysWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create an API key. A new API key of the account, shown this once. Limits are optional.
   *
   * `create_api_key`: `POST /api/api-keys`
   */
  createApiKey(
    given: params.CreateApiKeyParams,
    options: CallOptions = {},
  ): Promise<RawResponse<types.CreatedAccountApiKey>> {
    return this.#transport.callRaw<types.CreatedAccountApiKey>(operations.CREATE_API_KEY, given, options);
  }

  /**
   * Deactivate an API key. The key is refused from now on. Again changes nothing.
   *
   * `delete_api_key`: `DELETE /api/api-keys/{key_id}`
   */
  deleteApiKey(given: params.DeleteApiKeyParams, options: CallOptions = {}): Promise<RawResponse<types.Success>> {
    return this.#transport.callRaw<types.Success>(operations.DELETE_API_KEY, given, options);
  }

  /**
   * List the API keys. Every API key of the account, without the keys themselves.
   *
   * `list_api_keys`: `GET /api/api-keys`
   */
  listApiKeys(options: CallOptions = {}): Promise<RawResponse<types.AccountApiKeyList>> {
    return this.#transport.callRaw<types.AccountApiKeyList>(operations.LIST_API_KEYS, {}, options);
  }
}

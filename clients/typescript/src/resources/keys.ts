/** How an account's programs identify themselves, and what each of them may use. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** How an account's programs identify themselves, and what each of them may use. */
export class Keys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): KeysWithRawResponse {
    return new KeysWithRawResponse(this.#transport);
  }

  /**
   * Create an API key. A new API key for the account. The answer is the only place that ever shows the key itself.
   *
   * `create_key`: `POST /admin/api/accounts/{account}/keys`
   */
  createKey(given: params.CreateKeyParams, options: CallOptions = {}): Promise<types.CreatedApiKey> {
    return this.#transport.call<types.CreatedApiKey>(operations.CREATE_KEY, given, options);
  }

  /**
   * Get an API key. One API key, with what it has used of its quota. The key itself is not shown.
   *
   * `get_key`: `GET /admin/api/keys/{key_id}`
   */
  getKey(given: params.GetKeyParams, options: CallOptions = {}): Promise<types.ApiKey> {
    return this.#transport.call<types.ApiKey>(operations.GET_KEY, given, options);
  }

  /**
   * List an account's API keys. Every API key of the account, revoked ones too, the oldest first. The keys themselves
   * are not shown.
   *
   * `list_keys`: `GET /admin/api/accounts/{account}/keys`
   */
  listKeys(given: params.ListKeysParams, options: CallOptions = {}): Promise<types.ApiKeyList> {
    return this.#transport.call<types.ApiKeyList>(operations.LIST_KEYS, given, options);
  }

  /**
   * Revoke an API key. The key stops working at once and for good. Revoking it again changes nothing.
   *
   * `revoke_key`: `DELETE /admin/api/keys/{key_id}`
   */
  revokeKey(given: params.RevokeKeyParams, options: CallOptions = {}): Promise<types.ApiKey> {
    return this.#transport.call<types.ApiKey>(operations.REVOKE_KEY, given, options);
  }

  /**
   * Rotate an API key. A new API key that may do what the old one may, until the same day; the old one works until the
   * overlap is over. Both share one quota with all that was used of it, so rotating renews nothing. Each has its own
   * rates. The answer is the only place that ever shows the new key itself.
   *
   * `rotate_key`: `POST /admin/api/keys/{key_id}/rotate`
   */
  rotateKey(given: params.RotateKeyParams, options: CallOptions = {}): Promise<types.CreatedApiKey> {
    return this.#transport.call<types.CreatedApiKey>(operations.ROTATE_KEY, given, options);
  }

  /**
   * Change an API key. Changes what the key may do, from its next request on. Requests that run already are not
   * touched. What the key has used of its quota stays counted. A revoked key cannot be changed.
   *
   * `update_key`: `PATCH /admin/api/keys/{key_id}`
   */
  updateKey(given: params.UpdateKeyParams, options: CallOptions = {}): Promise<types.ApiKey> {
    return this.#transport.call<types.ApiKey>(operations.UPDATE_KEY, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class KeysWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create an API key. A new API key for the account. The answer is the only place that ever shows the key itself.
   *
   * `create_key`: `POST /admin/api/accounts/{account}/keys`
   */
  createKey(given: params.CreateKeyParams, options: CallOptions = {}): Promise<RawResponse<types.CreatedApiKey>> {
    return this.#transport.callRaw<types.CreatedApiKey>(operations.CREATE_KEY, given, options);
  }

  /**
   * Get an API key. One API key, with what it has used of its quota. The key itself is not shown.
   *
   * `get_key`: `GET /admin/api/keys/{key_id}`
   */
  getKey(given: params.GetKeyParams, options: CallOptions = {}): Promise<RawResponse<types.ApiKey>> {
    return this.#transport.callRaw<types.ApiKey>(operations.GET_KEY, given, options);
  }

  /**
   * List an account's API keys. Every API key of the account, revoked ones too, the oldest first. The keys themselves
   * are not shown.
   *
   * `list_keys`: `GET /admin/api/accounts/{account}/keys`
   */
  listKeys(given: params.ListKeysParams, options: CallOptions = {}): Promise<RawResponse<types.ApiKeyList>> {
    return this.#transport.callRaw<types.ApiKeyList>(operations.LIST_KEYS, given, options);
  }

  /**
   * Revoke an API key. The key stops working at once and for good. Revoking it again changes nothing.
   *
   * `revoke_key`: `DELETE /admin/api/keys/{key_id}`
   */
  revokeKey(given: params.RevokeKeyParams, options: CallOptions = {}): Promise<RawResponse<types.ApiKey>> {
    return this.#transport.callRaw<types.ApiKey>(operations.REVOKE_KEY, given, options);
  }

  /**
   * Rotate an API key. A new API key that may do what the old one may, until the same day; the old one works until the
   * overlap is over. Both share one quota with all that was used of it, so rotating renews nothing. Each has its own
   * rates. The answer is the only place that ever shows the new key itself.
   *
   * `rotate_key`: `POST /admin/api/keys/{key_id}/rotate`
   */
  rotateKey(given: params.RotateKeyParams, options: CallOptions = {}): Promise<RawResponse<types.CreatedApiKey>> {
    return this.#transport.callRaw<types.CreatedApiKey>(operations.ROTATE_KEY, given, options);
  }

  /**
   * Change an API key. Changes what the key may do, from its next request on. Requests that run already are not
   * touched. What the key has used of its quota stays counted. A revoked key cannot be changed.
   *
   * `update_key`: `PATCH /admin/api/keys/{key_id}`
   */
  updateKey(given: params.UpdateKeyParams, options: CallOptions = {}): Promise<RawResponse<types.ApiKey>> {
    return this.#transport.callRaw<types.ApiKey>(operations.UPDATE_KEY, given, options);
  }
}

/** Who signed in. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** Who signed in. */
export class User {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): UserWithRawResponse {
    return new UserWithRawResponse(this.#transport);
  }

  /**
   * Get who signed in. The account of the session and its wallet.
   *
   * `get_user_profile`: `GET /api/user/profile`
   */
  getUserProfile(options: CallOptions = {}): Promise<types.User> {
    return this.#transport.call<types.User>(operations.GET_USER_PROFILE, {}, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class UserWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Get who signed in. The account of the session and its wallet.
   *
   * `get_user_profile`: `GET /api/user/profile`
   */
  getUserProfile(options: CallOptions = {}): Promise<RawResponse<types.User>> {
    return this.#transport.callRaw<types.User>(operations.GET_USER_PROFILE, {}, options);
  }
}

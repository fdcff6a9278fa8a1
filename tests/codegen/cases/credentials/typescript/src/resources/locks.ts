/** LocksResource. Generated; do not edit. */

import * as operations from "../operations.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** LocksResource. */
export class LocksResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): LocksResourceWithRawResponse {
    return new LocksResourceWithRawResponse(this.#transport);
  }

  /**
   * by_basic.
   *
   * `by_basic`: `GET /basic`
   */
  byBasic(options: CallOptions = {}): Promise<string> {
    return this.#transport.call<string>(operations.BY_BASIC, {}, options);
  }

  /**
   * by_bearer.
   *
   * `by_bearer`: `GET /bearer`
   */
  byBearer(options: CallOptions = {}): Promise<string> {
    return this.#transport.call<string>(operations.BY_BEARER, {}, options);
  }

  /**
   * by_cookie.
   *
   * `by_cookie`: `GET /cookie`
   */
  byCookie(options: CallOptions = {}): Promise<string> {
    return this.#transport.call<string>(operations.BY_COOKIE, {}, options);
  }

  /**
   * by_either.
   *
   * `by_either`: `GET /either`
   */
  byEither(options: CallOptions = {}): Promise<string> {
    return this.#transport.call<string>(operations.BY_EITHER, {}, options);
  }

  /**
   * by_header.
   *
   * `by_header`: `GET /header`
   */
  byHeader(options: CallOptions = {}): Promise<string> {
    return this.#transport.call<string>(operations.BY_HEADER, {}, options);
  }

  /**
   * by_oauth.
   *
   * `by_oauth`: `GET /oauth`
   */
  byOauth(options: CallOptions = {}): Promise<string> {
    return this.#transport.call<string>(operations.BY_OAUTH, {}, options);
  }

  /**
   * by_query.
   *
   * `by_query`: `GET /query`
   */
  byQuery(options: CallOptions = {}): Promise<string> {
    return this.#transport.call<string>(operations.BY_QUERY, {}, options);
  }

  /**
   * open_to_all.
   *
   * `open_to_all`: `GET /open`
   */
  openToAll(options: CallOptions = {}): Promise<string> {
    return this.#transport.call<string>(operations.OPEN_TO_ALL, {}, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class LocksResourceWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * by_basic.
   *
   * `by_basic`: `GET /basic`
   */
  byBasic(options: CallOptions = {}): Promise<RawResponse<string>> {
    return this.#transport.callRaw<string>(operations.BY_BASIC, {}, options);
  }

  /**
   * by_bearer.
   *
   * `by_bearer`: `GET /bearer`
   */
  byBearer(options: CallOptions = {}): Promise<RawResponse<string>> {
    return this.#transport.callRaw<string>(operations.BY_BEARER, {}, options);
  }

  /**
   * by_cookie.
   *
   * `by_cookie`: `GET /cookie`
   */
  byCookie(options: CallOptions = {}): Promise<RawResponse<string>> {
    return this.#transport.callRaw<string>(operations.BY_COOKIE, {}, options);
  }

  /**
   * by_either.
   *
   * `by_either`: `GET /either`
   */
  byEither(options: CallOptions = {}): Promise<RawResponse<string>> {
    return this.#transport.callRaw<string>(operations.BY_EITHER, {}, options);
  }

  /**
   * by_header.
   *
   * `by_header`: `GET /header`
   */
  byHeader(options: CallOptions = {}): Promise<RawResponse<string>> {
    return this.#transport.callRaw<string>(operations.BY_HEADER, {}, options);
  }

  /**
   * by_oauth.
   *
   * `by_oauth`: `GET /oauth`
   */
  byOauth(options: CallOptions = {}): Promise<RawResponse<string>> {
    return this.#transport.callRaw<string>(operations.BY_OAUTH, {}, options);
  }

  /**
   * by_query.
   *
   * `by_query`: `GET /query`
   */
  byQuery(options: CallOptions = {}): Promise<RawResponse<string>> {
    return this.#transport.callRaw<string>(operations.BY_QUERY, {}, options);
  }

  /**
   * open_to_all.
   *
   * `open_to_all`: `GET /open`
   */
  openToAll(options: CallOptions = {}): Promise<RawResponse<string>> {
    return this.#transport.callRaw<string>(operations.OPEN_TO_ALL, {}, options);
  }
}

/** SignalsResource. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Stream } from "../runtime/streams.ts";
import type { Transport } from "../runtime/transport.ts";

/** SignalsResource. */
export class SignalsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): SignalsResourceWithRawResponse {
    return new SignalsResourceWithRawResponse(this.#transport);
  }

  /**
   * Talk.
   *
   * `talk`: `POST /talk`
   */
  talk(
    given: params.TalkParams & { stream?: false | null | undefined },
    options?: CallOptions,
  ): Promise<types.TalkResponse>;
  talk(given: params.TalkParams & { stream: true }, options?: CallOptions): Promise<Stream<types.Word>>;
  talk(
    given: params.TalkParams & { stream: boolean },
    options?: CallOptions,
  ): Promise<types.TalkResponse | Stream<types.Word>>;
  talk(given: object, options: CallOptions = {}): Promise<unknown> {
    return this.#transport.callOrStream(operations.TALK, given, options);
  }

  /**
   * Watch a mast.
   *
   * `watch`: `GET /watch/{mast}`
   */
  watch(given: params.WatchParams, options: CallOptions = {}): Promise<Stream<types.Word>> {
    return this.#transport.stream<types.Word>(operations.WATCH, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class SignalsResourceWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Talk.
   *
   * `talk`: `POST /talk`
   */
  talk(
    given: params.TalkParams & { stream?: false | null | undefined },
    options?: CallOptions,
  ): Promise<RawResponse<types.TalkResponse>>;
  talk(given: params.TalkParams & { stream: true }, options?: CallOptions): Promise<RawResponse<Stream<types.Word>>>;
  talk(
    given: params.TalkParams & { stream: boolean },
    options?: CallOptions,
  ): Promise<RawResponse<types.TalkResponse> | RawResponse<Stream<types.Word>>>;
  talk(given: object, options: CallOptions = {}): Promise<RawResponse<unknown>> {
    return this.#transport.callOrStreamRaw(operations.TALK, given, options);
  }

  /**
   * Watch a mast.
   *
   * `watch`: `GET /watch/{mast}`
   */
  watch(given: params.WatchParams, options: CallOptions = {}): Promise<RawResponse<Stream<types.Word>>> {
    return this.#transport.streamRaw<types.Word>(operations.WATCH, given, options);
  }
}

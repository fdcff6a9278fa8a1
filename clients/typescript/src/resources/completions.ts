/** Text completions. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Stream } from "../runtime/streams.ts";
import type { Transport } from "../runtime/transport.ts";

/** Text completions. */
export class Completions {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): CompletionsWithRawResponse {
    return new CompletionsWithRawResponse(this.#transport);
  }

  /**
   * Create a text completion. Continues a text. With `stream: true` the answer comes as server-sent events: one `data:`
   * line with a part each, then `data: [DONE]`. A failure after the first event is the event `data: {"error": {...}}`,
   * after which the stream ends without `[DONE]`.
   *
   * `create_completion`: `POST /v1/completions`
   */
  createCompletion(
    given: params.CreateCompletionParams & { stream?: false | null | undefined },
    options?: CallOptions,
  ): Promise<types.Completion>;
  createCompletion(
    given: params.CreateCompletionParams & { stream: true },
    options?: CallOptions,
  ): Promise<Stream<types.Completion>>;
  createCompletion(
    given: params.CreateCompletionParams & { stream: boolean },
    options?: CallOptions,
  ): Promise<types.Completion | Stream<types.Completion>>;
  createCompletion(given: object, options: CallOptions = {}): Promise<unknown> {
    return this.#transport.callOrStream(operations.CREATE_COMPLETION, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class CompletionsWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create a text completion. Continues a text. With `stream: true` the answer comes as server-sent events: one `data:`
   * line with a part each, then `data: [DONE]`. A failure after the first event is the event `data: {"error": {...}}`,
   * after which the stream ends without `[DONE]`.
   *
   * `create_completion`: `POST /v1/completions`
   */
  createCompletion(
    given: params.CreateCompletionParams & { stream?: false | null | undefined },
    options?: CallOptions,
  ): Promise<RawResponse<types.Completion>>;
  createCompletion(
    given: params.CreateCompletionParams & { stream: true },
    options?: CallOptions,
  ): Promise<RawResponse<Stream<types.Completion>>>;
  createCompletion(
    given: params.CreateCompletionParams & { stream: boolean },
    options?: CallOptions,
  ): Promise<RawResponse<types.Completion> | RawResponse<Stream<types.Completion>>>;
  createCompletion(given: object, options: CallOptions = {}): Promise<RawResponse<unknown>> {
    return this.#transport.callOrStreamRaw(operations.CREATE_COMPLETION, given, options);
  }
}

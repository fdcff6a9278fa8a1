/** Responses, which answer a conversation as chat completions do, in items. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Stream } from "../runtime/streams.ts";
import type { Transport } from "../runtime/transport.ts";

/** Responses, which answer a conversation as chat completions do, in items. */
export class Responses {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): ResponsesWithRawResponse {
    return new ResponsesWithRawResponse(this.#transport);
  }

  /**
   * Create a response. Answers a conversation in items: messages, calls of tools, thoughts. With `stream: true` the
   * answer comes as server-sent events with an `event:` line each, of which the last is `response.completed` or
   * `response.incomplete`. A failure after the first event is the event `response.failed`, and the end of the stream.
   *
   * `create_response`: `POST /v1/responses`
   */
  createResponse(
    given: params.CreateResponseParams & { stream?: false | null | undefined },
    options?: CallOptions,
  ): Promise<types.ModelResponse>;
  createResponse(
    given: params.CreateResponseParams & { stream: true },
    options?: CallOptions,
  ): Promise<Stream<types.ResponseStreamEvent>>;
  createResponse(
    given: params.CreateResponseParams & { stream: boolean },
    options?: CallOptions,
  ): Promise<types.ModelResponse | Stream<types.ResponseStreamEvent>>;
  createResponse(given: object, options: CallOptions = {}): Promise<unknown> {
    return this.#transport.callOrStream(operations.CREATE_RESPONSE, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class ResponsesWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create a response. Answers a conversation in items: messages, calls of tools, thoughts. With `stream: true` the
   * answer comes as server-sent events with an `event:` line each, of which the last is `response.completed` or
   * `response.incomplete`. A failure after the first event is the event `response.failed`, and the end of the stream.
   *
   * `create_response`: `POST /v1/responses`
   */
  createResponse(
    given: params.CreateResponseParams & { stream?: false | null | undefined },
    options?: CallOptions,
  ): Promise<RawResponse<types.ModelResponse>>;
  createResponse(
    given: params.CreateResponseParams & { stream: true },
    options?: CallOptions,
  ): Promise<RawResponse<Stream<types.ResponseStreamEvent>>>;
  createResponse(
    given: params.CreateResponseParams & { stream: boolean },
    options?: CallOptions,
  ): Promise<RawResponse<types.ModelResponse> | RawResponse<Stream<types.ResponseStreamEvent>>>;
  createResponse(given: object, options: CallOptions = {}): Promise<RawResponse<unknown>> {
    return this.#transport.callOrStreamRaw(operations.CREATE_RESPONSE, given, options);
  }
}

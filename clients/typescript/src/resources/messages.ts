/** Messages. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Stream } from "../runtime/streams.ts";
import type { Transport } from "../runtime/transport.ts";

/** Messages. */
export class Messages {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): MessagesWithRawResponse {
    return new MessagesWithRawResponse(this.#transport);
  }

  /**
   * Count the tokens of a message. The number of input tokens that a message would have. Free.
   *
   * `count_message_tokens`: `POST /v1/messages/count_tokens`
   */
  countMessageTokens(
    given: params.CountMessageTokensParams,
    options: CallOptions = {},
  ): Promise<types.MessageTokensCount> {
    return this.#transport.call<types.MessageTokensCount>(operations.COUNT_MESSAGE_TOKENS, given, options);
  }

  /**
   * Create a message. Answers a conversation. With `stream: true` the answer comes as server-sent events, each with an
   * `event:` line that repeats the `type` of its data, from `message_start` to `message_stop`. A failure after the
   * first event is an `error` event, after which the stream ends. `ping` events may come at any time.
   *
   * `create_message`: `POST /v1/messages`
   */
  createMessage(
    given: params.CreateMessageParams & { stream?: false | null | undefined },
    options?: CallOptions,
  ): Promise<types.Message>;
  createMessage(
    given: params.CreateMessageParams & { stream: true },
    options?: CallOptions,
  ): Promise<Stream<types.MessageStreamEvent>>;
  createMessage(
    given: params.CreateMessageParams & { stream: boolean },
    options?: CallOptions,
  ): Promise<types.Message | Stream<types.MessageStreamEvent>>;
  createMessage(given: object, options: CallOptions = {}): Promise<unknown> {
    return this.#transport.callOrStream(operations.CREATE_MESSAGE, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class MessagesWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Count the tokens of a message. The number of input tokens that a message would have. Free.
   *
   * `count_message_tokens`: `POST /v1/messages/count_tokens`
   */
  countMessageTokens(
    given: params.CountMessageTokensParams,
    options: CallOptions = {},
  ): Promise<RawResponse<types.MessageTokensCount>> {
    return this.#transport.callRaw<types.MessageTokensCount>(operations.COUNT_MESSAGE_TOKENS, given, options);
  }

  /**
   * Create a message. Answers a conversation. With `stream: true` the answer comes as server-sent events, each with an
   * `event:` line that repeats the `type` of its data, from `message_start` to `message_stop`. A failure after the
   * first event is an `error` event, after which the stream ends. `ping` events may come at any time.
   *
   * `create_message`: `POST /v1/messages`
   */
  createMessage(
    given: params.CreateMessageParams & { stream?: false | null | undefined },
    options?: CallOptions,
  ): Promise<RawResponse<types.Message>>;
  createMessage(
    given: params.CreateMessageParams & { stream: true },
    options?: CallOptions,
  ): Promise<RawResponse<Stream<types.MessageStreamEvent>>>;
  createMessage(
    given: params.CreateMessageParams & { stream: boolean },
    options?: CallOptions,
  ): Promise<RawResponse<types.Message> | RawResponse<Stream<types.MessageStreamEvent>>>;
  createMessage(given: object, options: CallOptions = {}): Promise<RawResponse<unknown>> {
    return this.#transport.callOrStreamRaw(operations.CREATE_MESSAGE, given, options);
  }
}

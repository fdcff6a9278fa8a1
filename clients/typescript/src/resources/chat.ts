/** Chat completions. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Stream } from "../runtime/streams.ts";
import type { Transport } from "../runtime/transport.ts";

/** Chat completions. */
export class Chat {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): ChatWithRawResponse {
    return new ChatWithRawResponse(this.#transport);
  }

  /**
   * Create a chat completion. Answers a conversation. With `stream: true` the answer comes as server-sent events: one
   * `data:` line with a chunk each, then `data: [DONE]`. A failure after the first event is the event `data: {"error":
   * {...}}`, after which the stream ends without `[DONE]`.
   *
   * `create_chat_completion`: `POST /v1/chat/completions`
   */
  createChatCompletion(
    given: params.CreateChatCompletionParams & { stream?: false | null | undefined },
    options?: CallOptions,
  ): Promise<types.ChatCompletion>;
  createChatCompletion(
    given: params.CreateChatCompletionParams & { stream: true },
    options?: CallOptions,
  ): Promise<Stream<types.ChatCompletionChunk>>;
  createChatCompletion(
    given: params.CreateChatCompletionParams & { stream: boolean },
    options?: CallOptions,
  ): Promise<types.ChatCompletion | Stream<types.ChatCompletionChunk>>;
  createChatCompletion(given: object, options: CallOptions = {}): Promise<unknown> {
    return this.#transport.callOrStream(operations.CREATE_CHAT_COMPLETION, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class ChatWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create a chat completion. Answers a conversation. With `stream: true` the answer comes as server-sent events: one
   * `data:` line with a chunk each, then `data: [DONE]`. A failure after the first event is the event `data: {"error":
   * {...}}`, after which the stream ends without `[DONE]`.
   *
   * `create_chat_completion`: `POST /v1/chat/completions`
   */
  createChatCompletion(
    given: params.CreateChatCompletionParams & { stream?: false | null | undefined },
    options?: CallOptions,
  ): Promise<RawResponse<types.ChatCompletion>>;
  createChatCompletion(
    given: params.CreateChatCompletionParams & { stream: true },
    options?: CallOptions,
  ): Promise<RawResponse<Stream<types.ChatCompletionChunk>>>;
  createChatCompletion(
    given: params.CreateChatCompletionParams & { stream: boolean },
    options?: CallOptions,
  ): Promise<RawResponse<types.ChatCompletion> | RawResponse<Stream<types.ChatCompletionChunk>>>;
  createChatCompletion(given: object, options: CallOptions = {}): Promise<RawResponse<unknown>> {
    return this.#transport.callOrStreamRaw(operations.CREATE_CHAT_COMPLETION, given, options);
  }
}

/** Vectors of texts. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** Vectors of texts. */
export class Embeddings {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): EmbeddingsWithRawResponse {
    return new EmbeddingsWithRawResponse(this.#transport);
  }

  /**
   * Create embeddings. Turns texts, or texts that are already tokens, into vectors. With `encoding_format: base64` a
   * vector is the base64 of its little-endian float32 values, even where the upstream answers with numbers.
   *
   * `create_embedding`: `POST /v1/embeddings`
   */
  createEmbedding(given: params.CreateEmbeddingParams, options: CallOptions = {}): Promise<types.EmbeddingList> {
    return this.#transport.call<types.EmbeddingList>(operations.CREATE_EMBEDDING, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class EmbeddingsWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create embeddings. Turns texts, or texts that are already tokens, into vectors. With `encoding_format: base64` a
   * vector is the base64 of its little-endian float32 values, even where the upstream answers with numbers.
   *
   * `create_embedding`: `POST /v1/embeddings`
   */
  createEmbedding(
    given: params.CreateEmbeddingParams,
    options: CallOptions = {},
  ): Promise<RawResponse<types.EmbeddingList>> {
    return this.#transport.callRaw<types.EmbeddingList>(operations.CREATE_EMBEDDING, given, options);
  }
}

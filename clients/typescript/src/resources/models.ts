/** What can be called. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** What can be called. */
export class Models {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): ModelsWithRawResponse {
    return new ModelsWithRawResponse(this.#transport);
  }

  /**
   * Get one model. One model that the API key may use.
   *
   * `get_model`: `GET /v1/models/{model}`
   */
  getModel(given: params.GetModelParams, options: CallOptions = {}): Promise<types.Model> {
    return this.#transport.call<types.Model>(operations.GET_MODEL, given, options);
  }

  /**
   * List the models. Every model that the API key may use. Entries carry the fields of OpenAI's and of Anthropic's
   * models at once, so that the clients of both can read them.
   *
   * `list_models`: `GET /v1/models`
   */
  listModels(options: CallOptions = {}): Promise<types.ModelList> {
    return this.#transport.call<types.ModelList>(operations.LIST_MODELS, {}, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class ModelsWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Get one model. One model that the API key may use.
   *
   * `get_model`: `GET /v1/models/{model}`
   */
  getModel(given: params.GetModelParams, options: CallOptions = {}): Promise<RawResponse<types.Model>> {
    return this.#transport.callRaw<types.Model>(operations.GET_MODEL, given, options);
  }

  /**
   * List the models. Every model that the API key may use. Entries carry the fields of OpenAI's and of Anthropic's
   * models at once, so that the clients of both can read them.
   *
   * `list_models`: `GET /v1/models`
   */
  listModels(options: CallOptions = {}): Promise<RawResponse<types.ModelList>> {
    return this.#transport.callRaw<types.ModelList>(operations.LIST_MODELS, {}, options);
  }
}

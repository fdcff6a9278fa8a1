/** What may be harmful. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** What may be harmful. */
export class Moderations {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): ModerationsWithRawResponse {
    return new ModerationsWithRawResponse(this.#transport);
  }

  /**
   * Classify texts and images. Says whether texts or images may be harmful, and in which way. Without a `model` the
   * default of a provider is used: the first whose `default_models` in `providers.yaml` names one for `moderations`.
   * Providers hardly ever count the tokens of moderations, so the input is estimated, and charged at the model's input
   * price, which is 0 for most of them.
   *
   * `create_moderation`: `POST /v1/moderations`
   */
  createModeration(given: params.CreateModerationParams, options: CallOptions = {}): Promise<types.Moderation> {
    return this.#transport.call<types.Moderation>(operations.CREATE_MODERATION, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class ModerationsWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Classify texts and images. Says whether texts or images may be harmful, and in which way. Without a `model` the
   * default of a provider is used: the first whose `default_models` in `providers.yaml` names one for `moderations`.
   * Providers hardly ever count the tokens of moderations, so the input is estimated, and charged at the model's input
   * price, which is 0 for most of them.
   *
   * `create_moderation`: `POST /v1/moderations`
   */
  createModeration(
    given: params.CreateModerationParams,
    options: CallOptions = {},
  ): Promise<RawResponse<types.Moderation>> {
    return this.#transport.callRaw<types.Moderation>(operations.CREATE_MODERATION, given, options);
  }
}

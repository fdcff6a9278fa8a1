/** What a call would cost. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** What a call would cost. */
export class Quotes {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): QuotesWithRawResponse {
    return new QuotesWithRawResponse(this.#transport);
  }

  /**
   * Price a call without making it. Takes the body of a chat completion, a completion, an embedding, a moderation, a
   * message or a response exactly as it would be sent, and answers what the call would hold now, at which prices, and
   * whether it would be let through. Nobody is called and nothing is taken: no money, no rate, no row in the ledger. A
   * call that is sent right after it holds the same amount, or is refused with the same figures.
   *
   * `create_quote`: `POST /v1/quote`
   */
  createQuote(given: params.CreateQuoteParams = {}, options: CallOptions = {}): Promise<types.Quote> {
    return this.#transport.call<types.Quote>(operations.CREATE_QUOTE, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class QuotesWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Price a call without making it. Takes the body of a chat completion, a completion, an embedding, a moderation, a
   * message or a response exactly as it would be sent, and answers what the call would hold now, at which prices, and
   * whether it would be let through. Nobody is called and nothing is taken: no money, no rate, no row in the ledger. A
   * call that is sent right after it holds the same amount, or is refused with the same figures.
   *
   * `create_quote`: `POST /v1/quote`
   */
  createQuote(given: params.CreateQuoteParams = {}, options: CallOptions = {}): Promise<RawResponse<types.Quote>> {
    return this.#transport.callRaw<types.Quote>(operations.CREATE_QUOTE, given, options);
  }
}

/** The models on offer. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** The models on offer. */
export class Catalogue {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): CatalogueWithRawResponse {
    return new CatalogueWithRawResponse(this.#transport);
  }

  /**
   * List the models. The models that can be called here, with what the catalogue says of them.
   *
   * `list_catalogue`: `GET /api/models`
   */
  listCatalogue(options: CallOptions = {}): Promise<types.CatalogueModelList> {
    return this.#transport.call<types.CatalogueModelList>(operations.LIST_CATALOGUE, {}, options);
  }

  /**
   * List the models for everybody. The same without a session.
   *
   * `list_public_catalogue`: `GET /api/models/public`
   */
  listPublicCatalogue(options: CallOptions = {}): Promise<types.CatalogueModelList> {
    return this.#transport.call<types.CatalogueModelList>(operations.LIST_PUBLIC_CATALOGUE, {}, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class CatalogueWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List the models. The models that can be called here, with what the catalogue says of them.
   *
   * `list_catalogue`: `GET /api/models`
   */
  listCatalogue(options: CallOptions = {}): Promise<RawResponse<types.CatalogueModelList>> {
    return this.#transport.callRaw<types.CatalogueModelList>(operations.LIST_CATALOGUE, {}, options);
  }

  /**
   * List the models for everybody. The same without a session.
   *
   * `list_public_catalogue`: `GET /api/models/public`
   */
  listPublicCatalogue(options: CallOptions = {}): Promise<RawResponse<types.CatalogueModelList>> {
    return this.#transport.callRaw<types.CatalogueModelList>(operations.LIST_PUBLIC_CATALOGUE, {}, options);
  }
}

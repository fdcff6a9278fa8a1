/** ParcelsResource. Generated; do not edit. */

import * as operations from "../operations.ts";
import type * as params from "../params.ts";
import type * as types from "../types.ts";
import type { RawResponse } from "../runtime/answers.ts";
import type { CallOptions } from "../runtime/operations.ts";
import type { Transport } from "../runtime/transport.ts";

/** ParcelsResource. */
export class ParcelsResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The same methods, with the status and the headers of their answers. */
  get withRawResponse(): ParcelsResourceWithRawResponse {
    return new ParcelsResourceWithRawResponse(this.#transport);
  }

  /**
   * post_bytes.
   *
   * `post_bytes`: `POST /bytes`
   */
  postBytes(given: params.PostBytesParams, options: CallOptions = {}): Promise<Uint8Array | { [key: string]: string }> {
    return this.#transport.call<Uint8Array | { [key: string]: string }>(operations.POST_BYTES, given, options);
  }

  /**
   * post_form.
   *
   * `post_form`: `POST /form`
   */
  postForm(given: params.PostFormParams, options: CallOptions = {}): Promise<types.PostFormResponse> {
    return this.#transport.call<types.PostFormResponse>(operations.POST_FORM, given, options);
  }

  /**
   * post_list.
   *
   * `post_list`: `POST /list`
   */
  postList(given: params.PostListParams, options: CallOptions = {}): Promise<number> {
    return this.#transport.call<number>(operations.POST_LIST, given, options);
  }

  /**
   * post_text.
   *
   * `post_text`: `POST /text`
   */
  postText(given: params.PostTextParams, options: CallOptions = {}): Promise<string> {
    return this.#transport.call<string>(operations.POST_TEXT, given, options);
  }

  /**
   * post_upload.
   *
   * `post_upload`: `POST /upload`
   */
  postUpload(given: params.PostUploadParams, options: CallOptions = {}): Promise<unknown> {
    return this.#transport.call<unknown>(operations.POST_UPLOAD, given, options);
  }

  /**
   * put_json.
   *
   * `put_json`: `PUT /json`
   */
  putJson(given: params.PutJsonParams = {}, options: CallOptions = {}): Promise<null> {
    return this.#transport.call<null>(operations.PUT_JSON, given, options);
  }
}

/** The same methods, with the status and the headers of their answers. */
export class ParcelsResourceWithRawResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * post_bytes.
   *
   * `post_bytes`: `POST /bytes`
   */
  postBytes(
    given: params.PostBytesParams,
    options: CallOptions = {},
  ): Promise<RawResponse<Uint8Array | { [key: string]: string }>> {
    return this.#transport.callRaw<Uint8Array | { [key: string]: string }>(operations.POST_BYTES, given, options);
  }

  /**
   * post_form.
   *
   * `post_form`: `POST /form`
   */
  postForm(given: params.PostFormParams, options: CallOptions = {}): Promise<RawResponse<types.PostFormResponse>> {
    return this.#transport.callRaw<types.PostFormResponse>(operations.POST_FORM, given, options);
  }

  /**
   * post_list.
   *
   * `post_list`: `POST /list`
   */
  postList(given: params.PostListParams, options: CallOptions = {}): Promise<RawResponse<number>> {
    return this.#transport.callRaw<number>(operations.POST_LIST, given, options);
  }

  /**
   * post_text.
   *
   * `post_text`: `POST /text`
   */
  postText(given: params.PostTextParams, options: CallOptions = {}): Promise<RawResponse<string>> {
    return this.#transport.callRaw<string>(operations.POST_TEXT, given, options);
  }

  /**
   * post_upload.
   *
   * `post_upload`: `POST /upload`
   */
  postUpload(given: params.PostUploadParams, options: CallOptions = {}): Promise<RawResponse<unknown>> {
    return this.#transport.callRaw<unknown>(operations.POST_UPLOAD, given, options);
  }

  /**
   * put_json.
   *
   * `put_json`: `PUT /json`
   */
  putJson(given: params.PutJsonParams = {}, options: CallOptions = {}): Promise<RawResponse<null>> {
    return this.#transport.callRaw<null>(operations.PUT_JSON, given, options);
  }
}

/** The client of Signals. Generated; do not edit. */

export { Signals, type SignalsOptions } from "./client.ts";
export { RawResponse } from "./runtime/answers.ts";
export {
  APIConnectionError,
  APIError,
  APIStatusError,
  APITimeoutError,
  AuthenticationError,
  BadGatewayError,
  BadRequestError,
  ConflictError,
  GatewayTimeoutError,
  InternalServerError,
  MethodNotAllowedError,
  NotFoundError,
  PaymentRequiredError,
  PermissionDeniedError,
  RateLimitError,
  RequestTimeoutError,
  RequestTooLargeError,
  ServerError,
  UnavailableError,
  UnexpectedAnswerError,
  UnprocessableEntityError,
  UnsupportedMediaTypeError,
} from "./runtime/errors.ts";
export type { CallOptions, Fetch, FileContent } from "./runtime/operations.ts";
export { Page } from "./runtime/pages.ts";
export { Stream } from "./runtime/streams.ts";
export type * as params from "./params.ts";
export type * as types from "./types.ts";

export const VERSION = "0.1.0";

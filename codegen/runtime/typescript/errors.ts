/**
 * What can go wrong in a call.
 *
 *     APIError
 *     ├── APIConnectionError             no answer came, or only half of one
 *     │   └── APITimeoutError            ... in time
 *     ├── UnexpectedAnswerError          an answer came that is not what the operation gives
 *     └── APIStatusError                 the server refused: `status`, `body`, `code`, `type`, `requestId`, `retryAfterMs`
 *         ├── BadRequestError            400
 *         ├── AuthenticationError        401
 *         ├── PaymentRequiredError       402
 *         ├── PermissionDeniedError      403
 *         ├── NotFoundError              404
 *         ├── MethodNotAllowedError      405
 *         ├── RequestTimeoutError        408
 *         ├── ConflictError              409
 *         ├── RequestTooLargeError       413
 *         ├── UnsupportedMediaTypeError  415
 *         ├── UnprocessableEntityError   422
 *         ├── RateLimitError             429
 *         └── ServerError                any 5xx
 *             ├── InternalServerError    500
 *             ├── BadGatewayError        502
 *             ├── UnavailableError       503
 *             └── GatewayTimeoutError    504
 *
 * Names are written out, because minifiers rename classes.
 */

import { retryAfterMs } from "./retries.ts";

/** Anything that goes wrong in a call; `requestId` is the server's id of it, where it gave one. */
export class APIError extends Error {
  override name = "APIError";
  readonly requestId: string | undefined;

  constructor(message: string, requestId?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.requestId = requestId;
  }
}

/** The server could not be reached, or the connection broke; what happened is in `cause`. */
export class APIConnectionError extends APIError {
  override name = "APIConnectionError";
}

/** The server took longer than the timeout. */
export class APITimeoutError extends APIConnectionError {
  override name = "APITimeoutError";
}

/** The server answered with something that the operation does not give; `body` is its beginning. */
export class UnexpectedAnswerError extends APIError {
  override name = "UnexpectedAnswerError";
  readonly body: string;

  constructor(message: string, body: string, requestId?: string, cause?: unknown) {
    super(message, requestId, cause);
    this.body = body;
  }
}

/** What an error says about itself besides its message. */
export interface StatusErrorDetails {
  readonly status: number;
  readonly body: unknown;
  readonly requestId?: string | undefined;
  readonly headers?: Headers | undefined;
}

/** The server refused. `body` is what it said: parsed JSON, or the text where it is none. */
export class APIStatusError extends APIError {
  override name = "APIStatusError";
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
  readonly code: unknown;
  readonly type: unknown;

  constructor(message: string, details: StatusErrorDetails) {
    super(message, details.requestId);
    this.status = details.status;
    this.body = details.body;
    this.headers = details.headers ?? new Headers();
    this.code = described(details.body, "code") ?? null;
    this.type = described(details.body, "type") ?? null;
  }

  /** Milliseconds after which another attempt can succeed, where the server says so. */
  get retryAfterMs(): number | undefined {
    return retryAfterMs(this.headers, Date.now());
  }
}

/** 400: the request is wrong. */
export class BadRequestError extends APIStatusError {
  override name = "BadRequestError";
}

/** 401: the credential is missing, wrong or over. */
export class AuthenticationError extends APIStatusError {
  override name = "AuthenticationError";
}

/** 402: there is not enough credit. */
export class PaymentRequiredError extends APIStatusError {
  override name = "PaymentRequiredError";
}

/** 403: the credential does not allow this. */
export class PermissionDeniedError extends APIStatusError {
  override name = "PermissionDeniedError";
}

/** 404: there is no such thing. */
export class NotFoundError extends APIStatusError {
  override name = "NotFoundError";
}

/** 405: the path does not take this method. */
export class MethodNotAllowedError extends APIStatusError {
  override name = "MethodNotAllowedError";
}

/** 408: the request arrived too slowly. */
export class RequestTimeoutError extends APIStatusError {
  override name = "RequestTimeoutError";
}

/** 409: it does not fit the state of things. */
export class ConflictError extends APIStatusError {
  override name = "ConflictError";
}

/** 413: the body is too large. */
export class RequestTooLargeError extends APIStatusError {
  override name = "RequestTooLargeError";
}

/** 415: the body is in a format that the operation does not take. */
export class UnsupportedMediaTypeError extends APIStatusError {
  override name = "UnsupportedMediaTypeError";
}

/** 422: the body does not fit its schema. */
export class UnprocessableEntityError extends APIStatusError {
  override name = "UnprocessableEntityError";
}

/** 429: too many requests, or a quota or budget is used up. */
export class RateLimitError extends APIStatusError {
  override name = "RateLimitError";
}

/** 5xx: the server failed. */
export class ServerError extends APIStatusError {
  override name = "ServerError";
}

/** 500: the server failed. */
export class InternalServerError extends ServerError {
  override name = "InternalServerError";
}

/** 502: whoever the server asked failed. */
export class BadGatewayError extends ServerError {
  override name = "BadGatewayError";
}

/** 503: the server does not take requests now. */
export class UnavailableError extends ServerError {
  override name = "UnavailableError";
}

/** 504: whoever the server asked took too long. */
export class GatewayTimeoutError extends ServerError {
  override name = "GatewayTimeoutError";
}

const BY_STATUS: ReadonlyMap<number, typeof APIStatusError> = new Map<number, typeof APIStatusError>([
  [400, BadRequestError],
  [401, AuthenticationError],
  [402, PaymentRequiredError],
  [403, PermissionDeniedError],
  [404, NotFoundError],
  [405, MethodNotAllowedError],
  [408, RequestTimeoutError],
  [409, ConflictError],
  [413, RequestTooLargeError],
  [415, UnsupportedMediaTypeError],
  [422, UnprocessableEntityError],
  [429, RateLimitError],
  [500, InternalServerError],
  [502, BadGatewayError],
  [503, UnavailableError],
  [504, GatewayTimeoutError],
]);

// The status that an error inside a stream would have had, by its code where that says more than its type (OpenAI's and Anthropic's words).
const STATUS_IN_STREAMS: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ["upstream_error", 502],
  ["no_active_api_keys", 503],
  ["upstream_timeout", 504],
  ["invalid_request_error", 400],
  ["authentication_error", 401],
  ["billing_error", 402],
  ["permission_error", 403],
  ["not_found_error", 404],
  ["request_too_large", 413],
  ["rate_limit_error", 429],
  ["insufficient_quota", 429],
  ["timeout_error", 504],
  ["overloaded_error", 503],
]);

/** The error that an answer with a status outside of 200 to 299 is. */
export function errorOfAnswer(
  status: number,
  headers: Headers,
  content: Uint8Array,
  requestId: string | undefined,
): APIStatusError {
  const text = new TextDecoder().decode(content);
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // It is no JSON, and stays the text that it is.
  }
  return new (classOf(status))(messageIn(body, status), { status, body, requestId, headers });
}

/** The error that an event in a stream is: of the class that the same error has as an answer, 500 where that cannot be told. */
export function errorInStream(body: unknown, requestId: string | undefined): APIStatusError {
  const code = described(body, "code");
  let status = typeof code === "number" && Number.isInteger(code) ? code : 500;
  for (const word of [described(body, "type"), code]) status = STATUS_IN_STREAMS.get(word) ?? status;
  return new (classOf(status))(messageIn(body, status), { status, body, requestId });
}

function classOf(status: number): typeof APIStatusError {
  return BY_STATUS.get(status) ?? (status >= 500 ? ServerError : APIStatusError);
}

/** The sentence in an error body, in whichever of the usual places it is. */
function messageIn(body: unknown, status: number): string {
  if (typeof body === "string" && body.trim() !== "") return body.trim().slice(0, 500);
  for (const key of ["message", "detail", "title"]) {
    const found = described(body, key);
    if (typeof found === "string") return found;
  }
  return isObject(body) && body["detail"] ? JSON.stringify(body["detail"]) : `status ${status}`;
}

/** A field of `error` in an error body, or of the body itself. */
function described(body: unknown, key: string): unknown {
  if (!isObject(body)) return undefined;
  const inner = body["error"];
  if (typeof inner === "string" && key === "message") return inner;
  return isObject(inner) ? inner[key] : body[key];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

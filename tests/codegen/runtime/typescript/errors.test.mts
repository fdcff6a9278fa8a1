/** Errors have the class of their status, and say what the body says. */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as errors from "../../../../clients/typescript/src/runtime/errors.ts";

const { APIStatusError, ServerError, errorInStream, errorOfAnswer } = errors;
const CLASSES = new Map<number, typeof APIStatusError>([
  [400, errors.BadRequestError],
  [401, errors.AuthenticationError],
  [402, errors.PaymentRequiredError],
  [403, errors.PermissionDeniedError],
  [404, errors.NotFoundError],
  [405, errors.MethodNotAllowedError],
  [408, errors.RequestTimeoutError],
  [409, errors.ConflictError],
  [413, errors.RequestTooLargeError],
  [415, errors.UnsupportedMediaTypeError],
  [422, errors.UnprocessableEntityError],
  [429, errors.RateLimitError],
  [500, errors.InternalServerError],
  [502, errors.BadGatewayError],
  [503, errors.UnavailableError],
  [504, errors.GatewayTimeoutError],
]);

function ofBody(body: unknown, status = 400) {
  return errorOfAnswer(status, new Headers(), new TextEncoder().encode(JSON.stringify(body)), "req_1");
}

test("each status has a class of its own", () => {
  for (const [status, kind] of CLASSES) {
    const error = ofBody({}, status);
    assert.equal(error.constructor, kind);
    assert.equal(error.status, status);
    assert.equal(error instanceof ServerError, status >= 500);
    assert.ok(error instanceof errors.APIError && error instanceof Error);
  }
});

test("other statuses have the class above", () => {
  assert.equal(ofBody({}, 418).constructor, APIStatusError);
  assert.equal(ofBody({}, 529).constructor, ServerError);
  assert.equal(ofBody({}, 302).constructor, APIStatusError);
});

test("an error is called what its class is called", () => {
  for (const [name, kind] of Object.entries(errors)) {
    if (typeof kind !== "function" || !(kind.prototype instanceof Error)) continue;
    const made = new (kind as new (message: string, details: object) => Error)("m", { status: 1, body: null });
    assert.equal(made.name, name);
    assert.match(made.stack ?? "", /errors\.test/);
  }
});

const MESSAGES: [body: unknown, message: string, code: string | null][] = [
  [{ error: { message: "no", type: "t", code: "c" } }, "no", "c"],
  [{ type: "error", error: { type: "t", message: "no" } }, "no", null],
  [{ detail: "no" }, "no", null],
  [{ detail: [{ loc: ["body"] }] }, '[{"loc":["body"]}]', null],
  [{ title: "no", status: 400 }, "no", null],
  [{ error: "no" }, "no", null],
  ["no", "no", null],
  [[], "status 400", null],
  [null, "status 400", null],
];

for (const [body, message, code] of MESSAGES) {
  test(`the message in ${JSON.stringify(body)} is found`, () => {
    const error = ofBody(body);
    assert.deepEqual([error.message, error.code, error.body, error.requestId], [message, code, body, "req_1"]);
  });
}

test("a body that is no JSON stays text", () => {
  const content = new Uint8Array([...new TextEncoder().encode("<html>"), 0xff]);
  const error = errorOfAnswer(502, new Headers({ "retry-after": "4" }), content, undefined);
  assert.deepEqual([error.body, error.message, error.retryAfterMs], ["<html>\ufffd", "<html>\ufffd", 4000]);
});

const IN_STREAMS: [body: unknown, kind: typeof APIStatusError][] = [
  [{ error: { message: "m", type: "server_error", code: "upstream_error" } }, errors.BadGatewayError],
  [{ error: { message: "m", type: "server_error", code: "upstream_timeout" } }, errors.GatewayTimeoutError],
  [{ error: { message: "m", type: "rate_limit_error", code: "provider_paused" } }, errors.RateLimitError],
  [{ type: "error", error: { type: "overloaded_error" } }, errors.UnavailableError],
  [{ type: "error", error: { type: "api_error" } }, errors.InternalServerError],
  [{ error: { message: "m", type: "x", code: 404 } }, errors.NotFoundError],
  [{ error: "m" }, errors.InternalServerError],
];

for (const [body, kind] of IN_STREAMS) {
  test(`${JSON.stringify(body)} in a stream is a ${kind.name}`, () => {
    const error = errorInStream(body, "req_1");
    assert.deepEqual([error.constructor, error.body, error.requestId], [kind, body, "req_1"]);
  });
}

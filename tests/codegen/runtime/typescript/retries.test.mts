/** When a client tries again, and how long it waits before. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { retryAfterMs, waitBeforeRetryMs } from "../../../../clients/typescript/src/runtime/retries.ts";

const NOW = 1_700_000_000_000; // Tue, 14 Nov 2023 22:13:20 GMT

function wait(status: number | undefined, headers: Record<string, string> = {}, attempt = 0, chance = 0) {
  return waitBeforeRetryMs(attempt, status, new Headers(headers), NOW, chance);
}

for (const status of [undefined, 408, 429, 500, 502, 503, 504, 529]) {
  test(`${status} is tried again`, () => assert.equal(wait(status), 500));
}

for (const status of [300, 400, 401, 402, 403, 404, 405, 409, 413, 415, 422]) {
  test(`${status} is not tried again, whatever there is to wait`, () => {
    assert.equal(wait(status), undefined);
    assert.equal(wait(status, { "retry-after": "1" }), undefined);
  });
}

test("the server has the last word", () => {
  assert.equal(wait(429, { "x-should-retry": "false", "retry-after": "1" }), undefined);
  assert.equal(wait(500, { "x-should-retry": "False" }), undefined);
  assert.equal(wait(409, { "x-should-retry": "true" }), 500);
  assert.equal(wait(429, { "x-should-retry": "perhaps" }), 500);
});

test("waits double up to eight seconds", () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((attempt) => wait(500, {}, attempt)),
    [500, 1000, 2000, 4000, 8000, 8000],
  );
  assert.equal(wait(500, {}, 5000), 8000);
});

test("chance takes up to a quarter away", () => {
  assert.equal(wait(500, {}, 1, 1), 750);
  assert.equal(wait(500, {}, 1, 0.5), 875);
});

test("milliseconds come before seconds", () => {
  assert.equal(wait(429, { "retry-after-ms": "250", "retry-after": "3" }), 250);
  assert.equal(wait(429, { "retry-after-ms": "soon", "retry-after": "3" }), 3000);
  assert.equal(wait(429, { "retry-after": "0.5" }), 500);
});

test("a date is taken from now", () => {
  assert.equal(wait(503, { "retry-after": "Tue, 14 Nov 2023 22:13:25 GMT" }), 5000);
  assert.equal(wait(503, { "retry-after": "Tue, 14 Nov 2023 22:13:00 GMT" }), 0);
});

for (const nonsense of ["", "soon", "-1", "NaN", "Infinity", "99 Nov", "0x10"]) {
  test(`${JSON.stringify(nonsense)} is as good as absent`, () => {
    assert.equal(retryAfterMs(new Headers({ "retry-after": nonsense }), NOW), undefined);
    assert.equal(wait(503, { "retry-after": nonsense }), 500);
  });
}

test("more than a minute is not waited for", () => {
  assert.equal(wait(429, { "retry-after": "60" }), 60_000);
  assert.equal(wait(429, { "retry-after": "61" }), undefined);
  assert.equal(wait(429, { "retry-after-ms": "60001" }), undefined);
});

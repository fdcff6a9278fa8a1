/** Calls against a real server: what is tried again, what hangs up, and what the caller sees. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, test } from "node:test";

import {
  APIConnectionError,
  APIStatusError,
  APITimeoutError,
  BadGatewayError,
  RateLimitError,
  UnavailableError,
  UnexpectedAnswerError,
} from "../../../../clients/typescript/src/runtime/errors.ts";
import type { CallOptions, Operation, Settings } from "../../../../clients/typescript/src/runtime/operations.ts";
import { Stream } from "../../../../clients/typescript/src/runtime/streams.ts";
import { Transport } from "../../../../clients/typescript/src/runtime/transport.ts";

type Reply = (request: IncomingMessage, response: ServerResponse) => unknown;

const TALK: Operation = {
  name: "talk",
  method: "POST",
  path: "/talk",
  body: "application/json",
  bodyRequired: true,
  end: "[DONE]",
};
const LIST: Operation = {
  name: "list",
  method: "GET",
  path: "/list",
  arguments: [{ name: "after", place: "query", wire: "after" }],
  pages: { items: "rows", next: "next", argument: "after" },
};

let replies: Reply[] = [];
let requests: IncomingMessage[] = [];
let hungUp: Promise<unknown>[] = [];
let base = "";

const server = createServer((request, response) => {
  requests.push(request);
  hungUp.push(once(response, "close").then(() => assert.ok(!response.writableFinished, "the server ended the answer")));
  hungUp.at(-1)?.catch(() => undefined);
  request.resume();
  (replies.shift() ?? json({}, 404))(request, response);
});

beforeEach(async () => {
  [replies, requests, hungUp] = [[], [], []];
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function transport(changes: Partial<Settings> = {}): Transport {
  const settings = { credentials: {}, schemes: {}, headers: {}, timeoutMs: 5000, maxRetries: 2, fetch };
  return new Transport({ baseUrl: base, ...settings, ...changes });
}

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return (_, response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** These pieces as a stream of events, and then whatever ends it. */
function events(pieces: (string | Buffer)[], end: Reply = (_, response) => response.end(), delayMs = 2): Reply {
  return async (request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream", "x-request-id": "req_1" });
    for (const piece of pieces) {
      if (response.destroyed) return;
      response.write(piece);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
    end(request, response);
  };
}

const reset: Reply = (request) => request.socket.resetAndDestroy();
const hang: Reply = () => undefined;
const AGAIN = { "retry-after-ms": "1" };

async function all<Part>(parts: AsyncIterable<Part>): Promise<Part[]> {
  const found: Part[] = [];
  for await (const part of parts) found.push(part);
  return found;
}

function call(options: CallOptions = {}, changes: Partial<Settings> = {}): Promise<unknown> {
  return transport(changes).call(TALK, {}, options);
}

function talk(options: CallOptions = {}): Promise<Stream<{ n: number }>> {
  return transport().stream<{ n: number }>(TALK, {}, options);
}

test("a lost connection and an answer that breaks off are tried again", async () => {
  replies = [
    reset,
    (_, response) =>
      response.writeHead(200, { "content-length": "9" }).write("half", () => reset(requests.at(-1)!, response)),
    json({ ok: 1 }),
  ];
  assert.deepEqual(await call(), { ok: 1 });
  assert.equal(requests.length, 3);
});

test("retries end with the last error", async () => {
  replies = Array.from({ length: 9 }, () => json({}, 503, AGAIN));
  await assert.rejects(call({}, { maxRetries: 3 }), UnavailableError);
  assert.equal(requests.length, 4);
  await assert.rejects(call({ maxRetries: 0 }), UnavailableError);
  assert.equal(requests.length, 5);
});

test("the wait is what the server says", async () => {
  replies = [json({}, 429, { "retry-after-ms": "150" }), json({}, 429, { "retry-after": "0" }), json({ ok: 1 })];
  const began = performance.now();
  await call();
  assert.ok(performance.now() - began >= 145);
});

test("who is told not to try again does not", async () => {
  replies = [json({ error: { message: "quota", code: "insufficient_quota" } }, 429, { "x-should-retry": "false" })];
  await assert.rejects(call(), (error) => error instanceof RateLimitError && error.code === "insufficient_quota");
  assert.equal(requests.length, 1);
});

test("a timeout is an error of its own, and is tried again", async () => {
  replies = [hang, hang];
  const began = performance.now();
  await assert.rejects(call({ timeoutMs: 100, maxRetries: 1 }), APITimeoutError);
  assert.ok(performance.now() - began < 3000);
  assert.equal(requests.length, 2);
});

test("a timeout counts from byte to byte", async () => {
  const slow = events(["{", '"ok"', ": ", "1", "}"], undefined, 60);
  replies = [(request, response) => slow(request, Object.assign(response, { setHeader: response.setHeader }))];
  assert.equal((await transport().callRaw(TALK, {}, { timeoutMs: 200 })).content.length, 9);
  replies = [events(['data: {"n": 1}\n\n'], hang)];
  await assert.rejects(all(await talk({ timeoutMs: 100 })), APITimeoutError);
});

test("no timeout is none", async () => {
  replies = [(request, response) => setTimeout(() => json({ ok: 1 })(request, response), 50)];
  assert.deepEqual(await call({ timeoutMs: null }), { ok: 1 });
  replies = [json({ ok: 2 })];
  assert.deepEqual(await call({ timeoutMs: Infinity }), { ok: 2 });
});

test("a redirect is not followed", async () => {
  replies = [json({}, 307, { location: "/elsewhere" })];
  await assert.rejects(call(), (error) => error instanceof APIStatusError && error.status === 307);
  assert.equal(requests.length, 1);
});

test("what happened is in the cause", async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await assert.rejects(call({ maxRetries: 0 }, { baseUrl: `http://127.0.0.1:${port}` }), (error) => {
    assert.ok(error instanceof APIConnectionError && !(error instanceof APITimeoutError));
    return /ECONNREFUSED/.test(error.message) && error.cause instanceof TypeError;
  });
});

test("an aborted call rejects with the signal's reason and hangs up", async () => {
  replies = [hang];
  const controller = new AbortController();
  const reason = new Error("enough");
  setTimeout(() => controller.abort(reason), 50);
  await assert.rejects(call({ signal: controller.signal }), reason);
  await hungUp[0];
  await assert.rejects(call({ signal: controller.signal }), reason);
  assert.equal(requests.length, 1);
});

test("an abort ends the wait before another attempt", async () => {
  replies = [json({}, 503, { "retry-after": "30" })];
  await assert.rejects(call({ signal: AbortSignal.timeout(100) }), { name: "TimeoutError" });
});

test("calls leave no listeners on a signal that outlives them", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...given: any) => ((listeners += 1), addEventListener.apply(signal, given));
  signal.removeEventListener = (...given: any) => ((listeners -= 1), removeEventListener.apply(signal, given));
  replies = [json({}, 503, AGAIN), json({ ok: 1 }), events(["data: [DONE]\n\n"])];
  await call({ signal });
  await all(await talk({ signal }));
  assert.equal(listeners, 0);
});

test("a stream gives its events until its end, however they are cut", async () => {
  const raw = Buffer.from('data: {"n": 1}\r\n\r\ndata: {"n": "ü🚀"}\r\n\r\ndata: [DONE]\n\ndata: {"n": 3}\n\n');
  replies = [
    events(
      Array.from(raw, (byte) => Buffer.from([byte])),
      undefined,
      0,
    ),
  ];
  const stream = await talk();
  assert.equal(stream.requestId, "req_1");
  assert.deepEqual(await all(stream), [{ n: 1 }, { n: "ü🚀" }]);
  assert.deepEqual(await all(stream), []);
});

test("a stream is tried again before it begins, and never after its first event", async () => {
  replies = [json({}, 502, AGAIN), events(['data: {"n": 1}\n\n'], reset), events(["data: [DONE]\n\n"])];
  const found: unknown[] = [];
  await assert.rejects(async () => {
    for await (const event of await talk()) found.push(event);
  }, APIConnectionError);
  assert.deepEqual(found, [{ n: 1 }]);
  assert.equal(requests.length, 2);
});

test("a stream without its end was cut off", async () => {
  replies = [events(['data: {"n": 1}\n\n'])];
  await assert.rejects(all(await talk()), /the stream ended without \[DONE\]/);
});

test("an error in a stream is thrown as what it would have been", async () => {
  replies = [events(['data: {"n": 1}\n\ndata: {"error": {"message": "lost", "code": "upstream_error"}}\n\n'])];
  await assert.rejects(all(await talk()), (error) => error instanceof BadGatewayError && error.requestId === "req_1");
  replies = [events(['event: error\ndata: {"message": "lost"}\n\n'])];
  await assert.rejects(all(await talk()), { name: "InternalServerError", message: "lost" });
});

test("an answer that is no stream is unexpected", async () => {
  replies = [json({ answer: "hi" })];
  await assert.rejects(talk(), (error) => error instanceof UnexpectedAnswerError && error.body === '{"answer":"hi"}');
});

const endless = events(
  Array.from({ length: 500 }, (_, n) => `data: {"n": ${n}}\n\n`),
  undefined,
  10,
);

test("leaving the loop hangs up", async () => {
  replies = [endless];
  for await (const event of await talk()) if (event.n === 2) break;
  await hungUp[0];
});

test("an error in the loop hangs up", async () => {
  replies = [endless];
  await assert.rejects(async () => {
    for await (const _ of await talk()) throw new Error("mine");
  }, /mine/);
  await hungUp[0];
});

test("close, before the first event or after, hangs up and ends the loop", async () => {
  replies = [endless, endless, endless];
  const unread = await talk();
  unread.close();
  await hungUp[0];
  assert.deepEqual(await all(unread), []);
  for (const end of [
    (stream: Stream<unknown>) => stream.close(),
    (stream: Stream<unknown>) => stream.controller.abort(),
  ]) {
    const stream = await talk();
    setTimeout(() => end(stream), 60);
    assert.ok((await all(stream)).length < 100);
  }
  await Promise.all(hungUp);
  assert.equal(requests.length, 3);
});

test("a signal ends a stream with its reason", async () => {
  replies = [endless];
  const controller = new AbortController();
  const stream = await talk({ signal: controller.signal });
  await assert.rejects(async () => {
    for await (const event of stream) if (event.n === 2) controller.abort(new Error("enough"));
  }, /enough/);
  await hungUp[0];
});

test("events that came with the last one are not given to who gave up meanwhile", async () => {
  const piece = 'data: {"n": 1}\n\ndata: {"n": 2}\n\ndata: {"n": 3}\n\n';
  replies = [events([piece], hang), events([piece], hang)];
  const found: number[] = [];
  const closed = await talk();
  for await (const event of closed) {
    found.push(event.n);
    closed.close();
  }
  const controller = new AbortController();
  await assert.rejects(async () => {
    for await (const event of await talk({ signal: controller.signal })) {
      found.push(event.n);
      controller.abort(new Error("enough"));
    }
  }, /enough/);
  assert.deepEqual(found, [1, 1]);
});

test("a raw answer has its status and headers, and parses once", async () => {
  replies = [json({ ok: 1 }, 201, { "x-request-id": "req_2" })];
  const raw = await transport().callRaw(TALK, {}, {});
  assert.deepEqual([raw.status, raw.requestId, raw.headers.get("Content-Type")], [201, "req_2", "application/json"]);
  assert.equal(raw.parse(), raw.parse());
});

test("pages go on to the last item", async () => {
  replies = [json({ rows: [1, 2], next: "a&b" }), json({ rows: [], next: "c" }), json({ rows: [3], next: null })];
  const page = await transport().page<number, { next: string | null }>(LIST, {}, {});
  assert.deepEqual([page.items, page.hasNext, page.body.next], [[1, 2], true, "a&b"]);
  assert.deepEqual(await all(page), [1, 2, 3]);
  assert.deepEqual(
    requests.map((request) => request.url),
    ["/list", "/list?after=a%26b", "/list?after=c"],
  );
});

test("a connection is used again", async () => {
  replies = [json({}), json({})];
  const client = transport();
  await client.call(TALK, {}, {});
  await new Promise((resolve) => setTimeout(resolve, 20)); // Node gives a socket back a little after the last byte
  await client.call(TALK, {}, {});
  assert.ok(requests[0]?.socket === requests[1]?.socket);
});

test("a fetch of one's own is called as a plain function", async () => {
  const seen: string[] = [];
  const own = function (this: unknown, url: string, init: RequestInit) {
    assert.equal(this, undefined);
    seen.push(`${init.method} ${url}`);
    return Promise.resolve(new Response(null, { status: 204 }));
  };
  assert.equal(await call({}, { fetch: own }), null);
  assert.deepEqual(seen, [`POST ${base}/talk`]);
});

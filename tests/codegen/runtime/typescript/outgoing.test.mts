/** Arguments become a request: each where it belongs, and nothing that was not given. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { configured } from "../../../../clients/typescript/src/runtime/configuration.ts";
import type {
  CallOptions,
  Operation,
  Scheme,
  Settings,
} from "../../../../clients/typescript/src/runtime/operations.ts";
import { outgoing } from "../../../../clients/typescript/src/runtime/outgoing.ts";

const SAIL: Operation = {
  name: "sail",
  method: "POST",
  path: "/boats/{boat}",
  arguments: [
    { name: "boat", place: "path", wire: "boat", required: true },
    { name: "from", place: "query", wire: "from" },
    { name: "tags", place: "query", wire: "tags" },
    { name: "ids", place: "query", wire: "ids", joined: true },
    { name: "Tide-At", place: "header", wire: "Tide-At" },
    { name: "name", place: "body", wire: "name" },
    { name: "crewSize", place: "body", wire: "crewSize" },
  ],
  body: "application/json",
};
const WHOLE: Operation = {
  name: "send",
  method: "POST",
  path: "/",
  arguments: [{ name: "body", place: "content", wire: "", required: true }],
  body: "application/json",
};

function settings(kind: Scheme["kind"] = "bearer", credentials: Record<string, string> = {}): Settings {
  const schemes: Record<string, Scheme> = {
    lock: { kind, parameter: "lock-key", option: "apiKey" },
    other: { kind: "header", parameter: "x-other", option: "otherKey" },
  };
  return { baseUrl: "http://h", credentials, schemes, headers: {}, timeoutMs: 5, maxRetries: 2, fetch };
}

function sent(given: object, operation = SAIL, by = settings(), options: CallOptions = {}) {
  return outgoing(operation, given, options, by);
}

test("each argument goes where it belongs", () => {
  const given = {
    boat: "a/b ü",
    from: "x&y",
    tags: ["a", "b"],
    ids: [1, 2],
    "Tide-At": true,
    name: "Eos",
    crewSize: 3,
  };
  const request = sent(given);
  assert.equal(request.url, "http://h/boats/a%2Fb%20%C3%BC?from=x%26y&tags=a&tags=b&ids=1%2C2");
  assert.equal(request.headers.get("tide-at"), "true");
  assert.equal(request.headers.get("content-type"), "application/json");
  assert.deepEqual(JSON.parse(String(request.body)), { name: "Eos", crewSize: 3 });
});

test("a segment is encoded as everywhere", () => {
  assert.equal(sent({ boat: "$&!'()*~" }).url, "http://h/boats/%24%26%21%27%28%29%2A~");
});

test("what is left out is not sent, and null is null in a body", () => {
  assert.equal(sent({ boat: "a" }).body, undefined);
  assert.equal(sent({ boat: "a" }, { ...SAIL, bodyRequired: true }).body, "{}");
  assert.equal(sent({ boat: "a", name: null, from: null, crewSize: undefined }).body, '{"name":null}');
  assert.equal(sent({ boat: "a", from: null }).url, "http://h/boats/a");
});

for (const value of ["", ".", ".."]) {
  test(`the segment ${JSON.stringify(value)} would lead elsewhere and is refused`, () => {
    assert.throws(() => sent({ boat: value }), { name: "TypeError", message: /^boat cannot be/ });
  });
}

test("unknown and missing arguments and options are type errors", () => {
  assert.throws(
    () => sent({ boat: "a", colour: "red" }),
    /sail takes no argument "colour"; what is not described goes in/,
  );
  assert.throws(() => sent({}), /sail misses the arguments boat/);
  assert.throws(() => sent({ boat: undefined }), /sail misses the arguments boat/);
  assert.throws(
    () => sent({ boat: "a" }, SAIL, settings(), { colour: "red" } as CallOptions),
    /takes no option "colour"/,
  );
});

test("what every object inherits is not given", () => {
  const inherited = {
    ...SAIL,
    path: "/",
    arguments: [{ name: "constructor", place: "query", wire: "constructor" }],
  } as const;
  assert.equal(sent({}, inherited).url, "http://h/");
  assert.equal(sent({ constructor: 1 }, inherited).url, "http://h/?constructor=1");
});

test("extras are added and win", () => {
  const extras = { extraBody: { name: "Iris", x: 1 }, extraQuery: { debug: true }, extraHeaders: { Accept: "a/b" } };
  const request = sent({ boat: "a", name: "Eos" }, SAIL, settings(), { ...extras, maxRetries: 7, timeoutMs: 3000 });
  assert.deepEqual(JSON.parse(String(request.body)), { name: "Iris", x: 1 });
  assert.equal(request.url, "http://h/boats/a?debug=true");
  assert.equal(request.headers.get("accept"), "a/b");
  assert.deepEqual([request.maxRetries, request.timeoutMs], [7, 3000]);
});

const SCHEMES: [kind: Scheme["kind"], header: string, value: string][] = [
  ["bearer", "authorization", "Bearer ü:b"],
  ["basic", "authorization", "Basic w7w6Yg=="],
  ["header", "lock-key", "ü:b"],
  ["cookie", "cookie", "lock-key=ü:b"],
];

for (const [kind, header, value] of SCHEMES) {
  test(`a credential goes where its scheme says: ${kind}`, () => {
    const operation = { ...SAIL, security: ["lock", "other"] };
    const request = sent({ boat: "a" }, operation, settings(kind, { apiKey: "ü:b", otherKey: "no" }));
    assert.equal(request.headers.get(header), value);
    assert.equal(request.headers.get("x-other"), null);
  });
}

test("the first scheme with a credential is used, and none is needed", () => {
  const guarded = { ...SAIL, security: ["lock", "other"] };
  assert.equal(sent({ boat: "a" }, guarded, settings("query", { apiKey: "k" })).url, "http://h/boats/a?lock-key=k");
  assert.equal(sent({ boat: "a" }, guarded, settings("bearer", { otherKey: "k" })).headers.get("x-other"), "k");
  assert.equal(sent({ boat: "a" }, guarded).headers.get("authorization"), null);
  assert.equal(sent({ boat: "a" }, SAIL, settings("bearer", { apiKey: "k" })).headers.get("authorization"), null);
});

test("forms, texts, bytes and lists", () => {
  const form = sent(
    { boat: "a", name: "ü&", crewSize: [1, 2] },
    { ...SAIL, body: "application/x-www-form-urlencoded" },
  );
  assert.equal(form.body, "name=%C3%BC%26&crewSize=1&crewSize=2");
  assert.equal(sent({ body: "ü" }, { ...WHOLE, body: "text/plain" }).body, "ü");
  const bytes = new Uint8Array([0]);
  assert.equal(sent({ body: bytes }, { ...WHOLE, body: "application/octet-stream" }).body, bytes);
  assert.equal(sent({ body: [1, 2] }, WHOLE).body, "[1,2]");
});

test("a form with files keeps their names", async () => {
  const files = [["eos.png", new Uint8Array([1])], new File(["x"], "own.txt"), new Uint8Array([2])];
  const request = sent({ boat: "a", name: files, crewSize: 3 }, { ...SAIL, body: "multipart/form-data" });
  assert.equal(request.headers.get("content-type"), null);
  const form = request.body as FormData;
  assert.deepEqual(
    (form.getAll("name") as File[]).map((file) => file.name),
    ["eos.png", "own.txt", "name"],
  );
  assert.equal(form.get("crewSize"), "3");
});

test("options come before variables, and an empty variable is none", () => {
  const library = {
    userAgent: "u",
    baseUrl: "http://d",
    variables: { baseUrl: "T_URL", apiKey: "T_KEY" },
    schemes: {},
  };
  process.env["T_URL"] = "http://e/";
  process.env["T_KEY"] = "";
  assert.equal(configured(library, {}).baseUrl, "http://e");
  assert.deepEqual(configured(library, {}).credentials, {});
  const given = configured(library, { baseUrl: "http://o//", apiKey: "k", defaultHeaders: { "X-A": "b" } } as object);
  assert.deepEqual([given.baseUrl, given.credentials], ["http://o", { apiKey: "k" }]);
  assert.deepEqual(given.headers, { "user-agent": "u", "x-a": "b" });
  delete process.env["T_URL"];
});

test("where there is no process, as in browsers, there are no variables and no user agent", () => {
  const before = globalThis.process;
  try {
    delete (globalThis as { process?: unknown }).process;
    const library = { userAgent: "u", baseUrl: "http://d", variables: { apiKey: "T_KEY" }, schemes: {} };
    assert.deepEqual(configured(library, {}).headers, {});
    assert.equal(configured(library, {}).baseUrl, "http://d");
  } finally {
    globalThis.process = before;
  }
});

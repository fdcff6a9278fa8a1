/** The parser of server-sent events gives the same events however the network cut them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Parser, type Event } from "../../../../clients/typescript/src/runtime/sse.ts";

const STREAM =
  "\ufeffevent: a\r\ndata: one\r\n\r\n: comment\n\ndata:two\ndata:  three\u2028\n\nevent: x\rdata\r\rid: 7\ndata: ü🚀\n\nretry: 1\n\n";
const EVENTS = [event("a", "one"), event("", "two\n three\u2028"), event("x", ""), event("", "ü🚀")];

function event(name: string, data: string): Event {
  return { name, data };
}

function parsed(...pieces: Uint8Array[]): Event[] {
  const parser = new Parser();
  return pieces.flatMap((piece) => parser.feed(piece));
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

test("a stream in one piece", () => {
  assert.deepEqual(parsed(bytes(STREAM)), EVENTS);
});

for (const size of [1, 2, 3, 7]) {
  test(`a stream in pieces of ${size}`, () => {
    const raw = bytes(STREAM);
    const pieces = Array.from({ length: Math.ceil(raw.length / size) }, (_, n) => raw.slice(n * size, (n + 1) * size));
    assert.deepEqual(parsed(...pieces), EVENTS);
  });
}

test("an event comes with its blank line even where that is a CR", () => {
  const parser = new Parser();
  assert.deepEqual(parser.feed(bytes("data: 1\r\n\r")), [event("", "1")]);
  assert.deepEqual(parser.feed(bytes("")), []);
  assert.deepEqual(parser.feed(bytes("\ndata: 2\n\n")), [event("", "2")]);
});

test("only CR and LF end lines", () => {
  assert.deepEqual(parsed(bytes("data: a\x0bb\x0cc\x85d\u2028e\u2029f\n\n")), [
    event("", "a\x0bb\x0cc\x85d\u2028e\u2029f"),
  ]);
});

test("what was cut off is no event", () => {
  assert.deepEqual(parsed(bytes("data: 1\n\ndata: 2\n")), [event("", "1")]);
});

test("a field without a colon has an empty value, and other fields are ignored", () => {
  assert.deepEqual(parsed(bytes("data\ndata\nid: 3\nfoo: bar\n\nevent: only a name\n\n")), [event("", "\n")]);
});

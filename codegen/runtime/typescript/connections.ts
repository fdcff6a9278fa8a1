/** One request on the network and its answer, which is given up when nothing comes for too long. */

import { APIConnectionError, APITimeoutError } from "./errors.ts";

// setTimeout takes no longer waits: it would fire at once.
const TIMER_MAX_MS = 2 ** 31 - 1;
// What Node's own fetch says when it gives up, which it does after 300 s without a byte.
const GIVEN_UP: readonly unknown[] = ["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"];

/** What a connection throws whose own side hung up: no failure, but the end. */
export class HungUp extends Error {
  override name = "HungUp";
}

/** A request that can be waited for, and hung up on. Every wait throws an APIConnectionError, or the reason of the caller's signal. */
export class Connection {
  /** Aborting it hangs up. */
  readonly controller = new AbortController();
  readonly #timeoutMs: number | null;
  readonly #signal: AbortSignal | undefined;
  readonly #abort = (): void => this.controller.abort(this.#signal?.reason);
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #timedOut = false;
  #ended = false;
  /** The server's id of the request, once it is known, for the errors. */
  requestId: string | undefined;

  constructor(timeoutMs: number | null, signal: AbortSignal | undefined) {
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
    signal?.throwIfAborted();
    signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /** The answer with its headers. */
  async send(request: (signal: AbortSignal) => Promise<Response>): Promise<Response> {
    const response = await this.#waited(() => request(this.controller.signal));
    this.#reader = response.body?.getReader();
    return response;
  }

  /** The next bytes of the answer; undefined after the last. */
  async read(): Promise<Uint8Array | undefined> {
    const reader = this.#reader;
    if (reader === undefined) {
      this.#ended = true;
      return undefined;
    }
    const { value } = await this.#waited(() => reader.read());
    this.#ended = value === undefined;
    return value;
  }

  /** All bytes of the answer. */
  async readAll(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for (let piece = await this.read(); piece !== undefined; piece = await this.read()) pieces.push(piece);
    const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  /** Throw what a wait would throw now, where the connection is over. */
  check(): void {
    if (this.controller.signal.aborted) throw this.#failure(undefined);
  }

  /** Hang up; an answer that was read to its end leaves its socket to the next request. Again changes nothing. */
  close(): void {
    this.#signal?.removeEventListener("abort", this.#abort);
    if (!this.#ended) this.controller.abort();
  }

  async #waited<Value>(work: () => Promise<Value>): Promise<Value> {
    const timeoutMs = this.#timeoutMs;
    const timer =
      timeoutMs !== null && timeoutMs <= TIMER_MAX_MS ? setTimeout(() => this.#expire(), timeoutMs) : undefined;
    try {
      return await work();
    } catch (error) {
      throw this.#failure(error);
    } finally {
      clearTimeout(timer);
    }
  }

  #expire(): void {
    this.#timedOut = true;
    this.controller.abort();
  }

  #failure(error: unknown): unknown {
    if (this.#timedOut || GIVEN_UP.includes(codeOf(error))) {
      return new APITimeoutError("the server did not answer in time", this.requestId, error);
    }
    if (this.#signal?.aborted) return this.#signal.reason;
    if (this.controller.signal.aborted) return new HungUp();
    return new APIConnectionError(`the connection failed: ${sentence(error)}`, this.requestId, error);
  }
}

/** Node's fetch says only that it failed; why is in the cause. */
function sentence(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message || String(codeOf(error) ?? inner.name) : String(inner);
}

function codeOf(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  return (cause as { code?: unknown } | undefined)?.code;
}

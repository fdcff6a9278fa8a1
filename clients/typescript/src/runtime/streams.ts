/** Streams of events: async iterables that can be closed, which hangs up, so that the server stops working. */

import { parsedJson, requestIdOf, textOf, type Answer } from "./answers.ts";
import { HungUp, type Connection } from "./connections.ts";
import { APIConnectionError, UnexpectedAnswerError, errorInStream } from "./errors.ts";
import { Parser, type Event } from "./sse.ts";

/**
 * The events of an answer as they come. Leaving its `for await` loop, `close()`, or `controller.abort()` hangs up.
 *
 * An error inside the stream is thrown as the error that it would have been as an answer. Nothing is tried again after the first
 * event. It can be gone through once.
 */
export class Stream<Part> implements AsyncIterable<Part> {
  /** The answer as `fetch` gave it; its body is read by this stream. */
  readonly response: Response;
  readonly #connection: Connection;
  readonly #events: AsyncGenerator<Part, void, undefined>;

  constructor(response: Response, connection: Connection, end: string | undefined) {
    this.response = response;
    this.#connection = connection;
    this.#events = this.#read(end);
  }

  /** Aborting it ends the stream, without an error. */
  get controller(): AbortController {
    return this.#connection.controller;
  }

  /** The server's id of this request, where it gave one. */
  get requestId(): string | undefined {
    return requestIdOf(this.response);
  }

  [Symbol.asyncIterator](): AsyncIterator<Part, void, undefined> {
    return this.#events;
  }

  /** Hang up. Again changes nothing. */
  close(): void {
    this.#connection.close();
  }

  async *#read(end: string | undefined): AsyncGenerator<Part, void, undefined> {
    const parser = new Parser();
    try {
      for (let piece = await this.#connection.read(); piece !== undefined; piece = await this.#connection.read()) {
        for (const event of parser.feed(piece)) {
          if (event.data === end) return;
          yield valueOf(event, this.requestId) as Part;
          this.#connection.check(); // what has come already is not given to a caller who gave up meanwhile
        }
      }
      if (end !== undefined) throw new APIConnectionError(`the stream ended without ${end}`, this.requestId);
    } catch (error) {
      if (!(error instanceof HungUp)) throw error;
    } finally {
      this.close();
    }
  }
}

/** Throws UnexpectedAnswerError unless the answer is a stream of events; it has to be read where it is none. */
export function checkIsStream(answer: Answer): void {
  if (!isStream(answer.response)) {
    const kind = answer.response.headers.get("content-type") ?? "nothing";
    const requestId = requestIdOf(answer.response);
    throw new UnexpectedAnswerError(
      `a stream was asked for, and ${kind} came`,
      textOf(answer).slice(0, 500),
      requestId,
    );
  }
}

/** Whether an answer is a stream of events. */
export function isStream(response: Response): boolean {
  return (response.headers.get("content-type") ?? "").toLowerCase().startsWith("text/event-stream");
}

/** The value in an event. Throws the error that an event of an error is. */
function valueOf(event: Event, requestId: string | undefined): unknown {
  const value = parsedJson(event.data, requestId);
  const { error, type } = (value ?? {}) as { error?: unknown; type?: unknown };
  if (event.name === "error" || error || type === "error") throw errorInStream(value, requestId);
  return value;
}

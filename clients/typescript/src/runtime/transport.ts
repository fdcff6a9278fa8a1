/** Calls over the network: send, try again, read. */

import { RawResponse, requestIdOf, resultOf, type Answer } from "./answers.ts";
import { Connection } from "./connections.ts";
import { APIConnectionError, UnexpectedAnswerError, errorOfAnswer, type APIError } from "./errors.ts";
import type { CallOptions, Operation, Settings } from "./operations.ts";
import { outgoing, type Outgoing } from "./outgoing.ts";
import { Page } from "./pages.ts";
import { waitBeforeRetryMs } from "./retries.ts";
import { Stream, checkIsStream, isStream } from "./streams.ts";

interface Exchange extends Answer {
  readonly connection: Connection;
}

/** What the resources of a client call through. */
export class Transport {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** The result of an operation. */
  async call<Result>(operation: Operation, given: object, options: CallOptions): Promise<Result> {
    return (await this.callRaw<Result>(operation, given, options)).parse();
  }

  /** The answer of an operation. */
  async callRaw<Result>(operation: Operation, given: object, options: CallOptions): Promise<RawResponse<Result>> {
    const answer = await this.#send(outgoing(operation, given, options, this.#settings));
    return new RawResponse(answer, () => resultOf(answer) as Result);
  }

  /** The events of an operation. */
  async stream<Part>(operation: Operation, given: object, options: CallOptions): Promise<Stream<Part>> {
    return (await this.streamRaw<Part>(operation, given, options)).parse();
  }

  /** The answer of an operation whose body is a stream. */
  async streamRaw<Part>(operation: Operation, given: object, options: CallOptions): Promise<RawResponse<Stream<Part>>> {
    const answer = await this.#send(outgoing(operation, given, options, this.#settings, true), true);
    checkIsStream(answer);
    return new RawResponse(answer, () => new Stream<Part>(answer.response, answer.connection, operation.end));
  }

  /** A page of a list. */
  async page<Item, Body>(operation: Operation, given: object, options: CallOptions): Promise<Page<Item, Body>> {
    return (await this.pageRaw<Item, Body>(operation, given, options)).parse();
  }

  /** The answer that is a page of a list. */
  async pageRaw<Item, Body>(
    operation: Operation,
    given: object,
    options: CallOptions,
  ): Promise<RawResponse<Page<Item, Body>>> {
    const { pages } = operation;
    if (pages === undefined) throw new TypeError(`${operation.name} has no pages`);
    const answer = await this.#send(outgoing(operation, given, options, this.#settings));
    const follow = (following: object) => this.page<Item, Body>(operation, { ...given, ...following }, options);
    return new RawResponse(answer, () => new Page(answer.response, resultOf(answer) as Body, pages, follow));
  }

  /** The result, or the events where the operation's switch is on. */
  callOrStream(operation: Operation, given: object, options: CallOptions): Promise<unknown> {
    return switchedOn(operation, given) ? this.stream(operation, given, options) : this.call(operation, given, options);
  }

  /** The answer, whichever of the two it is. */
  callOrStreamRaw(operation: Operation, given: object, options: CallOptions): Promise<RawResponse<unknown>> {
    return switchedOn(operation, given)
      ? this.streamRaw(operation, given, options)
      : this.callRaw(operation, given, options);
  }

  /** The answer, without an error. Throws APIError when no further attempt is worth it. */
  async #send(request: Outgoing, streams = false): Promise<Exchange> {
    for (let attempt = 0; ; attempt += 1) {
      let status: number | undefined;
      let headers = new Headers();
      let failure: APIError;
      try {
        const answer = await this.#attempt(request, streams);
        if (answer.response.ok) return answer;
        ({ status, headers } = answer.response);
        failure = errorOfAnswer(status, headers, answer.content, requestIdOf(answer.response));
      } catch (error) {
        if (!(error instanceof APIConnectionError)) throw error;
        failure = error;
      }
      const waitMs = waitBeforeRetryMs(attempt, status, headers, Date.now(), Math.random());
      if (waitMs === undefined || attempt >= request.maxRetries) throw failure;
      await sleep(waitMs, request.signal);
    }
  }

  /** One answer, read whole unless it is a stream that was asked for. */
  async #attempt(request: Outgoing, streams: boolean): Promise<Exchange> {
    const connection = new Connection(request.timeoutMs, request.signal);
    const { method, headers, url } = request;
    const { fetch } = this.#settings;
    const body = request.body as RequestInit["body"] | undefined;
    let reading = true;
    try {
      const response = await connection.send((signal) =>
        fetch(url, { method, headers, signal, redirect: "manual", ...(body === undefined ? {} : { body }) }),
      );
      if (response.type === "opaqueredirect") {
        // Browsers show neither the status nor the place.
        throw new UnexpectedAnswerError("the server leads elsewhere, which is not followed", "");
      }
      connection.requestId = requestIdOf(response);
      reading = !(streams && response.ok && isStream(response));
      return { response, content: reading ? await connection.readAll() : new Uint8Array(), connection };
    } finally {
      if (reading) connection.close();
    }
  }
}

function switchedOn(operation: Operation, given: object): boolean {
  return Boolean((given as Record<string, unknown>)[operation.switch ?? ""]);
}

/** Wait; throws the signal's reason when it aborts. */
function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const giveUp = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", giveUp);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", giveUp, { once: true });
  });
}

/** What the server answered: parsed, or raw with its status and headers. */

import { UnexpectedAnswerError } from "./errors.ts";

/** An answer as it came. The content of a stream is read later, and empty here. */
export interface Answer {
  readonly response: Response;
  readonly content: Uint8Array;
}

/** An answer with everything around it; `parse()` gives what the method without `withRawResponse` would have given. */
export class RawResponse<Result> {
  /** The answer as `fetch` gave it; its body has been read. */
  readonly response: Response;
  /** The body as it came; a stream has none. */
  readonly content: Uint8Array;
  readonly #parsed: () => Result;
  #results: [] | [Result] = [];

  constructor(answer: Answer, parsed: () => Result) {
    this.response = answer.response;
    this.content = answer.content;
    this.#parsed = parsed;
  }

  /** The HTTP status. */
  get status(): number {
    return this.response.status;
  }

  /** The headers; their names in any case. */
  get headers(): Headers {
    return this.response.headers;
  }

  /** The server's id of this request, where it gave one. */
  get requestId(): string | undefined {
    return requestIdOf(this.response);
  }

  /** The result. A second call gives the same one. */
  parse(): Result {
    if (this.#results.length === 0) this.#results = [this.#parsed()];
    return this.#results[0];
  }
}

/** The server's id of a request: `x-request-id`, or `request-id`. */
export function requestIdOf(response: Response): string | undefined {
  return response.headers.get("x-request-id") || response.headers.get("request-id") || undefined;
}

/** The body by its media type: JSON parsed, text as a string, nothing as null, the rest as bytes. Throws UnexpectedAnswerError. */
export function resultOf(answer: Answer): unknown {
  if (answer.content.length === 0) return null;
  const [mediaType = ""] = (answer.response.headers.get("content-type") ?? "").toLowerCase().split(";");
  const kind = mediaType.trim();
  if (kind === "application/json" || kind.endsWith("+json")) {
    return parsedJson(textOf(answer), requestIdOf(answer.response));
  }
  return kind.startsWith("text/") ? textOf(answer) : answer.content;
}

/** The content as text. */
export function textOf(answer: Answer): string {
  return new TextDecoder().decode(answer.content);
}

/** JSON as a value. Throws UnexpectedAnswerError. */
export function parsedJson(text: string, requestId: string | undefined): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnexpectedAnswerError("the answer is not JSON", text.slice(0, 500), requestId, error);
  }
}

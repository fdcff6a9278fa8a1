/** What a client knows about its operations, as values. */

export type Place = "path" | "query" | "header" | "body" | "content";

/** The content of a file, which may have a name as a `File` or beside it. */
export type FileContent = Blob | Uint8Array | readonly [name: string, content: Blob | Uint8Array];

/** `fetch`, or something that does the same. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What every method takes besides the arguments of its operation. */
export interface CallOptions {
  /** Ends the call when it aborts: the promise, or the stream, is rejected with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Headers to send; they win over those of the client. */
  extraHeaders?: Readonly<Record<string, string>> | undefined;
  /** Query parameters to send besides the described ones. */
  extraQuery?: Readonly<Record<string, unknown>> | undefined;
  /** Fields of the body to send besides the described ones. */
  extraBody?: Readonly<Record<string, unknown>> | undefined;
  /** Milliseconds without a byte after which to give up, for this call; null waits for ever. */
  timeoutMs?: number | null | undefined;
  /** How often to try again, for this call. */
  maxRetries?: number | undefined;
}

/** What a method takes by name: where it goes, and its name there. */
export interface Argument {
  readonly name: string;
  readonly place: Place;
  readonly wire: string;
  readonly required?: boolean;
  readonly joined?: boolean;
}

/** How pages follow each other: properties of a page's body, and the argument that asks for the next one. */
export interface Pages {
  readonly items: string;
  readonly next: string;
  readonly argument: string;
  readonly more?: string;
}

/**
 * One operation. `body` is the media type of what is sent, which an operation that needs one sends even where nothing was given
 * for it. `switch` names the argument that turns streaming on, `end` the data that ends a stream (without it the answer's end does).
 */
export interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly arguments?: readonly Argument[];
  readonly security?: readonly string[];
  readonly body?: string;
  readonly bodyRequired?: boolean;
  readonly switch?: string;
  readonly end?: string;
  readonly pages?: Pages;
}

/** Where a credential goes; `option` is the client's option that holds it. */
export interface Scheme {
  readonly kind: "bearer" | "basic" | "header" | "query" | "cookie";
  readonly parameter: string;
  readonly option: string;
}

/** What a client was made with. A timeout of null is none. */
export interface Settings {
  readonly baseUrl: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly schemes: Readonly<Record<string, Scheme>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number | null;
  readonly maxRetries: number;
  readonly fetch: Fetch;
}

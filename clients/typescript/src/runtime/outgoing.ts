/** An operation and its arguments as a request, before any network. */

import type { Argument, CallOptions, FileContent, Operation, Settings } from "./operations.ts";

type Values = Readonly<Record<string, unknown>>;
type Pair = readonly [name: string, text: string];

const OPTIONS: Readonly<Record<keyof CallOptions, true>> = {
  signal: true,
  extraHeaders: true,
  extraQuery: true,
  extraBody: true,
  timeoutMs: true,
  maxRetries: true,
};
const ACCEPT = "application/json, text/*;q=0.9, */*;q=0.8";
const ACCEPT_EVENTS = "text/event-stream, application/json;q=0.9";

/** A request that can be sent more than once, and how to send it. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array | FormData | undefined;
  readonly timeoutMs: number | null;
  readonly maxRetries: number;
  readonly signal: AbortSignal | undefined;
}

/** The request of a call. Throws TypeError for arguments that are unknown or missing, and for values that fit nowhere. */
export function outgoing(
  operation: Operation,
  given: object,
  options: CallOptions,
  settings: Settings,
  streams = false,
): Outgoing {
  const present = checked(operation, given as Values, options);
  const headers = new Headers({ accept: streams ? ACCEPT_EVENTS : ACCEPT, ...settings.headers });
  let path = operation.path;
  const query: Pair[] = [];
  for (const [argument, value] of present) {
    if (argument.place === "path") path = path.replace(`{${argument.wire}}`, () => segment(argument, value));
    else if (argument.place === "query") query.push(...pairs(argument, value));
    else if (argument.place === "header" && value !== null) headers.set(argument.wire, texts(value).join(","));
  }
  for (const [name, value] of Object.entries(options.extraQuery ?? {})) {
    query.push(...texts(value).map((text): Pair => [name, text]));
  }
  authorize(operation, settings, headers, query);
  const body = bodyOf(operation, present, options.extraBody ?? {}, headers);
  for (const [name, value] of Object.entries(options.extraHeaders ?? {})) headers.set(name, value);
  const tail = query.map(([name, text]) => `${quoted(name)}=${quoted(text)}`).join("&");
  return {
    method: operation.method,
    url: settings.baseUrl + path + (tail && `?${tail}`),
    headers,
    body,
    timeoutMs: options.timeoutMs === undefined ? settings.timeoutMs : options.timeoutMs,
    maxRetries: options.maxRetries ?? settings.maxRetries,
    signal: options.signal,
  };
}

/** The arguments with their values; one that is undefined was not given. */
function checked(operation: Operation, given: Values, options: CallOptions): [Argument, unknown][] {
  const known = operation.arguments ?? [];
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(OPTIONS, name)) throw new TypeError(`${operation.name} takes no option ${JSON.stringify(name)}`);
  }
  const values = new Map(Object.entries(given).filter(([, value]) => value !== undefined));
  for (const name of values.keys()) {
    if (!known.some((argument) => argument.name === name)) {
      const hint = "what is not described goes in extraBody";
      throw new TypeError(`${operation.name} takes no argument ${JSON.stringify(name)}; ${hint}`);
    }
  }
  const missing = known.filter((argument) => argument.required && !values.has(argument.name));
  if (missing.length > 0) {
    const names = missing.map((argument) => argument.name).join(", ");
    throw new TypeError(`${operation.name} misses the arguments ${names}`);
  }
  return known
    .filter((argument) => values.has(argument.name))
    .map((argument): [Argument, unknown] => [argument, values.get(argument.name)]);
}

/** A value as one segment of a path. An empty one, or one of dots, would lead to another path. */
function segment(argument: Argument, value: unknown): string {
  const text = texts(value).join(",");
  if (text === "" || text === "." || text === "..") {
    throw new TypeError(`${argument.name} cannot be ${JSON.stringify(text)}: it is a part of the path`);
  }
  return quoted(text);
}

function pairs(argument: Argument, value: unknown): Pair[] {
  const found = argument.joined && Array.isArray(value) ? [texts(value).join(",")] : texts(value);
  return found.map((text) => [argument.wire, text]);
}

/** A value as texts: none for null, one for each item of a list, else one. */
function texts(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(texts);
  return [typeof value === "object" ? JSON.stringify(value) : String(value)];
}

/** Percent-encoded but for what RFC 3986 leaves free everywhere; encodeURIComponent leaves five characters more. */
function quoted(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Add the first credential of those that the operation takes that the client has. */
function authorize(operation: Operation, settings: Settings, headers: Headers, query: Pair[]): void {
  for (const name of operation.security ?? []) {
    const scheme = settings.schemes[name];
    const credential = scheme && settings.credentials[scheme.option];
    if (scheme === undefined || credential === undefined) continue;
    if (scheme.kind === "bearer") headers.set("authorization", `Bearer ${credential}`);
    else if (scheme.kind === "basic") headers.set("authorization", `Basic ${base64(credential)}`);
    else if (scheme.kind === "header") headers.set(scheme.parameter, credential);
    else if (scheme.kind === "query") query.push([scheme.parameter, credential]);
    else headers.set("cookie", `${scheme.parameter}=${credential}`);
    return;
  }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** What is sent; the header that says what it is is added, except for a form with files, whose boundary `fetch` invents. */
function bodyOf(
  operation: Operation,
  present: readonly [Argument, unknown][],
  extra: Values,
  headers: Headers,
): string | Uint8Array | FormData | undefined {
  const whole = present.find(([argument]) => argument.place === "content");
  const named = present.filter(([argument]) => argument.place === "body");
  const fields: Values = { ...Object.fromEntries(named.map(([argument, value]) => [argument.wire, value])), ...extra };
  const nothing = whole === undefined && Object.keys(fields).length === 0;
  if (operation.body === undefined || (nothing && !operation.bodyRequired)) return undefined;
  const value =
    whole === undefined ? fields : Object.keys(extra).length > 0 ? { ...(whole[1] as Values), ...extra } : whole[1];
  if (operation.body === "multipart/form-data") return form(value as Values);
  headers.set("content-type", operation.body);
  if (operation.body === "application/x-www-form-urlencoded") {
    const entries = Object.entries(value as Values);
    const posted = entries.flatMap(([name, each]) => texts(each).map((text): [string, string] => [name, text]));
    return new URLSearchParams(posted).toString();
  }
  if (operation.body.endsWith("json")) return JSON.stringify(value);
  return value instanceof Uint8Array ? value : String(value);
}

/** A form with files: by content, or by name and content; everything else as text. */
function form(fields: Values): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const each of isFile(value) || !Array.isArray(value) ? [value] : value) {
      if (isFile(each)) append(data, name, each);
      else for (const text of texts(each)) data.append(name, text);
    }
  }
  return data;
}

function append(data: FormData, name: string, file: FileContent): void {
  const own = file instanceof File ? file.name : name;
  const [title, content] = file instanceof Blob || file instanceof Uint8Array ? [own, file] : file;
  // The cast is for TypeScript 5.9, whose Blob takes no bytes of memory that may be shared.
  data.append(name, content instanceof Blob ? content : new Blob([content as Uint8Array<ArrayBuffer>]), title);
}

function isFile(value: unknown): value is FileContent {
  if (value instanceof Blob || value instanceof Uint8Array) return true;
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && isContent(value[1]);
}

function isContent(value: unknown): boolean {
  return value instanceof Blob || value instanceof Uint8Array;
}

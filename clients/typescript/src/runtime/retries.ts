/**
 * Whether and when to try again: pure, so that time and chance come from outside.
 *
 * An answer's `x-should-retry` decides, where it has one. Else a lost connection, a timeout, and the statuses 408, 429 and 5xx are
 * worth another attempt; 409 is not, because it says that the request does not fit the state of things. The wait is
 * `retry-after-ms`, else `Retry-After` (seconds or a date, RFC 9110 section 10.2.3), else 0.5 s doubled with each attempt up to 8 s,
 * less a random quarter. A server that wants more than 60 s is not waited for: the caller gets its error at once.
 */

/** Where headers are looked up, by a name in lower case. */
export interface Lookup {
  get(name: string): string | null;
}

const WAIT_MAX_MS = 60_000;
const FIRST_MS = 500;
const LAST_MS = 8_000;
const NUMBER = /^\d+(\.\d+)?$/;
// One of the three formats of RFC 9110 section 5.6.7; Date.parse alone takes much that is no date.
const DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/;

/**
 * Milliseconds to wait after attempt number `attempt`, from 0; undefined where another one is no use.
 *
 * `status` is undefined where no answer came. `now` is in milliseconds since 1970, `chance` from 0 to 1.
 */
export function waitBeforeRetryMs(
  attempt: number,
  status: number | undefined,
  headers: Lookup,
  now: number,
  chance: number,
): number | undefined {
  const told = (headers.get("x-should-retry") ?? "").trim().toLowerCase();
  if (told === "false" || (told !== "true" && !isWorthIt(status))) return undefined;
  const wait = retryAfterMs(headers, now);
  if (wait !== undefined) return wait <= WAIT_MAX_MS ? wait : undefined;
  return Math.min(FIRST_MS * 2 ** attempt, LAST_MS) * (1 - 0.25 * chance);
}

/** What the server says to wait, in milliseconds from now; undefined where it says nothing that can be understood. */
export function retryAfterMs(headers: Lookup, now: number): number | undefined {
  const milliseconds = numberIn(headers.get("retry-after-ms"));
  if (milliseconds !== undefined) return milliseconds;
  const text = headers.get("retry-after");
  const seconds = numberIn(text);
  if (seconds !== undefined) return seconds * 1000;
  if (text === null || !DATE.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function isWorthIt(status: number | undefined): boolean {
  return status === undefined || status === 408 || status === 429 || status >= 500;
}

/** A number that is neither negative nor endless. */
function numberIn(text: string | null): number | undefined {
  const trimmed = text?.trim() ?? "";
  return NUMBER.test(trimmed) && Number.isFinite(Number(trimmed)) ? Number(trimmed) : undefined;
}

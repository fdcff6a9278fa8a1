/**
 * Server-sent events: bytes in, events out.
 *
 * Source: WHATWG HTML, "Parsing an event stream". Lines end with CR, LF or CRLF and nothing else (U+2028 is text), an event ends
 * with a blank line, and what has not ended when the stream does is no event.
 */

/** One event; `name` is empty where the stream does not say it. */
export interface Event {
  readonly name: string;
  readonly data: string;
}

/** Cuts a stream into events, however the network cut it into pieces. */
export class Parser {
  readonly #decoder = new TextDecoder(); // keeps half a character for the next piece, and drops a byte order mark at the start
  #tail = ""; // the line that has not ended
  #afterCr = false; // the last piece ended with a CR, whose LF may still come
  #name = "";
  #data: string[] = [];

  /** Take the next bytes; return the events that they complete. */
  feed(piece: Uint8Array): Event[] {
    let text = this.#decoder.decode(piece, { stream: true });
    if (this.#afterCr && text !== "") {
      if (text.startsWith("\n")) text = text.slice(1);
      this.#afterCr = false;
    }
    if (text !== "") this.#afterCr = text.endsWith("\r");
    const [first = "", ...rest] = text.split(/\r\n?|\n/);
    this.#tail += first;
    const events: Event[] = [];
    for (const following of rest) {
      const event = this.#line(this.#tail);
      if (event) events.push(event);
      this.#tail = following;
    }
    return events;
  }

  /** Take a whole line; a blank one gives the event that it ends, if there is any. */
  #line(line: string): Event | undefined {
    if (line === "") {
      const event = this.#data.length > 0 ? { name: this.#name, data: this.#data.join("\n") } : undefined;
      this.#name = "";
      this.#data = [];
      return event;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#name = value;
    return undefined;
  }
}

/** Pages of a list: each is its own body, and iterating over one goes on through all that follow. */

import { requestIdOf } from "./answers.ts";
import type { Pages } from "./operations.ts";

/** A page of a list. Iterating goes through its items, then fetches the next page, until the last. */
export class Page<Item, Body> implements AsyncIterable<Item> {
  /** The whole body of this page. */
  readonly body: Body;
  /** The answer as `fetch` gave it; its body has been read. */
  readonly response: Response;
  readonly #pages: Pages;
  readonly #follow: (following: Record<string, unknown>) => Promise<Page<Item, Body>>;

  constructor(
    response: Response,
    body: Body,
    pages: Pages,
    follow: (following: Record<string, unknown>) => Promise<Page<Item, Body>>,
  ) {
    this.response = response;
    this.body = body;
    this.#pages = pages;
    this.#follow = follow;
  }

  /** The items on this page. */
  get items(): Item[] {
    return (this.#field(this.#pages.items) ?? []) as Item[];
  }

  /** The server's id of this page's request, where it gave one. */
  get requestId(): string | undefined {
    return requestIdOf(this.response);
  }

  /** Whether there is another page. */
  get hasNext(): boolean {
    const { more, next } = this.#pages;
    return (more === undefined || Boolean(this.#field(more))) && (this.#field(next) ?? null) !== null;
  }

  /** The page that follows; null after the last. */
  async nextPage(): Promise<Page<Item, Body> | null> {
    return this.hasNext ? this.#follow({ [this.#pages.argument]: this.#field(this.#pages.next) }) : null;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for (let page: Page<Item, Body> | null = this; page !== null; page = await page.nextPage()) yield* page.items;
  }

  #field(name: string): unknown {
    return (this.body as Record<string, unknown> | null)?.[name];
  }
}

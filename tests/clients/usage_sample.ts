/** How programs use the TypeScript client, for tsc: every line here must be accepted, and those that are marked refused. */

import { NotFoundError, Page, RawResponse, Stream, Tollhouse, type types } from "@tollhouse/client";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where the type of the value is exactly the one that is named. */
function assertType<Expected>() {
  return function <Given>(_value: Given, ..._same: Same<Expected, Given> extends true ? [] : [never]): void {};
}

const messages: types.ChatMessage[] = [{ role: "user", content: "Hello!" }];

export async function wholeAnswers(client: Tollhouse): Promise<void> {
  const answer = await client.chat.createChatCompletion({
    model: "m",
    messages: [{ role: "user", content: "Hello!" }],
  });
  assertType<types.ChatCompletion>()(answer);
  assertType<"assistant" | undefined>()(answer.choices[0]?.message.role);
  assertType<unknown>()(answer["a_field_of_tomorrow"]);
  assertType<types.Model>()(await client.models.getModel({ model: "org/m:free" }));
  assertType<types.ApiKeyList>()(await client.keys.listKeys({ account: "acme" }));
  assertType<string>()(
    await client.metrics.getMetrics({ timeoutMs: 1500, maxRetries: 0, extraHeaders: { "x-a": "b" } }),
  );
  assertType<types.UsageReport | string>()(await client.usage.getUsage({ start: "2026-11-01" }));
  assertType<types.UsageReport | string>()(await client.usage.getUsage());
  await client.chat.createChatCompletion({ model: "m", messages, temperature: undefined, stream: undefined });
}

export async function streams(client: Tollhouse, wanted: boolean): Promise<void> {
  const stream = await client.chat.createChatCompletion({ model: "m", messages, stream: true });
  assertType<Stream<types.ChatCompletionChunk>>()(stream);
  for await (const chunk of stream) assertType<string | null | undefined>()(chunk.choices[0]?.delta.content);
  stream.controller.abort();
  stream.close();
  const either = await client.chat.createChatCompletion({ model: "m", messages, stream: wanted });
  assertType<types.ChatCompletion | Stream<types.ChatCompletionChunk>>()(either);
  for await (const event of await client.messages.createMessage({
    model: "m",
    messages: [],
    max_tokens: 5,
    stream: true,
  })) {
    assertType<types.MessageStreamEvent>()(event);
  }
}

export async function pages(client: Tollhouse, signal: AbortSignal): Promise<void> {
  const page = await client.ledger.listLedgerRows({ limit: 10 }, { signal });
  assertType<Page<types.LedgerRow, types.LedgerPage>>()(page);
  for await (const row of page) assertType<string>()(row.cost_usd);
  assertType<string | null>()(page.body.next_before);
  assertType<Page<types.LedgerRow, types.LedgerPage> | null>()(await page.nextPage());
}

export async function raw(client: Tollhouse): Promise<void> {
  const answer = await client.embeddings.withRawResponse.createEmbedding({ model: "m", input: ["a", "b"] });
  assertType<RawResponse<types.EmbeddingList>>()(answer);
  assertType<number>()(answer.status);
  assertType<string | undefined>()(answer.requestId);
  const stream = await client.chat.withRawResponse.createChatCompletion({ model: "m", messages, stream: true });
  assertType<Stream<types.ChatCompletionChunk>>()(stream.parse());
}

export function made(): Tollhouse {
  return new Tollhouse({ apiKey: "k", baseUrl: "http://h", timeoutMs: null, fetch, defaultHeaders: { "x-team": "a" } });
}

export function told(error: unknown): string | undefined {
  return error instanceof NotFoundError ? `${error.status} ${error.message} ${error.retryAfterMs}` : undefined;
}

export async function mistakes(client: Tollhouse): Promise<void> {
  // @ts-expect-error: the model is missing
  await client.models.getModel({});
  // @ts-expect-error: a model is a string
  await client.models.getModel({ model: 3 });
  // @ts-expect-error: there is no such argument
  await client.models.getModel({ model: "m", colour: "red" });
  // @ts-expect-error: there is no such role
  await client.chat.createChatCompletion({ model: "m", messages: [{ role: "pirate" }] });
  // @ts-expect-error: there is no such argument
  await client.chat.createChatCompletion({ model: "m", messages, strem: true });
  // @ts-expect-error: there is no such option
  await client.models.listModels({ timeout: 5 });
}

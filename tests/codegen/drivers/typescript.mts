/** Makes the calls of a case with a generated TypeScript library: a job on standard input, what came of it on standard output. */

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

interface Job {
  options: Record<string, unknown>;
  calls: { call: string; with: unknown[] }[];
}

const library = await import(pathToFileURL("src/index.ts").href);
const own = await import(pathToFileURL("src/client.ts").href);
const [Client] = Object.values(own) as (new (options: object) => Record<string, any>)[];

/** A value of the job with bytes for bytes. */
function received(value: any): any {
  if (Array.isArray(value)) return value.map(received);
  if (typeof value !== "object" || value === null) return value;
  if ("$bytes" in value) return new Uint8Array(Buffer.from(value.$bytes, "base64"));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, received(each)]));
}

function printed(value: unknown): unknown {
  return value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString("base64") } : value;
}

function failure(error: any): object {
  const { status, message, code, type, body, requestId } = error;
  return { class: error.name, status, message, code, type, body, request_id: requestId };
}

async function outcomeOf(client: Record<string, any>, call: Job["calls"][number]): Promise<object> {
  const outcome: Record<string, any> = {};
  const [resource, method] = call.call.split(".") as [string, string];
  try {
    const answer = await client[resource][method](...call.with.map(received));
    if (answer instanceof library.Stream || answer instanceof library.Page) {
      const parts: unknown[] = (outcome[answer instanceof library.Stream ? "events" : "items"] = []);
      for await (const part of answer) parts.push(part);
    } else {
      outcome["result"] = printed(answer);
    }
  } catch (error) {
    if (!(error instanceof library.APIError || error instanceof TypeError)) throw error;
    outcome["error"] = failure(error);
  }
  return outcome;
}

const job = JSON.parse(readFileSync(0, "utf-8")) as Job;
const client = new Client!(job.options);
const outcomes: object[] = [];
for (const call of job.calls) outcomes.push(await outcomeOf(client, call));
process.stdout.write(JSON.stringify(outcomes));

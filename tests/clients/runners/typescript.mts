/** Runs the scenario with the TypeScript client: steps on standard input, what came of each on standard output. */

import { readFileSync } from "node:fs";

import { APIStatusError, Page, Stream, Tollhouse } from "../../../clients/typescript/src/index.ts";

interface Step {
  client?: Record<string, unknown>;
  call: string;
  with: unknown[];
  as?: string;
  raw?: boolean;
  stop_after?: number;
}

/** A value with what earlier steps gave in the place of `{$of: path}`. */
function filled(value: any, outcomes: Record<string, any>): any {
  if (Array.isArray(value)) return value.map((item) => filled(item, outcomes));
  if (typeof value !== "object" || value === null) return value;
  if ("$of" in value) return value.$of.split(".").reduce((found: any, word: string) => found[word], outcomes);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, outcomes)]));
}

async function outcomeOf(client: Record<string, any>, step: Step, given: unknown[]): Promise<object> {
  const outcome: Record<string, any> = {};
  const [resource, method] = step.call.split(".") as [string, string];
  try {
    const target = client[resource];
    let answer = await (step.raw ? target.withRawResponse : target)[method](...given);
    if (step.raw) {
      outcome["status"] = answer.status;
      outcome["content_type"] = answer.headers.get("content-type");
      outcome["has_request_id"] = Boolean(answer.requestId);
      answer = answer.parse();
    }
    if (answer instanceof Stream || answer instanceof Page) {
      const parts: unknown[] = (outcome[answer instanceof Stream ? "events" : "items"] = []);
      for await (const part of answer) if (parts.push(part) === step.stop_after) break;
    } else {
      outcome["result"] = answer;
    }
  } catch (error) {
    if (!(error instanceof APIStatusError)) throw error;
    const { status, message, code, type, body } = error;
    outcome["error"] = { class: error.name, status, message, code, type, body };
  }
  return outcome;
}

const outcomes: object[] = [];
const named: Record<string, object> = {};
let client: Record<string, any> = {};
for (const step of JSON.parse(readFileSync(0, "utf-8")) as Step[]) {
  if (step.client) client = new Tollhouse(filled(step.client, named));
  const outcome = await outcomeOf(client, step, filled(step.with, named));
  outcomes.push(outcome);
  named[step.as ?? ""] = outcome;
}
process.stdout.write(JSON.stringify(outcomes));

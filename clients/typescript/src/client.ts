/** The client. Generated; do not edit. */

import { Accounts } from "./resources/accounts.ts";
import { ApiKeys } from "./resources/api_keys.ts";
import { Auth } from "./resources/auth.ts";
import { Catalogue } from "./resources/catalogue.ts";
import { Chat } from "./resources/chat.ts";
import { Completions } from "./resources/completions.ts";
import { Embeddings } from "./resources/embeddings.ts";
import { Keys } from "./resources/keys.ts";
import { Ledger } from "./resources/ledger.ts";
import { Log } from "./resources/log.ts";
import { Messages } from "./resources/messages.ts";
import { Metrics } from "./resources/metrics.ts";
import { Models } from "./resources/models.ts";
import { Moderations } from "./resources/moderations.ts";
import { Providers } from "./resources/providers.ts";
import { Quotes } from "./resources/quotes.ts";
import { Responses } from "./resources/responses.ts";
import { Routes } from "./resources/routes.ts";
import { Stats } from "./resources/stats.ts";
import { System } from "./resources/system.ts";
import { Usage } from "./resources/usage.ts";
import { User } from "./resources/user.ts";
import { configured, type ClientOptions, type Library } from "./runtime/configuration.ts";
import { Transport } from "./runtime/transport.ts";

const LIBRARY: Library = {
  userAgent: "tollhouse-client/1.0.0 typescript",
  baseUrl: "http://127.0.0.1:8000",
  variables: {
    baseUrl: "TOLLHOUSE_BASE_URL",
    adminToken: "TOLLHOUSE_ADMIN_TOKEN",
    apiKey: "TOLLHOUSE_API_KEY",
    sessionToken: "TOLLHOUSE_SESSION_TOKEN",
  },
  schemes: {
    adminToken: { kind: "bearer", parameter: "Authorization", option: "adminToken" },
    apiKey: { kind: "header", parameter: "api-key", option: "apiKey" },
    bearer: { kind: "bearer", parameter: "Authorization", option: "apiKey" },
    session: { kind: "bearer", parameter: "Authorization", option: "sessionToken" },
    xApiKey: { kind: "header", parameter: "x-api-key", option: "apiKey" },
  },
};

/** What a client is made with. In Node, an option that is left out is its environment variable. */
export interface TollhouseOptions extends ClientOptions {
  /** Where the server is; TOLLHOUSE_BASE_URL, or http://127.0.0.1:8000. */
  baseUrl?: string | undefined;
  /** TOLLHOUSE_ADMIN_TOKEN. The admin token, `TOLLHOUSE_ADMIN_TOKEN` or the one printed at the first start. */
  adminToken?: string | undefined;
  /** TOLLHOUSE_API_KEY. An API key, as `Authorization` with `Bearer`. */
  apiKey?: string | undefined;
  /**
   * TOLLHOUSE_SESSION_TOKEN. The token of a session, as `Authorization` with `Bearer`; `connect_wallet` or a sign-in
   * link gives one. API keys are not taken here, and a session is not taken where API keys are.
   */
  sessionToken?: string | undefined;
}

/** The client of the Tollhouse LLM gateway. */
export class Tollhouse {
  /** Who pays. */
  readonly accounts: Accounts;
  /** How the account's programs identify themselves. */
  readonly apiKeys: ApiKeys;
  /** Signing in and out. */
  readonly auth: Auth;
  /** The models on offer. */
  readonly catalogue: Catalogue;
  /** Chat completions. */
  readonly chat: Chat;
  /** Text completions. */
  readonly completions: Completions;
  /** Vectors of texts. */
  readonly embeddings: Embeddings;
  /** How an account's programs identify themselves, and what each of them may use. */
  readonly keys: Keys;
  /** What was paid for. */
  readonly ledger: Ledger;
  /** What administrators changed. */
  readonly log: Log;
  /** Messages. */
  readonly messages: Messages;
  /** What monitoring reads. */
  readonly metrics: Metrics;
  /** What can be called. */
  readonly models: Models;
  /** What may be harmful. */
  readonly moderations: Moderations;
  /** Who answers, with which keys, and who is paused. */
  readonly providers: Providers;
  /** What a call would cost. */
  readonly quotes: Quotes;
  /** Responses, which answer a conversation as chat completions do, in items. */
  readonly responses: Responses;
  /** Who would be asked. */
  readonly routes: Routes;
  /** What has been used so far. */
  readonly stats: Stats;
  /** Health, liveness, readiness and service information. */
  readonly system: System;
  /** What was used, and what it cost. */
  readonly usage: Usage;
  /** Who signed in. */
  readonly user: User;

  constructor(options: TollhouseOptions = {}) {
    const transport = new Transport(configured(LIBRARY, options));
    this.accounts = new Accounts(transport);
    this.apiKeys = new ApiKeys(transport);
    this.auth = new Auth(transport);
    this.catalogue = new Catalogue(transport);
    this.chat = new Chat(transport);
    this.completions = new Completions(transport);
    this.embeddings = new Embeddings(transport);
    this.keys = new Keys(transport);
    this.ledger = new Ledger(transport);
    this.log = new Log(transport);
    this.messages = new Messages(transport);
    this.metrics = new Metrics(transport);
    this.models = new Models(transport);
    this.moderations = new Moderations(transport);
    this.providers = new Providers(transport);
    this.quotes = new Quotes(transport);
    this.responses = new Responses(transport);
    this.routes = new Routes(transport);
    this.stats = new Stats(transport);
    this.system = new System(transport);
    this.usage = new Usage(transport);
    this.user = new User(transport);
  }
}

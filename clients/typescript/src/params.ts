/** What each method takes; whatever is left out is not sent. Generated; do not edit. */

import type * as types from "./types.ts";

/** What `addUpstreamKey` takes. */
export interface AddUpstreamKeyParams {
  /** The provider's name in providers.yaml. */
  provider: string;
  /** The key, one line of visible ASCII. No answer and no log ever shows it. */
  value: string;
  /** Its share of the traffic, against the provider's other keys. */
  weight?: number | undefined;
}

/** What `adjustAccount` takes. */
export interface AdjustAccountParams {
  /** The account's id or name. A name that several accounts have is refused. */
  account: string;
  amount_usd: types.UsdChange;
  /** Your name for this correction; the same reference is booked once. */
  reference: string;
  /** Why the balance was wrong; it stays in the ledger. */
  reason: string;
}

/** What `connectWallet` takes. */
export interface ConnectWalletParams {
  /** The wallet's address, in upper or lower case. */
  address: string;
  /** The 65 bytes that `personal_sign` gave, in hexadecimal after `0x`. */
  signature: string;
  /** The chain of the challenge. */
  chain_id: number;
}

/** What `countMessageTokens` takes. */
export interface CountMessageTokensParams {
  /** The model's id. */
  model: string;
  /** The conversation. */
  messages: types.InputMessage[];
  cache_control?: types.CacheControl | null | undefined;
  /** How the provider shortens a long conversation. */
  context_management?: { [key: string]: unknown } | null | undefined;
  /** Servers whose tools the provider may call. */
  mcp_servers?: { [key: string]: unknown }[] | null | undefined;
  output_config?: types.OutputConfig | null | undefined;
  system?: types.SystemPrompt | undefined;
  thinking?: types.Thinking | null | undefined;
  tool_choice?: types.MessageToolChoice | null | undefined;
  /** What the model may call. */
  tools?: types.MessageTool[] | null | undefined;
}

/** What `createAccount` takes. */
export interface CreateAccountParams {
  name: types.AccountName;
  balance_usd?: types.OptionalUsd | undefined;
  rate_multiplier?: types.OptionalMultiplier | undefined;
  daily_budget_usd?: types.DailyBudget | undefined;
  monthly_budget_usd?: types.MonthlyBudget | undefined;
}

/** What `createApiKey` takes. */
export interface CreateApiKeyParams {
  /** The key's name, for people. */
  name: string;
  /** The models that the key may use; all of them without this. */
  models?: string[] | null | undefined;
  requests_per_minute?: types.Limit | undefined;
  tokens_per_minute?: types.Limit | undefined;
  /** How many requests may come at once; a minute's worth without this. */
  burst?: number | null | undefined;
  /** How many streams may be open at the same time. */
  concurrency?: number | null | undefined;
  quota_usd?: types.OptionalUsd | undefined;
  /** How many tokens the key may use in its life. */
  quota_tokens?: number | null | undefined;
  /** When the key stops working, as an RFC 3339 date-time or from now, such as `15m`, `12h` or `30d`. */
  expires_at?: string | null | undefined;
}

/** What `createChatCompletion` takes. */
export interface CreateChatCompletionParams {
  /** The model's id. */
  model: string;
  /** The conversation so far. */
  messages: types.ChatMessage[];
  audio?: types.ChatVoice | null | undefined;
  /** How many answers the provider makes to choose the best of, where it can. All of them are paid for. */
  best_of?: number | null | undefined;
  /** Above 0, the model repeats itself less. */
  frequency_penalty?: number | null | undefined;
  /**
   * Use `tool_choice`. It is `none`, `auto`, or the function that must be called.
   *
   * @deprecated
   */
  function_call?: string | types.NamedFunction | null | undefined;
  /**
   * Use `tools`.
   *
   * @deprecated
   */
  functions?: types.FormerFunction[] | null | undefined;
  /** How much likelier each token becomes, by its number, from -100 to 100. */
  logit_bias?: { [key: string]: number } | null | undefined;
  /** Whether to report the probabilities of the answer's tokens. */
  logprobs?: boolean | null | undefined;
  /** The longest answer, in tokens, thoughts included. */
  max_completion_tokens?: number | null | undefined;
  /** The longest answer, in tokens. Newer models want `max_completion_tokens`. */
  max_tokens?: number | null | undefined;
  /** Names and values to keep with the answer. */
  metadata?: { [key: string]: unknown } | null | undefined;
  /** The kinds of answer wanted, such as `text` and `audio`. */
  modalities?: string[] | null | undefined;
  moderation?: types.ModerationOptions | null | undefined;
  /** How many answers to give. All of them are paid for. */
  n?: number | null | undefined;
  /** Whether the model may call several tools at once. */
  parallel_tool_calls?: boolean | null | undefined;
  prediction?: types.ChatPrediction | null | undefined;
  /** Above 0, the model moves to new subjects sooner. */
  presence_penalty?: number | null | undefined;
  /** Requests with the same key share the provider's cache better. */
  prompt_cache_key?: string | null | undefined;
  prompt_cache_options?: types.PromptCacheOptions | null | undefined;
  /**
   * Use `prompt_cache_options`. It is `in_memory` or `24h`.
   *
   * @deprecated
   */
  prompt_cache_retention?: string | null | undefined;
  /** How much the model thinks, such as `none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`. */
  reasoning_effort?: string | null | undefined;
  response_format?: types.ResponseFormat | null | undefined;
  /** A stable name of your end user, passed to the provider. */
  safety_identifier?: string | null | undefined;
  /** The same seed and body give the same answer, as far as the provider can. */
  seed?: number | null | undefined;
  /** The provider's processing tier, such as `auto`, `default`, `flex`, `fast`, `priority` or `scale`. */
  service_tier?: string | null | undefined;
  stop?: types.Stop | undefined;
  /** Whether the provider keeps the answer. */
  store?: boolean | null | undefined;
  stream_options?: types.StreamOptions | null | undefined;
  /** Higher is more varied, 0 is the most certain. */
  temperature?: number | null | undefined;
  /** `none`, `auto`, `required`, or the tool that must be called. */
  tool_choice?: string | types.ChatToolChoice | null | undefined;
  /** What the model may call. */
  tools?: types.ChatTool[] | null | undefined;
  /** How many of the likeliest tokens to report at each place; wants `logprobs`. */
  top_logprobs?: number | null | undefined;
  /** Choose only among the likeliest tokens that have this probability together. */
  top_p?: number | null | undefined;
  /** Your name for the end user, passed to the provider. */
  user?: string | null | undefined;
  /** How long answers tend to be, such as `low`, `medium` or `high`. */
  verbosity?: string | null | undefined;
  web_search_options?: types.WebSearchOptions | null | undefined;
}

/** What `createCompletion` takes. */
export interface CreateCompletionParams {
  /** The model's id. */
  model: string;
  prompt: types.Prompt;
  /** How many continuations the provider makes to choose the best of. All of them are paid for. */
  best_of?: number | null | undefined;
  /** Repeat the prompt before the continuation. */
  echo?: boolean | null | undefined;
  frequency_penalty?: number | null | undefined;
  logit_bias?: { [key: string]: number } | null | undefined;
  /** How many of the likeliest tokens to report at each place. */
  logprobs?: number | null | undefined;
  /** The longest continuation, in tokens. */
  max_tokens?: number | null | undefined;
  /** How many continuations to return. */
  n?: number | null | undefined;
  presence_penalty?: number | null | undefined;
  /** The same seed and body give the same text, as far as the provider can. */
  seed?: number | null | undefined;
  stop?: types.Stop | undefined;
  stream_options?: types.StreamOptions | null | undefined;
  /** The text after the continuation. */
  suffix?: string | null | undefined;
  temperature?: number | null | undefined;
  top_p?: number | null | undefined;
  user?: string | null | undefined;
}

/** What `createEmbedding` takes. */
export interface CreateEmbeddingParams {
  /** The model's id. */
  model: string;
  input: types.EmbeddingInput;
  /** Vectors as numbers (`float`), or as the base64 of little-endian float32 values. */
  encoding_format?: "float" | "base64" | null | undefined;
  /** The length of the vectors, where the model lets you choose. */
  dimensions?: number | null | undefined;
  /** Your name for the end user, passed to the provider. */
  user?: string | null | undefined;
}

/** What `createKey` takes. */
export interface CreateKeyParams {
  /** The account's id or name. A name that several accounts have is refused. */
  account: string;
  /** The key's name, for people. */
  name: string;
  /** The models that the key may use; all of them without this. */
  models?: string[] | null | undefined;
  requests_per_minute?: types.Limit | undefined;
  tokens_per_minute?: types.Limit | undefined;
  /** How many requests may come at once; a minute's worth without this. */
  burst?: number | null | undefined;
  /** How many streams may be open at the same time. */
  concurrency?: number | null | undefined;
  quota_usd?: types.OptionalUsd | undefined;
  /** How many tokens the key may use in its life. */
  quota_tokens?: number | null | undefined;
  /** When the key stops working, as an RFC 3339 date-time or from now, such as `15m`, `12h` or `30d`. */
  expires_at?: string | null | undefined;
  /** What the key begins with. */
  prefix?: string | null | undefined;
}

/** What `createMessage` takes. */
export interface CreateMessageParams {
  /** The model's id. */
  model: string;
  /** The conversation so far. */
  messages: types.InputMessage[];
  /** The longest answer, in tokens. With 0 the provider only fills its cache. */
  max_tokens: number;
  cache_control?: types.CacheControl | null | undefined;
  /** The container to use again, for code that the model runs. */
  container?: string | { [key: string]: unknown } | null | undefined;
  /** How the provider shortens a long conversation. */
  context_management?: { [key: string]: unknown } | null | undefined;
  /** Where the provider answers. */
  inference_geo?: string | null | undefined;
  /** Servers whose tools the provider may call. */
  mcp_servers?: { [key: string]: unknown }[] | null | undefined;
  metadata?: types.MessageMetadata | null | undefined;
  output_config?: types.OutputConfig | null | undefined;
  /** The provider's processing tier, such as `auto` or `standard_only`. */
  service_tier?: string | null | undefined;
  /** Texts at which the model stops. */
  stop_sequences?: string[] | null | undefined;
  system?: types.SystemPrompt | undefined;
  /** Higher is more varied, 0 is the most certain. */
  temperature?: number | null | undefined;
  thinking?: types.Thinking | null | undefined;
  tool_choice?: types.MessageToolChoice | null | undefined;
  /** What the model may call. */
  tools?: types.MessageTool[] | null | undefined;
  /** Choose only among this many of the likeliest tokens. */
  top_k?: number | null | undefined;
  /** Choose only among the likeliest tokens that have this probability together. */
  top_p?: number | null | undefined;
}

/** What `createModeration` takes. */
export interface CreateModerationParams {
  /** The model's id; without it, a provider's default. */
  model?: string | null | undefined;
  input: types.ModerationInput;
}

/** What `createQuote` takes. */
export interface CreateQuoteParams {
  /** The model's id; only moderations have a default. */
  model?: string | null | undefined;
  operation?: types.QuotedOperation | undefined;
  audio?: unknown | undefined;
  background?: unknown | undefined;
  best_of?: unknown | undefined;
  cache_control?: unknown | undefined;
  container?: unknown | undefined;
  context_management?: unknown | undefined;
  conversation?: unknown | undefined;
  dimensions?: unknown | undefined;
  echo?: unknown | undefined;
  encoding_format?: unknown | undefined;
  frequency_penalty?: unknown | undefined;
  function_call?: unknown | undefined;
  functions?: unknown | undefined;
  include?: unknown | undefined;
  inference_geo?: unknown | undefined;
  input?: unknown | undefined;
  instructions?: unknown | undefined;
  logit_bias?: unknown | undefined;
  logprobs?: unknown | undefined;
  max_completion_tokens?: unknown | undefined;
  max_output_tokens?: unknown | undefined;
  max_tokens?: unknown | undefined;
  max_tool_calls?: unknown | undefined;
  mcp_servers?: unknown | undefined;
  messages?: unknown | undefined;
  metadata?: unknown | undefined;
  modalities?: unknown | undefined;
  moderation?: unknown | undefined;
  n?: unknown | undefined;
  output_config?: unknown | undefined;
  parallel_tool_calls?: unknown | undefined;
  prediction?: unknown | undefined;
  presence_penalty?: unknown | undefined;
  previous_response_id?: unknown | undefined;
  prompt?: unknown | undefined;
  prompt_cache_key?: unknown | undefined;
  prompt_cache_options?: unknown | undefined;
  prompt_cache_retention?: unknown | undefined;
  reasoning?: unknown | undefined;
  reasoning_effort?: unknown | undefined;
  response_format?: unknown | undefined;
  safety_identifier?: unknown | undefined;
  seed?: unknown | undefined;
  service_tier?: unknown | undefined;
  stop?: unknown | undefined;
  stop_sequences?: unknown | undefined;
  store?: unknown | undefined;
  stream?: unknown | undefined;
  stream_options?: unknown | undefined;
  suffix?: unknown | undefined;
  system?: unknown | undefined;
  temperature?: unknown | undefined;
  text?: unknown | undefined;
  thinking?: unknown | undefined;
  tool_choice?: unknown | undefined;
  tools?: unknown | undefined;
  top_k?: unknown | undefined;
  top_logprobs?: unknown | undefined;
  top_p?: unknown | undefined;
  truncation?: unknown | undefined;
  user?: unknown | undefined;
  verbosity?: unknown | undefined;
  web_search_options?: unknown | undefined;
}

/** What `createResponse` takes. */
export interface CreateResponseParams {
  /** The model's id. */
  model: string;
  /** A text, or the items of the conversation so far. */
  input?: string | types.ResponseInputItem[] | null | undefined;
  /**
   * Only `false`: the answer to a response in the background has no usage when it comes, so it could not be charged for
   * what it really takes. Such a call is refused with 400.
   */
  background?: boolean | null | undefined;
  /** When and how the provider shortens a long conversation. */
  context_management?: types.ResponseCompaction[] | null | undefined;
  /** A conversation that the provider keeps, which this continues. Its length counts as the model's whole context. */
  conversation?: string | types.StoredConversation | null | undefined;
  /** What else the answer should have, such as `reasoning.encrypted_content` or `message.output_text.logprobs`. */
  include?: string[] | null | undefined;
  /** What the model is told before the input. */
  instructions?: string | { [key: string]: unknown }[] | null | undefined;
  /** The longest answer, in tokens, thoughts included. */
  max_output_tokens?: number | null | undefined;
  /** How often the provider's own tools may be called. */
  max_tool_calls?: number | null | undefined;
  /** Names and values to keep with the answer. */
  metadata?: { [key: string]: unknown } | null | undefined;
  moderation?: types.ModerationOptions | null | undefined;
  /** Whether the model may call several tools at once. */
  parallel_tool_calls?: boolean | null | undefined;
  /** A response that the provider keeps, which this continues. Its length counts as the model's whole context. */
  previous_response_id?: string | null | undefined;
  prompt?: types.StoredPrompt | null | undefined;
  /** Requests with the same key share the provider's cache better. */
  prompt_cache_key?: string | null | undefined;
  prompt_cache_options?: types.PromptCacheOptions | null | undefined;
  /**
   * Use `prompt_cache_options`. It is `in_memory` or `24h`.
   *
   * @deprecated
   */
  prompt_cache_retention?: string | null | undefined;
  reasoning?: types.ResponseReasoning | null | undefined;
  /** A stable name of your end user, passed to the provider. */
  safety_identifier?: string | null | undefined;
  /** The provider's processing tier, such as `auto`, `default`, `flex`, `fast`, `priority`, `scale` or `ultrafast`. */
  service_tier?: string | null | undefined;
  /** Whether the provider keeps the answer. */
  store?: boolean | null | undefined;
  stream_options?: types.ResponseStreamOptions | null | undefined;
  /** Higher is more varied, 0 is the most certain. */
  temperature?: number | null | undefined;
  text?: types.ResponseText | null | undefined;
  /** `none`, `auto`, `required`, or the tool that must be called. */
  tool_choice?: string | types.ResponseToolChoice | null | undefined;
  /** What the model may call. The provider may charge its own tools per call; only tokens are charged here. */
  tools?: types.ResponseTool[] | null | undefined;
  /** How many of the likeliest tokens to report at each place. */
  top_logprobs?: number | null | undefined;
  /** Choose only among the likeliest tokens that have this probability together. */
  top_p?: number | null | undefined;
  /**
   * `auto` leaves out the oldest items where the input is too long, `disabled` refuses it.
   *
   * @deprecated
   */
  truncation?: string | null | undefined;
  /**
   * Use `safety_identifier` and `prompt_cache_key`.
   *
   * @deprecated
   */
  user?: string | null | undefined;
}

/** What `createSignInLink` takes. */
export interface CreateSignInLinkParams {
  /** The account's id or name. A name that several accounts have is refused. */
  account: string;
}

/** What `creditAccount` takes. */
export interface CreditAccountParams {
  /** The account's id or name. A name that several accounts have is refused. */
  account: string;
  amount_usd: types.Usd;
  /** Your name for this payment; the same reference is credited once. */
  reference: string;
}

/** What `deleteApiKey` takes. */
export interface DeleteApiKeyParams {
  /** The API key's id (not the key itself). */
  key_id: string;
}

/** What `explainRoute` takes. */
export interface ExplainRouteParams {
  /** The public id of a model. */
  model: string;
  /** The operation to be served; left out, the one that the model is made for. */
  operation?: string | undefined;
}

/** What `getAccount` takes. */
export interface GetAccountParams {
  /** The account's id or name. A name that several accounts have is refused. */
  account: string;
}

/** What `getAllUsage` takes. */
export interface GetAllUsageParams {
  /** The first day (`2026-11-21`), or the first hour (`2026-11-21T13:00:00Z`), in UTC. Left out: 30 days up to `to`. */
  start?: string | undefined;
  /** The last day, which is included, or the hour at which the span ends, which is not. Left out, it is today. */
  end?: string | undefined;
  /** What to group by, separated by commas; one or more of `day`, `hour`, `model`, `key`, `provider`, `account`. */
  by?: string | undefined;
  /** Only this account, by its id or name. */
  account?: string | undefined;
  /** Only what was called with this API key, by its id. */
  key_id?: string | undefined;
  /**
   * How the answer is written. `csv` has a heading and the rows; a text that a spreadsheet would run as a formula
   * begins with `'`.
   */
  written_as?: "json" | "csv" | undefined;
}

/** What `getKey` takes. */
export interface GetKeyParams {
  /** The API key's id (not the key itself). */
  key_id: string;
}

/** What `getLedgerReconciliation` takes. */
export interface GetLedgerReconciliationParams {
  /** How many rows at most. */
  limit?: number | undefined;
  /** Only rows older than this; the `next_before` of the page that came before. */
  before?: string | undefined;
}

/** What `getModel` takes. */
export interface GetModelParams {
  /** The model's id, slashes and colons included. */
  model: string;
}

/** What `getProvider` takes. */
export interface GetProviderParams {
  /** The provider's name in providers.yaml. */
  provider: string;
}

/** What `getSignInChallenge` takes. */
export interface GetSignInChallengeParams {
  /** The wallet's address, in upper or lower case. */
  address: string;
  /** The chain that the wallet is on (EIP-155). */
  chain_id: number;
}

/** What `getUsage` takes. */
export interface GetUsageParams {
  /** The first day (`2026-11-21`), or the first hour (`2026-11-21T13:00:00Z`), in UTC. Left out: 30 days up to `to`. */
  start?: string | undefined;
  /** The last day, which is included, or the hour at which the span ends, which is not. Left out, it is today. */
  end?: string | undefined;
  /** What to group by, separated by commas; one or more of `day`, `hour`, `model`, `key`, `provider`. */
  by?: string | undefined;
  /** Only what was called with this API key, by its id. */
  key_id?: string | undefined;
  /**
   * How the answer is written. `csv` has a heading and the rows; a text that a spreadsheet would run as a formula
   * begins with `'`.
   */
  written_as?: "json" | "csv" | undefined;
}

/** What `listKeys` takes. */
export interface ListKeysParams {
  /** The account's id or name. A name that several accounts have is refused. */
  account: string;
}

/** What `listLedgerRows` takes. */
export interface ListLedgerRowsParams {
  /** Only the rows of this account, by its id or name. */
  account?: string | undefined;
  /** Only the row of this request, by the id in its `x-request-id`. */
  request_id?: string | undefined;
  /** How many rows at most. */
  limit?: number | undefined;
  /** Only rows older than this; the `next_before` of the page that came before. */
  before?: string | undefined;
}

/** What `listLogRows` takes. */
export interface ListLogRowsParams {
  /** Only changes of this account and its keys, by its id or name. */
  account?: string | undefined;
  /** Only changes of the account, the API key or the provider's key with this id, or of the provider with this name. */
  thing?: string | undefined;
  /** Only this operation. */
  action?: string | undefined;
  /** How many rows at most. */
  limit?: number | undefined;
  /** Only rows older than this; the `next_before` of the page that came before. */
  before?: string | undefined;
}

/** What `pauseProvider` takes. */
export interface PauseProviderParams {
  /** The provider's name in providers.yaml. */
  provider: string;
  /** A line of at most 200 characters. Clients whose calls are refused read it, too. */
  reason?: string | undefined;
}

/** What `resumeProvider` takes. */
export interface ResumeProviderParams {
  /** The provider's name in providers.yaml. */
  provider: string;
}

/** What `revokeKey` takes. */
export interface RevokeKeyParams {
  /** The API key's id (not the key itself). */
  key_id: string;
}

/** What `revokeUpstreamKey` takes. */
export interface RevokeUpstreamKeyParams {
  /** The provider's name in providers.yaml. */
  provider: string;
  /** The stored key's id (not the key itself). */
  key_id: string;
}

/** What `rotateKey` takes. */
export interface RotateKeyParams {
  /** The API key's id (not the key itself). */
  key_id: string;
  /** How long the old key still works, such as `15m`, `24h` or `7d`; `0` is not at all. */
  overlap?: string | undefined;
}

/** What `updateAccount` takes. */
export interface UpdateAccountParams {
  /** The account's id or name. A name that several accounts have is refused. */
  account: string;
  name?: types.AccountName | undefined;
  status?: types.AccountStatus | undefined;
  rate_multiplier?: types.NewMultiplier | undefined;
  daily_budget_usd?: types.DailyBudget | undefined;
  monthly_budget_usd?: types.MonthlyBudget | undefined;
}

/** What `updateKey` takes. */
export interface UpdateKeyParams {
  /** The API key's id (not the key itself). */
  key_id: string;
  /** The key's name, for people. */
  name?: string | undefined;
  /** The models that the key may use; `null` is all of them. */
  models?: string[] | null | undefined;
  requests_per_minute?: types.Limit | undefined;
  tokens_per_minute?: types.Limit | undefined;
  burst?: types.Limit | undefined;
  concurrency?: types.Limit | undefined;
  quota_usd?: types.OptionalUsd | undefined;
  quota_tokens?: types.Limit | undefined;
  /**
   * When the key stops working, as an RFC 3339 date-time or from now, such as `15m`, `12h` or `30d`; `null` is never.
   */
  expires_at?: string | null | undefined;
}

/** What `useSignInLink` takes. */
export interface UseSignInLinkParams {
  /** The token at the end of the link. */
  token: string;
}

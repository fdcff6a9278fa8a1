/** The operations, as the transport knows them. Generated; do not edit. */

import type { Operation } from "./runtime/operations.ts";

export const ADD_UPSTREAM_KEY: Operation = {
  name: "addUpstreamKey",
  method: "POST",
  path: "/admin/api/providers/{provider}/keys",
  arguments: [
    { name: "provider", place: "path", wire: "provider", required: true },
    { name: "value", place: "body", wire: "value", required: true },
    { name: "weight", place: "body", wire: "weight" },
  ],
  security: ["adminToken"],
  body: "application/json",
  bodyRequired: true,
};

export const ADJUST_ACCOUNT: Operation = {
  name: "adjustAccount",
  method: "POST",
  path: "/admin/api/accounts/{account}/adjustments",
  arguments: [
    { name: "account", place: "path", wire: "account", required: true },
    { name: "amount_usd", place: "body", wire: "amount_usd", required: true },
    { name: "reference", place: "body", wire: "reference", required: true },
    { name: "reason", place: "body", wire: "reason", required: true },
  ],
  security: ["adminToken"],
  body: "application/json",
  bodyRequired: true,
};

export const CONNECT_WALLET: Operation = {
  name: "connectWallet",
  method: "POST",
  path: "/api/auth/connect",
  arguments: [
    { name: "address", place: "body", wire: "address", required: true },
    { name: "signature", place: "body", wire: "signature", required: true },
    { name: "chain_id", place: "body", wire: "chain_id", required: true },
  ],
  body: "application/json",
  bodyRequired: true,
};

export const COUNT_MESSAGE_TOKENS: Operation = {
  name: "countMessageTokens",
  method: "POST",
  path: "/v1/messages/count_tokens",
  arguments: [
    { name: "model", place: "body", wire: "model", required: true },
    { name: "messages", place: "body", wire: "messages", required: true },
    { name: "cache_control", place: "body", wire: "cache_control" },
    { name: "context_management", place: "body", wire: "context_management" },
    { name: "mcp_servers", place: "body", wire: "mcp_servers" },
    { name: "output_config", place: "body", wire: "output_config" },
    { name: "system", place: "body", wire: "system" },
    { name: "thinking", place: "body", wire: "thinking" },
    { name: "tool_choice", place: "body", wire: "tool_choice" },
    { name: "tools", place: "body", wire: "tools" },
  ],
  security: ["bearer", "xApiKey", "apiKey"],
  body: "application/json",
  bodyRequired: true,
};

export const CREATE_ACCOUNT: Operation = {
  name: "createAccount",
  method: "POST",
  path: "/admin/api/accounts",
  arguments: [
    { name: "name", place: "body", wire: "name", required: true },
    { name: "balance_usd", place: "body", wire: "balance_usd" },
    { name: "rate_multiplier", place: "body", wire: "rate_multiplier" },
    { name: "daily_budget_usd", place: "body", wire: "daily_budget_usd" },
    { name: "monthly_budget_usd", place: "body", wire: "monthly_budget_usd" },
  ],
  security: ["adminToken"],
  body: "application/json",
  bodyRequired: true,
};

export const CREATE_API_KEY: Operation = {
  name: "createApiKey",
  method: "POST",
  path: "/api/api-keys",
  arguments: [
    { name: "name", place: "body", wire: "name", required: true },
    { name: "models", place: "body", wire: "models" },
    { name: "requests_per_minute", place: "body", wire: "requests_per_minute" },
    { name: "tokens_per_minute", place: "body", wire: "tokens_per_minute" },
    { name: "burst", place: "body", wire: "burst" },
    { name: "concurrency", place: "body", wire: "concurrency" },
    { name: "quota_usd", place: "body", wire: "quota_usd" },
    { name: "quota_tokens", place: "body", wire: "quota_tokens" },
    { name: "expires_at", place: "body", wire: "expires_at" },
  ],
  security: ["session"],
  body: "application/json",
  bodyRequired: true,
};

export const CREATE_CHAT_COMPLETION: Operation = {
  name: "createChatCompletion",
  method: "POST",
  path: "/v1/chat/completions",
  arguments: [
    { name: "model", place: "body", wire: "model", required: true },
    { name: "messages", place: "body", wire: "messages", required: true },
    { name: "audio", place: "body", wire: "audio" },
    { name: "best_of", place: "body", wire: "best_of" },
    { name: "frequency_penalty", place: "body", wire: "frequency_penalty" },
    { name: "function_call", place: "body", wire: "function_call" },
    { name: "functions", place: "body", wire: "functions" },
    { name: "logit_bias", place: "body", wire: "logit_bias" },
    { name: "logprobs", place: "body", wire: "logprobs" },
    { name: "max_completion_tokens", place: "body", wire: "max_completion_tokens" },
    { name: "max_tokens", place: "body", wire: "max_tokens" },
    { name: "metadata", place: "body", wire: "metadata" },
    { name: "modalities", place: "body", wire: "modalities" },
    { name: "moderation", place: "body", wire: "moderation" },
    { name: "n", place: "body", wire: "n" },
    { name: "parallel_tool_calls", place: "body", wire: "parallel_tool_calls" },
    { name: "prediction", place: "body", wire: "prediction" },
    { name: "presence_penalty", place: "body", wire: "presence_penalty" },
    { name: "prompt_cache_key", place: "body", wire: "prompt_cache_key" },
    { name: "prompt_cache_options", place: "body", wire: "prompt_cache_options" },
    { name: "prompt_cache_retention", place: "body", wire: "prompt_cache_retention" },
    { name: "reasoning_effort", place: "body", wire: "reasoning_effort" },
    { name: "response_format", place: "body", wire: "response_format" },
    { name: "safety_identifier", place: "body", wire: "safety_identifier" },
    { name: "seed", place: "body", wire: "seed" },
    { name: "service_tier", place: "body", wire: "service_tier" },
    { name: "stop", place: "body", wire: "stop" },
    { name: "store", place: "body", wire: "store" },
    { name: "stream", place: "body", wire: "stream" },
    { name: "stream_options", place: "body", wire: "stream_options" },
    { name: "temperature", place: "body", wire: "temperature" },
    { name: "tool_choice", place: "body", wire: "tool_choice" },
    { name: "tools", place: "body", wire: "tools" },
    { name: "top_logprobs", place: "body", wire: "top_logprobs" },
    { name: "top_p", place: "body", wire: "top_p" },
    { name: "user", place: "body", wire: "user" },
    { name: "verbosity", place: "body", wire: "verbosity" },
    { name: "web_search_options", place: "body", wire: "web_search_options" },
  ],
  security: ["bearer", "xApiKey", "apiKey"],
  body: "application/json",
  bodyRequired: true,
  switch: "stream",
  end: "[DONE]",
};

export const CREATE_COMPLETION: Operation = {
  name: "createCompletion",
  method: "POST",
  path: "/v1/completions",
  arguments: [
    { name: "model", place: "body", wire: "model", required: true },
    { name: "prompt", place: "body", wire: "prompt", required: true },
    { name: "best_of", place: "body", wire: "best_of" },
    { name: "echo", place: "body", wire: "echo" },
    { name: "frequency_penalty", place: "body", wire: "frequency_penalty" },
    { name: "logit_bias", place: "body", wire: "logit_bias" },
    { name: "logprobs", place: "body", wire: "logprobs" },
    { name: "max_tokens", place: "body", wire: "max_tokens" },
    { name: "n", place: "body", wire: "n" },
    { name: "presence_penalty", place: "body", wire: "presence_penalty" },
    { name: "seed", place: "body", wire: "seed" },
    { name: "stop", place: "body", wire: "stop" },
    { name: "stream", place: "body", wire: "stream" },
    { name: "stream_options", place: "body", wire: "stream_options" },
    { name: "suffix", place: "body", wire: "suffix" },
    { name: "temperature", place: "body", wire: "temperature" },
    { name: "top_p", place: "body", wire: "top_p" },
    { name: "user", place: "body", wire: "user" },
  ],
  security: ["bearer", "xApiKey", "apiKey"],
  body: "application/json",
  bodyRequired: true,
  switch: "stream",
  end: "[DONE]",
};

export const CREATE_EMBEDDING: Operation = {
  name: "createEmbedding",
  method: "POST",
  path: "/v1/embeddings",
  arguments: [
    { name: "model", place: "body", wire: "model", required: true },
    { name: "input", place: "body", wire: "input", required: true },
    { name: "encoding_format", place: "body", wire: "encoding_format" },
    { name: "dimensions", place: "body", wire: "dimensions" },
    { name: "user", place: "body", wire: "user" },
  ],
  security: ["bearer", "xApiKey", "apiKey"],
  body: "application/json",
  bodyRequired: true,
};

export const CREATE_KEY: Operation = {
  name: "createKey",
  method: "POST",
  path: "/admin/api/accounts/{account}/keys",
  arguments: [
    { name: "account", place: "path", wire: "account", required: true },
    { name: "name", place: "body", wire: "name", required: true },
    { name: "models", place: "body", wire: "models" },
    { name: "requests_per_minute", place: "body", wire: "requests_per_minute" },
    { name: "tokens_per_minute", place: "body", wire: "tokens_per_minute" },
    { name: "burst", place: "body", wire: "burst" },
    { name: "concurrency", place: "body", wire: "concurrency" },
    { name: "quota_usd", place: "body", wire: "quota_usd" },
    { name: "quota_tokens", place: "body", wire: "quota_tokens" },
    { name: "expires_at", place: "body", wire: "expires_at" },
    { name: "prefix", place: "body", wire: "prefix" },
  ],
  security: ["adminToken"],
  body: "application/json",
  bodyRequired: true,
};

export const CREATE_MESSAGE: Operation = {
  name: "createMessage",
  method: "POST",
  path: "/v1/messages",
  arguments: [
    { name: "model", place: "body", wire: "model", required: true },
    { name: "messages", place: "body", wire: "messages", required: true },
    { name: "max_tokens", place: "body", wire: "max_tokens", required: true },
    { name: "cache_control", place: "body", wire: "cache_control" },
    { name: "container", place: "body", wire: "container" },
    { name: "context_management", place: "body", wire: "context_management" },
    { name: "inference_geo", place: "body", wire: "inference_geo" },
    { name: "mcp_servers", place: "body", wire: "mcp_servers" },
    { name: "metadata", place: "body", wire: "metadata" },
    { name: "output_config", place: "body", wire: "output_config" },
    { name: "service_tier", place: "body", wire: "service_tier" },
    { name: "stop_sequences", place: "body", wire: "stop_sequences" },
    { name: "stream", place: "body", wire: "stream" },
    { name: "system", place: "body", wire: "system" },
    { name: "temperature", place: "body", wire: "temperature" },
    { name: "thinking", place: "body", wire: "thinking" },
    { name: "tool_choice", place: "body", wire: "tool_choice" },
    { name: "tools", place: "body", wire: "tools" },
    { name: "top_k", place: "body", wire: "top_k" },
    { name: "top_p", place: "body", wire: "top_p" },
  ],
  security: ["bearer", "xApiKey", "apiKey"],
  body: "application/json",
  bodyRequired: true,
  switch: "stream",
};

export const CREATE_MODERATION: Operation = {
  name: "createModeration",
  method: "POST",
  path: "/v1/moderations",
  arguments: [
    { name: "model", place: "body", wire: "model" },
    { name: "input", place: "body", wire: "input", required: true },
  ],
  security: ["bearer", "xApiKey", "apiKey"],
  body: "application/json",
  bodyRequired: true,
};

export const CREATE_QUOTE: Operation = {
  name: "createQuote",
  method: "POST",
  path: "/v1/quote",
  arguments: [
    { name: "model", place: "body", wire: "model" },
    { name: "operation", place: "body", wire: "operation" },
  ],
  security: ["bearer", "xApiKey", "apiKey"],
  body: "application/json",
  bodyRequired: true,
};

export const CREATE_RESPONSE: Operation = {
  name: "createResponse",
  method: "POST",
  path: "/v1/responses",
  arguments: [
    { name: "model", place: "body", wire: "model", required: true },
    { name: "input", place: "body", wire: "input" },
    { name: "background", place: "body", wire: "background" },
    { name: "context_management", place: "body", wire: "context_management" },
    { name: "conversation", place: "body", wire: "conversation" },
    { name: "include", place: "body", wire: "include" },
    { name: "instructions", place: "body", wire: "instructions" },
    { name: "max_output_tokens", place: "body", wire: "max_output_tokens" },
    { name: "max_tool_calls", place: "body", wire: "max_tool_calls" },
    { name: "metadata", place: "body", wire: "metadata" },
    { name: "moderation", place: "body", wire: "moderation" },
    { name: "parallel_tool_calls", place: "body", wire: "parallel_tool_calls" },
    { name: "previous_response_id", place: "body", wire: "previous_response_id" },
    { name: "prompt", place: "body", wire: "prompt" },
    { name: "prompt_cache_key", place: "body", wire: "prompt_cache_key" },
    { name: "prompt_cache_options", place: "body", wire: "prompt_cache_options" },
    { name: "prompt_cache_retention", place: "body", wire: "prompt_cache_retention" },
    { name: "reasoning", place: "body", wire: "reasoning" },
    { name: "safety_identifier", place: "body", wire: "safety_identifier" },
    { name: "service_tier", place: "body", wire: "service_tier" },
    { name: "store", place: "body", wire: "store" },
    { name: "stream", place: "body", wire: "stream" },
    { name: "stream_options", place: "body", wire: "stream_options" },
    { name: "temperature", place: "body", wire: "temperature" },
    { name: "text", place: "body", wire: "text" },
    { name: "tool_choice", place: "body", wire: "tool_choice" },
    { name: "tools", place: "body", wire: "tools" },
    { name: "top_logprobs", place: "body", wire: "top_logprobs" },
    { name: "top_p", place: "body", wire: "top_p" },
    { name: "truncation", place: "body", wire: "truncation" },
    { name: "user", place: "body", wire: "user" },
  ],
  security: ["bearer", "xApiKey", "apiKey"],
  body: "application/json",
  bodyRequired: true,
  switch: "stream",
};

export const CREATE_SIGN_IN_LINK: Operation = {
  name: "createSignInLink",
  method: "POST",
  path: "/admin/api/accounts/{account}/sign-in-links",
  arguments: [{ name: "account", place: "path", wire: "account", required: true }],
  security: ["adminToken"],
};

export const CREDIT_ACCOUNT: Operation = {
  name: "creditAccount",
  method: "POST",
  path: "/admin/api/accounts/{account}/credits",
  arguments: [
    { name: "account", place: "path", wire: "account", required: true },
    { name: "amount_usd", place: "body", wire: "amount_usd", required: true },
    { name: "reference", place: "body", wire: "reference", required: true },
  ],
  security: ["adminToken"],
  body: "application/json",
  bodyRequired: true,
};

export const DELETE_API_KEY: Operation = {
  name: "deleteApiKey",
  method: "DELETE",
  path: "/api/api-keys/{key_id}",
  arguments: [{ name: "key_id", place: "path", wire: "key_id", required: true }],
  security: ["session"],
};

export const EXPLAIN_ROUTE: Operation = {
  name: "explainRoute",
  method: "GET",
  path: "/admin/api/routes",
  arguments: [
    { name: "model", place: "query", wire: "model", required: true },
    { name: "operation", place: "query", wire: "operation" },
  ],
  security: ["adminToken"],
};

export const GET_ACCOUNT: Operation = {
  name: "getAccount",
  method: "GET",
  path: "/admin/api/accounts/{account}",
  arguments: [{ name: "account", place: "path", wire: "account", required: true }],
  security: ["adminToken"],
};

export const GET_ALL_USAGE: Operation = {
  name: "getAllUsage",
  method: "GET",
  path: "/admin/api/usage",
  arguments: [
    { name: "start", place: "query", wire: "from" },
    { name: "end", place: "query", wire: "to" },
    { name: "by", place: "query", wire: "by" },
    { name: "account", place: "query", wire: "account" },
    { name: "key_id", place: "query", wire: "key" },
    { name: "written_as", place: "query", wire: "format" },
  ],
  security: ["adminToken"],
};

export const GET_HEALTH: Operation = {
  name: "getHealth",
  method: "GET",
  path: "/health",
};

export const GET_KEY: Operation = {
  name: "getKey",
  method: "GET",
  path: "/admin/api/keys/{key_id}",
  arguments: [{ name: "key_id", place: "path", wire: "key_id", required: true }],
  security: ["adminToken"],
};

export const GET_LEDGER_PROOF: Operation = {
  name: "getLedgerProof",
  method: "GET",
  path: "/admin/api/ledger/proof",
  security: ["adminToken"],
};

export const GET_LEDGER_RECONCILIATION: Operation = {
  name: "getLedgerReconciliation",
  method: "GET",
  path: "/admin/api/ledger/reconciliation",
  arguments: [
    { name: "limit", place: "query", wire: "limit" },
    { name: "before", place: "query", wire: "before" },
  ],
  security: ["adminToken"],
  pages: { items: "rows", next: "next_before", argument: "before" },
};

export const GET_LIVEZ: Operation = {
  name: "getLivez",
  method: "GET",
  path: "/livez",
};

export const GET_METRICS: Operation = {
  name: "getMetrics",
  method: "GET",
  path: "/admin/api/metrics",
  security: ["adminToken"],
};

export const GET_MODEL: Operation = {
  name: "getModel",
  method: "GET",
  path: "/v1/models/{model}",
  arguments: [{ name: "model", place: "path", wire: "model", required: true }],
  security: ["bearer", "xApiKey", "apiKey"],
};

export const GET_PROVIDER: Operation = {
  name: "getProvider",
  method: "GET",
  path: "/admin/api/providers/{provider}",
  arguments: [{ name: "provider", place: "path", wire: "provider", required: true }],
  security: ["adminToken"],
};

export const GET_READYZ: Operation = {
  name: "getReadyz",
  method: "GET",
  path: "/readyz",
};

export const GET_ROOT: Operation = {
  name: "getRoot",
  method: "GET",
  path: "/",
};

export const GET_SIGN_IN_CHALLENGE: Operation = {
  name: "getSignInChallenge",
  method: "GET",
  path: "/api/auth/nonce",
  arguments: [
    { name: "address", place: "query", wire: "address", required: true },
    { name: "chain_id", place: "query", wire: "chain_id", required: true },
  ],
};

export const GET_STATS: Operation = {
  name: "getStats",
  method: "GET",
  path: "/v1/stats",
  security: ["bearer", "xApiKey", "apiKey"],
};

export const GET_USAGE: Operation = {
  name: "getUsage",
  method: "GET",
  path: "/api/usage",
  arguments: [
    { name: "start", place: "query", wire: "from" },
    { name: "end", place: "query", wire: "to" },
    { name: "by", place: "query", wire: "by" },
    { name: "key_id", place: "query", wire: "key" },
    { name: "written_as", place: "query", wire: "format" },
  ],
  security: ["session"],
};

export const GET_USER_PROFILE: Operation = {
  name: "getUserProfile",
  method: "GET",
  path: "/api/user/profile",
  security: ["session"],
};

export const LIST_ACCOUNTS: Operation = {
  name: "listAccounts",
  method: "GET",
  path: "/admin/api/accounts",
  security: ["adminToken"],
};

export const LIST_API_KEYS: Operation = {
  name: "listApiKeys",
  method: "GET",
  path: "/api/api-keys",
  security: ["session"],
};

export const LIST_CATALOGUE: Operation = {
  name: "listCatalogue",
  method: "GET",
  path: "/api/models",
  security: ["session"],
};

export const LIST_KEYS: Operation = {
  name: "listKeys",
  method: "GET",
  path: "/admin/api/accounts/{account}/keys",
  arguments: [{ name: "account", place: "path", wire: "account", required: true }],
  security: ["adminToken"],
};

export const LIST_LEDGER_ROWS: Operation = {
  name: "listLedgerRows",
  method: "GET",
  path: "/admin/api/ledger",
  arguments: [
    { name: "account", place: "query", wire: "account" },
    { name: "request_id", place: "query", wire: "request" },
    { name: "limit", place: "query", wire: "limit" },
    { name: "before", place: "query", wire: "before" },
  ],
  security: ["adminToken"],
  pages: { items: "rows", next: "next_before", argument: "before" },
};

export const LIST_LOG_ROWS: Operation = {
  name: "listLogRows",
  method: "GET",
  path: "/admin/api/log",
  arguments: [
    { name: "account", place: "query", wire: "account" },
    { name: "thing", place: "query", wire: "object" },
    { name: "action", place: "query", wire: "action" },
    { name: "limit", place: "query", wire: "limit" },
    { name: "before", place: "query", wire: "before" },
  ],
  security: ["adminToken"],
  pages: { items: "rows", next: "next_before", argument: "before" },
};

export const LIST_MODELS: Operation = {
  name: "listModels",
  method: "GET",
  path: "/v1/models",
  security: ["bearer", "xApiKey", "apiKey"],
};

export const LIST_PROVIDERS: Operation = {
  name: "listProviders",
  method: "GET",
  path: "/admin/api/providers",
  security: ["adminToken"],
};

export const LIST_PUBLIC_CATALOGUE: Operation = {
  name: "listPublicCatalogue",
  method: "GET",
  path: "/api/models/public",
};

export const LOG_OUT: Operation = {
  name: "logOut",
  method: "POST",
  path: "/api/auth/logout",
  security: ["session"],
};

export const LOG_OUT_EVERYWHERE: Operation = {
  name: "logOutEverywhere",
  method: "POST",
  path: "/api/auth/logout-everywhere",
  security: ["session"],
};

export const PAUSE_PROVIDER: Operation = {
  name: "pauseProvider",
  method: "POST",
  path: "/admin/api/providers/{provider}/pause",
  arguments: [
    { name: "provider", place: "path", wire: "provider", required: true },
    { name: "reason", place: "body", wire: "reason" },
  ],
  security: ["adminToken"],
  body: "application/json",
  bodyRequired: true,
};

export const RESUME_PROVIDER: Operation = {
  name: "resumeProvider",
  method: "POST",
  path: "/admin/api/providers/{provider}/resume",
  arguments: [{ name: "provider", place: "path", wire: "provider", required: true }],
  security: ["adminToken"],
};

export const REVOKE_KEY: Operation = {
  name: "revokeKey",
  method: "DELETE",
  path: "/admin/api/keys/{key_id}",
  arguments: [{ name: "key_id", place: "path", wire: "key_id", required: true }],
  security: ["adminToken"],
};

export const REVOKE_UPSTREAM_KEY: Operation = {
  name: "revokeUpstreamKey",
  method: "DELETE",
  path: "/admin/api/providers/{provider}/keys/{key_id}",
  arguments: [
    { name: "provider", place: "path", wire: "provider", required: true },
    { name: "key_id", place: "path", wire: "key_id", required: true },
  ],
  security: ["adminToken"],
};

export const ROTATE_KEY: Operation = {
  name: "rotateKey",
  method: "POST",
  path: "/admin/api/keys/{key_id}/rotate",
  arguments: [
    { name: "key_id", place: "path", wire: "key_id", required: true },
    { name: "overlap", place: "body", wire: "overlap" },
  ],
  security: ["adminToken"],
  body: "application/json",
  bodyRequired: true,
};

export const UPDATE_ACCOUNT: Operation = {
  name: "updateAccount",
  method: "PATCH",
  path: "/admin/api/accounts/{account}",
  arguments: [
    { name: "account", place: "path", wire: "account", required: true },
    { name: "name", place: "body", wire: "name" },
    { name: "status", place: "body", wire: "status" },
    { name: "rate_multiplier", place: "body", wire: "rate_multiplier" },
    { name: "daily_budget_usd", place: "body", wire: "daily_budget_usd" },
    { name: "monthly_budget_usd", place: "body", wire: "monthly_budget_usd" },
  ],
  security: ["adminToken"],
  body: "application/json",
  bodyRequired: true,
};

export const UPDATE_KEY: Operation = {
  name: "updateKey",
  method: "PATCH",
  path: "/admin/api/keys/{key_id}",
  arguments: [
    { name: "key_id", place: "path", wire: "key_id", required: true },
    { name: "name", place: "body", wire: "name" },
    { name: "models", place: "body", wire: "models" },
    { name: "requests_per_minute", place: "body", wire: "requests_per_minute" },
    { name: "tokens_per_minute", place: "body", wire: "tokens_per_minute" },
    { name: "burst", place: "body", wire: "burst" },
    { name: "concurrency", place: "body", wire: "concurrency" },
    { name: "quota_usd", place: "body", wire: "quota_usd" },
    { name: "quota_tokens", place: "body", wire: "quota_tokens" },
    { name: "expires_at", place: "body", wire: "expires_at" },
  ],
  security: ["adminToken"],
  body: "application/json",
  bodyRequired: true,
};

export const USE_SIGN_IN_LINK: Operation = {
  name: "useSignInLink",
  method: "POST",
  path: "/api/auth/link",
  arguments: [{ name: "token", place: "body", wire: "token", required: true }],
  body: "application/json",
  bodyRequired: true,
};

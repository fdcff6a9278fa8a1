"""The operations, as the transport knows them. Generated; do not edit."""

from __future__ import annotations

from typing import Never

from . import types
from ._runtime.operations import Argument, Operation, Pages

ADD_UPSTREAM_KEY: Operation[types.UpstreamKey, Never] = Operation(
    name="add_upstream_key",
    method="POST",
    path="/admin/api/providers/{provider}/keys",
    arguments=(
        Argument("provider", "path", "provider", required=True),
        Argument("value", "body", "value", required=True),
        Argument("weight", "body", "weight"),
    ),
    security=("adminToken",),
    body="application/json",
    body_required=True,
)

ADJUST_ACCOUNT: Operation[types.Account, Never] = Operation(
    name="adjust_account",
    method="POST",
    path="/admin/api/accounts/{account}/adjustments",
    arguments=(
        Argument("account", "path", "account", required=True),
        Argument("amount_usd", "body", "amount_usd", required=True),
        Argument("reference", "body", "reference", required=True),
        Argument("reason", "body", "reason", required=True),
    ),
    security=("adminToken",),
    body="application/json",
    body_required=True,
)

CONNECT_WALLET: Operation[types.SignedIn, Never] = Operation(
    name="connect_wallet",
    method="POST",
    path="/api/auth/connect",
    arguments=(
        Argument("address", "body", "address", required=True),
        Argument("signature", "body", "signature", required=True),
        Argument("chain_id", "body", "chain_id", required=True),
    ),
    body="application/json",
    body_required=True,
)

COUNT_MESSAGE_TOKENS: Operation[types.MessageTokensCount, Never] = Operation(
    name="count_message_tokens",
    method="POST",
    path="/v1/messages/count_tokens",
    arguments=(
        Argument("model", "body", "model", required=True),
        Argument("messages", "body", "messages", required=True),
        Argument("cache_control", "body", "cache_control"),
        Argument("context_management", "body", "context_management"),
        Argument("mcp_servers", "body", "mcp_servers"),
        Argument("output_config", "body", "output_config"),
        Argument("system", "body", "system"),
        Argument("thinking", "body", "thinking"),
        Argument("tool_choice", "body", "tool_choice"),
        Argument("tools", "body", "tools"),
    ),
    security=("bearer", "xApiKey", "apiKey"),
    body="application/json",
    body_required=True,
)

CREATE_ACCOUNT: Operation[types.Account, Never] = Operation(
    name="create_account",
    method="POST",
    path="/admin/api/accounts",
    arguments=(
        Argument("name", "body", "name", required=True),
        Argument("balance_usd", "body", "balance_usd"),
        Argument("rate_multiplier", "body", "rate_multiplier"),
        Argument("daily_budget_usd", "body", "daily_budget_usd"),
        Argument("monthly_budget_usd", "body", "monthly_budget_usd"),
    ),
    security=("adminToken",),
    body="application/json",
    body_required=True,
)

CREATE_API_KEY: Operation[types.CreatedAccountApiKey, Never] = Operation(
    name="create_api_key",
    method="POST",
    path="/api/api-keys",
    arguments=(
        Argument("name", "body", "name", required=True),
        Argument("models", "body", "models"),
        Argument("requests_per_minute", "body", "requests_per_minute"),
        Argument("tokens_per_minute", "body", "tokens_per_minute"),
        Argument("burst", "body", "burst"),
        Argument("concurrency", "body", "concurrency"),
        Argument("quota_usd", "body", "quota_usd"),
        Argument("quota_tokens", "body", "quota_tokens"),
        Argument("expires_at", "body", "expires_at"),
    ),
    security=("session",),
    body="application/json",
    body_required=True,
)

CREATE_CHAT_COMPLETION: Operation[types.ChatCompletion, types.ChatCompletionChunk] = Operation(
    name="create_chat_completion",
    method="POST",
    path="/v1/chat/completions",
    arguments=(
        Argument("model", "body", "model", required=True),
        Argument("messages", "body", "messages", required=True),
        Argument("audio", "body", "audio"),
        Argument("best_of", "body", "best_of"),
        Argument("frequency_penalty", "body", "frequency_penalty"),
        Argument("function_call", "body", "function_call"),
        Argument("functions", "body", "functions"),
        Argument("logit_bias", "body", "logit_bias"),
        Argument("logprobs", "body", "logprobs"),
        Argument("max_completion_tokens", "body", "max_completion_tokens"),
        Argument("max_tokens", "body", "max_tokens"),
        Argument("metadata", "body", "metadata"),
        Argument("modalities", "body", "modalities"),
        Argument("moderation", "body", "moderation"),
        Argument("n", "body", "n"),
        Argument("parallel_tool_calls", "body", "parallel_tool_calls"),
        Argument("prediction", "body", "prediction"),
        Argument("presence_penalty", "body", "presence_penalty"),
        Argument("prompt_cache_key", "body", "prompt_cache_key"),
        Argument("prompt_cache_options", "body", "prompt_cache_options"),
        Argument("prompt_cache_retention", "body", "prompt_cache_retention"),
        Argument("reasoning_effort", "body", "reasoning_effort"),
        Argument("response_format", "body", "response_format"),
        Argument("safety_identifier", "body", "safety_identifier"),
        Argument("seed", "body", "seed"),
        Argument("service_tier", "body", "service_tier"),
        Argument("stop", "body", "stop"),
        Argument("store", "body", "store"),
        Argument("stream", "body", "stream"),
        Argument("stream_options", "body", "stream_options"),
        Argument("temperature", "body", "temperature"),
        Argument("tool_choice", "body", "tool_choice"),
        Argument("tools", "body", "tools"),
        Argument("top_logprobs", "body", "top_logprobs"),
        Argument("top_p", "body", "top_p"),
        Argument("user", "body", "user"),
        Argument("verbosity", "body", "verbosity"),
        Argument("web_search_options", "body", "web_search_options"),
    ),
    security=("bearer", "xApiKey", "apiKey"),
    body="application/json",
    body_required=True,
    switch="stream",
    end="[DONE]",
)

CREATE_COMPLETION: Operation[types.Completion, types.Completion] = Operation(
    name="create_completion",
    method="POST",
    path="/v1/completions",
    arguments=(
        Argument("model", "body", "model", required=True),
        Argument("prompt", "body", "prompt", required=True),
        Argument("best_of", "body", "best_of"),
        Argument("echo", "body", "echo"),
        Argument("frequency_penalty", "body", "frequency_penalty"),
        Argument("logit_bias", "body", "logit_bias"),
        Argument("logprobs", "body", "logprobs"),
        Argument("max_tokens", "body", "max_tokens"),
        Argument("n", "body", "n"),
        Argument("presence_penalty", "body", "presence_penalty"),
        Argument("seed", "body", "seed"),
        Argument("stop", "body", "stop"),
        Argument("stream", "body", "stream"),
        Argument("stream_options", "body", "stream_options"),
        Argument("suffix", "body", "suffix"),
        Argument("temperature", "body", "temperature"),
        Argument("top_p", "body", "top_p"),
        Argument("user", "body", "user"),
    ),
    security=("bearer", "xApiKey", "apiKey"),
    body="application/json",
    body_required=True,
    switch="stream",
    end="[DONE]",
)

CREATE_EMBEDDING: Operation[types.EmbeddingList, Never] = Operation(
    name="create_embedding",
    method="POST",
    path="/v1/embeddings",
    arguments=(
        Argument("model", "body", "model", required=True),
        Argument("input", "body", "input", required=True),
        Argument("encoding_format", "body", "encoding_format"),
        Argument("dimensions", "body", "dimensions"),
        Argument("user", "body", "user"),
    ),
    security=("bearer", "xApiKey", "apiKey"),
    body="application/json",
    body_required=True,
)

CREATE_KEY: Operation[types.CreatedApiKey, Never] = Operation(
    name="create_key",
    method="POST",
    path="/admin/api/accounts/{account}/keys",
    arguments=(
        Argument("account", "path", "account", required=True),
        Argument("name", "body", "name", required=True),
        Argument("models", "body", "models"),
        Argument("requests_per_minute", "body", "requests_per_minute"),
        Argument("tokens_per_minute", "body", "tokens_per_minute"),
        Argument("burst", "body", "burst"),
        Argument("concurrency", "body", "concurrency"),
        Argument("quota_usd", "body", "quota_usd"),
        Argument("quota_tokens", "body", "quota_tokens"),
        Argument("expires_at", "body", "expires_at"),
        Argument("prefix", "body", "prefix"),
    ),
    security=("adminToken",),
    body="application/json",
    body_required=True,
)

CREATE_MESSAGE: Operation[types.Message, types.MessageStreamEvent] = Operation(
    name="create_message",
    method="POST",
    path="/v1/messages",
    arguments=(
        Argument("model", "body", "model", required=True),
        Argument("messages", "body", "messages", required=True),
        Argument("max_tokens", "body", "max_tokens", required=True),
        Argument("cache_control", "body", "cache_control"),
        Argument("container", "body", "container"),
        Argument("context_management", "body", "context_management"),
        Argument("inference_geo", "body", "inference_geo"),
        Argument("mcp_servers", "body", "mcp_servers"),
        Argument("metadata", "body", "metadata"),
        Argument("output_config", "body", "output_config"),
        Argument("service_tier", "body", "service_tier"),
        Argument("stop_sequences", "body", "stop_sequences"),
        Argument("stream", "body", "stream"),
        Argument("system", "body", "system"),
        Argument("temperature", "body", "temperature"),
        Argument("thinking", "body", "thinking"),
        Argument("tool_choice", "body", "tool_choice"),
        Argument("tools", "body", "tools"),
        Argument("top_k", "body", "top_k"),
        Argument("top_p", "body", "top_p"),
    ),
    security=("bearer", "xApiKey", "apiKey"),
    body="application/json",
    body_required=True,
    switch="stream",
)

CREATE_MODERATION: Operation[types.Moderation, Never] = Operation(
    name="create_moderation",
    method="POST",
    path="/v1/moderations",
    arguments=(
        Argument("model", "body", "model"),
        Argument("input", "body", "input", required=True),
    ),
    security=("bearer", "xApiKey", "apiKey"),
    body="application/json",
    body_required=True,
)

CREATE_QUOTE: Operation[types.Quote, Never] = Operation(
    name="create_quote",
    method="POST",
    path="/v1/quote",
    arguments=(
        Argument("model", "body", "model"),
        Argument("operation", "body", "operation"),
    ),
    security=("bearer", "xApiKey", "apiKey"),
    body="application/json",
    body_required=True,
)

CREATE_RESPONSE: Operation[types.ModelResponse, types.ResponseStreamEvent] = Operation(
    name="create_response",
    method="POST",
    path="/v1/responses",
    arguments=(
        Argument("model", "body", "model", required=True),
        Argument("input", "body", "input"),
        Argument("background", "body", "background"),
        Argument("context_management", "body", "context_management"),
        Argument("conversation", "body", "conversation"),
        Argument("include", "body", "include"),
        Argument("instructions", "body", "instructions"),
        Argument("max_output_tokens", "body", "max_output_tokens"),
        Argument("max_tool_calls", "body", "max_tool_calls"),
        Argument("metadata", "body", "metadata"),
        Argument("moderation", "body", "moderation"),
        Argument("parallel_tool_calls", "body", "parallel_tool_calls"),
        Argument("previous_response_id", "body", "previous_response_id"),
        Argument("prompt", "body", "prompt"),
        Argument("prompt_cache_key", "body", "prompt_cache_key"),
        Argument("prompt_cache_options", "body", "prompt_cache_options"),
        Argument("prompt_cache_retention", "body", "prompt_cache_retention"),
        Argument("reasoning", "body", "reasoning"),
        Argument("safety_identifier", "body", "safety_identifier"),
        Argument("service_tier", "body", "service_tier"),
        Argument("store", "body", "store"),
        Argument("stream", "body", "stream"),
        Argument("stream_options", "body", "stream_options"),
        Argument("temperature", "body", "temperature"),
        Argument("text", "body", "text"),
        Argument("tool_choice", "body", "tool_choice"),
        Argument("tools", "body", "tools"),
        Argument("top_logprobs", "body", "top_logprobs"),
        Argument("top_p", "body", "top_p"),
        Argument("truncation", "body", "truncation"),
        Argument("user", "body", "user"),
    ),
    security=("bearer", "xApiKey", "apiKey"),
    body="application/json",
    body_required=True,
    switch="stream",
)

CREATE_SIGN_IN_LINK: Operation[types.SignInLink, Never] = Operation(
    name="create_sign_in_link",
    method="POST",
    path="/admin/api/accounts/{account}/sign-in-links",
    arguments=(Argument("account", "path", "account", required=True),),
    security=("adminToken",),
)

CREDIT_ACCOUNT: Operation[types.Account, Never] = Operation(
    name="credit_account",
    method="POST",
    path="/admin/api/accounts/{account}/credits",
    arguments=(
        Argument("account", "path", "account", required=True),
        Argument("amount_usd", "body", "amount_usd", required=True),
        Argument("reference", "body", "reference", required=True),
    ),
    security=("adminToken",),
    body="application/json",
    body_required=True,
)

DELETE_API_KEY: Operation[types.Success, Never] = Operation(
    name="delete_api_key",
    method="DELETE",
    path="/api/api-keys/{key_id}",
    arguments=(Argument("key_id", "path", "key_id", required=True),),
    security=("session",),
)

EXPLAIN_ROUTE: Operation[types.Route, Never] = Operation(
    name="explain_route",
    method="GET",
    path="/admin/api/routes",
    arguments=(
        Argument("model", "query", "model", required=True),
        Argument("operation", "query", "operation"),
    ),
    security=("adminToken",),
)

GET_ACCOUNT: Operation[types.Account, Never] = Operation(
    name="get_account",
    method="GET",
    path="/admin/api/accounts/{account}",
    arguments=(Argument("account", "path", "account", required=True),),
    security=("adminToken",),
)

GET_ALL_USAGE: Operation[types.UsageReport | str, Never] = Operation(
    name="get_all_usage",
    method="GET",
    path="/admin/api/usage",
    arguments=(
        Argument("start", "query", "from"),
        Argument("end", "query", "to"),
        Argument("by", "query", "by"),
        Argument("account", "query", "account"),
        Argument("key_id", "query", "key"),
        Argument("written_as", "query", "format"),
    ),
    security=("adminToken",),
)

GET_HEALTH: Operation[types.Health | str, Never] = Operation(
    name="get_health",
    method="GET",
    path="/health",
)

GET_KEY: Operation[types.ApiKey, Never] = Operation(
    name="get_key",
    method="GET",
    path="/admin/api/keys/{key_id}",
    arguments=(Argument("key_id", "path", "key_id", required=True),),
    security=("adminToken",),
)

GET_LEDGER_PROOF: Operation[types.LedgerProof, Never] = Operation(
    name="get_ledger_proof",
    method="GET",
    path="/admin/api/ledger/proof",
    security=("adminToken",),
)

GET_LEDGER_RECONCILIATION: Operation[types.LedgerReconciliation, types.UnpaidRow] = Operation(
    name="get_ledger_reconciliation",
    method="GET",
    path="/admin/api/ledger/reconciliation",
    arguments=(
        Argument("limit", "query", "limit"),
        Argument("before", "query", "before"),
    ),
    security=("adminToken",),
    pages=Pages(items="rows", next="next_before", argument="before"),
)

GET_LIVEZ: Operation[types.Liveness, Never] = Operation(
    name="get_livez",
    method="GET",
    path="/livez",
)

GET_METRICS: Operation[str, Never] = Operation(
    name="get_metrics",
    method="GET",
    path="/admin/api/metrics",
    security=("adminToken",),
)

GET_MODEL: Operation[types.Model, Never] = Operation(
    name="get_model",
    method="GET",
    path="/v1/models/{model}",
    arguments=(Argument("model", "path", "model", required=True),),
    security=("bearer", "xApiKey", "apiKey"),
)

GET_PROVIDER: Operation[types.Provider, Never] = Operation(
    name="get_provider",
    method="GET",
    path="/admin/api/providers/{provider}",
    arguments=(Argument("provider", "path", "provider", required=True),),
    security=("adminToken",),
)

GET_READYZ: Operation[types.Readiness, Never] = Operation(
    name="get_readyz",
    method="GET",
    path="/readyz",
)

GET_ROOT: Operation[types.ServiceInformation, Never] = Operation(
    name="get_root",
    method="GET",
    path="/",
)

GET_SIGN_IN_CHALLENGE: Operation[types.SignInChallenge, Never] = Operation(
    name="get_sign_in_challenge",
    method="GET",
    path="/api/auth/nonce",
    arguments=(
        Argument("address", "query", "address", required=True),
        Argument("chain_id", "query", "chain_id", required=True),
    ),
)

GET_STATS: Operation[types.Stats, Never] = Operation(
    name="get_stats",
    method="GET",
    path="/v1/stats",
    security=("bearer", "xApiKey", "apiKey"),
)

GET_USAGE: Operation[types.UsageReport | str, Never] = Operation(
    name="get_usage",
    method="GET",
    path="/api/usage",
    arguments=(
        Argument("start", "query", "from"),
        Argument("end", "query", "to"),
        Argument("by", "query", "by"),
        Argument("key_id", "query", "key"),
        Argument("written_as", "query", "format"),
    ),
    security=("session",),
)

GET_USER_PROFILE: Operation[types.User, Never] = Operation(
    name="get_user_profile",
    method="GET",
    path="/api/user/profile",
    security=("session",),
)

LIST_ACCOUNTS: Operation[types.AccountList, Never] = Operation(
    name="list_accounts",
    method="GET",
    path="/admin/api/accounts",
    security=("adminToken",),
)

LIST_API_KEYS: Operation[types.AccountApiKeyList, Never] = Operation(
    name="list_api_keys",
    method="GET",
    path="/api/api-keys",
    security=("session",),
)

LIST_CATALOGUE: Operation[types.CatalogueModelList, Never] = Operation(
    name="list_catalogue",
    method="GET",
    path="/api/models",
    security=("session",),
)

LIST_KEYS: Operation[types.ApiKeyList, Never] = Operation(
    name="list_keys",
    method="GET",
    path="/admin/api/accounts/{account}/keys",
    arguments=(Argument("account", "path", "account", required=True),),
    security=("adminToken",),
)

LIST_LEDGER_ROWS: Operation[types.LedgerPage, types.LedgerRow] = Operation(
    name="list_ledger_rows",
    method="GET",
    path="/admin/api/ledger",
    arguments=(
        Argument("account", "query", "account"),
        Argument("request_id", "query", "request"),
        Argument("limit", "query", "limit"),
        Argument("before", "query", "before"),
    ),
    security=("adminToken",),
    pages=Pages(items="rows", next="next_before", argument="before"),
)

LIST_LOG_ROWS: Operation[types.LogPage, types.LogRow] = Operation(
    name="list_log_rows",
    method="GET",
    path="/admin/api/log",
    arguments=(
        Argument("account", "query", "account"),
        Argument("thing", "query", "object"),
        Argument("action", "query", "action"),
        Argument("limit", "query", "limit"),
        Argument("before", "query", "before"),
    ),
    security=("adminToken",),
    pages=Pages(items="rows", next="next_before", argument="before"),
)

LIST_MODELS: Operation[types.ModelList, Never] = Operation(
    name="list_models",
    method="GET",
    path="/v1/models",
    security=("bearer", "xApiKey", "apiKey"),
)

LIST_PROVIDERS: Operation[types.ProviderList, Never] = Operation(
    name="list_providers",
    method="GET",
    path="/admin/api/providers",
    security=("adminToken",),
)

LIST_PUBLIC_CATALOGUE: Operation[types.CatalogueModelList, Never] = Operation(
    name="list_public_catalogue",
    method="GET",
    path="/api/models/public",
)

LOG_OUT: Operation[types.Success, Never] = Operation(
    name="log_out",
    method="POST",
    path="/api/auth/logout",
    security=("session",),
)

LOG_OUT_EVERYWHERE: Operation[types.Success, Never] = Operation(
    name="log_out_everywhere",
    method="POST",
    path="/api/auth/logout-everywhere",
    security=("session",),
)

PAUSE_PROVIDER: Operation[types.Provider, Never] = Operation(
    name="pause_provider",
    method="POST",
    path="/admin/api/providers/{provider}/pause",
    arguments=(
        Argument("provider", "path", "provider", required=True),
        Argument("reason", "body", "reason"),
    ),
    security=("adminToken",),
    body="application/json",
    body_required=True,
)

RESUME_PROVIDER: Operation[types.Provider, Never] = Operation(
    name="resume_provider",
    method="POST",
    path="/admin/api/providers/{provider}/resume",
    arguments=(Argument("provider", "path", "provider", required=True),),
    security=("adminToken",),
)

REVOKE_KEY: Operation[types.ApiKey, Never] = Operation(
    name="revoke_key",
    method="DELETE",
    path="/admin/api/keys/{key_id}",
    arguments=(Argument("key_id", "path", "key_id", required=True),),
    security=("adminToken",),
)

REVOKE_UPSTREAM_KEY: Operation[types.UpstreamKey, Never] = Operation(
    name="revoke_upstream_key",
    method="DELETE",
    path="/admin/api/providers/{provider}/keys/{key_id}",
    arguments=(
        Argument("provider", "path", "provider", required=True),
        Argument("key_id", "path", "key_id", required=True),
    ),
    security=("adminToken",),
)

ROTATE_KEY: Operation[types.CreatedApiKey, Never] = Operation(
    name="rotate_key",
    method="POST",
    path="/admin/api/keys/{key_id}/rotate",
    arguments=(
        Argument("key_id", "path", "key_id", required=True),
        Argument("overlap", "body", "overlap"),
    ),
    security=("adminToken",),
    body="application/json",
    body_required=True,
)

UPDATE_ACCOUNT: Operation[types.Account, Never] = Operation(
    name="update_account",
    method="PATCH",
    path="/admin/api/accounts/{account}",
    arguments=(
        Argument("account", "path", "account", required=True),
        Argument("name", "body", "name"),
        Argument("status", "body", "status"),
        Argument("rate_multiplier", "body", "rate_multiplier"),
        Argument("daily_budget_usd", "body", "daily_budget_usd"),
        Argument("monthly_budget_usd", "body", "monthly_budget_usd"),
    ),
    security=("adminToken",),
    body="application/json",
    body_required=True,
)

UPDATE_KEY: Operation[types.ApiKey, Never] = Operation(
    name="update_key",
    method="PATCH",
    path="/admin/api/keys/{key_id}",
    arguments=(
        Argument("key_id", "path", "key_id", required=True),
        Argument("name", "body", "name"),
        Argument("models", "body", "models"),
        Argument("requests_per_minute", "body", "requests_per_minute"),
        Argument("tokens_per_minute", "body", "tokens_per_minute"),
        Argument("burst", "body", "burst"),
        Argument("concurrency", "body", "concurrency"),
        Argument("quota_usd", "body", "quota_usd"),
        Argument("quota_tokens", "body", "quota_tokens"),
        Argument("expires_at", "body", "expires_at"),
    ),
    security=("adminToken",),
    body="application/json",
    body_required=True,
)

USE_SIGN_IN_LINK: Operation[types.SignedIn, Never] = Operation(
    name="use_sign_in_link",
    method="POST",
    path="/api/auth/link",
    arguments=(Argument("token", "body", "token", required=True),),
    body="application/json",
    body_required=True,
)

"""What each method takes by name; whatever is left out is not sent. Generated; do not edit."""

from typing import Any, Literal, NotRequired

from . import types
from ._runtime.operations import CallOptions


class AddUpstreamKeyParams(CallOptions):
    """What `add_upstream_key` takes."""

    provider: str
    """The provider's name in providers.yaml."""
    value: str
    """The key, one line of visible ASCII. No answer and no log ever shows it."""
    weight: NotRequired[int]
    """Its share of the traffic, against the provider's other keys."""


class AdjustAccountParams(CallOptions):
    """What `adjust_account` takes."""

    account: str
    """The account's id or name. A name that several accounts have is refused."""
    amount_usd: types.UsdChange
    reference: str
    """Your name for this correction; the same reference is booked once."""
    reason: str
    """Why the balance was wrong; it stays in the ledger."""


class ConnectWalletParams(CallOptions):
    """What `connect_wallet` takes."""

    address: str
    """The wallet's address, in upper or lower case."""
    signature: str
    """The 65 bytes that `personal_sign` gave, in hexadecimal after `0x`."""
    chain_id: int
    """The chain of the challenge."""


class CountMessageTokensParams(CallOptions):
    """What `count_message_tokens` takes."""

    model: str
    """The model's id."""
    messages: list[types.InputMessage]
    """The conversation."""
    cache_control: NotRequired[types.CacheControl | None]
    context_management: NotRequired[dict[str, Any] | None]
    """How the provider shortens a long conversation."""
    mcp_servers: NotRequired[list[dict[str, Any]] | None]
    """Servers whose tools the provider may call."""
    output_config: NotRequired[types.OutputConfig | None]
    system: NotRequired[types.SystemPrompt]
    thinking: NotRequired[types.Thinking | None]
    tool_choice: NotRequired[types.MessageToolChoice | None]
    tools: NotRequired[list[types.MessageTool] | None]
    """What the model may call."""


class CreateAccountParams(CallOptions):
    """What `create_account` takes."""

    name: types.AccountName
    balance_usd: NotRequired[types.OptionalUsd]
    rate_multiplier: NotRequired[types.OptionalMultiplier]
    daily_budget_usd: NotRequired[types.DailyBudget]
    monthly_budget_usd: NotRequired[types.MonthlyBudget]


class CreateApiKeyParams(CallOptions):
    """What `create_api_key` takes."""

    name: str
    """The key's name, for people."""
    models: NotRequired[list[str] | None]
    """The models that the key may use; all of them without this."""
    requests_per_minute: NotRequired[types.Limit]
    tokens_per_minute: NotRequired[types.Limit]
    burst: NotRequired[int | None]
    """How many requests may come at once; a minute's worth without this."""
    concurrency: NotRequired[int | None]
    """How many streams may be open at the same time."""
    quota_usd: NotRequired[types.OptionalUsd]
    quota_tokens: NotRequired[int | None]
    """How many tokens the key may use in its life."""
    expires_at: NotRequired[str | None]
    """When the key stops working, as an RFC 3339 date-time or from now, such as `15m`, `12h` or `30d`."""


class CreateChatCompletionParams(CallOptions):
    """What `create_chat_completion` takes."""

    model: str
    """The model's id."""
    messages: list[types.ChatMessage]
    """The conversation so far."""
    audio: NotRequired[types.ChatVoice | None]
    best_of: NotRequired[int | None]
    """How many answers the provider makes to choose the best of, where it can. All of them are paid for."""
    frequency_penalty: NotRequired[float | None]
    """Above 0, the model repeats itself less."""
    function_call: NotRequired[str | types.NamedFunction | None]
    """Deprecated. Use `tool_choice`. It is `none`, `auto`, or the function that must be called."""
    functions: NotRequired[list[types.FormerFunction] | None]
    """Deprecated. Use `tools`."""
    logit_bias: NotRequired[dict[str, float] | None]
    """How much likelier each token becomes, by its number, from -100 to 100."""
    logprobs: NotRequired[bool | None]
    """Whether to report the probabilities of the answer's tokens."""
    max_completion_tokens: NotRequired[int | None]
    """The longest answer, in tokens, thoughts included."""
    max_tokens: NotRequired[int | None]
    """The longest answer, in tokens. Newer models want `max_completion_tokens`."""
    metadata: NotRequired[dict[str, Any] | None]
    """Names and values to keep with the answer."""
    modalities: NotRequired[list[str] | None]
    """The kinds of answer wanted, such as `text` and `audio`."""
    moderation: NotRequired[types.ModerationOptions | None]
    n: NotRequired[int | None]
    """How many answers to give. All of them are paid for."""
    parallel_tool_calls: NotRequired[bool | None]
    """Whether the model may call several tools at once."""
    prediction: NotRequired[types.ChatPrediction | None]
    presence_penalty: NotRequired[float | None]
    """Above 0, the model moves to new subjects sooner."""
    prompt_cache_key: NotRequired[str | None]
    """Requests with the same key share the provider's cache better."""
    prompt_cache_options: NotRequired[types.PromptCacheOptions | None]
    prompt_cache_retention: NotRequired[str | None]
    """Deprecated. Use `prompt_cache_options`. It is `in_memory` or `24h`."""
    reasoning_effort: NotRequired[str | None]
    """How much the model thinks, such as `none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`."""
    response_format: NotRequired[types.ResponseFormat | None]
    safety_identifier: NotRequired[str | None]
    """A stable name of your end user, passed to the provider."""
    seed: NotRequired[int | None]
    """The same seed and body give the same answer, as far as the provider can."""
    service_tier: NotRequired[str | None]
    """The provider's processing tier, such as `auto`, `default`, `flex`, `fast`, `priority` or `scale`."""
    stop: NotRequired[types.Stop]
    store: NotRequired[bool | None]
    """Whether the provider keeps the answer."""
    stream_options: NotRequired[types.StreamOptions | None]
    temperature: NotRequired[float | None]
    """Higher is more varied, 0 is the most certain."""
    tool_choice: NotRequired[str | types.ChatToolChoice | None]
    """`none`, `auto`, `required`, or the tool that must be called."""
    tools: NotRequired[list[types.ChatTool] | None]
    """What the model may call."""
    top_logprobs: NotRequired[int | None]
    """How many of the likeliest tokens to report at each place; wants `logprobs`."""
    top_p: NotRequired[float | None]
    """Choose only among the likeliest tokens that have this probability together."""
    user: NotRequired[str | None]
    """Your name for the end user, passed to the provider."""
    verbosity: NotRequired[str | None]
    """How long answers tend to be, such as `low`, `medium` or `high`."""
    web_search_options: NotRequired[types.WebSearchOptions | None]


class CreateCompletionParams(CallOptions):
    """What `create_completion` takes."""

    model: str
    """The model's id."""
    prompt: types.Prompt
    best_of: NotRequired[int | None]
    """How many continuations the provider makes to choose the best of. All of them are paid for."""
    echo: NotRequired[bool | None]
    """Repeat the prompt before the continuation."""
    frequency_penalty: NotRequired[float | None]
    logit_bias: NotRequired[dict[str, float] | None]
    logprobs: NotRequired[int | None]
    """How many of the likeliest tokens to report at each place."""
    max_tokens: NotRequired[int | None]
    """The longest continuation, in tokens."""
    n: NotRequired[int | None]
    """How many continuations to return."""
    presence_penalty: NotRequired[float | None]
    seed: NotRequired[int | None]
    """The same seed and body give the same text, as far as the provider can."""
    stop: NotRequired[types.Stop]
    stream_options: NotRequired[types.StreamOptions | None]
    suffix: NotRequired[str | None]
    """The text after the continuation."""
    temperature: NotRequired[float | None]
    top_p: NotRequired[float | None]
    user: NotRequired[str | None]


class CreateEmbeddingParams(CallOptions):
    """What `create_embedding` takes."""

    model: str
    """The model's id."""
    input: types.EmbeddingInput
    encoding_format: NotRequired[Literal["float", "base64"] | None]
    """Vectors as numbers (`float`), or as the base64 of little-endian float32 values."""
    dimensions: NotRequired[int | None]
    """The length of the vectors, where the model lets you choose."""
    user: NotRequired[str | None]
    """Your name for the end user, passed to the provider."""


class CreateKeyParams(CallOptions):
    """What `create_key` takes."""

    account: str
    """The account's id or name. A name that several accounts have is refused."""
    name: str
    """The key's name, for people."""
    models: NotRequired[list[str] | None]
    """The models that the key may use; all of them without this."""
    requests_per_minute: NotRequired[types.Limit]
    tokens_per_minute: NotRequired[types.Limit]
    burst: NotRequired[int | None]
    """How many requests may come at once; a minute's worth without this."""
    concurrency: NotRequired[int | None]
    """How many streams may be open at the same time."""
    quota_usd: NotRequired[types.OptionalUsd]
    quota_tokens: NotRequired[int | None]
    """How many tokens the key may use in its life."""
    expires_at: NotRequired[str | None]
    """When the key stops working, as an RFC 3339 date-time or from now, such as `15m`, `12h` or `30d`."""
    prefix: NotRequired[str | None]
    """What the key begins with."""


class CreateMessageParams(CallOptions):
    """What `create_message` takes."""

    model: str
    """The model's id."""
    messages: list[types.InputMessage]
    """The conversation so far."""
    max_tokens: int
    """The longest answer, in tokens. With 0 the provider only fills its cache."""
    cache_control: NotRequired[types.CacheControl | None]
    container: NotRequired[str | dict[str, Any] | None]
    """The container to use again, for code that the model runs."""
    context_management: NotRequired[dict[str, Any] | None]
    """How the provider shortens a long conversation."""
    inference_geo: NotRequired[str | None]
    """Where the provider answers."""
    mcp_servers: NotRequired[list[dict[str, Any]] | None]
    """Servers whose tools the provider may call."""
    metadata: NotRequired[types.MessageMetadata | None]
    output_config: NotRequired[types.OutputConfig | None]
    service_tier: NotRequired[str | None]
    """The provider's processing tier, such as `auto` or `standard_only`."""
    stop_sequences: NotRequired[list[str] | None]
    """Texts at which the model stops."""
    system: NotRequired[types.SystemPrompt]
    temperature: NotRequired[float | None]
    """Higher is more varied, 0 is the most certain."""
    thinking: NotRequired[types.Thinking | None]
    tool_choice: NotRequired[types.MessageToolChoice | None]
    tools: NotRequired[list[types.MessageTool] | None]
    """What the model may call."""
    top_k: NotRequired[int | None]
    """Choose only among this many of the likeliest tokens."""
    top_p: NotRequired[float | None]
    """Choose only among the likeliest tokens that have this probability together."""


class CreateModerationParams(CallOptions):
    """What `create_moderation` takes."""

    model: NotRequired[str | None]
    """The model's id; without it, a provider's default."""
    input: types.ModerationInput


class CreateQuoteParams(CallOptions):
    """What `create_quote` takes."""

    model: NotRequired[str | None]
    """The model's id; only moderations have a default."""
    operation: NotRequired[types.QuotedOperation]
    audio: NotRequired[Any]
    background: NotRequired[Any]
    best_of: NotRequired[Any]
    cache_control: NotRequired[Any]
    container: NotRequired[Any]
    context_management: NotRequired[Any]
    conversation: NotRequired[Any]
    dimensions: NotRequired[Any]
    echo: NotRequired[Any]
    encoding_format: NotRequired[Any]
    frequency_penalty: NotRequired[Any]
    function_call: NotRequired[Any]
    functions: NotRequired[Any]
    include: NotRequired[Any]
    inference_geo: NotRequired[Any]
    input: NotRequired[Any]
    instructions: NotRequired[Any]
    logit_bias: NotRequired[Any]
    logprobs: NotRequired[Any]
    max_completion_tokens: NotRequired[Any]
    max_output_tokens: NotRequired[Any]
    max_tokens: NotRequired[Any]
    max_tool_calls: NotRequired[Any]
    mcp_servers: NotRequired[Any]
    messages: NotRequired[Any]
    metadata: NotRequired[Any]
    modalities: NotRequired[Any]
    moderation: NotRequired[Any]
    n: NotRequired[Any]
    output_config: NotRequired[Any]
    parallel_tool_calls: NotRequired[Any]
    prediction: NotRequired[Any]
    presence_penalty: NotRequired[Any]
    previous_response_id: NotRequired[Any]
    prompt: NotRequired[Any]
    prompt_cache_key: NotRequired[Any]
    prompt_cache_options: NotRequired[Any]
    prompt_cache_retention: NotRequired[Any]
    reasoning: NotRequired[Any]
    reasoning_effort: NotRequired[Any]
    response_format: NotRequired[Any]
    safety_identifier: NotRequired[Any]
    seed: NotRequired[Any]
    service_tier: NotRequired[Any]
    stop: NotRequired[Any]
    stop_sequences: NotRequired[Any]
    store: NotRequired[Any]
    stream: NotRequired[Any]
    stream_options: NotRequired[Any]
    suffix: NotRequired[Any]
    system: NotRequired[Any]
    temperature: NotRequired[Any]
    text: NotRequired[Any]
    thinking: NotRequired[Any]
    tool_choice: NotRequired[Any]
    tools: NotRequired[Any]
    top_k: NotRequired[Any]
    top_logprobs: NotRequired[Any]
    top_p: NotRequired[Any]
    truncation: NotRequired[Any]
    user: NotRequired[Any]
    verbosity: NotRequired[Any]
    web_search_options: NotRequired[Any]


class CreateResponseParams(CallOptions):
    """What `create_response` takes."""

    model: str
    """The model's id."""
    input: NotRequired[str | list[types.ResponseInputItem] | None]
    """A text, or the items of the conversation so far."""
    background: NotRequired[bool | None]
    """Only `false`: the answer to a response in the background has no usage when it comes, so it could not be charged
    for what it really takes. Such a call is refused with 400.
    """
    context_management: NotRequired[list[types.ResponseCompaction] | None]
    """When and how the provider shortens a long conversation."""
    conversation: NotRequired[str | types.StoredConversation | None]
    """A conversation that the provider keeps, which this continues. Its length counts as the model's whole context."""
    include: NotRequired[list[str] | None]
    """What else the answer should have, such as `reasoning.encrypted_content` or `message.output_text.logprobs`."""
    instructions: NotRequired[str | list[dict[str, Any]] | None]
    """What the model is told before the input."""
    max_output_tokens: NotRequired[int | None]
    """The longest answer, in tokens, thoughts included."""
    max_tool_calls: NotRequired[int | None]
    """How often the provider's own tools may be called."""
    metadata: NotRequired[dict[str, Any] | None]
    """Names and values to keep with the answer."""
    moderation: NotRequired[types.ModerationOptions | None]
    parallel_tool_calls: NotRequired[bool | None]
    """Whether the model may call several tools at once."""
    previous_response_id: NotRequired[str | None]
    """A response that the provider keeps, which this continues. Its length counts as the model's whole context."""
    prompt: NotRequired[types.StoredPrompt | None]
    prompt_cache_key: NotRequired[str | None]
    """Requests with the same key share the provider's cache better."""
    prompt_cache_options: NotRequired[types.PromptCacheOptions | None]
    prompt_cache_retention: NotRequired[str | None]
    """Deprecated. Use `prompt_cache_options`. It is `in_memory` or `24h`."""
    reasoning: NotRequired[types.ResponseReasoning | None]
    safety_identifier: NotRequired[str | None]
    """A stable name of your end user, passed to the provider."""
    service_tier: NotRequired[str | None]
    """The provider's processing tier, such as `auto`, `default`, `flex`, `fast`, `priority`, `scale` or `ultrafast`."""
    store: NotRequired[bool | None]
    """Whether the provider keeps the answer."""
    stream_options: NotRequired[types.ResponseStreamOptions | None]
    temperature: NotRequired[float | None]
    """Higher is more varied, 0 is the most certain."""
    text: NotRequired[types.ResponseText | None]
    tool_choice: NotRequired[str | types.ResponseToolChoice | None]
    """`none`, `auto`, `required`, or the tool that must be called."""
    tools: NotRequired[list[types.ResponseTool] | None]
    """What the model may call. The provider may charge its own tools per call; only tokens are charged here."""
    top_logprobs: NotRequired[int | None]
    """How many of the likeliest tokens to report at each place."""
    top_p: NotRequired[float | None]
    """Choose only among the likeliest tokens that have this probability together."""
    truncation: NotRequired[str | None]
    """Deprecated. `auto` leaves out the oldest items where the input is too long, `disabled` refuses it."""
    user: NotRequired[str | None]
    """Deprecated. Use `safety_identifier` and `prompt_cache_key`."""


class CreateSignInLinkParams(CallOptions):
    """What `create_sign_in_link` takes."""

    account: str
    """The account's id or name. A name that several accounts have is refused."""


class CreditAccountParams(CallOptions):
    """What `credit_account` takes."""

    account: str
    """The account's id or name. A name that several accounts have is refused."""
    amount_usd: types.Usd
    reference: str
    """Your name for this payment; the same reference is credited once."""


class DeleteApiKeyParams(CallOptions):
    """What `delete_api_key` takes."""

    key_id: str
    """The API key's id (not the key itself)."""


class ExplainRouteParams(CallOptions):
    """What `explain_route` takes."""

    model: str
    """The public id of a model."""
    operation: NotRequired[str]
    """The operation to be served; left out, the one that the model is made for."""


class GetAccountParams(CallOptions):
    """What `get_account` takes."""

    account: str
    """The account's id or name. A name that several accounts have is refused."""


class GetAllUsageParams(CallOptions):
    """What `get_all_usage` takes."""

    start: NotRequired[str]
    """The first day (`2026-11-21`), or the first hour (`2026-11-21T13:00:00Z`), in UTC. Left out: 30 days up to
    `to`.
    """
    end: NotRequired[str]
    """The last day, which is included, or the hour at which the span ends, which is not. Left out, it is today."""
    by: NotRequired[str]
    """What to group by, separated by commas; one or more of `day`, `hour`, `model`, `key`, `provider`, `account`."""
    account: NotRequired[str]
    """Only this account, by its id or name."""
    key_id: NotRequired[str]
    """Only what was called with this API key, by its id."""
    written_as: NotRequired[Literal["json", "csv"]]
    """How the answer is written. `csv` has a heading and the rows; a text that a spreadsheet would run as a formula
    begins with `'`.
    """


class GetKeyParams(CallOptions):
    """What `get_key` takes."""

    key_id: str
    """The API key's id (not the key itself)."""


class GetLedgerReconciliationParams(CallOptions):
    """What `get_ledger_reconciliation` takes."""

    limit: NotRequired[int]
    """How many rows at most."""
    before: NotRequired[str]
    """Only rows older than this; the `next_before` of the page that came before."""


class GetModelParams(CallOptions):
    """What `get_model` takes."""

    model: str
    """The model's id, slashes and colons included."""


class GetProviderParams(CallOptions):
    """What `get_provider` takes."""

    provider: str
    """The provider's name in providers.yaml."""


class GetSignInChallengeParams(CallOptions):
    """What `get_sign_in_challenge` takes."""

    address: str
    """The wallet's address, in upper or lower case."""
    chain_id: int
    """The chain that the wallet is on (EIP-155)."""


class GetUsageParams(CallOptions):
    """What `get_usage` takes."""

    start: NotRequired[str]
    """The first day (`2026-11-21`), or the first hour (`2026-11-21T13:00:00Z`), in UTC. Left out: 30 days up to
    `to`.
    """
    end: NotRequired[str]
    """The last day, which is included, or the hour at which the span ends, which is not. Left out, it is today."""
    by: NotRequired[str]
    """What to group by, separated by commas; one or more of `day`, `hour`, `model`, `key`, `provider`."""
    key_id: NotRequired[str]
    """Only what was called with this API key, by its id."""
    written_as: NotRequired[Literal["json", "csv"]]
    """How the answer is written. `csv` has a heading and the rows; a text that a spreadsheet would run as a formula
    begins with `'`.
    """


class ListKeysParams(CallOptions):
    """What `list_keys` takes."""

    account: str
    """The account's id or name. A name that several accounts have is refused."""


class ListLedgerRowsParams(CallOptions):
    """What `list_ledger_rows` takes."""

    account: NotRequired[str]
    """Only the rows of this account, by its id or name."""
    request_id: NotRequired[str]
    """Only the row of this request, by the id in its `x-request-id`."""
    limit: NotRequired[int]
    """How many rows at most."""
    before: NotRequired[str]
    """Only rows older than this; the `next_before` of the page that came before."""


class ListLogRowsParams(CallOptions):
    """What `list_log_rows` takes."""

    account: NotRequired[str]
    """Only changes of this account and its keys, by its id or name."""
    thing: NotRequired[str]
    """Only changes of the account, the API key or the provider's key with this id, or of the provider with this
    name.
    """
    action: NotRequired[str]
    """Only this operation."""
    limit: NotRequired[int]
    """How many rows at most."""
    before: NotRequired[str]
    """Only rows older than this; the `next_before` of the page that came before."""


class PauseProviderParams(CallOptions):
    """What `pause_provider` takes."""

    provider: str
    """The provider's name in providers.yaml."""
    reason: NotRequired[str]
    """A line of at most 200 characters. Clients whose calls are refused read it, too."""


class ResumeProviderParams(CallOptions):
    """What `resume_provider` takes."""

    provider: str
    """The provider's name in providers.yaml."""


class RevokeKeyParams(CallOptions):
    """What `revoke_key` takes."""

    key_id: str
    """The API key's id (not the key itself)."""


class RevokeUpstreamKeyParams(CallOptions):
    """What `revoke_upstream_key` takes."""

    provider: str
    """The provider's name in providers.yaml."""
    key_id: str
    """The stored key's id (not the key itself)."""


class RotateKeyParams(CallOptions):
    """What `rotate_key` takes."""

    key_id: str
    """The API key's id (not the key itself)."""
    overlap: NotRequired[str]
    """How long the old key still works, such as `15m`, `24h` or `7d`; `0` is not at all."""


class UpdateAccountParams(CallOptions):
    """What `update_account` takes."""

    account: str
    """The account's id or name. A name that several accounts have is refused."""
    name: NotRequired[types.AccountName]
    status: NotRequired[types.AccountStatus]
    rate_multiplier: NotRequired[types.NewMultiplier]
    daily_budget_usd: NotRequired[types.DailyBudget]
    monthly_budget_usd: NotRequired[types.MonthlyBudget]


class UpdateKeyParams(CallOptions):
    """What `update_key` takes."""

    key_id: str
    """The API key's id (not the key itself)."""
    name: NotRequired[str]
    """The key's name, for people."""
    models: NotRequired[list[str] | None]
    """The models that the key may use; `null` is all of them."""
    requests_per_minute: NotRequired[types.Limit]
    tokens_per_minute: NotRequired[types.Limit]
    burst: NotRequired[types.Limit]
    concurrency: NotRequired[types.Limit]
    quota_usd: NotRequired[types.OptionalUsd]
    quota_tokens: NotRequired[types.Limit]
    expires_at: NotRequired[str | None]
    """When the key stops working, as an RFC 3339 date-time or from now, such as `15m`, `12h` or `30d`; `null` is
    never.
    """


class UseSignInLinkParams(CallOptions):
    """What `use_sign_in_link` takes."""

    token: str
    """The token at the end of the link."""

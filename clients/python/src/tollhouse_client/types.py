"""What goes over the wire: plain dicts, typed. Generated; do not edit."""

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

AccountStatus: TypeAlias = Literal["active", "suspended"]
"""Whether the account's keys work. Those of a suspended account are refused; its running calls finish and are
charged.
"""


DailyBudget: TypeAlias = str | None
"""The most that the account may spend in a calendar day (UTC); `null` or zero is no limit."""


MonthlyBudget: TypeAlias = str | None
"""The most that the account may spend in a calendar month (UTC); `null` or zero is no limit."""


Multiplier: TypeAlias = str
"""A factor on prices; a product of several factors has more than six digits after the point."""


SignedUsd: TypeAlias = str
"""An amount of US dollars; a balance can be a little below zero."""


class Account(TypedDict):
    """An account and its money."""

    id: str
    name: str
    balance_usd: SignedUsd
    held_usd: SignedUsd
    available_usd: SignedUsd
    spent_usd: SignedUsd
    spent_today_usd: SignedUsd
    daily_budget_usd: DailyBudget
    spent_this_month_usd: SignedUsd
    monthly_budget_usd: MonthlyBudget
    rate_multiplier: Multiplier
    status: AccountStatus
    created_at: str
    booked: NotRequired[bool]


Limit: TypeAlias = int | None
"""A limit of the key; `null` is the gateway's default, 0 is no limit."""


OptionalUsd: TypeAlias = str | None
"""An amount of US dollars, at most nine digits after the point."""


class AccountApiKey(TypedDict):
    """An API key, without the key itself. Limits are there where the key has them."""

    name: str
    models: NotRequired[list[str] | None]
    requests_per_minute: NotRequired[Limit]
    tokens_per_minute: NotRequired[Limit]
    burst: NotRequired[int | None]
    concurrency: NotRequired[int | None]
    quota_usd: NotRequired[OptionalUsd]
    quota_tokens: NotRequired[int | None]
    expires_at: NotRequired[str | None]
    id: str
    created_at: str
    last_used: str | None
    is_active: bool


class AccountApiKeyList(TypedDict):
    """The API keys of the account, the oldest first; deactivated ones, too."""

    apiKeys: list[AccountApiKey]


class AccountList(TypedDict):
    """All accounts."""

    accounts: list[Account]


AccountName: TypeAlias = str
"""The account's name, for people. It need not be unique."""


AvailableTokens: TypeAlias = int
"""With `quota_tokens` and `tokens_per_minute`, how many tokens are left now."""


AvailableUsd: TypeAlias = str
"""With `balance`, a budget or `quota_usd`, what is left of it now, beside what running requests hold."""


MaxTokensThatFit: TypeAlias = int
"""With limits of money and tokens, the largest `max_tokens` with which this request would fit now; 0 where its prompt
alone does not.
"""


NeededTokens: TypeAlias = int
"""With `quota_tokens` and `tokens_per_minute`, how many tokens the request may use, of its prompt and of its
answers.
"""


NeededUsd: TypeAlias = str
"""With `balance`, a budget or `quota_usd`, what the request would hold, which is the most it is expected to cost."""


RefusalLimit: TypeAlias = str
"""With 402 and 429, what the request does not fit into: `balance`, `daily_budget`, `monthly_budget` or
`account_requests_per_minute` of the account; `quota_usd`, `quota_tokens`, `requests_per_minute`, `tokens_per_minute` or
`concurrency` of the API key.
"""


ResetsAt: TypeAlias = str
"""With a budget, when the next day or month (UTC) begins."""


class AddUpstreamKeyRequest(TypedDict):
    """A key of the provider's own, to be kept encrypted."""

    value: str
    weight: NotRequired[int]


UsdChange: TypeAlias = str
"""An amount of US dollars to add, or to take away where it is below zero; at most nine digits after the point."""


class AdjustAccountRequest(TypedDict):
    """By how much to correct the balance, and why."""

    amount_usd: UsdChange
    reference: str
    reason: str


class AnthropicErrorDetail(TypedDict):
    """What went wrong."""

    type: str
    message: str
    limit: NotRequired[RefusalLimit]
    needed_usd: NotRequired[NeededUsd]
    available_usd: NotRequired[AvailableUsd]
    needed_tokens: NotRequired[NeededTokens]
    available_tokens: NotRequired[AvailableTokens]
    max_tokens_that_fit: NotRequired[MaxTokensThatFit]
    resets_at: NotRequired[ResetsAt]


class AnthropicError(TypedDict):
    """An error as Anthropic's clients expect it."""

    type: Literal["error"]
    error: AnthropicErrorDetail
    request_id: NotRequired[str | None]


class ApiKey(TypedDict):
    """An API key, without the key itself."""

    id: str
    account: str
    name: str
    prefix: str
    models: list[str] | None
    requests_per_minute: Limit
    tokens_per_minute: Limit
    burst: Limit
    concurrency: Limit
    quota_usd: OptionalUsd
    quota_tokens: Limit
    expires_at: str | None
    created_at: str
    revoked_at: str | None
    last_used_at: str | None
    is_active: bool
    spent_usd: str
    tokens_used: int
    quota_of: str | None


class ApiKeyList(TypedDict):
    """The API keys of an account."""

    keys: list[ApiKey]


class ApproximateLocation(TypedDict):
    """A place, as far as it is known."""

    city: NotRequired[str | None]
    country: NotRequired[str | None]
    region: NotRequired[str | None]
    timezone: NotRequired[str | None]


class BlockSource(TypedDict):
    """An image or a document; `type` says which of the other fields it has."""

    type: NotRequired[str | None]
    media_type: NotRequired[str | None]
    data: NotRequired[str | None]
    url: NotRequired[str | None]
    file_id: NotRequired[str | None]
    content: NotRequired[str | list[dict[str, Any]] | None]


class CacheControl(TypedDict):
    """Everything up to here goes to the provider's cache."""

    type: str
    ttl: NotRequired[str | None]


class CacheCreation(TypedDict):
    """What was written to the provider's cache, by how long it is kept."""

    ephemeral_5m_input_tokens: NotRequired[int]
    ephemeral_1h_input_tokens: NotRequired[int]


class CatalogueModel(TypedDict):
    """A model that can be called here."""

    id: str
    name: str
    description: str
    author: str
    blockchain: str | None
    price: str
    tags: list[str]
    huggingFaceId: str | None


CatalogueModelList: TypeAlias = list[CatalogueModel]
"""The models that can be called here, in the order of the catalogue."""


class UrlCitation(TypedDict):
    """A page of the web."""

    url: NotRequired[str]
    title: NotRequired[str | None]
    start_index: NotRequired[int]
    end_index: NotRequired[int]


class ChatAnnotation(TypedDict):
    """What a part of the text refers to."""

    type: NotRequired[str]
    url_citation: NotRequired[UrlCitation | None]


class ChatAudioAnswer(TypedDict):
    """A spoken answer."""

    id: NotRequired[str]
    expires_at: NotRequired[int]
    data: NotRequired[str]
    transcript: NotRequired[str]


class CustomToolCall(TypedDict):
    """The call of a tool that takes free text."""

    name: NotRequired[str | None]
    input: NotRequired[str | None]


class FunctionCall(TypedDict):
    """A call of a function."""

    name: str
    arguments: str


class ChatToolCall(TypedDict):
    """A call of a tool by the assistant."""

    id: str
    type: str
    function: NotRequired[FunctionCall | None]
    custom: NotRequired[CustomToolCall | None]


class ChatAnswer(TypedDict):
    """What the assistant said or called."""

    role: Literal["assistant"]
    content: NotRequired[str | None]
    refusal: NotRequired[str | None]
    tool_calls: NotRequired[list[ChatToolCall] | None]
    function_call: NotRequired[FunctionCall | None]
    audio: NotRequired[ChatAudioAnswer | None]
    annotations: NotRequired[list[ChatAnnotation] | None]


class ChatAudio(TypedDict):
    """A recording."""

    data: str
    format: str


class LikelyToken(TypedDict):
    """A token that could have come."""

    token: str
    logprob: float
    bytes: NotRequired[list[int] | None]


class TokenLogprob(TypedDict):
    """The probability of one token."""

    token: str
    logprob: float
    bytes: NotRequired[list[int] | None]
    top_logprobs: NotRequired[list[LikelyToken] | None]


class ChatLogprobs(TypedDict):
    """The probabilities of the answer's tokens."""

    content: NotRequired[list[TokenLogprob] | None]
    refusal: NotRequired[list[TokenLogprob] | None]


class ChatChoice(TypedDict):
    """One answer."""

    index: int
    message: ChatAnswer
    logprobs: NotRequired[ChatLogprobs | None]
    finish_reason: NotRequired[str | None]


class FunctionCallDelta(TypedDict):
    """The next part of a function call; `arguments` continues the text before it."""

    name: NotRequired[str | None]
    arguments: NotRequired[str | None]


class ChatToolCallDelta(TypedDict):
    """The next part of a tool call."""

    index: int
    id: NotRequired[str | None]
    type: NotRequired[str | None]
    function: NotRequired[FunctionCallDelta | None]


class ChatDelta(TypedDict):
    """What is new."""

    role: NotRequired[str | None]
    content: NotRequired[str | None]
    refusal: NotRequired[str | None]
    tool_calls: NotRequired[list[ChatToolCallDelta] | None]
    function_call: NotRequired[FunctionCallDelta | None]


class ChatChunkChoice(TypedDict):
    """The next part of one answer."""

    index: int
    delta: ChatDelta
    logprobs: NotRequired[ChatLogprobs | None]
    finish_reason: NotRequired[str | None]


class CompletionTokensDetails(TypedDict):
    """What the completion's tokens are made of."""

    reasoning_tokens: NotRequired[int | None]
    audio_tokens: NotRequired[int | None]
    text_tokens: NotRequired[int | None]
    accepted_prediction_tokens: NotRequired[int | None]
    rejected_prediction_tokens: NotRequired[int | None]


class PromptTokensDetails(TypedDict):
    """What the prompt's tokens are made of."""

    cached_tokens: NotRequired[int | None]
    cache_write_tokens: NotRequired[int | None]
    audio_tokens: NotRequired[int | None]
    image_tokens: NotRequired[int | None]
    text_tokens: NotRequired[int | None]


class CompletionUsage(TypedDict):
    """What a completion used. Reasoning tokens are inside `completion_tokens`, cached tokens inside `prompt_tokens`."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: NotRequired[PromptTokensDetails | None]
    completion_tokens_details: NotRequired[CompletionTokensDetails | None]


class ModerationFindings(TypedDict):
    """What the provider found, where it was asked."""

    input: NotRequired[dict[str, Any] | None]
    output: NotRequired[dict[str, Any] | None]


class ChatCompletion(TypedDict):
    """The answer to a conversation."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChatChoice]
    metadata: NotRequired[dict[str, Any] | None]
    usage: NotRequired[CompletionUsage | None]
    service_tier: NotRequired[str | None]
    moderation: NotRequired[ModerationFindings | None]
    system_fingerprint: NotRequired[str | None]


class ChatCompletionChunk(TypedDict):
    """The next part of an answer."""

    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: str
    choices: list[ChatChunkChoice]
    obfuscation: NotRequired[str | None]
    usage: NotRequired[CompletionUsage | None]
    service_tier: NotRequired[str | None]
    moderation: NotRequired[ModerationFindings | None]
    system_fingerprint: NotRequired[str | None]


class ChatFile(TypedDict):
    """A file, by its id or with its content."""

    file_id: NotRequired[str | None]
    file_data: NotRequired[str | None]
    filename: NotRequired[str | None]


class ChatImage(TypedDict):
    """An image."""

    url: str
    detail: NotRequired[str | None]


class PromptCacheBreakpoint(TypedDict):
    """Everything up to here goes to the provider's cache."""

    mode: NotRequired[str | None]


class ChatContentPart(TypedDict):
    """A part of a message; `type` says which of the other fields it has."""

    type: str
    text: NotRequired[str | None]
    image_url: NotRequired[ChatImage | None]
    input_audio: NotRequired[ChatAudio | None]
    file: NotRequired[ChatFile | None]
    refusal: NotRequired[str | None]
    prompt_cache_breakpoint: NotRequired[PromptCacheBreakpoint | None]


ChatContent: TypeAlias = str | list[ChatContentPart] | None
"""A text, or parts. Null where an assistant only calls tools."""


class FormerFunctionCall(TypedDict):
    """Use `tool_calls`."""

    name: NotRequired[str | None]
    arguments: NotRequired[str | None]


class SpokenAnswer(TypedDict):
    """A spoken answer given earlier, or a voice, by its id."""

    id: NotRequired[str | None]


class ChatMessage(TypedDict):
    """One message of a conversation."""

    role: Literal["developer", "system", "user", "assistant", "tool", "function"]
    content: NotRequired[ChatContent]
    name: NotRequired[str | None]
    audio: NotRequired[SpokenAnswer | None]
    refusal: NotRequired[str | None]
    tool_calls: NotRequired[list[ChatToolCall] | None]
    tool_call_id: NotRequired[str | None]
    function_call: NotRequired[FormerFunctionCall | None]


class ChatPrediction(TypedDict):
    """Text that the answer will mostly repeat."""

    type: NotRequired[str | None]
    content: NotRequired[ChatContent]


class CustomTool(TypedDict):
    """A tool that takes free text."""

    name: NotRequired[str | None]
    description: NotRequired[str | None]
    format: NotRequired[dict[str, Any] | None]


class FunctionDefinition(TypedDict):
    """A function that the model may call."""

    name: str
    description: NotRequired[str | None]
    parameters: NotRequired[dict[str, Any] | None]
    strict: NotRequired[bool | None]


class ChatTool(TypedDict):
    """Something that the model may call."""

    type: str
    function: NotRequired[FunctionDefinition | None]
    custom: NotRequired[CustomTool | None]


class NamedFunction(TypedDict):
    """A function by its name."""

    name: NotRequired[str | None]


class NamedTool(TypedDict):
    """A tool by its name."""

    name: NotRequired[str | None]


class ChatToolChoice(TypedDict):
    """The tool that must be called, or the tools that may be."""

    type: NotRequired[str | None]
    function: NotRequired[NamedFunction | None]
    custom: NotRequired[NamedTool | None]
    allowed_tools: NotRequired[dict[str, Any] | None]


class ChatVoice(TypedDict):
    """Voice and format of a spoken answer."""

    format: NotRequired[str | None]
    voice: NotRequired[str | SpokenAnswer | None]


class Citation(TypedDict):
    """What a part of a text cites; `type` says which of the other fields it has."""

    type: NotRequired[str | None]
    cited_text: NotRequired[str | None]
    document_index: NotRequired[int | None]
    document_title: NotRequired[str | None]
    title: NotRequired[str | None]
    source: NotRequired[str | None]
    url: NotRequired[str | None]
    file_id: NotRequired[str | None]
    encrypted_index: NotRequired[str | None]
    search_result_index: NotRequired[int | None]
    start_char_index: NotRequired[int | None]
    end_char_index: NotRequired[int | None]
    start_page_number: NotRequired[int | None]
    end_page_number: NotRequired[int | None]
    start_block_index: NotRequired[int | None]
    end_block_index: NotRequired[int | None]


class CitationOptions(TypedDict):
    """Whether a document may be cited."""

    enabled: NotRequired[bool | None]


class CompletionLogprobs(TypedDict):
    """The probabilities of the tokens, where they were asked for; each list has an entry for each token."""

    tokens: NotRequired[list[str] | None]
    token_logprobs: NotRequired[list[float | None] | None]
    top_logprobs: NotRequired[list[dict[str, Any] | None] | None]
    text_offset: NotRequired[list[int] | None]


class CompletionChoice(TypedDict):
    """One continuation, or the next part of it."""

    index: int
    text: str
    logprobs: NotRequired[CompletionLogprobs | None]
    finish_reason: NotRequired[str | None]


class Completion(TypedDict):
    """The continuations of a text, or, in a stream, the next part of them."""

    id: str
    object: Literal["text_completion"]
    created: int
    model: str
    choices: list[CompletionChoice]
    system_fingerprint: NotRequired[str | None]
    usage: NotRequired[CompletionUsage | None]


class ConnectWalletRequest(TypedDict):
    """A wallet's answer to its challenge."""

    address: str
    signature: str
    chain_id: int


class ContentBlock(TypedDict):
    """A block of an answer; `type` says which of the other fields it has."""

    type: str
    text: NotRequired[str]
    citations: NotRequired[list[Citation] | None]
    id: NotRequired[str]
    name: NotRequired[str]
    input: NotRequired[dict[str, Any]]
    thinking: NotRequired[str]
    signature: NotRequired[str]
    data: NotRequired[str]
    tool_use_id: NotRequired[str]
    content: NotRequired[Any]


class ContentBlockDelta(TypedDict):
    """What is new in a block; `type` says which of the other fields it has."""

    type: str
    text: NotRequired[str]
    partial_json: NotRequired[str]
    thinking: NotRequired[str]
    signature: NotRequired[str]
    citation: NotRequired[Citation]


class ContentBlockDeltaEvent(TypedDict):
    """A block continues."""

    type: Literal["content_block_delta"]
    index: int
    delta: ContentBlockDelta


class ContentBlockStartEvent(TypedDict):
    """A block begins."""

    type: Literal["content_block_start"]
    index: int
    content_block: ContentBlock


class ContentBlockStopEvent(TypedDict):
    """A block ends."""

    type: Literal["content_block_stop"]
    index: int


class InputContentBlock(TypedDict):
    """A block of a message; `type` says which of the other fields it has."""

    type: str
    text: NotRequired[str | None]
    source: NotRequired[BlockSource | str | None]
    file_id: NotRequired[str | None]
    caller: NotRequired[dict[str, Any] | None]
    id: NotRequired[str | None]
    name: NotRequired[str | None]
    input: NotRequired[dict[str, Any] | None]
    tool_use_id: NotRequired[str | None]
    content: NotRequired[Any]
    is_error: NotRequired[bool | None]
    thinking: NotRequired[str | None]
    signature: NotRequired[str | None]
    data: NotRequired[str | None]
    title: NotRequired[str | None]
    context: NotRequired[str | None]
    citations: NotRequired[CitationOptions | list[Citation] | None]
    cache_control: NotRequired[CacheControl | None]


MessageContent: TypeAlias = str | list[InputContentBlock]
"""A text, or blocks."""


class InputMessage(TypedDict):
    """One message of a conversation."""

    role: Literal["user", "assistant", "system"]
    content: MessageContent


class MessageTool(TypedDict):
    """Something that the model may call. The provider's own tools have a `type`."""

    type: NotRequired[str | None]
    name: NotRequired[str | None]
    description: NotRequired[str | None]
    input_schema: NotRequired[dict[str, Any] | None]
    strict: NotRequired[bool | None]
    defer_loading: NotRequired[bool | None]
    eager_input_streaming: NotRequired[bool | None]
    input_examples: NotRequired[list[dict[str, Any]] | None]
    allowed_callers: NotRequired[list[str] | None]
    cache_control: NotRequired[CacheControl | None]


class MessageToolChoice(TypedDict):
    """Whether the model must call a tool, and which."""

    type: str
    name: NotRequired[str | None]
    disable_parallel_tool_use: NotRequired[bool | None]


class OutputFormat(TypedDict):
    """The form of the answer."""

    type: NotRequired[str | None]
    schema: NotRequired[dict[str, Any] | None]


class OutputConfig(TypedDict):
    """Effort and form of the answer."""

    effort: NotRequired[str | None]
    format: NotRequired[OutputFormat | None]


class SystemBlock(TypedDict):
    """A block of the instructions."""

    type: Literal["text"]
    text: str
    citations: NotRequired[list[Citation] | None]
    cache_control: NotRequired[CacheControl | None]


SystemPrompt: TypeAlias = str | list[SystemBlock] | None
"""Instructions for the model, a text or blocks."""


class Thinking(TypedDict):
    """Whether and how long the model thinks before it answers."""

    type: str
    budget_tokens: NotRequired[int | None]
    display: NotRequired[str | None]


class CountMessageTokensRequest(TypedDict):
    """The conversation whose tokens to count."""

    model: str
    messages: list[InputMessage]
    cache_control: NotRequired[CacheControl | None]
    context_management: NotRequired[dict[str, Any] | None]
    mcp_servers: NotRequired[list[dict[str, Any]] | None]
    output_config: NotRequired[OutputConfig | None]
    system: NotRequired[SystemPrompt]
    thinking: NotRequired[Thinking | None]
    tool_choice: NotRequired[MessageToolChoice | None]
    tools: NotRequired[list[MessageTool] | None]


OptionalMultiplier: TypeAlias = str | None
"""A factor on prices, at most six digits after the point."""


class CreateAccountRequest(TypedDict):
    """The account to create."""

    name: AccountName
    balance_usd: NotRequired[OptionalUsd]
    rate_multiplier: NotRequired[OptionalMultiplier]
    daily_budget_usd: NotRequired[DailyBudget]
    monthly_budget_usd: NotRequired[MonthlyBudget]


class CreateApiKeyRequest(TypedDict):
    """The API key to create. A limit that is absent or null is the gateway's default, 0 is no limit."""

    name: str
    models: NotRequired[list[str] | None]
    requests_per_minute: NotRequired[Limit]
    tokens_per_minute: NotRequired[Limit]
    burst: NotRequired[int | None]
    concurrency: NotRequired[int | None]
    quota_usd: NotRequired[OptionalUsd]
    quota_tokens: NotRequired[int | None]
    expires_at: NotRequired[str | None]


class FormerFunction(TypedDict):
    """Use `tools`."""

    name: NotRequired[str | None]
    description: NotRequired[str | None]
    parameters: NotRequired[dict[str, Any] | None]


class ModerationPolicy(TypedDict):
    """What happens with what was found."""

    input: NotRequired[dict[str, Any] | None]
    output: NotRequired[dict[str, Any] | None]


class ModerationOptions(TypedDict):
    """How the provider checks what goes in and comes out."""

    model: NotRequired[str | None]
    policy: NotRequired[ModerationPolicy | None]


class PromptCacheOptions(TypedDict):
    """How the provider's cache is used."""

    mode: NotRequired[str | None]
    ttl: NotRequired[str | None]


class ResponseJsonSchema(TypedDict):
    """The schema that the answer must fit."""

    name: str
    description: NotRequired[str | None]
    schema: NotRequired[dict[str, Any] | None]
    strict: NotRequired[bool | None]


class ResponseFormat(TypedDict):
    """The form of the answer. `json_schema` wants `json_schema`."""

    type: str
    json_schema: NotRequired[ResponseJsonSchema | None]


Stop: TypeAlias = str | list[str] | None
"""The text, or the texts, at which the model stops. The answer does not contain them."""


class StreamOptions(TypedDict):
    """How a stream is sent."""

    include_usage: NotRequired[bool | None]
    include_obfuscation: NotRequired[bool | None]


class WebSearchLocation(TypedDict):
    """About where the end user is."""

    type: NotRequired[str | None]
    approximate: NotRequired[ApproximateLocation | None]


class WebSearchOptions(TypedDict):
    """How the provider searches the web for the answer."""

    search_context_size: NotRequired[str | None]
    user_location: NotRequired[WebSearchLocation | None]


class CreateChatCompletionRequest(TypedDict):
    """The conversation to answer, and how."""

    model: str
    messages: list[ChatMessage]
    audio: NotRequired[ChatVoice | None]
    best_of: NotRequired[int | None]
    frequency_penalty: NotRequired[float | None]
    function_call: NotRequired[str | NamedFunction | None]
    functions: NotRequired[list[FormerFunction] | None]
    logit_bias: NotRequired[dict[str, float] | None]
    logprobs: NotRequired[bool | None]
    max_completion_tokens: NotRequired[int | None]
    max_tokens: NotRequired[int | None]
    metadata: NotRequired[dict[str, Any] | None]
    modalities: NotRequired[list[str] | None]
    moderation: NotRequired[ModerationOptions | None]
    n: NotRequired[int | None]
    parallel_tool_calls: NotRequired[bool | None]
    prediction: NotRequired[ChatPrediction | None]
    presence_penalty: NotRequired[float | None]
    prompt_cache_key: NotRequired[str | None]
    prompt_cache_options: NotRequired[PromptCacheOptions | None]
    prompt_cache_retention: NotRequired[str | None]
    reasoning_effort: NotRequired[str | None]
    response_format: NotRequired[ResponseFormat | None]
    safety_identifier: NotRequired[str | None]
    seed: NotRequired[int | None]
    service_tier: NotRequired[str | None]
    stop: NotRequired[Stop]
    store: NotRequired[bool | None]
    stream: NotRequired[bool | None]
    stream_options: NotRequired[StreamOptions | None]
    temperature: NotRequired[float | None]
    tool_choice: NotRequired[str | ChatToolChoice | None]
    tools: NotRequired[list[ChatTool] | None]
    top_logprobs: NotRequired[int | None]
    top_p: NotRequired[float | None]
    user: NotRequired[str | None]
    verbosity: NotRequired[str | None]
    web_search_options: NotRequired[WebSearchOptions | None]


Prompt: TypeAlias = str | list[str] | list[int] | list[list[int]] | None
"""A text, several texts, one text as tokens, or several texts as tokens."""


class CreateCompletionRequest(TypedDict):
    """The text to continue, and how."""

    model: str
    prompt: Prompt
    best_of: NotRequired[int | None]
    echo: NotRequired[bool | None]
    frequency_penalty: NotRequired[float | None]
    logit_bias: NotRequired[dict[str, float] | None]
    logprobs: NotRequired[int | None]
    max_tokens: NotRequired[int | None]
    n: NotRequired[int | None]
    presence_penalty: NotRequired[float | None]
    seed: NotRequired[int | None]
    stop: NotRequired[Stop]
    stream: NotRequired[bool | None]
    stream_options: NotRequired[StreamOptions | None]
    suffix: NotRequired[str | None]
    temperature: NotRequired[float | None]
    top_p: NotRequired[float | None]
    user: NotRequired[str | None]


EmbeddingInput: TypeAlias = str | list[str] | list[int] | list[list[int]]
"""A text, several texts, one text as tokens, or several texts as tokens."""


class CreateEmbeddingRequest(TypedDict):
    """The texts to embed."""

    model: str
    input: EmbeddingInput
    encoding_format: NotRequired[Literal["float", "base64"] | None]
    dimensions: NotRequired[int | None]
    user: NotRequired[str | None]


class CreateKeyRequest(TypedDict):
    """The API key to create. A limit that is absent or null is the gateway's default, 0 is no limit."""

    name: str
    models: NotRequired[list[str] | None]
    requests_per_minute: NotRequired[Limit]
    tokens_per_minute: NotRequired[Limit]
    burst: NotRequired[int | None]
    concurrency: NotRequired[int | None]
    quota_usd: NotRequired[OptionalUsd]
    quota_tokens: NotRequired[int | None]
    expires_at: NotRequired[str | None]
    prefix: NotRequired[str | None]


class MessageMetadata(TypedDict):
    """About the request, for the provider."""

    user_id: NotRequired[str | None]


class CreateMessageRequest(TypedDict):
    """The conversation to answer, and how."""

    model: str
    messages: list[InputMessage]
    max_tokens: int
    cache_control: NotRequired[CacheControl | None]
    container: NotRequired[str | dict[str, Any] | None]
    context_management: NotRequired[dict[str, Any] | None]
    inference_geo: NotRequired[str | None]
    mcp_servers: NotRequired[list[dict[str, Any]] | None]
    metadata: NotRequired[MessageMetadata | None]
    output_config: NotRequired[OutputConfig | None]
    service_tier: NotRequired[str | None]
    stop_sequences: NotRequired[list[str] | None]
    stream: NotRequired[bool | None]
    system: NotRequired[SystemPrompt]
    temperature: NotRequired[float | None]
    thinking: NotRequired[Thinking | None]
    tool_choice: NotRequired[MessageToolChoice | None]
    tools: NotRequired[list[MessageTool] | None]
    top_k: NotRequired[int | None]
    top_p: NotRequired[float | None]


class ModerationImage(TypedDict):
    """An image, by its address or as a `data:` URL."""

    url: str


class ModerationPart(TypedDict):
    """A text (`text`) or an image (`image_url`), by the name of its type."""

    type: str
    text: NotRequired[str | None]
    image_url: NotRequired[ModerationImage | None]


ModerationInput: TypeAlias = str | list[str] | list[ModerationPart]
"""A text, several texts, or texts and images that belong together."""


class CreateModerationRequest(TypedDict):
    """What to classify."""

    model: NotRequired[str | None]
    input: ModerationInput


QuotedOperation: TypeAlias = (
    Literal[
        "create_chat_completion",
        "create_completion",
        "create_embedding",
        "create_message",
        "create_moderation",
        "create_response",
    ]
    | None
)
"""The operation that the body is meant for. Where it is missing, the model and the body say which it is: a model that
only speaks Anthropic's format takes a body with `messages` and `max_tokens` as a message, an embedding model
embeddings, a moderation model or a body with an `input` and no model moderations, a completion model or a body with a
`prompt` completions, a body with an `input` responses, and everything else is a chat completion. With a model that
speaks both formats a body is a message where it has `system` or `stop_sequences`.
"""


class CreateQuoteRequest(TypedDict):
    """The body of a call exactly as it would be sent, and, where that leaves a doubt, the operation it would be sent
    to.
    """

    model: NotRequired[str | None]
    operation: NotRequired[QuotedOperation]
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


class ResponseCompaction(TypedDict):
    """When a long conversation is shortened."""

    type: NotRequired[str | None]
    compact_threshold: NotRequired[int | None]


class ResponseInputPart(TypedDict):
    """A part of a message or of what a tool gave back; `type` says which of the other fields it has."""

    type: NotRequired[str | None]
    text: NotRequired[str | None]
    refusal: NotRequired[str | None]
    image_url: NotRequired[str | None]
    detail: NotRequired[str | None]
    file_id: NotRequired[str | None]
    file_url: NotRequired[str | None]
    file_data: NotRequired[str | None]
    filename: NotRequired[str | None]
    annotations: NotRequired[list[dict[str, Any]] | None]
    logprobs: NotRequired[list[dict[str, Any]] | None]
    prompt_cache_breakpoint: NotRequired[PromptCacheBreakpoint | None]


class ResponseThought(TypedDict):
    """What is told about a thought."""

    type: NotRequired[str | None]
    text: NotRequired[str | None]


class ResponseInputItem(TypedDict):
    """A message, where `type` may be left out, or what a model or a tool did before, such as `function_call`,
    `function_call_output` or `reasoning`.
    """

    type: NotRequired[str | None]
    role: NotRequired[str | None]
    content: NotRequired[str | list[ResponseInputPart] | None]
    id: NotRequired[str | None]
    status: NotRequired[str | None]
    phase: NotRequired[str | None]
    summary: NotRequired[list[ResponseThought] | None]
    encrypted_content: NotRequired[str | None]
    input: NotRequired[str | None]
    call_id: NotRequired[str | None]
    name: NotRequired[str | None]
    arguments: NotRequired[str | dict[str, Any] | None]
    output: NotRequired[str | list[dict[str, Any]] | dict[str, Any] | None]


class ResponseReasoning(TypedDict):
    """How the model thinks."""

    effort: NotRequired[str | None]
    summary: NotRequired[str | None]
    generate_summary: NotRequired[str | None]
    context: NotRequired[str | None]
    mode: NotRequired[str | None]


class ResponseStreamOptions(TypedDict):
    """How a stream is sent."""

    include_obfuscation: NotRequired[bool | None]


class ResponseTextFormat(TypedDict):
    """`text`, `json_object`, or `json_schema` with its `name`, `schema` and `strict`."""

    type: str
    name: NotRequired[str | None]
    description: NotRequired[str | None]
    schema: NotRequired[dict[str, Any] | None]
    strict: NotRequired[bool | None]


class ResponseText(TypedDict):
    """The form of the answer."""

    format: NotRequired[ResponseTextFormat | None]
    verbosity: NotRequired[str | None]


class ResponseTool(TypedDict):
    """A function of yours (`function`, `custom`), or one of the provider's own tools, such as `web_search`."""

    type: str
    name: NotRequired[str | None]
    description: NotRequired[str | None]
    parameters: NotRequired[dict[str, Any] | None]
    strict: NotRequired[bool | None]


class ResponseToolChoice(TypedDict):
    """The tool that must be called, or the tools that may be."""

    type: NotRequired[str | None]
    name: NotRequired[str | None]
    server_label: NotRequired[str | None]
    mode: NotRequired[str | None]
    tools: NotRequired[list[dict[str, Any]] | None]


class StoredConversation(TypedDict):
    """A conversation that the provider keeps."""

    id: NotRequired[str | None]


class StoredPrompt(TypedDict):
    """A prompt that the provider keeps."""

    id: NotRequired[str | None]
    version: NotRequired[str | None]
    variables: NotRequired[dict[str, Any] | None]


class CreateResponseRequest(TypedDict):
    """The input to answer, and how."""

    model: str
    input: NotRequired[str | list[ResponseInputItem] | None]
    background: NotRequired[bool | None]
    context_management: NotRequired[list[ResponseCompaction] | None]
    conversation: NotRequired[str | StoredConversation | None]
    include: NotRequired[list[str] | None]
    instructions: NotRequired[str | list[dict[str, Any]] | None]
    max_output_tokens: NotRequired[int | None]
    max_tool_calls: NotRequired[int | None]
    metadata: NotRequired[dict[str, Any] | None]
    moderation: NotRequired[ModerationOptions | None]
    parallel_tool_calls: NotRequired[bool | None]
    previous_response_id: NotRequired[str | None]
    prompt: NotRequired[StoredPrompt | None]
    prompt_cache_key: NotRequired[str | None]
    prompt_cache_options: NotRequired[PromptCacheOptions | None]
    prompt_cache_retention: NotRequired[str | None]
    reasoning: NotRequired[ResponseReasoning | None]
    safety_identifier: NotRequired[str | None]
    service_tier: NotRequired[str | None]
    store: NotRequired[bool | None]
    stream: NotRequired[bool | None]
    stream_options: NotRequired[ResponseStreamOptions | None]
    temperature: NotRequired[float | None]
    text: NotRequired[ResponseText | None]
    tool_choice: NotRequired[str | ResponseToolChoice | None]
    tools: NotRequired[list[ResponseTool] | None]
    top_logprobs: NotRequired[int | None]
    top_p: NotRequired[float | None]
    truncation: NotRequired[str | None]
    user: NotRequired[str | None]


class CreatedAccountApiKey(TypedDict):
    """A new API key, with the key itself, this once."""

    name: str
    models: NotRequired[list[str] | None]
    requests_per_minute: NotRequired[Limit]
    tokens_per_minute: NotRequired[Limit]
    burst: NotRequired[int | None]
    concurrency: NotRequired[int | None]
    quota_usd: NotRequired[OptionalUsd]
    quota_tokens: NotRequired[int | None]
    expires_at: NotRequired[str | None]
    id: str
    created_at: str
    last_used: str | None
    is_active: bool
    key: str


class CreatedApiKey(TypedDict):
    """A new API key, with the key itself, this once."""

    id: str
    account: str
    name: str
    prefix: str
    models: list[str] | None
    requests_per_minute: Limit
    tokens_per_minute: Limit
    burst: Limit
    concurrency: Limit
    quota_usd: OptionalUsd
    quota_tokens: Limit
    expires_at: str | None
    created_at: str
    revoked_at: str | None
    last_used_at: str | None
    is_active: bool
    spent_usd: str
    tokens_used: int
    quota_of: str | None
    key: str


Usd: TypeAlias = str
"""An amount of US dollars, at most nine digits after the point."""


class CreditAccountRequest(TypedDict):
    """What to add to the balance, and why."""

    amount_usd: Usd
    reference: str


class Embedding(TypedDict):
    """The vector of one input."""

    object: Literal["embedding"]
    index: int
    embedding: list[float] | str


class EmbeddingUsage(TypedDict):
    """What an embedding used."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingList(TypedDict):
    """One vector for each input."""

    object: Literal["list"]
    data: list[Embedding]
    model: str
    usage: EmbeddingUsage


class Health(TypedDict):
    """The answer of a service that is up."""

    status: Literal["healthy"]
    service: str


class LedgerAttempt(TypedDict):
    """An upstream call that failed."""

    provider: str
    key: str | None
    status: int | None
    reason: str


class LedgerCounts(TypedDict):
    """How many entries there are of each kind."""

    hold: int
    post: int
    void: int
    expire: int
    refund: int
    credit: int
    adjust: int


class LedgerRow(TypedDict):
    """What one request used and cost."""

    request_id: str
    account: str
    key_id: str | None
    operation: str
    provider: str | None
    upstream_key_id: str | None
    requested_model: str
    served_model: str | None
    attempts: list[LedgerAttempt]
    input_tokens: int
    cache_read_tokens: int
    cache_write_5m_tokens: int
    cache_write_1h_tokens: int
    output_tokens: int
    price_version: str
    account_multiplier: Multiplier
    model_multiplier: Multiplier
    cost_usd: SignedUsd
    held_usd: SignedUsd
    usage_source: Literal["reported", "estimated", "none"]
    state: Literal["held", "posted", "voided", "expired"]
    status: int | None
    stream: bool
    ttfb_ms: float | None
    duration_ms: float | None
    created_at: str
    settled_at: str | None
    reason: str | None


class LedgerPage(TypedDict):
    """A page of the ledger, the newest row first."""

    rows: list[LedgerRow]
    next_before: str | None


class LedgerSums(TypedDict):
    """The money of all accounts together; the balance is what was credited and adjusted, less what was charged."""

    balance_usd: SignedUsd
    charged_usd: SignedUsd
    credited_usd: SignedUsd
    adjusted_usd: SignedUsd
    held_usd: SignedUsd


class LedgerProof(TypedDict):
    """The books in a few numbers, all of one moment."""

    head: str
    entries: int
    counts: LedgerCounts
    open_holds: int
    sums: LedgerSums
    sum_of_entries_usd: SignedUsd
    at: str


class UnpaidRow(TypedDict):
    """A request that a provider may have answered, and may bill, and that nobody paid for."""

    kind: Literal["crashed", "expired", "refunded"]
    created_at: str
    request_id: str
    account: str
    key_id: str | None
    requested_model: str
    provider: str | None
    held_usd: SignedUsd
    reason: str | None


class UnpaidTotals(TypedDict):
    """How many requests there are of each kind, on all pages together."""

    crashed: int
    expired: int
    refunded: int


class LedgerReconciliation(TypedDict):
    """What to compare with the providers' bills, and whether memory and store agree."""

    at: str
    accounts: int
    open_holds: int
    drift: int
    findings: list[str]
    totals: UnpaidTotals
    rows: list[UnpaidRow]
    next_before: str | None


class Liveness(TypedDict):
    """The answer of a process that is alive."""

    status: Literal["alive"]


class LogFacts(TypedDict):
    """What changed; of something new, everything. Never a key or another secret."""

    name: NotRequired[str]
    status: NotRequired[str]
    rate_multiplier: NotRequired[str]
    daily_budget_usd: NotRequired[str | None]
    monthly_budget_usd: NotRequired[str | None]
    balance_usd: NotRequired[str]
    amount_usd: NotRequired[str]
    reference: NotRequired[str]
    reason: NotRequired[str | None]
    prefix: NotRequired[str]
    models: NotRequired[list[str] | None]
    requests_per_minute: NotRequired[Limit]
    tokens_per_minute: NotRequired[Limit]
    burst: NotRequired[Limit]
    concurrency: NotRequired[Limit]
    quota_usd: NotRequired[str | None]
    quota_tokens: NotRequired[Limit]
    expires_at: NotRequired[str | None]
    revoked_at: NotRequired[str | None]
    quota_of: NotRequired[str | None]
    provider: NotRequired[str]
    state: NotRequired[str]
    last_four: NotRequired[str]
    weight: NotRequired[int]
    rotated_to: NotRequired[str]


class LogRow(TypedDict):
    """One change by an administrator."""

    id: str
    at: str
    actor: str
    client: str
    request_id: str
    action: str
    account: str
    object: str
    before: LogFacts
    after: LogFacts


class LogPage(TypedDict):
    """A page of the log of administration, the newest first."""

    rows: list[LogRow]
    next_before: str | None


class MessageContainer(TypedDict):
    """The container in which the model's code ran."""

    id: NotRequired[str]
    expires_at: NotRequired[str]


class ServerToolUsage(TypedDict):
    """How often the provider's own tools were called."""

    web_search_requests: NotRequired[int]
    web_fetch_requests: NotRequired[int]


class MessageUsage(TypedDict):
    """What a message used. `input_tokens` excludes what was read from or written to the provider's cache."""

    input_tokens: int
    output_tokens: int
    cache_creation: NotRequired[CacheCreation | None]
    cache_creation_input_tokens: NotRequired[int | None]
    cache_read_input_tokens: NotRequired[int | None]
    server_tool_use: NotRequired[ServerToolUsage | None]
    service_tier: NotRequired[str | None]
    inference_geo: NotRequired[str | None]


class StopDetails(TypedDict):
    """More about why it ended, where it was refused."""

    type: NotRequired[str]
    category: NotRequired[str | None]
    explanation: NotRequired[str | None]


class Message(TypedDict):
    """The answer to a conversation."""

    id: str
    type: Literal["message"]
    role: Literal["assistant"]
    content: list[ContentBlock]
    model: str
    stop_reason: str | None
    stop_sequence: str | None
    stop_details: NotRequired[StopDetails | None]
    container: NotRequired[MessageContainer | None]
    usage: MessageUsage


class MessageDelta(TypedDict):
    """What is new about the message as a whole."""

    stop_reason: NotRequired[str | None]
    stop_sequence: NotRequired[str | None]
    stop_details: NotRequired[StopDetails | None]
    container: NotRequired[MessageContainer | None]


class MessageDeltaUsage(TypedDict):
    """What a message used up to this event. Each value replaces the one before it."""

    input_tokens: NotRequired[int | None]
    output_tokens: int
    cache_creation_input_tokens: NotRequired[int | None]
    cache_read_input_tokens: NotRequired[int | None]
    server_tool_use: NotRequired[ServerToolUsage | None]


class MessageDeltaEvent(TypedDict):
    """Why the message ends, and what it used altogether."""

    type: Literal["message_delta"]
    delta: MessageDelta
    usage: MessageDeltaUsage


class MessageStartEvent(TypedDict):
    """The message begins; it has no content yet, and the usage of its input."""

    type: Literal["message_start"]
    message: Message


class MessageStopEvent(TypedDict):
    """The message is complete."""

    type: Literal["message_stop"]


class PingEvent(TypedDict):
    """The stream is alive."""

    type: Literal["ping"]


MessageStreamEvent: TypeAlias = (
    MessageStartEvent
    | ContentBlockStartEvent
    | ContentBlockDeltaEvent
    | ContentBlockStopEvent
    | MessageDeltaEvent
    | MessageStopEvent
    | PingEvent
    | AnthropicError
)
"""One event of a streamed message."""


class MessageTokensCount(TypedDict):
    """How many tokens a message would have."""

    input_tokens: int


class Model(TypedDict):
    """A model that can be called, as OpenAI's clients (`object`, `created`, `owned_by`) and Anthropic's clients
    (`type`, `display_name`, `created_at`, `lifecycle`, `max_input_tokens`, `max_tokens`, `capabilities`) expect it.
    """

    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    type: Literal["model"]
    display_name: str
    created_at: str
    lifecycle: Literal["active", "deprecated", "retired"]
    deprecated_at: NotRequired[str | None]
    retires_at: NotRequired[str | None]
    max_input_tokens: int | None
    max_tokens: int | None
    capabilities: dict[str, Any] | None
    description: NotRequired[str]
    author: NotRequired[str]
    blockchain: NotRequired[str]
    price: NotRequired[str]
    tags: NotRequired[list[str]]
    huggingFaceId: NotRequired[str]


class ModelList(TypedDict):
    """The models, on one page, as both OpenAI's and Anthropic's clients expect it."""

    object: Literal["list"]
    data: list[Model]
    has_more: bool
    first_id: str | None
    last_id: str | None


class ResponseConversation(TypedDict):
    """The conversation that it continued."""

    id: NotRequired[str]


class ResponseFailure(TypedDict):
    """Why a response failed."""

    code: str
    message: str


class ResponseIncompleteness(TypedDict):
    """Why a response is incomplete."""

    reason: NotRequired[str | None]


class ResponseAnnotation(TypedDict):
    """What a part of a text refers to; `type` says which of the other fields it has."""

    type: NotRequired[str]
    url: NotRequired[str | None]
    title: NotRequired[str | None]
    file_id: NotRequired[str | None]
    filename: NotRequired[str | None]
    container_id: NotRequired[str | None]
    index: NotRequired[int | None]
    start_index: NotRequired[int | None]
    end_index: NotRequired[int | None]


class ResponseOutputPart(TypedDict):
    """A part of a message; `type` says which of the other fields it has."""

    type: str
    text: NotRequired[str | None]
    refusal: NotRequired[str | None]
    annotations: NotRequired[list[ResponseAnnotation] | None]
    logprobs: NotRequired[list[TokenLogprob] | None]


class ResponseOutputItem(TypedDict):
    """A message, a call or a thought; `type` says which of the other fields it has."""

    type: str
    id: NotRequired[str | None]
    status: NotRequired[str | None]
    role: NotRequired[str | None]
    content: NotRequired[list[ResponseOutputPart] | None]
    summary: NotRequired[list[ResponseThought] | None]
    encrypted_content: NotRequired[str | None]
    phase: NotRequired[str | None]
    call_id: NotRequired[str | None]
    name: NotRequired[str | None]
    arguments: NotRequired[str | dict[str, Any] | list[Any] | float | bool | None]
    input: NotRequired[str | None]


class ResponseUsage(TypedDict):
    """What a response used. Reasoning tokens are inside `output_tokens`, cached tokens inside `input_tokens`."""

    input_tokens: int
    input_tokens_details: NotRequired[PromptTokensDetails | None]
    output_tokens: int
    output_tokens_details: NotRequired[CompletionTokensDetails | None]
    total_tokens: NotRequired[int | None]


class ModelResponse(TypedDict):
    """The answer to an input."""

    id: str
    object: Literal["response"]
    created_at: float
    completed_at: NotRequired[float | None]
    status: NotRequired[str]
    error: NotRequired[ResponseFailure | None]
    incomplete_details: NotRequired[ResponseIncompleteness | None]
    model: str
    output: list[ResponseOutputItem]
    usage: NotRequired[ResponseUsage | None]
    instructions: NotRequired[str | list[dict[str, Any]] | None]
    previous_response_id: NotRequired[str | None]
    max_output_tokens: NotRequired[int | None]
    metadata: NotRequired[dict[str, Any] | None]
    parallel_tool_calls: NotRequired[bool | None]
    reasoning: NotRequired[ResponseReasoning | None]
    moderation: NotRequired[dict[str, Any] | None]
    max_tool_calls: NotRequired[int | None]
    output_text: NotRequired[str | None]
    prompt: NotRequired[StoredPrompt | None]
    prompt_cache_key: NotRequired[str | None]
    prompt_cache_options: NotRequired[PromptCacheOptions | None]
    prompt_cache_retention: NotRequired[str | None]
    safety_identifier: NotRequired[str | None]
    top_logprobs: NotRequired[int | None]
    user: NotRequired[str | None]
    background: NotRequired[bool | None]
    conversation: NotRequired[ResponseConversation | None]
    service_tier: NotRequired[str | None]
    store: NotRequired[bool | None]
    temperature: NotRequired[float | None]
    text: NotRequired[ResponseText | None]
    tool_choice: NotRequired[str | dict[str, Any] | None]
    tools: NotRequired[list[dict[str, Any]] | None]
    top_p: NotRequired[float | None]
    truncation: NotRequired[str | None]


class ModerationResult(TypedDict):
    """Whether an input may be harmful, and in which way."""

    flagged: bool
    categories: dict[str, bool | None]
    category_scores: dict[str, float]
    category_applied_input_types: NotRequired[dict[str, list[str]]]


class Moderation(TypedDict):
    """A verdict for each text, or one for parts that belong together."""

    id: str
    model: str
    results: list[ModerationResult]


NewMultiplier: TypeAlias = str
"""A factor on prices, at most six digits after the point."""


class PauseProviderRequest(TypedDict):
    """Why the provider is paused."""

    reason: NotRequired[str]


PriceUsd: TypeAlias = str
"""A price in US dollars per million tokens, before multipliers."""


class UpstreamKey(TypedDict):
    """A key of the provider's own, without the key itself."""

    id: str
    provider: str
    is_stored: bool
    is_usable: bool
    problem: str | None
    last_four: str
    weight: int
    created_at: str | None
    revoked_at: str | None


class Provider(TypedDict):
    """A provider and its keys."""

    name: str
    dialect: str | None
    base_url: str | None
    state: Literal["active", "paused"]
    reason: str | None
    paused_at: str | None
    paused_by: str | None
    keys: list[UpstreamKey]


class ProviderList(TypedDict):
    """The providers."""

    providers: list[Provider]


class QuoteCandidate(TypedDict):
    """A provider that could serve the call. The keys that are used with it count as one."""

    provider: str
    served_model: str
    upstream_model: str
    weight: int
    share: float
    translated: bool
    state: Literal["ready", "cooling", "probing"]
    reason: str | None
    input_usd_per_mtok: PriceUsd
    output_usd_per_mtok: PriceUsd
    cache_read_usd_per_mtok: PriceUsd
    cache_write_5m_usd_per_mtok: PriceUsd
    cache_write_1h_usd_per_mtok: PriceUsd
    request_usd: NotRequired[str]
    model_multiplier: Multiplier
    account_multiplier: Multiplier
    hold_usd: str


class QuoteRefusal(TypedDict):
    """The error that the call would be answered with now, with the very fields of that error; null where it would be
    let through.
    """

    status: int
    type: str
    code: str | None
    message: str
    limit: NotRequired[RefusalLimit]
    needed_usd: NotRequired[NeededUsd]
    available_usd: NotRequired[AvailableUsd]
    needed_tokens: NotRequired[NeededTokens]
    available_tokens: NotRequired[AvailableTokens]
    max_tokens_that_fit: NotRequired[MaxTokensThatFit]
    resets_at: NotRequired[ResetsAt]


class Quote(TypedDict):
    """What a call would hold now, how that comes about, and whether it would be let through."""

    object: Literal["quote"]
    operation: str
    model: str
    account: str
    price_version: str
    stream: bool
    candidates: list[QuoteCandidate]
    prompt_tokens_upper: int
    output_tokens_upper: int
    hold_usd: str
    upper_bound_usd: str
    allowed: bool
    refusal: QuoteRefusal | None


class Readiness(TypedDict):
    """Whether the service takes traffic, and what decided it."""

    status: Literal["ready", "unready"]
    checks: dict[str, str]


class ResponseDeltaEvent(TypedDict):
    """A text continues."""

    type: Literal[
        "response.output_text.delta",
        "response.refusal.delta",
        "response.reasoning_text.delta",
        "response.reasoning_summary_text.delta",
        "response.function_call_arguments.delta",
        "response.custom_tool_call_input.delta",
    ]
    sequence_number: NotRequired[int]
    item_id: str
    output_index: int
    content_index: NotRequired[int]
    summary_index: NotRequired[int]
    delta: str
    logprobs: NotRequired[list[TokenLogprob]]
    obfuscation: NotRequired[str]


class ResponseDoneEvent(TypedDict):
    """A text is whole."""

    type: Literal[
        "response.output_text.done",
        "response.refusal.done",
        "response.reasoning_text.done",
        "response.reasoning_summary_text.done",
        "response.function_call_arguments.done",
        "response.custom_tool_call_input.done",
    ]
    sequence_number: NotRequired[int]
    item_id: str
    output_index: int
    content_index: NotRequired[int]
    summary_index: NotRequired[int]
    text: NotRequired[str]
    refusal: NotRequired[str]
    arguments: NotRequired[str]
    input: NotRequired[str]
    name: NotRequired[str]


class ResponseErrorEvent(TypedDict):
    """The provider failed; nothing follows."""

    type: Literal["error"]
    sequence_number: NotRequired[int]
    code: NotRequired[str | None]
    message: str
    param: NotRequired[str | None]


class ResponseOtherEvent(TypedDict):
    """An event of one of the provider's own tools, such as `response.web_search_call.searching`."""

    type: str
    sequence_number: NotRequired[int]


class ResponseOutputItemEvent(TypedDict):
    """An item begins, or ends and is whole."""

    type: Literal["response.output_item.added", "response.output_item.done"]
    sequence_number: NotRequired[int]
    output_index: int
    item: ResponseOutputItem


class ResponsePartEvent(TypedDict):
    """A part of an item begins, or ends and is whole."""

    type: Literal[
        "response.content_part.added",
        "response.content_part.done",
        "response.reasoning_summary_part.added",
        "response.reasoning_summary_part.done",
    ]
    sequence_number: NotRequired[int]
    item_id: str
    output_index: int
    content_index: NotRequired[int]
    summary_index: NotRequired[int]
    part: ResponseOutputPart


class ResponseStateEvent(TypedDict):
    """The response as it is now. The last event of a stream is one of `completed`, `incomplete` and `failed`, with the
    usage.
    """

    type: Literal[
        "response.created",
        "response.queued",
        "response.in_progress",
        "response.completed",
        "response.incomplete",
        "response.failed",
    ]
    sequence_number: NotRequired[int]
    response: ModelResponse


ResponseStreamEvent: TypeAlias = (
    ResponseStateEvent
    | ResponseOutputItemEvent
    | ResponsePartEvent
    | ResponseDeltaEvent
    | ResponseDoneEvent
    | ResponseErrorEvent
    | ResponseOtherEvent
)
"""One event of a streamed response."""


class RotateKeyRequest(TypedDict):
    """How to replace the key."""

    overlap: NotRequired[str]


class RouteCandidate(TypedDict):
    """One way to serve a model, which is a provider and one of its keys."""

    position: int
    provider: str
    key: str
    served_model: str
    upstream_model: str
    dialect: str
    translated: bool
    weight: int
    share: float
    state: Literal["ready", "cooling", "probing", "paused"]
    wait_s: float
    reason: str | None
    input_usd_per_mtok: PriceUsd
    output_usd_per_mtok: PriceUsd
    model_multiplier: Multiplier


class Route(TypedDict):
    """Who would be asked for a model."""

    object: Literal["route"]
    model: str
    operation: str
    attempts_max: int
    candidates: list[RouteCandidate]
    without_keys: list[str]


class ServiceInformation(TypedDict):
    """What the service is and where its endpoints are."""

    message: str
    version: str
    endpoints: list[str]


class SignInChallenge(TypedDict):
    """What a wallet has to sign."""

    message: str
    nonce: str
    expires_at: str


class SignInLink(TypedDict):
    """A link that signs in once."""

    account: str
    url: str
    token: str
    expires_at: str


class User(TypedDict):
    """Who signed in."""

    id: str
    address: str | None
    created_at: str


class SignedIn(TypedDict):
    """A new session."""

    token: str
    user: User


class Stats(TypedDict):
    """What an account has used since its beginning. Calls that were not charged do not count."""

    totalRequests: int
    totalTokens: int
    totalPromptTokens: int
    totalCompletionTokens: int


class Success(TypedDict):
    """It is done."""

    success: Literal[True]


class UpdateAccountRequest(TypedDict):
    """What to change; what is left out stays as it is."""

    name: NotRequired[AccountName]
    status: NotRequired[AccountStatus]
    rate_multiplier: NotRequired[NewMultiplier]
    daily_budget_usd: NotRequired[DailyBudget]
    monthly_budget_usd: NotRequired[MonthlyBudget]


class UpdateKeyRequest(TypedDict):
    """What to change; what is left out stays as it is. `null` removes: a limit is the gateway's default again, all
    models may be used, the key never expires. 0 is no limit.
    """

    name: NotRequired[str]
    models: NotRequired[list[str] | None]
    requests_per_minute: NotRequired[Limit]
    tokens_per_minute: NotRequired[Limit]
    burst: NotRequired[Limit]
    concurrency: NotRequired[Limit]
    quota_usd: NotRequired[OptionalUsd]
    quota_tokens: NotRequired[Limit]
    expires_at: NotRequired[str | None]


class UsageRow(TypedDict):
    """One group, and what its requests used and cost. A request counts in the hour in which it began."""

    day: NotRequired[str]
    hour: NotRequired[str]
    model: NotRequired[str]
    key: NotRequired[str | None]
    provider: NotRequired[str]
    account: NotRequired[str]
    requests: int
    input_tokens: int
    cache_read_tokens: int
    cache_write_5m_tokens: int
    cache_write_1h_tokens: int
    output_tokens: int
    cost_usd: SignedUsd


class UsageTotal(TypedDict):
    """The sums of all rows."""

    requests: int
    input_tokens: int
    cache_read_tokens: int
    cache_write_5m_tokens: int
    cache_write_1h_tokens: int
    output_tokens: int
    cost_usd: SignedUsd


UsageReport = TypedDict(
    "UsageReport",
    {
        "object": Literal["usage"],
        "account": str | None,
        "from": str,
        "to": str,
        "by": list[Literal["day", "hour", "model", "key", "provider", "account"]],
        "data": list[UsageRow],
        "total": UsageTotal,
    },
)
"""What was used and charged in a span of time, in groups and in total. Refunded requests are not in it."""


class UseSignInLinkRequest(TypedDict):
    """What a sign-in link holds."""

    token: str

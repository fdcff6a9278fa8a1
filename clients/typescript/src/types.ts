/** What goes over the wire: plain objects, typed. Generated; do not edit. */

/**
 * Whether the account's keys work. Those of a suspended account are refused; its running calls finish and are charged.
 */
export type AccountStatus = "active" | "suspended";

/** The most that the account may spend in a calendar day (UTC); `null` or zero is no limit. */
export type DailyBudget = string | null;

/** The most that the account may spend in a calendar month (UTC); `null` or zero is no limit. */
export type MonthlyBudget = string | null;

/** A factor on prices; a product of several factors has more than six digits after the point. */
export type Multiplier = string;

/** An amount of US dollars; a balance can be a little below zero. */
export type SignedUsd = string;

/** An account and its money. */
export interface Account {
  id: string;
  name: string;
  balance_usd: SignedUsd;
  held_usd: SignedUsd;
  available_usd: SignedUsd;
  spent_usd: SignedUsd;
  spent_today_usd: SignedUsd;
  daily_budget_usd: DailyBudget;
  spent_this_month_usd: SignedUsd;
  monthly_budget_usd: MonthlyBudget;
  rate_multiplier: Multiplier;
  status: AccountStatus;
  created_at: string;
  /**
   * Of credits and adjustments alone, whether this call changed the balance; false where its reference was booked
   * before.
   */
  booked?: boolean;
}

/** A limit of the key; `null` is the gateway's default, 0 is no limit. */
export type Limit = number | null;

/** An amount of US dollars, at most nine digits after the point. */
export type OptionalUsd = string | null;

/** An API key, without the key itself. Limits are there where the key has them. */
export interface AccountApiKey {
  /** The key's name, for people. */
  name: string;
  /** The models that the key may use; all of them without this. */
  models?: string[] | null;
  requests_per_minute?: Limit;
  tokens_per_minute?: Limit;
  /** How many requests may come at once; a minute's worth without this. */
  burst?: number | null;
  /** How many streams may be open at the same time. */
  concurrency?: number | null;
  quota_usd?: OptionalUsd;
  /** How many tokens the key may use in its life. */
  quota_tokens?: number | null;
  /** When the key stops working, as an RFC 3339 date-time or from now, such as `15m`, `12h` or `30d`. */
  expires_at?: string | null;
  id: string;
  created_at: string;
  last_used: string | null;
  /** Whether the key works now. */
  is_active: boolean;
}

/** The API keys of the account, the oldest first; deactivated ones, too. */
export interface AccountApiKeyList {
  apiKeys: AccountApiKey[];
}

/** All accounts. */
export interface AccountList {
  accounts: Account[];
}

/** The account's name, for people. It need not be unique. */
export type AccountName = string;

/** With `quota_tokens` and `tokens_per_minute`, how many tokens are left now. */
export type AvailableTokens = number;

/** With `balance`, a budget or `quota_usd`, what is left of it now, beside what running requests hold. */
export type AvailableUsd = string;

/**
 * With limits of money and tokens, the largest `max_tokens` with which this request would fit now; 0 where its prompt
 * alone does not.
 */
export type MaxTokensThatFit = number;

/**
 * With `quota_tokens` and `tokens_per_minute`, how many tokens the request may use, of its prompt and of its answers.
 */
export type NeededTokens = number;

/** With `balance`, a budget or `quota_usd`, what the request would hold, which is the most it is expected to cost. */
export type NeededUsd = string;

/**
 * With 402 and 429, what the request does not fit into: `balance`, `daily_budget`, `monthly_budget` or
 * `account_requests_per_minute` of the account; `quota_usd`, `quota_tokens`, `requests_per_minute`, `tokens_per_minute`
 * or `concurrency` of the API key.
 */
export type RefusalLimit = string;

/** With a budget, when the next day or month (UTC) begins. */
export type ResetsAt = string;

/** A key of the provider's own, to be kept encrypted. */
export interface AddUpstreamKeyRequest {
  /** The key, one line of visible ASCII. No answer and no log ever shows it. */
  value: string;
  /** Its share of the traffic, against the provider's other keys. */
  weight?: number;
}

/** An amount of US dollars to add, or to take away where it is below zero; at most nine digits after the point. */
export type UsdChange = string;

/** By how much to correct the balance, and why. */
export interface AdjustAccountRequest {
  amount_usd: UsdChange;
  /** Your name for this correction; the same reference is booked once. */
  reference: string;
  /** Why the balance was wrong; it stays in the ledger. */
  reason: string;
}

/** What went wrong. */
export interface AnthropicErrorDetail {
  /** The kind of error, such as `authentication_error` or `billing_error`. */
  type: string;
  /** What went wrong and what to do about it. */
  message: string;
  limit?: RefusalLimit;
  needed_usd?: NeededUsd;
  available_usd?: AvailableUsd;
  needed_tokens?: NeededTokens;
  available_tokens?: AvailableTokens;
  max_tokens_that_fit?: MaxTokensThatFit;
  resets_at?: ResetsAt;
  [key: string]: unknown;
}

/** An error as Anthropic's clients expect it. */
export interface AnthropicError {
  type: "error";
  error: AnthropicErrorDetail;
  /** Our id of the request. */
  request_id?: string | null;
  [key: string]: unknown;
}

/** An API key, without the key itself. */
export interface ApiKey {
  id: string;
  /** The id of the account that pays. */
  account: string;
  name: string;
  /** What the key begins with. */
  prefix: string;
  /** The models that the key may use; null is all of them. */
  models: string[] | null;
  requests_per_minute: Limit;
  tokens_per_minute: Limit;
  burst: Limit;
  concurrency: Limit;
  quota_usd: OptionalUsd;
  quota_tokens: Limit;
  expires_at: string | null;
  created_at: string;
  revoked_at: string | null;
  last_used_at: string | null;
  /** Whether the key works now. */
  is_active: boolean;
  /** What counts towards the quota so far. */
  spent_usd: string;
  /** How many tokens count towards the quota so far. */
  tokens_used: number;
  /**
   * The first of the keys that were rotated into this one; they share one quota, and `spent_usd` and `tokens_used` are
   * of all of them. Null for a key that was created.
   */
  quota_of: string | null;
}

/** The API keys of an account. */
export interface ApiKeyList {
  keys: ApiKey[];
}

/** A place, as far as it is known. */
export interface ApproximateLocation {
  city?: string | null;
  /** Two letters, as in ISO 3166-1. */
  country?: string | null;
  region?: string | null;
  /** A name such as `Europe/Berlin`. */
  timezone?: string | null;
  [key: string]: unknown;
}

/** An image or a document; `type` says which of the other fields it has. */
export interface BlockSource {
  /** One of `base64`, `url`, `text`, `content`, `file`. */
  type?: string | null;
  /** Such as `image/png`, `image/jpeg`, `image/gif`, `image/webp`, `application/pdf` or `text/plain`. */
  media_type?: string | null;
  data?: string | null;
  url?: string | null;
  file_id?: string | null;
  /** A text or blocks. */
  content?: string | { [key: string]: unknown }[] | null;
  [key: string]: unknown;
}

/** Everything up to here goes to the provider's cache. */
export interface CacheControl {
  /** Always `ephemeral`. */
  type: string;
  /** How long it is kept, `5m` or `1h`. */
  ttl?: string | null;
  [key: string]: unknown;
}

/** What was written to the provider's cache, by how long it is kept. */
export interface CacheCreation {
  ephemeral_5m_input_tokens?: number;
  ephemeral_1h_input_tokens?: number;
  [key: string]: unknown;
}

/** A model that can be called here. */
export interface CatalogueModel {
  /** What requests call it. */
  id: string;
  /** What people call it. */
  name: string;
  description: string;
  author: string;
  blockchain: string | null;
  /** USD per million input tokens today, before discounts and surcharges. */
  price: string;
  tags: string[];
  huggingFaceId: string | null;
}

/** The models that can be called here, in the order of the catalogue. */
export type CatalogueModelList = CatalogueModel[];

/** A page of the web. */
export interface UrlCitation {
  url?: string;
  title?: string | null;
  /** Where in the text it is cited, in characters. */
  start_index?: number;
  end_index?: number;
  [key: string]: unknown;
}

/** What a part of the text refers to. */
export interface ChatAnnotation {
  /** Such as `url_citation`. */
  type?: string;
  url_citation?: UrlCitation | null;
  [key: string]: unknown;
}

/** A spoken answer. */
export interface ChatAudioAnswer {
  id?: string;
  /** Until when the provider knows it by its id, in seconds since 1970. */
  expires_at?: number;
  /** The sound in base64. */
  data?: string;
  transcript?: string;
  [key: string]: unknown;
}

/** The call of a tool that takes free text. */
export interface CustomToolCall {
  name?: string | null;
  input?: string | null;
  [key: string]: unknown;
}

/** A call of a function. */
export interface FunctionCall {
  name: string;
  /** The arguments as JSON text, as the model wrote it; it may be invalid. */
  arguments: string;
  [key: string]: unknown;
}

/** A call of a tool by the assistant. */
export interface ChatToolCall {
  /** The name that the answer refers to. */
  id: string;
  /** One of `function`, `custom`. */
  type: string;
  function?: FunctionCall | null;
  custom?: CustomToolCall | null;
  [key: string]: unknown;
}

/** What the assistant said or called. */
export interface ChatAnswer {
  role: "assistant";
  content?: string | null;
  refusal?: string | null;
  tool_calls?: ChatToolCall[] | null;
  function_call?: FunctionCall | null;
  audio?: ChatAudioAnswer | null;
  annotations?: ChatAnnotation[] | null;
  [key: string]: unknown;
}

/** A recording. */
export interface ChatAudio {
  /** The recording in base64. */
  data: string;
  /** Such as `wav` or `mp3`. */
  format: string;
  [key: string]: unknown;
}

/** A token that could have come. */
export interface LikelyToken {
  token: string;
  logprob: number;
  bytes?: number[] | null;
  [key: string]: unknown;
}

/** The probability of one token. */
export interface TokenLogprob {
  token: string;
  /** The natural logarithm of its probability. */
  logprob: number;
  /** The token in UTF-8, where it is no whole character. */
  bytes?: number[] | null;
  /** The likeliest tokens at this place. */
  top_logprobs?: LikelyToken[] | null;
  [key: string]: unknown;
}

/** The probabilities of the answer's tokens. */
export interface ChatLogprobs {
  content?: TokenLogprob[] | null;
  refusal?: TokenLogprob[] | null;
  [key: string]: unknown;
}

/** One answer. */
export interface ChatChoice {
  /** Which of the `n` answers, from 0. */
  index: number;
  message: ChatAnswer;
  logprobs?: ChatLogprobs | null;
  /** Why it ended, such as `stop`, `length`, `tool_calls`, `content_filter` or `function_call`. */
  finish_reason?: string | null;
  [key: string]: unknown;
}

/** The next part of a function call; `arguments` continues the text before it. */
export interface FunctionCallDelta {
  name?: string | null;
  arguments?: string | null;
  [key: string]: unknown;
}

/** The next part of a tool call. */
export interface ChatToolCallDelta {
  /** Which of the calls, from 0. */
  index: number;
  id?: string | null;
  /** Such as `function`. */
  type?: string | null;
  function?: FunctionCallDelta | null;
  [key: string]: unknown;
}

/** What is new. */
export interface ChatDelta {
  /** Who speaks, `assistant`; never `developer`, `system`, `user` or `tool`. */
  role?: string | null;
  content?: string | null;
  refusal?: string | null;
  tool_calls?: ChatToolCallDelta[] | null;
  function_call?: FunctionCallDelta | null;
  [key: string]: unknown;
}

/** The next part of one answer. */
export interface ChatChunkChoice {
  /** Which of the `n` answers, from 0. */
  index: number;
  delta: ChatDelta;
  logprobs?: ChatLogprobs | null;
  /**
   * Why it ended, such as `stop`, `length`, `tool_calls`, `content_filter` or `function_call`; null while it goes on.
   */
  finish_reason?: string | null;
  [key: string]: unknown;
}

/** What the completion's tokens are made of. */
export interface CompletionTokensDetails {
  reasoning_tokens?: number | null;
  audio_tokens?: number | null;
  text_tokens?: number | null;
  accepted_prediction_tokens?: number | null;
  rejected_prediction_tokens?: number | null;
  [key: string]: unknown;
}

/** What the prompt's tokens are made of. */
export interface PromptTokensDetails {
  /** Read from the provider's cache, at the cache's price. */
  cached_tokens?: number | null;
  /** Written to the provider's cache. */
  cache_write_tokens?: number | null;
  audio_tokens?: number | null;
  image_tokens?: number | null;
  text_tokens?: number | null;
  [key: string]: unknown;
}

/** What a completion used. Reasoning tokens are inside `completion_tokens`, cached tokens inside `prompt_tokens`. */
export interface CompletionUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: PromptTokensDetails | null;
  completion_tokens_details?: CompletionTokensDetails | null;
  [key: string]: unknown;
}

/** What the provider found, where it was asked. */
export interface ModerationFindings {
  input?: { [key: string]: unknown } | null;
  output?: { [key: string]: unknown } | null;
  [key: string]: unknown;
}

/** The answer to a conversation. */
export interface ChatCompletion {
  id: string;
  object: "chat.completion";
  /** When it was made, in seconds since 1970. */
  created: number;
  /** The model that answered. */
  model: string;
  /** The `n` answers. */
  choices: ChatChoice[];
  metadata?: { [key: string]: unknown } | null;
  usage?: CompletionUsage | null;
  /** The tier that was used, such as `auto`, `default`, `flex`, `fast`, `priority` or `scale`. */
  service_tier?: string | null;
  moderation?: ModerationFindings | null;
  system_fingerprint?: string | null;
  [key: string]: unknown;
}

/** The next part of an answer. */
export interface ChatCompletionChunk {
  /** The same in every chunk of a stream. */
  id: string;
  object: "chat.completion.chunk";
  created: number;
  /** The model that answers. */
  model: string;
  /** Empty in the chunk that reports the usage. */
  choices: ChatChunkChoice[];
  /** Random text that hides the length of the chunk. */
  obfuscation?: string | null;
  usage?: CompletionUsage | null;
  /** The tier that was used, such as `auto`, `default`, `flex`, `fast`, `priority` or `scale`. */
  service_tier?: string | null;
  moderation?: ModerationFindings | null;
  system_fingerprint?: string | null;
  [key: string]: unknown;
}

/** A file, by its id or with its content. */
export interface ChatFile {
  file_id?: string | null;
  /** The content in base64. */
  file_data?: string | null;
  filename?: string | null;
  [key: string]: unknown;
}

/** An image. */
export interface ChatImage {
  /** Its address, or the image itself as a `data:` URL. */
  url: string;
  /** How closely the model looks, such as `auto`, `low` or `high`. */
  detail?: string | null;
  [key: string]: unknown;
}

/** Everything up to here goes to the provider's cache. */
export interface PromptCacheBreakpoint {
  /** Always `explicit`. */
  mode?: string | null;
  [key: string]: unknown;
}

/** A part of a message; `type` says which of the other fields it has. */
export interface ChatContentPart {
  /** One of `text`, `image_url`, `input_audio`, `file`, `refusal`. */
  type: string;
  text?: string | null;
  image_url?: ChatImage | null;
  input_audio?: ChatAudio | null;
  file?: ChatFile | null;
  refusal?: string | null;
  prompt_cache_breakpoint?: PromptCacheBreakpoint | null;
  [key: string]: unknown;
}

/** A text, or parts. Null where an assistant only calls tools. */
export type ChatContent = string | ChatContentPart[] | null;

/** Use `tool_calls`. */
export interface FormerFunctionCall {
  name?: string | null;
  arguments?: string | null;
  [key: string]: unknown;
}

/** A spoken answer given earlier, or a voice, by its id. */
export interface SpokenAnswer {
  id?: string | null;
  [key: string]: unknown;
}

/** One message of a conversation. */
export interface ChatMessage {
  /** Who speaks. */
  role: "developer" | "system" | "user" | "assistant" | "tool" | "function";
  content?: ChatContent;
  /** Tells speakers of the same role apart. */
  name?: string | null;
  audio?: SpokenAnswer | null;
  /** The assistant's words where it refused. */
  refusal?: string | null;
  /** The tools that the assistant called. */
  tool_calls?: ChatToolCall[] | null;
  /** With the role `tool`, the call that this answers. */
  tool_call_id?: string | null;
  function_call?: FormerFunctionCall | null;
  [key: string]: unknown;
}

/** Text that the answer will mostly repeat. */
export interface ChatPrediction {
  /** Always `content`. */
  type?: string | null;
  content?: ChatContent;
  [key: string]: unknown;
}

/** A tool that takes free text. */
export interface CustomTool {
  name?: string | null;
  description?: string | null;
  /** What the text has to be, `text` or a `grammar`. */
  format?: { [key: string]: unknown } | null;
  [key: string]: unknown;
}

/** A function that the model may call. */
export interface FunctionDefinition {
  name: string;
  /** What it does, for the model. */
  description?: string | null;
  /** A JSON Schema of its arguments. */
  parameters?: { [key: string]: unknown } | null;
  /** Whether the arguments must fit the schema exactly. */
  strict?: boolean | null;
  [key: string]: unknown;
}

/** Something that the model may call. */
export interface ChatTool {
  /** One of `function`, `custom`. */
  type: string;
  function?: FunctionDefinition | null;
  custom?: CustomTool | null;
  [key: string]: unknown;
}

/** A function by its name. */
export interface NamedFunction {
  name?: string | null;
  [key: string]: unknown;
}

/** A tool by its name. */
export interface NamedTool {
  name?: string | null;
  [key: string]: unknown;
}

/** The tool that must be called, or the tools that may be. */
export interface ChatToolChoice {
  /** One of `function`, `custom`, `allowed_tools`. */
  type?: string | null;
  function?: NamedFunction | null;
  custom?: NamedTool | null;
  allowed_tools?: { [key: string]: unknown } | null;
  [key: string]: unknown;
}

/** Voice and format of a spoken answer. */
export interface ChatVoice {
  /** Such as `wav`, `mp3`, `aac`, `flac`, `opus` or `pcm16`. */
  format?: string | null;
  /**
   * A voice of yours by its id, or the name of one, such as `alloy`, `ash`, `ballad`, `cedar`, `coral`, `echo`,
   * `marin`, `sage`, `shimmer` or `verse`.
   */
  voice?: string | SpokenAnswer | null;
  [key: string]: unknown;
}

/** What a part of a text cites; `type` says which of the other fields it has. */
export interface Citation {
  /**
   * One of `char_location`, `page_location`, `content_block_location`, `search_result_location` and
   * `web_search_result_location`.
   */
  type?: string | null;
  cited_text?: string | null;
  document_index?: number | null;
  document_title?: string | null;
  title?: string | null;
  source?: string | null;
  url?: string | null;
  file_id?: string | null;
  encrypted_index?: string | null;
  search_result_index?: number | null;
  start_char_index?: number | null;
  end_char_index?: number | null;
  start_page_number?: number | null;
  end_page_number?: number | null;
  start_block_index?: number | null;
  end_block_index?: number | null;
  [key: string]: unknown;
}

/** Whether a document may be cited. */
export interface CitationOptions {
  enabled?: boolean | null;
  [key: string]: unknown;
}

/** The probabilities of the tokens, where they were asked for; each list has an entry for each token. */
export interface CompletionLogprobs {
  tokens?: string[] | null;
  token_logprobs?: (number | null)[] | null;
  top_logprobs?: ({ [key: string]: unknown } | null)[] | null;
  text_offset?: number[] | null;
  [key: string]: unknown;
}

/** One continuation, or the next part of it. */
export interface CompletionChoice {
  /** Which of the `n` continuations, from 0. */
  index: number;
  text: string;
  logprobs?: CompletionLogprobs | null;
  /** Why it ended, such as `stop`, `length` or `content_filter`; null while it goes on. */
  finish_reason?: string | null;
  [key: string]: unknown;
}

/** The continuations of a text, or, in a stream, the next part of them. */
export interface Completion {
  id: string;
  object: "text_completion";
  /** When it was made, in seconds since 1970. */
  created: number;
  /** The model that answered. */
  model: string;
  choices: CompletionChoice[];
  system_fingerprint?: string | null;
  usage?: CompletionUsage | null;
  [key: string]: unknown;
}

/** A wallet's answer to its challenge. */
export interface ConnectWalletRequest {
  /** The wallet's address, in upper or lower case. */
  address: string;
  /** The 65 bytes that `personal_sign` gave, in hexadecimal after `0x`. */
  signature: string;
  /** The chain of the challenge. */
  chain_id: number;
}

/** A block of an answer; `type` says which of the other fields it has. */
export interface ContentBlock {
  /** Such as `text`, `tool_use` or `thinking`. */
  type: string;
  text?: string;
  citations?: Citation[] | null;
  /** The id of a tool call. */
  id?: string;
  /** The tool that is called. */
  name?: string;
  /** The arguments of a tool call. */
  input?: { [key: string]: unknown };
  thinking?: string;
  /** The provider's proof that it wrote the thoughts. */
  signature?: string;
  /** Thoughts that only the provider can read. */
  data?: string;
  tool_use_id?: string;
  /** What one of the provider's own tools gave. */
  content?: unknown;
  [key: string]: unknown;
}

/** What is new in a block; `type` says which of the other fields it has. */
export interface ContentBlockDelta {
  /** Such as `text_delta`, `input_json_delta`, `thinking_delta`, `signature_delta` or `citations_delta`. */
  type: string;
  text?: string;
  /** The next part of a tool call's arguments, as JSON text. */
  partial_json?: string;
  thinking?: string;
  signature?: string;
  citation?: Citation;
  [key: string]: unknown;
}

/** A block continues. */
export interface ContentBlockDeltaEvent {
  type: "content_block_delta";
  /** Which block of the message, from 0. */
  index: number;
  delta: ContentBlockDelta;
  [key: string]: unknown;
}

/** A block begins. */
export interface ContentBlockStartEvent {
  type: "content_block_start";
  /** Which block of the message, from 0. */
  index: number;
  content_block: ContentBlock;
  [key: string]: unknown;
}

/** A block ends. */
export interface ContentBlockStopEvent {
  type: "content_block_stop";
  /** Which block of the message, from 0. */
  index: number;
  [key: string]: unknown;
}

/** A block of a message; `type` says which of the other fields it has. */
export interface InputContentBlock {
  /** Such as `text`, `image`, `document`, `tool_use`, `tool_result` or `thinking`. */
  type: string;
  text?: string | null;
  /** An image or a document, or where to find it. */
  source?: BlockSource | string | null;
  /** Of an uploaded file. */
  file_id?: string | null;
  /** Who calls the tool, the model itself or code that it runs. */
  caller?: { [key: string]: unknown } | null;
  /** The id of a tool call. */
  id?: string | null;
  /** The tool that was called. */
  name?: string | null;
  /** The arguments of a tool call. */
  input?: { [key: string]: unknown } | null;
  /** The tool call that this answers. */
  tool_use_id?: string | null;
  /** What the tool answered, a text or blocks; for the provider's own tools whatever they gave. */
  content?: unknown;
  /** Whether the tool failed. */
  is_error?: boolean | null;
  thinking?: string | null;
  /** The provider's proof that it wrote the thoughts. */
  signature?: string | null;
  /** Thoughts that only the provider can read. */
  data?: string | null;
  title?: string | null;
  context?: string | null;
  /** What the text cites, or whether a document may be cited. */
  citations?: CitationOptions | Citation[] | null;
  cache_control?: CacheControl | null;
  [key: string]: unknown;
}

/** A text, or blocks. */
export type MessageContent = string | InputContentBlock[];

/** One message of a conversation. */
export interface InputMessage {
  /** Who speaks. */
  role: "user" | "assistant" | "system";
  content: MessageContent;
  [key: string]: unknown;
}

/** Something that the model may call. The provider's own tools have a `type`. */
export interface MessageTool {
  type?: string | null;
  name?: string | null;
  /** What it does, for the model. */
  description?: string | null;
  /** A JSON Schema of its arguments. */
  input_schema?: { [key: string]: unknown } | null;
  /** Whether the arguments must fit the schema exactly. */
  strict?: boolean | null;
  /** Whether the model gets to know the tool only when it searches for it. */
  defer_loading?: boolean | null;
  /** Whether arguments are streamed before they are checked. */
  eager_input_streaming?: boolean | null;
  /** Arguments as they may be. */
  input_examples?: { [key: string]: unknown }[] | null;
  /** Who may call it. */
  allowed_callers?: string[] | null;
  cache_control?: CacheControl | null;
  [key: string]: unknown;
}

/** Whether the model must call a tool, and which. */
export interface MessageToolChoice {
  /** One of `auto`, `any`, `tool`, `none`. */
  type: string;
  /** With `tool`, the tool that must be called. */
  name?: string | null;
  disable_parallel_tool_use?: boolean | null;
  [key: string]: unknown;
}

/** The form of the answer. */
export interface OutputFormat {
  /** Always `json_schema`. */
  type?: string | null;
  /** The JSON Schema that the answer must fit. */
  schema?: { [key: string]: unknown } | null;
  [key: string]: unknown;
}

/** Effort and form of the answer. */
export interface OutputConfig {
  /** How much the model does for the answer, such as `low`, `medium`, `high`, `xhigh` or `max`. */
  effort?: string | null;
  format?: OutputFormat | null;
  [key: string]: unknown;
}

/** A block of the instructions. */
export interface SystemBlock {
  type: "text";
  text: string;
  /** What the text cites. */
  citations?: Citation[] | null;
  cache_control?: CacheControl | null;
  [key: string]: unknown;
}

/** Instructions for the model, a text or blocks. */
export type SystemPrompt = string | SystemBlock[] | null;

/** Whether and how long the model thinks before it answers. */
export interface Thinking {
  /** One of `enabled`, `disabled`, `adaptive`. */
  type: string;
  /** With `enabled`, the most tokens to think with. */
  budget_tokens?: number | null;
  /** How the thoughts are shown, `summarized` or `omitted`. */
  display?: string | null;
  [key: string]: unknown;
}

/** The conversation whose tokens to count. */
export interface CountMessageTokensRequest {
  /** The model's id. */
  model: string;
  /** The conversation. */
  messages: InputMessage[];
  cache_control?: CacheControl | null;
  /** How the provider shortens a long conversation. */
  context_management?: { [key: string]: unknown } | null;
  /** Servers whose tools the provider may call. */
  mcp_servers?: { [key: string]: unknown }[] | null;
  output_config?: OutputConfig | null;
  system?: SystemPrompt;
  thinking?: Thinking | null;
  tool_choice?: MessageToolChoice | null;
  /** What the model may call. */
  tools?: MessageTool[] | null;
  [key: string]: unknown;
}

/** A factor on prices, at most six digits after the point. */
export type OptionalMultiplier = string | null;

/** The account to create. */
export interface CreateAccountRequest {
  name: AccountName;
  balance_usd?: OptionalUsd;
  rate_multiplier?: OptionalMultiplier;
  daily_budget_usd?: DailyBudget;
  monthly_budget_usd?: MonthlyBudget;
}

/** The API key to create. A limit that is absent or null is the gateway's default, 0 is no limit. */
export interface CreateApiKeyRequest {
  /** The key's name, for people. */
  name: string;
  /** The models that the key may use; all of them without this. */
  models?: string[] | null;
  requests_per_minute?: Limit;
  tokens_per_minute?: Limit;
  /** How many requests may come at once; a minute's worth without this. */
  burst?: number | null;
  /** How many streams may be open at the same time. */
  concurrency?: number | null;
  quota_usd?: OptionalUsd;
  /** How many tokens the key may use in its life. */
  quota_tokens?: number | null;
  /** When the key stops working, as an RFC 3339 date-time or from now, such as `15m`, `12h` or `30d`. */
  expires_at?: string | null;
}

/** Use `tools`. */
export interface FormerFunction {
  name?: string | null;
  description?: string | null;
  /** A JSON Schema of its arguments. */
  parameters?: { [key: string]: unknown } | null;
  [key: string]: unknown;
}

/** What happens with what was found. */
export interface ModerationPolicy {
  input?: { [key: string]: unknown } | null;
  output?: { [key: string]: unknown } | null;
  [key: string]: unknown;
}

/** How the provider checks what goes in and comes out. */
export interface ModerationOptions {
  model?: string | null;
  policy?: ModerationPolicy | null;
  [key: string]: unknown;
}

/** How the provider's cache is used. */
export interface PromptCacheOptions {
  /** `implicit` or `explicit`. */
  mode?: string | null;
  /** How long it is kept, such as `30m`. */
  ttl?: string | null;
  [key: string]: unknown;
}

/** The schema that the answer must fit. */
export interface ResponseJsonSchema {
  name: string;
  description?: string | null;
  /** The JSON Schema. */
  schema?: { [key: string]: unknown } | null;
  strict?: boolean | null;
  [key: string]: unknown;
}

/** The form of the answer. `json_schema` wants `json_schema`. */
export interface ResponseFormat {
  /** One of `text`, `json_object`, `json_schema`. */
  type: string;
  json_schema?: ResponseJsonSchema | null;
  [key: string]: unknown;
}

/** The text, or the texts, at which the model stops. The answer does not contain them. */
export type Stop = string | string[] | null;

/** How a stream is sent. */
export interface StreamOptions {
  /** Whether a last chunk without choices reports the usage. */
  include_usage?: boolean | null;
  /** Whether the provider hides the lengths of chunks. */
  include_obfuscation?: boolean | null;
  [key: string]: unknown;
}

/** About where the end user is. */
export interface WebSearchLocation {
  /** Always `approximate`. */
  type?: string | null;
  approximate?: ApproximateLocation | null;
  [key: string]: unknown;
}

/** How the provider searches the web for the answer. */
export interface WebSearchOptions {
  /** How much of what it finds is read, `low`, `medium` or `high`. */
  search_context_size?: string | null;
  user_location?: WebSearchLocation | null;
  [key: string]: unknown;
}

/** The conversation to answer, and how. */
export interface CreateChatCompletionRequest {
  /** The model's id. */
  model: string;
  /** The conversation so far. */
  messages: ChatMessage[];
  audio?: ChatVoice | null;
  /** How many answers the provider makes to choose the best of, where it can. All of them are paid for. */
  best_of?: number | null;
  /** Above 0, the model repeats itself less. */
  frequency_penalty?: number | null;
  /**
   * Use `tool_choice`. It is `none`, `auto`, or the function that must be called.
   *
   * @deprecated
   */
  function_call?: string | NamedFunction | null;
  /**
   * Use `tools`.
   *
   * @deprecated
   */
  functions?: FormerFunction[] | null;
  /** How much likelier each token becomes, by its number, from -100 to 100. */
  logit_bias?: { [key: string]: number } | null;
  /** Whether to report the probabilities of the answer's tokens. */
  logprobs?: boolean | null;
  /** The longest answer, in tokens, thoughts included. */
  max_completion_tokens?: number | null;
  /** The longest answer, in tokens. Newer models want `max_completion_tokens`. */
  max_tokens?: number | null;
  /** Names and values to keep with the answer. */
  metadata?: { [key: string]: unknown } | null;
  /** The kinds of answer wanted, such as `text` and `audio`. */
  modalities?: string[] | null;
  moderation?: ModerationOptions | null;
  /** How many answers to give. All of them are paid for. */
  n?: number | null;
  /** Whether the model may call several tools at once. */
  parallel_tool_calls?: boolean | null;
  prediction?: ChatPrediction | null;
  /** Above 0, the model moves to new subjects sooner. */
  presence_penalty?: number | null;
  /** Requests with the same key share the provider's cache better. */
  prompt_cache_key?: string | null;
  prompt_cache_options?: PromptCacheOptions | null;
  /**
   * Use `prompt_cache_options`. It is `in_memory` or `24h`.
   *
   * @deprecated
   */
  prompt_cache_retention?: string | null;
  /** How much the model thinks, such as `none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`. */
  reasoning_effort?: string | null;
  response_format?: ResponseFormat | null;
  /** A stable name of your end user, passed to the provider. */
  safety_identifier?: string | null;
  /** The same seed and body give the same answer, as far as the provider can. */
  seed?: number | null;
  /** The provider's processing tier, such as `auto`, `default`, `flex`, `fast`, `priority` or `scale`. */
  service_tier?: string | null;
  stop?: Stop;
  /** Whether the provider keeps the answer. */
  store?: boolean | null;
  /** Whether the answer comes as server-sent events. */
  stream?: boolean | null;
  stream_options?: StreamOptions | null;
  /** Higher is more varied, 0 is the most certain. */
  temperature?: number | null;
  /** `none`, `auto`, `required`, or the tool that must be called. */
  tool_choice?: string | ChatToolChoice | null;
  /** What the model may call. */
  tools?: ChatTool[] | null;
  /** How many of the likeliest tokens to report at each place; wants `logprobs`. */
  top_logprobs?: number | null;
  /** Choose only among the likeliest tokens that have this probability together. */
  top_p?: number | null;
  /** Your name for the end user, passed to the provider. */
  user?: string | null;
  /** How long answers tend to be, such as `low`, `medium` or `high`. */
  verbosity?: string | null;
  web_search_options?: WebSearchOptions | null;
  [key: string]: unknown;
}

/** A text, several texts, one text as tokens, or several texts as tokens. */
export type Prompt = string | string[] | number[] | number[][] | null;

/** The text to continue, and how. */
export interface CreateCompletionRequest {
  /** The model's id. */
  model: string;
  prompt: Prompt;
  /** How many continuations the provider makes to choose the best of. All of them are paid for. */
  best_of?: number | null;
  /** Repeat the prompt before the continuation. */
  echo?: boolean | null;
  frequency_penalty?: number | null;
  logit_bias?: { [key: string]: number } | null;
  /** How many of the likeliest tokens to report at each place. */
  logprobs?: number | null;
  /** The longest continuation, in tokens. */
  max_tokens?: number | null;
  /** How many continuations to return. */
  n?: number | null;
  presence_penalty?: number | null;
  /** The same seed and body give the same text, as far as the provider can. */
  seed?: number | null;
  stop?: Stop;
  /** Whether the answer comes as server-sent events. */
  stream?: boolean | null;
  stream_options?: StreamOptions | null;
  /** The text after the continuation. */
  suffix?: string | null;
  temperature?: number | null;
  top_p?: number | null;
  user?: string | null;
  [key: string]: unknown;
}

/** A text, several texts, one text as tokens, or several texts as tokens. */
export type EmbeddingInput = string | string[] | number[] | number[][];

/** The texts to embed. */
export interface CreateEmbeddingRequest {
  /** The model's id. */
  model: string;
  input: EmbeddingInput;
  /** Vectors as numbers (`float`), or as the base64 of little-endian float32 values. */
  encoding_format?: "float" | "base64" | null;
  /** The length of the vectors, where the model lets you choose. */
  dimensions?: number | null;
  /** Your name for the end user, passed to the provider. */
  user?: string | null;
  [key: string]: unknown;
}

/** The API key to create. A limit that is absent or null is the gateway's default, 0 is no limit. */
export interface CreateKeyRequest {
  /** The key's name, for people. */
  name: string;
  /** The models that the key may use; all of them without this. */
  models?: string[] | null;
  requests_per_minute?: Limit;
  tokens_per_minute?: Limit;
  /** How many requests may come at once; a minute's worth without this. */
  burst?: number | null;
  /** How many streams may be open at the same time. */
  concurrency?: number | null;
  quota_usd?: OptionalUsd;
  /** How many tokens the key may use in its life. */
  quota_tokens?: number | null;
  /** When the key stops working, as an RFC 3339 date-time or from now, such as `15m`, `12h` or `30d`. */
  expires_at?: string | null;
  /** What the key begins with. */
  prefix?: string | null;
}

/** About the request, for the provider. */
export interface MessageMetadata {
  /** Your name for the end user. */
  user_id?: string | null;
  [key: string]: unknown;
}

/** The conversation to answer, and how. */
export interface CreateMessageRequest {
  /** The model's id. */
  model: string;
  /** The conversation so far. */
  messages: InputMessage[];
  /** The longest answer, in tokens. With 0 the provider only fills its cache. */
  max_tokens: number;
  cache_control?: CacheControl | null;
  /** The container to use again, for code that the model runs. */
  container?: string | { [key: string]: unknown } | null;
  /** How the provider shortens a long conversation. */
  context_management?: { [key: string]: unknown } | null;
  /** Where the provider answers. */
  inference_geo?: string | null;
  /** Servers whose tools the provider may call. */
  mcp_servers?: { [key: string]: unknown }[] | null;
  metadata?: MessageMetadata | null;
  output_config?: OutputConfig | null;
  /** The provider's processing tier, such as `auto` or `standard_only`. */
  service_tier?: string | null;
  /** Texts at which the model stops. */
  stop_sequences?: string[] | null;
  /** Whether the answer comes as server-sent events. */
  stream?: boolean | null;
  system?: SystemPrompt;
  /** Higher is more varied, 0 is the most certain. */
  temperature?: number | null;
  thinking?: Thinking | null;
  tool_choice?: MessageToolChoice | null;
  /** What the model may call. */
  tools?: MessageTool[] | null;
  /** Choose only among this many of the likeliest tokens. */
  top_k?: number | null;
  /** Choose only among the likeliest tokens that have this probability together. */
  top_p?: number | null;
  [key: string]: unknown;
}

/** An image, by its address or as a `data:` URL. */
export interface ModerationImage {
  url: string;
  [key: string]: unknown;
}

/** A text (`text`) or an image (`image_url`), by the name of its type. */
export interface ModerationPart {
  /** One of `text`, `image_url`. */
  type: string;
  text?: string | null;
  image_url?: ModerationImage | null;
  [key: string]: unknown;
}

/** A text, several texts, or texts and images that belong together. */
export type ModerationInput = string | string[] | ModerationPart[];

/** What to classify. */
export interface CreateModerationRequest {
  /** The model's id; without it, a provider's default. */
  model?: string | null;
  input: ModerationInput;
  [key: string]: unknown;
}

/**
 * The operation that the body is meant for. Where it is missing, the model and the body say which it is: a model that
 * only speaks Anthropic's format takes a body with `messages` and `max_tokens` as a message, an embedding model
 * embeddings, a moderation model or a body with an `input` and no model moderations, a completion model or a body with
 * a `prompt` completions, a body with an `input` responses, and everything else is a chat completion. With a model that
 * speaks both formats a body is a message where it has `system` or `stop_sequences`.
 */
export type QuotedOperation =
  | "create_chat_completion"
  | "create_completion"
  | "create_embedding"
  | "create_message"
  | "create_moderation"
  | "create_response"
  | null;

/**
 * The body of a call exactly as it would be sent, and, where that leaves a doubt, the operation it would be sent to.
 */
export interface CreateQuoteRequest {
  /** The model's id; only moderations have a default. */
  model?: string | null;
  operation?: QuotedOperation;
  audio?: unknown;
  background?: unknown;
  best_of?: unknown;
  cache_control?: unknown;
  container?: unknown;
  context_management?: unknown;
  conversation?: unknown;
  dimensions?: unknown;
  echo?: unknown;
  encoding_format?: unknown;
  frequency_penalty?: unknown;
  function_call?: unknown;
  functions?: unknown;
  include?: unknown;
  inference_geo?: unknown;
  input?: unknown;
  instructions?: unknown;
  logit_bias?: unknown;
  logprobs?: unknown;
  max_completion_tokens?: unknown;
  max_output_tokens?: unknown;
  max_tokens?: unknown;
  max_tool_calls?: unknown;
  mcp_servers?: unknown;
  messages?: unknown;
  metadata?: unknown;
  modalities?: unknown;
  moderation?: unknown;
  n?: unknown;
  output_config?: unknown;
  parallel_tool_calls?: unknown;
  prediction?: unknown;
  presence_penalty?: unknown;
  previous_response_id?: unknown;
  prompt?: unknown;
  prompt_cache_key?: unknown;
  prompt_cache_options?: unknown;
  prompt_cache_retention?: unknown;
  reasoning?: unknown;
  reasoning_effort?: unknown;
  response_format?: unknown;
  safety_identifier?: unknown;
  seed?: unknown;
  service_tier?: unknown;
  stop?: unknown;
  stop_sequences?: unknown;
  store?: unknown;
  stream?: unknown;
  stream_options?: unknown;
  suffix?: unknown;
  system?: unknown;
  temperature?: unknown;
  text?: unknown;
  thinking?: unknown;
  tool_choice?: unknown;
  tools?: unknown;
  top_k?: unknown;
  top_logprobs?: unknown;
  top_p?: unknown;
  truncation?: unknown;
  user?: unknown;
  verbosity?: unknown;
  web_search_options?: unknown;
  [key: string]: unknown;
}

/** When a long conversation is shortened. */
export interface ResponseCompaction {
  /** Such as `compaction`. */
  type?: string | null;
  compact_threshold?: number | null;
  [key: string]: unknown;
}

/** A part of a message or of what a tool gave back; `type` says which of the other fields it has. */
export interface ResponseInputPart {
  /** Such as `input_text`, `input_image`, `input_file`, `output_text` and `refusal`. */
  type?: string | null;
  text?: string | null;
  refusal?: string | null;
  /** An image, by its address or as a `data:` URL. */
  image_url?: string | null;
  /** How closely the model looks. */
  detail?: string | null;
  file_id?: string | null;
  file_url?: string | null;
  /** The content in base64. */
  file_data?: string | null;
  filename?: string | null;
  annotations?: { [key: string]: unknown }[] | null;
  logprobs?: { [key: string]: unknown }[] | null;
  prompt_cache_breakpoint?: PromptCacheBreakpoint | null;
  [key: string]: unknown;
}

/** What is told about a thought. */
export interface ResponseThought {
  /** Always `summary_text`. */
  type?: string | null;
  text?: string | null;
  [key: string]: unknown;
}

/**
 * A message, where `type` may be left out, or what a model or a tool did before, such as `function_call`,
 * `function_call_output` or `reasoning`.
 */
export interface ResponseInputItem {
  /** Says which of the other fields it has. */
  type?: string | null;
  /** Of a message, who speaks; one of `user`, `assistant`, `system`, `developer`. */
  role?: string | null;
  /** Of a message, a text or parts, such as `input_text`, `input_image`, `input_file` and `output_text`. */
  content?: string | ResponseInputPart[] | null;
  id?: string | null;
  /** `in_progress`, `completed` or `incomplete`. */
  status?: string | null;
  /** Of an assistant's message, `commentary` or `final_answer`. */
  phase?: string | null;
  /** Of a thought, what was told about it. */
  summary?: ResponseThought[] | null;
  /** Of a thought, what only the provider can read. */
  encrypted_content?: string | null;
  /** Of a custom tool's call, its text. */
  input?: string | null;
  /** Of a call or its output, the name by which they find each other. */
  call_id?: string | null;
  /** Of a call, the tool. */
  name?: string | null;
  /** Of a function's call, its arguments as JSON text. */
  arguments?: string | { [key: string]: unknown } | null;
  /** What a called tool gave back, as a text or as parts. */
  output?: string | { [key: string]: unknown }[] | { [key: string]: unknown } | null;
  [key: string]: unknown;
}

/** How the model thinks. */
export interface ResponseReasoning {
  /** How much, such as `none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`. */
  effort?: string | null;
  /** How much of it is told, such as `auto`, `concise` or `detailed`. */
  summary?: string | null;
  /**
   * Use `summary`. It is `auto`, `concise` or `detailed`.
   *
   * @deprecated
   */
  generate_summary?: string | null;
  /** Which thoughts of earlier turns count, `auto`, `current_turn` or `all_turns`. */
  context?: string | null;
  /** The way of thinking, `standard` or `pro`. */
  mode?: string | null;
  [key: string]: unknown;
}

/** How a stream is sent. */
export interface ResponseStreamOptions {
  /** Whether the lengths of its events are hidden. */
  include_obfuscation?: boolean | null;
  [key: string]: unknown;
}

/** `text`, `json_object`, or `json_schema` with its `name`, `schema` and `strict`. */
export interface ResponseTextFormat {
  /** One of `text`, `json_object`, `json_schema`. */
  type: string;
  name?: string | null;
  description?: string | null;
  /** The JSON Schema. */
  schema?: { [key: string]: unknown } | null;
  strict?: boolean | null;
  [key: string]: unknown;
}

/** The form of the answer. */
export interface ResponseText {
  format?: ResponseTextFormat | null;
  /** How long answers tend to be, such as `low`, `medium` or `high`. */
  verbosity?: string | null;
  [key: string]: unknown;
}

/** A function of yours (`function`, `custom`), or one of the provider's own tools, such as `web_search`. */
export interface ResponseTool {
  /** Says which of the other fields it has. */
  type: string;
  /** Of a function. */
  name?: string | null;
  /** What it does, for the model. */
  description?: string | null;
  /** A JSON Schema of its arguments. */
  parameters?: { [key: string]: unknown } | null;
  /** Whether the arguments must fit the schema exactly. */
  strict?: boolean | null;
  [key: string]: unknown;
}

/** The tool that must be called, or the tools that may be. */
export interface ResponseToolChoice {
  /** Such as `function`, `custom`, `allowed_tools`, `mcp`, or one of the provider's own tools. */
  type?: string | null;
  /** Of a function or a custom tool. */
  name?: string | null;
  /** Of a server of tools. */
  server_label?: string | null;
  /** Of allowed tools, `auto` or `required`. */
  mode?: string | null;
  /** Those that are allowed. */
  tools?: { [key: string]: unknown }[] | null;
  [key: string]: unknown;
}

/** A conversation that the provider keeps. */
export interface StoredConversation {
  id?: string | null;
  [key: string]: unknown;
}

/** A prompt that the provider keeps. */
export interface StoredPrompt {
  id?: string | null;
  version?: string | null;
  /** Values for its variables, by name. */
  variables?: { [key: string]: unknown } | null;
  [key: string]: unknown;
}

/** The input to answer, and how. */
export interface CreateResponseRequest {
  /** The model's id. */
  model: string;
  /** A text, or the items of the conversation so far. */
  input?: string | ResponseInputItem[] | null;
  /**
   * Only `false`: the answer to a response in the background has no usage when it comes, so it could not be charged for
   * what it really takes. Such a call is refused with 400.
   */
  background?: boolean | null;
  /** When and how the provider shortens a long conversation. */
  context_management?: ResponseCompaction[] | null;
  /** A conversation that the provider keeps, which this continues. Its length counts as the model's whole context. */
  conversation?: string | StoredConversation | null;
  /** What else the answer should have, such as `reasoning.encrypted_content` or `message.output_text.logprobs`. */
  include?: string[] | null;
  /** What the model is told before the input. */
  instructions?: string | { [key: string]: unknown }[] | null;
  /** The longest answer, in tokens, thoughts included. */
  max_output_tokens?: number | null;
  /** How often the provider's own tools may be called. */
  max_tool_calls?: number | null;
  /** Names and values to keep with the answer. */
  metadata?: { [key: string]: unknown } | null;
  moderation?: ModerationOptions | null;
  /** Whether the model may call several tools at once. */
  parallel_tool_calls?: boolean | null;
  /** A response that the provider keeps, which this continues. Its length counts as the model's whole context. */
  previous_response_id?: string | null;
  prompt?: StoredPrompt | null;
  /** Requests with the same key share the provider's cache better. */
  prompt_cache_key?: string | null;
  prompt_cache_options?: PromptCacheOptions | null;
  /**
   * Use `prompt_cache_options`. It is `in_memory` or `24h`.
   *
   * @deprecated
   */
  prompt_cache_retention?: string | null;
  reasoning?: ResponseReasoning | null;
  /** A stable name of your end user, passed to the provider. */
  safety_identifier?: string | null;
  /** The provider's processing tier, such as `auto`, `default`, `flex`, `fast`, `priority`, `scale` or `ultrafast`. */
  service_tier?: string | null;
  /** Whether the provider keeps the answer. */
  store?: boolean | null;
  /** Whether the answer comes as server-sent events. */
  stream?: boolean | null;
  stream_options?: ResponseStreamOptions | null;
  /** Higher is more varied, 0 is the most certain. */
  temperature?: number | null;
  text?: ResponseText | null;
  /** `none`, `auto`, `required`, or the tool that must be called. */
  tool_choice?: string | ResponseToolChoice | null;
  /** What the model may call. The provider may charge its own tools per call; only tokens are charged here. */
  tools?: ResponseTool[] | null;
  /** How many of the likeliest tokens to report at each place. */
  top_logprobs?: number | null;
  /** Choose only among the likeliest tokens that have this probability together. */
  top_p?: number | null;
  /**
   * `auto` leaves out the oldest items where the input is too long, `disabled` refuses it.
   *
   * @deprecated
   */
  truncation?: string | null;
  /**
   * Use `safety_identifier` and `prompt_cache_key`.
   *
   * @deprecated
   */
  user?: string | null;
  [key: string]: unknown;
}

/** A new API key, with the key itself, this once. */
export interface CreatedAccountApiKey {
  /** The key's name, for people. */
  name: string;
  /** The models that the key may use; all of them without this. */
  models?: string[] | null;
  requests_per_minute?: Limit;
  tokens_per_minute?: Limit;
  /** How many requests may come at once; a minute's worth without this. */
  burst?: number | null;
  /** How many streams may be open at the same time. */
  concurrency?: number | null;
  quota_usd?: OptionalUsd;
  /** How many tokens the key may use in its life. */
  quota_tokens?: number | null;
  /** When the key stops working, as an RFC 3339 date-time or from now, such as `15m`, `12h` or `30d`. */
  expires_at?: string | null;
  id: string;
  created_at: string;
  last_used: string | null;
  /** Whether the key works now. */
  is_active: boolean;
  /** The key. It is not shown again. */
  key: string;
}

/** A new API key, with the key itself, this once. */
export interface CreatedApiKey {
  id: string;
  /** The id of the account that pays. */
  account: string;
  name: string;
  /** What the key begins with. */
  prefix: string;
  /** The models that the key may use; null is all of them. */
  models: string[] | null;
  requests_per_minute: Limit;
  tokens_per_minute: Limit;
  burst: Limit;
  concurrency: Limit;
  quota_usd: OptionalUsd;
  quota_tokens: Limit;
  expires_at: string | null;
  created_at: string;
  revoked_at: string | null;
  last_used_at: string | null;
  /** Whether the key works now. */
  is_active: boolean;
  /** What counts towards the quota so far. */
  spent_usd: string;
  /** How many tokens count towards the quota so far. */
  tokens_used: number;
  /**
   * The first of the keys that were rotated into this one; they share one quota, and `spent_usd` and `tokens_used` are
   * of all of them. Null for a key that was created.
   */
  quota_of: string | null;
  /** The key. It is not shown again. */
  key: string;
}

/** An amount of US dollars, at most nine digits after the point. */
export type Usd = string;

/** What to add to the balance, and why. */
export interface CreditAccountRequest {
  amount_usd: Usd;
  /** Your name for this payment; the same reference is credited once. */
  reference: string;
}

/** The vector of one input. */
export interface Embedding {
  object: "embedding";
  /** Which input it belongs to, from 0. */
  index: number;
  /** Numbers, or the base64 of little-endian float32 values. */
  embedding: number[] | string;
  [key: string]: unknown;
}

/** What an embedding used. */
export interface EmbeddingUsage {
  prompt_tokens: number;
  total_tokens: number;
  [key: string]: unknown;
}

/** One vector for each input. */
export interface EmbeddingList {
  object: "list";
  data: Embedding[];
  /** The model that answered. */
  model: string;
  usage: EmbeddingUsage;
  [key: string]: unknown;
}

/** The answer of a service that is up. */
export interface Health {
  status: "healthy";
  /** The service's name, for programs. */
  service: string;
  [key: string]: unknown;
}

/** An upstream call that failed. */
export interface LedgerAttempt {
  provider: string;
  /** The id of the key that was used with the provider. */
  key: string | null;
  /** The provider's HTTP status; null where there was none. */
  status: number | null;
  /** What went wrong. */
  reason: string;
}

/** How many entries there are of each kind. */
export interface LedgerCounts {
  hold: number;
  post: number;
  void: number;
  expire: number;
  refund: number;
  credit: number;
  adjust: number;
}

/** What one request used and cost. */
export interface LedgerRow {
  /** The id in the answer's `x-request-id`. */
  request_id: string;
  /** The id of the account that pays. */
  account: string;
  /** The API key; null where the request had none. */
  key_id: string | null;
  /** The operationId, such as `create_chat_completion`. */
  operation: string;
  /** Who answered; null while nobody has. */
  provider: string | null;
  /** The key that was used with the provider. */
  upstream_key_id: string | null;
  /** The model that the request named. */
  requested_model: string;
  /** The model that answered, whose price counts. */
  served_model: string | null;
  /** The upstream calls that failed before this outcome; they cost nothing. */
  attempts: LedgerAttempt[];
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_5m_tokens: number;
  cache_write_1h_tokens: number;
  output_tokens: number;
  /** The version of the catalogue in force when the request began. */
  price_version: string;
  account_multiplier: Multiplier;
  model_multiplier: Multiplier;
  cost_usd: SignedUsd;
  held_usd: SignedUsd;
  /**
   * Whether the provider reported the usage or it had to be estimated: as no tokens at all where the answer has a price
   * of its own. `none`: nothing was charged for.
   */
  usage_source: "reported" | "estimated" | "none";
  /** What became of the hold. */
  state: "held" | "posted" | "voided" | "expired";
  /** The HTTP status of the answer; null while there is none. */
  status: number | null;
  stream: boolean;
  /** Milliseconds to the first byte from upstream. */
  ttfb_ms: number | null;
  /** Milliseconds to the end of the answer. */
  duration_ms: number | null;
  created_at: string;
  settled_at: string | null;
  /** Why the hold was given back or the charge refunded; null where it was charged or is still open. */
  reason: string | null;
}

/** A page of the ledger, the newest row first. */
export interface LedgerPage {
  rows: LedgerRow[];
  /** What to give as `before` for the next page; null on the last. */
  next_before: string | null;
}

/** The money of all accounts together; the balance is what was credited and adjusted, less what was charged. */
export interface LedgerSums {
  balance_usd: SignedUsd;
  charged_usd: SignedUsd;
  credited_usd: SignedUsd;
  adjusted_usd: SignedUsd;
  held_usd: SignedUsd;
}

/** The books in a few numbers, all of one moment. */
export interface LedgerProof {
  /** The hash of the last entry, which covers every entry before it. */
  head: string;
  entries: number;
  counts: LedgerCounts;
  /** Holds that the running ledger has open; holds less posts, voids and expiries. */
  open_holds: number;
  sums: LedgerSums;
  sum_of_entries_usd: SignedUsd;
  at: string;
}

/** A request that a provider may have answered, and may bill, and that nobody paid for. */
export interface UnpaidRow {
  /**
   * `crashed`, the process ended before the answer did; `expired`, its end never came; `refunded`, the answer could not
   * be delivered.
   */
  kind: "crashed" | "expired" | "refunded";
  created_at: string;
  request_id: string;
  account: string;
  /** The API key; null where the request had none. */
  key_id: string | null;
  requested_model: string;
  /** Who answered; null where that was never written. */
  provider: string | null;
  held_usd: SignedUsd;
  /** Why nobody paid. */
  reason: string | null;
}

/** How many requests there are of each kind, on all pages together. */
export interface UnpaidTotals {
  crashed: number;
  expired: number;
  refunded: number;
}

/** What to compare with the providers' bills, and whether memory and store agree. */
export interface LedgerReconciliation {
  at: string;
  /** How many accounts were compared. */
  accounts: number;
  /** How many holds the store has open. */
  open_holds: number;
  /** In how many figures memory and store differ; 0 where the books are one. */
  drift: number;
  /** The first of them, a sentence each. */
  findings: string[];
  totals: UnpaidTotals;
  rows: UnpaidRow[];
  /** What to give as `before` for the next page; null on the last. */
  next_before: string | null;
}

/** The answer of a process that is alive. */
export interface Liveness {
  status: "alive";
  [key: string]: unknown;
}

/** What changed; of something new, everything. Never a key or another secret. */
export interface LogFacts {
  name?: string;
  status?: string;
  rate_multiplier?: string;
  daily_budget_usd?: string | null;
  monthly_budget_usd?: string | null;
  balance_usd?: string;
  amount_usd?: string;
  reference?: string;
  reason?: string | null;
  prefix?: string;
  models?: string[] | null;
  requests_per_minute?: Limit;
  tokens_per_minute?: Limit;
  burst?: Limit;
  concurrency?: Limit;
  quota_usd?: string | null;
  quota_tokens?: Limit;
  expires_at?: string | null;
  revoked_at?: string | null;
  quota_of?: string | null;
  provider?: string;
  state?: string;
  last_four?: string;
  weight?: number;
  /** The id of the API key that takes the place of this one. */
  rotated_to?: string;
}

/** One change by an administrator. */
export interface LogRow {
  id: string;
  at: string;
  /** Who asked for it, `token` and the beginning of the admin token's SHA-256, or `command line`. */
  actor: string;
  /** The network address that it came from; `command line` or empty where it came from none. */
  client: string;
  /** The id in the answer's `x-request-id`; empty where there was no request. */
  request_id: string;
  /** The operation, such as `create_key`. */
  action: string;
  /** The id of the account that it is about; empty where it is about a provider. */
  account: string;
  /** The id of the account, the API key or the provider's key that changed, or the name of the provider. */
  object: string;
  before: LogFacts;
  after: LogFacts;
}

/** A page of the log of administration, the newest first. */
export interface LogPage {
  rows: LogRow[];
  /** What to give as `before` for the next page; null on the last one. */
  next_before: string | null;
}

/** The container in which the model's code ran. */
export interface MessageContainer {
  id?: string;
  expires_at?: string;
  [key: string]: unknown;
}

/** How often the provider's own tools were called. */
export interface ServerToolUsage {
  web_search_requests?: number;
  web_fetch_requests?: number;
  [key: string]: unknown;
}

/** What a message used. `input_tokens` excludes what was read from or written to the provider's cache. */
export interface MessageUsage {
  input_tokens: number;
  output_tokens: number;
  cache_creation?: CacheCreation | null;
  /** Written to the provider's cache. */
  cache_creation_input_tokens?: number | null;
  /** Read from the provider's cache. */
  cache_read_input_tokens?: number | null;
  server_tool_use?: ServerToolUsage | null;
  /** The tier that was used, `standard`, `priority` or `batch`. */
  service_tier?: string | null;
  /** Where the provider answered. */
  inference_geo?: string | null;
  [key: string]: unknown;
}

/** More about why it ended, where it was refused. */
export interface StopDetails {
  /** Always `refusal`. */
  type?: string;
  /** Such as `cyber`, `bio`, `frontier_llm` or `reasoning_extraction`. */
  category?: string | null;
  explanation?: string | null;
  [key: string]: unknown;
}

/** The answer to a conversation. */
export interface Message {
  id: string;
  type: "message";
  role: "assistant";
  content: ContentBlock[];
  /** The model that answered. */
  model: string;
  /**
   * Why it ended, such as `end_turn`, `max_tokens`, `stop_sequence`, `tool_use`, `pause_turn` or `refusal`; null while
   * it goes on.
   */
  stop_reason: string | null;
  /** The text of `stop_sequences` that ended it. */
  stop_sequence: string | null;
  stop_details?: StopDetails | null;
  container?: MessageContainer | null;
  usage: MessageUsage;
  [key: string]: unknown;
}

/** What is new about the message as a whole. */
export interface MessageDelta {
  /** Why it ended, such as `end_turn`, `max_tokens`, `stop_sequence`, `tool_use`, `pause_turn` or `refusal`. */
  stop_reason?: string | null;
  stop_sequence?: string | null;
  stop_details?: StopDetails | null;
  container?: MessageContainer | null;
  [key: string]: unknown;
}

/** What a message used up to this event. Each value replaces the one before it. */
export interface MessageDeltaUsage {
  input_tokens?: number | null;
  output_tokens: number;
  cache_creation_input_tokens?: number | null;
  cache_read_input_tokens?: number | null;
  server_tool_use?: ServerToolUsage | null;
  [key: string]: unknown;
}

/** Why the message ends, and what it used altogether. */
export interface MessageDeltaEvent {
  type: "message_delta";
  delta: MessageDelta;
  usage: MessageDeltaUsage;
  [key: string]: unknown;
}

/** The message begins; it has no content yet, and the usage of its input. */
export interface MessageStartEvent {
  type: "message_start";
  message: Message;
  [key: string]: unknown;
}

/** The message is complete. */
export interface MessageStopEvent {
  type: "message_stop";
  [key: string]: unknown;
}

/** The stream is alive. */
export interface PingEvent {
  type: "ping";
  [key: string]: unknown;
}

/** One event of a streamed message. */
export type MessageStreamEvent =
  | MessageStartEvent
  | ContentBlockStartEvent
  | ContentBlockDeltaEvent
  | ContentBlockStopEvent
  | MessageDeltaEvent
  | MessageStopEvent
  | PingEvent
  | AnthropicError;

/** How many tokens a message would have. */
export interface MessageTokensCount {
  input_tokens: number;
  [key: string]: unknown;
}

/**
 * A model that can be called, as OpenAI's clients (`object`, `created`, `owned_by`) and Anthropic's clients (`type`,
 * `display_name`, `created_at`, `lifecycle`, `max_input_tokens`, `max_tokens`, `capabilities`) expect it.
 */
export interface Model {
  /** The name to call it by. It may contain slashes and colons. */
  id: string;
  object: "model";
  /** When it was published, in seconds since 1970; 0 where that is unknown. */
  created: number;
  /** Who made it or runs it. */
  owned_by: string;
  type: "model";
  /** The name for people. */
  display_name: string;
  /** When it was published, as an RFC 3339 date-time. */
  created_at: string;
  lifecycle: "active" | "deprecated" | "retired";
  deprecated_at?: string | null;
  retires_at?: string | null;
  /** The size of its context; null where that is unknown. */
  max_input_tokens: number | null;
  /** The longest answer it gives; null where that is unknown. */
  max_tokens: number | null;
  /** What it can do, as Anthropic lists it; null, because the catalogue does not know. */
  capabilities: { [key: string]: unknown } | null;
  /** What it is, for people. */
  description?: string;
  /** Who made it. */
  author?: string;
  /** Where its provider is paid. */
  blockchain?: string;
  /** What a million tokens of plain input cost today, in USD, before any multiplier. */
  price?: string;
  /** What it is good for. */
  tags?: string[];
  /** Its name at Hugging Face. */
  huggingFaceId?: string;
  [key: string]: unknown;
}

/** The models, on one page, as both OpenAI's and Anthropic's clients expect it. */
export interface ModelList {
  object: "list";
  data: Model[];
  has_more: boolean;
  first_id: string | null;
  last_id: string | null;
  [key: string]: unknown;
}

/** The conversation that it continued. */
export interface ResponseConversation {
  id?: string;
  [key: string]: unknown;
}

/** Why a response failed. */
export interface ResponseFailure {
  /** Such as `server_error` or `rate_limit_exceeded`. */
  code: string;
  message: string;
  [key: string]: unknown;
}

/** Why a response is incomplete. */
export interface ResponseIncompleteness {
  /** `max_output_tokens` or `content_filter`. */
  reason?: string | null;
  [key: string]: unknown;
}

/** What a part of a text refers to; `type` says which of the other fields it has. */
export interface ResponseAnnotation {
  /** One of `file_citation`, `url_citation`, `container_file_citation`, `file_path`. */
  type?: string;
  url?: string | null;
  title?: string | null;
  file_id?: string | null;
  filename?: string | null;
  container_id?: string | null;
  index?: number | null;
  start_index?: number | null;
  end_index?: number | null;
  [key: string]: unknown;
}

/** A part of a message; `type` says which of the other fields it has. */
export interface ResponseOutputPart {
  /** Such as `output_text`, `refusal` or `reasoning_text`. */
  type: string;
  text?: string | null;
  refusal?: string | null;
  annotations?: ResponseAnnotation[] | null;
  logprobs?: TokenLogprob[] | null;
  [key: string]: unknown;
}

/** A message, a call or a thought; `type` says which of the other fields it has. */
export interface ResponseOutputItem {
  /** Such as `message`, `function_call`, `custom_tool_call` or `reasoning`. */
  type: string;
  id?: string | null;
  /** `in_progress`, `completed` or `incomplete`. */
  status?: string | null;
  /** Of a message, `assistant`. */
  role?: string | null;
  /** Of a message or a thought, its parts, such as `output_text` and `refusal`. */
  content?: ResponseOutputPart[] | null;
  /** Of a thought, what is told about it. */
  summary?: ResponseThought[] | null;
  /** Of a thought, what only the provider can read. */
  encrypted_content?: string | null;
  /** Of a message, `commentary` or `final_answer`. */
  phase?: string | null;
  /** Of a call, what its output has to name. */
  call_id?: string | null;
  /** Of a call, the tool. */
  name?: string | null;
  /**
   * Of a function's call, its arguments as JSON text, as the model wrote it; it may be invalid. Of a search for tools,
   * any value.
   */
  arguments?: string | { [key: string]: unknown } | unknown[] | number | boolean | null;
  /** Of a custom tool's call, its text. */
  input?: string | null;
  [key: string]: unknown;
}

/** What a response used. Reasoning tokens are inside `output_tokens`, cached tokens inside `input_tokens`. */
export interface ResponseUsage {
  input_tokens: number;
  input_tokens_details?: PromptTokensDetails | null;
  output_tokens: number;
  output_tokens_details?: CompletionTokensDetails | null;
  total_tokens?: number | null;
  [key: string]: unknown;
}

/** The answer to an input. */
export interface ModelResponse {
  /** What `previous_response_id` names, where the provider keeps it. */
  id: string;
  object: "response";
  /** When it was begun, in seconds since 1970. */
  created_at: number;
  /** When it was complete, in seconds since 1970. */
  completed_at?: number | null;
  /** `completed`, `incomplete`, `failed`; while it is streamed, `in_progress`. Never `queued` or `cancelled`. */
  status?: string;
  error?: ResponseFailure | null;
  incomplete_details?: ResponseIncompleteness | null;
  /** The model that answered. */
  model: string;
  /** What the model said, thought and called, in its order. */
  output: ResponseOutputItem[];
  usage?: ResponseUsage | null;
  /** What the model was told before the input. */
  instructions?: string | { [key: string]: unknown }[] | null;
  previous_response_id?: string | null;
  max_output_tokens?: number | null;
  metadata?: { [key: string]: unknown } | null;
  parallel_tool_calls?: boolean | null;
  reasoning?: ResponseReasoning | null;
  /** What the provider found in the input and the answer, where it was asked. */
  moderation?: { [key: string]: unknown } | null;
  max_tool_calls?: number | null;
  /** The texts of the output as one; clients put it together themselves. */
  output_text?: string | null;
  prompt?: StoredPrompt | null;
  prompt_cache_key?: string | null;
  prompt_cache_options?: PromptCacheOptions | null;
  /** `in_memory` or `24h`. */
  prompt_cache_retention?: string | null;
  safety_identifier?: string | null;
  top_logprobs?: number | null;
  user?: string | null;
  /** Always `false`. */
  background?: boolean | null;
  conversation?: ResponseConversation | null;
  /** The tier that was used, such as `auto`, `default`, `flex`, `fast`, `priority`, `scale` or `ultrafast`. */
  service_tier?: string | null;
  /** Whether the provider keeps it. */
  store?: boolean | null;
  temperature?: number | null;
  text?: ResponseText | null;
  tool_choice?: string | { [key: string]: unknown } | null;
  tools?: { [key: string]: unknown }[] | null;
  top_p?: number | null;
  /** `auto` or `disabled`. */
  truncation?: string | null;
  [key: string]: unknown;
}

/** Whether an input may be harmful, and in which way. */
export interface ModerationResult {
  flagged: boolean;
  /**
   * Whether each category applies, such as `harassment`, `hate`, `illicit`, `self-harm`, `sexual` and `violence`; null
   * where the model does not know it.
   */
  categories: { [key: string]: boolean | null };
  /** How sure the model is of each category, from 0 to 1. */
  category_scores: { [key: string]: number };
  /** The types of input (`text`, `image`) that each score is about. */
  category_applied_input_types?: { [key: string]: string[] };
  [key: string]: unknown;
}

/** A verdict for each text, or one for parts that belong together. */
export interface Moderation {
  id: string;
  /** The model that answered. */
  model: string;
  results: ModerationResult[];
  [key: string]: unknown;
}

/** A factor on prices, at most six digits after the point. */
export type NewMultiplier = string;

/** Why the provider is paused. */
export interface PauseProviderRequest {
  /** A line of at most 200 characters. Clients whose calls are refused read it, too. */
  reason?: string;
}

/** A price in US dollars per million tokens, before multipliers. */
export type PriceUsd = string;

/** A key of the provider's own, without the key itself. */
export interface UpstreamKey {
  /** Where it comes from, such as `env:OPENAI_API_KEY`, or the id of a stored one; the ledger's `upstream_key_id`. */
  id: string;
  provider: string;
  /** Whether it is kept here, encrypted, rather than named in providers.yaml. */
  is_stored: boolean;
  /** Whether calls can use it now. */
  is_usable: boolean;
  /** Why a key that was not revoked cannot be used. */
  problem: string | null;
  /** The last four characters of a stored key; empty where it is too short to show any. */
  last_four: string;
  weight: number;
  created_at: string | null;
  revoked_at: string | null;
}

/** A provider and its keys. */
export interface Provider {
  name: string;
  /** What it speaks, `openai` or `anthropic`; null where it is not in providers.yaml any more. */
  dialect: string | null;
  base_url: string | null;
  /** Whether calls go to it. */
  state: "active" | "paused";
  /** Why it is paused; null while it is active. */
  reason: string | null;
  paused_at: string | null;
  /** Who paused it, as the log calls them; empty where the gateway itself did. */
  paused_by: string | null;
  /** The keys that providers.yaml names, then the stored ones, revoked ones too, the oldest first. */
  keys: UpstreamKey[];
}

/** The providers. */
export interface ProviderList {
  providers: Provider[];
}

/** A provider that could serve the call. The keys that are used with it count as one. */
export interface QuoteCandidate {
  provider: string;
  /** The model of the catalogue whose prices count. */
  served_model: string;
  /** The provider's name of the model. */
  upstream_model: string;
  /** The weight of the provider's entry for the model, which its keys share. */
  weight: number;
  /** The probability that this candidate is tried first, to four digits. */
  share: number;
  /** Whether the call would be translated into another format for it. */
  translated: boolean;
  /** Whether it can be tried now. */
  state: "ready" | "cooling" | "probing";
  /** Why it is not ready. */
  reason: string | null;
  input_usd_per_mtok: PriceUsd;
  output_usd_per_mtok: PriceUsd;
  cache_read_usd_per_mtok: PriceUsd;
  cache_write_5m_usd_per_mtok: PriceUsd;
  cache_write_1h_usd_per_mtok: PriceUsd;
  /** What the answer costs beside its tokens, in US dollars; left out where it costs nothing. */
  request_usd?: string;
  model_multiplier: Multiplier;
  account_multiplier: Multiplier;
  /** What the call would hold, were this the only candidate. */
  hold_usd: string;
  [key: string]: unknown;
}

/**
 * The error that the call would be answered with now, with the very fields of that error; null where it would be let
 * through.
 */
export interface QuoteRefusal {
  /** The HTTP status. */
  status: number;
  /** The kind of error, such as `insufficient_quota`. */
  type: string;
  /** The error's name for programs, such as `rate_limit_exceeded`. */
  code: string | null;
  /** What is wrong and what to do about it. */
  message: string;
  limit?: RefusalLimit;
  needed_usd?: NeededUsd;
  available_usd?: AvailableUsd;
  needed_tokens?: NeededTokens;
  available_tokens?: AvailableTokens;
  max_tokens_that_fit?: MaxTokensThatFit;
  resets_at?: ResetsAt;
  [key: string]: unknown;
}

/** What a call would hold now, how that comes about, and whether it would be let through. */
export interface Quote {
  object: "quote";
  /** The operation that was quoted. */
  operation: string;
  /** The model that the body names. */
  model: string;
  /** The id of the account that would pay. */
  account: string;
  /** The version of the catalogue whose prices these are. */
  price_version: string;
  /** Whether the answer would come as a stream. */
  stream: boolean;
  /**
   * Who could serve the call (whose format cannot say it is not among them), as it is most likely tried: those that
   * need no translation first, by weight; those that rest after failures last. The order in which a call really tries
   * them is drawn at random by these weights, anew for each call.
   */
  candidates: QuoteCandidate[];
  /** The tokens that are held for the prompt. */
  prompt_tokens_upper: number;
  /** The tokens that are held for all answers together. */
  output_tokens_upper: number;
  /** What would be held while the call runs, at the dearest candidate's prices. A call is charged what it used. */
  hold_usd: string;
  /**
   * What the call can cost at most, were each byte of its prompt a token. Only where a provider puts words of its own
   * before a short prompt, which it then counts as input, can there be more.
   */
  upper_bound_usd: string;
  /** Whether the call would be let through now. */
  allowed: boolean;
  refusal: QuoteRefusal | null;
  [key: string]: unknown;
}

/** Whether the service takes traffic, and what decided it. */
export interface Readiness {
  status: "ready" | "unready";
  /** Each thing that was checked, by name, with `ok` or what is wrong with it. */
  checks: { [key: string]: string };
  [key: string]: unknown;
}

/** A text continues. */
export interface ResponseDeltaEvent {
  type:
    | "response.output_text.delta"
    | "response.refusal.delta"
    | "response.reasoning_text.delta"
    | "response.reasoning_summary_text.delta"
    | "response.function_call_arguments.delta"
    | "response.custom_tool_call_input.delta";
  sequence_number?: number;
  item_id: string;
  output_index: number;
  content_index?: number;
  summary_index?: number;
  /** What is new. */
  delta: string;
  logprobs?: TokenLogprob[];
  /** Random text that hides the length of the event. */
  obfuscation?: string;
  [key: string]: unknown;
}

/** A text is whole. */
export interface ResponseDoneEvent {
  type:
    | "response.output_text.done"
    | "response.refusal.done"
    | "response.reasoning_text.done"
    | "response.reasoning_summary_text.done"
    | "response.function_call_arguments.done"
    | "response.custom_tool_call_input.done";
  sequence_number?: number;
  item_id: string;
  output_index: number;
  content_index?: number;
  summary_index?: number;
  text?: string;
  refusal?: string;
  arguments?: string;
  input?: string;
  /** Of a function's call, the function. */
  name?: string;
  [key: string]: unknown;
}

/** The provider failed; nothing follows. */
export interface ResponseErrorEvent {
  type: "error";
  sequence_number?: number;
  code?: string | null;
  message: string;
  param?: string | null;
  [key: string]: unknown;
}

/** An event of one of the provider's own tools, such as `response.web_search_call.searching`. */
export interface ResponseOtherEvent {
  type: string;
  sequence_number?: number;
  [key: string]: unknown;
}

/** An item begins, or ends and is whole. */
export interface ResponseOutputItemEvent {
  type: "response.output_item.added" | "response.output_item.done";
  sequence_number?: number;
  /** Which item of the output, from 0. */
  output_index: number;
  item: ResponseOutputItem;
  [key: string]: unknown;
}

/** A part of an item begins, or ends and is whole. */
export interface ResponsePartEvent {
  type:
    | "response.content_part.added"
    | "response.content_part.done"
    | "response.reasoning_summary_part.added"
    | "response.reasoning_summary_part.done";
  sequence_number?: number;
  item_id: string;
  output_index: number;
  /** Which part of the item, from 0. */
  content_index?: number;
  summary_index?: number;
  part: ResponseOutputPart;
  [key: string]: unknown;
}

/**
 * The response as it is now. The last event of a stream is one of `completed`, `incomplete` and `failed`, with the
 * usage.
 */
export interface ResponseStateEvent {
  type:
    | "response.created"
    | "response.queued"
    | "response.in_progress"
    | "response.completed"
    | "response.incomplete"
    | "response.failed";
  /** Which event of the stream, from 0. */
  sequence_number?: number;
  response: ModelResponse;
  [key: string]: unknown;
}

/** One event of a streamed response. */
export type ResponseStreamEvent =
  | ResponseStateEvent
  | ResponseOutputItemEvent
  | ResponsePartEvent
  | ResponseDeltaEvent
  | ResponseDoneEvent
  | ResponseErrorEvent
  | ResponseOtherEvent;

/** How to replace the key. */
export interface RotateKeyRequest {
  /** How long the old key still works, such as `15m`, `24h` or `7d`; `0` is not at all. */
  overlap?: string;
}

/** One way to serve a model, which is a provider and one of its keys. */
export interface RouteCandidate {
  position: number;
  provider: string;
  /** The id of the provider's key. */
  key: string;
  /** The model of the catalogue whose prices count. */
  served_model: string;
  /** The provider's name of the model. */
  upstream_model: string;
  /** What is spoken there. */
  dialect: string;
  /** Whether the call would be translated for it. Such candidates stand behind those that need no translation. */
  translated: boolean;
  /** The weight of the provider's entry for the model, which its keys share by weights of their own. */
  weight: number;
  /** The probability that this candidate is tried first, to four digits. */
  share: number;
  /** Whether it can be tried now. One that is probing is tried by another call, to find out whether it is well. */
  state: "ready" | "cooling" | "probing" | "paused";
  /** For how long it rests, in seconds. */
  wait_s: number;
  /** Why it is not ready. */
  reason: string | null;
  input_usd_per_mtok: PriceUsd;
  output_usd_per_mtok: PriceUsd;
  model_multiplier: Multiplier;
}

/** Who would be asked for a model. */
export interface Route {
  object: "route";
  model: string;
  /** The operation that the answer is about. */
  operation: string;
  /** How many candidates one call tries at most. */
  attempts_max: number;
  /** As they are most likely tried. The order of those with weights is drawn at random, anew for each call. */
  candidates: RouteCandidate[];
  /** Providers that have the model and no key for it. */
  without_keys: string[];
}

/** What the service is and where its endpoints are. */
export interface ServiceInformation {
  /** The service's name, for people. */
  message: string;
  /** The version of the API. */
  version: string;
  /** The main endpoints of this listener, as `METHOD /path`. */
  endpoints: string[];
  [key: string]: unknown;
}

/** What a wallet has to sign. */
export interface SignInChallenge {
  /** An EIP-4361 message, to be signed as it is with `personal_sign` (EIP-191). */
  message: string;
  /** The nonce in the message. */
  nonce: string;
  /** When a signature of this message is taken no longer. Signing in makes it worthless before. */
  expires_at: string;
}

/** A link that signs in once. */
export interface SignInLink {
  /** The id of the account that the link signs in to. */
  account: string;
  /** The link, to be given to the account's holder. It is not shown again. */
  url: string;
  /** The token in the link, for `POST /api/auth/link`. */
  token: string;
  expires_at: string;
}

/** Who signed in. */
export interface User {
  /** The id of the account. */
  id: string;
  /** The wallet's address as EIP-55 writes it; null for an account without a wallet. */
  address: string | null;
  created_at: string;
}

/** A new session. */
export interface SignedIn {
  /** The session, for `Authorization` with `Bearer`. Keep it like a password. */
  token: string;
  user: User;
}

/** What an account has used since its beginning. Calls that were not charged do not count. */
export interface Stats {
  /** Calls that were answered and charged, be it at no cost. */
  totalRequests: number;
  /** All tokens. */
  totalTokens: number;
  /** Tokens that went in, those included that were read from or written to a provider's cache. */
  totalPromptTokens: number;
  /** Tokens that came out. */
  totalCompletionTokens: number;
  [key: string]: unknown;
}

/** It is done. */
export interface Success {
  success: true;
}

/** What to change; what is left out stays as it is. */
export interface UpdateAccountRequest {
  name?: AccountName;
  status?: AccountStatus;
  rate_multiplier?: NewMultiplier;
  daily_budget_usd?: DailyBudget;
  monthly_budget_usd?: MonthlyBudget;
}

/**
 * What to change; what is left out stays as it is. `null` removes: a limit is the gateway's default again, all models
 * may be used, the key never expires. 0 is no limit.
 */
export interface UpdateKeyRequest {
  /** The key's name, for people. */
  name?: string;
  /** The models that the key may use; `null` is all of them. */
  models?: string[] | null;
  requests_per_minute?: Limit;
  tokens_per_minute?: Limit;
  burst?: Limit;
  concurrency?: Limit;
  quota_usd?: OptionalUsd;
  quota_tokens?: Limit;
  /**
   * When the key stops working, as an RFC 3339 date-time or from now, such as `15m`, `12h` or `30d`; `null` is never.
   */
  expires_at?: string | null;
}

/** One group, and what its requests used and cost. A request counts in the hour in which it began. */
export interface UsageRow {
  /** The day in UTC. */
  day?: string;
  /** The hour in UTC. */
  hour?: string;
  /** The model that the requests named. */
  model?: string;
  /** The id of the API key; null where the requests had none. */
  key?: string | null;
  /** Who answered. */
  provider?: string;
  /** The id of the account. */
  account?: string;
  requests: number;
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_5m_tokens: number;
  cache_write_1h_tokens: number;
  output_tokens: number;
  cost_usd: SignedUsd;
}

/** The sums of all rows. */
export interface UsageTotal {
  requests: number;
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_5m_tokens: number;
  cache_write_1h_tokens: number;
  output_tokens: number;
  cost_usd: SignedUsd;
}

/** What was used and charged in a span of time, in groups and in total. Refunded requests are not in it. */
export interface UsageReport {
  object: "usage";
  /** The id of the account; null where it is every account. */
  account: string | null;
  /** The first day, or the first hour. */
  from: string;
  /** The last day, which is included, or the hour at which the span ends, which is not. */
  to: string;
  /** What the rows are grouped by, in their order. */
  by: ("day" | "hour" | "model" | "key" | "provider" | "account")[];
  /** A row for each group in which there was a request, sorted by the groups. */
  data: UsageRow[];
  total: UsageTotal;
}

/** What a sign-in link holds. */
export interface UseSignInLinkRequest {
  /** The token at the end of the link. */
  token: string;
}

"""Request bodies as clients send them, by operation: what has to pass and what has to be refused."""

from typing import Any

Case = tuple[str, dict[str, Any]]

_HELLO = [{"role": "user", "content": "Hello!"}]
_CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def _chat(**fields: Any) -> Case:
    return "create_chat_completion", {"model": "gpt-4o", "messages": _HELLO, **fields}


def _completion(**fields: Any) -> Case:
    return "create_completion", {"model": "davinci-002", "prompt": "Once", **fields}


def _response(**fields: Any) -> Case:
    return "create_response", {"model": "gpt-4o", "input": "Hello!", **fields}


def _embedding(**fields: Any) -> Case:
    return "create_embedding", {"model": "text-embedding-3-small", "input": "Hello", **fields}


def _moderation(**fields: Any) -> Case:
    return "create_moderation", {"input": "I want to kill them.", **fields}


def _message(**fields: Any) -> Case:
    return "create_message", {"model": "claude-opus-4-6", "max_tokens": 1024, "messages": _HELLO, **fields}


def _quote(**fields: Any) -> Case:
    return "create_quote", {"model": "gpt-4o", **fields}


def _account(**fields: Any) -> Case:
    return "create_account", {"name": "acme", **fields}


def _connect(**fields: Any) -> Case:
    return "connect_wallet", {"address": "0x" + "ab" * 20, "signature": "0x" + "00" * 65, "chain_id": 1, **fields}


def _key(**fields: Any) -> Case:
    return "create_key", {"name": "laptop", **fields}


ACCEPTED: list[Case] = [
    _chat(),
    _chat(a_field_of_tomorrow={"x": 1}),
    _chat(
        max_tokens=None, stop=None, tools=None, tool_choice=None, stream=None, stream_options=None, response_format=None
    ),
    _chat(
        temperature=2, top_p=1, n=128, max_tokens=1, presence_penalty=-2, logit_bias={"50256": -100}, stop=["\n", "END"]
    ),
    _chat(logprobs=True, top_logprobs=20, seed=9007199254740993, user="u", metadata={"team": "a"}),
    _chat(
        reasoning_effort="xhigh", verbosity="low", service_tier="flex", max_completion_tokens=500, modalities=["text"]
    ),
    _chat(response_format={"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": _CITY}}),
    _chat(
        tools=[
            {"type": "function", "function": {"name": "get_weather", "parameters": _CITY, "strict": None}},
            {"type": "custom", "custom": {"name": "shell", "format": {"type": "text"}}},
        ],
        tool_choice={"type": "function", "function": {"name": "get_weather"}},
        parallel_tool_calls=False,
    ),
    _chat(functions=[{"name": "f"}], function_call="auto"),
    _chat(
        messages=[
            {"role": "developer", "content": [{"type": "text", "text": "Be brief."}]},
            {
                "role": "user",
                "name": "ann",
                "content": [
                    {"type": "text", "text": "What is this?"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA==", "detail": "high"}},
                    {"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}},
                    {"type": "file", "file": {"file_id": "file-1"}},
                ],
            },
            {
                "role": "assistant",
                "content": None,
                "refusal": None,
                "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
            },
            {"role": "tool", "tool_call_id": "c1", "content": "sunny"},
            {"role": "function", "name": "f", "content": None},
            {"role": "assistant", "audio": {"id": "a1"}},
            {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
        ]
    ),
    _completion(),
    _completion(prompt=["a", "b"], best_of=2, n=2, echo=True, logprobs=5, suffix=None, max_tokens=0, stop="."),
    _completion(prompt=[1, 2, 3], stream=True, stream_options={"include_usage": True}),
    _completion(prompt=[[1, 2], [3]], logit_bias=None),
    _completion(prompt=None),
    _embedding(),
    _embedding(input=["a", "b"], encoding_format="base64", dimensions=256),
    _embedding(input=[1, 2, 3], encoding_format=None, dimensions=None, user=None),
    _embedding(input=[[1, 2], [3]]),
    _moderation(),
    _moderation(model=None, input=["a", "b"], a_field_of_tomorrow=1),
    _moderation(
        model="omni-moderation-latest",
        input=[
            {"type": "text", "text": "What is this?", "image_url": None},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
            {"type": "a_part_of_tomorrow", "x": [1]},
        ],
    ),
    _message(),
    _message(max_tokens=0, system=None, tools=None, thinking=None, metadata={"user_id": None}, stop_sequences=None),
    _message(
        system=[{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
        thinking={"type": "enabled", "budget_tokens": 2048},
        tools=[
            {"name": "get_weather", "description": "The weather.", "input_schema": _CITY, "cache_control": None},
            {"type": "web_search_20250305", "name": "web_search", "max_uses": 3},
            {"type": "mcp_toolset", "mcp_server_name": "docs"},
        ],
        tool_choice={"type": "tool", "name": "get_weather", "disable_parallel_tool_use": True},
        output_config={"effort": "high"},
        stream=True,
    ),
    _message(
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}},
                    {
                        "type": "document",
                        "source": {"type": "url", "url": "https://x/y.pdf"},
                        "citations": {"enabled": True},
                    },
                    {
                        "type": "search_result",
                        "source": "https://x",
                        "title": "x",
                        "content": [{"type": "text", "text": "y"}],
                    },
                ],
            },
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "…", "signature": "s"},
                    {"type": "redacted_thinking", "data": "AA=="},
                    {"type": "text", "text": "I look.", "citations": None},
                    {"type": "tool_use", "id": "t1", "name": "get_weather", "input": {"city": "Paris"}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "t1", "content": "sunny", "is_error": False},
                    {"type": "tool_result", "tool_use_id": "t2", "content": [{"type": "text", "text": "late"}]},
                    {"type": "web_search_tool_result", "tool_use_id": "t3", "content": {"error_code": "unavailable"}},
                ],
            },
        ]
    ),
    _message(thinking={"type": "adaptive", "display": "omitted"}, container={"id": "c"}, mcp_servers=[{"type": "url"}]),
    _response(),
    _response(input=None, previous_response_id="resp_1", background=None, store=False, stream=True, include=["x"]),
    _response(
        instructions=[{"role": "developer", "content": "Be brief."}],
        input=[
            {"role": "user", "content": [{"type": "input_text", "text": "a"}, {"type": "input_file", "file_id": "f"}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "b"}]},
            {"type": "reasoning", "id": "rs_1", "summary": [], "content": None, "encrypted_content": "AA=="},
            {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": [{"type": "input_text", "text": "sunny"}]},
            {"type": "computer_call_output", "call_id": "c2", "output": {"type": "computer_screenshot"}},
            {"type": "item_reference", "id": "msg_1"},
        ],
        tools=[{"type": "function", "name": "f", "parameters": None, "strict": None}, {"type": "web_search"}],
        tool_choice={"type": "function", "name": "f"},
        reasoning={"effort": "low", "summary": "auto"},
        text={"format": {"type": "json_schema", "name": "city", "schema": _CITY}, "verbosity": "low"},
    ),
    ("count_message_tokens", {"model": "claude-opus-4-6", "messages": _HELLO, "system": "Be brief."}),
    _quote(),
    ("create_quote", {"messages": _HELLO}),  # the operation asks for the model, except where there is a default
    _quote(operation=None, messages=_HELLO, max_tokens=5),
    _quote(operation="create_response", input="Hello!", a_field_of_tomorrow=None),
    _account(),
    _account(balance_usd="25.00", rate_multiplier="0"),
    ("credit_account", {"amount_usd": "0.000000001", "reference": "invoice-7"}),
    ("adjust_account", {"amount_usd": "-0.000000001", "reference": "ticket-12", "reason": "credited twice"}),
    ("adjust_account", {"amount_usd": "5", "reference": "r", "reason": "goodwill"}),
    _connect(),
    _connect(address="0x" + "aB" * 20, signature="", chain_id=2**53 - 1),
    ("use_sign_in_link", {"token": "a"}),
    ("create_api_key", {"name": "My API Key"}),
    ("create_api_key", {"name": "k", "models": None, "requests_per_minute": 0, "quota_usd": "5", "expires_at": "30d"}),
    _key(),
    _key(
        models=["gpt-4o"],
        requests_per_minute=0,
        tokens_per_minute=1,
        burst=1,
        concurrency=1,
        quota_usd="5",
        quota_tokens=9,
    ),
    _key(models=None, requests_per_minute=None, expires_at="30d", prefix="op_"),
]

REFUSED: list[Case] = [
    ("create_chat_completion", {"messages": _HELLO}),
    ("create_chat_completion", {"model": "gpt-4o"}),
    _chat(model=None),
    _chat(model=""),
    _chat(messages=[]),
    _chat(messages=[{"role": "robot", "content": "Hello!"}]),
    _chat(messages=[{"role": "user", "content": 5}]),
    _chat(temperature=2.1),
    _chat(temperature="hot"),
    _chat(max_tokens=0),
    _chat(max_tokens=1.5),
    _chat(n=0),
    _chat(n=129),
    _chat(best_of="2"),
    _chat(stream="yes"),
    _chat(tools=[{"type": "function", "function": {"description": "nameless"}}]),
    _completion(prompt={"text": "Once"}),
    _embedding(input=[]),
    _embedding(input=[1, "a"]),
    _embedding(input=None),
    _embedding(encoding_format="hex"),
    ("create_moderation", {"model": "omni-moderation-latest"}),
    _moderation(model=""),
    _moderation(model=5),
    _moderation(input=None),
    _moderation(input=[]),
    _moderation(input=5),
    _moderation(input=[1, 2]),
    _moderation(input=["a", {"type": "text", "text": "b"}]),
    _moderation(input=[{"text": "of no type"}]),
    _moderation(input=[{"type": "image_url", "image_url": {}}]),
    ("create_message", {"model": "claude-opus-4-6", "messages": _HELLO}),
    _message(max_tokens=-1),
    _message(max_tokens=None),
    _message(messages=[]),
    _message(messages=[{"role": "user"}]),
    _message(thinking={"budget_tokens": 1024}),
    ("create_response", {"input": "Hello!"}),
    _response(model=""),
    _response(input=5),
    _response(input=["a"]),
    _response(max_output_tokens=-1),
    _response(stream=1),
    _response(temperature="hot"),
    _response(tools=[{"name": "of no type"}]),
    _response(text={"format": {}}),
    _quote(model=""),
    _quote(model=5),
    _quote(operation="list_models"),
    _account(balance_usd=25.0),
    _account(balance_usd="-1"),
    _account(balance_usd="0.0000000001"),
    _account(rate_multiplier="1.0000001"),
    _account(nmae="acme"),
    ("create_account", {"name": "a/b"}),
    ("credit_account", {"amount_usd": "1e3", "reference": "r"}),
    ("credit_account", {"amount_usd": "1"}),
    ("credit_account", {"amount_usd": "-1", "reference": "r"}),
    ("adjust_account", {"amount_usd": "--1", "reference": "r", "reason": "x"}),
    ("adjust_account", {"amount_usd": "1", "reference": "r"}),
    ("adjust_account", {"amount_usd": "1", "reference": "r", "reason": ""}),
    _connect(address="0x" + "ab" * 19),
    _connect(address="ab" * 20),
    _connect(signature=None),
    _connect(chain_id=0),
    _connect(chain_id="1"),
    _connect(nonce="x"),
    ("connect_wallet", {"address": "0x" + "ab" * 20, "signature": "0x"}),
    ("use_sign_in_link", {"token": ""}),
    ("create_api_key", {}),
    ("create_api_key", {"name": ""}),
    ("create_api_key", {"name": "k", "prefix": "op_"}),
    _key(requests_per_minute=-1),
    _key(models=[""]),
    _key(prefix="9 lives"),
]

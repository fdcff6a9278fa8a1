"""Hypothesis strategies: conversations and answers in the shape in which a round trip gives them back."""

import json
from typing import Any

from hypothesis import strategies as st

texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
names = st.from_regex(r"[a-zA-Z0-9_-]{1,12}", fullmatch=True)
flat = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts
objects = st.dictionaries(
    texts, flat | st.lists(flat, max_size=2) | st.dictionaries(texts, flat, max_size=2), max_size=3
)
counts = st.integers(0, 10**6)
SIGNATURES = st.from_regex(r"[a-zA-Z0-9+/]{4,12}", fullmatch=True)


def spelled(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


text_parts = st.builds(lambda text: {"type": "text", "text": text}, texts)
image_parts = st.sampled_from(
    [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
    ]
)
file_parts = st.builds(
    lambda name: {"type": "file", "file": {"file_data": "data:application/pdf;base64,JVBERi0=", "filename": name}},
    texts,
)
contents = texts | st.lists(text_parts | image_parts | file_parts, min_size=2, max_size=3)


@st.composite
def thoughts(draw: st.DrawFn) -> dict[str, Any]:
    told = draw(st.lists(st.tuples(texts, SIGNATURES), max_size=2))
    if not told:
        return {}
    details = [
        {"index": index, "type": "reasoning.text", "text": text, "signature": signature}
        for index, (text, signature) in enumerate(told)
    ]
    if draw(st.booleans()):
        details.append({"index": len(details), "type": "reasoning.encrypted", "data": draw(SIGNATURES)})
    return {"reasoning_content": "".join(text for text, _ in told), "reasoning_details": details}


def calls(ids: list[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    def call(name: str, function: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"id": name, "type": "function", "function": {"name": function, "arguments": spelled(arguments)}}

    return st.tuples(*(st.builds(call, st.just(name), names, objects) for name in ids)).map(list)


@st.composite
def chat_turns(draw: st.DrawFn) -> list[dict[str, Any]]:
    """What the assistant says, with the results of the tools that it calls."""
    ids = draw(st.lists(names, max_size=2, unique=True))
    said: dict[str, Any] = {"role": "assistant"}
    if not ids or draw(st.booleans()):
        said["content"] = draw(texts)
    said.update(draw(thoughts()))
    if ids:
        said["tool_calls"] = draw(calls(ids))
    return [said, *({"role": "tool", "tool_call_id": name, "content": draw(texts)} for name in ids)]


@st.composite
def chat_messages(draw: st.DrawFn) -> list[dict[str, Any]]:
    system = draw(st.none() | texts | st.lists(text_parts, min_size=2, max_size=2))
    messages = [{"role": "system", "content": system}] if system else []
    for _ in range(draw(st.integers(1, 3))):
        messages.append({"role": "user", "content": draw(contents)})
        messages += draw(chat_turns())
    return messages


@st.composite
def chat_requests(draw: st.DrawFn) -> dict[str, Any]:
    body: dict[str, Any] = {"model": draw(names), "messages": draw(chat_messages())}
    body["max_completion_tokens"] = draw(st.integers(1, 10**5))
    optional: dict[str, st.SearchStrategy[Any]] = {
        "top_p": st.floats(0, 1),
        "stop": st.lists(texts, min_size=1, max_size=4),
        "stream": st.booleans(),
        "user": texts,
        "response_format": st.builds(
            lambda schema: {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}},
            objects,
        ),
    }
    for name, values in optional.items():
        if draw(st.booleans()):
            body[name] = draw(values)
    if draw(st.booleans()):
        body.update(draw(tools()))
    if draw(st.booleans()):
        body["temperature"] = draw(st.floats(0, 1))
    elif draw(st.booleans()):
        body["reasoning_effort"] = draw(st.sampled_from(["low", "medium", "high", "xhigh", "max"]))
    return body


@st.composite
def tools(draw: st.DrawFn) -> dict[str, Any]:
    functions = draw(
        st.lists(
            st.fixed_dictionaries(
                {"name": names, "parameters": objects.map(lambda schema: {**schema, "type": "object"})},
                optional={"description": texts, "strict": st.booleans()},
            ),
            min_size=1,
            max_size=2,
        )
    )
    body: dict[str, Any] = {"tools": [{"type": "function", "function": function} for function in functions]}
    named = {"type": "function", "function": {"name": functions[0]["name"]}}
    choice = draw(st.sampled_from([None, "none", "auto", "required", named]))
    if choice is not None:
        body["tool_choice"] = choice
        if choice != "none" and draw(st.booleans()):
            body["parallel_tool_calls"] = draw(st.booleans())
    return body


@st.composite
def messages_answers(draw: st.DrawFn) -> dict[str, Any]:
    """A message as Anthropic answers, with all that its document requires."""
    blocks: list[dict[str, Any]] = [
        {"type": "thinking", "thinking": text, "signature": signature}
        for text, signature in draw(st.lists(st.tuples(texts, SIGNATURES), max_size=2))
    ]
    if draw(st.booleans()):
        blocks.append({"type": "redacted_thinking", "data": draw(SIGNATURES)})
    if draw(st.booleans()):
        blocks.append({"type": "text", "text": draw(texts), "citations": []})
    called = [
        {"type": "tool_use", "id": name, "name": draw(names), "input": draw(objects), "caller": {"type": "direct"}}
        for name in draw(st.lists(names, max_size=2, unique=True))
    ]
    reason = draw(st.sampled_from(["end_turn", "max_tokens", "refusal"])) if not called else "tool_use"
    unsaid = dict.fromkeys(("cache_creation", "inference_geo", "server_tool_use", "service_tier"))
    counted = {
        name: draw(counts)
        for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")
    }
    return {
        "id": draw(names),
        "type": "message",
        "role": "assistant",
        "model": draw(names),
        "content": blocks + called,
        "stop_reason": reason,
        **dict.fromkeys(("stop_sequence", "stop_details", "container")),
        "usage": {**unsaid, **counted},
    }

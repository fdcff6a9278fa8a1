"""The parts that a whole response and a streamed one have in common. Pure; raises WrongShape."""

from collections.abc import Mapping
from typing import Any

from tollhouse.dialects import openai
from tollhouse.dialects.base import TOKENS_MAX
from tollhouse.dialects.shapes import mapping, objects, text

# Why a chat completion ended, as the reason of an incomplete response; any other end is complete.
INCOMPLETE = {"length": "max_output_tokens", "content_filter": "content_filter"}
_OPTIONS = ("max_output_tokens", "top_logprobs", "safety_identifier", "prompt_cache_key", "user")


def begun(request: Mapping[str, Any], answer: Mapping[str, Any], created_s: int) -> dict[str, Any]:
    """A response that has no output yet: what upstream calls it, and what the client asked for, as OpenAI repeats it.

    Its id is made of upstream's, so that whoever looks for one finds the other. `created_s` stands in where upstream has no time.
    """
    created, model = answer.get("created"), answer.get("model")
    reasoning = _given(request, "reasoning")
    return {
        "id": f"resp_{name_of(answer)}",
        "object": "response",
        "created_at": created if type(created) is int else created_s,
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": request.get("instructions"),
        "metadata": request.get("metadata") or {},
        "model": model if type(model) is str else request.get("model"),
        "output": [],
        "parallel_tool_calls": request.get("parallel_tool_calls") is not False,
        "previous_response_id": None,
        "reasoning": {"effort": reasoning.get("effort"), "summary": reasoning.get("summary")},
        "store": False,
        "temperature": request.get("temperature"),
        "text": {"format": {"type": "text"}, **_without_nulls(_given(request, "text"))},
        "tool_choice": request.get("tool_choice") or "auto",
        "tools": [_tool(tool) for tool in request.get("tools") or [] if type(tool) is dict],
        "top_p": request.get("top_p"),
        "truncation": "disabled",
        **{name: request[name] for name in _OPTIONS if request.get(name) is not None},
    }


def _given(request: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = request.get(name)
    return value if type(value) is dict else {}


def _without_nulls(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in value.items() if item is not None}


def _tool(tool: dict[str, Any]) -> dict[str, Any]:
    """A tool as a response repeats it: what may be left out of a request is there."""
    return {"strict": False, "parameters": {}, **tool} if tool.get("type") == "function" else tool


def name_of(answer: Mapping[str, Any]) -> str:
    """Upstream's id without its prefix; what it is called in ids of ours."""
    name = answer.get("id")
    return (name.removeprefix("chatcmpl-") if type(name) is str else "") or "0"


def ended(response: dict[str, Any], output: list[dict[str, Any]], reason: Any, usage: Any) -> dict[str, Any]:
    """The response with its output, its status by the reason of its end, and its usage where that was reported."""
    incomplete = incomplete_by(reason)
    response = {**response, "status": "incomplete" if incomplete else "completed", "output": output}
    if incomplete:
        response["incomplete_details"] = {"reason": incomplete}
    counted = usage_of(usage)
    return {**response, "usage": counted} if counted is not None else response


def incomplete_by(reason: Any) -> str | None:
    """Why a response is incomplete, for the reason of a chat completion's end; None where it is not."""
    return INCOMPLETE.get(reason) if type(reason) is str else None


def usage_of(usage: Any) -> dict[str, Any] | None:
    """The usage of a response for that of a chat completion; None where a part is missing or anything is absurd."""
    try:
        counts = openai.body_counts({"usage": usage})
        prompt = openai.input_usage(counts) if counts else None
        output = openai.output_tokens(counts) if counts else None
    except ValueError:
        return None
    if prompt is None or output is None:
        return None
    tokens = prompt.input + prompt.cache_read
    return {
        "input_tokens": tokens,
        "input_tokens_details": {
            "cached_tokens": prompt.cache_read,
            "cache_write_tokens": _detail(usage, "prompt_tokens_details", "cache_write_tokens"),
        },
        "output_tokens": output,
        "output_tokens_details": {
            "reasoning_tokens": _detail(usage, "completion_tokens_details", "reasoning_tokens"),
        },
        "total_tokens": tokens + output,
    }


def _detail(usage: Mapping[str, Any], group: str, name: str) -> int:
    details = usage.get(group)
    value = details.get(name) if type(details) is dict else None
    return value if type(value) is int and 0 <= value <= TOKENS_MAX else 0


def kept_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What upstream says of an answer as a whole, beside its usage. A response has one verdict where chat has a list."""
    kept = {name: answer[name] for name in ("service_tier", "moderation") if answer.get(name) is not None}
    if "moderation" in kept:
        sides = mapping(kept["moderation"], "moderation")
        kept["moderation"] = {side: _verdict(verdict) for side, verdict in sides.items()}
    return kept


def _verdict(verdict: Any) -> Any:
    results = verdict.get("results") if type(verdict) is dict else None
    return results[0] if type(results) is list and results else verdict


def annotations_of(value: Any) -> list[dict[str, Any]]:
    """Where a text comes from: chat has the address one level deeper. Other kinds than addresses are left out."""
    cited = [each for each in objects(value or [], "annotations") if each.get("type") == "url_citation"]
    return [
        {"type": "url_citation", **mapping(each.get("url_citation"), "annotations[].url_citation")} for each in cited
    ]


def logprobs_of(value: Any) -> list[dict[str, Any]]:
    """The probabilities of a text's tokens. A response has the bytes of each, if only none."""
    if value is None:
        return []
    tokens = objects(mapping(value, "logprobs").get("content") or [], "logprobs.content")
    return [
        {
            **_likely(token),
            "top_logprobs": [_likely(other) for other in objects(token.get("top_logprobs") or [], "top_logprobs")],
        }
        for token in tokens
    ]


def _likely(token: Mapping[str, Any]) -> dict[str, Any]:
    return {"token": token.get("token"), "logprob": token.get("logprob"), "bytes": token.get("bytes") or []}


def text_part(written: str, annotations: list[dict[str, Any]], logprobs: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "output_text", "text": written, "annotations": annotations, "logprobs": logprobs}


def message_item(name: str, content: list[dict[str, Any]], status: str) -> dict[str, Any]:
    return {"id": name, "type": "message", "status": status, "role": "assistant", "content": content}


def reasoning_item(name: str, thought: str, sealed: str | None, status: str) -> dict[str, Any]:
    summary = [{"type": "summary_text", "text": thought}] if thought else []
    item = {"id": name, "type": "reasoning", "status": status, "summary": summary}
    return {**item, "encrypted_content": sealed} if sealed is not None else item


def call_item(name: str, call_id: str, tool: str, written: str, status: str, *, custom: bool) -> dict[str, Any]:
    """A call of a tool; `written` is its arguments as JSON text, or the text of a custom tool."""
    if custom:
        return {"id": name, "type": "custom_tool_call", "call_id": call_id, "name": tool, "input": written}
    return {
        "id": name,
        "type": "function_call",
        "status": status,
        "call_id": call_id,
        "name": tool,
        "arguments": written,
    }


def optional_text(value: Mapping[str, Any], name: str) -> str:
    """A text that may be missing or null."""
    found = value.get(name)
    return "" if found is None else text(found, name)


def thought_of(value: Mapping[str, Any]) -> str:
    """Thoughts to read, under either of the two names that servers have for the extension."""
    return optional_text(value, "reasoning_content") or optional_text(value, "reasoning")

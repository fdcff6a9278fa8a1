"""The provider behind a fuzzed gateway, in good health at every endpoint."""

from typing import Any

from tests.upstream import Connection, Reply, Request, answer_json, by_path, frame, model_of, stream


def completion(text: str, usage: dict[str, int] | None, finish_reason: str | None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": "cmpl-scripted",
        "object": "text_completion",
        "created": 1_700_000_000,
        "choices": [{"index": 0, "text": text, "logprobs": None, "finish_reason": finish_reason}],
    }
    return body if usage is None else {**body, "usage": usage}


USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


async def healthy(request: Request, connection: Connection) -> None:
    """As `by_path`, and the endpoints that it does not know."""
    path = request.path.partition("?")[0]
    if path.endswith("/messages/count_tokens"):
        await answer_json({"input_tokens": 11})(request, connection)
    elif path.endswith("/completions") and not path.endswith("/chat/completions"):
        await _completion(request)(request, connection)
    elif path.endswith("/files"):  # which are no JSON on their way up
        await answer_json({"id": "file-scripted", "object": "file"})(request, connection)
    else:
        await by_path(request, connection)


def _completion(request: Request) -> Reply:
    named = {"model": model_of(request)}
    if not request.json().get("stream"):
        return answer_json({**completion("Hello there", USAGE, "stop"), **named})
    parts = [completion("Hello", None, None), completion(" there", USAGE, "stop")]
    return stream([*(frame({**part, **named}) for part in parts), b"data: [DONE]\n\n"])

"""Every event of every stream that leaves the gateway is one that our document and the vendor's describe."""

from typing import Any

import pytest

from tests.conformance.bodies import Bodies
from tests.conformance.ours import answer_check
from tests.conformance.vendors import OPERATIONS, Vendored, allows
from tests.dialects.streams import events
from tests.gateway import bearer
from tests.oracles import OPENAI, PRESENT, document, misfits, needs_oracles
from tests.served import Served
from tests.upstream import Reply, anthropic_stream, by_path, fin, frame, openai_stream, responses_stream, stream

STREAMED = {each.id: each for each in OPERATIONS if each.event}
HELLO = [{"role": "user", "content": "Hello!"}]
ASKED: dict[str, dict[str, Any]] = {
    "create_chat_completion": {"messages": HELLO, "stream_options": {"include_usage": True}},
    "create_completion": {"prompt": "Hello!", "stream_options": {"include_usage": True}},
    "create_response": {"input": "Hello!"},
    "create_message": {"messages": HELLO, "max_tokens": 9},
}
# What a provider sends of a text of two pieces before it falls silent.
CUT: dict[str, Reply] = {
    "gpt-test": openai_stream(usage=None, done=False, finish_reason=None, end=fin),
    "claude-test": anthropic_stream(complete=False, end=fin),
}
CUT_RESPONSE = responses_stream(last=None, end=fin)
# Operations and models: what passes as the provider sends it, and what is translated and so all of our making.
PASSED = [
    ("create_chat_completion", "gpt-test"),
    ("create_completion", "gpt-test"),
    ("create_response", "gpt-test"),
    ("create_message", "claude-test"),
]
TRANSLATED = [
    ("create_chat_completion", "claude-test"),
    ("create_response", "claude-test"),
    ("create_message", "gpt-test"),
]
every_route = pytest.mark.parametrize(("operation_id", "model"), PASSED + TRANSLATED)
# Events after which nothing comes; the last of these ends the stream of its format.
ENDS = ("response.failed", "response.incomplete", "error", "response.completed", "message_stop")


def streamed(served: Served, key: str, vendored: Vendored, model: str) -> list[tuple[str | None, Any]]:
    body = {"model": model, "stream": True, **ASKED[vendored.id]}
    answer = served.client.post(f"/v1{vendored.path}", json=body, headers=bearer(key))
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/event-stream"), answer.text
    return events(answer.content)


def assert_documented(vendored: Vendored, name: str | None, event: Any, *, vendors: bool) -> None:
    """As our document says and, where it is of our making, as the vendor's does."""
    answer_check(vendored.id, 200, "text/event-stream")(event)
    assert name == event.get("type"), (
        "events of messages and responses have a line with their name, and chunks have none"
    )
    if PRESENT and vendors:
        assert not misfits(vendored.file, vendored.event, event)


@every_route
def test_every_event_of_a_whole_stream_is_documented(served: Served, key: str, operation_id: str, model: str) -> None:
    vendored = STREAMED[operation_id]
    told = streamed(served, key, vendored, model)
    if operation_id in ("create_chat_completion", "create_completion"):
        assert told.pop() == (None, "[DONE]")
    assert len(told) >= 3
    for name, event in told:
        assert_documented(vendored, name, event, vendors=(operation_id, model) in TRANSLATED)


@needs_oracles
@pytest.mark.parametrize(("operation_id", "model"), PASSED)
def test_every_kind_of_event_that_a_vendor_documents_passes_as_it_is(
    served: Served, key: str, operation_id: str, model: str
) -> None:
    vendored = STREAMED[operation_id]
    sent = one_of_each_kind(vendored)
    served.upstream.script = stream([*(frame(event, event.get("type")) for event in sent), b"data: [DONE]\n\n"])
    try:
        told = streamed(served, key, vendored, model)
    finally:
        served.upstream.script = by_path
    passed = [event for _, event in told if event != "[DONE]"]
    assert passed == sent
    for name, event in told[: len(sent)]:
        assert_documented(vendored, name, event, vendors=False)


def one_of_each_kind(vendored: Vendored) -> list[Any]:
    """The smallest event of each type, one that ends a stream last."""
    takes = allows(vendored.file, vendored.event)
    found: dict[Any, Any] = {}
    for event in Bodies(document(vendored.file), {"$ref": f"#/components/schemas/{vendored.event}"}).each():
        if takes.is_valid(event):
            found.setdefault(event.get("type"), event)
    last = [found.pop(kind) for kind in ENDS if kind in found][-1:]
    return [*found.values(), *last]


@every_route
def test_a_stream_that_breaks_off_ends_with_a_documented_error(
    served: Served, key: str, operation_id: str, model: str
) -> None:
    if operation_id == "create_completion":
        pytest.skip("a text completion breaks off as a chat does")
    vendored = STREAMED[operation_id]
    served.upstream.script = CUT_RESPONSE if (operation_id, model) == ("create_response", "gpt-test") else CUT[model]
    try:
        *told, (name, last) = streamed(served, key, vendored, model)
    finally:
        served.upstream.script = by_path
    assert told
    for event_name, event in told:
        assert_documented(vendored, event_name, event, vendors=(operation_id, model) in TRANSLATED)
    if operation_id == "create_chat_completion":
        assert name is None and "message" in last["error"]
        assert not PRESENT or not misfits(OPENAI, "ErrorResponse", last)
    elif operation_id == "create_message":
        assert name == last["type"] == "error"
        answer_check(vendored.id, 200, "text/event-stream")(last)
        assert not PRESENT or not misfits(vendored.file, "ErrorResponse", last)
    else:
        assert last["type"] == "response.failed"
        assert_documented(vendored, name, last, vendors=True)

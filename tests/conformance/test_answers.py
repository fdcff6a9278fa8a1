"""Everything of our own making is what the vendors' documents describe, and ours describe whatever the vendors may answer."""

import base64
import json
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conformance.bodies import Bodies
from tests.conformance.ours import answer_check
from tests.conformance.vendors import OPERATIONS, allows
from tests.dialects.conversations import messages_answers
from tests.dialects.oracles import assert_fits
from tests.dialects.streams import completion_chunks, events, message_events, translated
from tests.gateway import bearer
from tests.oracles import ANTHROPIC, OPENAI, document, misfits, needs_oracles
from tests.served import Served
from tollhouse import errors
from tollhouse.contract.rendering import render
from tollhouse.dialects.anthropic import ANTHROPIC as MESSAGES
from tollhouse.dialects.base import failure_frame
from tollhouse.dialects.chat_on_messages import CHAT_ON_MESSAGES
from tollhouse.dialects.openai import OPENAI as CHAT
from tollhouse.dialects.responses import RESPONSES
from tollhouse.dialects.translation import Translation
from tollhouse.dialects.translations import ALL_TRANSLATIONS
from tollhouse.errors import ApiError, InvalidRequest

pytestmark = needs_oracles

# Documented on Anthropic's page about errors, for the same status, and not in its OpenAPI document.
BEYOND_THE_DOCUMENT = "request_too_large"
REQUESTS: dict[str, dict[str, Any]] = {
    "chat": {"model": "m", "messages": [{"role": "user", "content": "Hi"}]},
    "messages": {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 9},
    "responses": {"model": "m", "input": "Hi"},
}
ANSWERS = {"chat": (OPENAI, "CreateChatCompletionResponse"), "messages": (ANTHROPIC, "Message")}


def kinds(kind: type[ApiError] = ApiError) -> Iterator[type[ApiError]]:
    for each in kind.__subclasses__():
        yield each
        yield from kinds(each)


def made(kind: type[ApiError]) -> list[ApiError]:
    """An error with as little and with as much as there can be."""
    if kind is errors.UpstreamRefused:
        return [errors.UpstreamRefused("No.", 418)]
    details = {"limit": "balance", "needed_usd": "0.2", "max_tokens_that_fit": 5}
    return [kind("No."), kind("No.", param="model", code="no", details=details, retry_after_s=9)]


@pytest.mark.parametrize("kind", sorted(kinds(), key=lambda each: each.__name__))
def test_an_error_of_ours_is_one_of_the_vendors(kind: type[ApiError]) -> None:
    for error in made(kind):
        _, _, body = render(error, "openai", "req_1")
        assert not misfits(OPENAI, "ErrorResponse", json.loads(body))
        _, _, body = render(error, "anthropic", "req_1")
        value = json.loads(body)
        if value["error"]["type"] == BEYOND_THE_DOCUMENT:
            assert kind.status == 413
            value["error"]["type"] = "invalid_request_error"
        assert not misfits(ANTHROPIC, "ErrorResponse", value)


@pytest.mark.parametrize("kind", sorted(kinds(), key=lambda each: each.__name__))
def test_an_error_of_ours_in_a_stream_is_one_of_the_vendors(kind: type[ApiError]) -> None:
    for error in made(kind):
        [(name, body)] = events(failure_frame(CHAT, error))
        assert name is None and not misfits(OPENAI, "ErrorResponse", body)
        [(name, body)] = events(failure_frame(RESPONSES, error))
        assert name == body["type"] and not misfits(OPENAI, "ResponseStreamEvent", body)
        [(name, body)] = events(failure_frame(MESSAGES, error))
        if body["error"]["type"] != BEYOND_THE_DOCUMENT:
            assert name == "error" and not misfits(ANTHROPIC, "ErrorResponse", body)


def test_heartbeats_and_ends_are_what_clients_of_the_vendors_skip_and_expect() -> None:
    for dialect in (CHAT, RESPONSES):
        assert dialect.heartbeat.startswith(b":"), "a comment"
        assert events(dialect.terminal_frame) == [(None, "[DONE]")]
    for frame in (MESSAGES.heartbeat, MESSAGES.terminal_frame):
        [(name, body)] = events(frame)
        assert name == body["type"] and not misfits(ANTHROPIC, "MessageStreamEvent", body)


@pytest.mark.parametrize(
    ("vendored", "what"),
    [
        pytest.param(each, what, id=f"{each.id}-{what}")
        for each in OPERATIONS
        for what in ("answer", "event")
        if getattr(each, what) and "model" not in each.path  # models are ours: both formats in one object
    ],
)
def test_whatever_a_vendor_documents_of_an_answer_fits_our_document(vendored: Any, what: str) -> None:
    name = getattr(vendored, what)
    takes = allows(vendored.file, name)
    check = answer_check(vendored.id, 200, "application/json" if what == "answer" else "text/event-stream")
    refused, made, wrong = [], 0, 0
    for body in Bodies(document(vendored.file), {"$ref": f"#/components/schemas/{name}"}, extras=False).each():
        made += 1
        if not takes.is_valid(body):
            wrong += 1
            continue
        try:
            check(body)
        except InvalidRequest as error:
            refused.append((error.message, body))
    assert not refused, refused[:5]
    assert wrong <= made // 100, "the bodies are not what the vendor documents"


@pytest.mark.parametrize("translation", ALL_TRANSLATIONS.values(), ids=lambda each: f"{each.client}_on_{each.upstream}")
def test_whatever_upstream_answers_is_translated_to_the_clients_format(translation: Translation) -> None:
    """Every branch of the answers that upstream's vendor documents."""
    file, name = ANSWERS[translation.upstream]
    takes, count = allows(file, name), 0
    for body in Bodies(document(file), {"$ref": f"#/components/schemas/{name}"}).each():
        if takes.is_valid(body):
            try:
                answer = translation.answer(body, REQUESTS[translation.client], created_s=7)
            except ValueError:  # what cannot be translated is a 502 and no half answer
                continue
            assert_fits(translation.client, "answer", answer)
            count += 1
    assert count > 20


@given(messages_answers(), st.integers(1, 7))
def test_a_stream_of_responses_is_the_vendors_whoever_answers(message: dict[str, Any], size: int) -> None:
    request = {"model": "m", "input": "Hi", "stream": True}
    completion = CHAT_ON_MESSAGES.answer(message, {}, created_s=7)
    streams = {"chat": completion_chunks(completion, size), "messages": message_events(message, size)}
    for upstream, frames in streams.items():
        translation = ALL_TRANSLATIONS["responses", upstream]
        told = events(translated(translation.frames(request, created_s=7), frames))
        for name, event in told:
            assert name == event["type"]
            assert_fits("responses", "frame", event)
        whole = translation.answer(message if upstream == "messages" else completion, request, created_s=7)
        assert_fits("responses", "answer", whole)


def test_models_are_those_of_both_vendors(served: Served) -> None:
    headers = bearer(served.key())
    listed = served.client.get("/v1/models", headers=headers).json()
    assert len(listed["data"]) > 2
    assert not misfits(OPENAI, "ListModelsResponse", listed)
    assert not misfits(ANTHROPIC, "ListResponse_ModelInfo_", listed)
    for item in listed["data"]:
        one = served.client.get(f"/v1/models/{item['id']}", headers=headers).json()
        assert one == item
        assert not misfits(OPENAI, "Model", one) and not misfits(ANTHROPIC, "ModelInfo", one)


def test_a_list_without_models_is_one_too(served: Served) -> None:
    listed = served.client.get("/v1/models", headers=bearer(served.key(models=[]))).json()
    assert listed["data"] == []
    assert not misfits(OPENAI, "ListModelsResponse", listed)
    assert not misfits(ANTHROPIC, "ListResponse_ModelInfo_", listed)


def test_a_vector_in_base64_is_the_documented_one_spelled_otherwise(served: Served) -> None:
    """OpenAI's document has numbers only; its clients ask for base64 and read the little-endian float32 in it."""
    body = {"model": "embed-test", "input": "a", "encoding_format": "base64"}
    answer = served.client.post("/v1/embeddings", json=body, headers=bearer(served.key())).json()
    for item in answer["data"]:
        packed = base64.b64decode(item["embedding"], validate=True)
        item["embedding"] = list(struct.unpack(f"<{len(packed) // 4}f", packed))
    assert not misfits(OPENAI, "CreateEmbeddingResponse", answer)

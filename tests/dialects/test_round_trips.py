"""There and back again: what both tables map comes back as it was, and a stream says what the whole answer says."""

from typing import Any

import anthropic.types
import openai.types.chat
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.dialects.conversations import chat_requests, messages_answers
from tests.dialects.oracles import assert_fits
from tests.dialects.streams import (
    completion_chunks,
    events,
    folded_completion,
    folded_message,
    message_events,
    translated,
)
from tollhouse.dialects.chat_on_messages import CHAT_ON_MESSAGES
from tollhouse.dialects.messages_on_chat import MESSAGES_ON_CHAT

WITH_USAGE = {"stream": True, "stream_options": {"include_usage": True}}
EVENT: TypeAdapter[Any] = TypeAdapter(anthropic.types.RawMessageStreamEvent)
sizes = st.integers(1, 7)


@given(chat_requests())
@settings(deadline=None)
def test_a_request_comes_back_as_it_was(chat: dict[str, Any]) -> None:
    there = CHAT_ON_MESSAGES.request(chat)
    assert set(there.dropped) <= {"response_format.json_schema.name"}
    assert_fits("messages", "request", there.body)
    back = MESSAGES_ON_CHAT.request(there.body)
    assert back.dropped == ()
    assert back.body == chat
    assert CHAT_ON_MESSAGES.request(back.body) == there


@given(messages_answers())
@settings(deadline=None)
def test_an_answer_comes_back_as_it_was(message: dict[str, Any]) -> None:
    assert_fits("messages", "answer", message)
    completion = CHAT_ON_MESSAGES.answer(message, {}, created_s=7)
    assert_fits("chat", "answer", completion)
    openai.types.chat.ChatCompletion.model_validate(completion, strict=True)
    back = MESSAGES_ON_CHAT.answer(completion, {})
    assert back == message
    assert CHAT_ON_MESSAGES.answer(back, {}, created_s=7) == completion
    anthropic.types.Message.model_validate(back)


@given(messages_answers(), sizes)
@settings(deadline=None)
def test_a_chat_stream_folds_to_the_whole_answer(message: dict[str, Any], size: int) -> None:
    stream = translated(CHAT_ON_MESSAGES.frames(WITH_USAGE, created_s=7), message_events(message, size))
    for _, chunk in events(stream)[:-1]:
        assert_fits("chat", "frame", chunk)
        openai.types.chat.ChatCompletionChunk.model_validate(chunk)
    assert folded_completion(stream) == CHAT_ON_MESSAGES.answer(message, WITH_USAGE, created_s=7)


@given(messages_answers(), sizes)
@settings(deadline=None)
def test_a_messages_stream_folds_to_the_whole_answer(message: dict[str, Any], size: int) -> None:
    completion = CHAT_ON_MESSAGES.answer(message, {}, created_s=7)
    stream = translated(MESSAGES_ON_CHAT.frames({}), completion_chunks(completion, size))
    for _, event in events(stream):
        assert_fits("messages", "frame", event)
        EVENT.validate_python(event)
    assert folded_message(stream) == MESSAGES_ON_CHAT.answer(completion, {})

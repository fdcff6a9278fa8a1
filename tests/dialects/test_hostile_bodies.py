"""Whatever a client or an upstream sends: a request is refused with InvalidRequest, an answer and a frame with ValueError."""

import contextlib
import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dialects.conversations import messages_answers
from tests.dialects.streams import completion_chunks, events, message_events
from tests.dialects.test_base import json_values
from tests.dialects.test_translations import every_pair
from tollhouse.dialects.chat_on_messages import CHAT_ON_MESSAGES
from tollhouse.dialects.messages_on_chat import MESSAGES_ON_CHAT
from tollhouse.dialects.translation import Translation
from tollhouse.errors import InvalidRequest

PAIRS = pytest.mark.parametrize("translation", [CHAT_ON_MESSAGES, MESSAGES_ON_CHAT], ids=["chat", "messages"])


@st.composite
def damaged(draw: st.DrawFn, value: Any) -> Any:
    """The value with one place of it replaced by something else, or missing."""
    if isinstance(value, dict) and value and draw(st.integers(0, 9)):
        name = draw(st.sampled_from(sorted(value)))
        if not draw(st.integers(0, 4)):
            return {key: item for key, item in value.items() if key != name}
        return {**value, name: draw(damaged(value[name]))}
    if isinstance(value, list) and value and draw(st.integers(0, 9)):
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], draw(damaged(value[at])), *value[at + 1 :]]
    return draw(json_values)


@every_pair
@given(data=st.data())
@settings(deadline=None)
def test_a_damaged_request_is_refused_as_such(translation: Translation, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(translation.request_fields))
    body = data.draw(damaged(dict(field.example)))
    if isinstance(body, dict):
        with contextlib.suppress(InvalidRequest):
            orjson.loads(json.dumps(translation.request(body).body))


@every_pair
@given(data=st.data())
@settings(deadline=None)
def test_a_damaged_answer_is_a_value_error(translation: Translation, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(translation.answer_fields))
    body = data.draw(damaged(dict(field.example)))
    if isinstance(body, dict):
        with contextlib.suppress(ValueError):
            translation.answer(body, {}, created_s=7)


@PAIRS
@given(message=messages_answers(), data=st.data())
@settings(deadline=None)
def test_a_damaged_stream_is_a_value_error_and_never_half_a_frame(
    translation: Translation, message: dict[str, Any], data: st.DataObject
) -> None:
    upstream: list[Any] = list(message_events(message))
    if translation.upstream == "chat":
        upstream = list(completion_chunks(CHAT_ON_MESSAGES.answer(message, {})))[:-1]
    at = data.draw(st.integers(0, len(upstream) - 1))
    upstream[at] = data.draw(damaged(upstream[at]))
    request = data.draw(st.sampled_from([{}, {"model": "m", "stream_options": {"include_usage": True}}]))
    frames, out = translation.frames(request), b""
    with contextlib.suppress(ValueError):
        for event in upstream:
            out += frames.feed(json.dumps(event).encode())
        out += frames.end()
    events(out)


@every_pair
@given(st.binary(max_size=40))
def test_a_frame_that_is_no_json_is_a_value_error(translation: Translation, data: bytes) -> None:
    with contextlib.suppress(ValueError):
        translation.frames({}).feed(data)
    with pytest.raises(ValueError):
        translation.frames({}).feed(b"{")


@pytest.mark.parametrize("wrong", [{"n": 1.5}, {"a": {"b": []}}, [1], "x", 7, True])
@PAIRS
def test_values_of_the_wrong_kind_name_their_field(translation: Translation, wrong: Any) -> None:
    with pytest.raises(InvalidRequest) as refused:
        translation.request({"model": "m", "max_tokens": 9, "messages": wrong})
    assert refused.value.param is not None and refused.value.param.startswith("messages")


def test_tool_input_nested_too_deep_to_be_written_is_a_value_error() -> None:
    deep: Any = {}
    for _ in range(300):
        deep = {"a": deep}
    block = {"type": "tool_use", "id": "a", "name": "f", "input": deep}
    with pytest.raises(ValueError):
        CHAT_ON_MESSAGES.answer({"id": "a", "model": "m", "content": [block]}, {})
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "assistant", "content": [block]}]}
    with pytest.raises(InvalidRequest, match=r"content\[tool_use\]\.input"):
        MESSAGES_ON_CHAT.request(body)
    frames = CHAT_ON_MESSAGES.frames({})
    start = {"type": "content_block_start", "index": 0, "content_block": block}
    frames.feed(json.dumps(start).encode())
    with pytest.raises(ValueError):
        frames.feed(b'{"type":"content_block_stop","index":0}')

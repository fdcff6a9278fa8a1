"""The length of a prompt: all of its strings, images apart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.dialects.prompt import Measure

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=10), children, max_size=4),
    max_leaves=20,
)


def measured(value: Any) -> tuple[int, int]:
    total = Measure()
    total.add_messages(value)
    return total.text_bytes, total.images


def strings(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, list):
        return sum(map(strings, value))
    if isinstance(value, dict):
        return sum(strings(key) + strings(item) for key, item in value.items())
    return 0


@given(values)
def test_every_string_counts_keys_included(value: Any) -> None:
    text_bytes, _ = measured(value)
    assert text_bytes >= strings(value)


@given(st.lists(st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant"]), "content": st.text()})))
def test_the_fast_path_for_messages_counts_at_least_the_text(messages: list[dict[str, str]]) -> None:
    total = Measure()
    total.add_messages(messages)
    assert total.text_bytes == sum(len(message["content"].encode()) + 12 for message in messages)


@pytest.mark.parametrize(
    "messages", [None, "hello", {"role": "user"}, [7, "x", None], [{"role": "user", "content": None}]]
)
def test_any_shape_of_messages_can_be_measured(messages: object) -> None:
    Measure().add_messages(messages)


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 10_000}},
        {"type": "input_image", "image_url": "https://example.com/boat.png" + "x" * 10_000},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "A" * 10_000}},
    ],
)
def test_an_image_is_an_image_however_many_bytes_it_has(part: dict[str, Any]) -> None:
    text_bytes, images = measured([{"role": "user", "content": [part, {"type": "text", "text": "hi"}]}])
    assert images == 1 and text_bytes < 100


def test_text_that_calls_itself_an_image_is_still_text() -> None:
    assert measured({"type": "image", "text": "x" * 10_000})[0] > 10_000
    assert measured({"role": "user", "type": "image_url", "content": "x" * 10_000})[0] > 10_000


@pytest.mark.parametrize("kind", [["string", "null"], {"a": 1}, 7, None])
def test_a_schema_may_name_its_types_as_a_list(kind: object) -> None:
    # Tool parameters are JSON Schema, where `type` is a string or a list of them.
    assert measured({"type": kind, "description": "text"})[1] == 0


def test_numbers_count_as_they_are_written() -> None:
    assert measured([123456789, True, 1.5, None]) == (9 + 4 + 3, 0)


def test_token_numbers_count_as_tokens() -> None:
    total = Measure()
    assert total.add_tokens([1, 2, 3]) and total.tokens == 3
    assert not total.add_tokens(["a"]) and not total.add_tokens([]) and not total.add_tokens("abc")


def test_an_image_in_a_tool_is_text() -> None:
    total = Measure()
    total.add({"parameters": {"type": "image", "source": "x" * 10_000}})
    assert total.text_bytes > 10_000 and total.images == 0


@pytest.mark.parametrize(
    "part",
    [
        {"type": "file", "file": {"file_id": "file-1"}},
        {"type": "document", "source": {"type": "url", "url": "https://example.com/book.pdf"}},
        {"type": "document", "source": {"type": "file", "file_id": "file-1"}},
    ],
)
def test_a_document_that_is_only_named_is_a_reference(part: dict[str, Any]) -> None:
    total = Measure()
    total.add_messages([{"role": "user", "content": [part, {"type": "text", "text": "hi"}]}])
    assert total.references >= 1

"""Thoughts that were sealed are opened again, and nothing else is."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.dialects.responses_on_chat.thoughts import merged, opened, sealed


def test_what_is_sealed_is_opened_again() -> None:
    details = [{"type": "reasoning.text", "text": "é", "signature": "s"}, {"type": "reasoning.encrypted", "data": "AA"}]
    assert opened(sealed(details)) == details


@pytest.mark.parametrize("inside", [b"5", b"{", b'["x"]', b"\xff"])
def test_what_somebody_else_wrote_is_no_thought(inside: bytes) -> None:
    assert opened("tollhouse:" + base64.b64encode(inside).decode()) == []


@given(st.text() | st.integers() | st.none())
def test_whatever_a_client_sends_can_be_looked_at(content: object) -> None:
    assert opened(content) == []


def test_pieces_of_one_index_become_one() -> None:
    pieces = [
        {"index": 0, "type": "reasoning.text", "text": "H"}, {"index": 0, "text": "m."}, {"index": 0, "signature": "s"},
        {"index": 1, "type": "reasoning.encrypted", "data": "AA"}, {"type": "x"}, {"type": "y"},
    ]  # fmt: skip
    assert merged(pieces) == [
        {"index": 0, "type": "reasoning.text", "text": "Hm.", "signature": "s"},
        {"index": 1, "type": "reasoning.encrypted", "data": "AA"},
        {"type": "x"},
        {"type": "y"},
    ]

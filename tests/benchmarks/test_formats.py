"""The streams whose translation is measured, and one short measurement of all of them."""

from pathlib import Path

import pytest

from benchmarks import formats, talking_upstream
from benchmarks.machine import Cores
from tests.dialects.streams import folded_completion, folded_message


def test_the_upstream_tells_the_same_text_in_both_formats():
    chat = folded_completion(b"".join(talking_upstream.chat_frames()))
    message = folded_message(b"".join(talking_upstream.message_frames()))
    assert (
        chat["choices"][0]["message"]["content"] == message["content"][0]["text"] == " word" * talking_upstream.FRAMES
    )
    assert chat["usage"]["completion_tokens"] == message["usage"]["output_tokens"] == talking_upstream.FRAMES


def test_a_measurement_is_whole_and_its_ledger_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(formats, "TURN_S", 0.05)
    monkeypatch.setattr(formats, "WARM_UP_S", 0.01)
    found = formats.measure(tmp_path / "formats", Cores(None, None), rounds=1)
    names = {*formats.TRANSLATED, *formats.TRANSLATED.values(), formats.ALONE, formats.POOLED}
    assert {turn.name for turn in found.turns} == names and all(turn.calls for turn in found.turns)

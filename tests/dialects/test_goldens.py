"""Conversations to read: a request, an answer and a stream with tools, as they were and as they are translated.

`python -m tests.dialects.test_goldens` writes the translated side anew; read the difference before you commit it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.dialects.oracles import assert_fits
from tests.dialects.streams import events
from tollhouse import sse
from tollhouse.dialects.translation import Translation
from tollhouse.dialects.translations import TRANSLATIONS

GOLDENS = Path(__file__).parent / "goldens"
CREATED_S = 1_700_000_000
PAIRS = {f"{each.client}_on_{each.upstream}": each for each in TRANSLATIONS.values()}
every_golden = pytest.mark.parametrize("name", sorted(path.name for path in GOLDENS.iterdir()))


def read(name: str, file: str) -> Any:
    return json.loads((GOLDENS / name / file).read_text())


def spelled(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def rendered(name: str, translation: Translation) -> dict[str, str]:
    """The translated files of a folder, by name."""
    request = read(name, "request.json")
    body, dropped = translation.request(request)
    frames = translation.frames(request, created_s=CREATED_S)
    given = sse.Splitter().feed((GOLDENS / name / "stream.txt").read_bytes())
    data = [found for frame in given if (found := sse.data(frame)) is not None]
    stream = b"".join([frames.feed(event) for event in data]) + frames.end()
    answer = translation.answer(read(name, "answer.json"), request, created_s=CREATED_S)
    return {
        "request.translated.json": spelled({"dropped": list(dropped), "body": body}),
        "answer.translated.json": spelled(answer),
        "stream.translated.txt": stream.decode(),
    }


@every_golden
def test_a_recorded_conversation_is_translated_as_written(name: str) -> None:
    for file, text in rendered(name, PAIRS[name]).items():
        assert (GOLDENS / name / file).read_text() == text, (
            f"{name}/{file}: read, then `python -m tests.dialects.test_goldens`"
        )


@every_golden
def test_a_recorded_conversation_fits_both_vendors_documents(name: str) -> None:
    translation = PAIRS[name]
    assert_fits(translation.client, "request", read(name, "request.json"))
    assert_fits(translation.upstream, "request", read(name, "request.translated.json")["body"])
    assert_fits(translation.client, "answer", read(name, "answer.translated.json"))
    for _, frame in events((GOLDENS / name / "stream.translated.txt").read_bytes()):
        if frame != "[DONE]":
            assert_fits(translation.client, "frame", frame)


if __name__ == "__main__":
    for folder in GOLDENS.iterdir():
        for file, text in rendered(folder.name, PAIRS[folder.name]).items():
            (folder / file).write_text(text)

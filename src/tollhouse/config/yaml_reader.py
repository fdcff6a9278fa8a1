"""Reads the YAML we mean: JSON's types in YAML's clothes, with the line of every key.

YAML 1.1 turns `no` into false, `1:30` into 90 and `010` into 8. Here only `true`, `false`, `null`, plain integers and
plain floats are anything but text; keys are always text. Anchors, tags and several documents are refused: nothing in
these files needs them, and aliases can make a small file huge.
"""

import re
from collections.abc import Iterator

import yaml

from tollhouse.config.document import Document, Mark, Path

DEPTH_MAX = 32

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})(\.[0-9]{0,18})?([eE][-+]?[0-9]{1,2})?")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


class _RefusedError(Exception):
    """This construct ends the reading of the file."""

    def __init__(self, event: yaml.Event, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.line = _line(event)
        self.message = message
        self.fix = fix


def read_yaml(name: str, text: str) -> Document:
    """Parse one YAML document; what is wrong with it is in its `problems`."""
    document = Document(name)
    try:
        events = yaml.parse(text, Loader=yaml.SafeLoader)
        document.value = _document(events, document)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(part for part in (error.context, error.problem) if part)
        document.fail(mark.line + 1 if mark else 1, f"not valid YAML: {what}")
    except yaml.YAMLError as error:  # the reader's errors carry no mark: a control character, say
        document.fail(1, f"not valid YAML: {' '.join(str(error).split())}")
    except (ValueError, OverflowError) as error:  # PyYAML 6.0.3 passes "\\UFFFFFFFF" on to chr() unchecked
        document.fail(1, f"not valid YAML: {error}")
    except _RefusedError as refused:
        document.fail(refused.line, refused.message, refused.fix)
    return document


def _document(events: Iterator[yaml.Event], document: Document) -> object:
    value: object = None
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _RefusedError(event, "holds more than one YAML document", "remove the line `---`")
        elif isinstance(event, yaml.NodeEvent):
            value = _value(event, events, (), document)
    return value


def _value(event: yaml.Event, events: Iterator[yaml.Event], path: Path, document: Document) -> object:
    if len(path) > DEPTH_MAX:
        raise _RefusedError(event, f"nested more than {DEPTH_MAX} levels deep")
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise _RefusedError(
            event, "anchors (&) and aliases (*) are not read", "write the value out, in quotes if it is text"
        )
    if getattr(event, "tag", None) is not None:
        raise _RefusedError(event, "tags (!) are not read", "remove the tag, or put the value in quotes if it is text")
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(events, path, document)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(events, path, document)
    assert isinstance(event, yaml.ScalarEvent)
    return _scalar(event)


def _mapping(events: Iterator[yaml.Event], path: Path, document: Document) -> dict[str, object]:
    mapping: dict[str, object] = {}
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        if not isinstance(key, yaml.ScalarEvent):
            raise _RefusedError(key, "a key must be plain text")
        _scalar(key)
        here = (*path, key.value)
        line = _line(key)
        if key.value in mapping:
            first = document.marks[here].line
            document.error(here, f"line {line} gives this key again", f"keep one of the lines {first} and {line}")
        event = next(events)
        document.marks[here] = Mark(line, event.value if isinstance(event, yaml.ScalarEvent) else "")
        mapping[key.value] = _value(event, events, here, document)
    return mapping


def _sequence(events: Iterator[yaml.Event], path: Path, document: Document) -> list[object]:
    sequence: list[object] = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        here = (*path, len(sequence))
        document.marks[here] = Mark(_line(event), event.value if isinstance(event, yaml.ScalarEvent) else "")
        sequence.append(_value(event, events, here, document))
    return sequence


def _line(event: yaml.Event) -> int:
    assert event.start_mark is not None  # only hand-made events have none
    return event.start_mark.line + 1


def _scalar(event: yaml.ScalarEvent) -> str | int | float | bool | None:
    text: str = event.value
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise _RefusedError(event, "half of a surrogate pair cannot be written as text")
    if event.style is not None:  # quoted or a block: always text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text

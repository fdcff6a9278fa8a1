"""Reads JSON (RFC 8259) with the line of every key, which the standard library's parser does not keep.

YAML's parser is no substitute: it refuses tabs between tokens and reads `1e3` as text.
"""

import json
import math
import re
from bisect import bisect_left
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed leaves it out

from tollhouse.config.document import Document, Mark, Path

DEPTH_MAX = 32
NUMBER_CHARACTERS_MAX = 40

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {"null": None, "true": True, "false": False}
_WORD = re.compile("|".join(_WORDS))


def read_json(name: str, text: str) -> Document:
    """Parse one JSON text; what is wrong with it is in its `problems`."""
    document = Document(name)
    reader = _Reader(document, text)
    try:
        document.value = reader.value(())
        if reader.peek():
            raise json.JSONDecodeError("text after the end of the JSON value", text, reader.at)
    except json.JSONDecodeError as error:
        fix = 'JSON has no comments: use the key "$comment"' if text[error.pos : error.pos + 1] in ("/", "#") else ""
        document.fail(error.lineno, f"not valid JSON: {error.msg}, column {error.colno}", fix)
    return document


class _Reader:
    """A cursor over the text. `value` leaves it just after the value that it read."""

    def __init__(self, document: Document, text: str) -> None:
        self.document = document
        self.text = text
        self.at = 0
        self.line_ends = [match.start() for match in re.finditer("\n", text)]

    def peek(self) -> str:
        """The next character that is not space, "" at the end."""
        space = _SPACE.match(self.text, self.at)
        assert space is not None
        self.at = space.end()
        return self.text[self.at : self.at + 1]

    def line(self) -> int:
        return bisect_left(self.line_ends, self.at) + 1

    def value(self, path: Path) -> object:
        first = self.peek()
        if len(path) > DEPTH_MAX:
            raise self.error(f"nested more than {DEPTH_MAX} levels deep")
        if first == "{":
            return self.mapping(path)
        if first == "[":
            return self.sequence(path)
        if first == '"':
            return self.string()
        return self.plain()

    def mapping(self, path: Path) -> dict[str, object]:
        mapping: dict[str, object] = {}
        while self.more("}", first=not mapping):
            if self.peek() != '"':
                raise self.error("expected a key in double quotes")
            line = self.line()
            key = self.string()
            here = (*path, key)
            if key in mapping:
                before = self.document.marks[here].line
                fix = f"keep one of the lines {before} and {line}"
                self.document.error(here, f"line {line} gives this key again", fix)
            if self.peek() != ":":
                raise self.error('expected ":" after the key')
            self.at += 1
            mapping[key] = self.marked(here, line)
        return mapping

    def sequence(self, path: Path) -> list[object]:
        sequence: list[object] = []
        while self.more("]", first=not sequence):
            self.peek()
            sequence.append(self.marked((*path, len(sequence)), self.line()))
        return sequence

    def more(self, end: str, *, first: bool) -> bool:
        """Step over the opening bracket or the comma; False after stepping over the closing one."""
        if first:
            self.at += 1
        following = self.peek()
        if following == end:
            self.at += 1
            return False
        if not first:
            if following != ",":
                raise self.error(f'expected "," or "{end}"')
            self.at += 1
            if self.peek() == end:
                raise self.error(f'a comma before "{end}"')
        return True

    def marked(self, path: Path, line: int) -> object:
        self.document.marks[path] = Mark(line)
        self.peek()
        start = self.at
        value = self.value(path)
        if not isinstance(value, dict | list):
            self.document.marks[path] = Mark(line, self.text[start : self.at].strip('"'))
        return value

    def string(self) -> str:
        value: str
        value, end = scanstring(self.text, self.at + 1, True)
        if not value.isprintable() and any("\ud800" <= character <= "\udfff" for character in value):
            raise self.error("half of a surrogate pair")
        self.at = end
        return value

    def plain(self) -> int | float | bool | None:
        if word := _WORD.match(self.text, self.at):
            self.at = word.end()
            return _WORDS[word.group()]
        number = _NUMBER.match(self.text, self.at)
        if number is None:
            raise self.error("expected a value")
        if len(number.group()) > NUMBER_CHARACTERS_MAX or not math.isfinite(float(number.group())):
            raise self.error("this number is too large")
        self.at = number.end()
        return int(number.group()) if number.group().lstrip("-").isdigit() else float(number.group())

    def error(self, message: str) -> json.JSONDecodeError:
        return json.JSONDecodeError(message, self.text, self.at)

"""Server-sent events: bytes in, events out.

Source: WHATWG HTML, "Parsing an event stream". Lines end with CR, LF or CRLF and nothing else (U+2028 is text), an event ends with a blank
line, and what has not ended when the stream does is no event.
"""

import re
from dataclasses import dataclass

_LINE_END = re.compile(rb"\r\n?|\n")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `name` is empty where the stream does not say it."""

    name: str
    data: str


class Parser:
    """Cuts a stream into events, however the network cut it into pieces."""

    __slots__ = ("_after_cr", "_begun", "_data", "_name", "_tail")

    def __init__(self) -> None:
        self._tail = bytearray()  # the line that has not ended
        self._after_cr = False  # the last piece ended with a CR, whose LF may still come
        self._begun = False
        self._name = ""
        self._data: list[str] = []

    def feed(self, piece: bytes) -> list[Event]:
        """Take the next bytes; return the events that they complete."""
        if self._after_cr and piece:
            piece = piece.removeprefix(b"\n")
            self._after_cr = False
        if piece:
            self._after_cr = piece.endswith(b"\r")
        first, *rest = _LINE_END.split(piece)
        self._tail += first
        events: list[Event] = []
        for following in rest:
            if event := self._line(bytes(self._tail)):
                events.append(event)
            self._tail = bytearray(following)
        return events

    def _line(self, line: bytes) -> Event | None:
        """Take a whole line; a blank one gives the event that it ends, if there is any."""
        if not self._begun:
            line, self._begun = line.removeprefix(_BYTE_ORDER_MARK), True
        if not line:
            event = Event(self._name, "\n".join(self._data)) if self._data else None
            self._name, self._data = "", []
            return event
        field, _, value = line.decode("utf-8", errors="replace").partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            self._data.append(value)
        elif field == "event":
            self._name = value
        return None

"""Server-sent events as raw bytes: a byte stream in, whole events out, not one byte changed.

Source: WHATWG HTML, "Parsing an event stream". Lines end with CR, LF or CRLF and nothing else (U+2028, U+2029, NEL, VT and FF are
text), an event ends with a blank line, and one byte order mark may open the stream.
"""

import re

EVENT_BYTES_MAX = 4 * 1024 * 1024

_LINE_END = re.compile(rb"\r\n?|\n")
# Two line ends in a row. Spelled without a group that could backtrack, so that one CRLF is never taken for CR and LF.
_BLANK_LINE = re.compile(rb"\n(?:\n|\r\n?)|\r(?:\n(?:\n|\r\n?)|\r\n?)")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class EventTooLarge(Exception):
    """One event exceeds the cap. `frames` are the whole events that came before it in the same feed."""

    def __init__(self, event_bytes_max: int, frames: list[bytes]) -> None:
        super().__init__(f"one event of the stream is larger than {event_bytes_max} bytes")
        self.frames = frames


class Splitter:
    """Cuts a byte stream into frames: the raw bytes of one event with the blank line that ends it.

    The frames and `rest()`, joined, are the input. A frame is handed out as soon as its blank line is there: where that line is a
    CR, it does not wait to see whether an LF follows. An LF that does follow, in the next feed, is a frame of its own, as is any
    blank line where no event is open; such frames carry nothing and may be relayed like any other.
    """

    __slots__ = ("_after_cr", "_event_bytes_max", "_searched", "_tail")

    def __init__(self, event_bytes_max: int = EVENT_BYTES_MAX) -> None:
        self._event_bytes_max = event_bytes_max
        self._tail = bytearray()  # the event that is still open
        self._searched = 0  # no blank line begins before this index of the tail
        self._after_cr = False  # the last frame ended with a CR, whose LF may still come

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next bytes of the stream; return the frames they complete, in order.

        Raises EventTooLarge as soon as one event, open or complete, exceeds the cap; the splitter is of no use after that.
        """
        # Below, no event is open and every blank line is an LF LF that ends one, so the cutting is done at C speed.
        if self._tail or b"\r" in data or data[:1] in (b"", b"\n") or len(data) > self._event_bytes_max:
            return self._feed_any(data)
        if 0 < data.find(b"\n\n") == len(data) - 2:  # one whole event, as most chunks are
            self._after_cr = False
            return [data]
        if b"\n\n\n" in data:
            return self._feed_any(data)
        self._after_cr = False
        *events, tail = data.split(b"\n\n")
        self._tail += tail
        self._searched = 0
        return [event + b"\n\n" for event in events]

    def rest(self) -> bytes:
        """The bytes after the last whole event; at the end of a stream, an event that was cut off."""
        return bytes(self._tail)

    def _feed_any(self, data: bytes) -> list[bytes]:
        tail = self._tail
        tail += data
        frames: list[bytes] = []
        start = 0
        if self._after_cr and data:
            self._after_cr = False
            if tail.startswith(b"\n"):
                frames.append(b"\n")
                start = 1
        while start < len(tail):
            match = _LINE_END.match(tail, start) or _BLANK_LINE.search(tail, max(start, self._searched))
            end = match.end() if match else len(tail)
            if end - start > self._event_bytes_max:
                raise EventTooLarge(self._event_bytes_max, frames)
            if not match:
                break
            frames.append(bytes(tail[start:end]))
            start = end
        if start and start == len(tail):
            self._after_cr = tail.endswith(b"\r")
        del tail[:start]
        self._searched = max(0, len(tail) - 2)  # its last line end may be half of a blank line, and two bytes long
        return frames


def data(frame: bytes) -> bytes | None:
    r"""The payload of an event: its `data` lines joined by LF, each without one leading space; None where it has no such line."""
    if frame.startswith(b"data: ") and frame.find(b"\n") == len(frame) - 2 and b"\r" not in frame:
        return frame[6:-2]
    values = _values(frame, b"data")
    return b"\n".join(values) if values else None


def event_name(frame: bytes) -> bytes | None:
    """The value of the event's last `event` line; None where it has none or an empty one."""
    values = _values(frame, b"event")
    return values[-1] or None if values else None


def _values(frame: bytes, field: bytes) -> list[bytes]:
    values = []
    for line in frame.removeprefix(_BYTE_ORDER_MARK).splitlines():  # of bytes: CR, LF and CRLF only
        name, _, value = line.partition(b":")
        if name == field:
            values.append(value.removeprefix(b" "))
    return values

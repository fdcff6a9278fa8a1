"""What an upstream may send: answers and streams in the vendors' shapes, with usage that is sane or not, and broken variants of them."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from fuzz import scripts
from fuzz.shapes import SCALARS, TEXTS, drawn

SANE = st.integers(0, 5_000)
BROKEN: st.SearchStrategy[Any] = st.sampled_from(
    [None, -1, 1.5, 7.0, "7", "many", True, [], {}, [3], 10**9, 10**9 + 1, 2**63, 2**64, 2**70, -(2**63), 1e300]
)
ERRORS = (
    "overloaded",
    "the key sk-upstream-canary-0123456789 is not good",
    "",
    "漢字",
)  # the second echoes our own key
JSON, EVENTS = "application/json", "text/event-stream; charset=utf-8"
HUGE_BYTES = 5 * 1024 * 1024  # beyond what one event may have
WHOLE, CUT, RESET, LYING = "whole", "cut", "reset", "lying"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer on the wire: `pieces` are sent one by one, and `end` is how the connection goes on."""

    status: int
    content_type: str | None
    pieces: tuple[bytes, ...]
    end: str = WHOLE
    echo: bool = False  # a header that has our own key

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)

    def __repr__(self) -> str:
        shown = self.body if len(self.body) < 3000 else self.body[:1500] + b" ... " + self.body[-500:]
        return f"Answer({self.status}, {self.content_type}, {self.end}, {len(self.pieces)} pieces: {shown!r})"


@st.composite
def usages(draw: st.DrawFn, format_: str) -> Any:
    """A usage object: sane, missing, or with fields that are absurd."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return draw(BROKEN | TEXTS)
    number = SANE if kind < 6 else SANE | BROKEN
    names, inner, nested = scripts.USAGE[format_]
    usage = {name: draw(number) for name in names if kind < 5 or draw(st.booleans())}
    if draw(st.booleans()):
        limit = usage.get(names[0])
        below = st.integers(0, limit) if type(limit) is int and 0 <= limit <= 5_000 and kind < 6 else number
        usage[inner] = draw(st.none() | BROKEN) if kind == 9 else {name: draw(below) for name in nested}
    return usage


@st.composite
def answers(draw: st.DrawFn, format_: str, streaming: bool, oracles: Path) -> Answer:
    status = draw(st.sampled_from([200] * 40 + [201, 204, 302, 400, 404, 422, 500, 503, 529]))
    if status != 200:
        return _refusal(draw, status)
    as_stream = streaming if draw(st.integers(0, 23)) < 23 else not streaming
    if as_stream and format_ in scripts.STREAMS:
        body, right = _stream(draw, format_, oracles), EVENTS
    else:
        body, right = _whole(draw, format_, oracles), JSON
    content_type = draw(st.sampled_from([right] * 40 + [JSON, EVENTS, "text/html", "text/event-streams", None]))
    end = draw(st.sampled_from([WHOLE] * 40 + [CUT, RESET, LYING]))
    return Answer(status, content_type, _pieces(draw, body), end, draw(st.integers(0, 5)) == 0)


def _refusal(draw: st.DrawFn, status: int) -> Answer:
    message = draw(st.sampled_from(ERRORS))
    body = draw(
        st.sampled_from(
            [
                _dumped({"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}),
                _dumped({"type": "error", "error": {"type": "invalid_request_error", "message": message}}),
                _dumped({"detail": message}),
                _dumped({"error": draw(SCALARS)}),
                b"<!doctype html><p>" + message.encode(),
                b"",
                b"\xff\xfe",
                b"[" * 5_000,
            ]
        )
    )
    return Answer(status, draw(st.sampled_from([JSON, "text/html", None])), (body,), echo=draw(st.booleans()))


def _whole(draw: st.DrawFn, format_: str, oracles: Path) -> bytes:
    body = drawn(draw, format_, oracles=oracles) if draw(st.booleans()) else scripts.whole(format_, _texts(draw))
    if isinstance(body, dict) and format_ != "count_tokens":
        body.pop("usage", None)
        if draw(st.integers(0, 5)):
            body["usage"] = draw(usages(format_))
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        body = _mutated(draw, body)
    return _spoilt(draw, _dumped(body))


def _stream(draw: st.DrawFn, format_: str, oracles: Path) -> bytes:
    usage = draw(usages(format_)) if draw(st.integers(0, 5)) else scripts.NO_USAGE
    events = scripts.stream(format_, _texts(draw), usage)
    for _ in range(draw(st.sampled_from([0, 0, 1, 2, 3]))):
        position = draw(st.integers(0, len(events)))
        events = _disturbed(draw, format_, events, position, oracles)
    line_end = draw(st.sampled_from([b"\n"] * 5 + [b"\r\n", b"\r"]))
    frames = [scripts.framed(event, format_).replace(b"\n", line_end) for event in events]
    return _spoilt(draw, b"".join(frames))


def _disturbed(draw: st.DrawFn, format_: str, events: list[Any], position: int, oracles: Path) -> list[Any]:
    """A stream with one more thing wrong at a position: an event lost, repeated, changed, or one that should not be there."""
    before, after = events[:position], events[position:]
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return before + after[1:]
    if kind == 1:
        return before + after[:1] * 3 + after[1:]
    if kind in (2, 3):
        return before + [_mutated(draw, event) for event in after[:1]] + after[1:]
    if kind == 4:
        return before  # no end
    if kind == 5:
        return [*events, *after]  # and it goes on after its end
    message = draw(st.sampled_from(ERRORS))
    strange = [
        drawn(draw, format_, event=True, oracles=oracles),
        scripts.error(format_, message),
        scripts.usage_event(format_, draw(usages(format_))),
        {"detail": ERRORS[1]},
        b": a comment\n\n",
        b"\n\n\n",
        b"data\n\n",
        b"data: {\n\n",
        b"data: NaN\n\n",
        b"data: \xff\xfe\n\n",
        b"data: " + b"[" * 5_000 + b"\n\n",
        b"data: " + b"[" * 400 + b"]" * 400 + b"\n\n",
        b"event: x\nretry: 1\nid: 7\ndata: {}\n\n",
    ]
    return [*before, draw(st.sampled_from(strange)), *after]


def _mutated(draw: st.DrawFn, value: Any) -> Any:
    """The value with something else at one place in it, found at random."""
    if isinstance(value, dict) and value and draw(st.integers(0, 7)):
        name = draw(st.sampled_from(sorted(value)))
        if draw(st.integers(0, 9)) == 0:
            return {key: item for key, item in value.items() if key != name}
        return {**value, name: _mutated(draw, value[name])}
    if isinstance(value, list) and value and draw(st.integers(0, 7)):
        index = draw(st.integers(0, len(value) - 1))
        return [*value[:index], _mutated(draw, value[index]), *value[index + 1 :]]
    return draw(
        SCALARS | BROKEN | st.sampled_from([ERRORS[1], scripts.nested(100), scripts.nested(300), [{}], {"": None}])
    )


def _spoilt(draw: st.DrawFn, body: bytes) -> bytes:
    """Mostly as it is; now and then with its bytes damaged."""
    kind = draw(st.integers(0, 119)) - 20
    middle = draw(st.integers(0, len(body)))
    damages: dict[int, Callable[[], bytes]] = {
        0: lambda: body[:middle],
        1: lambda: body[:middle] + b"\xc3" + body[middle:],
        2: lambda: body.replace(b'"usage":{', b'"usage":{"prompt_tokens":NaN,"input_tokens":NaN,', 1),
        3: lambda: body.replace(b'"usage":{', b'"usage":{"prompt_tokens":3,"input_tokens":3,"completion_tokens":', 1),
        4: lambda: b"<!doctype html><title>It works!</title>",
        5: lambda: b"",
        6: lambda: b"\xef\xbb\xbf" + body,
        7: lambda: draw(st.sampled_from([b"null", b"[]", b"7", b'"x"', b"{}", b"[" * 5_000])),
        8: lambda: body.replace(b'"Hello', b'"\\ud800Hello', 1),
        9: lambda: body + body,
        10: lambda: body + b"\n\n" + b"x" * draw(st.sampled_from([10, 70_000])),
    }
    if kind == 11 and draw(st.integers(0, 9)) == 0:
        return body.replace(b'"Hello', b'"' + b"a" * HUGE_BYTES, 1)
    return damages[kind]() if kind in damages else body


def _pieces(draw: st.DrawFn, body: bytes) -> tuple[bytes, ...]:
    cuts = sorted(draw(st.lists(st.integers(0, len(body)), max_size=4)))
    bounds = [0, *cuts, len(body)]
    return tuple(body[start:end] for start, end in itertools.pairwise(bounds) if start < end)


def _texts(draw: st.DrawFn) -> list[str]:
    return ["Hello", *draw(st.lists(TEXTS, max_size=3))]


def _dumped(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")

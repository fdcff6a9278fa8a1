"""Splitting server-sent events: against a plain reference, at every boundary."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tollhouse.sse import EventTooLarge, Splitter, data, event_name

CHAT = b'data: {"choices":[{"delta":{"content":"Hel"}}]}\n\n'
ANTHROPIC = b'event: message_start\ndata: {"type":"message_start"}\n\n'
STREAMS = [
    CHAT * 3 + b"data: [DONE]\n\n",
    ANTHROPIC + b'event: ping\ndata: {"type": "ping"}\n\n',
    CHAT.replace(b"\n", b"\r\n") * 2,
    CHAT.replace(b"\n", b"\r") * 2,
    b"data: a\r\n\n" + b"data: b\n\r\n" + b"data: c\r\r\n" + b"data: d\n\r" + b"data: e\r\n\r\n",
    b"\xef\xbb\xbf" + CHAT,
    b": keep-alive\n\n" + CHAT + b": bye\n\n",
    b"\n\n\n" + CHAT + b"\n" + CHAT + b"\r\n\r\n",
    "data: \u2028 \u2029 \x85 \x0b \x0c \x1c\n\n".encode() + b"data: \x85\xff\x00\n\n",
    CHAT + b"data: cut off",
    CHAT + b"data: cut off\n",
    CHAT + b"data: cut off\r\n",
    b"data\n\ndata:\n\ndata:  two\ndata\ndata:x\n\n",
    b"",
]
pieces = st.sampled_from(
    [
        b"data: x",
        b"data",
        b":",
        b" ",
        b"event: e",
        b"\n",
        b"\n\n",
        b"\r",
        b"\r\n",
        b"\r\n\r\n",
        b"\xef\xbb\xbf",
        b"\x85",
        b"\0",
    ]
)
streams = st.tuples(st.sampled_from([b"", b"\xef\xbb\xbf"]), st.lists(pieces, max_size=30).map(b"".join)).map(b"".join)


def reference_events(stream: bytes) -> list[tuple[bytes | None, bytes | None]]:
    """(name, data) of each event that a blank line ends, line by line as WHATWG writes it.

    One thing is more lenient, as in ours: a byte order mark is passed over at the beginning of every event.
    """
    *lines, _ = re.split(rb"\r\n|\n|\r", stream)
    first = True
    events: list[tuple[bytes | None, bytes | None]] = []
    name: bytes | None = None
    values: list[bytes] = []
    for line in lines:
        line, first = line.removeprefix(b"\xef\xbb\xbf") if first else line, line == b""
        if line == b"" and first:
            if name or values:
                events.append((name or None, b"\n".join(values) if values else None))
            name, values = None, []
            continue
        field, _, value = line.partition(b":")
        value = value[1:] if value[:1] == b" " else value
        if field == b"data":
            values.append(value)
        elif field == b"event":
            name = value
    return events


def split(stream: bytes, cuts: list[int]) -> tuple[list[bytes], bytes]:
    splitter = Splitter()
    frames: list[bytes] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        frames += splitter.feed(stream[start:end])
    return frames, splitter.rest()


def check(stream: bytes, cuts: list[int]) -> None:
    frames, rest = split(stream, cuts)
    assert b"".join(frames) + rest == stream
    assert all(re.search(rb"(?:^|[\r\n])(?:\r\n|\n|\r)\Z", frame) for frame in frames), "a frame ends with a blank line"
    assert not reference_events(rest), "nothing complete is held back"
    events = [(event_name(frame), data(frame)) for frame in frames]
    assert [event for event in events if event != (None, None)] == reference_events(stream)


@pytest.mark.parametrize("stream", STREAMS)
def test_every_single_cut_gives_the_same_events_and_bytes(stream: bytes) -> None:
    for cut in range(len(stream) + 1):
        check(stream, [cut])


@pytest.mark.parametrize("stream", STREAMS)
def test_one_byte_at_a_time_gives_the_same_events_and_bytes(stream: bytes) -> None:
    check(stream, list(range(1, len(stream))))


@given(streams, st.lists(st.integers(0, 200), max_size=6))
@example(b"data: x\r\n\r\n", [10])
@example(b"\n\n", [])
@example(b"data: x\n\n\n", [])
def test_splitting_agrees_with_the_reference(stream: bytes, cuts: list[int]) -> None:
    check(stream, sorted(min(cut, len(stream)) for cut in cuts))


@given(streams, st.lists(st.integers(0, 200), max_size=6))
def test_frames_do_not_depend_on_how_the_stream_was_cut(stream: bytes, cuts: list[int]) -> None:
    """Except that an LF which follows a CR in a later feed is a frame of its own."""

    def joined(frames: list[bytes]) -> list[bytes]:
        return [frame for frame in frames if frame not in (b"\n", b"\r\n", b"\r")]

    whole, whole_rest = split(stream, [])
    cut, cut_rest = split(stream, sorted(min(cut, len(stream)) for cut in cuts))
    assert whole_rest == cut_rest
    assert [frame.rstrip(b"\r\n") for frame in joined(whole)] == [frame.rstrip(b"\r\n") for frame in joined(cut)]


def test_whole_frames_pass_without_a_copy() -> None:
    assert Splitter().feed(CHAT)[0] is CHAT


def test_a_frame_is_handed_out_with_its_last_byte() -> None:
    for stream in (CHAT, CHAT.replace(b"\n", b"\r\n")[:-1], CHAT.replace(b"\n", b"\r")):
        splitter = Splitter()
        assert splitter.feed(stream[:-1]) == []
        assert splitter.feed(stream[-1:]) == [stream]


def test_crlf_split_after_the_blank_line_leaves_no_rest() -> None:
    splitter = Splitter()
    assert splitter.feed(b"data: a\r\n\r") == [b"data: a\r\n\r"]
    assert splitter.feed(b"\ndata: b\r\n\r\n") == [b"\n", b"data: b\r\n\r\n"]
    assert splitter.rest() == b""


def test_only_cr_and_lf_end_a_line() -> None:
    text = "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg".encode()
    assert data(b"data: " + text + b"\n\n") == text
    assert Splitter().feed(b"data: " + text + b"\n\n") == [b"data: " + text + b"\n\n"]


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_an_open_event_beyond_the_cap_is_refused(step: int) -> None:
    splitter = Splitter(event_bytes_max=100)
    stream = b"data: " + b"x" * 95
    with pytest.raises(EventTooLarge):
        for start in range(0, len(stream), step):
            splitter.feed(stream[start : start + step])


def test_a_whole_event_beyond_the_cap_is_refused_and_the_ones_before_it_are_kept() -> None:
    with pytest.raises(EventTooLarge) as refused:
        Splitter(event_bytes_max=100).feed(CHAT + b"data: " + b"x" * 100 + b"\n\n" + CHAT)
    assert refused.value.frames == [CHAT]


def test_an_event_of_exactly_the_cap_passes_and_so_do_many_at_once() -> None:
    event = b"data: " + b"x" * 92 + b"\n\n"
    assert Splitter(event_bytes_max=100).feed(event * 5) == [event] * 5


@pytest.mark.parametrize(
    ("frame", "payload"),
    [
        (b"data: a\n\n", b"a"),
        (b"data:a\n\n", b"a"),
        (b"data:  a\r\n\r\n", b" a"),
        (b"data: a\ndata: b\n\n", b"a\nb"),
        (b"data\n\n", b""),
        (b"data: \n\n", b""),
        (b"event: x\ndata: a\nid: 7\n\n", b"a"),
        (b"\xef\xbb\xbfdata: a\n\n", b"a"),
        (b"data: a: b\r\r", b"a: b"),
        (b": comment\n\n", None),
        (b"event: x\n\n", None),
        (b"dataset: a\n\n", None),
        (b" data: a\n\n", None),
        (b"\n", None),
        (b"", None),
    ],
)
def test_data_of_a_frame(frame: bytes, payload: bytes | None) -> None:
    assert data(frame) == payload


def test_event_name_is_the_last_one_or_none() -> None:
    assert event_name(ANTHROPIC) == b"message_start"
    assert event_name(b"event: a\r\nevent:b\r\n\r\n") == b"b"
    assert event_name(b"event:\n\n") is None
    assert event_name(CHAT) is None

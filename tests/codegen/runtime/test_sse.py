"""The parser of server-sent events gives the same events however the network cut them."""

import pytest

from codegen.runtime.python.sse import Event, Parser

STREAM = "\ufeffevent: a\r\ndata: one\r\n\r\n: comment\n\ndata:two\ndata:  three\u2028\n\nevent: x\rdata\r\rid: 7\ndata: ü\n\nretry: 1\n\n"
EVENTS = [Event("a", "one"), Event("", "two\n three\u2028"), Event("x", ""), Event("", "ü")]


def parsed(*pieces: bytes) -> list[Event]:
    parser = Parser()
    return [event for piece in pieces for event in parser.feed(piece)]


def test_a_stream_in_one_piece() -> None:
    assert parsed(STREAM.encode()) == EVENTS


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_stream_in_small_pieces(size: int) -> None:
    raw = STREAM.encode()
    assert parsed(*(raw[at : at + size] for at in range(0, len(raw), size))) == EVENTS


def test_an_event_comes_with_its_blank_line_even_where_that_is_a_cr() -> None:
    parser = Parser()
    assert parser.feed(b"data: 1\r\n\r") == [Event("", "1")]
    assert parser.feed(b"") == []
    assert parser.feed(b"\ndata: 2\n\n") == [Event("", "2")]


def test_only_cr_and_lf_end_lines() -> None:
    assert parsed("data: a\x0bb\x0cc\x85d\u2029e\n\n".encode()) == [Event("", "a\x0bb\x0cc\x85d\u2029e")]


def test_what_was_cut_off_is_no_event() -> None:
    assert parsed(b"data: 1\n\ndata: 2\n") == [Event("", "1")]

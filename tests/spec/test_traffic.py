"""Recorded traffic, as HAR and as JSON lines."""

import base64
import json

import pytest

from tollhouse.spec.reading import SpecError
from tollhouse.spec.traffic import Exchange, events, read_traffic

LINE = {
    "method": "post",
    "url": "http://x/things?limit=2&q=",
    "status": 200,
    "request": {"a": 1},
    "response": {"id": "1"},
}


def test_lines_become_exchanges() -> None:
    text = (
        json.dumps(LINE)
        + "\n\n"
        + json.dumps({**LINE, "media_type": "text/event-stream", "response": 'data: {"b": 1}\n\ndata: [DONE]\n\n'})
    )
    first, second = read_traffic("x.jsonl", lambda _: text)
    assert first == Exchange("POST", "/things", 200, ("limit", "q"), (), {"a": 1}, "application/json", [{"id": "1"}])
    assert second.answers == [{"b": 1}]


def test_one_line_is_traffic_too() -> None:
    assert len(read_traffic("x.jsonl", lambda _: json.dumps(LINE))) == 1


def test_har_entries_become_exchanges() -> None:
    body = base64.b64encode(b'{"id": "1"}').decode()
    entry = {
        "request": {"method": "POST", "url": "https://x/things", "headers": [{"name": "X-A", "value": "1"}],
                    "postData": {"text": '{"a": 1}'}},
        "response": {"status": 200, "content": {"mimeType": "application/json; charset=utf-8", "text": body, "encoding": "base64"}},
    }  # fmt: skip
    (found,) = read_traffic("x.har", lambda _: json.dumps({"log": {"entries": [entry]}}))
    assert found == Exchange("POST", "/things", 200, (), ("x-a",), {"a": 1}, "application/json", [{"id": "1"}])


def test_a_line_that_is_no_exchange_is_named() -> None:
    with pytest.raises(SpecError, match=r"x\.jsonl:2: not an exchange"):
        read_traffic("x.jsonl", lambda _: json.dumps(LINE) + '\n{"method": "GET"}\n')


def test_events_join_their_data_lines_and_skip_what_is_no_json() -> None:
    assert events('event: a\r\ndata: {"a":\r\ndata: 1}\r\n\r\n: comment\n\ndata:{"b": 2}\n\ndata: [DONE]\n\n') == [
        {"a": 1},
        {"b": 2},
    ]

"""Each mini-document gives the files that are kept for it, and they work: a program calls a server with them."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.codegen import golden
from tests.upstream import Reply, Request, ScriptedUpstream, answer, stream

EVERY = [(case, language) for case in golden.CASES for language in golden.AVAILABLE]


@pytest.mark.parametrize(("case", "language"), EVERY)
def test_a_case_gives_the_files_that_are_kept_for_it(case: str, language: str) -> None:
    assert golden.compared(golden.library(case, language)) == golden.expected(case, language), (
        "look at what `python -m tests.codegen.golden` changes"
    )


@pytest.mark.parametrize(("case", "language"), EVERY)
def test_a_case_does_what_it_says(case: str, language: str, tmp_path: Path) -> None:
    golden.write(golden.library(case, language), tmp_path)
    calls = [call for call in golden.calls(case) for _ in range(golden.DRIVERS[language].times)]
    exchanges = [exchange for call in calls for exchange in ([call, *call.get("then", [])] if "reply" in call else [])]
    with ScriptedUpstream.in_thread() as server:
        server.reply(*(scripted(exchange["reply"]) for exchange in exchanges))
        outcomes = golden.drive(case, language, tmp_path, server.url)
        arrived = list(server.requests)
    assert len(outcomes) == len(calls)
    for call, outcome in zip(calls, outcomes, strict=True):
        assert_outcome(call, outcome)
    assert len(arrived) == len(exchanges)
    for exchange, request in zip(exchanges, arrived, strict=True):
        assert_request(exchange.get("request", {}), request)


def test_every_language_has_a_driver() -> None:
    assert set(golden.DRIVERS) == set(golden.AVAILABLE)


def scripted(reply: dict[str, Any]) -> Reply:
    """What the server does: JSON, a text, bytes, or a stream in pieces."""
    headers = dict(reply.get("headers", {}))
    if "stream" in reply:
        return stream([piece.encode() for piece in reply["stream"]], delay_s=0.01)
    if "json" in reply:
        body, kind = json.dumps(reply["json"]).encode(), "application/json"
    elif "bytes" in reply:
        body, kind = base64.b64decode(reply["bytes"]), "application/octet-stream"
    else:
        body, kind = reply.get("text", "").encode(), "text/plain; charset=utf-8"
    return answer(body, reply.get("status", 200), **({"content-type": kind} | headers))


def assert_outcome(call: dict[str, Any], outcome: dict[str, Any]) -> None:
    """The outcome is the one that the call names; of an error, what it names."""
    place = f"{call['call']}({call.get('with', {})})"
    error = outcome.pop("error", None)
    for key, value in call.get("error", {}).items():
        assert error is not None and error[key] == value, f"{place}: {key} of {error}"
    assert (error is not None) == ("error" in call), f"{place}: {error}"
    wanted = {key: call[key] for key in ("result", "events", "items") if key in call}
    assert outcome == {key: value for key, value in wanted.items() if value != [] or key in outcome}, place


def assert_request(wanted: dict[str, Any], request: Request) -> None:
    """The request is the one that the call names, in what it names."""
    assert request.method == wanted.get("method", request.method)
    assert request.path == wanted.get("path", request.path)
    for name, value in wanted.get("headers", {}).items():
        assert request.headers.get(name) == value, name
    if "json" in wanted:
        assert request.json() == wanted["json"]
    if "text" in wanted:
        assert request.body.decode() == wanted["text"]
    if "bytes" in wanted:
        assert request.body == base64.b64decode(wanted["bytes"])
    for piece in wanted.get("contains", []):
        assert piece.encode() in request.body, piece

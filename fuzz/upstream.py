"""The gateway against what providers may send: generated answers, and what must hold of every call whatever comes.

A client sees valid HTTP with a documented status, JSON that is JSON, and a stream that has an end. One row is in the ledger, posted
or voided; its charge is what a second reader (`fuzz.reader`) makes of the bytes that were sent. No answer has our upstream key.
"""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from fuzz import reader
from fuzz.answers import CUT, HUGE_BYTES, LYING, RESET, Answer, answers
from fuzz.gateway import PRICES, FuzzedGateway
from fuzz.shapes import ORACLES
from fuzz.streams import DONE, EVENT_STREAM, read_events
from fuzz.ways import WAYS, Way
from tests.gateway import ENVIRON, bearer
from tests.upstream import Connection, Reply, Request, head
from tollhouse.contract.documents import load_document

CANARY = ENVIRON["TEST_UPSTREAM_KEY"]
PEAK_BYTES_MAX = 512 * 1024 * 1024  # of the gateway's memory; one answer may be 64 MiB
ESTIMATE_BYTES_PER_TOKEN = 4  # BILLING.md has no number for it; `metering` has this one


@dataclass(slots=True)
class Calls:
    """What was tried, by way and kind of answer, and how it came out."""

    calls: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    peak_bytes: int = 0
    oracles: Path = ORACLES


def fuzz_upstream(gateway: FuzzedGateway, seed_number: int, count: int, oracles: Path = ORACLES) -> Calls:
    """Send `count` generated answers. Raises AssertionError, with the smallest answer that shows it, where a promise is broken."""
    calls = Calls(oracles=oracles)
    documented = _documented()
    keep_alive = httpx.Client(
        base_url=gateway.urls["main"], headers=bearer(gateway.api_key), trust_env=False, timeout=30
    )

    @st.composite
    def cases(draw: st.DrawFn) -> tuple[Way, bool, Answer]:
        way = draw(st.sampled_from(WAYS))
        streaming = way.streams and draw(st.booleans())
        return way, streaming, draw(answers(way.upstream, streaming, oracles))

    @seed(seed_number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases())
    def holds(case: tuple[Way, bool, Answer]) -> None:
        way, streaming, answer = case
        gateway.upstream.script = sending(answer)
        body = {**way.body, "stream": streaming} if way.streams else dict(way.body)
        response = keep_alive.post(way.path, json=body)
        calls.calls[f"{way.name}, {'streamed' if streaming else 'whole'}"] += 1
        calls.statuses[way.name, response.status_code] += 1
        _check_answer(way, response, documented[way.client])
        calls.outcomes[_check_charge(gateway, way, answer, response)] += 1

    with keep_alive:
        holds()
    gateway.upstream.requests.clear()
    _check_gateway(gateway, calls)
    return calls


def sending(answer: Answer) -> Reply:
    """The reply that sends an answer as it is."""

    async def reply(request: Request, connection: Connection) -> None:
        headers = {} if answer.content_type is None else {"content-type": answer.content_type}
        if answer.echo:
            headers |= {"x-echo": CANARY, "set-cookie": f"key={CANARY}"}
        if answer.status == 204:
            await connection.send(head(204, headers))
            return
        if answer.end == LYING:
            await connection.send(head(answer.status, {**headers, "content-length": str(len(answer.body) + 7)}))
            await connection.send(answer.body)
            connection.close()
            return
        await connection.start(answer.status, headers)
        for piece in answer.pieces:
            await connection.piece(piece)
        if answer.end == CUT:
            connection.close()
        elif answer.end == RESET:
            await asyncio.sleep(0.01)  # so that what was sent arrives
            with contextlib.suppress(OSError):  # the gateway may have closed by then
                connection.reset()
        else:
            await connection.finish()

    return reply


# What the client sees


def _documented() -> Mapping[str, set[int]]:
    paths = {
        "chat": ("openai", "/chat/completions"), "completions": ("openai", "/completions"),
        "responses": ("openai", "/responses"), "embeddings": ("openai", "/embeddings"),
        "moderations": ("openai", "/moderations"), "messages": ("anthropic", "/messages"),
        "count_tokens": ("anthropic", "/messages/count_tokens"),
    }  # fmt: skip
    return {
        name: {int(code) for code in load_document(document)["paths"][path]["post"]["responses"] if code.isdecimal()}
        for name, (document, path) in paths.items()
    }


def _check_answer(way: Way, response: httpx.Response, documented: set[int]) -> None:
    kind = response.headers.get("content-type", "")
    assert response.status_code in documented, response.status_code
    assert CANARY not in response.text, "the answer has our upstream key"
    assert CANARY not in repr(response.headers.multi_items()), "a header has our upstream key"
    assert response.headers["x-request-id"]
    if kind.startswith(EVENT_STREAM):
        assert response.status_code == 200
        _check_ended(way, response.content)
    else:
        assert kind.startswith("application/json"), kind
        assert reader.strict(response.content) is not None, "the body is not JSON"


def _check_ended(way: Way, content: bytes) -> None:
    """The last event is the one that ends a stream of the format, or one that says that it failed."""
    assert _ends(way, content) is not None, f"a stream without an end: {content[-200:]!r}"


def _ends(way: Way, content: bytes) -> str | None:
    """How a stream ended for its client: `done`, `failed`, or None where it just stops."""
    *_, (_, last) = [(None, ""), *read_events(content.decode("utf-8", "replace").encode())]
    if last == DONE:
        return "done"
    event = reader.strict(last.encode())
    if not isinstance(event, dict):
        return None
    if event.get("type") in ("message_stop", "response.completed", "response.incomplete"):
        return "done"
    if event.get("error") is not None or event.get("type") in ("error", "response.failed"):
        return "failed"
    return None


# What it costs


def _check_charge(gateway: FuzzedGateway, way: Way, answer: Answer, response: httpx.Response) -> str:
    """The one row of a call against the second reader; what came of it."""
    shown = gateway.admin.get("/ledger", params={"request": response.headers["x-request-id"]})
    rows: list[dict[str, Any]] = shown.json()["rows"]
    assert len(rows) == 1, f"{len(rows)} rows"
    [row] = rows
    tokens: reader.Tokens = tuple(row[f"{axis}_tokens"] or 0 for axis in reader.AXES)  # type: ignore[assignment]
    if response.status_code != 200:
        assert row["state"] == "voided", row
        assert row["cost_usd"] in (None, "0"), row
        return "voided"
    assert row["state"] == "posted", row
    if not way.charged:
        assert row["cost_usd"] == "0", row
        return "free"
    assert min(tokens) >= 0, row
    nano = Decimal(row["cost_usd"]) * 10**9
    assert nano == reader.cost_nano(tokens, PRICES[way.model]), row
    if response.headers["content-type"].startswith(EVENT_STREAM):
        _check_streamed(way, answer, response, tokens, row)
    else:
        _check_reported(way, answer, reader.whole(way.upstream, answer.body), tokens, row)
    return str(row["usage_source"])


def _check_streamed(
    way: Way, answer: Answer, response: httpx.Response, tokens: reader.Tokens, row: Mapping[str, Any]
) -> None:
    """A stream that ended as it should costs what it reported in all; one that broke, what it had reported by then.

    One that breaks after its answer has ended is complete: what could not be read (a frame without a translation, one that
    is too large, or what a reset took with it) is not there to be counted.
    """
    states = list(reader.streamed(way.upstream, answer.body))
    if _ends(way, response.content) == "done" and answer.end != RESET:
        breaks = way.client != way.upstream or len(answer.body) > HUGE_BYTES
        states = [state for state in states[:-1] if breaks and state.finished] + states[-1:]
    faults = []
    for state in states:
        try:
            _check_reported(way, answer, state, tokens, row)
        except AssertionError as fault:
            faults.append(str(fault))
        else:
            return
    raise AssertionError(f"no point of the stream has this charge: {faults[-1]}")


def _check_reported(
    way: Way, answer: Answer, reported: reader.Reported, tokens: reader.Tokens, row: Mapping[str, Any]
) -> None:
    expected, input_known, output_known = reported.tokens(no_output=not way.written)
    if expected is not None and input_known and output_known:
        assert tokens == expected, f"{tokens} are charged, {expected} were reported: {row}"
        assert row["usage_source"] == "reported", row
        return
    assert row["usage_source"] == "estimated", row
    if expected is not None and input_known:
        assert tokens[:4] == expected[:4], f"the input was reported as {expected}: {row}"
    else:
        asked = len(json.dumps(way.body))
        assert 0 < sum(tokens[:4]) <= asked, f"an estimate of the prompt beyond the request: {row}"
    if expected is not None and output_known:
        assert tokens[4] == expected[4], f"the output was reported as {expected}: {row}"
    else:
        longest = len(answer.body) // ESTIMATE_BYTES_PER_TOKEN + 1 if way.written else 0
        assert tokens[4] <= longest, f"an estimate of the output beyond the answer: {row}"


# What the gateway is like afterwards


def _check_gateway(gateway: FuzzedGateway, calls: Calls) -> None:
    assert gateway.process.poll() is None, "the gateway is gone"
    log = gateway.log_path.read_text()
    assert "Traceback" not in log, log[log.index("Traceback") - 500 :][:4000]
    assert CANARY not in log, "the log has our upstream key"
    report = gateway.audit()
    assert report.drift == 0, report.findings
    status = Path(f"/proc/{gateway.process.pid}/status")
    if status.is_file():  # Linux
        [peak] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        calls.peak_bytes = int(peak.split()[1]) * 1024
        assert calls.peak_bytes < PEAK_BYTES_MAX, f"the gateway took {calls.peak_bytes} bytes of memory"

"""Stopping loses nothing: what runs is finished and charged, also while the store fails; a restart takes up the rest."""

import asyncio
import json
import resource
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tests.crowd import CLIENTS, Crowd, open_holds, refuses, rows
from tests.faults import failing_stores, gated
from tests.gateway import Gateway, audit_data, bearer, chat
from tests.served import Served, Wire, eventually, post
from tests.upstream import ScriptedUpstream, openai_stream
from tollhouse import server
from tollhouse.billing.journal import UnwrittenEntries
from tollhouse.data_directory import STORE_FILE

COST_NANO = 25_000  # of the usage that the scripted provider reports
LONG = ["x" * 100_000] * 300  # more than the buffers between a provider and a client hold


def asking(key: str) -> bytes:
    """A request for a stream, byte by byte."""
    return post(json.dumps(chat(stream=True)).encode(), f"Authorization: Bearer {key}")


@contextmanager
def unread(served: Served) -> Iterator[str]:
    """A stream of which the client does not read anything; its request id."""
    served.upstream.reply(openai_stream(LONG))
    with served.wire(receive_buffer=4096) as wire:
        wire.send(asking(served.key()))
        eventually(lambda: open_holds(served.data_dir))
        yield open_holds(served.data_dir)[0]


def check_charged_once(data_dir: Path, request_ids: set[str]) -> None:
    report = audit_data(data_dir)
    assert (report.drift, report.held) == (0, 0), report.findings
    kept = {row["request_id"]: row for row in rows(data_dir)}
    assert {(kept[each]["state"], kept[each]["cost_nano"]) for each in request_ids} == {("posted", COST_NANO)}
    assert report.charged_nano == COST_NANO * len(request_ids)


@contextmanager
def serving(directory: Path, durability: str = "strict") -> Iterator[Served]:
    served = Served(directory)
    path = served.config_dir / "routes.yaml"
    content = yaml.safe_load(path.read_text())
    content["ledger"]["durability"] = durability
    path.write_text(yaml.safe_dump(content))
    with served:
        yield served


@pytest.mark.parametrize(
    "signals, durability",
    [
        ([signal.SIGTERM], "strict"),
        ([signal.SIGTERM], "relaxed"),
        ([signal.SIGINT], "strict"),
        ([signal.SIGTERM, signal.SIGTERM], "strict"),
    ],
)
def test_a_signal_to_stop_finishes_what_runs_and_charges_all_of_it(
    tmp_path: Path, signals: list[signal.Signals], durability: str
) -> None:
    with serving(tmp_path, durability) as served:
        crowd = Crowd(served)
        for number in signals:
            served.process.send_signal(number)
            eventually(lambda: refuses(served))
        assert served.process.poll() is None, "it waits for what runs"
        complete = crowd.let_go()
        assert served.process.wait(timeout=20) == 0
        assert "Traceback" not in served.log() and "unwritten" not in served.log()
    assert len(complete) == CLIENTS
    check_charged_once(served.data_dir, complete)


def test_stopping_waits_for_a_store_that_is_locked(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        crowd = Crowd(served)
        other = sqlite3.connect(served.data_dir / STORE_FILE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        served.process.send_signal(signal.SIGTERM)
        eventually(lambda: refuses(served))
        crowd.gate.set()
        assert not any(answer.done() for answer in crowd.answers), "nobody has an answer that is not charged"
        other.execute("ROLLBACK")
        other.close()
        complete = crowd.let_go()
        assert served.process.wait(timeout=20) == 0
    check_charged_once(served.data_dir, complete)


def test_a_file_that_may_not_grow_refuses_calls_before_they_are_sent_and_open_streams_wait(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        crowd = Crowd(served, streams=CLIENTS)
        key, asked = served.key(), len(served.upstream.requests)
        before = resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
        crowd.gate.set()
        eventually(lambda: served.client.get("/readyz").status_code == 503)
        for streaming in (False, True):
            refused = served.client.post("/v1/chat/completions", json=chat(stream=streaming), headers=bearer(key))
            assert refused.status_code == 503 and int(refused.headers["retry-after"]) >= 1
        assert len(served.upstream.requests) == asked and not any(answer.done() for answer in crowd.answers)
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, before)
        complete = crowd.let_go()
        eventually(lambda: served.client.get("/readyz").status_code == 200)
        again = served.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
        assert again.status_code == 200
        assert served.stop() == 0
    check_charged_once(served.data_dir, {*complete, again.headers["x-request-id"]})


def test_a_second_interrupt_cuts_off_what_runs_and_charges_what_was_delivered(tmp_path: Path) -> None:
    with serving(tmp_path) as served, unread(served) as unread_id:
        crowd = Crowd(served)
        for _ in range(2):
            served.process.send_signal(signal.SIGINT)
            eventually(lambda: refuses(served))
        assert served.process.wait(timeout=20) == 0
        crowd.gate.set()
    report = audit_data(served.data_dir)
    assert (report.drift, report.held) == (0, 0), report.findings
    kept = rows(served.data_dir)
    assert {(row["state"], bool(row["stream"])) for row in kept} == {("posted", True), ("voided", False)}
    assert [row["output_tokens"] > 0 for row in kept if row["request_id"] == unread_id] == [True]


@pytest.mark.parametrize("durability", ["strict", "relaxed"])
async def test_a_stream_that_outlives_the_drain_is_charged_what_was_delivered(
    tmp_path: Path, upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch, durability: str
) -> None:
    monkeypatch.setattr(server, "DRAIN_S", 1)
    upstream.script = gated(threading.Event())
    async with Gateway(tmp_path, upstream.url, routes={"ledger": {"durability": durability}}) as gateway:
        headers = bearer(await gateway.key())
        calls = [
            asyncio.ensure_future(
                gateway.client.post("/v1/chat/completions", json=chat(stream=streaming), headers=headers)
            )
            for streaming in (True, True, False)
        ]
        async with asyncio.timeout(5):
            while len(upstream.requests) < len(calls):
                await asyncio.sleep(0.005)
        gateway._stop.set()
        *streams, whole = await asyncio.gather(*calls)
        await gateway._serving
    assert whole.status_code == 503 and all('"code":"unavailable"' in each.text for each in streams)
    states = {row["request_id"]: row["state"] for row in rows(gateway.data_dir)}
    assert {states[each.headers["x-request-id"]] for each in streams} == {"posted"}
    assert states[whole.headers["x-request-id"]] == "voided" and audit_data(gateway.data_dir).drift == 0


async def test_a_stop_while_the_store_fails_ends_and_the_next_start_gives_back_what_was_not_charged(
    tmp_path: Path, upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    upstream.script = gated(gate)
    with failing_stores(monkeypatch):
        # `tollhouse serve` ends with this reason and exit code 1.
        with pytest.raises(UnwrittenEntries, match="database is locked"):
            async with Gateway(tmp_path, upstream.url) as gateway:
                headers = bearer(await gateway.key())
                call = asyncio.ensure_future(
                    gateway.client.post("/v1/chat/completions", json=chat(stream=True), headers=headers)
                )
                async with asyncio.timeout(5):
                    while not open_holds(gateway.data_dir):
                        await asyncio.sleep(0.005)
                other = sqlite3.connect(gateway.data_dir / STORE_FILE, isolation_level=None)
                other.execute("BEGIN IMMEDIATE")
                gate.set()
                response = await call
        other.close()
        assert '"code":"unavailable"' in response.text and "[DONE]" not in response.text
        async with Gateway(tmp_path, upstream.url) as gateway:
            [row] = await gateway.rows()
            assert (row["request_id"], row["state"]) == (response.headers["x-request-id"], "voided")
            [_, account] = (await gateway.admin.get("/accounts")).json()["accounts"]
            assert (account["balance_usd"], account["held_usd"]) == ("10", "0")
            assert (await gateway.audit()).drift == 0


async def test_a_client_that_stopped_reading_is_charged_when_the_drain_is_over(
    tmp_path: Path, upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "DRAIN_S", 1)
    upstream.script = openai_stream(LONG)
    async with Gateway(tmp_path, upstream.url) as gateway:
        with Wire(gateway.urls["main"], receive_buffer=4096) as wire:
            wire.send(asking(await gateway.key()))
            async with asyncio.timeout(5):
                while not open_holds(gateway.data_dir):
                    await asyncio.sleep(0.005)
            gateway._stop.set()
            await gateway._serving
    [row] = rows(gateway.data_dir)
    assert (row["state"], row["usage_source"]) == ("posted", "estimated") and row["output_tokens"] > 0

"""What a gateway does once a minute: a real gateway whose minutes are short."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.gateway import Gateway, bearer, chat
from tests.upstream import ScriptedUpstream, after, openai_chat
from tollhouse import housekeeping
from tollhouse.errors import Unavailable
from tollhouse.storage.base import StoreError
from tollhouse.storage.sqlite import SqliteStore
from tollhouse.storage.sqlite_holds import hold_marks
from tollhouse.times import DAY_US, now_us


async def test_housekeeping_moves_the_marks_of_open_holds_on(
    tmp_path: Path, upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "EVERY_S", 0.05)
    async with Gateway(tmp_path, upstream.url) as gateway:
        key, store = await gateway.key(), gateway.app._store
        for _ in range(3):
            await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
        upstream.script = after(0.5, openai_chat())
        call = asyncio.ensure_future(gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key)))
        async with asyncio.timeout(5):
            while len(kept_marks(store)) < 2:
                await asyncio.sleep(0.01)
        [running] = store.open_holds()
        assert kept_marks(store) == set(store.find_hold_marks()), running
        await call
        async with asyncio.timeout(5):
            while len(kept_marks(store)) > 1:
                await asyncio.sleep(0.01)


def kept_marks(store: SqliteStore) -> set[int]:
    with store._reading() as connection:
        return hold_marks(connection)


async def test_a_store_that_fails_keeps_nobody_from_the_rest_of_housekeeping(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept_marks(gateway.app._store)

    def fail(*_: object) -> None:
        raise StoreError("No!")

    for step in ("find_hold_marks", "keep_hold_marks"):
        with monkeypatch.context() as patched:
            patched.setattr(gateway.app._store, step, fail)
            await gateway.app._housekeeping.mark_open_holds()
        assert kept_marks(gateway.app._store) == before
    await gateway.app._housekeeping.mark_open_holds()


async def test_the_last_use_of_a_key_is_written_even_if_the_store_was_away(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = await gateway.key()
    await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    journal, rows = gateway.app.services.relay.means.journal, gateway.app.services.accounts.store.keys

    async def away(*_: object) -> None:
        raise Unavailable("No!")

    with monkeypatch.context() as patched:
        patched.setattr(journal, "run", away)
        await gateway.app._housekeeping.write_key_uses()
    assert [row.last_used_at_us for row in rows()] == [None]
    await gateway.app._housekeeping.write_key_uses()
    assert [row.last_used_at_us for row in rows()] != [None]


async def test_the_last_use_of_a_key_is_written_once_a_minute_however_often_it_is_used(
    tmp_path: Path, upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert housekeeping.EVERY_S == 60
    monkeypatch.setattr(housekeeping, "EVERY_S", 0.2)
    written: list[int] = []
    touch = SqliteStore.touch_keys

    def counted(store: SqliteStore, uses: Mapping[str, int]) -> None:
        written.append(len(uses))
        touch(store, uses)

    monkeypatch.setattr(SqliteStore, "touch_keys", counted)
    async with Gateway(tmp_path, upstream.url) as gateway:
        key = await gateway.key(requests_per_minute=0)
        end = time.monotonic() + 0.7
        while time.monotonic() < end:
            await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
        assert 1 <= len(written) <= 4
    assert set(written) == {1}


async def test_a_hold_expires_a_day_after_it_was_seen_whatever_the_time_of_day_is_set_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, upstream: ScriptedUpstream
) -> None:
    upstream.script = after(0.4, openai_chat())
    async with Gateway(tmp_path, upstream.url) as gateway:
        key, means = await gateway.key(), gateway.app.services.relay.means
        clock = SimpleNamespace(now_s=0.0)
        gateway.app.services.relay.means = replace(means, clock_s=lambda: clock.now_s)
        call = asyncio.ensure_future(gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key)))
        while not means.ledger.open_holds:
            await asyncio.sleep(0.01)
        gateway.app._housekeeping.expire_holds()
        with monkeypatch.context() as patched:
            patched.setattr(housekeeping, "now_us", lambda: now_us() + 10 * DAY_US)
            gateway.app._housekeeping.expire_holds()
        clock.now_s = housekeeping.HOLD_LASTS_S
        gateway.app._housekeeping.expire_holds()
        assert len(means.ledger.open_holds) == 1
        clock.now_s += 1.0
        gateway.app._housekeeping.expire_holds()
        assert not means.ledger.open_holds
        request_id = (await call).headers["x-request-id"]
        assert [row["state"] for row in await gateway.rows(request=request_id)] == ["expired"]
        assert (await gateway.audit()).drift == 0

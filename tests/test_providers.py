"""Stored keys and pauses of a process: on disk when they must be, in force at once, and honest about what cannot be opened."""

import asyncio
import base64
import random
import sqlite3
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import orjson
import pytest

from tests.billing.scenario import CATALOGUE, Clock, opened
from tests.billing.test_journal import PATIENCE_S, RETRY_S, TestingStore
from tests.gateway import Gateway, GatewayProcess, bearer, chat, forget_compiled, provider
from tests.served import eventually
from tests.upstream import Connection, Request, ScriptedUpstream, by_path, status
from tollhouse.billing.journal import Journal
from tollhouse.config.snapshot import Config, Provider, Routes, UpstreamKey
from tollhouse.errors import Conflict, InvalidRequest, NotFound, Unavailable
from tollhouse.identity.authors import Author
from tollhouse.providers import Providers
from tollhouse.storage.base import PauseRow
from tollhouse.vault import Vault, master_id

OLD, NEW = b"\x01" * 32, b"\x02" * 32
FIRST, SECOND = "sk-first-0123456789", "sk-second-0123456789"
ANNA = Author("anna")
OF_FILE = UpstreamKey("env:OPENAI_API_KEY", 1, "sk-of-the-environment")
OPENAI = Provider("openai", "openai", "https://api.openai.com/v1", (OF_FILE,), {})
CONFIGURED = MappingProxyType({"openai": OPENAI, "local": replace(OPENAI, name="local", keys=())})


class House:
    """A store, and the providers of the process that has it open."""

    def __init__(self, store: TestingStore, *master_keys: bytes) -> None:
        self.store = store
        self.journal = Journal(store, retry_s=RETRY_S, patience_s=PATIENCE_S)
        self.providers = Providers(store, self.journal, Vault(master_keys or (OLD,)), Clock())
        self.providers.configured = CONFIGURED
        self.changes = 0
        self.providers.on_change = self._changed

    def _changed(self) -> None:
        self.changes += 1

    async def reopened(self, *master_keys: bytes) -> "House":
        """As after a restart, with these master keys."""
        await self.journal.close()
        return House(self.store, *master_keys)

    def logged(self) -> list[str]:
        return [row["action"] for row in self.store.admin_log(limit=100)]

    def fail(self) -> None:
        """From now on the journal refuses what is to be written."""
        self.journal.failing = "the disk is full"

    def values(self, name: str = "openai") -> list[str | None]:
        return [key.value for key in self.providers.stored_keys(name)]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    with opened(tmp_path / "test.sqlite", store=TestingStore) as store:
        assert isinstance(store, TestingStore)
        house = House(store)
        yield house
        house.journal.failing = None
        await house.journal.close()


async def test_a_stored_key_is_used_beside_those_of_the_files_and_survives_a_restart(house: House) -> None:
    key = await house.providers.add_key("openai", FIRST, 3, ANNA)
    assert house.changes == 1
    house = await house.reopened()
    [stored] = house.providers.stored_keys("openai")
    assert stored == UpstreamKey(key.row.id, 3, FIRST)
    config = Config(Routes(()), CONFIGURED, CATALOGUE)
    keys = house.providers.with_stored_keys(config).providers["openai"].keys
    assert keys == (OF_FILE, stored) and config.providers["openai"].keys == (OF_FILE,)
    await house.journal.close()


async def test_a_provider_that_needs_no_key_is_asked_with_the_stored_one_while_there_is_one(house: House) -> None:
    keyless = replace(OPENAI, keys=(UpstreamKey("none", 1, ""),))
    config = Config(Routes(()), {"openai": keyless}, CATALOGUE)

    def ids() -> list[str]:
        return [key.id for key in house.providers.with_stored_keys(config).providers["openai"].keys]

    assert ids() == ["none"]
    key = await house.providers.add_key("openai", FIRST)
    assert ids() == [key.row.id]
    await house.providers.revoke_key("openai", key.row.id)
    assert ids() == ["none"]


@pytest.mark.parametrize("value", ["", " ", "two words", "sk-é", "sk-\n", "x" * 16385])
async def test_what_cannot_be_a_key_is_not_kept(house: House, value: str) -> None:
    with pytest.raises(InvalidRequest, match="one line of visible ASCII"):
        await house.providers.add_key("openai", value, 1, ANNA)
    assert house.store.upstream_keys() == [] and house.logged() == [] and house.changes == 0


async def test_of_the_same_key_added_at_the_same_time_one_is_kept(house: House) -> None:
    adding = [house.providers.add_key("openai", value, 1, ANNA) for value in (FIRST, SECOND) * 10]
    done = await asyncio.gather(*adding, return_exceptions=True)
    assert sorted(str(type(each).__name__) for each in done) == ["Conflict"] * 18 + ["StoredKey"] * 2
    assert sorted(map(str, house.values())) == [FIRST, SECOND]
    assert house.logged() == ["add_upstream_key"] * 2
    with pytest.raises(Conflict):
        await house.providers.add_key("openai", FIRST)
    await house.providers.add_key("local", FIRST)  # which is another provider


async def test_a_revoked_key_is_forgotten_and_may_be_added_again(house: House) -> None:
    key = await house.providers.add_key("openai", FIRST, 1, ANNA)
    for _ in range(2):
        revoked = await house.providers.revoke_key("openai", key.row.id, ANNA)
    assert (revoked.value, revoked.row.sealed) == (None, None)
    assert house.store.upstream_keys() == [revoked.row] and house.values() == []
    assert house.logged() == ["revoke_upstream_key", "add_upstream_key"]
    assert key.row.id in house.providers.revoked
    await house.providers.add_key("openai", FIRST)
    house = await house.reopened()
    assert house.values() == [FIRST] and house.providers.revoked == set()
    await house.journal.close()


async def test_a_key_is_revoked_in_this_process_even_where_the_store_fails(house: House) -> None:
    key = await house.providers.add_key("openai", FIRST, 1, ANNA)
    house.fail()
    with pytest.raises(Unavailable):
        await house.providers.revoke_key("openai", key.row.id, ANNA)
    assert house.values() == [] and house.changes == 2
    assert house.store.upstream_keys()[0].revoked_at_us is None
    house.journal.failing = None
    await house.providers.revoke_key("openai", key.row.id, ANNA)
    assert house.store.upstream_keys()[0].revoked_at_us is not None
    assert house.logged() == ["revoke_upstream_key", "add_upstream_key"]


async def test_a_key_that_could_not_be_written_is_not_used(house: House) -> None:
    house.fail()
    with pytest.raises(Unavailable):
        await house.providers.add_key("openai", FIRST, 1, ANNA)
    assert house.values() == [] and house.changes == 0


async def test_a_pause_holds_at_once_and_after_a_restart_until_it_is_resumed(house: House) -> None:
    paused = house.providers.paused
    await house.providers.pause("openai", "over budget", ANNA)
    assert dict(paused) == {"openai": PauseRow("openai", paused["openai"].paused_at_us, "over budget", "anna")}
    house = await house.reopened()
    assert house.providers.paused == paused
    for _ in range(2):
        resumed = await house.providers.resume("openai", ANNA)
    assert resumed.pause is None and not house.providers.paused
    assert house.logged() == ["resume_provider", "pause_provider"]
    house = await house.reopened()
    assert not house.providers.paused
    await house.journal.close()


async def test_the_gateways_own_pause_leaves_the_reason_of_a_person_alone(house: House) -> None:
    await house.providers.pause("openai", "200 USD are spent")
    await house.providers.pause("openai", "until Monday", ANNA)
    paused = await house.providers.pause("openai", "201 USD are spent")
    assert paused.pause is not None and (paused.pause.reason, paused.pause.paused_by) == ("until Monday", "anna")
    assert house.store.paused_providers() == [paused.pause]
    assert house.logged() == ["pause_provider"]


async def test_a_pause_holds_in_this_process_even_where_the_store_fails_and_a_resume_does_not(house: House) -> None:
    house.fail()
    with pytest.raises(Unavailable):
        await house.providers.pause("openai", "outage", ANNA)
    assert "openai" in house.providers.paused and house.store.paused_providers() == []
    with pytest.raises(Unavailable):
        await house.providers.resume("openai", ANNA)
    assert "openai" in house.providers.paused
    house.journal.failing = None
    await house.providers.pause("openai", "outage", ANNA)
    assert [pause.reason for pause in house.store.paused_providers()] == ["outage"]
    assert house.logged() == ["pause_provider"]


async def test_an_unknown_provider_is_not_found_and_the_nearest_is_named(house: House) -> None:
    for change in (
        house.providers.add_key("opnai", FIRST), house.providers.revoke_key("opnai", "upk_1"),
        house.providers.pause("opnai"), house.providers.resume("opnai"),
    ):  # fmt: skip
        with pytest.raises(NotFound, match=r'no provider opnai; did you mean "openai"\?'):
            await change
    with pytest.raises(NotFound, match="there are openai, local"):
        house.providers.find("xyz")


async def test_what_is_stored_for_a_provider_that_is_gone_is_listed_and_can_be_revoked_and_resumed(
    house: House,
) -> None:
    key = await house.providers.add_key("openai", FIRST)
    await house.providers.pause("openai")
    house.providers.configured = MappingProxyType({"local": CONFIGURED["local"]})
    gone = house.providers.all()[-1]
    assert (gone.name, gone.configured, [each.row.id for each in gone.stored]) == ("openai", None, [key.row.id])
    with pytest.raises(NotFound, match=r"not in providers\.yaml any more"):
        await house.providers.add_key("openai", SECOND)
    await house.providers.revoke_key("openai", key.row.id)
    await house.providers.resume("openai")
    assert [each.name for each in house.providers.all()] == ["local"]


# Master keys


async def test_keys_are_sealed_anew_under_the_newest_master_key_and_the_older_can_go(house: House) -> None:
    first = await house.providers.add_key("openai", FIRST)
    revoked = await house.providers.add_key("openai", "sk-revoked-0123456789")
    await house.providers.revoke_key("openai", revoked.row.id)
    before = house.store.upstream_keys()[0].sealed
    house = await house.reopened(NEW, OLD)
    assert house.values() == [FIRST]
    new = await house.providers.add_key("openai", SECOND)
    await house.providers.reseal()
    after = {row.id: row.sealed for row in house.store.upstream_keys()}
    assert after[first.row.id] not in (before, None) and after[new.row.id] == new.row.sealed
    assert after[revoked.row.id] is None
    house = await house.reopened(NEW)
    assert (
        house.values() == [FIRST, SECOND]
        and [key.problem for key in house.providers.find("openai").stored] == [None] * 3
    )
    await house.journal.close()


async def test_sealing_anew_goes_on_after_a_store_that_failed(house: House) -> None:
    await house.providers.add_key("openai", FIRST)
    house = await house.reopened(NEW, OLD)
    house.fail()
    await house.providers.reseal()
    assert not Vault([NEW]).is_current(house.store.upstream_keys()[0].sealed or b"")
    house.journal.failing = None
    await house.providers.reseal()
    assert Vault([NEW]).is_current(house.store.upstream_keys()[0].sealed or b"")
    await house.journal.close()


async def test_a_key_revoked_while_keys_are_sealed_anew_stays_revoked(house: House) -> None:
    keys = [await house.providers.add_key("openai", f"sk-{number}-0123456789ab") for number in range(20)]
    house = await house.reopened(NEW, OLD)
    resealing = asyncio.ensure_future(house.providers.reseal())
    await asyncio.sleep(0)
    await asyncio.gather(*(house.providers.revoke_key("openai", key.row.id) for key in keys[::2]), resealing)
    rows = house.store.upstream_keys()
    assert [row.sealed is None for row in rows] == [True, False] * 10
    house = await house.reopened(NEW)
    assert house.values() == [f"sk-{number}-0123456789ab" for number in range(1, 20, 2)]
    await house.journal.close()


async def test_a_key_of_a_lost_master_key_is_listed_so_and_the_others_work(house: House) -> None:
    lost = await house.providers.add_key("openai", FIRST)
    house = await house.reopened(NEW)
    await house.providers.add_key("openai", SECOND)
    assert house.values() == [None, SECOND]
    [first, second] = house.providers.find("openai").stored
    assert second.problem is None and first.problem is not None
    for told in (lost.row.id, "provider openai", master_id(OLD).hex()):
        assert told in first.problem
    await house.providers.reseal()
    assert house.store.upstream_keys()[0].sealed == lost.row.sealed, "it may be needed once the master key is found"
    await house.providers.revoke_key("openai", lost.row.id)
    assert first.problem is None
    await house.journal.close()


async def test_a_flipped_bit_in_the_store_makes_one_key_unusable(house: House) -> None:
    broken = await house.providers.add_key("openai", FIRST)
    await house.providers.add_key("openai", SECOND)
    sealed = bytearray(broken.row.sealed or b"")
    sealed[-1] ^= 1
    with closing(sqlite3.connect(house.store.path, isolation_level=None)) as connection:
        connection.execute("UPDATE upstream_keys SET sealed = ? WHERE id = ?", (bytes(sealed), broken.row.id))
    house = await house.reopened()
    assert house.values() == [None, SECOND]
    assert "damaged" in (house.providers.find("openai").stored[0].problem or "")
    await house.journal.close()


async def test_nothing_shows_a_key_in_its_repr(house: House) -> None:
    key = await house.providers.add_key("openai", FIRST)
    config = house.providers.with_stored_keys(Config(Routes(()), CONFIGURED, CATALOGUE))
    shown = [key, vars(house.providers), house.providers.all(), house.providers.stored_keys("openai"), config]
    text = repr(shown) + repr(house.store.upstream_keys())
    assert FIRST not in text and "sk-of-the-environment" not in text and repr(key.row.sealed)[2:-1] not in text


# In a gateway


async def test_no_call_that_begins_after_a_revocation_is_sent_with_the_key(
    gateway: Gateway, upstream: ScriptedUpstream
) -> None:
    """Also none whose head came before it and whose body comes after it."""
    key = await gateway.key()
    added = await gateway.admin.post("/providers/scripted/keys", json={"value": FIRST, "weight": 1_000_000})
    revoked = asyncio.Event()
    late: list[bytes] = []

    async def watched(request: Request, connection: Connection) -> None:
        if request.headers["authorization"] == f"Bearer {FIRST}" and b"after" in request.body:
            late.append(request.body)
        await asyncio.sleep(random.random() / 100)
        await by_path(request, connection)

    async def call(text: str) -> int:
        response = await gateway.client.post("/v1/chat/completions", json=chat(text), headers=bearer(key))
        return response.status_code

    async def slow_body() -> AsyncIterator[bytes]:
        body = orjson.dumps(chat("after the head"))
        yield body[:20]
        await revoked.wait()
        yield body[20:]

    async def burst() -> list[int]:
        statuses = []
        while not revoked.is_set() or len(statuses) < 20:
            statuses.append(await call("after" if revoked.is_set() else "before"))
        return statuses

    upstream.script = watched
    bursts = [asyncio.ensure_future(burst()) for _ in range(8)]
    slow = asyncio.ensure_future(
        gateway.client.post(
            "/v1/chat/completions", content=slow_body(), headers={**bearer(key), "content-type": "application/json"}
        )
    )
    await asyncio.sleep(0.3)
    assert any(request.headers["authorization"] == f"Bearer {FIRST}" for request in upstream.requests)
    assert (await gateway.admin.delete(f"/providers/scripted/keys/{added.json()['id']}")).status_code == 200
    revoked.set()
    for statuses in await asyncio.gather(*bursts):
        assert set(statuses) == {200}
    assert (await slow).status_code == 200
    assert late == []
    assert (await gateway.audit()).drift == 0


async def test_calls_that_run_finish_while_their_provider_is_paused_and_its_key_revoked(
    gateway: Gateway, upstream: ScriptedUpstream
) -> None:
    key, go_on = await gateway.key(), asyncio.Event()
    added = await gateway.admin.post("/providers/scripted/keys", json={"value": FIRST, "weight": 1_000_000})

    async def waiting(request: Request, connection: Connection) -> None:
        await go_on.wait()
        await by_path(request, connection)

    upstream.script = waiting
    running = asyncio.ensure_future(gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key)))
    while not upstream.requests:
        await asyncio.sleep(0.01)
    await gateway.admin.post("/providers/scripted/pause", json={"reason": "outage"})
    await gateway.admin.delete(f"/providers/scripted/keys/{added.json()['id']}")
    assert (await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))).status_code == 429
    go_on.set()
    assert (await running).status_code == 200
    assert len(upstream.requests) == 1 and (await gateway.rows())[0]["upstream_key_id"] == added.json()["id"]


@pytest.mark.parametrize("change", ["pause", "revoke"])
async def test_a_call_that_fails_over_asks_none_that_was_paused_or_revoked_meanwhile(
    gateway: Gateway, upstream: ScriptedUpstream, change: str
) -> None:
    key = await gateway.key()
    ids = [
        (await gateway.admin.post("/providers/scripted/keys", json={"value": value})).json()["id"]
        for value in (FIRST, SECOND)
    ]

    async def failing(request: Request, connection: Connection) -> None:
        if len(upstream.requests) == 1:  # the first to be asked; the two others are barred before it answers
            if change == "pause":
                await gateway.admin.post("/providers/scripted/pause", json={})
            for key_id in ids if change == "revoke" else ():
                await gateway.admin.delete(f"/providers/scripted/keys/{key_id}")
        await status(500)(request, connection)

    upstream.script = failing
    response = await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    assert response.status_code == 502
    asked = [request.headers["authorization"].removeprefix("Bearer ") for request in upstream.requests]
    assert not {FIRST, SECOND} & set(asked[1:]) and len(asked) <= (1 if change == "pause" else 2)


async def test_a_provider_that_reaches_its_stop_threshold_is_paused_and_counts_anew_once_it_is_resumed(
    tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    entry = provider(upstream.url, stop_usd_per_day="0.00003")  # a call costs 0.000025 USD
    async with Gateway(tmp_path, upstream.url, providers={"scripted": entry}) as gateway:
        key = await gateway.key()

        async def statuses() -> list[int]:
            """Of calls until the provider is paused."""
            seen: list[int] = []
            while 429 not in seen:
                response = await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
                seen.append(response.status_code)
                await asyncio.sleep(0.05)
            assert "is paused (" in response.text
            return seen

        for _ in range(2):
            assert await statuses() == [200, 200, 429]
            shown = (await gateway.admin.get("/providers/scripted")).json()
            assert (shown["state"], shown["paused_by"]) == ("paused", "")
            assert (await gateway.admin.post("/providers/scripted/resume")).json()["state"] == "active"


async def test_stored_keys_survive_a_reload_of_the_files(gateway: Gateway, upstream: ScriptedUpstream) -> None:
    await gateway.admin.post("/providers/scripted/keys", json={"value": FIRST, "weight": 1_000_000})
    await gateway.app.use(gateway.app.snapshot.config)
    await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(await gateway.key()))
    assert upstream.requests[-1].headers["authorization"] == f"Bearer {FIRST}"


async def test_a_key_added_while_a_reload_compiles_is_used_after_it(
    gateway: Gateway, upstream: ScriptedUpstream
) -> None:
    forget_compiled()
    reload = asyncio.ensure_future(gateway.app.use(gateway.app.snapshot.config))
    await asyncio.sleep(0.02)
    await gateway.app.services.providers.add_key("scripted", FIRST, 1_000_000)
    assert not reload.done()
    await reload
    await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(await gateway.key()))
    assert upstream.requests[-1].headers["authorization"] == f"Bearer {FIRST}"


def test_a_lost_master_key_and_a_rotation_meet_a_server_that_starts_all_the_same(tmp_path: Path) -> None:
    with ScriptedUpstream.in_thread() as upstream:
        entry = provider(upstream.url, keys=[])
        process = GatewayProcess(tmp_path, upstream.url, providers={"scripted": entry})
        kept = process.data_dir / "master_keys"

        def restarted(master_keys: str | None = None) -> dict[str, Any]:
            """The stored key as a server with these master keys lists it."""
            process.stop()
            if master_keys is not None:
                kept.write_text(master_keys)
            process.start()
            [key] = process.json("providers", "list")[0]["keys"]
            return dict(key)

        process.start()
        try:
            added = process.json("providers", "add-key", "scripted", given=f"{FIRST}\n")
            process.run("providers", "pause", "scripted", "--reason", "rotating")
            assert restarted() == added
            assert process.json("providers", "list")[0]["reason"] == "rotating"
            process.run("providers", "resume", "scripted")
            old, new = kept.read_text().strip(), base64.b64encode(NEW).decode()
            lost = restarted(new)
            assert not lost["is_usable"] and "put that one back" in lost["problem"]
            assert call(process).status_code == 503
            assert restarted(f"{new},{old}")["is_usable"]
            eventually(lambda: "upstream_keys_resealed" in process.log_path.read_text())
            assert call(process).status_code == 200
            assert restarted(new)["is_usable"]
            assert call(process).status_code == 200
            assert [request.headers["authorization"] for request in upstream.requests] == [f"Bearer {FIRST}"] * 2
        finally:
            process.stop()
        assert "Traceback" not in process.log_path.read_text() and FIRST not in process.log_path.read_text()


def call(process: GatewayProcess) -> httpx.Response:
    return httpx.post(f"{process.urls['main']}/v1/chat/completions", json=chat(), trust_env=False)  # as anonymous


@pytest.mark.parametrize("serving", [True, False], ids=["server", "offline"])
def test_of_several_processes_that_add_keys_at_once_each_adds_its_own(tmp_path: Path, serving: bool) -> None:
    process = GatewayProcess(tmp_path, "http://127.0.0.1:9")
    if serving:
        process.start()
    try:
        with ThreadPoolExecutor(3) as pool:
            values = [f"sk-{number}-0123456789abcdef{number}" for number in range(3)]
            added = list(pool.map(lambda value: process.json("providers", "add-key", "scripted", given=value), values))
        listed = [key for key in process.json("providers", "list")[0]["keys"] if key["is_stored"]]
    finally:
        if serving:
            process.stop()
    assert sorted(key["id"] for key in listed) == sorted(key["id"] for key in added) and len(listed) == 3
    assert {key["last_four"] for key in listed} == {value[-4:] for value in values}

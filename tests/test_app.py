"""The composition root: one owner of a data directory, whole snapshots, and a start that is honest about the last end."""

import asyncio
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.gateway import ENVIRON, audit_data, forget_compiled, write_config
from tollhouse import app as app_module
from tollhouse.app import Application, Listening, ReloadRefused
from tollhouse.config.load import Loaded, load
from tollhouse.config.settings import Settings
from tollhouse.contract.documents import claimed_paths
from tollhouse.data_directory import STORE_FILE, DataDirectoryInUse
from tollhouse.endpoints import system
from tollhouse.errors import TollhouseError
from tollhouse.generated import bindings
from tollhouse.housekeeping import Housekeeping
from tollhouse.identity.principals import ANONYMOUS
from tollhouse.loading import load as load_accounts
from tollhouse.storage.sqlite import SqliteStore
from tollhouse.storage.sqlite_schema import CRASH
from tollhouse.times import now_us


def settings(directory: Path) -> Settings:
    return Settings.from_environ(ENVIRON, directory / "config", directory / "data")


def loaded(directory: Path, **options: Any) -> Loaded:
    write_config(directory / "config", "http://127.0.0.1:1", **options)
    return load(directory / "config", environ=ENVIRON, operations=claimed_paths())


async def opened(directory: Path) -> Application:
    return await Application.open(settings(directory), loaded(directory).config)


async def test_a_data_directory_has_one_owner(tmp_path: Path) -> None:
    first = await opened(tmp_path)
    try:
        with pytest.raises(DataDirectoryInUse, match=rf"pid {os.getpid()}\).*--data"):
            await opened(tmp_path)
    finally:
        await first.close()
    await (await opened(tmp_path)).close()


def test_a_python_that_leaves_out_assertions_is_refused(tmp_path: Path) -> None:
    write_config(tmp_path / "config", "http://127.0.0.1:1")
    where = ["--config", str(tmp_path / "config"), "--data", str(tmp_path / "data")]
    refused = subprocess.run(
        [sys.executable, "-O", "-m", "tollhouse", "serve", *where],
        env={**os.environ, **ENVIRON}, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert refused.returncode == 1 and "run it without -O and PYTHONOPTIMIZE" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("step", ["use", "_resolve_open_holds"])
async def test_a_start_that_fails_gives_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    async def fail(*_: object) -> None:
        raise TollhouseError("No!")

    with monkeypatch.context() as patched:
        patched.setattr(Application, step, fail)
        with pytest.raises(TollhouseError, match="No!"):
            await opened(tmp_path)
    await (await opened(tmp_path)).close()


async def test_a_start_that_ends_after_any_step_leaves_open_holds_to_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await opened(tmp_path)).close()
    steps = ((Housekeeping, "mark_open_holds"), (Application, "_resolve_open_holds"), (Application, "use"))
    for number, (owner, step) in enumerate(steps):
        left_open(tmp_path, f"req_{number}")
        with monkeypatch.context() as patched:
            killed_after(patched, owner, step)
            with pytest.raises(Killed):
                await opened(tmp_path)
        app = await opened(tmp_path)
        assert app._store.open_holds() == []
        [row] = app._store.ledger(request_id=f"req_{number}", limit=1)
        assert (row["state"], row["reason"]) == ("voided", CRASH), step
        await app.close()
    assert audit_data(tmp_path / "data").findings == []


class Killed(BaseException):
    """What ends a start as a signal does: nobody catches it."""


def killed_after(patched: pytest.MonkeyPatch, owner: type, step: str) -> None:
    real = getattr(owner, step)

    async def run(*arguments: Any) -> None:
        await real(*arguments)
        raise Killed

    patched.setattr(owner, step, run)


def left_open(directory: Path, request_id: str) -> None:
    """A hold whose gateway was killed, after others that have ended since the last marks."""
    with closing(SqliteStore(settings(directory).data_dir / STORE_FILE)) as store:
        store.migrate()
        ledger, _ = load_accounts(store, now_us)
        facts: dict[str, Any] = {
            "key_id": None, "operation": "create_chat_completion", "requested_model": "gpt-test",
            "price_version": loaded(directory).config.catalogue.version, "stream": False, "at_us": now_us(),
        }  # fmt: skip
        anonymous = ledger.accounts[ANONYMOUS]
        entries = [ledger.hold(each, anonymous, 0, **facts) for each in (f"{request_id}-before", request_id)]
        ended = ledger.void(f"{request_id}-before", "upstream answered 500")
        assert ended is not None
        store.write([*entries, ended])


async def test_the_anonymous_account_is_made_once_and_pays_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        app = await opened(tmp_path)
        anonymous = app.services.accounts.find(ANONYMOUS)
        assert (anonymous.multiplier_ppm, anonymous.balance_nano) == (0, 0)
        await app.close()


async def test_a_snapshot_is_swapped_whole_and_only_when_it_is_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await opened(tmp_path)
    try:
        before = app.snapshot
        with monkeypatch.context() as patched:
            patched.setattr(app_module, "build", lambda *_: (_ for _ in ()).throw(TollhouseError("No!")))
            with pytest.raises(TollhouseError, match="No!"):
                await app.reload(
                    loaded(tmp_path, models={"new": {"input_usd_per_mtok": "1", "output_usd_per_mtok": "1"}})
                )
        assert app.snapshot is before
        await app.reload(loaded(tmp_path, models={"new": {"input_usd_per_mtok": "1", "output_usd_per_mtok": "1"}}))
        assert app.snapshot is not before and "new" in app.snapshot.config.catalogue.models
        assert "new" not in before.config.catalogue.models
    finally:
        await app.close()


async def test_listeners_that_changed_are_refused(tmp_path: Path) -> None:
    app = await opened(tmp_path)
    try:
        for change in ({"port": 9}, {"host": "127.0.0.2"}, {"name": "other"}):
            new = loaded(tmp_path)
            first, *others = new.config.routes.listeners
            routes = replace(new.config.routes, listeners=(replace(first, **change), *others))
            with pytest.raises(ReloadRefused, match="restart"):
                await app.reload(replace(new, config=replace(new.config, routes=routes)))
    finally:
        await app.close()


async def test_compiling_does_not_hold_up_what_runs(tmp_path: Path) -> None:
    app = await opened(tmp_path)
    try:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.005)
                ticks += 1

        new = loaded(tmp_path)
        forget_compiled()
        ticking = asyncio.ensure_future(tick())
        await app.reload(new)
        ticking.cancel()
        assert ticks > 5
    finally:
        await app.close()


async def test_listeners_on_one_port_are_told_apart_by_their_address() -> None:
    class Snapshot:
        def __init__(self) -> None:
            self.apps = {name: self._app(name) for name in ("inside", "outside", "everywhere")}
            self.called: list[str] = []

        def _app(self, name: str) -> Any:
            async def app(scope: Any, receive: Any, send: Any) -> None:
                self.called.append(name)

            return app

    class Owner:
        snapshot = Snapshot()

    names = {("127.0.0.1", 80): "inside", ("10.0.0.1", 80): "outside", ("", 81): "everywhere"}
    listening = Listening(Owner(), names)  # type: ignore[arg-type]
    for server in (("127.0.0.1", 80), ("10.0.0.1", 80), ("10.0.0.1", 81)):
        await listening({"type": "http", "server": server}, None, None)  # type: ignore[arg-type]
    assert Owner.snapshot.called == ["inside", "outside", "everywhere"]


def test_every_endpoint_fits_its_operation() -> None:
    bindings.check_endpoints()


async def _too_much(services: Any, request: Any, *, surplus: str) -> None: ...


def _not_async(services: Any, request: Any) -> None: ...


@pytest.mark.parametrize(
    "replacement,complaint", [(None, "is missing"), (_too_much, "takes"), (_not_async, "is not an `async def`")]
)
async def test_an_endpoint_that_is_missing_or_mistyped_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replacement: Any, complaint: str
) -> None:
    if replacement is None:
        monkeypatch.delattr(system, "get_health")
    else:
        monkeypatch.setattr(system, "get_health", replacement)
    with pytest.raises(TypeError, match=rf"system\.py: get_health {complaint}.*expected `async def get_health"):
        await opened(tmp_path)
    assert not (tmp_path / "data" / "lock").exists(), "it stops before anything is touched"


async def test_people_see_the_public_address_else_the_first_listener(tmp_path: Path) -> None:
    config = loaded(tmp_path).config
    for url, seen in (("https://llm.example.com", "https://llm.example.com"), (None, "http://127.0.0.1:0")):
        app = await Application.open(replace(settings(tmp_path), public_url=url), config)
        try:
            assert app.services.sign_ins.site.url == seen
            app.is_at("http://127.0.0.1:8000")
            assert app.services.sign_ins.site.url == (url or "http://127.0.0.1:8000")
        finally:
            await app.close()

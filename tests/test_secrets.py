"""Canaries: keys of providers that are put in by every way and looked for in everything that the gateway gives or keeps."""

import asyncio
import base64
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from tests.gateway import ADMIN_TOKEN, ENVIRON, Gateway, GatewayProcess, bearer, chat, message, provider
from tests.upstream import Connection, Reply, Request, ScriptedUpstream, answer, by_path, frame, status, stream
from tollhouse.config.settings import Settings
from tollhouse.telemetry import configure_logging

BY_COMMAND = "sk-canary-command-0a1b2c3d4e5f6071"
BY_API = "sk-canary-admin-8293a4b5c6d7e8f9-w"
CANARIES = (BY_COMMAND, BY_API)
HEAVY = 1_000_000

# Providers without keys of their own, so that every call has a canary.
ENTRIES: dict[str, Any] = {"keys": [], "timeouts": {"connect_s": 1, "first_byte_s": 0.4, "idle_s": 0.4}}
LIMITS = {"limits": {"requests_per_minute": 0}}


def found_in(text: str | bytes) -> list[str]:
    """The canaries in a text, whole or without their ends, as they are or in another alphabet."""
    data = text.encode() if isinstance(text, str) else text
    found = []
    for canary in CANARIES:
        middle = canary[3:-5].encode()
        spelt = [middle, middle.hex().encode(), middle[::-1]]
        for offset in range(3):  # wherever base64 begins
            spelt.append(base64.b64encode(b"\0" * offset + middle)[4 if offset else 0 : -4])
        found += [canary for each in spelt if each in data]
    return found


def test_the_search_finds_a_canary_however_it_is_spelt() -> None:
    for canary in CANARIES:
        header = base64.b64encode(f"user:{canary}".encode()).decode()
        for text in (canary, f"x{canary[:-4]}", canary.encode().hex(), header, repr({"key": canary}), canary[::-1]):
            assert found_in(text), text
    assert not found_in(f"{BY_API[-4:]} {BY_COMMAND[-4:]} sk-canary-")


def quoting(reply: Callable[[str], Reply]) -> Reply:
    """A provider that quotes the key it was given."""

    async def quote(request: Request, connection: Connection) -> None:
        key = request.headers.get("authorization", request.headers.get("x-api-key", "")).removeprefix("Bearer ")
        await reply(key)(request, connection)

    return quote


async def silent(request: Request, connection: Connection) -> None:
    await connection.wait_closed()


def error(key: str) -> bytes:
    return json.dumps({"error": {"message": f"Incorrect API key provided: {key}", "type": "x", "param": key}}).encode()


def faults() -> Iterator[Reply]:
    """What a provider can answer, good and bad; in the bad ones the key is everywhere."""
    yield by_path
    for code in (400, 401, 402, 403, 404, 408, 422, 429, 500, 503):
        yield quoting(
            lambda key, code=code: answer(  # type: ignore[misc]
                error(key),
                code,
                content_type="application/json",
                x_request_id=key,
                www_authenticate=key,
                retry_after=key,
            )
        )
    yield quoting(lambda key: answer(f"<p>{key}".encode(), 404, content_type=f"text/html; key={key}"))
    yield quoting(lambda key: answer(b"", 302, location=f"http://127.0.0.1:9/?key={key}"))
    yield quoting(lambda key: answer(error(key), 200, content_type="application/json", set_cookie=key))
    yield quoting(lambda key: answer(f"not JSON {key}".encode(), 200, content_type="application/json"))
    yield quoting(lambda key: answer(b"{}", 200, content_type="application/json", content_encoding=key))
    yield quoting(lambda key: stream([frame({"error": {"message": key}})]))
    begun = frame({"choices": [{"index": 0, "delta": {"content": "Hel"}}]})
    yield quoting(lambda key: stream([begun, frame({"error": {"message": key}}, "error")]))
    yield quoting(lambda key: status(418, f"bad key {key}"))
    yield silent


def shown(response: httpx.Response) -> str:
    return f"{response.status_code} {response.headers} {response.text}"


def files_in(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


def test_no_canary_is_in_anything_that_a_gateway_answers_logs_or_keeps(tmp_path: Path) -> None:
    with ScriptedUpstream.in_thread() as upstream:
        entries = {
            "scripted": provider(upstream.url, **ENTRIES),
            "scripted-anthropic": provider(upstream.url, "anthropic", **ENTRIES),
        }
        entries = json.loads(json.dumps(entries))  # no value twice: YAML would write it as an alias
        process = GatewayProcess(tmp_path, upstream.url, providers=entries, routes=LIMITS)
        seen: list[str] = []
        with process:
            main = process.urls["main"]
            admin = httpx.Client(base_url=f"{main}/admin/api", headers=bearer(ADMIN_TOKEN), trust_env=False)
            client = httpx.Client(trust_env=False, timeout=30)
            with admin, client:
                for name in entries:
                    added = process.run("providers", "add-key", name, "--weight", "1", given=f"{BY_COMMAND}\n")
                    seen += [added.stdout, added.stderr]
                    for value in (BY_API, BY_API, [BY_API], {"value": BY_API}, f"{BY_API} "):
                        seen.append(shown(admin.post(f"/providers/{name}/keys", json={"value": value})))
                    seen.append(shown(admin.post(f"/providers/{name}/keys", json={BY_API: 1, "value": BY_API})))
                    seen.append(shown(admin.post(f"/providers/{name}/keys", json=BY_API)))
                    seen.append(shown(admin.post(f"/providers/{name}/keys", content=f'{{"value": "{BY_API}')))
                key = bearer(process.key())
                calls = (
                    (f"{main}/v1/chat/completions", chat()), (f"{main}/v1/chat/completions", chat(stream=True)),
                    (f"{main}/api/v1/chat/completions", chat()), (f"{main}/v1/messages", message(stream=True)),
                    (f"{process.urls['openproxy']}/v1/chat/completions", chat()),
                )  # fmt: skip
                for reply in faults():
                    upstream.script = reply
                    seen += [shown(client.post(url, json=body, headers=key)) for url, body in calls]
                upstream.script = by_path
                paths = ("/metrics", "/providers", "/providers/scripted", "/log?limit=1000", "/ledger?limit=1000")
                seen += [shown(admin.get(path)) for path in paths]
                seen += [
                    shown(client.get(f"{main}{path}", headers=key)) for path in ("/health", "/v1/models", "/v1/stats")
                ]
                for words in (("providers", "list"), ("log",), ("ledger", "show"), ("ledger", "reconcile")):
                    for option in ((), ("--json",)):
                        done = process.run(*words, *option)
                        seen += [done.stdout, done.stderr]
                kept = files_in(process.data_dir)
        used = {
            re.sub("^Bearer ", "", r.headers.get("authorization", r.headers.get("x-api-key", "")))
            for r in upstream.requests
        }
        assert used == set(CANARIES), "the provider itself was sent the keys"
    log = process.log_path.read_text()
    assert "upstream_failed" in log and "upstream_keys" in kept.decode("latin-1")
    for text in [*seen, log]:
        assert not found_in(text), text
    assert not found_in(kept) and not found_in(files_in(process.data_dir)), "in the files of the data directory"


@pytest.fixture
def logging(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bool], None]]:
    """Sets the logs up as the command does it; at a terminal, structlog's own default would show local variables."""

    def configure(terminal: bool) -> None:
        monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
        configure_logging()

    yield configure
    structlog.reset_defaults()


@pytest.mark.parametrize("terminal", [False, True], ids=["piped", "terminal"])
async def test_no_canary_is_in_a_traceback_or_in_the_repr_of_anything(
    tmp_path: Path,
    upstream: ScriptedUpstream,
    logging: Callable[[bool], None],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    terminal: bool,
) -> None:
    logging(terminal)
    entries = {"scripted": provider(upstream.url, **ENTRIES)}
    async with Gateway(tmp_path, upstream.url, providers=entries, routes=LIMITS) as gateway:
        await add_by_command(gateway)
        await gateway.admin.post("/providers/scripted/keys", json={"value": BY_API, "weight": HEAVY})
        key = await gateway.key()
        services = gateway.app.services
        sending = services.relay.means.upstream.send

        async def crash(self: Any, request: Any) -> Any:
            await sending(request)
            raise ZeroDivisionError(f"a defect with {request!r}")

        with monkeypatch.context() as patched:
            patched.setattr(type(services.relay.means.upstream), "send", crash)
            for streaming in (False, True):
                response = await gateway.client.post(
                    "/v1/chat/completions", json=chat(stream=streaming), headers=bearer(key)
                )
                assert response.status_code == 500 and not found_in(shown(response))
        with monkeypatch.context() as patched:
            patched.setattr(services.providers._vault, "_ciphers", {})  # so that adding a key crashes with it in hand
            response = await gateway.admin.post("/providers/scripted/keys", json={"value": f"{BY_API}-2"})
            assert response.status_code == 500 and not found_in(shown(response))
        assert any(found_in(repr(request.headers)) for request in upstream.requests)
        router = gateway.app.snapshot.current.router
        things = [
            gateway.app.snapshot, gateway.app.snapshot.config, gateway.app.settings, services, *slots(services),
            services.providers.with_stored_keys(gateway.app.snapshot.config), router.pool("openai", "gpt-test").targets,
            vars(router), vars(services.providers), vars(services.relay), vars(services.providers._vault),
            Settings.from_environ(ENVIRON, gateway.config_dir, gateway.data_dir),
        ]  # fmt: skip
        for thing in things:
            assert not found_in(repr(thing)), type(thing)
    log = "".join(capfd.readouterr())
    assert log.count("Traceback") >= 3 and "ZeroDivisionError" in log
    assert not found_in(log), log


async def add_by_command(gateway: Gateway) -> None:
    """`tollhouse providers add-key` in a process of its own, beside this gateway."""
    where = ["--config", str(gateway.config_dir), "--data", str(gateway.data_dir)]
    command = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tollhouse", "providers", "add-key", "scripted", *where,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **ENVIRON},
    )  # fmt: skip
    output, _ = await command.communicate(f"{BY_COMMAND}\n".encode())
    assert command.returncode == 0 and not found_in(output), output


def slots(thing: Any) -> list[Any]:
    return [getattr(thing, name) for name in thing.__slots__]

"""How the commands reach the admin API: over HTTP where a server runs on the data directory, else in this process.

Either way the same operations do the work, so a command does one thing whether the server is up or not.
"""

import asyncio
import dataclasses
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tollhouse.config.settings import Settings
from tollhouse.config.snapshot import Config, Listener, Mount
from tollhouse.data_directory import LOCK_FILE, SERVER_FILE, DataDirectoryInUse, take_lock
from tollhouse.errors import TollhouseError
from tollhouse.identity.authors import COMMAND_LINE

AT = "/admin/api"
TIMEOUT_S = 60.0
STARTING_S = 15.0  # how long a server that has the directory may take to say where it is


class Refused(TollhouseError):
    """The admin API refused; the message is its own."""


def call(
    settings: Settings,
    load_config: Callable[[], Config],
    method: str,
    path: str,
    *,
    body: Any = None,
    query: dict[str, Any] | None = None,
    resolve: bool = False,
) -> Any:
    """Call one admin operation; the parsed answer. Raises Refused, or another TollhouseError where nothing answers.

    The configuration is loaded only where no server runs: a leaked key must be revocable while a file is broken. There a
    GET leaves the books as a crash has left them, unless it is to `resolve` the open holds first, as all changes do.
    """
    reading = method == "GET" and not resolve
    deadline = time.monotonic() + STARTING_S
    while True:
        try:
            take_lock(settings.data_dir).close()  # nobody has it
            response = asyncio.run(_in_process(settings, load_config(), method, path, body, query, reading))
            break
        except DataDirectoryInUse as error:
            address = _running(settings.data_dir)
            if address is not None:
                response = _over_http(address, settings, method, path, body, query)
                break
            if time.monotonic() > deadline:
                raise Refused(
                    f"{error} Commands work beside a server only where routes.yaml mounts the admin document."
                ) from error
            time.sleep(0.1)  # it is starting, or it is another command
    if response.status_code >= 400:
        raise Refused(_reason(response))
    return response.json()


def _running(data_dir: Path) -> str | None:
    """The admin API of the process that owns the directory; None where it has said nothing (a killed one left its file)."""
    try:
        server = json.loads((data_dir / SERVER_FILE).read_text())
        owner = (data_dir / LOCK_FILE).read_text().strip()
        return str(server["admin_url"]) if str(server["pid"]) == owner else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _over_http(address: str, settings: Settings, method: str, path: str, body: Any, query: Any) -> httpx.Response:
    try:
        with httpx.Client(
            base_url=address, headers=_credentials(settings), timeout=TIMEOUT_S, trust_env=False
        ) as client:
            response = client.request(method, path, json=body, params=_without_none(query))
    except httpx.HTTPError as error:
        raise Refused(f"The server at {address} does not answer: {error}.") from error
    if response.status_code == 401:
        raise Refused(
            f"The server at {address} has another admin token: set TOLLHOUSE_ADMIN_TOKEN to the one it was started with."
        )
    return response


async def _in_process(
    settings: Settings, config: Config, method: str, path: str, body: Any, query: Any, reading: bool
) -> httpx.Response:
    """Open the data directory here, with the admin API and nothing else."""
    from tollhouse.app import Application  # the whole gateway, which takes most of a second to load

    first = config.routes.listeners[0]  # keeps its address, which is that of sign-in links
    listener = Listener("commands", first.host, first.port, (Mount("admin", AT, "problem"),))
    alone = dataclasses.replace(config, routes=dataclasses.replace(config.routes, listeners=(listener,)))
    application = await Application.open(settings, alone, reading=reading)
    try:
        transport = httpx.ASGITransport(application.snapshot.apps["commands"], client=(COMMAND_LINE, 0))
        async with httpx.AsyncClient(
            transport=transport, base_url=f"http://commands{AT}", headers=_credentials(settings)
        ) as client:
            return await client.request(method, path, json=body, params=_without_none(query))
    finally:
        await application.close()


def _credentials(settings: Settings) -> dict[str, str]:
    return {"authorization": f"Bearer {settings.admin_token}"}


def _without_none(query: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (query or {}).items() if value is not None}


def _reason(response: httpx.Response) -> str:
    try:
        return str(response.json()["detail"])
    except (ValueError, KeyError):
        return f"The admin API answered {response.status_code}."

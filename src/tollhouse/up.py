"""`tollhouse up`, which `make run` starts: the gateway with the local node behind it, a first key, a line to paste."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping

import click
import httpx
import uvloop

from tollhouse.app import Application
from tollhouse.config.settings import Settings
from tollhouse.config.snapshot import Config, Provider
from tollhouse.errors import TollhouseError
from tollhouse.identity.principals import ANONYMOUS
from tollhouse.server import serve

NODE_START_S = 120.0  # the first load of the models from a cold disk
STARTER_NAME = "starter"
STARTER_BALANCE_NANO = 1_000_000_000  # one USD: thousands of calls to the local models
MODEL = "smollm2-135m"


def up(settings: Settings, config: Config) -> None:
    """Serve until a signal asks to stop; the node stops with the gateway."""
    url = _node_url(config)
    node = None if _answers(url) else _start_node(url)
    try:
        uvloop.run(serve(settings, config, on_ready=_Greeting(settings)))
    finally:
        if node is not None:
            node.send_signal(signal.SIGTERM)
            try:
                node.wait(timeout=10)
            except subprocess.TimeoutExpired:
                node.kill()


def _node_url(config: Config) -> httpx.URL:
    """The address at which providers.yaml expects the local node."""
    local: Provider | None = config.providers.get("local")
    if local is None:
        raise TollhouseError(
            "providers.yaml has no provider called local, so there is no node to start; use `tollhouse serve`."
        )
    return httpx.URL(local.base_url)


def _answers(url: httpx.URL) -> bool:
    try:
        return httpx.get(f"{url}/models", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _start_node(url: httpx.URL) -> subprocess.Popen[bytes]:
    """Start the node as a process of its own and wait until it answers."""
    click.echo("Starting the local node (SmolLM2-135M and MiniLM, in a process of its own) ...", err=True)
    command = [sys.executable, "-m", "tollhouse", "node", "--host", url.host, "--port", str(url.port or 80)]
    node = subprocess.Popen(command, env=os.environ, start_new_session=True)  # noqa: S603 - our own command
    deadline = time.monotonic() + NODE_START_S
    while not _answers(url):
        if node.poll() is not None:
            raise TollhouseError(f"The local node did not start (exit code {node.returncode}); its own message is above.")
        if time.monotonic() > deadline:
            node.kill()
            raise TollhouseError(f"The local node did not answer at {url} within {NODE_START_S:g} s.")
        time.sleep(0.2)
    return node


class _Greeting:
    """What a person reads when everything is up."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def __call__(self, application: Application, urls: Mapping[str, str]) -> None:
        lines = ["", "Tollhouse is up:"]
        lines += [f"  {name:<10} {url}" for name, url in urls.items()]
        first = next(iter(urls.values()))
        lines += [f"  OpenAI base URL     {first}/v1", f"  Anthropic base URL  {first}"]
        if self._settings.admin_token_is_new:
            kept = self._settings.data_dir / "admin_token"
            lines += ["", f"Admin token (kept in {kept}): {self._settings.admin_token}"]
        key = await self._first_key(application)
        if key is not None:
            lines += ["", f"Your first API key, shown this once: {key}", "", "Try it:", f"  {_curl(first, key)}"]
        else:
            lines += ["", "Keys: tollhouse keys create --account starter --name mine"]
        click.echo("\n".join([*lines, ""]))

    async def _first_key(self, application: Application) -> str | None:
        """On the very first start: an account with a small balance and its key."""
        accounts = application.services.accounts
        if any(account.id != ANONYMOUS for account in accounts.all()):
            return None
        account = await accounts.create(STARTER_NAME, balance_nano=STARTER_BALANCE_NANO)
        prefix = application.snapshot.config.routes.key_prefixes["admin"]
        _, key = await accounts.create_key(account, name="first", prefix=prefix)
        return key


def _curl(url: str, key: str) -> str:
    body = f'{{"model": "{MODEL}", "messages": [{{"role": "user", "content": "Say hello."}}], "max_tokens": 40}}'
    return (
        f"curl {url}/v1/chat/completions -H {shlex.quote(f'Authorization: Bearer {key}')} "
        f"-H 'Content-Type: application/json' -d {shlex.quote(body)}"
    )

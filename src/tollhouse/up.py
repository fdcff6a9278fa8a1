"""`tollhouse up`, which `make run` starts: the gateway with the local node behind it, a first key, a line to paste."""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
import httpx
import uvloop

from tollhouse.app import Application
from tollhouse.config.settings import Settings
from tollhouse.config.snapshot import Config, Provider
from tollhouse.data_directory import take_lock
from tollhouse.errors import TollhouseError
from tollhouse.identity.authors import COMMAND_LINE, Author
from tollhouse.identity.principals import ANONYMOUS
from tollhouse.server import serve

NODE_START_S = 120.0  # the first load of the models from a cold disk
NODE_STOP_S = 10.0
STARTER_NAME = "starter"
STARTER_BALANCE_NANO = 1_000_000_000  # one USD: thousands of calls to the local models
MODEL = "smollm2-135m"


def up(settings: Settings, config: Config) -> None:
    """Serve until a signal asks to stop; the node stops with the gateway, however that ends."""
    url = _node_url(config)
    take_lock(settings.data_dir).close()  # refused now rather than after the models were loaded
    if _answers(url):
        click.echo(f"Using the local node that runs at {url}.", err=True)
        _serve(settings, config)
    else:
        with _node(url, settings.config_dir / "config.toml"):
            _serve(settings, config)


def _serve(settings: Settings, config: Config) -> None:
    uvloop.run(serve(settings, config, on_ready=_Greeting(settings)))


def _node_url(config: Config) -> httpx.URL:
    """The address at which providers.yaml expects the local node."""
    local: Provider | None = config.providers.get("local")
    if local is None:
        raise TollhouseError(
            "providers.yaml has no provider called local, so there is no node to start; use `tollhouse serve`."
        )
    return httpx.URL(local.base_url)


def _answers(url: httpx.URL) -> bool:
    """Whether a node is there: something that lists our model."""
    try:
        response = httpx.get(f"{url}/models", timeout=2, trust_env=False)
        return response.status_code == 200 and any(model["id"] == MODEL for model in response.json()["data"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return False


@contextmanager
def _node(url: httpx.URL, node_config: Path) -> Iterator[None]:
    """The node as a process of its own, once it answers. It ends when the pipe to it closes, even if we are killed."""
    click.echo("Starting the local node (SmolLM2-135M and MiniLM, in a process of its own) ...", err=True)
    command = [sys.executable, "-m", "tollhouse", "node", "--until-stdin-closes"]
    command += ["--host", url.host, "--port", str(url.port or 80)]
    if node_config.is_file():
        command += ["--config", str(node_config)]
    node = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - our own command
    assert node.stdin is not None, "a pipe"
    try:
        _wait_for(node, url)
        yield
    finally:
        node.stdin.close()
        try:
            node.wait(timeout=NODE_STOP_S)
        except subprocess.TimeoutExpired:
            node.kill()
            node.wait()


def _wait_for(node: "subprocess.Popen[bytes]", url: httpx.URL) -> None:
    deadline = time.monotonic() + NODE_START_S
    while not _answers(url):
        if node.poll() is not None:
            raise TollhouseError(
                f"The local node did not start (exit code {node.returncode}); its own message is above. If its port is "
                "taken, stop what uses it, or change `base_url` of `local` and `local-anthropic` in providers.yaml."
            )
        if time.monotonic() > deadline:
            raise TollhouseError(f"The local node did not answer at {url} within {NODE_START_S:g} s.")
        time.sleep(0.1)


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
            lines += ["", "For the examples of the README:", f"  export TOLLHOUSE_KEY={key}"]
        else:
            lines += ["", "Your keys still work. Another one:", f"  {self._another_key(application)}"]
        click.echo("\n".join([*lines, ""]))

    async def _first_key(self, application: Application) -> str | None:
        """On the very first start: an account with a small balance and its key. What an interrupted start left undone is done."""
        accounts, by = application.services.accounts, Author(COMMAND_LINE)
        others = [account for account in accounts.all() if account.id != ANONYMOUS]
        if any(account.name != STARTER_NAME or accounts.keys_of(account) for account in others):
            return None
        account = others[0] if others else await accounts.create(STARTER_NAME, by=by)
        await accounts.credit(account, STARTER_BALANCE_NANO, "opening balance", by)
        prefix = application.snapshot.config.routes.key_prefixes["admin"]
        _, key = await accounts.create_key(account, name="first", prefix=prefix, by=by)
        return key

    def _another_key(self, application: Application) -> str:
        """A command that works when it is pasted: this very program, an account that exists, these directories."""
        account = next(each for each in application.services.accounts.all() if each.id != ANONYMOUS)
        words = [*_program(), "keys", "create", "--account", account.id, "--name", "another"]
        if self._settings.config_dir != Path():
            words += ["--config", str(self._settings.config_dir)]
        if "TOLLHOUSE_DATA_DIR" not in os.environ and self._settings.data_dir != Path("data"):
            words += ["--data", str(self._settings.data_dir)]
        return shlex.join(words)


def _program() -> list[str]:
    """How this program was called, `.venv/bin/tollhouse` for example."""
    return [sys.argv[0]] if Path(sys.argv[0]).name == "tollhouse" else [sys.executable, "-m", "tollhouse"]


def _curl(url: str, key: str) -> str:
    body = f'{{"model": "{MODEL}", "messages": [{{"role": "user", "content": "Say hello."}}], "max_tokens": 40}}'
    return (
        f"curl {url}/v1/chat/completions -H {shlex.quote(f'Authorization: Bearer {key}')} "
        f"-H 'Content-Type: application/json' -d {shlex.quote(body)}"
    )

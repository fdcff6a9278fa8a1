"""`tollhouse providers`."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tollhouse.commands.common import Commands, administer, as_json, directories, quoted, short_time, show
from tollhouse.config.upstream_keys import KEY_BYTES_MAX
from tollhouse.errors import TollhouseError
from tollhouse.tables import record, table

PROVIDERS_SHOWN = ("name", "dialect", "base_url", "state", "since", "reason")
KEYS_SHOWN = ("provider", "key_id", "last_four", "weight", "created_at", "state")
HERE = "`tollhouse providers list` shows what there is"


@click.group(cls=Commands)
def providers() -> None:
    """Look at providers, pause and resume them, add and revoke their keys.

    \b
    Examples:
      tollhouse providers list
      tollhouse providers add-key openai --from-env NEW_OPENAI_KEY
      tollhouse providers pause openai --reason "over budget"
    """


@providers.command("list")
@directories
@as_json
def list_providers(config: Path, data: Path | None, as_json: bool) -> None:
    """List the providers of the configuration and their keys, of which nothing but the last four characters is shown.

    \b
    Examples:
      tollhouse providers list
      tollhouse providers list --json
    """
    found = administer(config, data, "GET", "/providers")["providers"]
    keys = [_key_line(key) for provider in found for key in provider["keys"]]
    tables = [table([_line(provider) for provider in found], PROVIDERS_SHOWN), table(keys, KEYS_SHOWN)]
    show(found, as_json, "\n\n".join(tables if keys else tables[:1]))


@providers.command("pause")
@directories
@click.argument("name")
@click.option("--reason", default="", help="Why, in a line. Clients whose calls are refused read it, too.")
@as_json
def pause_provider(config: Path, data: Path | None, name: str, reason: str, as_json: bool) -> None:
    """Send no call to the provider NAME from now on, until it is resumed. Calls that run finish.

    \b
    Examples:
      tollhouse providers pause openai
      tollhouse providers pause openai --reason "over budget until Monday"
    """
    paused = administer(config, data, "POST", f"/providers/{quoted(name, HERE)}/pause", body={"reason": reason})
    show(paused, as_json, record(_line(paused)))


@providers.command("resume")
@directories
@click.argument("name")
@as_json
def resume_provider(config: Path, data: Path | None, name: str, as_json: bool) -> None:
    """Send calls to the paused provider NAME again.

    \b
    Example:
      tollhouse providers resume openai
    """
    resumed = administer(config, data, "POST", f"/providers/{quoted(name, HERE)}/resume")
    show(resumed, as_json, record(_line(resumed)))


@providers.command("add-key")
@directories
@click.argument("name")
@click.option("--from-env", metavar="VAR", help="The environment variable that holds the key.")
@click.option("--from-file", type=click.Path(dir_okay=False, path_type=Path), help="The file that holds the key.")
@click.option(
    "--weight",
    type=click.IntRange(1, 1_000_000),
    default=1,
    show_default=True,
    help="Its share of the traffic, against the provider's other keys.",
)
@as_json
def add_key(
    config: Path,
    data: Path | None,
    name: str,
    from_env: str | None,
    from_file: Path | None,
    weight: int,
    as_json: bool,
) -> None:
    """Keep a key of the provider NAME, encrypted, and use it from now on.

    Without an option the key is read from standard input, hidden at a terminal. It is never an argument, because those are
    seen in lists of processes and in the history of a shell, and it is not shown again.

    \b
    Examples:
      tollhouse providers add-key openai
      tollhouse providers add-key openai --from-env NEW_OPENAI_KEY --weight 3
      pass show openai | tollhouse providers add-key openai
    """
    if from_env is not None and from_file is not None:
        raise click.UsageError("Either --from-env or --from-file, not both.")
    value = _given_key(name, from_env, from_file)
    path = f"/providers/{quoted(name, HERE)}/keys"
    key = administer(config, data, "POST", path, body={"value": value, "weight": weight})
    show(key, as_json, record(_key_line(key)))


@providers.command("revoke-key")
@directories
@click.argument("name")
@click.argument("key_id")
@as_json
def revoke_key(config: Path, data: Path | None, name: str, key_id: str, as_json: bool) -> None:
    """Use the stored key KEY_ID of the provider NAME no more, from now on, and forget it.

    \b
    Example:
      tollhouse providers revoke-key openai upk_5f2c1a0b9d8e7f60
    """
    path = f"/providers/{quoted(name, HERE)}/keys/{quoted(key_id, HERE)}"
    key = administer(config, data, "DELETE", path)
    show(key, as_json, f"revoked {key['id']} of {key['provider']} at {short_time(key['revoked_at'])} UTC")


def _given_key(provider: str, variable: str | None, path: Path | None) -> str:
    """The key, without the spaces and line ends around it. No message ever shows any of it."""
    if variable is not None:
        value, source = os.environ.get(variable, ""), f"The variable {variable}"
    elif path is not None:
        with path.open("rb") as file:
            value, source = file.read(KEY_BYTES_MAX + 2).decode(errors="replace"), str(path)
    elif sys.stdin.isatty():
        value, source = click.prompt(f"Key of {provider}", hide_input=True, err=True), "The key"
    else:
        value, source = sys.stdin.buffer.read(KEY_BYTES_MAX + 2).decode(errors="replace"), "Standard input"
    if not value.strip():
        raise TollhouseError(f"{source} is empty, so there is no key to add.")
    return str(value).strip()


def _line(provider: Mapping[str, Any]) -> dict[str, Any]:
    since = short_time(provider["paused_at"])
    return {**{name: provider.get(name) for name in PROVIDERS_SHOWN}, "since": since}


def _key_line(key: Mapping[str, Any]) -> dict[str, Any]:
    state = "usable" if key["is_usable"] else "revoked" if key["revoked_at"] else key["problem"]
    return {
        "provider": key["provider"],
        "key_id": key["id"],
        "last_four": key["last_four"] or None,
        "weight": key["weight"],
        "created_at": short_time(key["created_at"]),
        "state": state,
    }

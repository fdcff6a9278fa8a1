"""`tollhouse keys`."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from tollhouse.commands.common import Commands, administer, as_json, directories, quoted, short_time, show
from tollhouse.config.load import load
from tollhouse.config.problems import ConfigError, nearest
from tollhouse.tables import record, table

KEY_SHOWN = ("id", "name", "prefix", "models", "rpm", "expires_at", "last_used_at", "is_active")
# What `keys update --remove` takes away → its field in the admin API.
REMOVABLE = {
    "models": "models", "rpm": "requests_per_minute", "tpm": "tokens_per_minute", "burst": "burst",
    "concurrency": "concurrency", "quota-usd": "quota_usd", "quota-tokens": "quota_tokens", "expires": "expires_at",
}  # fmt: skip


@click.group(cls=Commands)
def keys() -> None:
    """Create, list, change, rotate and revoke API keys.

    \b
    Examples:
      tollhouse keys create --account acme --name laptop
      tollhouse keys list --account acme
      tollhouse keys rotate Xk3fP9aQzL2m
    """


def scopes(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options for what a key may do."""
    count = click.IntRange(0)
    for option in (
        click.option("--expires", metavar="WHEN", help="ISO 8601, or from now: 15m, 12h, 30d."),
        click.option("--quota-tokens", type=count, help="Tokens in total; 0 means no limit."),
        click.option("--quota-usd", metavar="USD", help="What the key may spend in total; 0 means no limit."),
        click.option("--concurrency", type=count, help="Streams open at a time; 0 means no limit."),
        click.option("--burst", type=count, help="Requests at once; a full minute's worth unless set."),
        click.option("--tpm", type=count, help="Tokens per minute; 0 means no limit."),
        click.option(
            "--rpm", type=count, help="Requests per minute, that of routes.yaml unless set; 0 means no limit."
        ),
        click.option("--models", metavar="A,B", help="The only models it may use; all of them unless set."),
    ):
        command = option(command)
    return command


def _scopes(models: str | None, expires: str | None, **given: Any) -> dict[str, Any]:
    """The fields of a request for the options that were given."""
    names = {"rpm": "requests_per_minute", "tpm": "tokens_per_minute"}
    body = {names.get(name, name): value for name, value in given.items() if value is not None}
    if models is not None:
        body["models"] = [model.strip() for model in models.split(",") if model.strip()]
    return body if expires is None else {**body, "expires_at": expires}


@keys.command("create")
@directories
@click.option("--account", required=True, help="Whose key it is: an id or a name.")
@click.option("--name", required=True, help="What the key is for.")
@scopes
@click.option("--prefix", help="How the key begins. Default: the admin prefix of routes.yaml.")
@as_json
def create_key(
    config: Path,
    data: Path | None,
    account: str,
    name: str,
    prefix: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Create an API key. The key is shown this once.

    \b
    Examples:
      tollhouse keys create --account acme --name laptop
      tollhouse keys create --account acme --name ci --models gpt-4o-mini --rpm 60 --quota-usd 5 --expires 30d
    """
    body = {"name": name, "prefix": prefix, **_scopes(**given)}
    key = administer(config, data, "POST", f"/accounts/{quoted(account)}/keys", body=body)
    _say_what_nobody_offers(config, body.get("models") or ())
    show(key, as_json, _shown_once(key))


def _say_what_nobody_offers(config: Path, models: Iterable[str]) -> None:
    """A model may be offered later, so this is no error; where the files cannot be read, nothing is said."""
    try:
        providers = load(config, environ=os.environ).config.providers.values()
    except ConfigError:
        return
    offered = {model for provider in providers for model in (*provider.models, *provider.default_models.values())}
    for model in models:
        if model not in offered:
            hint = nearest(model, offered)
            click.echo(f"No provider offers {model}{f'; {hint}' if hint else '.'}", err=True)


@keys.command("update")
@directories
@click.argument("key_id")
@click.option("--name", help="Another name.")
@scopes
@click.option(
    "--remove",
    metavar="LIMIT",
    type=click.Choice(list(REMOVABLE)),
    multiple=True,
    help=f"Take a limit away, as often as needed: {', '.join(REMOVABLE)}.",
)
@as_json
def update_key(
    config: Path,
    data: Path | None,
    key_id: str,
    name: str | None,
    remove: tuple[str, ...],
    as_json: bool,
    **given: Any,
) -> None:
    """Change what a key may do, from its next request on. What is not named stays as it is.

    \b
    Examples:
      tollhouse keys update Xk3fP9aQzL2m --models gpt-4o-mini --rpm 60
      tollhouse keys update Xk3fP9aQzL2m --quota-usd 20 --remove expires
    """
    body = _scopes(name=name, **given)
    removed = {REMOVABLE[option]: None for option in remove}
    if both := body.keys() & removed.keys():
        raise click.UsageError(f"Either set or remove it, not both: {', '.join(sorted(both))}.")
    if not body and not removed:
        raise click.UsageError("Say what to change, such as --models, --rpm or --remove expires.")
    key = administer(config, data, "PATCH", f"/keys/{quoted(key_id)}", body=body | removed)
    _say_what_nobody_offers(config, body.get("models") or ())
    show(key, as_json, record(key))


@keys.command("rotate")
@directories
@click.argument("key_id")
@click.option(
    "--overlap",
    default="24h",
    show_default=True,
    help="How long the old key still works: 15m, 24h, 7d; 0 is not at all.",
)
@as_json
def rotate_key(config: Path, data: Path | None, key_id: str, overlap: str, as_json: bool) -> None:
    """A new key in the place of an old one, which works until the overlap is over. The new key is shown this once.

    It may do what the old one may, until the same day. Both share one quota with all that was used of it.

    \b
    Examples:
      tollhouse keys rotate Xk3fP9aQzL2m
      tollhouse keys rotate Xk3fP9aQzL2m --overlap 0
    """
    key = administer(config, data, "POST", f"/keys/{quoted(key_id)}/rotate", body={"overlap": overlap})
    show(key, as_json, _shown_once(key))


@keys.command("show")
@directories
@click.argument("key_id")
@as_json
def show_key(config: Path, data: Path | None, key_id: str, as_json: bool) -> None:
    """Show a key, without its secret: what it may do, and what it has used of its quota.

    \b
    Example:
      tollhouse keys show Xk3fP9aQzL2m
    """
    key = administer(config, data, "GET", f"/keys/{quoted(key_id)}")
    show(key, as_json, record(key))


@keys.command("list")
@directories
@click.option("--account", required=True, help="Whose keys: an id or a name.")
@as_json
def list_keys(config: Path, data: Path | None, account: str, as_json: bool) -> None:
    """List the keys of an account, without their secrets.

    \b
    Example:
      tollhouse keys list --account acme
    """
    found = administer(config, data, "GET", f"/accounts/{quoted(account)}/keys")["keys"]
    show(found, as_json, table([_key_line(key) for key in found], KEY_SHOWN))


@keys.command("revoke")
@directories
@click.argument("key_id")
@as_json
def revoke_key(config: Path, data: Path | None, key_id: str, as_json: bool) -> None:
    """Refuse a key from now on.

    \b
    Example:
      tollhouse keys revoke Xk3fP9aQzL2m
    """
    key = administer(config, data, "DELETE", f"/keys/{quoted(key_id)}")
    show(key, as_json, f"revoked {key['id']} ({key['name']}) at {short_time(key['revoked_at'])} UTC")


def _shown_once(key: Mapping[str, Any]) -> str:
    return f"{record({'id': key['id'], 'key': key['key']})}\nKeep it: the key is not shown again."


def _key_line(key: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: short_time(key[name]) for name in ("expires_at", "last_used_at")}
    return {**key, **times, "rpm": key["requests_per_minute"]}

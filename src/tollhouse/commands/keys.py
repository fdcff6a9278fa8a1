"""`tollhouse keys`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tollhouse.commands.common import Commands, administer, as_json, directories, quoted, short_time, show
from tollhouse.tables import record, table

KEY_SHOWN = ("id", "name", "prefix", "models", "rpm", "expires_at", "last_used_at", "is_active")


@click.group(cls=Commands)
def keys() -> None:
    """Create, list and revoke API keys.

    \b
    Examples:
      tollhouse keys create --account acme --name laptop
      tollhouse keys list --account acme
    """


@keys.command("create")
@directories
@click.option("--account", required=True, help="Whose key it is: an id or a name.")
@click.option("--name", required=True, help="What the key is for.")
@click.option("--models", metavar="A,B", help="The only models it may use. Default: all.")
@click.option("--rpm", type=click.IntRange(0), help="Requests per minute; 0 means no limit. Default: routes.yaml.")
@click.option("--tpm", type=click.IntRange(0), help="Tokens per minute; 0 means no limit.")
@click.option("--burst", type=click.IntRange(0), help="Requests at once. Default: a full minute's worth.")
@click.option("--concurrency", type=click.IntRange(0), help="Streams open at a time; 0 means no limit.")
@click.option("--quota-usd", metavar="USD", help="What the key may spend in total; 0 means no limit.")
@click.option("--quota-tokens", type=click.IntRange(0), help="Tokens in total; 0 means no limit.")
@click.option("--expires", metavar="WHEN", help="ISO 8601, or from now: 15m, 12h, 30d.")
@click.option("--prefix", help="How the key begins. Default: the admin prefix of routes.yaml.")
@as_json
def create_key(
    config: Path,
    data: Path | None,
    account: str,
    name: str,
    models: str | None,
    rpm: int | None,
    tpm: int | None,
    burst: int | None,
    concurrency: int | None,
    quota_usd: str | None,
    quota_tokens: int | None,
    expires: str | None,
    prefix: str | None,
    as_json: bool,
) -> None:
    """Create an API key. The key is shown this once.

    \b
    Examples:
      tollhouse keys create --account acme --name laptop
      tollhouse keys create --account acme --name ci --models gpt-4o-mini --rpm 60 --quota-usd 5 --expires 30d
    """
    body = {
        "name": name,
        "models": [model.strip() for model in models.split(",") if model.strip()] if models is not None else None,
        "requests_per_minute": rpm,
        "tokens_per_minute": tpm,
        "burst": burst,
        "concurrency": concurrency,
        "quota_usd": quota_usd,
        "quota_tokens": quota_tokens,
        "expires_at": expires,
        "prefix": prefix,
    }
    key = administer(config, data, "POST", f"/accounts/{quoted(account)}/keys", body=body)
    show(key, as_json, f"{record({'id': key['id'], 'key': key['key']})}\nKeep it: the key is not shown again.")


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


def _key_line(key: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: short_time(key[name]) for name in ("expires_at", "last_used_at")}
    return {**key, **times, "rpm": key["requests_per_minute"]}

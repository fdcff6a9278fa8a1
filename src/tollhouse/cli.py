"""The `tollhouse` command: tables for people, `--json` for programs. Exit 0 done, 1 refused with a reason, 2 wrong usage."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
import uvloop

from tollhouse import admin_client
from tollhouse.app import STORE_FILE
from tollhouse.billing.audit import audit as audit_store
from tollhouse.billing.money import format_usd
from tollhouse.config.check import check as check_directory
from tollhouse.config.init import write_starter
from tollhouse.config.load import Loaded, load
from tollhouse.config.problems import errors_in
from tollhouse.config.settings import Settings
from tollhouse.contract.documents import claimed_paths
from tollhouse.errors import TollhouseError
from tollhouse.node.config import load_config as load_node_config
from tollhouse.node.errors import NodeConfigError, NodeStartError
from tollhouse.server import serve as serve_listeners
from tollhouse.storage.base import LEDGER_COLUMNS
from tollhouse.storage.sqlite import SqliteStore
from tollhouse.tables import record, table
from tollhouse.telemetry import configure_logging
from tollhouse.up import up as run_with_node

STOP_S = 9  # how long the node of `tollhouse up` may take to stop; its own grace is 7
# What a table of the ledger shows, to fit a terminal; --json and a single request show every column.
LEDGER_SHOWN = (
    "created_at", "request_id", "requested_model", "provider", "input", "output", "cost_usd", "state", "status",
)  # fmt: skip
KEY_SHOWN = ("id", "name", "prefix", "models", "rpm", "expires_at", "last_used_at", "is_active")


class Commands(click.Group):
    """A group whose refusals are one line on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TollhouseError as error:
            click.echo(str(error), err=True)
        except OSError as error:
            if error.filename is None:  # not about a file: a closed pipe, which click ends quietly, or a defect
                raise
            click.echo(f"{error.filename}: {error.strerror}.", err=True)
        ctx.exit(1)


def directories(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command shares: where the configuration and the data are."""
    folder = click.Path(file_okay=False, path_type=Path)
    for option in (
        click.option("--data", type=folder, help="Data directory. Default: $TOLLHOUSE_DATA_DIR, else ./data."),
        click.option(
            "--config",
            type=folder,
            default=Path(),
            help="Directory with routes.yaml, providers.yaml and model_catalog.json. Default: here.",
        ),
    ):
        command = option(command)
    return command


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def opened(config: Path, data: Path | None) -> tuple[Settings, Loaded]:
    """Settings and configuration; warnings go to standard error."""
    loaded = load(config, environ=os.environ, operations=claimed_paths())
    for warning in loaded.warnings:
        click.echo(str(warning), err=True)
    return Settings.from_environ(os.environ, config, data), loaded


def say_new_admin_token(settings: Settings) -> None:
    """The admin token is shown by whichever command made it, once."""
    if settings.admin_token_is_new:
        kept = settings.data_dir / "admin_token"
        click.echo(f"Admin token, made now and kept in {kept}: {settings.admin_token}", err=True)


def administer(config: Path, data: Path | None, method: str, path: str, **options: Any) -> Any:
    """Call an admin operation, wherever it is."""
    loaded = load(config, environ=os.environ, operations=claimed_paths())
    settings = Settings.from_environ(os.environ, config, data)
    say_new_admin_token(settings)
    return admin_client.call(settings, loaded.config, method, path, **options)


def show(value: Any, as_json: bool, people: str) -> None:
    click.echo(json.dumps(value, indent=2) if as_json else people)


def short_time(at: str | None) -> str | None:
    """A time for a table: UTC to the second, without the T and the Z."""
    return None if at is None else at[:19].replace("T", " ")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="tollhouse")
def main() -> None:
    """Tollhouse, the LLM gateway whose bill you can prove.

    \b
    Examples:
      tollhouse init demo && tollhouse check --config demo
      tollhouse serve --config demo
      tollhouse accounts create --name acme --balance 10
      tollhouse keys create --account acme --name laptop
    """
    configure_logging()


@main.command()
@directories
@click.option("--host", help="Address of the first listener, instead of the one in routes.yaml.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the first listener; 0 takes free ones for all.")
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, help="Processes. More than one needs the scaled-out stores."
)
def serve(config: Path, data: Path | None, host: str | None, port: int | None, workers: int) -> None:
    """Serve the listeners of routes.yaml until SIGTERM or Ctrl-C.

    \b
    Examples:
      tollhouse serve
      tollhouse serve --config /etc/tollhouse --data /var/lib/tollhouse --host 0.0.0.0
    """
    if workers > 1:
        raise TollhouseError(
            "--workers above 1 needs accounts that several processes share: TOLLHOUSE_DATABASE_URL (PostgreSQL) and "
            "REDIS_URL. This version has the embedded store only, which one process owns."
        )
    settings, loaded = opened(config, data)
    say_new_admin_token(settings)
    uvloop.run(serve_listeners(settings, loaded.config, host=host, port=port))


@main.command()
@directories
def up(config: Path, data: Path | None) -> None:
    """Serve with the local node behind it and a first key: what `make run` starts.

    \b
    Example:
      tollhouse up
    """
    settings, loaded = opened(config, data)
    run_with_node(settings, loaded.config)


@main.command()
@click.option(
    "--config", type=click.Path(dir_okay=False, path_type=Path), help="config.toml. Default: built-in settings."
)
@click.option("--host", help="Address to bind, instead of the one in config.toml.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to bind; 0 takes a free one.")
@click.option(
    "--until-stdin-closes", is_flag=True, hidden=True, help="Stop when standard input ends, as `tollhouse up` has it."
)
def node(config: Path | None, host: str | None, port: int | None, until_stdin_closes: bool) -> None:
    """Run the local server node: real models in this process (needs `pip install tollhouse[node]`).

    \b
    Examples:
      tollhouse node
      tollhouse node --config config.toml
    """
    from tollhouse.node.serve import serve as serve_node  # loads the model engine, which other commands do not need

    if until_stdin_closes:
        threading.Thread(target=stop_when_stdin_closes, name="parent", daemon=True).start()
    serve_node(config, host=host, port=port)


def stop_when_stdin_closes() -> None:
    """A parent that ends, however it ends, closes the pipe it held; nobody is left behind."""
    while os.read(0, 4096):
        pass
    signal.alarm(
        STOP_S
    )  # the system's own clock: llama.cpp can hang for ever when it is stopped while it loads a model
    os.kill(os.getpid(), signal.SIGTERM)


@main.command()
@directories
def check(config: Path, data: Path | None) -> None:
    """Validate routes.yaml, providers.yaml, model_catalog.json and, where there is one, config.toml offline.

    Exits 1 with file, line and fix for each error. Unset keys and absent model files are warnings.

    \b
    Example:
      tollhouse check --config demo
    """
    problems = check_directory(config, os.environ, claimed_paths())
    node_errors, node_warnings = check_node(config / "config.toml")
    for line in [*map(str, problems), *node_errors, *node_warnings]:
        click.echo(line)
    if errors_in(problems) or node_errors:
        sys.exit(1)
    click.echo(f"{config}: all files are valid.")


def check_node(path: Path) -> tuple[list[str], list[str]]:
    """Errors and warnings of the local node's config.toml, where there is one."""
    if not path.is_file():
        return [], []
    try:
        models = load_node_config(path).models.values()
    except NodeConfigError as error:
        return list(error.problems), []
    warnings = []
    for model in models:
        try:
            model.file()
        except NodeStartError as error:
            warnings.append(f"{path}: warning: {error}")
    return [], warnings


@main.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def init(directory: Path) -> None:
    """Write a commented starting set of the three files into DIRECTORY.

    \b
    Example:
      tollhouse init demo
    """
    for path in write_starter(directory):
        click.echo(f"wrote {path}")
    click.echo(f"Next: tollhouse check --config {directory} && tollhouse serve --config {directory}")


@main.group(cls=Commands)
def accounts() -> None:
    """Create, credit and look at accounts.

    \b
    Examples:
      tollhouse accounts create --name acme --balance 10
      tollhouse accounts show acme
    """


@accounts.command("create")
@directories
@click.option("--name", required=True, help="Its name, for people.")
@click.option("--balance", default="0", metavar="USD", help="Opening balance, such as 10 or 2.50.")
@click.option("--rate-multiplier", default="1", metavar="M", help="Multiplier on every price, such as 0.9.")
@as_json
def create_account(
    config: Path, data: Path | None, name: str, balance: str, rate_multiplier: str, as_json: bool
) -> None:
    """Create an account.

    \b
    Example:
      tollhouse accounts create --name acme --balance 10
    """
    body = {"name": name, "balance_usd": balance, "rate_multiplier": rate_multiplier}
    account = administer(config, data, "POST", "/accounts", body=body)
    show(account, as_json, record(account))


@accounts.command("credit")
@directories
@click.argument("account")
@click.option("--amount", required=True, metavar="USD", help="How much to add, such as 25.")
@click.option("--reference", required=True, help="What it is for; the same reference is credited once.")
@as_json
def credit_account(config: Path, data: Path | None, account: str, amount: str, reference: str, as_json: bool) -> None:
    """Add money to ACCOUNT (an id or a name). Repeating a reference changes nothing.

    \b
    Example:
      tollhouse accounts credit acme --amount 25 --reference invoice-1042
    """
    body = {"amount_usd": amount, "reference": reference}
    credited = administer(config, data, "POST", f"/accounts/{_quoted(account)}/credits", body=body)
    show(credited, as_json, record(credited))


@accounts.command("show")
@directories
@click.argument("account")
@as_json
def show_account(config: Path, data: Path | None, account: str, as_json: bool) -> None:
    """Show ACCOUNT (an id or a name): balance, holds, what it spent.

    \b
    Example:
      tollhouse accounts show acme --json
    """
    found = administer(config, data, "GET", f"/accounts/{_quoted(account)}")
    show(found, as_json, record(found))


@accounts.command("list")
@directories
@as_json
def list_accounts(config: Path, data: Path | None, as_json: bool) -> None:
    """List every account.

    \b
    Example:
      tollhouse accounts list
    """
    found = administer(config, data, "GET", "/accounts")["accounts"]
    show(
        found,
        as_json,
        table(found, ("id", "name", "balance_usd", "held_usd", "spent_usd", "rate_multiplier", "status")),
    )


@main.group(cls=Commands)
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
    key = administer(config, data, "POST", f"/accounts/{_quoted(account)}/keys", body=body)
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
    found = administer(config, data, "GET", f"/accounts/{_quoted(account)}/keys")["keys"]
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
    key = administer(config, data, "DELETE", f"/keys/{_quoted(key_id)}")
    show(key, as_json, f"revoked {key['id']} ({key['name']}) at {short_time(key['revoked_at'])} UTC")


@main.group(cls=Commands)
def ledger() -> None:
    """Look at and check the ledger: one row per request.

    \b
    Examples:
      tollhouse ledger show --account acme
      tollhouse ledger audit
    """


@ledger.command("show")
@directories
@click.option("--account", help="Only this account's requests: an id or a name.")
@click.option("--request", help="Only this request, by its x-request-id.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="The newest rows.")
@as_json
def show_ledger(
    config: Path, data: Path | None, account: str | None, request: str | None, limit: int, as_json: bool
) -> None:
    """Show what each request used and cost, the newest first.

    \b
    Examples:
      tollhouse ledger show --account acme
      tollhouse ledger show --request req_0199… --json
    """
    query = {"account": account, "request": request, "limit": limit}
    rows = administer(config, data, "GET", "/ledger", query=query)["rows"]
    people = record(rows[0]) if request and rows else table([_ledger_line(row) for row in rows], LEDGER_SHOWN)
    show([{column: row[column] for column in LEDGER_COLUMNS} for row in rows], as_json, people)


@ledger.command("audit")
@directories
@as_json
def audit(config: Path, data: Path | None, as_json: bool) -> None:
    """Recompute every charge from its own row and follow the hash chain; exit 1 on any drift.

    \b
    Example:
      tollhouse ledger audit
    """
    settings = Settings.from_environ(os.environ, config, data)
    path = settings.data_dir / STORE_FILE
    if not path.is_file():
        raise TollhouseError(f"There is no ledger in {settings.data_dir}; `tollhouse serve` makes one.")
    with closing(SqliteStore(path)) as store:
        report = audit_store(store)
    facts = {
        "entries": report.entries,
        "requests": report.requests,
        "posted": report.posted,
        "voided": report.voided,
        "held": report.held,
        "charged_usd": format_usd(report.charged_nano),
        "credited_usd": format_usd(report.credited_nano),
        "head": report.head,
        "drift": report.drift,
    }
    findings = "".join(f"\n{finding}" for finding in report.findings)
    verdict = "The ledger holds." if not report.drift else f"{report.drift} findings:{findings}"
    show({**facts, "findings": report.findings}, as_json, f"{record(facts)}\n{verdict}")
    if report.drift:
        sys.exit(1)


def _quoted(part: str) -> str:
    """A path segment, so that no name can reach another operation. Raises TollhouseError where it cannot be one."""
    if not part or "/" in part or part in (".", ".."):  # what HTTP libraries would resolve, even when it is quoted
        raise TollhouseError(
            f"{part!r} is not the id or name of anything; `tollhouse accounts list` shows what there is."
        )
    return quote(part, safe="")


def _ledger_line(row: Mapping[str, Any]) -> dict[str, Any]:
    """A ledger row for a table: all kinds of input tokens together, times to the second."""
    spent_on_input = sum(row[name] for name in row if name.endswith("_tokens") and name != "output_tokens")
    return {
        **row, "created_at": short_time(row["created_at"]), "input": spent_on_input, "output": row["output_tokens"],
    }  # fmt: skip


def _key_line(key: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: short_time(key[name]) for name in ("expires_at", "last_used_at")}
    return {**key, **times, "rpm": key["requests_per_minute"]}

"""What the commands share: their options, how they reach the admin API, how they print and how they refuse."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from tollhouse import admin_client
from tollhouse.config.load import Loaded, load
from tollhouse.config.settings import Settings, data_directory
from tollhouse.config.snapshot import Config
from tollhouse.contract.documents import claimed_paths
from tollhouse.data_directory import STORE_FILE
from tollhouse.errors import TollhouseError
from tollhouse.storage.base import Store


class Commands(click.Group):
    """A group whose refusals are one line on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TollhouseError as error:
            click.echo(str(error), err=True)
        except UnicodeEncodeError as error:  # an argument that the shell gave as bytes
            click.echo(f"{error.object[:60]!a} is not UTF-8 text.", err=True)
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
    settings = Settings.from_environ(os.environ, config, data)
    say_new_admin_token(settings)

    def load_config() -> Config:
        return load(config, environ=os.environ, operations=claimed_paths()).config

    return admin_client.call(settings, load_config, method, path, **options)


@contextmanager
def kept_store(data: Path | None) -> Iterator[Store]:
    """The store as its file has it, to be read beside a server or without one. Makes nothing where there is none."""
    from tollhouse.storage.sqlite import SqliteStore  # loads what commands that ask a server do not need

    path = data_directory(os.environ, data) / STORE_FILE
    if not path.is_file():
        raise TollhouseError(f"There is no ledger in {path.parent}; `tollhouse serve` makes one.")
    with closing(SqliteStore(path)) as store:
        yield store


def account_id_in(store: Store, id_or_name: str) -> str:
    """The id of an account of the store, by its id or else by its name; raises TollhouseError where it is not one account."""
    accounts = store.accounts()
    named = [row.id for row in accounts if row.id == id_or_name] or [
        row.id for row in accounts if row.name == id_or_name
    ]
    if not named:
        raise TollhouseError(f"There is no account {id_or_name}; `tollhouse accounts list` shows what there is.")
    if len(named) > 1:
        raise TollhouseError(f"Several accounts are called {id_or_name}; use one of the ids {', '.join(named)}.")
    return named[0]


def show(value: Any, as_json: bool, people: str) -> None:
    click.echo(json.dumps(value, indent=2) if as_json else people)


def short_time(at: str | None) -> str | None:
    """A time for a table: UTC to the second, without the T and the Z."""
    return None if at is None else at[:19].replace("T", " ")


def input_tokens(row: Mapping[str, Any]) -> int:
    """Input tokens of every kind together, for a table that has to fit a terminal."""
    return sum(row[name] for name in row if name.endswith("_tokens") and name != "output_tokens")


def quoted(part: str, hint: str = "`tollhouse accounts list` shows what there is") -> str:
    """A path segment, so that no name can reach another operation. Raises TollhouseError where it cannot be one."""
    if not part or "/" in part or part in (".", ".."):  # what HTTP libraries would resolve, even when it is quoted
        raise TollhouseError(f"{part!r} is not the id or name of anything; {hint}.")
    return quote(part, safe="")

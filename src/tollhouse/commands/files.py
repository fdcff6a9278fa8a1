"""Commands about the configuration files."""

import os
import sys
from pathlib import Path

import click

from tollhouse.commands.common import directories
from tollhouse.config.check import check as check_directory
from tollhouse.config.init import write_starter
from tollhouse.config.problems import errors_in
from tollhouse.config.settings import check_environ
from tollhouse.contract.documents import claimed_paths
from tollhouse.node.config import load_config as load_node_config
from tollhouse.node.errors import NodeConfigError, NodeStartError


@click.command()
@directories
def check(config: Path, data: Path | None) -> None:
    """Validate routes.yaml, providers.yaml, model_catalog.json, the environment and, where there is one, config.toml offline.

    Nothing is written. Exits 1 with file, line and fix for each error. Unset keys and absent model files are warnings. The store is not opened, so
    the keys in it are not looked at.

    \b
    Example:
      tollhouse check --config demo
    """
    problems = check_directory(config, os.environ, claimed_paths()) + check_environ(os.environ, data)
    node_errors, node_warnings = check_node(config / "config.toml")
    for line in [*map(str, problems), *node_errors, *node_warnings]:
        click.echo(line)
    if any(problem.level == "warning" and ".keys[" in problem.key for problem in problems):
        click.echo("Keys in the store were not looked at: `tollhouse providers list` shows which can be used.")
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


@click.command()
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
    click.echo("The set serves the local node: `tollhouse node` runs it, or add a provider to providers.yaml first.")

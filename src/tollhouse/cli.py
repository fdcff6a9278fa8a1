"""The `tollhouse` command: tables for people, `--json` for programs. Exit 0 done, 1 refused with a reason, 2 wrong usage."""

import click

from tollhouse.commands.accounts import accounts
from tollhouse.commands.alerts import alerts
from tollhouse.commands.common import Commands
from tollhouse.commands.contract_test import test
from tollhouse.commands.files import check, init
from tollhouse.commands.keys import keys
from tollhouse.commands.ledger import ledger
from tollhouse.commands.log import log
from tollhouse.commands.providers import providers
from tollhouse.commands.route import route
from tollhouse.commands.serving import node, serve, up
from tollhouse.commands.simulate import simulate
from tollhouse.commands.spec import spec
from tollhouse.commands.usage import usage
from tollhouse.telemetry import configure_logging

COMMANDS: tuple[click.Command, ...] = (
    serve,
    up,
    node,
    check,
    init,
    accounts,
    alerts,
    keys,
    providers,
    route,
    log,
    ledger,
    usage,
    simulate,
    spec,
    test,
)


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


for command in COMMANDS:
    main.add_command(command)

"""Commands that serve: the gateway, the gateway with the local node behind it, the node alone."""

import os
import signal
import threading
from pathlib import Path

import click

from tollhouse.commands.common import directories, opened, say_new_admin_token
from tollhouse.errors import TollhouseError

STOP_S = 9  # how long the node of `tollhouse up` may take to stop; its own grace is 7


@click.command()
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
    import uvloop

    from tollhouse.server import serve as serve_listeners  # the whole gateway, which other commands do not need

    settings, loaded = opened(config, data)
    say_new_admin_token(settings)
    uvloop.run(serve_listeners(settings, loaded.config, host=host, port=port))


@click.command()
@directories
def up(config: Path, data: Path | None) -> None:
    """Serve with the local node behind it and a first key: what `make run` starts.

    \b
    Example:
      tollhouse up
    """
    from tollhouse.up import up as run_with_node

    settings, loaded = opened(config, data)
    run_with_node(settings, loaded.config)


@click.command()
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

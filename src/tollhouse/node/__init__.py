"""The local server node: real models in this process behind the OpenAI and Anthropic wire formats.

Importing this package or `tollhouse.node.config` loads no model library; `serve` does.
"""

from pathlib import Path


def serve(config_path: Path | None, *, host: str | None = None, port: int | None = None) -> None:
    """Run the node until a signal ends it; `host` and `port` override the file's address, and port 0 takes a free one.

    Exits 1 with one line on standard error where the node cannot start: a bad config.toml, a port in use, a missing
    model file or a missing model library.
    """
    from tollhouse.node.serve import serve as run

    run(config_path, host=host, port=port)

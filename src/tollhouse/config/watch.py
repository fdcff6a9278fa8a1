"""Watches the three files and calls back after a change."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from watchfiles import Change, awatch

from tollhouse.config.load import FILES

DEBOUNCE_MS = 200  # editors and deployments write several files in one go
KUBERNETES_DATA = "..data"  # a mounted ConfigMap changes by swapping this link, not its files


async def watch(directory: Path, on_change: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Await `on_change` after every change of the three files, until `stop` is set.

    The directory is watched, not the files: editors save by renaming a new file over the old one.
    """

    def ours(change: Change, path: str) -> bool:
        return Path(path).name in (*FILES, KUBERNETES_DATA)

    async for _ in awatch(
        directory, watch_filter=ours, debounce=DEBOUNCE_MS, stop_event=stop, recursive=False, rust_timeout=1000
    ):
        await on_change()

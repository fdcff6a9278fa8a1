"""Tasks that belong to the process, not to a response: they survive the client, and stopping waits for them."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger("tollhouse.background")


class Background:
    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run to the end, whoever started it is gone or not."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background_task_failed", error=repr(error))

    async def close(self, patience_s: float) -> None:
        """Wait for what runs; cancel what takes longer than `patience_s`."""
        deadline = time.monotonic() + patience_s
        while self._tasks and (left_s := deadline - time.monotonic()) > 0:
            await asyncio.wait(self._tasks, timeout=left_s)  # one of them may start another
        late = list(self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

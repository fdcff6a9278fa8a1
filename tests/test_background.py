"""Work that belongs to the process."""

import asyncio
import time

from structlog.testing import capture_logs

from tollhouse.background import Background


async def test_work_outlives_whoever_started_it() -> None:
    background, done = Background(), asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.set()

    async def client() -> None:
        background.run(work())
        await asyncio.sleep(10)

    left = asyncio.ensure_future(client())
    await asyncio.sleep(0)
    left.cancel()
    await background.close(5)
    assert done.is_set()


async def test_closing_waits_also_for_work_that_work_has_started() -> None:
    background = Background()
    steps: list[str] = []

    async def second() -> None:
        await asyncio.sleep(0.01)
        steps.append("second")

    async def first() -> None:
        await asyncio.sleep(0.01)
        steps.append("first")
        background.run(second())

    background.run(first())
    await background.close(5)
    assert steps == ["first", "second"]


async def test_closing_cancels_what_takes_too_long_and_lets_it_clean_up() -> None:
    background = Background()
    cleaned = False

    async def slow() -> None:
        nonlocal cleaned
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            cleaned = True

    background.run(slow())
    began = time.monotonic()
    await background.close(0.02)
    assert cleaned and time.monotonic() - began < 2


async def test_closing_with_nothing_to_do_returns_at_once() -> None:
    await Background().close(60)


async def test_a_failure_is_logged_and_ends_nothing_else() -> None:
    background = Background()
    fine = False

    async def broken() -> None:
        raise ValueError("a defect")

    async def work() -> None:
        nonlocal fine
        await asyncio.sleep(0.01)
        fine = True

    with capture_logs() as logs:
        background.run(broken())
        background.run(work())
        await background.close(5)
    assert fine
    assert [(entry["event"], entry["error"]) for entry in logs] == [
        ("background_task_failed", "ValueError('a defect')")
    ]

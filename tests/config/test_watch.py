import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.config.files import ROUTES, write
from tollhouse.config.watch import watch


@asynccontextmanager
async def watching(directory: Path) -> AsyncIterator[asyncio.Queue[None]]:
    """Changes of a directory as they are called back; the watch must end within a second of its stop."""
    changes: asyncio.Queue[None] = asyncio.Queue()
    stop = asyncio.Event()

    async def on_change() -> None:
        changes.put_nowait(None)

    task = asyncio.create_task(watch(directory, on_change, stop))
    await asyncio.sleep(0.3)  # the watch begins in a thread and does not say when
    try:
        yield changes
    finally:
        stop.set()
        await asyncio.wait_for(task, 2)


async def test_saving_a_file_calls_back(tmp_path: Path) -> None:
    write(tmp_path)
    async with watching(tmp_path) as changes:
        (tmp_path / "routes.yaml").write_text(ROUTES + "# more\n")
        await asyncio.wait_for(changes.get(), 5)


async def test_replacing_a_file_by_renaming_calls_back_each_time(tmp_path: Path) -> None:
    write(tmp_path)
    async with watching(tmp_path) as changes:
        for number in range(2):
            draft = tmp_path / ".routes.yaml.swp"
            draft.write_text(f"{ROUTES}# {number}\n")
            draft.replace(tmp_path / "routes.yaml")
            await asyncio.wait_for(changes.get(), 5)


async def test_several_files_saved_together_are_one_change(tmp_path: Path) -> None:
    write(tmp_path)
    async with watching(tmp_path) as changes:
        write(tmp_path, ROUTES + "# more\n")
        await asyncio.wait_for(changes.get(), 5)
        await asyncio.sleep(0.6)
        assert changes.empty()


async def test_other_files_do_not_call_back(tmp_path: Path) -> None:
    write(tmp_path)
    async with watching(tmp_path) as changes:
        (tmp_path / "notes.txt").write_text("x")
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "routes.yaml").write_text("x")
        await asyncio.sleep(0.6)
        assert changes.empty()

"""A data directory has one owner, who says who it is; one that cannot be is refused before anything else happens."""

import os
from pathlib import Path

import pytest

from tollhouse.data_directory import LOCK_FILE, DataDirectoryInUse, DataDirectoryUnusable, take_lock


def test_a_directory_belongs_to_one_process_until_it_lets_go(tmp_path: Path) -> None:
    with take_lock(tmp_path / "data"):
        assert (tmp_path / "data" / LOCK_FILE).read_text() == str(os.getpid())
        with pytest.raises(DataDirectoryInUse, match=rf"pid {os.getpid()}\).*--data"):
            take_lock(tmp_path / "data")
    take_lock(tmp_path / "data").close()


def test_a_data_directory_that_cannot_be_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataDirectoryUnusable, match=r"Not a directory.*--data"):
        take_lock(tmp_path / "file" / "data")

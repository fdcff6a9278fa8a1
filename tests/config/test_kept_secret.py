import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tollhouse.config.kept_secret import kept_secret


def test_a_secret_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret"
    assert kept_secret(path, lambda: "one") == ("one", True)
    assert kept_secret(path, lambda: "two") == ("one", False)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["secret"]


def test_racing_starts_agree_on_one_secret(tmp_path: Path) -> None:
    numbers = itertools.count()
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: kept_secret(tmp_path / "s", lambda: f"s{next(numbers)}"), range(64)))
    assert len({secret for secret, _ in found}) == 1
    assert [made for _, made in found].count(True) == 1


def test_a_loser_of_the_race_takes_the_winners_secret(tmp_path: Path) -> None:
    path = tmp_path / "s"

    def make() -> str:
        path.write_text("theirs\n")  # another process finishes while this one makes its own
        return "ours"

    assert kept_secret(path, make) == ("theirs", False)
    assert [file.name for file in tmp_path.iterdir()] == ["s"]


def test_a_directory_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        kept_secret(tmp_path / "file" / "s", lambda: "x")

from pathlib import Path

import pytest

from tollhouse.config.init import starter_directory, write_starter
from tollhouse.config.load import FILES, load
from tollhouse.config.problems import ConfigError


def test_the_starting_set_loads(tmp_path: Path) -> None:
    written = write_starter(tmp_path / "new" / "dir")
    assert [path.name for path in written] == list(FILES)
    assert load(tmp_path / "new" / "dir", environ={}).warnings == ()
    for path in written:
        assert path.read_bytes() == (starter_directory() / path.name).read_bytes()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "providers.yaml").write_text("mine")
    with pytest.raises(ConfigError) as raised:
        write_starter(tmp_path)
    assert [str(problem) for problem in raised.value.problems] == [
        f"providers.yaml: is in {tmp_path} already; remove it, or choose another directory"
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["providers.yaml"]
    assert (tmp_path / "providers.yaml").read_text() == "mine"

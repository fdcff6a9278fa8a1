"""`tollhouse init DIR`: writes the commented starting set of the three files."""

from pathlib import Path

from tollhouse.config.load import FILES
from tollhouse.config.problems import ConfigError, Problem


def starter_directory() -> Path:
    """Where the starting set is: in the package, apart from the files of a checkout, which whoever runs it edits."""
    return Path(__file__).parents[1] / "starter"


def write_starter(directory: Path) -> tuple[Path, ...]:
    """Write the starting set into a directory, which is made if need be; the paths of the files.

    Raises ConfigError, having written nothing, where any of the three is there already; OSError where the
    directory cannot be written.
    """
    present = [name for name in FILES if (directory / name).exists()]
    if present:
        fix = "remove it, or choose another directory"
        raise ConfigError(Problem(name, None, "", f"is in {directory} already", fix) for name in present)
    directory.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        with (directory / name).open("xb") as file:
            file.write((starter_directory() / name).read_bytes())
    return tuple(directory / name for name in FILES)

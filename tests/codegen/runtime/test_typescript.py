"""The runtime of the TypeScript client: each file of tests passes, in Node itself."""

from pathlib import Path

import pytest

from tests import nodes

FILES = sorted((Path(__file__).parent / "typescript").glob("*.test.mts"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.partition(".")[0])
def test_the_runtime(file: Path) -> None:
    done = nodes.run(nodes.running_typescript(file, "--test"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\nℹ pass 0\n" not in done.stdout and "# pass 0\n" not in done.stdout


def test_every_module_that_decides_has_tests() -> None:
    assert [file.name.partition(".")[0] for file in FILES] == ["errors", "outgoing", "retries", "sse", "transport"]

"""A gateway process that the tests of the endpoints share."""

from collections.abc import Iterator

import pytest

from tests.served import Served


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("endpoints")) as running:
        yield running
    assert "Traceback" not in running.log(), running.log()


@pytest.fixture(scope="package")
def key(served: Served) -> str:
    return served.key()

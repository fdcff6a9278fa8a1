"""A gateway process that the tests of conformance share."""

from collections.abc import Iterator

import pytest

from tests.served import Served


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("conformance")) as running:
        yield running


@pytest.fixture(scope="package")
def key(served: Served) -> str:
    return served.key()

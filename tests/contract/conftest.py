"""A gateway process that the tests of the contract share."""

from collections.abc import Iterator

import pytest

from tests.served import Served


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("contract")) as running:
        yield running
    log = running.log()
    assert "Traceback" not in log and "Exception in ASGI" not in log, log

"""The store fails while a gateway starts: it says so, gives everything back, and the next start takes up where it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import FOR_EVER, FailingStore, Fault, failing_stores
from tests.gateway import ENVIRON, audit_data, write_config
from tollhouse.app import Application
from tollhouse.billing.ledger import Entry
from tollhouse.config.load import Loaded, load
from tollhouse.config.settings import Settings
from tollhouse.contract.documents import claimed_paths
from tollhouse.data_directory import STORE_FILE
from tollhouse.errors import TollhouseError, Unavailable
from tollhouse.identity.principals import ANONYMOUS
from tollhouse.storage.base import StoreError
from tollhouse.storage.sqlite import SqliteStore
from tollhouse.times import now_us


class Starts:
    """Gateways one after the other on one data directory."""

    def __init__(self, directory: Path) -> None:
        config_dir = write_config(directory / "config", "http://127.0.0.1:9")
        self.loaded: Loaded = load(config_dir, environ=ENVIRON, operations=claimed_paths())
        self.settings = Settings.from_environ(ENVIRON, config_dir, directory / "data")
        self.crashes = 0

    async def start(self) -> None:
        app = await Application.open(self.settings, self.loaded.config)
        await app.close()

    def crash(self) -> None:
        """Leave a hold behind, as a process does that is killed while a call runs; a first start has not come so far."""
        price_version = self.loaded.config.catalogue.version
        store = SqliteStore(self.settings.data_dir / STORE_FILE)
        store.migrate()
        if not store.accounts():
            store.close()
            return
        self.crashes += 1
        entry = Entry("hold", now_us(), ANONYMOUS, f"req_{self.crashes}", None, "create_chat_completion", "gpt-test")
        store.write([entry._replace(price_version=price_version, account_multiplier="0", held_nano=0, stream=0)])
        store.close()


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[FailingStore]]:
    with failing_stores(monkeypatch) as stores:
        yield stores


@pytest.mark.parametrize("count, done", [(1, False), (FOR_EVER, False), (1, True)])
async def test_a_start_that_the_store_fails_in_can_be_repeated(
    tmp_path: Path, stores: list[FailingStore], monkeypatch: pytest.MonkeyPatch, count: int, done: bool
) -> None:
    starts = Starts(tmp_path)
    refused = 0
    for n in range(1, 30):
        monkeypatch.setattr(FailingStore, "fault", Fault(n, count, done))
        try:
            await starts.start()
        except (StoreError, Unavailable) as error:
            assert isinstance(error, TollhouseError) and str(error), "one line for whoever starts it"
            refused += 1
        if not stores[-1].hit:
            break
        starts.crash()
    assert not stores[-1].hit and refused >= 6
    await starts.start()
    report = audit_data(starts.settings.data_dir)
    assert (report.drift, report.held) == (0, 0), report.findings
    assert report.voided == report.requests == starts.crashes > 0

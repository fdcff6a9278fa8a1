"""What every storage engine does: one suite for all of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.billing.scenario import CATALOGUE, START_US, USD, Clock, account, delivery, hold, rate, some_books
from tollhouse.billing.audit import audit
from tollhouse.billing.ledger import Entry, Ledger
from tollhouse.billing.pricing import Usage
from tollhouse.storage.base import AccountRow, KeyRow, KeyTotals, Store, StoreError
from tollhouse.storage.sqlite import SqliteStore

ENGINES: list[Callable[[Path], Store]] = [SqliteStore]
ACME = AccountRow("acme", "Acme & Söhne", 1_100_000, "active", START_US, 0, 0)
KEY = KeyRow("key1", "acme", "laptop", "op_", b"hash", START_US)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Callable[[Path], Store]:
    engine: Callable[[Path], Store] = request.param
    return engine


@pytest.fixture
def store(engine: Callable[[Path], Store], tmp_path: Path) -> Iterator[Store]:
    store = engine(tmp_path / "store")
    store.migrate()
    yield store
    store.close()


def reopened(store: Store, engine: Callable[[Path], Store], tmp_path: Path) -> Store:
    store.close()
    again = engine(tmp_path / "store")
    again.migrate()
    return again


def kept(store: Store) -> list[tuple[str, str | None]]:
    with store.books() as books:
        return [(row["kind"], row["request_id"]) for row in books.entries]


def test_migrating_again_changes_nothing(store: Store) -> None:
    store.add_account(ACME)
    store.write(some_books())
    before = kept(store)
    store.migrate()
    assert kept(store) == before and store.accounts()[0].name == ACME.name


def test_an_account_comes_back_with_its_balance(store: Store) -> None:
    store.add_account(ACME)
    assert store.accounts() == [ACME]
    store.write(some_books())
    [found] = store.accounts()
    assert (found.balance_nano, found.spent_nano) == (10 * USD - 2_050_000, 2_050_000)


def test_keys_come_back_as_they_were(store: Store) -> None:
    limited = KeyRow("key2", "acme", "ci", "sk_", b"\x00\xff", START_US, ("a", "b/c:d"), 1, 2, 3, 4, 5, 6, 7, None, 8)
    nothing_allowed = KeyRow("key3", "acme", "none", "", b"", START_US, models=())
    for key in (KEY, limited, nothing_allowed):
        store.add_key(key)
    assert store.keys() == [KEY, limited, nothing_allowed]


def test_a_key_id_is_taken_once(store: Store) -> None:
    store.add_key(KEY)
    with pytest.raises(StoreError):
        store.add_key(KEY)
    assert store.keys() == [KEY]


def test_a_key_is_revoked_once_and_keeps_its_first_time(store: Store) -> None:
    store.add_key(KEY)
    store.revoke_key("key1", 10)
    store.revoke_key("key1", 20)
    store.revoke_key("unknown", 20)
    [key] = store.keys()
    assert key.revoked_at_us == 10


def test_the_last_use_of_many_keys_is_kept_at_once(store: Store) -> None:
    for number in range(3):
        store.add_key(KeyRow(f"key{number}", "acme", "n", "", b"", START_US))
    store.touch_keys({"key0": 5, "key2": 6, "gone": 7})
    store.touch_keys({})
    first, second, third = store.keys()
    assert (first.last_used_at_us, second.last_used_at_us, third.last_used_at_us) == (5, None, 6)


def test_entries_come_back_in_order_with_every_column(store: Store) -> None:
    entries = some_books()
    store.write(entries[:2])
    store.write(entries[2:])
    with store.books() as books:
        rows = list(books.entries)
    assert [tuple(row[name] for name in Entry._fields) for row in rows] == [tuple(entry) for entry in entries]


def test_nothing_to_write_is_fine(store: Store) -> None:
    store.write([])
    assert kept(store) == []


@pytest.mark.parametrize("number", [0, 2, 4, 5])
def test_a_second_hold_resolution_or_credit_is_refused_by_the_store_itself(store: Store, number: int) -> None:
    entries = some_books()
    store.write(entries)
    before = kept(store)
    with pytest.raises(StoreError):
        store.write([entries[number]])
    assert kept(store) == before
    with store.books() as books:
        assert books.balances["acme"] == (10 * USD - 2_050_000, 2_050_000, 0)


def test_a_void_after_a_post_is_refused_by_the_store_itself(store: Store) -> None:
    entries = some_books()
    store.write(entries)
    with pytest.raises(StoreError):
        store.write([entries[5]._replace(request_id="req_1")])


def test_a_refused_batch_leaves_nothing_and_the_next_one_continues_the_chain(store: Store) -> None:
    entries = some_books()
    store.add_price_version(CATALOGUE.version, CATALOGUE.canonical_json, START_US)
    store.write(entries[:3])
    with pytest.raises(StoreError):
        store.write([entries[3], entries[2]])
    assert len(kept(store)) == 3
    store.write(entries[3:])
    assert audit(store).findings == []


@pytest.mark.parametrize(
    "unwritable", [{"amount_nano": 2**63}, {"amount_nano": 2**65}, {"reference": "half \ud800"}, {"account": object()}]
)
def test_what_cannot_be_stored_is_a_store_error_and_leaves_nothing(store: Store, unwritable: dict[str, object]) -> None:
    entries = some_books()
    with pytest.raises(StoreError):
        store.write([entries[0], entries[1]._replace(**unwritable)])
    assert kept(store) == []
    store.write(entries)
    assert len(kept(store)) == len(entries)


def test_the_chain_goes_on_after_a_restart(store: Store, engine: Callable[[Path], Store], tmp_path: Path) -> None:
    entries = some_books()
    store.add_price_version(CATALOGUE.version, CATALOGUE.canonical_json, START_US)
    store.write(entries[:4])
    store = reopened(store, engine, tmp_path)
    store.write(entries[4:])
    report = audit(store)
    assert (report.findings, report.entries) == ([], 7)
    store.close()


def test_open_holds_are_those_without_a_resolution(store: Store) -> None:
    assert store.open_holds() == []
    store.write(some_books())
    assert [hold[:4] for hold in store.open_holds()] == [("req_3", "other", None, 5_000)]


def test_a_credit_is_found_by_its_reference(store: Store) -> None:
    store.write(some_books())
    assert store.booked("acme", "first") == ("credit", 10 * USD)
    assert store.booked("other", "first") == ("credit", USD)
    assert store.booked("acme", "second") is None


def test_totals_are_kept_for_keys_with_a_quota(store: Store) -> None:
    store.add_key(KeyRow("limited", "acme", "n", "", b"", START_US, quota_nano=5))
    store.add_key(KeyRow("free", "acme", "n", "", b"", START_US))
    ledger = Ledger(Clock(), [account(balance_nano=USD)])
    entries = []
    for number, key_id in enumerate(["limited", "free", "limited", None]):
        entries.append(hold(ledger, f"req_{number}", ledger.accounts["acme"], 1, key_id=key_id))
        used = Usage(input=1, cache_read=2, cache_write_5m=4, cache_write_1h=8, output=16)
        posted = ledger.settle(f"req_{number}", rate(), delivery(used))
        assert posted is not None
        entries.append(posted)
    entries.append(hold(ledger, "running", ledger.accounts["acme"], 1, key_id="limited"))
    store.write(entries)
    assert store.key_totals() == {"limited": KeyTotals(2 * (entries[1].amount_nano or 0), 62)}


def test_a_price_version_is_kept_as_it_was_first(store: Store) -> None:
    store.add_price_version("v1", "{}", 1)
    store.add_price_version("v1", '{"changed": true}', 2)
    store.add_price_version("v2", "[]", 3)
    with store.books() as books:
        assert books.price_versions == {"v1": "{}", "v2": "[]"}


def test_the_ledger_shows_one_row_per_request_newest_first(store: Store) -> None:
    store.write(some_books())
    rows = store.ledger(account=None, request_id=None, limit=10, before=None)
    assert [(row["request_id"], row["state"]) for row in rows] == [
        ("req_3", "held"), ("req_2", "voided"), ("req_1", "posted"),
    ]  # fmt: skip
    assert (rows[2]["cost_nano"], rows[2]["held_nano"], rows[2]["served_model"]) == (2_050_000, 1_000_000, "small")
    assert (rows[1]["reason"], rows[1]["status"], rows[1]["cost_nano"]) == ("upstream answered 500", 502, 0)
    assert (rows[0]["settled_at_us"], rows[0]["created_at_us"]) == (None, START_US)


def test_the_ledger_is_filtered_and_paged(store: Store) -> None:
    store.write(some_books())

    def ids(**query: object) -> list[str]:
        asked = {"account": None, "request_id": None, "limit": 10, "before": None, **query}
        return [row["request_id"] for row in store.ledger(**asked)]  # type: ignore[arg-type]

    assert ids(account="other") == ["req_3", "req_2"]
    assert ids(request_id="req_1") == ["req_1"]
    assert ids(account="acme", request_id="req_2") == []
    assert ids(limit=1) == ["req_3"]
    [last] = store.ledger(account=None, request_id=None, limit=1, before=None)
    assert ids(before=last["seq"]) == ["req_2", "req_1"]


def test_books_are_of_one_moment(store: Store) -> None:
    entries = some_books()
    store.write(entries[:4])
    with store.books() as books:
        store.write(entries[4:])
        assert len(list(books.entries)) == 4
        assert books.balances["acme"] == (10 * USD, 0, 0)

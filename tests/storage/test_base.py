"""What every storage engine does: one suite for all of them."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.billing.scenario import CATALOGUE, START_US, USD, Clock, account, delivery, hold, rate, some_books
from tollhouse.billing.audit import audit
from tollhouse.billing.ledger import Entry, Ledger
from tollhouse.billing.pricing import Usage
from tollhouse.storage.base import (
    USAGE_GROUPS,
    USAGE_SUMS,
    AccountRow,
    Charge,
    KeyRow,
    KeyTotals,
    LogRow,
    Mark,
    PauseRow,
    Store,
    StoreError,
    UpstreamKeyRow,
    UsageQuery,
    WalletRow,
)
from tollhouse.storage.sqlite import SqliteStore
from tollhouse.storage.sqlite_schema import CRASH
from tollhouse.times import DAY_US

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


# The log of administration


def log_row(number: int, account_id: str = "acme", action: str = "create_key", thing: str = "key1") -> LogRow:
    return LogRow(
        f"log_{number}", START_US + number, "token 0", "10.0.0.7", "req_1", action, account_id, thing, "{}", "{}"
    )


def logged(store: Store, **query: Any) -> list[str]:
    return [row["id"] for row in store.admin_log(**{"limit": 100, **query})]


def test_a_change_and_its_row_in_the_log_are_there_together_or_not_at_all(store: Store) -> None:
    store.add_account(ACME, log_row(1, action="create_account", thing="acme"))
    store.add_key(KEY, log_row(2))
    with pytest.raises(StoreError):
        store.add_key(KEY, log_row(3))
    store.update_account("acme", {"status": "suspended", "name": "Acme"}, log_row(4))
    store.update_key("key1", {"models": ("a", "b"), "quota_nano": 7, "expires_at_us": None}, log_row(5))
    with pytest.raises(StoreError):
        store.update_key("key1", {"quota_nano": 2**63}, log_row(6))
    store.rotate_key("key1", 9, KeyRow("key2", "acme", "laptop", "op_", b"hash", START_US, quota_of="key1"), log_row(7))
    with pytest.raises(StoreError):
        store.rotate_key("key1", 10, KEY, log_row(8))
    store.revoke_key("key2", 10, log_row(9))
    store.revoke_key("key2", 11, log_row(10))  # changes nothing
    assert logged(store) == [f"log_{number}" for number in (9, 7, 5, 4, 2, 1)]
    assert (store.accounts()[0].name, store.accounts()[0].status) == ("Acme", "suspended")
    first, second = store.keys()
    assert (first.models, first.quota_nano, first.expires_at_us) == (("a", "b"), 7, 9)
    assert (second.quota_of, second.revoked_at_us) == ("key1", 10)


def test_rows_beside_an_entry_are_written_with_it_once(store: Store) -> None:
    entries = some_books()
    beside = (ACME, log_row(1, action="create_account", thing="acme"))
    with pytest.raises(StoreError):
        store.write([entries[0], entries[0]], beside)
    assert (kept(store), store.accounts(), logged(store)) == ([], [], [])
    for _ in range(2):  # the second time as after a commit in doubt, with the next entry
        store.write([] if kept(store) else entries[:1], beside)
    assert (len(kept(store)), [row.id for row in store.accounts()], logged(store)) == (1, ["acme"], ["log_1"])


def test_the_log_is_filtered_and_paged(store: Store) -> None:
    for number in range(6):
        facts = {"account_id": ("acme", "other")[number % 2], "action": ("create_key", "revoke_key")[number // 3]}
        store.add_key(
            KeyRow(f"key{number}", "acme", "n", "", b"", START_US), log_row(number, thing=f"key{number}", **facts)
        )
    assert logged(store) == [f"log_{number}" for number in reversed(range(6))]
    assert logged(store, account="other") == ["log_5", "log_3", "log_1"]
    assert logged(store, action="create_key") == ["log_2", "log_1", "log_0"]
    assert logged(store, thing="key4") == ["log_4"]
    assert logged(store, account="acme", action="revoke_key", thing="key3") == []
    last = store.admin_log(limit=2)[-1]
    assert logged(store, limit=2, before=last["seq"]) == ["log_3", "log_2"]
    [row] = store.admin_log(thing="key4", limit=1)
    assert {name: row[name] for name in LogRow.__slots__} == {
        name: getattr(log_row(4, action="revoke_key", thing="key4"), name) for name in LogRow.__slots__
    }


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


def test_an_open_hold_is_found_whatever_was_marked_and_by_whom(
    store: Store, engine: Callable[[Path], Store], tmp_path: Path
) -> None:
    entries = some_books()
    store.write(entries[:4])
    early = store.find_hold_marks()
    store.write(entries[4:6])
    store.keep_hold_marks(store.find_hold_marks())
    store.write(entries[6:])
    for marks in (early, store.find_hold_marks(), early):
        assert [hold.request_id for hold in store.open_holds()] == ["req_3"]
        store.keep_hold_marks(marks)
    store = reopened(store, engine, tmp_path)
    assert [hold.request_id for hold in store.open_holds()] == ["req_3"]
    with store.moment() as moment:
        assert moment.open_holds() == store.open_holds()
    store.close()


def test_a_credit_is_found_by_its_reference(store: Store) -> None:
    store.write(some_books())
    assert store.booked("acme", "first") == ("credit", 10 * USD)
    assert store.booked("other", "first") == ("credit", USD)
    assert store.booked("acme", "second") is None


def test_totals_are_kept_for_every_key(store: Store) -> None:
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
    cost_nano = entries[1].amount_nano or 0
    assert store.key_totals() == {"limited": KeyTotals(2 * cost_nano, 62), "free": KeyTotals(cost_nano, 31)}


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


# Usage

HOUR_US = 3_600_000_000
DAY = START_US // HOUR_US // 24  # 2026-09-21
MIDNIGHT_US = DAY * 24 * HOUR_US
MOMENTS = [
    MIDNIGHT_US - 1, MIDNIGHT_US, MIDNIGHT_US + 1, MIDNIGHT_US + HOUR_US - 1, MIDNIGHT_US + HOUR_US,
    MIDNIGHT_US + 24 * HOUR_US - 1, MIDNIGHT_US + 24 * HOUR_US, MIDNIGHT_US + 49 * HOUR_US,
]  # fmt: skip


@pytest.fixture
def used(store: Store) -> Store:
    """A store with charges, voids and refunds around the ends of hours and days, each settled in a later day."""
    ledger = Ledger(Clock(START_US + 10**12), [account(balance_nano=USD), account("other", balance_nano=USD)])
    store.add_price_version(CATALOGUE.version, CATALOGUE.canonical_json, START_US)
    batches: list[list[Entry]] = [[], [], []]
    for number in range(240):
        request_id, payer = f"req_{number}", ledger.accounts[("acme", "other")[number % 2]]
        facts = {
            "at_us": MOMENTS[number % len(MOMENTS)], "key_id": (None, "key1", "key2")[number % 3],
            "requested_model": ("small", "free", "fast")[number // 3 % 3],
        }  # fmt: skip
        batches[0].append(hold(ledger, request_id, payer, 1000, **facts))
        if number % 7 == 3:
            voided = ledger.void(request_id, "upstream answered 500")
            assert voided is not None
            batches[1].append(voided)
            continue
        spent = Usage(number, number % 5, number % 4, number % 3, 7)
        posted = ledger.settle(request_id, rate(), delivery(spent, provider=("one", "two")[number // 2 % 2]))
        assert posted is not None
        batches[1].append(posted)
        if number % 11 == 5:
            batches[2].append(ledger.refund(posted, facts["at_us"], "the answer could not be sent"))  # type: ignore[arg-type]
    for batch in batches:
        for start in range(0, len(batch), 50):
            store.write(batch[start : start + 50])
    return store


def added_up(store: Store, query: UsageQuery) -> list[dict[str, Any]]:
    """The same from the rows of the ledger, without any roll-up."""
    sums: defaultdict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(USAGE_SUMS))
    for row in store.ledger(account=query.account, limit=10_000):
        hour = row["created_at_us"] // HOUR_US
        key_id = row["key_id"] or ""
        if row["state"] == "posted" and query.start_hour <= hour < query.end_hour and query.key_id in (None, key_id):
            facts = {
                "hour": hour, "day": hour // 24, "account": row["account"], "key": key_id, "model": row["requested_model"],
                "provider": row["provider"],
            }  # fmt: skip
            values = [1, *(row[name] for name in USAGE_SUMS[1:])]
            group = tuple(facts[name] for name in query.by)
            sums[group] = [total + value for total, value in zip(sums[group], values, strict=True)]
    return [
        {**dict(zip(query.by, group, strict=True)), **dict(zip(USAGE_SUMS, sums[group], strict=True))}
        for group in sorted(sums)
    ]


@pytest.mark.parametrize(
    "hours",
    [
        (0, 10**7), (DAY * 24, DAY * 24 + 24), (DAY * 24 - 24, DAY * 24), (DAY * 24, DAY * 24 + 1),
        (DAY * 24 + 1, DAY * 24 + 24), (DAY * 24 - 1, DAY * 24 + 49), (DAY * 24 + 72, DAY * 24 + 96),
    ],
)  # fmt: skip
def test_usage_is_the_sum_of_the_ledgers_rows(used: Store, hours: tuple[int, int]) -> None:
    for by in [(group,) for group in USAGE_GROUPS] + [("day", "model"), ("account", "key", "hour"), USAGE_GROUPS]:
        for account_id, key_id in [(None, None), ("acme", None), ("acme", "key1"), ("other", ""), (None, "key2")]:
            query = UsageQuery(by, *hours, account=account_id, key_id=key_id)
            assert used.usage(query) == added_up(used, query), query


def test_a_request_counts_in_the_hour_and_the_day_in_which_it_began(used: Store) -> None:
    days = {row["day"]: row["requests"] for row in used.usage(UsageQuery(("day",), 0, 10**7))}
    assert set(days) == {DAY - 1, DAY, DAY + 1, DAY + 2}
    hours = {row["hour"] for row in used.usage(UsageQuery(("hour",), DAY * 24, DAY * 24 + 24))}
    assert hours == {DAY * 24, DAY * 24 + 1, DAY * 24 + 23}
    assert audit(used).findings == []


def test_usage_without_a_group_is_one_sum(used: Store) -> None:
    [total] = used.usage(UsageQuery((), 0, 10**7))
    report = audit(used)
    assert (total["requests"], total["cost_nano"]) == (
        report.posted - report.refunded, report.charged_nano - report.refunded_nano,
    )  # fmt: skip
    assert report.refunded > 5 and report.voided > 5


def test_what_was_refunded_whole_is_no_usage(store: Store) -> None:
    ledger = Ledger(Clock(), [account(balance_nano=USD)])
    entries = [hold(ledger, "req_1", ledger.accounts["acme"], 1)]
    posted = ledger.settle("req_1", rate(), delivery(Usage(input=1)))
    assert posted is not None
    store.write([*entries, posted, ledger.refund(posted, START_US, "r")])
    assert store.usage(UsageQuery(("day", "model"), 0, 10**7)) == []


def test_usage_can_be_cut_short(used: Store) -> None:
    every = used.usage(UsageQuery(("hour", "model"), 0, 10**7))
    assert used.usage(UsageQuery(("hour", "model"), 0, 10**7, rows_max=3)) == every[:3]


def test_charges_are_what_was_posted_and_not_refunded(used: Store) -> None:
    used.add_price_version("new", "{}", 2)
    used.add_price_version("old", "{}", 1)
    for account_id in (None, "acme", "nobody"):
        for span in [(0, 10**18), (MIDNIGHT_US, MIDNIGHT_US + HOUR_US), (MIDNIGHT_US - 1, MIDNIGHT_US)]:
            with used.charges(*span, account_id) as charges:
                found = sorted(charges.rows)
            posted = [
                Charge(
                    row["created_at_us"], row["price_version"], row["account_multiplier"], row["served_model"],
                    row["model_multiplier"], *(row[name] for name in USAGE_SUMS[1:]),
                )
                for row in used.ledger(account=account_id, limit=10_000)
                if row["state"] == "posted" and span[0] <= row["created_at_us"] < span[1]
            ]  # fmt: skip
            assert found == sorted(posted)
            assert bool(found) == (account_id != "nobody")
            assert list(charges.price_versions) == ["old", "new", CATALOGUE.version]


def test_a_moment_stays_what_it_was_whatever_is_written_later(store: Store) -> None:
    entries = some_books()
    store.add_account(ACME)
    store.write(entries[:4])
    with store.moment() as moment:
        store.write(entries[4:])
        with ThreadPoolExecutor(1) as pool:  # it may be read elsewhere
            holds = pool.submit(moment.open_holds).result()
        assert [hold.request_id for hold in holds] == ["req_1", "req_2"]
        assert (moment.accounts()[0].balance_nano, moment.summary().counts) == (10 * USD, {"credit": 2, "hold": 2})
    assert [hold.request_id for hold in store.open_holds()] == ["req_3"]


def test_a_summary_has_the_head_the_counts_and_the_sums(store: Store) -> None:
    empty = store.summary()
    assert (empty.head, dict(empty.counts), empty.balance_nano, empty.credited_nano) == (b"\0" * 32, {}, 0, 0)
    ledger = Ledger(Clock(), [account(balance_nano=USD)])
    acme = ledger.accounts["acme"]
    store.write([*some_books(), ledger.adjust(acme, -5, "down", "a mistake"), ledger.adjust(acme, 2, "up", "goodwill")])
    found = store.summary()
    assert found.counts == {"credit": 2, "hold": 3, "post": 1, "void": 1, "adjust": 2}
    assert (found.credited_nano, found.adjusted_nano, found.spent_nano) == (11 * USD, -3, 2_050_000)
    assert found.balance_nano == found.credited_nano + found.adjusted_nano - found.spent_nano
    assert found.head.hex() == audit(store).head


def test_what_nobody_paid_for_is_listed_and_counted(store: Store) -> None:
    ledger = Ledger(Clock(), [account(balance_nano=USD)])
    acme = ledger.accounts["acme"]
    entries = []
    for number, resolve in enumerate(["crash", "refused", "expire", "refund", "post", "crash"]):
        entries.append(hold(ledger, request_id := f"req_{number}", acme, 5_000))
        if resolve in ("crash", "refused"):
            resolved = ledger.void(request_id, CRASH if resolve == "crash" else "upstream answered 500")
        elif resolve == "expire":
            resolved = ledger.expire(request_id, "no end after a day")
        else:
            resolved = ledger.settle(request_id, rate(), delivery(Usage(output=1)))
        assert resolved is not None
        entries.append(resolved)
        if resolve == "refund":
            entries.append(ledger.refund(resolved, START_US, "not delivered"))
    store.write(entries)
    rows = store.ledger(unpaid=True, limit=10)
    assert [(row["request_id"], row["resolution"], row["reason"]) for row in rows] == [
        ("req_5", "void", CRASH), ("req_3", "refund", "not delivered"), ("req_2", "expire", "no end after a day"),
        ("req_0", "void", CRASH),
    ]  # fmt: skip
    assert store.unpaid() == {"void": 2, "expire": 1, "refund": 1}
    assert [row["request_id"] for row in store.ledger(unpaid=True, limit=2, before=rows[1]["seq"])] == [
        "req_2",
        "req_0",
    ]


def test_the_entries_of_a_request_and_the_prices_that_it_pinned_are_found(store: Store) -> None:
    store.write(some_books())
    store.add_price_version("v1", "{}", 1)
    assert [entry["kind"] for entry in store.entries_of("req_1")] == ["hold", "post"]
    assert store.entries_of("req_nobody") == []
    assert (store.price_version("v1"), store.price_version("v2")) == ("{}", None)


# Wallets, sessions, sign-in links

WALLET = WalletRow("0x" + "ab" * 20, "acct_w", 1, 1, 5 * USD)
OF_WALLET = AccountRow("acct_w", "0xAB", 1_000_000, "active", START_US)


def test_a_wallet_comes_with_its_account_once(store: Store) -> None:
    assert store.add_wallet(WALLET, OF_WALLET)
    again = AccountRow("acct_x", "0xAB", 1_000_000, "active", START_US)
    assert not store.add_wallet(WalletRow(WALLET.address, "acct_x", 1, 1), again)
    assert (store.wallets(), store.accounts()) == ([WALLET], [OF_WALLET])
    with pytest.raises(StoreError):
        store.add_wallet(WalletRow("0xother", "acct_w", 1, 1), OF_WALLET)
    assert (store.wallets(), store.accounts()) == ([WALLET], [OF_WALLET])


def test_a_sign_in_counts_from_what_it_saw_only(store: Store) -> None:
    store.add_wallet(WALLET, OF_WALLET)
    assert not store.count_sign_in(WALLET.address, 1, 0) and not store.count_sign_in("0xnobody", 1, 0)
    assert [store.count_sign_in(WALLET.address, 137, 1) for _ in range(2)] == [True, False]
    store.settle_wallet(WALLET.address)
    assert store.wallets() == [WalletRow(WALLET.address, "acct_w", 137, 2, 0)]


def test_ending_all_sessions_counts_up_for_each_account(store: Store) -> None:
    assert store.session_epochs() == {}
    assert [store.end_sessions(account) for account in ("a", "b", "a")] == [1, 1, 2]
    assert store.session_epochs() == {"a": 2, "b": 1}


def test_an_ended_session_is_kept_until_it_would_have_expired(store: Store) -> None:
    store.revoke_session("one", 100, 0)
    store.revoke_session("two", 200, 0)
    store.revoke_session("two", 200, 0)
    assert store.revoked_sessions() == {"one": 100, "two": 200}
    store.revoke_session("three", 300, 100)
    assert store.revoked_sessions() == {"two": 200, "three": 300}


def test_a_sign_in_link_is_used_once_and_in_time(store: Store) -> None:
    for name in (b"one", b"late", b"old"):
        store.add_sign_in_link(name, "acme", 100, 0)
    assert [store.use_sign_in_link(b"one", 99), store.use_sign_in_link(b"one", 99)] == ["acme", None]
    assert [store.use_sign_in_link(b"late", 100), store.use_sign_in_link(b"nope", 0)] == [None, None]
    store.add_sign_in_link(b"new", "acme", 300, 200)
    assert store.use_sign_in_link(b"old", 50) is None and store.use_sign_in_link(b"new", 250) == "acme"


def test_wallets_and_ended_sessions_survive_a_restart(
    store: Store, engine: Callable[[Path], Store], tmp_path: Path
) -> None:
    store.add_wallet(WALLET, OF_WALLET)
    store.end_sessions("a")
    store.revoke_session("one", 100, 0)
    store.add_sign_in_link(b"one", "acme", 100, 0)
    again = reopened(store, engine, tmp_path)
    assert (again.wallets(), again.session_epochs(), again.revoked_sessions()) == ([WALLET], {"a": 1}, {"one": 100})
    assert again.use_sign_in_link(b"one", 50) == "acme"
    again.close()


def test_what_providers_have_spent_is_what_the_ledger_says(store: Store) -> None:
    acme = account(balance_nano=10 * USD)
    ledger = Ledger(Clock(), [acme])
    store.add_account(ACME)
    days = {"req_1": (0, "one"), "req_2": (0, "two"), "req_3": (1, "one"), "req_4": (1, "one"), "req_5": (1, "one")}
    entries = [ledger.credit(acme, 10 * USD, "first")]
    for request_id, (day, provider) in days.items():
        entries.append(hold(ledger, request_id, acme, 1_000, at_us=START_US + day * DAY_US))
        posted = ledger.settle(request_id, rate(), delivery(Usage(output=50), provider=provider))
        assert posted is not None
        entries.append(posted)
    entries.append(ledger.refund(posted, START_US + DAY_US, "the store failed"))
    entries.append(hold(ledger, "req_6", acme, 1_000, at_us=START_US + DAY_US))
    store.write(entries)
    today = START_US // DAY_US
    assert sorted(store.provider_spending(today)) == [
        ("one", today, 100_000), ("one", today + 1, 200_000), ("two", today, 100_000),
    ]  # fmt: skip
    assert store.provider_spending(today + 1) == [("one", today + 1, 200_000)]


def test_a_mark_is_kept_once_and_told_once(store: Store, engine: Callable[[Path], Store], tmp_path: Path) -> None:
    alert, stop, resume = (Mark("one", 7, kind, 50) for kind in ("alert", "stop", "resume"))
    for mark in (alert, alert, stop):
        store.add_mark(mark, 100)
    assert store.marks(7) == [(alert, False), (stop, False)]
    store.tell_mark(alert, 200)
    store.tell_mark(resume, 300)  # nobody has to hear of it
    store.add_mark(alert, 400)
    again = reopened(store, engine, tmp_path)
    assert sorted(again.marks(7)) == sorted([(alert, True), (stop, False), (resume, True)])
    assert again.marks(8) == []
    again.close()


# Upstream keys and paused providers

UPSTREAM_KEY = UpstreamKeyRow("upk_1", "openai", b"\x01sealed\x00", "wxyz", 1, START_US)


def test_upstream_keys_come_back_as_they_were_the_oldest_first(
    store: Store, engine: Callable[[Path], Store], tmp_path: Path
) -> None:
    later = UpstreamKeyRow("upk_0", "anthropic", b"other", "", 7, START_US + 1)
    store.add_upstream_key(later)
    store.add_upstream_key(UPSTREAM_KEY)
    with pytest.raises(StoreError):
        store.add_upstream_key(UPSTREAM_KEY)
    again = reopened(store, engine, tmp_path)
    assert again.upstream_keys() == [UPSTREAM_KEY, later]
    again.close()


def test_a_revoked_upstream_key_keeps_its_first_time_and_nothing_of_its_value(store: Store) -> None:
    store.add_upstream_key(UPSTREAM_KEY, log_row(1))
    store.revoke_upstream_key("upk_1", 10, log_row(2))
    store.revoke_upstream_key("upk_1", 20, log_row(3))
    store.revoke_upstream_key("unknown", 20, log_row(4))
    store.reseal_upstream_key("upk_1", b"\x01sealed\x00", b"late")
    [key] = store.upstream_keys()
    assert (key.revoked_at_us, key.sealed) == (10, None)
    assert logged(store) == ["log_2", "log_1"]


def test_a_key_is_resealed_only_from_what_was_seen(store: Store) -> None:
    store.add_upstream_key(UPSTREAM_KEY)
    store.reseal_upstream_key("upk_1", b"something else", b"wrong")
    assert store.upstream_keys() == [UPSTREAM_KEY]
    store.reseal_upstream_key("upk_1", b"\x01sealed\x00", b"new")
    assert store.upstream_keys()[0].sealed == b"new"


def test_a_pause_keeps_its_beginning_and_its_newest_reason_until_it_ends(
    store: Store, engine: Callable[[Path], Store], tmp_path: Path
) -> None:
    store.pause_provider(PauseRow("openai", 10, "spent", ""), log_row(1))
    store.pause_provider(PauseRow("openai", 20, "spent", "token 1"), log_row(2))  # changes nothing
    store.pause_provider(PauseRow("openai", 30, "outage", "token 1"), log_row(3))
    store.pause_provider(PauseRow("anthropic", 40, "", "token 1"), log_row(4))
    store = reopened(store, engine, tmp_path)
    assert store.paused_providers() == [
        PauseRow("anthropic", 40, "", "token 1"),
        PauseRow("openai", 10, "outage", "token 1"),
    ]
    for _ in range(2):
        store.resume_provider("openai", log_row(5))
    store.resume_provider("unknown", log_row(6))
    assert [pause.provider for pause in store.paused_providers()] == ["anthropic"]
    assert logged(store) == ["log_5", "log_4", "log_3", "log_1"]
    store.close()


def test_a_change_of_a_provider_that_cannot_be_logged_does_not_happen(store: Store) -> None:
    unwritable = LogRow("log_1", 2**63, "", "", "", "", "", "", "{}", "{}")
    store.add_upstream_key(UPSTREAM_KEY)
    store.pause_provider(PauseRow("openai", 10, "spent"))
    for change in (
        lambda: store.add_upstream_key(UpstreamKeyRow("upk_2", "openai", b"x", "", 1, START_US), unwritable),
        lambda: store.revoke_upstream_key("upk_1", 10, unwritable),
        lambda: store.pause_provider(PauseRow("anthropic", 10, "spent"), unwritable),
        lambda: store.resume_provider("openai", unwritable),
    ):
        with pytest.raises(StoreError):
            change()
    assert store.upstream_keys() == [UPSTREAM_KEY]
    assert store.paused_providers() == [PauseRow("openai", 10, "spent")]

"""Charges worked out again: by account from all of the books, and one by one with every step."""

from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.billing.scenario import CATALOGUE, START_US, USD, Clock, account, delivery, hold, opened, rate, some_books
from tests.billing.test_audit import unguarded
from tollhouse.billing.ledger import Ledger
from tollhouse.billing.pricing import PPM3, Usage
from tollhouse.billing.recompute import LISTED_MAX, Line, NoPrices, Recomputed, recompute, working
from tollhouse.config.catalogue import build_catalogue
from tollhouse.config.json_reader import read_json
from tollhouse.storage.sqlite import SqliteStore

VERSIONS = {CATALOGUE.version: CATALOGUE.canonical_json}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with `some_books`: 1, 2 credits · 3, 4 holds · 5 post · 6 void · 7 hold."""
    path = tmp_path / "test.sqlite"
    with opened(path) as store:
        store.write(some_books())
    return path


def again(path: Path, account_id: str | None = None) -> Recomputed:
    with closing(SqliteStore(path)) as store, store.books() as books:
        return recompute(books, account_id)


def edited(path: Path, *statements: str) -> Recomputed:
    connection = unguarded(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return again(path)


# All of the books


def test_untouched_books_are_what_their_rows_make(path: Path) -> None:
    found = again(path)
    left = 10 * USD - 2_050_000
    assert found.accounts == {"acme": Line(1, 2_050_000, 2_050_000, left, left), "other": Line(0, 0, 0, USD, USD)}
    assert found.holds and found.total == Line(1, 2_050_000, 2_050_000, left + USD, left + USD)


def test_one_account_is_looked_at_alone(path: Path) -> None:
    assert list(again(path, "other").accounts) == ["other"]
    assert again(path, "nobody").accounts == {}


def test_a_changed_amount_is_named(path: Path) -> None:
    found = edited(path, "UPDATE entries SET amount_nano = amount_nano - 1 WHERE seq = 5")
    assert not found.holds and found.differing == 1
    assert found.differences == [("req_1", "acme", 2_049_999, 2_050_000, "its row makes another amount")]
    line = found.accounts["acme"]
    assert (line.charged_nano, line.recomputed_nano, line.differs) == (2_049_999, 2_050_000, True)


def test_a_changed_balance_is_a_difference_without_a_request(path: Path) -> None:
    found = edited(path, "UPDATE balances SET balance_nano = balance_nano + 5 WHERE account = 'other'")
    assert not found.holds and found.differing == 0
    assert found.accounts["other"].balance_nano - found.accounts["other"].recomputed_balance_nano == 5


def test_differences_that_cancel_out_are_differences(path: Path) -> None:
    ledger = Ledger(Clock(), [account(balance_nano=USD)])
    entry = hold(ledger, "req_9", ledger.accounts["acme"], 5_000)
    posted = ledger.settle("req_9", rate(), delivery(Usage(input=1000, cache_read=100, output=500)))
    assert posted is not None
    with opened(path) as store:
        store.write([entry, posted])
    found = edited(
        path,
        "UPDATE entries SET amount_nano = amount_nano + 5 WHERE seq = 5",
        "UPDATE entries SET amount_nano = amount_nano - 5 WHERE seq = 9",
    )
    assert not found.accounts["acme"].differs and found.differing == 2 and not found.holds


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("DELETE FROM price_versions", f"no prices for small in version {CATALOGUE.version}"),
        ("UPDATE entries SET request_id = 'req_x' WHERE seq = 3", "it has no older hold"),
        ("UPDATE entries SET output_tokens = 1 WHERE seq = 5", "its row makes another amount"),
        ("UPDATE entries SET model_multiplier = 'much' WHERE seq = 5", "entry 5 makes no sense: "),
        ("UPDATE entries SET input_tokens = NULL WHERE seq = 5", "entry 5 makes no sense: "),
        ("UPDATE entries SET amount_nano = NULL WHERE seq = 1", "entry 1 makes no sense: "),
    ],
)
def test_a_charge_that_cannot_be_worked_out_is_a_difference(path: Path, change: str, reason: str) -> None:
    found = edited(path, change)
    assert not found.holds and found.differences[0].reason.startswith(reason)


def test_a_refund_takes_its_charge_back_and_adjustments_count(tmp_path: Path) -> None:
    ledger = Ledger(Clock(), [account()])
    acme = ledger.accounts["acme"]
    entries = [ledger.credit(acme, USD, "first"), ledger.adjust(acme, -7, "down", "a mistake")]
    for number in range(3):
        entries.append(hold(ledger, f"req_{number}", acme, 5_000))
        posted = ledger.settle(f"req_{number}", rate(), delivery(Usage(output=1)))
        assert posted is not None
        entries.append(posted)
    entries.append(ledger.refund(posted, START_US, "not delivered"))
    entries += [hold(ledger, "req_9", acme, 1), ledger.expire("req_9", "no end") or pytest.fail()]
    with opened(tmp_path / "test.sqlite") as store:
        store.write(entries)
    left = USD - 7 - 4_000
    assert again(tmp_path / "test.sqlite").accounts["acme"] == Line(2, 4_000, 4_000, left, left)


def test_differing_requests_are_counted_beyond_those_listed(tmp_path: Path) -> None:
    ledger = Ledger(Clock(), [account(balance_nano=USD)])
    with opened(tmp_path / "test.sqlite") as store:
        for number in range(LISTED_MAX + 10):
            entry = hold(ledger, f"req_{number}", ledger.accounts["acme"], 5_000)
            store.write([entry, ledger.settle(f"req_{number}", rate(), delivery(Usage(output=1))) or entry])
    found = edited(tmp_path / "test.sqlite", "UPDATE entries SET amount_nano = 1 WHERE kind = 'post'")
    assert (len(found.differences), found.differing) == (LISTED_MAX, LISTED_MAX + 10)


# One by one


def charged(usage: Usage, account_ppm: int = 10**6, model_ppm3: int = PPM3, **fields: Any) -> list[dict[str, Any]]:
    ledger = Ledger(Clock(), [account(balance_nano=10**18, multiplier_ppm=account_ppm)])
    entry = hold(ledger, "req_1", ledger.accounts["acme"], 5_000)
    multiplier = f"{model_ppm3 // PPM3}.{model_ppm3 % PPM3:018d}"
    facts = delivery(usage, model_multiplier=multiplier, **fields)
    posted = ledger.settle("req_1", rate(account_ppm=account_ppm, model_ppm3=model_ppm3), facts)
    assert posted is not None
    return [entry._asdict(), posted._asdict()]


def test_every_number_of_a_charge_is_shown() -> None:
    shown = working(charged(Usage(1000, 100, 10, 1, 501), 1_100_000, PPM3 * 3 // 4), VERSIONS)
    steps = shown["working"]
    assert [(a["axis"], a["tokens"], a["usd_per_mtok"], a["priced_as"], a["amount_usd"]) for a in steps["axes"]] == [
        ("input", 1000, "1", "input", "0.001"), ("cache_read", 100, "0.5", "cache_read", "0.00005"),
        ("cache_write_5m", 10, "1", "input", "0.00001"), ("cache_write_1h", 1, "1", "input", "0.000001"),
        ("output", 501, "2", "output", "0.001002"),
    ]  # fmt: skip
    assert (steps["sum_usd"], steps["account_multiplier"], steps["model_multiplier"]) == ("0.002063", "1.1", "0.75")
    assert (steps["product_usd"], steps["recomputed_usd"]) == ("0.001701975", "0.001701975")
    assert (shown["charged_usd"], steps["difference_usd"], shown["state"]) == ("0.001701975", "0", "posted")
    assert (shown["price_version"], shown["price_date"]) == (CATALOGUE.version, "2026-09-21")


@given(
    usage=st.tuples(*[st.integers(0, 10**9)] * 5), account_ppm=st.integers(0, 10**12), model_ppm3=st.integers(0, 10**30)
)
def test_the_steps_lead_to_the_charge(usage: tuple[int, ...], account_ppm: int, model_ppm3: int) -> None:
    shown = working(charged(Usage(*usage), account_ppm, model_ppm3), VERSIONS)
    steps = shown["working"]
    amounts = [Fraction(axis["amount_usd"]) for axis in steps["axes"]]
    products = [Fraction(axis["usd_per_mtok"]) * axis["tokens"] / 10**6 for axis in steps["axes"]]
    assert amounts == products and sum(amounts) == Fraction(steps["sum_usd"])
    product = Fraction(steps["product_usd"])
    multipliers = Fraction(steps["account_multiplier"]) * Fraction(steps["model_multiplier"])
    assert product == Fraction(steps["sum_usd"]) * multipliers
    assert 0 <= Fraction(steps["recomputed_usd"]) - product < Fraction(1, 10**9)
    assert (shown["charged_usd"], steps["difference_usd"]) == (steps["recomputed_usd"], "0")


def test_the_price_of_the_answer_itself_is_a_step_too() -> None:
    text = '{"models": {"drawing": {"input_usd_per_mtok": "1", "output_usd_per_mtok": "2", "request_usd": "0.04"}}}'
    version = build_catalogue(read_json("model_catalog.json", text).root)
    [held, posted] = charged(Usage(input=10), model_ppm3=PPM3 * 3 // 2)
    held, posted = (
        {**held, "price_version": version.version},
        {**posted, "served_model": "drawing", "amount_nano": 60_015_000},
    )
    steps = working([held, posted], {version.version: version.canonical_json})["working"]
    *_, last = steps["axes"]
    assert (last["axis"], last["tokens"], last["usd_per_mtok"], last["amount_usd"]) == ("request", 1, "40000", "0.04")
    assert (steps["sum_usd"], steps["recomputed_usd"], steps["difference_usd"]) == ("0.04001", "0.060015", "0")


def test_what_was_not_metered_is_worked_out_without_a_model() -> None:
    [held, posted] = charged(Usage())
    steps = working([held, {**posted, "served_model": "", "usage_source": "none", "amount_nano": 0}], VERSIONS)[
        "working"
    ]
    assert (steps["recomputed_usd"], steps["difference_usd"]) == ("0", "0")


def test_a_charge_that_was_changed_shows_by_how_much() -> None:
    entries = charged(Usage(output=1))
    entries[1]["amount_nano"] = 1_500
    shown = working(entries, VERSIONS)
    assert (shown["charged_usd"], shown["working"]["recomputed_usd"]) == ("0.0000015", "0.000002")
    assert shown["working"]["difference_usd"] == "-0.0000005"


def test_a_request_without_a_charge_says_what_became_of_it() -> None:
    ledger = Ledger(Clock(), [account(balance_nano=USD)])
    entries = [hold(ledger, "req_1", ledger.accounts["acme"], 5_000)]
    held = working([entry._asdict() for entry in entries], VERSIONS)
    assert (held["state"], held["charged_usd"], held["working"]) == ("held", "0", None)
    entries.append(ledger.void("req_1", "upstream answered 500") or pytest.fail())
    voided = working([entry._asdict() for entry in entries], VERSIONS)
    assert (voided["state"], voided["reason"], voided["working"]) == ("voided", "upstream answered 500", None)


def test_prices_that_are_gone_are_said_to_be() -> None:
    with pytest.raises(NoPrices, match="no prices for small"):
        working(charged(Usage(output=1)), {})

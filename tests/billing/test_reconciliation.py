"""Memory against the store: one moment, every figure, every open hold."""

import pytest

from tests.billing.scenario import START_US, USD, Clock, account, delivery, hold, rate
from tollhouse.billing.ledger import Account, Ledger
from tollhouse.billing.pricing import Usage
from tollhouse.billing.reconciliation import Remembered, differences, remembered
from tollhouse.storage.base import AccountRow, OpenHold


@pytest.fixture
def ledger() -> Ledger:
    """Two accounts, one open hold, one charge, one adjustment."""
    ledger = Ledger(Clock(), [account(balance_nano=10 * USD), account("other", balance_nano=USD)])
    acme = ledger.accounts["acme"]
    hold(ledger, "req_1", acme, 5_000)
    hold(ledger, "req_2", acme, 5_000)
    ledger.settle("req_1", rate(), delivery(Usage(output=1)))
    ledger.adjust(acme, -7, "down", "a mistake")
    return ledger


def stored(ledger: Ledger) -> tuple[list[AccountRow], list[OpenHold]]:
    """The same books as rows."""
    return [_row(each) for each in ledger.accounts.values()], [
        OpenHold(request_id, each.account.id, each.key_id, each.amount_nano, each.at_us)
        for request_id, each in ledger.open_holds.items()
    ]


def _row(each: Account) -> AccountRow:
    money = each.balance_nano, each.spent_nano, each.adjusted_nano
    return AccountRow(each.id, each.name, each.multiplier_ppm, each.status, each.created_at_us, *money)


def test_books_that_are_one_have_no_differences(ledger: Ledger) -> None:
    memory = remembered(ledger)
    assert differences(memory, *stored(ledger)) == []
    assert (memory.held_nano, memory.accounts["acme"]) == (5_000, (10 * USD - 2_007, 2_000, -7, 5_000))


def test_a_copy_stays_what_it_was(ledger: Ledger) -> None:
    memory, before = remembered(ledger), stored(ledger)
    ledger.void("req_2", "refused")
    assert differences(memory, *before) == []
    assert differences(memory, *stored(ledger)) == [
        "account acme: its held sum is 0.000005 USD in memory and 0 USD in the store",
        "hold of req_2: it is 0.000005 USD of account acme in memory and not open in the store",
    ]


@pytest.mark.parametrize(
    ("figure", "what"), [("balance_nano", "balance"), ("spent_nano", "spending"), ("adjusted_nano", "adjustments")]
)
def test_a_figure_that_differs_is_named(ledger: Ledger, figure: str, what: str) -> None:
    rows, holds = stored(ledger)
    acme = ledger.accounts["acme"]
    setattr(acme, figure, getattr(acme, figure) + 1)
    [found] = differences(remembered(ledger), rows, holds)
    assert found.startswith(f"account acme: its {what} is ")


def test_a_held_sum_that_is_not_that_of_its_holds_is_named(ledger: Ledger) -> None:
    ledger.accounts["acme"].held_nano += 1
    assert differences(remembered(ledger), *stored(ledger)) == [
        "account acme: its held sum is 0.000005001 USD in memory and 0.000005 USD in the store"
    ]


def test_a_hold_that_only_the_store_has_is_named(ledger: Ledger) -> None:
    rows, holds = stored(ledger)
    found = differences(remembered(ledger), rows, [*holds, OpenHold("req_9", "other", None, 0, START_US)])
    assert found == ["hold of req_9: it is not open in memory and 0 USD of account other in the store"]


def test_an_account_without_money_may_be_on_one_side_only(ledger: Ledger) -> None:
    rows, holds = stored(ledger)
    assert differences(remembered(ledger), [*rows, AccountRow("new", "new", 1, "active", START_US)], holds) == []
    assert differences(Remembered({"new": (0, 0, 0, 0)}, {}), [], []) == []
    assert len(differences(Remembered({}, {}), rows, [])) == 4

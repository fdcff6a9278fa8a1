"""The ledger: each command by itself, and that each of its seven invariants is asserted. All together: test_ledger_machine."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.billing.scenario import START_US, Clock, account, delivery, hold, opened, rate, some_books
from tollhouse.billing.ledger import ADJUSTMENTS, FUNDING, REVENUE, Account, Ledger, Shortage
from tollhouse.billing.pricing import Usage, ceiling


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(Clock(), [account(balance_nano=10)])


@pytest.fixture
def acme(ledger: Ledger) -> Account:
    return ledger.accounts["acme"]


async def test_fifty_parallel_holds_on_a_balance_for_ten_let_ten_through(ledger: Ledger, acme: Account) -> None:
    async def call(number: int) -> bool:
        await asyncio.sleep(0)
        try:
            hold(ledger, f"req_{number}", acme, 1)
        except Shortage:
            return False
        await asyncio.sleep(0)
        return True

    assert sum(await asyncio.gather(*(call(number) for number in range(50)))) == 10
    assert acme.available_nano == 0


def test_a_hold_is_given_back_whole(ledger: Ledger, acme: Account) -> None:
    hold(ledger, "req_1", acme, 10)
    assert ledger.void("req_1", "refused") is not None
    assert (acme.available_nano, acme.held_nano, acme.spent_nano) == (10, 0, 0)


def test_a_second_resolution_is_ignored(ledger: Ledger, acme: Account) -> None:
    hold(ledger, "req_1", acme, 10)
    assert ledger.settle("req_1", rate(), delivery(Usage(output=1))) is not None
    assert ledger.settle("req_1", rate(), delivery(Usage(output=1))) is None
    assert ledger.void("req_1", "too late") is None
    assert acme.spent_nano == 2000


def test_a_cost_beyond_the_hold_is_charged_whole_and_counted_as_overdraft(ledger: Ledger, acme: Account) -> None:
    hold(ledger, "req_1", acme, 10)
    ledger.settle("req_1", rate(), delivery(Usage(output=1)))
    assert acme.balance_nano == 10 - 2000
    assert ledger.overdraft_nano == 2000 - 10


def test_an_account_below_zero_takes_no_hold_but_free_calls_run(ledger: Ledger, acme: Account) -> None:
    acme.balance_nano = -5
    with pytest.raises(Shortage) as refused:
        hold(ledger, "req_1", acme, 1)
    assert (refused.value.limit, refused.value.available_nano, refused.value.resets_at_us) == ("balance", -5, None)
    assert not ledger.open_holds and acme.held_nano == 0
    assert hold(ledger, "req_2", acme, 0).held_nano == 0


def test_an_account_with_multiplier_zero_runs_without_a_balance(ledger: Ledger) -> None:
    anonymous = account("anonymous", multiplier_ppm=0)
    price = rate(account_ppm=anonymous.multiplier_ppm)
    entry = hold(ledger, "req_1", anonymous, ceiling(10**6, 10**6, price))
    posted = ledger.settle("req_1", price, delivery(Usage(input=10**6, output=10**6)))
    assert posted is not None
    assert (entry.held_nano, posted.amount_nano, posted.output_tokens, anonymous.balance_nano) == (0, 0, 10**6, 0)


def test_a_hold_is_dated_by_the_moment_of_its_prices(ledger: Ledger, acme: Account) -> None:
    assert hold(ledger, "req_1", acme, 1, at_us=START_US - 7).at_us == START_US - 7


def test_a_hold_that_the_store_still_has_can_be_resolved(ledger: Ledger, acme: Account) -> None:
    ledger.restore("req_0", "acme", None, 4, START_US)
    assert acme.available_nano == 6
    assert ledger.void("req_0", "crash") is not None
    assert acme.available_nano == 10


def test_money_rows_name_both_sides(ledger: Ledger, acme: Account) -> None:
    credit = ledger.credit(acme, 5, "invoice 1")
    hold(ledger, "req_1", acme, 1)
    post = ledger.settle("req_1", rate(), delivery(Usage(output=1)))
    assert post is not None
    assert (credit.debit, credit.credit) == (FUNDING, "acme")
    assert (post.debit, post.credit) == ("acme", REVENUE)


def test_an_adjustment_takes_what_is_available_and_no_more(ledger: Ledger, acme: Account) -> None:
    hold(ledger, "req_1", acme, 4)
    with pytest.raises(Shortage) as refused:
        ledger.adjust(acme, -7, "too much", "a mistake")
    assert (refused.value.limit, refused.value.available_nano) == ("balance", 6)
    assert (acme.balance_nano, acme.adjusted_nano) == (10, 0)
    down, up = ledger.adjust(acme, -6, "down", "a mistake"), ledger.adjust(acme, 2, "up", "goodwill")
    assert (down.debit, down.credit, down.amount_nano, down.reason) == ("acme", ADJUSTMENTS, 6, "a mistake")
    assert (up.debit, up.credit, up.amount_nano, up.reference) == (ADJUSTMENTS, "acme", 2, "up")
    assert (acme.balance_nano, acme.adjusted_nano, acme.available_nano) == (6, -4, 2)


def test_an_adjustment_lifts_an_overdrawn_account_even_where_it_stays_below_zero(ledger: Ledger, acme: Account) -> None:
    hold(ledger, "req_1", acme, 10)
    ledger.settle("req_1", rate(), delivery(Usage(output=1)))
    assert ledger.adjust(acme, 5, "up", "goodwill").amount_nano == 5
    assert acme.balance_nano == 10 - 2000 + 5


def test_a_refund_takes_back_the_whole_charge_with_all_that_it_says(ledger: Ledger, acme: Account) -> None:
    hold(ledger, "req_1", acme, 10)
    posted = ledger.settle("req_1", rate(), delivery(Usage(output=1)))
    assert posted is not None
    refund = ledger.refund(posted, START_US, "the store failed")
    changed = {"kind", "at_us", "debit", "credit", "reason"}
    assert {name for name in refund._fields if getattr(refund, name) != getattr(posted, name)} == changed
    assert (refund.kind, refund.debit, refund.credit) == ("refund", REVENUE, "acme")
    assert (acme.balance_nano, acme.spent_nano, ledger.house_nano[REVENUE]) == (10, 0, 0)
    assert acme.budget.day.spent_nano == acme.budget.month.spent_nano == 0


def test_an_expired_hold_is_given_back_and_what_comes_later_is_ignored(ledger: Ledger, acme: Account) -> None:
    hold(ledger, "req_1", acme, 10)
    expired = ledger.expire("req_1", "its end never came")
    assert expired is not None and (expired.kind, expired.amount_nano) == ("expire", None)
    assert acme.available_nano == 10
    assert ledger.settle("req_1", rate(), delivery(Usage(output=1))) is None
    assert ledger.void("req_1", "late") is None and ledger.expire("req_1", "again") is None


# The invariants of the docstring: each is broken on purpose, and the next command says so.


def credited(ledger: Ledger) -> None:
    ledger.credit(ledger.accounts["acme"], 1, "next")


def adjusted(ledger: Ledger) -> None:
    ledger.adjust(ledger.accounts["acme"], 1, "next", "goodwill")


def settled(ledger: Ledger) -> None:
    ledger.settle("running", rate(), delivery(Usage(output=1)))


def refunded(ledger: Ledger) -> None:
    posted = some_books()[4]
    ledger.refund(posted, START_US, "the store failed")


MONEY = pytest.mark.parametrize("command", [credited, adjusted, settled, refunded])


@pytest.fixture
def running(ledger: Ledger, acme: Account) -> Ledger:
    hold(ledger, "running", acme, 10)
    return ledger


@MONEY
@pytest.mark.parametrize("side", [REVENUE, FUNDING, ADJUSTMENTS])
def test_1_debits_that_differ_from_credits_are_noticed(
    running: Ledger, command: Callable[[Ledger], None], side: str
) -> None:
    running.house_nano[side] += 1
    before = repr((running.accounts, running.open_holds, running.house_nano))
    with pytest.raises(AssertionError, match="debits and credits are equal"):
        command(running)
    assert repr((running.accounts, running.open_holds, running.house_nano)) == before


@MONEY
@pytest.mark.parametrize("figure", ["balance_nano", "spent_nano", "funded_nano"])
def test_2_a_balance_that_is_not_the_sum_of_its_entries_is_noticed(
    running: Ledger, acme: Account, command: Callable[[Ledger], None], figure: str
) -> None:
    setattr(acme, figure, getattr(acme, figure) + 1)
    before = repr((running.accounts, running.open_holds, running.house_nano))
    with pytest.raises(AssertionError, match="a balance is the sum of its entries"):
        command(running)
    assert repr((running.accounts, running.open_holds, running.house_nano)) == before


def test_3_a_hold_beyond_what_is_available_is_noticed(
    ledger: Ledger, acme: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "shortage", lambda *_: None)
    with pytest.raises(AssertionError, match="what is available is never below zero"):
        hold(ledger, "req_1", acme, 11)
    assert acme.held_nano == 0 and not ledger.is_held("req_1")


def test_3_a_negative_hold_is_noticed(ledger: Ledger, acme: Account) -> None:
    with pytest.raises(AssertionError, match="a hold never makes money available"):
        hold(ledger, "req_1", acme, -1)


@pytest.mark.parametrize("command", [settled, lambda ledger: ledger.void("running", "-"), lambda ledger: ledger.expire("running", "-")])  # fmt: skip
def test_3_giving_back_more_than_is_held_is_noticed(
    running: Ledger, acme: Account, command: Callable[[Ledger], object]
) -> None:
    acme.held_nano = 9
    with pytest.raises(AssertionError, match="never holds less than nothing"):
        command(running)
    assert (acme.balance_nano, acme.held_nano, running.is_held("running")) == (10, 9, True)


def test_4_a_second_hold_of_a_request_is_noticed(running: Ledger, acme: Account) -> None:
    with pytest.raises(AssertionError, match="a request takes one hold"):
        hold(running, "running", acme, 0)


@pytest.mark.parametrize("number", [0, 2, 5])
def test_4_only_a_charge_can_be_refunded(ledger: Ledger, number: int) -> None:
    with pytest.raises(AssertionError, match="only a charge can be refunded"):
        ledger.refund(some_books()[number], START_US, "no")


def test_5_an_entry_cannot_be_changed_neither_here_nor_in_the_store(tmp_path: Path) -> None:
    entries = some_books()
    with pytest.raises(AttributeError):
        entries[0].amount_nano = 1  # type: ignore[misc]
    with opened(tmp_path / "test.sqlite") as store:
        store.write(entries)
        for change in ("UPDATE entries SET amount_nano = 1", "DELETE FROM entries WHERE seq = 7"):
            with pytest.raises(sqlite3.IntegrityError, match="entries are only ever added"):
                store._write.execute(change)


def test_6_a_charge_at_another_multiplier_than_its_hold_is_noticed_and_changes_nothing(
    running: Ledger, acme: Account
) -> None:
    with pytest.raises(AssertionError, match="the multiplier of its hold"):
        running.settle("running", rate(account_ppm=999_999), delivery(Usage(output=1)))
    assert (acme.balance_nano, acme.held_nano, running.is_held("running")) == (10, 10, True)


def test_6_a_negative_cost_is_noticed_and_changes_nothing(running: Ledger, acme: Account) -> None:
    with pytest.raises(AssertionError, match="a cost is never negative"):
        running.settle("running", rate(), delivery(Usage(output=-1)))
    assert (acme.balance_nano, acme.held_nano, running.is_held("running")) == (10, 10, True)


def test_7_a_request_is_held_from_its_hold_to_its_end(running: Ledger) -> None:
    # That the relay asks is in test_attempt.
    assert running.is_held("running") and not running.is_held("another")
    running.void("running", "refused")
    assert not running.is_held("running")


def test_an_account_is_opened_once(ledger: Ledger, acme: Account) -> None:
    with pytest.raises(AssertionError, match="opened once"):
        ledger.open_account(acme)


def test_credits_and_adjustments_of_nothing_are_noticed(ledger: Ledger, acme: Account) -> None:
    with pytest.raises(AssertionError, match="a credit adds money"):
        ledger.credit(acme, 0, "nothing")
    with pytest.raises(AssertionError, match="changes something"):
        ledger.adjust(acme, 0, "nothing", "-")

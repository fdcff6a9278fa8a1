"""Budgets: where a day and a month begin and end, clocks that jump, and calls that run side by side."""

import asyncio
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.billing.scenario import CATALOGUE, START_US, USD, Clock, account, delivery, hold, opened, rate
from tollhouse.billing.budgets import DAY_US, KEPT_MAX, Budget, Over, Window, month_of
from tollhouse.billing.ledger import Account, Entry, Ledger, Shortage
from tollhouse.billing.pricing import Usage
from tollhouse.loading import load
from tollhouse.storage.sqlite import SqliteStore
from tollhouse.times import parse_when

OUTPUT_NANO = 2_000  # what a token of output costs


def at(text: str) -> int:
    """Microseconds since 1970 of an ISO moment in UTC."""
    return parse_when(text, 0)


def dates(window: Window) -> tuple[str, str]:
    first, end = (dt.date(1970, 1, 1) + dt.timedelta(days=day) for day in (window.start, window.end))
    return first.isoformat(), end.isoformat()


# The calendar


@pytest.mark.parametrize(
    ("moment", "day", "month"),
    [
        ("2027-03-14T23:59:59.999999", ("2027-03-14", "2027-03-15"), ("2027-03-01", "2027-04-01")),
        ("2027-03-15T00:00:00.000000", ("2027-03-15", "2027-03-16"), ("2027-03-01", "2027-04-01")),
        ("2027-04-30T23:59:59.999999", ("2027-04-30", "2027-05-01"), ("2027-04-01", "2027-05-01")),
        ("2027-05-01T00:00:00.000000", ("2027-05-01", "2027-05-02"), ("2027-05-01", "2027-06-01")),
        ("2027-12-31T23:59:59.999999", ("2027-12-31", "2028-01-01"), ("2027-12-01", "2028-01-01")),
        ("2028-01-01T00:00:00.000000", ("2028-01-01", "2028-01-02"), ("2028-01-01", "2028-02-01")),
        ("2028-02-28T23:59:59.999999", ("2028-02-28", "2028-02-29"), ("2028-02-01", "2028-03-01")),
        ("2028-02-29T12:00:00.000000", ("2028-02-29", "2028-03-01"), ("2028-02-01", "2028-03-01")),
        ("2027-02-28T23:59:59.999999", ("2027-02-28", "2027-03-01"), ("2027-02-01", "2027-03-01")),
        ("2100-02-28T23:59:59.999999", ("2100-02-28", "2100-03-01"), ("2100-02-01", "2100-03-01")),  # no leap year
        ("1970-01-01T00:00:00.000000", ("1970-01-01", "1970-01-02"), ("1970-01-01", "1970-02-01")),
    ],
)
def test_a_moment_is_in_its_calendar_day_and_month_in_utc(
    moment: str, day: tuple[str, str], month: tuple[str, str]
) -> None:
    windows = Budget().windows(at(moment))
    assert (dates(windows[0]), dates(windows[1])) == (day, month)


@given(st.lists(st.integers(min_value=0, max_value=at("2199-12-31")), min_size=1, max_size=20))
def test_windows_are_those_of_the_moment_whatever_was_asked_before(moments: list[int]) -> None:
    budget = Budget()
    for moment in moments:
        day, month = budget.windows(moment)
        date = dt.datetime.fromtimestamp(moment // 1_000_000, dt.UTC).date()
        assert dates(day)[0] == date.isoformat()
        assert dates(month)[0] == date.replace(day=1).isoformat()
        assert day.start * DAY_US <= moment < day.end * DAY_US
        assert month.start <= day.start < day.end <= month.end


@given(st.integers(min_value=0, max_value=80_000))
def test_months_follow_each_other_without_gaps(day: int) -> None:
    first, following = month_of(day)
    assert first <= day < following and 28 <= following - first <= 31
    assert month_of(following)[0] == following and month_of(following - 1) == (first, following)


# Shortages


def test_an_amount_fits_up_to_the_limit_itself() -> None:
    budget = Budget(daily_nano=10)
    budget.windows(START_US)[0].spent_nano = 4
    budget.windows(START_US)[0].held_nano = 3
    assert budget.shortage(3, START_US) is None
    assert budget.shortage(4, START_US) == Over("daily_budget", 3, at("2026-09-22"))


def test_the_day_is_named_before_the_month_and_each_says_when_it_is_whole_again() -> None:
    moment = at("2027-12-31T12:00:00")
    assert Budget(0, 0).shortage(1, moment) == Over("daily_budget", 0, at("2028-01-01"))
    assert Budget(None, 5).shortage(6, moment) == Over("monthly_budget", 5, at("2028-01-01"))
    assert Budget(100, 5).shortage(6, at("2028-02-28")) == Over("monthly_budget", 5, at("2028-03-01"))
    assert Budget(None, None).shortage(10**18, moment) is None


# In the ledger


@pytest.fixture
def acme() -> Account:
    return account(balance_nano=USD)


@pytest.fixture
def clock() -> Clock:
    return Clock(at("2027-03-14T12:00:00"))


@pytest.fixture
def ledger(clock: Clock, acme: Account) -> Ledger:
    return Ledger(clock, [acme])


def charged(ledger: Ledger, request_id: str, output: int, at_us: int, *, held_nano: int | None = None) -> list[Entry]:
    """A whole call of an account: its hold and its charge."""
    amount = output * OUTPUT_NANO if held_nano is None else held_nano
    entry = hold(ledger, request_id, ledger.accounts["acme"], amount, at_us=at_us)
    posted = ledger.settle(request_id, rate(), delivery(Usage(output=output)))
    assert posted is not None
    return [entry, posted]


def test_the_last_microsecond_of_a_day_counts_in_it_and_the_next_one_does_not(ledger: Ledger, acme: Account) -> None:
    acme.budget.daily_nano = 10 * OUTPUT_NANO
    last = at("2027-03-14T23:59:59.999999")
    charged(ledger, "req_1", 10, last)
    with pytest.raises(Shortage) as refused:
        hold(ledger, "req_2", acme, 1, at_us=last)
    assert (refused.value.limit, refused.value.available_nano) == ("daily_budget", 0)
    assert refused.value.resets_at_us == last + 1
    charged(ledger, "req_3", 10, last + 1)


def test_a_month_ends_with_its_last_day(ledger: Ledger, acme: Account) -> None:
    acme.budget.monthly_nano = 10 * OUTPUT_NANO
    charged(ledger, "req_1", 4, at("2028-02-01T00:00:00"))
    charged(ledger, "req_2", 6, at("2028-02-29T23:59:59.999999"))
    with pytest.raises(Shortage) as refused:
        hold(ledger, "req_3", acme, 1, at_us=at("2028-02-29T23:59:59.999999"))
    assert (refused.value.limit, refused.value.resets_at_us) == ("monthly_budget", at("2028-03-01"))
    charged(ledger, "req_4", 10, at("2028-03-01T00:00:00"))


def test_a_call_counts_where_it_began_however_long_it_takes(ledger: Ledger, acme: Account, clock: Clock) -> None:
    acme.budget.daily_nano = 10 * OUTPUT_NANO
    before, after = at("2027-03-31T23:59:59.999999"), at("2027-04-01T00:00:01")
    hold(ledger, "req_1", acme, 8 * OUTPUT_NANO, at_us=before)
    clock.now_us = after
    charged(ledger, "req_2", 10, after)  # the new day is whole, whatever still runs
    assert ledger.settle("req_1", rate(), delivery(Usage(output=3))) is not None
    for moment, spent in ((before, 3), (after, 10)):
        day, month = acme.budget.windows(moment)
        assert (day.spent_nano, day.held_nano) == (spent * OUTPUT_NANO, 0)
        assert (month.spent_nano, month.held_nano) == (spent * OUTPUT_NANO, 0)


def test_a_refund_counts_where_its_call_began(ledger: Ledger, acme: Account, clock: Clock) -> None:
    before, after = at("2027-03-31T23:59:59.999999"), at("2027-04-01T00:00:01")
    _, posted = charged(ledger, "req_1", 8, before)
    clock.now_us = after
    charged(ledger, "req_2", 1, after)
    ledger.refund(posted, before, "the store failed")
    assert [window.spent_nano for window in acme.budget.windows(before)] == [0, 0]
    assert [window.spent_nano for window in acme.budget.windows(after)] == [OUTPUT_NANO, OUTPUT_NANO]


@pytest.mark.parametrize("end", ["void", "expire"])
def test_what_is_given_back_fits_again(ledger: Ledger, acme: Account, end: str) -> None:
    acme.budget.daily_nano = acme.budget.monthly_nano = 10
    hold(ledger, "req_1", acme, 10)
    with pytest.raises(Shortage):
        hold(ledger, "req_2", acme, 1)
    getattr(ledger, end)("req_1", "over")
    hold(ledger, "req_3", acme, 10)


def test_a_clock_that_jumps_finds_its_windows_as_it_left_them(ledger: Ledger, acme: Account) -> None:
    acme.budget.daily_nano, acme.budget.monthly_nano = 10 * OUTPUT_NANO, 15 * OUTPUT_NANO
    today, tomorrow, next_month = at("2027-03-14T12:00:00"), at("2027-03-15T12:00:00"), at("2027-04-02T12:00:00")
    charged(ledger, "req_1", 8, today)
    charged(ledger, "req_2", 6, tomorrow)
    charged(ledger, "req_3", 9, next_month)
    for moment, limit, left in (
        (today, "monthly_budget", 1), (next_month, "daily_budget", 1), (tomorrow, "monthly_budget", 1),
    ):  # fmt: skip
        with pytest.raises(Shortage) as refused:
            hold(ledger, "too_much", acme, 2 * OUTPUT_NANO, at_us=moment)
        assert (refused.value.limit, refused.value.available_nano) == (limit, left * OUTPUT_NANO)


def test_windows_of_long_ago_are_forgotten_and_never_the_running_ones() -> None:
    budget = Budget()
    start = month_of(at("2027-03-14") // DAY_US)[0]
    for day in range(start, start + 10 * KEPT_MAX):
        today, month = budget.windows(day * DAY_US)
        assert today.spent_nano == 0
        today.spent_nano += 1
        month.spent_nano += 1
        assert month.spent_nano == day - month.start + 1
        assert budget.windows(day * DAY_US) == (today, month)
    assert len(budget._kept) == KEPT_MAX
    back = (start + 10 * KEPT_MAX - 20) * DAY_US
    assert budget.windows(back)[0].spent_nano == 1


async def test_calls_side_by_side_cannot_overrun_a_budget(ledger: Ledger, acme: Account, clock: Clock) -> None:
    acme.budget.daily_nano, acme.budget.monthly_nano = 10 * OUTPUT_NANO, 100 * OUTPUT_NANO

    async def call(number: int) -> bool:
        await asyncio.sleep(0)
        try:
            hold(ledger, f"req_{number}", acme, OUTPUT_NANO, at_us=clock())
        except Shortage as short:
            assert short.limit == "daily_budget" and short.available_nano < OUTPUT_NANO
            return False
        for _ in range(number % 5):
            await asyncio.sleep(0)
        ledger.settle(f"req_{number}", rate(), delivery(Usage(output=1)))
        return True

    assert sum(await asyncio.gather(*(call(number) for number in range(300)))) == 10
    day, month = acme.budget.windows(clock.now_us)
    assert (day.spent_nano, day.held_nano, month.spent_nano) == (10 * OUTPUT_NANO, 0, 10 * OUTPUT_NANO)


def test_a_budget_below_what_is_spent_lets_nothing_more_through_and_running_calls_end(
    ledger: Ledger, acme: Account
) -> None:
    charged(ledger, "req_1", 5, START_US)
    hold(ledger, "running", acme, 5 * OUTPUT_NANO)
    acme.budget.daily_nano = 2 * OUTPUT_NANO
    with pytest.raises(Shortage) as refused:
        hold(ledger, "req_2", acme, 1)
    assert refused.value.available_nano == -8 * OUTPUT_NANO
    assert ledger.settle("running", rate(), delivery(Usage(output=5))) is not None
    acme.budget.daily_nano = 11 * OUTPUT_NANO
    hold(ledger, "req_3", acme, OUTPUT_NANO)


def test_a_cost_beyond_its_hold_counts_whole(ledger: Ledger, acme: Account) -> None:
    acme.budget.daily_nano = 10 * OUTPUT_NANO
    charged(ledger, "req_1", 12, START_US, held_nano=10 * OUTPUT_NANO)
    with pytest.raises(Shortage) as refused:
        hold(ledger, "req_2", acme, 1)
    assert refused.value.available_nano == -2 * OUTPUT_NANO


def test_free_calls_pass_whatever_is_spent(ledger: Ledger, acme: Account) -> None:
    acme.budget.daily_nano = acme.budget.monthly_nano = 0
    assert hold(ledger, "req_1", acme, 0).held_nano == 0
    with pytest.raises(Shortage, match="daily_budget"):
        hold(ledger, "req_2", acme, 1)


def test_a_budget_is_named_before_the_balance(ledger: Ledger, acme: Account) -> None:
    acme.budget.monthly_nano = 5
    with pytest.raises(Shortage, match="monthly_budget"):
        hold(ledger, "req_1", acme, 2 * USD)
    acme.budget.monthly_nano = None
    with pytest.raises(Shortage, match="balance"):
        hold(ledger, "req_1", acme, 2 * USD)


# Across a restart


def restarted(store: SqliteStore, moment: str) -> Budget:
    ledger, _ = load(store, Clock(at(moment)))
    return ledger.accounts["acme"].budget


def spent(budget: Budget, moment: str) -> tuple[int, int]:
    day, month = budget.windows(at(moment))
    assert day.held_nano == month.held_nano == 0
    return day.spent_nano // OUTPUT_NANO, month.spent_nano // OUTPUT_NANO


def test_a_restart_finds_what_was_spent_today_and_this_month(ledger: Ledger, tmp_path: Path) -> None:
    with opened(tmp_path / "test.sqlite") as store:
        store.update_account("acme", {"daily_budget_nano": 7, "monthly_budget_nano": None})
        days = ("2027-02-28", "2027-03-01", "2027-03-13", "2027-03-14", "2027-03-20")
        for number, day in enumerate(days):
            store.write(charged(ledger, f"req_{number}", 10**number, at(f"{day}T12:00:00")))
        budget = restarted(store, "2027-03-14T18:00:00")
        assert (budget.daily_nano, budget.monthly_nano) == (7, None)
        assert spent(budget, "2027-03-14T18:00:00") == (1_000, 11_110)  # with the day that a wrong clock has booked
        assert spent(budget, "2027-03-13T00:00:00") == (100, 11_110)
        assert spent(budget, "2027-03-20T00:00:00") == (10_000, 11_110)
        assert spent(restarted(store, "2027-03-01T00:00:00"), "2027-02-28T23:59:59") == (1, 1)
        assert spent(restarted(store, "2027-04-01T00:00:00"), "2027-03-31T00:00:00") == (0, 11_110)
        assert spent(restarted(store, "2027-04-01T00:00:00"), "2027-04-01T00:00:00") == (0, 0)


def test_a_restart_knows_of_refunds_and_of_no_holds(ledger: Ledger, tmp_path: Path) -> None:
    with opened(tmp_path / "test.sqlite") as store:
        store.add_price_version(CATALOGUE.version, CATALOGUE.canonical_json, 0)
        moment = at("2027-03-14T12:00:00")
        entries = [*charged(ledger, "req_1", 5, moment), *charged(ledger, "req_2", 7, moment)]
        entries.append(ledger.refund(entries[1], moment, "the store failed"))
        entries.append(hold(ledger, "running", ledger.accounts["acme"], 1, at_us=moment))
        store.write(entries)
        assert spent(restarted(store, "2027-03-14T18:00:00"), "2027-03-14T18:00:00") == (7, 7)

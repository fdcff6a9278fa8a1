"""The state machine of money: invariants under any sequence of commands, and each command by itself."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from tests.billing.scenario import START_US, Clock, account, delivery, hold, rate
from tollhouse.billing.ledger import FUNDING, REVENUE, Account, Entry, Ledger, Shortage
from tollhouse.billing.pricing import Usage, ceiling, cost

tokens = st.integers(min_value=0, max_value=5_000)
MULTIPLIERS = {"plain": 1_000_000, "cheap": 333_333, "free": 0}


class Books(RuleBasedStateMachine):
    """Random holds, posts, voids and credits against a second set of books kept here."""

    running = Bundle("running")
    resolved = Bundle("resolved")

    @initialize()
    def open(self) -> None:
        self.ledger = Ledger(Clock(), [account(name, multiplier_ppm=ppm) for name, ppm in MULTIPLIERS.items()])
        self.entries: list[Entry] = []
        self.held: dict[str, tuple[str, int]] = {}
        self.requests = 0

    @rule(name=st.sampled_from(sorted(MULTIPLIERS)), amount=st.integers(min_value=1, max_value=10**8))
    def credit(self, name: str, amount: int) -> None:
        self.entries.append(self.ledger.credit(self.ledger.accounts[name], amount, f"ref {len(self.entries)}"))

    @rule(target=running, name=st.sampled_from(sorted(MULTIPLIERS)), prompt=tokens, output=tokens)
    def hold(self, name: str, prompt: int, output: int) -> Any:
        holder = self.ledger.accounts[name]
        amount = ceiling(prompt, output, rate(account_ppm=holder.multiplier_ppm))
        self.requests += 1
        request_id = f"req_{self.requests}"
        available = holder.available_nano
        try:
            entry = hold(self.ledger, request_id, holder, amount)
        except Shortage:
            assert amount > available
            return multiple()
        assert holder.available_nano >= 0 or amount == 0
        assert (entry.held_nano, entry.amount_nano) == (amount, None)
        self.held[request_id] = (name, amount)
        self.entries.append(entry)
        return request_id

    @rule(target=resolved, request_id=consumes(running), prompt=tokens, output=tokens)
    def post(self, request_id: str, prompt: int, output: int) -> str:
        name, _ = self.held.pop(request_id)
        used, price = Usage(input=prompt, output=output), rate(account_ppm=self.ledger.accounts[name].multiplier_ppm)
        entry = self.ledger.settle(request_id, price, delivery(used))
        assert entry is not None and entry.amount_nano == cost(used, price)
        self.entries.append(entry)
        return request_id

    @rule(target=resolved, request_id=consumes(running))
    def void(self, request_id: str) -> str:
        del self.held[request_id]
        entry = self.ledger.void(request_id, "nothing was delivered")
        assert entry is not None and entry.amount_nano is None
        self.entries.append(entry)
        return request_id

    @rule(request_id=resolved, charge=st.booleans())
    def resolve_again(self, request_id: str, charge: bool) -> None:
        again = self.ledger.settle(request_id, rate(), delivery(Usage(output=1))) if charge else None
        assert again is None and self.ledger.void(request_id, "again") is None

    @invariant()
    def books_agree(self) -> None:
        if not hasattr(self, "ledger"):
            return
        balances, spent = Counter[str](), Counter[str]()
        for entry in self.entries:
            if entry.amount_nano is not None:
                assert entry.debit is not None and entry.credit is not None
                balances[entry.debit] -= entry.amount_nano
                balances[entry.credit] += entry.amount_nano
                spent[entry.debit] += entry.amount_nano
        assert sum(balances.values()) == 0
        for name, kept in self.ledger.accounts.items():
            held = [amount for holder, amount in self.held.values() if holder == name]
            assert kept.held_nano == sum(held)
            assert kept.balance_nano == balances[name]
            assert kept.spent_nano == spent[name]
        assert self.ledger.open_holds.keys() == self.held.keys()


Books.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestBooks = Books.TestCase


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

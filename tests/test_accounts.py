"""Accounts and keys: on disk before they count, credited once, revoked for good."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.billing.scenario import START_US, USD, Clock, delivery, hold, opened, rate
from tests.billing.test_journal import PATIENCE_S, RETRY_S, TestingStore
from tollhouse.accounts import BALANCE_MAX_NANO, Accounts, load
from tollhouse.billing.audit import audit
from tollhouse.billing.journal import Journal
from tollhouse.billing.pricing import Usage
from tollhouse.config.snapshot import Anonymous, Config, Routes
from tollhouse.errors import Conflict, InvalidKey, InvalidRequest, NotFound, Unavailable
from tollhouse.identity.principals import ANONYMOUS


class House:
    """A store, and the accounts of the process that has it open."""

    def __init__(self, store: TestingStore) -> None:
        self.store = store
        ledger, keys = load(store, Clock())
        self.journal = Journal(store, retry_s=RETRY_S, patience_s=PATIENCE_S)
        self.accounts = Accounts(store, ledger, self.journal, keys, Clock())

    async def reopened(self) -> "House":
        """As after a restart."""
        await self.journal.close()
        self.store.migrate()
        return House(self.store)

    async def fail(self) -> None:
        """From now on the store fails, and the journal knows it."""
        self.store.failures = 10**9
        self.journal.append(self.accounts.ledger.credit(self.accounts.find("acme"), 1, "lost and found"))
        async with asyncio.timeout(5):
            while self.journal.failing is None:
                await asyncio.sleep(0.001)

    async def recover(self) -> None:
        self.store.failures = 0
        async with asyncio.timeout(5):
            while self.journal.failing is not None:
                await asyncio.sleep(0.001)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    with opened(tmp_path / "test.sqlite", store=TestingStore) as store:
        assert isinstance(store, TestingStore)
        house = House(store)
        yield house
        store.failures = 0
        await house.journal.close()


async def test_an_account_survives_a_restart_with_its_balance(house: House) -> None:
    made = await house.accounts.create("Söhne", balance_nano=5 * USD, multiplier_ppm=1_100_000)
    again = (await house.reopened()).accounts.find(made.id)
    assert (again.name, again.balance_nano, again.multiplier, again.status) == ("Söhne", 5 * USD, "1.1", "active")
    assert again.available_nano == 5 * USD


async def test_an_account_is_found_by_id_first_and_by_a_name_that_is_unique(house: House) -> None:
    accounts = house.accounts
    first = await accounts.create("twin")
    assert accounts.find("twin") is first
    second = await accounts.create("twin")
    with pytest.raises(Conflict, match=f"{first.id}, {second.id}"):
        accounts.find("twin")
    assert accounts.find(second.id) is second
    named = await accounts.create(first.id)
    assert accounts.find(first.id) is first and accounts.find(named.id) is named
    with pytest.raises(NotFound, match="no account nobody"):
        accounts.find("nobody")


async def test_accounts_are_listed_in_the_order_they_were_made(house: House) -> None:
    made = [await house.accounts.create(name) for name in "cab"]
    assert house.accounts.all()[-3:] == made


async def test_a_reference_is_credited_once(house: House) -> None:
    acme = house.accounts.find("acme")
    assert await house.accounts.credit(acme, USD, "invoice 1")
    assert not await house.accounts.credit(acme, USD, "invoice 1")
    assert acme.balance_nano == USD
    with pytest.raises(Conflict, match="another amount"):
        await house.accounts.credit(acme, 2 * USD, "invoice 1")
    assert await house.accounts.credit(house.accounts.find("other"), USD, "invoice 1")
    assert not await (again := await house.reopened()).accounts.credit(again.accounts.find("acme"), USD, "invoice 1")


async def test_a_reference_is_credited_once_however_many_try_at_the_same_time(house: House) -> None:
    acme = house.accounts.find("acme")
    done = await asyncio.gather(*(house.accounts.credit(acme, USD, "invoice 1") for _ in range(20)))
    assert (sum(done), acme.balance_nano) == (1, USD)
    assert (await asyncio.to_thread(audit, house.store)).findings == []


@pytest.mark.parametrize("amount_nano", [0, -1])
async def test_a_credit_adds_money(house: House, amount_nano: int) -> None:
    with pytest.raises(InvalidRequest):
        await house.accounts.credit(house.accounts.find("acme"), amount_nano, "x")


async def test_a_balance_stays_inside_a_64_bit_column(house: House) -> None:
    # A sum beyond it would be refused by the store for ever, and every charge behind it would wait.
    acme = house.accounts.find("acme")
    for number in range(4):
        await house.accounts.credit(acme, 999_999_999 * USD, f"invoice {number}")
    with pytest.raises(InvalidRequest, match="at most 4000000000 USD"):
        await house.accounts.credit(acme, 999_999_999 * USD, "invoice 5")
    assert acme.balance_nano <= BALANCE_MAX_NANO
    await house.journal.flush()


async def test_adjustments_add_up_to_what_the_store_can_keep(house: House) -> None:
    acme, most = house.accounts.find("acme"), 999_999_999 * USD
    for number in range(4):
        await house.accounts.credit(acme, most, f"invoice {number}")
        await house.accounts.adjust(acme, -most, f"ticket {number}", "a mistake")
    await house.accounts.credit(acme, most, "invoice 4")
    with pytest.raises(InvalidRequest, match="adjustments of an account can add up to at most 4000000000 USD"):
        await house.accounts.adjust(acme, -most, "ticket 4", "a mistake")
    assert not await house.accounts.adjust(acme, -most, "ticket 3", "a mistake")
    assert acme.adjusted_nano == -4 * most
    await house.journal.flush()


async def test_a_credit_during_an_outage_is_refused_and_its_retry_counts_once(house: House) -> None:
    acme = house.accounts.find("acme")
    await house.fail()
    before = acme.balance_nano
    with pytest.raises(Unavailable):
        await house.accounts.credit(acme, USD, "invoice 1")
    await house.recover()
    await house.accounts.credit(acme, USD, "invoice 1")
    await house.accounts.credit(acme, USD, "invoice 1")
    assert acme.balance_nano == before + USD
    await house.journal.flush()
    assert (await asyncio.to_thread(audit, house.store)).findings == []


async def test_a_key_works_and_survives_a_restart(house: House) -> None:
    acme = house.accounts.find("acme")
    key, text = await house.accounts.create_key(acme, prefix="op_", name="laptop", models=("small",), quota_nano=5)
    assert text.startswith(f"op_{key.row.id}") and house.accounts.keys_of(acme) == [key]
    caller = await house.accounts.keys.verify(text.encode())
    assert (caller.account, caller.models) == (acme, frozenset({"small"}))
    again = await (await house.reopened()).accounts.keys.verify(text.encode())
    assert (again.account.id, again.models) == ("acme", frozenset({"small"}))


async def test_a_key_keeps_what_it_has_used_towards_its_quota(house: House) -> None:
    acme = house.accounts.find("acme")
    key, _ = await house.accounts.create_key(acme, prefix="op_", name="laptop", quota_nano=10**6)
    ledger, journal = house.accounts.ledger, house.journal
    journal.append(ledger.credit(acme, USD, "first"))
    journal.append(hold(ledger, "req_1", acme, 1, key_id=key.row.id))
    posted = ledger.settle("req_1", rate(), delivery(Usage(input=3, output=4)))
    assert posted is not None
    journal.append(posted)
    again = (await house.reopened()).accounts.keys.keys[key.row.id]
    assert (again.spent_nano, again.tokens) == (posted.amount_nano, 7)


async def test_a_revoked_key_is_refused_at_once_and_after_a_restart(house: House) -> None:
    key, text = await house.accounts.create_key(house.accounts.find("acme"), prefix="op_", name="laptop")
    await house.accounts.keys.verify(text.encode())
    revoked = await house.accounts.revoke_key(key.row.id)
    assert await house.accounts.revoke_key(key.row.id) is revoked
    with pytest.raises(InvalidKey):
        house.accounts.keys.known(text.encode())
    first = revoked.row.revoked_at_us
    again = await house.reopened()
    with pytest.raises(InvalidKey):
        await again.accounts.keys.verify(text.encode())
    assert again.accounts.keys.keys[key.row.id].row.revoked_at_us == first


async def test_a_key_revoked_during_an_outage_stays_revoked_once_that_is_repeated(house: House) -> None:
    key, text = await house.accounts.create_key(house.accounts.find("acme"), prefix="op_", name="laptop")
    await house.fail()
    with pytest.raises(Unavailable):
        await house.accounts.revoke_key(key.row.id)
    with pytest.raises(InvalidKey, match="revoked"):
        await house.accounts.keys.verify(text.encode())  # here at once, whatever the store does
    await house.recover()
    await house.accounts.revoke_key(key.row.id)
    with pytest.raises(InvalidKey, match="revoked"):
        await (await house.reopened()).accounts.keys.verify(text.encode())


async def test_revoking_a_key_that_is_not_there_says_so(house: House) -> None:
    with pytest.raises(NotFound, match="no API key with the id nothing"):
        await house.accounts.revoke_key("nothing")


async def test_nothing_is_made_while_the_store_fails(house: House) -> None:
    await house.fail()
    before = (len(house.accounts.all()), len(house.accounts.keys.keys))
    with pytest.raises(Unavailable):
        await house.accounts.create("late")
    with pytest.raises(Unavailable):
        await house.accounts.create_key(house.accounts.find("acme"), prefix="op_", name="late")
    assert (len(house.accounts.all()), len(house.accounts.keys.keys)) == before


async def test_a_call_without_a_key_runs_as_the_anonymous_account(house: House, tmp_path: Path) -> None:
    made = await house.accounts.create(ANONYMOUS, multiplier_ppm=0, account_id=ANONYMOUS)
    routes = Routes((), Anonymous(frozenset({"free"}), 60))
    config = Config(routes, {}, None)  # type: ignore[arg-type]  # no catalogue is looked at
    caller = house.accounts.anonymous(config, "127.0.0.1")
    assert caller == (made, None, frozenset({"free"}), "anonymous:127.0.0.1")


def test_a_fresh_store_has_nobody(tmp_path: Path) -> None:
    store = TestingStore(tmp_path / "new.sqlite")
    store.migrate()
    ledger, keys = load(store, lambda: START_US)
    assert (ledger.accounts, keys.keys, ledger.open_holds) == ({}, {}, {})
    store.close()

"""Accounts and keys: on disk before they count, credited once, revoked for good."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.billing.scenario import START_US, USD, Clock, delivery, hold, opened, rate
from tests.billing.test_journal import PATIENCE_S, RETRY_S, TestingStore
from tollhouse import accounts
from tollhouse.accounts import BALANCE_MAX_NANO, Accounts
from tollhouse.billing.audit import audit
from tollhouse.billing.journal import Journal
from tollhouse.billing.pricing import Usage
from tollhouse.config.snapshot import Anonymous, Config, Routes
from tollhouse.errors import Conflict, InvalidKey, InvalidRequest, NotFound, Unavailable
from tollhouse.identity.api_keys import mint
from tollhouse.identity.authors import Author
from tollhouse.identity.principals import ANONYMOUS, ApiKey
from tollhouse.loading import load
from tollhouse.times import HOUR_US


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
    assert (again.used.spent_nano, again.used.tokens) == (posted.amount_nano, 7)


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
    assert caller == (made, None, frozenset({"free"}), "anonymous:127.0.0.1", None)


def test_a_fresh_store_has_nobody(tmp_path: Path) -> None:
    store = TestingStore(tmp_path / "new.sqlite")
    store.migrate()
    ledger, keys = load(store, lambda: START_US)
    assert (ledger.accounts, keys.keys, ledger.open_holds) == ({}, {}, {})
    store.close()


# What administrators change

LATER_US = START_US + 10 * HOUR_US
ADMIN = Author("token 0", "10.0.0.7", "req_1")


def logged(house: House) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Action, object, before and after of every row of the log, the oldest first."""
    rows = reversed(house.store.admin_log(limit=100))
    return [(row["action"], row["object"], json.loads(row["before"]), json.loads(row["after"])) for row in rows]


async def test_an_account_and_its_opening_balance_are_one_step(house: House) -> None:
    house.store.gate.clear()
    house.store.failures = 1
    making = asyncio.ensure_future(house.accounts.create("one", balance_nano=5 * USD, by=ADMIN))
    await asyncio.sleep(0.01)
    house.store.gate.set()
    made = await making
    assert (house.store.batches, house.store.tries) == ([1], 2)  # one transaction, of one entry and what goes with it
    again = await house.reopened()
    assert again.accounts.find("one").balance_nano == 5 * USD
    [(action, thing, before, after)] = logged(again)
    assert (action, thing, before, after["balance_usd"]) == ("create_account", made.id, {}, "5")
    assert (await asyncio.to_thread(audit, house.store)).findings == []


async def test_an_account_with_a_balance_is_not_made_while_the_store_fails(house: House) -> None:
    await house.fail()
    with pytest.raises(Unavailable):
        await house.accounts.create("late", balance_nano=USD)
    with pytest.raises(NotFound):
        house.accounts.find("late")


async def test_a_changed_account_is_one_after_a_restart(house: House) -> None:
    acme = house.accounts.find("acme")
    columns = {"name": "Acme", "status": "suspended", "multiplier_ppm": 900_000, "daily_budget_nano": 5 * USD}
    await house.accounts.update(acme, columns, ADMIN)
    again = (await house.reopened()).accounts.find("acme")
    for found in (acme, again):
        assert (found.name, found.status, found.multiplier_ppm, found.multiplier) == (
            "Acme", "suspended", 900_000, "0.9",
        )  # fmt: skip
        assert (found.budget.daily_nano, found.budget.monthly_nano) == (5 * USD, None)
    [(action, thing, before, after)] = logged(house)
    assert (action, thing, before["status"], after["status"]) == ("update_account", "acme", "active", "suspended")
    assert set(before) == set(after) == {"name", "status", "rate_multiplier", "daily_budget_usd"}


async def test_a_change_of_nothing_and_one_by_the_gateway_itself_leave_no_row(house: House) -> None:
    acme = house.accounts.find("acme")
    await house.accounts.update(acme, {"name": acme.name, "status": "active"}, ADMIN)
    await house.accounts.update(acme, {"status": "suspended"})
    assert (logged(house), acme.status) == ([], "suspended")


async def test_a_key_of_a_suspended_account_is_refused_until_it_is_resumed(house: House) -> None:
    acme = house.accounts.find("acme")
    _, text = await house.accounts.create_key(acme, prefix="op_", name="laptop")
    await house.accounts.keys.verify(text.encode())
    await house.accounts.update(acme, {"status": "suspended"})
    with pytest.raises(InvalidKey, match="suspended"):
        house.accounts.keys.known(text.encode())
    again = await house.reopened()
    with pytest.raises(InvalidKey, match="suspended"):
        await again.accounts.keys.verify(text.encode())
    await again.accounts.update(again.accounts.find("acme"), {"status": "active"})
    assert again.accounts.keys.known(text.encode()) is not None


async def test_calls_without_a_key_can_be_suspended_and_stay_free(house: House) -> None:
    made = await house.accounts.create(ANONYMOUS, multiplier_ppm=0, account_id=ANONYMOUS)
    config = Config(Routes(()), {}, None)  # type: ignore[arg-type]  # no catalogue is looked at
    with pytest.raises(InvalidRequest, match="cost nothing"):
        await house.accounts.update(made, {"multiplier_ppm": 1_000_000})
    await house.accounts.update(made, {"status": "suspended"})
    with pytest.raises(InvalidKey, match="suspended"):
        house.accounts.anonymous(config, "127.0.0.1")


async def test_a_changed_key_holds_at_once_for_callers_that_are_remembered_and_after_a_restart(house: House) -> None:
    key, text = await house.accounts.create_key(house.accounts.find("acme"), prefix="op_", name="k", models=("small",))
    first = await house.accounts.keys.verify(text.encode())
    columns = {"models": ("large", "small"), "concurrency": 2, "requests_per_minute": 0, "expires_at_us": LATER_US}
    await house.accounts.update_key(key, columns, by=ADMIN)
    again = await house.reopened()
    for caller in (house.accounts.keys.known(text.encode()), await again.accounts.keys.verify(text.encode())):
        assert caller is not None and caller.key is not None
        row = caller.key.row
        assert caller.models == caller.key.models == {"large", "small"}
        assert (row.concurrency, row.requests_per_minute, row.expires_at_us, row.name) == (2, 0, LATER_US, "k")
    assert first.models == {"small"}  # a request that runs keeps what it began with
    [(action, thing, before, after)] = logged(house)
    assert (action, thing, before["models"], after["models"]) == (
        "update_key", key.row.id, ["small"], ["large", "small"],
    )  # fmt: skip
    await again.accounts.update_key(again.accounts.find_key(key.row.id), {"models": None})
    remembered = again.accounts.keys.known(text.encode())
    assert remembered is not None and remembered.models is None


async def test_a_quota_that_is_set_later_counts_what_the_key_has_used(house: House) -> None:
    key, _ = await house.accounts.create_key(house.accounts.find("acme"), prefix="op_", name="k")
    spend(house, key, "req_1")
    again = await house.reopened()
    found = again.accounts.find_key(key.row.id)
    await again.accounts.update_key(found, {"quota_tokens": 10})
    assert (found.used.tokens, found.row.quota_tokens) == (7, 10)


def spend(house: House, key: ApiKey, request_id: str) -> None:
    """Seven tokens, as admission counts them."""
    ledger, journal = house.accounts.ledger, house.journal
    if not key.account.balance_nano:
        journal.append(ledger.credit(key.account, USD, "first"))
    journal.append(hold(ledger, request_id, key.account, 1, key_id=key.row.id))
    posted = ledger.settle(request_id, rate(), delivery(Usage(input=3, output=4)))
    assert posted is not None
    journal.append(posted)
    key.used.spent_nano += posted.amount_nano or 0
    key.used.tokens += 7


async def test_a_rotated_key_shares_its_quota_with_the_old_one_for_ever(house: House) -> None:
    acme = house.accounts.find("acme")
    facts = {"models": ("small",), "quota_nano": 10**6, "concurrency": 3, "expires_at_us": START_US + 10 * HOUR_US}
    old, old_text = await house.accounts.create_key(acme, prefix="sk_", name="ci", **facts)
    spend(house, old, "req_1")
    new, text = await house.accounts.rotate_key(old, HOUR_US, by=ADMIN)
    assert text.startswith(f"sk_{new.row.id}") and text != old_text
    same = ("name", "prefix", "models", "quota_nano", "concurrency", "expires_at_us", "account")
    assert [getattr(new.row, name) for name in same] == ["ci", "sk_", *facts.values(), "acme"]
    spend(house, new, "req_2")
    spend(house, old, "req_3")
    assert new.used is old.used and new.used.tokens == 21
    last, _ = await house.accounts.rotate_key(new, 0, by=ADMIN)
    assert last.row.quota_of == new.row.quota_of == old.row.id
    again = (await house.reopened()).accounts.keys
    [used] = {id(again.keys[key.row.id].used): again.keys[key.row.id].used for key in (old, new, last)}.values()
    assert (used.tokens, used.spent_nano) == (21, old.used.spent_nano)
    first, second = logged(house)
    assert first[:2] == ("rotate_key", old.row.id) and first[3]["rotated_to"] == new.row.id
    assert second[3]["rotated_to"] == last.row.id
    assert text not in json.dumps([first, second]) and text[-32:] not in json.dumps([first, second])


async def test_a_rotated_key_works_until_the_overlap_is_over(tmp_path: Path) -> None:
    clock = Clock()
    with opened(tmp_path / "test.sqlite", store=TestingStore) as store:
        ledger, ring = load(store, clock)
        journal = Journal(store, retry_s=RETRY_S, patience_s=PATIENCE_S)
        accounts = Accounts(store, ledger, journal, ring, clock)
        old, text = await accounts.create_key(accounts.find("acme"), prefix="op_", name="k")
        new, new_text = await accounts.rotate_key(old, HOUR_US)
        await ring.verify(text.encode())
        await ring.verify(new_text.encode())
        clock.now_us += HOUR_US
        with pytest.raises(InvalidKey, match="expired"):
            ring.known(text.encode())
        assert ring.known(new_text.encode()) is not None
        with pytest.raises(Conflict, match="expired"):
            await accounts.rotate_key(old, HOUR_US)
        _, last_text = await accounts.rotate_key(new, 0)
        with pytest.raises(InvalidKey, match="expired"):
            ring.known(new_text.encode())
        assert (await ring.verify(last_text.encode())).account.id == "acme"
        await journal.close()


async def test_a_key_is_rotated_once_however_many_try_at_the_same_time(house: House) -> None:
    old, _ = await house.accounts.create_key(house.accounts.find("acme"), prefix="op_", name="k")
    tries = await asyncio.gather(
        *(house.accounts.rotate_key(old, HOUR_US, by=ADMIN) for _ in range(4)), return_exceptions=True
    )
    refused = [each for each in tries if isinstance(each, Conflict)]
    assert len(refused) == 3 and all("rotated already" in str(each) for each in refused)
    assert (len(house.accounts.keys_of(old.account)), len(logged(house))) == (2, 1)


async def test_of_two_keys_for_the_last_place_one_is_made(house: House) -> None:
    acme = house.accounts.find("acme")
    await house.accounts.create_key(acme, prefix="op_", name="first", active_max=2)
    tries = await asyncio.gather(
        *(house.accounts.create_key(acme, prefix="op_", name=f"{n}", active_max=2, by=ADMIN) for n in range(2)),
        return_exceptions=True,
    )
    assert [type(each) for each in tries if isinstance(each, BaseException)] == [Conflict]
    assert (len(house.accounts.keys_of(acme)), len(house.store.keys()), len(logged(house))) == (2, 2, 1)


async def test_an_account_that_is_full_is_told_so_without_bcrypt(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    acme, made = await house.accounts.create("acme"), 0
    await house.accounts.create_key(acme, prefix="op_", name="only", active_max=1)

    def counted(prefix: str) -> Any:
        nonlocal made
        made += 1
        return mint(prefix)

    monkeypatch.setattr(accounts, "mint", counted)
    calls = [house.accounts.create_key(acme, prefix="op_", name="more", active_max=1) for _ in range(20)]
    assert {type(each) for each in await asyncio.gather(*calls, return_exceptions=True)} == {Conflict}
    assert made == 0


async def test_one_key_is_hashed_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    acme, running, most = await house.accounts.create("acme"), 0, 0

    def counted(prefix: str) -> Any:
        nonlocal running, most
        running += 1
        most = max(most, running)
        made = mint(prefix)
        running -= 1
        return made

    monkeypatch.setattr(accounts, "mint", counted)
    await asyncio.gather(*(house.accounts.create_key(acme, prefix="op_", name="k") for _ in range(5)))
    assert most == 1 and len(house.accounts.keys_of(acme)) == 5


async def test_a_key_that_is_rotated_does_not_count_but_its_successor_does(house: House) -> None:
    acme = house.accounts.find("acme")
    old, _ = await house.accounts.create_key(acme, prefix="op_", name="only", active_max=1)
    new, _ = await house.accounts.rotate_key(old, HOUR_US, active_max=1)
    with pytest.raises(Conflict, match="limit"):
        await house.accounts.create_key(acme, prefix="op_", name="more", active_max=1)
    with pytest.raises(Conflict, match="limit"):
        await house.accounts.rotate_key(new, HOUR_US, active_max=1)  # two others at a time are the most


async def test_an_expired_key_that_works_again_needs_room(house: House) -> None:
    acme = house.accounts.find("acme")
    key, _ = await house.accounts.create_key(acme, prefix="op_", name="old", expires_at_us=START_US)
    await house.accounts.create_key(acme, prefix="op_", name="new", active_max=1)
    with pytest.raises(Conflict, match="limit"):
        await house.accounts.update_key(key, {"expires_at_us": None}, active_max=1, by=ADMIN)
    assert (key.row.expires_at_us, logged(house)) == (START_US, [])
    await house.accounts.update_key(key, {"expires_at_us": None}, active_max=2)
    assert key.is_active(START_US)


async def test_a_revoked_key_can_be_neither_changed_nor_rotated(house: House) -> None:
    key, _ = await house.accounts.create_key(house.accounts.find("acme"), prefix="op_", name="k")
    await house.accounts.revoke_key(key.row.id, ADMIN)
    await house.accounts.revoke_key(key.row.id, ADMIN)
    for change in (
        house.accounts.update_key(key, {"name": "x"}, by=ADMIN),
        house.accounts.rotate_key(key, 0, by=ADMIN),
    ):
        with pytest.raises(Conflict, match="revoked"):
            await change
    [(action, thing, before, after)] = logged(house)
    assert (action, thing, before, bool(after["revoked_at"])) == ("revoke_key", key.row.id, {"revoked_at": None}, True)


async def test_a_booking_and_its_row_are_one_transaction_and_a_repeated_one_leaves_none(house: House) -> None:
    acme = house.accounts.find("acme")
    house.store.failures = 2  # tried again until it is in
    for _ in range(2):
        await house.accounts.credit(acme, 5 * USD, "invoice 1", ADMIN)
        await house.accounts.adjust(acme, -USD, "ticket 1", "credited twice", ADMIN)
    for refused in (
        house.accounts.adjust(acme, -9 * USD, "ticket 2", "too much", ADMIN),
        house.accounts.credit(acme, USD, "ticket 1", ADMIN),
        house.accounts.credit(acme, 0, "nothing", ADMIN),
    ):
        with pytest.raises((Conflict, InvalidRequest)):
            await refused
    assert logged(house) == [
        ("credit_account", "acme", {"balance_usd": "0"}, {"balance_usd": "5", "amount_usd": "5", "reference": "invoice 1"}),
        ("adjust_account", "acme", {"balance_usd": "5"},
         {"balance_usd": "4", "amount_usd": "-1", "reference": "ticket 1", "reason": "credited twice"}),
    ]  # fmt: skip


async def test_changes_during_an_outage_are_refused_and_leave_everything_as_it_was(house: House) -> None:
    acme = house.accounts.find("acme")
    key, _ = await house.accounts.create_key(acme, prefix="op_", name="k")
    await house.fail()
    for change in (
        house.accounts.update(acme, {"status": "suspended"}, ADMIN),
        house.accounts.update_key(key, {"models": ()}, by=ADMIN),
        house.accounts.rotate_key(key, 0, by=ADMIN),
    ):
        with pytest.raises(Unavailable):
            await change
    await house.recover()
    assert (acme.status, key.models, key.is_active(START_US), logged(house)) == ("active", None, True, [])
    await house.accounts.update(acme, {"status": "suspended"}, ADMIN)
    assert [row[0] for row in logged(house)] == ["update_account"]

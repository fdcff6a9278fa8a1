"""Signing in: one wallet is one account with one credit, whatever comes at once and whatever fails in between."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.billing.scenario import START_US, USD, Clock, opened
from tests.billing.test_journal import PATIENCE_S, RETRY_S, TestingStore
from tests.wallets import Wallet
from tollhouse.accounts import Accounts
from tollhouse.billing.journal import Journal
from tollhouse.billing.ledger import Account
from tollhouse.config.snapshot import Limits, Routes
from tollhouse.counters.memory import MemoryCounters
from tollhouse.errors import InvalidKey, InvalidRequest, RateLimited, TollhouseError, Unavailable
from tollhouse.identity.principals import ANONYMOUS
from tollhouse.loading import load
from tollhouse.sign_ins import LINK_LASTS_US, SignIns

ROUTES = Routes((), signup_credit_nano=5 * USD, limits=Limits(sign_ins_per_minute=0))
WALLET = Wallet(1)
MINUTES = 60


class House:
    """The sign-ins of a process that has a store open."""

    def __init__(self, store: TestingStore, clock: Clock) -> None:
        self.store, self.clock = store, clock
        ledger, keys = load(store, clock)
        self.journal = Journal(store, retry_s=RETRY_S, patience_s=PATIENCE_S)
        self.accounts = Accounts(store, ledger, self.journal, keys, clock)
        self.sign_ins = SignIns(store, self.accounts, MemoryCounters(), (b"k" * 32,), MINUTES, clock)

    async def reopened(self) -> "House":
        """As after a restart."""
        await self.journal.close()
        self.store.migrate()
        return House(self.store, self.clock)

    def signed(self, wallet: Wallet = WALLET) -> str:
        challenge = self.sign_ins.challenge(wallet.address, wallet.chain_id, "client", ROUTES)
        return wallet.signature(challenge.message)

    async def connect(
        self, signature: str | None = None, wallet: Wallet = WALLET, routes: Routes = ROUTES
    ) -> tuple[str, Account]:
        signature = signature if signature is not None else self.signed(wallet)
        return await self.sign_ins.connect(wallet.address, wallet.chain_id, signature, "client", routes)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    with opened(tmp_path / "test.sqlite", store=TestingStore) as store:
        assert isinstance(store, TestingStore)
        house = House(store, Clock(START_US // 300_000_000 * 300_000_000))  # at the beginning of a slot
        yield house
        store.failures = 0
        await house.journal.close()


async def test_the_first_sign_in_makes_an_account_with_its_credit_and_later_ones_find_it(house: House) -> None:
    token, account = await house.connect()
    assert (account.name, account.balance_nano) == (WALLET.address, 5 * USD)
    assert house.sign_ins.address_of(account) == WALLET.address
    assert house.sign_ins.caller(token).account is account
    await house.connect()
    again = await house.reopened()
    for _ in range(2):
        _, same = await again.connect()
        assert (same.id, same.balance_nano) == (account.id, 5 * USD)
        assert again.sign_ins.address_of(same) == WALLET.address


async def test_a_signature_is_used_once(house: House) -> None:
    signature = house.signed()
    await house.connect(signature)
    for again in (house, await house.reopened()):
        with pytest.raises(InvalidKey, match="not good"):
            await again.connect(signature)


async def test_a_sign_in_makes_every_earlier_signature_worthless(house: House) -> None:
    await house.connect()
    first = house.signed()
    house.clock.now_us += 300_000_000
    second = house.signed()
    assert first != second
    await house.connect(second)
    with pytest.raises(InvalidKey):
        await house.connect(first)


async def outcomes(*calls: object) -> list[str]:
    done = await asyncio.gather(*calls, return_exceptions=True)  # type: ignore[call-overload]
    return sorted("in" if isinstance(each, tuple) else type(each).__name__ for each in done)


@pytest.mark.parametrize("known", [False, True])
async def test_of_many_at_once_one_is_in(house: House, known: bool) -> None:
    if known:
        await house.connect()
    signature = house.signed()
    assert await outcomes(*[house.connect(signature) for _ in range(20)]) == ["InvalidKey"] * 19 + ["in"]
    _, account = await house.connect()
    assert account.balance_nano == 5 * USD
    named = [row.id for row in house.store.accounts() if row.name == WALLET.address]
    assert named == [each.id for each in house.accounts.all() if each.name == WALLET.address] == [account.id]


async def test_other_wallets_are_other_accounts_and_chains_are_not(house: House) -> None:
    _, first = await house.connect()
    _, other = await house.connect(wallet=Wallet(2))
    _, same = await house.connect(wallet=Wallet(1, 137))
    assert other.id != first.id and same.id == first.id
    signature = house.signed(Wallet(1, 137))
    with pytest.raises(InvalidKey):
        await house.connect(signature, Wallet(1, 1))


async def test_a_credit_that_was_promised_is_paid_at_the_next_sign_in_and_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> bool:
        raise Unavailable("down")

    with monkeypatch.context() as patched:
        patched.setattr(house.accounts, "credit", fail)
        with pytest.raises(Unavailable):
            await house.connect()
    again = await house.reopened()
    with monkeypatch.context() as patched:  # booked, and the process ends before it notes so
        patched.setattr(again.store, "settle_wallet", lambda _: (_ for _ in ()).throw(TollhouseError("down")))
        with pytest.raises(TollhouseError):
            await again.connect(routes=Routes((), limits=ROUTES.limits))
    last = await again.reopened()
    _, account = await last.connect()
    assert account.balance_nano == 5 * USD and last.store.wallets()[0].owed_nano == 0
    house.journal = last.journal


async def test_a_write_that_reported_an_error_and_happened_keeps_nobody_out(house: House) -> None:
    signature, add = house.signed(), house.store.add_wallet

    def added_and_failed(*arguments: object) -> bool:
        add(*arguments)  # type: ignore[arg-type]
        raise TollhouseError("the disk said no")

    house.store.add_wallet = added_and_failed  # type: ignore[method-assign,assignment]
    with pytest.raises(TollhouseError):
        await house.connect(signature)
    house.store.add_wallet = add  # type: ignore[method-assign]
    with pytest.raises(InvalidKey):
        await house.connect(signature)
    _, account = await house.connect()
    assert account.balance_nano == 5 * USD


async def test_no_credit_without_one_in_the_configuration(house: House) -> None:
    _, account = await house.connect(routes=Routes((), limits=ROUTES.limits))
    assert account.balance_nano == 0
    _, account = await house.connect()
    assert account.balance_nano == 0, "the credit is for those who come new"


async def test_bad_signatures_are_limited_and_do_not_keep_the_owner_out(house: House) -> None:
    routes = Routes((), limits=Limits(sign_ins_per_minute=3))
    for number in range(3):
        with pytest.raises(InvalidKey):
            await house.sign_ins.connect(WALLET.address, 1, "0x", f"client{number}", routes)
    with pytest.raises(RateLimited) as raised:
        await house.sign_ins.connect(WALLET.address, 1, "0x", "client4", routes)
    assert raised.value.retry_after_s is not None and 0 < raised.value.retry_after_s <= 60
    await house.connect(routes=routes)
    for _ in range(2):
        await house.connect(routes=routes)
    with pytest.raises(RateLimited):
        await house.connect(routes=routes)


async def test_each_address_of_the_network_is_limited(house: House) -> None:
    routes = Routes((), limits=Limits(sign_ins_per_minute=2))
    for number in range(2):
        house.sign_ins.challenge(Wallet(number + 1).address, 1, "one", routes)
        with pytest.raises(InvalidKey):
            await house.sign_ins.use_link("nope", "one", routes)
    with pytest.raises(RateLimited):
        house.sign_ins.challenge(WALLET.address, 1, "one", routes)
    with pytest.raises(RateLimited):
        await house.sign_ins.use_link("nope", "one", routes)
    house.sign_ins.challenge(WALLET.address, 1, "two", routes)


async def test_a_suspended_account_cannot_sign_in_nor_go_on(house: House) -> None:
    token, account = await house.connect()
    link = await house.sign_ins.create_link(account)
    account.status = "suspended"
    with pytest.raises(InvalidKey, match="suspended"):
        house.sign_ins.caller(token)
    with pytest.raises(InvalidKey, match="suspended"):
        await house.connect()
    with pytest.raises(InvalidKey, match="suspended"):
        await house.sign_ins.use_link(link.token, "client", ROUTES)


# Links


async def test_a_link_signs_in_once_whoever_comes_at_once(house: House) -> None:
    account = await house.accounts.create("acme")
    link = await house.sign_ins.create_link(account)
    assert link.url == f"http://localhost/dashboard#sign-in={link.token}"
    assert link.token.encode() not in house.store.path.read_bytes(), "only its hash is kept"
    calls = [house.sign_ins.use_link(link.token, "client", ROUTES) for _ in range(20)]
    assert await outcomes(*calls) == ["InvalidKey"] * 19 + ["in"]
    assert house.sign_ins.address_of(account) is None


async def test_a_link_survives_a_restart_and_not_its_time(house: House) -> None:
    account = await house.accounts.create("acme")
    first, second = await house.sign_ins.create_link(account), await house.sign_ins.create_link(account)
    again = await house.reopened()
    token, same = await again.sign_ins.use_link(first.token, "client", ROUTES)
    assert same.id == account.id and again.sign_ins.caller(token).account is same
    again.clock.now_us += LINK_LASTS_US
    with pytest.raises(InvalidKey, match="expired"):
        await again.sign_ins.use_link(second.token, "client", ROUTES)
    house.journal = again.journal


async def test_nobody_signs_in_as_anonymous(house: House) -> None:
    account = await house.accounts.create(ANONYMOUS, account_id=ANONYMOUS)
    with pytest.raises(InvalidRequest):
        await house.sign_ins.create_link(account)


# Out


async def test_what_was_ended_stays_ended(house: House) -> None:
    tokens = [(await house.connect())[0] for _ in range(3)]
    session = house.sign_ins.caller(tokens[0]).session
    assert session is not None
    await house.sign_ins.log_out(session)
    again = await house.reopened()
    for each in (house, again):
        with pytest.raises(InvalidKey, match="ended"):
            each.sign_ins.caller(tokens[0])
        each.sign_ins.caller(tokens[1])
    account = again.sign_ins.caller(tokens[1]).account
    await again.sign_ins.log_out_everywhere(account)
    after, _ = await again.connect()
    last = await again.reopened()
    for each in (again, last):
        for token in tokens:
            with pytest.raises(InvalidKey, match="ended"):
                each.sign_ins.caller(token)
        assert each.sign_ins.caller(after).account.id == account.id
    house.journal = last.journal


async def test_a_session_of_an_account_that_is_gone_is_refused(house: House) -> None:
    token, account = await house.connect()
    del house.accounts.ledger.accounts[account.id]
    with pytest.raises(InvalidKey, match="gone"):
        house.sign_ins.caller(token)

"""The ledger against a second one in SQL, through crashes, restarts, clock jumps and price changes; and its assertions."""

import functools
import shutil
import sqlite3
import tempfile
from pathlib import Path

import orjson
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.billing.scenario import Clock, delivery, hold
from tests.billing.second_ledger import Ask, Refusal, SecondLedger
from tollhouse.billing.audit import audit
from tollhouse.billing.budgets import DAY_US
from tollhouse.billing.ledger import ADJUSTMENTS, FUNDING, REVENUE, Entry, Shortage
from tollhouse.billing.money import format_multiplier
from tollhouse.billing.pricing import PPM3, Rate, Usage, ceiling
from tollhouse.config.catalogue import build_catalogue
from tollhouse.config.json_reader import read_json
from tollhouse.config.snapshot import Catalogue
from tollhouse.loading import load
from tollhouse.storage.base import AccountRow, KeyRow, UsageQuery
from tollhouse.storage.sqlite import SqliteStore
from tollhouse.storage.sqlite_schema import CRASH
from tollhouse.times import format_us, parse_when

MULTIPLIERS = {"plain": 1_000_000, "cheap": 333_333, "dear": 1_100_000, "nothing": 0}
MODEL_MULTIPLIERS = {"1": PPM3, "1.5": PPM3 * 3 // 2, "0.333333333333333333": 333_333_333_333_333_333}
KEYS = (None, "key1", "key2")
Price = tuple[str, str, str | None, str]  # from a date on: input, cache read and output, USD per million tokens
# Each version of the catalogue: per model, its prices.
VERSIONS: tuple[dict[str, list[Price]], ...] = (
    {"small": [("", "1", "0.5", "2"), ("2028-03-01", "1", "0.5", "4")], "free": [("", "0", None, "0")]},
    {"small": [("", "3", None, "0.000000001")], "free": [("", "0", None, "0")]},
    {"small": [("", "3", "0", "1")], "free": [("", "0", None, "0")]},
    {"small": [("", "0.7", "1.3", "2.2"), ("2028-01-01", "0", "0.1", "7")], "free": [("", "0", "0.2", "0")]},
)
STARTS = ("2027-12-31T23:59:50", "2028-02-28T23:59:58", "2028-02-29T12:00:00", "2028-05-01T00:00:00")
NAMES = st.sampled_from(sorted(MULTIPLIERS))
TOKENS = st.integers(min_value=0, max_value=5_000)
AMOUNTS = st.integers(min_value=1, max_value=3 * 10**7)
OPENING = st.sampled_from([1, 10**7, 10**9])
LIMITS = st.none() | st.integers(min_value=0, max_value=5 * 10**7)
PICKS = st.integers(min_value=0, max_value=9)
STATES = {"hold": "held", "post": "posted", "void": "voided", "refund": "voided", "expire": "expired"}


@functools.cache
def catalogue(version: int) -> Catalogue:
    names = ("input_usd_per_mtok", "cache_read_usd_per_mtok", "output_usd_per_mtok")

    def facts(prices: list[Price]) -> dict[str, object]:
        (_, *first), *later = prices
        changes = [
            {"effective": date, **{name: price for name, price in zip(names, change, strict=True) if price}}
            for date, *change in later
        ]
        listed = {name: price for name, price in zip(names, first, strict=True) if price is not None}
        return {**listed, "prices_from": changes} if changes else dict(listed)

    models = {model: facts(prices) for model, prices in VERSIONS[version].items()}
    return build_catalogue(read_json("model_catalog.json", orjson.dumps({"models": models}).decode()).root)


class QuickStore(SqliteStore):
    """Without waiting for the disk: what a crash of this process leaves is the same."""

    def _connect(self) -> sqlite3.Connection:
        connection = super()._connect()
        connection.execute("PRAGMA synchronous = OFF")
        return connection


@functools.cache
def empty_file() -> bytes:
    """A store with the accounts, keys and prices of every run, made once."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "store"
        store = QuickStore(path)
        store.migrate()
        for name, ppm in MULTIPLIERS.items():
            store.add_account(AccountRow(name, name, ppm, "active", 0))
        for key in ("key1", "key2"):
            store.add_key(KeyRow(key, "plain", key, "", b"", 0, quota_nano=10**15))
        for version in range(len(VERSIONS)):
            prices = catalogue(version)
            store.add_price_version(prices.version, prices.canonical_json, 0)
        store.close()
        return path.read_bytes()


class Money(RuleBasedStateMachine):
    """Both ledgers get the same commands. `journal` is what was not written yet; a crash loses the end of it."""

    @initialize(start=st.sampled_from(STARTS), credits=st.lists(OPENING, min_size=3, max_size=3))
    def open(self, start: str, credits: list[int]) -> None:
        self.directory = tempfile.mkdtemp()
        self.path = Path(self.directory) / "store"
        self.path.write_bytes(empty_file())
        self.clock = Clock(parse_when(f"{start}Z", 0))
        self.version = 0
        self.number = 0
        self.requests: list[str] = []  # that had a hold in some process, the newest last
        self.rates: dict[str, tuple[Rate, str, str]] = {}  # and the model, and its multiplier
        self.posted: dict[str, tuple[Entry, int]] = {}  # by this process, and when it began
        self.journal: list[Entry] = []
        self.written = 0
        self.second = SecondLedger()
        for name, ppm in MULTIPLIERS.items():
            self.second.open_account(name, format_multiplier(ppm))
        for number, models in enumerate(VERSIONS):
            for model, prices in models.items():
                for row in prices:
                    self.second.add_price(catalogue(number).version, model, *row)
        self.store = QuickStore(self.path)
        self._load()
        for name, amount in zip(("plain", "cheap", "dear"), credits, strict=True):
            self.credit(name, amount)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            try:
                self.write(len(self.journal))
                self._begin_again()
                self.check_store()
            finally:
                self.store.close()
                shutil.rmtree(self.directory)

    # Requests

    @rule(name=NAMES, model=st.sampled_from(["small", "small", "free"]), multiplier=st.sampled_from(sorted(MODEL_MULTIPLIERS)),
          prompt=TOKENS, output=TOKENS, key=st.sampled_from(KEYS))  # fmt: skip
    def hold(self, name: str, model: str, multiplier: str, prompt: int, output: int, key: str | None) -> None:
        at_us = self.clock()
        prices = catalogue(self.version)
        holder = self.ledger.accounts[name]
        listed = prices.models[model].prices_on(format_us(at_us)[:10])
        rate = Rate(listed, holder.multiplier_ppm, MODEL_MULTIPLIERS[multiplier])
        amount = ceiling(prompt, output, rate)
        self.number += 1
        request = f"req_{self.number}"
        ask = Ask(request, name, key, model, prices.version, at_us, multiplier, prompt, output)
        assert amount == self.second.price_of_hold(ask)
        expected = self.second.hold(ask)
        try:
            entry = hold(
                self.ledger, request, holder, amount, key_id=key, requested_model=model, price_version=prices.version,
                at_us=at_us,
            )  # fmt: skip
        except Shortage as short:
            assert expected == Refusal(short.limit, short.available_nano, short.resets_at_us)
            return
        assert expected is None
        assert amount == 0 or holder.available_nano >= 0
        self.requests.append(request)
        self.rates[request] = rate, model, multiplier
        self.journal.append(entry)

    @rule(name=NAMES, sizes=st.lists(TOKENS, min_size=2, max_size=5), key=st.sampled_from(KEYS))
    def several_at_once(self, name: str, sizes: list[int], key: str | None) -> None:
        for size in sizes:
            self.hold(name, "small", "1", size, size, key)

    @precondition(lambda self: self.ledger.open_holds)
    @rule(prompt=TOKENS, output=TOKENS, refunded=st.booleans())
    def settle_and_refund(self, prompt: int, output: int, refunded: bool) -> None:
        self.settle(0, prompt, 0, output, "a")
        if refunded:
            self.refund(0)

    @precondition(lambda self: self.requests)
    @rule(pick=PICKS, prompt=TOKENS, cache_read=TOKENS, output=TOKENS,
          provider=st.sampled_from(["a", "b"]))  # fmt: skip
    def settle(self, pick: int, prompt: int, cache_read: int, output: int, provider: str) -> None:
        """A running request, or one that is over; what it uses may be more than its hold."""
        request = self._picked(pick)
        expected = self.second.settle(request, prompt, cache_read, output, provider)
        began_us = self.ledger.open_holds[request].at_us if self.ledger.is_held(request) else 0
        rate, model, multiplier = self.rates[request]
        usage = Usage(input=prompt, cache_read=cache_read, output=output)
        served = delivery(usage, provider=provider, served_model=model, model_multiplier=multiplier)
        entry = self.ledger.settle(request, rate, served)
        assert (entry.amount_nano if entry else None) == expected
        if entry is not None:
            self.posted[request] = entry, began_us
            self.journal.append(entry)

    @precondition(lambda self: self.requests)
    @rule(pick=PICKS)
    def void(self, pick: int) -> None:
        request = self._picked(pick)
        self._given_back(self.second.void(request), self.ledger.void(request, "nothing was delivered"))

    @precondition(lambda self: self.requests)
    @rule(pick=PICKS)
    def expire(self, pick: int) -> None:
        request = self._picked(pick)
        self._given_back(self.second.void(request, "expire"), self.ledger.expire(request, "its end never came"))

    @rule()
    def expire_what_is_old(self) -> None:
        before_us = self.clock() - DAY_US
        old = [request for request, hold in self.ledger.open_holds.items() if hold.at_us < before_us]
        assert sorted(old) == sorted(self.second.began_before(before_us))
        for request in old:
            self._given_back(self.second.void(request, "expire"), self.ledger.expire(request, "no end after a day"))

    def _picked(self, pick: int) -> str:
        """One that runs, where the pick is even and there is one; else any."""
        candidates = self.requests if pick % 2 else list(self.ledger.open_holds) or self.requests
        return candidates[-1 - pick // 2 % len(candidates)]

    def _given_back(self, expected: bool, entry: Entry | None) -> None:
        assert (entry is not None) is expected
        if entry is not None:
            assert entry.amount_nano is None
            self.journal.append(entry)

    @precondition(lambda self: self.posted)
    @rule(pick=PICKS)
    def refund(self, pick: int) -> None:
        request = list(self.posted)[-1 - pick % len(self.posted)]
        posted, began_us = self.posted.pop(request)
        self.second.refund(request)
        self.journal.append(self.ledger.refund(posted, began_us, "the store failed"))

    # Accounts

    @rule(name=NAMES, amount=AMOUNTS)
    def credit(self, name: str, amount: int) -> None:
        self.second.credit(name, amount)
        self.journal.append(self.ledger.credit(self.ledger.accounts[name], amount, f"credit {self._position}"))

    @rule(name=NAMES, amount=st.integers(min_value=-(10**7), max_value=10**7).filter(bool))
    def adjust(self, name: str, amount: int) -> None:
        expected = self.second.adjust(name, amount)
        reference = f"adjustment {self._position}"
        try:
            entry = self.ledger.adjust(self.ledger.accounts[name], amount, reference, "goodwill")
        except Shortage as short:
            assert expected == Refusal(short.limit, short.available_nano, short.resets_at_us)
            return
        assert expected is None
        self.journal.append(entry)

    @rule(name=NAMES)
    def empty_and_top_up(self, name: str) -> None:
        """An account at nothing takes no hold; a top-up makes it whole."""
        available = self.ledger.accounts[name].available_nano
        if available:
            self.adjust(name, -available)
        self.hold(name, "small", "1", 10, 10, None)
        self.hold(name, "free", "1", 10, 10, None)
        self.credit(name, 10**7)
        self.hold(name, "small", "1", 10, 10, None)

    @rule(name=NAMES, size=st.integers(min_value=1, max_value=100), tight=st.sampled_from(["balance", "day", "month"]),
          missing=st.integers(min_value=0, max_value=1))  # fmt: skip
    def fit_to_the_last_nano_dollar(self, name: str, size: int, tight: str, missing: int) -> None:
        """A hold for which there is exactly enough, or one nano-dollar less."""
        account, at_us = self.ledger.accounts[name], self.clock.now_us + 1
        ask = Ask("", name, None, "small", catalogue(self.version).version, at_us, "1", size, size)
        enough = self.second.price_of_hold(ask)
        available = enough - missing if tight == "balance" else 2 * enough
        if available != account.available_nano:
            self.adjust(name, available - account.available_nano)
        day, month = account.budget.windows(at_us)
        limits = [window.spent_nano + window.held_nano + enough for window in (day, month)]
        self.set_budgets(
            name,
            limits[0] - missing if tight == "day" else None,
            limits[1] - missing if tight == "month" else None,
        )
        self.hold(name, "small", "1", size, size, None)
        if account.available_nano >= 0:
            self.adjust(name, -account.available_nano - 1)  # more than there is

    @rule(name=NAMES, size=st.integers(min_value=1, max_value=100))
    def overdraw(self, name: str, size: int) -> None:
        """A call that costs more than its hold and than there is; free calls still run."""
        self.fit_to_the_last_nano_dollar(name, size, "balance", 0)
        if self.requests and self.ledger.is_held(self.requests[-1]):
            self.settle(1, size, size, 2 * size, "b")
        self.hold(name, "free", "1", size, size, None)
        self.hold(name, "small", "1", size, size, None)

    @rule(name=NAMES, size=st.integers(min_value=1, max_value=100), days=st.integers(min_value=0, max_value=1))
    def spend_and_restart_later(self, name: str, size: int, days: int) -> None:
        """What was spent before a restart counts after it, also where the clock was set back meanwhile."""
        self.credit(name, 10**7)
        self.hold(name, "small", "1", size, size, "key1")
        if self.requests:
            self.settle(0, size, 0, size, "a")
        self.clock.now_us += days * DAY_US
        self.write(len(self.journal))
        self._begin_again()
        self.turn_the_clock(-days, False)

    @rule(name=NAMES, daily=LIMITS, monthly=LIMITS)
    def set_budgets(self, name: str, daily: int | None, monthly: int | None) -> None:
        self.store.update_account(name, {"daily_budget_nano": daily, "monthly_budget_nano": monthly})
        budget = self.ledger.accounts[name].budget
        budget.daily_nano, budget.monthly_nano = daily, monthly
        self.second.set_budgets(name, daily, monthly)

    # The world

    @rule(version=st.integers(min_value=0, max_value=len(VERSIONS) - 1))
    def change_prices(self, version: int) -> None:
        self.version = version

    @rule(days=st.integers(min_value=-3, max_value=3), edge=st.booleans())
    def turn_the_clock(self, days: int, edge: bool) -> None:
        """By whole days, or to just before a midnight; not beyond the day before the process began."""
        now = self.clock.now_us + days * DAY_US
        self.clock.now_us = max((now // DAY_US + 1) * DAY_US - 2 if edge else now, self.earliest_us)

    @rule(forward=st.booleans())
    def turn_the_clock_by_a_month(self, forward: bool) -> None:
        self.clock.now_us = max(self.clock.now_us + (1 if forward else -1) * 30 * DAY_US, self.earliest_us)

    @rule(count=st.integers(min_value=1, max_value=20))
    def write(self, count: int) -> None:
        batch, self.journal = self.journal[:count], self.journal[count:]
        self.store.write(batch)
        self.written += len(batch)

    @precondition(lambda self: self._position > self.loaded_at + 5)
    @rule()
    def restart(self) -> None:
        self.write(len(self.journal))
        self._begin_again()

    @precondition(lambda self: self._position > self.loaded_at + 5)
    @rule(lost=st.integers(min_value=0, max_value=12))
    def crash(self, lost: int) -> None:
        self.write(max(len(self.journal) - lost, 0))
        self._begin_again()

    def _begin_again(self) -> None:
        self.store.close()
        self.journal.clear()
        self.posted.clear()
        self.second.restart(self.written)
        self.store = QuickStore(self.path)
        self._load()

    def _load(self) -> None:
        """As the application does: read the store, then give back what an earlier process left open."""
        self.store.migrate()
        self.earliest_us = (self.clock.now_us // DAY_US - 1) * DAY_US
        self.ledger, self.keys = load(self.store, self.clock)
        for found in self.store.open_holds():
            self.ledger.restore(found.request_id, found.account, found.key_id, found.amount_nano, found.at_us)
            entry = self.ledger.void(found.request_id, CRASH)
            assert entry is not None
            self.journal.append(entry)
        self.write(len(self.journal))
        self.loaded_at = self.written

    @property
    def _position(self) -> int:
        return self.written + len(self.journal)

    # What has to agree

    @invariant()
    def books_agree(self) -> None:
        if not hasattr(self, "store"):
            return
        ledger, second = self.ledger, self.second
        assert {
            name: (kept.balance_nano, kept.held_nano, kept.spent_nano, kept.adjusted_nano)
            for name, kept in ledger.accounts.items()
        } == second.accounts()
        now = self.clock.now_us
        windows = second.windows(now)
        for name, kept in ledger.accounts.items():
            for span, window in zip(("day", "month"), kept.budget.windows(now), strict=True):
                assert (window.spent_nano, window.held_nano) == windows.get((name, span), (0, 0)), (name, span)
        assert list(ledger.open_holds) == second.requests("hold")
        assert all(ledger.is_held(request) for request in ledger.open_holds)
        sides = second.sides()
        assert (
            sum(sides.values())
            == 0
            == sum(ledger.house_nano.values()) + sum(kept.balance_nano for kept in ledger.accounts.values())
        )
        for house in (REVENUE, FUNDING, ADJUSTMENTS):
            assert ledger.house_nano[house] == sides.get(house, 0)
        for name, kept in ledger.accounts.items():
            assert kept.balance_nano == sides.get(name, 0)
        assert ledger.overdraft_nano == second.overdraft()

    def check_store(self) -> None:
        """Everything is written: what the store has derived is what the second ledger makes of its own rows."""
        report = audit(self.store)
        assert report.findings == [] and report.drift == 0
        self._check_summary()
        self._check_requests()
        self._check_usage()
        self._check_keys()

    def _check_summary(self) -> None:
        summary, accounts = self.store.summary(), self.second.accounts().values()
        assert {kind: count for kind, count in summary.counts.items() if count} == self.second.counts()
        assert (summary.balance_nano, summary.spent_nano, summary.adjusted_nano) == tuple(
            sum(figures[column] for figures in accounts) for column in (0, 2, 3)
        )
        ledger = self.ledger.accounts.values()
        assert summary.balance_nano == sum(kept.balance_nano for kept in ledger)
        assert summary.spent_nano == sum(kept.spent_nano for kept in ledger) == self.ledger.house_nano[REVENUE]

    def _check_requests(self) -> None:
        rows = self.store.ledger(limit=10_000)
        assert {row["request_id"]: (row["state"], row["cost_nano"]) for row in rows} == {
            request: (STATES[state], cost) for request, (state, cost) in self.second.states().items()
        }

    def _check_usage(self) -> None:
        for name, width_us in (("hour", DAY_US // 24), ("day", DAY_US)):
            by = (name, "account", "key", "model", "provider")
            rows = self.store.usage(UsageQuery(by, 0, 24 * 10**6))
            sums = ("requests", "input_tokens", "cache_read_tokens", "output_tokens", "cost_nano")
            assert [tuple(row[column] for column in (*by, *sums)) for row in rows] == self.second.usage(width_us)
        spent: dict[tuple[str, int], int] = {}
        for day, account, _, _, _, *_, cost in self.second.usage(DAY_US):
            spent[account, day] = spent.get((account, day), 0) + cost
        kept = {(account, day): cost for account, day, cost in self.store.spending(0)}
        assert {each: cost for each, cost in kept.items() if cost} == {
            each: cost for each, cost in spent.items() if cost
        }

    def _check_keys(self) -> None:
        rows = self.second.usage(DAY_US)
        for key in self.keys.keys.values():
            mine = [row[6:] for row in rows if row[2] == key.row.id]
            assert key.used.spent_nano == sum(row[-1] for row in mine)
            assert key.used.tokens == sum(sum(row[:-1]) for row in mine)


Money.TestCase.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)
TestMoney = Money.TestCase

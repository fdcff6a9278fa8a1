"""What each provider has spent today, and what follows: an e-mail at one threshold, a pause and an e-mail at the other.

Spending is what callers are charged, in the UTC day in which their requests began, as the ledger's own roll-ups have it:
the counters are rebuilt from those at the start. Where several gateways share a Redis, the thresholds look at the sum of
all of them. What has happened is kept in the store as a mark, so it happens once per provider, threshold and day. It is
kept after the pause and before the e-mail: a crash between them repeats a pause, which changes nothing, or sends what
was not sent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tollhouse.alerts import Alerts
from tollhouse.background import Background
from tollhouse.billing.journal import Journal
from tollhouse.billing.money import NANO, format_usd
from tollhouse.config.snapshot import Provider
from tollhouse.counters.base import Holder
from tollhouse.errors import TollhouseError, Unavailable
from tollhouse.spending_alerts import ALERT, RESUME, STOP, alert_of
from tollhouse.storage.base import Mark, Store
from tollhouse.times import DAY_US, format_day

if TYPE_CHECKING:  # it loads the Redis client, which most gateways do without
    from tollhouse.counters.redis import RedisSpending

T = TypeVar("T")

STORE_RETRY_S = 0.5  # while the store fails
CLOSE_S = 5.0  # how long stopping waits for pauses and marks under way

Pause = Callable[[str, str], Awaitable[object]]  # pauses a provider, with a reason

log = structlog.get_logger("tollhouse.spending")


@dataclass(slots=True)
class Spent:
    """What was spent with one provider on one day, in nano-dollars."""

    own_nano: int = 0  # by this gateway
    others_nano: int = 0  # by those that share a Redis with it, when they last said so
    resumed_nano: int = (
        0  # what it was when an administrator let the provider go on: the stop threshold counts from here
    )

    @property
    def total_nano(self) -> int:
        return self.own_nano + self.others_nano


class Spending(Collector):
    """Counts in memory, synchronously; everything that follows from it runs beside the calls."""

    def __init__(
        self,
        store: Store,
        journal: Journal,
        alerts: Alerts,
        clock_us: Callable[[], int],
        shared: "RedisSpending | None" = None,
    ) -> None:
        self.pause: Pause = _cannot_pause
        self.paused: Container[str] = ()  # the providers that are paused now
        self._store = store
        self._journal = journal
        self._alerts = alerts
        self._clock_us = clock_us
        self._shared = shared
        self._claims = shared.claims if shared is not None and alerts.mails else None
        self._spent: dict[tuple[str, int], Spent] = {}
        self._providers: Mapping[str, Provider] = {}
        self._watched: dict[str, tuple[int | None, int | None]] = {}  # alert and stop thresholds, nano-dollars a day
        self._marks: set[Mark] = set()
        self._tasks = Background()
        self._waiting = (
            Background()
        )  # to tell what others have claimed, should they not; stopping does not wait for that

    def open(self) -> None:
        """Rebuild the counters from the ledger, tell what an earlier run did not, and share from now on."""
        yesterday = self._today() - 1
        for provider, day, nano in self._store.provider_spending(yesterday):
            self._of(provider, day).own_nano = nano
        for mark, told in self._store.marks(yesterday):
            self._marks.add(mark)
            spent = self._of(mark.provider, mark.day)
            if mark.kind == RESUME:
                spent.resumed_nano = max(spent.resumed_nano, mark.amount_nano)
            elif not told:
                self._tasks.run(self._tell(mark, spent.total_nano))
        if self._shared is not None:
            self._shared.start(self._own, self._learn)

    def use(self, providers: Mapping[str, Provider]) -> None:
        """Watch the thresholds of a configuration; one that is reached already has its effect now."""
        self._providers = providers
        self._watched = {
            each.name: (each.alert_nano_per_day, each.stop_nano_per_day)
            for each in providers.values()
            if (each.alert_nano_per_day, each.stop_nano_per_day) != (None, None)
        }
        today = self._today()
        for provider in self._watched:
            if (provider, today) in self._spent:
                self._check(provider, today, self._spent[provider, today])

    def add(self, provider: str, began_us: int, amount_nano: int) -> None:
        """Count a charge of a request that began at some time; a refund is a negative one. Never waits."""
        day = began_us // DAY_US
        spent = self._spent.get((provider, day)) or self._of(provider, day)
        spent.own_nano += amount_nano
        if self._shared is not None:
            self._shared.changed()
        if provider in self._watched:
            self._check(provider, day, spent)

    async def resumed(self, provider: str) -> None:
        """An administrator lets a provider go on. A stop threshold that it has reached today counts anew from here.

        Raises Unavailable where the store fails.
        """
        today = self._today()
        spent = self._of(provider, today)
        stop_nano = self._watched.get(provider, (None, None))[1]
        if stop_nano is None:
            return
        threshold_nano = spent.resumed_nano + stop_nano
        if Mark(provider, today, STOP, threshold_nano) not in self._marks:
            return  # somebody had paused it by hand, or has raised the threshold since
        from_nano = max(spent.total_nano, threshold_nano)  # it may be less again by now, after a refund
        mark, at_us = Mark(provider, today, RESUME, from_nano), self._clock_us()
        await self._journal.run(lambda store: store.tell_mark(mark, at_us))
        spent.resumed_nano = from_nano

    def today_nano(self, provider: str) -> int:
        """What was spent with a provider today, by all gateways that share a Redis with this one."""
        spent = self._spent.get((provider, self._today()))
        return spent.total_nano if spent is not None else 0

    async def close(self) -> None:
        """Finish what is under way. What takes too long is done again after the next start."""
        await self._tasks.close(CLOSE_S)
        await self._waiting.close(0)
        await self._alerts.close()
        if self._shared is not None:
            await self._shared.close()

    def collect(self) -> Iterable[Metric]:
        gauge = GaugeMetricFamily("tollhouse_provider_spend_usd", "Charged today (UTC), in USD", labels=["provider"])
        for provider in self._providers:
            gauge.add_metric([provider], self.today_nano(provider) / NANO)
        yield gauge

    def _today(self) -> int:
        return self._clock_us() // DAY_US

    def _of(self, provider: str, day: int) -> Spent:
        """The counter of a provider's day; the first of a day forgets those before yesterday."""
        found = self._spent.get((provider, day))
        if found is None:
            yesterday = self._today() - 1
            self._spent = {key: spent for key, spent in self._spent.items() if key[1] >= yesterday}
            self._marks = {mark for mark in self._marks if mark.day >= yesterday}
            found = self._spent[provider, day] = Spent()
        return found

    def _own(self) -> Mapping[tuple[str, int], int]:
        """What this gateway writes into Redis; also what is zero, to read what others have spent there."""
        today = self._today()
        own = {key: spent.own_nano for key, spent in self._spent.items()}
        return {(provider, today): 0 for provider in self._watched} | own

    def _learn(self, provider: str, day: int, others_nano: int) -> None:
        """What the other gateways have spent, as Redis has it."""
        spent = self._of(provider, day)
        spent.others_nano = others_nano
        if provider in self._watched and day == self._today():
            self._check(provider, day, spent)

    def _check(self, provider: str, day: int, spent: Spent) -> None:
        alert_nano, stop_nano = self._watched[provider]
        total_nano = spent.total_nano
        stops = False
        if stop_nano is not None and total_nano >= spent.resumed_nano + stop_nano and day == self._today():
            stops = self._reach(Mark(provider, day, STOP, spent.resumed_nano + stop_nano), total_nano)
        if alert_nano is not None and total_nano >= alert_nano:
            self._reach(Mark(provider, day, ALERT, alert_nano), total_nano, outdone=stops)

    def _reach(self, mark: Mark, total_nano: int, *, outdone: bool = False) -> bool:
        """Whether a threshold is reached for the first time. Of one that is `outdone` by the stop nobody needs to read."""
        if mark in self._marks:
            return False
        self._marks.add(mark)
        self._tasks.run(self._told(mark) if outdone else self._act(mark, total_nano))
        return True

    # Beside the calls

    async def _act(self, mark: Mark, total_nano: int) -> None:
        """What a threshold is for: the pause, then the mark, then the e-mail."""
        log.warning(
            "spending_threshold_reached",
            provider=mark.provider,
            kind=mark.kind,
            threshold_usd=format_usd(mark.amount_nano),
        )
        unpaused = ""
        if mark.kind == STOP:
            unpaused = await self._pause(mark)
        at_us = self._clock_us()
        await _insist(lambda: self._journal.run(lambda store: store.add_mark(mark, at_us)))
        await self._tell(mark, total_nano, unpaused)

    async def _pause(self, mark: Mark) -> str:
        """Pause a provider, however long the store fails; why it cannot be done, or ""."""
        reason = (
            f"its spending limit of {format_day(mark.day)} is reached"  # clients read it: the amounts are in the mail
        )
        try:
            await _insist(lambda: self.pause(mark.provider, reason))
        except TollhouseError as error:
            log.error("provider_not_paused", provider=mark.provider, reason=str(error))
            return str(error)
        return ""

    async def _tell(self, mark: Mark, total_nano: int, unpaused: str = "") -> None:
        """Queue the e-mail, unless another gateway sends it or has."""
        alert = alert_of(mark, total_nano, paused=mark.provider in self.paused, unpaused=unpaused)
        holder = Holder.OURS if self._claims is None else await self._claims.claim(alert.key)
        if holder is Holder.THEIRS:
            self._waiting.run(self._tell_later(mark, total_nano, unpaused))
        elif holder is Holder.NOBODYS:
            log.info("alert_left_to_another_gateway", alert=alert.key)
            await self._told(mark)
        elif not self._alerts.send(alert, lambda told: self._ended(mark, alert.key, told)):
            await self._ended(mark, alert.key, told=False)

    async def _tell_later(self, mark: Mark, total_nano: int, unpaused: str) -> None:
        assert self._claims is not None, "another gateway has claimed it"
        await asyncio.sleep(self._claims.asked_again_s)
        await self._tell(mark, total_nano, unpaused)

    async def _ended(self, mark: Mark, claimed: str, told: bool) -> None:
        """People have been told, or this gateway cannot tell them: the next start tries again, and any other gateway now."""
        if self._claims is not None:
            await self._claims.end(claimed, told=told)
        if told:
            await self._told(mark)

    async def _told(self, mark: Mark) -> None:
        """Keep that people need not be told of a threshold any more."""
        at_us = self._clock_us()
        await _insist(lambda: self._journal.run(lambda store: store.tell_mark(mark, at_us)))


async def _insist(work: Callable[[], Awaitable[T]]) -> T:
    """The result of a work, tried until the store takes it."""
    while True:
        try:
            return await work()
        except Unavailable:
            await asyncio.sleep(STORE_RETRY_S)


async def _cannot_pause(provider: str, reason: str) -> None:
    raise TollhouseError("this gateway has nothing that pauses providers")

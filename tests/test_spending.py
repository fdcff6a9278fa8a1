"""Thresholds of providers: reached once, told once, over restarts, days, refunds and reloads; the ledger is the truth."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.gateway import Gateway, bearer, chat, provider, write_config
from tests.leaving import until
from tests.mailbox import TO, Mailbox
from tests.relaying import BrokenDisk
from tests.upstream import Connection, Request, ScriptedUpstream, by_path
from tollhouse.alerts import Alerts
from tollhouse.billing.journal import Journal
from tollhouse.charge import Charge
from tollhouse.config.load import load
from tollhouse.config.snapshot import Provider
from tollhouse.contract.documents import claimed_paths
from tollhouse.data_directory import STORE_FILE
from tollhouse.errors import TollhouseError, Unavailable
from tollhouse.spending import Spending
from tollhouse.storage.sqlite import SqliteStore
from tollhouse.times import DAY_US

USD = 10**9
TODAY = 20_778
NOON_US = TODAY * DAY_US + DAY_US // 2
CALL_NANO = 25_000  # what one `chat()` costs
PAUSED = "one is paused: it has spent {} USD today"
SPENT = "one has spent {} USD today"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


def watched(alert: float | None = None, stop: float | None = None) -> Mapping[str, Provider]:
    """Provider `one` with thresholds in USD."""
    nano = [None if usd is None else int(usd * USD) for usd in (alert, stop)]
    one = Provider("one", "openai", "http://x/v1", (), {}, alert_nano_per_day=nano[0], stop_nano_per_day=nano[1])
    return {"one": one, "two": Provider("two", "openai", "http://x/v1", (), {})}


@dataclass
class Run:
    """One run of a process, with a clock that tests set."""

    spending: Spending
    journal: Journal
    store: SqliteStore
    mailbox: Mailbox
    now_us: int = NOON_US
    paused: list[tuple[str, str]] = field(default_factory=list)

    def spend(self, usd: float, name: str = "one") -> None:
        self.spending.add(name, self.now_us, int(usd * USD))

    async def subjects(self, count: int) -> list[str]:
        """What was mailed, once that many have come and are known to have been told, and no more comes."""
        await until(lambda: len(self.mailbox.messages) >= count)
        await until(lambda: all(told for _, told in self.store.marks(0)))
        await asyncio.sleep(0.05)
        return [subject.removeprefix("[Tollhouse] ") for subject in self.mailbox.subjects]


@asynccontextmanager
async def running(
    directory: Path,
    mailbox: Mailbox,
    providers: Mapping[str, Provider],
    *,
    spent: float = 0,
    paused: tuple[str, ...] = (),
    **alerting: Any,
) -> AsyncIterator[Run]:
    """`spent` is what the ledger says that `one` has spent today, in USD; `paused` are the providers that are already."""
    store = SqliteStore(directory / "store")
    store.migrate()
    run: Run
    journal = Journal(store)
    spending = Spending(store, journal, Alerts(mailbox.server, TO, **alerting), lambda: run.now_us)
    run = Run(spending, journal, store, mailbox)

    now_paused = set(paused)

    async def pause(name: str, reason: str) -> None:
        run.paused.append((name, reason))
        now_paused.add(name)

    spending.pause, spending.paused = pause, now_paused
    if spent:
        spending.add("one", NOON_US, int(spent * USD))
    spending.open()
    spending.use(providers)
    try:
        yield run
    finally:
        await spending.close()
        await journal.close()
        store.close()


async def test_an_alert_is_mailed_once_when_its_threshold_is_reached(tmp_path: Path, mailbox: Mailbox) -> None:
    async with running(tmp_path, mailbox, watched(alert=50)) as run:
        run.spend(49.9)
        run.spend(1000, name="two")
        await asyncio.sleep(0.1)
        assert mailbox.messages == []
        for _ in range(5):
            run.spend(0.1)
        assert await run.subjects(1) == [SPENT.format(50)]
        assert run.paused == []


async def test_the_stop_pauses_and_says_what_to_do(tmp_path: Path, mailbox: Mailbox) -> None:
    async with running(tmp_path, mailbox, watched(alert=50, stop=200)) as run:
        run.spend(50)
        assert await run.subjects(1) == [SPENT.format(50)]
        run.spend(151)
        run.spend(1)
        assert (await run.subjects(2))[1:] == [PAUSED.format(201)]
        assert run.paused == [("one", "its spending limit of 2026-11-21 is reached")]
        text = mailbox.messages[1].get_content()
        for words in ("tollhouse providers resume one", "201 USD", "200 USD", "2026-11-21"):
            assert words in text


async def test_one_charge_that_reaches_both_thresholds_is_told_as_the_stop_alone(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    both = watched(alert=50, stop=200)
    async with running(tmp_path, mailbox, both) as run:
        run.spend(1000)
        assert await run.subjects(1) == [PAUSED.format(1000)]
    async with running(tmp_path, mailbox, both, spent=1000) as run:
        run.spend(1)
        await asyncio.sleep(0.1)
        assert len(mailbox.messages) == 1


async def test_an_alert_above_the_stop_still_comes(tmp_path: Path, mailbox: Mailbox) -> None:
    async with running(tmp_path, mailbox, watched(alert=60, stop=50)) as run:
        run.spend(50)
        assert await run.subjects(1) == [PAUSED.format(50)]
        run.spend(10)  # by calls that were under way
        assert (await run.subjects(2))[1:] == [SPENT.format(60)]
    text = mailbox.messages[1].get_content()
    assert "It is paused" in text and "tollhouse providers resume one" in text
    assert "goes on serving" not in text and "providers pause one" not in text


async def test_a_refund_takes_back_what_counted(tmp_path: Path, mailbox: Mailbox) -> None:
    async with running(tmp_path, mailbox, watched(alert=50)) as run:
        run.spend(49)
        run.spend(-40)
        run.spend(40)
        await asyncio.sleep(0.05)
        assert mailbox.messages == []
        run.spend(1)
        run.spend(-30)
        run.spend(30)
        assert await run.subjects(1) == [SPENT.format(50)], "the second time is not news"


async def test_a_new_day_starts_at_nothing(tmp_path: Path, mailbox: Mailbox) -> None:
    async with running(tmp_path, mailbox, watched(alert=50, stop=80)) as run:
        run.spend(60)
        await run.subjects(1)
        began_us, run.now_us = run.now_us, run.now_us + DAY_US
        assert run.spending.today_nano("one") == 0
        run.spending.add("one", began_us, 30 * USD)  # a call of yesterday ends: nothing to pause today
        run.spend(49)
        await asyncio.sleep(0.05)
        assert len(mailbox.messages) == 1
        run.spend(1)
        assert await run.subjects(2) == [SPENT.format(60), SPENT.format(50)]
        assert "2026-11-22" in mailbox.messages[1].get_content() and run.paused == []
        run.now_us += 10 * DAY_US
        run.spend(1)
        assert list(run.spending._spent) == [("one", TODAY + 11)], "what is long over is forgotten"


async def test_a_restart_mails_nothing_again(tmp_path: Path, mailbox: Mailbox) -> None:
    for number in range(3):
        async with running(tmp_path, mailbox, watched(alert=50, stop=80), spent=100) as run:
            run.spend(1)
            assert len(await run.subjects(1)) == 1
            assert len(run.paused) == (number == 0)


async def test_what_could_not_be_mailed_is_mailed_after_the_next_start(tmp_path: Path, mailbox: Mailbox) -> None:
    mailbox.refusal = "451 try later"
    async with running(tmp_path, mailbox, watched(stop=50), retry_s=60) as run:
        run.spend(60)
        await until(lambda: run.spending._alerts._refused)
    mailbox.refusal = None
    async with running(tmp_path, mailbox, watched(stop=50), spent=60, paused=("one",)) as run:
        assert await run.subjects(1) == [PAUSED.format(60)]
        assert run.paused == []


async def test_a_stop_that_is_told_after_somebody_resumed_the_provider_says_so(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    mailbox.refusal = "451 try later"
    async with running(tmp_path, mailbox, watched(stop=50), retry_s=60) as run:
        run.spend(60)
        await until(lambda: run.spending._alerts._refused)
    mailbox.refusal = None
    async with running(tmp_path, mailbox, watched(stop=50), spent=60) as run:
        assert await run.subjects(1) == ["one was paused: it has spent 60 USD today"]
    text = mailbox.messages[0].get_content()
    assert "has resumed it since" in text and "providers pause one" in text


async def test_a_provider_that_is_resumed_pauses_after_another_stop(tmp_path: Path, mailbox: Mailbox) -> None:
    async with running(tmp_path, mailbox, watched(stop=50)) as run:
        await run.spending.resumed("one")  # of a pause by hand: there is nothing to start over
        run.spend(55)
        await run.subjects(1)
        await run.spending.resumed("one")
        await run.spending.resumed("one")
        run.spend(49)
        await asyncio.sleep(0.05)
        assert len(run.paused) == 1
    async with running(tmp_path, mailbox, watched(stop=50), spent=104) as run:
        await asyncio.sleep(0.05)
        assert run.paused == [], "a restart knows of the resumption"
        run.spend(1)
        assert await run.subjects(2) == [PAUSED.format(55), PAUSED.format(105)]
        assert len(run.paused) == 1


async def test_a_refund_between_pause_and_resumption_leaves_another_stop(tmp_path: Path, mailbox: Mailbox) -> None:
    async with running(tmp_path, mailbox, watched(stop=50)) as run:
        run.spend(50)
        await run.subjects(1)
        run.spend(-10)
        await run.spending.resumed("one")
        run.spend(59)
        await asyncio.sleep(0.05)
        assert len(run.paused) == 1
        run.spend(1)
        assert await run.subjects(2) == [PAUSED.format(50), PAUSED.format(100)]


async def test_raising_the_threshold_before_resuming_leaves_the_new_one(tmp_path: Path, mailbox: Mailbox) -> None:
    async with running(tmp_path, mailbox, watched(stop=50)) as run:
        run.spend(55)
        await run.subjects(1)
        run.spending.use(watched(stop=80))
        await run.spending.resumed("one")
        run.spend(25)
        assert await run.subjects(2) == [PAUSED.format(55), PAUSED.format(80)]


async def test_a_threshold_that_is_lowered_below_what_was_spent_has_its_effect_at_once(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    async with running(tmp_path, mailbox, watched()) as run:
        run.spend(55)
        run.spending.use(watched(alert=60, stop=50))
        assert await run.subjects(1) == [PAUSED.format(55)]
        run.spending.use(watched(alert=60))
        run.spending.use(watched(alert=60, stop=50))
        run.spending.use(watched())
        run.spend(100)
        assert len(await run.subjects(1)) == 1


async def test_a_store_that_fails_is_asked_until_the_provider_is_paused(tmp_path: Path, mailbox: Mailbox) -> None:
    async with running(tmp_path, mailbox, watched(stop=50)) as run:
        tries: list[str] = []

        async def pause(name: str, reason: str) -> None:
            tries.append(name)
            if len(tries) < 3:
                raise Unavailable("the store is down")
            run.spending.paused = (name,)

        run.spending.pause = pause
        run.spend(50)
        assert await run.subjects(1) == [PAUSED.format(50)]
        assert len(tries) == 3


async def test_a_pause_that_is_impossible_is_said(tmp_path: Path, mailbox: Mailbox) -> None:
    async with running(tmp_path, mailbox, watched(stop=50)) as run:

        async def pause(name: str, reason: str) -> None:
            raise TollhouseError("there is no such provider")

        run.spending.pause = pause
        run.spend(50)
        assert await run.subjects(1) == ["one has reached its stop threshold of 50 USD and could NOT be paused"]
        assert "there is no such provider" in mailbox.messages[0].get_content()


# In a whole gateway

ENTRY = {"alert_usd_per_day": "0.001", "stop_usd_per_day": "0.004"}  # 40 and 160 calls


def gateway_of(
    directory: Path, upstream: ScriptedUpstream, mailbox: Mailbox, *, redis_url: str = "", **fields: Any
) -> Gateway:
    environ = {"SMTP_URL": mailbox.url, "ALERT_EMAIL_TO": ",".join(TO), "REDIS_URL": redis_url}
    entries = {"one": provider(upstream.url, **{**ENTRY, **fields})}
    routes = {"limits": {"requests_per_minute": 0}}
    return Gateway(directory, upstream.url, environ=environ, providers=entries, routes=routes)


def pauses(gateway: Gateway) -> list[str]:
    """The pauses that a gateway asks for from now on."""
    paused: list[str] = []

    async def pause(name: str, reason: str) -> None:
        paused.append(name)

    gateway.app.services.relay.means.spending.pause = pause
    return paused


async def calls(gateway: Gateway, key: str, count: int) -> None:
    answers = await asyncio.gather(
        *(gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key)) for _ in range(count))
    )
    assert {answer.status_code for answer in answers} == {200}


async def settled(gateway: Gateway) -> int:
    """What this gateway has spent today in nano-dollars: counter and ledger agree, and the books are right."""
    report = await gateway.audit()
    assert (report.drift, report.held) == (0, 0), report.findings
    means = gateway.app.services.relay.means
    counted = means.spending._spent["one", means.spending._today()].own_nano
    rows = gateway.app.services.accounts.store.provider_spending(means.spending._today())
    assert {row.provider: row.spent_nano for row in rows} == {"one": counted}
    shown = f'tollhouse_provider_spend_usd{{provider="one"}} {means.spending.today_nano("one") / USD}'
    assert shown in (await gateway.admin.get("/metrics")).text
    return counted


async def test_two_hundred_calls_at_once_reach_a_threshold_once(
    tmp_path: Path, upstream: ScriptedUpstream, mailbox: Mailbox
) -> None:
    async with gateway_of(tmp_path, upstream, mailbox) as gateway:
        paused, key = pauses(gateway), await gateway.key()
        await calls(gateway, key, 200)
        await until(lambda: len(mailbox.messages) >= 2)
        assert await settled(gateway) == 200 * CALL_NANO
        await calls(gateway, key, 5)
        assert paused == ["one"] and len(mailbox.messages) == 2
        assert 'tollhouse_alerts_total{outcome="sent"} 2.0' in (await gateway.admin.get("/metrics")).text


async def test_a_gateway_that_restarts_counts_on_and_mails_nothing_again(
    tmp_path: Path, upstream: ScriptedUpstream, mailbox: Mailbox
) -> None:
    async with gateway_of(tmp_path, upstream, mailbox) as gateway:
        key = await gateway.key()
        await calls(gateway, key, 50)
        await until(lambda: len(mailbox.messages) == 1)
    async with gateway_of(tmp_path, upstream, mailbox) as gateway:
        paused = pauses(gateway)
        assert await settled(gateway) == 50 * CALL_NANO
        await calls(gateway, key, 109)
        assert paused == [] and len(mailbox.messages) == 1
        await calls(gateway, key, 1)
        await until(lambda: len(mailbox.messages) == 2)
        assert paused == ["one"] and await settled(gateway) == 160 * CALL_NANO


async def test_an_answer_that_the_store_failed_under_does_not_count(
    tmp_path: Path, upstream: ScriptedUpstream, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with gateway_of(tmp_path, upstream, mailbox) as gateway:
        key = await gateway.key()
        await calls(gateway, key, 1)
        disk, post = BrokenDisk(gateway, monkeypatch), Charge.post

        def break_and_post(self: Charge, *arguments: Any) -> int:
            disk.broken = True
            return post(self, *arguments)

        with monkeypatch.context() as patched:
            patched.setattr(Charge, "post", break_and_post)
            answer = await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
        assert answer.status_code == 503
        disk.broken = False
        assert await settled(gateway) == CALL_NANO


async def test_a_reload_changes_the_thresholds(tmp_path: Path, upstream: ScriptedUpstream, mailbox: Mailbox) -> None:
    async with gateway_of(tmp_path, upstream, mailbox, alert_usd_per_day="1", stop_usd_per_day="1") as gateway:
        paused = pauses(gateway)
        await calls(gateway, await gateway.key(), 10)
        assert mailbox.messages == []
        write_config(
            gateway.config_dir, upstream.url, providers={"one": provider(upstream.url, stop_usd_per_day="0.0002")}
        )
        loaded = load(gateway.config_dir, environ=gateway.environ, operations=claimed_paths())
        routes = gateway.app.snapshot.config.routes
        assert [each.port for each in loaded.config.routes.listeners] == [each.port for each in routes.listeners]
        await gateway.app.reload(loaded)
        await until(lambda: len(mailbox.messages) == 1)
        assert paused == ["one"] and await settled(gateway) == 10 * CALL_NANO


async def test_a_threshold_that_is_reached_after_a_pause_by_hand_says_that_it_is_paused(
    tmp_path: Path, upstream: ScriptedUpstream, mailbox: Mailbox
) -> None:
    """The call that reaches it was under way when the provider was paused."""
    paused = asyncio.Event()

    async def slow(request: Request, connection: Connection) -> None:
        await paused.wait()
        await by_path(request, connection)

    upstream.script = slow
    async with gateway_of(tmp_path, upstream, mailbox, alert_usd_per_day="0.00001") as gateway:
        under_way = asyncio.ensure_future(calls(gateway, await gateway.key(), 1))
        await until(lambda: upstream.requests)
        assert (await gateway.admin.post("/providers/one/pause", json={})).status_code == 200
        paused.set()
        await under_way
        await until(lambda: mailbox.messages)
        text = mailbox.messages[0].get_content()
        assert "It is paused" in text and "goes on serving" not in text
        assert await settled(gateway) == CALL_NANO


async def test_a_mail_server_that_is_away_delays_no_call(
    tmp_path: Path, upstream: ScriptedUpstream, mailbox: Mailbox
) -> None:
    mailbox.refusal = "451 try later"
    async with gateway_of(tmp_path, upstream, mailbox) as gateway:
        await calls(gateway, await gateway.key(), 60)
        assert await settled(gateway) == 60 * CALL_NANO
        with SqliteStore(gateway.data_dir / STORE_FILE)._reading() as reading:
            assert [tuple(row) for row in reading.execute("SELECT kind, told_at_us FROM spending_marks")] == [
                ("alert", None)
            ]
        mailbox.refusal = None

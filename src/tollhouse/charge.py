"""The charge of one admitted call: its hold resolved exactly once, as a post or a void."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tollhouse.admission import Admission, Admitted
from tollhouse.background import Background
from tollhouse.billing.journal import Journal
from tollhouse.billing.ledger import Delivery, Entry, Ledger
from tollhouse.billing.pricing import Rate, Usage, cost
from tollhouse.config.snapshot import Config
from tollhouse.errors import Unavailable
from tollhouse.generated.operations import Operation
from tollhouse.health import Health
from tollhouse.identity.principals import Principal
from tollhouse.metering import estimate
from tollhouse.passage import Passage, Payload
from tollhouse.quotes import Quote
from tollhouse.router import Router, Target
from tollhouse.spending import Spending
from tollhouse.telemetry import Telemetry
from tollhouse.upstream import Upstream

CHARGE_MAX_NANO = 10**15  # a million USD for one call; sums of it stay inside the store's 64 bits


@dataclass(slots=True)
class Call:
    """One validated request on its way up. `headers` are the client's, by the dialect's allow-list.

    A call below a provider has a `passage`, and is served by nobody else; one that the contract does not know has a
    `payload` instead of a body of known shape.
    """

    request_id: str
    principal: Principal
    operation: Operation
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    config: Config
    router: Router
    passage: Passage | None = None
    payload: Payload | None = None

    @property
    def provider(self) -> str | None:
        """The only provider that may serve it; None where any may."""
        return None if self.passage is None else self.passage.provider.name


@dataclass(frozen=True, slots=True)
class Means:
    """What calls are served with; one of each in a process."""

    admission: Admission
    ledger: Ledger
    journal: Journal
    upstream: Upstream
    health: Health
    telemetry: Telemetry
    background: Background
    spending: Spending
    clock_s: Callable[[], float] = time.monotonic


class Charge:
    """What an admitted call will cost. Resolving is one synchronous step, so no cancelled response can lose it."""

    def __init__(self, means: Means, call: Call, admitted: Admitted, started_s: float) -> None:
        self.means = means
        self.call = call
        self.admitted = admitted
        self.first_byte_s: float | None = None
        self.status = 200  # of the answer that is delivered
        self.attempts: str | None = None  # the failed ones before the one that is delivered, as JSON
        self._started_s = started_s
        self._resolved = False
        self._kept = False
        self._posted: tuple[Entry, Usage] | None = None

    def post(self, target: Target, usage: Usage, source: str) -> int:
        """Charge what was delivered; returns the journal position to wait for."""
        if self._resolved:
            return 0
        means, admitted = self.means, self.admitted
        quote = admitted.quote
        rate = quote.rates[quote.targets.index(target)]
        usage, source = believed(usage, source, quote, rate)
        if self.call.payload is not None and source == "estimated":
            usage, source = unmeasured(usage, quote, rate)
        duration_s = means.clock_s() - self._started_s
        delivery = Delivery(
            provider=target.provider.name,
            upstream_key_id=target.key_id,
            served_model=target.served.id,
            model_multiplier=target.model_multiplier,
            usage=usage,
            usage_source=source,
            attempts=self.attempts,
            status=self.status,
            ttfb_ms=None if self.first_byte_s is None else round((self.first_byte_s - self._started_s) * 1000),
            duration_ms=round(duration_s * 1000),
        )
        entry = means.ledger.settle(admitted.request_id, rate, delivery)
        self._resolved = True  # where settling fails, the hold can still be given back
        if entry is None:  # the hold has expired in the meantime
            means.admission.release(admitted, None, 0)
            means.telemetry.settled_late(admitted.request_id)
            return 0
        position = means.journal.append(entry)  # before anything else, so that nothing can lose it
        amount_nano = entry.amount_nano or 0
        self._posted = entry, usage
        means.admission.release(admitted, usage, amount_nano)
        means.spending.add(target.provider.name, quote.at_us, amount_nano)
        means.telemetry.charged(target, usage, source, amount_nano, quote.hold_nano, duration_s)
        return position

    def void(self, reason: str, *, status: int | None = None) -> None:
        """Give the hold back; nothing was delivered."""
        if self._resolved or self._kept:
            return
        self._resolved = True
        means = self.means
        duration_ms = round((means.clock_s() - self._started_s) * 1000)
        entry = means.ledger.void(
            self.admitted.request_id, reason, status=status, attempts=self.attempts, duration_ms=duration_ms
        )
        if entry is not None:
            means.journal.append(entry)
            means.telemetry.voided()
        means.admission.release(self.admitted, None, 0)

    def elapsed_s(self) -> float:
        """Seconds since the call arrived."""
        return self.means.clock_s() - self._started_s

    def keep(self) -> None:
        """From now on only `post` resolves: an upstream has begun to answer, and somebody reads on for the real usage."""
        self._kept = True

    async def durable(self, position: int) -> None:
        """Wait until a charge is on disk; in relaxed mode until its hold is."""
        strict = self.call.config.routes.durability == "strict"
        await self.means.journal.durable(position if strict else self.admitted.position)

    async def durable_or_refunded(self, position: int) -> None:
        """As `durable`; where the store fails, nothing was delivered, so the charge is given back and the error goes on."""
        try:
            await self.durable(position)
        except Unavailable:
            self._refund()
            raise
        except asyncio.CancelledError:  # a stop that does not wait for a failing store any longer, and answers 503
            if self.means.journal.failing is not None:
                self._refund()
            raise

    def _refund(self) -> None:
        """Give back a charge whose answer was not delivered: the client will ask again."""
        if self._posted is not None:
            (posted, usage), self._posted = self._posted, None
            reason = "the store failed before the answer was delivered"
            self.means.journal.append(self.means.ledger.refund(posted, self.admitted.quote.at_us, reason))
            self.means.admission.take_back(self.admitted, usage, posted.amount_nano or 0)
            self.means.spending.add(posted.provider or "", self.admitted.quote.at_us, -(posted.amount_nano or 0))


def believed(usage: Usage, source: str, quote: Quote, rate: Rate) -> tuple[Usage, str]:
    """The usage to charge: one whose price no call can have is as absurd as a negative one, so it is estimated.

    Nobody knows here what was delivered; the longest answer that the call allows is never less. An estimate costs no more
    than the hold, which fitted into a balance.
    """
    if cost(usage, rate) <= CHARGE_MAX_NANO:
        return usage, source
    return estimate(quote.size, 0)._replace(output=min(usage.output, quote.output_tokens)), "estimated"


def unmeasured(guess: Usage, quote: Quote, rate: Rate) -> tuple[Usage, str]:
    """The usage of an answer of unknown shape that does not report any: no tokens where the answer itself has its price.

    Else what is guessed, of which the output is no more than was held: images and audio are many bytes and few tokens.
    """
    if rate.prices.request is not None:
        return Usage(), "estimated"
    return guess._replace(output=min(guess.output, quote.output_tokens)), "estimated"

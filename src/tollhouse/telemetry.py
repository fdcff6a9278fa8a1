"""What operators see: Prometheus metrics and structured logs. Never bodies, never secrets.

Counters of the request path are plain integers, written out when somebody asks; Prometheus' own client formats them.
"""

import contextlib
import io
import logging
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO, cast

import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tollhouse.billing.ledger import Ledger
from tollhouse.billing.money import NANO
from tollhouse.billing.pricing import Usage
from tollhouse.router import Target

log = structlog.get_logger("tollhouse.relay")


@dataclass(slots=True)
class Charged:
    """The sums of some charges; the input is all that is not output."""

    requests: int = 0
    input: int = 0
    output: int = 0
    cost_nano: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Charged") -> "Charged":
        return Charged(
            self.requests + other.requests,
            self.input + other.input,
            self.output + other.output,
            self.cost_nano + other.cost_nano,
            self.seconds + other.seconds,
        )


class Telemetry(Collector):
    """Counts of this process since it started."""

    def __init__(self, ledger: Ledger, *others: Collector) -> None:
        """`others` have metrics of their own, shown with these."""
        self._ledger = ledger
        self._charged: defaultdict[tuple[str, str], Charged] = defaultdict(Charged)  # by provider and usage source
        self._failures: Counter[tuple[str, str]] = Counter()
        self._voided = 0
        self._overdrawn = 0
        self._late = 0
        self._registry = CollectorRegistry()
        for collector in (self, *others):
            self._registry.register(collector)

    def charged(
        self, target: Target, usage: Usage, source: str, cost_nano: int, hold_nano: int, duration_s: float
    ) -> None:
        sums = self._charged[target.provider.name, source]
        sums.requests += 1
        sums.input += usage.total - usage.output
        sums.output += usage.output
        sums.cost_nano += cost_nano
        sums.seconds += duration_s
        if cost_nano > hold_nano:
            self._overdrawn += 1

    def voided(self) -> None:
        self._voided += 1

    def settled_late(self, request_id: str) -> None:
        """A call ended after its hold had expired, so it is not charged any more."""
        self._late += 1
        log.error("settled_after_its_hold_expired", request_id=request_id)

    def upstream_failed(self, provider: str, kind: str, request_id: str) -> None:
        self._failures[provider, kind] += 1
        log.warning("upstream_failed", provider=provider, kind=kind, request_id=request_id)

    def prometheus(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterable[Metric]:
        requests = CounterMetricFamily(
            "tollhouse_requests", "Charged requests by the source of their usage", labels=["provider", "usage_source"]
        )
        providers: defaultdict[str, Charged] = defaultdict(Charged)
        for (provider, source), sums in self._charged.items():
            requests.add_metric([provider, source], sums.requests)
            providers[provider] += sums
        tokens = CounterMetricFamily("tollhouse_tokens", "Charged tokens", labels=["provider", "direction"])
        cost = CounterMetricFamily("tollhouse_cost_usd", "Charged USD", labels=["provider"])
        seconds = CounterMetricFamily(
            "tollhouse_request_seconds", "Time spent in charged requests", labels=["provider"]
        )
        for provider, sums in providers.items():
            tokens.add_metric([provider, "input"], sums.input)
            tokens.add_metric([provider, "output"], sums.output)
            cost.add_metric([provider], sums.cost_nano / NANO)
            seconds.add_metric([provider], sums.seconds)
        failures = CounterMetricFamily("tollhouse_upstream_failures", "Failed attempts", labels=["provider", "kind"])
        for (provider, kind), count in self._failures.items():
            failures.add_metric([provider, kind], count)
        return [
            requests, tokens, cost, seconds, failures,
            CounterMetricFamily("tollhouse_voided", "Requests whose hold was given back", value=self._voided),
            CounterMetricFamily("tollhouse_settled_late", "Calls that ended after their hold had expired", value=self._late),
            CounterMetricFamily("tollhouse_overdrawn", "Charges beyond their hold", value=self._overdrawn),
            CounterMetricFamily("tollhouse_overdraft_usd", "USD charged beyond holds", value=self._ledger.overdraft_nano / NANO),
            GaugeMetricFamily("tollhouse_open_holds", "Requests running now", value=len(self._ledger.open_holds)),
        ]  # fmt: skip


def configure_logging() -> None:
    """Logs as one line each on standard error: readable at a terminal, JSON elsewhere."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Lenient(sys.stderr))),
        cache_logger_on_first_use=False,
    )


class _Lenient(io.TextIOBase):
    """A text stream that is full or closed and says nothing of it: a line that is lost must not fail a call."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()

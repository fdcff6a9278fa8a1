"""What operators see: Prometheus metrics and structured logs. Never bodies, never secrets.

Counters of the request path are plain integers, written out when somebody asks; Prometheus' own client formats them.
"""

import contextlib
import io
import logging
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
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


class Telemetry(Collector):
    """Counts of this process since it started."""

    def __init__(self, ledger: Ledger, *others: Collector) -> None:
        """`others` have metrics of their own, shown with these."""
        self._ledger = ledger
        self._requests: Counter[tuple[str, str]] = Counter()  # provider, usage source
        self._tokens: Counter[tuple[str, str]] = Counter()  # provider, input or output
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._cost_nano: Counter[str] = Counter()
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
        provider = target.provider.name
        self._requests[provider, source] += 1
        self._tokens[provider, "output"] += usage.output
        self._tokens[provider, "input"] += usage.total - usage.output
        self._seconds[provider] += duration_s
        self._cost_nano[provider] += cost_nano
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
        for (provider, source), count in self._requests.items():
            requests.add_metric([provider, source], count)
        tokens = CounterMetricFamily("tollhouse_tokens", "Charged tokens", labels=["provider", "direction"])
        for (provider, direction), count in self._tokens.items():
            tokens.add_metric([provider, direction], count)
        cost = CounterMetricFamily("tollhouse_cost_usd", "Charged USD", labels=["provider"])
        for provider, nano in self._cost_nano.items():
            cost.add_metric([provider], nano / NANO)
        seconds = CounterMetricFamily(
            "tollhouse_request_seconds", "Time spent in charged requests", labels=["provider"]
        )
        for provider, total in self._seconds.items():
            seconds.add_metric([provider], total)
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

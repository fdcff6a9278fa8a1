"""The report: samples in, Markdown out. Pure."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.formats import ALONE, POOLED, STREAM_CONNECTIONS, TRANSLATED, TURN_S, WHOLE_CONNECTIONS, Formats
from benchmarks.ledger import Ledger
from benchmarks.limits import KeyLimits
from benchmarks.machine import Cores, Machine
from benchmarks.streams import Streams
from benchmarks.talking_upstream import FRAMES
from benchmarks.throughput import CONNECTIONS, EARLIER, GATEWAYS, LIMITED, PEERS, Metered, Sample

NOTES = "<!-- Below this line is written by people; `make bench` keeps it. -->"
TARGET_CONNECTIONS = 32
QUIET_SHARE = 0.05  # of the peer's core, which interrupts and the idle peers may take

NAMES = {
    "direct": "direct", "nginx": "nginx `proxy_pass`", EARLIER: "an earlier gateway, strict", "strict": "gateway, strict",
    LIMITED: "gateway, strict, all limits on", "relaxed": "gateway, relaxed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Results:
    """One run."""

    date: str
    version: str
    machine: Machine
    cores: Cores
    rounds: int
    seconds: int
    samples: Sequence[Sample]
    metered: Sequence[Metered]
    streams: Streams | None
    ledger: Ledger | None = None
    against: str | None = None  # the commit of the earlier version
    formats: Formats | None = None
    limits: KeyLimits | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over the rounds."""

    median: float
    low: float
    high: float

    def show(self, digits: int) -> str:
        return f"{self.median:,.{digits}f} ({self.low:,.{digits}f}–{self.high:,.{digits}f})"


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that the gateway has to reach, and whether it does."""

    text: str
    limit: str
    measured: str
    met: bool


def render(results: Results) -> str:
    """The whole of docs/performance.md up to the notes."""
    parts = [_heading(results), _targets(results)]
    if results.samples:
        parts += [_throughput(results), _ratios(results), _cost(results), _ledgers(results)]
    if results.streams is not None:
        parts.append(_streams(results.streams))
    if results.formats is not None:
        parts.append(_formats(results.formats))
    if results.ledger is not None:
        parts.append(_ledger(results.ledger))
    return "\n".join(part for part in parts if part)


def with_notes(report: str, previous: str) -> str:
    """The report with the notes that people wrote below the last one."""
    _, _, notes = previous.partition(NOTES)
    return f"{report}\n{NOTES}\n{notes.removeprefix(chr(10))}"


def targets(results: Results) -> list[Target]:
    """The figures that are asked for and were measured."""
    found: list[Target] = []
    throughput = _against(results, "strict", "nginx", TARGET_CONNECTIONS, lambda a, b: a.load.per_s / b.load.per_s)
    if throughput is not None:
        text = f"throughput at {TARGET_CONNECTIONS} connections, strict, of nginx"
        found.append(Target(text, "≥ 0.10", throughput.show(3), throughput.median >= 0.10))
    p99 = _against(results, "strict", "nginx", TARGET_CONNECTIONS, lambda a, b: a.load.p99_us / b.load.p99_us)
    if p99 is not None:
        text = f"p99 at {TARGET_CONNECTIONS} connections, strict, to nginx"
        found.append(Target(text, "≤ 12 ×", p99.show(1) + " ×", p99.median <= 12))
    added = _against(results, "strict", "direct", 1, _added_ms)
    if added is not None:
        text = "added latency at one connection, strict, median"
        found.append(Target(text, "≤ 0.7 ms", added.show(2) + " ms", added.median <= 0.7))
    cost = _against(results, "strict", EARLIER, TARGET_CONNECTIONS, _cost_ratio)
    if cost is not None:
        text = f"processor time per request at {TARGET_CONNECTIONS} connections, strict, of the earlier gateway ({results.against})"
        found.append(Target(text, "≤ 1.10", cost.show(3), cost.median <= 1.10))
    limits_us = _against(results, LIMITED, "strict", TARGET_CONNECTIONS, _added_cpu_us)
    if limits_us is not None:
        text = f"all limits on: added processor time per request at {TARGET_CONNECTIONS} connections"
        found.append(Target(text, "≤ 10 µs", limits_us.show(1) + " µs", limits_us.median <= 10))
    if results.limits is not None:
        added_us = _spread([each.added_us for each in results.limits.rounds])
        text = "a key with all limits, beside one without on the same gateway: added processor time per request"
        found.append(Target(text, "≤ 10 µs", added_us.show(1) + " µs", added_us.median <= 10))
    if results.formats is not None:
        found += _formats_targets(results.formats)
    if results.ledger is not None:
        found += _ledger_targets(results.ledger)
    if results.streams is not None:
        streams = results.streams
        text = f"memory per idle stream at {streams.streams:,} streams (KB of 1,024 bytes)"
        measured = f"{streams.rss_per_stream_kib:.1f} KB"
        found.append(Target(text, "≤ 60 KB", measured, streams.rss_per_stream_kib <= 60))
    return found


def _formats_targets(formats: Formats) -> list[Target]:
    found = []
    for name, to in TRANSLATED.items():
        added = _spread(formats.added_us(name, to))
        text = f"{name}: added processor time per frame of a stream"
        found.append(Target(text, "≤ 25 µs", added.show(1) + " µs", added.median <= 25))
    added = _spread(formats.added_us(POOLED, ALONE))
    text = "providers to fail over to, none needed: added processor time per request"
    return [*found, Target(text, "≤ 10 µs", added.show(1) + " µs", added.median <= 10)]


def _ledger_targets(ledger: Ledger) -> list[Target]:
    what = f"of a ledger of {ledger.requests:,} requests"
    usage_s = statistics.median(ledger.usage_s)
    return [
        Target(f"audit {what}", "≤ 60 s", f"{ledger.audit_s:.1f} s", ledger.audit_s <= 60),
        Target(f"memory of the audit {what}", "≤ 300 MB", f"{ledger.audit_mib:.0f} MB", ledger.audit_mib <= 300),
        Target(f"usage by day and model {what}", "≤ 0.2 s", f"{usage_s:.3f} s", usage_s <= 0.2),
    ]


def _cost_ratio(peer: Sample, other: Sample) -> float:
    return peer.cpu_us_per_request / other.cpu_us_per_request


def _added_cpu_us(peer: Sample, other: Sample) -> float:
    return peer.cpu_us_per_request - other.cpu_us_per_request


def _added_ms(peer: Sample, direct: Sample) -> float:
    return (peer.load.p50_us - direct.load.p50_us) / 1000


def _over_rounds(
    samples: Iterable[Sample], peer: str, connections: int, value: Callable[[Sample], float]
) -> Spread | None:
    found = [value(sample) for sample in samples if (sample.peer, sample.connections) == (peer, connections)]
    return _spread(found) if found else None


def _spread(found: Sequence[float]) -> Spread:
    return Spread(statistics.median(found), min(found), max(found))


def _against(
    results: Results, peer: str, other: str, connections: int, value: Callable[[Sample, Sample], float]
) -> Spread | None:
    """A figure of two peers, compared round by round, so that both saw the same weather."""
    others = {
        sample.round: sample for sample in results.samples if (sample.peer, sample.connections) == (other, connections)
    }
    if not others:
        return None
    return _over_rounds(results.samples, peer, connections, lambda sample: value(sample, others[sample.round]))


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _peers(results: Results) -> list[str]:
    return [peer for peer in PEERS if any(sample.peer == peer for sample in results.samples)]


def _heading(results: Results) -> str:
    machine, cores = results.machine, results.cores
    if cores.peer is None:
        placing = "This system cannot pin processes to cores, so all of them shared what there is."
    elif cores.shared:
        placing = "There is only one core, so the load and the upstream ran beside the peer under test: read the ratios with care."
    else:
        placing = f"The peer under test ran on core {cores.peer}; wrk and the upstream on core {cores.load}."
    return f"""# Performance

Written by `make bench` on {results.date}, Tollhouse {results.version}. Absolute numbers are this machine's; the ratios are what travels.

- {machine.cores} × {machine.cpu}, {machine.kernel}
- {machine.python}, {machine.tools}
- data directory on {machine.filesystem}; writing 4 KiB and syncing takes {machine.sync_median_us:.0f} µs (p99 {machine.sync_p99_us:.0f} µs)
- open files: {machine.open_files:,}

{placing} wrk posts a small chat body over kept-alive connections; nginx answers it at once with a chat completion and its usage (*direct*). The
same load goes through nginx `proxy_pass` and through `tollhouse serve`: key, limits, validation, hold, metering, charge, all in the journal on
disk before the answer ends (*strict*), or the hold only (*relaxed*). The key has `--rpm 0`, nothing else is switched off; with *all limits on* it has a rate,
a burst, tokens per minute, concurrency, quotas of money and tokens, allowed models and an expiry, its account budgets and a rate, none of which is met. All of them run
together and are loaded in turns: {results.rounds} rounds of {results.seconds} s for each number of connections. A figure is the median of the rounds
(lowest–highest); a ratio is taken within each round.{_weather(results)}
"""


def _weather(results: Results) -> str:
    """How quiet the machine was."""
    shares = [sample.others_share for sample in results.samples]
    if not shares:
        return ""
    text = f" Other processes took {statistics.median(shares):.0%} of the peer's core in the median turn, {max(shares):.0%} in the worst."
    return text + (" **This machine was not quiet.**" if statistics.median(shares) > QUIET_SHARE else "")


def _targets(results: Results) -> str:
    rows = [(each.text, each.limit, each.measured, "met" if each.met else "**missed**") for each in targets(results)]
    return "## Targets\n\n" + _table(("figure", "target", "measured", ""), rows) if rows else ""


def _throughput(results: Results) -> str:
    def cell(peer: str, connections: int) -> str:
        rate = _over_rounds(results.samples, peer, connections, lambda sample: sample.load.per_s)
        p50 = _over_rounds(results.samples, peer, connections, lambda sample: sample.load.p50_us / 1000)
        p99 = _over_rounds(results.samples, peer, connections, lambda sample: sample.load.p99_us / 1000)
        assert rate and p50 and p99, "every peer ran at every number of connections"
        return f"{rate.median:,.0f}/s · {p50.median:.2f} · {p99.median:.2f}"

    rows = [(NAMES[peer], *(cell(peer, connections) for connections in CONNECTIONS)) for peer in _peers(results)]
    columns = ("", *(f"{connections} connection{'s' * (connections > 1)}" for connections in CONNECTIONS))
    return "## Throughput and latency\n\nRequests per second · p50 ms · p99 ms.\n\n" + _table(columns, rows)


def _ratios(results: Results) -> str:
    rows: list[tuple[str, ...]] = []
    for peer in (peer for peer in _peers(results) if peer in GATEWAYS):
        for text, other, digits, value in (
            ("throughput, of nginx", "nginx", 3, lambda a, b: a.load.per_s / b.load.per_s),
            ("throughput, of direct", "direct", 3, lambda a, b: a.load.per_s / b.load.per_s),
            ("p99, times nginx's", "nginx", 1, lambda a, b: a.load.p99_us / b.load.p99_us),
            ("p50 added to direct, ms", "direct", 2, _added_ms),
        ):
            found = [_against(results, peer, other, connections, value) for connections in CONNECTIONS]
            if None not in found:
                rows.append((f"{peer}: {text}", *(spread.show(digits) for spread in found if spread is not None)))
    columns = ("", *(str(connections) for connections in CONNECTIONS))
    return "## Ratios\n\nBy connections.\n\n" + _table(columns, rows) if rows else ""


def _cost(results: Results) -> str:
    def cell(peer: str, connections: int) -> str:
        cost = _over_rounds(results.samples, peer, connections, lambda sample: sample.cpu_us_per_request)
        assert cost, "every peer ran at every number of connections"
        return cost.show(0)

    rows = [(NAMES[peer], *(cell(peer, connections) for connections in CONNECTIONS)) for peer in _peers(results)]
    ratio = [_against(results, "strict", EARLIER, connections, _cost_ratio) for connections in CONNECTIONS]
    if None not in ratio:
        rows.append(("strict, of the earlier gateway", *(spread.show(3) for spread in ratio if spread is not None)))
    limits_us = [_against(results, LIMITED, "strict", connections, _added_cpu_us) for connections in CONNECTIONS]
    if None not in limits_us:
        rows.append(("all limits on, added", *(spread.show(1) for spread in limits_us if spread is not None)))
    columns = ("", *(str(connections) for connections in CONNECTIONS))
    return (
        "## Processor time\n\nµs of user and system time per request, all threads of the peer (of *direct*: the upstream "
        "itself), by connections.\n\n" + _table(columns, rows)
    )


def _ledgers(results: Results) -> str:
    if not results.metered:
        return ""
    rows = [
        (NAMES[each.peer], f"{each.answers:,}", f"{each.audit.requests:,}", f"{each.audit.posted:,}", f"{each.audit.voided:,}",
         str(each.audit.drift), f"{each.resident_mib:.0f} MB")
        for each in results.metered
    ]  # fmt: skip
    return (
        "## The ledger afterwards\n\n`tollhouse ledger audit` after the run. Beyond wrk's answers are the calls that were in flight when "
        "a round ended.\n\n"
        + _table(("", "answers", "rows", "charged", "given back", "drift", "resident memory"), rows)
    )


def _streams(streams: Streams) -> str:
    rows = [
        ("streams opened", f"{streams.streams:,}, in {streams.open_s:.1f} s"),
        ("resident memory per stream", f"{streams.rss_per_stream_kib:.1f} KB"),
        ("proportional memory per stream", f"{streams.pss_per_stream_kib:.1f} KB"),
        ("resident memory before, with, and after them", " → ".join(
            f"{kib / 1024:.0f} MB" for kib in (streams.rss_before_kib, streams.rss_kib, streams.rss_closed_kib))),
        ("all clients leave: upstream's connections closed after", f"{streams.gone_s:.2f} s"),
        ("first frame, direct", f"{streams.first_frame_direct_us / 1000:.2f} ms"),
        ("first frame, through the gateway (strict)", f"{streams.first_frame_us / 1000:.2f} ms"),
    ]  # fmt: skip
    fewer = ""
    if streams.streams < streams.wanted:
        fewer = f" The hard limit of open files allows {streams.streams:,} streams of the {streams.wanted:,} that were wanted."
    return (
        "## Streams\n\nEach stream got one frame and then stayed silent, heartbeats aside, for 20 s before the memory was read. First "
        f"frames are measured one by one, a new client connection each.{fewer}\n\n" + _table(("", ""), rows)
    )


def _formats(formats: Formats) -> str:
    def shown(name: str, to: str | None, digits: int) -> tuple[str, str]:
        added = _spread(formats.added_us(name, to)).show(digits) if to is not None else ""
        return _spread(formats.cpu_us(name)).show(digits), added

    natives = dict.fromkeys(TRANSLATED.values())
    rows = [(f"{name}, as the provider speaks", *shown(name, None, 1)) for name in natives]
    rows += [(f"{name}, translated", *shown(name, to, 1)) for name, to in TRANSLATED.items()]
    whole = [("a model of one provider", *shown(ALONE, None, 0))]
    whole += [("a model of three, the others in another format", *shown(POOLED, ALONE, 0))]
    return (
        f"## Formats\n\nµs of the gateway's processor time per frame of a stream: {FRAMES} small pieces of text that the provider sends at "
        f"once. {STREAM_CONNECTIONS} clients take one stream after the other, in turns of {TURN_S:g} s; *added* is to the same streams of the same "
        "provider as they are.\n\n"
        + _table(("", "µs per frame", "added"), rows)
        + f"\nA call for a whole answer, {WHOLE_CONNECTIONS} at a time, with and without providers behind the first one, which are never asked.\n\n"
        + _table(("", "µs per request", "added"), whole)
    )


def _ledger(ledger: Ledger) -> str:
    low, high = min(ledger.usage_s), max(ledger.usage_s)
    rows = [
        ("requests · entries", f"{ledger.requests:,} · {ledger.entries:,}"),
        ("file", f"{ledger.file_mib:,.0f} MB"),
        ("`tollhouse ledger audit`", f"{ledger.audit_s:.1f} s, {ledger.audit_mib:.0f} MB at most"),
        ("`GET /admin/api/usage?by=day,model`", f"{statistics.median(ledger.usage_s):.3f} s ({low:.3f}–{high:.3f})"),
        ("`GET /admin/api/ledger/proof`", f"{ledger.proof_s:.3f} s"),
        ("`tollhouse serve`, until it listens", f"{ledger.start_s:.1f} s"),
    ]
    return (
        f"## A large ledger\n\nA year of requests of {ledger.accounts} accounts, {ledger.keys} keys and {ledger.models} models, written "
        "through the ledger and the store of the gateway; the commands are processes of their own.\n\n"
        + _table(("", ""), rows)
    )

"""Made-up results of a benchmark run."""

from typing import Any

from benchmarks.formats import ALONE, POOLED, TRANSLATED, Formats, Turn
from benchmarks.gateway import Audit
from benchmarks.ledger import Ledger
from benchmarks.machine import Cores, Machine
from benchmarks.report import Results
from benchmarks.streams import Streams
from benchmarks.throughput import CONNECTIONS, PEERS, Metered, Sample
from benchmarks.wrk import Load

PER_S = {"direct": 80_000, "nginx": 50_000, "earlier": 6_200, "strict": 6_000, "limited": 5_800, "relaxed": 6_500}
P50_US = {"direct": 20.0, "nginx": 60.0, "earlier": 500.0, "strict": 520.0, "limited": 530.0, "relaxed": 320.0}


def load(peer: str) -> Load:
    return Load(PER_S[peer] * 2, 2.0, P50_US[peer], P50_US[peer] * 2, P50_US[peer] * 10, P50_US[peer] * 20)


def streams(**fields: Any) -> Streams:
    usual = {
        "wanted": 5000, "streams": 5000, "open_s": 3.0, "rss_before_kib": 100_000, "rss_kib": 350_000,
        "pss_before_kib": 90_000, "pss_kib": 330_000, "rss_closed_kib": 300_000, "gone_s": 0.5, "posted": 5320,
        "first_frame_us": 700.0, "first_frame_direct_us": 100.0,
    }  # fmt: skip
    return Streams(**{**usual, **fields})  # type: ignore[arg-type]


def ledger(**fields: Any) -> Ledger:
    usual = {
        "requests": 1_000_000, "entries": 2_000_010, "accounts": 10, "keys": 50, "models": 8, "file_mib": 760.0,
        "audit_s": 30.0, "audit_mib": 80.0, "usage_s": [0.1, 0.05, 0.3], "proof_s": 0.2, "start_s": 2.0,
    }  # fmt: skip
    return Ledger(**{**usual, **fields})  # type: ignore[arg-type]


def formats(**cpu_us: float) -> Formats:
    """Frames as they are cost 5 µs, translated ones 8, answers 100 and of a pool 101, unless said otherwise."""
    usual = {**dict.fromkeys(TRANSLATED.values(), 5.0), **dict.fromkeys(TRANSLATED, 8.0), ALONE: 100.0, POOLED: 101.0}
    return Formats([Turn(name, number, 100, cost) for number in range(2) for name, cost in {**usual, **cpu_us}.items()])


def results(**fields: Any) -> Results:
    usual = {
        "date": "2026-01-01",
        "version": "0.1.0",
        "machine": Machine(
            "EPYC", 2, "Linux 6", "CPython 3.11", "nginx, wrk", "ext4 (/dev/vda on /)", 250.0, 900.0, 20_000
        ),
        "cores": Cores(0, 1),
        "rounds": 2,
        "seconds": 2,
        "samples": [
            Sample(peer, connections, number, load(peer), 156.0 if peer == "limited" else 150.0, 0.01)
            for number in range(2)
            for connections in CONNECTIONS
            for peer in PEERS
        ],
        "metered": [Metered("strict", 1000, 200, Audit(1003, 1003, 0, 0), 120.0)],
        "streams": streams(),
        "ledger": ledger(),
        "against": "v1",
        "formats": formats(),
    }
    return Results(**{**usual, **fields})  # type: ignore[arg-type]

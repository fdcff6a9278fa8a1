"""Throughput and latency: the same load on a direct call, nginx and the gateway, in turns, round after round."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks import wrk
from benchmarks.gateway import Audit, audit, gateway
from benchmarks.machine import Cores
from benchmarks.nginx import Nginx, proxy
from benchmarks.processes import BenchmarkError, core_busy_s, cpu_s, memory_kib, progress

PATH = "/v1/chat/completions"
CONNECTIONS = (1, 8, 32, 128)
EARLIER = "earlier"  # another version of the gateway, strict
LIMITED = "limited"  # strict, with every limit on that a key and its account can have
GATEWAYS = ("strict", LIMITED, "relaxed")
PEERS = ("direct", "nginx", EARLIER, *GATEWAYS)
WARM_UP_S = 1


@dataclass(frozen=True, slots=True)
class Sample:
    """One peer in one round at one number of connections. `others_share` of its core went to other processes."""

    peer: str
    connections: int
    round: int
    load: wrk.Load
    cpu_us_per_request: float
    others_share: float


@dataclass(frozen=True, slots=True)
class Metered:
    """Whether a gateway's ledger has what wrk saw. Calls in flight when a round ended are in the ledger only."""

    peer: str
    answers: int
    in_flight_max: int
    audit: Audit
    resident_mib: float

    def check(self) -> None:
        report = self.audit
        if report.drift or report.posted < self.answers or report.requests > self.answers + self.in_flight_max:
            raise BenchmarkError(
                f"The ledger of the {self.peer} gateway does not match {self.answers} answers: {report}"
            )


@dataclass(frozen=True, slots=True)
class Peer:
    name: str
    url: str
    pid: int
    key: str
    script: Path


def measure(
    directory: Path,
    cores: Cores,
    upstream: Nginx,
    names: Sequence[str],
    *,
    rounds: int,
    seconds: int,
    earlier: Path | None = None,
) -> tuple[list[Sample], list[Metered]]:
    """Start the peers, load them in turns, stop them, audit the ledgers. `earlier` is a checkout of another version."""
    samples: list[Sample] = []
    answers: dict[str, int] = dict.fromkeys(names, 0)
    with ExitStack() as stack:
        peers = [_start(stack, name, directory, cores, upstream, earlier) for name in names]
        for peer in peers:
            _check_answer(peer)
            answers[peer.name] += 1 + _load(peer, 32, WARM_UP_S, cores).requests
        for number in range(rounds):
            for connections in CONNECTIONS:
                for peer in peers:
                    sample = _sample(peer, connections, number, seconds, cores)
                    answers[peer.name] += sample.load.requests
                    samples.append(sample)
                progress(_line(samples[-len(peers) :], rounds))
        resident = {peer.name: memory_kib(peer.pid)[0] / 1024 for peer in peers}
    in_flight_max = rounds * sum(CONNECTIONS) + 32
    return samples, [
        _audited(directory / name, name, answers[name], in_flight_max, resident) for name in names if name in GATEWAYS
    ]


def _start(stack: ExitStack, name: str, directory: Path, cores: Cores, upstream: Nginx, earlier: Path | None) -> Peer:
    url, pid, key = upstream.url, upstream.pid, "sk-bench"
    if name == "nginx":
        nginx = stack.enter_context(proxy(directory, cores.peer, upstream))
        url, pid = nginx.url, nginx.pid
    elif name in (EARLIER, *GATEWAYS):
        running = stack.enter_context(
            gateway(
                directory / name,
                cores.peer,
                upstream.url,
                durability="relaxed" if name == "relaxed" else "strict",
                source=earlier if name == EARLIER else None,
                limited=name == LIMITED,
            )
        )
        url, pid, key = running.url, running.pid, running.key
    return Peer(name, url + PATH, pid, key, wrk.write_script(directory / f"{name}.lua", key))


def _check_answer(peer: Peer) -> None:
    """One request by hand, so that a wrong answer is shown and not only counted."""
    headers = {"authorization": f"Bearer {peer.key}"}
    response = httpx.post(peer.url, json=wrk.BODY, headers=headers, trust_env=False)
    if response.status_code != 200 or "usage" not in response.json():
        raise BenchmarkError(f"{peer.name} answered {response.status_code}: {response.text}")


def _sample(peer: Peer, connections: int, number: int, seconds: int, cores: Cores) -> Sample:
    spent_s, busy_s = -cpu_s(peer.pid), -core_busy_s(cores.peer)
    load = _load(peer, connections, seconds, cores)
    spent_s += cpu_s(peer.pid)
    busy_s += core_busy_s(cores.peer)
    own_s = 0.0 if peer.name == "direct" else spent_s  # the direct call leaves that core alone
    others_share = max(0.0, busy_s - own_s) / load.duration_s
    return Sample(peer.name, connections, number, load, spent_s / load.requests * 1e6, others_share)


def _load(peer: Peer, connections: int, seconds: int, cores: Cores) -> wrk.Load:
    try:
        return wrk.run(peer.url, peer.script, connections=connections, seconds=seconds, core=cores.load)
    except BenchmarkError as failure:
        raise BenchmarkError(f"{peer.name} at {connections} connections: {failure}") from failure


def _audited(directory: Path, name: str, answers: int, in_flight_max: int, resident: Mapping[str, float]) -> Metered:
    progress(f"auditing the ledger of the {name} gateway ...")
    metered = Metered(name, answers, in_flight_max, audit(directory), resident[name])
    metered.check()
    return metered


def _line(samples: Sequence[Sample], rounds: int) -> str:
    first = samples[0]
    parts = [f"{s.peer} {s.load.per_s:,.0f}/s p50 {s.load.p50_us:.0f} p99 {s.load.p99_us:.0f} µs" for s in samples]
    return f"round {first.round + 1}/{rounds}, {first.connections:>3} connections: {'; '.join(parts)}"

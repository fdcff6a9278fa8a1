"""What the limits of a key cost: a key with all of them and one without any, on one gateway, in turns A B B A.

Two gateways, as in `throughput`, differ by themselves: in where their memory lies, and in the seconds between their turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import wrk
from benchmarks.gateway import BALANCE_USD, KEY_LIMITS, NO_KEY_LIMITS, command_json, serving, write_config
from benchmarks.machine import Cores
from benchmarks.nginx import upstream
from benchmarks.processes import cpu_s, progress
from benchmarks.throughput import PATH

CONNECTIONS = 32
TURN_S = 1
FOLDS = 2  # rounds A B B A for each round of the throughput: a turn is short


@dataclass(frozen=True, slots=True)
class Round:
    """Processor time per request in the turns of one round, µs."""

    without: tuple[float, float]
    with_all: tuple[float, float]

    @property
    def added_us(self) -> float:
        return (sum(self.with_all) - sum(self.without)) / 2


@dataclass(frozen=True, slots=True)
class KeyLimits:
    rounds: Sequence[Round]


def measure(directory: Path, cores: Cores, *, rounds: int) -> KeyLimits:
    """Load one gateway with both keys in turns. Raises BenchmarkError."""
    progress("the limits of a key, on one gateway ...")
    directory.mkdir()
    with upstream(directory, cores.load) as answers:
        place = directory / "gateway"
        write_config(place, answers.url, "strict")
        account = command_json(place, "accounts", "create", "--name", "bench", "--balance", BALANCE_USD)["id"]
        scripts = {}
        for name, limits in (("without", NO_KEY_LIMITS), ("all", KEY_LIMITS)):
            key = command_json(place, "keys", "create", "--account", account, "--name", name, *limits)["key"]
            scripts[name] = wrk.write_script(directory / f"{name}.lua", key)
        with serving(place, cores.peer) as (url, pid):
            for script in scripts.values():
                _turn(url, pid, script, cores)  # to warm up
            found = []
            for _ in range(rounds * FOLDS):
                a, b, c, d = (_turn(url, pid, scripts[name], cores) for name in ("without", "all", "all", "without"))
                found.append(Round((a, d), (b, c)))
    return KeyLimits(found)


def _turn(url: str, pid: int, script: Path, cores: Cores) -> float:
    spent_s = -cpu_s(pid)
    load = wrk.run(url + PATH, script, connections=CONNECTIONS, seconds=TURN_S, core=cores.load)
    return (spent_s + cpu_s(pid)) / load.requests * 1e6

"""Which targets are worth asking: cool-downs after failures, and one call to find out whether it is over.

A circuit is (provider, key, model). One that fails several times in a row (`rest_after_failures` of the provider) opens:
nothing is sent there until its deadline, then one call, the probe, may try. What says that our key is no good opens the circuits of all models of that key at
once, a rate limit its own circuit at once. Each further failure waits about twice as long, with jitter; an upstream's
`Retry-After` is a minimum, and of two deadlines the later one stands. (Nygard, Release It!, "Circuit Breaker".)
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import structlog

from tollhouse.router import Router, Target

# What can be wrong, and how long a circuit is open for it at first and at most, in seconds.
FAILING = "failing"
RATE_LIMITED = "rate limited"
KEY_REFUSED = "key refused"
_WAITS_S = {FAILING: (1.0, 60.0), RATE_LIMITED: (1.0, 60.0), KEY_REFUSED: (30.0, 600.0)}
REST_S_MAX = 3600.0  # of an upstream's wish: after an hour somebody looks again
_ALL_MODELS = ""  # in place of the model, in the circuit of a whole key

log = structlog.get_logger("tollhouse.health")

Circuit = tuple[str, str, str]


class Condition(NamedTuple):
    """How a target is: `ready`, `probing` (one call is finding out) or `cooling` for another `wait_s`."""

    state: str
    wait_s: float = 0.0
    reason: str | None = None


READY = Condition("ready")


class Standing(NamedTuple):
    """A target among the others of its pool: `share` is the probability that it is tried first."""

    target: Target
    condition: Condition
    share: float


def standings(targets: Sequence[Target], router: Router, health: "Health") -> list[Standing]:
    """Targets as they are most likely tried; those that cannot be tried now come last. Changes nothing."""
    pairs = [(target, _condition(target, router, health)) for target in targets]
    pairs.sort(key=lambda pair: (pair[1] is not READY, pair[0].translation is not None, -pair[0].odds))
    ready = [target for target, condition in pairs if condition is READY]
    rivals = [target for target in ready if target.translation is None] or ready
    total = sum(target.odds for target in rivals)
    return [
        Standing(target, condition, target.odds / total if any(target is each for each in rivals) else 0.0)
        for target, condition in pairs
    ]


def _condition(target: Target, router: Router, health: "Health") -> Condition:
    """How a target is, an administrator's doing included."""
    barred = router.why_not(target)
    return Condition("paused", 0.0, barred) if barred is not None else health.condition(target)


@dataclass(slots=True)
class Trouble:
    """A circuit that has failed since it last worked."""

    kind: str
    failures: int = 0  # in a row; those of calls that ran side by side count once
    failed_at_s: float = 0.0
    open_until_s: float | None = None  # None while it is still closed
    probe: object | None = None  # the call that is finding out


class Health:
    """Remembers what went wrong, across configurations. While nothing does, asking costs next to nothing."""

    def __init__(self, clock_s: Callable[[], float], generator: random.Random) -> None:
        self._clock_s = clock_s
        self._generator = generator
        self._troubles: dict[Circuit, Trouble] = {}

    def condition(self, target: Target) -> Condition:
        """How a target is now; changes nothing."""
        if not self._troubles:
            return READY
        worst, now_s = READY, self._clock_s()
        for circuit in _circuits(target):
            trouble = self._troubles.get(circuit)
            if trouble is None or trouble.open_until_s is None:
                continue
            wait_s = trouble.open_until_s - now_s
            if wait_s > worst.wait_s:
                worst = Condition("cooling", wait_s, trouble.kind)
            elif trouble.probe is not None and worst is READY:
                worst = Condition("probing", _WAITS_S[trouble.kind][0], trouble.kind)
        return worst

    def admits(self, target: Target, call: object) -> bool:
        """Whether a call may go to a target now. The first after a cool-down is its probe: `left` must follow."""
        if not self._troubles:
            return True
        if self.condition(target) is not READY:
            return False
        for circuit in _circuits(target):
            trouble = self._troubles.get(circuit)
            if trouble is not None and trouble.open_until_s is not None:
                trouble.probe = call
        return True

    def left(self, target: Target, call: object) -> None:
        """A call to a target is over, whatever came of it: if it was the probe, another one may be."""
        if self._troubles:
            for circuit in _circuits(target):
                trouble = self._troubles.get(circuit)
                if trouble is not None and trouble.probe is call:
                    trouble.probe = None

    def worked(self, target: Target, began_s: float) -> None:
        """A call that began at `began_s` was answered: its circuits are closed, unless they failed since."""
        if self._troubles:
            for circuit in _circuits(target):
                trouble = self._troubles.get(circuit)
                if trouble is not None and trouble.failed_at_s <= began_s:
                    del self._troubles[circuit]
                    if trouble.open_until_s is not None:
                        log.info("target_recovered", **_named(circuit))

    def failed(self, target: Target, kind: str, began_s: float, retry_after_s: float | None = None) -> None:
        """A call that began at `began_s` failed; `kind` is one of those above, `retry_after_s` what the upstream asked for."""
        patience = target.provider.rest_after_failures
        if not patience:
            return
        circuit = (*target.circuit[:2], _ALL_MODELS) if kind == KEY_REFUSED else target.circuit
        trouble = self._troubles.setdefault(circuit, Trouble(kind))
        now_s = self._clock_s()
        if not trouble.failures or trouble.open_until_s is None or began_s >= trouble.failed_at_s:
            trouble.failures += 1  # else it began before the circuit opened, and says nothing new
        trouble.kind, trouble.failed_at_s = kind, now_s
        threshold = patience if kind == FAILING else 1
        if trouble.failures < threshold and trouble.open_until_s is None and retry_after_s is None:
            return
        doublings = min(max(trouble.failures - threshold, 0), 10)
        first_s, most_s = _WAITS_S[kind]
        wait_s = min(first_s * 2**doublings, most_s) * (0.5 + self._generator.random() / 2)
        until_s = now_s + max(wait_s, min(retry_after_s or 0.0, REST_S_MAX))
        trouble.open_until_s = max(until_s, trouble.open_until_s or 0.0)
        log.warning("target_cooling", **_named(circuit), reason=kind, wait_s=round(trouble.open_until_s - now_s, 1))

    def forget(self) -> None:
        """Everything is taken to be well: after an administrator has mended it."""
        self._troubles.clear()

    @property
    def cooling(self) -> dict[Circuit, float]:
        """Seconds that each open circuit still waits."""
        now_s = self._clock_s()
        waits = ((circuit, (trouble.open_until_s or 0.0) - now_s) for circuit, trouble in self._troubles.items())
        return {circuit: wait_s for circuit, wait_s in waits if wait_s > 0}


def _circuits(target: Target) -> tuple[Circuit, Circuit]:
    return target.circuit, (*target.circuit[:2], _ALL_MODELS)


def _named(circuit: Circuit) -> dict[str, str]:
    provider, key, model = circuit
    return {"provider": provider, "key": key, "model": model or "all"}

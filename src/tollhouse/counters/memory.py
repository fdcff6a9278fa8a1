"""Counters in this process: the generic cell rate algorithm, one number per name.

The number is the theoretical arrival time: the moment at which everything taken so far is paid off at the limit's
rate. Taking is allowed while that moment lies no further ahead than the burst. (ITU-T I.371, virtual scheduling.)
"""

import time
from collections.abc import Callable

from tollhouse.counters.base import Allowance

NAMES_MAX = 50_000  # beyond it, names that are paid off are forgotten
ROUNDING_S = 1e-6  # what floating point may be off, on a clock that has run for years, so that a full burst really fits


class MemoryCounters:
    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._paid_off_at: dict[str, float] = {}
        self._names_max = NAMES_MAX

    def take(self, name: str, amount: int, per_minute: int, burst: int) -> Allowance:
        return self._look(name, amount, per_minute, burst, taking=True)

    def peek(self, name: str, amount: int, per_minute: int, burst: int) -> Allowance:
        return self._look(name, amount, per_minute, burst, taking=False)

    def _look(self, name: str, amount: int, per_minute: int, burst: int, *, taking: bool) -> Allowance:
        now = self._clock_s()
        step = 60.0 / per_minute
        window = burst * step
        start = self._paid_off_at.get(name, now)
        if start < now:
            start = now
        end = start + amount * step
        over = end - now - window
        if over > ROUNDING_S:
            left = max(int((now + window - start + ROUNDING_S) / step), 0)
            return Allowance(False, per_minute, left, start - now, over, start)
        if taking:
            if name not in self._paid_off_at and len(self._paid_off_at) >= self._names_max:
                self._forget_paid_off(now)
            self._paid_off_at[name] = end
        left = max(int((now + window - end + ROUNDING_S) / step), 0)
        return Allowance(True, per_minute, left, end - now, 0.0, end)

    def give_back(
        self, name: str, amount: int, per_minute: int, burst: int, *, paid_off_at_s: float | None = None
    ) -> None:
        now = self._clock_s()
        back = amount * 60.0 / per_minute
        if paid_off_at_s is not None and back > paid_off_at_s - now:
            back = min(back, max(paid_off_at_s - now, 0.0))
        end = max(self._paid_off_at.get(name, now), now) - back
        if end > now:
            self._paid_off_at[name] = end
        else:
            self._paid_off_at.pop(name, None)  # as good as never taken

    def _forget_paid_off(self, now: float) -> None:
        self._paid_off_at = {name: at for name, at in self._paid_off_at.items() if at > now}
        self._names_max = max(NAMES_MAX, 2 * len(self._paid_off_at))  # so that forgetting is rare even in a crowd

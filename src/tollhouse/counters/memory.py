"""Counters in this process: the generic cell rate algorithm, one number per name.

The number is the theoretical arrival time: the moment at which everything taken so far is paid off at the limit's
rate. Taking is allowed while that moment lies no further ahead than the burst. (ITU-T I.371, virtual scheduling.)
"""

import time
from collections.abc import Callable

from tollhouse.counters.base import Allowance

NAMES_MAX = 50_000  # beyond it, names that are paid off are forgotten
ROUNDING_S = 1e-6  # what floating point may be off, on a clock that has run for years, so that a full burst really fits
_tuple = tuple.__new__  # makes an Allowance in half the time of its own constructor


class MemoryCounters:
    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._paid_off_at: dict[str, float] = {}
        self._names_max = NAMES_MAX

    def peek(self, name: str, amount: int, per_minute: int, burst: int) -> Allowance:
        return self.take(name, amount, per_minute, burst, taking=False)

    def take(self, name: str, amount: int, per_minute: int, burst: int, *, taking: bool = True) -> Allowance:
        now, paid_off_at = self._clock_s(), self._paid_off_at
        step = 60.0 / per_minute
        start = paid_off_at.get(name, now)
        if start < now:
            start = now
        end = start + amount * step
        ahead = now + burst * step + ROUNDING_S  # no further may be taken
        if end > ahead:
            left = int((ahead - start) / step) if ahead > start else 0
            return Allowance(False, per_minute, left, start - now, end - ahead + ROUNDING_S, start)
        if taking:
            if len(paid_off_at) >= self._names_max and name not in paid_off_at:
                self._forget_paid_off(now)
                paid_off_at = self._paid_off_at
            paid_off_at[name] = end
        return _tuple(Allowance, (True, per_minute, int((ahead - end) / step), end - now, 0.0, end))

    def give_back(
        self, name: str, amount: int, per_minute: int, burst: int, *, paid_off_at_s: float | None = None
    ) -> Allowance:
        now, paid_off_at = self._clock_s(), self._paid_off_at
        step = 60.0 / per_minute
        back = amount * step
        if paid_off_at_s is not None and back > 0.0 and back > paid_off_at_s - now:
            back = paid_off_at_s - now if paid_off_at_s > now else 0.0
        end = paid_off_at.get(name, now)
        end = (end if end > now else now) - back
        if end > now:
            paid_off_at[name] = end
        else:
            paid_off_at.pop(name, None)  # as good as never taken
            end = now
        left = int((now + burst * step + ROUNDING_S - end) / step)
        return _tuple(Allowance, (True, per_minute, left if left > 0 else 0, end - now, 0.0, end))

    def _forget_paid_off(self, now: float) -> None:
        self._paid_off_at = {name: at for name, at in self._paid_off_at.items() if at > now}
        self._names_max = max(NAMES_MAX, 2 * len(self._paid_off_at))  # so that forgetting is rare even in a crowd

"""Requests and tokens per minute, over a sliding window. Pure but for the clock it is given."""

import math
from collections import deque
from collections.abc import Callable

from tollhouse.node.errors import NodeError

WINDOW_S = 60.0


class MinuteWindow:
    """What was spent during the last minute, against a limit; 0 means no limit."""

    def __init__(self, name: str, limit: int, clock: Callable[[], float]) -> None:
        self.name = name
        self.limit = limit
        self._clock = clock
        self._spent: deque[tuple[float, int]] = deque()
        self._total = 0

    def check(self) -> None:
        """Raises NodeError (429) while the last minute has used up the limit; its Retry-After says until when.

        Tokens are known only afterwards, so a call is let in while anything is left and may overshoot once.
        """
        if self.limit and (wait_s := self._wait_s()) > 0:
            seconds = str(math.ceil(wait_s))
            text = f"Rate limit of {self.limit} {self.name} per minute reached; try again in {seconds} s."
            raise NodeError("rate", text, headers={"Retry-After": seconds})

    def spend(self, amount: int) -> None:
        """Count an amount from now on."""
        if self.limit and amount:
            self._spent.append((self._clock(), amount))
            self._total += amount

    def _wait_s(self) -> float:
        now = self._clock()
        while self._spent and self._spent[0][0] <= now - WINDOW_S:
            self._total -= self._spent.popleft()[1]
        total = self._total
        for when, amount in self._spent:
            if total < self.limit:
                break
            total -= amount
            if total < self.limit:
                return when + WINDOW_S - now
        return 0.0

"""Rate counters: how much of a limit is left. The engines (memory, later Redis) share one contract suite.

And what gateways say of a claim (`tollhouse.counters.claims`), for those who need no Redis client.
"""

from enum import Enum
from typing import NamedTuple, Protocol


class Allowance(NamedTuple):
    """The answer of a counter; times in seconds."""

    allowed: bool
    limit: int  # per minute
    remaining: int
    reset_s: float  # until the whole limit is available again
    retry_after_s: float  # until this much could be taken; 0 where it was
    paid_off_at_s: float = 0.0  # when all that was taken is paid off, on the counters' own clock


class Counters(Protocol):
    def take(self, name: str, amount: int, per_minute: int, burst: int) -> Allowance:
        """Take `amount`, at most `burst`, from a limit of `per_minute` that allows `burst` at once.

        Takes nothing where it is refused.
        """

    def peek(self, name: str, amount: int, per_minute: int, burst: int) -> Allowance:
        """What `take` would answer now; takes nothing."""

    def give_back(
        self, name: str, amount: int, per_minute: int, burst: int, *, paid_off_at_s: float | None = None
    ) -> Allowance:
        """Correct what was taken: a positive amount returns, a negative one takes more, even beyond the limit.

        `paid_off_at_s` is that of the allowance: what time has paid off of it since cannot return a second time.
        Answers what is left now.
        """


class Holder(Enum):
    """Whose it is to tell people of an event."""

    OURS = "ours"
    THEIRS = "theirs"
    NOBODYS = "nobody's any more: people have been told"

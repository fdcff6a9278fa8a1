"""The plan of a run: what every client asks for and when the gateway is killed, all of it from one seed. Pure."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

CLIENTS = 24
MULTIPLIERS = ("1", "1.1", "0.333333")  # one account each
KEYS_PER_ACCOUNT = 2
KEYS = len(MULTIPLIERS) * KEYS_PER_ACCOUNT

CHAT, CHAT_STREAM, MESSAGE, MESSAGE_STREAM = "chat", "chat stream", "message", "message stream"
EMBEDDING, FAILING, CREDIT = "embedding", "failing chat", "credit"
WEIGHTS = {CHAT: 5, CHAT_STREAM: 6, MESSAGE: 3, MESSAGE_STREAM: 5, EMBEDDING: 2, FAILING: 1, CREDIT: 2}
STREAMS = (CHAT_STREAM, MESSAGE_STREAM)
LEAVING_SHARE = 0.2  # of the streams: their clients hang up in the middle

START_KILL_EVERY = 5  # rounds: here the start after the crash is killed as well
RECOVERING = (0.4, 0.7)  # of a start: here the store is opened, and what a crash left open is resolved
EARLY_SHARE = 0.2  # of the rounds are killed while the load begins
EARLY_S = 0.05
LOAD_S = (0.1, 0.9)  # how long the load of the other rounds lasts


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a client does, and how the upstream answers it."""

    name: str  # unique in a run; the reference of a credit
    kind: str
    key: int  # whose key calls, or whose account is credited
    input_tokens: int  # without the cached ones
    cached_tokens: int
    output_tokens: int
    delay_s: float  # before a whole answer, and before each frame of a stream
    frames: int = 0  # of text in a stream
    leave_after: int | None = None  # frames that the client reads before it hangs up
    amount_nano: int = 0  # of a credit, in nano-dollars

    @property
    def multiplier(self) -> str:
        """The rate multiplier of the account that pays."""
        return MULTIPLIERS[self.key // KEYS_PER_ACCOUNT]


@dataclass(frozen=True, slots=True)
class Round:
    """One round: load, SIGKILL after so many seconds, a start. `start_kill` is when a first try of that start is
    killed too, as a share of the time that a start takes."""

    number: int
    kill_after_s: float
    start_kill: float | None


def plan_round(seed: int, number: int) -> Round:
    """When the gateway is killed in a round; rounds count from 1."""
    generator = random.Random(f"{seed}/{number}")
    early = generator.random() < EARLY_SHARE
    kill_after_s = generator.uniform(0, EARLY_S) if early else generator.uniform(*LOAD_S)
    start_kill = generator.uniform(*generator.choice(((0, 1), RECOVERING)))
    return Round(number, kill_after_s, start_kill if number % START_KILL_EVERY == 0 else None)


def first_start_kill(seed: int) -> float:
    """When the very first start, on an empty data directory, is killed: a share of the time that a start takes."""
    return random.Random(f"{seed}/start").uniform(*RECOVERING)


def operations(seed: int, number: int, client: int) -> Iterator[Operation]:
    """What one client does in one round, without end: it takes as many as it has time for."""
    generator = random.Random(f"{seed}/{number}/{client}")
    kinds, weights = list(WEIGHTS), list(WEIGHTS.values())
    for turn in count():
        (kind,) = generator.choices(kinds, weights)
        yield _operation(generator, f"round-{number}-client-{client}-{turn}", kind)


def _operation(generator: random.Random, name: str, kind: str) -> Operation:
    streaming = kind in STREAMS
    frames = generator.randint(2, 12) if streaming else 0
    leaving = streaming and generator.random() < LEAVING_SHARE
    return Operation(
        name=name,
        kind=kind,
        key=generator.randrange(KEYS),
        input_tokens=generator.randint(1, 2000),
        cached_tokens=generator.choice((0, generator.randint(1, 500))),
        output_tokens=generator.randint(1, 100),
        delay_s=generator.uniform(0, 0.01) if streaming else generator.uniform(0, 0.05),
        frames=frames,
        leave_after=generator.randint(1, frames) if leaving else None,
        amount_nano=generator.randint(1, 10**10) if kind == CREDIT else 0,
    )

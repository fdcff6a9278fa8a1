"""What several gateways spend together, in Redis or Valkey: nano-dollars per provider and UTC day.

Each gateway writes what it has spent itself, whole, into a field of its own (`HGETALL tollhouse:spend:openai:2026-11-21`
shows them), and reads those of the others. So nothing is counted twice when an answer is lost and the write comes again,
and a server that has forgotten everything knows it again after the next exchange. One task does this in the background;
nobody waits for it, whatever Redis does.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from tollhouse.counters.claims import Claims
from tollhouse.times import format_day

EXCHANGE_S = 0.05  # after an exchange, so that a crowd of charges is one of them
REFRESH_S = 2.0  # without charges of our own, what the others have spent is read this often
RETRY_S, RETRY_S_MAX = 0.25, 4.0  # between two tries while Redis is away: the first pause, and the longest
ANSWER_S = 0.25  # how long Redis may take for an answer
CONNECT_S = 1.0
TURN_S = 2.0  # one exchange, whatever happens in it
KEPT_S = 3 * 86_400  # how long a day is kept in Redis
_TROUBLE = (RedisError, OSError, ValueError)  # ValueError: somebody else writes under our names

Own = Callable[[], Mapping[tuple[str, int], int]]
Learn = Callable[[str, int, int], None]

log = structlog.get_logger("tollhouse.redis")


class RedisSpending(Collector):
    """One gateway's part in the counters that all of them share. `member` is the name of its field."""

    def __init__(self, url: str, member: str) -> None:
        options: dict[str, Any] = {**parse_url(url)}
        options |= {"socket_timeout": ANSWER_S, "socket_connect_timeout": CONNECT_S, "retry": Retry(NoBackoff(), 0)}
        self._client = Redis(connection_pool=ConnectionPool(**options, protocol=2))  # older servers do not speak 3
        self._member = member
        self.claims = Claims(self._client, member)
        self._changed = asyncio.Event()
        self._exchanging: asyncio.Task[None] | None = None
        self._own: Own
        self._learn: Learn
        self._up: bool | None = None  # None: not tried yet

    def start(self, own: Own, learn: Learn) -> None:
        """From now on: write what `own` says that this gateway has spent, and have `learn` told of the others' part.

        Both are by provider and day (since 1970), in nano-dollars.
        """
        self._own, self._learn = own, learn
        self._exchanging = asyncio.ensure_future(self._keep_exchanging())

    def changed(self) -> None:
        """Something was spent; the next exchange says so."""
        self._changed.set()

    async def close(self) -> None:
        """Write what was spent since the last exchange, if that is quick, and hang up."""
        await self.claims.close()
        if self._exchanging is not None:
            self._exchanging.cancel()
            await asyncio.gather(self._exchanging, return_exceptions=True)
            if self._up:
                await self._exchange()
        with contextlib.suppress(*_TROUBLE):
            async with asyncio.timeout(TURN_S):
                await self._client.aclose(close_connection_pool=True)

    async def _keep_exchanging(self) -> None:
        pause_s = RETRY_S
        while True:
            self._changed.clear()
            if await self._exchange():
                pause_s = RETRY_S
                await asyncio.sleep(EXCHANGE_S)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(REFRESH_S):
                        await self._changed.wait()
            else:
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, RETRY_S_MAX)

    async def _exchange(self) -> bool:
        """Write our part of each counter and read the others'; False where Redis does not answer in time."""
        own = dict(self._own())
        pipeline = self._client.pipeline(transaction=False)
        for (provider, day), nano in own.items():
            key = f"tollhouse:spend:{provider}:{format_day(day)}"
            pipeline.hset(key, self._member, str(nano))
            pipeline.expire(key, KEPT_S)
            pipeline.hvals(key)
        pipeline.ping()
        try:
            async with asyncio.timeout(TURN_S):
                answers = await pipeline.execute()
            sums = [sum(map(int, values)) for values in answers[2:-1:3]]
        except _TROUBLE as error:
            self._lost(error)
            return False
        self._found()
        for ((provider, day), nano), total_nano in zip(own.items(), sums, strict=True):
            self._learn(provider, day, total_nano - nano)
        return True

    def _lost(self, error: Exception) -> None:
        if self._up is not False:
            self._up = False
            log.warning(
                "redis_lost", reason=f"{type(error).__name__}: {error}", instead="each gateway counts its own spending"
            )

    def _found(self) -> None:
        if self._up is False:
            log.warning("redis_recovered")
        self._up = True

    def collect(self) -> Iterable[Metric]:
        yield GaugeMetricFamily("tollhouse_redis_up", "Whether Redis answers", value=float(self._up is True))

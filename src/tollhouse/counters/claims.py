"""Who of several gateways tells people of an event, settled in Redis or Valkey: one claims it, tells, and says that it has.

A claim is `tollhouse:alert:{what}` with the name of its gateway. It lapses unless it is renewed, so that what a gateway
claimed and did not live to tell is told by another one; `told` stays for three days. Where Redis does not answer every
gateway tells: rather told twice than not at all.
"""

import asyncio
import contextlib
import time

from redis.asyncio import Redis
from redis.exceptions import RedisError

from tollhouse.counters.base import Holder

CLAIM_S = 60.0  # how long a claim lasts without its gateway; it is renewed three times in this
TURN_S = 2.0  # one question to Redis, whatever happens in it
KEPT_S = 3 * 86_400  # how long Redis knows that people have been told
TOLD = b"told"  # no gateway's name
_TROUBLE = (RedisError, OSError)

# Claim what is free or one's own, in one step; the answer is who has it now.
_CLAIM = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return holder end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
"""


class Claims:
    """One gateway's claims. `member` is its name."""

    def __init__(self, client: Redis, member: str) -> None:
        self._client = client
        self._member = member.encode()
        self._renewing: dict[str, asyncio.Task[None]] = {}
        self._theirs_s: dict[str, float] = {}  # when a claim was last seen to be another gateway's

    @property
    def asked_again_s(self) -> float:
        """How long to wait before asking again for what is another gateway's."""
        return CLAIM_S / 4

    async def claim(self, what: str) -> Holder:
        """Who tells of an event. What is ours is renewed until `end`; ask again later of what is theirs, for it may lapse."""
        try:
            holder = await self._ask(what)
        except _TROUBLE:
            seen_s = self._theirs_s.get(what)
            if seen_s is not None and time.monotonic() < seen_s + CLAIM_S:
                return Holder.THEIRS  # that one may be telling while Redis is away
            holder = self._member
        if holder == self._member:
            self._theirs_s.pop(what, None)
            if what not in self._renewing:
                self._renewing[what] = asyncio.ensure_future(self._renew(what))
            return Holder.OURS
        if holder == TOLD:
            self._theirs_s.pop(what, None)
            return Holder.NOBODYS
        self._theirs_s[what] = time.monotonic()
        return Holder.THEIRS

    async def end(self, what: str, *, told: bool) -> None:
        """Say that people have been told of an event; or give it up, so that the claim lapses and another gateway tries."""
        renewing = self._renewing.pop(what, None)
        if renewing is not None:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)  # a renewal must not come after what follows
        if told:
            with contextlib.suppress(*_TROUBLE):  # another gateway may tell again, then
                async with asyncio.timeout(TURN_S):
                    await self._client.set(_key(what), TOLD, ex=KEPT_S)

    async def close(self) -> None:
        """Leave what is still claimed: it is ours again after the next start, or lapses."""
        renewing = list(self._renewing.values())
        self._renewing.clear()
        for task in renewing:
            task.cancel()
        await asyncio.gather(*renewing, return_exceptions=True)

    async def _ask(self, what: str) -> bytes:
        async with asyncio.timeout(TURN_S):
            return bytes(await self._client.eval(_CLAIM, 1, _key(what), self._member, str(int(CLAIM_S * 1000))))

    async def _renew(self, what: str) -> None:
        while True:
            await asyncio.sleep(CLAIM_S / 3)
            with contextlib.suppress(*_TROUBLE):  # it comes again
                await self._ask(what)


def _key(what: str) -> str:
    return f"tollhouse:alert:{what}"

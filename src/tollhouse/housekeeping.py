"""What a gateway does once a minute, whoever calls it."""

import asyncio

import structlog

from tollhouse.billing.journal import read
from tollhouse.endpoints.context import Services
from tollhouse.errors import TollhouseError, Unavailable
from tollhouse.storage.base import Store
from tollhouse.times import now_us

EVERY_S = 60.0
HOLD_LASTS_S = 86_400.0  # after a day without an end, a hold expires

log = structlog.get_logger("tollhouse.housekeeping")


class Housekeeping:
    """Writes when keys were last used, expires holds, and notes where open ones are."""

    def __init__(self, store: Store, services: Services) -> None:
        self._store = store
        self._services = services
        self._rounds: asyncio.Task[None] | None = None
        self._key_uses_written_us = now_us()
        self._holds_seen_s: dict[str, float] = {}  # open holds, and when a round first saw each

    def begin(self) -> None:
        self._rounds = asyncio.ensure_future(self._keep_house())

    def end(self) -> None:
        if self._rounds is not None:
            self._rounds.cancel()

    async def _keep_house(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.write_key_uses()
                self.expire_holds()
                await self._services.providers.reseal()  # what a store that failed has left
                await self.mark_open_holds()
            except Exception as error:  # noqa: BLE001 - a defect here must not end every round that comes after it
                log.error("housekeeping_failed", error=repr(error))

    def expire_holds(self) -> None:
        """Holds whose end never came: no call lasts this long, so something is wrong with the call.

        How long they last is counted on a clock that nobody sets, so that no change of the time makes a call free.
        """
        means = self._services.relay.means
        now_s, seen_s = means.clock_s(), self._holds_seen_s
        self._holds_seen_s = {request_id: seen_s.get(request_id, now_s) for request_id in means.ledger.open_holds}
        for request_id, since_s in self._holds_seen_s.items():
            if now_s - since_s <= HOLD_LASTS_S:
                continue
            entry = means.ledger.expire(request_id, "no end after a day")
            if entry is not None:
                means.journal.append(entry)
                log.error("hold_expired", request_id=request_id)

    async def mark_open_holds(self) -> None:
        """Note where open holds are, so that the next start finds those that a crash leaves without reading it all."""
        try:
            marks = await read(self._store, lambda store: store.find_hold_marks())
            await self._services.relay.means.journal.run(lambda store: store.keep_hold_marks(marks))
        except Unavailable:
            return  # the older marks are as true

    async def write_key_uses(self) -> None:
        at_us = now_us()
        used = self._services.accounts.keys.used_since(self._key_uses_written_us)
        if used:
            try:
                await self._services.relay.means.journal.run(lambda store: store.touch_keys(used))
            except TollhouseError:
                return  # the store is down; the next round writes them
        self._key_uses_written_us = at_us

"""A client that hangs up whenever it wants, and the ledger row of its call.

async with Leaver(way, CHAT) as client:
    await client.receive(b"Hel")
    await client.leave()
    row = await client.row()
"""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any, Self

import httpx

from tests.relaying import Relaying
from tests.wires import CHAT, Wire


class Leaver:
    """`fields` go into the body, which asks for a stream unless they say otherwise."""

    def __init__(self, way: Relaying, wire: Wire = CHAT, *, key: str | None = None, **fields: Any) -> None:
        self._way = way
        host, port = httpx.URL(way.gateway.urls["main"]).netloc.decode().split(":")
        self._address = (host, int(port))
        payload = json.dumps(wire.ask(**{"model": wire.solo, "stream": True, **fields})).encode()
        self._request = (
            f"POST /v1/{wire.path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {key or way.key}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(payload)}\r\n\r\n"
        ).encode() + payload
        self.received = b""

    async def __aenter__(self) -> Self:
        self._known = {row["request_id"] for row in await self._way.gateway.rows()}
        self._reader, self._writer = await asyncio.open_connection(*self._address)
        self._writer.write(self._request)
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.leave()

    async def receive(self, text: bytes) -> None:
        """Wait until these bytes have come."""
        async with asyncio.timeout(5):
            while text not in self.received:
                self.received += await self._reader.read(65536)

    async def leave(self) -> float:
        """Hang up; returns when."""
        self._writer.close()
        return time.monotonic()

    async def row(self, state: str = "posted") -> dict[str, Any]:
        """The new ledger row, once it is settled."""
        await until(lambda: not self._way.gateway.app.services.relay.means.ledger.open_holds)
        report = await self._way.gateway.audit()
        assert report.drift == 0 and report.held == 0, report.findings
        [row] = [row for row in await self._way.gateway.rows() if row["request_id"] not in self._known]
        assert row["state"] == state, row
        return row


async def until(true: Callable[[], Any], timeout_s: float = 5) -> None:
    async with asyncio.timeout(timeout_s):
        while not true():
            await asyncio.sleep(0.005)

"""Opens many streams, waits for the first frame of each, then holds them until a line comes on standard input.

    python -m benchmarks.silent_client PORT KEY STREAMS

Prints `opened N` once all have their first frame, and `closed` once all are closed.
"""

import asyncio
import sys

from benchmarks.first_frame import request_bytes

AT_ONCE = 64  # connections that are being opened at a time
SOURCES = 8  # loopback addresses to come from, so that ports do not run out


class Client(asyncio.Protocol):
    """One stream."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._received = b""
        self.first_frame: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if self.first_frame.done():
            return
        self._received += data
        if b"data:" in self._received:
            self.first_frame.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.first_frame.done():
            answer = self._received.decode(errors="replace") or exc
            self.first_frame.set_exception(ConnectionError(f"The stream ended before its first frame: {answer}"))


async def main(port: int, key: str, streams: int) -> None:
    loop = asyncio.get_running_loop()
    request = request_bytes(key)
    turnstile = asyncio.Semaphore(AT_ONCE)

    async def opened(number: int) -> asyncio.Transport:
        async with turnstile:
            source = (f"127.0.0.{2 + number % SOURCES}", 0) if sys.platform == "linux" else None
            transport, client = await loop.create_connection(
                lambda: Client(request), "127.0.0.1", port, local_addr=source
            )
            await client.first_frame
            return transport

    transports = await asyncio.gather(*(opened(number) for number in range(streams)))
    print(f"opened {len(transports)}", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    for transport in transports:
        transport.abort()
    print("closed", flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))

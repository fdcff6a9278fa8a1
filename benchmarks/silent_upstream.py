"""An upstream for idle streams: one frame to everybody who posts, then silence. `GET /` answers how many are open.

Raw asyncio, so that it costs little beside what is measured. Prints its port.
"""

import asyncio
import json

FRAME = {
    "id": "chatcmpl-benchmark",
    "object": "chat.completion.chunk",
    "created": 1735689600,
    "model": "gpt-bench",
    "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Paris"}, "finish_reason": None}],
}
_EVENT = b"data: " + json.dumps(FRAME).encode() + b"\n\n"
_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (
    len(_EVENT),
    _EVENT,
)
BACKLOG = 4096


class SilentUpstream(asyncio.Protocol):
    """One connection. Requests come one after the other, never pipelined."""

    def __init__(self, streams: set[asyncio.Transport]) -> None:
        self._streams = streams
        self._received = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator:
            return
        if head.startswith(b"GET "):
            count = b"%d" % len(self._streams)
            self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(count), count))
            self._received = b""
        elif len(body) >= content_length(head):
            self._streams.add(self._transport)
            self._transport.write(_ANSWER)
            self._received = b""

    def connection_lost(self, exc: Exception | None) -> None:
        self._streams.discard(self._transport)


def content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def main() -> None:
    streams: set[asyncio.Transport] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SilentUpstream(streams), "127.0.0.1", 0, backlog=BACKLOG)
    print(f"port {server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

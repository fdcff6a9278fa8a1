"""An upstream for streams that talk: every call gets the same text of FRAMES small pieces at once, in the format of its path.

A call that asks for no stream gets a small whole answer. Raw asyncio, so that it costs little. Prints its port.
"""

import asyncio
import json
from typing import Any

from benchmarks.silent_upstream import content_length

FRAMES = 200  # deltas of a stream
_WORD = " word"
_CHAT = {"id": "chatcmpl-bench", "created": 1735689600, "model": "gpt-bench"}
_USAGE = {"prompt_tokens": 30, "completion_tokens": FRAMES, "total_tokens": 30 + FRAMES}
_MESSAGE = {"id": "msg_bench", "type": "message", "role": "assistant", "model": "claude-bench", "stop_sequence": None}


def _event(body: dict[str, Any]) -> bytes:
    name = f"event: {body['type']}\n" if "type" in body else ""
    return f"{name}data: {json.dumps(body, separators=(',', ':'))}\n\n".encode()


def chat_frames() -> list[bytes]:
    def chunk(delta: dict[str, Any], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return _event({**_CHAT, "object": "chat.completion.chunk", "choices": [choice], "usage": None})

    usage = _event({**_CHAT, "object": "chat.completion.chunk", "choices": [], "usage": _USAGE})
    deltas = [chunk({"content": _WORD}) for _ in range(FRAMES)]
    return [chunk({"role": "assistant", "content": ""}), *deltas, chunk({}, "stop"), usage, b"data: [DONE]\n\n"]


def message_frames() -> list[bytes]:
    begun = {**_MESSAGE, "content": [], "stop_reason": None, "usage": {"input_tokens": 30, "output_tokens": 1}}
    delta = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": _WORD}}
    end = {"stop_reason": "end_turn", "stop_sequence": None}
    return [
        _event({"type": "message_start", "message": begun}),
        _event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        *(_event(delta) for _ in range(FRAMES)),
        _event({"type": "content_block_stop", "index": 0}),
        _event({"type": "message_delta", "delta": end, "usage": {"output_tokens": FRAMES}}),
        _event({"type": "message_stop"}),
    ]


def _streamed(frames: list[bytes]) -> bytes:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(frame), frame) for frame in frames) + b"0\r\n\r\n"


def _whole() -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": "Paris"}, "finish_reason": "stop"}
    body = json.dumps({**_CHAT, "object": "chat.completion", "choices": [choice], "usage": _USAGE}).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


_CHAT_STREAM, _MESSAGE_STREAM, _WHOLE = _streamed(chat_frames()), _streamed(message_frames()), _whole()


class TalkingUpstream(asyncio.Protocol):
    """One connection. Requests come one after the other, never pipelined."""

    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator or len(body) < content_length(head):
            return
        self._received = b""
        if not json.loads(body).get("stream"):
            self._transport.write(_WHOLE)
        else:
            self._transport.write(_MESSAGE_STREAM if head.startswith(b"POST /v1/messages ") else _CHAT_STREAM)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(TalkingUpstream, "127.0.0.1", 0)
    print(f"port {server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

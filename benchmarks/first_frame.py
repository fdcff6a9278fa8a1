"""How long a stream's first frame takes, one stream after the other, each on a connection of its own."""

import json
import socket
import statistics
import time

from benchmarks import wrk
from benchmarks.processes import BenchmarkError

TRIES = 300
WARM_UP = 20
TIMEOUT_S = 10.0


def request_bytes(key: str) -> bytes:
    """A streaming chat call as it goes over the wire."""
    body = json.dumps({**wrk.BODY, "stream": True}).encode()
    head = (
        "POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
        f"authorization: Bearer {key}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def medians_us(ports: list[int], key: str) -> list[float]:
    """The median time to the first frame for each port, measured in turns."""
    request = request_bytes(key)
    times: list[list[float]] = [[] for _ in ports]
    for number in range(WARM_UP + TRIES):
        for port, measured in zip(ports, times, strict=True):
            taken_us = _first_frame_us(port, request)
            if number >= WARM_UP:
                measured.append(taken_us)
    return [statistics.median(measured) for measured in times]


def _first_frame_us(port: int, request: bytes) -> float:
    with socket.create_connection(("127.0.0.1", port), TIMEOUT_S) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        started = time.perf_counter()
        connection.sendall(request)
        received = b""
        while b"data:" not in received:
            data = connection.recv(65536)
            if not data:
                raise BenchmarkError(f"The stream ended before its first frame: {received.decode(errors='replace')}")
            received += data
        return (time.perf_counter() - started) * 1e6

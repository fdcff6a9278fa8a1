"""What translation costs a stream, frame by frame, and what the chance to fail over costs a call that does not need it.

Each is measured in one gateway as two kinds of calls, in turns. The streams of one provider are translated and not; the
calls for a model go to a provider that is alone, and to the same one with others behind it, which are never asked.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.gateway import Gateway, audit, gateway, provider
from benchmarks.machine import Cores
from benchmarks.processes import BenchmarkError, cpu_s, pinned, progress, running, wait_for_line
from benchmarks.talking_upstream import FRAMES

STREAM_CONNECTIONS = 4
WHOLE_CONNECTIONS = 32
TURN_S = 1.0
WARM_UP_S = 0.5
ANSWER_BYTES_MAX = 1 << 20
ALONE, POOLED = "alone", "pooled"


@dataclass(frozen=True, slots=True)
class Calls:
    """One kind of call: a format, a model, and what the answer ends with."""

    name: str
    path: str
    model: str
    end: bytes
    streaming: bool = True

    def request(self, key: str) -> bytes:
        text = "What is the capital of France? Answer in one word, please."
        body: dict[str, Any] = {"model": self.model, "stream": self.streaming}
        if self.path == "responses":
            body |= {"input": text, "max_output_tokens": 300}
        else:
            body |= {"messages": [{"role": "user", "content": text}], "max_tokens": 300}
        payload = json.dumps(body).encode()
        head = (
            f"POST /v1/{self.path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
            f"authorization: Bearer {key}\r\ncontent-length: {len(payload)}\r\n\r\n"
        )
        return head.encode() + payload


_STREAMS = (
    Calls("chat", "chat/completions", "gpt-bench", b"data: [DONE]\n\n"),
    Calls("messages on chat", "messages", "gpt-bench", b"event: message_stop"),
    Calls("responses on chat", "responses", "gpt-bench", b"response.completed"),
    Calls("messages", "messages", "claude-bench", b"event: message_stop"),
    Calls("chat on messages", "chat/completions", "claude-bench", b"data: [DONE]\n\n"),
    Calls("responses on messages", "responses", "claude-bench", b"response.completed"),
)
_WHOLE = (
    Calls(ALONE, "chat/completions", "gpt-bench", b'"usage"', streaming=False),
    Calls(POOLED, "chat/completions", "pool-bench", b'"usage"', streaming=False),
)
# Of each translation: the name, and the calls for the same streams of the same provider without it.
TRANSLATED = {
    "messages on chat": "chat",
    "responses on chat": "chat",
    "chat on messages": "messages",
    "responses on messages": "messages",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One kind of calls in one round. `cpu_us` is of the gateway, per frame of a stream or per whole answer."""

    name: str
    round: int
    calls: int
    cpu_us: float


@dataclass(frozen=True, slots=True)
class Formats:
    turns: Sequence[Turn]

    def added_us(self, name: str, to: str) -> list[float]:
        """What one kind costs more than another, round by round."""
        others = {turn.round: turn.cpu_us for turn in self.turns if turn.name == to}
        return [turn.cpu_us - others[turn.round] for turn in self.turns if turn.name == name]

    def cpu_us(self, name: str) -> list[float]:
        return [turn.cpu_us for turn in self.turns if turn.name == name]


def measure(directory: Path, cores: Cores, *, rounds: int) -> Formats:
    """Run the calls through a gateway of their own, in turns, and audit its ledger."""
    directory.mkdir()
    home, log = directory / "gateway", directory / "upstream.log"
    command = [sys.executable, "-m", "benchmarks.talking_upstream"]
    turns: list[Turn] = []
    with running(command, core=cores.load, log=log) as upstream:
        url = f"http://127.0.0.1:{int(wait_for_line(upstream, log, 'port ').split()[1])}"
        with gateway(home, cores.peer, url, durability="strict", providers=_providers(url)) as served:
            kinds = (*_STREAMS, *_WHOLE)
            with pinned(cores.load):
                calls = sum(_load(served, kind, WARM_UP_S)[0] for kind in kinds)
                for number in range(rounds):
                    # There and back again, so that nobody is always the one who comes later.
                    turns += [_turn(served, kind, number) for kind in (kinds[::-1] if number % 2 else kinds)]
                    progress(_line(turns[-len(kinds) :], rounds))
    report = audit(home)
    calls += sum(turn.calls for turn in turns)
    if report.drift or report.posted != calls:
        raise BenchmarkError(f"The ledger does not match {calls} calls: {report}")
    return Formats(turns)


def _providers(url: str) -> dict[str, Any]:
    """Three of them: the pooled model is served by the first, and could be by the others, in another format."""
    first = provider(url, "openai", ["gpt-bench", "pool-bench"])
    rest = {f"other-{number}": provider(url, "anthropic", ["pool-bench"]) for number in range(2)}
    return {"openai": first, "anthropic": provider(url, "anthropic", ["claude-bench"]), **rest}


def _turn(served: Gateway, kind: Calls, number: int) -> Turn:
    calls, used_s = _load(served, kind, TURN_S)
    return Turn(kind.name, number, calls, used_s * 1e6 / calls / (FRAMES if kind.streaming else 1))


def _load(served: Gateway, kind: Calls, seconds: float) -> tuple[int, float]:
    """Call over and over; how many calls were answered, and the processor time of the gateway."""
    before = cpu_s(served.pid)
    calls = asyncio.run(_call_for(served, kind, seconds))
    return calls, cpu_s(served.pid) - before


async def _call_for(served: Gateway, kind: Calls, seconds: float) -> int:
    until_s = time.monotonic() + seconds
    connections = STREAM_CONNECTIONS if kind.streaming else WHOLE_CONNECTIONS
    return sum(await asyncio.gather(*(_call_on_one(served, kind, until_s) for _ in range(connections))))


async def _call_on_one(served: Gateway, kind: Calls, until_s: float) -> int:
    """One connection, one call after the other; the last one is finished."""
    request, calls = kind.request(served.key), 0
    port = urlsplit(served.url).port or 0
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=ANSWER_BYTES_MAX)
    while time.monotonic() < until_s:
        writer.write(request)
        answer = await _answer(reader)
        if not answer.startswith(b"HTTP/1.1 200") or kind.end not in answer:
            raise BenchmarkError(f"{kind.name} was answered with {answer[-2000:].decode(errors='replace')}")
        calls += 1
    writer.close()
    await writer.wait_closed()
    return calls


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return head + await reader.readexactly(int(line.partition(b":")[2]))
    return head + await reader.readuntil(b"\r\n0\r\n\r\n")


def _line(turns: Sequence[Turn], rounds: int) -> str:
    return f"round {turns[0].round + 1}/{rounds}: " + "; ".join(f"{turn.name} {turn.cpu_us:.1f} µs" for turn in turns)

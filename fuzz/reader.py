"""A second reader of usage and prices, written from BILLING.md alone: what a call has to cost, from what the upstream really sent.

It shares no line with the gateway's. Where the two disagree, one of them is wrong.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from fuzz.streams import DONE

ABSURD_ABOVE = 10**9
UINT64_MAX, INT64_MIN = 2**64 - 1, -(2**63)
AXES = ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output")
Tokens = tuple[int, int, int, int, int]


@dataclass(slots=True)
class Reported:
    """Usage fields so far: of several values the last one that is present counts, field by field."""

    format_: str
    fields: dict[str, Any] = field(default_factory=dict)
    finished: bool = False  # an answer has its reason to end; a count of usage may follow
    ended: bool = False

    def read(self, usage: Any) -> None:
        if not isinstance(usage, dict):
            return
        names: tuple[str, ...]
        nested: tuple[str, tuple[str, ...]]
        if self.format_ in ("messages", "count_tokens"):
            names = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
            nested = ("cache_creation", ("ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"))
        elif self.format_ == "responses":
            names = ("input_tokens", "output_tokens", "total_tokens")
            nested = ("input_tokens_details", ("cached_tokens",))
        else:
            names = ("prompt_tokens", "completion_tokens", "total_tokens")
            nested = ("prompt_tokens_details", ("cached_tokens",))
        self.fields.update({name: usage[name] for name in names if usage.get(name) is not None})
        inner = usage.get(nested[0])
        if isinstance(inner, dict):
            self.fields.update({name: inner[name] for name in nested[1] if inner.get(name) is not None})

    def tokens(self, *, no_output: bool = False) -> tuple[Tokens | None, bool, bool]:
        """The tokens where they are sane, and which of (input, output) was reported. None and False where anything is absurd."""
        if no_output and self.fields:
            self.fields.setdefault("completion_tokens", 0)  # embeddings need not say that they have none
        if any(not _sane(value) for name, value in self.fields.items() if self._matters(name)):
            return None, False, False
        if self.format_ in ("messages", "count_tokens"):
            return self._anthropic()
        return self._openai()

    def _matters(self, name: str) -> bool:
        """A total is asked for only where one of its parts is missing, the parts of a prompt only where there is a prompt."""
        prompt, output = (
            ("prompt_tokens", "completion_tokens") if self._is_chat() else ("input_tokens", "output_tokens")
        )
        if name in (prompt, output):
            return True
        if name == "total_tokens":
            return prompt not in self.fields or output not in self.fields
        return prompt in self.fields or {"total_tokens", output} <= self.fields.keys()

    def _is_chat(self) -> bool:
        return self.format_ not in ("messages", "count_tokens", "responses")

    def _openai(self) -> tuple[Tokens | None, bool, bool]:
        renamed = {"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens"}
        known: dict[str, int] = {renamed.get(name, name): value for name, value in self.fields.items()}
        prompt, output, total = (known.get(name) for name in ("prompt_tokens", "completion_tokens", "total_tokens"))
        for one, other in ((prompt, output), (output, prompt)):
            if one is None and other is not None and total is not None and other > total:
                return None, False, False
        if prompt is None and output is not None and total is not None:
            prompt = total - output
        elif output is None and prompt is not None and total is not None:
            output = total - prompt
        cached = known.get("cached_tokens", 0)
        if prompt is not None and cached > prompt:
            return None, False, False
        tokens = (
            (prompt or 0) - cached if prompt is not None else 0,
            cached if prompt is not None else 0,
            0,
            0,
            output or 0,
        )
        return tokens, prompt is not None, output is not None

    def _anthropic(self) -> tuple[Tokens | None, bool, bool]:
        known: dict[str, int] = self.fields
        if "input_tokens" not in known:
            return (0, 0, 0, 0, known.get("output_tokens", 0)), False, "output_tokens" in known
        one_hour = known.get("ephemeral_1h_input_tokens", 0)
        five_minutes = max(
            known.get("ephemeral_5m_input_tokens", 0), known.get("cache_creation_input_tokens", 0) - one_hour
        )
        tokens = (
            known["input_tokens"], known.get("cache_read_input_tokens", 0), five_minutes, one_hour,
            known.get("output_tokens", 0),
        )  # fmt: skip
        return tokens, True, "output_tokens" in known


def whole(format_: str, body: bytes) -> Reported:
    """What a JSON answer reports."""
    reported = Reported(format_)
    parsed = strict(body)
    if isinstance(parsed, dict):
        reported.read(parsed.get("usage"))
    return reported


def streamed(format_: str, body: bytes) -> Iterator[Reported]:
    """What a stream has reported after each of its events, up to the one that ends it, which comes last and is `ended`."""
    reported = Reported(format_)
    yield reported
    for payload in payloads(body):
        reported = Reported(format_, dict(reported.fields), reported.finished)
        reported.ended = _event(reported, payload)
        yield reported
        if reported.ended:
            return


def _event(reported: Reported, payload: bytes) -> bool:
    """Read one event; whether it is the last one."""
    if payload == DONE.encode() and reported.format_ != "messages":
        return True
    event = strict(payload)
    if not isinstance(event, dict):
        return False
    kind = event.get("type")
    if reported.format_ == "messages":
        message = event.get("message")
        if kind == "message_start" and isinstance(message, dict) and isinstance(message.get("usage"), dict):
            first = {name: value for name, value in message["usage"].items() if name != "output_tokens"}
            reported.read(first)  # its output is a first guess
        elif kind == "message_delta":
            reported.finished = True
            reported.read(event.get("usage"))
        return kind in ("message_stop", "error") or (kind is None and bool(event.get("error")))
    if reported.format_ == "responses":
        if kind in ("response.completed", "response.incomplete", "response.failed"):
            response = event.get("response")
            reported.read(response.get("usage") if isinstance(response, dict) else None)
            return True
        return kind == "error" or (not isinstance(kind, str) and bool(event.get("error")))
    if event.get("error") is not None and "choices" not in event:
        return True
    reported.read(event.get("usage"))
    choices = event.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        reported.finished |= isinstance(choice, dict) and choice.get("finish_reason") is not None
    return False


def payloads(body: bytes) -> Iterator[bytes]:
    """The data of each event (WHATWG HTML, "Parsing an event stream"); one that is cut off comes too, if it is whole JSON."""
    lines: list[bytes] = []
    for line in [*body.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"), b""]:
        if line:
            name, _, value = line.partition(b":")
            if name == b"data":
                lines.append(value.removeprefix(b" "))
        elif lines:
            yield b"\n".join(lines)
            lines = []


def strict(text: bytes) -> Any:
    """JSON as RFC 8259 has it; None for anything else (NaN, bytes that are no UTF-8, lone surrogates, depth beyond reason)."""

    def refuse(name: str) -> Any:
        raise ValueError(name)

    try:
        parsed = json.loads(text.decode("utf-8"), parse_constant=refuse, parse_float=_finite)
        json.dumps(parsed, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return None
    return parsed


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(text)
    return value


def _sane(value: Any) -> bool:
    return type(value) is int and 0 <= value <= ABSURD_ABOVE


def cost_nano(tokens: Tokens, prices: Mapping[str, Any]) -> int:
    """Nano-dollars: exact arithmetic on the catalogue's decimal strings, rounded up once."""
    plain = prices["input_usd_per_mtok"]
    per_mtok = [
        plain,
        *(prices.get(f"{axis}_usd_per_mtok", plain) for axis in AXES[1:4]),
        prices["output_usd_per_mtok"],
    ]
    usd = sum(count * Fraction(price) for count, price in zip(tokens, per_mtok, strict=True)) / 10**6
    return math.ceil(usd * 10**9)

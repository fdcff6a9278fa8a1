"""What a dialect is: how bodies and frames of one wire format are read. Pure functions over plain values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tollhouse.billing.pricing import Usage
from tollhouse.errors import ApiError

Counts = dict[str, Any]  # usage fields as the upstream reported them, last value wins field by field


@dataclass(frozen=True, slots=True)
class Event:
    """What one frame of a stream says."""

    counts: Counts | None = None  # usage fields in this frame
    text_bytes: int = 0  # delivered text, UTF-8
    usage_only: bool = False  # carries usage and nothing else
    finished: int = 0  # how many answers have their end here (a finish reason); a terminal frame may follow
    terminal: bool = False  # nothing follows
    error: str | None = None  # the upstream reports a failure in-band
    ping: bool = False  # says that upstream is alive, and nothing of the answer


@dataclass(frozen=True, slots=True)
class Size:
    """How much a request asks for, before anybody has counted its tokens."""

    text_bytes: int  # UTF-8 length of every string of the prompt
    tokens: int  # tokens that are given as numbers
    images: int
    output_tokens: int | None  # the limit the request sets itself
    answers: int  # how many answers it asks for
    references: int = 0  # documents that it only names


@dataclass(frozen=True, slots=True)
class Dialect:
    """One wire format. `prepare` writes the body for an upstream model; `read_event` reads one SSE frame's data."""

    name: str
    credentials: Callable[[str], tuple[tuple[str, str], ...]]
    forwarded_headers: Mapping[str, str | None]  # request header allow-list, with its default
    measure: Callable[[Mapping[str, Any], str], Size]
    prepare: Callable[[Mapping[str, Any], str, bool], dict[str, Any]]
    wants_usage_frame: Callable[[Mapping[str, Any]], bool]
    body_counts: Callable[[Mapping[str, Any]], Counts | None]
    body_text_bytes: Callable[[Mapping[str, Any]], int]
    read_event: Callable[[bytes], Event]
    input_usage: Callable[[Counts], Usage | None]  # the prompt's axes; None where they were not reported
    output_tokens: Callable[[Counts], int | None]
    no_output: Mapping[str, Any]  # the counts of an answer without tokens: embeddings need not say that they have none
    error_frame: Callable[[str, str, str | None], bytes]
    terminal_frame: bytes
    heartbeat: bytes
    ends_with_body: bool = False  # a stream without a last frame is complete where its body is


TOKENS_MAX = 1_000_000_000  # BILLING.md: a count beyond it is absurd


def count(counts: Counts, name: str) -> int | None:
    """A reported count as it is; None where it is missing or null. Raises ValueError where it is absurd."""
    value = counts.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= TOKENS_MAX:
        raise ValueError(f"{name} is not a count of tokens")
    return value


def utf8_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def error_message(body: Mapping[str, Any]) -> str | None:
    """The text of an upstream's error body, whatever shape it has."""
    error = body.get("error")
    if type(error) is dict:
        error = error.get("message")
    for candidate in (error, body.get("message"), body.get("detail")):
        if type(candidate) is str and candidate:
            return candidate
    return None


def failure_frame(dialect: Dialect, error: ApiError) -> bytes:
    """An error of ours as an event in a stream's own format (WIRE.md 14); nothing may follow it."""
    kind = error.anthropic_type if dialect.name == "anthropic" else error.openai_type
    return dialect.error_frame(error.message, kind, error.error_code)

"""What a client knows about its operations, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypedDict, TypeVar

import httpx

ResultT = TypeVar("ResultT")
PartT = TypeVar("PartT")

Place: TypeAlias = Literal["path", "query", "header", "body", "content"]
File: TypeAlias = bytes | tuple[str, bytes]
"""The content of a file, or its name and its content."""


class CallOptions(TypedDict, total=False):
    """What every method takes besides the arguments of its operation."""

    extra_headers: Mapping[str, str]
    """Headers to send; they win over those of the client."""
    extra_query: Mapping[str, Any]
    """Query parameters to send besides the described ones."""
    extra_body: Mapping[str, Any]
    """Fields of the body to send besides the described ones."""
    timeout: float | httpx.Timeout | None
    """Seconds without a byte after which to give up, for this call; None waits for ever."""
    max_retries: int
    """How often to try again, for this call."""


@dataclass(frozen=True, slots=True)
class Argument:
    """What a method takes by name: where it goes, and its name there."""

    name: str
    place: Place
    wire: str
    required: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """How pages follow each other: properties of a page's body, and the argument that asks for the next one."""

    items: str
    next: str
    argument: str
    more: str | None = None


@dataclass(frozen=True, slots=True)
class Operation(Generic[ResultT, PartT]):
    """One operation. `ResultT` is what a whole answer holds, `PartT` what comes one by one: events of a stream, items of pages.

    `body` is the media type of what is sent, which an operation that needs one sends even where nothing was given for it.
    `switch` names the argument that turns streaming on, `end` the data that ends a stream (without it the answer's end does).
    """

    name: str
    method: str
    path: str
    arguments: tuple[Argument, ...] = ()
    security: tuple[str, ...] = ()
    body: str | None = None
    body_required: bool = False
    switch: str | None = None
    end: str | None = None
    pages: Pages | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """Where a credential goes; `option` is the client's option that holds it."""

    kind: Literal["bearer", "basic", "header", "query", "cookie"]
    parameter: str
    option: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What a client was made with. A timeout of None is the HTTP client's own."""

    base_url: str
    credentials: Mapping[str, str]
    schemes: Mapping[str, Scheme]
    headers: Mapping[str, str]
    timeout: float | httpx.Timeout | None
    max_retries: int

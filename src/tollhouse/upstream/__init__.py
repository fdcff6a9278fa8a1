"""The one network call of the gateway: a request goes up, a status line with headers comes back, then the body in pieces.

    UpstreamFailure
    ├── InvalidRequest       a header, method or URL that must not be sent; nothing was
    ├── AddressRefused       the URL leads to an address this provider may not use; nothing was sent
    ├── ConnectFailed        refused, unreachable, unknown name, TLS; nothing was sent
    ├── ConnectTimeout       no connection within `connect_s`; nothing was sent
    ├── FirstByteTimeout     no status line and headers within `first_byte_s`
    ├── IdleTimeout          silence in the body
    ├── ConnectionBroken     reset, or closed before the answer was complete
    ├── MalformedResponse    not HTTP, or a head too large to be one
    └── BodyTooLarge         more than the caller wants to hold

Messages name the host at most: never headers, paths or queries, which can hold keys. This module is the seam; `engine.py` is what
the gateway puts behind it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from tollhouse.config.snapshot import Timeouts


class UpstreamFailure(Exception):
    """A call that brought no complete answer. `retryable`: another target may do better. `timed_out`: it was the clock.

    `told` is what strangers may hear of it: the message itself names the host.
    """

    retryable: ClassVar[bool] = True
    timed_out: ClassVar[bool] = False
    told: ClassVar[str] = "failed"


class InvalidRequest(UpstreamFailure):
    retryable = False
    told = "cannot be asked this"


class AddressRefused(UpstreamFailure):
    told = "could not be reached"


class ConnectFailed(UpstreamFailure):
    told = "could not be reached"


class ConnectTimeout(UpstreamFailure):
    timed_out = True
    told = "could not be reached in time"


class FirstByteTimeout(UpstreamFailure):
    timed_out = True
    told = "did not answer in time"


class IdleTimeout(UpstreamFailure):
    timed_out = True
    told = "fell silent"


class ConnectionBroken(UpstreamFailure):
    told = "broke off"


class MalformedResponse(UpstreamFailure):
    told = "answered with something that is not HTTP"


class BodyTooLarge(UpstreamFailure):
    retryable = False
    told = "answered with too much"


@dataclass(slots=True)
class UpstreamRequest:
    """One call. The headers are sent as they are, next to Host, Content-Length, Accept and User-Agent where they are not among them."""

    method: str
    url: str = field(repr=False)
    headers: Sequence[tuple[str, str]] = field(repr=False)
    body: bytes | None = field(repr=False)
    timeouts: Timeouts
    allow_private: bool


class UpstreamResponse(Protocol):
    """A status line and headers; names in lower case, the first value of each. The body is read once, by one reader."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    async def read_chunk(self) -> bytes | None:
        """The next piece of the body, as soon as it is there; None at its end.

        Raises IdleTimeout, ConnectionBroken or MalformedResponse.
        """

    async def read(self, bytes_max: int) -> bytes:
        """The rest of the body; BodyTooLarge beyond `bytes_max`, else as `read_chunk`. Any failure closes the connection."""

    async def close(self) -> None:
        """Close the connection if the body is not read to its end. A pending read raises ConnectionBroken. May be repeated."""


class Upstream(Protocol):
    """The seam. An engine passes tests/test_upstream.py and nothing else in the gateway knows which one it is."""

    async def send(self, request: UpstreamRequest) -> UpstreamResponse:
        """Send; return when status line and headers are there, whatever the status. Raises UpstreamFailure.

        A call cancelled here or in a read has its connection closed.
        """

    async def close(self) -> None:
        """Close every connection; calls under way fail, and so do later ones."""

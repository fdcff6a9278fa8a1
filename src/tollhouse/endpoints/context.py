"""What an endpoint is given and what it gives back. No HTTP types in here: those end in `tollhouse.contract`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tollhouse.accounts import Accounts
from tollhouse.attempt import Answer
from tollhouse.config.snapshot import Config, Listener, Mount
from tollhouse.generated.operations import Operation
from tollhouse.identity.authors import Author
from tollhouse.identity.principals import Principal
from tollhouse.passage import Passage, Payload
from tollhouse.providers import Providers
from tollhouse.relay import Relay
from tollhouse.router import Router
from tollhouse.sign_ins import SignIns
from tollhouse.web.pages import Pages


@dataclass(frozen=True, slots=True)
class Services:
    """What the process shares between requests."""

    relay: Relay
    accounts: Accounts
    sign_ins: SignIns
    providers: Providers
    check_body: Callable[[str, Any], None]  # by operationId; raises InvalidRequest as a call of it would
    pages: Pages


@dataclass(slots=True)
class Request:
    """One validated request. The middlewares fill it in from the outside in; endpoints only read it."""

    request_id: str
    config: Config
    router: Router
    headers: Mapping[bytes, bytes]  # lower-case names; for the contract's own use
    client: str  # network address of the caller
    mount: Mount | None = None
    operation: Operation | None = None
    principal: Principal | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    passage: Passage | None = None  # of a call below a provider
    payload: Payload | None = None  # of one that the contract does not know
    administrator: str = ""  # what the log calls the caller of an admin operation

    @property
    def listener(self) -> Listener:
        """The listener that was asked."""
        listeners = self.config.routes.listeners
        return next(each for each in listeners if any(mount is self.mount for mount in each.mounts))

    @property
    def accept(self) -> str:
        """The media types that the caller would like, as it says so; nothing where it says nothing."""
        return self.headers.get(b"accept", b"").decode("latin-1")

    @property
    def author(self) -> Author:
        """Who asked for what an admin operation changes."""
        return Author(self.administrator, self.client, self.request_id)


@dataclass(frozen=True, slots=True)
class Value:
    """A JSON answer with a status of its own; a plain dict or list is a 200."""

    value: Any
    status: int = 200


@dataclass(frozen=True, slots=True)
class Text:
    """An answer that is no JSON value: plain text unless its type says otherwise. One with an `etag` is sent when it changed."""

    text: str | bytes
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names


Reply = dict[str, Any] | list[Any] | Value | Text | Answer

__all__ = ["Answer", "Reply", "Request", "Services", "Text", "Value"]

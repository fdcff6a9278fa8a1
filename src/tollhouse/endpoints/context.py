"""What an endpoint is given and what it gives back. No HTTP types in here: those end in `tollhouse.contract`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tollhouse.accounts import Accounts
from tollhouse.attempt import Answer
from tollhouse.config.snapshot import Config, Mount
from tollhouse.generated.operations import Operation
from tollhouse.identity.authors import Author
from tollhouse.identity.principals import Principal
from tollhouse.passage import Passage, Payload
from tollhouse.providers import Providers
from tollhouse.relay import Relay
from tollhouse.router import Router
from tollhouse.sign_ins import SignIns


@dataclass(frozen=True, slots=True)
class Services:
    """What the process shares between requests."""

    relay: Relay
    accounts: Accounts
    sign_ins: SignIns
    providers: Providers
    check_body: Callable[[str, Any], None]  # by operationId; raises InvalidRequest as a call of it would


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
    """A plain-text answer."""

    text: str | bytes
    content_type: str = "text/plain; charset=utf-8"


Reply = dict[str, Any] | list[Any] | Value | Text | Answer

__all__ = ["Answer", "Reply", "Request", "Services", "Text", "Value"]

"""Who is calling: an account, and the API key or the session through which it calls."""

from dataclasses import dataclass, field
from typing import NamedTuple

from tollhouse.billing.ledger import Account
from tollhouse.errors import InvalidKey
from tollhouse.storage.base import KeyRow

ANONYMOUS = "anonymous"  # id and name of the account that calls without a key run as


@dataclass(slots=True)
class Used:
    """What counts towards a quota. A key and those that were rotated into it have one of these together."""

    spent_nano: int = 0
    tokens: int = 0
    reserved_nano: int = 0  # of running requests, so that parallel calls cannot overrun the quota
    reserved_tokens: int = 0


@dataclass(slots=True)
class ApiKey:
    """An issued key while the process runs: its row, and what changes from call to call."""

    row: KeyRow
    account: Account
    models: frozenset[str] | None
    used: Used = field(default_factory=Used)
    running_streams: int = 0
    last_used_us: int | None = None
    digest: bytes | None = None  # of the whole key, once it was verified in this process

    def is_active(self, now_us: int) -> bool:
        """Neither revoked nor expired."""
        row = self.row
        return row.revoked_at_us is None and (row.expires_at_us is None or row.expires_at_us > now_us)


class Session(NamedTuple):
    """What an account holder got by signing in."""

    id: str
    account: str
    expires_at_us: int


class Principal(NamedTuple):
    """The caller of one request. `models` None means all of them."""

    account: Account
    key: ApiKey | None
    models: frozenset[str] | None
    name: str  # what rate counters and logs call it
    session: Session | None = None  # of an account holder who signed in; never together with a key


def check_usable(principal: Principal, now_us: int) -> None:
    """Raises InvalidKey where a caller's key was revoked or has expired, or its account is suspended: as of now."""
    key = principal.key
    if key is not None:
        row = key.row
        if row.revoked_at_us is not None:
            raise InvalidKey("This API key was revoked; use another one.")
        if row.expires_at_us is not None and row.expires_at_us <= now_us:
            raise InvalidKey("This API key has expired; create a new one.")
        if principal.account.status != "active":
            raise InvalidKey("The account of this API key is suspended; ask its administrator.")

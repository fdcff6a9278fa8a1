"""The store: where accounts, keys and the journal live. Every engine passes one shared contract suite."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from tollhouse.errors import TollhouseError

# One ledger row per request, in the order in which `ledger show` prints its columns (BILLING.md, "Money").
LEDGER_COLUMNS = (
    "request_id", "account", "key_id", "operation", "provider", "upstream_key_id", "requested_model", "served_model",
    "attempts", "input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens",
    "price_version", "account_multiplier", "model_multiplier", "cost_usd", "held_usd", "usage_source", "state", "status",
    "stream", "ttfb_ms", "duration_ms", "created_at", "settled_at",
)  # fmt: skip


class StoreError(TollhouseError):
    """The store could not be read or written; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class AccountRow:
    id: str
    name: str
    multiplier_ppm: int
    status: str
    created_at_us: int
    balance_nano: int
    spent_nano: int


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An issued API key; the secret itself is only there as a bcrypt hash. None means: no limit of its own."""

    id: str
    account: str
    name: str
    prefix: str
    secret_hash: bytes
    created_at_us: int
    models: tuple[str, ...] | None = None
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    burst: int | None = None
    concurrency: int | None = None
    quota_nano: int | None = None
    quota_tokens: int | None = None
    expires_at_us: int | None = None
    revoked_at_us: int | None = None
    last_used_at_us: int | None = None


@dataclass(frozen=True, slots=True)
class KeyTotals:
    """What a key has used so far: nano-dollars and tokens of all its posted requests."""

    spent_nano: int = 0
    tokens: int = 0


Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Books:
    """The journal and what is derived from it, all as of one moment, however long reading takes."""

    balances: Mapping[str, tuple[int, int]]  # account → balance and sum of posts, in nano-dollars
    price_versions: Mapping[str, str]  # version → canonical JSON of the catalogue's models
    entries: Iterator[dict[str, Any]]  # every row, in order


class Store(Protocol):
    """What a storage engine offers. Writing methods are called from the journal's thread only.

    All methods raise StoreError where the store cannot do what they say; then nothing has changed.
    """

    def migrate(self) -> None: ...
    def accounts(self) -> list[AccountRow]: ...
    def keys(self) -> list[KeyRow]: ...
    def key_totals(self) -> Mapping[str, KeyTotals]: ...
    def open_holds(self) -> list[tuple[str, str, str | None, int]]: ...
    def credit_of(self, account: str, reference: str) -> int | None: ...
    def write(self, entries: Sequence[Row]) -> None: ...
    def add_account(self, account: AccountRow) -> None: ...
    def add_key(self, key: KeyRow) -> None: ...
    def revoke_key(self, key_id: str, at_us: int) -> None: ...
    def touch_keys(self, last_used_us: Mapping[str, int]) -> None: ...
    def add_price_version(self, version: str, catalogue: str, at_us: int) -> None: ...
    def ledger(
        self, *, account: str | None, request_id: str | None, limit: int, before: int | None
    ) -> list[dict[str, Any]]: ...
    def books(self) -> AbstractContextManager[Books]: ...
    def close(self) -> None: ...

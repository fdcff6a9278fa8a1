"""The store: where accounts, keys and the journal live. Every engine passes one shared contract suite."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from tollhouse.errors import TollhouseError

# One ledger row per request, in the order in which `ledger show` prints its columns (BILLING.md, "Money").
LEDGER_COLUMNS = (
    "request_id", "account", "key_id", "operation", "provider", "upstream_key_id", "requested_model", "served_model",
    "attempts", "input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens",
    "price_version", "account_multiplier", "model_multiplier", "cost_usd", "held_usd", "usage_source", "state", "status",
    "stream", "ttfb_ms", "duration_ms", "created_at", "settled_at", "reason",
)  # fmt: skip

TOKENS = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens")


class StoreError(TollhouseError):
    """The store could not be read or written; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class AccountRow:
    id: str
    name: str
    multiplier_ppm: int
    status: str
    created_at_us: int
    balance_nano: int = 0
    spent_nano: int = 0
    adjusted_nano: int = 0
    daily_budget_nano: int | None = None
    monthly_budget_nano: int | None = None


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
    quota_of: str | None = None  # the first of the keys that were rotated into this one: all of them share one quota


@dataclass(frozen=True, slots=True)
class LogRow:
    """One change by an administrator. `before` and `after` are JSON objects of what changed, without secrets."""

    id: str
    at_us: int
    actor: str
    client: str  # network address, empty where there is none
    request_id: str
    action: str  # the operationId
    account: str  # empty where it is about a provider
    object: str  # id of the account or the key, or name of the provider, that changed
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class KeyTotals:
    """What a key has used so far: nano-dollars and tokens of all its posted requests."""

    spent_nano: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class WalletRow:
    """A wallet and its account. `owed_nano` is the sign-up credit that is promised and not booked yet."""

    address: str  # lower case
    account: str
    chain_id: int  # of the latest sign-in
    sign_in_count: int
    owed_nano: int = 0


@dataclass(frozen=True, slots=True)
class UpstreamKeyRow:
    """A credential for a provider as it is kept: sealed (`tollhouse.vault`), and nothing of it once it is revoked."""

    id: str
    provider: str
    sealed: bytes | None = field(repr=False)
    last_four: str  # of the key, for people; empty where it is so short that they would give it away
    weight: int
    created_at_us: int
    revoked_at_us: int | None = None


@dataclass(frozen=True, slots=True)
class PauseRow:
    """A provider that is paused, since when, why, and by whom (empty: by the gateway itself)."""

    provider: str
    paused_at_us: int
    reason: str
    paused_by: str = ""


class Spending(NamedTuple):
    """What the requests of an account that began on one day (UTC, days since 1970) have cost, in nano-dollars."""

    account: str
    day: int
    spent_nano: int


class ProviderSpending(NamedTuple):
    """What the requests that a provider served and that began on one day (UTC, days since 1970) have cost, in nano-dollars."""

    provider: str
    day: int
    spent_nano: int


class Mark(NamedTuple):
    """Something that happened once to a provider's spending of one day, so that it does not happen again."""

    provider: str
    day: int  # UTC, days since 1970
    kind: str  # alert | stop: a threshold was reached | resume: an administrator let it go on
    amount_nano: int  # the threshold, or what had been spent when it was let go on


class OpenHold(NamedTuple):
    """A hold without a resolution."""

    request_id: str
    account: str
    key_id: str | None
    amount_nano: int
    at_us: int


class Booked(NamedTuple):
    """What was booked under a reference: a credit or an adjustment, which may be negative."""

    kind: str
    amount_nano: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The books in a few numbers, as of one moment; sums in nano-dollars."""

    head: bytes  # hash of the last entry
    counts: Mapping[str, int]  # entries of each kind, of those that there are
    balance_nano: int
    spent_nano: int  # posts less refunds
    adjusted_nano: int
    credited_nano: int  # read from the entries themselves, so that balances can be checked against it


@dataclass(frozen=True, slots=True)
class Moment:
    """The store as it was when this was made, however much later it is read, and in whichever thread."""

    summary: Callable[[], Summary]
    accounts: Callable[[], list[AccountRow]]
    open_holds: Callable[[], list[OpenHold]]


@dataclass(frozen=True, slots=True)
class UsageQuery:
    """Which roll-ups to add up: hours since 1970 from `start` up to `end`, which is not included."""

    by: tuple[str, ...]  # of USAGE_GROUPS, in the order of the answer
    start_hour: int
    end_hour: int
    account: str | None = None
    key_id: str | None = None
    rows_max: int | None = None  # of the answer


# What usage can be grouped by, and the columns that are then added up (GET /api/usage, `tollhouse usage`).
USAGE_GROUPS = ("hour", "day", "account", "key", "model", "provider")
USAGE_SUMS = ("requests", *TOKENS, "cost_nano")
USAGE_SHOWN = (*USAGE_SUMS[:-1], "cost_usd")  # as answers and tables show them

Row = Sequence[Any]


class Charge(NamedTuple):
    """A charge that stands: what its price came from, and the price."""

    at_us: int  # when the request began
    price_version: str
    account_multiplier: str
    served_model: str
    model_multiplier: str
    input_tokens: int
    cache_read_tokens: int
    cache_write_5m_tokens: int
    cache_write_1h_tokens: int
    output_tokens: int
    amount_nano: int
    usage_source: str = "reported"  # none: it was not metered


class Charges(NamedTuple):
    """Charges of a span of time, and the prices of all versions, the oldest first: version → canonical JSON."""

    price_versions: Mapping[str, str]
    rows: Iterator[Charge]


@dataclass(frozen=True, slots=True)
class Books:
    """The journal and what is derived from it, all as of one moment, however long reading takes."""

    balances: Mapping[str, tuple[int, int, int]]  # account → balance, sum of posts, of adjustments, in nano-dollars
    price_versions: Mapping[str, str]  # version → canonical JSON of the catalogue's models
    repeated: Set[tuple[str, str]]  # requests with more than one hold, resolution or refund, and which of them
    refunded: Set[str]  # requests with a refund
    usage_drift: Callable[[], Iterator[tuple[Any, ...]]]  # groups of a roll-up that differ from what the entries make
    hold_marks: Set[int]  # see `Store.open_holds`
    entries: Iterator[dict[str, Any]]  # every row, in order


class IdentityStore(Protocol):
    """The part of a store that holds wallets, ended sessions and sign-in links."""

    def wallets(self) -> list[WalletRow]: ...

    def add_wallet(self, wallet: WalletRow, account: AccountRow) -> bool:
        """Add a wallet with its new account; False, and neither is added, where the wallet is known already."""

    def count_sign_in(self, address: str, chain_id: int, count: int) -> bool:
        """Count a sign-in of a wallet that had `count` of them; False where it has another number."""

    def settle_wallet(self, address: str) -> None:
        """Note that a wallet's sign-up credit is booked."""

    def session_epochs(self) -> Mapping[str, int]:
        """How often each account has ended all of its sessions, where it has."""

    def end_sessions(self, account: str) -> int:
        """End all sessions of an account that began so far; the account's new epoch."""

    def revoked_sessions(self) -> Mapping[str, int]:
        """When each session expires that was ended before."""

    def revoke_session(self, session_id: str, expires_at_us: int, at_us: int) -> None:
        """End one session. Those that have expired by `at_us` are forgotten."""

    def add_sign_in_link(
        self, token_hash: bytes, account: str, expires_at_us: int, at_us: int, log: "LogRow | None" = None
    ) -> None:
        """Keep the hash of a link's token. Those that have expired by `at_us` are forgotten."""

    def use_sign_in_link(self, token_hash: bytes, at_us: int) -> str | None:
        """The account of a link, which is used up by this; None where there is none or it has expired."""


class SpendingStore(Protocol):
    """The part of a store that knows what providers have spent, and who has been told."""

    def provider_spending(self, since_day: int) -> list[ProviderSpending]:
        """What was spent per provider and day, from a day on, as the ledger has it."""

    def marks(self, since_day: int) -> list[tuple[Mark, bool]]:
        """The marks from a day on, and whether there is nothing left to tell about each."""

    def add_mark(self, mark: Mark, at_us: int) -> None:
        """Keep a mark that somebody has to be told about; nothing happens where it is kept already."""

    def tell_mark(self, mark: Mark, at_us: int) -> None:
        """Keep a mark, as one that has been told about or that nobody has to hear of."""


class ProviderStore(Protocol):
    """The part of a store that holds upstream keys and which providers are paused."""

    def upstream_keys(self) -> list[UpstreamKeyRow]:
        """Every key, revoked ones too, the oldest first."""

    def add_upstream_key(self, key: UpstreamKeyRow, log: "LogRow | None" = None) -> None: ...

    def reseal_upstream_key(self, key_id: str, old: bytes, new: bytes) -> None:
        """Put another sealing in the place of one, unless that has changed meanwhile."""

    def revoke_upstream_key(self, key_id: str, at_us: int, log: "LogRow | None" = None) -> None:
        """Revoke a key once, and forget its sealed value."""

    def paused_providers(self) -> list[PauseRow]: ...

    def pause_provider(self, pause: PauseRow, log: "LogRow | None" = None) -> None:
        """Pause a provider; where it is paused for another reason already, since then, but now for this one."""

    def resume_provider(self, provider: str, log: "LogRow | None" = None) -> None: ...


class Store(IdentityStore, ProviderStore, SpendingStore, Protocol):
    """What a storage engine offers. Writing methods are called from the journal's thread only.

    All methods raise StoreError where the store cannot do what they say; then nothing has changed, as far as it knows.
    A commit may have happened although it reported an error: `write` is given the same entries again, others may follow
    them, and adds those that are not in yet. What changes and the row about it in the log of administration are written
    together; `write` takes rows beside its entries, such as the account that an opening balance is for.
    """

    def migrate(self) -> None: ...
    def accounts(self) -> list[AccountRow]: ...
    def keys(self) -> list[KeyRow]: ...
    def key_totals(self) -> Mapping[str, KeyTotals]: ...
    def spending(self, since_day: int) -> list[Spending]: ...
    def open_holds(self) -> list[OpenHold]:
        """Every hold without a resolution. It is found by the marks, so that this takes no longer with a longer ledger.

        No open hold is before the last mark, unless it has one of its own. Marks that were true once stay true, whatever
        is written after them.
        """

    def find_hold_marks(self) -> list[int]:
        """The marks as of now: the number of each open hold's entry, and the one that the next entry gets."""

    def keep_hold_marks(self, marks: Collection[int]) -> None:
        """Look for open holds by these marks from now on."""

    def booked(self, account: str, reference: str) -> Booked | None: ...
    def write(self, entries: Sequence[Row], beside: Sequence[AccountRow | LogRow] = ()) -> None: ...
    def add_account(self, account: AccountRow, log: LogRow | None = None) -> None: ...
    def update_account(self, account: str, columns: Mapping[str, Any], log: LogRow | None = None) -> None: ...
    def add_key(self, key: KeyRow, log: LogRow | None = None) -> None: ...
    def update_key(self, key_id: str, columns: Mapping[str, Any], log: LogRow | None = None) -> None: ...
    def rotate_key(self, key_id: str, expires_at_us: int, new: KeyRow, log: LogRow | None = None) -> None: ...
    def revoke_key(self, key_id: str, at_us: int, log: LogRow | None = None) -> None: ...
    def touch_keys(self, last_used_us: Mapping[str, int]) -> None: ...
    def add_price_version(self, version: str, catalogue: str, at_us: int) -> None: ...
    def ledger(
        self,
        *,
        account: str | None = None,
        request_id: str | None = None,
        unpaid: bool = False,
        limit: int,
        before: int | None = None,
    ) -> list[dict[str, Any]]: ...
    def admin_log(
        self,
        *,
        account: str | None = None,
        thing: str | None = None,
        action: str | None = None,
        limit: int,
        before: int | None = None,
    ) -> list[dict[str, Any]]: ...
    def usage(self, query: UsageQuery) -> list[dict[str, Any]]: ...
    def charges(self, start_us: int, end_us: int, account: str | None) -> AbstractContextManager[Charges]: ...
    def unpaid(self) -> Mapping[str, int]: ...
    def entries_of(self, request_id: str) -> list[dict[str, Any]]: ...
    def price_version(self, version: str) -> str | None: ...
    def summary(self) -> Summary: ...
    def moment(self) -> AbstractContextManager[Moment]: ...
    def books(self) -> AbstractContextManager[Books]: ...
    def close(self) -> None: ...

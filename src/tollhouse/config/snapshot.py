"""The configuration as one immutable value: what `routes.yaml`, `providers.yaml` and `model_catalog.json` say.

Every running request keeps the snapshot it began with; a reload builds a new one and swaps it whole.
Money is integer nano-dollars (10⁻⁹ USD), prices are nano-dollars per million tokens, multipliers are integer parts per million.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

PPM = 1_000_000

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Mount:
    """One OpenAPI document served under one base path of a listener."""

    document: str  # the file stem under openapi/: system, openai, anthropic, admin, …
    at: str  # base path without a trailing slash; "" is the root
    errors: str  # error dialect: openai | anthropic | provider | detail | openproxy | problem
    auth: str = "required"  # required | optional (a call without a key runs as the `anonymous` account)
    public: frozenset[str] = frozenset()  # operationIds that need no key here
    health: str = "json"  # how `/health` answers: json | text
    heartbeat_before_first_frame_s: float | None = None


@dataclass(frozen=True, slots=True)
class Listener:
    name: str
    host: str
    port: int  # 0 takes a free one
    mounts: tuple[Mount, ...]

    @property
    def url(self) -> str:
        """Its address for people of this machine."""
        host = "localhost" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - recognised, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Anonymous:
    """What a call without a key may do on mounts with `auth: optional`."""

    models: frozenset[str] = frozenset()
    requests_per_minute: int = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """Edge and rate limits; sizes in bytes, times in seconds."""

    body_bytes: int = 10 * 1024 * 1024
    body_timeout_s: float = 60.0
    header_bytes: int = 32 * 1024
    header_count: int = 100
    request_line_bytes: int = 8 * 1024
    header_timeout_s: float = 10.0
    json_depth: int = 64
    write_stall_s: float = 60.0
    requests_per_minute: int = 600  # per key, where the key has none of its own; 0 = none
    account_requests_per_minute: int = 0  # of all keys of an account together; 0 = none
    attempts: int = 5  # targets that one call tries at most
    attempts_s: float = 300.0  # after which a call tries no further target, and none is waited for
    sign_ins_per_minute: int = 30  # attempts per network address, and per wallet; 0 = no limit


@dataclass(frozen=True, slots=True)
class Routes:
    listeners: tuple[Listener, ...]
    anonymous: Anonymous = Anonymous()
    cors_origins: tuple[str, ...] = ("*",)
    trusted_proxies: tuple[Network, ...] = ()  # whose X-Forwarded-For is believed
    signup_credit_nano: int = 0
    active_keys_max: int = 50
    limits: Limits = Limits()
    hold: str = "soft"  # soft | hard
    durability: str = "strict"  # strict | relaxed
    key_prefixes: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({"account": "sk_rc_", "admin": "op_"})
    )


@dataclass(frozen=True, slots=True)
class UpstreamKey:
    """One credential for a provider. `value` is None where the variable is unset or the file is missing."""

    id: str  # stable and without secrets: "env:OPENAI_API_KEY", "file:/run/secrets/openai", later a store id
    weight: int
    value: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProviderModel:
    """A public model as one provider serves it."""

    public_id: str
    upstream_id: str
    multiplier_ppm: int = PPM
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Timeouts:
    connect_s: float = 5.0
    first_byte_s: float = 120.0
    idle_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Provider:
    name: str
    dialect: str  # openai | anthropic
    base_url: str  # with the version segment, without a trailing slash
    keys: tuple[UpstreamKey, ...]
    models: Mapping[str, ProviderModel]  # by public id
    multiplier_ppm: int = PPM
    endpoints: tuple[str, ...] = ()  # what the pass-through reaches
    free_endpoints: tuple[str, ...] = ()  # of these, what costs nothing whatever the method
    shared_endpoints: tuple[str, ...] = ()  # and what every key may read, although it shows what all of them made
    default_models: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    timeouts: Timeouts = Timeouts()
    stream_usage: bool = True
    on_disconnect: str = "cancel"  # cancel | drain
    rest_after_failures: int = 3  # in a row; 0: never
    allow_private: bool = False
    alert_nano_per_day: int | None = None
    stop_nano_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """Nano-dollars per million tokens. A cache price of None means the plain input price.

    `request` is nano-dollars for each delivered answer, beside its tokens; None means that answers are not priced so.
    """

    input: int
    output: int
    cache_read: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    request: int | None = None


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """Facts and prices of one model; `prices` lists (ISO date from which, prices), oldest first, the first dated ""."""

    id: str
    kind: str  # chat | completion | embedding | moderation | image | audio | rerank
    prices: tuple[tuple[str, Prices], ...]
    multiplier_ppm: int = PPM
    context_tokens: int | None = None
    max_output_tokens: int | None = None
    owned_by: str = "tollhouse"
    display_name: str | None = None
    description: str | None = None
    author: str | None = None
    blockchain: str | None = None
    tags: tuple[str, ...] = ()
    hugging_face_id: str | None = None

    def prices_on(self, date: str) -> Prices:
        """The prices in force on an ISO date (UTC)."""
        current = self.prices[0][1]
        for effective, prices in self.prices:
            if effective <= date:
                current = prices
        return current


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`model_catalog.json`. `version` is "sha256:" and the hash of its canonical JSON; charges pin it."""

    version: str
    models: Mapping[str, CatalogueModel]
    canonical_json: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Config:
    """One load of the three files."""

    routes: Routes
    providers: Mapping[str, Provider]
    catalogue: Catalogue

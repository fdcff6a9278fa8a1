"""Who can serve a model: the targets of each pool, built once per configuration, and their order for one call."""

import random
import urllib.parse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from tollhouse.billing.money import format_decimal
from tollhouse.billing.pricing import Rate
from tollhouse.config.endpoints import covers
from tollhouse.config.snapshot import CatalogueModel, Config, Prices, Provider, ProviderModel, UpstreamKey
from tollhouse.dialects import DIALECTS
from tollhouse.dialects.base import Dialect
from tollhouse.dialects.translation import Translation
from tollhouse.dialects.translations import ALL_TRANSLATIONS, FORMATS, PATHS
from tollhouse.errors import InvalidRequest, ModelNotFound, NoActiveKeys, ProviderPaused, UnknownPricing
from tollhouse.generated.operations import Operation
from tollhouse.storage.base import PauseRow

TRANSLATED_KINDS = frozenset({"chat", "message", "response"})  # of operations; and only chat models are
RESPONSES = "responses"  # the endpoint, and the dialect that is spoken there
MODERATIONS = "moderations"  # the endpoint whose requests may leave the model to `default_models`


@dataclass(frozen=True, slots=True)
class Target:
    """One way to serve a public model: a provider, one of its keys, and what it costs there."""

    provider: Provider
    key_id: str
    secret: bytes = field(repr=False)
    upstream_model: str
    served: CatalogueModel
    weight: int
    model_multiplier_ppm3: int  # provider × provider's entry × catalogue
    model_multiplier: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    dialect: Dialect  # what is spoken there: the client's own, unless there is a translation
    translation: Translation | None = None
    path: str | None = None  # below the base URL, where it is not that of the client's operation
    named: tuple[tuple[bytes, bytes], ...] = ()  # the response headers that say who served a call
    elsewhere: bool = False  # on an endpoint that the contract does not know, whose failures say nothing about others

    @property
    def circuit(self) -> tuple[str, str, str]:
        """What fails together: a provider, one of its keys, and a model there."""
        model = f"{self.upstream_model} elsewhere" if self.elsewhere else self.upstream_model
        return self.provider.name, self.key_id, model

    def scrub(self, text: bytes) -> bytes:
        """An upstream's own words without the key we sent, which some of them quote."""
        return text.replace(self.secret, b"[redacted]") if self.secret else text

    def rate(self, date: str, account_multiplier_ppm: int) -> Rate:
        """What this target costs on an ISO date (UTC)."""
        return Rate(self.served.prices_on(date), account_multiplier_ppm, self.model_multiplier_ppm3)


@dataclass(frozen=True, slots=True)
class Pool:
    """All targets of one public model for the clients of one dialect; `keyless` names providers that have no key."""

    targets: tuple[Target, ...]
    keyless: tuple[str, ...] = ()

    def of(self, provider: str) -> "Pool | None":
        """The part of one provider; None where it does not offer the model."""
        targets = tuple([target for target in self.targets if target.provider.name == provider])
        keyless = (provider,) if provider in self.keyless else ()
        return Pool(targets, keyless) if targets or keyless else None


class Router:
    """Pools of one configuration snapshot. What is paused or revoked later holds at once, whoever has this router."""

    def __init__(
        self,
        config: Config,
        paused: Mapping[str, PauseRow] = MappingProxyType({}),
        revoked: Set[str] = frozenset(),
    ) -> None:
        """`paused` (by provider) and `revoked` (ids of keys) are looked at whenever somebody asks."""
        self._paused, self._revoked = paused, revoked
        self._catalogue = config.catalogue.models
        self._providers = config.providers
        self._offered: dict[str, CatalogueModel] = {}  # public id: what prices it
        self._pools: Mapping[tuple[str, str, bool], Pool] = self._build(config)

    def pool(self, dialect: str, model: str, kind: str | None = None, provider: str | None = None) -> Pool:
        """The pool of a public model, for an operation of some kind; with a `provider`, its own part, without translations.

        Raises UnknownPricing where nobody knows a price, ModelNotFound where nobody offers the model in this dialect or
        for moderations, NoActiveKeys where its providers have no key, ProviderPaused where they are paused.
        """
        pool = self.everyone(dialect, model, kind, provider)
        if self._paused or self._revoked:
            pool = self._unbarred(pool)
        if pool.targets:
            return pool
        raise _no_active_keys(pool.keyless)

    def everyone(self, dialect: str, model: str, kind: str | None = None, provider: str | None = None) -> Pool:
        """As `pool`, with those that are paused and where nobody has a key."""
        if kind == "moderation":
            self._check_moderates(model)
        pool = self._pools.get((dialect, model, kind in TRANSLATED_KINDS and provider is None))
        if pool is not None and provider is not None:
            pool = pool.of(provider)
        if pool is not None:
            return pool
        if model in self._catalogue or model in self._offered:
            elsewhere = " on this endpoint; another endpoint does" if model in self._offered else ""
            nobody = "No provider offers" if provider is None else f"{provider} does not offer"
            raise ModelNotFound(
                f"{nobody} the model {model}{elsewhere}. GET /models lists what is there.", param="model"
            )
        raise UnknownPricing(
            f"Unknown model pricing: {model} is not in model_catalog.json, so it is not served.", param="model"
        )

    def why_not(self, target: Target) -> str | None:
        """What an administrator did that keeps a target from being asked; None where it may be."""
        pause = self._paused.get(target.provider.name)
        if pause is not None:
            return f"paused: {pause.reason}" if pause.reason else "paused"
        return "its key was revoked" if target.key_id in self._revoked else None

    def is_paused(self, provider: str) -> bool:
        return provider in self._paused

    def takes(self, target: Target) -> bool:
        """Whether a target may be asked now: its provider is not paused, and its key was not revoked meanwhile."""
        return target.provider.name not in self._paused and target.key_id not in self._revoked

    def _unbarred(self, pool: Pool) -> Pool:
        """What is left of a pool now; raises ProviderPaused where nothing but an administrator can help."""
        left = tuple([target for target in pool.targets if self.takes(target)])
        if left:
            return Pool(left, pool.keyless)
        names = dict.fromkeys((*(target.provider.name for target in pool.targets), *pool.keyless))
        paused = [self._paused[name] for name in names if name in self._paused]
        if paused and (pool.targets or len(paused) == len(names)):
            raise _all_paused(paused)
        return Pool((), tuple(names))

    def keys_of(self, provider: str) -> tuple[Target, ...]:
        """A provider with each of its keys, for calls that cost nothing and name no model.

        Raises NoActiveKeys where it has none, ProviderPaused where it is paused.
        """
        entry = self._providers[provider]
        usable = [key for key in entry.keys if key.value is not None]
        targets = [_target(entry, _NO_MODEL, key, _NO_FACTS, entry.dialect) for key in usable]
        named = tuple([replace(target, named=target.named[:1]) for target in targets])
        pool = self._unbarred(Pool(named, () if usable else (provider,)))
        if not pool.targets:
            raise _no_active_keys(pool.keyless)
        return pool.targets

    def default_model(self, operation: Operation, only: str | None = None) -> str:
        """The model of a request that names none: the default of the first provider whose model is of the right kind.

        Where none is, the first default all the same, whose pool says what is wrong with it. With `only`, that provider
        alone is asked. Raises InvalidRequest where no provider has a default.
        """
        endpoint, kind = operation.path.removeprefix("/"), operation.kind
        named = [
            provider.default_models[endpoint]
            for provider in self._providers.values()
            if provider.dialect == operation.dialect
            and endpoint in provider.default_models
            and only in (None, provider.name)
        ]
        if named:
            return next((model for model in named if self.kind(model) == kind), named[0])
        raise InvalidRequest(
            f"This request names no model, and no provider has a default for {endpoint}. Name one, or let the administrator "
            f"set `default_models: {{{endpoint}: <model>}}` of a provider in providers.yaml, with a model whose kind is `{kind}`.",
            param="model",
        )

    def _check_moderates(self, model: str) -> None:
        """Only moderation models take moderations: any other would be sent what it cannot read."""
        kind = self.kind(model)
        if kind not in (None, "moderation"):
            raise ModelNotFound(
                f"The model {model} does not do moderations: its kind in model_catalog.json is `{kind}`, not `moderation`.",
                param="model",
            )

    def offers(self, model: str) -> bool:
        """Whether some provider offers a public model that has a price."""
        return model in self._offered

    @property
    def models(self) -> list[str]:
        """Public ids of every model that is offered and priced, in the order of the catalogue, then by name."""
        known = [model for model in self._catalogue if model in self._offered]
        return known + sorted(self._offered.keys() - set(known))

    def facts(self, model: str) -> CatalogueModel | None:
        """What the catalogue says of a public model, under its own id or its upstream id; None where it says nothing."""
        return self._catalogue.get(model) or self._offered.get(model)

    def kind(self, model: str) -> str | None:
        """What a public model makes, as the catalogue says (chat, embedding, …); None where nobody knows."""
        facts = self.facts(model)
        return facts.kind if facts is not None else None

    def dialects(self, model: str) -> frozenset[str]:
        """The dialects in which some provider offers a public model."""
        return frozenset(dialect for dialect in DIALECTS if (dialect, model, False) in self._pools)

    def _build(self, config: Config) -> dict[tuple[str, str, bool], Pool]:
        """Pools by the client's dialect and the public model, without and with translated targets."""
        targets: defaultdict[tuple[str, str, bool], list[Target]] = defaultdict(list)
        keyless: defaultdict[tuple[str, str, bool], list[str]] = defaultdict(list)
        for provider in config.providers.values():
            usable = [key for key in provider.keys if key.value is not None]
            for entry in (*provider.models.values(), *_unlisted(provider, config)):
                served = served_model(config, entry)
                if served is None:
                    continue  # without a price it is refused, whoever offers it
                self._offered.setdefault(entry.public_id, served)
                for dialect, translated in _served_dialects(provider, served):
                    found = [_target(provider, entry, key, served, dialect) for key in usable]
                    for pool in ((dialect, entry.public_id, True), (dialect, entry.public_id, False)):
                        if pool[2] or not translated:
                            targets[pool] += found
                            keyless[pool] += [] if usable else [provider.name]
        return {pool: Pool(tuple(targets[pool]), tuple(keyless[pool])) for pool in {*targets, *keyless}}


# In place of a model, where there is none: of the health of a key's calls that have one, these say nothing.
_NO_MODEL = ProviderModel("", "(none)")
_NO_FACTS = CatalogueModel("", "", (("", Prices(input=0, output=0)),))


def _no_active_keys(providers: tuple[str, ...]) -> NoActiveKeys:
    names = ", ".join(providers)
    return NoActiveKeys(f"No active API keys for {names}; an administrator has to add one.", retry_after_s=30)


def spoken(provider: Provider) -> tuple[str, ...]:
    """The dialects in which a provider answers: its own, and responses where an OpenAI provider's `endpoints` list them."""
    lists = covers(provider.endpoints, RESPONSES)
    return (provider.dialect, RESPONSES) if provider.dialect == "openai" and lists else (provider.dialect,)


def _served_dialects(provider: Provider, served: CatalogueModel) -> Iterator[tuple[str, bool]]:
    """The dialects whose clients a provider can serve with a model, and whether that needs a translation."""
    native = spoken(provider)
    for dialect in DIALECTS:
        if dialect in native:
            yield dialect, False
        elif served.kind == "chat" and (FORMATS[dialect], FORMATS[provider.dialect]) in ALL_TRANSLATIONS:
            yield dialect, True


def _all_paused(paused: list[PauseRow]) -> ProviderPaused:
    """`The provider openai is paused (over budget); an administrator can resume it.`"""
    named = " and ".join(
        f"the provider {pause.provider} is paused{f' ({pause.reason})' if pause.reason else ''}" for pause in paused
    )
    return ProviderPaused(f"T{named[1:]}; an administrator can resume {'it' if len(paused) == 1 else 'them'}.")


def served_model(config: Config, entry: ProviderModel) -> CatalogueModel | None:
    """The catalogue entry that prices a provider's model: by public id first, then by upstream id."""
    models = config.catalogue.models
    return models.get(entry.public_id) or models.get(entry.upstream_id)


def _unlisted(provider: Provider, config: Config) -> Iterator[ProviderModel]:
    """A provider's default for moderations, which need not be among its models."""
    default = provider.default_models.get(MODERATIONS)
    facts = config.catalogue.models.get(default or "")
    if facts is not None and facts.kind == "moderation" and facts.id not in provider.models:
        yield ProviderModel(facts.id, facts.id)


def order(targets: tuple[Target, ...], generator: random.Random) -> tuple[Target, ...]:
    """The targets in the order to try them: weighted, without replacement (Efraimidis and Spirakis, 2006).

    Those that speak the client's format come before those that need a translation, whatever they weigh: what a
    translation leaves out depends on it.
    """
    if len(targets) == 1:
        return targets
    return tuple(
        sorted(
            targets,
            key=lambda target: (target.translation is None, generator.random() ** (1 / target.weight)),
            reverse=True,
        )
    )


def _target(provider: Provider, entry: ProviderModel, key: UpstreamKey, served: CatalogueModel, client: str) -> Target:
    """The target that serves clients of a dialect."""
    multiplier = provider.multiplier_ppm * entry.multiplier_ppm * served.multiplier_ppm
    dialect = DIALECTS[client if client in spoken(provider) else provider.dialect]
    headers = dialect.credentials(key.value or "")
    translation = None
    if client != dialect.name:
        translation = ALL_TRANSLATIONS[FORMATS[client], FORMATS[dialect.name]]
        headers += tuple((name, value) for name, value in dialect.forwarded_headers.items() if value is not None)
    return Target(
        provider=provider,
        key_id=key.id,
        secret=(key.value or "").encode(),
        upstream_model=entry.upstream_id,
        served=served,
        weight=entry.weight * key.weight,
        model_multiplier_ppm3=multiplier,
        model_multiplier=format_decimal(multiplier, places=18),
        headers=headers,
        dialect=dialect,
        translation=translation,
        path=PATHS[translation.upstream] if translation is not None else None,
        named=((b"x-tollhouse-provider", _visible(provider.name)), (b"x-tollhouse-model", _visible(served.id))),
    )


def _visible(name: str) -> bytes:
    """A name as a header can carry it: percent-encoded where it is not visible ASCII."""
    return urllib.parse.quote(name, safe="!#$&'()*+,/:;=?@[]~").encode()

"""Who can serve a model: the targets of each pool, built once per configuration, and their order for one call."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tollhouse.billing.money import format_decimal
from tollhouse.billing.pricing import Rate
from tollhouse.config.snapshot import CatalogueModel, Config, Prices, Provider, ProviderModel, UpstreamKey
from tollhouse.dialects import DIALECTS
from tollhouse.errors import InvalidRequest, ModelNotFound, NoActiveKeys, UnknownPricing
from tollhouse.generated.operations import Operation

MODERATIONS = "moderations"  # the endpoint whose requests may leave the model to `default_models`


@dataclass(frozen=True, slots=True)
class Target:
    """One way to serve a public model: a provider, one of its keys, and what it costs there."""

    provider: Provider
    key_id: str
    secret: str = field(repr=False)
    upstream_model: str
    served: CatalogueModel
    weight: int
    model_multiplier_ppm3: int  # provider × provider's entry × catalogue
    model_multiplier: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)

    def scrub(self, text: bytes) -> bytes:
        """An upstream's own words without the key we sent, which some of them quote."""
        return text.replace(self.secret.encode(), b"[redacted]") if self.secret else text

    def rate(self, date: str, account_multiplier_ppm: int) -> Rate:
        """What this target costs on an ISO date (UTC)."""
        return Rate(self.served.prices_on(date), account_multiplier_ppm, self.model_multiplier_ppm3)


@dataclass(frozen=True, slots=True)
class Pool:
    """All targets of one public model in one dialect; `keyless` names providers that have the model but no key."""

    targets: tuple[Target, ...]
    keyless: tuple[str, ...] = ()

    def of(self, provider: str) -> "Pool | None":
        """The part of one provider; None where it does not offer the model."""
        targets = tuple([target for target in self.targets if target.provider.name == provider])
        return Pool(targets, (provider,)) if targets or provider in self.keyless else None


class Router:
    """Pools of one configuration snapshot."""

    def __init__(self, config: Config) -> None:
        self._catalogue = config.catalogue.models
        self._providers = config.providers
        self._offered: dict[str, CatalogueModel] = {}  # public id: what prices it
        self._pools: Mapping[tuple[str, str], Pool] = self._build(config)

    def pool(self, dialect: str, model: str, kind: str | None = None, provider: str | None = None) -> Pool:
        """The pool of a public model, for an operation of some kind; with a `provider`, that one's part of it.

        Raises UnknownPricing where nobody knows a price, ModelNotFound where nobody offers the model in this dialect or
        for moderations, NoActiveKeys where its providers have no key.
        """
        if kind == "moderation":
            self._check_moderates(model)
        pool = self._pools.get((dialect, model))
        if pool is not None and provider is not None:
            pool = pool.of(provider)
        if pool is not None and pool.targets:
            return pool
        if pool is None and (model in self._catalogue or model in self._offered):
            elsewhere = " on this endpoint; another endpoint does" if model in self._offered else ""
            raise ModelNotFound(
                f"{provider} does not offer the model {model}{elsewhere}. GET /models lists what is there."
                if provider is not None
                else f"No provider offers the model {model}{elsewhere}. GET /models lists what is there.",
                param="model",
            )
        if pool is None or not pool.keyless:
            raise UnknownPricing(
                f"Unknown model pricing: {model} is not in model_catalog.json, so it is not served.", param="model"
            )
        raise _no_active_keys(pool.keyless)

    def keys_of(self, provider: str) -> tuple[Target, ...]:
        """A provider with each of its keys, for calls that cost nothing and have no model. Raises NoActiveKeys."""
        entry = self._providers[provider]
        targets = [_target(entry, _NO_MODEL, key, _NO_FACTS) for key in entry.keys if key.value is not None]
        if not targets:
            raise _no_active_keys((provider,))
        return tuple(targets)

    def default_model(self, operation: Operation, only: str | None = None) -> str:
        """The model of a request that names none: the default of the first provider whose model is of the right kind.

        With `only` that provider is the only one that is asked. Where none is, the first default all the same, whose pool says what is wrong with it. Raises InvalidRequest where no
        provider has a default.
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
        return frozenset(dialect for dialect in DIALECTS if (dialect, model) in self._pools)

    def _build(self, config: Config) -> dict[tuple[str, str], Pool]:
        targets: defaultdict[tuple[str, str], list[Target]] = defaultdict(list)
        keyless: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for provider in config.providers.values():
            for entry in (*provider.models.values(), *_unlisted(provider, config)):
                served = served_model(config, entry)
                if served is None:
                    continue  # without a price it is refused, whoever offers it
                self._offered.setdefault(entry.public_id, served)
                pool = (provider.dialect, entry.public_id)
                usable = [key for key in provider.keys if key.value is not None]
                if not usable:
                    keyless[pool].append(provider.name)
                targets[pool] += [_target(provider, entry, key, served) for key in usable]
        return {pool: Pool(tuple(targets[pool]), tuple(keyless[pool])) for pool in {*targets, *keyless}}


_NO_MODEL = ProviderModel("", "")
_NO_FACTS = CatalogueModel("", "", (("", Prices(input=0, output=0)),))


def _no_active_keys(providers: tuple[str, ...]) -> NoActiveKeys:
    names = ", ".join(providers)
    return NoActiveKeys(f"No active API keys for {names}; an administrator has to add one.", retry_after_s=30)


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
    """The targets in the order to try them: weighted, without replacement (Efraimidis and Spirakis, 2006)."""
    if len(targets) == 1:
        return targets
    return tuple(sorted(targets, key=lambda target: generator.random() ** (1 / target.weight), reverse=True))


def _target(provider: Provider, entry: ProviderModel, key: UpstreamKey, served: CatalogueModel) -> Target:
    multiplier = provider.multiplier_ppm * entry.multiplier_ppm * served.multiplier_ppm
    return Target(
        provider=provider,
        key_id=key.id,
        secret=key.value or "",
        upstream_model=entry.upstream_id,
        served=served,
        weight=entry.weight * key.weight,
        model_multiplier_ppm3=multiplier,
        model_multiplier=format_decimal(multiplier, places=18),
        headers=DIALECTS[provider.dialect].credentials(key.value or ""),
    )

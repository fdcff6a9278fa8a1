"""`providers.yaml` as Providers: dialects, addresses, credentials, models."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from tollhouse.config.base_url import base_url_problem
from tollhouse.config.decimals import parse_multiplier, parse_usd
from tollhouse.config.document import Node
from tollhouse.config.endpoints import covers
from tollhouse.config.problems import accepted_fix
from tollhouse.config.snapshot import PPM, Provider, ProviderModel, Timeouts
from tollhouse.config.upstream_keys import NO_KEY, build_keys

OCF = "ocf"  # the provider whose address the environment gives (OCF_HEAD_URL)
OCF_ENDPOINTS = ("chat/completions", "completions", "embeddings")

# Operations whose model a provider may fill in, beside those that its `endpoints` pass through.
MODEL_ENDPOINTS = ("chat/completions", "completions", "responses", "embeddings", "moderations", "messages")


def build_providers(root: Node, directory: Path, environ: Mapping[str, str]) -> dict[str, Provider]:
    """The providers by name, as far as the document allows; findings go into the document."""
    return {
        name: _provider(name, node, directory, environ)
        for name, node in root.child("providers").children()
        if isinstance(node.value, dict)
    }


def ocf_provider(base_url: str, models: Mapping[str, ProviderModel], entry: Provider | None) -> Provider:
    """The provider at `$OCF_HEAD_URL/v1`: the entry `ocf` with that address, or a keyless one for `models`."""
    if entry is not None:
        return replace(entry, dialect="openai", base_url=base_url, keys=entry.keys or (NO_KEY,), allow_private=True)
    return Provider(OCF, "openai", base_url, (NO_KEY,), models, endpoints=OCF_ENDPOINTS, allow_private=True)


def _provider(name: str, node: Node, directory: Path, environ: Mapping[str, str]) -> Provider:
    _check_address(name, node)
    _check_endpoints(node)
    _check_default_models(node)
    _check_thresholds(node)
    default_models = {
        key: node.child("default_models").get(key, str, "") for key, _ in node.child("default_models").children()
    }
    return Provider(
        name=name,
        dialect=node.get("dialect", str, "openai"),
        base_url=node.get("base_url", str, "").rstrip("/"),
        keys=build_keys(node.child("keys"), directory, environ),
        models=MappingProxyType(
            {public_id: _model(public_id, model) for public_id, model in node.child("models").children()}
        ),
        multiplier_ppm=node.parsed("multiplier", parse_multiplier, PPM),
        endpoints=node.texts("endpoints"),
        free_endpoints=node.texts("free_endpoints"),
        shared_endpoints=node.texts("shared_endpoints"),
        default_models=MappingProxyType(default_models),
        timeouts=_timeouts(node.child("timeouts")),
        stream_usage=node.get("stream_usage", bool, True),
        on_disconnect=node.get("on_disconnect", str, "cancel"),
        rest_after_failures=node.integer("rest_after_failures", 3),
        allow_private=node.get("allow_private", bool, False),
        alert_nano_per_day=node.parsed("alert_usd_per_day", parse_usd, None),
        stop_nano_per_day=node.parsed("stop_usd_per_day", parse_usd, None),
    )


def _model(public_id: str, node: Node) -> ProviderModel:
    return ProviderModel(
        public_id=public_id,
        upstream_id=node.get("upstream", str, public_id),
        multiplier_ppm=node.parsed("multiplier", parse_multiplier, PPM),
        weight=node.integer("weight", 1),
    )


def _timeouts(node: Node) -> Timeouts:
    usual = Timeouts()
    return Timeouts(
        connect_s=node.number("connect_s", usual.connect_s),
        first_byte_s=node.number("first_byte_s", usual.first_byte_s),
        idle_s=node.number("idle_s", usual.idle_s),
    )


def _check_address(name: str, node: Node) -> None:
    """`dialect` and `base_url` are required of every provider but `ocf`, whose address the environment gives."""
    keys = [key for key, _ in node.children()]
    if name != OCF:
        for key, example in (
            ("dialect", "accepted: openai, anthropic"),
            ("base_url", "such as https://api.openai.com/v1"),
        ):
            if key not in keys:
                node.child(key).error("is missing", example)
    if base_url := node.get("base_url", str, ""):
        found = base_url_problem(base_url, allow_private=node.get("allow_private", bool, False)) or _ends_in_endpoint(
            base_url
        )
        if found is not None:
            node.child("base_url").error(*found)


def _ends_in_endpoint(base_url: str) -> tuple[str, str] | None:
    """What is wrong with the address of an endpoint where that of all endpoints belongs, and how to mend it."""
    address = base_url.rstrip("/")
    for endpoint in MODEL_ENDPOINTS:
        if address.endswith(f"/{endpoint}"):
            return (
                f'"{base_url}" ends in an endpoint, which calls append',
                f'write "{address.removesuffix(f"/{endpoint}")}"',
            )
    return None


def _check_endpoints(node: Node) -> None:
    for key in ("endpoints", "free_endpoints", "shared_endpoints"):
        for endpoint in node.child(key).items():
            if isinstance(endpoint.value, str) and any(
                part and not part.strip(".") for part in endpoint.value.split("/")
            ):
                endpoint.error(f'"{endpoint.value}" steps out of its own path', "remove the segments . and ..")
            if isinstance(endpoint.value, str) and endpoint.value.startswith("v1/"):
                message = f'"{endpoint.value}" is never reached: paths are below base_url, without v1/'
                endpoint.error(message, f'write "{endpoint.value.removeprefix("v1/")}"')
    patterns = node.texts("endpoints")
    for key in ("free_endpoints", "shared_endpoints"):
        for endpoint in node.child(key).items():
            if isinstance(endpoint.value, str) and patterns and not _reachable(endpoint.value, patterns):
                endpoint.warn("has no effect: `endpoints` does not list it", accepted_fix(endpoint.value, patterns))


def _reachable(pattern: str, endpoints: tuple[str, ...]) -> bool:
    """Whether a pattern and one of `endpoints` can stand for the same path."""
    return covers(endpoints, pattern) or any(covers((pattern,), each) for each in endpoints)


def _check_default_models(node: Node) -> None:
    """Each endpoint must be one that a request can reach."""
    patterns = node.texts("endpoints")
    for endpoint, value in node.child("default_models").children():
        if endpoint not in MODEL_ENDPOINTS and not covers(patterns, endpoint):
            accepted = dict.fromkeys((*patterns, *MODEL_ENDPOINTS))
            value.error("no request reaches this endpoint", accepted_fix(endpoint, accepted))


def _check_thresholds(node: Node) -> None:
    alert = node.parsed("alert_usd_per_day", parse_usd, None)
    stop = node.parsed("stop_usd_per_day", parse_usd, None)
    if stop == 0:
        node.child("stop_usd_per_day").warn(
            "is 0, so the provider pauses at its first charge of each day", "leave it out where there is no limit"
        )
    if alert is not None and stop is not None and stop < alert:
        node.child("alert_usd_per_day").warn("is above stop_usd_per_day, so the provider pauses before it alerts")

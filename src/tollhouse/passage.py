"""Calls of `/v1/{provider}/{endpoint}`: which endpoint is meant, what it is, and where it goes up. Pure.

A path goes up only if it cannot lead out of the provider's base URL: it is built anew from segments that consist of
letters, digits and `-._~:`, none of them dots alone, and it has to be one that the provider lists.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from tollhouse.config.endpoints import FREE, FREE_WITH_ID, SHARED, covers
from tollhouse.config.snapshot import Config, Provider
from tollhouse.errors import Forbidden, InvalidRequest, NotFound
from tollhouse.generated.operations import OPERATIONS, Operation

READS = frozenset({"GET", "HEAD"})
PASSED, UPLOAD = "passed", "upload"  # kinds of what the contract does not know: the latter has files in its body

# Operations that are the same below a provider, by the provider's dialect (the name of their document) and their path.
_KNOWN: Mapping[tuple[str, str], Operation] = MappingProxyType(
    {
        (operation.document, operation.path.removeprefix("/")): operation
        for operation in OPERATIONS.values()
        if operation.method == "POST" and operation.billing != "none" and "{" not in operation.path
    }
)
_SEGMENT = re.compile(r"(?!\.+\Z)[A-Za-z0-9._~:-]{1,256}")
# What cannot be guessed: a long run of letters and digits after a prefix (resp_…, file-…, chatcmpl-…), or a UUID.
_ID = re.compile(r"(?:[A-Za-z]+[-_])+[A-Za-z0-9]{16,}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CREDENTIALS = frozenset({"api_key", "api-key", "apikey", "key", "access_token", "token", "x-api-key", "authorization"})


@dataclass(frozen=True, slots=True)
class Passage:
    """One call below a provider. `known`: the operation is one of the contract's, whose schema and meaning hold."""

    provider: Provider
    method: str
    endpoint: str
    query: str  # with its question mark, or empty
    operation: Operation
    known: bool

    @property
    def url(self) -> str:
        return f"{self.provider.base_url}/{self.endpoint}{self.query}"


@dataclass(frozen=True, slots=True)
class Payload:
    """What a call that the contract does not know carries: `fields` are those of JSON or of a form, as far as it has some.

    `write` gives the bytes for an upstream model; None where the method has no body.
    """

    content_type: str | None
    fields: Mapping[str, Any]
    write: Callable[[str], bytes | None]
    has_files: bool = False


def find(config: Config, operation: Operation, method: str, provider_name: str, endpoint: str, query: bytes) -> Passage:
    """The passage of a path; `operation` is the pass-through's own of this method.

    Raises NotFound where there is no such provider or it does not list the endpoint, Forbidden for a read of what
    others made.
    """
    provider = config.providers.get(provider_name)
    if provider is None:
        raise NotFound(f"There is no provider {provider_name[:64]!r}.")
    path = safe_path(endpoint)
    if path is None or not covers(provider.endpoints, path):
        listed = ", ".join(provider.endpoints) or "nothing"
        raise NotFound(
            f"{provider.name} has no endpoint {endpoint.removeprefix('v1/')[:200]!r} here; there is: {listed}. "
            "An administrator adds one to its `endpoints` in providers.yaml."
        )
    same = _KNOWN.get((provider.dialect, path)) if method == "POST" else None
    if same is None:
        _check_shared(provider, method, path)
    return Passage(provider, method, path, safe_query(query), same or operation, same is not None)


def safe_path(endpoint: str) -> str | None:
    """An endpoint as it may follow a base URL, without one leading `v1/`; None where it could mean anything else."""
    segments = endpoint.split("/")
    if segments[0] == "v1" and len(segments) > 1:  # Anthropic's clients append /v1/messages to their base URL
        segments = segments[1:]
    return "/".join(segments) if all(map(_SEGMENT.fullmatch, segments)) else None


def safe_query(query: bytes) -> str:
    """A query written anew, without what looks like a credential; with its question mark where anything is left."""
    if not query:
        return ""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, encoding="utf-8", errors="replace")
    kept = [(name, value) for name, value in pairs if name.strip().lower() not in _CREDENTIALS]
    return f"?{urlencode(kept, quote_via=quote)}" if kept else ""


def priced(passage: Passage, payload: Payload) -> Operation:
    """The operation of a passage that the contract does not know: free, or metered by the model that it names."""
    provider, endpoint = passage.provider, passage.endpoint
    free = passage.method in READS or passage.method == "DELETE" or covers((*FREE, *provider.free_endpoints), endpoint)
    if not free and "model" not in payload.fields:
        free = covers(FREE_WITH_ID, endpoint) and names_object(endpoint)
    return replace(
        passage.operation,
        path=f"/{endpoint}",
        billing="free" if free else "metered",
        kind=UPLOAD if payload.has_files else PASSED,
        dialect=provider.dialect,
        streams=not free,
    )


def model_of(passage: Passage, payload: Payload, operation: Operation) -> str:
    """The model that a call of `priced` names, else the provider's default for its endpoint; "" where a free one has none.

    Raises InvalidRequest where it has to name one, because its price depends on it.
    """
    model = payload.fields.get("model")
    if model is None and payload.content_type == "application/json":
        model = passage.provider.default_models.get(passage.endpoint)
    if model is None and operation.billing != "metered":
        return ""
    if type(model) is str and model and "model" not in {name for name, _ in parse_qsl(passage.query[1:])}:
        return model
    raise InvalidRequest(
        f"This call names no model in its body, so nobody can say what it costs: send `model` as JSON or in a form. "
        f"If {passage.endpoint} costs nothing at {passage.provider.name}, an administrator adds it to that provider's "
        f"`free_endpoints` in providers.yaml; `default_models` there can name a model for it.",
        param="model",
    )


def names_object(endpoint: str) -> bool:
    """Whether a path names something by an id that nobody can guess."""
    return any(map(_ID.fullmatch, endpoint.split("/")))


def _check_shared(provider: Provider, method: str, endpoint: str) -> None:
    """All callers share the provider's account, so what one of them made is reached by its id, and not by looking around."""
    if method not in READS and method != "DELETE":
        return
    if names_object(endpoint) or (method in READS and covers((*SHARED, *provider.shared_endpoints), endpoint)):
        return
    raise Forbidden(
        f"{method} {endpoint} can show or change what other callers of {provider.name} made; name one thing by its id. "
        f"An administrator can share reads with `shared_endpoints` of {provider.name} in providers.yaml."
    )

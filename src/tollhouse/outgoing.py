"""What goes up: a client's call as one target takes it. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import orjson

from tollhouse.charge import Call
from tollhouse.config.snapshot import Timeouts
from tollhouse.dialects.translation import Translated, Translation
from tollhouse.errors import InvalidRequest
from tollhouse.passage import Passage, Payload
from tollhouse.quotes import Quote
from tollhouse.router import Target
from tollhouse.upstream import UpstreamRequest

_CONTENT = ("content-type", "application/json")
_ACCEPTS = ("accept", "application/json")
_ACCEPTS_STREAM = ("accept", "text/event-stream")


class Untranslatable(Exception):
    """The format of a target cannot say what the client asks; another target's may."""

    def __init__(self, error: InvalidRequest) -> None:
        super().__init__(error.message)
        self.error = error


class Outgoing(NamedTuple):
    """A request for an upstream, and the fields of the client's body that it cannot say."""

    request: UpstreamRequest
    dropped: tuple[str, ...] = ()


def outgoing(call: Call, quote: Quote, target: Target, timeouts: Timeouts) -> Outgoing:
    """The request for a target; raises Untranslatable where the target's format cannot say what the client asks."""
    if call.passage is not None and call.payload is not None:
        return Outgoing(_passed(call, quote, target, call.passage, call.payload, timeouts))
    provider = target.provider
    dropped: tuple[str, ...] = ()
    headers = (*target.headers, _CONTENT, _ACCEPTS_STREAM if quote.streaming else _ACCEPTS)
    body = call.body
    if target.translation is None:
        headers += tuple(call.headers.items())
    else:
        body, dropped = _translated(call.body, target, target.translation)
    path = provider.base_url + (target.path or call.operation.path)
    request = UpstreamRequest(
        method="POST",
        url=path if call.passage is None else call.passage.url,
        headers=headers,
        body=_written(target.dialect.prepare(body, target.upstream_model, provider.stream_usage)),
        timeouts=timeouts,
        allow_private=provider.allow_private,
    )
    return Outgoing(request, dropped)


def unsayable(body: Mapping[str, Any], targets: Iterable[Target]) -> dict[str, InvalidRequest]:
    """The dialects of targets that cannot say a call, and why: what `outgoing` would raise. Sends nothing."""
    refusals: dict[str, InvalidRequest] = {}
    asked: set[str] = set()
    for target in targets:
        if target.translation is None or target.dialect.name in asked:
            continue
        asked.add(target.dialect.name)
        try:
            _written(_translated(body, target, target.translation).body)
        except Untranslatable as refusal:
            refusals[target.dialect.name] = refusal.error
    return refusals


def _written(body: Mapping[str, Any]) -> bytes:
    """A body as JSON. A translation reads the arguments of tools, whose depth the edge does not limit: they are texts there."""
    try:
        return orjson.dumps(body)
    except TypeError as error:
        refusal = InvalidRequest("The request has arguments of a tool that are nested too deep for its provider.")
        raise Untranslatable(refusal) from error


def _translated(body: Mapping[str, Any], target: Target, translation: Translation) -> Translated:
    try:
        return translation.request(body, max_output_tokens=target.served.max_output_tokens)
    except InvalidRequest as error:
        raise Untranslatable(error) from error


def _passed(
    call: Call, quote: Quote, target: Target, passage: Passage, payload: Payload, timeouts: Timeouts
) -> UpstreamRequest:
    """The request for an endpoint that the contract does not know, as it came."""
    headers = [*target.headers, *call.headers.items()]
    if payload.content_type is not None:
        headers.append(("content-type", payload.content_type))
    return UpstreamRequest(
        method="GET" if passage.method == "HEAD" else passage.method,  # the engine waits for a body that HEAD has not
        url=passage.url,
        headers=headers,
        body=payload.write(target.upstream_model if quote.model else ""),
        timeouts=timeouts,
        allow_private=target.provider.allow_private,
    )

"""Quotes: what a call would hold and whether it would be let through, from the numbers that admission itself uses."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from tollhouse.admission import requested_model
from tollhouse.billing.money import format_usd
from tollhouse.billing.pricing import ceiling
from tollhouse.config.snapshot import Prices
from tollhouse.dialects import DIALECTS
from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.errors import ApiError, InvalidKey
from tollhouse.generated.models import CreateQuoteRequest
from tollhouse.generated.operations import OPERATIONS
from tollhouse.health import Standing, standings
from tollhouse.outgoing import unsayable
from tollhouse.quotes import Quote, upper_bound_nano

ANTHROPIC_FIELDS = ("system", "stop_sequences")  # of a message; a chat completion says the same in other words
MESSAGE_FIELDS = frozenset({"messages", "max_tokens"})  # that no message is without
_ASKING = ("messages", "input", "prompt")  # what is asked, in some format: without one of them only the model tells


async def create_quote(services: Services, request: Request, *, body: CreateQuoteRequest) -> Reply:
    principal = request.principal
    if principal is None:  # on a mount that makes this operation public
        raise InvalidKey("A quote depends on who asks: send an API key as `Authorization: Bearer <key>`.")
    call = {name: value for name, value in body.items() if name != "operation"}
    router, named = request.router, body.get("model") or ""
    operation_id = body.get("operation") or operation_of(call, router.kind(named), router.dialects(named))
    services.check_body(operation_id, call)
    operation = OPERATIONS[operation_id]
    model = requested_model(call, operation, router)
    admission, dialect = services.relay.means.admission, DIALECTS[operation.dialect or ""]
    quote = admission.quote(principal, operation, dialect, call, model, request.config, router)
    unsaid = unsayable(call, quote.targets)
    told = [target for target in quote.targets if target.translation is None or target.dialect.name not in unsaid]
    refusal = admission.refusal(principal, quote, request.config) or (None if told else next(iter(unsaid.values())))
    return {
        "object": "quote",
        "operation": operation.operation_id,
        "model": quote.model,
        "account": principal.account.id,
        "price_version": quote.price_version,
        "stream": quote.streaming,
        "candidates": candidates(
            quote, principal.account.multiplier, standings(told, router, services.relay.means.health)
        ),
        "prompt_tokens_upper": quote.prompt_tokens,
        "output_tokens_upper": quote.output_tokens,
        "hold_usd": format_usd(quote.hold_nano),
        "upper_bound_usd": format_usd(upper_bound_nano(quote)),
        "allowed": refusal is None,
        "refusal": _described(refusal) if refusal is not None else None,
    }


def operation_of(body: Mapping[str, Any], kind: str | None, dialects: frozenset[str]) -> str:
    """The operation that a body is meant for, by the model's kind and dialects, then by the body; null is as good as absent."""
    given = {name for name, value in body.items() if value is not None}
    if "anthropic" in dialects and not given.isdisjoint(ANTHROPIC_FIELDS):
        return "create_message"
    if dialects == {"anthropic"} and (given.isdisjoint(_ASKING) or given >= MESSAGE_FIELDS):
        return "create_message"
    if kind == "embedding":
        return "create_embedding"
    if kind == "moderation" or ("input" in given and "model" not in given):  # nothing else has a default model
        return "create_moderation"
    if kind == "completion" or ("prompt" in given and type(body["prompt"]) is not dict):
        return "create_completion"
    if kind in (None, "chat") and not given.isdisjoint(
        ("input", "prompt")
    ):  # a prompt that is an object is a stored one
        return "create_response"
    return "create_chat_completion"


def candidates(quote: Quote, account_multiplier: str, standing: Sequence[Standing]) -> list[dict[str, Any]]:
    """Who could serve a call, as it is most likely tried: a provider's targets as one, because its keys are nobody else's business."""
    shares: defaultdict[str, float] = defaultdict(float)
    first: dict[str, Standing] = {}  # by provider: the best of its targets
    for each in standing:
        name = each.target.provider.name
        shares[name] += each.share
        first.setdefault(name, each)
    rates = {id(target): rate for target, rate in zip(quote.targets, quote.rates, strict=True)}
    return [
        {
            "provider": name,
            "served_model": target.served.id,
            "upstream_model": target.upstream_model,
            "weight": target.weight,
            "share": round(shares[name], 4),
            "translated": target.translation is not None,
            "state": condition.state,
            "reason": condition.reason,
            **_prices(rates[id(target)].prices),
            "model_multiplier": target.model_multiplier,
            "account_multiplier": account_multiplier,
            "hold_usd": format_usd(ceiling(quote.prompt_tokens, quote.output_tokens, rates[id(target)])),
        }
        for name, (target, condition, _) in sorted(first.items(), key=lambda item: -shares[item[0]])
    ]


def _prices(prices: Prices) -> dict[str, str]:
    """What each kind of token costs; a cache without a price of its own has that of plain input."""
    plain = prices.input
    nano = {
        "input": plain,
        "output": prices.output,
        "cache_read": plain if prices.cache_read is None else prices.cache_read,
        "cache_write_5m": plain if prices.cache_write_5m is None else prices.cache_write_5m,
        "cache_write_1h": plain if prices.cache_write_1h is None else prices.cache_write_1h,
    }
    shown = {f"{kind}_usd_per_mtok": format_usd(price) for kind, price in nano.items()}
    return shown if prices.request is None else {**shown, "request_usd": format_usd(prices.request)}


def _described(refusal: ApiError) -> dict[str, Any]:
    return {
        "status": refusal.status,
        "type": refusal.openai_type,
        "code": refusal.error_code,
        "message": refusal.message,
        **refusal.details,
    }

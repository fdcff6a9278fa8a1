"""What a call would take, worked out without taking it; and how its refusals say so. Pure.

The same numbers reserve money at admission, answer `POST /v1/quote`, and stand in the bodies of 402 and 429.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tollhouse.billing.ledger import Shortage
from tollhouse.billing.money import format_usd
from tollhouse.billing.pricing import Rate, ceiling, output_that_fits
from tollhouse.config.snapshot import Config
from tollhouse.dialects.base import TOKENS_MAX, Dialect, Size
from tollhouse.errors import ApiError, InsufficientCredit, InvalidRequest, QuotaExceeded, RateLimited
from tollhouse.generated.operations import Operation
from tollhouse.metering import input_upper
from tollhouse.router import Target
from tollhouse.times import format_us

# What Pydantic, which many providers' servers read forms with, takes for true beside a boolean ("Booleans", lax mode).
_TRUE = frozenset({"true", "1", "on", "t", "y", "yes"})
OUTPUT_TOKENS_UNKNOWN = 4096  # held for an answer that neither the request nor the catalogue bounds


class Quote(NamedTuple):
    """One call, priced: `rates` are those of the targets, in their order."""

    operation: Operation
    model: str
    size: Size
    streaming: bool
    targets: tuple[Target, ...]
    rates: tuple[Rate, ...]
    price_version: str
    at_us: int
    prompt_tokens: int
    output_tokens: int  # of all answers together
    hold_nano: int
    tokens: int  # of the prompt and all answers: asked for several times a call


def priced(
    operation: Operation,
    dialect: Dialect,
    body: Mapping[str, Any],
    model: str,
    config: Config,
    targets: tuple[Target, ...],
    rates: tuple[Rate, ...],
    at_us: int,
) -> Quote:
    """What a call takes: the dearest candidate's price for all of its prompt and the longest answer it allows."""
    size = dialect.measure(body, operation.kind or "")
    prompt, output = _tokens(targets, size, operation, config.routes.hold)
    return Quote(
        operation,
        model,
        size,
        operation.streams and wants_stream(body),
        targets,
        rates,
        config.catalogue.version,
        at_us,
        prompt,
        output,
        max([ceiling(prompt, output, rate) for rate in rates]),
        prompt + output,
    )


def wants_stream(body: Mapping[str, Any]) -> bool:
    """Whether a body asks for a stream. In a form every value is text, which servers read in more than one spelling."""
    asked = body.get("stream")
    return asked is True or (bool(asked) and str(asked).strip().lower() in _TRUE)


def check_measurable(model: str, body: Mapping[str, Any], targets: tuple[Target, ...], rates: tuple[Rate, ...]) -> None:
    """Whether an answer of unknown shape can be charged: by the tokens that it reports, or by its own price.

    Raises InvalidRequest, before anything is sent, where it can be neither.
    """
    for target, rate in zip(targets, rates, strict=True):
        prices = rate.prices
        if prices.request is not None:
            if str(body.get("n") or 1) != "1":
                raise InvalidRequest(f"{model} is priced by the answer; ask for one at a time (n: 1).", param="n")
        elif not any((prices.input, prices.output, prices.cache_read, prices.cache_write_5m, prices.cache_write_1h)):
            raise InvalidRequest(
                f"{model} has neither prices of tokens nor one of the answer, so nobody can say what this call costs: an "
                f'administrator sets `request_usd` of {target.served.id} in model_catalog.json ("0" where it is free), '
                "or adds the endpoint to `free_endpoints` of the provider in providers.yaml.",
                param="model",
            )


def upper_bound_nano(quote: Quote) -> int:
    """What the call can cost at most, were each byte of its prompt a token: the hold of `ledger: {hold: hard}`."""
    prompt, output = _tokens(quote.targets, quote.size, quote.operation, "hard")
    return max(ceiling(prompt, output, rate) for rate in quote.rates)


def _tokens(targets: tuple[Target, ...], size: Size, operation: Operation, hold: str) -> tuple[int, int]:
    """The tokens to hold for a call: of its prompt, and of all its answers."""
    if operation.billing != "metered":
        return 0, 0
    answer = _output_limit(targets) if size.output_tokens is None else size.output_tokens
    answer = min(answer, TOKENS_MAX)  # a report beyond it is not believed, and so all counts fit into 64 bits
    prompt = input_upper(size, hold)
    if size.references:  # documents that the request only names may fill the model's whole context
        prompt = max(prompt, *(target.served.context_tokens or 0 for target in targets))
    return prompt, size.answers * answer


def _output_limit(targets: tuple[Target, ...]) -> int:
    """The most output tokens that the catalogue allows for any of the targets."""
    return max(t.served.max_output_tokens or t.served.context_tokens or OUTPUT_TOKENS_UNKNOWN for t in targets)


# Refusals


def short_of_money(quote: Quote, shortage: Shortage) -> ApiError:
    """The 402 of a balance or the 429 of a budget or a quota, with what is needed, what is there and what would fit."""
    available = shortage.available_nano  # below zero after an overdraft, which a top-up has to cover as well
    fitting = _max_tokens_that_fit(quote, max(available, 0))
    lower = f"lower max_tokens to {fitting}, or " if fitting else ""
    needed_usd, available_usd = format_usd(quote.hold_nano), format_usd(available)
    details: dict[str, str | int] = {
        "limit": shortage.limit,
        "needed_usd": needed_usd,
        "available_usd": available_usd,
        "max_tokens_that_fit": fitting,
    }
    numbers = f"this request needs {needed_usd} USD in reserve and {available_usd} USD are"
    if shortage.limit == "balance":
        message = f"Insufficient credit balance: {numbers} available; {lower}top up the account."
        return InsufficientCredit(message, details=details)
    if shortage.resets_at_us is None:
        message = f"The quota of this API key does not cover this request: {numbers} left; {lower}use another key."
        return QuotaExceeded(message, details=details)
    details["resets_at"] = format_us(shortage.resets_at_us)
    message = (
        f"The {shortage.limit.replace('_', ' ')} of this account does not cover this request: {numbers} left; "
        f"{lower}wait for the next one, which begins at {details['resets_at']}."
    )
    retry_after_s = (shortage.resets_at_us - quote.at_us) / 1_000_000
    return QuotaExceeded(message, details=details, retry_after_s=retry_after_s)


def short_of_tokens(quote: Quote, available: int) -> QuotaExceeded:
    """The 429 of a key's token quota."""
    available = max(available, 0)
    fitting = _answer_that_fits(quote, available)
    return QuotaExceeded(
        f"The token quota of this API key does not cover this request: it may use {quote.tokens} tokens and "
        f"{available} are left; {f'lower max_tokens to {fitting}, or ' if fitting else ''}use another key.",
        details={
            "limit": "quota_tokens",
            "needed_tokens": quote.tokens,
            "available_tokens": available,
            "max_tokens_that_fit": fitting,
        },
    )


def too_many_tokens(quote: Quote, per_minute: int, available: int, retry_after_s: float) -> RateLimited:
    """The 429 of a key's tokens per minute."""
    return RateLimited(
        f"Rate limit reached: {per_minute} tokens per minute and this request may use {quote.tokens}. "
        f"Try again in {retry_after_s:.1f} s, or lower max_tokens.",
        retry_after_s=retry_after_s,
        details={
            "limit": "tokens_per_minute",
            "needed_tokens": quote.tokens,
            "available_tokens": available,
            "max_tokens_that_fit": _answer_that_fits(quote, available),
        },
    )


def _answer_that_fits(quote: Quote, available: int) -> int:
    """The `max_tokens` with which a call fits into so many tokens; 0 where its prompt alone does not."""
    return _at_most(quote, max(available - quote.prompt_tokens, 0) // quote.size.answers)


def _max_tokens_that_fit(quote: Quote, available_nano: int) -> int:
    """The `max_tokens` that would fit, whichever target serves the call; 0 where none does."""
    if any(ceiling(quote.prompt_tokens, 0, rate) > available_nano for rate in quote.rates):
        return 0  # the prompt alone is too dear, even where answers are free
    limits = [output_that_fits(available_nano, quote.prompt_tokens, rate) for rate in quote.rates]
    fitting = min([limit for limit in limits if limit is not None], default=0)
    return _at_most(quote, max(fitting, 0) // quote.size.answers)


def _at_most(quote: Quote, tokens: int) -> int:
    """So many tokens of an answer, or what the model can give where that is less and known of every target."""
    longest = [target.served.max_output_tokens or TOKENS_MAX for target in quote.targets]
    return min(tokens, max(longest))

"""What a call would take, and the figures of its refusals: needed, available, what would fit, and when."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.billing.scenario import CATALOGUE, START_US, USD
from tests.billing.test_pricing import rates
from tests.test_router import key, provider
from tollhouse.billing.ledger import Shortage
from tollhouse.billing.money import format_usd, parse_usd
from tollhouse.billing.pricing import PPM3, Rate, Usage, ceiling, cost
from tollhouse.config.snapshot import Config, Prices, ProviderModel, Routes
from tollhouse.dialects import DIALECTS
from tollhouse.errors import ApiError, InsufficientCredit, InvalidRequest, QuotaExceeded, RateLimited
from tollhouse.generated.operations import OPERATIONS
from tollhouse.metering import IMAGE_TOKENS, TEMPLATE_TOKENS
from tollhouse.quotes import (
    OUTPUT_TOKENS_UNKNOWN,
    Quote,
    check_measurable,
    priced,
    short_of_money,
    short_of_tokens,
    too_many_tokens,
    upper_bound_nano,
)
from tollhouse.router import Router
from tollhouse.times import parse_when

ASKED: dict[str, Any] = {"messages": [{"role": "user", "content": "x" * 30}], "max_tokens": 1000}
PLAIN = Rate(Prices(input=USD, output=2 * USD), 10**6, PPM3)
FREE_OUTPUT = Rate(Prices(input=USD, output=0), 10**6, PPM3)
PROMPT = 14  # a third of 30 + 12 bytes


def quoted(
    body: dict[str, Any],
    *prices: Rate,
    operation: str = "create_chat_completion",
    hold: str = "soft",
    at_us: int = START_US,
    **facts: Any,
) -> Quote:
    """A quote for one target per rate; `facts` are of the model in the catalogue."""
    called = OPERATIONS[operation]
    listed = prices or (PLAIN,)
    model = replace(CATALOGUE.models["small"], **facts)
    entry = provider(
        "a", ProviderModel("small", "small"), dialect=called.dialect, keys=tuple(map(key, range(len(listed))))
    )
    catalogue = replace(CATALOGUE, models={"small": model})
    config = Config(Routes((), hold=hold), MappingProxyType({"a": entry}), catalogue)
    targets = Router(config).pool(called.dialect or "", "small").targets
    return priced(called, DIALECTS[called.dialect or ""], body, "small", config, targets, listed, at_us)


# What is held


def test_a_quote_is_the_dearest_candidates() -> None:
    quote = quoted(ASKED, PLAIN, PLAIN._replace(model_multiplier_ppm3=2 * PPM3), FREE_OUTPUT)
    assert (quote.prompt_tokens, quote.output_tokens, quote.tokens) == (PROMPT, 1000, PROMPT + 1000)
    assert quote.hold_nano == (PROMPT * 1000 + 1000 * 2000) * 2
    assert (quote.price_version, quote.at_us, quote.streaming) == (CATALOGUE.version, START_US, False)


@pytest.mark.parametrize(
    ("facts", "output"),
    [
        ({}, OUTPUT_TOKENS_UNKNOWN),
        ({"context_tokens": 900}, 900),
        ({"context_tokens": 900, "max_output_tokens": 500}, 500),
    ],
)
def test_an_answer_without_a_limit_is_bounded_by_the_catalogue(facts: dict[str, Any], output: int) -> None:
    assert quoted({"messages": ASKED["messages"]}, **facts).output_tokens == output


@pytest.mark.parametrize(
    ("body", "output"),
    [
        ({"n": 3}, 3000),
        ({"max_tokens": None}, OUTPUT_TOKENS_UNKNOWN),
        ({"max_completion_tokens": 7, "max_tokens": None}, 7),
        ({"max_completion_tokens": 7}, 1000),  # beside max_tokens: the larger one counts
        ({"max_tokens": 1}, 1),
        ({"max_tokens": 0}, 0),
    ],
)
def test_every_answer_is_held_for(body: dict[str, Any], output: int) -> None:
    assert quoted({**ASKED, **body}).output_tokens == output


def test_several_prompts_have_an_answer_each() -> None:
    several = {"prompt": ["a", "b"], "n": 2, "best_of": 5, "max_tokens": 10}
    assert quoted(several, operation="create_completion").output_tokens == 100


def test_documents_that_are_only_named_may_fill_the_context() -> None:
    named = [{"role": "user", "content": [{"type": "file", "file": {"file_id": "f"}}]}]
    assert quoted({**ASKED, "messages": named}, context_tokens=9_000).prompt_tokens == 9_000


def test_hard_holds_count_every_byte_and_what_a_provider_adds() -> None:
    assert quoted(ASKED, hold="hard").prompt_tokens == 42 + TEMPLATE_TOKENS


def test_only_operations_that_stream_can_stream() -> None:
    assert quoted({**ASKED, "stream": True}).streaming
    assert not quoted({"input": "x", "stream": True}, operation="create_embedding").streaming


def test_an_operation_that_is_free_takes_nothing() -> None:
    quote = quoted({"messages": ASKED["messages"]}, operation="count_message_tokens")
    assert (quote.hold_nano, quote.tokens, upper_bound_nano(quote)) == (0, 0, 0)


# The upper bound

texts = st.text(max_size=30)
parts = st.one_of(
    st.builds(lambda text: {"type": "text", "text": text}, texts),
    st.builds(lambda url: {"type": "image_url", "image_url": {"url": url}}, texts),
    st.just({"type": "file", "file": {"file_id": "file-1"}}),
)
messages = st.lists(st.builds(lambda content: {"role": "user", "content": content}, texts | st.lists(parts, max_size=3)), max_size=4)  # fmt: skip
limits = st.integers(min_value=0, max_value=3_000)
token_lists = st.lists(st.integers(min_value=0, max_value=100_000), min_size=1, max_size=20)
prompts = texts | token_lists | st.lists(texts, max_size=3) | st.lists(token_lists, max_size=3)
chats = st.fixed_dictionaries(
    {"messages": messages},
    optional={
        "n": st.integers(min_value=1, max_value=4), "max_tokens": limits, "max_completion_tokens": limits,
        "tools": st.lists(st.fixed_dictionaries({"type": st.just("function"), "function": st.dictionaries(texts, texts)}), max_size=2),
        "stream": st.booleans(),
    },
)  # fmt: skip
completions = st.fixed_dictionaries(
    {"prompt": prompts},
    optional={"n": st.integers(1, 4), "best_of": st.integers(1, 4), "max_tokens": limits, "suffix": texts},
)
calls = st.one_of(
    st.tuples(st.just("create_chat_completion"), chats),
    st.tuples(st.just("create_completion"), completions),
    st.tuples(st.just("create_embedding"), st.fixed_dictionaries({"input": prompts})),
    st.tuples(st.just("create_message"), st.fixed_dictionaries({"messages": messages, "max_tokens": limits}, optional={"system": texts})),
)  # fmt: skip
facts = st.fixed_dictionaries(
    {}, optional={"context_tokens": st.integers(1, 10_000), "max_output_tokens": st.integers(1, 5_000)}
)
lists_of_rates = st.lists(rates, min_size=1, max_size=3)


@given(calls, lists_of_rates, facts)
def test_the_upper_bound_is_what_a_hard_hold_takes_and_never_less_than_a_soft_one(
    call: tuple[str, dict[str, Any]], listed: list[Rate], facts: dict[str, Any]
) -> None:
    operation, body = call
    soft = quoted(body, *listed, operation=operation, **facts)
    hard = quoted(body, *listed, operation=operation, hold="hard", **facts)
    assert upper_bound_nano(soft) == upper_bound_nano(hard) == hard.hold_nano >= soft.hold_nano
    assert soft.output_tokens == hard.output_tokens and soft.prompt_tokens <= hard.prompt_tokens


@given(calls, lists_of_rates, facts, st.data())
def test_no_call_within_its_stated_size_costs_more_than_the_upper_bound(
    call: tuple[str, dict[str, Any]], listed: list[Rate], facts: dict[str, Any], data: st.DataObject
) -> None:
    operation, body = call
    quote = quoted(body, *listed, operation=operation, **facts)
    size = quote.size
    prompt = size.text_bytes + size.tokens + size.images * IMAGE_TOKENS  # a token is never less than a byte
    if size.references:
        prompt = max(prompt, facts.get("context_tokens", 0))
    axes = [data.draw(st.integers(min_value=0, max_value=prompt))]
    for _ in range(3):
        axes.append(data.draw(st.integers(min_value=0, max_value=prompt - sum(axes))))
    output = data.draw(st.integers(min_value=0, max_value=quote.output_tokens))
    for rate in listed:
        assert cost(Usage(*axes)._replace(output=output), rate) <= upper_bound_nano(quote)


# Refusals


def refusal(error: ApiError) -> dict[str, Any]:
    return dict(error.details)


def test_a_balance_that_is_short_is_402_with_its_figures() -> None:
    error = short_of_money(quoted(ASKED), Shortage("balance", 1_014_000))
    assert type(error) is InsufficientCredit and error.retry_after_s is None
    assert refusal(error) == {
        "limit": "balance", "needed_usd": "0.002014", "available_usd": "0.001014", "max_tokens_that_fit": 500,
    }  # fmt: skip
    assert error.message == (
        "Insufficient credit balance: this request needs 0.002014 USD in reserve and 0.001014 USD are available; "
        "lower max_tokens to 500, or top up the account."
    )


@pytest.mark.parametrize(
    ("limit", "resets_at", "now", "retry_after_s"),
    [
        ("daily_budget", "2028-03-01T00:00:00.000000Z", "2028-02-29T23:59:58.500000", 1.5),
        ("daily_budget", "2028-01-01T00:00:00.000000Z", "2027-12-31T00:00:00", 86_400),
        ("monthly_budget", "2028-03-01T00:00:00.000000Z", "2028-02-01T00:00:00", 29 * 86_400),
    ],
)
def test_a_budget_that_is_spent_is_429_and_says_when_the_next_one_begins(
    limit: str, resets_at: str, now: str, retry_after_s: float
) -> None:
    quote = quoted(ASKED, at_us=parse_when(now, 0))
    error = short_of_money(quote, Shortage(limit, 214_000, parse_when(resets_at, 0)))
    assert type(error) is QuotaExceeded and error.retry_after_s == retry_after_s
    assert refusal(error) == {
        "limit": limit, "needed_usd": "0.002014", "available_usd": "0.000214", "max_tokens_that_fit": 100,
        "resets_at": resets_at,
    }  # fmt: skip
    assert error.message == (
        f"The {limit.replace('_', ' ')} of this account does not cover this request: this request needs 0.002014 USD in "
        f"reserve and 0.000214 USD are left; lower max_tokens to 100, or wait for the next one, which begins at {resets_at}."
    )


def test_a_quota_in_usd_that_is_spent_is_429_without_a_time() -> None:
    error = short_of_money(quoted(ASKED), Shortage("quota_usd", 16_000))
    assert type(error) is QuotaExceeded and error.retry_after_s is None
    assert refusal(error) == {
        "limit": "quota_usd", "needed_usd": "0.002014", "available_usd": "0.000016", "max_tokens_that_fit": 1,
    }  # fmt: skip
    assert "lower max_tokens to 1, or use another key" in error.message


def test_a_quota_in_tokens_that_is_spent_is_429_in_tokens() -> None:
    error = short_of_tokens(quoted({**ASKED, "n": 3}), PROMPT + 100)
    assert type(error) is QuotaExceeded and error.retry_after_s is None
    assert refusal(error) == {
        "limit": "quota_tokens", "needed_tokens": PROMPT + 3000, "available_tokens": PROMPT + 100,
        "max_tokens_that_fit": 33,
    }  # fmt: skip


def test_too_many_tokens_for_a_minute_is_429_with_the_true_wait() -> None:
    error = too_many_tokens(quoted(ASKED), 2000, 200, 24.42)
    assert type(error) is RateLimited and error.retry_after_s == 24.42
    assert refusal(error) == {
        "limit": "tokens_per_minute", "needed_tokens": PROMPT + 1000, "available_tokens": 200,
        "max_tokens_that_fit": 200 - PROMPT,
    }  # fmt: skip
    assert "2000 tokens per minute" in error.message and "24.4 s" in error.message


@pytest.mark.parametrize("available", [0, -5, 13_999, 14_000])
def test_where_not_even_the_prompt_fits_nothing_is_promised(available: int) -> None:
    error = short_of_money(quoted(ASKED), Shortage("balance", available))
    assert refusal(error)["max_tokens_that_fit"] == 0
    assert refusal(error)["available_usd"] == format_usd(available)
    assert "lower max_tokens" not in error.message


@pytest.mark.parametrize("available", [0, -5, PROMPT - 1, PROMPT])
def test_where_not_even_the_prompt_fits_into_tokens_nothing_is_promised(available: int) -> None:
    assert refusal(short_of_tokens(quoted(ASKED), available)) == {
        "limit": "quota_tokens", "needed_tokens": PROMPT + 1000, "available_tokens": max(available, 0),
        "max_tokens_that_fit": 0,
    }  # fmt: skip


def test_a_candidate_whose_prompt_alone_is_too_dear_leaves_nothing_that_fits() -> None:
    dear = FREE_OUTPUT._replace(prices=Prices(input=1000 * USD, output=0))
    error = short_of_money(quoted(ASKED, PLAIN, dear), Shortage("balance", 1_014_000))
    assert refusal(error)["max_tokens_that_fit"] == 0


small_rates = st.builds(
    Rate,
    st.builds(
        Prices,
        st.sampled_from([0, 1, USD, 900 * USD]) | st.integers(0, 50 * USD),
        st.sampled_from([0, 1, USD]) | st.integers(0, 50 * USD),
    ),
    st.sampled_from([0, 10**6, 1_100_000]),
    st.sampled_from([1, PPM3, 3 * PPM3]),
)


@given(
    st.lists(small_rates, min_size=1, max_size=3),
    st.integers(min_value=0, max_value=10**7),
    st.integers(min_value=1, max_value=5),
    st.sampled_from(["balance", "quota_usd"]),
)
def test_the_max_tokens_that_fit_do_and_one_more_does_not(
    listed: list[Rate], available: int, answers: int, limit: str
) -> None:
    quote = quoted({**ASKED, "n": answers}, *listed)
    if quote.hold_nano <= available:
        return
    details = refusal(short_of_money(quote, Shortage(limit, available)))
    assert parse_usd(details["needed_usd"]) == quote.hold_nano and parse_usd(details["available_usd"]) == available
    fitting = details["max_tokens_that_fit"]

    def held(tokens: int) -> int:
        return max(ceiling(PROMPT, answers * tokens, rate) for rate in listed)

    assert 0 <= fitting < 1000
    assert held(fitting) <= available or fitting == 0
    assert held(fitting + 1) > available


# What cannot be metered


@pytest.mark.parametrize(
    ("prices", "body"),
    [
        (Prices(1, 0), {}),
        (Prices(0, 1), {"n": 4}),
        (Prices(0, 0, cache_read=1), {}),
        (Prices(0, 0, request=0), {}),
        (Prices(0, 0, request=5), {"n": 1}),
        (Prices(0, 0, request=5), {"n": "1"}),
        (Prices(0, 0, request=5), {"n": None}),
    ],
)
def test_an_answer_of_unknown_shape_needs_a_price_of_its_tokens_or_of_its_own(
    prices: Prices, body: dict[str, Any]
) -> None:
    check_measurable("small", body, quoted(ASKED).targets, (PLAIN._replace(prices=prices),))


@pytest.mark.parametrize(
    ("prices", "body", "reason"),
    [
        (Prices(0, 0), {}, "request_usd"),
        (Prices(1, 1, request=5), {"n": 2}, "n: 1"),
        (Prices(1, 1, request=5), {"n": "2"}, "n: 1"),
        (Prices(1, 1, request=5), {"n": [1]}, "n: 1"),
    ],
)
def test_without_them_it_is_refused(prices: Prices, body: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidRequest, match=reason):
        check_measurable("small", body, quoted(ASKED).targets, (PLAIN._replace(prices=prices),))


def test_an_answers_own_price_is_held_once() -> None:
    per_answer = PLAIN._replace(prices=replace(PLAIN.prices, request=7 * USD))
    plain, priced_alone = quoted(ASKED, PLAIN).hold_nano, quoted(ASKED, per_answer).hold_nano
    assert priced_alone == plain + 7 * USD


def test_no_more_is_advised_than_the_model_can_give() -> None:
    body = {**ASKED, "max_tokens": 10**6}
    money, tokens = 100_000 * 2000, 100_000
    free = quoted(body)
    assert refusal(short_of_money(free, Shortage("balance", money)))["max_tokens_that_fit"] > 8000
    quote = quoted(body, max_output_tokens=8000)
    error = short_of_money(quote, Shortage("balance", money))
    assert refusal(error)["max_tokens_that_fit"] == 8000 and "lower max_tokens to 8000" in error.message
    assert refusal(short_of_tokens(quote, tokens))["max_tokens_that_fit"] == 8000

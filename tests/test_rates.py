"""Limits per minute: of keys, accounts and addresses; how refusals say when, and answers what is left."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_admission import PROMPT, Scene
from tollhouse.billing.pricing import Usage
from tollhouse.counters.base import Allowance
from tollhouse.errors import ApiError, RateLimited
from tollhouse.identity.principals import ApiKey, Principal
from tollhouse.rates import anthropic_headers, as_texts, openai_headers
from tollhouse.storage.base import KeyRow


def second_key(scene: Scene, **facts: Any) -> Principal:
    key = ApiKey(KeyRow("key2", "acme", "desktop", "op_", b"", 0, **facts), scene.account, None)
    return Principal(scene.account, key, None, "key2")


def refused(scene: Scene, **options: Any) -> ApiError:
    with pytest.raises(ApiError) as caught:
        scene.admit(**options)
    return caught.value


def test_many_keys_of_an_account_share_its_rate() -> None:
    scene = Scene(requests_per_minute=100)
    scene.limit(requests_per_minute=0, account_requests_per_minute=2)
    other = second_key(scene)
    scene.admit(max_tokens=1)
    scene.admit(max_tokens=1, caller=other)
    for caller in (scene.caller, other):
        error = refused(scene, caller=caller)
        assert type(error) is RateLimited and error.details["limit"] == "account_requests_per_minute"
        assert error.retry_after_s == pytest.approx(30) and "of this account" in error.message
        assert error.headers["x-ratelimit-limit-requests"] == "2"
    scene.seconds.now_s += 30
    scene.admit(max_tokens=1, caller=other)


def test_a_refusal_of_the_account_leaves_the_keys_own_rate_as_it_was() -> None:
    scene = Scene(requests_per_minute=2)
    scene.limit(account_requests_per_minute=1)
    scene.admit(max_tokens=1)
    for _ in range(5):
        refused(scene)
    scene.limit(account_requests_per_minute=0)
    scene.admit(max_tokens=1)


def test_without_an_account_rate_nobody_is_counted_by_account() -> None:
    scene = Scene(requests_per_minute=0)
    assert [scene.admit(max_tokens=1).requests for _ in range(3)] == [None] * 3
    assert scene.admission._rates._counters._paid_off_at == {}  # type: ignore[attr-defined]


def test_the_account_rate_is_not_for_callers_without_a_key() -> None:
    scene = Scene()
    scene.limit(account_requests_per_minute=1)
    for address in ("127.0.0.1", "127.0.0.2", "127.0.0.3"):
        scene.admit(caller=Principal(scene.anonymous, None, None, f"anonymous:{address}"))


def test_the_scarcer_of_key_and_account_is_shown() -> None:
    scene = Scene(requests_per_minute=10)
    scene.limit(account_requests_per_minute=3)
    headers = as_texts(scene.admission.rate_headers(scene.admit(max_tokens=1)))
    assert (headers["x-ratelimit-limit-requests"], headers["x-ratelimit-remaining-requests"]) == ("3", "2")


def test_tokens_are_shown_as_they_are_when_the_answer_goes_out() -> None:
    scene = Scene(requests_per_minute=0, tokens_per_minute=5000)
    admitted = scene.admit()
    running = as_texts(scene.admission.rate_headers(admitted))
    assert running["x-ratelimit-remaining-tokens"] == str(5000 - PROMPT - 1000)
    scene.post(admitted, Usage(input=10, output=90))
    settled = as_texts(scene.admission.rate_headers(admitted))
    assert (settled["x-ratelimit-limit-tokens"], settled["x-ratelimit-remaining-tokens"]) == ("5000", "4900")
    assert settled["x-ratelimit-reset-tokens"] == "2s"
    assert "x-ratelimit-limit-requests" not in settled


def test_a_refusal_says_what_is_left_of_everything() -> None:
    scene = Scene(requests_per_minute=10, tokens_per_minute=PROMPT + 1000)
    scene.admit()
    error = refused(scene)
    assert error.details["limit"] == "tokens_per_minute"
    assert error.headers["x-ratelimit-remaining-requests"] == "8", "the refused request counts"
    assert error.headers["x-ratelimit-remaining-tokens"] == "0"
    assert refused(scene, model="unpriced").headers["x-ratelimit-remaining-requests"] == "7"


def test_a_call_that_lasts_longer_than_its_reservation_returns_nothing_of_it() -> None:
    scene = Scene(requests_per_minute=0, tokens_per_minute=2000)
    slow = scene.admit(max_tokens=2000 - PROMPT)
    scene.seconds.now_s += 60
    scene.admit(max_tokens=2000 - PROMPT)
    scene.void(slow)
    assert refused(scene, max_tokens=1).details["limit"] == "tokens_per_minute"


def test_a_refund_returns_the_tokens_as_well() -> None:
    scene = Scene(requests_per_minute=0, tokens_per_minute=2000)
    admitted = scene.admit()
    usage = Usage(input=14, output=886)
    scene.post(admitted, usage)
    assert as_texts(scene.admission.rate_headers(admitted))["x-ratelimit-remaining-tokens"] == "1100"
    scene.admission.take_back(admitted, usage, 0)
    assert as_texts(scene.admission.rate_headers(admitted))["x-ratelimit-remaining-tokens"] == "2000"


limits = st.one_of(st.just(0), st.integers(min_value=1, max_value=30))


@given(
    rpm=limits,
    burst=limits,
    account_rpm=limits,
    tpm=st.one_of(st.just(0), st.integers(min_value=1, max_value=20_000)),
    calls=st.lists(st.tuples(st.integers(0, 200), st.integers(1, 3000), st.booleans()), min_size=1, max_size=40),
)
def test_who_waits_exactly_as_long_as_told_is_admitted(
    rpm: int, burst: int, account_rpm: int, tpm: int, calls: list[tuple[int, int, bool]]
) -> None:
    facts = {"requests_per_minute": rpm, "burst": min(burst, rpm) or None, "tokens_per_minute": tpm or None}
    scene = Scene(balance_nano=10**15, **facts)
    scene.limit(requests_per_minute=0, account_requests_per_minute=account_rpm)
    other = second_key(scene, requests_per_minute=0)
    for eighths, max_tokens, others in calls:
        scene.seconds.now_s += eighths / 8
        try:
            scene.admit(max_tokens=max_tokens, caller=other if others else None)
        except RateLimited as error:
            scene.seconds.now_s += error.retry_after_s or 0
            scene.admit(max_tokens=max_tokens, caller=other if others else None)


@pytest.mark.parametrize(
    ("reset_s", "text"), [(0, "0ms"), (0.0154, "15ms"), (1, "1s"), (1.2, "2s"), (59.5, "1m0s"), (360, "6m0s")]
)
def test_openais_clients_read_a_reset_as_a_duration(reset_s: float, text: str) -> None:
    assert as_texts(openai_headers(Allowance(True, 60, 59, reset_s, 0), None)) == {
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-requests": "59",
        "x-ratelimit-reset-requests": text,
    }


def test_anthropics_clients_read_a_reset_as_a_moment() -> None:
    now_us = 1_900_000_000_500_000
    headers = anthropic_headers(Allowance(True, 60, 59, 1.0, 0), Allowance(True, 9000, 0, 60.0, 0), now_us)
    assert as_texts(headers) == {
        "anthropic-ratelimit-requests-limit": "60",
        "anthropic-ratelimit-requests-remaining": "59",
        "anthropic-ratelimit-requests-reset": "2030-03-17T17:46:42Z",
        "anthropic-ratelimit-tokens-limit": "9000",
        "anthropic-ratelimit-tokens-remaining": "0",
        "anthropic-ratelimit-tokens-reset": "2030-03-17T17:47:41Z",
    }
    assert anthropic_headers(None, None, now_us) == []

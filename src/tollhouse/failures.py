"""What failed attempts say: to the next candidate, to the target's health, to the ledger, and in the end to the client."""

import email.utils
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from tollhouse.dialects.reported import is_out_of_credit
from tollhouse.errors import ApiError, UpstreamFailed, UpstreamRateLimited, UpstreamTimeout
from tollhouse.health import FAILING, KEY_REFUSED, RATE_LIMITED
from tollhouse.router import Target

REASON_CHARACTERS_MAX = 300  # kept of why a target failed
RETRY_AFTER_S_MAX = 86_400.0  # believed of an upstream's Retry-After

# Answers that say something about this candidate rather than about the request, so the next one is tried.
_NEXT_CANDIDATE = frozenset({401, 402, 403, 408, 409, 429})
_KEY_STATUS = frozenset({401, 402, 403})
_OUT_OF_CREDIT_STATUS = frozenset({400, 429})  # 429 `insufficient_quota` is how OpenAI says it


@dataclass(slots=True)
class Failures:
    """The candidates that failed so far: what the ledger keeps of them, and what the client is told in the end."""

    attempts: list[dict[str, Any]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    timed_out: int = 0
    rate_limited: int = 0
    retry_after_s: float | None = None
    refusal: ApiError | None = None  # of a request that a target's format cannot say

    def add(
        self, target: Target, reason: str, *, told: str, status: int | None = None, timed_out: bool = False
    ) -> None:
        """`reason` is for the ledger and the log; clients are `told` less, because it may name internal hosts."""
        self.attempts.append(
            {
                "provider": target.provider.name,
                "key": target.key_id,
                "status": status,
                "reason": reason[:REASON_CHARACTERS_MAX],
            }
        )
        self.told.append(f"{target.provider.name} {told}")
        self.timed_out += timed_out

    def refuse(self, error: ApiError) -> None:
        """Nothing was sent: the request cannot be translated for this target. The first reason is kept."""
        self.refusal = self.refusal or error

    def add_rate_limit(self, retry_after_s: float | None) -> None:
        self.rate_limited += 1
        if retry_after_s is not None and (self.retry_after_s is None or retry_after_s < self.retry_after_s):
            self.retry_after_s = retry_after_s

    def as_json(self) -> str | None:
        return orjson.dumps(self.attempts).decode() if self.attempts else None

    def error(self) -> ApiError:
        """What to tell the client when every candidate failed (WIRE.md 11)."""
        count = len(self.attempts)
        if self.refusal is not None and not count:
            return self.refusal
        if count and self.rate_limited == count:
            return UpstreamRateLimited(
                "Every provider of this model is rate-limiting; try again later.",
                retry_after_s=self.retry_after_s if self.retry_after_s is not None else 1.0,
            )
        if count and self.timed_out == count:
            return UpstreamTimeout("No provider of this model answered in time; try again, or ask for less at once.")
        return UpstreamFailed(f"All upstream providers failed for this request ({'; '.join(self.told)}).")


def is_about_candidate(status: int) -> bool:
    """Whether an upstream's status says something about this candidate, so that the next one is worth asking."""
    return status >= 500 or status in _NEXT_CANDIDATE


def is_about_our_key(status: int, body: Mapping[str, Any] | None) -> bool:
    """Whether an upstream's error means that our key is no good, or that the account behind it cannot pay."""
    return status in _KEY_STATUS or (status in _OUT_OF_CREDIT_STATUS and is_out_of_credit(body))


def health_of(status: int, about_our_key: bool, *, known: bool = True) -> str | None:
    """What an upstream's error says about the target: of 409, which is about other requests, nothing.

    Neither does the 401, 402 or 403 of an endpoint that is not `known` to the contract: our key may be good for all others,
    which anybody could have rest by asking for the one.
    """
    if about_our_key:
        return KEY_REFUSED if known or status not in _KEY_STATUS else None
    if status == 409:
        return None
    return RATE_LIMITED if status == 429 else FAILING


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After header, which is a number or a date (RFC 9110, 10.2.3); None where it says nothing."""
    given = headers.get("retry-after", "")
    try:
        seconds = float(given)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(given).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return min(max(0.0, seconds), RETRY_AFTER_S_MAX)

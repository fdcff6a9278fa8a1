"""One admitted call, tried on one target after the other, before its first byte.

What a target does before that decides whether the next one is tried, and what is remembered of its health.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from tollhouse.billing.journal import store_down
from tollhouse.billing.pricing import Usage
from tollhouse.charge import Charge
from tollhouse.config.snapshot import Timeouts
from tollhouse.dialects.base import Dialect, error_message
from tollhouse.dialects.openai import encode_embeddings
from tollhouse.dialects.translation import Translation, announced
from tollhouse.errors import (
    ApiError,
    InvalidRequest,
    UpstreamFailed,
    UpstreamRateLimited,
    UpstreamRefused,
    UpstreamTimeout,
)
from tollhouse.health import FAILING, KEY_REFUSED, RATE_LIMITED
from tollhouse.metering import estimate, measured_body
from tollhouse.rates import Headers
from tollhouse.router import Target
from tollhouse.streaming import MeteredStream
from tollhouse.upstream import InvalidRequest as IllegalRequest
from tollhouse.upstream import UpstreamFailure, UpstreamRequest, UpstreamResponse

ANSWER_BYTES_MAX = 64 * 1024 * 1024  # of a JSON answer, which is read whole before the client gets any of it
ERROR_BYTES_MAX = 256 * 1024  # of an upstream's error body
REASON_CHARACTERS_MAX = 300  # kept of why a target failed
RETRY_AFTER_S_MAX = 86_400.0  # believed of an upstream's Retry-After

# Answers that say something about this candidate rather than about the request, so the next one is tried.
_NEXT_CANDIDATE = frozenset({401, 402, 403, 408, 409, 429})
_KEY_STATUS = frozenset({401, 402, 403})
_OUT_OF_CREDIT_STATUS = frozenset({400, 429})  # 429 `insufficient_quota` is how OpenAI says it
_OUT_OF_CREDIT_CODES = frozenset({"insufficient_quota", "billing_error", "billing_hard_limit_reached"})
_OUT_OF_CREDIT_WORDS = "credit balance is too low"  # how Anthropic's message begins, of type invalid_request_error
# What an answer has and an error reported with status 200 lacks.
_ANSWER_FIELDS = ("choices", "content", "data", "output", "results")
_NOT_ENCODED = ("", "identity")
_JSON = "application/json"


@dataclass(slots=True)
class Answer:
    """What goes back to the client: a whole `body`, or a `stream` to read from. Upstream's own errors keep their bytes."""

    status: int
    headers: Headers
    body: bytes = b""
    stream: MeteredStream | None = None
    upstream_error: str | None = None  # the text of an upstream's error, for dialects that render it anew


@dataclass(slots=True)
class Failures:
    """The candidates that failed so far: what the ledger keeps of them, and what the client is told in the end."""

    attempts: list[dict[str, Any]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    timed_out: int = 0
    rate_limited: int = 0
    retry_after_s: float | None = None
    refusal: InvalidRequest | None = None  # of a request that a target's format cannot say

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

    def refuse(self, error: InvalidRequest) -> None:
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


class Attempt:
    """Tries the targets of one call; keeps what failed."""

    def __init__(self, charge: Charge, dialect: Dialect) -> None:
        self.failures = Failures()
        self.charge = charge
        self.sent = 0  # how many targets were asked
        self._began_s = 0.0  # of the current target's turn
        self._call = charge.call
        self._means = charge.means
        self._dialect = dialect
        self._dropped: tuple[str, ...] = ()  # what the current target cannot be told
        self._refusals: dict[str, InvalidRequest] = {}  # by the format that cannot say what the client asks

    async def run(self, target: Target) -> Answer | None:
        """Try one target; None where the next one should be tried."""
        streaming = self.charge.admitted.quote.streaming
        assert self._means.ledger.is_held(self._call.request_id), "nothing is dispatched without an older hold"
        self._began_s = self._means.clock_s()
        try:
            request = self._request(target)
            self.sent += 1
            response = await self._means.upstream.send(request)
            self.charge.first_byte_s = self._means.clock_s()
            if response.headers.get("content-encoding", "") not in _NOT_ENCODED:
                # Nobody asked for it, and it could be neither metered nor checked for secrets.
                await response.close()
                return self._failed(target, "answered with a content-encoding", "encoded", status=response.status)
            if response.status >= 300 or response.status < 200:
                return await self._refused(target, response)
            if streaming and response.headers.get("content-type", "").lower().startswith("text/event-stream"):
                return await self._stream(target, response)
            return await self._whole(target, response)
        except _Untranslatable as refusal:
            self.failures.refuse(refusal.error)
            return None
        except IllegalRequest as failure:  # a forwarded header, say: no other target would take it either
            raise InvalidRequest(f"This request cannot be sent on: {failure}.") from failure
        except UpstreamFailure as failure:
            health = FAILING if failure.retryable else None  # an answer that is too long says nothing about who sent it
            kind, told = type(failure).__name__, failure.told
            self._failed(target, str(failure), kind, told=told, timed_out=failure.timed_out, health=health)
            if not failure.retryable:
                raise self.failures.error() from failure
            return None

    def _request(self, target: Target) -> UpstreamRequest:
        """What goes up; raises _Untranslatable where the target's format cannot say what the client asks."""
        call, provider = self._call, target.provider
        accepted = "text/event-stream" if self.charge.admitted.quote.streaming else _JSON
        headers = [*target.headers, ("content-type", _JSON), ("accept", accepted)]
        body = call.body
        if target.translation is None:
            headers += call.headers.items()
        else:
            body = self._translated(target, target.translation)
        body = target.dialect.prepare(body, target.upstream_model, provider.stream_usage)
        return UpstreamRequest(
            method="POST",
            url=provider.base_url + (target.path or call.operation.path),
            headers=headers,
            body=orjson.dumps(body),
            timeouts=self._timeouts(provider.timeouts),
            allow_private=provider.allow_private,
        )

    def _translated(self, target: Target, translation: Translation) -> Mapping[str, Any]:
        """The client's body in the target's format; what had to be left out is kept for the answer's headers.

        A format that cannot say it is asked once: a provider is a target for each of its keys, and a body may be large.
        """
        if translation.upstream in self._refusals:
            raise _Untranslatable(self._refusals[translation.upstream])
        try:
            body, dropped = translation.request(self._call.body, max_output_tokens=target.served.max_output_tokens)
        except InvalidRequest as error:
            self._refusals[translation.upstream] = error
            raise _Untranslatable(error) from error
        self._dropped = dropped
        return body

    def _timeouts(self, timeouts: Timeouts) -> Timeouts:
        """A provider's timeouts; after a failure the next one gets what is left of the time for all attempts."""
        if not self.failures.attempts:
            return timeouts
        left_s = self._call.config.routes.limits.attempts_s - self.charge.elapsed_s()
        return replace(timeouts, first_byte_s=max(min(timeouts.first_byte_s, left_s), 0.001))

    async def _refused(self, target: Target, response: UpstreamResponse) -> Answer | None:
        """An upstream's own error: passed on where it is about the request, else the next candidate's turn."""
        status = response.status
        body = await response.read(ERROR_BYTES_MAX)
        if status < 400:
            return self._failed(target, f"answered with the redirect {status}", f"status {status}", status=status)
        parsed = _json_object(body)
        about_our_key = status in _KEY_STATUS or (status in _OUT_OF_CREDIT_STATUS and _out_of_credit(parsed))
        if status >= 500 or status in _NEXT_CANDIDATE or about_our_key:
            retry_after_s = _retry_after_s(response.headers)
            if status == 429 and not about_our_key:
                self.failures.add_rate_limit(retry_after_s)
            reason = "refused our key" if about_our_key else f"answered {status}"
            told = "is not available" if about_our_key else reason
            timed_out = status in (408, 504)
            return self._failed(
                target,
                reason,
                f"status {status}",
                told=told,
                status=status,
                timed_out=timed_out,
                health=_health_of(status, about_our_key),
                retry_after_s=retry_after_s,
            )
        self._means.health.worked(target, self._began_s)
        body = target.scrub(body)
        parsed = _json_object(body)
        message = (error_message(parsed) if parsed is not None else None) or "The provider refused this request."
        await self._means.journal.durable(self.charge.admitted.position)
        self.charge.void(f"upstream answered {status}", status=status)
        if parsed is None or target.translation is not None:
            # A page of HTML, say: errors are always JSON (WIRE.md 15), and in the client's own format.
            raise UpstreamRefused(message, status)
        return Answer(status, [*_json_headers(response), *self._headers(target)], body, upstream_error=message)

    async def _whole(self, target: Target, response: UpstreamResponse) -> Answer | None:
        """A JSON answer, read whole and metered; garbage is a failed candidate."""
        size = self.charge.admitted.quote.size
        try:
            raw = await response.read(ANSWER_BYTES_MAX)
        except asyncio.CancelledError:
            if (
                self.charge.admitted.quote.streaming
            ):  # only a streaming client's leaving cancels; it does not make the call free
                self.charge.post(target, estimate(size, 0), "estimated")
            raise
        if self._means.journal.failing is not None:
            raise store_down(self._means.journal.failing)  # the client gets 503 and nothing is charged
        body = _json_object(raw)
        if body is None:
            reason = "answered with something that is not a JSON object"
            return self._failed(target, reason, "garbage", status=response.status)
        if _is_error(body):
            return self._failed(target, "answered 200 with an error", "garbage", status=response.status)
        operation = self._call.operation
        metered = operation.billing == "metered"
        usage, source = measured_body(target.dialect, body, size, operation.kind) if metered else (Usage(), "none")
        if operation.kind == "embedding" and self._call.body.get("encoding_format") == "base64":
            raw = encode_embeddings(body) or raw
        if target.translation is not None:
            try:
                answer = target.translation.answer(body, self._call.body, created_s=int(time.time()))
            except ValueError as error:
                reason = f"answered with something that cannot be translated: {error}"
                return self._failed(target, reason, "garbage", told="answered with garbage", status=response.status)
            raw = orjson.dumps(answer)
        self._means.health.worked(target, self._began_s)
        await self.charge.durable_or_refunded(self.charge.post(target, usage, source))
        return Answer(200, [*_json_headers(response), *self._headers(target)], raw)

    async def _stream(self, target: Target, response: UpstreamResponse) -> Answer | None:
        """An event stream, begun: its first event is there and is no error."""
        stream = MeteredStream(self.charge, self._dialect, target, response)
        try:
            failure = await stream.begin()
            if failure is None:
                await self._means.journal.durable(self.charge.admitted.position)
        except asyncio.CancelledError:
            stream.leave()  # upstream has begun to answer, so leaving now does not make the call free
            raise
        except BaseException:
            await response.close()
            raise
        if failure is not None:
            await response.close()
            told = "sent no usable stream"
            return self._failed(target, failure, "stream error", told=told, status=response.status)
        self._means.health.worked(target, self._began_s)
        return Answer(200, self._headers(target), stream=stream)

    def _headers(self, target: Target) -> Headers:
        """Who served the call, and what of it could not be said there."""
        if target.translation is None or not self._dropped:
            return list(target.named)
        return [*target.named, (b"x-tollhouse-dropped", announced(self._dropped).encode("ascii", "replace"))]

    def _failed(
        self,
        target: Target,
        reason: str,
        kind: str,
        *,
        told: str | None = None,
        status: int | None = None,
        timed_out: bool = False,
        health: str | None = FAILING,
        retry_after_s: float | None = None,
    ) -> Answer | None:
        """Note that a target failed, for the ledger, the client and the operators. None: the next one is tried.

        `health` is what that says about the target, None where it says nothing.
        """
        if health is not None:
            self._means.health.failed(target, health, self._began_s, retry_after_s)
        self.failures.add(target, reason, told=told or reason, status=status, timed_out=timed_out)
        self.charge.attempts = self.failures.as_json()
        self._means.telemetry.upstream_failed(target.provider.name, kind, self._call.request_id)
        return None


class _Untranslatable(Exception):
    """The format of a target cannot say what the client asks; another target's may."""

    def __init__(self, error: InvalidRequest) -> None:
        super().__init__(error.message)
        self.error = error


def _health_of(status: int, about_our_key: bool) -> str | None:
    """What an upstream's error says about the target: of 409, which is about other requests, nothing."""
    if about_our_key:
        return KEY_REFUSED
    if status == 409:
        return None
    return RATE_LIMITED if status == 429 else FAILING


def _json_headers(response: UpstreamResponse) -> Headers:
    """Upstream's own content type where it says JSON, which the body was found to be."""
    given = response.headers.get("content-type", _JSON)
    return [(b"content-type", given.encode("latin-1") if given.startswith(_JSON) else _JSON.encode())]


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After header (RFC 9110, 10.2.3; its date form is not used by these providers)."""
    try:
        return min(max(0.0, float(headers.get("retry-after", ""))), RETRY_AFTER_S_MAX)
    except ValueError:
        return None


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return parsed if type(parsed) is dict else None


def _out_of_credit(body: dict[str, Any] | None) -> bool:
    """Whether an error says that the account behind our key cannot pay; a prompt that it quotes says nothing."""
    error = body.get("error") if body else None
    if type(error) is not dict:
        return False
    if error.get("code") in _OUT_OF_CREDIT_CODES or error.get("type") in _OUT_OF_CREDIT_CODES:
        return True
    message = error.get("message")
    return type(message) is str and _OUT_OF_CREDIT_WORDS in message[:60].lower()


def _is_error(body: Mapping[str, Any]) -> bool:
    """Whether an answer with status 200 is an error all the same, as some aggregators send them; responses that failed do."""
    return bool(body.get("error")) and not any(body.get(field) for field in _ANSWER_FIELDS)

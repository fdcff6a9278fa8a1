"""One admitted call, tried on one target after the other, before its first byte."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from tollhouse.billing.journal import store_down
from tollhouse.billing.pricing import Usage
from tollhouse.charge import Charge
from tollhouse.dialects.base import Dialect, error_message
from tollhouse.dialects.openai import encode_embeddings
from tollhouse.errors import (
    ApiError,
    InvalidRequest,
    UpstreamFailed,
    UpstreamRateLimited,
    UpstreamRefused,
    UpstreamTimeout,
)
from tollhouse.metering import estimate, measured_body
from tollhouse.passage import READS
from tollhouse.passed import PassedBody, passed_headers
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
    """What goes back to the client: a whole `body`, a metered `stream`, or one that is `passed` on as it comes.

    Upstream's own errors keep their bytes.
    """

    status: int
    headers: dict[str, str]
    body: bytes = b""
    stream: MeteredStream | None = None
    passed: PassedBody | None = None
    upstream_error: str | None = None  # the text of an upstream's error, for dialects that render it anew


@dataclass(slots=True)
class Failures:
    """The candidates that failed so far: what the ledger keeps of them, and what the client is told in the end."""

    attempts: list[dict[str, Any]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    timed_out: int = 0
    rate_limited: int = 0
    retry_after_s: float | None = None

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

    def add_rate_limit(self, retry_after_s: float | None) -> None:
        self.rate_limited += 1
        if retry_after_s is not None and (self.retry_after_s is None or retry_after_s < self.retry_after_s):
            self.retry_after_s = retry_after_s

    def as_json(self) -> str | None:
        return orjson.dumps(self.attempts).decode() if self.attempts else None

    def error(self) -> ApiError:
        """What to tell the client when every candidate failed (WIRE.md 11)."""
        count = len(self.attempts)
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
        self._charge = charge
        self._call = charge.call
        self._means = charge.means
        self._dialect = dialect

    async def run(self, target: Target) -> Answer | None:
        """Try one target; None where the next one should be tried."""
        streaming = self._charge.admitted.quote.streaming
        assert self._means.ledger.is_held(self._call.request_id), "nothing is dispatched without an older hold"
        try:
            response = await self._means.upstream.send(self._request(target))
            self._charge.first_byte_s = self._means.clock_s()
            if response.headers.get("content-encoding", "") not in _NOT_ENCODED:
                # Nobody asked for it, and it could be neither metered nor checked for secrets.
                await response.close()
                return self._failed(target, "answered with a content-encoding", "encoded", status=response.status)
            if response.status >= 300 or response.status < 200:
                return await self._refused(target, response)
            if self._call.payload is not None:
                return await self._unknown(target, response)
            if streaming and response.headers.get("content-type", "").lower().startswith("text/event-stream"):
                return await self._stream(target, response)
            return await self._whole(target, response)
        except IllegalRequest as failure:  # a forwarded header, say: no other target would take it either
            raise InvalidRequest(f"This request cannot be sent on: {failure}.") from failure
        except UpstreamFailure as failure:
            self._failed(target, str(failure), type(failure).__name__, told=failure.told, timed_out=failure.timed_out)
            if not failure.retryable:
                raise self.failures.error() from failure
            return None

    def _request(self, target: Target) -> UpstreamRequest:
        call, provider = self._call, target.provider
        passage, payload = call.passage, call.payload
        if passage is not None and payload is not None:
            headers = [*target.headers, *call.headers.items()]
            if payload.content_type is not None:
                headers.append(("content-type", payload.content_type))
            body: bytes | None = payload.write(target.upstream_model)
            method = (
                "GET" if passage.method == "HEAD" else passage.method
            )  # the engine does not know answers without a body
            return UpstreamRequest(method, passage.url, headers, body, provider.timeouts, provider.allow_private)
        accepted = "text/event-stream" if self._charge.admitted.quote.streaming else _JSON
        headers = [*target.headers, ("content-type", _JSON), ("accept", accepted), *call.headers.items()]
        prepared = self._dialect.prepare(call.body, target.upstream_model, provider.stream_usage)
        return UpstreamRequest(
            method="POST",
            url=provider.base_url + call.operation.path if passage is None else passage.url,
            headers=headers,
            body=orjson.dumps(prepared),
            timeouts=provider.timeouts,
            allow_private=provider.allow_private,
        )

    async def _refused(self, target: Target, response: UpstreamResponse) -> Answer | None:
        """An upstream's own error: passed on where it is about the request, else the next candidate's turn."""
        status = response.status
        body = await response.read(ERROR_BYTES_MAX)
        if status < 400:
            return self._failed(target, f"answered with the redirect {status}", f"status {status}", status=status)
        parsed = _json_object(body)
        about_our_key = status in _KEY_STATUS or (status in _OUT_OF_CREDIT_STATUS and _out_of_credit(parsed))
        passed_on = (
            status == 409 and self._call.payload is not None
        )  # of what is stored there: no other key changes that
        if status >= 500 or (status in _NEXT_CANDIDATE and not passed_on) or about_our_key:
            if status == 429 and not about_our_key:
                self.failures.add_rate_limit(_retry_after_s(response.headers))
            reason = "refused our key" if about_our_key else f"answered {status}"
            told = "is not available" if about_our_key else reason
            timed_out = status in (408, 504)
            return self._failed(target, reason, f"status {status}", told=told, status=status, timed_out=timed_out)
        body = target.scrub(body)
        parsed = _json_object(body)
        message = (error_message(parsed) if parsed is not None else None) or "The provider refused this request."
        await self._means.journal.durable(self._charge.admitted.position)
        self._charge.void(f"upstream answered {status}", status=status)
        if parsed is None:  # a page of HTML, say: errors are always JSON (WIRE.md 15)
            raise UpstreamRefused(message, status)
        return Answer(status, _json_headers(response), body, upstream_error=message)

    async def _whole(self, target: Target, response: UpstreamResponse) -> Answer | None:
        """A JSON answer, read whole and metered; garbage is a failed candidate."""
        size = self._charge.admitted.quote.size
        try:
            raw = await response.read(ANSWER_BYTES_MAX)
        except asyncio.CancelledError:
            if (
                self._charge.admitted.quote.streaming
            ):  # only a streaming client's leaving cancels; it does not make the call free
                self._charge.post(target, estimate(size, 0), "estimated")
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
        usage, source = measured_body(self._dialect, body, size, operation.kind) if metered else (Usage(), "none")
        if operation.kind == "embedding" and self._call.body.get("encoding_format") == "base64":
            raw = encode_embeddings(body) or raw
        await self._charge.durable_or_refunded(self._charge.post(target, usage, source))
        return Answer(self._charge.status, _json_headers(response), raw)

    async def _unknown(self, target: Target, response: UpstreamResponse) -> Answer | None:
        """The answer of an endpoint that the contract does not know: metered where it can be, else charged when it begins."""
        method = self._call.passage.method if self._call.passage is not None else ""
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        metered = self._call.operation.billing == "metered"
        self._charge.status = response.status
        if metered and media_type == "text/event-stream":
            return await self._stream(target, response)
        if metered and media_type == _JSON:
            return await self._whole(target, response)
        if media_type == "text/html" and method not in READS:
            await response.close()
            return self._failed(target, "answered with a page", "garbage", status=response.status)
        try:
            first = None if method == "HEAD" else await response.read_chunk()
            if self._means.journal.failing is not None:
                raise store_down(self._means.journal.failing)
            await self._charge.durable_or_refunded(self._charge.post(target, *self._of_its_beginning(metered)))
        except BaseException:
            await response.close()
            raise
        return Answer(
            response.status, passed_headers(response), passed=PassedBody(response, first, empty=method == "HEAD")
        )

    def _of_its_beginning(self, metered: bool) -> tuple[Usage, str]:
        """The usage of an answer that nobody reads: where tokens are its only price, as many as were held."""
        quote = self._charge.admitted.quote
        return (Usage(quote.prompt_tokens, output=quote.output_tokens), "estimated") if metered else (Usage(), "none")

    async def _stream(self, target: Target, response: UpstreamResponse) -> Answer | None:
        """An event stream, begun: its first event is there and is no error."""
        stream = MeteredStream(self._charge, self._dialect, target, response)
        try:
            failure = await stream.begin()
            if failure is None:
                await self._means.journal.durable(self._charge.admitted.position)
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
        return Answer(200, {}, stream=stream)

    def _failed(
        self,
        target: Target,
        reason: str,
        kind: str,
        *,
        told: str | None = None,
        status: int | None = None,
        timed_out: bool = False,
    ) -> Answer | None:
        """Note that a target failed, for the ledger, the client and the operators. None: the next one is tried."""
        self.failures.add(target, reason, told=told or reason, status=status, timed_out=timed_out)
        self._charge.attempts = self.failures.as_json()
        self._means.telemetry.upstream_failed(target.provider.name, kind, self._call.request_id)
        return None


def _json_headers(response: UpstreamResponse) -> dict[str, str]:
    """Upstream's own content type where it says JSON, which the body was found to be."""
    given = response.headers.get("content-type", _JSON)
    return {"content-type": given if given.startswith(_JSON) else _JSON}


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
    """Whether an answer with status 200 is an error all the same, as some aggregators send them."""
    return bool(body.get("error")) and not any(field in body for field in _ANSWER_FIELDS)

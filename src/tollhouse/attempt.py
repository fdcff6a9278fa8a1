"""One admitted call, tried on one target after the other, before its first byte.

What a target does before that decides whether the next one is tried, and what is remembered of its health.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from tollhouse.billing.journal import store_down
from tollhouse.billing.pricing import Usage
from tollhouse.charge import Charge
from tollhouse.config.snapshot import Timeouts
from tollhouse.dialects.base import Dialect, error_message
from tollhouse.dialects.openai import encode_embeddings
from tollhouse.dialects.shapes import dump
from tollhouse.dialects.translation import announced
from tollhouse.errors import (
    InvalidRequest,
    UpstreamRefused,
)
from tollhouse.failures import Failures, health_of, is_about_candidate, is_about_our_key, retry_after_s
from tollhouse.health import FAILING
from tollhouse.metering import estimate, measured_body
from tollhouse.outgoing import Untranslatable, outgoing
from tollhouse.passage import READS
from tollhouse.passed import PassedBody, passed_headers
from tollhouse.rates import Headers
from tollhouse.router import Target
from tollhouse.streaming import MeteredStream
from tollhouse.upstream import BodyTooLarge, UpstreamFailure, UpstreamResponse
from tollhouse.upstream import InvalidRequest as IllegalRequest

ANSWER_BYTES_MAX = 64 * 1024 * 1024  # of a JSON answer, which is read whole before the client gets any of it
ERROR_BYTES_MAX = 256 * 1024  # of an upstream's error body
# What an answer has and an error reported with status 200 lacks.
_ANSWER_FIELDS = ("choices", "content", "data", "output", "results")
_NOT_ENCODED = ("", "identity")
_JSON = "application/json"
_JSON_HEADER = (b"content-type", _JSON.encode())


@dataclass(slots=True)
class Answer:
    """What goes back to the client: a whole `body`, a metered `stream`, or one that is `passed` on as it comes.

    Upstream's own errors keep their bytes.
    """

    status: int
    headers: Headers
    body: bytes = b""
    stream: MeteredStream | None = None
    passed: PassedBody | None = None
    upstream_error: str | None = None  # the text of an upstream's error, for dialects that render it anew


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
        self._speechless: set[str] = set()  # dialects that cannot say what the client asks

    async def run(self, target: Target) -> Answer | None:
        """Try one target; None where the next one should be tried."""
        if target.translation is not None and target.dialect.name in self._speechless:
            return None  # each key of a provider is a target, and a body may be large
        streaming = self.charge.admitted.quote.streaming
        assert self._means.ledger.is_held(self._call.request_id), "nothing is dispatched without an older hold"
        self._began_s = self._means.clock_s()
        try:
            request, self._dropped = outgoing(
                self._call, self.charge.admitted.quote, target, self._timeouts(target.provider.timeouts)
            )
            self.sent += 1
            response = await self._means.upstream.send(request)
            self.charge.first_byte_s = self._means.clock_s()
            if response.headers.get("content-encoding", "") not in _NOT_ENCODED:
                # Nobody asked for it, and it could be neither metered nor checked for secrets.
                await response.close()
                return self._failed(target, "answered with a content-encoding", "encoded", status=response.status)
            if response.status >= 300 or response.status < 200:
                return await self._refused(target, response)
            if self._call.passage is not None and self._call.payload is not None:
                return await self._unknown(target, response, self._call.passage.method)
            if streaming and response.headers.get("content-type", "").lower().startswith("text/event-stream"):
                return await self._stream(target, response)
            return await self._whole(target, response)
        except Untranslatable as refusal:
            self.failures.refuse(refusal.error)
            self._speechless.add(target.dialect.name)
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

    def _timeouts(self, timeouts: Timeouts) -> Timeouts:
        """A provider's timeouts; after a failure the next one gets what is left of the time for all attempts."""
        if not self.failures.attempts:
            return timeouts
        left_s = self._call.config.routes.limits.attempts_s - self.charge.elapsed_s()
        return replace(timeouts, first_byte_s=max(min(timeouts.first_byte_s, left_s), 0.001))

    async def _refused(self, target: Target, response: UpstreamResponse) -> Answer | None:
        """An upstream's own error: passed on where it is about the request, else the next candidate's turn."""
        status = response.status
        body = await _error_body(response)
        if status < 400:
            return self._failed(target, f"answered with the redirect {status}", f"status {status}", status=status)
        parsed = _json_object(body)
        about_our_key = is_about_our_key(status, parsed)
        stored = (
            status == 409 and self._call.payload is not None
        )  # says of what is stored there what any key would hear
        if (is_about_candidate(status) and not stored) or about_our_key:
            wait_s = retry_after_s(response.headers)
            if status == 429 and not about_our_key:
                self.failures.add_rate_limit(wait_s)
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
                health=health_of(status, about_our_key, known=self._call.payload is None),
                wait_s=wait_s,
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
            # Some say with 200, in words of their own, that a key is not good, and quote it.
            raw = target.scrub(await response.read(ANSWER_BYTES_MAX))
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
                raw = dump(answer, "the answer")
            except ValueError as error:
                reason = f"answered with something that cannot be translated: {error}"
                return self._failed(target, reason, "garbage", told="answered with garbage", status=response.status)
        self._means.health.worked(target, self._began_s)
        await self.charge.durable_or_refunded(self.charge.post(target, usage, source))
        return Answer(self.charge.status, [*_json_headers(response), *self._headers(target)], raw)

    async def _unknown(self, target: Target, response: UpstreamResponse, method: str) -> Answer | None:
        """The answer of an endpoint that the contract does not know: metered where it can be, else charged when it begins."""
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        metered = self._call.operation.billing == "metered"
        self.charge.status = response.status
        if metered and media_type == "text/event-stream":
            return await self._stream(target, response)
        if metered and media_type == _JSON:
            return await self._whole(target, response)
        if media_type == "text/html" and method not in READS:
            await response.close()
            return self._failed(target, "answered with a page", "garbage", status=response.status)
        quote, empty = self.charge.admitted.quote, method == "HEAD"
        held = Usage(quote.prompt_tokens, output=quote.output_tokens)  # of an answer that nobody reads
        usage = (held, "estimated") if metered else (Usage(), "none")
        try:
            first = None if empty else await response.read_chunk()
            if self._means.journal.failing is not None:
                raise store_down(self._means.journal.failing)
            self._means.health.worked(target, self._began_s)
            await self.charge.durable_or_refunded(self.charge.post(target, *usage))
        except BaseException as error:
            if isinstance(error, asyncio.CancelledError) and quote.streaming:
                self.charge.post(target, *usage)  # as of a whole answer: leaving does not make the call free
            await response.close()
            raise
        headers = [*passed_headers(response), *self._headers(target)]
        return Answer(response.status, headers, passed=PassedBody(response, first, empty=empty))

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
        wait_s: float | None = None,
    ) -> Answer | None:
        """Note that a target failed, for the ledger, the client and the operators. None: the next one is tried.

        `health` is what that says about the target, None where it says nothing; `wait_s` how long it asks to be left alone.
        """
        if health is not None:
            self._means.health.failed(target, health, self._began_s, wait_s)
        self.failures.add(target, reason, told=told or reason, status=status, timed_out=timed_out)
        self.charge.attempts = self.failures.as_json()
        self._means.telemetry.upstream_failed(target.provider.name, kind, self._call.request_id)
        return None


def _json_headers(response: UpstreamResponse) -> Headers:
    """Upstream's own content type where it says JSON, which the body was found to be."""
    given = response.headers.get("content-type", _JSON)
    if given == _JSON or not given.startswith(_JSON):
        return [_JSON_HEADER]
    return [(b"content-type", given.encode("latin-1"))]


async def _error_body(response: UpstreamResponse) -> bytes:
    """What an upstream says of an error; nothing where it says too much, because its status tells enough."""
    try:
        return await response.read(ERROR_BYTES_MAX)
    except BodyTooLarge:
        return b""


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return parsed if type(parsed) is dict else None


def _is_error(body: Mapping[str, Any]) -> bool:
    """Whether an answer with status 200 is an error all the same, as some aggregators send them; responses that failed do."""
    return bool(body.get("error")) and not any(body.get(field) for field in _ANSWER_FIELDS)

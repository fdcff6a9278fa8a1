"""The story of a metered request: admit → choose → send → meter → settle.

Every call that can reach an upstream goes through `Relay.send`, which refuses to dispatch without a hold. The hold is
queued before anything is sent and on disk before the client's first byte; the charge is on disk before a JSON answer
leaves and before the last frame of a stream does. Settling is one synchronous step in this process's memory plus an
entry for the journal's thread, so no cancelled response can lose it. Failover happens here, before the first byte only.
"""

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from tollhouse.admission import Admission, Admitted, rate_headers, requested_model
from tollhouse.background import Background
from tollhouse.billing.journal import Journal
from tollhouse.billing.ledger import Delivery, Ledger
from tollhouse.billing.pricing import Rate, Usage
from tollhouse.config.snapshot import Config
from tollhouse.dialects import DIALECTS
from tollhouse.dialects.base import Dialect, error_message
from tollhouse.dialects.openai import encode_embeddings
from tollhouse.errors import ApiError, RateLimited, Unavailable, UpstreamFailed, UpstreamRefused, UpstreamTimeout
from tollhouse.generated.operations import Operation
from tollhouse.identity.principals import Principal
from tollhouse.metering import Meter, estimate, measured_body
from tollhouse.router import Router, Target, order
from tollhouse.sse import EVENT_BYTES_MAX, EventTooLarge, Splitter, data
from tollhouse.telemetry import Telemetry
from tollhouse.upstream import Upstream, UpstreamFailure, UpstreamRequest, UpstreamResponse

ANSWER_BYTES_MAX = 64 * 1024 * 1024  # of a JSON answer, which is read whole before the client gets any of it
ERROR_BYTES_MAX = 256 * 1024  # of an upstream's error body
DRAIN_S = 60.0  # how long an abandoned stream is read on where the provider says `on_disconnect: drain`
RETRY_AFTER_S_MAX = 86_400.0  # believed of an upstream's Retry-After

# Answers that say something about this candidate rather than about the request, so the next one is tried.
_NEXT_CANDIDATE = frozenset({401, 402, 403, 408, 409, 429})
_KEY_STATUS = frozenset({401, 402, 403})
_OUT_OF_CREDIT_STATUS = frozenset({400, 429})  # 429 `insufficient_quota` is how OpenAI says it
_OUT_OF_CREDIT = (b"insufficient_quota", b"billing_error", b"credit balance is too low", b"billing_hard_limit")
# What an answer has and an error reported with status 200 lacks.
_ANSWER_FIELDS = ("choices", "content", "data", "output")
_NOT_ENCODED = ("", "identity")
_JSON = "application/json"


@dataclass(slots=True)
class Call:
    """One validated request on its way up. `headers` are the client's, by the dialect's allow-list."""

    request_id: str
    principal: Principal
    operation: Operation
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    config: Config
    router: Router


@dataclass(slots=True)
class Answer:
    """What goes back to the client: a whole `body`, or a `stream` to read from. Upstream's own errors keep their bytes."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    stream: "MeteredStream | None" = None
    upstream_error: str | None = None  # the text of an upstream's error, for dialects that render it anew


@dataclass(slots=True)
class Failures:
    """The candidates that failed so far: what the ledger keeps of them, and what the client is told in the end."""

    attempts: list[dict[str, Any]] = field(default_factory=list)
    timed_out: int = 0
    rate_limited: int = 0
    retry_after_s: float | None = None

    def add(self, target: Target, reason: str, *, status: int | None = None, timed_out: bool = False) -> None:
        self.attempts.append(
            {"provider": target.provider.name, "key": target.key_id, "status": status, "reason": reason}
        )
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
            return RateLimited(
                "Every provider of this model is rate-limiting; try again later.",
                retry_after_s=self.retry_after_s if self.retry_after_s is not None else 1.0,
            )
        if count and self.timed_out == count:
            return UpstreamTimeout("No provider of this model answered in time; try again, or ask for less at once.")
        reasons = "; ".join(f"{attempt['provider']}: {attempt['reason']}" for attempt in self.attempts)
        return UpstreamFailed(f"All upstream providers failed for this request ({reasons}).")


class Relay:
    """Sends metered calls. One per process; the configuration comes with each call."""

    def __init__(
        self,
        admission: Admission,
        ledger: Ledger,
        journal: Journal,
        upstream: Upstream,
        telemetry: Telemetry,
        background: Background,
        generator: random.Random,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.admission = admission
        self.ledger = ledger
        self.journal = journal
        self.upstream = upstream
        self.telemetry = telemetry
        self.background = background
        self._generator = generator
        self.clock_s = clock_s

    async def send(self, call: Call) -> Answer:
        """Serve one call; raises ApiError where it is refused or every candidate failed, with nothing charged."""
        started = self.clock_s()
        operation = call.operation
        dialect = DIALECTS[operation.dialect or ""]
        model = requested_model(call.body, operation)
        admitted = self.admission.admit(
            call.request_id, call.principal, operation, dialect, call.body, model, call.config, call.router
        )
        attempt = Attempt(self, call, dialect, admitted, started)
        failures = Failures()
        try:
            for target in order(admitted.targets, self._generator):
                answer = await attempt.run(target, failures)
                if answer is not None:
                    if admitted.allowance is not None:
                        answer.headers.update(rate_headers(admitted.allowance))
                    return answer
            raise failures.error()
        except ApiError as error:
            attempt.void(str(error), status=error.status, attempts=failures.as_json())
            raise
        except BaseException:  # the client left (cancelled) or a defect: nothing was delivered, so nothing is charged
            attempt.void("the call ended before the first byte", attempts=failures.as_json())
            raise


class Attempt:
    """One admitted call, tried on one target after the other. Resolves its hold exactly once."""

    def __init__(self, relay: Relay, call: Call, dialect: Dialect, admitted: Admitted, started: float) -> None:
        self.relay = relay
        self.call = call
        self.dialect = dialect
        self.admitted = admitted
        self.started = started
        self.first_byte_s: float | None = None
        self._resolved = False
        self._charged_nano = 0

    async def run(self, target: Target, failures: Failures) -> Answer | None:
        """Try one target; None where the next one should be tried."""
        streaming = self.admitted.streaming
        try:
            response = await self.relay.upstream.send(self._request(target))
            self.first_byte_s = self.relay.clock_s()
            if response.headers.get("content-encoding", "") not in _NOT_ENCODED:
                await self._encoded(target, response, failures)
                return None
            if response.status >= 300 or response.status < 200:
                return await self._refused(target, response, failures)
            if streaming and response.headers.get("content-type", "").lower().startswith("text/event-stream"):
                return await self._stream(target, response, failures)
            return await self._whole(target, response, failures)
        except UpstreamFailure as failure:
            failures.add(target, str(failure), timed_out=failure.timed_out)
            self._note_failure(target, type(failure).__name__)
            return None

    def _request(self, target: Target) -> UpstreamRequest:
        call, provider = self.call, target.provider
        streaming = self.admitted.streaming
        headers = [*target.headers, ("content-type", _JSON), ("accept", "text/event-stream" if streaming else _JSON)]
        headers += call.headers.items()
        body = self.dialect.prepare(call.body, target.upstream_model, provider.stream_usage)
        return UpstreamRequest(
            method="POST",
            url=provider.base_url + call.operation.path,
            headers=headers,
            body=orjson.dumps(body),
            timeouts=provider.timeouts,
            allow_private=provider.allow_private,
        )

    async def _encoded(self, target: Target, response: UpstreamResponse, failures: Failures) -> None:
        """A compressed answer, which nobody asked for: it could be neither metered nor checked for secrets."""
        await response.close()
        failures.add(target, "answered with a content-encoding that was not asked for", status=response.status)
        self._note_failure(target, "encoded")

    async def _refused(self, target: Target, response: UpstreamResponse, failures: Failures) -> Answer | None:
        """An upstream's own error: passed on where it is about the request, else the next candidate's turn."""
        status = response.status
        body = await response.read(ERROR_BYTES_MAX)
        if status < 400:
            failures.add(target, f"answered with the redirect {status}", status=status)
            return None
        about_our_key = status in _KEY_STATUS or (
            status in _OUT_OF_CREDIT_STATUS and any(mark in body for mark in _OUT_OF_CREDIT)
        )
        if status >= 500 or status in _NEXT_CANDIDATE or about_our_key:
            reason = "refused our key" if about_our_key else f"answered {status}"
            failures.add(target, reason, status=status, timed_out=status in (408, 504))
            if status == 429 and not about_our_key:
                failures.add_rate_limit(_retry_after_s(response.headers))
            self._note_failure(target, f"status {status}")
            return None
        body = _scrubbed(body, target)
        parsed = _json_object(body)
        message = (error_message(parsed) if parsed is not None else None) or "The provider refused this request."
        await self.relay.journal.durable(self.admitted.position)
        self.void(f"upstream answered {status}", status=status, attempts=failures.as_json())
        if parsed is None:  # a page of HTML, say: errors are always JSON (WIRE.md 15)
            raise UpstreamRefused(message, status)
        return Answer(status, self._headers(response), body, upstream_error=message)

    async def _whole(self, target: Target, response: UpstreamResponse, failures: Failures) -> Answer | None:
        """A JSON answer, read whole and metered; garbage is a failed candidate."""
        try:
            raw = await response.read(ANSWER_BYTES_MAX)
            # Where the store fails by now, the client gets 503 and nothing is charged.
            await self.relay.journal.durable(self.admitted.position)
        except asyncio.CancelledError:
            if self.admitted.streaming:  # only a streaming client's leaving cancels, and it does not make the call free
                self.post(target, estimate(self.admitted.size, 0), "estimated", failures.as_json())
            raise
        body = _json_object(raw)
        if body is None or _is_error(body):
            reason = (
                "answered with something that is not a JSON object" if body is None else "answered 200 with an error"
            )
            failures.add(target, reason, status=response.status)
            self._note_failure(target, "garbage")
            return None
        if self.call.operation.billing == "metered":
            usage, source = measured_body(self.dialect, body, self.admitted.size)
        else:
            usage, source = Usage(), "none"
        if self.call.operation.kind == "embedding" and self.call.body.get("encoding_format") == "base64":
            raw = encode_embeddings(body) or raw
        position = self.post(target, usage, source, failures.as_json())
        try:
            await self.settled(position)
        except Unavailable:
            self.refund()
            raise
        return Answer(200, self._headers(response), raw)

    async def _stream(self, target: Target, response: UpstreamResponse, failures: Failures) -> Answer | None:
        """An event stream, begun: its first frame is there and is no error."""
        stream = MeteredStream(self, target, response, failures.as_json())
        try:
            failure = await stream.begin()
            if failure is None:
                await self.relay.journal.durable(self.admitted.position)
        except asyncio.CancelledError:
            stream.leave()  # upstream has begun to answer, so leaving now does not make the call free
            raise
        except BaseException:
            await response.close()
            raise
        if failure is not None:
            await response.close()
            failures.add(target, failure, status=response.status)
            self._note_failure(target, "stream error")
            return None
        return Answer(200, {}, stream=stream)

    def _headers(self, response: UpstreamResponse) -> dict[str, str]:
        """Upstream's own content type where it says JSON, which the body was found to be."""
        given = response.headers.get("content-type", _JSON)
        return {"content-type": given if given.startswith(_JSON) else _JSON}

    def _note_failure(self, target: Target, kind: str) -> None:
        self.relay.telemetry.upstream_failed(target.provider.name, kind, self.call.request_id)

    # Resolving the hold

    def post(self, target: Target, usage: Usage, source: str, attempts: str | None) -> int:
        """Charge what was delivered; returns the journal position to wait for."""
        if self._resolved:
            return 0
        self._resolved = True
        relay, admitted = self.relay, self.admitted
        now = relay.clock_s()
        delivery = Delivery(
            provider=target.provider.name,
            upstream_key_id=target.key_id,
            served_model=target.served.id,
            model_multiplier=target.model_multiplier,
            usage=usage,
            usage_source=source,
            attempts=attempts,
            status=200,
            ttfb_ms=None if self.first_byte_s is None else round((self.first_byte_s - self.started) * 1000),
            duration_ms=round((now - self.started) * 1000),
        )
        entry = relay.ledger.post(admitted.request_id, self._rate(target), delivery)
        if entry is None:
            return 0
        position = relay.journal.append(entry)  # before anything else, so that nothing can lose it
        amount_nano = self._charged_nano = entry.amount_nano or 0
        relay.admission.release(admitted, usage, amount_nano)
        relay.telemetry.charged(target, usage, source, amount_nano, admitted.hold_nano, now - self.started)
        return position

    def void(self, reason: str, *, status: int | None = None, attempts: str | None = None) -> None:
        """Give the hold back; nothing was delivered."""
        if self._resolved:
            return
        self._resolved = True
        relay = self.relay
        duration_ms = round((relay.clock_s() - self.started) * 1000)
        entry = relay.ledger.void(
            self.admitted.request_id, reason, status=status, attempts=attempts, duration_ms=duration_ms
        )
        if entry is not None:
            relay.journal.append(entry)
            relay.admission.release(self.admitted, None, 0)
            relay.telemetry.voided()

    def refund(self) -> None:
        """Give back a charge whose answer was not delivered because the store failed under it: the client will ask again."""
        if self._charged_nano:
            ledger, account = self.relay.ledger, self.admitted.principal.account
            reference = f"refund {self.admitted.request_id}: the store failed before the answer was delivered"
            self.relay.journal.append(ledger.credit(account, self._charged_nano, reference))
            self._charged_nano = 0

    async def settled(self, position: int) -> None:
        """Wait for the charge to be durable; in relaxed mode for the hold only."""
        strict = self.call.config.routes.durability == "strict"
        await self.relay.journal.durable(position if strict else self.admitted.position)

    def _rate(self, target: Target) -> Rate:
        return self.admitted.rates[self.admitted.targets.index(target)]


class MeteredStream:
    """A stream on its way to the client: upstream's bytes unchanged, metered as they pass, settled exactly once.

    Read with `read` until it returns None; `leave` when the client is gone. The last frame is held back until the
    charge is durable, so a client that has a whole answer has one that is paid for.
    """

    def __init__(self, attempt: Attempt, target: Target, response: UpstreamResponse, attempts: str | None) -> None:
        self._attempt = attempt
        self._target = target
        self._response = response
        self._attempts = attempts
        self._splitter = Splitter()
        dialect = attempt.dialect
        self._meter = Meter(dialect, drop_usage_frame=not dialect.wants_usage_frame(attempt.call.body))
        self._ready: bytes | None = None
        self._over = False
        self._cr_stayed = False
        self._drains = target.provider.on_disconnect == "drain"
        self._reading: asyncio.Task[bytes | None] | None = None  # of a stream that is drained: survives its reader
        self.heartbeat = dialect.heartbeat

    async def begin(self) -> str | None:
        """Wait for the first event; the reason where there is none or it is an error, so that another target is tried."""
        before = b""  # comments, which are no events: nothing is sent yet, so that failover stays possible
        while self._ready is None:
            chunk = await self._next_chunk()
            if chunk is None:
                return "ended the stream before its first event"
            try:
                frames = self._splitter.feed(chunk)
            except EventTooLarge as error:
                return str(error)
            passed = self._pass(frames)
            if self._meter.error is not None and not self._meter.text_bytes:
                return f"reported an error: {self._scrub(self._meter.error.encode()).decode()}"
            if any(data(frame) is not None for frame in frames):
                self._ready = before + passed
            else:
                before += passed
                if len(before) > EVENT_BYTES_MAX:
                    return "sent comments and no event"
        return None

    async def read(self) -> bytes | None:
        """The next bytes for the client, None at the end."""
        if self._ready is not None:
            ready, self._ready = self._ready, None
            if self._meter.terminal or self._meter.error is not None:
                await self._finish(delivered=False)
            if ready:
                return ready
        while not self._over:
            try:
                chunk = await self._next_chunk()
                frames = self._splitter.feed(chunk) if chunk is not None else None
            except (UpstreamFailure, EventTooLarge) as failure:
                return await self._ended(str(failure))
            if frames is None:
                return await self._ended("the provider ended the stream early")
            passed = self._pass(frames)
            if self._meter.terminal or self._meter.error is not None:
                await self._finish()
            if passed:
                return passed
        return None

    def leave(self) -> None:
        """The client is gone: charge what was delivered now, or drain for the real usage where the provider says so."""
        if self._over:
            return
        self._over = True
        background = self._attempt.relay.background
        if self._drains:
            background.run(self._drain())
        else:
            self._settle()
            background.run(self._response.close())

    def failure(self, error: ApiError) -> bytes:
        """An error of ours as an event in the stream's own format; nothing may follow it."""
        dialect = self._attempt.dialect
        kind = error.anthropic_type if dialect.name == "anthropic" else error.openai_type
        return dialect.error_frame(error.message, kind, error.error_code)

    async def _next_chunk(self) -> bytes | None:
        """The next bytes from upstream. A read that is cancelled closes the connection, so a drained one is shielded."""
        if not self._drains:
            return await self._response.read_chunk()
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._response.read_chunk())
        chunk = await asyncio.shield(self._reading)
        self._reading = None
        return chunk

    def _pass(self, frames: list[bytes]) -> bytes:
        """Watch frames; the bytes of those that go on. Nothing follows an error or the last frame of a format."""
        meter = self._meter
        passed = b""
        for frame in frames:
            if meter.watch(frame) and frame != b"\n":
                passed += frame
            else:
                passed += self._blank_or_nothing(frame)
            if meter.terminal or meter.error is not None:
                return self._last(passed)
        return passed

    def _blank_or_nothing(self, frame: bytes) -> bytes:
        """A frame that stays behind takes the line feed of its last CR LF with it, which may come later."""
        stays, self._cr_stayed = self._cr_stayed, frame.endswith(b"\r")
        return b"\n" if frame == b"\n" and not stays else b""

    def _last(self, passed: bytes) -> bytes:
        """The end of a stream: without our key, and with the line feed that a CR LF CR still misses."""
        if self._meter.error is not None:
            passed = self._scrub(passed)
        return passed + b"\n" if passed.endswith(b"\r\n\r") else passed

    def _scrub(self, text: bytes) -> bytes:
        return _scrubbed(text, self._target)

    async def _finish(self, *, delivered: bool = True) -> None:
        """The end is known: charge before the client sees it. `delivered`: the client has something of the answer."""
        self._over = True
        position = self._settle()
        await self._response.close()
        try:
            await self._attempt.settled(position)
        except Unavailable as error:
            if not delivered:
                self._attempt.refund()
                raise
            message = "The ledger is unavailable, so this answer ends here; what was delivered of it is charged."
            raise Unavailable(message, retry_after_s=error.retry_after_s) from error

    async def _ended(self, reason: str) -> bytes:
        """Upstream is gone without a terminal frame: complete where it gave a finish reason, broken where not.

        An event that was cut off is no event; one that only misses its blank line is (lenient, as clients are).
        """
        tail = b""
        rest = self._splitter.rest()
        if rest and _is_event(self._attempt.dialect, rest):
            tail = self._pass([rest + (b"\n" if rest.endswith(b"\n") else b"\n\n")])
        if self._meter.finished and self._meter.error is None:
            await self._finish()
            return tail if self._meter.terminal else tail + self._attempt.dialect.terminal_frame
        self._attempt._note_failure(self._target, "stream broken")
        await self._finish()
        if self._meter.error is not None:
            return tail
        # A failure after the first byte is an event in the stream's own format, and the end of it (WIRE.md 14).
        return tail + self.failure(UpstreamFailed(f"The upstream stream broke: {reason}."))

    def _settle(self) -> int:
        usage, source = self._meter.usage(self._attempt.admitted.size)
        return self._attempt.post(self._target, usage, source, self._attempts)

    async def _drain(self) -> None:
        """Read on for at most `DRAIN_S`, so that the usage frame is seen; then charge."""
        try:
            async with asyncio.timeout(DRAIN_S):
                while not self._meter.terminal and (chunk := await self._next_chunk()) is not None:
                    self._pass(self._splitter.feed(chunk))
        except (UpstreamFailure, EventTooLarge, TimeoutError):
            pass  # what was delivered until here is charged
        finally:
            self._settle()
            if self._reading is not None:
                self._reading.cancel()
                await asyncio.wait({self._reading})
            await self._response.close()


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


def _is_error(body: Mapping[str, Any]) -> bool:
    """Whether an answer with status 200 is an error all the same, as some aggregators send them."""
    return bool(body.get("error")) and not any(field in body for field in _ANSWER_FIELDS)


def _is_event(dialect: Dialect, frame: bytes) -> bool:
    payload = data(frame)
    if payload is None:
        return False
    try:
        dialect.read_event(payload)
    except ValueError:
        return False
    return True


def _scrubbed(body: bytes, target: Target) -> bytes:
    """An upstream's own words without the key we sent, which some of them quote."""
    return body.replace(target.secret.encode(), b"[redacted]") if target.secret else body

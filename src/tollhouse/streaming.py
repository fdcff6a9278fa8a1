"""A stream on its way to the client: upstream's bytes unchanged or translated, metered as they pass, settled exactly once."""

import asyncio
import time
from urllib.parse import urlsplit

import orjson

from tollhouse.charge import Charge
from tollhouse.dialects.base import Dialect, failure_frame
from tollhouse.dialects.reported import reported_error
from tollhouse.dialects.translation import Frames
from tollhouse.errors import ApiError, Unavailable, UpstreamFailed
from tollhouse.metering import Meter
from tollhouse.router import Target
from tollhouse.sse import EVENT_BYTES_MAX, EventTooLarge, Splitter, data
from tollhouse.upstream import UpstreamFailure, UpstreamResponse

READ_OUT_S = 1.0  # how long the end of a body may take after the last frame
DRAIN_S = 60.0  # how long an abandoned stream is read on where the provider says `on_disconnect: drain`


class StrangeFrame(Exception):
    """A frame of upstream that cannot be said in the client's format."""


class MeteredStream:
    """Read with `read` until it returns None; `leave` when the client is gone.

    The last frame is held back until the charge is durable, so a client that has a whole answer has one that is paid.
    """

    def __init__(self, charge: Charge, dialect: Dialect, target: Target, response: UpstreamResponse) -> None:
        self._charge = charge
        self._dialect = dialect
        self._target = target
        self._response = response
        self._splitter = Splitter()
        self._meter = Meter(target.dialect, drop_usage_frame=not dialect.wants_usage_frame(charge.call.body))
        translation = target.translation
        self._frames = (
            translation.frames(charge.call.body, created_s=int(time.time())) if translation is not None else None
        )
        self._ready = b""  # passed, and not yet read
        self._last: bytes | None = None  # the frame that ends the stream: it waits for the charge
        self._over = False  # settled, or handed to somebody who will
        self._delivered = False
        self._cr_stayed = False
        self._drains = target.provider.on_disconnect == "drain"
        self._reading: asyncio.Task[bytes | None] | None = None  # of a stream that is drained: survives its reader
        self.heartbeat = dialect.heartbeat

    async def begin(self) -> str | None:
        """Wait for the first event; the reason where there is none or it is an error, so that another target is tried.

        Comments and pings are no answer: nothing is sent for them yet, so that failover stays possible.
        """
        begun = False
        silent_bytes = 0
        while not begun:
            chunk = await self._next_chunk()
            if chunk is None:
                return "ended the stream before its first event"
            if self._charge.elapsed_s() >= self._charge.call.config.routes.limits.attempts_s:
                return "sent no event in time"
            try:
                self._ready += self._pass(self._splitter.feed(chunk))
            except (EventTooLarge, StrangeFrame) as error:
                return str(error)
            if self._meter.error is not None and not self._meter.text_bytes:
                return f"reported an error: {self._target.scrub(self._meter.error.encode()).decode()}"
            begun = self._meter.begun
            silent_bytes += len(chunk)
            if not begun and silent_bytes > EVENT_BYTES_MAX:
                return "sent comments and no event"
        return None

    async def read(self) -> bytes | None:
        """The next bytes for the client, None at the end. Raises ApiError where the charge cannot be made durable."""
        while True:
            if self._ready:
                ready, self._ready = self._ready, b""
                self._delivered = True
                return ready
            if self._last is not None:
                self._ready, self._last = self._last, None
                await self._settled()
            elif self._over:
                return None
            else:
                await self._read_on()

    def leave(self) -> None:
        """The client is gone: charge what was delivered now, or drain for the real usage where the provider says so.

        Where the end is known already, there is nothing to wait for: it costs what it costs a client that stays.
        """
        if self._over:
            return
        self._over = True
        background = self._charge.means.background
        if self._drains and self._last is None:
            self._charge.keep()
            background.run(self._drain())
        else:
            self._post()
            background.run(self._response.close())

    def failure(self, error: ApiError) -> bytes:
        """An error of ours as an event of the stream; nothing may follow it."""
        return failure_frame(self._dialect, error)

    async def _read_on(self) -> None:
        try:
            chunk = await self._next_chunk()
            if chunk is None:
                self._end("the provider ended the stream early", complete=self._target.dialect.ends_with_body)
            else:
                self._ready = self._pass(self._splitter.feed(chunk))
        except UpstreamFailure as failure:
            self._end(f"the provider {failure.told}")
        except EventTooLarge as failure:
            self._end(str(failure))
        except StrangeFrame as failure:
            self._break(str(failure))

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
        """Watch frames; the bytes of those that go on at once. Nothing follows an error or the last frame of a format."""
        if self._frames is not None:
            return self._translate(self._frames, frames)
        meter = self._meter
        passed = b""
        for frame in map(self._target.scrub, frames):
            kept = frame if meter.watch(frame) and frame != b"\n" else self._blank_or_nothing(frame)
            if self._said_all:
                # The line feed of a CR LF CR LF may come with the next bytes, which are not read any more.
                self._last = kept + b"\n" if kept.endswith(b"\r\n\r") else kept
                break
            passed += kept
        return passed

    def _translate(self, translated: Frames, frames: list[bytes]) -> bytes:
        """As `_pass`, in the client's format. Raises StrangeFrame, with which the stream is broken."""
        meter = self._meter
        passed = b""
        for frame in map(self._target.scrub, frames):
            payload = data(frame)
            if payload is None:
                continue
            told_bytes = meter.text_bytes
            meter.watch(frame)
            if meter.error is not None:
                self._last = passed + self.failure(reported_error(orjson.loads(payload), self._told(meter.error)))
                return b""
            try:
                passed += translated.feed(payload)
                if meter.terminal:
                    self._last = passed + translated.end()
                    return b""
            except ValueError as failure:
                meter.text_bytes = told_bytes  # nothing of this frame reaches the client, so nothing of it is charged
                self._ready += passed
                reason = str(failure).rstrip(".")
                raise StrangeFrame(f"the provider sent what is no event of its format: {reason}") from failure
        return passed

    def _told(self, error: str) -> str:
        """What the client is told of a provider's words about an error: neither the key we sent nor where it is."""
        host = urlsplit(self._target.provider.base_url).hostname
        told = self._target.scrub(error.encode()).decode()
        return f"The provider reported an error: {told.replace(host, '[redacted]') if host else told}"

    def _blank_or_nothing(self, frame: bytes) -> bytes:
        """A frame that stays behind takes the line feed of its last CR LF with it, which may come later."""
        stays, self._cr_stayed = self._cr_stayed, frame.endswith(b"\r")
        return b"\n" if frame == b"\n" and not stays else b""

    def _end(self, reason: str, *, complete: bool = False) -> None:
        """Upstream is gone without a terminal frame: complete where it gave a finish reason, broken where not.

        An event that was cut off is no event; one that only misses its blank line is (lenient, as clients are).
        """
        rest = self._splitter.rest()
        if rest and self._is_event(rest):
            try:
                self._ready += self._pass([rest + (b"\n" if rest.endswith(b"\n") else b"\n\n")])
            except StrangeFrame as failure:
                self._break(str(failure))
        if self._last is not None:
            return
        if complete:
            self._last = b""
            return
        if self._meter.finished >= self._charge.admitted.quote.size.answers:
            self._last = self._dialect.terminal_frame if self._frames is None else self._frames.end()
            return
        self._break(reason)

    def _break(self, reason: str) -> None:
        """Upstream's answer goes no further, whatever it said of its end."""
        call = self._charge.call
        self._charge.means.telemetry.upstream_failed(self._target.provider.name, "stream broken", call.request_id)
        # A failure after the first byte is an event in the stream's own format, and the end of it (WIRE.md 14).
        self._last = self.failure(UpstreamFailed(f"The upstream stream broke: {reason}."))

    def _is_event(self, frame: bytes) -> bool:
        payload = data(frame)
        try:
            return payload is not None and self._target.dialect.read_event(payload) is not None
        except ValueError:
            return False

    async def _settled(self) -> None:
        """The end is known: charge before the client sees it. Without any of the answer delivered, a failure costs nothing."""
        self._over = True
        position = self._post()
        self._charge.means.background.run(self._read_out())
        if not self._delivered:
            await self._charge.durable_or_refunded(position)
            return
        try:
            await self._charge.durable(position)
        except Unavailable as error:
            message = "The ledger is unavailable, so this answer ends here; what was delivered of it is charged."
            raise Unavailable(message, retry_after_s=error.retry_after_s) from error

    async def _read_out(self) -> None:
        """Read to the end of the body, which comes with the last frame or right after it: so the connection can be kept."""
        try:
            async with asyncio.timeout(READ_OUT_S):
                while await self._response.read_chunk() is not None:
                    pass
        except (UpstreamFailure, TimeoutError):
            pass  # nothing of it mattered any more
        finally:
            await self._response.close()

    def _post(self) -> int:
        usage, source = self._meter.usage(self._charge.admitted.quote.size)
        return self._charge.post(self._target, usage, source)

    async def _drain(self) -> None:
        """Read on for at most `DRAIN_S`, so that the usage frame is seen; then charge.

        Frames are only metered: what cannot be translated has nobody left to whom it cannot be told.
        """
        try:
            async with asyncio.timeout(DRAIN_S):
                while not self._said_all and (chunk := await self._next_chunk()) is not None:
                    for frame in self._splitter.feed(chunk):
                        self._meter.watch(frame)
        except (UpstreamFailure, EventTooLarge, TimeoutError):
            pass  # what came until here is charged
        finally:
            self._post()
            if self._reading is not None:
                self._reading.cancel()
                await asyncio.wait({self._reading})
            await (self._read_out() if self._said_all else self._response.close())

    @property
    def _said_all(self) -> bool:
        """Whether upstream has sent its last frame, or an error, which nothing follows."""
        return self._meter.terminal or self._meter.error is not None

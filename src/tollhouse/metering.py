"""What a request used: reported by the upstream, else estimated from what went in and what was delivered. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from tollhouse.billing.pricing import Usage
from tollhouse.dialects.base import Counts, Dialect, Event, Size
from tollhouse.sse import data

BYTES_PER_TOKEN = 4  # of an estimate of usage, after the fact
BYTES_PER_TOKEN_HELD = 3  # of a hold: a little more than what English text and code need
KINDS_WITHOUT_TEXT = ("embedding", "moderation")  # vectors and verdicts: nothing in an answer is output
IMAGE_TOKENS = 2_000  # of one image; the dearest common tile count at high detail is below it
TEMPLATE_TOKENS = 512  # of what providers put around a prompt: chat templates, instructions for the use of tools


def input_upper(size: Size, hold: str) -> int:
    """Tokens to hold for a prompt: a third of its bytes (`soft`), or all of them and what the provider adds (`hard`)."""
    text = size.text_bytes + TEMPLATE_TOKENS if hold == "hard" else -(-size.text_bytes // BYTES_PER_TOKEN_HELD)
    return text + size.tokens + size.images * IMAGE_TOKENS


def estimate(size: Size, delivered_bytes: int) -> Usage:
    """Usage of a prompt and the text delivered for it, where nobody counted."""
    prompt = -(-size.text_bytes // BYTES_PER_TOKEN) + size.tokens + size.images * IMAGE_TOKENS
    return Usage(input=prompt, output=-(-delivered_bytes // BYTES_PER_TOKEN))


def measured(
    dialect: Dialect, counts: Counts | None, size: Size, delivered_bytes: Callable[[], int]
) -> tuple[Usage, str]:
    """The usage of an answer and its source: `reported`, or `estimated` where a part is missing or anything is absurd.

    `delivered_bytes` counts the text of the answer; it is asked only where that has to be estimated.

    A part that was reported stands even where the other is missing: a stream that broke after its first frame may
    have its input reported and its output estimated.
    """
    if counts and size.output_tokens == 0:  # none was asked for
        counts = {**dialect.no_output, **counts}
    try:
        prompt = dialect.input_usage(counts) if counts else None
        output = dialect.output_tokens(counts) if counts else None
    except ValueError:
        prompt = output = None
    if prompt is not None and output is not None:
        whole = Usage(prompt.input, prompt.cache_read, prompt.cache_write_5m, prompt.cache_write_1h, output)
        return whole, "reported"
    guess = estimate(size, delivered_bytes())
    return (prompt or guess)._replace(output=guess.output if output is None else output), "estimated"


def measured_body(dialect: Dialect, body: Mapping[str, Any], size: Size, kind: str | None = None) -> tuple[Usage, str]:
    """The usage of a whole JSON answer to an operation of some kind."""
    written = kind not in KINDS_WITHOUT_TEXT
    return measured(dialect, dialect.body_counts(body), size, lambda: dialect.body_text_bytes(body) if written else 0)


class Meter:
    """Watches the frames of one stream as they pass."""

    __slots__ = ("_dialect", "_drop_usage_frame", "begun", "counts", "error", "finished", "terminal", "text_bytes")

    def __init__(self, dialect: Dialect, *, drop_usage_frame: bool) -> None:
        self._dialect = dialect
        self._drop_usage_frame = drop_usage_frame
        self.counts: Counts = {}
        self.text_bytes = 0
        self.finished = 0  # answers that have their end
        self.terminal = False
        self.error: str | None = None
        self.begun = False  # something of the answer has come; comments and pings are nothing

    def watch(self, frame: bytes) -> bool:
        """Read one frame; False where it is ours alone (usage that the client did not ask for)."""
        payload = data(frame)
        if payload is None:
            return True  # a comment, or an event without data
        try:
            event = self._dialect.read_event(payload)
        except ValueError:
            self.begun = True
            return True  # not JSON: it passes as it is and carries no usage
        return self._add(event)

    def _add(self, event: Event) -> bool:
        if not event.ping:
            self.begun = True
        if event.text_bytes:
            self.text_bytes += event.text_bytes
        self.finished += event.finished
        if event.counts:
            self.counts.update(event.counts)
        if event.terminal:
            self.terminal = True
        if event.error is not None:
            self.error = event.error
        return not (event.usage_only and self._drop_usage_frame)

    def usage(self, size: Size) -> tuple[Usage, str]:
        """The usage of what has been delivered so far."""
        return measured(self._dialect, self.counts, size, lambda: self.text_bytes)

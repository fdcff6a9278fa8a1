"""Two translations as one: a client of the first format, served by an upstream of the last. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tollhouse.dialects.translation import MAPPED, Field, Frames, Translated, Translation
from tollhouse.errors import InvalidRequest
from tollhouse.sse import Splitter
from tollhouse.sse import data as payload_of


def compose(first: Translation, second: Translation) -> Translation:
    """The translation of `first.client` to `second.upstream`, through the format that both know.

    What is dropped is dropped by either; it and what is refused have the names that the client's format has for them.
    """
    assert first.upstream == second.client, f"{first.upstream} is not {second.client}"
    names = {field.becomes: field.path for field in reversed(first.request_fields) if field.becomes}

    def middle(body: Mapping[str, Any]) -> dict[str, Any]:
        """The request between the two, whose stream has to say its usage: formats differ in who gets it unasked."""
        return {**first.request(body).body, "stream_options": {"include_usage": True}}

    def request(body: Mapping[str, Any], /, *, max_output_tokens: int | None = None) -> Translated:
        one = first.request(body, max_output_tokens=max_output_tokens)
        try:
            two = second.request(one.body, max_output_tokens=max_output_tokens)
        except InvalidRequest as error:
            raise _renamed(error, names) from error
        dropped = {*one.dropped, *(names.get(path, path) for path in two.dropped)}
        return Translated(two.body, tuple(sorted(dropped)))

    def answer(upstream: Mapping[str, Any], body: Mapping[str, Any], /, *, created_s: int = 0) -> dict[str, Any]:
        return first.answer(second.answer(upstream, middle(body), created_s=created_s), body, created_s=created_s)

    def frames(body: Mapping[str, Any], /, *, created_s: int = 0) -> Frames:
        return ComposedFrames(first.frames(body, created_s=created_s), second.frames(middle(body), created_s=created_s))

    return Translation(
        client=first.client,
        upstream=second.upstream,
        request=request,
        answer=answer,
        frames=frames,
        request_fields=through(first.request_fields, second.request_fields),
        answer_fields=through(second.answer_fields, first.answer_fields),
    )


class ComposedFrames:
    """Upstream's frames through the second translation, and what it writes through the first."""

    __slots__ = ("_first", "_second", "_splitter")

    def __init__(self, first: Frames, second: Frames) -> None:
        self._first = first
        self._second = second
        self._splitter = Splitter()

    def feed(self, data: bytes) -> bytes:
        return self._through(self._second.feed(data))

    def end(self) -> bytes:
        return self._through(self._second.end()) + self._first.end()

    def _through(self, written: bytes) -> bytes:
        payloads = [payload_of(frame) for frame in self._splitter.feed(written)] if written else []
        return b"".join([self._first.feed(payload) for payload in payloads if payload is not None])


def through(fields: tuple[Field, ...], then: tuple[Field, ...]) -> tuple[Field, ...]:
    """A table, followed on: what the first maps to a field that the second has a row for is treated as that row says.

    What is in a field that is dropped or refused in the end needs no row any more.
    """
    rows = {field.path: field for field in then}
    followed = [_followed(field, rows) for field in fields]
    gone = {field.path for field in followed if field.treatment != MAPPED}
    return tuple(field for field in followed if not any(above in gone for above in _above(field.path)))


def _followed(field: Field, rows: Mapping[str, Field]) -> Field:
    if field.treatment != MAPPED or not field.becomes:
        return field
    row = next((rows[path] for path in _spellings(field.becomes) if path in rows), None)
    for above in _above(field.becomes):
        if above in rows and rows[above].treatment != MAPPED:
            row = rows[above]
    if row is None:
        return replace(field, becomes="")
    notes = " ".join(note for note in (field.note, row.note) if note) if row.treatment == MAPPED else row.note
    neutral = row.neutral if row.treatment != MAPPED else ()
    return replace(field, treatment=row.treatment, becomes=row.becomes, note=notes, neutral=neutral)


def _above(path: str) -> list[str]:
    """The paths of all that a field is in."""
    return [path[:end] for end in range(1, len(path)) if path[end] in ".["]


def _spellings(path: str) -> tuple[str, str]:
    """A path, and the same with the type of its last part left open."""
    head, bracket, tail = path.rpartition("[")
    return path, f"{head}[{tail[tail.index(']') :]}" if bracket else path


def _renamed(error: InvalidRequest, names: Mapping[str, str]) -> InvalidRequest:
    """A refusal by the second translation, in the words of the client's format where it has any."""
    theirs = names.get(error.param or "")
    if theirs is None:
        return error
    return InvalidRequest(error.message.replace(f"`{error.param}`", f"`{theirs}`"), param=theirs)

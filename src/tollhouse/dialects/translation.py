"""Translation: how a client of one wire format is served by an upstream that speaks another. Pure.

Formats are named as their operations are: `chat` (OpenAI chat completions), `messages` (Anthropic messages) and
`responses` (OpenAI responses). For every field of both formats a table says what becomes of it; the code, the page
`docs/translation.md` and one test a row come from that table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

MAPPED = "mapped"  # says the same in the other format
DROPPED = "dropped"  # has no counterpart and changes little: left out, and announced in `x-tollhouse-dropped`
REFUSED = "refused"  # has no counterpart, and without it the answer would be another one: 400
ANNOUNCED_MAX = 20  # names of dropped fields in a header; a client may make up thousands


@dataclass(frozen=True, slots=True)
class Field:
    """What becomes of one field. `path` is as the vendor's documents spell it: `messages[].content[].image_url`.

    Where parts of a list differ by their `type`, the brackets hold it: `messages[].content[image].source`. What is in a
    dropped or refused field goes with it and needs no row of its own. `becomes` is the path on the other side of a mapped
    field. `example` is a body (of a request or an answer) that has the field, whole enough to be translated.
    """

    path: str
    treatment: str  # MAPPED | DROPPED | REFUSED
    example: Mapping[str, Any]
    becomes: str = ""
    note: str = ""  # the reason, or how a value changes; for the docs and for the message of a refusal
    neutral: tuple[Any, ...] = ()  # values that say no more than leaving the field out: neither dropped nor refused
    whole: bool = False  # mapped as it is with whatever is in it, such as a JSON schema


class Translated(NamedTuple):
    """A request in upstream's format, and the paths that were left out of it, sorted."""

    body: dict[str, Any]
    dropped: tuple[str, ...]


class Frames(Protocol):
    """One stream on its way back, translated frame by frame."""

    def feed(self, data: bytes) -> bytes:
        """The client's frames for the data of one upstream frame: none, one or several, each with its blank line.

        Raises ValueError where the data is not what upstream's format allows.
        """

    def end(self) -> bytes:
        """The client's last frames, once upstream has said all: usage and the end as its format has them."""


class TranslateRequest(Protocol):
    def __call__(self, body: Mapping[str, Any], /, *, max_output_tokens: int | None = None) -> Translated:
        """Upstream's request for a client's. Raises InvalidRequest, which names the field, where one has to be refused.

        `max_output_tokens` is the longest answer of the model, for a format that wants a limit where the client set none.
        """


class TranslateAnswer(Protocol):
    def __call__(
        self, answer: Mapping[str, Any], request: Mapping[str, Any], /, *, created_s: int = 0
    ) -> dict[str, Any]:
        """The client's answer for upstream's whole one and the client's own request.

        `created_s` is the time (Unix, seconds) for a format that wants one where upstream's has none. Raises ValueError
        where the answer is not what upstream's format allows.
        """


class BeginFrames(Protocol):
    def __call__(self, request: Mapping[str, Any], /, *, created_s: int = 0) -> Frames:
        """Begin a stream for a client's own request; `created_s` as for a whole answer."""


@dataclass(frozen=True, slots=True)
class Translation:
    """One pair of formats."""

    client: str
    upstream: str
    request: TranslateRequest
    answer: TranslateAnswer
    frames: BeginFrames
    request_fields: tuple[Field, ...]
    answer_fields: tuple[Field, ...]


def announced(dropped: tuple[str, ...]) -> str:
    """What was left out of a request, as `x-tollhouse-dropped` says it."""
    more = len(dropped) - ANNOUNCED_MAX
    return ", ".join((*dropped[:ANNOUNCED_MAX], *([f"and {more} more"] if more > 0 else [])))

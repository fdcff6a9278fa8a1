"""What is wrong with the configuration: where, what, and how to mend it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tollhouse.errors import TollhouseError

ENVIRONMENT = "environment"  # the `file` of a problem with an environment variable
WORD_CHARACTERS_MAX = 200  # comparing spellings takes the square of this


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. An error stops the start or the reload, a warning is only shown.

    `line` counts from 1; None where there is no line (a missing file, an environment variable).
    """

    file: str
    line: int | None
    key: str
    message: str
    fix: str = ""
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        warning = "warning" if self.level == "warning" else ""
        text = "; ".join(part for part in (self.message, self.fix) if part)
        return ": ".join(part for part in (place, warning, self.key, text) if part)


class ConfigError(TollhouseError):
    """The configuration is refused. `problems` holds every finding of the run, warnings included."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def errors_in(problems: Iterable[Problem]) -> bool:
    """Whether any of the problems is more than a warning."""
    return any(problem.level == "error" for problem in problems)


def nearest(word: str, accepted: Iterable[str]) -> str:
    """`did you mean "openai"?`, or "" where nothing accepted is spelt like the word."""
    by_lower = {candidate.lower(): candidate for candidate in sorted(accepted)}
    close = difflib.get_close_matches(word[:WORD_CHARACTERS_MAX].lower(), by_lower, n=1)
    return f'did you mean "{by_lower[close[0]]}"?' if close else ""


def accepted_fix(word: str, accepted: Iterable[str]) -> str:
    """`accepted: openai, anthropic; did you mean "openai"?`; the accepted values keep their order."""
    choices = tuple(accepted)
    listing = f"accepted: {', '.join(choices)}" if choices else ""
    return "; ".join(part for part in (listing, nearest(word, choices)) if part)

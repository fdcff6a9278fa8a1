"""Patterns of endpoints, as `providers.yaml` lists them: what a provider's pass-through reaches, and what of it is free.

A pattern is a path such as `chat/completions`. A `*` between slashes stands for one segment, at the end for any rest.
"""

import functools
import re
from collections.abc import Iterable

# What these make costs nothing at the vendors that have them, so a POST to them need not name a model.
FREE = ("responses/input_tokens", "messages/count_tokens", "files", "uploads")
# And these where they name something stored by its id, and no model that would have to work.
FREE_WITH_ID = ("chat/completions/*", "responses/*/cancel", "uploads/*")
# Reads that show nothing which belongs to one of the callers.
SHARED = ("models", "models/*")


def covers(patterns: Iterable[str], endpoint: str) -> bool:
    """Whether one of the patterns stands for an endpoint."""
    return any(_expression(pattern).fullmatch(endpoint) for pattern in patterns)


@functools.cache  # as many as the configuration files have
def _expression(pattern: str) -> re.Pattern[str]:
    *inner, last = pattern.split("/")
    parts = ["[^/]+" if part == "*" else re.escape(part) for part in inner]
    parts.append(".+" if last == "*" else re.escape(last))
    return re.compile("/".join(parts), re.DOTALL)

"""The page about translations, printed from the tables that the code itself works by. A pure function."""

import json
from collections.abc import Mapping

from tollhouse.dialects.translation import DROPPED, MAPPED, REFUSED, Field, Translation

PAGE = "docs/translation.md"

_NAMES = {"chat": "OpenAI chat completions", "messages": "Anthropic messages", "responses": "OpenAI responses"}
_HEAD = """# Translation

A client of one format can be served by an upstream that speaks another. Every field is one of three:

- **mapped**: it says the same in the other format;
- **dropped**: it has no counterpart and changes little. It is left out, and the answer names it in the header
  `x-tollhouse-dropped`, where there are many the first twenty of them. So is every field that this page does not name;
- **refused**: it has no counterpart, and without it the answer would be another one. The request is a 400 that names it.

A field that is `null` is as good as absent, and so are the values listed as neutral. Paths are spelled as the vendors' documents
name the fields; where the parts of a list differ by their `type`, the brackets hold it. What is in a dropped or refused field
goes with it.

This page is generated from the tables in `src/tollhouse/dialects/` by `make generate`.
"""
_TITLES = {MAPPED: "Mapped", DROPPED: "Dropped", REFUSED: "Refused"}


def page(translations: Mapping[tuple[str, str], Translation]) -> str:
    """The whole page, pairs of formats in the order of their names."""
    return "\n".join([_HEAD, *(_section(translations[pair]) for pair in sorted(translations))])


def _section(translation: Translation) -> str:
    client, upstream = (_NAMES.get(name, name) for name in (translation.client, translation.upstream))
    tables = [f"## A client of {client} on an upstream of {upstream}\n"]
    for title, fields in (("requests", translation.request_fields), ("answers", translation.answer_fields)):
        for treatment, word in _TITLES.items():
            rows = [_row(field) for field in fields if field.treatment == treatment]
            if rows:
                tables.append("\n".join([f"### {word} in {title}\n", *_header(treatment), *rows, ""]))
    return "\n".join(tables)


def _header(treatment: str) -> tuple[str, str]:
    if treatment == MAPPED:
        return "| Field | Becomes | How |", "|---|---|---|"
    return "| Field | Why | Neutral |", "|---|---|---|"


def _row(field: Field) -> str:
    note = field.note[:1].upper() + field.note[1:]
    if note and not note.endswith("."):
        note += "."
    if field.treatment == MAPPED:
        becomes = f"`{field.becomes}`" if field.becomes else "–"
        return f"| `{field.path}` | {becomes} | {note} |"
    neutral = ", ".join(f"`{_spelled(value)}`" for value in field.neutral)
    return f"| `{field.path}` | {note} | {neutral} |"


def _spelled(value: object) -> str:
    """A value as JSON, which readers of the page write."""
    return json.dumps(value)

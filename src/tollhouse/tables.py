"""Tables for people, with columns as wide as they need to be and numbers to the right, and for spreadsheets as CSV.

Names and models are texts of clients, and a terminal obeys what is not printable: it is shown escaped (`\\x1b`).
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Rows under their headings; an empty list says so."""
    if not rows:
        return "(none)"
    cells = [[_text(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(heading), *(len(line[i]) for line in cells)) for i, heading in enumerate(columns)]
    numeric = [all(_is_number(row.get(column)) for row in rows) for column in columns]
    lines = [columns, *cells]
    return "\n".join(
        "  ".join(
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, numeric, strict=True)
        ).rstrip()
        for line in lines
    )


def record(values: Mapping[str, Any]) -> str:
    """One thing, a line for each of its facts."""
    width = max(len(name) for name in values)
    return "\n".join(f"{name.ljust(width)}  {_text(value)}".rstrip() for name, value in values.items())


def comma_separated(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Rows under their headings as CSV (RFC 4180).

    A spreadsheet runs a text that begins like a formula, so such a text is kept apart with `'` (OWASP, "CSV Injection").
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_not_a_formula(row.get(column)) for column in columns] for row in rows)
    return text.getvalue()


def _not_a_formula(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) and not _is_number(value):
        return f"'{value}"
    return value


def _text(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value) or "-"
    text = str(value)
    return text if text.isprintable() else "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def _is_number(value: Any) -> bool:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return True
    return isinstance(value, str) and value.lstrip("-").replace(".", "", 1).isdigit()

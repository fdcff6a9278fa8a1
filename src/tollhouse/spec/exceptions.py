"""Dated exceptions: findings that are known and meant, until a day. After it they count again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tollhouse.spec.findings import Finding
from tollhouse.spec.reading import Read, SpecError, read_file, read_text

_SHAPE = "exceptions: [{id: ..., until: 2027-01-31, reason: ...}]"


@dataclass(frozen=True, slots=True)
class Exemption:
    """One entry: the id of a finding, the last day on which it is excused, and why."""

    id: str
    until: dt.date
    reason: str
    line: int = 1


def read_exceptions(name: str, read: Read = read_text) -> list[Exemption]:
    """Read an exceptions file; raises SpecError with file and line."""
    file = read_file(name, read)
    if not isinstance(file.value, dict) or not isinstance(file.value.get("exceptions"), list):
        raise SpecError(f"{name}:1: write {_SHAPE}.")
    found = []
    for index, entry in enumerate(file.value["exceptions"]):
        line = file.lines.get(("exceptions", index), 1)
        if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in ("id", "until", "reason")):
            raise SpecError(f"{name}:{line}: an exception has id, until and reason: {_SHAPE}.")
        try:
            found.append(Exemption(entry["id"], dt.date.fromisoformat(entry["until"]), entry["reason"], line))
        except ValueError as error:
            raise SpecError(f"{name}:{line}: until is not a day such as 2027-01-31: {entry['until']!r}.") from error
    return found


def apply(
    findings: Sequence[Finding], exemptions: Sequence[Exemption], today: dt.date
) -> tuple[list[Finding], list[str]]:
    """Findings without those excused on this day, and what there is to say about the exceptions themselves."""
    by_id = {exemption.id: exemption for exemption in exemptions}
    known = {finding.id for finding in findings}
    notes = [
        f"The exception {each.id!r} (line {each.line}) fits no finding; remove it."
        for each in exemptions
        if each.id not in known
    ]
    kept: list[Finding] = []
    for finding in findings:
        exemption = by_id.get(finding.id)
        if exemption is None:
            kept.append(finding)
        elif exemption.until < today:
            kept.append(replace(finding, message=f"{finding.message} (its exception ended on {exemption.until})"))
        else:
            notes.append(f"Excused until {exemption.until}: {finding.id} ({exemption.reason})")
    return kept, notes

"""The golden copy of a set of documents: one lock for each, of everything. A change that breaks one is refused, an addition is kept.

`check` is for `make check` and fails on both, `keep` is for `make generate` and writes additions only.
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import NamedTuple

from tollhouse.spec.bundling import Place, bundle
from tollhouse.spec.diff import diff
from tollhouse.spec.exceptions import Exemption, apply
from tollhouse.spec.findings import Finding
from tollhouse.spec.lock import lock, read_lock, write_lock


class Verdict(NamedTuple):
    """Breaking changes that nothing excuses, remarks on the exceptions, and the files that should read differently."""

    findings: list[Finding]
    notes: list[str]
    stale: dict[FilePath, str]


def examine(documents: Sequence[str], directory: FilePath, exemptions: Sequence[Exemption], today: dt.date) -> Verdict:
    """Compare each document with its lock in the directory. Raises SpecError for what cannot be read."""
    found: list[Finding] = []
    stale: dict[FilePath, str] = {}
    for name in documents:
        spec = bundle(name)
        path = directory / f"{FilePath(name).stem}.lock"
        text = write_lock(lock(spec))
        if path.is_file():
            found += [each for each in diff(read_lock(str(path)), spec) if each.severity == "breaking"]
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale[path] = text
    found += _documents_gone(documents, directory)
    findings, notes = apply(found, [each for each in exemptions if not each.id.startswith("TH")], today)
    return Verdict(findings, notes, stale)


def keep(verdict: Verdict) -> list[FilePath]:
    """Write the locks that lag behind, unless something breaks; the files written."""
    if verdict.findings:
        return []
    for path, text in verdict.stale.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return sorted(verdict.stale)


def _documents_gone(documents: Sequence[str], directory: FilePath) -> list[Finding]:
    stems = {FilePath(name).stem for name in documents}
    return [
        Finding(
            "document-removed",
            "breaking",
            (),
            "",
            Place(str(path), 1),
            f"the document of {path.name} is gone",
            id=f"document-removed {path.stem}",
        )
        for path in sorted(directory.glob("*.lock"))
        if path.stem not in stems
    ]

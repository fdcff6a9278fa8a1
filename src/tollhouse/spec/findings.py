"""What linting and comparing find, as values, and the four ways to print them."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tollhouse.spec.bundling import Place
from tollhouse.tables import table

FORMATS = ("text", "json", "github", "junit")
FAILING = ("error", "breaking")  # the severities that fail whatever is asked


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `id` stays the same while the thing does, so that exceptions can name it."""

    code: str  # a rule, such as TH001, or a class of change, such as property-removed
    severity: str  # error, warning; breaking, risky, compatible
    operations: tuple[str, ...]
    pointer: str
    place: Place
    message: str
    fix: str = ""
    id: str = ""

    @property
    def subject(self) -> str:
        """The operations in a few words."""
        more = f" and {len(self.operations) - 1} more" if len(self.operations) > 1 else ""
        return f"{self.operations[0]}{more}" if self.operations else ""


def render(findings: Sequence[Finding], form: str, failing: Sequence[str] = FAILING) -> str:
    """Findings as one of FORMATS; `failing` are the severities that count as failures."""
    return {"text": _text, "json": _json, "github": _github, "junit": _junit}[form](findings, failing)


def _text(findings: Sequence[Finding], failing: Sequence[str]) -> str:
    rows = [
        {"code": each.code, "severity": each.severity, "operation": each.subject, "where": str(each.place), "what": _what(each)}
        for each in findings
    ]  # fmt: skip
    counts = Counter(each.severity for each in findings)
    summary = ", ".join(f"{count} {severity}" for severity, count in sorted(counts.items())) or "nothing found"
    return f"{table(rows, ('code', 'severity', 'operation', 'where', 'what'))}\n{summary}" if rows else summary


def _what(finding: Finding) -> str:
    return f"{finding.message} → {finding.fix}" if finding.fix else finding.message


def _json(findings: Sequence[Finding], failing: Sequence[str]) -> str:
    return json.dumps({"findings": [_as_dict(each, failing) for each in findings]}, indent=2, ensure_ascii=False)


def _as_dict(finding: Finding, failing: Sequence[str]) -> dict[str, Any]:
    return {
        **{key: value for key, value in asdict(finding).items() if key != "place"}, "file": finding.place.file, "line": finding.place.line,
        "fails": finding.severity in failing,
    }  # fmt: skip


def _github(findings: Sequence[Finding], failing: Sequence[str]) -> str:
    """Workflow commands, which GitHub shows at the line (docs.github.com, "Workflow commands for GitHub Actions")."""
    return "\n".join(
        f"::{_level(each, failing)} file={_property(each.place.file)},line={each.place.line},title={_property(each.code)}::"
        f"{_data(f'{each.subject}: {_what(each)}' if each.operations else _what(each))}"
        for each in findings
    )


def _level(finding: Finding, failing: Sequence[str]) -> str:
    if finding.severity in failing:
        return "error"
    return "notice" if finding.severity == "compatible" else "warning"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _junit(findings: Sequence[Finding], failing: Sequence[str]) -> str:
    """One case for each finding; without any, one that passed, because many readers refuse an empty suite."""
    cases = [_case(each, each.severity in failing) for each in findings] or [
        '<testcase classname="spec" name="no findings"/>'
    ]
    failures = sum(each.severity in failing for each in findings)
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<testsuites><testsuite name="tollhouse spec" tests="{len(cases)}" failures="{failures}">',
            *cases,
            "</testsuite></testsuites>",
        ]
    )


def _case(finding: Finding, fails: bool) -> str:
    name = quoteattr(xml_text(f"{finding.subject}: {finding.message}" if finding.operations else finding.message))
    head = f"<testcase classname={quoteattr(finding.code)} name={name} file={quoteattr(finding.place.file)}"
    head += f' line="{finding.place.line}"'
    if not fails:
        return f"{head}/>"
    message = quoteattr(xml_text(_what(finding)))
    return f"{head}><failure message={message}>{escape(xml_text(f'{finding.place}: {_what(finding)}'))}</failure></testcase>"


def xml_text(text: str) -> str:
    """Text without the characters that XML 1.0 cannot hold."""
    return "".join(
        c if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "�" for c in text
    )

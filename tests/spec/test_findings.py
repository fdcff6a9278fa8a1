"""The four ways to print findings."""

import json
import xml.etree.ElementTree as ET

import pytest

from tollhouse.spec.bundling import Place
from tollhouse.spec.findings import FORMATS, Finding, render, xml_text

BAD = Finding(
    "property-removed",
    "breaking",
    ("get_a", "get_b"),
    "/a",
    Place("a,b.yaml", 7),
    'x: "it" is <gone>\n100%',
    "keep it",
    "an id",
)
MILD = Finding("TH060", "warning", (), "/b", Place("b.yaml", 1), "nothing uses it")


def test_text_is_a_table_with_a_summary() -> None:
    lines = render([BAD, MILD], "text").splitlines()
    assert lines[0].split() == ["code", "severity", "operation", "where", "what"]
    assert "get_a and 1 more" in lines[1] and "→ keep it" in "\n".join(lines)
    assert lines[-1] == "1 breaking, 1 warning"
    assert render([], "text") == "nothing found"


def test_json_has_everything_a_program_needs() -> None:
    first, second = json.loads(render([BAD, MILD], "json"))["findings"]
    assert (first["file"], first["line"], first["id"], first["fails"]) == ("a,b.yaml", 7, "an id", True)
    assert second["fails"] is False and "place" not in second


def test_github_commands_are_one_line_each_and_escaped() -> None:
    error, warning = render([BAD, MILD], "github").splitlines()
    assert (
        error
        == '::error file=a%2Cb.yaml,line=7,title=property-removed::get_a and 1 more: x: "it" is <gone>%0A100%25 → keep it'
    )
    assert warning == "::warning file=b.yaml,line=1,title=TH060::nothing uses it"
    assert render([], "github") == ""


def test_junit_is_xml_with_a_failure_for_what_fails() -> None:
    suite = ET.fromstring(render([BAD, MILD], "junit")).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failing, passing = suite.findall("testcase")
    failure = failing.find("failure")
    assert failure is not None and "<gone>" in (failure.get("message") or "")
    assert passing.find("failure") is None
    empty = ET.fromstring(render([], "junit")).find("testsuite")
    assert empty is not None and empty.get("failures") == "0" and len(empty) == 1


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    assert xml_text("a\x00\x1b😀\n") == "a��😀\n"
    hostile = Finding("x", "error", (), "", Place("f", 1), "\x00\ud800]]>&")
    ET.fromstring(render([hostile], "junit"))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_takes_no_findings(form: str) -> None:
    assert isinstance(render([], form), str)

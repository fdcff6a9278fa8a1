"""Dated exceptions: excused until the day, a finding again after it."""

import datetime as dt

import pytest

from tollhouse.spec.bundling import Place
from tollhouse.spec.exceptions import Exemption, apply, read_exceptions
from tollhouse.spec.findings import Finding
from tollhouse.spec.reading import SpecError

DAY = dt.date(2027, 1, 31)
FOUND = Finding(
    "operation-removed", "breaking", ("a",), "/a", Place("a.yaml", 1), "it is gone", id="operation-removed request /a"
)
KNOWN = Exemption(FOUND.id, DAY, "nobody called it", 2)


def test_an_exception_holds_until_its_day_and_that_day_too() -> None:
    kept, notes = apply([FOUND], [KNOWN], DAY)
    assert kept == []
    assert notes == ["Excused until 2027-01-31: operation-removed request /a (nobody called it)"]


def test_after_its_day_the_finding_is_back_and_says_so() -> None:
    (finding,), notes = apply([FOUND], [KNOWN], DAY + dt.timedelta(days=1))
    assert finding.message == "it is gone (its exception ended on 2027-01-31)"
    assert finding.severity == "breaking" and notes == []


def test_an_exception_that_fits_nothing_is_told() -> None:
    kept, notes = apply([], [KNOWN], DAY)
    assert kept == []
    assert notes == ["The exception 'operation-removed request /a' (line 2) fits no finding; remove it."]


def test_a_file_is_read_with_its_lines() -> None:
    text = "exceptions:\n  - {id: a b /c, until: 2027-01-31, reason: why}\n"
    assert read_exceptions("x.yaml", lambda _: text) == [Exemption("a b /c", DAY, "why", 2)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "x.yaml:1: write exceptions"),
        ("exceptions:\n  - {id: a, until: 2027-01-31}\n", "x.yaml:2: an exception has id, until and reason"),
        ("exceptions:\n  - {id: a, until: soon, reason: b}\n", "x.yaml:2: until is not a day"),
    ],
)
def test_a_file_that_means_nothing_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        read_exceptions("x.yaml", lambda _: text)

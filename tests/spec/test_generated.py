"""Generated requests fit the document and are the same every time."""

import sys

import pytest

from tests.spec.things import KEY, serving, spec
from tollhouse.spec.generated import generated_cases
from tollhouse.spec.reading import SpecError
from tollhouse.spec.runner import run
from tollhouse.spec.validation import Checker

SCHEMA = ("paths", "/things", "post", "requestBody", "content", "application/json", "schema")


def test_generated_bodies_fit_and_a_good_server_takes_them() -> None:
    document = spec()
    found = list(generated_cases(document, {"authorization": f"Bearer {KEY}"}, 5, ["create_thing"]))
    assert 1 <= len(found) <= 5 and {case.check for case in found} == {"generated"}
    checker = Checker(document)
    assert [checker.misfit(SCHEMA, case.body) for case in found] == [None] * len(found)
    assert [case.body for case in generated_cases(document, {}, 5, ["create_thing"])] == [case.body for case in found]
    with serving() as url:
        assert [outcome.problem for outcome in run(document, url, found)] == [None] * len(found)


def test_without_schemathesis_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "schemathesis", None)
    with pytest.raises(SpecError, match=r"pip install 'tollhouse\[contract\]'"):
        list(generated_cases(spec(), {}, 1))

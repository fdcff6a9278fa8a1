"""A document against a real server: what it promises is checked, and what it breaks is said."""

from typing import Any

import pytest

from tests.spec.things import KEY, serving, spec
from tollhouse.spec.runner import CHECKS, Outcome, cases, run

HEADERS = {"authorization": f"Bearer {KEY}"}


def outcomes(**script: Any) -> dict[tuple[str, str], str | None]:
    with serving(**script) as url:
        found: list[Outcome] = list(run(spec(), url, list(cases(spec(), HEADERS))))
    return {(outcome.check, outcome.label): outcome.problem for outcome in found}


def test_a_server_that_keeps_its_document_has_no_problems() -> None:
    found = outcomes()
    assert set(found.values()) == {None}
    assert set(found) == {
        ("example", "plain"), ("example", "stream"), ("example", "no body"),
        ("no-auth", "without credentials"), ("wrong-body", "a list as the body"),
    }  # fmt: skip
    assert {check for check, _ in found} == set(CHECKS)


@pytest.mark.parametrize(
    ("script", "case", "problem"),
    [
        ({"post": (200, {"name": "a"})}, ("example", "plain"), '"id" is a required property'),
        ({"post": (201, {"id": "a"})}, ("example", "plain"), "the status 201 is not described; there are 200, 400, 401"),
        ({"post": (500, {"error": "a"})}, ("example", "plain"), "the status 500 is not described"),
        ({"post": (200, "hello")}, ("example", "plain"), "the body of 200 is no JSON"),
        ({"stream": 'data: {"part": "a"}\n\ndata: {"part": 1}\n\n'}, ("example", "stream"), "event 1 of 200 does not fit"),
        ({"no_auth": (200, {"id": "a"})}, ("no-auth", "without credentials"), "the status is 200, not 401 or 403"),
        ({"wrong": (200, {"id": "a"})}, ("wrong-body", "a list as the body"), "the status is 200, not 4"),
        ({"get": (404, {"detail": "a"})}, ("example", "no body"), "the body of 404 does not fit"),
        ({"get": (200, "x", "text/plain")}, ("example", "no body"), "200 has the type text/plain; the document has application/json"),
    ],
)  # fmt: skip
def test_what_a_server_breaks_is_said(script: dict[str, Any], case: tuple[str, str], problem: str) -> None:
    found = outcomes(**script)
    assert problem in str(found.pop(case))
    assert set(found.values()) == {None}


def test_only_the_operations_asked_for_are_called() -> None:
    assert {case.operation.id for case in cases(spec(), {}, ["get_thing"])} == {"get_thing"}
    (case,) = cases(spec(), {}, ["get_thing"])
    assert case.url == "/things/t%201"

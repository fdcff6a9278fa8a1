"""The golden copy: additions are kept, breaking changes are refused by name, exceptions have their day."""

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.spec.things import document
from tollhouse.spec.baseline import Verdict, examine, keep
from tollhouse.spec.exceptions import Exemption, read_exceptions

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def change(tmp_path: Path) -> Callable[..., Verdict]:
    """Write a document, changed or not, and hold it against its lock."""

    def examined(edit: Callable[[Any], object] = lambda _: None, *exemptions: Exemption) -> Verdict:
        value = document()
        edit(value["paths"])
        (tmp_path / "things.json").write_text(json.dumps(value))
        return examine([str(tmp_path / "things.json")], tmp_path / "locks", exemptions, TODAY)

    keep(examined())
    return examined


def test_what_was_kept_is_kept(change: Callable[..., Verdict]) -> None:
    assert change() == Verdict([], [], {})


def test_an_addition_makes_the_lock_stale_and_is_written(change: Callable[..., Verdict]) -> None:
    def add(paths: Any) -> None:
        paths["/more"] = paths["/things"]
        paths["/more"]["post"]["operationId"] = "create_more"
        paths["/things"] = document()["paths"]["/things"]

    verdict = change(add)
    assert verdict.findings == [] and len(verdict.stale) == 1
    assert keep(verdict) == list(verdict.stale)
    assert change(add).stale == {}


def test_a_breaking_change_is_named_and_never_written(change: Callable[..., Verdict]) -> None:
    verdict = change(lambda paths: paths.pop("/things"))
    assert [finding.message for finding in verdict.findings] == ["POST /things (create_thing) is gone"]
    assert keep(verdict) == []
    assert change(lambda paths: paths.pop("/things")).findings == verdict.findings


def test_an_exception_lets_it_through_and_is_told_when_it_is_done(change: Callable[..., Verdict]) -> None:
    known = Exemption("operation-removed request /paths/~1things/post", TODAY, "nobody calls it")
    verdict = change(lambda paths: paths.pop("/things"), known)
    assert verdict.findings == [] and "Excused until" in verdict.notes[0]
    keep(verdict)
    assert "fits no finding" in change(lambda paths: paths.pop("/things"), known).notes[0]


def test_a_document_that_goes_is_breaking(change: Callable[..., Verdict], tmp_path: Path) -> None:
    verdict = examine([], tmp_path / "locks", [], TODAY)
    assert [finding.id for finding in verdict.findings] == ["document-removed things"]


ROOT = Path(__file__).parents[2]
OURS = ROOT / "openapi"
LOCKS = ROOT / "docs" / "contract"


def test_our_documents_keep_what_they_promised_and_their_locks_are_up_to_date() -> None:
    documents = sorted(map(str, OURS.glob("*.yaml")))
    verdict = examine(documents, LOCKS, read_exceptions(str(LOCKS / "exceptions.yaml")), TODAY)
    assert verdict == Verdict([], [], {})


@pytest.mark.parametrize(
    ("file", "before", "after", "named"),
    [
        ("components/chat_response.yaml", "required: [id, object, created, model, choices]", "required: [id, object, created, model]", "choices"),
        ("components/models.yaml", "created:", "made:", "created: it is gone"),
        ("openai.yaml", "  /embeddings:", "  /vectors:", "POST /embeddings is POST /vectors now"),
    ],
)  # fmt: skip
def test_breaking_openapi_fails_with_a_message_that_names_it(
    tmp_path: Path, file: str, before: str, after: str, named: str
) -> None:
    shutil.copytree(OURS, tmp_path / "openapi")
    path = tmp_path / "openapi" / file
    assert before in path.read_text(), "the document has changed; choose another line"
    path.write_text(path.read_text().replace(before, after))
    documents = sorted(map(str, (tmp_path / "openapi").glob("*.yaml")))
    verdict = examine(documents, LOCKS, [], TODAY)
    assert any(named in finding.message for finding in verdict.findings), verdict.findings
    assert keep(verdict) == []

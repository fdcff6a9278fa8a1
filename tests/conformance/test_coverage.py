"""docs/conformance.md is what the documents say today, and what is missing there is little."""

import functools
from pathlib import Path

from tests.conformance.coverage import Gap, gaps
from tests.conformance.page import PAGE, page, unjustified
from tests.oracles import needs_oracles

pytestmark = needs_oracles
ROOT = Path(__file__).resolve().parents[2]


@functools.cache
def found() -> tuple[Gap, ...]:
    return tuple(gaps())


def test_the_page_is_that_of_the_documents_of_today() -> None:
    assert (ROOT / PAGE).read_text() == page(found()), "run `python -m tests.conformance`"


def test_whatever_is_not_named_has_a_reason() -> None:
    missing = {(gap.operation.id, gap.part): unjustified(gap) for gap in found() if unjustified(gap)}
    assert not missing, missing


def test_a_field_that_only_a_vendor_names_is_found() -> None:
    """Otherwise the two above would pass for nothing."""
    by_part = {(gap.operation.id, gap.part): gap for gap in found()}
    assert by_part["create_message", "request"].named > 60
    assert "tools[].use_cache" in by_part["create_message", "request"].fields
    assert "babbage-002" in by_part["create_completion", "request"].values["model"]

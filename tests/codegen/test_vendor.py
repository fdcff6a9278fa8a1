"""Vendor keys are read, and what is wrong with one is said with its place and the nearest spelling."""

from pathlib import Path
from typing import Any

import pytest

from codegen.ir import Named, Paging, Streaming
from codegen.read import ContractError, read
from tests.codegen import mini

PAGE = {
    "type": "object",
    "properties": {
        "rows": {"type": "array", "items": {"$ref": "components/parts.yaml#/schemas/Boat"}},
        "next": {"type": "string", "nullable": True},
        "count": {"type": "integer"},
    },
}
LISTING: dict[str, Any] = {
    "x__stream": None,
    "responses": {
        "200": {"description": "OK", "content": {"application/json": {"schema": PAGE}}},
        "404": {"description": "No such harbour."},
    },
}


def listing(**paging: Any) -> dict[str, Any]:
    return mini.operation(**LISTING, **{"x__sdk__pagination": paging})


def refusal(folder: Path) -> str:
    with pytest.raises(ContractError) as raised:
        read(folder)
    return str(raised.value)


def test_pages_are_read(tmp_path: Path) -> None:
    folder = mini.write(tmp_path, listing(items="rows", next="next", parameter="tide-at"))
    (operation,) = read(folder).operations
    assert operation.paging == Paging("rows", "next", "tide_at", None, Named("Boat"))


@pytest.mark.parametrize(
    ("paging", "complaint"),
    [
        ({"items": "rows"}, "x-sdk-pagination needs next and parameter"),
        ({"itmes": "rows"}, "x-sdk-pagination has no key 'itmes'; did you mean 'items'?"),
        ({"items": 3}, "x-sdk-pagination: items must be a string, not 3"),
        (
            {"items": "row", "next": "next", "parameter": "tide-at"},
            "items 'row' is no property of the answer; did you mean 'rows'?",
        ),
        ({"items": "count", "next": "next", "parameter": "tide-at"}, "items 'count' is not an array"),
        (
            {"items": "rows", "next": "next", "more": "x", "parameter": "tide-at"},
            "more 'x' is no property of the answer",
        ),
        (
            {"items": "rows", "next": "next", "parameter": "harbour"},
            "parameter 'harbour' is not in the query; there is limit, request, tide-at",
        ),
    ],
)
def test_wrong_pages_are_refused(tmp_path: Path, paging: dict[str, Any], complaint: str) -> None:
    assert complaint in refusal(mini.write(tmp_path, listing(**paging)))


def test_a_complaint_names_file_and_line(tmp_path: Path) -> None:
    folder = mini.write(tmp_path, listing(itmes="rows"))
    lines = (folder / "fleet.yaml").read_text().splitlines()
    number = next(number for number, line in enumerate(lines, 1) if "itmes" in line)
    assert "fleet: POST /harbours/{harbour}/boats: x-sdk-pagination has no key 'itmes'" in refusal(folder)
    assert f"(fleet.yaml, line {number})" in refusal(folder)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"x__sdk__strem": True}, "x-sdk-strem is not known; did you mean 'x-sdk-stream'?"),
        ({"x__sdk__skip": "yes"}, "x-sdk-skip must be true or false, not 'yes'"),
        ({"x__sdk__stream": True}, "x-sdk-stream must be a mapping with the keys end, parameter"),
        ({"x__sdk__stream": {"parameter": "nam"}}, "'nam' is not a property of the body; did you mean 'name'?"),
        ({**LISTING, "x__sdk__stream": {"end": "x"}}, "x-sdk-stream belongs to an operation that can answer with"),
        ({"x__sdk__pagination": {"items": "a", "next": "b", "parameter": "c"}}, "items 'a' is no property"),
    ],
)
def test_other_wrong_keys_are_refused(tmp_path: Path, changes: dict[str, Any], complaint: str) -> None:
    assert complaint in refusal(mini.write(tmp_path, mini.operation(**changes)))


@pytest.mark.parametrize(
    ("given", "streaming"),
    [
        (None, Streaming(None, None)),
        ({"parameter": "name", "end": "[DONE]"}, Streaming("name", "[DONE]")),
        ({"end": "bye"}, Streaming(None, "bye")),
    ],
)
def test_streams_are_read(tmp_path: Path, given: Any, streaming: Streaming) -> None:
    changes = {} if given is None else {"x__sdk__stream": given}
    (operation,) = read(mini.write(tmp_path, mini.operation(**changes))).operations
    assert operation.streaming == streaming


@pytest.mark.parametrize("whole", [True, False])
def test_operations_and_whole_documents_are_skipped(tmp_path: Path, whole: bool) -> None:
    folder = mini.write(tmp_path, mini.operation() if whole else mini.operation(x__sdk__skip=True))
    if whole:
        text = (folder / "fleet.yaml").read_text()
        (folder / "fleet.yaml").write_text(f"x-sdk-skip: true\n{text}")
    (operation,) = read(folder).operations
    assert operation.skipped

"""What the vendors' documents name and ours does not: fields, and values of fields such as types of events.

A field is named where our document describes it. A value is named where it is listed, or where the description of its field
has it in backticks: our documents keep words open that a vendor may add to.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.conformance.vendors import OPERATIONS, Vendored
from tests.oracles import ORACLES
from tollhouse.contract.documents import documents_dir
from tollhouse.spec.bundling import Spec, bundle
from tollhouse.spec.coverage import request_schema, response_schema
from tollhouse.spec.fields import described
from tollhouse.spec.operations import operations
from tollhouse.spec.shapes import Schema, Undecided, shapes

DOCUMENTS = {"openai.json": "openai.yaml", "anthropic.yaml": "anthropic.yaml"}
# Where one of ours answers two vendors' clients.
PLACES = {"list_models": "openai.yaml", "get_model": "openai.yaml"}


class Gap(NamedTuple):
    """What a part of an operation has and ours does not name: topmost fields, and values by field."""

    operation: Vendored
    part: str  # request, answer, event
    named: int
    all: int
    fields: tuple[str, ...]
    values: dict[str, tuple[str, ...]]


def gaps() -> Iterator[Gap]:
    """One for each part of each operation, in the order of `OPERATIONS`."""
    theirs = {name: bundle(str(ORACLES / name)) for name in DOCUMENTS}
    ours = {name: bundle(str(documents_dir() / name)) for name in set(DOCUMENTS.values())}
    for vendored in OPERATIONS:
        spec = ours[PLACES.get(vendored.id, DOCUMENTS[vendored.file])]
        for part in ("request", "answer", "event"):
            if name := getattr(vendored, part):
                wanted = frozenset({("components", "schemas", name)})
                yield _gap(vendored, part, theirs[vendored.file], wanted, spec, _schema(spec, vendored, part))


def _schema(spec: Spec, vendored: Vendored, part: str) -> Schema:
    operation = next(each for each in operations(spec) if each.id == vendored.id)
    if part == "request":
        return request_schema(spec, operation)
    return response_schema(spec, operation, "200", "application/json" if part == "answer" else "text/event-stream")


def _gap(vendored: Vendored, part: str, theirs: Spec, wanted: Schema, ours: Spec, schema: Schema) -> Gap:
    expected = {name: each for name, each in described(theirs, wanted).items() if not _is_answer(part, name)}
    known = described(ours, schema)
    missing = {name for name in expected if name not in known}
    values: dict[str, tuple[str, ...]] = {}
    for name in expected.keys() & known.keys():
        unnamed = _values(theirs, expected[name]) - _values(ours, known[name]) - _quoted(ours, known[name])
        if unnamed:
            values[name] = tuple(sorted(unnamed))
    return Gap(vendored, part, len(expected) - len(missing), len(expected), tuple(_topmost(missing)), values)


def _is_answer(part: str, name: str) -> bool:
    """Whether a field of an event is inside the whole answer that the event carries."""
    return part == "event" and name.startswith(("response.", "message."))


def _topmost(names: set[str]) -> list[str]:
    """Without the fields inside others that are missing too."""
    return sorted(name for name in names if not any(around in names for around in _around(name)))


def _around(name: str) -> Iterator[str]:
    for match in re.finditer(r"(\[\])*\.", name):
        yield name[: match.start()]
        yield name[: match.end() - 1]


def _values(spec: Spec, schema: Schema) -> set[str]:
    """The texts that a field may be, in whichever alternative it is."""
    found: set[str] = set()
    for path in schema:
        try:
            found.update(text for shape in shapes(spec, frozenset({path})) for text in shape.enum or ())
        except Undecided:
            continue
    return {text.strip('"') for text in found if text.startswith('"')}


def _quoted(spec: Spec, schema: Schema) -> set[str]:
    """The words in backticks of a schema's description."""
    words: set[str] = set()
    for path in schema:
        for place in (path, spec.resolve(path)):
            value: Any = spec.at(place)
            words.update(re.findall(r"`([^`]+)`", str(value.get("description", ""))))
    return words

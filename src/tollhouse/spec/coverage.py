"""What of a document traffic has shown, and what of a vendor's document ours does not name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tollhouse.spec.bundling import Spec
from tollhouse.spec.fields import described, used
from tollhouse.spec.operations import Operation, matching, operations, schema_of
from tollhouse.spec.shapes import Schema
from tollhouse.spec.traffic import Exchange


@dataclass(slots=True)
class Covered:
    """One operation: what is described, what was seen of it, and what was seen beside it."""

    operation: str
    calls: int = 0
    statuses: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)  # "request.model", "response.choices[].index"
    seen_statuses: set[str] = field(default_factory=set)
    seen_fields: set[str] = field(default_factory=set)
    undescribed: set[str] = field(default_factory=set)

    def as_dict(self) -> dict[str, Any]:
        return {
            "operation": self.operation, "calls": self.calls,
            "statuses": f"{len(self.seen_statuses)}/{len(self.statuses)}",
            "fields": f"{len(self.seen_fields)}/{len(self.fields)}",
            "unseen_statuses": sorted(self.statuses - self.seen_statuses),
            "unseen_fields": sorted(self.fields - self.seen_fields),
            "undescribed": sorted(self.undescribed),
        }  # fmt: skip


@dataclass(slots=True)
class Coverage:
    operations: list[Covered]
    unmatched: list[str]  # requests that no operation takes, as "GET /nothing"

    @property
    def percent(self) -> float:
        """Of all statuses and fields, how many were seen."""
        every = sum(len(each.statuses) + len(each.fields) for each in self.operations)
        seen = sum(len(each.seen_statuses) + len(each.seen_fields) for each in self.operations)
        return 100.0 * seen / every if every else 100.0


def cover(spec: Spec, exchanges: Iterable[Exchange]) -> Coverage:
    """Hold traffic against a document."""
    entries = {operation.path: _expected(spec, operation) for operation in operations(spec)}
    unmatched: set[str] = set()
    for exchange in exchanges:
        operation = matching(spec, exchange.method, exchange.url)
        if operation is None:
            unmatched.add(f"{exchange.method} {exchange.url}")
        else:
            _count(spec, operation, exchange, entries[operation.path])
    return Coverage(list(entries.values()), sorted(unmatched))


def missing(ours: Spec, theirs: Spec) -> dict[str, list[str]]:
    """By operation of ours that a vendor has too: fields of requests and successes that only the vendor's document names."""
    found: dict[str, list[str]] = {}
    for operation in operations(ours):
        other = _counterpart(operation, operations(theirs))
        if other is not None:
            known = set(_fields(ours, operation))
            found[operation.id] = sorted(name for name in _fields(theirs, other) if name not in known)
    return found


def request_schema(spec: Spec, operation: Operation) -> Schema:
    """The schema of the JSON body, or of the only one."""
    return _media_schema(spec, operation.media, "application/json")


def response_schema(spec: Spec, operation: Operation, status: str, media_type: str) -> Schema:
    """The schema of an answer; the empty one where the document has none."""
    answer = operation.answers.get(answer_status(operation, status) or "")
    return _media_schema(spec, answer.media, media_type) if answer else frozenset()


def answer_status(operation: Operation, status: str) -> str | None:
    """The entry of `responses` that describes a status."""
    return next((key for key in (status, f"{status[:1]}XX", "default") if key in operation.answers), None)


def _expected(spec: Spec, operation: Operation) -> Covered:
    return Covered(operation.id, statuses=set(operation.answers), fields=set(_fields(spec, operation)))


def _fields(spec: Spec, operation: Operation) -> list[str]:
    names = [f"request.{name}" for name in described(spec, request_schema(spec, operation))]
    for status, answer in operation.answers.items():
        if answer.is_success:
            for media_type in answer.media:
                schema = response_schema(spec, operation, status, media_type)
                names += [f"response.{name}" for name in described(spec, schema)]
    return list(dict.fromkeys(names))


def _count(spec: Spec, operation: Operation, exchange: Exchange, entry: Covered) -> None:
    entry.calls += 1
    status = answer_status(operation, str(exchange.status))
    if status is None:
        entry.undescribed.add(f"status {exchange.status}")
    else:
        entry.seen_statuses.add(status)
    _count_fields(entry, "request", used(spec, request_schema(spec, operation), exchange.request))
    if 200 <= exchange.status < 300:
        schema = response_schema(spec, operation, str(exchange.status), exchange.media_type)
        for answer in exchange.answers:
            _count_fields(entry, "response", used(spec, schema, answer))


def _count_fields(entry: Covered, side: str, found: Iterable[tuple[str, Schema | None]]) -> None:
    for name, schema in found:
        (entry.undescribed if schema is None else entry.seen_fields).add(f"{side}.{name}")


def _counterpart(operation: Operation, others: Iterable[Operation]) -> Operation | None:
    """The vendor's operation of the same method whose path is ours, or ends with it."""
    method, url = operation.key
    alike = [other for other in others if other.key[0] == method and other.key[1].endswith(url) and url != "/"]
    return min(alike, key=lambda other: len(other.url), default=None)


def _media_schema(spec: Spec, media: Mapping[str, Any], wanted: str) -> Schema:
    path = media.get(wanted) or (next(iter(media.values())) if len(media) == 1 else None)
    schema = schema_of(spec, path) if path else None
    return frozenset({schema}) if schema else frozenset()

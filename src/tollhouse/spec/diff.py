"""What changed between two documents, for those who call the old one: operations, credentials, parameters, bodies, answers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tollhouse.spec.bundling import Spec, pointer
from tollhouse.spec.classes import Direction, severity
from tollhouse.spec.compat import Comparison
from tollhouse.spec.diff_security import security_changes
from tollhouse.spec.facets import Change
from tollhouse.spec.findings import Finding
from tollhouse.spec.operations import SSE, Operation, operations, schema_of
from tollhouse.spec.reading import Path

_ORDER = {"breaking": 0, "risky": 1, "compatible": 2}
_BILLING = ("none", "free", "metered")


@dataclass(slots=True)
class _Found:
    """One change with all the operations that it reaches; a shared component is one finding, not fifty."""

    change: Change
    direction: Direction
    operations: list[str] = field(default_factory=list)


def diff(old: Spec, new: Spec) -> list[Finding]:
    """All differences that callers can notice, breaking ones first."""
    found: dict[tuple[str, str, Path, Path, str], _Found] = {}
    for operation, direction, change in _changes(old, new):
        key = (change.name, direction, change.old, change.new, change.message)
        entry = found.setdefault(key, _Found(change, direction))
        if operation not in entry.operations:
            entry.operations.append(operation)
    findings = [_finding(old, new, entry) for entry in found.values()]
    return sorted(findings, key=lambda each: (_ORDER[each.severity], each.operations, each.id))


def _finding(old: Spec, new: Spec, found: _Found) -> Finding:
    change, direction = found.change, found.direction
    path = change.old or change.new
    return Finding(
        code=change.name,
        severity=severity(change.name, direction),
        operations=tuple(found.operations),
        pointer=pointer(path),
        place=new.place(change.new) if change.new else old.place(change.old),
        message=f"{change.where}: {change.message}" if change.where else change.message,
        id=" ".join(filter(None, (change.name, direction, pointer(path), change.detail))),
    )


Located = tuple[str, Direction, Change]


def _changes(old: Spec, new: Spec) -> Iterator[Located]:
    before = {operation.key: operation for operation in operations(old)}
    after = {operation.key: operation for operation in operations(new)}
    moved = {operation.value.get("operationId"): operation for key, operation in after.items() if key not in before}
    for key, operation in before.items():
        if key in after:
            yield from _operation(old, new, operation, after[key])
        else:
            yield operation.id, "request", _gone(operation, moved.get(operation.value.get("operationId", "")))
    known = {operation.value.get("operationId") for operation in before.values()} - {None}
    for key, operation in after.items():
        if key not in before and operation.value.get("operationId") not in known:  # else it is told as moved
            message = f"{operation.method} {operation.url} is new"
            yield operation.id, "request", Change("operation-added", "", message, (), operation.path)
    yield from _servers(old, new)


def _gone(operation: Operation, moved: Operation | None) -> Change:
    name = f"{operation.method} {operation.url}"
    if moved:
        return Change("operation-moved", "", f"{name} is {moved.method} {moved.url} now", operation.path, moved.path)
    return Change("operation-removed", "", f"{name} ({operation.id}) is gone", operation.path, ())


def _operation(old: Spec, new: Spec, before: Operation, after: Operation) -> Iterator[Located]:
    def at(change: Change, direction: Direction = "request") -> Located:
        return before.id, direction, change

    for change in (
        *_identity(before, after),
        *_billing(before, after),
        *security_changes(old, new, before, after),
        *_parameters(old, new, before, after),
        *_body(old, new, before, after),
    ):
        yield at(change)
    for change in _answers(old, new, before, after):
        yield at(change, "response")


def _identity(before: Operation, after: Operation) -> Iterator[Change]:
    paths = before.path, after.path
    names = before.value.get("operationId"), after.value.get("operationId")
    if names[0] and names[0] != names[1]:
        yield Change("operation-renamed", "", f"the operationId was {names[0]}, now {names[1]}", *paths)
    if after.value.get("deprecated") is True and before.value.get("deprecated") is not True:
        yield Change("operation-deprecated", "", "it is deprecated", *paths)
    streams = before.value.get("x-stream") is True, after.value.get("x-stream") is True
    if streams[0] != streams[1]:
        yield Change(
            *(
                ("stream-removed", "", "it does not stream any more")
                if streams[0]
                else ("stream-added", "", "it can stream")
            ),
            *paths,
        )


def _billing(before: Operation, after: Operation) -> Iterator[Change]:
    """`x-billing` of tollhouse's documents: none, free (needs an account) or metered."""
    was, now = (str(each.value.get("x-billing", "none")) for each in (before, after))
    if was == now:
        return
    ranks = [_BILLING.index(each) if each in _BILLING else len(_BILLING) for each in (was, now)]
    name = "billing-added" if ranks[1] > ranks[0] else "billing-dropped"
    yield Change(name, "", f"x-billing was {was}, now {now}", before.path, after.path)


def _parameters(old: Spec, new: Spec, before: Operation, after: Operation) -> Iterator[Change]:
    renamed = dict(zip(before.placeholders, after.placeholders, strict=False))
    olds = {
        _key(each.where, renamed.get(each.name, each.name) if each.where == "path" else each.name): each
        for each in before.parameters
    }
    news = {_key(each.where, each.name): each for each in after.parameters}
    for was, now in renamed.items():
        if was != now:
            yield Change(
                "parameter-renamed", "", f"the path parameter {was} is {now} now", before.path, after.path, was
            )
    for key, parameter in olds.items():
        where = f"{parameter.where} parameter {parameter.name}"
        other = news.get(key)
        if other is None:
            yield Change("parameter-removed", where, "it is gone", parameter.path, ())
            continue
        if other.required and not parameter.required:
            yield Change("parameter-newly-required", where, "it has to be given now", parameter.path, other.path)
        elif parameter.required and not other.required:
            yield Change("parameter-no-longer-required", where, "it may be left out now", parameter.path, other.path)
        yield from Comparison(old, new, "request").compare(_schema(parameter.schema), _schema(other.schema), where)
    for key, other in news.items():
        if key not in olds:
            where = f"{other.where} parameter {other.name}"
            if other.required:
                yield Change("parameter-newly-required", where, "it is new and has to be given", (), other.path)
            else:
                yield Change("parameter-added", where, "it is new", (), other.path)


def _key(where: str, name: str) -> tuple[str, str]:
    return where, name.lower() if where == "header" else name


def _body(old: Spec, new: Spec, before: Operation, after: Operation) -> Iterator[Change]:
    if after.body_required and not before.body_required:
        yield Change(
            "body-newly-required",
            "body",
            "it has to be there now",
            before.body or before.path,
            after.body or after.path,
        )
    elif before.body is None and after.body is not None:
        yield Change("body-added", "body", "it is new and may be left out", before.path, after.body)
    elif before.body is not None and after.body is None:
        yield Change("body-removed", "body", "it is gone", before.body, after.path)
    elif before.body_required and not after.body_required:
        yield Change("body-added", "body", "it may be left out now", before.body or (), after.body or ())
    if before.body is not None and after.body is not None:
        yield from _media(old, new, before.media, after.media, "request", "body", after.body)


def _media(
    old: Spec, new: Spec, before: Any, after: Any, direction: Direction, where: str, holder: Path
) -> Iterator[Change]:
    for name, path in before.items():
        if name not in after:
            yield Change("media-type-removed", where, f"{name} is gone", path, holder)
            continue
        schemas = _schema(schema_of(old, path)), _schema(schema_of(new, after[name]))
        yield from Comparison(old, new, direction).compare(*schemas, where, events=name == SSE)
    for name, path in after.items():
        if name not in before:
            yield Change("media-type-added", where, f"{name} is new", (), path)


def _answers(old: Spec, new: Spec, before: Operation, after: Operation) -> Iterator[Change]:
    for status, answer in before.answers.items():
        other = after.answers.get(status)
        if other is None:
            name = "status-removed" if answer.is_success else "error-status-removed"
            yield Change(name, "", f"the status {status} is gone", (*before.path, "responses", status), after.path)
            continue
        yield from _media(old, new, answer.media, other.media, "response", status, other.path)
        yield from _headers(old, new, answer.headers, other.headers, status)
    for status, other in after.answers.items():
        covered = f"{status[:1]}XX" in before.answers or "default" in before.answers
        if status not in before.answers and not covered:
            name = "status-added" if other.is_success else "error-status-added"
            yield Change(
                name, "", f"the status {status} is new", before.path, (*after.path, "responses", status), status
            )


def _headers(old: Spec, new: Spec, before: Any, after: Any, status: str) -> Iterator[Change]:
    for name, path in before.items():
        where = f"{status} header {name}"
        if name not in after:
            yield Change("header-removed", where, "it is gone", path, ())
            continue
        if old.at(path).get("required") is True and new.at(after[name]).get("required") is not True:
            yield Change("header-no-longer-required", where, "it may be absent now", path, after[name])
        schemas = _schema(schema_of(old, path)), _schema(schema_of(new, after[name]))
        yield from Comparison(old, new, "response").compare(*schemas, where)
    for name, path in after.items():
        if name not in before:
            yield Change("header-added", f"{status} header {name}", "it is new", (), path)


def _servers(old: Spec, new: Spec) -> Iterator[Located]:
    now = {server.get("url") for server in new.value.get("servers") or ()}
    for index, server in enumerate(old.value.get("servers") or ()):
        if server.get("url") not in now:
            yield (
                "",
                "request",
                Change(
                    "server-removed", "", f"the base URL {server.get('url')} is gone", ("servers", index), ("servers",)
                ),
            )


def _schema(path: Path | None) -> frozenset[Path]:
    return frozenset() if path is None else frozenset({path})

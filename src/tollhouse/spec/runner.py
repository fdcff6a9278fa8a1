"""Runs a document against a server: its examples, and requests that it must refuse. Needs nothing but httpx.

example       an example is answered as described, in status, type, body and every event of a stream
no-auth       without credentials a secured operation answers 401 or 403
wrong-body    a body of the wrong type is refused with a described error
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from tollhouse.spec.bundling import Spec
from tollhouse.spec.coverage import answer_status
from tollhouse.spec.operations import Operation, operations, schema_of, security_of
from tollhouse.spec.reading import Path
from tollhouse.spec.traffic import Exchange, exchange
from tollhouse.spec.validation import Checker

CHECKS = ("example", "no-auth", "wrong-body")
TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Case:
    """One request, and what the document says of its answer."""

    operation: Operation
    check: str
    label: str
    url: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any = None
    statuses: tuple[str, ...] = ()  # first digits or whole statuses that are right; any described one without


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case that was run. `problem` says what is wrong, `exchange` is what went over the wire."""

    operation: str
    check: str
    label: str
    problem: str | None
    exchange: Exchange | None = None


def cases(spec: Spec, headers: Mapping[str, str], only: Collection[str] = ()) -> Iterator[Case]:
    """All cases of a document; `headers` are the caller's credentials. Operations whose path cannot be filled are left out."""
    for operation in operations(spec):
        if only and operation.id not in only:
            continue
        url = _url(spec, operation)
        if url is None:
            continue
        query = {each.name: str(value) for each in operation.parameters
                 if each.where == "query" and each.required and (value := _example_of(spec, each.path)) is not None}  # fmt: skip
        bodies = _bodies(spec, operation)
        for label, body in bodies or ([("no body", None)] if not operation.body_required else []):
            yield Case(operation, "example", label, url, query, headers, body)
        first = bodies[0][1] if bodies else None
        requirements = security_of(spec, operation)
        if requirements and {} not in requirements:
            yield Case(operation, "no-auth", "without credentials", url, query, {}, first, ("401", "403"))
        if bodies:
            yield Case(operation, "wrong-body", "a list as the body", url, query, headers, [], ("4",))


def run(spec: Spec, base_url: str, chosen: Collection[Case], client: httpx.Client | None = None) -> Iterator[Outcome]:
    """Send each case and judge its answer. Raises httpx.TransportError when the server cannot be reached at all."""
    checker = Checker(spec)
    with client or httpx.Client(timeout=TIMEOUT_S) as opened:
        for case in chosen:
            content = None if case.body is None else json.dumps(case.body).encode()
            types = {} if content is None else {"content-type": "application/json"}
            response = opened.request(
                case.operation.method, base_url.rstrip("/") + case.url, params=dict(case.query) or None,
                headers={**types, **case.headers}, content=content,
            )  # fmt: skip
            media_type = response.headers.get("content-type", "")
            seen = exchange(case.operation.method, case.url, response.status_code, case.body, media_type, response.text)
            problem = judge(spec, checker, case, seen, has_body=bool(response.content))
            yield Outcome(case.operation.id, case.check, case.label, problem, seen)


def judge(spec: Spec, checker: Checker, case: Case, seen: Exchange, *, has_body: bool = True) -> str | None:
    """What is wrong with an answer; None when the document says so."""
    status = answer_status(case.operation, str(seen.status))
    if status is None:
        return f"the status {seen.status} is not described; there are {', '.join(case.operation.answers)}"
    if case.statuses and not str(seen.status).startswith(case.statuses):
        return f"the status is {seen.status}, not {' or '.join(case.statuses)}"
    if not case.statuses and seen.status >= 500:
        return f"the status is {seen.status}"
    media = case.operation.answers[status].media
    if not media or not has_body or case.operation.method == "HEAD":
        return None
    if seen.media_type not in media:
        return f"{seen.status} has the type {seen.media_type}; the document has {', '.join(media)}"
    return _misfit(spec, checker, media[seen.media_type], seen)


def _misfit(spec: Spec, checker: Checker, media: Path, seen: Exchange) -> str | None:
    schema = schema_of(spec, media)
    if schema is None or not ("json" in seen.media_type or "event-stream" in seen.media_type):
        return None
    if not seen.answers:
        return f"the body of {seen.status} is no JSON"
    for number, answer in enumerate(seen.answers):
        if reason := checker.misfit(schema, answer):
            which = f"event {number}" if len(seen.answers) > 1 else "the body"
            return f"{which} of {seen.status} does not fit: {reason}"
    return None


def _url(spec: Spec, operation: Operation) -> str | None:
    """The path with the examples of its parameters; None where one has no example."""
    url = operation.url
    for parameter in operation.parameters:
        if parameter.where == "path":
            value = _example_of(spec, parameter.path)
            if value is None:
                return None
            url = url.replace(f"{{{parameter.name}}}", quote(str(value), safe=""))
    return url


def _example_of(spec: Spec, path: Path) -> Any:
    """The first example of a parameter, or of its schema."""
    value = spec.at(path)
    schema = schema_of(spec, path)
    inner = spec.at(spec.resolve(schema)) if schema else {}
    for holder in (value, inner):
        if "example" in holder:
            return holder["example"]
    for name in value.get("examples") or {}:
        return spec.at(spec.resolve((*path, "examples", name))).get("value")
    return next(iter(inner.get("enum") or inner.get("examples") or [inner.get("default")]), None)


def _bodies(spec: Spec, operation: Operation) -> list[tuple[str, Any]]:
    """The examples of the JSON body with their names."""
    path = operation.media.get("application/json")
    if path is None:
        return []
    value = spec.at(path)
    found = [("the example", value["example"])] if "example" in value else []
    for name in value.get("examples") or {}:
        example = spec.at(spec.resolve((*path, "examples", name)))
        if "value" in example:
            found.append((name, example["value"]))
    if not found and (schema := schema_of(spec, path)):
        inner = spec.at(spec.resolve(schema))
        found = [("the schema's example", inner["example"])] if "example" in inner else []
    return found

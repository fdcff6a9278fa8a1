"""The operations of a document as values: parameters, bodies and answers with the paths of their schemas."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tollhouse.spec.bundling import Spec
from tollhouse.spec.reading import Path

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SSE = "text/event-stream"

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    where: str  # path, query, header or cookie
    required: bool
    path: Path
    schema: Path | None


@dataclass(frozen=True, slots=True)
class Answer:
    status: str  # "200", "4XX" or "default"
    path: Path
    media: Mapping[str, Path]  # the media object of each media type
    headers: Mapping[str, Path]  # by name in lower case

    @property
    def is_success(self) -> bool:
        return self.status[:1] == "2"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; every path in it leads past references."""

    method: str  # in upper case
    url: str  # the path template
    path: Path
    value: Mapping[str, Any]
    parameters: tuple[Parameter, ...]
    body: Path | None
    body_required: bool
    media: Mapping[str, Path]  # of the request body
    answers: Mapping[str, Answer]

    @property
    def id(self) -> str:
        """The operationId, or method and path where it has none."""
        return str(self.value.get("operationId") or f"{self.method} {self.url}")

    @property
    def key(self) -> tuple[str, str]:
        """What a request is routed by: the names of path parameters do not count."""
        return self.method, _PLACEHOLDER.sub("{}", self.url)

    @property
    def placeholders(self) -> list[str]:
        return _PLACEHOLDER.findall(self.url)


def operations(spec: Spec) -> tuple[Operation, ...]:
    """All operations of a document, in its order."""
    return tuple(
        _operation(spec, method, url, spec.resolve(("paths", url)))
        for url in spec.value.get("paths") or {}
        if isinstance(spec.at(spec.resolve(("paths", url))), dict)
        for method in spec.at(spec.resolve(("paths", url)))
        if method in METHODS
    )


def schema_of(spec: Spec, holder: Path) -> Path | None:
    """The path of the schema of a media type, a header or a parameter."""
    return (*holder, "schema") if "schema" in spec.at(holder) else None


def security_of(spec: Spec, operation: Operation) -> list[dict[str, list[str]]] | None:
    """The security requirements, the document's where the operation has none; None where neither says anything."""
    found = operation.value.get("security", spec.value.get("security"))
    return found if isinstance(found, list) else None


def matching(spec: Spec, method: str, url: str) -> Operation | None:
    """The operation that takes a request, its base path left out if a server names it; concrete paths go first."""
    candidates = [operation for operation in operations(spec) if operation.method == method.upper()]
    for operation in sorted(candidates, key=lambda operation: len(operation.placeholders)):
        pattern = _PLACEHOLDER.sub("\0", operation.url)
        if re.fullmatch("(?:.*?)" + re.escape(pattern).replace("\0", "[^/]+"), url.rstrip("/") or "/"):
            return operation
    return None


def _operation(spec: Spec, method: str, url: str, item: Path) -> Operation:
    path = (*item, method)
    value = spec.at(path)
    body = spec.resolve((*path, "requestBody")) if "requestBody" in value else None
    return Operation(
        method=method.upper(),
        url=url,
        path=path,
        value=value,
        parameters=tuple(_parameters(spec, item, path)),
        body=body,
        body_required=body is not None and spec.at(body).get("required") is True,
        media=_media(spec, body) if body else {},
        answers={status: _answer(spec, status, (*path, "responses", status)) for status in value.get("responses") or {}
                 if not status.startswith("x-")},
    )  # fmt: skip


def _parameters(spec: Spec, item: Path, path: Path) -> Iterator[Parameter]:
    """Those of the path item, unless the operation has the same, and those of the operation."""
    found: dict[tuple[str, str], Parameter] = {}
    for holder in (item, path):
        for index in range(len(spec.at(holder).get("parameters") or ())):
            here = spec.resolve((*holder, "parameters", index))
            value = spec.at(here)
            where, name = str(value.get("in")), str(value.get("name"))
            found[where, name.lower() if where == "header" else name] = Parameter(
                name, where, value.get("required") is True, here, _parameter_schema(spec, here)
            )
    yield from found.values()


def _parameter_schema(spec: Spec, path: Path) -> Path | None:
    """A parameter says its schema itself or in its one media type."""
    for media in _media(spec, path).values():
        return schema_of(spec, media)
    return schema_of(spec, path)


def _answer(spec: Spec, status: str, path: Path) -> Answer:
    path = spec.resolve(path)
    headers = {str(name).lower(): spec.resolve((*path, "headers", name)) for name in spec.at(path).get("headers") or {}}
    return Answer(status, path, _media(spec, path), headers)


def _media(spec: Spec, holder: Path) -> dict[str, Path]:
    content = spec.at(holder).get("content")
    return {name: (*holder, "content", name) for name in content} if isinstance(content, dict) else {}

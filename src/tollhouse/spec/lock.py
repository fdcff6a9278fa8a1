"""A `contract.lock`: the part of a document that a consumer depends on, itself an OpenAPI document without its prose.

Because it is a document, `diff(lock, provider)` is the whole check: it reports what breaks this consumer and nothing else. It is
sorted and has a line for each thing, so a review sees what was added.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import yaml

from tollhouse.spec.bundling import Spec, from_value
from tollhouse.spec.coverage import answer_status, request_schema, response_schema
from tollhouse.spec.fields import used
from tollhouse.spec.operations import Operation, matching, operations
from tollhouse.spec.reading import Path, Read, SpecError, read_file, read_text
from tollhouse.spec.traffic import Exchange

HEADER = (
    "# Written by `tollhouse spec lock`: what is promised to those who use it. Breaking it needs a dated exception.\n"
)

_PROSE = {
    "description", "summary", "example", "examples", "externalDocs", "tags", "title", "contact", "license", "x-argument",
    "x-kind", "default", "termsOfService",
}  # fmt: skip
_NAMES = {
    "properties",
    "patternProperties",
    "schemas",
    "responses",
    "headers",
    "parameters",
    "requestBodies",
    "paths",
    "content",
}


def lock(spec: Spec, names: Collection[str] = (), exchanges: Iterable[Exchange] | None = None) -> dict[str, Any]:
    """The lock of some operations (all, without names), of all their fields or of those that the traffic has.

    Raises SpecError for the name of an operation that is not there.
    """
    every = operations(spec)
    if unknown := sorted(set(names) - {operation.id for operation in every}):
        raise SpecError(
            f"{spec.name}: no operation {', '.join(unknown)}; there are: {', '.join(each.id for each in every)}."
        )
    use = None if exchanges is None else _Use.of(spec, exchanges)
    chosen = [each for each in every if (not names or each.id in names) and (use is None or each.path in use.statuses)]
    if not chosen:
        raise SpecError(f"{spec.name}: the traffic has none of these operations, so there is nothing to lock.")
    kept: dict[str, Any] = {"openapi": spec.value["openapi"]}
    kept["info"] = {key: spec.value.get("info", {}).get(key, "") for key in ("title", "version")}
    for key in ("servers", "security"):
        if key in spec.value:
            kept[key] = _bare(spec, (key,), use)
    kept["paths"] = {}
    for operation in chosen:
        entry = kept["paths"].setdefault(operation.url, {})
        entry[operation.method.lower()] = _operation(spec, operation, use)
    kept["components"] = _components(spec, kept, use)
    return kept


def write_lock(value: Mapping[str, Any]) -> str:
    """The text of a lock: sorted YAML, lists and small mappings on one line."""
    return HEADER + yaml.dump(
        value, Dumper=_Dumper, sort_keys=True, default_flow_style=None, width=140, allow_unicode=True
    )


def read_lock(name: str, read: Read = read_text) -> Spec:
    """A lock as a document that can be compared."""
    file = read_file(name, read)
    if not isinstance(file.value, dict):
        raise SpecError(f"{name}:1: not a contract.lock; `tollhouse spec lock` writes one.")
    return from_value(file.value, name)


class _Use:
    """What traffic touched: properties by their places, and statuses and parameters by operation."""

    def __init__(self) -> None:
        self.properties: set[Path] = set()
        self.statuses: dict[Path, set[str]] = {}
        self.parameters: set[tuple[Path, str]] = set()

    @classmethod
    def of(cls, spec: Spec, exchanges: Iterable[Exchange]) -> "_Use":
        use = cls()
        for exchange in exchanges:
            operation = matching(spec, exchange.method, exchange.url)
            if operation is None:
                continue
            status = answer_status(operation, str(exchange.status))
            use.statuses.setdefault(operation.path, set()).update({status} if status else ())
            use.parameters.update((operation.path, name) for name in (*exchange.query, *exchange.headers))
            use._add(spec, request_schema(spec, operation), [exchange.request])
            use._add(
                spec, response_schema(spec, operation, str(exchange.status), exchange.media_type), exchange.answers
            )
        return use

    def _add(self, spec: Spec, schema: Any, values: Iterable[Any]) -> None:
        for value in values:
            for _, places in used(spec, schema, value):
                self.properties.update(places or ())

    def has(self, path: Path) -> bool:
        """Whether a part is kept: everything is, but properties that the traffic does not have."""
        is_property = len(path) > 1 and path[-2] == "properties" and path[-3:-2] != ("properties",)
        return not is_property or path in self.properties


def _operation(spec: Spec, operation: Operation, use: _Use | None) -> dict[str, Any]:
    kept: dict[str, Any] = _bare(spec, operation.path, use, skip=("parameters", "responses"))
    parameters = [
        _bare(spec, each.path, use)
        for each in operation.parameters
        if use is None
        or each.required
        or (operation.path, each.name.lower() if each.where == "header" else each.name) in use.parameters
    ]
    if parameters:
        kept["parameters"] = parameters
    statuses = operation.answers if use is None else use.statuses[operation.path]
    kept["responses"] = {
        status: _bare(spec, (*operation.path, "responses", status), use) for status in sorted(statuses)
    }
    return kept


def _components(spec: Spec, kept: dict[str, Any], use: _Use | None) -> dict[str, Any]:
    """What the kept parts refer to, directly or not, and the security schemes."""
    found: dict[str, dict[str, Any]] = {}
    todo = _references(kept)
    while todo:
        path = spec.target(todo.pop())
        section, name = str(path[1]), str(path[2])
        if name not in found.setdefault(section, {}):
            found[section][name] = _bare(spec, path, use)
            todo += _references(found[section][name])
    if schemes := (spec.value.get("components") or {}).get("securitySchemes"):
        found["securitySchemes"] = {name: _bare(spec, ("components", "securitySchemes", name), use) for name in schemes}
    return found


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [reference for item in value for reference in _references(item)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return own + [reference for item in value.values() for reference in _references(item)]


def _bare(spec: Spec, path: Path, use: _Use | None, skip: Collection[str] = ()) -> Any:
    """A part without prose and, where traffic says what is used, without the properties that are not."""
    value = spec.at(path)
    if isinstance(value, list):
        return [_bare(spec, (*path, index), use) for index in range(len(value))]
    if not isinstance(value, dict):
        return value
    names_are_free = bool(path) and path[-1] in _NAMES and path[-2:-1] not in (("properties",), ("headers",))
    kept = {
        key: _bare(spec, (*path, key), use)
        for key in value
        if (names_are_free or key not in _PROSE) and key not in skip and (use is None or use.has((*path, key)))
    }
    if use is not None and isinstance(kept.get("required"), list):
        properties = value.get("properties") or {}
        kept["required"] = [
            name for name in kept["required"] if name not in properties or use.has((*path, "properties", name))
        ]
    return {key: sorted(part) if key == "required" and isinstance(part, list) else part for key, part in kept.items()}


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True

"""The documents as the running gateway uses them, each compiled once in a process: Connexion's form of it, and its checks.

It takes tenths of a second, and neither the listener nor a reload changes what comes of it.
"""

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from connexion.spec import OpenAPISpecification

from tollhouse.contract.documents import load_document, operations
from tollhouse.contract.incoming import JSON
from tollhouse.contract.schemas import Check, compile_check
from tollhouse.errors import InvalidRequest


class Shipped(OpenAPISpecification):  # type: ignore[misc]  # Connexion publishes no types
    """A document without references. Whether it is valid is a question for tests: they ask it of every one that we ship."""

    @classmethod
    def _validate_spec(cls, spec: Mapping[str, Any]) -> None:
        """Connexion 3.3 walks every schema in Python at every start, which takes longer than all the rest of compiling."""


class Mounted(OpenAPISpecification):  # type: ignore[misc]  # Connexion publishes no types
    """A document below one base path. Connexion writes that into it; everything else is shared, and nobody changes it."""

    def __init__(self, name: str) -> None:
        whole = _specification(name)
        self._raw_spec, self._spec, self._base_uri = {**whole.raw}, {**whole.spec}, ""


class Parameter:
    """One path or query parameter of an operation."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        self.name: str = definition["name"]
        self.location: str = definition["in"]
        self.required: bool = definition.get("required", False)
        schema = definition["schema"]
        self.default: Any = schema.get("default")
        self._convert = CONVERTERS[schema.get("type", "string")]
        self._check = compile_check(schema, f"{self.location} parameter {self.name}")

    def read(self, text: str) -> Any:
        try:
            value = self._convert(text)
        except ValueError as error:
            raise InvalidRequest(
                f"The {self.location} parameter {self.name} is not valid: {error}.", param=self.name
            ) from error
        self._check(value)
        return value


@dataclass(frozen=True, slots=True)
class Checks:
    """What an operation asks of its requests."""

    parameters: tuple[Parameter, ...]
    takes_body: bool
    body_required: bool
    body: Check | None


@functools.cache  # as many as there are documents
def checks_of(document: str) -> Mapping[str, Checks]:
    """The checks of a document's operations, by operationId."""
    spec = _specification(document).spec
    return MappingProxyType(
        {
            operation["operationId"]: _checks(operation, spec["paths"][path].get("parameters", ()))
            for _, path, operation in operations(spec)
        }
    )


def _checks(operation: Mapping[str, Any], of_path: Any) -> Checks:
    body = operation.get("requestBody")
    schema = body["content"][JSON]["schema"] if body else None
    return Checks(
        parameters=tuple(Parameter(each) for each in (*operation.get("parameters", ()), *of_path)),
        takes_body=bool(body),
        body_required=bool(body and body.get("required")),
        body=compile_check(schema, "request body") if schema else None,
    )


@functools.cache
def _specification(name: str) -> Shipped:
    return Shipped(load_document(name))


def _integer(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise ValueError(f"{text[:40]!r} is not an integer")
    return int(text)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text[:40]!r} is neither true nor false")
    return text == "true"


CONVERTERS: Mapping[str, Callable[[str], Any]] = {"string": str, "integer": _integer, "boolean": _boolean}

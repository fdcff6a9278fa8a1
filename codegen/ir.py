"""The contract as typed values: what reading produces and rendering prints.

Nothing here knows OpenAPI's spelling or the target language; names are legal in both before they get here.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

ScalarName: TypeAlias = Literal["string", "integer", "number", "boolean", "null", "anything"]
Location: TypeAlias = Literal["path", "query"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value without parts; `anything` is a value that no schema describes."""

    name: ScalarName


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the listed values."""

    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """An array of any length."""

    item: "Type"


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object whose keys nobody knows beforehand."""

    value: "Type"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of several types, in the document's order; a nullable type ends with the scalar `null`."""

    options: tuple["Type", ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A record or an alias, by its name."""

    name: str


Type: TypeAlias = Scalar | Choice | ListOf | MapOf | AnyOf | Named


@dataclass(frozen=True, slots=True)
class Field:
    """A property of a record, under its name on the wire."""

    name: str
    type: Type
    required: bool
    description: str
    deprecated: bool


@dataclass(frozen=True, slots=True)
class Record:
    """An object with described properties; an open one may have others too."""

    name: str
    description: str
    fields: tuple[Field, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Alias:
    """A named type that is not a record."""

    name: str
    description: str
    type: Type


Schema: TypeAlias = Record | Alias


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter in the path or the query: `name` on the wire, `argument` in code."""

    name: str
    argument: str
    location: Location
    type: Type
    required: bool
    default: Any
    description: str


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries, always as JSON and always required."""

    type: Type
    description: str


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: its status, and a type for each media type it may come in."""

    status: int
    description: str
    content: tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `event` is the type of a stream's events, where it can stream; no security means public."""

    operation_id: str
    document: str
    tag: str
    method: str
    path: str
    summary: str
    description: str
    billing: str
    kind: str | None
    dialect: str | None
    security: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    body: Body | None
    responses: tuple[Response, ...]
    event: Type | None

    @property
    def streams(self) -> bool:
        """Whether the answer can be a stream of events."""
        return self.event is not None


@dataclass(frozen=True, slots=True)
class Document:
    """One document: a surface that `routes.yaml` can mount."""

    name: str
    title: str
    description: str
    version: str
    dialect: str | None
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """Everything: the documents by name, and their schemas, each after those it uses."""

    documents: tuple[Document, ...]
    schemas: tuple[Schema, ...]

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations of all documents, by operation id."""
        every = (operation for document in self.documents for operation in document.operations)
        return tuple(sorted(every, key=lambda operation: operation.operation_id))


def names_in(type_: Type) -> frozenset[str]:
    """The names of the records and aliases that a type mentions."""
    match type_:
        case Named(name):
            return frozenset({name})
        case ListOf(part) | MapOf(part):
            return names_in(part)
        case AnyOf(options):
            return frozenset().union(*(names_in(option) for option in options))
        case Scalar() | Choice():
            return frozenset()

"""The contract as typed values: what reading produces and rendering prints.

Nothing here knows OpenAPI's spelling or the target language; names are legal in both before they get here.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

ScalarName: TypeAlias = Literal["string", "integer", "number", "boolean", "null", "anything", "binary"]
Location: TypeAlias = Literal["path", "query", "header"]
SchemeKind: TypeAlias = Literal["bearer", "basic", "header", "query", "cookie"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value without parts; `anything` is a value that no schema describes, `binary` is bytes that are no text."""

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
    """A parameter in the path, the query or a header: `name` on the wire, `argument` in code.

    The items of a list in the query are values of their own, or one value with commas between them where it is `joined`.
    """

    name: str
    argument: str
    location: Location
    type: Type
    required: bool
    default: Any
    description: str
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries. The gateway's own documents know only JSON that is required."""

    type: Type
    description: str
    media_type: str = "application/json"
    required: bool = True


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: its status, and a type for each media type it may come in."""

    status: int
    description: str
    content: tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class Paging:
    """How the pages of a list follow each other, by properties of the answer: `x-sdk-pagination`.

    `parameter` is the argument that takes what `next` says; the last page says null, or false in `more`.
    """

    items: str
    next: str
    parameter: str
    more: str | None
    item: Type


@dataclass(frozen=True, slots=True)
class Streaming:
    """How an answer streams: `x-sdk-stream`. Without a `parameter` it always does; without an `end` the answer's end is the stream's."""

    parameter: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class Scheme:
    """A security scheme: where the credential goes (`parameter` names the header, query parameter or cookie), and the option that holds it."""

    name: str
    kind: SchemeKind
    parameter: str
    option: str
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `event` is the type of a stream's events, where it can stream; no security means public.

    `skipped` by the client libraries: what a program does not call, such as pages and health checks of others.
    """

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
    streaming: Streaming | None = None
    paging: Paging | None = None
    deprecated: bool = False
    skipped: bool = False

    @property
    def streams(self) -> bool:
        """Whether the answer can be a stream of events."""
        return self.event is not None


@dataclass(frozen=True, slots=True)
class Document:
    """One document: a surface that `routes.yaml` can mount. `server` is where it usually is: a path, or a whole URL."""

    name: str
    title: str
    description: str
    version: str
    dialect: str | None
    operations: tuple[Operation, ...]
    server: str = ""
    schemes: tuple[Scheme, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()


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


def names_of(schema: Schema) -> frozenset[str]:
    """The names of the records and aliases that a schema mentions."""
    if isinstance(schema, Alias):
        return names_in(schema.type)
    return frozenset[str]().union(*(names_in(field.type) for field in schema.fields))

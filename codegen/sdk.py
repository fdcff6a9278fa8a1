"""A client library as typed values, in no language yet: what is decided once for all of them.

`plan` takes the contract apart by tags: a resource for each tag, a method for each operation, an argument for each parameter and each
property of the body. Names of arguments are legal in Python and in TypeScript; a language may use `wire` names instead where it likes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

from codegen.ir import (
    Alias,
    AnyOf,
    Contract,
    Document,
    Named,
    Operation,
    Paging,
    Parameter,
    Record,
    Scalar,
    Schema,
    Scheme,
    Streaming,
    Type,
    names_in,
    names_of,
)
from codegen.names import legal_name, legal_type
from codegen.package import Package
from codegen.read import ContractError

# What every method takes besides the arguments of its operation.
OPTIONS = ("extra_body", "extra_headers", "extra_query", "max_retries", "timeout")
# What a client has besides its resources.
_TAKEN_RESOURCES = frozenset({"aclose", "close", "resources", "types"})
_TAKEN_METHODS = frozenset({"with_raw_response"})
# What the modules of resources and clients import.
_TAKEN_CLASSES = frozenset(
    {"Any", "Literal", "Mapping", "MappingProxyType", "Scheme", "Self", "TracebackType", "Unpack"}
)
_TAKEN_CLASSES |= frozenset({"CallOptions", "Page", "RawResponse", "Stream", "Transport"})
_JSON = "application/json"
_EVENTS = "text/event-stream"

Place: TypeAlias = Literal["path", "query", "header", "body", "content"]


@dataclass(frozen=True, slots=True)
class Argument:
    """What a method takes by name. `content` is a whole body; `body` is a property of one, `wire` its name there."""

    name: str
    wire: str
    place: Place
    type: Type
    required: bool
    default: Any
    description: str
    deprecated: bool
    joined: bool


@dataclass(frozen=True, slots=True)
class Method:
    """An operation as a method: where it goes, what it takes, and what it gives.

    `result` is the type of an answer that does not stream; None where every answer does. `event` is that of a stream's events.
    """

    operation: Operation
    name: str
    path: str
    arguments: tuple[Argument, ...]
    result: Type | None
    event: Type | None
    streaming: Streaming | None
    paging: Paging | None
    security: tuple[str, ...]

    @property
    def switch(self) -> Argument | None:
        """The argument that says whether the answer streams, where there is one."""
        wanted = self.streaming.parameter if self.streaming else None
        return next((each for each in self.arguments if each.place == "body" and each.wire == wanted), None)


@dataclass(frozen=True, slots=True)
class Resource:
    """The methods of one tag."""

    name: str
    class_name: str
    description: str
    methods: tuple[Method, ...]


@dataclass(frozen=True, slots=True)
class Credential:
    """An option of the client that holds a credential, and its environment variable."""

    option: str
    variable: str
    description: str


@dataclass(frozen=True, slots=True)
class Sdk:
    """A whole client library. `schemes` are those that some method uses; `schemas` come after those they use, unless in a circle."""

    package: Package
    resources: tuple[Resource, ...]
    credentials: tuple[Credential, ...]
    schemes: tuple[Scheme, ...]
    schemas: tuple[Schema, ...]

    @property
    def methods(self) -> tuple[Method, ...]:
        """The methods of all resources, by name."""
        every = (method for resource in self.resources for method in resource.methods)
        return tuple(sorted(every, key=lambda method: method.name))


def plan(contract: Contract, package: Package) -> Sdk:
    """The client library of a contract. Raises ContractError where two documents mean different schemes by one name."""
    tags = {name: text for document in contract.documents for name, text in document.tags}
    by_tag: dict[str, list[Method]] = {}
    for document in contract.documents:
        for operation in document.operations:
            if not operation.skipped:
                by_tag.setdefault(operation.tag, []).append(_method(operation, document, contract, package))
    resources = tuple(
        Resource(
            name=legal_name(tag, _TAKEN_RESOURCES),
            class_name=_class_name(tag, package),
            description=tags.get(tag, ""),
            methods=tuple(sorted(methods, key=lambda method: method.name)),
        )
        for tag, methods in sorted(by_tag.items())
    )
    methods = [method for resource in resources for method in resource.methods]
    schemes = tuple(_schemes(contract, methods))
    return Sdk(package, resources, tuple(_credentials(schemes, package)), schemes, tuple(_used(contract, methods)))


def _class_name(tag: str, package: Package) -> str:
    name = legal_type(tag)
    return f"{name}Resource" if name in _TAKEN_CLASSES | {package.client} else name


def _method(operation: Operation, document: Document, contract: Contract, package: Package) -> Method:
    streaming = operation.streaming
    return Method(
        operation=operation,
        name=legal_name(operation.operation_id, _TAKEN_METHODS),
        path=_mount(document, package) + operation.path,
        arguments=tuple(_arguments(operation, contract)),
        result=None if streaming and streaming.parameter is None else _result(operation),
        event=operation.event,
        streaming=streaming,
        paging=operation.paging,
        security=operation.security,
    )


def _mount(document: Document, package: Package) -> str:
    """The path of a document's server, as far as the client's base URL does not end in it already."""
    return urlsplit(document.server).path.rstrip("/").removeprefix(urlsplit(package.base_url).path)


def _arguments(operation: Operation, contract: Contract) -> Iterator[Argument]:
    """Parameters, then the body: its properties one by one where it is an object, and `body` where it is anything else."""
    taken = {*OPTIONS, "self"}
    for parameter in operation.parameters:
        argument = _parameter(parameter, taken)
        taken.add(argument.name)
        yield argument
    body = operation.body
    if body is None:
        return
    record, parameters = _record(contract, body.type), taken - {*OPTIONS, "self"}
    if record is None or body.media_type in ("text/plain", "application/octet-stream"):
        name = legal_name("body", taken)
        yield Argument(name, "", "content", body.type, body.required, None, body.description, False, False)
        return
    for field in record.fields:
        name = legal_name(field.name)
        name = legal_name(f"body_{name}" if name in parameters else name, taken)
        taken.add(name)
        required = field.required and body.required
        yield Argument(name, field.name, "body", field.type, required, None, field.description, field.deprecated, False)


def _parameter(parameter: Parameter, taken: set[str]) -> Argument:
    return Argument(
        name=legal_name(parameter.argument, taken),
        wire=parameter.name,
        place=parameter.location,
        type=parameter.type,
        required=parameter.required,
        default=parameter.default,
        description=parameter.description,
        deprecated=False,
        joined=parameter.joined,
    )


def _result(operation: Operation) -> Type:
    """What the answers without errors hold: JSON as it is described, any other text as a string, the rest as bytes."""
    options: list[Type] = []
    for response in operation.responses:
        if 200 <= response.status < 300:
            options.extend(_content(media, type_) for media, type_ in response.content if media != _EVENTS)
            if not response.content:
                options.append(Scalar("null"))
    unique = tuple(dict.fromkeys(options))
    if not unique:
        return Scalar("anything")
    return unique[0] if len(unique) == 1 else AnyOf(unique)


def _content(media_type: str, type_: Type) -> Type:
    if media_type == _JSON or media_type.endswith("+json"):
        return type_
    return Scalar("string") if media_type.startswith("text/") else Scalar("binary")


def _record(contract: Contract, type_: Type) -> Record | None:
    """The record behind a type, if it is one and nothing else."""
    by_name = {schema.name: schema for schema in contract.schemas}
    while isinstance(type_, Named):
        schema = by_name.get(type_.name)
        if not isinstance(schema, Alias):
            return schema
        type_ = schema.type
    return None


def _schemes(contract: Contract, methods: Iterable[Method]) -> Iterator[Scheme]:
    wanted = {scheme for method in methods for scheme in method.security}
    found: dict[str, Scheme] = {}
    for scheme in (scheme for document in contract.documents for scheme in document.schemes):
        if found.setdefault(scheme.name, scheme) != scheme:
            raise ContractError(f"security scheme {scheme.name} means different things in different documents")
    return (scheme for name, scheme in sorted(found.items()) if name in wanted)


def _credentials(schemes: Iterable[Scheme], package: Package) -> Iterator[Credential]:
    by_option: dict[str, Scheme] = {}
    for scheme in sorted(schemes, key=lambda scheme: scheme.kind != "bearer"):
        by_option.setdefault(scheme.option, scheme)
    for option, scheme in sorted(by_option.items()):
        yield Credential(option, f"{package.environment}_{option.upper()}", scheme.description)


def _used(contract: Contract, methods: Iterable[Method]) -> Iterator[Schema]:
    """The schemas that methods mention, and those that these mention."""
    by_name = {schema.name: schema for schema in contract.schemas}
    waiting = {name for method in methods for name in _mentioned(method)}
    wanted: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in wanted and name in by_name:
            wanted.add(name)
            waiting |= names_of(by_name[name])
    return (schema for schema in contract.schemas if schema.name in wanted)


def _mentioned(method: Method) -> frozenset[str]:
    types = [argument.type for argument in method.arguments]
    types += [type_ for type_ in (method.result, method.event) if type_ is not None]
    types += [method.paging.item] if method.paging else []
    body = method.operation.body
    types += [body.type] if body else []
    return frozenset[str]().union(*(names_in(type_) for type_ in types))

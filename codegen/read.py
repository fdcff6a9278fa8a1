"""Documents in, the typed contract out, or every complaint at once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from codegen.ir import Body, Contract, Document, Operation, Parameter, Response, Type
from codegen.names import is_legal_argument, is_legal_function, pascal_case, snake_case
from codegen.schemas import SchemaReader
from tollhouse.contract.documents import DocumentedOperation, document_names, load_document, operations

BILLINGS = ("metered", "free", "none")
DIALECTS = ("openai", "anthropic", "responses")
KINDS = ("chat", "completion", "response", "embedding", "moderation", "message", "count_tokens", "passed")
_JSON = "application/json"
_EVENTS = "text/event-stream"
_ANYTHING = "*/*"  # a body that passes whatever it is


class ContractError(ValueError):
    """The documents cannot be generated from. The message has a line for each reason: document, method and path, what to do."""


def read(directory: Path | str) -> Contract:
    """The contract in the documents of a folder. Raises ContractError."""
    folder = Path(directory).resolve()
    problems: list[str] = []
    schemas = SchemaReader()
    documents = tuple(
        _read_document(name, load_document(name, folder), schemas, problems) for name in document_names(folder)
    )
    contract = Contract(documents, schemas.ordered(problems.append))
    problems.extend(_clashes(contract))
    if problems:
        raise ContractError("\n".join(problems))
    return contract


def _read_document(name: str, source: Mapping[str, Any], schemas: SchemaReader, problems: list[str]) -> Document:
    def report(problem: str) -> None:
        problems.append(f"{name}: {problem}")

    dialect = source.get("x-dialect")
    if not is_legal_function(name):
        report("the document's name must be in snake_case")
    if dialect not in (None, *DIALECTS):
        report(f"x-dialect must be one of {', '.join(DIALECTS)}")
    schemas.read_components(source.get("components", {}).get("schemas", {}), report)
    return Document(
        name=name,
        title=source["info"]["title"],
        description=source["info"].get("description", ""),
        version=source["info"]["version"],
        dialect=dialect,
        operations=tuple(
            _OperationReader(name, source, entry, schemas, problems).operation(dialect) for entry in operations(source)
        ),
    )


def _clashes(contract: Contract) -> Iterator[str]:
    """Names that would be one and the same in the generated modules."""
    count = Counter(operation.operation_id for operation in contract.operations)
    tags = {operation.tag for operation in contract.operations}
    for operation in contract.operations:
        place = f"{operation.document}: {operation.method} {operation.path}"
        if count[operation.operation_id] > 1:
            yield f"{place}: operationId {operation.operation_id} is used {count[operation.operation_id]} times"
        if operation.operation_id in tags:
            yield f"{place}: operationId {operation.operation_id} is also a tag; say what the operation does"
        for argument, times in Counter(parameter.argument for parameter in operation.parameters).items():
            if times > 1:
                yield f"{place}: several parameters become the argument {argument}; rename one with x-argument"


class _OperationReader:
    """The reading of one operation, with the place that its complaints name."""

    def __init__(
        self,
        document: str,
        source: Mapping[str, Any],
        entry: DocumentedOperation,
        schemas: SchemaReader,
        problems: list[str],
    ) -> None:
        self._document = document
        self._components = source.get("components", {})
        self._shared_parameters = source["paths"][entry.path].get("parameters", ())
        self._method, self._path, self._source = entry
        self._schemas = schemas
        self._problems = problems

    def operation(self, dialect: str | None) -> Operation:
        source = self._source
        operation_id = self._operation_id()
        responses = self._responses(pascal_case(operation_id))
        billing = self._one_of("x-billing", BILLINGS, "every operation says what it costs") or "none"
        return Operation(
            operation_id=operation_id,
            document=self._document,
            tag=self._tag(),
            method=self._method,
            path=self._path,
            summary=source.get("summary", ""),
            description=source.get("description", ""),
            billing=billing,
            kind=self._kind(billing),
            dialect=self._dialect(dialect),
            security=self._security(),
            parameters=tuple(
                self._parameter(each) for each in (*self._shared_parameters, *source.get("parameters", ()))
            ),
            body=self._body(pascal_case(operation_id)),
            responses=responses,
            event=self._event(responses),
        )

    def _report(self, problem: str) -> None:
        self._problems.append(f"{self._document}: {self._method} {self._path}: {problem}")

    def _operation_id(self) -> str:
        operation_id = self._source.get("operationId")
        if operation_id is None:
            self._report("operationId is missing; it names the endpoint function, such as create_chat_completion")
        elif not is_legal_function(operation_id):
            self._report(f"operationId {operation_id!r} must be in snake_case and no Python keyword")
        return operation_id or f"unnamed_{self._method.lower()}"

    def _tag(self) -> str:
        tags = self._source.get("tags", ())
        if len(tags) != 1:
            self._report(f"needs exactly one tag, the file of its endpoint; it has {len(tags)}")
        elif not is_legal_function(tags[0]):
            self._report(f"tag {tags[0]!r} must be in snake_case and no Python keyword")
        return tags[0] if tags else ""

    def _one_of(self, key: str, accepted: tuple[str, ...], why: str) -> str | None:
        value: str | None = self._source.get(key)
        if value not in accepted:
            wrong = "is missing" if value is None else f"cannot be {value!r}"
            self._report(f"{key} {wrong}; {why}: one of {', '.join(accepted)}")
            return None
        return value

    def _kind(self, billing: str) -> str | None:
        if billing == "none" and "x-kind" not in self._source:
            return None
        return self._one_of("x-kind", KINDS, "what is metered or free says what it is")

    def _dialect(self, dialect: str | None) -> str | None:
        """The document's dialect, unless the operation has one of its own."""
        if "x-dialect" not in self._source:
            return dialect
        return self._one_of("x-dialect", DIALECTS, "the wire format of this one operation")

    def _security(self) -> tuple[str, ...]:
        alternatives = self._source.get("security")
        if alternatives is None:
            self._report("security is missing; name the schemes, or write [] for a public operation")
            return ()
        schemes = tuple(scheme for alternative in alternatives for scheme in alternative)
        if any(len(alternative) != 1 for alternative in alternatives):
            self._report("security must be alternatives of one scheme each")
        for scheme in schemes:
            if scheme not in self._components.get("securitySchemes", {}):
                self._report(f"security scheme {scheme!r} is not among the components")
        return schemes

    def _parameter(self, source: Mapping[str, Any]) -> Parameter:
        source = self._resolved(source)
        name, schema = source["name"], source.get("schema", {})
        argument = source.get("x-argument", snake_case(name))
        if source["in"] not in ("path", "query"):
            self._report(
                f"parameter {name!r} is in the {source['in']}; describe headers in words, endpoints see no HTTP"
            )
        if not is_legal_argument(argument):
            self._report(f"parameter {name!r} cannot be the argument {argument!r}; give it another one with x-argument")
        return Parameter(
            name=name,
            argument=argument,
            location=source["in"],
            type=self._type(schema, argument),
            required=source.get("required", False),
            default=schema.get("default"),
            description=source.get("description", ""),
        )

    def _body(self, name: str) -> Body | None:
        if "requestBody" not in self._source:
            return None
        source = self._resolved(self._source["requestBody"])
        if _ANYTHING in source["content"]:
            return None  # endpoints are not given what no schema describes
        if not source.get("required", False):
            self._report("requestBody must be required: true")
        if list(source["content"]) != [_JSON]:
            self._report(f"requestBody must be {_JSON} and nothing else")
            return None
        return Body(self._type(source["content"][_JSON]["schema"], f"{name}Request"), source.get("description", ""))

    def _responses(self, name: str) -> tuple[Response, ...]:
        responses = []
        for status, source in self._source.get("responses", {}).items():
            if not str(status).isdecimal():
                self._report(f"response {status!r} must be one status, such as 404")
                continue
            source = self._resolved(source)
            content = tuple(
                (
                    media_type,
                    self._type(entry.get("schema", {}), f"{name}Response{'' if int(status) < 400 else status}"),
                )
                for media_type, entry in source.get("content", {}).items()
            )
            responses.append(Response(int(status), source.get("description", ""), content))
        if not any(response.status >= 400 for response in responses):
            self._report("has no error responses; list every error it can answer with")
        return tuple(sorted(responses, key=lambda response: response.status))

    def _event(self, responses: tuple[Response, ...]) -> Type | None:
        events = [type_ for response in responses for media_type, type_ in response.content if media_type == _EVENTS]
        if bool(events) != self._source.get("x-stream", False):
            self._report(f"x-stream: true and a 200 response with {_EVENTS} belong together")
        return events[0] if events else None

    def _type(self, schema: Mapping[str, Any], name: str) -> Type:
        return self._schemas.read_type(schema, name, self._report)

    def _resolved(self, source: Mapping[str, Any]) -> Mapping[str, Any]:
        """The component behind a reference; a bundled document has no others."""
        while "$ref" in source:
            section, name = source["$ref"].rsplit("/", 2)[1:]
            source = self._components[section][name]
        return source

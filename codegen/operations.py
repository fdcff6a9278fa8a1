"""The reading of one operation, with the place that its complaints name."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from codegen import vendor
from codegen.ir import Body, Location, Operation, Paging, Parameter, Response, Type
from codegen.names import is_legal_argument, is_legal_function, legal_name, pascal_case, snake_case
from codegen.places import place_of
from codegen.schemas import SchemaReader
from tollhouse.contract.documents import DocumentedOperation

BILLINGS = ("metered", "free", "none")
DIALECTS = ("openai", "anthropic", "responses")
KINDS = ("chat", "completion", "response", "embedding", "moderation", "message", "count_tokens", "passed")
_JSON = "application/json"
_EVENTS = "text/event-stream"
_ANYTHING = "*/*"  # a body of ours that passes, whatever it is
_BODIES = (
    _JSON,
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "text/plain",
    "application/octet-stream",
)


class OperationReader:
    """Reads one operation. The gateway's own (`house`) have to say more than OpenAPI asks for, and use less of it."""

    def __init__(
        self,
        document: str,
        source: Mapping[str, Any],
        entry: DocumentedOperation,
        schemas: SchemaReader,
        problems: list[str],
        *,
        file: Path,
        house: bool = True,
    ) -> None:
        self._document = document
        self._document_skipped = source.get("x-sdk-skip") is True
        self._document_security = source.get("security", ())
        self._components = source.get("components", {})
        self._shared_parameters = source["paths"][entry.path].get("parameters", ())
        self._method, self._path, self._source = entry
        self._schemas = schemas
        self._problems = problems
        self._file = file
        self._house = house

    def operation(self, dialect: str | None) -> Operation:
        source = self._source
        operation_id = self._operation_id()
        responses = self._responses(pascal_case(operation_id))
        billing = self._billing()
        parameters = tuple(self._parameters())
        body = self._body(pascal_case(operation_id))
        event = self._event(responses)
        record = self._schemas.record(body.type) if body else None
        vendor.check_known(source, vendor.OPERATION_KEYS, self._report)
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
            parameters=parameters,
            body=body,
            responses=responses,
            event=event,
            streaming=vendor.read_streaming(source, event, record, self._report),
            paging=self._paging(responses, parameters),
            deprecated=source.get("deprecated", False),
            skipped=self._document_skipped or vendor.read_skip(source, self._report),
        )

    def _report(self, problem: str, *keys: str) -> None:
        """Complain about the operation, or about a key inside it."""
        place = place_of(self._file, ("paths", self._path, self._method.lower(), *keys))
        self._problems.append(f"{self._document}: {self._method} {self._path}: {problem} ({place})")

    def _operation_id(self) -> str:
        operation_id = self._source.get("operationId")
        if not self._house:
            return legal_name(operation_id or f"{self._method} {self._path}")
        if operation_id is None:
            self._report("operationId is missing; it names the endpoint function, such as create_chat_completion")
        elif not is_legal_function(operation_id):
            self._report(f"operationId {operation_id!r} must be in snake_case and no Python keyword")
        return operation_id or f"unnamed_{self._method.lower()}"

    def _tag(self) -> str:
        tags = self._source.get("tags", ())
        if not self._house:
            return legal_name(tags[0] if tags else "default")
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

    def _billing(self) -> str:
        if not self._house and "x-billing" not in self._source:
            return "none"
        return self._one_of("x-billing", BILLINGS, "every operation says what it costs") or "none"

    def _kind(self, billing: str) -> str | None:
        if "x-kind" not in self._source and (billing == "none" or not self._house):
            return None
        return self._one_of("x-kind", KINDS, "what is metered or free says what it is")

    def _dialect(self, dialect: str | None) -> str | None:
        """The document's dialect, unless the operation has one of its own."""
        if "x-dialect" not in self._source:
            return dialect
        return self._one_of("x-dialect", DIALECTS, "the wire format of this one operation")

    def _security(self) -> tuple[str, ...]:
        alternatives = self._source.get("security", None if self._house else self._document_security)
        if alternatives is None:
            self._report("security is missing; name the schemes, or write [] for a public operation")
            return ()
        if not self._house:
            alternatives = [alternative for alternative in alternatives if alternative]  # {} says that none is needed
        schemes = tuple(scheme for alternative in alternatives for scheme in alternative)
        if any(len(alternative) != 1 for alternative in alternatives):
            self._report("security must be alternatives of one scheme each")
        for scheme in schemes:
            if scheme not in self._components.get("securitySchemes", {}):
                self._report(f"security scheme {scheme!r} is not among the components")
        return schemes

    def _parameters(self) -> Iterator[Parameter]:
        """Those of the path and of the operation, which come first where both have one of the same name and place."""
        own = [self._resolved(each) for each in self._source.get("parameters", ())]
        places = {(each["name"], each["in"]) for each in own}
        shared = [self._resolved(each) for each in self._shared_parameters]
        for each in (*(each for each in shared if (each["name"], each["in"]) not in places), *own):
            if each["in"] == "cookie" and not self._house:
                self._report(f"parameter {each['name']!r} is in a cookie; the clients keep no cookies")
            else:
                yield self._parameter(each)

    def _parameter(self, source: Mapping[str, Any]) -> Parameter:
        name, schema = source["name"], source.get("schema", {})
        argument = source.get("x-argument", snake_case(name) if self._house else legal_name(name))
        if self._house and source["in"] not in ("path", "query"):
            self._report(
                f"parameter {name!r} is in the {source['in']}; describe headers in words, endpoints see no HTTP"
            )
        if self._house and not is_legal_argument(argument):
            self._report(f"parameter {name!r} cannot be the argument {argument!r}; give it another one with x-argument")
        return Parameter(
            name=name,
            argument=argument,
            location=cast(Location, source["in"]),
            type=self._type(schema, argument if self._house else pascal_case(f"{self._operation_id()}_{argument}")),
            required=source.get("required", False),
            default=schema.get("default"),
            description=source.get("description", ""),
            joined=source["in"] == "query" and not source.get("explode", True),
        )

    def _body(self, name: str) -> Body | None:
        if "requestBody" not in self._source:
            return None
        source = self._resolved(self._source["requestBody"])
        if self._house and _ANYTHING in source["content"]:
            return None  # endpoints are not given what no schema describes
        accepted = (_JSON,) if self._house else _BODIES
        if self._house and not source.get("required", False):
            self._report("requestBody must be required: true")
        known = [each for each in accepted if each in source["content"]]
        known += [] if self._house else [each for each in source["content"] if each.endswith("+json")]
        media_type = known[0] if known else None
        if media_type is None or (self._house and list(source["content"]) != [_JSON]):
            self._report(
                f"requestBody must be {_JSON} and nothing else"
                if self._house
                else f"requestBody must be one of {', '.join(_BODIES)}"
            )
            return None
        type_ = self._type(source["content"][media_type].get("schema", {}), f"{name}Request")
        return Body(type_, source.get("description", ""), media_type, source.get("required", False))

    def _responses(self, name: str) -> tuple[Response, ...]:
        responses = []
        for given, source in self._source.get("responses", {}).items():
            status = given if self._house else str(given).upper().replace("XX", "00")
            if not str(status).isdecimal():
                if self._house:
                    self._report(f"response {status!r} must be one status, such as 404")
                continue
            source = self._resolved(source)
            content = tuple(
                (
                    media_type if self._house else media_type.partition(";")[0].strip(),
                    self._type(entry.get("schema", {}), f"{name}Response{'' if int(status) < 400 else status}"),
                )
                for media_type, entry in source.get("content", {}).items()
            )
            responses.append(Response(int(status), source.get("description", ""), content))
        if self._house and not any(response.status >= 400 for response in responses):
            self._report("has no error responses; list every error it can answer with")
        return tuple(sorted(responses, key=lambda response: response.status))

    def _event(self, responses: tuple[Response, ...]) -> Type | None:
        events = [type_ for response in responses for media_type, type_ in response.content if media_type == _EVENTS]
        if self._house and bool(events) != self._source.get("x-stream", False):
            self._report(f"x-stream: true and a 200 response with {_EVENTS} belong together")
        return events[0] if events else None

    def _paging(self, responses: tuple[Response, ...], parameters: tuple[Parameter, ...]) -> Paging | None:
        answers = [
            type_
            for response in responses
            if response.status == 200
            for media, type_ in response.content
            if media == _JSON
        ]
        record = self._schemas.record(answers[0]) if answers else None
        return vendor.read_paging(self._source, record, parameters, self._report)

    def _type(self, schema: Mapping[str, Any], name: str) -> Type:
        return self._schemas.read_type(schema, name, self._report)

    def _resolved(self, source: Mapping[str, Any]) -> Mapping[str, Any]:
        """The component behind a reference; a bundled document has no others."""
        while "$ref" in source:
            section, name = source["$ref"].rsplit("/", 2)[1:]
            source = self._components[section][name]
        return source

"""Validation: parameters and bodies against the documents, compiled once per operation.

The body is read once with a limit, parsed once, checked by jsonschema-rs and handed down as one value.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from connexion.middleware.abstract import RoutedAPI
from connexion.operations import AbstractOperation
from starlette.types import ASGIApp

from tollhouse.contract.compiled import checks_of
from tollhouse.contract.edge import STATE
from tollhouse.contract.incoming import ClientGone, check_media_type, read_body
from tollhouse.contract.json_body import parse
from tollhouse.contract.passing import PassingOperation
from tollhouse.contract.responding import Receive, Scope, Send
from tollhouse.contract.routing import Operations
from tollhouse.endpoints.context import Request, Services
from tollhouse.errors import InvalidRequest
from tollhouse.generated.operations import OPERATIONS


class ValidationOperation:
    """Validates the requests of one operation and hands on."""

    def __init__(self, next_app: ASGIApp, operation: AbstractOperation) -> None:
        self.next_app = next_app
        checks = checks_of(OPERATIONS[operation.operation_id].document)[operation.operation_id]
        self._parameters = checks.parameters
        self._takes_body = checks.takes_body
        self._body_required = checks.body_required
        self._check = checks.body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request: Request = scope[STATE]
        if self._parameters:
            request.arguments = self._arguments(scope)
        if self._takes_body:
            check_media_type(request.headers.get(b"content-type"))
            try:
                raw = await read_body(receive, request)
            except ClientGone:
                return
            if raw or self._body_required:
                request.body = self._validated(raw, request)
        await self.next_app(scope, receive, send)

    def _validated(self, raw: bytes, request: Request) -> Any:
        if not raw:
            raise InvalidRequest("The request body is empty; this operation needs a JSON object.")
        body = parse(raw, request.config.routes.limits.json_depth)
        if self._check is not None:
            self._check(body)
        return body

    def _arguments(self, scope: Scope) -> dict[str, Any]:
        """Path and query parameters by name, converted and checked; unknown ones are ignored."""
        query: Mapping[str, str] = {}
        if scope["query_string"]:
            query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        given = {"path": scope.get("path_params", {}), "query": query}
        arguments = {}
        for parameter in self._parameters:
            value = given[parameter.location].get(parameter.name)
            if value is not None:
                arguments[parameter.name] = parameter.read(str(value))
            elif parameter.required:
                raise InvalidRequest(
                    f"The {parameter.location} parameter {parameter.name} is missing.", param=parameter.name
                )
            elif parameter.default is not None:
                arguments[parameter.name] = parameter.default
        return arguments


class ValidationAPI(RoutedAPI[ValidationOperation | PassingOperation]):  # type: ignore[misc]  # Connexion publishes no types
    def __init__(self, *arguments: Any, services: Services | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._services = services
        self.add_paths()

    def make_operation(self, operation: AbstractOperation) -> ValidationOperation | PassingOperation:
        if OPERATIONS[operation.operation_id].document == "provider":
            assert self._services is not None, "what passes is checked as the operation that it is"
            return PassingOperation(self.next_app, operation, self._services.check_body)
        return ValidationOperation(self.next_app, operation)


class Validation(Operations):
    api_cls = ValidationAPI

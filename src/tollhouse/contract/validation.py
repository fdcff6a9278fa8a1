"""Validation: parameters and bodies against the documents, compiled once per operation.

The body is read once with a limit, parsed once, checked by jsonschema-rs and handed down as one value.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from connexion.middleware.abstract import RoutedAPI, RoutedMiddleware
from connexion.operations import AbstractOperation
from starlette.types import ASGIApp

from tollhouse.config.snapshot import Limits
from tollhouse.contract.edge import STATE
from tollhouse.contract.json_body import parse
from tollhouse.contract.responding import Receive, Scope, Send
from tollhouse.contract.schemas import Check, compile_check
from tollhouse.endpoints.context import Request
from tollhouse.errors import InvalidRequest, RequestTimeout, RequestTooLarge, UnsupportedMediaType

JSON = "application/json"


class ClientGone(Exception):
    """The client closed the connection before its body was complete; there is nobody to answer."""


class ValidationOperation:
    """Validates the requests of one operation and hands on."""

    def __init__(self, next_app: ASGIApp, operation: AbstractOperation) -> None:
        self.next_app = next_app
        self._parameters = [Parameter(definition) for definition in operation.parameters]
        body = operation.request_body
        self._takes_body = bool(body)
        self._body_required = bool(body.get("required")) if body else False
        schema = body["content"][JSON]["schema"] if body else None
        self._check: Check | None = compile_check(schema, "request body") if schema else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request: Request = scope[STATE]
        if self._parameters:
            request.arguments = self._arguments(scope)
        if self._takes_body:
            _check_media_type(request.headers.get(b"content-type"))
            try:
                raw = await _read(receive, request)
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


def _integer(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise ValueError(f"{text[:40]!r} is not an integer")
    return int(text)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text[:40]!r} is neither true nor false")
    return text == "true"


CONVERTERS: Mapping[str, Callable[[str], Any]] = {"string": str, "integer": _integer, "boolean": _boolean}


def _check_media_type(content_type: bytes | None) -> None:
    """JSON, whatever its parameters; a missing type on a JSON operation means JSON (WIRE.md 4)."""
    if content_type is None or content_type == b"application/json":
        return
    media_type = content_type.split(b";", 1)[0].strip().lower()
    if media_type != b"application/json":
        raise UnsupportedMediaType(
            f"Content-Type is {media_type.decode('latin-1')[:100] or 'empty'}; this operation takes application/json."
        )


async def _read(receive: Receive, request: Request) -> bytes:
    """The whole body, within the limits of size and time; chunked bodies need no Content-Length.

    The first `receive` has what came with the headers and does not wait (`http_protocol`), so most requests need no timer.
    """
    limits = request.config.routes.limits
    length = request.headers.get(b"content-length")
    if length is not None and int(length) > limits.body_bytes:
        raise _too_large(limits.body_bytes)
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    body: bytes = message["body"]
    if message["more_body"]:
        body = await _rest(receive, body, limits)
    if len(body) > limits.body_bytes:
        raise _too_large(limits.body_bytes)
    return body


async def _rest(receive: Receive, first: bytes, limits: Limits) -> bytes:
    parts, total, more = [first], len(first), True
    try:
        async with asyncio.timeout(limits.body_timeout_s):
            while more and total <= limits.body_bytes:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                parts.append(message["body"])
                total += len(parts[-1])
                more = message["more_body"]
    except TimeoutError as error:
        raise RequestTimeout(
            f"The request body was not complete after {limits.body_timeout_s:g} s.", headers={"connection": "close"}
        ) from error
    return b"".join(parts)


def _too_large(bytes_max: int) -> RequestTooLarge:
    return RequestTooLarge(f"The request body is larger than {bytes_max} bytes.")


class ValidationAPI(RoutedAPI[ValidationOperation]):  # type: ignore[misc]  # Connexion publishes no types
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.add_paths()

    def make_operation(self, operation: AbstractOperation) -> ValidationOperation:
        return ValidationOperation(self.next_app, operation)


class Validation(RoutedMiddleware[ValidationAPI]):  # type: ignore[misc]  # Connexion publishes no types
    api_cls = ValidationAPI

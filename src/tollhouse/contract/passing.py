"""Validation of calls below a provider: what the contract knows as it checks it anywhere, the rest as far as its price needs."""

from collections.abc import Callable
from typing import Any

import orjson
from connexion.operations import AbstractOperation
from starlette.types import ASGIApp

from tollhouse import multipart
from tollhouse.contract.edge import STATE
from tollhouse.contract.incoming import JSON, ClientGone, check_media_type, read_body
from tollhouse.contract.json_body import parse
from tollhouse.contract.responding import Receive, Scope, Send
from tollhouse.endpoints.context import Request
from tollhouse.errors import InvalidRequest
from tollhouse.generated.operations import OPERATIONS
from tollhouse.passage import Passage, Payload, find, priced

BodyCheck = Callable[[str, Any], None]  # by operationId; raises InvalidRequest


class PassingOperation:
    """One method of `/{provider}/{endpoint}`: finds out which operation a call is, checks it as that one and hands on."""

    def __init__(self, next_app: ASGIApp, operation: AbstractOperation, check_body: BodyCheck) -> None:
        self.next_app = next_app
        self._operation = OPERATIONS[operation.operation_id]
        self._takes_body = bool(operation.request_body)
        self._check_body = check_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request: Request = scope[STATE]
        request.arguments = arguments = scope["path_params"]
        query = scope["query_string"]
        provider, endpoint = arguments["provider"], arguments["endpoint"]
        request.passage = find(request.config, self._operation, scope["method"], provider, endpoint, query)
        raw = b""
        if self._takes_body:
            try:
                raw = await read_body(receive, request)
            except ClientGone:
                return
        self._take(request, request.passage, raw)
        await self.next_app(scope, receive, send)

    def _take(self, request: Request, passage: Passage, raw: bytes) -> None:
        content_type = request.headers.get(b"content-type")
        depth_max = request.config.routes.limits.json_depth
        if passage.known:
            check_media_type(content_type)
            if not raw:
                raise InvalidRequest("The request body is empty; this operation needs a JSON object.")
            request.body = parse(raw, depth_max)
            self._check_body(passage.operation.operation_id, request.body)
            request.operation = passage.operation
            return
        payload = read_payload(raw, content_type, depth_max) if self._takes_body else _NOTHING
        request.body = payload.fields
        request.payload = payload
        request.operation = priced(passage, payload)


_NOTHING = Payload(None, {}, lambda model: None)


def read_payload(raw: bytes, content_type: bytes | None, depth_max: int) -> Payload:
    """A body of unknown shape. JSON and forms are read and written anew, so that upstream sees what was priced here.

    A body without a Content-Type is JSON (WIRE.md 4); of any other type it passes as it is, and has no fields.
    """
    if not raw:
        return Payload(None, {}, lambda model: b"")
    media_type = (content_type or JSON.encode()).partition(b";")[0].strip().lower()
    if media_type == JSON.encode():
        value = parse(raw, depth_max)
        if type(value) is not dict:
            return Payload(JSON, {}, lambda model: orjson.dumps(value))
        return Payload(JSON, value, lambda model: orjson.dumps({**value, "model": model} if model else value))
    if media_type == b"multipart/form-data":
        form = multipart.parse(raw, content_type or b"")
        return Payload(form.content_type, form.fields, form.write, form.has_files)
    return Payload((content_type or b"").decode("latin-1"), {}, lambda model: raw)

"""The middleware that turns every error, whoever raised it, into the mount's dialect."""

import structlog
from starlette.types import ASGIApp

from tollhouse.contract.edge import STATE
from tollhouse.contract.rendering import as_api_error
from tollhouse.contract.responding import Receive, Scope, Send, send_error
from tollhouse.errors import ApiError

log = structlog.get_logger("tollhouse.contract")


class Failures:
    def __init__(self, next_app: ASGIApp) -> None:
        self.next_app = next_app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.next_app(scope, receive, send)
        except Exception as error:
            request = scope.get(STATE)
            if request is None:
                raise
            if not isinstance(error, ApiError) and as_api_error(error).status >= 500:
                log.exception("request_failed", request_id=request.request_id, path=scope["path"])
            await send_error(send, request, as_api_error(error))

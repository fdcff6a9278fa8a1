"""The middleware that turns every error, whoever raised it, into the mount's dialect."""

import asyncio

import structlog
from starlette.types import ASGIApp

from tollhouse.contract.edge import STATE, Mounts
from tollhouse.contract.rendering import as_api_error
from tollhouse.contract.responding import Receive, Scope, Send, send_error
from tollhouse.endpoints.context import Request
from tollhouse.errors import ApiError, Unavailable

log = structlog.get_logger("tollhouse.contract")


class Failures:
    def __init__(self, next_app: ASGIApp, *, mounts: Mounts) -> None:
        self.next_app = next_app
        self._mounts = mounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.next_app(scope, receive, send)
        except asyncio.CancelledError:  # by a server that stops and has waited long enough; the task ends here anyway
            stopping = Unavailable("The gateway is stopping; try again.", retry_after_s=1)
            await self._answer(scope, send, stopping)
        except ApiError as error:
            await self._answer(scope, send, error)
        except Exception as error:
            known = as_api_error(error)
            if known.status >= 500:
                log.exception("request_failed", request_id=scope[STATE].request_id, path=scope["path"])
            await self._answer(scope, send, known)

    async def _answer(self, scope: Scope, send: Send, error: ApiError) -> None:
        request: Request = scope[STATE]
        if request.mount is None:
            request.mount = self._mounts.of(scope["path"])
        await send_error(send, request, error)

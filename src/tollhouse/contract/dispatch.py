"""The innermost app: calls the generated binding of the operation and sends what it returns."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

from tollhouse.contract.early import respond_with_heartbeats
from tollhouse.contract.edge import STATE, Mounts
from tollhouse.contract.publisher import HEADERS, Publisher
from tollhouse.contract.responding import Receive, Scope, Send, respond, send_whole
from tollhouse.contract.routing import nothing_at
from tollhouse.endpoints.context import Answer, Reply, Request, Services
from tollhouse.generated.bindings import BINDINGS, Binding


class Dispatch:
    def __init__(
        self,
        services: Services,
        mounts: Mounts,
        publisher: Publisher,
        bindings: Mapping[str, Binding] = BINDINGS,
    ) -> None:
        self._services = services
        self._mounts = mounts
        self._publisher = publisher
        self._bindings = bindings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request: Request = scope[STATE]
        operation = request.operation
        if operation is None:
            await self._publish(scope, send, request)
            return
        body = request.body
        if operation.streams and type(body) is dict and body.get("stream") is True:
            await self._while_connected(self._stream(request, send), receive)
        else:
            await self._run(request, receive, send)

    async def _publish(self, scope: Scope, send: Send, request: Request) -> None:
        """The OpenAPI document of a base path; raises NotFound where there is nothing at all."""
        request.mount = mount = self._mounts.of(scope["path"])
        document = await self._publisher.document(scope["path"], request)
        if document is None:
            raise nothing_at(scope, mount)
        await send_whole(send, request, 200, HEADERS, document)

    async def _run(self, request: Request, receive: Receive, send: Send) -> None:
        reply = await self._call(request)
        if isinstance(reply, Answer) and (reply.passed or reply.stream):  # forms ask for streams, too
            await self._while_connected(respond(reply, send, request), receive)
        else:
            await respond(reply, send, request)

    def _call(self, request: Request) -> Coroutine[Any, Any, Reply]:
        assert request.operation is not None, "routed"
        return self._bindings[request.operation.operation_id](self._services, request)

    async def _stream(self, request: Request, send: Send) -> None:
        early_s = request.mount.heartbeat_before_first_frame_s if request.mount is not None else None
        if early_s is None:
            await respond(await self._call(request), send, request)
        else:
            await respond_with_heartbeats(asyncio.ensure_future(self._call(request)), early_s, send, request)

    async def _while_connected(self, work: Coroutine[Any, Any, None], receive: Receive) -> None:
        """Do something for a client, and cancel it as soon as that has gone."""
        running = asyncio.current_task()
        assert running is not None, "requests run in tasks"
        gone = False

        async def watch() -> None:
            nonlocal gone
            while (await receive())["type"] != "http.disconnect":
                pass
            gone = True
            running.cancel()

        watcher = asyncio.ensure_future(watch())
        try:
            await work
        except asyncio.CancelledError:
            if not gone or running.uncancel():
                raise  # the server is stopping
        finally:
            watcher.cancel()

"""Heartbeats before the first frame, on mounts that opt in: a client behind an impatient proxy hears something at once.

The price is that the status is sent before anybody knows it: what fails later is an event in the stream (WIRE.md 13).
"""

import asyncio

import orjson

from tollhouse.contract.rendering import as_api_error
from tollhouse.contract.responding import Send, respond, send_stream, start_stream
from tollhouse.dialects import DIALECTS
from tollhouse.dialects.base import failure_frame
from tollhouse.endpoints.context import Answer, Reply, Request
from tollhouse.errors import ApiError, UpstreamRefused


async def respond_with_heartbeats(calling: asyncio.Task[Reply], every_s: float, send: Send, request: Request) -> None:
    """Send what a streaming call returns; while it is awaited, a heartbeat every `every_s`, the first one with the head."""
    assert request.operation is not None, "routed"
    dialect = DIALECTS[request.operation.dialect or ""]
    begun = False
    try:
        while not (await asyncio.wait({calling}, timeout=every_s))[0]:
            if not begun:
                await start_stream(send, request, [])
                begun = True
            await send({"type": "http.response.body", "body": dialect.heartbeat, "more_body": True})
    except asyncio.CancelledError:
        await _abandon(calling)
        raise
    if not begun:
        await respond(await calling, send, request)
        return
    try:
        answer = await calling
        assert isinstance(answer, Answer), "streaming operations relay"
        if answer.stream is not None:
            await send_stream(answer.stream, send, request, None)
            return
        if answer.upstream_error is not None:
            raise UpstreamRefused(answer.upstream_error, answer.status)
        last = b"data: " + orjson.dumps(orjson.loads(answer.body)) + b"\n\n" + dialect.terminal_frame
    except ApiError as error:
        last = failure_frame(dialect, error)
    except Exception as error:  # noqa: BLE001 - the status is sent, so whatever it is ends the stream in-band
        last = failure_frame(dialect, as_api_error(error))
    await send({"type": "http.response.body", "body": last, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _abandon(calling: asyncio.Task[Reply]) -> None:
    """The client has gone: end the call, or leave the stream that began at the same moment."""
    calling.cancel()
    await asyncio.wait({calling})
    if not calling.cancelled() and calling.exception() is None:
        reply = calling.result()
        if isinstance(reply, Answer) and reply.stream is not None:
            reply.stream.leave()

"""Calls on an upstream engine, as its tests make them."""

import asyncio
import time
import traceback

import pytest

from tollhouse.config.snapshot import Timeouts
from tollhouse.upstream import Upstream, UpstreamFailure, UpstreamRequest

SECRET = "sk-secret-0123456789"
PATIENT = Timeouts()
TIMEOUTS = Timeouts(connect_s=0.3, first_byte_s=0.3, idle_s=0.4)  # not for calls that are to succeed on a busy machine
BYTES_MAX = 1 << 20


def call(url: str, timeouts: Timeouts = PATIENT, allow_private: bool = True) -> UpstreamRequest:
    headers = [("authorization", f"Bearer {SECRET}"), ("content-type", "application/json")]
    url = f"{url}/v1/chat/completions?key={SECRET}"
    return UpstreamRequest("POST", url, headers, b'{"model":"m"}', timeouts, allow_private)


async def read(engine: Upstream, request: UpstreamRequest, bytes_max: int = BYTES_MAX) -> bytes:
    response = await engine.send(request)
    return await response.read(bytes_max)


async def fail(engine: Upstream, request: UpstreamRequest, bytes_max: int = BYTES_MAX) -> UpstreamFailure:
    """The failure of a call, which keeps every secret to itself, also in the traceback of its causes."""
    with pytest.raises(UpstreamFailure) as failed:
        await read(engine, request, bytes_max)
    error = failed.value
    for text in (str(error), repr(error), "".join(traceback.format_exception(error))):
        assert SECRET not in text
        assert "/v1/" not in text
    return error


async def cancelled_after(task: "asyncio.Task[object]", delay_s: float) -> float:
    """Cancel it; returns when."""
    await asyncio.sleep(delay_s)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return time.monotonic()

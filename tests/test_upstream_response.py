"""The answer between its connection and its reader: order, back pressure, ends."""

import asyncio

import pytest

from tollhouse.upstream import BodyTooLarge, ConnectionBroken, UpstreamFailure
from tollhouse.upstream.response import UNREAD_BYTES_MAX, Response


class Source:
    def __init__(self) -> None:
        self.events: list[str] = []
        self.response = Response(self, "provider.example")

    def pause(self) -> None:
        self.events.append("pause")

    def resume(self) -> None:
        self.events.append("resume")

    def fail(self, failure: UpstreamFailure) -> None:
        self.events.append("fail")
        self.response.end(failure)


async def test_what_is_there_comes_in_one_piece() -> None:
    response = Source().response
    response.begin(200, {})
    for chunk in (b"a", b"b", b"c"):
        response.add(chunk)
    assert await response.read_chunk() == b"abc"
    response.end(None)
    assert await response.read_chunk() is None


async def test_what_came_before_a_failure_is_read_first_and_the_failure_again_and_again() -> None:
    response = Source().response
    response.begin(200, {})
    response.add(b"a")
    response.end(ConnectionBroken("broken"))
    assert await response.read_chunk() == b"a"
    for _ in range(2):
        with pytest.raises(ConnectionBroken):
            await response.read_chunk()


async def test_the_source_pauses_beyond_the_limit_and_resumes_when_somebody_reads() -> None:
    source = Source()
    source.response.begin(200, {})
    source.response.add(b"x" * UNREAD_BYTES_MAX)
    assert source.events == []
    source.response.add(b"x")
    source.response.add(b"x")
    assert source.events == ["pause"]
    assert len(await source.response.read_chunk() or b"") == UNREAD_BYTES_MAX + 2
    assert source.events == ["pause", "resume"]


async def test_a_body_beyond_the_cap_fails_its_source() -> None:
    source = Source()
    source.response.begin(200, {})
    source.response.add(b"x" * 11)
    with pytest.raises(BodyTooLarge, match=r"provider\.example answered with more than 10 bytes"):
        await source.response.read(10)
    assert source.events == ["fail"]


async def test_a_cancelled_wait_fails_its_source_and_a_finished_one_does_not() -> None:
    source = Source()
    for wait in (source.response.begun, source.response.read_chunk):
        task = asyncio.create_task(wait())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises((asyncio.CancelledError, ConnectionBroken)):
            await task
    assert source.events == ["fail"]
    await source.response.close()
    assert source.events == ["fail"]

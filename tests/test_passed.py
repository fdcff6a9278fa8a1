"""An answer that goes on as it comes: every byte, no more than may be, and an end that is one."""

from collections.abc import Mapping

import pytest

from tollhouse import passed
from tollhouse.errors import UpstreamFailed
from tollhouse.passed import PassedBody, passed_headers
from tollhouse.rates import as_texts
from tollhouse.upstream import IdleTimeout


class Body:
    """What an upstream has left to say."""

    status = 200

    def __init__(self, *chunks: bytes | Exception, headers: Mapping[str, str] | None = None, status: int = 200) -> None:
        self.chunks, self.headers, self.closed, self.status = list(chunks), headers or {}, False, status

    async def read_chunk(self) -> bytes | None:
        chunk = self.chunks.pop(0) if self.chunks else None
        if isinstance(chunk, Exception):
            raise chunk
        return chunk

    async def read(self, bytes_max: int) -> bytes:
        raise AssertionError("nothing is read whole")

    async def close(self) -> None:
        self.closed = True


async def rest(body: PassedBody) -> list[bytes]:
    found = []
    while (chunk := await body.read()) is not None:
        found.append(chunk)
    return found


async def test_what_was_read_comes_first_and_then_the_rest() -> None:
    upstream = Body(b"b", b"c")
    body = PassedBody(upstream, b"a")
    assert await rest(body) == [b"a", b"b", b"c"] and not upstream.closed
    await body.close()
    assert upstream.closed
    assert await rest(PassedBody(Body(), None)) == []


async def test_nothing_of_an_answer_that_is_to_be_empty_is_passed_on() -> None:
    assert await rest(PassedBody(Body(b"x"), None, empty=True)) == []


async def test_an_answer_that_breaks_off_is_an_error_without_the_host() -> None:
    body = PassedBody(Body(b"b", IdleTimeout("10.0.0.7 sent nothing")), b"a")
    assert (await body.read(), await body.read()) == (b"a", b"b")
    with pytest.raises(UpstreamFailed, match="fell silent") as raised:
        await body.read()
    assert "10.0.0.7" not in raised.value.message


async def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passed, "BODY_BYTES_MAX", 3)
    body = PassedBody(Body(b"bb"), b"aa")
    assert await body.read() == b"aa"
    with pytest.raises(UpstreamFailed, match="too large"):
        await body.read()


def test_only_what_describes_the_bytes_goes_down_and_no_browser_runs_them() -> None:
    given = {
        "content-type": "text/html", "content-length": "3", "set-cookie": "a=b", "server": "x", "etag": '"1"',
        "content-disposition": "attachment", "access-control-allow-origin": "*", "location": "/",
    }  # fmt: skip
    assert as_texts(passed_headers(Body(headers=given))) == {
        "content-type": "text/html", "content-disposition": "attachment", "etag": '"1"', "content-length": "3",
        "x-content-type-options": "nosniff", "content-security-policy": "sandbox",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-length": "3", "transfer-encoding": "chunked"}, 200),
        ({"content-length": "-1"}, 200),
        ({"content-length": "0"}, 204),
        ({}, 200),
    ],
)
def test_a_length_is_told_where_it_can_be_relied_on(headers: dict[str, str], status: int) -> None:
    assert b"content-length" not in dict(passed_headers(Body(headers=headers, status=status)))


def test_bytes_without_a_type_are_bytes() -> None:
    assert (b"content-type", b"application/octet-stream") in passed_headers(Body())

"""An answer that goes on as it comes: files, audio, images, lists. Nothing of it is read here, nothing is kept."""

from tollhouse.errors import UpstreamFailed
from tollhouse.rates import Headers, as_bytes
from tollhouse.upstream import UpstreamFailure, UpstreamResponse

_PASSED_HEADERS = ("content-type", "content-disposition", "content-range", "accept-ranges", "last-modified", "etag")
BODY_BYTES_MAX = 4 * 1024**3  # of one answer; what is larger is no answer any more


class PassedBody:
    """Read with `read` until it returns None; `close` in any case. It is charged before it is here."""

    def __init__(self, response: UpstreamResponse, first: bytes | None, *, empty: bool = False) -> None:
        """`first` is what has been read of it; of an `empty` one nothing is passed on."""
        self._response = response
        self._ready = first
        self._over = empty
        self._passed_bytes = 0

    async def read(self) -> bytes | None:
        """The next bytes, None at the end. Raises UpstreamFailed where it breaks off or does not end."""
        if self._over:
            return None
        chunk, self._ready = self._ready, None
        if chunk is None:
            try:
                chunk = await self._response.read_chunk()
            except UpstreamFailure as failure:
                raise UpstreamFailed(f"The upstream answer broke: the provider {failure.told}.") from failure
        if chunk is not None:
            self._passed_bytes += len(chunk)
            if self._passed_bytes > BODY_BYTES_MAX:
                raise UpstreamFailed("The upstream answer is too large.")
        return chunk

    async def close(self) -> None:
        """Let go of the connection; the rest is not wanted where there is one."""
        await self._response.close()


def passed_headers(response: UpstreamResponse) -> Headers:
    """What of an answer's headers goes on with it, and what keeps a browser from running it: it comes from our address."""
    given = response.headers
    headers = {name: given[name] for name in _PASSED_HEADERS if name in given}
    headers.setdefault("content-type", "application/octet-stream")
    length = given.get("content-length", "")
    if length.isdecimal() and "transfer-encoding" not in given and response.status != 204:
        headers["content-length"] = length
    return as_bytes({**headers, "x-content-type-options": "nosniff", "content-security-policy": "sandbox"})

"""llama.cpp's own loopback listener: facts about the model, and the two Anthropic calls that xllamacpp has no function for."""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tollhouse.node.errors import NodeError

# The model may think for long before it says anything; only the connection itself has to be quick.
TIMEOUT = httpx.Timeout(None, connect=5.0)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a loaded model says of itself."""

    trained_context_tokens: int
    vector_length: int
    calls_tools: bool


@dataclass(frozen=True, slots=True)
class Door:
    """The listener's address, which nobody else knows the key of."""

    address: str
    key: str = field(repr=False)

    def facts(self) -> Facts:
        """Ask the listener once, at start."""
        with httpx.Client(base_url=self.address, headers=self._headers(), trust_env=False, timeout=10.0) as client:
            meta = client.get("/v1/models").raise_for_status().json()["data"][0]["meta"]
            template = client.get("/props").raise_for_status().json().get("chat_template_caps", {})
        return Facts(meta["n_ctx_train"], meta["n_embd"], bool(template.get("supports_tools")))

    async def busy_slots(self, client: httpx.AsyncClient) -> int:
        """How many requests the model is working on."""
        answer = await client.get(f"{self.address}/slots", headers=self._headers())
        return sum(slot["is_processing"] for slot in answer.raise_for_status().json())

    async def post(self, client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A plain answer. Raises NodeError."""
        try:
            answer = await client.post(self.address + path, json=body, headers=self._headers())
        except httpx.TransportError as error:
            raise NodeError("internal", "The engine does not answer.") from error
        return _checked(answer.status_code, answer.content)

    async def events(
        self, client: httpx.AsyncClient, path: str, body: dict[str, Any]
    ) -> AsyncGenerator[dict[str, Any]]:
        """The data of each event of a streamed answer; closing it stops the model. Raises NodeError."""
        request = client.build_request("POST", self.address + path, json=body, headers=self._headers())
        try:
            answer = await client.send(request, stream=True)
            try:
                if answer.status_code != 200:
                    _checked(answer.status_code, await answer.aread())
                async for line in _lines(answer):
                    if line.startswith(b"data: "):
                        yield _checked(200, line[6:])
            finally:
                await answer.aclose()
        except httpx.TransportError as error:
            raise NodeError("internal", "The engine broke off.") from error

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


def new_client() -> httpx.AsyncClient:
    """The client that the asynchronous calls take; it belongs to one event loop.

    It keeps no connection: the listener drops one after 5 s or 100 requests, and a request that meets the drop is lost.
    """
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.AsyncClient(trust_env=False, timeout=TIMEOUT, limits=limits)


def engine_error(error: dict[str, Any], *, param: str | None = None) -> NodeError:
    """The engine's own error object as one of ours."""
    message = str(error.get("message", "The engine failed."))
    if error.get("type") == "exceed_context_size_error" or "too large to process" in message:
        # llama.cpp's advice, to raise the context or batch size, is not for who sent the request.
        return NodeError("context_length", message.partition(", try")[0].partition(". increase")[0] + ".", param=param)
    return NodeError("invalid_request" if error.get("code") == 400 else "internal", message, param=param)


def _checked(status: int, content: bytes) -> dict[str, Any]:
    try:
        body: dict[str, Any] = json.loads(content)
    except ValueError as error:
        raise NodeError("internal", f"The engine answered {status} without JSON.") from error
    if "error" in body:
        raise engine_error(body["error"])
    return body


async def _lines(answer: httpx.Response) -> AsyncGenerator[bytes]:
    """Lines split at LF only: httpx's own `aiter_lines` also splits at U+2028, which is text."""
    rest = b""
    async for part in answer.aiter_bytes():
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r")

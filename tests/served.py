"""A gateway as a process of its own that many synchronous tests share, and raw sockets to talk to it.

with Served(directory, limits={"header_timeout_s": 0.3}) as served:
    key = served.key()
    with served.wire() as wire:
        wire.send(b"GET /health HTTP/1.1\\r\\nhost: x\\r\\n\\r\\n")
        assert wire.response().status == 200
"""

import json
import socket
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from tests.gateway import ADMIN_TOKEN, GatewayProcess, bearer, provider
from tests.upstream import ScriptedUpstream

PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    """One connection to a gateway, byte by byte."""

    def __init__(self, url: str, receive_buffer: int | None = None) -> None:
        address = urlsplit(url)
        self._socket = socket.socket()
        if receive_buffer is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.settimeout(PATIENCE_S)
        self._buffer = b""
        try:
            self._socket.connect((address.hostname, address.port))
        except OSError:
            self._socket.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def reset(self) -> None:
        """Hang up at once."""
        self._socket.close()

    def response(self, *, head_only: bool = False) -> Response:
        """The next response, whole."""
        head = self._until(b"\r\n\r\n").decode("latin-1")
        first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = int(first.split(" ")[1])
        if status == 100 or head_only or status == 204:
            return Response(status, headers, b"")
        if "chunked" in headers.get("transfer-encoding", ""):
            return Response(status, headers, self._chunked())
        return Response(status, headers, self._exactly(int(headers["content-length"])))

    def closed(self, timeout_s: float = PATIENCE_S) -> bool:
        """Whether the gateway closes the connection in time, without another byte."""
        self._socket.settimeout(timeout_s)
        try:
            return not self._buffer and self._socket.recv(1) == b""
        except TimeoutError:
            return False
        except ConnectionResetError:
            return True
        finally:
            self._socket.settimeout(PATIENCE_S)

    def drained(self) -> bytes:
        """Everything until the gateway closes."""
        while self._more():
            pass
        return self._buffer

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._buffer:
            assert self._more(), f"closed in the middle of a response: {self._buffer[:300]!r}"
        found, _, self._buffer = self._buffer.partition(mark)
        return found + mark

    def _exactly(self, length: int) -> bytes:
        while len(self._buffer) < length:
            assert self._more(), "closed in the middle of a body"
        found, self._buffer = self._buffer[:length], self._buffer[length:]
        return found

    def _chunked(self) -> bytes:
        body = b""
        while size := int(self._until(b"\r\n"), 16):
            body += self._exactly(size + 2)[:-2]
        self._exactly(2)
        return body

    def _more(self) -> bool:
        try:
            data = self._socket.recv(65536)
        except ConnectionResetError:
            return False
        self._buffer += data
        return bool(data)


class Served(GatewayProcess):
    """A gateway process with a scripted provider. `limits` are those of routes.yaml."""

    def __init__(self, directory: Path, *, limits: Mapping[str, Any] | None = None, **providers: Any) -> None:
        self._exit = ExitStack()
        self.upstream = self._exit.enter_context(ScriptedUpstream.in_thread())
        url = self.upstream.url
        models = {"gpt-test": {}, "embed-test": {}, "org/m:free": {}, "mod-test": {}}
        entries = {
            "scripted": provider(
                url, models=models, default_models={"moderations": "mod-test"}, endpoints=["responses", "files/*"]
            ),
            "scripted-anthropic": provider(url, "anthropic"),
            **providers,
        }
        free = {"input_usd_per_mtok": "0", "output_usd_per_mtok": "0", "kind": "chat"}
        moderating = {"input_usd_per_mtok": "4", "output_usd_per_mtok": "8", "kind": "moderation"}
        super().__init__(
            directory,
            url,
            providers=entries,
            models={"org/m:free": free, "mod-test": moderating},
            routes={
                "limits": {"requests_per_minute": 0, "sign_ins_per_minute": 0, **(limits or {})},
                "anonymous": {"models": ["gpt-test"], "requests_per_minute": 100_000},
            },
        )

    def __enter__(self) -> Self:
        super().__enter__()
        self.client = self._exit.enter_context(httpx.Client(base_url=self.urls["main"], trust_env=False))
        self.openproxy = self._exit.enter_context(httpx.Client(base_url=self.urls["openproxy"], trust_env=False))
        self.admin = self._exit.enter_context(
            httpx.Client(base_url=f"{self.urls['main']}/admin/api", headers=bearer(ADMIN_TOKEN), trust_env=False)
        )
        return self

    def __exit__(self, *exception: object) -> None:
        super().__exit__(*exception)
        self._exit.close()

    def key(self, **fields: Any) -> str:
        """A key of a fresh account with 10 USD, which is `account_id` from then on."""
        account = self.admin.post("/accounts", json={"name": f"acme-{time.monotonic_ns()}", "balance_usd": "10"})
        self.account_id = str(account.json()["id"])
        response = self.admin.post(f"/accounts/{self.account_id}/keys", json={"name": "test", **fields})
        assert response.status_code == 201, response.text
        self.key_id = str(response.json()["id"])
        return str(response.json()["key"])

    def session(self, account: str | None = None) -> str:
        """The token of a session of a fresh account with a key, or of the one named."""
        if account is None:
            self.key()
        return session(self.client, self.admin, account or self.account_id)

    def rows(self) -> list[dict[str, Any]]:
        """Ledger rows, the newest first."""
        return list(self.admin.get("/ledger").json()["rows"])

    def wire(self, listener: str = "main", receive_buffer: int | None = None) -> Wire:
        return Wire(self.urls[listener], receive_buffer)

    def log(self) -> str:
        return self.log_path.read_text()


def post(body: bytes, *lines: str, path: str = "/v1/chat/completions", length: bool = True) -> bytes:
    """A request with a body; `lines` are further header lines."""
    head = [f"POST {path} HTTP/1.1", "Host: gateway", *lines, *([f"Content-Length: {len(body)}"] if length else [])]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


def get(path: str = "/health", *lines: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: gateway", *lines, "", ""]).encode("latin-1")


def session(client: httpx.Client, admin: httpx.Client, account: str) -> str:
    """The token of a session of an account, through a sign-in link."""
    link = admin.post(f"/accounts/{account}/sign-in-links")
    assert link.status_code == 201, link.text
    signed_in = client.post("/api/auth/link", json={"token": link.json()["token"]})
    assert signed_in.status_code == 200, signed_in.text
    return str(signed_in.json()["token"])


def eventually(condition: Any, timeout_s: float = PATIENCE_S) -> None:
    """Wait until `condition()` holds."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)

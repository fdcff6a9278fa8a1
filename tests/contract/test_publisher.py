"""Who gets which document: everybody the whole one, a key its own, and a bad key none."""

from pathlib import Path
from typing import Any

import openapi_spec_validator
import orjson
import pytest
import yaml

from tests.contract.test_published import ids
from tests.gateway import ADMIN_TOKEN, Gateway, bearer, provider
from tests.served import Served
from tests.upstream import ScriptedUpstream
from tollhouse.config.load import load
from tollhouse.contract import publisher
from tollhouse.contract.documents import claimed_paths
from tollhouse.contract.published import published
from tollhouse.contract.publisher import Publisher
from tollhouse.endpoints.context import Request


def models(document: Any, schema: str = "CreateChatCompletionRequest") -> list[str] | None:
    found: list[str] | None = document["components"]["schemas"][schema]["properties"]["model"].get("enum")
    return found


@pytest.mark.parametrize("at", ["", "/api", "/api/v1", "/v1", "/proxy/v1", "/admin/api"])
def test_a_key_gets_a_smaller_document_that_is_valid(served: Served, at: str) -> None:
    key = served.key(models=["gpt-test", "embed-test", "catalogue-only"])
    whole, narrow = (
        served.client.get(f"{at}/openapi.json"),
        served.client.get(f"{at}/openapi.json", headers=bearer(key)),
    )
    assert narrow.status_code == 200 and narrow.headers["content-type"] == "application/json"
    openapi_spec_validator.validate(narrow.json())
    assert ids(narrow.json()) <= ids(whole.json())
    assert whole.headers["vary"] == narrow.headers["vary"] == "authorization, x-api-key, api-key"
    assert "private" in narrow.headers["cache-control"]


def test_the_models_are_those_on_offer_that_the_key_may_use(served: Served) -> None:
    some = served.key(models=["embed-test", "gpt-test", "catalogue-only"])
    for headers in (bearer(some), {"x-api-key": some}, {"api-key": some}):
        assert models(served.client.get("/v1/openapi.json", headers=headers).json()) == ["gpt-test", "embed-test"]
    every = [item["id"] for item in served.client.get("/proxy/v1/models").json()["data"]]
    assert models(served.client.get("/v1/openapi.json", headers=bearer(served.key())).json()) == every
    assert models(served.client.get("/v1/openapi.json").json()) is None


def test_what_the_document_offers_is_what_is_let_through(served: Served) -> None:
    key = served.key(models=["gpt-test"])
    [offered] = models(served.client.get("/v1/openapi.json", headers=bearer(key)).json()) or []
    for model, status in ((offered, 200), ("org/m:free", 403)):
        body = {"model": model, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 5}
        assert served.client.post("/v1/chat/completions", json=body, headers=bearer(key)).status_code == status


def test_a_key_that_is_not_good_gets_none_in_the_words_of_the_mount(served: Served) -> None:
    revoked = served.key()
    assert served.admin.delete(f"/keys/{served.key_id}").status_code == 200
    for sent in (revoked, "op_" + "a" * 44, "nonsense", "a.b.c", ""):
        refused = served.client.get("/v1/openapi.json", headers={"x-api-key": sent})
        assert refused.status_code == 401 and refused.headers["www-authenticate"] == "Bearer", sent
        assert refused.json()["error"]["code"] == ("invalid_session" if sent == "a.b.c" else "invalid_api_key")
    assert set(served.client.get("/api/v1/openapi.json", headers=bearer("nonsense")).json()) == {"detail"}
    assert served.client.get("/nope/openapi.json", headers=bearer("nonsense")).status_code == 404


def test_administrators_and_account_holders_see_everything(served: Served) -> None:
    for at in ("/admin/api", "/api", "/v1"):
        whole = served.client.get(f"{at}/openapi.json").content
        for sent in (ADMIN_TOKEN, served.session()):
            assert served.client.get(f"{at}/openapi.json", headers=bearer(sent)).content == whole


async def test_a_key_that_changes_and_a_catalogue_that_changes_are_seen_at_once(
    tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    async with Gateway(tmp_path, upstream.url) as gateway:
        account = (await gateway.account())["id"]
        made = (
            await gateway.admin.post(f"/accounts/{account}/keys", json={"name": "a", "models": ["gpt-test"]})
        ).json()

        async def seen() -> list[str] | None:
            response = await gateway.client.get("/v1/openapi.json", headers=bearer(made["key"]))
            return models(response.json())

        assert await seen() == ["gpt-test"]
        changed = await gateway.admin.patch(f"/keys/{made['id']}", json={"models": ["gpt-test", "new"]})
        assert changed.status_code == 200 and await seen() == ["gpt-test"]
        entries = {"scripted": provider(upstream.url, models={"gpt-test": {}, "new": {"upstream": "gpt-test"}})}
        await reload(gateway, entries)
        assert await seen() == ["gpt-test", "new"]


async def reload(gateway: Gateway, entries: dict[str, Any]) -> None:
    (gateway.config_dir / "providers.yaml").write_text(yaml.safe_dump({"version": 1, "providers": entries}))
    await gateway.app.reload(load(gateway.config_dir, environ=gateway.environ, operations=claimed_paths()))


async def test_only_so_many_documents_are_kept(
    tmp_path: Path, upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "NARROWED_MAX", 3)
    names = [f"m{number}" for number in range(5)]
    entries = {"scripted": provider(upstream.url, models={name: {"upstream": "gpt-test"} for name in names})}
    async with Gateway(tmp_path, upstream.url, providers=entries) as gateway:
        whole = published(gateway.app.snapshot.config.routes.listeners[0])
        kept = Publisher(whole, gateway.app.services, ADMIN_TOKEN)
        config, router = gateway.app.snapshot.config, gateway.app.snapshot.current.router
        account = (await gateway.account())["id"]
        for name in names:
            headers = {b"x-api-key": (await gateway.key(account, models=[name])).encode()}
            document = await kept.document("/v1/openapi.json", Request("req_1", config, router, headers, "127.0.0.1"))
            assert models(orjson.loads(document or b"")) == [name]
        assert len(kept._narrowed) == 3

"""The models a caller can use, for the clients of OpenAI and of Anthropic."""

from pathlib import Path

import pytest

from tests.gateway import Gateway, bearer, provider
from tests.served import Served
from tests.upstream import ScriptedUpstream


def test_an_item_has_both_shapes(served: Served, key: str) -> None:
    item = served.client.get("/v1/models/gpt-test", headers=bearer(key)).json()
    assert {"id", "object", "created", "owned_by"} <= item.keys()  # OpenAI
    assert {"type", "display_name", "created_at", "capabilities"} <= item.keys()  # Anthropic
    assert (item["object"], item["type"], item["owned_by"]) == ("model", "model", "openai")
    assert (item["max_input_tokens"], item["max_tokens"]) == (8192, 1000)
    listed = served.client.get("/v1/models", headers=bearer(key)).json()
    assert item in listed["data"] and listed["object"] == "list" and listed["has_more"] is False
    assert (listed["first_id"], listed["last_id"]) == (listed["data"][0]["id"], listed["data"][-1]["id"])


async def test_an_item_has_what_the_catalogue_says_and_nothing_empty(
    tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    facts = {
        "description": "A boat.",
        "author": "ACME",
        "blockchain": "ethereum",
        "tags": ["a"],
        "huggingFaceId": "a/b",
    }
    priced = {"input_usd_per_mtok": "2.50", "output_usd_per_mtok": "10", "kind": "chat"}
    later = [
        {"effective": "2020-01-01", "input_usd_per_mtok": "2"},
        {"effective": "2999-01-01", "input_usd_per_mtok": "1"},
    ]
    models = {
        "full": {**priced, **facts, "display_name": "Full"},
        "empty": {**priced, "description": "", "author": "", "blockchain": None, "tags": [], "huggingFaceId": None},
        "dated": {**priced, "prices_from": later},
        "free": {**priced, "input_usd_per_mtok": "0"},
    }
    offered = {name: {} for name in models} | {"alias": {"upstream": "full"}}
    entries = {"scripted": provider(upstream.url, models=offered)}
    async with Gateway(tmp_path, upstream.url, providers=entries, models=models) as gateway:
        listed = (await gateway.client.get("/proxy/v1/models")).json()["data"]
    shown = {item["id"]: item for item in listed}
    assert shown["full"].items() >= {**facts, "price": "2.5", "display_name": "Full"}.items()
    assert shown["alias"].items() >= {**facts, "price": "2.5", "display_name": "alias"}.items()
    assert shown["empty"].keys() & {*facts, "price"} == {"price"}
    assert shown["empty"]["max_input_tokens"] is shown["empty"]["max_tokens"] is None
    assert (shown["dated"]["price"], shown["free"]["price"]) == ("2", "0")


def test_only_what_is_offered_and_priced_is_listed(served: Served, key: str) -> None:
    listed = [item["id"] for item in served.client.get("/v1/models", headers=bearer(key)).json()["data"]]
    assert "catalogue-only" not in listed and len(listed) == len(set(listed))


@pytest.mark.parametrize(
    "model", ["catalogue-only", "nope", "claude-test", "", "%00", "a%2F..%2Fgpt-test", "gpt-test/"]
)
def test_what_a_key_may_not_use_does_not_exist_for_it(served: Served, model: str) -> None:
    limited = served.key(models=["gpt-test"])
    response = served.client.get(f"/v1/models/{model}", headers=bearer(limited))
    assert response.status_code == 404 and response.json()["error"]["code"] == "model_not_found"


def test_a_key_without_models_sees_none(served: Served) -> None:
    listed = served.client.get("/v1/models", headers=bearer(served.key(models=[]))).json()
    assert (listed["data"], listed["first_id"], listed["last_id"]) == ([], None, None)

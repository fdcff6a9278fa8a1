"""The models on offer, for people who look around."""

from pathlib import Path

from tests.gateway import Gateway, bearer, provider
from tests.served import Served
from tests.upstream import ScriptedUpstream

FIELDS = ["id", "name", "description", "author", "blockchain", "price", "tags", "huggingFaceId"]


def test_everybody_sees_what_is_on_offer(served: Served) -> None:
    shown = served.client.get("/api/models/public")
    assert shown.status_code == 200 and all(list(item) == FIELDS for item in shown.json())
    ids = [item["id"] for item in shown.json()]
    assert "gpt-test" in ids and "catalogue-only" not in ids and "unpriced" not in ids
    [item] = [item for item in shown.json() if item["id"] == "embed-test"]
    assert (item["price"], item["name"], item["tags"]) == ("0.02", "embed-test", [])
    signed_in = served.client.get("/api/models", headers=bearer(served.session()))
    assert signed_in.json() == shown.json()
    assert served.client.get("/api/models").status_code == 401


async def test_the_catalogue_says_what_a_model_is_and_costs_today(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    llama = {
        "input_usd_per_mtok": "0.30", "output_usd_per_mtok": "1", "kind": "chat", "display_name": "Llama 2 7B",
        "description": "AI model available on 1x RTX 4090", "author": "0x...", "blockchain": "ethereum",
        "tags": ["text-generation"], "huggingFaceId": "meta-llama/Llama-2-7b",
        "prices_from": [{"effective": "2020-01-01", "input_usd_per_mtok": "0.10"},
                        {"effective": "2999-01-01", "input_usd_per_mtok": "9"}],
    }  # fmt: skip
    providers = {"scripted": provider(upstream.url, models={"llama-2-7b": {}, "renamed": {"upstream": "llama-2-7b"}})}
    routes = {"anonymous": {"models": []}}
    options = {"providers": providers, "models": {"llama-2-7b": llama}, "routes": routes}
    async with Gateway(tmp_path, upstream.url, **options) as gateway:
        known, renamed = (await gateway.client.get("/api/models/public")).json()
    assert known == {
        "id": "llama-2-7b", "name": "Llama 2 7B", "description": "AI model available on 1x RTX 4090", "author": "0x...",
        "blockchain": "ethereum", "price": "0.1", "tags": ["text-generation"], "huggingFaceId": "meta-llama/Llama-2-7b",
    }  # fmt: skip
    assert renamed == {**known, "id": "renamed"}, "it has the price of what its provider calls it"

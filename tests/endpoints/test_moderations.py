"""Moderations are relayed to the moderations endpoint of a provider, and charged for what went in."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import OpenAI

from tests.gateway import Gateway, bearer, provider
from tests.served import Served
from tests.upstream import ScriptedUpstream, answer, openai_moderation, status, usage
from tollhouse.metering import IMAGE_TOKENS

TEXT = "I want to kill them."
PARTS = [
    {"type": "text", "text": TEXT},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 1000}},
]


def moderate(served: Served, key: str, base: str = "/v1", **body: Any) -> httpx.Response:
    return served.client.post(f"{base}/moderations", json=body, headers=bearer(key))


def row_of(served: Served, response: httpx.Response) -> dict[str, Any]:
    [row] = served.admin.get("/ledger", params={"request": response.headers["x-request-id"]}).json()["rows"]
    return dict(row)


@pytest.mark.parametrize("base", ["/v1", "/api/v1", "/proxy/v1"])
def test_without_a_model_the_providers_default_is_asked(served: Served, key: str, base: str) -> None:
    for named in ({}, {"model": None}):
        response = moderate(served, key, base, input=TEXT, **named)
        assert response.status_code == 200, response.text
        assert response.json()["results"][0]["flagged"] is True
        sent = served.upstream.requests[-1]
        assert (sent.path, sent.json()) == ("/v1/moderations", {"model": "mod-test", "input": TEXT})


@pytest.mark.parametrize("given", [TEXT, [TEXT, "Hello!"], PARTS])
def test_the_input_goes_up_whole(served: Served, key: str, given: Any) -> None:
    assert moderate(served, key, input=given, model="mod-test", of_tomorrow=[1]).status_code == 200
    assert served.upstream.requests[-1].json() == {"model": "mod-test", "input": given, "of_tomorrow": [1]}


@pytest.mark.parametrize(("given", "tokens"), [(TEXT, 5), ([TEXT, TEXT], 10), (PARTS, IMAGE_TOKENS + 12)])
def test_an_estimate_of_the_input_is_charged_and_no_output(served: Served, key: str, given: Any, tokens: int) -> None:
    served.upstream.reply(openai_moderation(choices=[{"message": {"content": "x" * 400}}]))
    row = row_of(served, moderate(served, key, input=given))
    assert (row["operation"], row["requested_model"], row["state"]) == ("create_moderation", "mod-test", "posted")
    assert (row["usage_source"], row["input_tokens"], row["output_tokens"]) == ("estimated", tokens, 0)
    assert float(row["cost_usd"]) == pytest.approx(tokens * 4e-6) and row["cost_usd"] <= row["held_usd"]


def test_openais_client_can_ask_for_one_of_each(served: Served, key: str) -> None:
    parts: Any = [*PARTS[:1], {"type": "image_url", "image_url": {"url": "https://example.com/boat.png"}}]
    with OpenAI(api_key=key, base_url=f"{served.urls['main']}/v1", max_retries=0) as client:
        for given in (TEXT, [TEXT], parts):
            assert client.moderations.create(input=given).results[0].flagged
            assert client.moderations.create(input=given, model="mod-test").model == "mod-test"


def test_usage_that_is_reported_is_charged(served: Served, key: str) -> None:
    served.upstream.reply(openai_moderation(usage=usage(prompt=3, completion=0)))
    row = row_of(served, moderate(served, key, input=TEXT))
    assert (row["usage_source"], row["input_tokens"], row["cost_usd"]) == ("reported", 3, "0.000012")


def test_the_answer_passes_byte_for_byte(served: Served, key: str) -> None:
    body = b'{ "results":[{"flagged":true ,"category_scores":{"self-harm":2.5466403947055455e-6}}], "error": {"a": 1} }'
    served.upstream.reply(answer(body, content_type="application/json"))
    response = moderate(served, key, input=TEXT)
    assert (response.status_code, response.content) == (200, body)
    served.upstream.reply(status(400, "no such category"))
    refused = moderate(served, key, input=TEXT)
    assert (refused.status_code, refused.json()["error"]["message"]) == (400, "no such category")
    assert row_of(served, refused)["state"] == "voided"


def test_a_model_that_does_something_else_is_refused_before_anything_is_sent(served: Served, key: str) -> None:
    before = len(served.upstream.requests)
    for model in ("gpt-test", "embed-test", "claude-test", "catalogue-only"):
        response = moderate(served, key, input=TEXT, model=model)
        assert response.status_code == 404 and f"{model} does not do moderations" in response.json()["error"]["message"]
    assert moderate(served, key, input=TEXT, model="nobodys").status_code == 400
    limited = moderate(served, served.key(models=["gpt-test"]), input=TEXT)
    assert (limited.status_code, limited.json()["error"]["message"]) == (
        403, "You do not have access to model mod-test",
    )  # fmt: skip
    assert len(served.upstream.requests) == before


def test_a_quote_says_what_it_holds(served: Served, key: str) -> None:
    for named in ({}, {"model": "mod-test"}, {"operation": "create_moderation"}):
        response = served.client.post("/v1/quote", json={"input": "x" * 30, **named}, headers=bearer(key))
        quote = response.json()
        assert (quote["operation"], quote["model"], quote["output_tokens_upper"]) == (
            "create_moderation",
            "mod-test",
            0,
        )
        assert (quote["hold_usd"], quote["upper_bound_usd"], quote["allowed"]) == ("0.00004", "0.002168", True)
    row = row_of(served, moderate(served, key, input="x" * 30))
    assert row["held_usd"] == "0.00004"


async def test_without_a_default_the_error_says_how_to_set_one(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    models = {"mod-test": {"input_usd_per_mtok": "0", "output_usd_per_mtok": "0", "kind": "moderation"}}
    entries = {"scripted": provider(upstream.url, models={"mod-test": {}, "gpt-test": {}})}
    async with Gateway(tmp_path, upstream.url, providers=entries, models=models) as gateway:
        headers = bearer(await gateway.key())
        refused = await gateway.client.post("/v1/moderations", json={"input": TEXT}, headers=headers)
        assert (refused.status_code, refused.json()["error"]["param"]) == (400, "model")
        assert "default_models: {moderations: <model>}" in refused.json()["error"]["message"]
        quoted = await gateway.client.post("/v1/quote", json={"input": TEXT}, headers=headers)
        assert (quoted.status_code, quoted.json()) == (400, refused.json())
        named = await gateway.client.post("/v1/moderations", json={"input": TEXT, "model": "mod-test"}, headers=headers)
        assert named.status_code == 200 and json.loads(upstream.requests[-1].body)["model"] == "mod-test"
        [row, *_] = await gateway.rows()
        assert (row["cost_usd"], row["input_tokens"]) == ("0", 5)
        assert (await gateway.audit()).drift == 0

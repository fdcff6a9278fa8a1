"""Text completions are relayed to the completions endpoint of the provider."""

from pathlib import Path

from tests.gateway import Gateway, bearer
from tests.upstream import ScriptedUpstream, answer_json, usage

PRICE = {"input_usd_per_mtok": "1", "output_usd_per_mtok": "1"}


async def test_a_prompt_goes_up_as_it_was_validated(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    body = {"model": "gpt-test", "prompt": ["a", "b"], "max_tokens": 5}
    upstream.script = answer_json(
        {"object": "text_completion", "choices": [{"index": 0, "text": "c"}], "usage": usage()}
    )
    models = {"gpt-test": {**PRICE, "kind": "completion"}}
    async with Gateway(tmp_path, upstream.url, models=models) as gateway:
        response = await gateway.client.post("/v1/completions", json=body, headers=bearer(await gateway.key()))
        assert response.status_code == 200 and response.json()["choices"][0]["text"] == "c"
    assert (upstream.requests[-1].path, upstream.requests[-1].json()) == ("/v1/completions", body)

"""POST /v1/completions"""

import httpx
import openai
import pytest

from tests.node.conftest import CHAT


async def test_a_plain_completion_goes_on_with_the_prompt(node_url: str):
    async with openai.AsyncOpenAI(base_url=f"{node_url}/v1", api_key="unused") as client:
        answer = await client.completions.create(model=CHAT, prompt="Once upon a", max_tokens=3, temperature=0)
        chunks = [
            chunk
            async for chunk in await client.completions.create(
                model=CHAT, prompt="Once upon a", max_tokens=3, temperature=0, stream=True
            )
        ]
    assert answer.id.startswith("cmpl-")
    assert answer.choices[0].text.startswith(" time")
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (3, 3)
    assert "".join(chunk.choices[0].text for chunk in chunks) == answer.choices[0].text
    assert chunks[-1].choices[0].finish_reason == "length"


async def test_several_prompts_and_choices_are_all_counted(http: httpx.AsyncClient):
    asked = {"model": CHAT, "prompt": ["Once upon a", "Hello"], "n": 2, "max_tokens": 2, "temperature": 0}
    answer = (await http.post("/v1/completions", json=asked)).json()
    assert [choice["index"] for choice in answer["choices"]] == [0, 1, 2, 3]
    assert answer["usage"]["prompt_tokens"] == 3 + 1
    assert answer["usage"]["completion_tokens"] == 4 * 2


async def test_tokens_are_a_prompt(http: httpx.AsyncClient):
    answer = await http.post("/v1/completions", json={"model": CHAT, "prompt": [100, 200], "max_tokens": 1})
    assert answer.json()["usage"]["prompt_tokens"] == 2


async def test_logprobs_have_the_format_of_text_completions(http: httpx.AsyncClient):
    asked = {"model": CHAT, "prompt": "Once upon a", "max_tokens": 3, "temperature": 0, "logprobs": 2}
    choice = (await http.post("/v1/completions", json=asked)).json()["choices"][0]
    assert "".join(choice["logprobs"]["tokens"]) == choice["text"]
    assert choice["logprobs"]["text_offset"][0] == 0
    assert [len(top) for top in choice["logprobs"]["top_logprobs"]] == [2, 2, 2]


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": []}, "prompt"),
        ({"prompt": 5}, "prompt"),
        ({"prompt": [-1]}, "prompt"),
        ({"echo": True}, "echo"),
        ({"best_of": 3}, "best_of"),
    ],
)
async def test_a_wrong_field_is_named(http: httpx.AsyncClient, change: dict[str, object], param: str):
    answer = await http.post("/v1/completions", json={"model": CHAT, "prompt": "x", "max_tokens": 1, **change})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


async def test_tokens_outside_the_vocabulary_are_refused(http: httpx.AsyncClient):
    answer = await http.post("/v1/completions", json={"model": CHAT, "prompt": [2**31 - 1], "max_tokens": 1})
    assert answer.status_code == 400
    assert "invalid tokens" in answer.json()["error"]["message"]

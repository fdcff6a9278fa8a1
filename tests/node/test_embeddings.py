"""POST /v1/embeddings"""

import base64
import math
import struct

import httpx
import openai
import pytest

from tests.node.conftest import CHAT, EMBEDDING


def cosine(left: list[float], right: list[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True)) / (math.hypot(*left) * math.hypot(*right))


async def test_related_sentences_are_closer_than_unrelated_ones(node_url: str):
    texts = ["A cat sleeps on the sofa.", "A kitten naps on the couch.", "The central bank raised interest rates."]
    async with openai.AsyncOpenAI(base_url=f"{node_url}/v1", api_key="unused") as client:
        answer = await client.embeddings.create(model=EMBEDDING, input=texts)  # the SDK asks for base64
    cat, kitten, bank = (item.embedding for item in answer.data)
    assert [item.index for item in answer.data] == [0, 1, 2]
    assert len(cat) == 384
    assert cosine(cat, kitten) > 0.6
    assert cosine(cat, bank) < 0.2
    assert answer.usage.prompt_tokens == answer.usage.total_tokens > 20


async def test_vectors_are_those_of_the_published_model(http: httpx.AsyncClient):
    """The model card's example; the numbers come from a 32-bit BERT in numpy over the original weights."""
    texts = ["This is an example sentence", "Each sentence is converted"]
    answer = (await http.post("/v1/embeddings", json={"model": EMBEDDING, "input": texts})).json()
    first, second = (item["embedding"] for item in answer["data"])
    assert cosine(first, second) == pytest.approx(0.40456, abs=2e-3)
    assert first[:4] == pytest.approx([0.06766, 0.06350, 0.04871, 0.07930], abs=2e-3)


async def test_base64_is_the_same_vector_as_float32_little_endian(http: httpx.AsyncClient):
    asked = {"model": EMBEDDING, "input": "hello"}
    plain = (await http.post("/v1/embeddings", json=asked)).json()["data"][0]["embedding"]
    packed = (await http.post("/v1/embeddings", json={**asked, "encoding_format": "base64"})).json()
    vector = struct.unpack("<384f", base64.b64decode(packed["data"][0]["embedding"]))
    assert list(vector) == pytest.approx(plain, abs=1e-6)


@pytest.mark.parametrize(
    ("given", "count", "tokens"),
    [
        ("hello", 1, 3),
        (["hello", "hello"], 2, 6),
        ([101, 7592, 102], 1, 3),
        ([[101, 7592, 102], [101, 102]], 2, 5),
    ],
)
async def test_every_form_of_input_is_taken(http: httpx.AsyncClient, given: object, count: int, tokens: int):
    answer = (await http.post("/v1/embeddings", json={"model": EMBEDDING, "input": given})).json()
    assert len(answer["data"]) == count
    assert answer["usage"] == {"prompt_tokens": tokens, "total_tokens": tokens}


async def test_a_long_list_keeps_its_order(http: httpx.AsyncClient):
    texts = [f"number {number}" for number in range(70)]
    many = (await http.post("/v1/embeddings", json={"model": EMBEDDING, "input": texts})).json()["data"]
    last = (await http.post("/v1/embeddings", json={"model": EMBEDDING, "input": texts[-1]})).json()["data"]
    assert [item["index"] for item in many] == list(range(70))
    assert cosine(many[-1]["embedding"], last[0]["embedding"]) > 0.999


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"input": ""}, "input"),
        ({"input": []}, "input"),
        ({"input": ["x", 5]}, "input"),
        ({"input": None}, "input"),
        ({"input": [1.5]}, "input"),
        ({"input": [99999]}, "input"),
        ({"input": "word " * 600}, "input"),
        ({"encoding_format": "hex"}, "encoding_format"),
        ({"dimensions": 100}, "dimensions"),
    ],
)
async def test_a_wrong_field_is_named(http: httpx.AsyncClient, change: dict[str, object], param: str):
    answer = await http.post("/v1/embeddings", json={"model": EMBEDDING, "input": "x", **change})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


async def test_a_text_beyond_the_context_says_so(http: httpx.AsyncClient):
    answer = await http.post("/v1/embeddings", json={"model": EMBEDDING, "input": "word " * 600})
    assert answer.json()["error"]["code"] == "context_length_exceeded"


async def test_models_answer_only_what_they_are_for(http: httpx.AsyncClient):
    hello = [{"role": "user", "content": "x"}]
    chat = await http.post("/v1/chat/completions", json={"model": EMBEDDING, "messages": hello})
    embedding = await http.post("/v1/embeddings", json={"model": CHAT, "input": "x"})
    assert chat.status_code == embedding.status_code == 400
    assert chat.json()["error"]["code"] == embedding.json()["error"]["code"] == "wrong_model_type"

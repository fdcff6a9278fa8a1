"""The front door: models, keys, rates, origins, errors."""

from collections.abc import Callable

import anthropic
import httpx
import openai
import pytest

from tests.node.conftest import CHAT, EMBEDDING

KEY = "sk-node-test"
EMBED = {"model": EMBEDDING, "input": "x"}


async def test_models_have_both_shapes(node_url: str):
    async with openai.AsyncOpenAI(base_url=f"{node_url}/v1", api_key="unused") as client:
        assert [model.id async for model in client.models.list()] == [CHAT, EMBEDDING]
        model = await client.models.retrieve(CHAT)
        assert (model.object, model.owned_by) == ("model", "local")
    async with anthropic.AsyncAnthropic(base_url=node_url, api_key="unused") as client:
        listed = [model async for model in client.models.list()]
        assert [model.display_name for model in listed] == [CHAT, EMBEDDING]
        assert (await client.models.retrieve(EMBEDDING)).created_at.year > 2000


async def test_health_and_root_answer_without_a_key(start_node: Callable[..., str]):
    url = start_node(api_key=KEY, require_auth=True)
    assert httpx.get(f"{url}/health").json() == {"status": "ok"}
    assert httpx.head(url).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nope", 404, "unknown_url"),
        ("GET", "/v1/models/", 404, "model_not_found"),
        ("GET", "/v1/models/some/one", 404, "model_not_found"),
        ("GET", "/v1/chat/completions", 405, "method_not_allowed"),
        ("POST", "/v1/chat/completions/", 404, "unknown_url"),
    ],
)
async def test_what_does_not_exist_is_json_too(http: httpx.AsyncClient, method: str, path: str, status: int, code: str):
    answer = await http.request(method, path)
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}
    assert (answer.headers.get("allow") == "POST") is (status == 405)


async def test_an_unknown_model_is_404(node_url: str):
    async with openai.AsyncOpenAI(base_url=f"{node_url}/v1", api_key="unused") as client:
        with pytest.raises(openai.NotFoundError) as caught:
            await client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "x"}])
        assert caught.value.code == "model_not_found"


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"", {}, 400),
        (b"{", {}, 400),
        (b"[]", {}, 400),
        (b'{"model": "a", "model": "b"}', {}, 400),
        (b'{"model": NaN}', {}, 400),
        (b'{"model": "\xff"}', {}, 400),
        (b'{"a":' + b"[" * 80 + b"]" * 80 + b"}", {}, 400),
        (b"model=a", {"content-type": "application/x-www-form-urlencoded"}, 415),
        (b" " * (10 * 2**20 + 1), {}, 413),
    ],
)
async def test_a_bad_body_is_refused(http: httpx.AsyncClient, content: bytes, headers: dict[str, str], status: int):
    answer = await http.post("/v1/embeddings", content=content, headers=headers)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


async def test_a_chunked_body_is_limited_too(http: httpx.AsyncClient):
    async def parts():
        for _ in range(11):
            yield b" " * 2**20

    assert (await http.post("/v1/embeddings", content=parts())).status_code == 413


async def test_a_chunked_body_and_a_missing_content_type_are_normal(http: httpx.AsyncClient):
    async def parts():
        yield b'{"model": "all-minilm-l6-v2",'
        yield b'"input": "x"}'

    assert (await http.post("/v1/embeddings", content=parts())).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": f"Bearer {KEY}"}, {"authorization": f"bearer {KEY}"}, {"x-api-key": KEY}, {"api-key": KEY}],
)
async def test_the_key_is_taken_from_each_header(start_node: Callable[..., str], headers: dict[str, str]):
    url = start_node(api_key=KEY, require_auth=True)
    assert httpx.post(f"{url}/v1/embeddings", json=EMBED, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"x-api-key": ""}, {"x-api-key": "ä".encode()}]
)
async def test_without_the_key_nothing_is_served(start_node: Callable[..., str], headers: dict[str, str]):
    url = start_node(api_key=KEY, require_auth=True)
    answer = httpx.post(f"{url}/v1/embeddings", json=EMBED, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"]["code"] == "invalid_api_key"
    other = httpx.post(f"{url}/v1/messages", json={}, headers=headers)
    assert other.status_code == 401
    assert other.json()["error"]["type"] == "authentication_error"
    assert httpx.get(f"{url}/v1/models", headers=headers).status_code == 401


async def test_requests_beyond_the_rate_wait_a_minute(start_node: Callable[..., str]):
    now = [1000.0]
    url = start_node(requests_per_minute_max=2, clock=lambda: now[0])
    assert [httpx.get(f"{url}/v1/models").status_code for _ in range(3)] == [200, 200, 429]
    now[0] += 42.5
    refused = httpx.post(f"{url}/v1/embeddings", json=EMBED)
    assert refused.headers["retry-after"] == "18"
    assert refused.json()["error"]["code"] == "rate_limit_exceeded"
    now[0] += 18
    assert httpx.post(f"{url}/v1/embeddings", json=EMBED).status_code == 200


async def test_tokens_beyond_the_rate_wait_a_minute(start_node: Callable[..., str]):
    now = [1000.0]
    url = start_node(tokens_per_minute_max=10, clock=lambda: now[0])
    chat = {"model": CHAT, "messages": [{"role": "user", "content": "Say hello."}], "max_tokens": 2}
    assert httpx.post(f"{url}/v1/chat/completions", json=chat).status_code == 200
    refused = httpx.post(f"{url}/v1/messages", json=chat)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert refused.json()["error"]["type"] == "rate_limit_error"
    now[0] += 60.5
    assert httpx.post(f"{url}/v1/messages", json=chat).status_code == 200
    assert httpx.post(f"{url}/v1/embeddings", json=EMBED).status_code == 429


async def test_only_configured_origins_may_read(start_node: Callable[..., str], node_url: str):
    url = start_node(cors_origins=("http://localhost:3000",), api_key=KEY, require_auth=True)
    preflight = httpx.options(
        f"{url}/v1/chat/completions",
        headers={
            "Origin": "http://localhost:3000",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type, x-stainless-os",
        },
    )
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "http://localhost:3000"
    refused = httpx.get(f"{url}/v1/models", headers={"Origin": "http://localhost:3000"})
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "access-control-allow-origin" not in httpx.get(url, headers={"Origin": "http://evil.example"}).headers
    assert "access-control-allow-origin" not in httpx.get(node_url, headers={"Origin": "http://localhost:3000"}).headers


async def test_every_answer_has_an_id(http: httpx.AsyncClient):
    for answer in (
        await http.get("/health"),
        await http.get("/v1/nope"),
        await http.post("/v1/embeddings", json=EMBED),
    ):
        assert answer.headers["x-request-id"] == answer.headers["request-id"]

"""OpenAI's own Python client against the gateway."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from tests.gateway import GatewayProcess, provider
from tests.node.conftest import engines, node_config, node_url
from tests.upstream import ScriptedUpstream, by_path, fin, openai_stream, status

__all__ = ["engines", "node_config", "node_url"]  # fixtures of the local node

MESSAGES = [{"role": "user", "content": "Hello!"}]


@pytest.fixture(scope="module")
def upstream() -> Iterator[ScriptedUpstream]:
    with ScriptedUpstream.in_thread() as scripted:
        yield scripted


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory, upstream: ScriptedUpstream) -> Iterator[GatewayProcess]:
    entries = {
        "scripted": provider(upstream.url),
        "keyless": provider(upstream.url, keys=[], models={"embed-dark": {"upstream": "embed-test"}}),
    }
    with GatewayProcess(tmp_path_factory.mktemp("gateway"), upstream.url, providers=entries) as running:
        yield running
        assert running.audit().drift == 0


@pytest.fixture(scope="module")
def key(gateway: GatewayProcess) -> str:
    return gateway.key("10")


@pytest.fixture(scope="module")
def keys(gateway: GatewayProcess) -> dict[str, str]:
    """Keys that get refused, each for its own reason."""
    return {"no chat": gateway.key("1", models=["embed-test"]), "no money": gateway.key("0")}


@pytest.fixture(params=["/v1", "/proxy/v1", "openproxy"])
def client(
    request: pytest.FixtureRequest, gateway: GatewayProcess, key: str, upstream: ScriptedUpstream
) -> Iterator[OpenAI]:
    """The client at every base URL whose errors are OpenAI's."""
    upstream.script = by_path
    base = f"{gateway.urls['openproxy']}/v1" if request.param == "openproxy" else gateway.urls["main"] + request.param
    with OpenAI(api_key=key, base_url=base, max_retries=0, timeout=10) as running:
        yield running


def test_a_chat(client: OpenAI) -> None:
    answer = client.chat.completions.create(model="gpt-test", messages=MESSAGES, max_tokens=10)
    assert answer.choices[0].message.content == "Hello there"
    assert answer.usage is not None and answer.usage.total_tokens == 18
    assert answer._request_id is not None and answer._request_id.startswith("req_")


def test_a_streamed_chat(client: OpenAI) -> None:
    chunks = list(client.chat.completions.create(model="gpt-test", messages=MESSAGES, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "Hello there"
    asked = client.chat.completions.create(
        model="gpt-test", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    *_, last = asked
    assert last.choices == [] and last.usage is not None and last.usage.completion_tokens == 7


def test_the_stream_helper(client: OpenAI) -> None:
    with client.chat.completions.stream(model="gpt-test", messages=MESSAGES) as events:
        assert events.get_final_completion().choices[0].message.content == "Hello there"


def test_a_raw_response(client: OpenAI, gateway: GatewayProcess) -> None:
    raw = client.chat.completions.with_raw_response.create(model="gpt-test", messages=MESSAGES, max_tokens=10)
    assert raw.parse().choices[0].message.content == "Hello there"
    [row] = gateway.json("ledger", "show", "--request", raw.headers["x-request-id"])
    assert (row["state"], row["cost_usd"]) == ("posted", "0.000025")
    assert raw.headers["x-ratelimit-limit-requests"] == "600"


def test_embeddings_in_the_clients_default_encoding(client: OpenAI, upstream: ScriptedUpstream) -> None:
    answer = client.embeddings.create(model="embed-test", input=["a", "b"])
    assert answer.data[0].embedding == [0.5, -0.25]
    assert upstream.requests[-1].json()["encoding_format"] == "base64"
    assert client.embeddings.create(model="embed-test", input="a", encoding_format="float").data[0].embedding == [
        0.5,
        -0.25,
    ]


def test_models_are_listed_and_retrieved(client: OpenAI) -> None:
    assert {model.id for model in client.models.list()} == {"gpt-test", "embed-test", "embed-dark"}
    model = client.models.retrieve("gpt-test")
    assert (model.id, model.object, model.owned_by) == ("gpt-test", "model", "openai")
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("no/such:model")


async def test_the_asynchronous_client(gateway: GatewayProcess, key: str, upstream: ScriptedUpstream) -> None:
    upstream.script = by_path
    async with AsyncOpenAI(api_key=key, base_url=f"{gateway.urls['main']}/v1", max_retries=0) as client:
        calls = [client.chat.completions.create(model="gpt-test", messages=MESSAGES, max_tokens=10) for _ in range(10)]
        assert {answer.choices[0].message.content for answer in await asyncio.gather(*calls)} == {"Hello there"}
        stream = await client.chat.completions.create(model="gpt-test", messages=MESSAGES, stream=True)
        assert "".join([chunk.choices[0].delta.content or "" async for chunk in stream]) == "Hello there"


def test_errors_are_the_clients_own(client: OpenAI, keys: dict[str, str], upstream: ScriptedUpstream) -> None:
    def ask(client: OpenAI = client, model: str = "gpt-test", **fields: object) -> None:
        client.chat.completions.create(model=model, messages=MESSAGES, **fields)  # type: ignore[call-overload]

    with pytest.raises(openai.AuthenticationError) as unknown:
        ask(client.with_options(api_key="sk-nobody"))
    assert unknown.value.request_id is not None and "API key" in str(unknown.value)
    with pytest.raises(openai.BadRequestError, match="Unknown model pricing"):
        ask(model="unpriced")
    with pytest.raises(openai.NotFoundError):
        ask(model="catalogue-only")
    with pytest.raises(openai.BadRequestError):
        ask(temperature="hot")
    with pytest.raises(openai.PermissionDeniedError, match="You do not have access to model gpt-test"):
        ask(client.with_options(api_key=keys["no chat"]))
    with pytest.raises(openai.APIStatusError, match="Insufficient credit balance") as broke:
        ask(client.with_options(api_key=keys["no money"]))
    assert broke.value.status_code == 402
    with pytest.raises(openai.InternalServerError):
        client.embeddings.create(model="embed-dark", input="a")
    upstream.script = status(422, "that is too much")
    with pytest.raises(openai.UnprocessableEntityError, match="that is too much"):
        ask()
    upstream.script = fin
    with pytest.raises(openai.InternalServerError) as down:
        ask()
    assert down.value.status_code == 502


def test_a_rate_limit_says_when_to_come_back(gateway: GatewayProcess, upstream: ScriptedUpstream) -> None:
    upstream.script = by_path
    key = gateway.key("1", requests_per_minute=1)
    with OpenAI(api_key=key, base_url=f"{gateway.urls['main']}/v1", max_retries=0) as client:
        client.chat.completions.create(model="gpt-test", messages=MESSAGES)
        with pytest.raises(openai.RateLimitError) as slow:
            client.chat.completions.create(model="gpt-test", messages=MESSAGES)
    assert 1 <= int(slow.value.response.headers["retry-after"]) <= 60


def test_a_stream_that_breaks_raises_in_the_client(client: OpenAI, upstream: ScriptedUpstream) -> None:
    upstream.script = openai_stream(["Hel"], done=False, finish_reason=None, end=fin)
    texts = []
    with pytest.raises(openai.APIError, match="stream broke"):
        for chunk in client.chat.completions.create(model="gpt-test", messages=MESSAGES, stream=True):
            texts.append(chunk.choices[0].delta.content)
    assert "Hel" in texts


def test_the_client_retries_what_can_be_retried_and_nothing_else(client: OpenAI, upstream: ScriptedUpstream) -> None:
    patient = client.with_options(max_retries=2)
    upstream.reply(status(503))
    seen = len(upstream.requests)
    assert patient.chat.completions.create(model="gpt-test", messages=MESSAGES).choices
    assert len(upstream.requests) - seen == 2
    upstream.reply(status(400, "no"))
    with pytest.raises(openai.BadRequestError):
        patient.chat.completions.create(model="gpt-test", messages=MESSAGES)
    assert len(upstream.requests) - seen == 3


def test_real_models_through_the_gateway(tmp_path: Path, node_url: str) -> None:
    models = {"smollm2-135m": {}, "all-minilm-l6-v2": {}}
    prices = {
        "smollm2-135m": {
            "input_usd_per_mtok": "0.1",
            "output_usd_per_mtok": "0.2",
            "max_output_tokens": 100,
            "kind": "chat",
        },
        "all-minilm-l6-v2": {"input_usd_per_mtok": "0.02", "output_usd_per_mtok": "0", "kind": "embedding"},
    }
    timeouts = {"connect_s": 2, "first_byte_s": 60, "idle_s": 60}
    entries = {"local": provider(node_url, keys=[{"none": True}], models=models, timeouts=timeouts)}
    with GatewayProcess(tmp_path, node_url, providers=entries, models=prices) as gateway:
        with OpenAI(api_key=gateway.key(), base_url=f"{gateway.urls['main']}/v1", max_retries=0) as client:
            whole = client.chat.completions.create(
                model="smollm2-135m", messages=MESSAGES, max_tokens=8, temperature=0, seed=1
            )
            stream = client.chat.completions.create(
                model="smollm2-135m", messages=MESSAGES, max_tokens=8, temperature=0, seed=1, stream=True
            )
            text = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
            assert text and whole.choices[0].message.content == text
            assert len(client.embeddings.create(model="all-minilm-l6-v2", input="hello").data[0].embedding) == 384
        embedded, streamed, plain = gateway.json("ledger", "show")
        for row in (embedded, streamed, plain):
            assert (row["state"], row["usage_source"]) == ("posted", "reported") and row["input_tokens"] > 0
        assert streamed["output_tokens"] == plain["output_tokens"] and streamed["cost_usd"] == plain["cost_usd"]
        assert gateway.audit().drift == 0

"""Anthropic's own Python client against the gateway."""

from collections.abc import Iterator
from pathlib import Path

import anthropic
import pytest
from anthropic import Anthropic, AsyncAnthropic

from tests.gateway import GatewayProcess, provider
from tests.node.conftest import engines, node_config, node_url
from tests.upstream import Connection, Request, ScriptedUpstream, answer_json, anthropic_stream, by_path, fin, status

__all__ = ["engines", "node_config", "node_url"]  # fixtures of the local node

MESSAGES = [{"role": "user", "content": "Hello!"}]
ASK = {"model": "claude-test", "messages": MESSAGES, "max_tokens": 10}


async def healthy(request: Request, connection: Connection) -> None:
    if request.path.startswith("/v1/messages/count_tokens"):
        await answer_json({"input_tokens": 14})(request, connection)
    else:
        await by_path(request, connection)


@pytest.fixture(scope="module")
def upstream() -> Iterator[ScriptedUpstream]:
    with ScriptedUpstream.in_thread() as scripted:
        yield scripted


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory, upstream: ScriptedUpstream) -> Iterator[GatewayProcess]:
    with GatewayProcess(tmp_path_factory.mktemp("gateway"), upstream.url) as running:
        yield running
        assert running.audit().drift == 0


@pytest.fixture(scope="module")
def key(gateway: GatewayProcess) -> str:
    return gateway.key("10")


@pytest.fixture
def client(gateway: GatewayProcess, key: str, upstream: ScriptedUpstream) -> Iterator[Anthropic]:
    upstream.script = healthy
    with Anthropic(api_key=key, base_url=gateway.urls["main"], max_retries=0, timeout=10) as running:
        yield running


def test_a_message(client: Anthropic, gateway: GatewayProcess) -> None:
    answer = client.messages.create(**ASK)
    assert answer.content[0].text == "Hello there" and answer.usage.input_tokens == 11
    assert answer._request_id is not None
    [row] = gateway.json("ledger", "show", "--request", answer._request_id)
    assert (row["state"], row["cost_usd"]) == ("posted", "0.000138")


def test_a_bearer_token_is_as_good_as_an_x_api_key(
    gateway: GatewayProcess, key: str, upstream: ScriptedUpstream
) -> None:
    upstream.script = healthy
    with Anthropic(auth_token=key, base_url=gateway.urls["openproxy"], max_retries=0) as client:
        assert client.messages.create(**ASK).content[0].text == "Hello there"
    assert "authorization" not in upstream.requests[-1].headers


def test_beta_messages(client: Anthropic, upstream: ScriptedUpstream) -> None:
    answer = client.beta.messages.create(**ASK, betas=["context-1m-2025-08-07"])
    assert answer.content[0].text == "Hello there"
    assert upstream.requests[-1].headers["anthropic-beta"] == "context-1m-2025-08-07"


def test_the_stream_helper(client: Anthropic) -> None:
    with client.messages.stream(**ASK) as events:
        assert "".join(events.text_stream) == "Hello there"
        final = events.get_final_message()
    assert (final.usage.output_tokens, final.stop_reason) == (7, "end_turn")


def test_raw_events(client: Anthropic) -> None:
    kinds = [event.type for event in client.messages.create(**ASK, stream=True)]
    assert kinds[0] == "message_start" and kinds[-1] == "message_stop"


def test_tokens_are_counted_for_free(client: Anthropic, gateway: GatewayProcess) -> None:
    counted = client.messages.count_tokens(model="claude-test", messages=MESSAGES)
    assert counted.input_tokens == 14
    [row] = gateway.json("ledger", "show", "--limit", "1")
    assert (row["operation"], row["cost_usd"], row["state"]) == ("count_message_tokens", "0", "posted")


def test_models_are_listed_and_retrieved(client: Anthropic) -> None:
    assert "claude-test" in [model.id for model in client.models.list()]
    model = client.models.retrieve("claude-test")
    assert (model.id, model.type, model.display_name) == ("claude-test", "model", "claude-test")


async def test_the_asynchronous_client(gateway: GatewayProcess, key: str, upstream: ScriptedUpstream) -> None:
    upstream.script = healthy
    async with AsyncAnthropic(api_key=key, base_url=gateway.urls["main"], max_retries=0) as client:
        assert (await client.messages.create(**ASK)).content[0].text == "Hello there"
        async with client.messages.stream(**ASK) as events:
            assert "".join([text async for text in events.text_stream]) == "Hello there"


def test_errors_are_the_clients_own(client: Anthropic, gateway: GatewayProcess, upstream: ScriptedUpstream) -> None:
    with pytest.raises(anthropic.AuthenticationError) as unknown:
        client.with_options(api_key="sk-nobody").messages.create(**ASK)
    assert unknown.value.body["error"]["type"] == "authentication_error"
    assert unknown.value.body["request_id"] == unknown.value.request_id
    with pytest.raises(anthropic.BadRequestError, match="Unknown model pricing"):
        client.messages.create(**{**ASK, "model": "nobody-knows-it"})
    with pytest.raises(anthropic.NotFoundError):
        client.messages.create(**{**ASK, "model": "embed-test"})
    with pytest.raises(anthropic.PermissionDeniedError):
        client.with_options(api_key=gateway.key("1", models=["gpt-test"])).messages.create(**ASK)
    with pytest.raises(anthropic.APIStatusError, match="Insufficient credit balance") as broke:
        client.with_options(api_key=gateway.key("0")).messages.create(**ASK)
    assert (broke.value.status_code, broke.value.body["error"]["type"]) == (402, "billing_error")
    upstream.script = status(429, retry_after=2)
    with pytest.raises(anthropic.RateLimitError) as slow:
        client.messages.create(**ASK)
    assert slow.value.response.headers["retry-after"] == "2"
    upstream.script = status(413, "too many tokens")
    with pytest.raises(anthropic.RequestTooLargeError, match="too many tokens"):
        client.messages.create(**ASK)
    upstream.script = status(529)
    with pytest.raises(anthropic.InternalServerError) as down:
        client.messages.create(**ASK)
    assert (down.value.status_code, down.value.body["error"]["type"]) == (502, "api_error")


def test_a_stream_that_breaks_raises_in_the_client(client: Anthropic, upstream: ScriptedUpstream) -> None:
    upstream.script = anthropic_stream(["Hel"], complete=False, end=fin)
    texts = []
    with pytest.raises(anthropic.APIError, match="stream broke"), client.messages.stream(**ASK) as events:
        for text in events.text_stream:
            texts.append(text)
    assert texts == ["Hel"]


def test_a_real_model_through_the_gateway(tmp_path: Path, node_url: str) -> None:
    timeouts = {"connect_s": 2, "first_byte_s": 60, "idle_s": 60}
    prices = {"smollm2-135m": {"input_usd_per_mtok": "0.1", "output_usd_per_mtok": "0.2", "kind": "chat"}}
    entry = provider(node_url, "anthropic", keys=[{"none": True}], models={"smollm2-135m": {}}, timeouts=timeouts)
    with GatewayProcess(tmp_path, node_url, providers={"local": entry}, models=prices) as gateway:
        with Anthropic(api_key=gateway.key(), base_url=gateway.urls["main"], max_retries=0) as client:
            ask = {"model": "smollm2-135m", "messages": MESSAGES, "max_tokens": 8}
            assert client.messages.create(**ask).content[0].text
            with client.messages.stream(**ask) as events:
                assert "".join(events.text_stream)
        rows = gateway.json("ledger", "show")
        assert [(row["state"], row["usage_source"]) for row in rows] == [("posted", "reported")] * 2
        assert gateway.audit().drift == 0

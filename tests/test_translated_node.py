"""Real models behind the configuration of `make run`: what speaks its own format stays as it was, and responses work as well."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from anthropic import Anthropic
from openai import OpenAI

from tests.gateway import GatewayProcess
from tests.node.conftest import engines, node_config, node_url

__all__ = ["engines", "node_config", "node_url"]  # fixtures of the local node

ROOT = Path(__file__).parents[1]
MODEL = "smollm2-135m"
NATIVE = {"chat": "local", "messages": "local-anthropic"}
ASK: dict[str, Any] = {"input": "Name a colour.", "max_output_tokens": 12, "temperature": 0}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory, node_url: str) -> Iterator[GatewayProcess]:
    """The shipped providers and prices; besides, each of the two providers has the model under a name of its own."""
    entries = yaml.safe_load((ROOT / "providers.yaml").read_text())["providers"]
    catalogue = json.loads((ROOT / "model_catalog.json").read_text())["models"]
    assert set(entries) == set(NATIVE.values())
    for name, entry in entries.items():
        entry["base_url"] = f"{node_url}/v1"
        entry["models"][f"by-{name}"] = {"upstream": MODEL}
    models = {name: catalogue[name] for entry in entries.values() for name in entry["models"] if name in catalogue}
    directory = tmp_path_factory.mktemp("gateway")
    with GatewayProcess(directory, node_url, providers=entries, models=models) as running:
        yield running
        assert running.audit().drift == 0


@pytest.fixture(scope="module")
def key(gateway: GatewayProcess) -> str:
    return gateway.key()


@pytest.fixture
def client(gateway: GatewayProcess, key: str) -> Iterator[OpenAI]:
    with OpenAI(api_key=key, base_url=f"{gateway.urls['main']}/v1", max_retries=0) as running:
        yield running


def test_clients_of_both_formats_are_served_in_their_own(gateway: GatewayProcess, client: OpenAI, key: str) -> None:
    messages = [{"role": "user", "content": "Hello!"}]
    for _ in range(3):
        chat = client.chat.completions.with_raw_response.create(model=MODEL, messages=messages, max_tokens=4, seed=1)
        assert chat.headers["x-tollhouse-provider"] == NATIVE["chat"] and "x-tollhouse-dropped" not in chat.headers
        with Anthropic(api_key=key, base_url=gateway.urls["main"], max_retries=0) as anthropic:
            message = anthropic.messages.with_raw_response.create(model=MODEL, messages=messages, max_tokens=4)
        assert message.headers["x-tollhouse-provider"] == NATIVE["messages"]


@pytest.mark.parametrize("model", [MODEL, *(f"by-{name}" for name in NATIVE.values())])
def test_a_real_model_answers_with_a_response(gateway: GatewayProcess, client: OpenAI, model: str) -> None:
    whole = client.responses.create(model=model, **ASK)
    events = list(client.responses.create(model=model, stream=True, **ASK))
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert events[-1].type in ("response.completed", "response.incomplete")  # the latter where it reached its limit
    streamed = events[-1].response
    assert whole.output_text and whole.output_text == streamed.output_text == text
    for told, row in zip((streamed, whole), gateway.json("ledger", "show", "--limit", "2"), strict=True):
        assert (row["state"], row["usage_source"], row["operation"]) == ("posted", "reported", "create_response")
        assert told.usage is not None and row["input_tokens"] + row["cache_read_tokens"] == told.usage.input_tokens
        assert row["output_tokens"] == told.usage.output_tokens > 0
        assert row["provider"] == model.removeprefix("by-") if model != MODEL else row["provider"] in NATIVE.values()


def test_a_real_model_answers_clients_of_the_other_format(gateway: GatewayProcess, client: OpenAI, key: str) -> None:
    messages = [{"role": "user", "content": "Name a colour."}]
    stream = client.chat.completions.create(
        model="by-local-anthropic", messages=messages, max_tokens=12, temperature=0, stream=True
    )
    translated = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    with Anthropic(api_key=key, base_url=gateway.urls["main"], max_retries=0) as anthropic:
        asked: Any = {"messages": messages, "max_tokens": 12, "extra_body": {"temperature": 0}}
        with anthropic.messages.stream(model="by-local", **asked) as events:
            assert "".join(events.text_stream) == translated != ""
